//! A rule in Chinese.

use super::super::Cron;
use super::super::days::{DaySet, LAST, bits};
use super::super::times::{ALL_SIXTY, Times};
use super::shape::{
    DayShape, Hours, Time, Years, clock, days, every_so_many_days, groups, hours, months, step,
    time, weeks, years,
};

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

fn weekday(weekday: u32) -> String {
    WEEKDAYS[weekday as usize % 7].to_owned()
}

pub(super) fn describe(cron: &Cron) -> String {
    let (clock, shape) = (time(&cron.times), days(&cron.days));
    let mut text = String::new();
    if let Some(years) = years(cron) {
        add(&mut text, &year_words(years));
    }
    let in_year = !text.is_empty();
    if let Some(weeks) = weeks(cron) {
        add(&mut text, &format!("ISO 第 {} 周", numbers(bits(weeks))));
    }
    let months = months(cron).map(|months| with_unit(months, "月").join("、"));
    match (&months, &shape) {
        // "每年 12 月 25 日", but "2026 年 12 月 25 日".
        (Some(months), DayShape::OfMonth(_) | DayShape::Both(..)) => {
            add(&mut text, if in_year { "" } else { "每年" });
            add(&mut text, months);
            text.push_str(if months.contains(['、', '-']) { "的" } else { "" });
        }
        (None, DayShape::OfMonth(_) | DayShape::Both(..)) => add(&mut text, "每月"),
        (Some(months), DayShape::Weekdays(_)) => add(&mut text, &format!("{months}的")),
        (Some(months), DayShape::Either(..)) => add(&mut text, &format!("{months}内")),
        (Some(months), DayShape::Every) => add(&mut text, months),
        (None, DayShape::Every | DayShape::Weekdays(_) | DayShape::Either(..)) => {}
    }
    add(&mut text, &day_words(&shape, matches!(clock, Time::At(_))));
    add(&mut text, &time_words(&cron.times, &clock));
    text
}

/// Sets a blank between what Chinese sets one between: a word and a number or Latin letters.
fn add(text: &mut String, part: &str) {
    let after_word = !text.is_empty() && !text.ends_with('）');
    if after_word && part.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        text.push(' ');
    }
    text.push_str(part);
}

fn year_words(years: Years) -> String {
    match years {
        Years::List(years) => format!("{} 年", numbers(years.into_iter())),
        Years::Every { step, first, last } => {
            let to = last.map(|last| format!("至 {last} 年")).unwrap_or_default();
            format!("{first} 年起{to}每 {step} 年")
        }
    }
}

fn day_words(shape: &DayShape<'_>, daily: bool) -> String {
    match shape {
        DayShape::Every if daily => "每天".into(),
        DayShape::Every => String::new(),
        DayShape::Weekdays(0b001_1111) => "工作日".into(),
        DayShape::Weekdays(0b110_0000) => "周末".into(),
        DayShape::Weekdays(days) => format!("每{}", spans(bits((*days).into()), weekday, "至")),
        DayShape::OfMonth(days) => dates(days),
        DayShape::Both(days, also) => format!("{}（须为{}）", dates(days), any_of(also).join("或")),
        DayShape::Either(days, also) => {
            let either = days.map(any_of).into_iter().flatten().chain(any_of(also));
            format!("凡{}", either.collect::<Vec<_>>().join("或"))
        }
    }
}

fn dates(days: &DaySet) -> String {
    match every_so_many_days(days) {
        Some((first, every)) => format!("{first} 日起每 {every} 天"),
        None => of_month(days).join("、"),
    }
}

/// What a day may be, each by itself.
fn any_of(days: &DaySet) -> Vec<String> {
    let mut all: Vec<String> = match days.weekdays {
        0b001_1111 => vec!["工作日".into()],
        weekdays => bits(weekdays.into()).map(weekday).collect(),
    };
    all.extend(of_month(days).into_iter().map(|day| {
        let mut text = "每月".to_owned();
        add(&mut text, &day);
        text
    }));
    all
}

/// What of a month, each by itself.
fn of_month(days: &DaySet) -> Vec<String> {
    let mut all = with_unit(days.dates.into(), "日");
    for place in 0..=LAST {
        let weekdays = bits(days.at_place(place).into());
        let place = if place == LAST {
            "最后一个".to_owned()
        } else {
            format!("第 {} 个", place + 1)
        };
        all.extend(weekdays.map(|day| format!("{place}{}", weekday(day))));
    }
    all.extend(bits(days.nearest.into()).map(|day| match day {
        0 => "最后一个工作日".to_owned(),
        day => format!("离 {day} 日最近的工作日"),
    }));
    all.extend(bits(days.last.into()).map(|before| match before {
        0 => "最后一天".to_owned(),
        before => format!("倒数第 {} 天", before + 1),
    }));
    all
}

fn time_words(times: &Times, time: &Time) -> String {
    match time {
        Time::At(seconds) => {
            let precise = seconds.iter().any(|second| second % 60 != 0);
            let times = seconds.iter().map(|&second| clock(second, precise));
            times.collect::<Vec<_>>().join("、")
        }
        Time::Hours { every: 1, first, last: None } => match (first % 3600 / 60, first % 60) {
            (0, 0) => "每小时".into(),
            (minute, 0) => format!("每小时第 {minute} 分"),
            (minute, second) => format!("每小时第 {minute} 分第 {second} 秒"),
        },
        Time::Hours { every, first: 0, last: None } => every_so_many(*every, "小时"),
        Time::Hours { every, first, last: None } => {
            format!("{} 起{}", clock(*first, false), every_so_many(*every, "小时"))
        }
        Time::Hours { every, first, last: Some(last) } => {
            format!("{}{}", from_to(*first, *last, false), every_so_many(*every, "小时"))
        }
        Time::Minutes { first, last } => format!("{}每分钟", from_to(*first, *last, false)),
        Time::EverySeconds(every) => within(times, true) + &every_so_many(*every, "秒"),
        Time::EveryMinutes(every) => within(times, false) + &every_so_many(*every, "分钟"),
        Time::Spelled => spelled(times),
    }
}

/// Field by field.
fn spelled(times: &Times) -> String {
    let Times { minutes, seconds, .. } = *times;
    let text = if minutes == ALL_SIXTY {
        within(times, true) + "每分钟"
    } else {
        let hours = match hours(times.hours) {
            Hours::All => "每小时".to_owned(),
            Hours::Run(first, last) if first < last => within(times, false) + "每小时",
            Hours::Run(..) | Hours::Some(_) => format!("{} 点", numbers(bits(times.hours))),
        };
        format!("{hours}第 {} 分", numbers(bits(minutes)))
    };
    match step(seconds, 60) {
        _ if seconds == 1 => text,
        Some((0, every)) => text + &every_so_many(every, "秒"),
        Some(_) | None => format!("{text}第 {} 秒", numbers(bits(seconds))),
    }
}

/// The hours that a rhythm goes on in.
fn within(times: &Times, precise: bool) -> String {
    match hours(times.hours) {
        Hours::All => String::new(),
        Hours::Run(first, last) => {
            let end = if precise { 3599 } else { 3540 };
            from_to(first * 3600, last * 3600 + end, precise)
        }
        Hours::Some(hours) => format!("{} 点内", numbers(bits(hours))),
    }
}

fn from_to(first: u32, last: u32, precise: bool) -> String {
    format!("{} 至 {} ", clock(first, precise), clock(last, precise))
}

fn every_so_many(every: u32, unit: &str) -> String {
    if every == 1 { format!("每{unit}") } else { format!("每 {every} {unit}") }
}

/// `1 日`, `5-9 日`.
fn with_unit(set: u64, unit: &str) -> Vec<String> {
    let number = |number: u32| number.to_string();
    groups(bits(set)).into_iter().map(|group| span(group, number, "-") + " " + unit).collect()
}

fn numbers(numbers: impl Iterator<Item = u32>) -> String {
    spans(numbers, |number| number.to_string(), "-")
}

fn spans(numbers: impl Iterator<Item = u32>, name: fn(u32) -> String, to: &str) -> String {
    let spans = groups(numbers).into_iter().map(|group| span(group, name, to));
    spans.collect::<Vec<_>>().join("、")
}

fn span((first, last): (u32, u32), name: fn(u32) -> String, to: &str) -> String {
    if first == last { name(first) } else { format!("{}{to}{}", name(first), name(last)) }
}
