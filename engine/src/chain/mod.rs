//! Chains: the definition, and the run that carries it out.
//!
//! Where to start: [`Chain::parse`] for the document.

mod check_document;
mod document;
mod problem;
mod reader;
pub(crate) mod request;
pub(crate) mod run;
pub(crate) mod stage;
mod stage_document;
mod template;

pub(crate) use document::{Capture, Environment, Hold, Stage};
pub use document::{Chain, MAX_DOCUMENT_BYTES};
pub use problem::{Problem, ProblemKind};
pub use template::{Name, Scope, Setting, Template, TimeForm, Unresolved, ValueTemplate};
