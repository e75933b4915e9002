//! What is kept, as rows of text in tables. Never touches a database: it makes batches of writes for
//! one, and reads rows back.
//!
//! Start with [`Batch`]: the engine makes one a wake, a store carries it out whole or not at all.
//! [`MemoryStore`] is a store for tests and for private elements; IndexedDB is the browser shell's, and an
//! [`Overlay`] lies above it when it is full.

mod memory;
mod overlay;

pub use memory::MemoryStore;
pub use overlay::Overlay;

/// A table of rows, each with a text key and a JSON text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Table {
    /// `epoch`: the fencing token that every write transaction checks.
    Meta,
    /// Chains, by chain id: which revision is the latest.
    Chains,
    /// Chain documents, by `chain/revision`. A run keeps to the one it was started with.
    Definitions,
    /// Runs with the state of their stages, by run id.
    Runs,
    /// Attempts without their bodies, by `run/stage/number`.
    Attempts,
    /// Requests and responses of attempts, by `run/stage/number`.
    Evidence,
    /// What an executor wants to find again after a reload, by `run/stage/number`.
    Kept,
    /// Jobs of users, by job id.
    Jobs,
    /// The journal of jobs' fires, by wake.
    Fires,
    /// Time zones' tables, by name.
    Zones,
    /// Secrets, by `environment/name`: the only rows that have their values.
    Secrets,
    /// Rows that could not be read, by `table/key`. Never deleted by the engine.
    Quarantine,
}

impl Table {
    /// All tables, for whoever creates them.
    pub const ALL: [Self; 12] = [
        Self::Meta,
        Self::Chains,
        Self::Definitions,
        Self::Runs,
        Self::Attempts,
        Self::Evidence,
        Self::Kept,
        Self::Jobs,
        Self::Fires,
        Self::Zones,
        Self::Secrets,
        Self::Quarantine,
    ];

    /// The tables that are read when an engine is restored; the others are read on demand.
    pub const RESTORED: [Self; 9] = [
        Self::Meta,
        Self::Chains,
        Self::Definitions,
        Self::Runs,
        Self::Kept,
        Self::Zones,
        Self::Secrets,
        Self::Jobs,
        Self::Fires,
    ];

    /// Whether its rows are read while an engine runs, and not only when one is restored.
    pub fn is_read_on_demand(self) -> bool {
        matches!(self, Self::Attempts | Self::Evidence | Self::Fires)
    }

    /// The table's name in a database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Chains => "chains",
            Self::Definitions => "definitions",
            Self::Runs => "runs",
            Self::Attempts => "attempts",
            Self::Evidence => "evidence",
            Self::Kept => "kept",
            Self::Jobs => "jobs",
            Self::Fires => "fires",
            Self::Zones => "zones",
            Self::Secrets => "secrets",
            Self::Quarantine => "quarantine",
        }
    }
}

/// The key of the `meta` row that holds the epoch, as a decimal number.
pub const EPOCH_KEY: &str = "epoch";

/// The key of the `meta` row that says that the shipped chains were saved once: they don't come back
/// after a user has removed them.
pub const SEEDED_KEY: &str = "seeded";

/// The key of the `meta` row that says that all jobs are held back.
pub const STANDBY_KEY: &str = "standby";

/// The key of the `meta` row that says how long what is kept stays.
pub const RETENTION_KEY: &str = "retention";

/// The key of the `meta` row that counts how often the wall clock was found set back.
pub const CLOCK_GENERATION_KEY: &str = "clock_generation";

/// One row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Where it is kept.
    pub table: Table,
    /// Its key in that table.
    pub key: String,
    /// Its content, a JSON text.
    pub value: String,
}

/// One change of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Writes a row, over an older one of the same key.
    Put(Row),
    /// Deletes the row with this key, if it is there.
    Delete {
        /// Where it is kept.
        table: Table,
        /// Its key in that table.
        key: String,
    },
    /// Deletes every row whose key begins with `prefix`.
    DeletePrefix {
        /// Where they are kept.
        table: Table,
        /// How their keys begin; never empty.
        prefix: String,
    },
}

/// Writes that a store carries out together.
///
/// `strict` is one transaction that must be on the disk before it is reported as done: definitions,
/// claims, verdicts and the evidence that decided a stage. `relaxed` is a second one, after it, that
/// may be lost in a power cut: bodies of pending attempts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Batch {
    /// One transaction, durable when done.
    pub strict: Vec<Write>,
    /// A second one, which need not be.
    pub relaxed: Vec<Write>,
}

impl Write {
    /// The table that it changes.
    pub fn table(&self) -> Table {
        match self {
            Self::Put(row) => row.table,
            Self::Delete { table, .. } | Self::DeletePrefix { table, .. } => *table,
        }
    }
}

impl Batch {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.strict.is_empty() && self.relaxed.is_empty()
    }
}
