//! The rows of the benchmark on our own engine. Measures no time itself: `main.rs` does natively, and
//! `rows.mjs` in Node and in a browser, through `web`.
//!
//! * [`subject`]: what is measured, on the engine's own interface.
//! * [`workload`]: the instants and delays that all subjects share.
//! * [`zones`]: zone tables as text, on their way into the module.

pub mod subject;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod workload;
pub mod zones;

/// What goes wrong here is told to whoever runs the benchmark, and ends it.
pub type Failure = Box<dyn std::error::Error>;
