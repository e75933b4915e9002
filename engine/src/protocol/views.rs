//! Chains, runs, stages and attempts as readers see them. What is stored has types of its own.

use super::{Refusal, Told, Transport};
use crate::id::{ChainId, RunId};
use crate::time::Timestamp;
use crate::verify::{Reason, Verdict};

/// A chain on the board.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChainView {
    /// Its id.
    pub id: ChainId,
    /// Its name.
    pub name: String,
    /// Its description; empty when it has none.
    pub description: String,
    /// How often it was saved.
    pub revision: u32,
    /// The names of its stages, in order.
    pub stages: Vec<String>,
    /// The names of its environments, in the document's order.
    pub environments: Vec<String>,
    /// The one in which it is started: that which the user chose, else the first.
    pub environment: Option<String>,
    /// The names of the secrets that its requests carry.
    pub secrets: Vec<String>,
    /// Its schedule, if it has one.
    pub schedule: Option<ScheduleView>,
}

/// When a chain is started by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScheduleView {
    /// Whether it is: by the user's switch, which is not in the document.
    pub armed: bool,
    /// When it starts next; none while it doesn't.
    pub next: Option<Timestamp>,
    /// Its trigger, JSON text.
    pub trigger: String,
    /// Why its last start was refused; none once a run of the chain has begun.
    pub refused: Option<Told<Refusal>>,
}

/// What a run has come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RunPhase {
    /// Its stages advance.
    Running,
    /// Paused by a user.
    Paused,
    /// Needs a person: its token is not taken any more.
    Blocked,
    /// Every stage passed.
    Passed,
    /// A stage failed.
    Failed,
    /// A stage was not there in time.
    TimedOut,
    /// Ended by a user.
    Cancelled,
}

impl RunPhase {
    /// Whether the run has ended.
    pub fn ended(self) -> bool {
        match self {
            Self::Running | Self::Paused | Self::Blocked => false,
            Self::Passed | Self::Failed | Self::TimedOut | Self::Cancelled => true,
        }
    }
}

/// What a stage has come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StagePhase {
    /// An earlier stage has not passed.
    NotStarted,
    /// Between two polls.
    Waiting,
    /// A request is under way.
    Calling,
    /// Passing, and has to last.
    Holding,
    /// Verified.
    Passed,
    /// Wrong.
    Failed,
    /// Not there in time.
    TimedOut,
    /// Ended by a user.
    Cancelled,
}

/// A run with its stages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunView {
    /// Its id.
    pub id: RunId,
    /// Its chain.
    pub chain: ChainId,
    /// The chain's name when it started.
    pub name: String,
    /// The chain's revision when it started.
    pub revision: u32,
    /// Counts a chain's runs, from 1.
    pub number: u32,
    /// The environment it runs in.
    pub environment: Option<String>,
    /// The ended run that it takes up from a stage on.
    pub retry_of: Option<RunId>,
    /// What it has come to.
    pub phase: RunPhase,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Since when it is paused or blocked.
    pub frozen_since: Option<Timestamp>,
    /// The values of its variables, in the document's order, as JSON texts.
    pub variables: Vec<(String, String)>,
    /// Its stages, in order.
    pub stages: Vec<StageView>,
}

/// A stage of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "marks that stand side by side, not a state")]
pub struct StageView {
    /// Its name, unique in its chain.
    pub name: String,
    /// The system it asks.
    pub system: Option<String>,
    /// What it has come to.
    pub phase: StagePhase,
    /// Whether its request leaves at most once.
    pub once: bool,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When it was first polled.
    pub begun_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When the next poll is due.
    pub due: Option<Timestamp>,
    /// When its time is over. Moves while the run is paused or blocked.
    pub deadline: Option<Timestamp>,
    /// Its interval, in milliseconds.
    pub interval_ms: u64,
    /// Its time limit, in milliseconds.
    pub timeout_ms: u64,
    /// Why it is as it is: of its last attempt, or of its end.
    pub reason: Option<Told<Reason>>,
    /// Passed after its deadline, or after `late_after`.
    pub late: bool,
    /// Passed and then did not, while it was holding.
    pub flapping: bool,
    /// Taken as sent without a known answer.
    pub unconfirmed: bool,
    /// How far a hold has come.
    pub hold: Option<HoldView>,
    /// What it captured, as JSON texts.
    pub captures: Vec<(String, String)>,
    /// The group that it is of. The stages of a group stand side by side, and go on together.
    pub group: Option<String>,
    /// Some: the final check that this earlier stage, from 0, is as it was. They go on together.
    pub again: Option<u32>,
    /// The earlier run in which it was verified, and where its evidence is; this run took it over.
    pub seeded_from: Option<RunId>,
}

/// How far a hold has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HoldView {
    /// It has to last for a time.
    Lasting {
        /// Since when it passes.
        since: Timestamp,
        /// How long it has to, in milliseconds.
        need_ms: u64,
    },
    /// It has to last for a number of polls.
    Polls {
        /// How many passed in a row.
        seen: u32,
        /// How many have to.
        need: u32,
    },
}

/// What an attempt has come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AttemptPhase {
    /// Its request is under way.
    Calling,
    /// It was answered, and judged.
    Judged(Verdict),
    /// Its answer will never be known.
    Lost,
    /// Ended by a user before its answer.
    Aborted,
}

/// One poll of one stage, without its bodies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttemptView {
    /// Its run.
    pub run: RunId,
    /// Its stage, from 0.
    pub stage: u32,
    /// Its number, from 1.
    pub number: u32,
    /// What it has come to.
    pub phase: AttemptPhase,
    /// When it was due.
    pub scheduled_at: Timestamp,
    /// When it was begun. How late it was is the difference.
    pub begun_at: Timestamp,
    /// When it was answered.
    pub ended_at: Option<Timestamp>,
    /// From request to answer, in milliseconds.
    pub latency_ms: Option<u64>,
    /// How it was sent.
    pub transport: Transport,
    /// The request's method.
    pub method: String,
    /// The request's address.
    pub url: String,
    /// The answer's status.
    pub status: Option<u16>,
    /// Where a redirect led, if it was redirected.
    pub redirected_to: Option<String>,
    /// The worst of its readings, or why there are none.
    pub reason: Option<Told<Reason>>,
    /// What each check saw.
    pub readings: Told<Vec<ReadingView>>,
}

/// What one check saw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadingView {
    /// Which check, as in the document: `checks[0]`, `stop[1]`.
    pub place: String,
    /// The rule in short: `$.rows[*].amount decimal equals`.
    pub rule: String,
    /// What was expected, as JSON text; none for rules without a value.
    pub expected: Option<String>,
    /// What was selected, as JSON texts, shortened.
    pub selected: Vec<String>,
    /// Where the selected values stand in the body: normalized JSONPaths, as many as are shown.
    pub locations: Vec<String>,
    /// How it was judged.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}
