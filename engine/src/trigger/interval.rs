//! Fires at anchor + k × interval. Phase is kept for ever: no drift, whatever a fire took.

use std::time::Duration;

use thiserror::Error;

use super::LAST;
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

    /// A rule with this phase and at least a millisecond between fires.
    pub(super) fn of_ms(anchor: Timestamp, every_ms: i64) -> Self {
        Self { anchor, every_ms: every_ms.max(1) }
    }

    /// The first fire.
    pub(super) fn anchor(&self) -> Timestamp {
        self.anchor
    }

    pub(super) fn every_ms(&self) -> i64 {
        self.every_ms
    }

    /// The first fire at or after an instant; none after the last year of triggers.
    pub(super) fn next_from(&self, from: Timestamp) -> Option<Timestamp> {
        let passed = from.as_ms() - self.anchor.as_ms();
        let next = match passed {
            ..=0 => self.anchor,
            _later => self.at((passed - 1) / self.every_ms + 1),
        };
        (next <= LAST).then_some(next)
    }

    /// The rule that fires whenever both do; none when they never meet.
    ///
    /// Source: the Chinese remainder theorem.
    pub(super) fn meet(&self, other: &Self) -> Option<Self> {
        let (own, their) = (self.anchor.as_ms(), other.anchor.as_ms());
        let (divisor, inverse) = divisor_and_inverse(self.every_ms, other.every_ms);
        if (their - own) % divisor != 0 {
            return None;
        }
        let reduced = other.every_ms / divisor;
        let apart = ((their - own) / divisor).rem_euclid(reduced);
        let steps = times_modulo(apart, inverse.rem_euclid(reduced), reduced);
        // In phase with both; then no earlier than either begins. What overflows is after the last year.
        let common = steps.checked_mul(self.every_ms)?.checked_add(own)?;
        let every = self.every_ms.saturating_mul(reduced);
        let behind = own.max(their) - common;
        let more = if behind > 0 { (behind - 1) / every + 1 } else { 0 };
        let anchor = more.checked_mul(every)?.checked_add(common)?;
        (anchor <= LAST.as_ms()).then(|| Self::of_ms(Timestamp::from_ms(anchor), every))
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

/// The greatest common divisor of two, and the inverse of `a / divisor` modulo `b / divisor`.
///
/// Source: Euclid's algorithm, extended.
fn divisor_and_inverse(a: i64, b: i64) -> (i64, i64) {
    let (mut rest, mut divisor, mut next, mut inverse) = (b, a, 0, 1);
    while rest != 0 {
        let times = divisor / rest;
        (divisor, rest) = (rest, divisor - times * rest);
        // The last one, which nobody needs, may be as large as `b`.
        (inverse, next) = (next, inverse - times * next);
    }
    (divisor, inverse)
}

/// The product of two numbers from 0 to below `modulus`, by doubling: it would not fit a number itself.
fn times_modulo(mut a: i64, mut b: i64, modulus: i64) -> i64 {
    let sum = |a: i64, b: i64| if a >= modulus - b { a - (modulus - b) } else { a + b };
    let mut product = 0;
    while b > 0 {
        if b % 2 == 1 {
            product = sum(product, a);
        }
        a = sum(a, a);
        b /= 2;
    }
    product
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    /// The first instant that both have.
    fn first_in_128_bits(one: &Interval, other: &Interval) -> Option<i128> {
        let (own, step) = (i128::from(one.anchor.as_ms()), i128::from(one.every_ms));
        let (their, their_step) = (i128::from(other.anchor.as_ms()), i128::from(other.every_ms));
        let (mut rest, mut divisor, mut next, mut inverse) = (their_step, step, 0, 1);
        while rest != 0 {
            let times: i128 = divisor / rest;
            (divisor, rest) = (rest, divisor - times * rest);
            (inverse, next) = (next, inverse - times * next);
        }
        if (their - own) % divisor != 0 {
            return None;
        }
        let reduced = their_step / divisor;
        let steps = ((their - own) / divisor % reduced * inverse).rem_euclid(reduced);
        let (common, every) = (own + steps * step, step * reduced);
        let behind = own.max(their) - common;
        let first = common + (behind + every - 1).div_euclid(every) * every;
        (first <= i128::from(LAST.as_ms())).then_some(first)
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
    fn nothing_fires_after_the_year_2100() {
        let trigger = Interval::new(at(0), SECOND).unwrap();
        assert_eq!(trigger.next_from(LAST), None);
        assert_eq!(trigger.next_from(at(LAST.as_ms() - 999)), Some(at(LAST.as_ms() - 999)));
        assert_eq!(trigger.next_from(Timestamp::MAX), None);
    }

    #[test]
    fn intervals_meet_exactly_or_never() {
        let check =
            |(anchor, every): (i64, i64), (other, step): (i64, i64), met: Option<(i64, i64)>| {
                let (a, b) = (Interval::of_ms(at(anchor), every), Interval::of_ms(at(other), step));
                let met = met.map(|(anchor, every)| Interval::of_ms(at(anchor), every));
                assert_eq!(a.meet(&b), met);
                assert_eq!(b.meet(&a), met);
            };
        // 58 s and 60 s: every 29 minutes.
        check((0, 58_000), (0, 60_000), Some((0, 29 * 60_000)));
        check((2_000, 58_000), (0, 60_000), Some((60_000, 29 * 60_000)));
        check((1_000, 58_000), (0, 60_000), None);
        check((5, 7), (100, 7), None);
        check((5, 7), (103, 7), Some((103, 7)));
        // They meet, but thousands of years from now.
        check((0, 3_000_000_000_001), (5, 3_000_000_000_000), None);
        check((0, 3_000_000_000_001), (1, 3_000_000_000_000), Some((3_000_000_000_001, i64::MAX)));
        check((0, i64::MAX), (0, i64::MAX - 1), Some((0, i64::MAX)));
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
        fn large_ones_meet_as_in_128_bits(
            a in -1_000_000_000_000_i64..1_000_000_000_000, m in 1_i64..3_000_000_000_000_000_000,
            b in -1_000_000_000_000_i64..1_000_000_000_000, n in 1_i64..3_000_000_000_000_000_000,
            shared in 1_i64..1_000_000_000_000, near in any::<bool>(),
        ) {
            // With a divisor in common, as those of people have, they meet now and then.
            let common = |every: i64| if near { (every / shared / 1000).max(1) % 1000 * shared + shared } else { every };
            let b = if near { a + (b - a) / shared * shared } else { b };
            let (one, other) =
                (Interval::of_ms(at(a), common(m)), Interval::of_ms(at(b), common(n)));
            let met = one.meet(&other).map(|met| i128::from(met.anchor.as_ms()));
            prop_assert_eq!(met, first_in_128_bits(&one, &other));
        }

        #[test]
        fn what_meets_is_what_both_have(a in -50_i64..50, m in 1_i64..60, b in -50_i64..50, n in 1_i64..60) {
            let (one, other) = (Interval::of_ms(at(a), m), Interval::of_ms(at(b), n));
            let has = |interval: &Interval, ms| interval.next_from(at(ms)) == Some(at(ms));
            let met = one.meet(&other);
            for ms in -60..4000 {
                let both = has(&one, ms) && has(&other, ms);
                prop_assert_eq!(met.as_ref().is_some_and(|met| has(met, ms)), both, "{}", ms);
            }
        }

        #[test]
        fn the_latest_is_the_last_that_is_counted(every in 1_u64..100_000, from in -1000_i64..1_000_000, span in 0_i64..10_000_000) {
            let trigger = Interval::new(at(0), Duration::from_millis(every)).unwrap();
            let (from, until) = (at(from), at(from + span));
            let count = trigger.count(from, until);
            let latest = trigger.latest_until(until).filter(|latest| *latest >= from);
            prop_assert_eq!(count == 0, latest.is_none());
            if let Some(latest) = latest {
                let first = trigger.next_from(from).unwrap();
                let every = i64::try_from(every).unwrap();
                prop_assert_eq!((latest.as_ms() - first.as_ms()) / every + 1, i64::try_from(count).unwrap());
                prop_assert!(latest.as_ms() + every > until.as_ms());
            }
        }
    }
}
