//! Stored runs, with the state of their stages and without their definitions.

use std::rc::Rc;

use serde_json::Value;

use crate::chain::run::{Definition, Run, RunState};
use crate::chain::stage::{Calling, Holding, StageRun, StageState};
use crate::form::{Decode, Encode, Members, Text, Unreadable, object, variants};
use crate::id::{ChainId, RunId};
use crate::json;
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
    fn encode(&self, to: &mut Text) {
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
        let text = |(name, value): &(String, Value)| (name.clone(), json::text(value));
        let variables: Vec<_> = variables.iter().map(text).collect();
        to.open();
        to.member("chain", chain);
        to.member("revision", revision);
        to.member("number", number);
        to.member("environment", environment);
        to.member("started_at", started_at);
        to.member("state", state);
        to.member("variables", &variables);
        to.member("stages", stages);
        to.close();
    }
}

impl Decode for RunRecord {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        let from = Members::of(value)?;
        let texts: Vec<(String, String)> = from.member("variables")?;
        let value = |(name, text): (String, String)| match json::parse(&text) {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(Unreadable::new(&error)),
        };
        Ok(Self {
            chain: from.member("chain")?,
            revision: from.member("revision")?,
            number: from.member("number")?,
            environment: from.member("environment")?,
            started_at: from.member("started_at")?,
            state: from.member("state")?,
            variables: texts.into_iter().map(value).collect::<Result<_, _>>()?,
            stages: from.member("stages")?,
        })
    }
}

variants!(RunState:
    "running" Running,
    "paused" Paused(at),
    "blocked" Blocked(at),
    "passed" Passed(at),
    "failed" Failed(at),
    "timed_out" TimedOut(at),
    "cancelled" Cancelled(at),
);
object!(StageRun:
    state, anchor, last_scheduled, attempts, begun_at, last_begun, deadline, history, reason, pending_since, late,
    flapping, unconfirmed, captures,
);
variants!(StageState:
    "not_started" NotStarted,
    "waiting" Waiting,
    "calling" Calling(calling),
    "holding" Holding(hold),
    "passed" Passed(at),
    "failed" Failed(at),
    "timed_out" TimedOut(at),
    "cancelled" Cancelled(at),
);
object!(Calling: call, attempt, hold);
object!(Holding: since, last_poll, polls);
object!(History: let_in, not_json_in_a_row, wrong);
object!(WrongReadings: place, count, selected);
