//! What sets of numbers look like: runs, steps, a few times of day. Knows no language.

use super::super::Cron;
use super::super::days::{ALL_WEEKS, DaySet, Days, Join, bits};
use super::super::field::{FIRST_YEAR, LAST_YEAR};
use super::super::times::{ALL_HOURS, ALL_SIXTY, Times};

/// More times of day than this are no list any more.
const MOST_TIMES: u32 = 4;
/// More years than this, evenly spaced, are no list any more.
const MOST_YEARS: usize = 4;

const FIRST: u32 = FIRST_YEAR.unsigned_abs();
const END: u32 = LAST_YEAR.unsigned_abs();

/// The times of a day, as people say them.
pub(super) enum Time {
    /// A few seconds of the day.
    At(Vec<u32>),
    /// Every so many hours, from one second of the day to another; all round the day without an end.
    Hours { every: u32, first: u32, last: Option<u32> },
    /// Every minute of an hour, from one to another, both seconds of the day.
    Minutes { first: u32, last: u32 },
    /// Every so many seconds of these hours.
    EverySeconds(u32),
    /// Every so many minutes of these hours.
    EveryMinutes(u32),
    /// Nothing that has a name.
    Spelled,
}

/// The hours of a day, as people say them.
pub(super) enum Hours {
    All,
    /// From one to another, both included.
    Run(u32, u32),
    /// These, bit by bit.
    Some(u64),
}

/// The days of a rule, as people say them.
pub(super) enum DayShape<'a> {
    Every,
    /// Every one of these weekdays, whatever the month.
    Weekdays(u8),
    /// These days of a month.
    OfMonth(&'a DaySet),
    /// Days of a month that are also such weekdays.
    Both(&'a DaySet, &'a DaySet),
    /// Days that are one or the other. The first may be missing.
    Either(Option<&'a DaySet>, &'a DaySet),
}

pub(super) fn time(times: &Times) -> Time {
    let Times { hours, minutes, seconds, .. } = *times;
    let count = hours.count_ones() * minutes.count_ones() * seconds.count_ones();
    let once_an_hour = minutes.is_power_of_two() && seconds.is_power_of_two();
    let whole_minutes = seconds == 1;
    let past = times.first() % 3600;
    match (row(bits(hours)), step(hours, 24), step(minutes, 60), step(seconds, 60)) {
        (_, Some((first, every)), ..) if once_an_hour && (count > 2) => {
            Time::Hours { every, first: first * 3600 + past, last: None }
        }
        (row, ..) if count <= MOST_TIMES || (once_an_hour && row.is_none()) => {
            Time::At(list(times))
        }
        (Some((first, every, last)), ..) if once_an_hour => {
            Time::Hours { every, first: first * 3600 + past, last: Some(last * 3600 + past) }
        }
        (_, _, Some((0, every)), _) if whole_minutes => Time::EveryMinutes(every),
        (_, _, _, Some((0, every))) if minutes == ALL_SIXTY => Time::EverySeconds(every),
        (Some((hour, _, last)), ..) if whole_minutes && hour == last => match run(minutes) {
            Some((first, last)) => {
                Time::Minutes { first: hour * 3600 + first * 60, last: hour * 3600 + last * 60 }
            }
            None => Time::Spelled,
        },
        _ => Time::Spelled,
    }
}

pub(super) fn hours(hours: u64) -> Hours {
    match run(hours) {
        _ if hours == ALL_HOURS => Hours::All,
        Some((first, last)) => Hours::Run(first, last),
        None => Hours::Some(hours),
    }
}

pub(super) fn days(days: &Days) -> DayShape<'_> {
    let Days { day, day_of_week, join, .. } = days;
    let plain = day_of_week.nth == 0;
    match (day.is_every(), day_of_week.is_every()) {
        (true, true) => DayShape::Every,
        (true, false) if *join == Join::Both => match day_of_week.weekdays {
            0 => DayShape::OfMonth(day_of_week),
            weekdays if plain => DayShape::Weekdays(weekdays),
            _ => DayShape::Either(None, day_of_week),
        },
        (false, true) if *join == Join::Both => DayShape::OfMonth(day),
        (true, false) | (false, true) => DayShape::Every,
        (false, false) => match join {
            Join::Both => DayShape::Both(day, day_of_week),
            Join::Either => DayShape::Either(Some(day), day_of_week),
        },
    }
}

/// The years of a rule, as people say them.
pub(super) enum Years {
    List(Vec<u32>),
    /// Every so many, to a last one or for ever.
    Every {
        step: u32,
        first: u32,
        last: Option<u32>,
    },
}

/// The years of a rule that not all years match.
pub(super) fn years(cron: &Cron) -> Option<Years> {
    let list: Vec<u32> = cron.years.iter().filter_map(|year| u32::try_from(year).ok()).collect();
    match row(list.iter().copied()) {
        Some((FIRST, 1, END)) => None,
        Some((first, step, last)) if step > 1 && list.len() > MOST_YEARS => {
            Some(Years::Every { step, first, last: (last + step <= END).then_some(last) })
        }
        Some(_) | None => Some(Years::List(list)),
    }
}

/// The one day and the one month of a rule that is about one date.
pub(super) fn one_date(days: &DaySet, months: Option<u64>) -> Option<(u32, u32)> {
    let day = only(days.dates.into()).filter(|_| days.is_dates());
    day.zip(months.and_then(only))
}

/// Every so many days of a month from one on, when that is what a set is.
pub(super) fn every_so_many_days(days: &DaySet) -> Option<(u32, u32)> {
    let (first, step, last) = row(bits(days.dates.into()))?;
    let many = days.dates.count_ones() > MOST_TIMES && step > 1;
    (days.is_dates() && many && last + step > 31).then_some((first, step))
}

/// The weeks of a rule that not all weeks match.
pub(super) fn weeks(cron: &Cron) -> Option<u64> {
    (cron.days.weeks != ALL_WEEKS).then_some(cron.days.weeks)
}

/// The months of a rule that not all months match.
pub(super) fn months(cron: &Cron) -> Option<u64> {
    const ALL_MONTHS: u16 = 0x1ffe;
    (cron.months != ALL_MONTHS).then_some(cron.months.into())
}

/// The one number of a set.
pub(super) fn only(set: u64) -> Option<u32> {
    set.is_power_of_two().then(|| set.trailing_zeros())
}

/// The first and the last number of a set without holes.
fn run(set: u64) -> Option<(u32, u32)> {
    let (first, last) = (set.trailing_zeros(), set.checked_ilog2()?);
    (last - first + 1 == set.count_ones()).then_some((first, last))
}

/// The first number, the step and the last of a set that is evenly spaced.
fn row(mut numbers: impl Iterator<Item = u32>) -> Option<(u32, u32, u32)> {
    let first = numbers.next()?;
    let mut last = numbers.next().unwrap_or(first);
    let step = last - first;
    for number in numbers {
        if number - last != step {
            return None;
        }
        last = number;
    }
    Some((first, step, last))
}

/// The first number and the step of a set that goes evenly round and round a circle of that size.
pub(super) fn step(set: u64, size: u32) -> Option<(u32, u32)> {
    let (first, step, last) = row(bits(set))?;
    (first + size == last + step).then_some((first, step))
}

/// The numbers of a set, those that follow one another in groups.
pub(super) fn groups(set: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut groups: Vec<(u32, u32)> = Vec::new();
    for number in set {
        match groups.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            Some(_) | None => groups.push((number, number)),
        }
    }
    // Two are not worth a range.
    let mut split = Vec::with_capacity(groups.len());
    for (first, last) in groups {
        if first + 1 == last {
            split.push((first, first));
            split.push((last, last));
        } else {
            split.push((first, last));
        }
    }
    split
}

fn list(times: &Times) -> Vec<u32> {
    let mut list = Vec::new();
    let mut next = times.next(0);
    while let Some(second) = next {
        list.push(second);
        next = times.next(second + 1);
    }
    list
}

/// A time of day: without seconds unless it has some, or all of its company has.
pub(super) fn clock(second: u32, with_seconds: bool) -> String {
    let (hour, minute, rest) = (second / 3600, second / 60 % 60, second % 60);
    if with_seconds || rest != 0 {
        format!("{hour:02}:{minute:02}:{rest:02}")
    } else {
        format!("{hour:02}:{minute:02}")
    }
}
