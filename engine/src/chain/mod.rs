//! Chains: the definition, and the run that carries it out.
//!
//! Where to start: [`Chain::parse`] for the document.

mod check_document;
mod document;
pub(crate) mod dry;
mod escape;
mod field_document;
mod names;
mod poll_document;
pub(crate) mod request;
pub(crate) mod run;
mod scope;
pub(crate) mod stage;
mod stage_document;
mod template;

pub use crate::document::{Problem, ProblemKind};
pub(crate) use document::{Capture, Environment, Stage};
pub use document::{Chain, MAX_DOCUMENT_BYTES};
pub use field_document::Subject;
pub(crate) use poll_document::Hold;
pub use scope::{Scope, Setting, Unresolved};
pub(crate) use template::as_text;
pub use template::{Name, Template, TimeForm, ValueTemplate};
