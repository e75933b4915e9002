//! Which seconds of a day match. Knows no date.

use super::days::next_bit;

pub(super) const ALL_HOURS: u64 = (1 << 24) - 1;
/// All minutes of an hour, or all seconds of a minute.
pub(super) const ALL_SIXTY: u64 = (1 << 60) - 1;

const DAY: u32 = 86_400;

/// What `hour`, `minute` and `second` say together, a bit a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Times {
    pub(super) hours: u64,
    pub(super) minutes: u64,
    pub(super) seconds: u64,
    /// The first match of a day.
    first: u32,
}

impl Times {
    /// The sets hold one number each at least.
    pub(super) fn new(hours: u64, minutes: u64, seconds: u64) -> Self {
        let first = at(hours.trailing_zeros(), minutes.trailing_zeros(), seconds.trailing_zeros());
        Self { hours, minutes, seconds, first }
    }

    /// The first second of a day that matches.
    #[inline]
    pub(super) fn first(&self) -> u32 {
        self.first
    }

    /// Whether a second of the day matches.
    #[inline]
    pub(super) fn has(&self, second: u32) -> bool {
        let (hour, minute, second) = split(second);
        self.hours >> hour & 1 == 1
            && self.minutes >> minute & 1 == 1
            && self.seconds >> second & 1 == 1
    }

    /// The first match from a second of the day on, on the same day.
    #[inline]
    pub(super) fn next(&self, from: u32) -> Option<u32> {
        let (hour, minute, second) = split(from);
        if self.hours >> hour & 1 == 1 {
            if self.minutes >> minute & 1 == 1
                && let Some(second) = next_bit(self.seconds, second)
            {
                return Some(at(hour, minute, second));
            }
            if let Some(minute) = next_bit(self.minutes, minute + 1) {
                return Some(at(hour, minute, self.first % 60));
            }
        }
        let hour = next_bit(self.hours, hour + 1)?;
        Some(hour * 3600 + self.first % 3600)
    }

    /// The first second from `from` on, on the same day, that doesn't match.
    pub(super) fn next_mismatch(&self, from: u32) -> Option<u32> {
        let mut now = from;
        while now < DAY {
            if !self.has(now) {
                return Some(now);
            }
            now = self.end_of_run(now);
        }
        None
    }

    /// Whether every second of the day matches.
    pub(super) fn is_every(&self) -> bool {
        self.hours == ALL_HOURS && self.minutes == ALL_SIXTY && self.seconds == ALL_SIXTY
    }

    /// The first second after one that matches at which the lowest restricted field has another number.
    fn end_of_run(&self, from: u32) -> u32 {
        let (hour, minute, second) = split(from);
        let unset = |set: u64, from: u32| (!set >> from).trailing_zeros() + from;
        if self.seconds != ALL_SIXTY {
            at(hour, minute, unset(self.seconds, second))
        } else if self.minutes != ALL_SIXTY {
            at(hour, unset(self.minutes, minute), 0)
        } else {
            at(unset(self.hours, hour), 0, 0)
        }
    }
}

/// A second of the day.
#[inline]
fn at(hour: u32, minute: u32, second: u32) -> u32 {
    hour * 3600 + minute * 60 + second
}

#[inline]
fn split(second: u32) -> (u32, u32, u32) {
    let minute = second / 60;
    (minute / 60, minute % 60, second % 60)
}
