//! What is taken along, and how long what is kept stays: the words of both.

use crate::form::{object, variants};
use crate::id::{ChainId, RunId};

/// A part of a run as it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunPart {
    /// The run itself, after the document it was started with: two rows, by chain and by run.
    Record,
    /// Its attempts, without their bodies.
    Attempts,
    /// Their requests and responses.
    Evidence,
}

/// A run that was read elsewhere, part by part, or some of it: texts that none but the engine reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunCopy {
    /// Its id.
    pub run: RunId,
    /// Its chain.
    pub chain: ChainId,
    /// The document it was started with.
    pub document: String,
    /// The run itself, as it was stored.
    pub record: String,
    /// Of which part of it the rows are. With the record, which comes last, it is whole.
    pub part: RunPart,
    /// Rows of its attempts or of their evidence, by key.
    pub rows: Vec<(String, String)>,
}

/// What became of a run that was to be taken over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TakenOver {
    /// It was not known.
    New,
    /// It is here as it is there; nothing was written.
    Same,
    /// Another one has its id; nothing was written.
    Different,
}

/// How long what is kept stays. What is not said stays for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Retention {
    /// How many runs of each chain stay: those that began last, and all that are open.
    pub runs: Option<u32>,
    /// How many days the evidence of a run that has ended stays.
    pub days: Option<u32>,
    /// How many megabytes of evidence stay; that of the runs which began first goes first.
    pub megabytes: Option<u32>,
}

variants!(RunPart: "record" Record, "attempts" Attempts, "evidence" Evidence);
object!(RunCopy: run, chain, document, record, part, rows);
variants!(TakenOver: "new" New, "same" Same, "different" Different);
object!(Retention: runs, days, megabytes);
