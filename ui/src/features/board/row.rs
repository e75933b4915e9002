//! A chain on the board: where its latest run is, why, and what can be done.

use std::rc::Rc;
use std::sync::Arc;

use baton_engine::history::{Expected, arrivals, expected};
use baton_engine::protocol::{RunPhase, RunView};
use leptos::prelude::*;

use super::recent::recent;
use super::schedule::schedule;
use crate::components::{Icon, Nav, NavKind, mark};
use crate::dom;
use crate::el::{El, div, el, span};
use crate::features::steer::{Place, Steer, current, next_poll, progress, statuses};
use crate::route::Route;
use crate::state::ChainCell;
use crate::status::Status;
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

/// A chain and its latest run, for the closures that draw it.
#[derive(Clone)]
struct Subject {
    cell: Arc<ChainCell>,
}

impl Subject {
    fn run(&self) -> Option<Arc<RunView>> {
        self.cell.latest().map(|run| run.view.get())
    }

    fn name(&self) -> String {
        self.cell.view.get().name.clone()
    }

    fn status(&self) -> Status {
        self.run().map_or(Status::NotStarted, |run| run.phase.into())
    }

    /// The run itself, not "the latest": its address stays true when another follows.
    fn route(&self) -> Route {
        match self.cell.latest() {
            Some(run) => Route::Run(run.id.clone()),
            None => Route::Chain(self.cell.id.clone()),
        }
    }
}

/// A chain and its latest run.
pub(super) fn row(ui: Ui, cell: &Arc<ChainCell>) -> El {
    let subject = Subject { cell: cell.clone() };
    // One handle for each closure that follows the run.
    let [named, toned, worded, marked, routed, drawn, lined, reasoned, steered, spoken] =
        std::array::from_fn(|_| subject.clone());
    let open = Nav {
        action: "open",
        kind: NavKind::Text,
        icon: None,
        words: Some(Rc::new(move || named.name())),
    };
    let name = div("row-name")
        .child(mark(move || marked.status()))
        .child(el("h3").child(open.to(ui, move || routed.route())))
        .child(span("word").live_text(move || {
            let run = worded.run();
            ui.t(if run.is_none() { Key::NeverRun } else { worded.status().word() })
        }));
    let way = div("row-way").child(progress(ui, move || match drawn.run() {
        Some(run) => statuses(&run),
        None => vec![Status::NotStarted; drawn.cell.view.get().stages.len()],
    }));
    let steer = Steer {
        chain: cell.id.clone(),
        name: Some(Rc::new(move || spoken.name())),
        run: Rc::new(move || steered.cell.latest()),
        place: Place::Row,
    };
    // Of many rows, those out of sight are not drawn (see `.rows[data-long]`), and leave the clock alone.
    let near = ArcRwSignal::new(true);
    let (counted, moved) = (near.clone(), near);
    el("li")
        .class("row")
        .on("contentvisibilityautostatechange", move |event| {
            moved.set(!dom::field(&event, "skipped").is_truthy());
        })
        .attr("data-chain", cell.id.as_str())
        .live_value("data-status", move || toned.status().slug().to_owned())
        .child(name)
        .child(way)
        .child(el("p").class("row-now").redraw(move || {
            let run = lined.run()?;
            let expected = expectation(&lined.cell, &run);
            Some(now_line(ui, &run, expected, counted.clone()))
        }))
        .child(div("row-acts acts").child(steer.buttons(ui)).child(edit(ui, &subject)))
        .child(
            el("p").class("row-why").live_text(move || {
                reasoned.run().and_then(|run| why(ui, &run)).unwrap_or_default()
            }),
        )
        .child(div("row-past").child(recent(ui, cell)).child(schedule(ui, cell)))
}

fn edit(ui: Ui, subject: &Subject) -> El {
    let (route, named) = (Route::Edit(subject.cell.id.clone()), subject.clone());
    let words = move || sentences::act_on(&ui.t(Key::Edit), &named.name(), ui.locale());
    let nav = Nav {
        action: "edit",
        kind: NavKind::Square,
        icon: Some(Icon::Pencil),
        words: Some(Rc::new(words)),
    };
    nav.to(ui, move || route.clone()).shown_if(move || ui.may_change())
}

/// Where the run is, in a line: stage, attempt, countdown, when it is expected; or how long it took and when it ended.
/// It counts down only as long as it is near what is seen.
fn now_line(ui: Ui, run: &RunView, expected: Option<Expected>, near: ArcRwSignal<bool>) -> El {
    let locale = ui.locale();
    let line = span("line");
    let stage = current(run).map(|(_, stage)| stage.clone());
    match (run.phase, stage) {
        (RunPhase::Running | RunPhase::Paused | RunPhase::Blocked, Some(stage)) => {
            let tries = (stage.attempts > 0).then(|| {
                span("").attr("data-tries", "").text(&sentences::try_number(stage.attempts, locale))
            });
            let (name, phase) = (el("strong").text(&stage.name), run.phase);
            let late = near.clone();
            let now = move || if near.get() { ui.now() } else { untrack(|| ui.now()) };
            let next = move || next_poll(&stage, phase, &now, locale).unwrap_or_default();
            line.child(name)
                .maybe(tries)
                .child(span("countdown").attr("data-countdown", "").live_text(next))
                .maybe(expected.map(|expected| arrival(ui, expected, late)))
        }
        (phase, stage) => {
            let name = stage.filter(|_| phase != RunPhase::Passed);
            let Some(end) = run.ended_at else { return line };
            line.maybe(name.map(|stage| el("strong").text(&stage.name)))
                .child(span("").text(&when::span(end.since(run.started_at))))
                .child(span("faint").text(&when::date_and_clock(end, locale)))
        }
    }
}

/// When a live run will have passed, by the latest runs of its chain. Not followed: it is asked again at each of its
/// attempts.
fn expectation(cell: &ChainCell, run: &RunView) -> Option<Expected> {
    let recent = cell.recent.get_untracked();
    let views: Vec<Arc<RunView>> = recent.iter().map(|one| one.view.get_untracked()).collect();
    let live = run.phase == RunPhase::Running;
    let learn = || arrivals(views.iter().map(AsRef::as_ref), run.environment.as_deref());
    live.then(learn).and_then(|learned| expected(run, &learned))
}

/// When that is, or that it takes longer than usual.
fn arrival(ui: Ui, expected: Expected, near: ArcRwSignal<bool>) -> El {
    let Expected { at, usually } = expected;
    span("faint").attr("data-expected", "").live_text(move || {
        let (locale, usually) = (ui.locale(), when::growing(usually));
        let now = if near.get() { ui.now() } else { untrack(|| ui.now()) };
        if now > at {
            sentences::longer_than_usual(&usually, locale)
        } else {
            sentences::expected_at(&when::clock(at, locale), &usually, locale)
        }
    })
}

/// The last reason in a sentence. A run that passed needs none.
fn why(ui: Ui, run: &RunView) -> Option<String> {
    if run.phase == RunPhase::Passed {
        return None;
    }
    let (_, stage) = current(run)?;
    stage.reason.as_ref().map(|reason| reason.sentence(ui.locale()))
}
