//! Dates as people write them: `YYYY-MM-DD`, with `T` or a blank and a time, with or without an offset.
//! Without one they are times on a zone's wall. Knows no trigger.

use std::rc::Rc;

use super::cron::{Changes, Fold, Gap};
use crate::civil::{Civil, Date, MS_PER_DAY};
use crate::document::{Place, ProblemKind, Problems};
use crate::json;
use crate::time::Timestamp;
use crate::zone::{Resolved, Zone};

/// The first and the last year of triggers: what the tables of zones cover.
pub(super) const FIRST_YEAR: i32 = 1970;
pub(super) const LAST_YEAR: i32 = 2100;

/// A date that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Written {
    date: Date,
    /// Milliseconds since midnight, when a time was given.
    of_day: Option<i64>,
    /// How far it is from UTC, in milliseconds, when that was given.
    offset: Option<i64>,
}

/// Why a text is no date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wrong {
    Form,
    /// Such as 30 February, or 25 o'clock.
    NotThere,
    Year,
}

impl Written {
    /// Reads a date; a problem names what is wrong with it.
    pub(super) fn read(place: &Place, problems: &mut Problems) -> Option<Self> {
        let text = place.text(problems)?;
        match parse(text) {
            Ok(written) => Some(written),
            Err(wrong) => {
                problems.push(place, wrong.kind(text));
                None
            }
        }
    }

    /// Reads a date without a time.
    pub(super) fn read_day(place: &Place, problems: &mut Problems) -> Option<i64> {
        let written = Self::read(place, problems)?;
        if written.of_day.is_some() {
            problems.push(place, Wrong::Form.kind_of_day(place.value.as_str().unwrap_or("")));
            return None;
        }
        Some(written.date.to_days())
    }

    /// Whether it is a date only.
    pub(super) fn is_day(&self) -> bool {
        self.of_day.is_none()
    }

    /// The time on the wall, when it is one.
    pub(super) fn wall(&self) -> Option<Civil> {
        self.offset.is_none().then(|| self.civil())
    }

    /// The instant. On the wall it is fixed: in a gap the first valid one after it, in a fold the first.
    pub(super) fn instant(&self, zone: &Zone) -> Timestamp {
        match self.offset {
            Some(offset) => Timestamp::from_ms(self.civil().0 - offset),
            None => fixed(zone, self.civil()),
        }
    }

    /// The date in the zone, as days since 1970.
    pub(super) fn day(&self, zone: &Zone) -> i64 {
        match self.offset {
            Some(_) => zone.civil(self.instant(zone)).0.div_euclid(MS_PER_DAY),
            None => self.date.to_days(),
        }
    }

    /// The last instant of its day when it is a date only, else its instant.
    pub(super) fn day_included(&self, zone: &Zone) -> Timestamp {
        if self.of_day.is_some() {
            return self.instant(zone);
        }
        let next = Civil(self.date.midnight().0 + MS_PER_DAY);
        Timestamp::from_ms(fixed(zone, next).as_ms() - 1)
    }

    fn civil(&self) -> Civil {
        Civil(self.date.midnight().0 + self.of_day.unwrap_or(0))
    }
}

impl Wrong {
    fn kind(self, text: &str) -> ProblemKind {
        let quoted = json::quoted(text);
        match self {
            Self::Form => ProblemKind::Said {
                en: format!(
                    "{quoted} is not a date; write one such as \"2026-11-24\", \"2026-11-24T02:00:00\" or \"2026-11-24T02:00:00+08:00\""
                ),
                zh: format!(
                    "{quoted} 不是日期；请写成 \"2026-11-24\"、\"2026-11-24T02:00:00\" 或 \"2026-11-24T02:00:00+08:00\""
                ),
            },
            Self::NotThere => ProblemKind::Said {
                en: format!("{quoted} does not exist in any calendar or clock; correct it"),
                zh: format!("{quoted} 这一日期或时间不存在；请更正"),
            },
            Self::Year => ProblemKind::OutOfRange {
                got: text.to_owned(),
                least: format!("{FIRST_YEAR}-01-01"),
                most: format!("{LAST_YEAR}-12-31"),
            },
        }
    }

    fn kind_of_day(self, text: &str) -> ProblemKind {
        let quoted = json::quoted(text);
        match self {
            Self::Form => ProblemKind::Said {
                en: format!("{quoted} has a time; write the date alone, such as \"2026-12-25\""),
                zh: format!("{quoted} 带有时间；请只写日期，例如 \"2026-12-25\""),
            },
            Self::NotThere | Self::Year => self.kind(text),
        }
    }
}

/// A civil time as a fixed one: in a gap the first valid instant after it, in a fold the first.
pub(super) fn fixed(zone: &Zone, civil: Civil) -> Timestamp {
    match zone.resolve(civil) {
        Resolved::One(at) | Resolved::Gap(at) | Resolved::Fold(at, _) => at,
    }
}

/// The instants of a civil time that is fixed unless `changes` say otherwise, the earlier first.
pub(super) fn instants(zone: &Zone, civil: Civil, changes: Changes) -> [Option<Timestamp>; 2] {
    match zone.resolve(civil) {
        Resolved::One(at) => [Some(at), None],
        Resolved::Gap(at) => match changes.gap {
            None | Some(Gap::Next) => [Some(at), None],
            Some(Gap::Skip) => [None, None],
        },
        Resolved::Fold(first, last) => match changes.fold {
            None | Some(Fold::First) => [Some(first), None],
            Some(Fold::Last) => [Some(last), None],
            Some(Fold::Both) => [Some(first), Some(last)],
        },
    }
}

/// The instant that a date trigger names: kept as a time on the wall only where that is in doubt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Moment {
    At(Timestamp),
    Wall(Civil),
}

impl Moment {
    pub(super) fn new(written: &Written, zone: &Rc<Zone>) -> Self {
        match written.wall().map(|civil| (civil, zone.resolve(civil))) {
            Some((civil, Resolved::Gap(_) | Resolved::Fold(..))) => Self::Wall(civil),
            Some((_, Resolved::One(at))) => Self::At(at),
            None => Self::At(written.instant(zone)),
        }
    }

    /// Its first instant at or after another.
    pub(super) fn next(&self, zone: &Zone, changes: Changes, from: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(*at).filter(|at| *at >= from),
            Self::Wall(civil) => {
                instants(zone, *civil, changes).into_iter().flatten().find(|at| *at >= from)
            }
        }
    }
}

/// A time on the wall as text: the date, and the time as far as it is not zero.
pub(super) fn civil_text(civil: Civil) -> String {
    let (Date { year, month, day }, of_day) = civil.split();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if of_day == 0 { date } else { format!("{date} {}", time_text(of_day)) }
}

/// A time of day as text: hours and minutes, and seconds as far as they are not zero.
pub(super) fn time_text(of_day: i64) -> String {
    let (hour, minute, second) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
    match (second, of_day % 1000) {
        (0, 0) => format!("{hour:02}:{minute:02}"),
        (_, 0) => format!("{hour:02}:{minute:02}:{second:02}"),
        (_, ms) => format!("{hour:02}:{minute:02}:{second:02}.{ms:03}"),
    }
}

/// Reads a day that comes every year, `MM-DD`.
pub(super) fn read_month_day(place: &Place, problems: &mut Problems) -> Option<(u8, u8)> {
    let text = place.text(problems)?;
    let mut rest = Rest(text.as_bytes());
    let read = |rest: &mut Rest| {
        let month = rest.digits(2)?;
        rest.eat(b"-")?;
        // A leap year, so that 29 February counts.
        calendar_date(2000, month, rest.digits(2)?)
    };
    let quoted = json::quoted(text);
    match read(&mut rest) {
        Ok(Date { month, day, .. }) if rest.0.is_empty() => return Some((month, day)),
        Err(Wrong::NotThere) => problems.push(place, Wrong::NotThere.kind(text)),
        Ok(_) | Err(_) => problems.push(
            place,
            ProblemKind::Said {
                en: format!(
                    "{quoted} is not a day of the year; write month and day, such as \"12-25\""
                ),
                zh: format!("{quoted} 不是一年中的某天；请写月和日，例如 \"12-25\""),
            },
        ),
    }
    None
}

fn parse(text: &str) -> Result<Written, Wrong> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.digits(4)?;
    rest.eat(b"-")?;
    let month = rest.digits(2)?;
    rest.eat(b"-")?;
    let day = rest.digits(2)?;
    let date = calendar_date(year, month, day)?;
    if rest.0.is_empty() {
        return Ok(Written { date, of_day: None, offset: None });
    }
    rest.eat(b"Tt ")?;
    let of_day = rest.time()?;
    let offset = if rest.0.is_empty() { None } else { Some(rest.offset()?) };
    if !rest.0.is_empty() {
        return Err(Wrong::Form);
    }
    Ok(Written { date, of_day: Some(of_day), offset })
}

fn calendar_date(year: i64, month: i64, day: i64) -> Result<Date, Wrong> {
    let year = i32::try_from(year).map_err(|_| Wrong::Year)?;
    let small = |number: i64| u8::try_from(number).map_err(|_| Wrong::NotThere);
    let date = Date::new(year, small(month)?, small(day)?).ok_or(Wrong::NotThere)?;
    if (FIRST_YEAR..=LAST_YEAR).contains(&year) { Ok(date) } else { Err(Wrong::Year) }
}

/// What of a text is not read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn digits(&mut self, count: usize) -> Result<i64, Wrong> {
        let (digits, rest) = self.0.split_at_checked(count).ok_or(Wrong::Form)?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, digit| {
            if digit.is_ascii_digit() {
                Ok(number * 10 + i64::from(digit - b'0'))
            } else {
                Err(Wrong::Form)
            }
        })
    }

    fn eat(&mut self, any: &[u8]) -> Result<u8, Wrong> {
        let (first, rest) = self.0.split_first().ok_or(Wrong::Form)?;
        self.0 = rest;
        if any.contains(first) { Ok(*first) } else { Err(Wrong::Form) }
    }

    fn begins_with(&self, byte: u8) -> bool {
        self.0.first() == Some(&byte)
    }

    /// hh:mm, then seconds and their fraction if they are there; finer than a millisecond is floored.
    fn time(&mut self) -> Result<i64, Wrong> {
        let hour = self.digits(2)?;
        self.eat(b":")?;
        let minute = self.digits(2)?;
        let mut ms = 0;
        if self.begins_with(b':') {
            self.eat(b":")?;
            let second = self.digits(2)?;
            if second > 59 {
                return Err(Wrong::NotThere);
            }
            ms = second * 1000 + self.fraction()?;
        }
        if hour > 23 || minute > 59 {
            return Err(Wrong::NotThere);
        }
        Ok(hour * 3_600_000 + minute * 60_000 + ms)
    }

    fn fraction(&mut self) -> Result<i64, Wrong> {
        if !self.begins_with(b'.') {
            return Ok(0);
        }
        self.eat(b".")?;
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut ms = 0;
        for place in 0..3 {
            ms = ms * 10 + if place < count { i64::from(self.0[place] - b'0') } else { 0 };
        }
        self.0 = self.0.get(count..).unwrap_or_default();
        if count == 0 { Err(Wrong::Form) } else { Ok(ms) }
    }

    /// `Z`, `+hh:mm` or `+hhmm`.
    fn offset(&mut self) -> Result<i64, Wrong> {
        let sign = match self.eat(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _zulu => return Ok(0),
        };
        let hours = self.digits(2)?;
        if self.begins_with(b':') {
            self.eat(b":")?;
        }
        let minutes = self.digits(2)?;
        if hours > 23 || minutes > 59 {
            return Err(Wrong::NotThere);
        }
        Ok(sign * (hours * 3_600_000 + minutes * 60_000))
    }
}
