//! Verdicts: whether an answer is not there yet, right, or wrong, and why. Pure, and knows no time.
//!
//! Where to start: [`evaluate`] judges an attempt, [`check`] one rule of it, [`reason`] says why.

mod case;
pub(crate) mod check;
pub(crate) mod decimal;
pub mod diagnosis;
pub(crate) mod evaluate;
pub(crate) mod jsonpath;
mod reason;
mod system;
pub(crate) mod value;

pub use diagnosis::{Diagnosis, Permission};
pub use evaluate::{Evaluation, History, WrongReadings};
pub use reason::{Judged, NotJson, Reason, Verdict};
