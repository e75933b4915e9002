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
    /// These weekdays, the first to the fifth time in a month, then the last time.
    pub(super) nth: [u8; 6],
}

/// Which place of [`DaySet::nth`] is the last one in a month.
pub(super) const LAST: usize = 5;

/// A month, as far as its days are concerned.
struct Month {
    year: i32,
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
        let (month, all) = (Month::new(year, month), existing(year, month));
        let day = self.day.of(&month);
        let day_of_week = self.day_of_week.of(&month);
        let days = match self.join {
            Join::Both => day & day_of_week,
            Join::Either => day | day_of_week,
        };
        if self.weeks == ALL_WEEKS || days & all == 0 {
            return days & all;
        }
        days & all & month.weeks(self.weeks)
    }
}

impl DaySet {
    /// Every day, as `day` says it.
    pub(super) fn dates(dates: u32) -> Self {
        Self { dates, ..Self::default() }
    }

    /// The days of this month, and perhaps bits of days that it has not.
    pub(super) fn in_month(&self, year: i32, month: u8) -> u32 {
        self.of(&Month::new(year, month)) & existing(year, month)
    }

    fn of(&self, month: &Month) -> u32 {
        let mut days = self.dates | month.all(self.weekdays);
        if self.is_dates() {
            return days;
        }
        // Bit n, n days before the last, becomes the bit of that day.
        days |= self.last.reverse_bits() >> (31 - month.length);
        for (from, &weekdays) in [1, 8, 15, 22, 29, month.length - 6].iter().zip(&self.nth) {
            days |= month.all(weekdays) & (0x7f << from);
        }
        for day in bits(self.nearest.into()) {
            days |= month.nearest_weekday(day);
        }
        days
    }

    /// Whether it is dates only.
    pub(super) fn is_dates(&self) -> bool {
        *self == Self::dates(self.dates)
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
        Self { year, length, start, first }
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
        let year_start = |year| Date { year, month: 1, day: 1 }.to_days();
        let (this, next) = (year_start(self.year), year_start(self.year + 1));
        let mut days = 0;
        // From the Monday of the week that the 1st lies in; the shift is of the day that it is.
        let mut shift = 1 - i64::from(self.first);
        while shift <= i64::from(self.length) {
            let thursday = self.start + shift + 2;
            let begun = match thursday {
                _ if thursday < this => year_start(self.year - 1),
                _ if thursday < next => this,
                _ => next,
            };
            if weeks >> ((thursday - begun) / 7 + 1) & 1 == 1 {
                days |= if shift < 0 { 0x7f >> -shift } else { 0x7f << shift };
            }
            shift += 7;
        }
        days
    }
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
