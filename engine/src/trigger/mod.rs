//! Triggers: stateless rules that say when. They know no job and read no clock.

mod interval;

pub use interval::{Interval, IntervalError};

use crate::time::Timestamp;

/// A rule that says when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// Once, at an instant.
    Date(Timestamp),
    /// Again and again, from an anchor.
    Interval(Interval),
}

/// The fires of one trigger that are due, merged into the latest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// The instant that is carried out.
    pub scheduled: Timestamp,
    /// How many earlier ones were missed, and are merged into it.
    pub missed: u64,
    /// The next one after now; none when the trigger never fires again.
    pub next: Option<Timestamp>,
}

impl Trigger {
    /// The first fire after `previous`, or the very first one without it. The same for any `now`:
    /// a fire that is overdue is still returned, and how late is too late is the job's policy.
    pub fn next_after(&self, previous: Option<Timestamp>) -> Option<Timestamp> {
        match self {
            Self::Date(at) => previous.is_none_or(|previous| previous < *at).then_some(*at),
            Self::Interval(interval) => match previous {
                Some(previous) => interval.first_after(previous),
                None => Some(interval.next_after(None)),
            },
        }
    }

    /// What is due at `now` when the next fire was to be at `next`, missed fires coalesced into the
    /// latest. Takes the same time however long the sleep was.
    pub fn due(&self, next: Timestamp, now: Timestamp) -> Option<Due> {
        if next > now {
            return None;
        }
        Some(match self {
            Self::Date(_) => Due { scheduled: next, missed: 0, next: None },
            Self::Interval(interval) => interval.due(next, now),
        })
    }

    /// The same rule, `span` earlier: what a clock that was set back asks for.
    #[must_use]
    pub fn earlier(self, span: std::time::Duration) -> Self {
        match self {
            Self::Date(at) => Self::Date(at.minus(span)),
            Self::Interval(interval) => Self::Interval(interval.earlier(span)),
        }
    }
}
