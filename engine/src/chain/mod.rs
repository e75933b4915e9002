//! Chains: the definition, and the run that carries it out.
//!
//! Where to start: [`Chain::parse`] for the document, [`Language`] for the seam between the engine, which
//! runs chains, and the language that they are written in.

mod backoff;
mod check_document;
mod document;
mod language;
mod linked;
pub(crate) mod outline;
mod questions;
pub(crate) mod request;
pub(crate) mod run;
pub(crate) mod stage;
mod stage_document;
mod steps;
mod template;

pub use crate::document::{Problem, ProblemKind};
pub(crate) use document::Capture;
pub use document::{Chain, MAX_DOCUMENT_BYTES};
pub(crate) use language::BODY_LIMIT;
pub use language::{Language, NotFilled, NotRead, Silence, StageOf, Start};
pub use linked::Linked;
pub use outline::Outline;
pub use questions::{Ask, ByText, answer};
pub use run::RunScope;
pub use template::{Name, Scope, Setting, Template, TimeForm, Unresolved, ValueTemplate};
