//! What a chain's earlier runs tell: how long each of its stages takes, and what became different between two
//! runs. Pure functions over runs as readers see them; nothing is polled, stored or judged here.
//!
//! Where to start: [`arrivals`] and [`compare`]. What they come to makes its own sentences, in `words.rs`.

mod arrival;
mod compare;
mod words;

#[cfg(test)]
mod tests;

pub use arrival::{Arrival, arrivals};
pub use compare::{Change, Comparison, Side, compare};

use std::time::Duration;

use crate::protocol::StageView;

/// How long a stage took from its first poll to its end, without the time in which its run was paused or
/// blocked: what its time limit is compared with. None while it has not ended.
pub fn took(stage: &StageView) -> Option<Duration> {
    let (begun, ended) = (stage.begun_at?, stage.ended_at?);
    // A deadline moves by as much as the run was frozen.
    let limit = Duration::from_millis(stage.timeout_ms);
    let frozen = stage.deadline.map(|deadline| deadline.since(begun).saturating_sub(limit));
    Some(ended.since(begun).saturating_sub(frozen.unwrap_or_default()))
}
