//! Verdicts: whether an answer is not there yet, right, or wrong, and why. Pure, and knows no time.
//!
//! Where to start: [`evaluate`] judges an attempt, [`check`] one rule of it, [`reason`] says why.

mod case;
pub(crate) mod check;
pub(crate) mod decimal;
pub(crate) mod evaluate;
pub(crate) mod jsonpath;
mod reason;
pub(crate) mod value;

pub use evaluate::{Evaluation, History, WrongReadings};
pub use reason::{Diagnosis, Judged, NotJson, Reason, Verdict};
