//! The calendar on the wall: dates, times of day and weekdays, without any zone. Knows no instant;
//! [`crate::zone`] says which instant a civil time is.
//!
//! Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

/// Milliseconds of a day.
pub(crate) const MS_PER_DAY: i64 = 86_400_000;

/// A date of the proleptic Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Date {
    pub(crate) year: i32,
    /// 1 to 12.
    pub(crate) month: u8,
    /// 1 to 31.
    pub(crate) day: u8,
}

/// A civil date and time, as milliseconds since 1970-01-01T00:00 on the same wall. Arithmetic with
/// it is arithmetic on the wall: it knows no gap and no fold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Civil(pub(crate) i64);

impl Date {
    /// A date; none when the month has no such day.
    pub(crate) fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01.
    #[inline]
    pub(crate) const fn to_days(self) -> i64 {
        let (month, day) = (self.month as i64, self.day as i64);
        let year = self.year as i64 - (month <= 2) as i64;
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let month_index = if month > 2 { month - 3 } else { month + 9 };
        let of_year = (153 * month_index + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The date that many days after 1970-01-01.
    #[inline]
    pub(crate) fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year: small(year), month: small(month), day: small(day) }
    }

    /// The day of the week, Monday = 0. Source: ISO 8601, whose Monday is 1.
    #[cfg(test)]
    pub(crate) fn weekday(self) -> u8 {
        weekday_of(self.to_days())
    }

    /// The instant on the wall at which this date begins.
    #[inline]
    pub(crate) const fn midnight(self) -> Civil {
        Civil(self.to_days() * MS_PER_DAY)
    }
}

impl Civil {
    /// The date, and the milliseconds since its midnight.
    #[inline]
    pub(crate) fn split(self) -> (Date, i64) {
        let days = self.0.div_euclid(MS_PER_DAY);
        (Date::from_days(days), self.0 - days * MS_PER_DAY)
    }

    /// The date.
    #[inline]
    pub(crate) fn date(self) -> Date {
        self.split().0
    }
}

/// The day of the week that many days after 1970-01-01, a Thursday. Monday = 0.
#[inline]
pub(crate) fn weekday_of(days: i64) -> u8 {
    small((days + 3).rem_euclid(7))
}

/// How many days a month has.
#[inline]
pub(crate) const fn days_in(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Whether a year has a 29 February.
#[inline]
pub(crate) const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// A number that is small by construction, in the type that holds it.
fn small<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_days_are_one_another() {
        let check = |year, month, day, days, weekday| {
            let date = Date::new(year, month, day).unwrap();
            assert_eq!(date.to_days(), days);
            assert_eq!(Date::from_days(days), date);
            assert_eq!(date.weekday(), weekday);
        };
        check(1970, 1, 1, 0, 3);
        check(1969, 12, 31, -1, 2);
        check(2000, 2, 29, 11_016, 1);
        check(2026, 11, 24, 20_781, 1);
        check(2100, 3, 1, 47_541, 0);
        for days in (-800_000..800_000).step_by(13) {
            assert_eq!(Date::from_days(days).to_days(), days);
        }
    }

    #[test]
    fn days_that_a_month_lacks_are_no_dates() {
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(Date::new(2100, 2, 29), None);
        assert!(Date::new(2000, 2, 29).is_some());
        assert_eq!(Date::new(2026, 4, 31), None);
        assert_eq!(Date::new(2026, 13, 1), None);
        assert_eq!(Date::new(2026, 1, 0), None);
    }

    #[test]
    fn a_civil_time_before_1970_splits_into_its_own_day() {
        let (date, of_day) = Civil(-1).split();
        assert_eq!((date, of_day), (Date { year: 1969, month: 12, day: 31 }, MS_PER_DAY - 1));
    }
}
