//! Fires at anchor + k × interval. Phase is kept for ever: no drift, whatever a fire took.

use std::time::Duration;

use thiserror::Error;

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

    /// How many fires there are from `from` to `until`, both included.
    pub(super) fn count(&self, from: Timestamp, until: Timestamp) -> u64 {
        let first = self.next_after(Some(Timestamp::from_ms(from.as_ms() - 1)));
        let passed = until.as_ms().saturating_sub(first.as_ms());
        if passed < 0 { 0 } else { u64::try_from(passed / self.every_ms).unwrap_or(0) + 1 }
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
    fn a_months_sleep_is_counted_at_once() {
        let trigger = Interval::new(at(0), 58 * SECOND).unwrap();
        let month = 30 * 86_400_000;
        assert_eq!(trigger.latest_until(at(month)), Some(at(month / 58_000 * 58_000)));
        assert_eq!(trigger.count(at(58_000), at(month)), 44_689);
        assert_eq!(trigger.count(at(1), at(57_999)), 0);
    }

    #[test]
    fn nothing_fires_after_the_end_of_time() {
        let trigger = Interval::new(at(0), SECOND).unwrap();
        assert_eq!(trigger.first_after(Timestamp::MAX), None);
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
        fn the_latest_is_the_last_that_is_counted(every in 1_u64..100_000, from in -1000_i64..1_000_000, span in 0_i64..10_000_000) {
            let trigger = Interval::new(at(0), Duration::from_millis(every)).unwrap();
            let (from, until) = (at(from), at(from + span));
            let count = trigger.count(from, until);
            let latest = trigger.latest_until(until).filter(|latest| *latest >= from);
            prop_assert_eq!(count == 0, latest.is_none());
            if let Some(latest) = latest {
                let first = trigger.first_after(Timestamp::from_ms(from.as_ms() - 1)).unwrap();
                let every = i64::try_from(every).unwrap();
                prop_assert_eq!((latest.as_ms() - first.as_ms()) / every + 1, i64::try_from(count).unwrap());
                prop_assert!(latest.as_ms() + every > until.as_ms());
            }
        }
    }
}
