//! What the engine does, told as scenarios over its borders alone: commands and answers in, requests,
//! writes and events out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "tests: a panic is how a test fails, and values are made where they are used"
)]

mod again;
mod backoff;
mod documents;
mod groups;
mod job_simulation;
mod jobs;
mod language;
mod matrix;
mod pages;
mod random;
mod reload;
mod retention;
mod retries;
mod rules;
mod runs;
mod samples;
mod schedules;
mod secrets;
mod sim;
mod simulation;
mod transfer;
mod verdicts;
