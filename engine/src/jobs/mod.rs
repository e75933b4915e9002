//! Jobs as users define them: their documents, and their state in words. Schedules nothing;
//! [`crate::scheduler`] does, and [`crate::engine`] carries out.
//!
//! Where to start: [`JobDocument::parse`]; [`say`] for words.

mod document;
mod next;
mod words;

pub use document::{JobDocument, MAX_JOB_BYTES, Target};
pub(crate) use document::{ParsedJob, canonical};
pub use words::say;
