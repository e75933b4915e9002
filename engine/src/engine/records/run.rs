//! Stored runs, with the state of their stages and without their definitions.

use std::rc::Rc;

use crate::chain::run::{Definition, Run, RunState};
use crate::chain::stage::{Calling, Holding, StageRun, StageState};
use crate::form::{Encode, Text, object, variants};
use crate::id::{ChainId, RunId};
use crate::time::Timestamp;

/// A run as it is read back, until its definition is found.
pub(in crate::engine) struct RunRecord {
    chain: ChainId,
    revision: u32,
    number: u32,
    environment: Option<String>,
    started_at: Timestamp,
    retry_of: Option<RunId>,
    state: RunState,
    variables: Vec<(String, String)>,
    stages: Vec<StageRun>,
    evidence: Option<u64>,
}

impl RunRecord {
    pub(in crate::engine) fn definition(&self) -> (ChainId, u32) {
        (self.chain.clone(), self.revision)
    }

    /// The run; none when it doesn't fit its definition.
    pub(in crate::engine) fn into_run(self, id: RunId, definition: Rc<Definition>) -> Option<Run> {
        if self.stages.len() != definition.outline.stages.len() {
            return None;
        }
        Some(Run {
            id,
            chain: self.chain,
            revision: self.revision,
            number: self.number,
            environment: self.environment,
            started_at: self.started_at,
            retry_of: self.retry_of,
            state: self.state,
            variables: self.variables,
            stages: self.stages,
            evidence: self.evidence,
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
            retry_of,
            state,
            variables,
            stages,
            evidence,
            definition: _,
        } = self;
        to.open();
        to.member("chain", chain);
        to.member("revision", revision);
        to.member("number", number);
        to.member("environment", environment);
        to.member("started_at", started_at);
        to.member("retry_of", retry_of);
        to.member("state", state);
        to.member("variables", variables);
        to.member("stages", stages);
        to.member("evidence", evidence);
        to.close();
    }
}

object!(RunRecord:
    chain, revision, number, environment, started_at, retry_of, state, variables, stages, evidence,
);
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
    flapping, unconfirmed, captures, records, seeded_from,
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
