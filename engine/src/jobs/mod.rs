//! Jobs as users define them: their documents, and their state in sentences. Schedules nothing;
//! [`crate::scheduler`] does, and [`crate::engine`] carries out.
//!
//! Where to start: [`JobDocument::parse`].

mod document;
mod sentences;

pub use document::{JobDocument, MAX_JOB_BYTES, Target};
pub(crate) use document::{ParsedJob, canonical};
pub(crate) use sentences::{Situation, explain};
