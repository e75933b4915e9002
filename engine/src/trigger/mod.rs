//! Triggers: stateless rules that say when. They know no job and read no clock.
//!
//! A trigger is a set of instants: [`Trigger::next_after`] is its least instant after another, so
//! that what was missed, what is next and what was last are all questions to the same set.

#[allow(dead_code, reason = "the triggers that are made of it come next")]
mod cron;
mod interval;

use std::time::Duration;

pub use interval::{Interval, IntervalError};

use crate::time::Timestamp;

/// A rule that says when. The plain ones, of which there may be a hundred thousand, are held inline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// Once, at an instant.
    Date(Timestamp),
    /// Again and again, from an anchor.
    Interval(Interval),
}

impl Trigger {
    /// The first fire after `previous`, or the very first one at or after `now` without it. A date
    /// that has passed is still returned: how late is too late is the job's policy.
    pub fn next_after(&self, previous: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
        match (self, previous) {
            (Self::Date(at), None) => Some(*at),
            (_, None) => self.next_from(now),
            (Self::Date(at), Some(previous)) => (previous < *at).then_some(*at),
            (Self::Interval(interval), Some(previous)) => interval.first_after(previous),
        }
    }

    /// The first fire at or after an instant.
    pub fn next_from(&self, from: Timestamp) -> Option<Timestamp> {
        self.next_after(Some(Timestamp::from_ms(from.as_ms() - 1)), from)
    }

    /// The latest fire from `from` to `until`, both included. Takes the same time however many
    /// there are.
    pub fn latest(&self, from: Timestamp, until: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Date(at) => (from..=until).contains(at).then_some(*at),
            Self::Interval(interval) => interval.latest_until(until).filter(|at| *at >= from),
        }
    }

    /// How many fires there are from `from` to `until`, both included; no more than `most` are
    /// counted.
    pub fn count(&self, from: Timestamp, until: Timestamp, most: u64) -> u64 {
        match self {
            Self::Date(at) => u64::from((from..=until).contains(at)).min(most),
            Self::Interval(interval) => interval.count(from, until).min(most),
        }
    }

    /// The same rule after the wall clock was set back by `span`: anchors of intervals move with it.
    /// What names a time on the wall stays.
    #[must_use]
    pub fn set_back(&self, span: Duration) -> Self {
        match self {
            Self::Date(at) => Self::Date(*at),
            Self::Interval(interval) => Self::Interval(interval.earlier(span)),
        }
    }

    /// Whether it counts from an anchor alone, so that it moves with a clock that is set back.
    pub fn is_elapsed(&self) -> bool {
        matches!(self, Self::Interval(_))
    }
}
