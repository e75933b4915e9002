//! The matrix: a chain's fields beside each other in every system, and where a value first changed. A pure
//! function over what a run has recorded; it polls nothing and judges no stage.
//!
//! Where to start: [`MatrixView`] is what comes out, `table.rs` makes it, `compare.rs` has the rule for one
//! value. `words.rs` says it in sentences, `export.rs` as Markdown and CSV.

mod blame;
mod compare;
mod export;
mod index;
mod table;
mod view;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use table::{Column, matrix};
pub use view::{
    Blame, CellState, MatrixCell, MatrixColumn, MatrixField, MatrixRecord, MatrixView, Rule,
};

use crate::chain::StageNow;
use crate::protocol::{StagePhase, Unreadable};
use crate::time::Timestamp;
use crate::verify::{Reason, Records};

/// What is known of a stage of a run.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Known {
    pub(crate) phase: StagePhase,
    /// When it passed.
    pub(crate) passed_at: Option<Timestamp>,
    /// What its latest answer has of the chain's fields.
    pub(crate) records: Records,
    /// Why its answers could not be read, if they could not: then nothing is known of what it lacks.
    pub(crate) unread: Option<Reason>,
}

impl Known {
    /// Reads what the engine carried.
    ///
    /// # Errors
    /// Where it is not what it should be.
    pub(crate) fn of(stage: &StageNow) -> Result<Self, Unreadable> {
        let records = match &stage.records {
            Some(records) => records.read()?,
            None => Records::default(),
        };
        let reason = match &stage.reason {
            Some(reason) => Some(reason.read()?).filter(is_unread),
            None => None,
        };
        Ok(Self { phase: stage.phase, passed_at: stage.passed_at, records, unread: reason })
    }
}

/// Whether a stage that ended so has never shown its data. That it has none would be more than we know.
pub(crate) fn is_unread(reason: &Reason) -> bool {
    match reason {
        Reason::Network { .. }
        | Reason::AttemptTimeout { .. }
        | Reason::StatusWrong { .. }
        | Reason::BodyTooLarge { .. }
        | Reason::NotJson { .. }
        | Reason::NotJsonAgain { .. }
        | Reason::NeedsAccess { .. } => true,
        // 202, 204 and 404 say that it is not there.
        Reason::StatusNotYet { status } => !matches!(status, 202 | 204 | 404),
        Reason::DeadlinePassed { last: Some(last), .. }
        | Reason::AttemptsUsedUp { last: Some(last), .. }
        | Reason::SentNotAccepted { answer: last } => is_unread(last),
        _ => false,
    }
}
