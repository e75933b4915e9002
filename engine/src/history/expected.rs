//! When a run under way will have passed, by what its chain's earlier runs took.

use std::time::Duration;

use super::{Arrival, frozen, steps};
use crate::protocol::{RunPhase, RunView, StageView};
use crate::time::Timestamp;

/// When a run will have passed, if its stages take as long as half of the earlier runs had them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expected {
    /// When its last stage will have passed. What is over by then is later than usual.
    pub at: Timestamp,
    /// How long such a run takes from its start.
    pub usually: Duration,
}

/// When a run that goes on will have passed, by what is [learned](super::arrivals) of its chain. None when too little
/// is known of one of its stages, and for a retry, whose data was sent long before.
///
/// ```
/// use baton_engine::{history::{arrivals, expected}, protocol::RunView, time::Timestamp};
/// fn ends_at(now: &RunView, earlier: &[RunView]) -> Option<Timestamp> {
///     expected(now, &arrivals(earlier, now.environment.as_deref())).map(|known| known.at)
/// }
/// ```
pub fn expected(run: &RunView, learned: &[Arrival]) -> Option<Expected> {
    if run.phase != RunPhase::Running || run.retry_of.is_some() {
        return None;
    }
    let mut known = Expected { at: run.started_at, usually: Duration::ZERO };
    // The final check asks once more for what is there: it takes about no time.
    for step in steps(&run.stages).filter(|step| step.iter().all(|stage| stage.again.is_none())) {
        let (mut end, mut longest) = (known.at, Duration::ZERO);
        for stage in step {
            let arrival = learned.iter().find(|arrival| arrival.stage == stage.name)?;
            let (lead, takes) = (arrival.lead?, arrival.p50()?);
            longest = longest.max(lead.saturating_add(takes));
            end = end.max(end_of(stage, known.at.plus(lead), takes));
        }
        known = Expected { at: end, usually: known.usually.saturating_add(longest) };
    }
    Some(known)
}

/// When a stage that begins by `begin`, if it has not begun, will have ended.
fn end_of(stage: &StageView, begin: Timestamp, takes: Duration) -> Timestamp {
    match (stage.ended_at, stage.begun_at) {
        (Some(ended), _) => ended,
        (None, Some(begun)) => begun.plus(frozen(stage)).plus(takes),
        (None, None) => stage.due.unwrap_or(begin).plus(takes),
    }
}
