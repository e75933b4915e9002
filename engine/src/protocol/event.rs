//! The upper border, up: what every reader is told.

use super::{AttemptView, ChainView, JobEvent, Refusal, Reply, RunView};
use crate::id::{ChainId, CommandId, RunId};
use crate::secrets::SecretView;
use crate::time::Timestamp;

/// An event with its place in the stream. A reader that sees a gap in `seq`, or another `epoch`,
/// subscribes again.
#[derive(Clone, PartialEq, Debug)]
pub struct Envelope {
    /// The protocol's version that the engine speaks.
    pub version: u32,
    /// Which engine: one higher for each that took the lead.
    pub epoch: u64,
    /// Its place: one higher for each event of the epoch, from 1.
    pub seq: u64,
    /// The engine's clock when it was told.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What the engine tells every reader.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// The whole state; what a reader begins with.
    Snapshot(Snapshot),
    /// A chain was saved.
    ChainChanged(ChainView),
    /// A chain was removed.
    ChainRemoved(ChainId),
    /// A run or one of its stages changed.
    RunChanged(RunView),
    /// A run was removed.
    RunRemoved(RunId),
    /// An attempt began or ended.
    AttemptChanged(AttemptView),
    /// Secrets were set or removed: all there are now.
    Secrets(Vec<SecretView>),
    /// The engine's health changed.
    Health(Health),
    /// What happened to jobs and their fires, in order.
    Jobs(Vec<JobEvent>),
    /// A command was carried out.
    Done {
        /// The command.
        id: CommandId,
        /// Its answer.
        reply: Reply,
    },
    /// A command was refused; nothing was changed.
    Refused {
        /// The command.
        id: CommandId,
        /// Why.
        refusal: Refusal,
    },
}

/// The whole state, as readers need it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Snapshot {
    /// Chains by name.
    pub chains: Vec<ChainView>,
    /// Runs, the latest first.
    pub runs: Vec<RunView>,
    /// Secrets, without their values.
    pub secrets: Vec<SecretView>,
    /// The engine's health.
    pub health: Health,
}

/// How the engine is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Health {
    /// The store's trouble, if it has any.
    pub store: Option<StoreTrouble>,
    /// Whether what is new is kept in memory only, as the user chose when the database could not take it.
    pub in_memory: bool,
    /// Rows that could not be read, and are kept aside.
    pub quarantined: u32,
    /// How often the wall clock was found set back, over the store's whole life.
    pub clock_generation: u32,
    /// Whether all jobs are held back.
    pub standby: bool,
}

/// A commit that fails and is tried again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreTrouble {
    /// The store's own words.
    pub message: String,
    /// How often it has failed in a row.
    pub failures: u32,
    /// When it is tried again.
    pub retry_at: Timestamp,
}
