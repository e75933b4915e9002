//! Verdicts: whether an answer is not there yet, right, or wrong, and why. Pure, and knows no clock.
//!
//! Where to start: [`evaluate`] judges an attempt, [`check`] one rule of it, [`reason`] says why.
//! [`record`] takes the values of fields out of an answer, and [`dry_run`] judges without any engine.

pub(crate) mod alike;
mod body;
mod case;
pub(crate) mod check;
pub(crate) mod decimal;
pub mod diagnosis;
mod dry_run;
pub(crate) mod evaluate;
pub(crate) mod jsonpath;
mod op;
pub(crate) mod pattern;
mod reason;
pub(crate) mod record;
pub(crate) mod schema;
mod system;
mod telling;
pub(crate) mod time;
pub(crate) mod tolerance;
pub(crate) mod value;
pub(crate) mod work;

pub use diagnosis::{Diagnosis, Permission};
pub use dry_run::dry_run;
pub use evaluate::{Evaluation, History, WrongReadings};
pub use op::Op;
pub use reason::{Judged, NotJson, Reason, Verdict};
pub use record::{Kind, Record, Recorded, Records};
