//! Chains: the definition, and the run that carries it out.
//!
//! Where to start: [`Chain::parse`] for the document, [`Language`] for the seam between the engine, which
//! runs chains, and the language that they are written in.

mod auth;
mod backoff;
mod carried;
mod check_document;
mod document;
pub(crate) mod dry;
mod escape;
mod field_document;
mod fields;
mod header;
mod hidden;
pub mod keys;
mod language;
mod linked;
mod names;
pub(crate) mod outline;
mod own_reason;
mod poll_document;
mod probe;
mod questions;
pub(crate) mod request;
pub(crate) mod run;
mod scope;
pub(crate) mod stage;
mod stage_document;
mod steps;
mod template;
mod trial;

pub use crate::document::{Problem, ProblemKind};
pub(crate) use auth::base64;
pub(crate) use document::Capture;
pub use document::{Chain, MAX_DOCUMENT_BYTES};
pub use field_document::Subject;
pub use header::{is_forbidden_header, is_header_name};
pub(crate) use language::BODY_LIMIT;
pub(crate) use language::Fate;
pub use language::{
    Arrival, Filled, Judgement, Language, NotFilled, NotRead, Seen, Shown, Silence, StageNow,
    StageOf, Start,
};
pub use linked::Linked;
pub use outline::Outline;
pub(crate) use own_reason::OwnReason;
pub use questions::{Ask, ByText, answer, request_said};
pub use run::RunScope;
pub use scope::{Scope, Setting, Unresolved};
pub(crate) use template::as_text;
pub use template::{Name, Template, TimeForm, ValueTemplate};
pub use trial::trial;
