//! Reads the JSON form of a trigger. What is wrong is said with its place, what stands there and the mend.

use std::rc::Rc;
use std::time::Duration;

use crate::json::Value;

use super::calendar::Calendar;
use super::combine::And;
use super::cron::{Changes, Cron, Fold, Gap};
use super::date::{Moment, Written};
use super::except::Except;
use super::jitter::Jitter;
use super::rule::{Bounds, Kind, Rule};
use super::{Interval, LAST, Setting, Trigger, amount, when};
use crate::civil::MS_PER_DAY;
use crate::document::{Object, Place, Problem, ProblemKind, Problems};
use crate::json;
use crate::time::Timestamp;
use crate::zone::Zone;

/// How deep triggers may be nested.
pub(super) const MOST_LEVELS: u32 = 8;
/// How many members an `and` or an `or` may have.
const MOST_MEMBERS: usize = 64;
/// How many triggers a document may hold in all.
const MOST_TRIGGERS: u32 = 256;
/// On how many levels there may be jitter: each takes several looks at the level below.
const MOST_JITTERS: u32 = 3;
/// How many years, months, weeks or days a calendarinterval may step.
const MOST_DATES: u32 = 100_000;

/// What every trigger may carry.
const COMMON: [&str; 7] = ["type", "timezone", "start_date", "end_date", "jitter", "gap", "fold"];
/// The units of an interval, in seconds.
const UNITS: [(&str, i64); 5] =
    [("weeks", 604_800), ("days", 86_400), ("hours", 3600), ("minutes", 60), ("seconds", 1)];

/// The word at `type`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Date,
    Interval,
    Cron,
    Crontab,
    Calendar,
    And,
    Or,
    Except,
}

impl Type {
    const WORDS: [&str; 8] =
        ["date", "interval", "cron", "crontab", "calendarinterval", "and", "or", "except"];
    const ALL: [Self; 8] = [
        Self::Date,
        Self::Interval,
        Self::Cron,
        Self::Crontab,
        Self::Calendar,
        Self::And,
        Self::Or,
        Self::Except,
    ];

    /// The keys of its own.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Date => &["run_date"],
            Self::Interval => &["weeks", "days", "hours", "minutes", "seconds"],
            Self::Cron => &Cron::FIELDS,
            Self::Crontab => &["expression", "vixie"],
            Self::Calendar => &["years", "months", "weeks", "days", "hour", "minute", "second"],
            Self::And | Self::Or => &["triggers"],
            Self::Except => &["trigger", "when"],
        }
    }
}

/// The word of each type, with the keys that it may have: for the JSON Schema of documents.
pub fn keys_by_type() -> Vec<(&'static str, Vec<&'static str>)> {
    let keys = |of: Type| [&COMMON, of.keys()].concat();
    Type::WORDS.into_iter().zip(Type::ALL).map(|(word, of)| (word, keys(of))).collect()
}

/// Reads a trigger.
pub(super) fn parse(document: &Value, setting: &Setting) -> Result<Trigger, Vec<Problem>> {
    let mut reader = Reader::new(setting);
    let outer = setting.zones.find(setting.zone);
    let trigger = reader.trigger(&Place::root(document), outer.as_ref(), MOST_LEVELS);
    match trigger {
        Some(trigger) if reader.problems.is_empty() => Ok(trigger),
        Some(_) | None => Err(reader.problems.into_vec()),
    }
}

/// Reads one document.
pub(super) struct Reader<'a> {
    setting: &'a Setting<'a>,
    problems: Problems,
    /// How many more triggers may come.
    left: u32,
    /// On how many levels there is jitter here.
    jitters: u32,
}

/// The key's value, unless it is null.
pub(super) fn given<'a>(object: &Object<'a>, key: &str) -> Option<Place<'a>> {
    object.find(key).filter(|place| !place.value.is_null())
}

impl<'a> Reader<'a> {
    pub(super) fn new(setting: &'a Setting<'a>) -> Self {
        Self { setting, problems: Problems::default(), left: MOST_TRIGGERS, jitters: 0 }
    }

    fn trigger(&mut self, place: &Place, outer: Option<&Rc<Zone>>, levels: u32) -> Option<Trigger> {
        self.within_limits(place, levels)?;
        let (object, of_type) = self.object(place)?;
        let zone = self.zone(&object, outer);
        let (start, end) = (self.date(&object, "start_date"), self.date(&object, "end_date"));
        let bounds = self.bounds(&object, of_type, &zone, start, end);
        let changes = self.changes(&object);
        let jitter = self.jitter(&object);
        self.jitters += u32::from(jitter.is_some());
        let kind = match of_type {
            Type::Date => self.moment(&object, &zone).map(Kind::Date),
            Type::Interval => self.interval(&object, bounds).map(Kind::Interval),
            Type::Calendar => self.calendar(&object, &zone, start, bounds.end).map(Kind::Calendar),
            Type::Cron => Cron::from_fields(&object, &mut self.problems).map(Kind::Cron),
            Type::Crontab => self.crontab(&object).map(Kind::Cron),
            Type::And => self.members(&object, &zone, levels).map(|all| Kind::And(And::new(all))),
            Type::Or => self.members(&object, &zone, levels).map(Kind::Or),
            Type::Except => self.except(&object, &zone, levels).map(Kind::Except),
        };
        self.jitters -= u32::from(jitter.is_some());
        let bounds = match (of_type, start) {
            // The anchor is the start.
            (Type::Interval, _) => Bounds { start: None, ..bounds },
            // The first date is the start.
            (Type::Calendar, Some(start)) if start.is_day() => Bounds { start: None, ..bounds },
            (_, _) => bounds,
        };
        Some(plainest(Rule { kind: kind?, zone, bounds, jitter, changes }))
    }

    fn within_limits(&mut self, place: &Place, levels: u32) -> Option<()> {
        if levels == 0 {
            self.problems.push(place, ProblemKind::TooDeep { limit: MOST_LEVELS.into() });
            return None;
        }
        if self.left == 0 {
            let (seen, limit) = (u64::from(MOST_TRIGGERS) + 1, MOST_TRIGGERS.into());
            self.problems.push(place, ProblemKind::TooMany { seen, limit });
            return None;
        }
        self.left -= 1;
        Some(())
    }

    /// The trigger as an object with the keys of its type.
    pub(super) fn object<'v>(&mut self, place: &Place<'v>) -> Option<(Object<'v>, Type)> {
        let entries = place.entries(&mut self.problems)?;
        let Some((_, word)) = entries.iter().find(|(key, _)| *key == "type") else {
            self.problems.push(place, ProblemKind::MissingKey { key: "type".into() });
            return None;
        };
        let of_type = word.word(&mut self.problems, &Type::WORDS, &Type::ALL)?;
        let known = [&COMMON, of_type.keys()].concat();
        Some((place.object(&mut self.problems, &known, &[])?, of_type))
    }

    /// The zone it names, else the outer one. One that is unknown is said once, and taken as UTC from there.
    pub(super) fn zone(&mut self, object: &Object, outer: Option<&Rc<Zone>>) -> Rc<Zone> {
        let own = given(object, "timezone");
        let found = match &own {
            Some(place) => match place.name(&mut self.problems) {
                Some(name) => self.find_zone(place, name),
                None => None,
            },
            None => match outer {
                Some(zone) => Some(Rc::clone(zone)),
                None => self.find_zone(&object.place, self.setting.zone),
            },
        };
        found.unwrap_or_else(|| Rc::new(Zone::utc()))
    }

    fn find_zone(&mut self, place: &Place, name: &str) -> Option<Rc<Zone>> {
        let found = self.setting.zones.find(name);
        if found.is_none() {
            self.problems.push(place, unknown_zone(name));
        }
        found
    }

    pub(super) fn date(&mut self, object: &Object, key: &str) -> Option<Written> {
        Written::read(&given(object, key)?, &mut self.problems)
    }

    pub(super) fn bounds(
        &mut self,
        object: &Object,
        of_type: Type,
        zone: &Rc<Zone>,
        start: Option<Written>,
        end: Option<Written>,
    ) -> Bounds {
        let start = start.map(|start| start.instant(zone));
        let end = end.map(|end| match of_type {
            Type::Calendar => end.day_included(zone),
            Type::Date
            | Type::Interval
            | Type::Cron
            | Type::Crontab
            | Type::And
            | Type::Or
            | Type::Except => end.instant(zone),
        });
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            self.end_before_start(object);
        }
        Bounds { start, end }
    }

    fn end_before_start(&mut self, object: &Object) {
        let (Some(start), Some(end)) = (given(object, "start_date"), given(object, "end_date"))
        else {
            return;
        };
        let kind = ProblemKind::Said {
            en: format!("end_date {} is before start_date {}; correct one", end.value, start.value),
            zh: format!("end_date {} 早于 start_date {}；请更正其一", end.value, start.value),
        };
        self.problems.push(&end, kind);
    }

    fn changes(&mut self, object: &Object) -> Changes {
        let gaps = (["next", "skip"], [Gap::Next, Gap::Skip]);
        let folds = (["first", "last", "both"], [Fold::First, Fold::Last, Fold::Both]);
        let problems = &mut self.problems;
        Changes {
            gap: given(object, "gap").and_then(|place| place.word(problems, &gaps.0, &gaps.1)),
            fold: given(object, "fold").and_then(|place| place.word(problems, &folds.0, &folds.1)),
        }
    }

    fn jitter(&mut self, object: &Object) -> Option<Jitter> {
        let place = given(object, "jitter")?;
        let ms = amount::thousandths(&place, &mut self.problems)?;
        if ms > 0 && self.jitters == MOST_JITTERS {
            self.problems.push(&place, ProblemKind::TooDeep { limit: MOST_JITTERS.into() });
            return None;
        }
        let most = Duration::from_millis(u64::try_from(ms).ok()?);
        (ms > 0).then_some(Jitter { most, seed: self.setting.seed })
    }

    fn moment(&mut self, object: &Object, zone: &Rc<Zone>) -> Option<Moment> {
        let place = object.need(&mut self.problems, "run_date")?;
        Some(Moment::new(&Written::read(&place, &mut self.problems)?, zone))
    }

    fn interval(&mut self, object: &Object, bounds: Bounds) -> Option<Interval> {
        let every_ms = self.every_ms(object)?;
        // One that would fire for the first time when all is over never does.
        let anchor = bounds.start.or_else(|| self.first_of_interval(every_ms, bounds.end));
        Some(Interval::of_ms(anchor.unwrap_or(Timestamp::MAX), every_ms))
    }

    pub(super) fn every_ms(&mut self, object: &Object) -> Option<i64> {
        let mut sum = 0;
        let mut all_read = true;
        for (unit, seconds) in UNITS {
            let Some(place) = given(object, unit) else { continue };
            match amount::thousandths(&place, &mut self.problems) {
                Some(amount) => sum += amount * seconds,
                None => all_read = false,
            }
        }
        if all_read && sum == 0 {
            let kind = ProblemKind::Said {
                en: "the interval is empty; give it weeks, days, hours, minutes or seconds".into(),
                zh: "间隔为零；请填写 weeks、days、hours、minutes 或 seconds".into(),
            };
            self.problems.push(&object.place, kind);
        }
        (all_read && sum > 0).then_some(sum)
    }

    /// Where an interval begins that does not say: one interval from now.
    pub(super) fn first_of_interval(
        &self,
        every_ms: i64,
        end: Option<Timestamp>,
    ) -> Option<Timestamp> {
        let now = self.setting.now.as_ms().max(0);
        let first = Timestamp::from_ms(now.saturating_add(every_ms));
        (first <= end.unwrap_or(LAST).min(LAST)).then_some(first)
    }

    fn calendar(
        &mut self,
        object: &Object,
        zone: &Rc<Zone>,
        start: Option<Written>,
        end: Option<Timestamp>,
    ) -> Option<Calendar> {
        let first = match start {
            Some(start) => Some(start.day(zone)),
            None => self.first_of_calendar(zone, end),
        };
        let years = self.whole(object, "years", MOST_DATES);
        let months = self.whole(object, "months", MOST_DATES);
        let weeks = self.whole(object, "weeks", MOST_DATES);
        let days = self.whole(object, "days", MOST_DATES);
        let (hour, minute) = (self.whole(object, "hour", 23), self.whole(object, "minute", 59));
        let second = self.whole(object, "second", 59);
        let (months, days) = (years? * 12 + months?, weeks? * 7 + days?);
        if months == 0 && days == 0 {
            let kind = ProblemKind::Said {
                en: "the interval is empty; give it years, months, weeks or days".into(),
                zh: "间隔为零；请填写 years、months、weeks 或 days".into(),
            };
            self.problems.push(&object.place, kind);
            return None;
        }
        let of_day = ((hour? * 60 + minute?) * 60 + second?) * 1000;
        let never = LAST.as_ms() / MS_PER_DAY + 1;
        Some(Calendar::new(first.unwrap_or(never), months, days, of_day))
    }

    /// Where a calendarinterval begins that does not say: today.
    pub(super) fn first_of_calendar(&self, zone: &Zone, end: Option<Timestamp>) -> Option<i64> {
        let now = Timestamp::from_ms(self.setting.now.as_ms().max(MS_PER_DAY));
        let today = zone.civil(now).date();
        let begins = super::date::fixed(zone, today.midnight());
        (begins <= end.unwrap_or(LAST).min(LAST)).then_some(today.to_days())
    }

    fn crontab(&mut self, object: &Object) -> Option<Cron> {
        let vixie = given(object, "vixie")
            .is_some_and(|place| place.boolean(&mut self.problems).unwrap_or(false));
        let place = object.need(&mut self.problems, "expression")?;
        Cron::from_crontab(&place, vixie, &mut self.problems)
    }

    fn members(&mut self, object: &Object, zone: &Rc<Zone>, levels: u32) -> Option<Vec<Trigger>> {
        let list = object.need(&mut self.problems, "triggers")?;
        let places = list.items(&mut self.problems, MOST_MEMBERS)?;
        if places.is_empty() {
            self.problems.push(&list, ProblemKind::Empty);
        }
        let mut members = Vec::new();
        for place in &places {
            members.extend(self.trigger(place, Some(zone), levels - 1));
        }
        (members.len() == places.len() && !places.is_empty()).then_some(members)
    }

    fn except(&mut self, object: &Object, zone: &Rc<Zone>, levels: u32) -> Option<Except> {
        let when = object.need(&mut self.problems, "when");
        let when = when.and_then(|place| when::read(&place, &mut self.problems));
        let place = object.need(&mut self.problems, "trigger")?;
        let inner = self.trigger(&place, Some(zone), levels - 1)?;
        Some(Except { inner, when: when? })
    }

    /// A whole number; 0 when it is not there.
    fn whole(&mut self, object: &Object, key: &str, most: u32) -> Option<i64> {
        match given(object, key) {
            Some(place) => place.whole(&mut self.problems, 0, most).map(i64::from),
            None => Some(0),
        }
    }
}

pub(crate) fn unknown_zone(name: &str) -> ProblemKind {
    let quoted = json::quoted(name);
    ProblemKind::Said {
        en: format!("unknown time zone {quoted}; write an IANA name, such as \"Europe/London\""),
        zh: format!("未知的时区 {quoted}；请写 IANA 名称，例如 \"Asia/Shanghai\""),
    }
}

/// A plain instant or interval where it is one.
fn plainest(rule: Rule) -> Trigger {
    if rule.jitter.is_none() && rule.bounds == Bounds::default() {
        match rule.kind {
            Kind::Date(Moment::At(at)) => return Trigger::Date(at),
            Kind::Interval(interval) => return Trigger::Interval(interval),
            Kind::Date(Moment::Wall(_))
            | Kind::Cron(_)
            | Kind::Calendar(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Except(_) => {}
        }
    }
    Trigger::Rule(Rc::new(rule))
}
