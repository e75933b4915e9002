//! What a chain's earlier runs tell: how long each of its stages takes, when a run under way will have passed,
//! which runs someone looks for, and what became different between two of them. Pure functions over runs as readers see them; nothing is polled, stored
//! or judged here.
//!
//! Where to start: [`find`], [`arrivals`], [`expected`] and [`compare`]. What they come to makes its own sentences, in `words.rs`.

mod arrival;
mod compare;
mod expected;
mod find;
mod words;

#[cfg(test)]
mod tests;

pub use arrival::{Arrival, arrivals};
pub use compare::{Change, Comparison, Side, compare};
pub use expected::{Expected, expected};
pub use find::{Found, Query, Sort, Standing, find, lasted, searched};

use std::time::Duration;

use crate::protocol::StageView;

/// How long a stage took from its first poll to its end, without the time in which its run was paused or
/// blocked: what its time limit is compared with. None while it has not ended.
pub fn took(stage: &StageView) -> Option<Duration> {
    let (begun, ended) = (stage.begun_at?, stage.ended_at?);
    Some(ended.since(begun).saturating_sub(frozen(stage)))
}

/// How long a stage's run was paused or blocked since its first poll, as far as that is over.
pub fn frozen(stage: &StageView) -> Duration {
    // A deadline moves by as much as the run was frozen.
    let limit = Duration::from_millis(stage.timeout_ms);
    let moved = stage.begun_at.zip(stage.deadline);
    moved.map_or(Duration::ZERO, |(begun, deadline)| deadline.since(begun).saturating_sub(limit))
}

/// A run's stages in the order in which they go on: those that go on together are one step.
fn steps(stages: &[StageView]) -> impl Iterator<Item = &[StageView]> {
    stages.chunk_by(|one, other| match (one.again, other.again) {
        (Some(_), Some(_)) => true,
        (None, None) => one.group.is_some() && one.group == other.group,
        (Some(_), None) | (None, Some(_)) => false,
    })
}
