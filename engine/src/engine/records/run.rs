//! Stored runs, with the state of their stages and without their definitions.

use std::rc::Rc;

use serde_json::Value;

use super::fields::{Decode, Encode, Reader, Writer};
use crate::chain::run::{Definition, Run, RunState};
use crate::chain::stage::{Calling, Holding, StageRun, StageState};
use crate::id::{ChainId, RunId};
use crate::time::Timestamp;
use crate::verify::{History, WrongReadings};

/// A run as it is read back, until its definition is found.
pub(in crate::engine) struct RunRecord {
    chain: ChainId,
    revision: u32,
    number: u32,
    environment: Option<String>,
    started_at: Timestamp,
    state: RunState,
    variables: Vec<(String, Value)>,
    stages: Vec<StageRun>,
}

impl RunRecord {
    pub(in crate::engine) fn definition(&self) -> (ChainId, u32) {
        (self.chain.clone(), self.revision)
    }

    /// The run; none when it doesn't fit its definition.
    pub(in crate::engine) fn into_run(self, id: RunId, definition: Rc<Definition>) -> Option<Run> {
        if self.stages.len() != definition.chain.stages.len() {
            return None;
        }
        Some(Run {
            id,
            chain: self.chain,
            revision: self.revision,
            number: self.number,
            environment: self.environment,
            started_at: self.started_at,
            state: self.state,
            variables: self.variables,
            stages: self.stages,
            definition,
        })
    }
}

/// Its id is the row's key, and its definition a row of its own.
impl Encode for Run {
    fn to_value(&self) -> Value {
        let Self {
            id: _,
            chain,
            revision,
            number,
            environment,
            started_at,
            state,
            variables,
            stages,
            definition: _,
        } = self;
        let text = |(name, value): &(String, Value)| (name.clone(), value.to_string());
        let variables: Vec<_> = variables.iter().map(text).collect();
        let mut to = Writer::default();
        to.field("chain", chain).field("revision", revision).field("number", number);
        to.optional("environment", environment.as_ref()).field("started_at", started_at);
        to.field("state", state).field("variables", &variables).field("stages", stages);
        to.done()
    }
}

impl Decode for RunRecord {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        let texts: Vec<(String, String)> = from.field("variables")?;
        let value =
            |(name, text): (String, String)| Some((name, serde_json::from_str(&text).ok()?));
        Some(Self {
            chain: from.field("chain")?,
            revision: from.field("revision")?,
            number: from.field("number")?,
            environment: from.optional("environment")?,
            started_at: from.field("started_at")?,
            state: from.field("state")?,
            variables: texts.into_iter().map(value).collect::<Option<_>>()?,
            stages: from.field("stages")?,
        })
    }
}

impl Encode for RunState {
    fn to_value(&self) -> Value {
        let mut to = Writer::default();
        match self {
            Self::Running => to.code("running"),
            Self::Paused(at) => to.code("paused").field("at", at),
            Self::Blocked(at) => to.code("blocked").field("at", at),
            Self::Passed(at) => to.code("passed").field("at", at),
            Self::Failed(at) => to.code("failed").field("at", at),
            Self::TimedOut(at) => to.code("timed_out").field("at", at),
            Self::Cancelled(at) => to.code("cancelled").field("at", at),
        };
        to.done()
    }
}

impl Decode for RunState {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        let at = || from.field("at");
        Some(match from.code()? {
            "running" => Self::Running,
            "paused" => Self::Paused(at()?),
            "blocked" => Self::Blocked(at()?),
            "passed" => Self::Passed(at()?),
            "failed" => Self::Failed(at()?),
            "timed_out" => Self::TimedOut(at()?),
            "cancelled" => Self::Cancelled(at()?),
            _ => return None,
        })
    }
}

impl Encode for StageRun {
    fn to_value(&self) -> Value {
        let Self {
            state,
            anchor,
            last_scheduled,
            attempts,
            begun_at,
            last_begun,
            deadline,
            history,
            reason,
            pending_since,
            late,
            flapping,
            unconfirmed,
            captures,
        } = self;
        let mut to = Writer::default();
        to.field("state", state).optional("anchor", anchor.as_ref());
        to.optional("last_scheduled", last_scheduled.as_ref()).field("attempts", attempts);
        to.optional("begun_at", begun_at.as_ref()).optional("last_begun", last_begun.as_ref());
        to.optional("deadline", deadline.as_ref()).field("history", history);
        to.optional("reason", reason.as_ref());
        to.optional("pending_since", pending_since.as_ref());
        to.field("late", late).field("flapping", flapping).field("unconfirmed", unconfirmed);
        to.field("captures", captures);
        to.done()
    }
}

impl Decode for StageRun {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            state: from.field("state")?,
            anchor: from.optional("anchor")?,
            last_scheduled: from.optional("last_scheduled")?,
            attempts: from.field("attempts")?,
            begun_at: from.optional("begun_at")?,
            last_begun: from.optional("last_begun")?,
            deadline: from.optional("deadline")?,
            history: from.field("history")?,
            reason: from.optional("reason")?,
            pending_since: from.optional("pending_since")?,
            late: from.field("late")?,
            flapping: from.field("flapping")?,
            unconfirmed: from.field("unconfirmed")?,
            captures: from.field("captures")?,
        })
    }
}

impl Encode for StageState {
    fn to_value(&self) -> Value {
        let mut to = Writer::default();
        match self {
            Self::NotStarted => to.code("not_started"),
            Self::Waiting => to.code("waiting"),
            Self::Calling(calling) => {
                let Calling { call, attempt, hold } = &**calling;
                let to = to.code("calling").field("call", call).field("attempt", attempt);
                to.optional("hold", hold.as_ref())
            }
            Self::Holding(hold) => to.code("holding").field("hold", hold),
            Self::Passed(at) => to.code("passed").field("at", at),
            Self::Failed(at) => to.code("failed").field("at", at),
            Self::TimedOut(at) => to.code("timed_out").field("at", at),
            Self::Cancelled(at) => to.code("cancelled").field("at", at),
        };
        to.done()
    }
}

impl Decode for StageState {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        let at = || from.field("at");
        Some(match from.code()? {
            "not_started" => Self::NotStarted,
            "waiting" => Self::Waiting,
            "calling" => Self::Calling(Box::new(Calling {
                call: from.field("call")?,
                attempt: from.field("attempt")?,
                hold: from.optional("hold")?,
            })),
            "holding" => Self::Holding(from.field("hold")?),
            "passed" => Self::Passed(at()?),
            "failed" => Self::Failed(at()?),
            "timed_out" => Self::TimedOut(at()?),
            "cancelled" => Self::Cancelled(at()?),
            _ => return None,
        })
    }
}

impl Encode for Holding {
    fn to_value(&self) -> Value {
        let Self { since, last_poll, polls } = self;
        let mut to = Writer::default();
        to.field("since", since).field("last_poll", last_poll).field("polls", polls);
        to.done()
    }
}

impl Decode for Holding {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            since: from.field("since")?,
            last_poll: from.field("last_poll")?,
            polls: from.field("polls")?,
        })
    }
}

impl Encode for History {
    fn to_value(&self) -> Value {
        let Self { let_in, not_json_in_a_row, wrong } = self;
        let mut to = Writer::default();
        to.field("let_in", let_in).field("not_json_in_a_row", not_json_in_a_row);
        to.field("wrong", wrong);
        to.done()
    }
}

impl Decode for History {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            let_in: from.field("let_in")?,
            not_json_in_a_row: from.field("not_json_in_a_row")?,
            wrong: from.field("wrong")?,
        })
    }
}

impl Encode for WrongReadings {
    fn to_value(&self) -> Value {
        let Self { place, count, selected } = self;
        let mut to = Writer::default();
        to.field("place", place).field("count", count).field("selected", selected);
        to.done()
    }
}

impl Decode for WrongReadings {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            place: from.field("place")?,
            count: from.field("count")?,
            selected: from.field("selected")?,
        })
    }
}
