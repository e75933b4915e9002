//! A row of the Gantt: a stage's name and its drawing, which the mouse points into.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use baton_engine::protocol::{RunPhase, StageView};
use leptos::prelude::*;

use crate::components::mark;
use crate::el::{El, div, el, span};
use crate::features::run::linked::offset;
use crate::status::{Status, stage_status};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

use super::bars::{self, Bar, Kind, Mark};
use super::draw::{self, Live};
use super::{Chart, deadline, is_open, layer};

/// A row's bars, and what is under way.
#[derive(Clone, Default)]
struct Row {
    bars: Rc<RefCell<Vec<Bar>>>,
    calling: Rc<Cell<Option<Mark>>>,
    /// Counts what was drawn.
    drawn: ArcRwSignal<u32>,
}

/// A stage: its name, and its drawing.
pub(super) fn row(chart: &Chart, index: usize) -> El {
    let ui = chart.ui;
    let [marked, named, spoken, told, pressed] = std::array::from_fn(|_| chart.clone());
    let stage = move |chart: &Chart| chart.run().stages.get(index).cloned();
    let status = move |chart: &Chart| {
        let run = chart.run();
        run.stages
            .get(index)
            .map_or(Status::NotStarted, |stage| stage_status(stage.phase, run.phase))
    };
    let place = u32::try_from(index).unwrap_or_default();
    let name = el("button")
        .attr("type", "button")
        .class("gantt-name")
        .attr("data-action", "show-stage")
        .child(mark(move || status(&marked)))
        .child(
            span("gantt-stage")
                .live_text(move || stage(&named).map(|stage| stage.name).unwrap_or_default()),
        )
        .child(
            span("faint")
                .live_text(move || stage(&told).map(|stage| facts(ui, &stage)).unwrap_or_default()),
        )
        .on("click", move |_| pressed.linked.show_stage(place));
    let summary = move || {
        let Some(stage) = stage(&spoken) else { return String::new() };
        let tries = sentences::tries(stage.attempts, ui.locale());
        let parts = [ui.t(status(&spoken).word()), tries, took(&stage).unwrap_or_default()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        sentences::act_on(&stage.name, &sentences::listed(&parts, ui.locale()), ui.locale())
    };
    let row = Row::default();
    let track = div("gantt-track")
        .attr("role", "img")
        .live_value("aria-label", summary)
        .child(past(chart, index, &row))
        .child(live(chart, index, &row));
    let track = pointing(chart, place, row, track);
    let view = chart.cell.view.get_untracked();
    let member =
        view.stages.get(index).is_some_and(|stage| stage.group.is_some() || stage.again.is_some());
    el("li")
        .class(if member { "gantt-row member" } else { "gantt-row" })
        .attr("data-row", &index.to_string())
        .child(name)
        .child(track)
}

/// The mouse on a row: what it is near is marked everywhere, and opened by a press.
fn pointing(chart: &Chart, stage: u32, row: Row, track: El) -> El {
    let near = move |event: &web_sys::Event| {
        let bars = row.bars.borrow();
        bars::nearest(&bars, offset(event)).map(|bar| (stage, bar.shown))
    };
    let (near, moved, left, pressed) = (Rc::new(near), chart.clone(), chart.clone(), chart.clone());
    let under = near.clone();
    track
        .on("mousemove", move |event| moved.linked.point(near(&event)))
        .on("mouseleave", move |_| left.linked.point(None))
        .on("click", move |event| {
            if let Some(at) = under(&event) {
                pressed.linked.open(at);
            }
        })
}

/// Beside a name: how far it has come.
fn facts(ui: Ui, stage: &StageView) -> String {
    match (&stage.seeded_from, took(stage)) {
        (Some(_), _) => ui.t(Key::Seeded),
        (None, Some(took)) => took,
        (None, None) if stage.attempts > 0 => sentences::try_number(stage.attempts, ui.locale()),
        (None, None) => String::new(),
    }
}

fn took(stage: &StageView) -> Option<String> {
    let (begun, ended) = stage.begun_at.zip(stage.ended_at)?;
    Some(when::span(ended.since(begun)))
}

/// How long a stage was paused, as far as that is over: its deadline has moved by as much.
fn frozen(stage: &StageView) -> Duration {
    let planned = stage.begun_at.map(|begun| begun.plus(Duration::from_millis(stage.timeout_ms)));
    stage
        .deadline
        .zip(planned)
        .map(|(deadline, planned)| deadline.since(planned))
        .unwrap_or_default()
}

/// What is over.
fn past(chart: &Chart, index: usize, row: &Row) -> El {
    let (ui, drawn, row) = (chart.ui, chart.clone(), row.clone());
    layer(chart, "gantt-past", move || {
        let (scale, beats) = (drawn.scale.get(), drawn.beats.get());
        let mut marks = drawn.marks(index);
        let run = drawn.run();
        let stage = run.stages.get(index);
        // What an earlier run has verified came before this line begins.
        if stage.is_some_and(|stage| stage.seeded_from.is_some()) && !beats {
            marks.clear();
        }
        let calling = marks.pop_if(|mark| mark.kind == Kind::Calling && !beats);
        let bars =
            if beats { bars::beats(&marks, scale.width()) } else { bars::bars(&marks, &scale) };
        let interval = Duration::from_millis(stage.map_or(1, |stage| stage.interval_ms));
        let frozen = stage.map(frozen).unwrap_or_default();
        let asleep =
            if beats { Vec::new() } else { bars::asleep(&marks, interval, frozen, &scale) };
        let words = |band: bars::Asleep| {
            let words = sentences::asleep(&when::span(band.lasted), band.missed, ui.locale());
            (band, words)
        };
        let asleep: Vec<_> = asleep.into_iter().map(words).collect();
        let way = bars
            .first()
            .zip(bars.last())
            .filter(|_| !beats)
            .map(|(first, last)| (first.x, last.end));
        let mut figure = if beats { String::new() } else { draw::grid(&scale.ticks()) };
        figure.push_str(&draw::past(way, &asleep, &bars));
        row.bars.replace(bars);
        row.calling.set(calling);
        row.drawn.update(|count| *count += 1);
        figure
    })
}

/// What goes on, and what is pointed at.
fn live(chart: &Chart, index: usize, row: &Row) -> El {
    let (drawn, row) = (chart.clone(), row.clone());
    layer(chart, "gantt-live", move || {
        row.drawn.track();
        let run = drawn.run();
        let bars = row.bars.borrow();
        let pointed = drawn.linked.pointed().filter(|(stage, _)| *stage as usize == index);
        let pointed =
            pointed.and_then(|(_, number)| bars.iter().find(|bar| bar.holds(number)).copied());
        let Some(stage) = run.stages.get(index).filter(|_| !drawn.beats.get()) else {
            return draw::live(&Live { pointed, ..Live::default() });
        };
        let scale = drawn.scale.get();
        let open = is_open(stage) && !run.phase.ended();
        let now =
            if run.phase.ended() { run.ended_at.unwrap_or(run.started_at) } else { drawn.ui.now() };
        let last = bars.last().map_or_else(|| scale.x(run.started_at), |bar| bar.end + 2.0);
        let calling = row.calling.get().map(|mark| {
            let x = scale.x(mark.begun).max(last - 1.0);
            let end = scale.x(now).max(x + bars::LEAST);
            Bar {
                x,
                end,
                kind: Kind::Calling,
                first: mark.number,
                last: mark.number,
                shown: mark.number,
            }
        });
        let due = stage.due.filter(|_| open && calling.is_none() && run.phase == RunPhase::Running);
        let wait = due.map(|due| {
            let from = if bars.is_empty() { scale.x(now) } else { last };
            (from, scale.x(due).max(from), when::countdown(due.since(now)))
        });
        let frozen = run.frozen_since.filter(|_| open);
        let word = drawn.ui.t(Status::from(run.phase).word());
        let deadline = deadline(&run, stage, now).filter(|at| scale.holds(*at));
        draw::live(&Live {
            calling,
            wait,
            frozen: frozen.map(|since| (scale.x(since), scale.x(now), word)),
            deadline: deadline.map(|at| scale.x(at)),
            now: (!run.phase.ended()).then(|| scale.x(now)),
            pointed,
        })
    })
}
