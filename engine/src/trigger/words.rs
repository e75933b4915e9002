//! A trigger in words, in both languages: the rule, its bounds and jitter, and the zone once.

use std::fmt::Write;

use super::calendar::Calendar;
use super::combine::And;
use super::cron::{Fold, Gap};
use super::date::{Moment, civil_text, time_text};
use super::except::{Except, Excluded};
use super::rule::{Kind, Rule};
use super::{Interval, LAST, Trigger};
use crate::civil::{Civil, MS_PER_DAY};
use crate::locale::Locale;
use crate::time::{Timestamp, whole_ms};

pub(super) fn describe(trigger: &Trigger, locale: Locale) -> String {
    member(trigger, Words(locale), "")
}

/// What differs between the languages, save the sentences themselves.
#[derive(Clone, Copy)]
struct Words(Locale);

impl Words {
    fn choose(self, en: &'static str, zh: &'static str) -> &'static str {
        match self.0 {
            Locale::En => en,
            Locale::Zh => zh,
        }
    }

    fn comma(self) -> &'static str {
        self.choose(", ", "，")
    }

    /// Adds a part after a comma.
    fn add(self, text: &mut String, part: &str) {
        text.push_str(self.comma());
        text.push_str(part);
    }

    fn brackets(self, text: &str) -> String {
        match self.0 {
            Locale::En => format!("({text})"),
            Locale::Zh => format!("（{text}）"),
        }
    }
}

/// A trigger in words, with its zone where that is not the one around it.
fn member(trigger: &Trigger, words: Words, outer: &str) -> String {
    match trigger {
        Trigger::Date(at) => format!("{}{at}", words.choose("once at ", "仅一次：")),
        Trigger::Interval(interval) => every(*interval, words),
        Trigger::Rule(rule) => {
            let mut text = rule.kind_in_words(words);
            rule.add_carried(&mut text, words);
            if rule.zone.name() != outer && rule.is_on_the_wall() {
                words.add(&mut text, rule.zone.name());
            }
            text
        }
    }
}

impl Rule {
    fn kind_in_words(&self, words: Words) -> String {
        match &self.kind {
            Kind::Date(moment) => {
                let civil = match moment {
                    Moment::At(at) => self.zone.civil(*at),
                    Moment::Wall(civil) => *civil,
                };
                format!("{}{}", words.choose("once at ", "仅一次："), civil_text(civil))
            }
            Kind::Interval(interval) => every(*interval, words),
            Kind::Cron(cron) => cron.describe(words.0),
            Kind::Calendar(calendar) => calendar_in_words(calendar, words),
            Kind::And(and) => self.all(&and.members, words.choose(" and ", "且"), words, and),
            Kind::Or(members) => self.joined(members, words.choose(" or ", "或"), words),
            Kind::Except(except) => self.except(except, words),
        }
    }

    fn joined(&self, members: &[Trigger], with: &str, words: Words) -> String {
        let zone = self.zone.name();
        let members: Vec<String> =
            members.iter().map(|one| words.brackets(&member(one, words, zone))).collect();
        members.join(with)
    }

    fn all(&self, members: &[Trigger], with: &str, words: Words, and: &And) -> String {
        let mut text = self.joined(members, with, words);
        if and.never_meets() {
            words.add(&mut text, words.choose("which never meet", "永不相遇"));
        }
        text
    }

    fn except(&self, except: &Except, words: Words) -> String {
        let mut text = member(&except.inner, words, self.zone.name());
        text.push_str(words.choose(", except ", "，排除 "));
        let when: Vec<String> = except.when.iter().map(|one| excluded(one, words)).collect();
        text.push_str(&when.join(words.choose("; ", "；")));
        text
    }

    /// What every trigger may carry, save the zone.
    fn add_carried(&self, text: &mut String, words: Words) {
        let wall = |at: Timestamp| civil_text(self.zone.civil(at));
        if let Some(start) = self.bounds.start {
            words.add(text, &from(&wall(start), words));
        }
        if let Some(end) = self.bounds.end {
            let end = wall(end);
            let part = match words.0 {
                Locale::En => format!("until {end}"),
                Locale::Zh => format!("至 {end} 止"),
            };
            words.add(text, &part);
        }
        if let Some(jitter) = self.jitter {
            let span = span(whole_ms(jitter.most), words);
            let part = match words.0 {
                Locale::En => format!("up to {span} later"),
                Locale::Zh => format!("最多推迟 {span}"),
            };
            words.add(text, &part);
        }
        if matches!(self.kind, Kind::Date(_) | Kind::Cron(_) | Kind::Calendar(_)) {
            self.add_changes(text, words);
        }
    }

    fn add_changes(&self, text: &mut String, words: Words) {
        match self.changes.gap {
            Some(Gap::Next) => words.add(text, words.choose("after gaps at once", "跳时则顺延")),
            Some(Gap::Skip) => words.add(text, words.choose("not in gaps", "跳时则略过")),
            None => {}
        }
        match self.changes.fold {
            Some(Fold::First) => words.add(text, words.choose("first of folds", "重复时取前")),
            Some(Fold::Last) => words.add(text, words.choose("last of folds", "重复时取后")),
            Some(Fold::Both) => words.add(text, words.choose("both of folds", "重复时都触发")),
            None => {}
        }
    }

    /// Whether what it says rests on its zone.
    fn is_on_the_wall(&self) -> bool {
        let member_is = |member: &Trigger| match member {
            Trigger::Date(_) | Trigger::Interval(_) => false,
            Trigger::Rule(rule) => rule.zone == self.zone && rule.is_on_the_wall(),
        };
        let bounded = self.bounds.start.is_some() || self.bounds.end.is_some();
        bounded
            || match &self.kind {
                Kind::Date(_) | Kind::Cron(_) | Kind::Calendar(_) | Kind::Except(_) => true,
                Kind::Interval(_) => false,
                Kind::And(and) => and.members.iter().any(member_is),
                Kind::Or(members) => members.iter().any(member_is),
            }
    }
}

fn from(start: &str, words: Words) -> String {
    match words.0 {
        Locale::En => format!("from {start}"),
        Locale::Zh => format!("自 {start} 起"),
    }
}

fn every(interval: Interval, words: Words) -> String {
    let mut text = format!("{} {}", words.choose("every", "每"), span(interval.every_ms(), words));
    if interval.anchor() > LAST {
        words.add(&mut text, words.choose("which never comes", "永不触发"));
    }
    text
}

/// A span of time, exactly.
fn span(ms: i64, words: Words) -> String {
    let units = [
        (MS_PER_DAY, words.choose("d", "天")),
        (3_600_000, words.choose("h", "小时")),
        (60_000, words.choose("m", "分")),
    ];
    let mut rest = ms;
    let mut parts = Vec::new();
    for (size, unit) in units {
        if rest >= size {
            parts.push(format!("{} {unit}", rest / size));
            rest %= size;
        }
    }
    if rest > 0 {
        let mut seconds = (rest / 1000).to_string();
        if rest % 1000 != 0 {
            let fraction = format!(".{:03}", rest % 1000);
            seconds.push_str(fraction.trim_end_matches('0'));
        }
        parts.push(format!("{seconds} {}", words.choose("s", "秒")));
    }
    parts.join(" ")
}

fn calendar_in_words(calendar: &Calendar, words: Words) -> String {
    let units = [
        (calendar.months / 12, "year", "年"),
        (calendar.months % 12, "month", "个月"),
        (calendar.days / 7, "week", "周"),
        (calendar.days % 7, "day", "天"),
    ];
    let mut steps = units.iter().filter(|(count, ..)| *count > 0).peekable();
    let mut text = words.choose("every", "每").to_owned();
    let alone = units.iter().filter(|(count, ..)| *count > 0).count() == 1;
    while let Some((count, en, zh)) = steps.next() {
        // Writing to a text can't fail.
        let _ = match (words.0, *count == 1) {
            (Locale::En, true) if alone => write!(text, " {en}"),
            (Locale::En, true) => write!(text, " 1 {en}"),
            (Locale::En, false) => write!(text, " {count} {en}s"),
            (Locale::Zh, true) if alone => write!(text, "{}", zh.trim_start_matches('个')),
            (Locale::Zh, _) => write!(text, " {count} {zh}"),
        };
        if steps.peek().is_some() && words.0 == Locale::En {
            text.push_str(" and");
        }
    }
    text.push_str(words.choose(" at ", " "));
    text.push_str(&time_text(calendar.of_day));
    words.add(&mut text, &from(&civil_text(Civil(calendar.first * MS_PER_DAY)), words));
    text
}

fn excluded(excluded: &Excluded, words: Words) -> String {
    match excluded {
        Excluded::Dates(days) => {
            listed(days.iter().map(|day| civil_text(Civil(day * MS_PER_DAY))), words)
        }
        Excluded::Weekly(weekdays) => {
            let en = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
            let zh = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
            let names = (0..7).filter(|index| weekdays[*index]);
            listed(names.map(|index| words.choose(en[index], zh[index]).to_owned()), words)
        }
        Excluded::Annual(days) => {
            listed(days.iter().map(|(month, day)| format!("{month:02}-{day:02}")), words)
        }
        Excluded::Cron(cron) => cron.describe(words.0),
    }
}

/// The first few of a list, and how many more there are.
fn listed(items: impl Iterator<Item = String>, words: Words) -> String {
    const SHOWN: usize = 5;
    let all: Vec<String> = items.collect();
    let mut text = all[..all.len().min(SHOWN)].join(words.choose(", ", "、"));
    if all.len() > SHOWN {
        let more = all.len() - SHOWN;
        let _ = match words.0 {
            Locale::En => write!(text, " and {more} more"),
            Locale::Zh => write!(text, " 等共 {} 项", all.len()),
        };
    }
    text
}
