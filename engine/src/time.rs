//! Instants and durations, as whole milliseconds. No clock is read here or anywhere in the engine.
//!
//! Finer input is floored. Text forms: RFC 3339 in UTC for instants, a whole number and
//! `ms`, `s`, `m`, `h` or `d` for durations.

use std::fmt;
use std::time::Duration;

use crate::civil::{Civil, Date};
use crate::protocol::exact;

/// An instant, as milliseconds since the Unix epoch, leap seconds not counted.
///
/// It lies between [`Timestamp::MIN`] and [`Timestamp::MAX`], whatever it was made from: what lies
/// beyond is moved to the nearer end. So every instant has its text form, and can be a JavaScript number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant of year 0. Source: RFC 3339, whose years have four digits.
    pub const MIN: Self = Self(-62_167_219_200_000);
    /// The last instant of year 9999.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant `ms` milliseconds after the Unix epoch.
    pub const fn from_ms(ms: i64) -> Self {
        if ms < Self::MIN.0 {
            Self::MIN
        } else if ms > Self::MAX.0 {
            Self::MAX
        } else {
            Self(ms)
        }
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// The instant `span` later; at the end of time it stays there.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self::from_ms(self.0.saturating_add(whole_ms(span)))
    }

    /// The instant `span` earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self::from_ms(self.0.saturating_sub(whole_ms(span)))
    }

    /// The second it lies in, for people.
    #[must_use]
    pub fn whole_second(self) -> Self {
        Self(self.0 - self.0.rem_euclid(1000))
    }

    /// How long after `earlier` this is; zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        let ms = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(ms).unwrap_or(0))
    }

    /// The civil date and time in UTC: date, hour, minute, second, millisecond.
    fn civil(self) -> (Date, i64, i64, i64, i64) {
        let (date, of_day) = Civil(self.0).split();
        let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
        (date, hour, minute, of_day / 1000 % 60, of_day % 1000)
    }

    /// The date in UTC, `YYYY-MM-DD`.
    pub fn utc_date(self) -> String {
        let (Date { year, month, day }, ..) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl From<i64> for Timestamp {
    fn from(ms: i64) -> Self {
        Self::from_ms(ms)
    }
}

impl From<Timestamp> for i64 {
    fn from(at: Timestamp) -> Self {
        at.0
    }
}

/// RFC 3339 in UTC; the fraction is there only when it is not zero.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Date { year, month, day }, hour, minute, second, ms) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if ms != 0 {
            write!(f, ".{ms:03}")?;
        }
        f.write_str("Z")
    }
}

/// What the browser's two clocks said at one moment.
///
/// Due times are judged by `wall`. `monotonic` has no epoch and only tells how much time really
/// passed between two readings of one worker's life, which is how a wall clock that was set is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// The wall clock.
    pub wall: Timestamp,
    /// The monotonic clock.
    pub monotonic: Duration,
}

/// The milliseconds of a duration, as a signed number for arithmetic with instants.
pub fn whole_ms(span: Duration) -> i64 {
    i64::try_from(ms(span)).unwrap_or(i64::MAX)
}

/// The milliseconds of a duration, as a number that crosses to readers.
pub(crate) fn exact_ms(span: Duration) -> u64 {
    exact(ms(span))
}

/// What is longer than any number holds stays at the longest. The standard library's own way takes the
/// arithmetic of 128 bits along.
fn ms(span: Duration) -> u64 {
    span.as_secs().saturating_mul(1000).saturating_add(span.subsec_millis().into())
}

/// Reads a duration: a whole number and `ms`, `s`, `m`, `h` or `d`, such as `58s`.
///
/// ```
/// use std::time::Duration;
/// assert_eq!(baton_engine::time::parse_duration("58s"), Some(Duration::from_secs(58)));
/// assert_eq!(baton_engine::time::parse_duration("1.5h"), None);
/// ```
pub fn parse_duration(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(split)?;
    let ms_per_unit = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(ms_per_unit).map(Duration::from_millis)
}

/// A duration in words for people, at most two units: `4 m 10 s`, `350 ms`.
pub fn in_words(span: Duration) -> String {
    let mut rest = span.as_secs();
    if rest == 0 {
        return format!("{} ms", span.subsec_millis());
    }
    let units = [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")];
    let mut parts = Vec::new();
    for (size, name) in units {
        if rest >= size || (!parts.is_empty() && rest > 0) {
            parts.push((rest / size, name));
            rest %= size;
        }
    }
    let mut shown = String::new();
    for (n, name) in parts.into_iter().take(2).filter(|(n, _)| *n > 0) {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(&n.to_string());
        shown.push(' ');
        shown.push_str(name);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::decode;
    use crate::protocol::MAX_NUMBER;

    #[test]
    fn instants_read_as_rfc_3339() {
        let check = |ms, text: &str| assert_eq!(Timestamp::from_ms(ms).to_string(), text);
        check(0, "1970-01-01T00:00:00Z");
        check(951_782_400_000, "2000-02-29T00:00:00Z");
        check(1_795_435_204_200, "2026-11-23T12:00:04.200Z");
        check(-1, "1969-12-31T23:59:59.999Z");
        check(4_107_542_399_000, "2100-02-28T23:59:59Z");
        check(4_107_542_400_000, "2100-03-01T00:00:00Z");
        check(i64::MAX, "9999-12-31T23:59:59.999Z");
        check(i64::MIN, "0000-01-01T00:00:00Z");
    }

    #[test]
    fn durations_are_a_whole_number_and_a_unit() {
        let check = |text, ms: Option<u64>| {
            assert_eq!(parse_duration(text), ms.map(Duration::from_millis), "{text}");
        };
        check("58s", Some(58_000));
        check("15m", Some(900_000));
        check("2h", Some(7_200_000));
        check("1d", Some(86_400_000));
        check("250ms", Some(250));
        for bad in ["", "s", "58", "1.5s", "-1s", "58 s", "58S", "99999999999999999999d"] {
            check(bad, None);
        }
    }

    #[test]
    fn words_have_two_units_at_most() {
        let check = |ms, text: &str| assert_eq!(in_words(Duration::from_millis(ms)), text);
        check(0, "0 ms");
        check(350, "350 ms");
        check(1000, "1 s");
        check(58_000, "58 s");
        check(250_000, "4 m 10 s");
        check(3_600_000, "1 h");
        check(3_605_000, "1 h");
        check(90_061_000, "1 d 1 h");
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        let (start, end) = (Timestamp::MIN, Timestamp::MAX);
        assert_eq!(end.plus(Duration::from_secs(1)), end);
        assert_eq!(end.plus(Duration::MAX), end);
        assert_eq!(start.minus(Duration::from_secs(1)), start);
        assert_eq!(start.minus(Duration::MAX), start);
        assert_eq!(Timestamp::from_ms(5).since(Timestamp::from_ms(9)), Duration::ZERO);
        assert_eq!(Timestamp::from_ms(-1).whole_second(), Timestamp::from_ms(-1000));
    }

    #[test]
    fn whatever_is_told_is_a_number_that_javascript_holds() {
        assert_eq!(exact_ms(Duration::MAX), MAX_NUMBER);
        assert_eq!(exact_ms(Duration::from_secs(58)), 58_000);
        for ms in [i64::MIN, -1, 0, i64::MAX] {
            for at in [Timestamp::from_ms(ms), Timestamp::from(ms)] {
                assert!(at.as_ms().unsigned_abs() <= MAX_NUMBER);
            }
            let read = decode(&ms.to_string());
            assert_eq!(read, Ok(Timestamp::from_ms(ms)), "a message can't make one that is beyond");
        }
    }
}
