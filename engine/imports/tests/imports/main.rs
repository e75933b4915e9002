//! What imports and exports say, over the module's one function.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: a panic is how a test fails"
)]

mod ask;
mod curl;
mod export;
mod fixtures;
mod hostile;
mod insert;
mod postman;
mod round_trip;
mod secrets;
