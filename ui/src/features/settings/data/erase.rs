//! Erasing: asked about with what goes, and only done once a word was typed.

use baton_engine::id::{ChainId, RunId};
use baton_engine::protocol::{Command, Refusal, Retention};
use leptos::prelude::*;

use crate::choices;
use crate::components::{Button, Icon, Kind, modal, segments};
use crate::dom;
use crate::el::{El, div, el, span};
use crate::text::{Key, sentences};
use crate::ui::PROXY_TOKEN_KEY;

use super::export;
use super::work::Work;

const RUNS: &str = "erase-runs";
const EVERYTHING: &str = "erase-everything";

/// So often what is there is erased, as long as runs begin meanwhile.
const MOST_ROUNDS: usize = 5;

/// The question.
pub(super) fn dialog(work: &Work) -> El {
    let (open, closed, drawn) = (work.erasing.clone(), work.erasing.clone(), work.clone());
    let asked = open.clone();
    let dialog = el("dialog")
        .class("dialog erase")
        .attr("data-dialog", "erase")
        .live_value("aria-label", work.ui.words(Key::Erase))
        .switch(
            move || if asked.get() { "asked".to_owned() } else { String::new() },
            move |key| (!key.is_empty()).then(|| question(&drawn)),
        )
        .on("close", move |_| closed.set(false));
    modal(&dialog, move || open.get());
    dialog
}

fn question(work: &Work) -> El {
    let ui = work.ui;
    let what = ArcRwSignal::new(RUNS);
    let typed = ArcRwSignal::new(String::new());
    let [chosen, told, done] = std::array::from_fn(|_| what.clone());
    let scope = segments(
        ui,
        Key::Erase,
        &[(RUNS, Key::EraseRuns), (EVERYTHING, Key::EraseEverything)],
        move || chosen.get(),
        move |word| what.set(word),
    );
    let goes = move || {
        let state = ui.core().state.clone();
        let (chains, runs) = (state.chains.get().len(), state.runs.get().len());
        if told.get() == RUNS {
            sentences::runs_go(runs, ui.locale())
        } else {
            sentences::all_goes(chains, runs, state.secrets.get().len(), ui.locale())
        }
    };
    let write = typed.clone();
    let field = el("input")
        .attr("type", "text")
        .attr("data-action", "erase-word")
        .attr("autocomplete", "off")
        .on("input", move |event| write.set(dom::value_of(&event)));
    let label = el("label")
        .class("erase-word")
        .child(
            span("")
                .live_text(move || sentences::type_to_erase(&ui.t(Key::EraseWord), ui.locale())),
        )
        .child(field);
    let [first, yes, no, busy] = std::array::from_fn(|_| work.clone());
    let export = Button::new("export-first", Icon::Download, Key::ExportFirst)
        .on_press(ui, move || export::start(&first));
    let export = work.held_back(export);
    let cancel =
        Button::new("no", Icon::Back, Key::Cancel).on_press(ui, move || no.erasing.set(false));
    let meant = move || typed.get().trim().eq_ignore_ascii_case(&ui.t(Key::EraseWord));
    let erase = Button::new("yes", Icon::Trash, Key::Erase)
        .kind(Kind::Danger)
        .on_press(ui, move || {
            yes.erasing.set(false);
            erase(&yes, done.get_untracked() == EVERYTHING);
        })
        .live_attr("disabled", move || (!meant() || busy.under_way()).then(String::new));
    let (shown, said) = (work.clone(), work.clone());
    let under_way = el("p")
        .attr("role", "status")
        .shown_if(move || shown.under_way())
        .live_text(move || said.heading());
    div("")
        .child(el("h2").live_text(ui.words(Key::EraseTitle)))
        .child(scope)
        .child(el("p").live_text(goes))
        .child(label)
        .child(under_way)
        .child(div("acts").child(export).child(span("spring")).child(cancel).child(erase))
}

fn erase(work: &Work, everything: bool) {
    let working = work.clone();
    work.begin(async move {
        let said = match erased(&working, everything).await {
            Ok(0) => untrack(|| working.ui.t(Key::Erased)),
            Ok(left) => sentences::runs_left(left, untrack(|| working.ui.locale())),
            Err(refusal) => refusal.sentence(untrack(|| working.ui.locale())),
        };
        working.say(vec![said]);
    });
}

/// Erases; says how many runs have begun meanwhile and are left.
async fn erased(work: &Work, everything: bool) -> Result<usize, Refusal> {
    let state = work.ui.core().state.clone();
    if everything {
        // A chain that is gone begins no run by its schedule.
        chains(work).await?;
    }
    for _ in 0..MOST_ROUNDS {
        if state.runs.get_untracked().is_empty() {
            break;
        }
        runs(work).await?;
    }
    if everything {
        rest(work).await?;
    }
    Ok(state.runs.get_untracked().len())
}

async fn chains(work: &Work) -> Result<(), Refusal> {
    let state = work.ui.core().state.clone();
    let chains: Vec<ChainId> =
        state.chains.get_untracked().iter().map(|cell| cell.id.clone()).collect();
    for chain in chains {
        work.order(Command::RemoveChain { chain }).await?;
    }
    Ok(())
}

async fn runs(work: &Work) -> Result<(), Refusal> {
    let state = work.ui.core().state.clone();
    let runs: Vec<(RunId, bool)> = {
        let runs = state.runs.get_untracked();
        runs.iter().map(|run| (run.id.clone(), run.view.get_untracked().phase.ended())).collect()
    };
    for (at, (run, ended)) in runs.iter().enumerate() {
        if !ended {
            // It may have ended by itself meanwhile.
            let _ = work.order(Command::CancelRun { run: run.clone() }).await;
        }
        work.order(Command::RemoveRun { run: run.clone() }).await?;
        let locale = untrack(|| work.ui.locale());
        work.say(vec![sentences::runs_done(at + 1, runs.len(), locale)]);
    }
    Ok(())
}

/// Secrets, and what the reader has chosen.
async fn rest(work: &Work) -> Result<(), Refusal> {
    let state = work.ui.core().state.clone();
    for secret in state.secrets.get_untracked().iter() {
        let (environment, name) = (secret.environment.clone(), secret.name.clone());
        work.order(Command::RemoveSecret { environment, name }).await?;
    }
    work.order(Command::Retain { policy: Some(Retention::default()), free: None }).await?;
    if work.ui.owns_page() {
        choices::forget();
        dom::keep(PROXY_TOKEN_KEY, None);
        work.ui.core().choices.update(|choices| *choices = choices.kept());
    }
    Ok(())
}
