//! What reports say, over the module's one function.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: a panic is how a test fails"
)]

mod document;
mod hostile;
mod junit;
mod tables;
mod told;
