//! Which days of a month match, as a mask whose bit 1 is the 1st. Knows no time of day.

use crate::civil::{Date, days_in, weekday_of};

/// All weeks of a year, by their ISO numbers.
pub(super) const ALL_WEEKS: u64 = (1 << 54) - 2;
pub(super) const ALL_DATES: u32 = !1;
pub(super) const ALL_WEEKDAYS: u8 = 0x7f;

/// What `day`, `week` and `day_of_week` say together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Days {
    pub(super) day: DaySet,
    pub(super) day_of_week: DaySet,
    /// Bit n: ISO week n.
    pub(super) weeks: u64,
    pub(super) join: Join,
    /// Whether no weekday matters, which saves most of the work.
    by_date: bool,
}

/// How `day` and `day_of_week` go together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Join {
    Both,
    Either,
}

/// What one field says about days: a union.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct DaySet {
    /// Bit n: the nth.
    pub(super) dates: u32,
    /// Bit n: n days before the last.
    pub(super) last: u32,
    /// Bit n: the weekday nearest to the nth; bit 0: the last weekday.
    pub(super) nearest: u32,
    /// Every one of these weekdays; bit 0 is Monday.
    pub(super) weekdays: u8,
    /// Weekdays by their place in a month, seven bits a place: the first to the fifth, then the last.
    pub(super) nth: u64,
}

/// The place in a month that is the last, after five others.
pub(super) const LAST: u32 = 5;

/// A month, as far as its days are concerned.
struct Month {
    year: i32,
    is_january: bool,
    length: u32,
    /// The day number of its 1st, counted from 1970-01-01.
    start: i64,
    /// The weekday of its 1st, Monday = 0.
    first: u32,
}

impl Days {
    pub(super) fn new(day: DaySet, week: u64, day_of_week: DaySet, join: Join) -> Self {
        let by_date =
            day.is_dates() && day_of_week.is_every() && week == ALL_WEEKS && join == Join::Both;
        Self { day, day_of_week, weeks: week, join, by_date }
    }

    /// The days of this month that match.
    #[inline]
    pub(super) fn of(&self, year: i32, month: u8) -> u32 {
        if self.by_date {
            return self.day.dates & existing(year, month);
        }
        self.by_weekday(year, month)
    }

    fn by_weekday(&self, year: i32, month: u8) -> u32 {
        let all = existing(year, month);
        // Weekdays are what costs: they are not looked at where no date comes.
        if self.join == Join::Both && self.day.is_dates() && self.day.dates & all == 0 {
            return 0;
        }
        let month = Month::new(year, month);
        let (day, day_of_week) = (self.day.of(&month), self.day_of_week.of(&month));
        let days = match self.join {
            Join::Both => day & day_of_week & all,
            Join::Either => (day | day_of_week) & all,
        };
        if self.weeks == ALL_WEEKS || days == 0 { days } else { days & month.weeks(self.weeks) }
    }
}

impl DaySet {
    /// The days of this month.
    pub(super) fn in_month(&self, year: i32, month: u8) -> u32 {
        self.of(&Month::new(year, month)) & existing(year, month)
    }

    fn of(&self, month: &Month) -> u32 {
        let mut days = self.dates;
        if self.weekdays != 0 {
            days |= month.all(self.weekdays);
        }
        if self.has_places() {
            days |= self.places(month);
        }
        days
    }

    /// What depends on how long the month is and with which weekday it begins.
    fn places(&self, month: &Month) -> u32 {
        // Bit n, n days before the last, becomes the bit of that day.
        let mut days = self.last.reverse_bits() >> (31 - month.length);
        if self.nth != 0 {
            for (place, from) in (0..).zip([1, 8, 15, 22, 29, month.length - 6]) {
                days |= month.all(self.at_place(place)) & (0x7f << from);
            }
        }
        for day in bits(self.nearest.into()) {
            days |= month.nearest_weekday(day);
        }
        days
    }

    /// These weekdays at a place of the month.
    pub(super) fn at_place(&self, place: u32) -> u8 {
        u8::try_from(self.nth >> (7 * place) & 0x7f).unwrap_or(0)
    }

    /// Whether it is dates only.
    pub(super) fn is_dates(&self) -> bool {
        self.weekdays == 0 && !self.has_places()
    }

    fn has_places(&self) -> bool {
        self.last != 0 || self.nearest != 0 || self.nth != 0
    }

    /// Whether it is every day.
    pub(super) fn is_every(&self) -> bool {
        self.dates == ALL_DATES || self.weekdays == ALL_WEEKDAYS
    }
}

impl Month {
    fn new(year: i32, month: u8) -> Self {
        let start = Date { year, month, day: 1 }.to_days();
        let (length, first) = (days_in(year, month).into(), weekday_of(start).into());
        Self { year, is_january: month == 1, length, start, first }
    }

    /// The days that are one of these weekdays.
    fn all(&self, weekdays: u8) -> u32 {
        let weekdays = u32::from(weekdays);
        // The weekday of the 1st goes to bit 1; then the same for five weeks.
        let week = ((weekdays | weekdays << 7) >> self.first & 0x7f) << 1;
        week | week << 7 | week << 14 | week << 21 | week << 28
    }

    /// The weekday, Monday to Friday, that is nearest to a day within the month; for 0 the last one.
    fn nearest_weekday(&self, day: u32) -> u32 {
        if day > self.length {
            return 0;
        }
        let weekday = |day: u32| (self.first + day - 1) % 7;
        let last = if day == 0 { self.length } else { day };
        let found = match (weekday(last), day) {
            (5, 1) => 3,
            (5, _) => last - 1,
            (6, 0) => last - 2,
            (6, day) if day == self.length => last - 2,
            (6, _) => last + 1,
            _ => last,
        };
        1 << found
    }

    /// The days that lie in one of these ISO weeks. A week belongs to the year of its Thursday.
    fn weeks(&self, weeks: u64) -> u32 {
        let first_of = |year| Date { year, month: 1, day: 1 }.to_days();
        // The Monday of the week that the 1st lies in, as a day of this month: 1 to -5.
        let mut monday = 1 - i64::from(self.first);
        let mut thursday = self.start + monday + 2;
        let year = self.year - i32::from(self.is_january && thursday < self.start);
        let mut next_year = first_of(year + 1);
        let (mut week, mut days) = ((thursday - first_of(year)) / 7 + 1, 0);
        while monday <= i64::from(self.length) {
            if thursday >= next_year {
                (week, next_year) = (1, i64::MAX);
            }
            if weeks >> week & 1 == 1 {
                days |= if monday < 0 { 0x7f >> -monday } else { 0x7f << monday };
            }
            (monday, thursday, week) = (monday + 7, thursday + 7, week + 1);
        }
        days
    }
}

/// The months that any of these ISO weeks may touch; bit 1 is January.
pub(super) fn months_of_weeks(weeks: u64) -> u16 {
    let mut months = 0;
    let mut start = 0;
    for month in 1..=12 {
        let end = start + u32::from(days_in(2000, month));
        // Its Thursdays are from three days before it to three days after, in any kind of year.
        let (first, last) = (start.saturating_sub(4) / 7 + 1, (end + 2) / 7 + 1);
        let mut touched = (2 << last) - (1 << first);
        if month == 1 || month == 12 {
            touched |= 1 << 1 | 1 << 52 | 1 << 53;
        }
        months |= u16::from(weeks & touched != 0) << month;
        start = end;
    }
    months
}

/// The days that a month has.
fn existing(year: i32, month: u8) -> u32 {
    ALL_DATES >> (31 - days_in(year, month)) & ALL_DATES
}

/// The numbers whose bits are set, ascending.
pub(super) fn bits(mut set: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = next_bit(set, 0)?;
        set &= set - 1;
        Some(bit)
    })
}

/// The first number from `from` on whose bit is set.
#[inline]
pub(super) fn next_bit(set: u64, from: u32) -> Option<u32> {
    let rest = set & u64::MAX.checked_shl(from).unwrap_or(0);
    (rest != 0).then(|| rest.trailing_zeros())
}
