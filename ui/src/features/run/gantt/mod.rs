//! The Gantt of a run: a row a stage on one line of time. Bars are requests, gaps are waits.
//!
//! [`scale`] and [`bars`] say where what stands, [`draw`] makes SVG of it, [`row`] keeps it up to date. What is over is drawn when it changes, what
//! goes on with each step of the clock. Where there is no room for time, a row is the stage's latest beats. The log of
//! attempts tells the same to ears and to keys.

mod bars;
mod draw;
mod row;
mod scale;

use std::cell::Cell;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use baton_engine::protocol::{AttemptPhase, RunPhase, RunView, StagePhase, StageView};
use baton_engine::time::Timestamp;
use leptos::prelude::*;

use crate::dom::Resized;
use crate::el::{El, div, el, keep, react, span};
use crate::state::{AttemptCell, RunCell};
use crate::status::Status;
use crate::text::Key;
use crate::ui::Ui;
use crate::when;

use super::linked::Linked;
use bars::{Bar, Kind, Mark};
use draw::{HEIGHT, Live};
use row::row;
use scale::{Scale, Tick};

/// Under this width there is no room for time.
const ROOM_FOR_TIME: f64 = 480.0;

/// The chart, for the closures that draw it.
#[derive(Clone)]
struct Chart(Rc<Parts>);

impl Deref for Chart {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

struct Parts {
    ui: Ui,
    cell: Arc<RunCell>,
    linked: Linked,
    scale: Cell<Scale>,
    /// Whether rows are beats.
    beats: Cell<bool>,
    /// Counts what became of both.
    scaled: ArcRwSignal<u32>,
    /// How wide a row's drawing may be, and whether that is room for time.
    room: Cell<(f64, bool)>,
    measured: ArcRwSignal<u32>,
}

/// The Gantt of a run.
pub(super) fn gantt(ui: Ui, cell: &Arc<RunCell>, linked: &Linked) -> El {
    let start = cell.started_at;
    let chart = Chart(Rc::new(Parts {
        ui,
        cell: cell.clone(),
        linked: linked.clone(),
        scale: Cell::new(Scale::new(start, start, 1.0)),
        beats: Cell::new(false),
        scaled: ArcRwSignal::new(0),
        room: Cell::new((1.0, true)),
        measured: ArcRwSignal::new(0),
    }));
    let (scaled, shaped) = (chart.clone(), chart.clone());
    react(move || scaled.rescale());
    let stages = cell.view.get_untracked().stages.len();
    let rows = el("ol")
        .class("gantt-rows")
        .attr("role", "list")
        .children((0..stages).map(|at| row(&chart, at)));
    let section = el("section")
        .class("gantt")
        .attr("data-gantt", "")
        .live_value("aria-label", ui.words(Key::Timeline))
        .live_value("data-shape", move || {
            shaped.scaled.track();
            if shaped.beats.get() { "beats" } else { "time" }.to_owned()
        })
        .child(axis(&chart))
        .child(rows)
        .child(foot(&chart));
    watch(&chart, &section);
    section
}

/// Follows the width that there is.
fn watch(chart: &Chart, section: &El) {
    let node = section.node().clone();
    let (chart, whole) = (chart.clone(), node.clone());
    keep(Resized::watch(
        &node,
        Box::new(move || {
            let track = whole.query_selector(".gantt-row .gantt-track").ok().flatten();
            let width = track.map_or(0, |track| track.client_width());
            let room = (f64::from(width), f64::from(whole.client_width()) >= ROOM_FOR_TIME);
            if width > 0 && chart.room.replace(room) != room {
                chart.measured.update(|count| *count += 1);
            }
        }),
    ));
}

impl Chart {
    /// Follows the run and the width; the clock only as long as the run goes on.
    fn rescale(&self) {
        self.measured.track();
        let run = self.cell.view.get();
        let (width, time) = self.room.get();
        let start = run.started_at;
        let end = run.ended_at.unwrap_or_else(|| scale::ahead(start, held(&run, self.ui.now())));
        let scale = Scale::new(start, end, width);
        let before = (self.scale.replace(scale), self.beats.replace(!time));
        if before != (scale, !time) {
            self.scaled.update(|count| *count += 1);
        }
    }

    fn run(&self) -> Arc<RunView> {
        self.cell.view.get()
    }

    /// The attempts of a stage, in order. Followed.
    fn attempts(&self, stage: usize) -> Vec<Arc<AttemptCell>> {
        let all = self.cell.attempts.get().unwrap_or_default();
        of_stage(&all, stage).to_vec()
    }

    /// What of the stage is drawn; its own signal is followed by what may still change.
    fn marks(&self, index: usize) -> Vec<Mark> {
        let run = self.run();
        let Some(stage) = run.stages.get(index) else { return Vec::new() };
        let late =
            |number| stage.late && stage.phase == StagePhase::Passed && number == stage.attempts;
        let mark = |cell: &Arc<AttemptCell>| {
            let calls = cell.view.with_untracked(|view| view.phase == AttemptPhase::Calling);
            let view = if calls { cell.view.get() } else { cell.view.get_untracked() };
            Mark {
                number: view.number,
                kind: Kind::of(view.phase, late(view.number)),
                scheduled: view.scheduled_at,
                begun: view.begun_at,
                ended: view.ended_at.unwrap_or(view.begun_at),
            }
        };
        self.attempts(index).iter().map(mark).collect()
    }
}

/// The attempts of a stage among those of its run, which are in order.
pub(super) fn of_stage(all: &[Arc<AttemptCell>], stage: usize) -> &[Arc<AttemptCell>] {
    let from = all.partition_point(|cell| (cell.stage as usize) < stage);
    let to = all.partition_point(|cell| cell.stage as usize <= stage);
    &all[from..to]
}

/// The latest instant that the line has to hold: now, the next polls, and deadlines that are not far.
fn held(run: &RunView, now: Timestamp) -> Timestamp {
    let elapsed = now.since(run.started_at);
    let open = run.stages.iter().filter(|stage| is_open(stage));
    let due = open.clone().filter_map(|stage| stage.due).filter(|_| run.phase == RunPhase::Running);
    let near = run.started_at.plus(elapsed * 2);
    let deadlines = open.filter_map(|stage| deadline(run, stage, now)).filter(|at| *at <= near);
    due.chain(deadlines).fold(now, Timestamp::max)
}

fn is_open(stage: &StageView) -> bool {
    matches!(stage.phase, StagePhase::Waiting | StagePhase::Calling | StagePhase::Holding)
}

/// When a stage's time is over, if it matters: while a run is paused or blocked, later by that time.
fn deadline(run: &RunView, stage: &StageView, now: Timestamp) -> Option<Timestamp> {
    let matters = is_open(stage) || stage.late || stage.phase == StagePhase::TimedOut;
    let frozen = run
        .frozen_since
        .filter(|_| is_open(stage))
        .map_or(Duration::ZERO, |since| now.since(since));
    stage.deadline.filter(|_| matters).map(|at| at.plus(frozen))
}

/// Part of a row: drawn anew when what it is made of has changed.
fn layer(chart: &Chart, class: &'static str, make: impl Fn() -> String + 'static) -> El {
    let (chart, layer) = (chart.clone(), div("layer"));
    let (node, mut before) = (layer.clone(), None);
    react(move || {
        chart.scaled.track();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a width in pixels"
        )]
        let width = chart.scale.get().width() as usize;
        let now = Some((width, make()));
        if before != now
            && let Some((width, figure)) = &now
        {
            // The same element, returned.
            let _ = node.clone().svg(class, *width, HEIGHT, figure);
            before = now;
        }
    });
    layer
}

fn axis(chart: &Chart) -> El {
    let (ui, drawn) = (chart.ui, chart.clone());
    let labels = layer(chart, "gantt-axis-labels", move || {
        let scale = drawn.scale.get();
        let label = |tick: &Tick| match tick.after {
            Duration::ZERO => "0".to_owned(),
            after => when::span(after),
        };
        draw::axis(&scale, &scale.ticks(), label)
    });
    // One pattern for all rows.
    let stripes = span("stripes").svg(
        "",
        0,
        0,
        r#"<defs><pattern id="baton-asleep" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6"/></pattern></defs>"#,
    );
    div("gantt-axis")
        .attr("aria-hidden", "true")
        .child(span("faint").live_text(ui.words(Key::Stages)))
        .child(div("gantt-track").child(labels).child(stripes))
}

/// Under the rows: what the shapes mean, or what is pointed at.
fn foot(chart: &Chart) -> El {
    let ui = chart.ui;
    let kinds =
        [(Kind::Passed, Key::Passed), (Kind::NotYet, Key::Waiting), (Kind::Failed, Key::Failed)];
    let key = |(kind, word): (Kind, Key)| {
        let bar = Bar { x: 3.0, end: 9.0, kind, first: 1, last: 1, shown: 1 };
        let shape = span("drawn").svg("gantt-past", 12, HEIGHT, &draw::past(None, &[], &[bar]));
        span("gantt-key").child(shape).child(span("").live_text(ui.words(word)))
    };
    let deadline = draw::live(&Live { deadline: Some(6.0), ..Live::default() });
    let deadline = span("gantt-key")
        .child(span("drawn").svg("gantt-live", 12, HEIGHT, &deadline))
        .child(span("").live_text(ui.words(Key::Deadline)));
    let (shown, told) = (chart.clone(), chart.clone());
    let legend = span("gantt-legend").children(kinds.map(key)).child(deadline);
    div("gantt-foot")
        .attr("aria-hidden", "true")
        .child(legend.shown_if(move || shown.linked.pointed().is_none()))
        .child(span("gantt-told").live_text(move || told.told().unwrap_or_default()))
}

impl Chart {
    /// The attempt that is pointed at, in a line.
    fn told(&self) -> Option<String> {
        let (stage, number) = self.linked.pointed()?;
        let name = self.run().stages.get(stage as usize)?.name.clone();
        let all = self.attempts(stage as usize);
        let view = all.iter().find(|cell| cell.number == number)?.view.get();
        let (locale, status) = (self.ui.locale(), Status::from(view.phase));
        let latency = view.latency_ms.map(|ms| when::span(Duration::from_millis(ms)));
        let parts = [
            Some(format!("{name} #{number}")),
            Some(when::clock(view.begun_at, locale)),
            Some(self.ui.t(status.word())),
            latency,
            view.reason.as_ref().map(|reason| reason.sentence(locale)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        Some(parts.join(" · "))
    }
}
