//! Instants, their spellings in the five systems, and durations. Never reads a clock.

use std::time::Duration;

use crate::limits::MAX_DELAY;

const MS_PER_DAY: i64 = 86_400_000;
const SHORTEST_INSTANT: usize = "2026-11-23T12:00:00Z".len();

/// An instant in whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant that many milliseconds after 1970.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// This instant, later by `duration`; the last one there is, if that would be beyond it.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Reads RFC 3339: `2026-11-23T12:00:00.1Z`, or with an offset. Finer parts than milliseconds are floored.
    ///
    /// ```
    /// use pipeline::Timestamp;
    /// let noon = Timestamp::parse_rfc3339("2026-11-23T14:00:00+02:00").unwrap();
    /// assert_eq!(noon.to_rfc3339(), "2026-11-23T12:00:00.000Z");
    /// ```
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        if !text.is_ascii() || text.len() < SHORTEST_INSTANT {
            return None;
        }
        let day = parse_day(&text[..10])?;
        if !matches!(text.as_bytes()[10], b'T' | b't' | b' ') {
            return None;
        }
        let (hour, minute, second) = parse_clock(&text[11..19])?;
        let (ms, zone) = parse_fraction(&text[19..])?;
        let offset_minutes = parse_offset(zone)?;
        let seconds = hour * 3600 + minute * 60 + second - offset_minutes * 60;
        Some(Self(day * MS_PER_DAY + seconds * 1000 + ms))
    }

    /// `2026-11-23T12:00:00.100Z`
    pub fn to_rfc3339(self) -> String {
        let (date, rest) = self.split();
        let (hour, minute, second) = clock_of(rest);
        format!("{date}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1000)
    }

    /// `2026-11-23 12:00:00`, as a table without zones spells it.
    pub fn to_table_text(self) -> String {
        let (date, rest) = self.split();
        let (hour, minute, second) = clock_of(rest);
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }

    /// `2026-11-23`
    pub fn to_day(self) -> String {
        self.split().0
    }

    /// Seconds with their milliseconds as a decimal text: `1795435204.2`, and `1795435204` when whole.
    pub fn to_unix_seconds(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (seconds, ms) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        if ms == 0 {
            return format!("{sign}{seconds}");
        }
        let fraction = format!("{ms:03}");
        format!("{sign}{seconds}.{}", fraction.trim_end_matches('0'))
    }

    fn split(self) -> (String, i64) {
        let (year, month, day) = civil_of(self.0.div_euclid(MS_PER_DAY));
        (format!("{year:04}-{month:02}-{day:02}"), self.0.rem_euclid(MS_PER_DAY))
    }
}

/// Whether this is a date that exists, written `YYYY-MM-DD`.
pub(crate) fn is_day(text: &str) -> bool {
    text.is_ascii() && parse_day(text).is_some()
}

/// Reads a whole number and its unit: `250ms`, `6s`, `2m`, `1h`, `1d`; `None` beyond [`MAX_DELAY`].
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit_ms: u64 = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let duration = Duration::from_millis(number.parse::<u64>().ok()?.checked_mul(unit_ms)?);
    (duration <= MAX_DELAY).then_some(duration)
}

fn parse_day(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(&text[..4])?, digits(&text[5..7])?, digits(&text[8..])?);
    let days = days_of(year, month, day);
    // A date that does not exist comes back as another one.
    (civil_of(days) == (year, month, day)).then_some(days)
}

fn parse_clock(text: &str) -> Option<(i64, i64, i64)> {
    let bytes = text.as_bytes();
    if bytes[2] != b':' || bytes[5] != b':' {
        return None;
    }
    let (hour, minute, second) = (digits(&text[..2])?, digits(&text[3..5])?, digits(&text[6..])?);
    (hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

/// Splits `.123456Z` into 123 ms and `Z`.
fn parse_fraction(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    if end == 0 {
        return None;
    }
    let three: String = rest[..end].chars().chain("000".chars()).take(3).collect();
    Some((digits(&three)?, &rest[end..]))
}

fn parse_offset(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'Z' | b'z' => return (text.len() == 1).then_some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn digits(text: &str) -> Option<i64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn clock_of(ms: i64) -> (i64, i64, i64) {
    (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60)
}

/// Days since 1970 of a date of the proleptic Gregorian calendar. Source: Hinnant, `days_from_civil`.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day since 1970. Source: Hinnant, `civil_from_days`.
fn civil_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn instants_are_read_with_any_offset_and_floored() {
        let check = |text: &str, want: Option<&str>| {
            let got = Timestamp::parse_rfc3339(text).map(Timestamp::to_rfc3339);
            assert_eq!(got.as_deref(), want, "{text}");
        };
        check("2026-11-23T12:00:00Z", Some("2026-11-23T12:00:00.000Z"));
        check("2026-11-23T12:00:00.1Z", Some("2026-11-23T12:00:00.100Z"));
        check("2026-11-23T12:00:00.123999Z", Some("2026-11-23T12:00:00.123Z"));
        check("2026-11-24T01:30:00+13:30", Some("2026-11-23T12:00:00.000Z"));
        check("1969-12-31t23:59:59.5z", Some("1969-12-31T23:59:59.500Z"));
        check("2024-02-29 00:00:00Z", Some("2024-02-29T00:00:00.000Z"));
        check("2026-02-29T00:00:00Z", None);
        check("2026-11-23T24:00:00Z", None);
        check("2026-11-23T12:00:00", None);
        check("2026-11-23T12:00:00.Z", None);
        check("2026-11-23T12:00:00+2:00", None);
        check("2026-11-23T12:00:00Zoo", None);
        check("yesterday", None);
        check("2026-11-23T12:00:00\u{e9}", None);
    }

    #[test]
    fn spellings_of_one_instant() {
        let instant = Timestamp::from_ms(1_795_435_204_200);
        assert_eq!(instant.to_table_text(), "2026-11-23 12:00:04");
        assert_eq!(instant.to_day(), "2026-11-23");
        assert_eq!(instant.to_unix_seconds(), "1795435204.2");
        assert_eq!(Timestamp::from_ms(5000).to_unix_seconds(), "5");
        assert_eq!(Timestamp::from_ms(-1500).to_unix_seconds(), "-1.5");
    }

    #[test]
    fn durations() {
        let check = |text: &str, want: Option<u64>| {
            assert_eq!(parse_duration(text), want.map(Duration::from_millis), "{text}");
        };
        check("250ms", Some(250));
        check("6s", Some(6000));
        check("2m", Some(120_000));
        check("1h", Some(3_600_000));
        check("7d", Some(604_800_000));
        check("8d", None);
        check("18446744073709551615h", None);
        check("6", None);
        check("s", None);
        check("-1s", None);
        check("1.5s", None);
    }

    proptest! {
        #[test]
        fn an_instant_survives_its_text(ms in -62_000_000_000_000_i64..250_000_000_000_000) {
            let instant = Timestamp::from_ms(ms);
            prop_assert_eq!(Timestamp::parse_rfc3339(&instant.to_rfc3339()), Some(instant));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = Timestamp::parse_rfc3339(&text);
            let _ = parse_duration(&text);
            let _ = is_day(&text);
        }

        #[test]
        fn no_instant_panics(ms: i64) {
            let instant = Timestamp::from_ms(ms);
            let _ = (instant.to_rfc3339(), instant.to_table_text(), instant.to_unix_seconds());
        }
    }
}
