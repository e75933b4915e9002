//! One execution of a chain, as a state machine over its stages. Pure, like the stages.
//!
//! | state | event | next state |
//! | --- | --- | --- |
//! | `Running` | `Pause` | `Paused` |
//! | `Running` | `Blocked` | `Blocked` |
//! | `Paused`, `Blocked` | `Resume` | `Running`, its deadline later by the time it was frozen |
//! | any open state | a stage passed | unchanged, the next stage begins; `Passed` after the last |
//! | any open state | a stage failed, timed out | `Failed`, `TimedOut` |
//! | any open state | `Cancel` | `Cancelled` |

use std::rc::Rc;

use crate::json::Value;

use super::outline::{Outline, StageOutline};
use super::scope::Scope;
use super::stage::{StageEvent, StageRun, StageState};
use crate::id::{ChainId, RunId};
use crate::json;
use crate::matrix::{StageNow, is_unread};
use crate::protocol::RunPhase;
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
    pub(crate) state: RunState,
    /// Variables in order, then the environment's entries, evaluated once at the start.
    pub(crate) variables: Vec<(String, Value)>,
    pub(crate) stages: Vec<StageRun>,
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
pub(crate) enum RunEvent<'a> {
    /// Its first stage begins.
    Start,
    /// A user pauses it.
    Pause,
    /// A stage needs a new token.
    Block,
    /// A user resumes it.
    Resume,
    /// A user ends it.
    Cancel,
    /// Something happens to its current stage.
    Stage(StageEvent<'a>),
}

impl Run {
    /// The one transition function; the table stands above.
    pub(crate) fn on(&mut self, now: Timestamp, event: RunEvent) {
        use RunEvent::{Block, Cancel, Pause, Resume, Stage, Start};
        use RunState::{Blocked, Cancelled, Failed, Passed, Paused, Running, TimedOut};
        match (self.state, event) {
            (Running, Start) => self.give(now, StageEvent::Begin),
            (Running, Pause) => self.state = Paused(now),
            (Running, Block) => self.state = Blocked(now),
            (Paused(since) | Blocked(since), Resume) => {
                self.state = Running;
                self.thaw(since, now);
            }
            (Running | Paused(_) | Blocked(_), Cancel) => {
                self.give(now, StageEvent::Cancel);
                self.state = Cancelled(now);
            }
            (Running | Paused(_) | Blocked(_), Stage(event)) => {
                self.give(now, event);
                self.follow(now);
            }
            // Asked for twice, or too late: nothing changes.
            (Running, Resume)
            | (Paused(_) | Blocked(_), Start | Pause | Block)
            | (
                Passed(_) | Failed(_) | TimedOut(_) | Cancelled(_),
                Start | Pause | Block | Resume | Cancel | Stage(_),
            ) => {}
        }
    }

    /// The first stage that has not passed.
    pub(crate) fn current(&self) -> usize {
        self.stages
            .iter()
            .position(|stage| !matches!(stage.state, StageState::Passed(_)))
            .unwrap_or(0)
    }

    /// The current stage's definition and state.
    pub(crate) fn current_stage(&self) -> Option<(&StageOutline, &StageRun)> {
        let at = self.current();
        Some((self.definition.outline.stages.get(at)?, self.stages.get(at)?))
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
            unread: stage.reason.clone().filter(is_unread),
        };
        self.stages.iter().map(now).collect()
    }

    fn give(&mut self, now: Timestamp, event: StageEvent) {
        let at = self.current();
        if let (Some(rules), Some(stage)) =
            (self.definition.outline.stages.get(at), self.stages.get_mut(at))
        {
            stage.on(rules, now, event);
        }
    }

    /// Follows the current stage: to the next one, or to the run's end.
    fn follow(&mut self, now: Timestamp) {
        let at = self.current();
        let all_passed =
            self.stages.iter().all(|stage| matches!(stage.state, StageState::Passed(_)));
        if all_passed {
            self.state = RunState::Passed(now);
            return;
        }
        match self.stages.get(at).map(|stage| &stage.state) {
            Some(StageState::NotStarted) => self.give(now, StageEvent::Begin),
            Some(StageState::Failed(_)) => self.state = RunState::Failed(now),
            Some(StageState::TimedOut(_)) => self.state = RunState::TimedOut(now),
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

    fn thaw(&mut self, since: Timestamp, now: Timestamp) {
        let at = self.current();
        if let (Some(rules), Some(stage)) =
            (self.definition.outline.stages.get(at), self.stages.get_mut(at))
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
        let at = self.current();
        if let Some(stage) = self.stages.get_mut(at) {
            stage.shift_earlier(span);
        }
    }

    /// Where templates of the stage at `index` find their values.
    pub(crate) fn scope(&self, index: usize, now: Timestamp) -> RunScope {
        let captures = self.stages.iter().take(index).flat_map(|stage| &stage.captures);
        let captured =
            captures.filter_map(|(name, text)| Some((name.clone(), json::parse(text).ok()?)));
        let values = self.variables.iter().cloned().chain(captured).collect();
        RunScope { values, records: Vec::new(), now }
    }

    /// The same for its checks, which may compare with what earlier stages have of the fields.
    pub(crate) fn scope_to_judge(&self, index: usize, now: Timestamp) -> RunScope {
        let mut scope = self.scope(index, now);
        let outlines = &self.definition.outline.stages;
        if outlines.get(index).is_some_and(|stage| stage.compares) {
            let earlier = outlines.iter().zip(&self.stages).take(index);
            let records_of = |(outline, stage): (&StageOutline, &StageRun)| StageRecords {
                stage: outline.name.clone(),
                records: stage.records.clone(),
            };
            scope.records = earlier.map(records_of).collect();
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
#[derive(Clone, PartialEq, Debug)]
pub struct RunScope {
    /// Later ones hide earlier ones of the same name: an environment's entry a variable.
    pub(crate) values: Vec<(String, Value)>,
    /// What the stages before it have of the chain's fields, by their names.
    pub(crate) records: Vec<StageRecords>,
    pub(crate) now: Timestamp,
}

/// What a stage has of the chain's fields.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct StageRecords {
    pub(crate) stage: String,
    pub(crate) records: Records,
}

impl Scope for RunScope {
    fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn recorded(&self, stage: &str, field: &str) -> Vec<Value> {
        let found = self.records.iter().find(|earlier| earlier.stage == stage);
        found.map_or_else(Vec::new, |earlier| earlier.records.values(field))
    }
}
