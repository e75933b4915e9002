//! Excluded days and hours: what falls into them is left out. Their days are those of the zone's wall.

use super::Trigger;
use super::cron::Cron;
use super::search::{Steps, just_after};
use crate::civil::{Civil, Date, MS_PER_DAY, weekday_of};
use crate::time::Timestamp;
use crate::zone::Zone;

/// More excluded days than this in a row are gone through in several steps.
const MOST_DAYS_AT_ONCE: i64 = 400;

/// The instants of a trigger that no calendar excludes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Except {
    pub(super) inner: Trigger,
    pub(super) when: Vec<Excluded>,
}

/// A calendar of what is left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Excluded {
    /// Days since 1970, in order.
    Dates(Vec<i64>),
    /// Days of the week, Monday = 0.
    Weekly([bool; 7]),
    /// Months and days, in order.
    Annual(Vec<(u8, u8)>),
    /// Every second that matches.
    Cron(Box<Cron>),
}

impl Except {
    /// The first instant from `from` to `until` that is not excluded: from an excluded one the search goes
    /// on at the end of what excludes it.
    pub(super) fn next(
        &self,
        zone: &Zone,
        from: Timestamp,
        until: Timestamp,
        steps: &mut Steps,
    ) -> Option<Timestamp> {
        let mut from = from;
        loop {
            steps.take()?;
            let at = self.inner.next_in(from, until, steps)?;
            let civil = zone.civil(at);
            let end = self.when.iter().filter_map(|excluded| excluded.end(civil)).max();
            let Some(end) = end else { return Some(at) };
            from = leap(zone, at, civil, end);
        }
    }
}

/// Where the wall shows `end`; no farther than to the next change, after which it may show earlier times.
fn leap(zone: &Zone, at: Timestamp, civil: Civil, end: Civil) -> Timestamp {
    let (_, change) = zone.span(at);
    let there = at.as_ms().saturating_add(end.0.saturating_sub(civil.0));
    Timestamp::from_ms(there.min(change)).max(just_after(at))
}

impl Excluded {
    /// When a civil time is excluded: the first one after it that is not, as far as that is known.
    fn end(&self, civil: Civil) -> Option<Civil> {
        if let Self::Cron(cron) = self {
            let second = Civil(civil.0 - civil.0.rem_euclid(1000));
            let end = || cron.next_mismatch(second).unwrap_or(Civil(i64::MAX));
            return cron.matches(second).then(end);
        }
        let day = civil.0.div_euclid(MS_PER_DAY);
        let run = (day..day + MOST_DAYS_AT_ONCE).take_while(|day| self.has_day(*day)).count();
        let days = i64::try_from(run).unwrap_or(MOST_DAYS_AT_ONCE);
        (days > 0).then(|| Civil((day + days) * MS_PER_DAY))
    }

    fn has_day(&self, day: i64) -> bool {
        match self {
            Self::Dates(days) => days.binary_search(&day).is_ok(),
            Self::Weekly(weekdays) => weekdays[usize::from(weekday_of(day))],
            Self::Annual(days) => {
                let Date { month, day, .. } = Date::from_days(day);
                days.binary_search(&(month, day)).is_ok()
            }
            Self::Cron(_) => false,
        }
    }
}
