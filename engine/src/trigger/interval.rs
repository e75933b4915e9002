//! Fires at anchor + k × interval. Phase is kept for ever: no drift, whatever a fire took.

use std::time::Duration;

use thiserror::Error;

use super::Due;
use crate::time::{Timestamp, whole_ms};

/// A rule that fires at `anchor`, and every `every` after it.
///
/// ```
/// use std::time::Duration;
/// use baton_engine::{time::Timestamp, trigger::Interval};
///
/// let anchor = Timestamp::from_ms(1000);
/// let trigger = Interval::new(anchor, Duration::from_secs(58)).unwrap();
/// assert_eq!(trigger.next_after(None), anchor);
/// assert_eq!(trigger.next_after(Some(anchor)), Timestamp::from_ms(59_000));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interval {
    anchor: Timestamp,
    every_ms: i64,
}

/// Why an interval is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum IntervalError {
    /// Shorter than a millisecond.
    #[error("an interval is shorter than a millisecond; give it at least 1 ms")]
    Empty,
}

impl Interval {
    /// A rule with this phase.
    ///
    /// # Errors
    /// When `every` is shorter than a millisecond.
    pub fn new(anchor: Timestamp, every: Duration) -> Result<Self, IntervalError> {
        match whole_ms(every) {
            0 => Err(IntervalError::Empty),
            every_ms => Ok(Self { anchor, every_ms }),
        }
    }

    /// The least anchor + k × interval after `previous`; the anchor itself without it.
    pub fn next_after(&self, previous: Option<Timestamp>) -> Timestamp {
        match previous {
            None => self.anchor,
            Some(previous) if previous < self.anchor => self.anchor,
            Some(previous) => {
                let passed = previous.as_ms().saturating_sub(self.anchor.as_ms());
                self.at(passed / self.every_ms + 1)
            }
        }
    }

    /// The same, or none at the end of time, where the next instant would be `previous` again.
    pub(super) fn first_after(&self, previous: Timestamp) -> Option<Timestamp> {
        Some(self.next_after(Some(previous))).filter(|next| *next > previous)
    }

    /// The latest fire at or before `now`, if there was one.
    pub fn latest_until(&self, now: Timestamp) -> Option<Timestamp> {
        let passed = now.as_ms().saturating_sub(self.anchor.as_ms());
        (passed >= 0).then(|| self.at(passed / self.every_ms))
    }

    pub(super) fn due(&self, next: Timestamp, now: Timestamp) -> Due {
        let missed = now.as_ms().saturating_sub(next.as_ms()) / self.every_ms;
        let scheduled = Timestamp::from_ms(next.as_ms() + missed * self.every_ms);
        Due {
            scheduled,
            missed: u64::try_from(missed).unwrap_or(0),
            next: self.first_after(scheduled),
        }
    }

    pub(super) fn earlier(self, span: Duration) -> Self {
        Self { anchor: self.anchor.minus(span), every_ms: self.every_ms }
    }

    fn at(&self, k: i64) -> Timestamp {
        Timestamp::from_ms(self.anchor.as_ms().saturating_add(k.saturating_mul(self.every_ms)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn fifty_eight_seconds_stay_fifty_eight_seconds() {
        let trigger = Interval::new(at(7), 58 * SECOND).unwrap();
        let mut previous = None;
        for k in 0..10_000 {
            let next = trigger.next_after(previous);
            assert_eq!(next, at(7 + k * 58_000));
            previous = Some(next);
        }
    }

    #[test]
    fn an_empty_interval_is_refused() {
        assert_eq!(Interval::new(at(0), Duration::from_micros(999)), Err(IntervalError::Empty));
    }

    #[test]
    fn a_months_sleep_is_one_fire() {
        let trigger = Interval::new(at(0), 58 * SECOND).unwrap();
        let month = 30 * 86_400_000;
        let due = trigger.due(at(58_000), at(month));
        assert_eq!(due.scheduled, at(month / 58_000 * 58_000));
        assert_eq!(due.missed, 44_688);
        assert_eq!(due.next, Some(at((month / 58_000 + 1) * 58_000)));
    }

    #[test]
    fn nothing_fires_after_the_end_of_time() {
        let trigger = Interval::new(at(0), SECOND).unwrap();
        let due = trigger.due(at(0), Timestamp::MAX);
        assert_eq!(due.next, Some(Timestamp::MAX));
        assert_eq!(trigger.due(Timestamp::MAX, Timestamp::MAX).next, None);
    }

    proptest! {
        #[test]
        fn fires_ascend_in_phase(anchor in -1_000_000_i64..1_000_000, every in 1_u64..100_000, previous in -2_000_000_i64..2_000_000) {
            let trigger = Interval::new(at(anchor), Duration::from_millis(every)).unwrap();
            let next = trigger.next_after(Some(at(previous)));
            prop_assert!(next > at(previous));
            let every = i64::try_from(every).unwrap();
            prop_assert_eq!((next.as_ms() - anchor).rem_euclid(every), 0);
            prop_assert!(next.as_ms() - every <= previous || next == at(anchor));
        }

        #[test]
        fn what_is_due_is_the_latest_and_leaves_the_next_ahead(every in 1_u64..100_000, k in 0_i64..1000, late in 0_i64..10_000_000) {
            let trigger = Interval::new(at(0), Duration::from_millis(every)).unwrap();
            let every = i64::try_from(every).unwrap();
            let (next, now) = (at(k * every), at(k * every + late));
            let due = trigger.due(next, now);
            prop_assert!(due.scheduled <= now && now < due.next.unwrap());
            prop_assert_eq!(due.scheduled.as_ms() + every, due.next.unwrap().as_ms());
            prop_assert_eq!(i64::try_from(due.missed).unwrap(), (due.scheduled.as_ms() - next.as_ms()) / every);
        }
    }
}
