//! The dates of `calendarinterval`: years and months are added to the previous date, again until that day
//! exists, then weeks and days. A 31st is never clipped to a 30th.
//!
//! Source: `APScheduler`'s `CalendarIntervalTrigger`.

use super::cron::Changes;
use super::date::{LAST_YEAR, instants};
use crate::civil::{Civil, Date, MS_PER_DAY};
use crate::time::Timestamp;
use crate::zone::Zone;

/// How far a change of a zone can move an instant from its date, in days. Source: offsets are less
/// than a day, so a change is less than two.
const REACH_DAYS: i64 = 2;

/// How many dates a walk takes at most. A chain has up to 1,572, one for each month from 1970 to 2100.
const LONGEST_WALK: usize = 64;

/// A chain of dates from a first one on, each at the same time of day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Calendar {
    /// Days since 1970.
    pub(super) first: i64,
    pub(super) months: i64,
    pub(super) days: i64,
    /// Milliseconds since midnight.
    pub(super) of_day: i64,
    /// Every so many dates of a chain that can only be walked: where a walk begins.
    landmarks: Vec<i64>,
}

impl Calendar {
    pub(super) fn new(first: i64, months: i64, days: i64, of_day: i64) -> Self {
        let mut calendar = Self { first, months, days, of_day, landmarks: Vec::new() };
        if months > 0 && days > 0 {
            let chain = std::iter::successors(within_years(first), |day| calendar.following(*day));
            calendar.landmarks = chain.step_by(LONGEST_WALK).collect();
        }
        calendar
    }

    /// The first instant at or after another.
    pub(super) fn next(&self, zone: &Zone, changes: Changes, from: Timestamp) -> Option<Timestamp> {
        let wanted = zone.civil(from).0.div_euclid(MS_PER_DAY);
        let mut day = self.date_from(wanted - REACH_DAYS)?;
        let mut best: Option<(Timestamp, i64)> = None;
        // Near a change a later date's instant can come before an earlier one's.
        while best.is_none_or(|(_, best_day)| day <= best_day + REACH_DAYS) {
            for at in instants(zone, self.civil(day), changes).into_iter().flatten() {
                if at >= from && best.is_none_or(|(best_at, _)| at < best_at) {
                    best = Some((at, day));
                }
            }
            match self.following(day) {
                Some(next) => day = next,
                None => break,
            }
        }
        best.map(|(at, _)| at)
    }

    /// Whether one of its times on the wall lies from `from` to before `until`.
    pub(super) fn has_within(&self, from: Civil, until: Civil) -> bool {
        let day = self.date_from((from.0 - self.of_day + MS_PER_DAY - 1).div_euclid(MS_PER_DAY));
        day.is_some_and(|day| self.civil(day) < until)
    }

    fn civil(&self, day: i64) -> Civil {
        Civil(day * MS_PER_DAY + self.of_day)
    }

    /// The first date of the chain at or after a day; none after the last year.
    fn date_from(&self, day: i64) -> Option<i64> {
        if day <= self.first {
            return within_years(self.first);
        }
        match (self.months, self.days) {
            (0, step) => within_years(self.first + steps_to(day - self.first, step) * step),
            (step, 0) => self.by_months(day, step),
            (_, _) => self.by_walking(day),
        }
    }

    /// The chain's own day of the month, in the first month of its phase that has it.
    fn by_months(&self, day: i64, step: i64) -> Option<i64> {
        let first = Date::from_days(self.first);
        let apart = month_number(Date::from_days(day)) - month_number(first);
        let month = month_number(first) + steps_to(apart, step) * step;
        let found = first_existing(month, step, first.day)?;
        // The day itself may lie later in its month than the chain's.
        if found < day { first_existing(month + step, step, first.day) } else { Some(found) }
    }

    /// One by one from the landmark before, as each date depends on the one before it.
    fn by_walking(&self, day: i64) -> Option<i64> {
        let passed = self.landmarks.partition_point(|landmark| *landmark <= day);
        let mut at = *self.landmarks.get(passed.checked_sub(1)?)?;
        while at < day {
            at = self.following(at)?;
        }
        Some(at)
    }

    fn following(&self, day: i64) -> Option<i64> {
        if self.months == 0 {
            return within_years(day + self.days);
        }
        let date = Date::from_days(day);
        let found = first_existing(month_number(date) + self.months, self.months, date.day)?;
        within_years(found + self.days)
    }
}

/// How many steps reach a distance.
fn steps_to(distance: i64, step: i64) -> i64 {
    (distance + step - 1).div_euclid(step)
}

fn month_number(date: Date) -> i64 {
    i64::from(date.year) * 12 + i64::from(date.month) - 1
}

/// The first of these months that has the day; none after the last year.
fn first_existing(mut month: i64, step: i64, day: u8) -> Option<i64> {
    loop {
        let year = i32::try_from(month.div_euclid(12)).ok().filter(|year| *year <= LAST_YEAR)?;
        let of_year = u8::try_from(month.rem_euclid(12) + 1).ok()?;
        if let Some(date) = Date::new(year, of_year, day) {
            return Some(date.to_days());
        }
        month += step;
    }
}

fn within_years(day: i64) -> Option<i64> {
    (Date::from_days(day).year <= LAST_YEAR).then_some(day)
}
