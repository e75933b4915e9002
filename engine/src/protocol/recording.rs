//! A run as it is taken along: all that the engine says of it, in one object. Reports are made of it.

use super::{AttemptView, Evidence, RunView, Told, Unreadable};
use crate::form::{decode, object};
use crate::matrix::MatrixView;

/// A run with what was read beside it: `{"run", "attempts", "evidence", "matrix"}`, each in the form in
/// which the engine told it; the matrix may be left out.
#[derive(Clone, PartialEq, Debug)]
pub struct Recording {
    /// The run.
    pub run: RunView,
    /// Its attempts, in the order of stage and number.
    pub attempts: Vec<AttemptView>,
    /// Requests and answers of some of them.
    pub evidence: Vec<Paper>,
    /// Its fields in every system, if its chain names any.
    pub matrix: Option<MatrixView>,
}

/// What was sent and answered in one attempt.
#[derive(Clone, PartialEq, Debug)]
pub struct Paper {
    /// The attempt's stage, from 0.
    pub stage: u32,
    /// Its number, from 1.
    pub attempt: u32,
    /// Its request and answer.
    pub evidence: Told<Evidence>,
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// Where it is not what it should be.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        decode(text)
    }

    /// The attempts of a stage, from 0.
    pub fn of_stage(&self, stage: usize) -> impl DoubleEndedIterator<Item = &AttemptView> {
        self.attempts.iter().filter(move |attempt| attempt.stage as usize == stage)
    }
}

object!(Recording: run, attempts, evidence, matrix);
object!(Paper: stage, attempt, evidence);
