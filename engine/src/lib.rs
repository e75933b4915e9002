//! A pure trigger-and-store scheduling engine that verifies chains of stages.
//!
//! It reads no clock, does no I/O and has no randomness of its own: a shell hands it inputs and the
//! time, and carries out the actions it asks for.
//!
//! # Where to start
//!
//! * [`engine::Engine`]: the drive loop, and the invariants that hold whatever crashes.
//! * [`protocol`]: both borders, as enums.
//! * [`chain::Chain::parse`]: the chain document.
//! * [`chain::Language`]: what the engine asks about chains, and of whom.
//! * [`verify`]: what makes an answer right, wrong, or not there yet.
//! * [`matrix`]: fields beside each other in every system.
//! * [`secrets`]: what is never written, told or shown.
//! * [`history`]: what a chain's earlier runs tell of the next one.
//! * [`trigger`] and [`scheduler`]: when things happen.
//!
//! ```
//! use std::time::Duration;
//! use baton_engine::engine::{Engine, Restore};
//! use baton_engine::protocol::Action;
//! use baton_engine::time::{Now, Timestamp};
//!
//! let now = Now { wall: Timestamp::from_ms(0), monotonic: Duration::ZERO };
//! let mut engine = Engine::restore(now, Restore { epoch: 1, seed: 7, ..Restore::default() });
//! // The first thing it does is to tell its readers where it stands; then there is nothing to do.
//! assert!(matches!(engine.poll(now), Action::Emit(_)));
//! assert_eq!(engine.poll(now), Action::Sleep(None));
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod chain;
mod civil;
pub mod csv;
mod document;
pub mod engine;
mod form;
pub mod history;
pub mod id;
mod index;
pub mod jobs;
pub mod json;
pub mod locale;
pub mod matrix;
mod outbox;
pub mod protocol;
mod random;
pub mod scheduler;
pub mod secrets;
mod sorted;
pub mod store;
pub mod time;
pub mod trigger;
pub mod verify;
pub mod zone;
