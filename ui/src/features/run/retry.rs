//! Retry: the way from an ended run to a new one that takes it up, and between the two. And the way to what changed
//! since the run before.

use std::sync::Arc;

use baton_engine::id::{ChainId, RunId};
use baton_engine::protocol::{Command, RunPhase};
use leptos::prelude::*;

use crate::components::{Button, Icon, Nav, NavKind};
use crate::dom;
use crate::el::{El, div, span};
use crate::features::steer::current;
use crate::route::Route;
use crate::state::RunCell;
use crate::text::{Key, sentences};
use crate::ui::Ui;

/// The button at the stage that ended a run, as long as its chain exists.
pub(super) fn retry(ui: Ui, cell: &Arc<RunCell>, index: usize) -> El {
    let (shown, from) = (cell.clone(), cell.id.clone());
    let may = move || {
        let run = shown.view.get();
        let bad = matches!(run.phase, RunPhase::Failed | RunPhase::TimedOut | RunPhase::Cancelled);
        let here = bad && current(&run).is_some_and(|(at, _)| at == index);
        here && ui.may_change() && ui.core().state.chain(shown.chain.as_str()).is_some()
    };
    let key = move || if may() { "may".to_owned() } else { String::new() };
    div("retry").switch(key, move |key| {
        let from = from.clone();
        let button = Button::new("retry", Icon::Play, Key::RetryFromHere);
        (key == "may").then(|| button.on_press(ui, move || begin(ui, &from, index)))
    })
}

fn begin(ui: Ui, from: &RunId, index: usize) {
    let (Ok(run), Ok(stage)) = (RunId::try_from(dom::uuid()), u32::try_from(index)) else { return };
    let command = Command::RetryRun { run: run.clone(), from: from.clone(), stage };
    let (core, from) = (ui.core(), from.clone());
    core.notice.set(None);
    core.link.send(command, move |answer| match answer {
        Ok(_) => ui.go(Route::Run(run)),
        Err(refusal) => ui.refused(refusal, move || begin(ui, &from, index)),
    });
}

/// The way to the run in which a stage was verified; none once that run was removed.
pub(super) fn origin(ui: Ui, run: &RunId) -> Option<El> {
    let cell = ui.core().state.run(run.as_str())?;
    Some(to_run(ui, &cell, "origin", sentences::run_number))
}

/// The ways to the run that this one takes up, and to those that take this one up.
pub(super) fn links(ui: Ui, cell: &RunCell) -> El {
    let (id, of) = (cell.id.clone(), cell.view.get_untracked().retry_of.clone());
    let (chain, number) = (cell.chain.clone(), cell.number);
    div("run-links").redraw(move || {
        let runs = ui.core().state.runs.get();
        let takes_up =
            |run: &&Arc<RunCell>| run.view.get_untracked().retry_of.as_ref() == Some(&id);
        let later = runs.iter().filter(takes_up);
        let later = later.map(|run| to_run(ui, run, "retried-as", sentences::retried_as));
        let earlier = of.as_ref().map(|of| match runs.iter().find(|run| run.id == *of) {
            Some(run) => to_run(ui, run, "retry-of", sentences::retry_of),
            None => span("faint").live_text(ui.words(Key::RetryOfRemoved)),
        });
        let before = previous(&runs, &chain, number).map(|before| {
            let nav = Nav {
                action: "compare-previous",
                kind: NavKind::Text,
                icon: None,
                words: Some(ui.boxed(Key::CompareWithPrevious)),
            };
            let (before, this) = (before.id.clone(), id.clone());
            nav.to(ui, move || Route::Compare(before.clone(), this.clone()))
        });
        let links: Vec<El> = earlier.into_iter().chain(later).chain(before).collect();
        (!links.is_empty()).then(|| span("links").children(links))
    })
}

/// The run of a chain before this one.
fn previous<'a>(
    runs: &'a [Arc<RunCell>],
    chain: &ChainId,
    number: u32,
) -> Option<&'a Arc<RunCell>> {
    let earlier = runs.iter().filter(|run| run.chain == *chain && run.number < number);
    earlier.max_by_key(|run| run.number)
}

fn to_run(
    ui: Ui,
    cell: &RunCell,
    action: &'static str,
    words: fn(u32, baton_engine::locale::Locale) -> String,
) -> El {
    let (route, number) = (Route::Run(cell.id.clone()), cell.number);
    let words = std::rc::Rc::new(move || words(number, ui.locale()));
    let nav = Nav { action, kind: NavKind::Text, icon: None, words: Some(words) };
    nav.to(ui, move || route.clone())
}
