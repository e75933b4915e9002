//! Chains: the definition, and the run that carries it out.
//!
//! Where to start: [`Chain::parse`] for the document.

mod check_document;
mod document;
pub(crate) mod request;
pub(crate) mod run;
pub(crate) mod stage;
mod stage_document;
mod template;

pub use crate::document::{Problem, ProblemKind};
pub(crate) use document::{Capture, Environment, Hold, Stage};
pub use document::{Chain, MAX_DOCUMENT_BYTES};
pub use template::{Name, Scope, Setting, Template, TimeForm, Unresolved, ValueTemplate};
