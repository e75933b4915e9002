//! A run: its stages as they advance, every attempt, and the evidence. Live and finished are one view.

pub(crate) mod aside;
pub(crate) mod attempt;
mod compare;
mod differences;
pub(crate) mod evidence;
mod export;
mod gantt;
mod hints;
mod linked;
mod log;
mod matrix;
mod retry;
mod stage;
mod token;
mod usual;

use std::rc::Rc;
use std::sync::Arc;

use baton_engine::id::{ChainId, RunId};
use baton_engine::protocol::{RunPhase, RunView};
use leptos::prelude::*;

use crate::app::screen_title;
use crate::components::{Icon, Nav, NavKind, icon, status};
use crate::el::{El, div, el, keep, react, span};
use crate::features::steer::{Place, Steer, beside, progress, statuses};
use crate::route::Route;
use crate::state::{ChainCell, RunCell};
use crate::status::Status;
use crate::text::{Key, sentences};
use crate::ui::{Stepper, Ui};
use crate::when;

use aside::{other_runs, values};
use export::export;
use gantt::gantt;
use hints::hints;
use linked::Linked;
use matrix::matrix;
use retry::links;
use stage::stage;

pub(crate) use differences::{Bodies, differences};

/// What the screen is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A chain's latest run, whichever that is.
    Latest(ChainId),
    /// One run.
    Run(RunId),
    /// One run, with a stage of it unfolded.
    Stage(RunId, usize),
}

impl Subject {
    /// The stage that one comes for.
    fn stage(&self) -> Option<usize> {
        match self {
            Self::Stage(_, stage) => Some(*stage),
            Self::Latest(_) | Self::Run(_) => None,
        }
    }

    fn cell(&self, ui: Ui) -> Option<Arc<RunCell>> {
        let state = &ui.core().state;
        match self {
            Self::Run(id) | Self::Stage(id, _) => state.run(id.as_str()),
            Self::Latest(id) => state.chain(id.as_str()).and_then(|chain| chain.latest()),
        }
    }
}

/// A run, or the invitation to start one.
pub fn run_screen(ui: Ui, subject: Subject) -> El {
    let wanted = subject.clone();
    let key = move || match (wanted.cell(ui), &wanted) {
        (Some(cell), _) => cell.id.to_string(),
        (None, Subject::Latest(id)) => {
            let known = ui.core().state.chain(id.as_str()).is_some();
            if known { "never run".to_owned() } else { String::new() }
        }
        (None, Subject::Run(_) | Subject::Stage(..)) => String::new(),
    };
    div("").switch(key, move |_| {
        let chain = |id: &ChainId| ui.core().state.chain(id.as_str());
        Some(match (subject.cell(ui), &subject) {
            (Some(cell), subject) => run(ui, &cell, subject.stage()),
            (None, Subject::Latest(id)) => match chain(id) {
                Some(chain) => never_run(ui, &chain),
                None => missing(ui, Key::NoSuchChain),
            },
            (None, Subject::Run(_) | Subject::Stage(..)) => missing(ui, Key::NoSuchRun),
        })
    })
}

/// A run.
fn run(ui: Ui, cell: &Arc<RunCell>, sought: Option<usize>) -> El {
    let listed = cell.clone();
    react(move || {
        // After each snapshot they are read anew: some may have been missed.
        ui.core().state.snapshots.track();
        ui.core().link.list_attempts(&listed.id);
    });
    let view = cell.view.clone();
    let [named, toned, shown, drawn, told, valued] = std::array::from_fn(|_| view.clone());
    let number = cell.number;
    let title = div("run-title")
        .child(screen_title().live_text(move || named.get().name.clone()))
        .child(span("faint").live_text(move || sentences::run_number(number, ui.locale())))
        .child(status(ui, move || Status::from(shown.get().phase)));
    let head = el("header")
        .class("run-head")
        .child(title)
        .child(acts(ui, &cell.chain, Some(cell.clone())))
        .child(
            div("run-facts")
                .child(progress(ui, move || statuses(&drawn.get())))
                .redraw(move || Some(facts(ui, &told.get())))
                .maybe(export(ui, &cell.id)),
        )
        .child(links(ui, cell));
    // A run's stages are those of the revision it started with: their number never changes.
    let linked = Linked::new(cell);
    let stages = steps(ui, cell, &linked);
    let body = div("run-body")
        .child(
            el("section")
                .class("stages")
                .live_value("aria-label", ui.words(Key::Stages))
                .child(el("ol").attr("role", "list").children(stages)),
        )
        .child(
            el("aside").class("aside").child(other_runs(ui, &cell.id, &cell.chain)).child(values(
                ui,
                Key::Variables,
                move || valued.get().variables.clone(),
            )),
        );
    let article = el("article");
    linked.within(&article);
    if let Some(stage) = sought.and_then(|stage| u32::try_from(stage).ok()) {
        linked.show_stage(stage);
    }
    offer_steps(ui, &linked);
    article
        .class("run")
        .attr("data-screen", "run")
        .attr("data-run", cell.id.as_str())
        .live_value("data-status", move || Status::from(toned.get().phase).slug().to_owned())
        .maybe(back(ui))
        .child(head)
        .maybe(hints(ui, cell))
        .child(gantt(ui, cell, &linked))
        .child(matrix(ui, cell, &linked))
        .child(body)
}

/// Has [`Ui::step_attempt`] step through this run's attempts as long as it is shown.
fn offer_steps(ui: Ui, linked: &Linked) {
    let linked = linked.clone();
    let stepper: Rc<Stepper> = Rc::new(move |step| linked.step(step));
    ui.core().stepper.replace(Some(Rc::downgrade(&stepper)));
    keep(stepper);
}

/// The stages in order, those of a group side by side.
fn steps(ui: Ui, cell: &Arc<RunCell>, linked: &Linked) -> Vec<El> {
    let stages = &cell.view.get_untracked().stages;
    let mut steps = Vec::new();
    let mut at = 0;
    while let Some(first) = stages.get(at) {
        let members = stages.iter().skip(at).take_while(|next| beside(first, next)).count();
        if members == 0 {
            steps.push(stage(ui, cell, at, linked));
        } else {
            let name = first.group.clone().filter(|_| first.again.is_none());
            let title = name.clone().unwrap_or_default();
            let named = move || name.clone().unwrap_or_else(|| ui.t(Key::VerifiedAgain));
            let list = el("ol")
                .class("members")
                .attr("role", "list")
                .live_value("aria-label", named.clone())
                .children((at..at + members).map(|index| stage(ui, cell, index, linked)));
            steps.push(
                el("li")
                    .class("group")
                    .attr("data-group", &title)
                    .child(el("p").class("group-name").live_text(named))
                    .child(list),
            );
        }
        at += members.max(1);
    }
    steps
}

/// What can be done: with the run, if there is one, and with its chain, as long as it exists.
fn acts(ui: Ui, chain: &ChainId, run: Option<Arc<RunCell>>) -> El {
    let steer = Steer {
        chain: chain.clone(),
        name: None,
        run: Rc::new(move || run.clone()),
        place: Place::Screen,
    };
    let route = Route::Edit(chain.clone());
    let edit = Nav {
        action: "edit",
        kind: NavKind::Button,
        icon: Some(Icon::Pencil),
        words: Some(ui.boxed(Key::Edit)),
    };
    let edit = edit.to(ui, move || route.clone()).shown_if(move || ui.may_change());
    let chain = chain.clone();
    let known = move || ui.core().state.chain(chain.as_str()).is_some();
    div("acts").child(steer.buttons(ui)).child(edit).shown_if(known)
}

fn back(ui: Ui) -> Option<El> {
    let nav = Nav {
        action: "back",
        kind: NavKind::Text,
        icon: Some(Icon::Back),
        words: Some(ui.boxed(Key::Chains)),
    };
    // An element with one chain has no board worth going back to.
    (!ui.is_single()).then(|| el("p").class("back").child(nav.to(ui, || Route::Board)))
}

/// When it started, how long it took or has taken, where it runs.
fn facts(ui: Ui, run: &RunView) -> El {
    let started = run.started_at;
    let took = match (run.ended_at, run.phase) {
        (Some(end), _) => Some(fact(ui, Key::Took, move || when::span(end.since(started)))),
        (None, RunPhase::Paused | RunPhase::Blocked) => None,
        (None, _) => Some(fact(ui, Key::SoFar, move || when::growing(ui.now().since(started)))),
    };
    let environment = run.environment.clone();
    let revision = run.revision;
    el("dl")
        .class("facts")
        .child(fact(ui, Key::Started, move || when::date_and_clock(started, ui.locale())))
        .maybe(took)
        .maybe(environment.map(|name| fact(ui, Key::Environment, move || name.clone())))
        .child(fact(ui, Key::Revision, move || revision.to_string()))
}

/// A fact: its name and its value.
fn fact(ui: Ui, name: Key, value: impl Fn() -> String + 'static) -> El {
    div("").child(el("dt").live_text(ui.words(name))).child(el("dd").live_text(value))
}

/// A chain that has no run yet.
fn never_run(ui: Ui, cell: &ChainCell) -> El {
    let view = cell.view.clone();
    let [named, drawn, described, listed] = std::array::from_fn(|_| view.clone());
    let head = el("header")
        .class("run-head")
        .child(
            div("run-title")
                .child(screen_title().live_text(move || named.get().name.clone()))
                .child(span("faint").live_text(ui.words(Key::NeverRun))),
        )
        .child(acts(ui, &cell.id, None))
        .child(
            div("run-facts")
                .child(progress(ui, move || vec![Status::NotStarted; drawn.get().stages.len()])),
        );
    el("article")
        .class("run")
        .attr("data-screen", "run")
        .attr("data-status", "not_started")
        .maybe(back(ui))
        .child(head)
        .child(el("p").live_text(move || described.get().description.clone()))
        .redraw(move || {
            let view = listed.get();
            let stages = view.stages.iter().map(|name| el("li").text(name));
            Some(el("ol").class("outline").children(stages))
        })
        .child(el("p").class("faint").live_text(ui.words(Key::NoRunsHint)))
}

fn missing(ui: Ui, title: Key) -> El {
    let back = Nav {
        action: "back",
        kind: NavKind::Button,
        icon: Some(Icon::Back),
        words: Some(ui.boxed(Key::BackToBoard)),
    };
    div("blank")
        .attr("data-blank", "missing")
        .child(icon(Icon::Search))
        .child(screen_title().live_text(ui.words(title)))
        .child(el("p").live_text(ui.words(Key::MayBeRemoved)))
        .maybe((!ui.is_single()).then(|| back.to(ui, || Route::Board)))
}
