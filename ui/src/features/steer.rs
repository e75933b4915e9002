//! The buttons that steer a run, for the board and the run's own screen, and what both derive from it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use baton_engine::id::{ChainId, RunId};
use baton_engine::locale::Locale;
use baton_engine::protocol::{Command, HoldView, RunPhase, RunView, StagePhase, StageView};
use baton_engine::time::Timestamp;
use leptos::prelude::*;

use crate::components::{Button, Face, Icon, Kind, Look, select};
use crate::el::{El, Words, div, el, span};
use crate::features::secrets::secrets_button;
use crate::state::{ChainCell, RunCell};
use crate::status::{Status, stage_status, track};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

/// The stage that the baton is at: the one that ended the run badly, else the first that has not passed,
/// else the last.
pub(super) fn current(run: &RunView) -> Option<(usize, &StageView)> {
    let at = |wanted: fn(StagePhase) -> bool| run.stages.iter().position(|one| wanted(one.phase));
    let bad = at(|phase| matches!(phase, StagePhase::Failed | StagePhase::TimedOut));
    let open = bad.or_else(|| at(|phase| phase != StagePhase::Passed));
    let index = open.or(run.stages.len().checked_sub(1))?;
    Some((index, &run.stages[index]))
}

/// Whether two neighbours stand side by side, as they go on together.
pub(super) fn beside(one: &StageView, other: &StageView) -> bool {
    match (one.again, other.again) {
        (Some(_), Some(_)) => true,
        (None, None) => one.group.is_some() && one.group == other.group,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Whether the baton is at this stage: it is the current one, or open beside it.
pub(super) fn is_current(run: &RunView, index: usize) -> bool {
    let Some(((at, now), stage)) = current(run).zip(run.stages.get(index)) else { return false };
    at == index || !run.phase.ended() && stage.phase != StagePhase::Passed && beside(now, stage)
}

/// What a run shows of its stages.
pub(super) fn statuses(run: &RunView) -> Vec<Status> {
    run.stages.iter().map(|stage| stage_status(stage.phase, run.phase)).collect()
}

/// How long until the next poll, while one is awaited. Asks for the time only then.
pub(super) fn next_poll(
    stage: &StageView,
    phase: RunPhase,
    now: impl Fn() -> Timestamp,
    locale: Locale,
) -> Option<String> {
    let waits = match stage.phase {
        StagePhase::Waiting | StagePhase::Holding | StagePhase::NotStarted => true,
        StagePhase::Calling
        | StagePhase::Passed
        | StagePhase::Failed
        | StagePhase::TimedOut
        | StagePhase::Cancelled => false,
    };
    let due = stage.due.filter(|_| waits && phase == RunPhase::Running)?;
    Some(sentences::next_in(&when::countdown(due.since(now())), locale))
}

/// How far a hold has come.
pub(super) fn hold(hold: HoldView, now: impl Fn() -> Timestamp, locale: Locale) -> String {
    match hold {
        HoldView::Lasting { since, need_ms } => {
            let need = Duration::from_millis(need_ms);
            let lasted = now().since(since).min(need);
            sentences::held_for(&when::growing(lasted), &when::span(need), locale)
        }
        HoldView::Polls { seen, need } => sentences::held_polls(seen, need, locale),
    }
}

/// The way of the baton, drawn, with its count.
pub(super) fn progress(ui: Ui, statuses: impl Fn() -> Vec<Status> + 'static) -> El {
    let statuses = Rc::new(statuses);
    let count = {
        let statuses = statuses.clone();
        move || {
            let all = statuses();
            (all.iter().filter(|one| **one == Status::Passed).count(), all.len())
        }
    };
    let spoken = count.clone();
    span("progress")
        .attr("role", "img")
        .live_value("aria-label", move || {
            let (passed, of) = spoken();
            sentences::progress(passed, of, ui.locale())
        })
        .redraw(move || {
            let (figure, width) = track(&statuses());
            Some(span("drawn").svg("track", width, 16, &figure))
        })
        .child(span("count").attr("aria-hidden", "true").live_text(move || {
            let (passed, of) = count();
            format!("{passed}/{of}")
        }))
}

/// The choice of the environment in which a chain is started; nothing when there is none to make.
fn environments(ui: Ui, cell: &Arc<ChainCell>) -> El {
    let (keyed, drawn) = (cell.clone(), cell.clone());
    let key = move || {
        let names = keyed.view.get().environments.clone();
        if names.len() > 1 { names.join("\n") } else { String::new() }
    };
    span("environments").switch(key, move |names| {
        let chain = drawn.id.clone();
        let choice = select(ui, "environment", Key::Environment, move |environment| {
            let (chain, environment) = (chain.clone(), environment.to_owned());
            ui.order(Command::ChooseEnvironment { chain, environment });
        });
        let option = |name: &str| {
            let (cell, value) = (drawn.clone(), name.to_owned());
            let is_chosen = move || cell.view.get().environment.as_ref() == Some(&value);
            el("option")
                .attr("value", name)
                .text(name)
                .live_attr("selected", move || is_chosen().then(String::new))
        };
        (!names.is_empty()).then(|| choice.children(names.split('\n').map(option)))
    })
}

/// What can be done with a run now.
#[derive(Clone, PartialEq, Eq)]
struct Steerable {
    id: RunId,
    phase: RunPhase,
    /// Whether its current stage may be polled by hand.
    polls: bool,
}

impl Steerable {
    fn of(run: &RunView) -> Self {
        let mut stages = run.stages.iter().enumerate();
        let polled = stages.any(|(at, stage)| !stage.once && is_current(run, at));
        let polls = run.phase == RunPhase::Running && polled;
        Self { id: run.id.clone(), phase: run.phase, polls }
    }
}

/// Where the buttons stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a row of the board: small, and a new run leaves the reader there.
    Row,
    /// Above a run: with words, and a new run is shown.
    Screen,
}

/// What the buttons steer.
#[derive(Clone)]
pub(super) struct Steer {
    /// The chain.
    pub(super) chain: ChainId,
    /// Its name, for ears, where it does not stand beside the buttons.
    pub(super) name: Option<Words>,
    /// The run, if there is one.
    pub(super) run: Rc<dyn Fn() -> Option<Arc<RunCell>>>,
    /// Where the buttons stand.
    pub(super) place: Place,
}

impl Steer {
    /// The buttons: start, pause and resume, poll now, cancel. One turns from run to pause to resume,
    /// so that it keeps the focus. Nothing is there for those who may not change anything.
    pub(super) fn buttons(self, ui: Ui) -> El {
        let key = move || if ui.may_change() { "may".to_owned() } else { String::new() };
        div("steer").switch(key, move |key| (!key.is_empty()).then(|| self.clone().all(ui)))
    }

    fn now(&self) -> Option<Steerable> {
        (self.run)().map(|run| Steerable::of(&run.view.get()))
    }

    fn all(self, ui: Ui) -> El {
        let (polls, lives, starts) = (self.clone(), self.clone(), self.clone());
        let chain = untrack(|| ui.core().state.chain(self.chain.as_str()));
        let secrets = secrets_button(ui, chain.clone(), self.name.clone());
        let may_start = move || starts.now().is_none_or(|run| run.phase.ended());
        let poll = Button::new("poll", Icon::Poll, Key::PollNow);
        let poll = self.order(ui, poll, |run| Command::PollNow { run });
        let cancel = Button::new("cancel", Icon::Stop, Key::Stop);
        let cancel = self.order(ui, cancel, |run| Command::CancelRun { run });
        div("steer")
            .maybe(chain.map(|chain| environments(ui, &chain).shown_if(may_start)))
            .child(self.main(ui))
            .child(secrets)
            .child(poll.shown_if(move || polls.now().is_some_and(|run| run.polls)))
            .child(cancel.shown_if(move || lives.now().is_some_and(|run| !run.phase.ended())))
    }

    /// Start, pause or resume, whichever there is to do.
    fn main(&self, ui: Ui) -> El {
        let (looked, pressed) = (self.clone(), self.clone());
        let look = move || {
            let (action, icon, label) = match (looked.now().map(|run| run.phase), looked.place) {
                (Some(RunPhase::Running), _) => ("pause", Icon::Pause, Key::Pause),
                (Some(RunPhase::Paused | RunPhase::Blocked), _) => {
                    ("resume", Icon::Play, Key::Resume)
                }
                (Some(_), Place::Screen) => ("start", Icon::Play, Key::RunAgain),
                (Some(_), Place::Row) | (None, _) => ("start", Icon::Play, Key::Run),
            };
            Look { action, icon, label }
        };
        let kind = match self.place {
            Place::Row => Kind::Plain,
            Place::Screen => Kind::Primary,
        };
        let button = Button { look: Rc::new(look), of: self.name.clone(), kind, face: Face::Full };
        button.on_press(ui, move || {
            let run = untrack(|| pressed.now()).filter(|run| !run.phase.ended());
            match (run, pressed.place) {
                (Some(Steerable { id: run, phase: RunPhase::Running, .. }), _) => {
                    ui.order(Command::PauseRun { run });
                }
                (Some(Steerable { id: run, .. }), _) => ui.order(Command::ResumeRun { run }),
                (None, Place::Screen) => ui.start_and_show(&pressed.chain),
                (None, Place::Row) => ui.start(&pressed.chain, |_| {}),
            }
        })
    }

    fn order(&self, ui: Ui, button: Button, make: fn(RunId) -> Command) -> El {
        let face = match self.place {
            Place::Row => Face::IconOnly,
            Place::Screen => Face::Full,
        };
        let this = self.clone();
        let button = Button { of: self.name.clone(), face, ..button };
        button.on_press(ui, move || {
            if let Some(run) = untrack(|| this.now()) {
                ui.order(make(run.id));
            }
        })
    }
}
