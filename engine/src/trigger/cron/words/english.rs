//! A rule in English.

use super::super::Cron;
use super::super::days::{DaySet, LAST, bits};
use super::super::times::{ALL_SIXTY, Times};
use super::shape::{
    DayShape, Hours, Time, Years, clock, days, every_so_many_days, groups, hours, months, one_date,
    only, step, time, weeks, years,
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) fn month(month: u32) -> &'static str {
    MONTHS[(month as usize + 11) % 12]
}

fn weekday(weekday: u32) -> &'static str {
    WEEKDAYS[weekday as usize % 7]
}

pub(super) fn describe(cron: &Cron) -> String {
    let (clock, shape) = (time(&cron.times), days(&cron.days));
    let said = time_words(&cron.times, &clock);
    let mut text = match (&clock, &shape) {
        (Time::At(_), DayShape::Every) => format!("every day {said}"),
        (Time::At(_), DayShape::Weekdays(days)) => format!("{} {said}", weekdays(*days)),
        (_, DayShape::Every) => said,
        (_, DayShape::Weekdays(days)) => format!("{said} on {}", weekdays(*days)),
        (_, DayShape::OfMonth(days)) => {
            format!("{said} on {}", dates(days, months(cron)))
        }
        (_, DayShape::Both(days, also)) => {
            let also = list(any_of(also), "or");
            format!("{said} on {} when that is {also}", dates(days, months(cron)))
        }
        (_, DayShape::Either(days, also)) => {
            let either = days.map(any_of).into_iter().flatten().chain(any_of(also));
            format!("{said} on each day that is {}", list(either.collect(), "or"))
        }
    };
    add_period(&mut text, cron, &shape);
    text
}

/// Weeks, months and years.
fn add_period(text: &mut String, cron: &Cron, shape: &DayShape<'_>) {
    if let Some(weeks) = weeks(cron) {
        text.push_str(if only(weeks).is_some() { " in ISO week " } else { " in ISO weeks " });
        text.push_str(&numbers(bits(weeks)));
    }
    let (months, years) = (months(cron), years(cron));
    let link = match (shape, &years) {
        (DayShape::OfMonth(days), Some(Years::List(_))) if one_date(days, months).is_some() => " ",
        (DayShape::OfMonth(_) | DayShape::Both(..), _) => " of ",
        (DayShape::Every | DayShape::Weekdays(_) | DayShape::Either(..), _) => {
            if let Some(months) = months {
                text.push_str(" in ");
                text.push_str(&month_list(months));
            }
            if months.is_some() { " of " } else { " in " }
        }
    };
    if let Some(years) = years {
        text.push_str(link);
        text.push_str(&year_words(years));
    }
}

fn year_words(years: Years) -> String {
    match years {
        Years::List(years) => numbers(years.into_iter()),
        Years::Every { step, first, last } => {
            let to = last.map(|last| format!(" to {last}")).unwrap_or_default();
            format!("every {} year from {first}{to}", ordinal(step))
        }
    }
}

fn time_words(times: &Times, time: &Time) -> String {
    match time {
        Time::At(seconds) => {
            let precise = seconds.iter().any(|second| second % 60 != 0);
            let times = seconds.iter().map(|&second| clock(second, precise)).collect();
            format!("at {}", list(times, "and"))
        }
        Time::Hours { every: 1, first, last: None } if first % 3600 == 0 => "every hour".into(),
        Time::Hours { every: 1, first, last: None } => {
            format!("every hour at {}", past_the_hour(first % 3600))
        }
        Time::Hours { every, first: 0, last: None } => every_so_many(*every, "hour"),
        Time::Hours { every, first, last } => {
            let to = last.map(|last| format!(" to {}", clock(last, false))).unwrap_or_default();
            format!("{} from {}{to}", every_so_many(*every, "hour"), clock(*first, false))
        }
        Time::Minutes { first, last } => {
            format!("every minute from {} to {}", clock(*first, false), clock(*last, false))
        }
        Time::EverySeconds(every) => every_so_many(*every, "second") + &within(times, true),
        Time::EveryMinutes(every) => every_so_many(*every, "minute") + &within(times, false),
        Time::Spelled => spelled(times),
    }
}

/// `minute 5`, `minute 5 and second 30`.
fn past_the_hour(second: u32) -> String {
    match (second / 60, second % 60) {
        (minute, 0) => format!("minute {minute}"),
        (minute, second) => format!("minute {minute} and second {second}"),
    }
}

/// Field by field.
fn spelled(times: &Times) -> String {
    let Times { minutes, seconds, .. } = *times;
    let mut text = match step(seconds, 60) {
        _ if seconds == 1 => "at ".into(),
        Some((0, every)) => every_so_many(every, "second") + " of ",
        Some(_) | None => format!("at {} of ", units("second", seconds)),
    };
    if minutes == ALL_SIXTY {
        return text + "every minute" + &within(times, true);
    }
    text += &units("minute", minutes);
    text + &match hours(times.hours) {
        Hours::All => " of every hour".to_owned(),
        Hours::Run(first, last) if first < last => {
            format!(" of every hour{}", within(times, false))
        }
        Hours::Run(..) | Hours::Some(_) => format!(" of {}", units("hour", times.hours)),
    }
}

/// The hours that a rhythm goes on in.
fn within(times: &Times, precise: bool) -> String {
    match hours(times.hours) {
        Hours::All => String::new(),
        Hours::Run(first, last) => {
            let end = if precise { 3599 } else { 3540 };
            format!(
                " from {} to {}",
                clock(first * 3600, precise),
                clock(last * 3600 + end, precise)
            )
        }
        Hours::Some(hours) => format!(" in {}", units("hour", hours)),
    }
}

fn every_so_many(every: u32, unit: &str) -> String {
    if every == 1 { format!("every {unit}") } else { format!("every {every} {unit}s") }
}

/// `minute 5`, `minutes 5, 10-15 and 20`.
fn units(unit: &str, set: u64) -> String {
    let many = if only(set).is_some() { "" } else { "s" };
    format!("{unit}{many} {}", numbers(bits(set)))
}

/// `weekdays`, `Mondays and Fridays`, `Mondays to Thursdays`.
fn weekdays(days: u8) -> String {
    match days {
        0b001_1111 => "weekdays".into(),
        0b110_0000 => "weekends".into(),
        _ => spans(bits(days.into()), |day| format!("{}s", weekday(day)), " to ", "and"),
    }
}

/// `25 December`, `the 1st and last day of each month`, `every 2nd day from the 1st of May`.
fn dates(days: &DaySet, months: Option<u64>) -> String {
    if let Some((day, month)) = one_date(days, months) {
        return format!("{day} {}", self::month(month));
    }
    let months = months.map_or_else(|| "each month".to_owned(), month_list);
    match every_so_many_days(days) {
        Some((first, every)) => {
            format!("every {} day from the {} of {months}", ordinal(every), ordinal(first))
        }
        None => format!("the {} of {months}", of_month(days, "and")),
    }
}

fn month_list(months: u64) -> String {
    spans(bits(months), |number| month(number).to_owned(), " to ", "and")
}

/// What a day may be: `a Monday`, `the 1st or last day of the month`.
fn any_of(days: &DaySet) -> Vec<String> {
    let mut all: Vec<String> = match days.weekdays {
        0b001_1111 => vec!["a weekday".into()],
        weekdays => bits(weekdays.into()).map(|day| format!("a {}", weekday(day))).collect(),
    };
    let of_month = of_month(days, "or");
    if !of_month.is_empty() {
        all.push(format!("the {of_month} of the month"));
    }
    all
}

/// What of a month: `1st, 15th and last day`.
fn of_month(days: &DaySet, and: &str) -> String {
    let mut all: Vec<String> = groups(bits(days.dates.into()))
        .into_iter()
        .map(|group| span(group, ordinal, " to "))
        .collect();
    for place in 0..=LAST {
        let weekdays = bits(days.at_place(place).into());
        let place = if place == LAST { "last".to_owned() } else { ordinal(place + 1) };
        all.extend(weekdays.map(|day| format!("{place} {}", weekday(day))));
    }
    all.extend(bits(days.nearest.into()).map(|day| match day {
        0 => "last weekday".to_owned(),
        day => format!("weekday nearest the {}", ordinal(day)),
    }));
    all.extend(bits(days.last.into()).map(|before| match before {
        0 => "last day".to_owned(),
        before => format!("{}-to-last day", ordinal(before + 1)),
    }));
    list(all, and)
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        (_, _) => "th",
    };
    format!("{number}{ending}")
}

/// `1, 5-9 and 20`.
fn numbers(numbers: impl Iterator<Item = u32>) -> String {
    spans(numbers, |number| number.to_string(), "-", "and")
}

fn spans(
    numbers: impl Iterator<Item = u32>,
    name: fn(u32) -> String,
    to: &str,
    and: &str,
) -> String {
    list(groups(numbers).into_iter().map(|group| span(group, name, to)).collect(), and)
}

fn span((first, last): (u32, u32), name: fn(u32) -> String, to: &str) -> String {
    if first == last { name(first) } else { format!("{}{to}{}", name(first), name(last)) }
}

/// `a, b and c`.
fn list(mut items: Vec<String>, and: &str) -> String {
    match (items.pop(), items.is_empty()) {
        (Some(last), false) => format!("{} {and} {last}", items.join(", ")),
        (Some(only), true) => only,
        (None, _) => String::new(),
    }
}
