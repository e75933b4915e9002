//! One execution of a chain, as a state machine over its stages. Pure, like the stages.
//!
//! Its stages go on step by step: a step is one stage, or all of a group, or all that is verified again.
//!
//! | state | event | next state |
//! | --- | --- | --- |
//! | `Running` | `Pause` | `Paused` |
//! | `Running` | `Blocked` | `Blocked` |
//! | `Paused`, `Blocked` | `Resume` | `Running`, its deadline later by the time it was frozen |
//! | any open state | the last stage of a step passed | unchanged, the next step begins; `Passed` after the last |
//! | any open state | a stage failed, timed out | `Failed`, `TimedOut`; those beside it that are open are cancelled |
//! | any open state | `Cancel` | `Cancelled` |

use std::ops::Range;
use std::rc::Rc;

use super::language::StageNow;
use super::outline::{Outline, StageOutline};
use super::stage::{StageEvent, StageRun, StageState};
use crate::id::{CallId, ChainId, RunId};
use crate::protocol::{AttemptView, RunPhase, Told};
use crate::secrets::Secret;
use crate::time::Timestamp;
use crate::verify::Records;

/// A run.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) id: RunId,
    pub(crate) chain: ChainId,
    pub(crate) revision: u32,
    pub(crate) number: u32,
    pub(crate) environment: Option<String>,
    pub(crate) started_at: Timestamp,
    /// The ended run that it takes up from a stage on.
    pub(crate) retry_of: Option<RunId>,
    pub(crate) state: RunState,
    /// Variables in order, then the environment's entries, evaluated once at the start, as JSON texts.
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) stages: Vec<StageRun>,
    /// How much evidence is kept of its own attempts, in bytes; none when it has none, or none any more.
    pub(crate) evidence: Option<u64>,
    /// The document it was started with: editing the chain never changes it.
    pub(crate) definition: Rc<Definition>,
}

/// A chain document as it was saved, and what was read of it.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) document: String,
    pub(crate) outline: Outline,
}

/// Where a run is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RunState {
    Running,
    Paused(Timestamp),
    Blocked(Timestamp),
    Passed(Timestamp),
    Failed(Timestamp),
    TimedOut(Timestamp),
    Cancelled(Timestamp),
}

/// What happens to a run.
#[derive(Debug)]
pub(crate) enum RunEvent {
    /// Its first step begins.
    Start,
    /// A user pauses it.
    Pause,
    /// A stage needs a new token.
    Block,
    /// A user resumes it.
    Resume,
    /// A user ends it.
    Cancel,
    /// Something happens to one of its stages.
    Stage(usize, StageEvent),
}

impl Run {
    /// The one transition function; the table stands above.
    pub(crate) fn on(&mut self, now: Timestamp, event: RunEvent) {
        use RunEvent::{Block, Cancel, Pause, Resume, Stage, Start};
        use RunState::{Blocked, Cancelled, Failed, Passed, Paused, Running, TimedOut};
        match (self.state, event) {
            (Running, Start) => self.follow(now),
            (Running, Pause) => self.state = Paused(now),
            (Running, Block) => self.state = Blocked(now),
            (Paused(since) | Blocked(since), Resume) => {
                self.state = Running;
                self.thaw(since, now);
            }
            (Running | Paused(_) | Blocked(_), Cancel) => self.end(now, Cancelled(now)),
            (Running | Paused(_) | Blocked(_), Stage(stage, event)) => {
                self.give(stage, now, event);
                self.follow(now);
            }
            // Asked for twice, or too late: nothing changes.
            (Running, Resume)
            | (Paused(_) | Blocked(_), Start | Pause | Block)
            | (
                Passed(_) | Failed(_) | TimedOut(_) | Cancelled(_),
                Start | Pause | Block | Resume | Cancel | Stage(..),
            ) => {}
        }
    }

    /// The step that the run is at: the first in which not all have passed. None when all have.
    pub(crate) fn step(&self) -> Range<usize> {
        let open = |stage: &StageRun| !matches!(stage.state, StageState::Passed(_));
        match self.stages.iter().position(open) {
            Some(at) => self.definition.outline.step_of(at),
            None => 0..0,
        }
    }

    /// The stages of its step, with their places and rules.
    pub(crate) fn current(&self) -> impl Iterator<Item = (usize, &StageOutline, &StageRun)> {
        let both = self.definition.outline.stages.iter().zip(&self.stages);
        let step = self.step();
        let stages = both.enumerate().skip(step.start).take(step.len());
        stages.map(|(at, (rules, stage))| (at, rules, stage))
    }

    /// How its stages stand, for the matrix of its fields.
    pub(crate) fn stages_now(&self) -> Vec<StageNow> {
        let now = |stage: &StageRun| StageNow {
            phase: stage.state.phase(),
            passed_at: match stage.state {
                StageState::Passed(at) => Some(at),
                _ => None,
            },
            records: stage.records.clone(),
            reason: stage.reason.clone(),
        };
        self.stages.iter().map(now).collect()
    }

    /// The requests under way: of which stage, and what is known of each.
    pub(crate) fn calling(&self) -> impl Iterator<Item = (usize, CallId, AttemptView)> {
        self.current().filter_map(|(at, _, stage)| match &stage.state {
            StageState::Calling(calling) => Some((at, calling.call, calling.attempt.clone())),
            StageState::NotStarted
            | StageState::Waiting
            | StageState::Holding(_)
            | StageState::Passed(_)
            | StageState::Failed(_)
            | StageState::TimedOut(_)
            | StageState::Cancelled(_) => None,
        })
    }

    fn give(&mut self, at: usize, now: Timestamp, event: StageEvent) {
        if let (Some(rules), Some(stage)) =
            (self.definition.outline.stages.get(at), self.stages.get_mut(at))
        {
            stage.on(rules, now, event);
        }
    }

    /// Follows the stages of its step: into the next one, or to the run's end.
    fn follow(&mut self, now: Timestamp) {
        let step = self.step();
        if step.is_empty() {
            self.state = RunState::Passed(now);
            return;
        }
        for at in step {
            match self.stages.get(at).map(|stage| &stage.state) {
                Some(StageState::NotStarted) => {
                    self.know_again(at);
                    self.give(at, now, StageEvent::Begin);
                }
                Some(StageState::Failed(_)) => return self.end(now, RunState::Failed(now)),
                Some(StageState::TimedOut(_)) => return self.end(now, RunState::TimedOut(now)),
                Some(
                    StageState::Waiting
                    | StageState::Calling(_)
                    | StageState::Holding(_)
                    | StageState::Passed(_)
                    | StageState::Cancelled(_),
                )
                | None => {}
            }
        }
    }

    /// What is verified again was let in before: a token that is not taken any more is no wrong one.
    fn know_again(&mut self, at: usize) {
        let first = self.definition.outline.stages.get(at).and_then(|rules| rules.again);
        let first = first.and_then(|first| self.stages.get(first as usize));
        // It passed, so that this is all that its history says.
        if let Some(history) = first.map(|stage| stage.history.clone())
            && let Some(stage) = self.stages.get_mut(at)
        {
            stage.history = history;
        }
    }

    /// Ends it. What is open in its step ends with it; what was verified stays so.
    fn end(&mut self, now: Timestamp, state: RunState) {
        for at in self.step() {
            self.give(at, now, StageEvent::Cancel);
        }
        self.state = state;
    }

    fn thaw(&mut self, since: Timestamp, now: Timestamp) {
        for at in self.step() {
            if let (Some(rules), Some(stage)) =
                (self.definition.outline.stages.get(at), self.stages.get_mut(at))
                && stage.state.ended_at().is_none()
            {
                match stage.begun_at {
                    Some(_) => {
                        stage.thaw(now.since(since));
                        stage.pass_over(rules, now);
                    }
                    // Never polled yet, so nothing was frozen: it begins now.
                    None => stage.anchor = stage.anchor.max(Some(now)),
                }
            }
        }
    }

    /// Moves every open instant earlier: what a clock that was set back asks for.
    pub(crate) fn shift_earlier(&mut self, span: std::time::Duration) {
        match &mut self.state {
            RunState::Paused(since) | RunState::Blocked(since) => *since = since.minus(span),
            RunState::Running
            | RunState::Passed(_)
            | RunState::Failed(_)
            | RunState::TimedOut(_)
            | RunState::Cancelled(_) => {}
        }
        let step = self.step();
        let open = |stage: &&mut StageRun| stage.state.ended_at().is_none();
        for stage in self.stages.iter_mut().skip(step.start).take(step.len()).filter(open) {
            stage.shift_earlier(span);
        }
    }

    /// Where templates of the stage at `index` find their values: those of a step don't see each other's.
    pub(crate) fn scope(&self, index: usize, now: Timestamp) -> RunScope {
        let earlier = self.definition.outline.step_of(index).start;
        let captures = self.stages.iter().take(earlier).flat_map(|stage| &stage.captures);
        let values = self.variables.iter().chain(captures).cloned().collect();
        RunScope { values, records: Vec::new(), secrets: Vec::new(), now }
    }

    /// The same for its checks, which may compare with what earlier stages have of the fields.
    pub(crate) fn scope_to_judge(&self, index: usize, now: Timestamp) -> RunScope {
        let mut scope = self.scope(index, now);
        let outlines = &self.definition.outline.stages;
        if outlines.get(index).is_some_and(|stage| stage.compares) {
            let before = self.definition.outline.step_of(index).start;
            let earlier = outlines.iter().zip(&self.stages).take(before);
            let records_of = |(outline, stage): (&StageOutline, &StageRun)| {
                Some(StageRecords { stage: outline.name.clone(), records: stage.records.clone()? })
            };
            scope.records = earlier.filter_map(records_of).collect();
        }
        scope
    }
}

impl RunState {
    pub(crate) fn phase(self) -> RunPhase {
        match self {
            Self::Running => RunPhase::Running,
            Self::Paused(_) => RunPhase::Paused,
            Self::Blocked(_) => RunPhase::Blocked,
            Self::Passed(_) => RunPhase::Passed,
            Self::Failed(_) => RunPhase::Failed,
            Self::TimedOut(_) => RunPhase::TimedOut,
            Self::Cancelled(_) => RunPhase::Cancelled,
        }
    }

    pub(crate) fn ended_at(self) -> Option<Timestamp> {
        match self {
            Self::Passed(at) | Self::Failed(at) | Self::TimedOut(at) | Self::Cancelled(at) => {
                Some(at)
            }
            Self::Running | Self::Paused(_) | Self::Blocked(_) => None,
        }
    }

    pub(crate) fn frozen_since(self) -> Option<Timestamp> {
        match self {
            Self::Paused(since) | Self::Blocked(since) => Some(since),
            Self::Running
            | Self::Passed(_)
            | Self::Failed(_)
            | Self::TimedOut(_)
            | Self::Cancelled(_) => None,
        }
    }
}

/// The values that a stage's templates and checks may use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunScope {
    /// As JSON texts. Later ones hide earlier ones of the same name: an environment's entry a variable.
    pub(crate) values: Vec<(String, String)>,
    /// What the stages before it have of the chain's fields, by their names.
    pub(crate) records: Vec<StageRecords>,
    /// Those of its environment: they leave in requests, and are taken out of all that is answered.
    pub(crate) secrets: Vec<Secret>,
    pub(crate) now: Timestamp,
}

/// What a stage has of the chain's fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StageRecords {
    pub(crate) stage: String,
    pub(crate) records: Told<Records>,
}
