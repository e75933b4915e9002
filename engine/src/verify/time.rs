//! Instants as systems write them, for the filter `time`. Unlike a trigger's date, any year from 0 to
//! 9999 is taken, and a time without a zone is an instant only where the author names its zone.
//!
//! * RFC 3339 and its relatives: `2026-11-23T12:00:00.1Z`, `2026-11-23 14:00:00+02`, `… UTC`; the date alone
//!   is its midnight. Finer than a millisecond is floored; second 60 is the one before it.
//! * RFC 9110's dates, as headers have them: `Mon, 23 Nov 2026 12:00:00 GMT`.
//! * Numbers, also in quotes: time since the Unix epoch, in seconds, milliseconds, microseconds or
//!   nanoseconds, whichever puts it nearest to our century ([`MAX_SECONDS`] and a thousand times as much).

use super::decimal::Decimal;
use crate::civil::{Civil, Date};
use crate::json::Value;
use crate::time::Timestamp;
use crate::zone::{Resolved, Zone};

/// Numbers below this are seconds: until the year 5138. As milliseconds it is in 1973.
const MAX_SECONDS: i64 = 100_000_000_000;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What a value says about an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Told {
    At(Timestamp),
    /// A time on some wall.
    Wall(Civil),
}

impl Told {
    /// Reads a value; none when it is no time.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => since_epoch(&Decimal::of(number)?).map(Self::At),
            Value::String(text) => Self::read_text(text.trim()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn read_text(text: &str) -> Option<Self> {
        if let Some(number) = Decimal::of_text(text) {
            return since_epoch(&number).map(Self::At);
        }
        http_date(text).map(Self::At).or_else(|| written(text))
    }

    /// The instant; none when it is a time without a zone, and no zone is known. On the wall it is fixed:
    /// in a gap the first valid one after it, in a fold the first.
    pub(crate) fn instant(self, zone: Option<&Zone>) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Wall(civil) => Some(match zone?.resolve(civil) {
                Resolved::One(at) | Resolved::Gap(at) | Resolved::Fold(at, _) => at,
            }),
        }
    }
}

/// A number as the instant that it most likely means.
fn since_epoch(number: &Decimal) -> Option<Timestamp> {
    let size = number.magnitude_of();
    let of = |whole: i64| Decimal::of_text(&whole.to_string());
    if size < of(MAX_SECONDS)? {
        let ms = number.times(&of(1000)?).floor()?;
        return Some(Timestamp::from_ms(ms)).filter(|at| at.as_ms() == ms);
    }
    let per_ms = if size < of(MAX_SECONDS * 1000)? {
        1
    } else if size < of(MAX_SECONDS * 1_000_000)? {
        1000
    } else {
        1_000_000
    };
    let ms = number.floor()?.div_euclid(per_ms);
    Some(Timestamp::from_ms(ms)).filter(|at| at.as_ms() == ms)
}

/// `Mon, 23 Nov 2026 12:00:00 GMT`. Source: RFC 9110, 5.6.7, `IMF-fixdate`.
fn http_date(text: &str) -> Option<Timestamp> {
    let (_weekday, rest) = text.split_once(", ")?;
    let mut rest = Rest(rest.strip_suffix(" GMT")?.as_bytes());
    let day = rest.digits(2)?;
    rest.eat(b" ")?;
    let name = rest.take(3)?;
    let month = MONTHS.iter().position(|month| month.as_bytes() == name)?;
    rest.eat(b" ")?;
    let date = date_of(rest.digits(4)?, i64::try_from(month).ok()? + 1, day)?;
    rest.eat(b" ")?;
    let of_day = rest.time()?;
    let civil = date.midnight().0 + of_day;
    rest.0.is_empty().then(|| Timestamp::from_ms(civil))
}

fn written(text: &str) -> Option<Told> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.digits(4)?;
    rest.eat(b"-")?;
    let month = rest.digits(2)?;
    rest.eat(b"-")?;
    let midnight = date_of(year, month, rest.digits(2)?)?.midnight().0;
    if rest.0.is_empty() {
        return Some(Told::Wall(Civil(midnight)));
    }
    rest.eat(b"Tt ")?;
    let civil = midnight + rest.time()?;
    if rest.0.is_empty() {
        return Some(Told::Wall(Civil(civil)));
    }
    let offset = rest.offset()?;
    let at = civil - offset;
    let exists = Timestamp::from_ms(at).as_ms() == at;
    (rest.0.is_empty() && exists).then(|| Told::At(Timestamp::from_ms(at)))
}

fn date_of(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// What of a text is not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        self.take(count)?.iter().try_fold(0, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
        })
    }

    fn eat(&mut self, any: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first().filter(|(first, _)| any.contains(first))?;
        self.0 = rest;
        Some(*first)
    }

    /// hh:mm, then seconds and their fraction if they are there, in milliseconds.
    fn time(&mut self) -> Option<i64> {
        let hour = self.digits(2)?;
        self.eat(b":")?;
        let minute = self.digits(2)?;
        let mut ms = 0;
        if self.eat(b":").is_some() {
            let second = self.digits(2)?;
            if second > 60 {
                return None;
            }
            ms = second.min(59) * 1000 + self.fraction()?;
        }
        (hour < 24 && minute < 60).then_some(hour * 3_600_000 + minute * 60_000 + ms)
    }

    fn fraction(&mut self) -> Option<i64> {
        if self.eat(b".,").is_none() {
            return Some(0);
        }
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = self.take(count).filter(|digits| !digits.is_empty())?;
        let place = |at: usize| digits.get(at).map_or(0, |digit| i64::from(digit - b'0'));
        Some(place(0) * 100 + place(1) * 10 + place(2))
    }

    /// `Z`, ` UTC`, `+hh`, `+hhmm` or `+hh:mm`, after a blank too.
    fn offset(&mut self) -> Option<i64> {
        let _blank = self.eat(b" ");
        if matches!(self.0, b"UTC" | b"GMT") {
            self.0 = &[];
            return Some(0);
        }
        let sign = match self.eat(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _zulu => return Some(0),
        };
        let hours = self.digits(2)?;
        let colon = self.eat(b":").is_some();
        let minutes = if colon || !self.0.is_empty() { self.digits(2)? } else { 0 };
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600_000 + minutes * 60_000))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::zone::bundled;

    fn told(text: &str) -> Option<Told> {
        Told::read(&Value::from(text))
    }

    fn number(text: &str) -> Option<Told> {
        Told::read(&crate::json::parse(text).unwrap())
    }

    fn at(ms: i64) -> Told {
        Told::At(Timestamp::from_ms(ms))
    }

    const NOON: i64 = 1_795_435_200_000;

    #[test]
    fn instants_are_read_as_systems_write_them() {
        for text in [
            "2026-11-23T12:00:00Z",
            "2026-11-23 12:00:00.000999Z",
            "2026-11-23T14:00:00+02:00",
            "2026-11-23 14:00:00+02",
            "2026-11-23T06:30:00-0530",
            "2026-11-23 12:00:00 UTC",
            "2026-11-23 12:00:00 +0000",
            "2026-11-23t12:00z",
            " 2026-11-23T12:00:00,0Z ",
            "Mon, 23 Nov 2026 12:00:00 GMT",
            "1795435200",
            "1795435200000",
            "1795435200000999",
        ] {
            assert_eq!(told(text), Some(at(NOON)), "{text}");
        }
    }

    #[test]
    fn numbers_are_seconds_or_finer_by_their_size() {
        assert_eq!(number("1795435200"), Some(at(NOON)));
        assert_eq!(number("1795435204.2"), Some(at(NOON + 4200)));
        assert_eq!(number("1795435200000"), Some(at(NOON)));
        assert_eq!(number("1795435200000.9"), Some(at(NOON)));
        assert_eq!(number("1795435200000999"), Some(at(NOON)));
        assert_eq!(number("1795435200000999999"), Some(at(NOON)));
        assert_eq!(number("0"), Some(at(0)));
        assert_eq!(number("-0.0001"), Some(at(-1)), "floored, not cut");
        assert_eq!(number("99999999999999999999999"), None);
    }

    #[test]
    fn a_time_without_a_zone_needs_one() {
        let wall = told("2026-07-01 14:00:00").unwrap();
        assert_eq!(wall.instant(None), None);
        let london = bundled::zone("Europe/London").unwrap();
        let shanghai = bundled::zone("Asia/Shanghai").unwrap();
        let shown = |zone: &Zone| wall.instant(Some(zone)).unwrap().to_string();
        assert_eq!(shown(&london), "2026-07-01T13:00:00Z");
        assert_eq!(shown(&shanghai), "2026-07-01T06:00:00Z");
        let day = told("2026-11-23").unwrap();
        assert_eq!(day.instant(Some(&shanghai)).unwrap().to_string(), "2026-11-22T16:00:00Z");
    }

    #[test]
    fn in_a_gap_it_is_the_first_instant_after_it_and_in_a_fold_the_first() {
        let london = bundled::zone("Europe/London").unwrap();
        let shown = |text| told(text).unwrap().instant(Some(&london)).unwrap().to_string();
        assert_eq!(shown("2026-03-29 01:30:00"), "2026-03-29T01:00:00Z");
        assert_eq!(shown("2026-10-25 01:30:00"), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for bad in [
            "",
            "yesterday",
            "12:00",
            "2026-02-30",
            "2026-13-01T00:00:00Z",
            "2026-11-23T25:00:00Z",
            "2026-11-23T12:00:61Z",
            "2026-11-23T12:00:00+99:00",
            "2026-11-23T12:00:00Zulu",
            "2026-11-23T12:00:00.Z",
            "23/11/2026",
            "Mon, 23 Foo 2026 12:00:00 GMT",
            "0000-01-01T00:00:00+23:00",
        ] {
            assert_eq!(told(bad), None, "{bad}");
        }
        assert_eq!(number("true"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn instants_are_those_that_jiff_reads(
            ms in Timestamp::MIN.as_ms()..Timestamp::MAX.as_ms(), offset in -86_000_i32..86_000, nanos in 0_i64..1_000_000
        ) {
            let offset = jiff::tz::Offset::from_seconds(offset / 60 * 60).unwrap();
            let exact = jiff::Timestamp::from_millisecond(ms).unwrap()
                + jiff::SignedDuration::from_nanos(nanos);
            let text = exact.display_with_offset(offset).to_string();
            prop_assume!(text.starts_with(|c: char| c.is_ascii_digit()));
            prop_assert_eq!(told(&text), Some(at(ms)), "{}", text);
        }

        #[test]
        fn texts_that_nearly_are_times_are_read_only_when_jiff_reads_them(
            text in "20[0-9][0-9]-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?(Z|[+-][01][0-9]:[0-6][0-9])"
        ) {
            let theirs = text.parse::<jiff::Timestamp>().ok();
            let want = theirs.map(|theirs| {
                Told::At(Timestamp::from_ms(theirs.as_nanosecond().div_euclid(1_000_000).try_into().unwrap()))
            });
            prop_assert_eq!(told(&text), want, "{}", text);
        }
    }
}
