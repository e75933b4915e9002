//! Random rules whose meaning is spelled out the slow and plain way, to compare with.

use crate::json::{Map, Value};

use super::super::{Changes, Cron, Fold, Gap};
use crate::civil::{Civil, Date, days_in};
use crate::random::Random;
use crate::time::Timestamp;
use crate::zone::{Resolved, Zone};

const LIMITS: [(u32, u32); 8] =
    [(1970, 2100), (1, 12), (1, 31), (1, 53), (0, 6), (0, 23), (0, 59), (0, 59)];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAY: usize = 2;
const DAY_OF_WEEK: usize = 4;
const HOUR: usize = 5;

/// One part of a list.
#[derive(Clone, Copy, Debug)]
enum Part {
    Every(u32),
    One(u32),
    From(u32, u32),
    Range(u32, u32, u32),
    BeforeLast(u32),
    Nearest(u32),
    Nth(u32, u32),
}

/// A rule: a list of parts a field that is given.
#[derive(Clone, Debug, Default)]
pub(super) struct Rule([Option<Vec<Part>>; 8]);

pub(super) fn below(random: &mut Random, limit: u32) -> u32 {
    (random.next() % u64::from(limit)).try_into().unwrap()
}

impl Rule {
    /// A rule with about as many fields given as asked for in a hundred, from `from` on.
    pub(super) fn random(random: &mut Random, from: usize, percent: u32) -> Self {
        let mut fields = [const { None }; 8];
        for (index, field) in fields.iter_mut().enumerate().skip(from) {
            if below(random, 100) < percent {
                let count = 1 + below(random, 4) / 2;
                *field = Some((0..count).map(|_| Part::random(random, index)).collect());
            }
        }
        Self(fields)
    }

    /// The same with one plain number for a field.
    pub(super) fn with(mut self, field: usize, number: u32) -> Self {
        self.0[field] = Some(vec![Part::One(number)]);
        self
    }

    pub(super) fn to_json(&self) -> Value {
        let given = Cron::FIELDS.iter().zip(&self.0).enumerate();
        let texts = given.filter_map(|(index, (name, parts))| {
            let parts = parts.as_ref()?.iter().map(|part| part.text(index));
            Some(((*name).to_owned(), parts.collect::<Vec<_>>().join(", ").into()))
        });
        Value::Object(texts.collect::<Map>())
    }

    /// Whether a civil time matches, one field after another.
    pub(super) fn matches(&self, civil: Civil) -> bool {
        let (date, ms) = civil.split();
        let second = u32::try_from(ms / 1000).unwrap();
        let number = |index| match index {
            0 => u32::try_from(date.year).unwrap_or(0),
            1 => date.month.into(),
            2 => date.day.into(),
            3 => week(date),
            4 => date.weekday().into(),
            5 => second / 3600,
            6 => second / 60 % 60,
            _ => second % 60,
        };
        (0..8).all(|index| match self.parts(index) {
            Some(parts) => parts.iter().any(|part| part.has(index, number(index), date)),
            None => (1970..=2100).contains(&date.year),
        })
    }

    /// The parts of a field; none when it is every number.
    fn parts(&self, index: usize) -> Option<&[Part]> {
        const ZERO: [Part; 1] = [Part::One(0)];
        const ONE: [Part; 1] = [Part::One(1)];
        let least = self.0.iter().rposition(Option::is_some)?;
        match &self.0[index] {
            Some(parts) => Some(parts),
            None if index < least => None,
            None => match index {
                0 | 3 | DAY_OF_WEEK => None,
                1 | DAY => Some(&ONE),
                _ => Some(&ZERO),
            },
        }
    }

    fn is_plain(&self, index: usize) -> bool {
        self.parts(index).is_some_and(|parts| parts.iter().all(|p| matches!(p, Part::One(_))))
    }

    fn is_fixed(&self, change: i64) -> bool {
        self.is_plain(HOUR) && (self.is_plain(HOUR + 1) || change.abs() >= 3_600_000)
    }

    /// All fires after one instant and until another, by looking at each of its instants a step apart.
    pub(super) fn fires(
        &self,
        zone: &Zone,
        after: Timestamp,
        until: Timestamp,
        step: i64,
        changes: Changes,
    ) -> Vec<Timestamp> {
        let instants = (after.as_ms() + step..=until.as_ms()).step_by(step.try_into().unwrap());
        let mut fires: Vec<Timestamp> = instants
            .map(Timestamp::from_ms)
            .filter(|&at| self.matches(zone.civil(at)) && self.fires_here(zone, at, changes))
            .collect();
        for change in zone.changes().filter(|change| after < change.at && change.at <= until) {
            let (at, before) = (change.at.as_ms(), Timestamp::from_ms(change.at.as_ms() - 1));
            let old = i64::from(zone.offset_seconds(before)) * 1000;
            let new = i64::from(change.offset_seconds) * 1000;
            let usual = if self.is_fixed(new - old) { Gap::Next } else { Gap::Skip };
            let mut skipped = (at + old..at + new).step_by(step.try_into().unwrap());
            if changes.gap.unwrap_or(usual) == Gap::Next && skipped.any(|c| self.matches(Civil(c)))
            {
                fires.push(change.at);
            }
        }
        fires.sort();
        fires.dedup();
        fires
    }

    /// Whether a civil time that matches fires at this of its instants.
    fn fires_here(&self, zone: &Zone, at: Timestamp, changes: Changes) -> bool {
        let Resolved::Fold(first, last) = zone.resolve(zone.civil(at)) else { return true };
        let fixed = self.is_fixed(last.as_ms() - first.as_ms());
        match changes.fold.unwrap_or(if fixed { Fold::First } else { Fold::Both }) {
            Fold::First => at == first,
            Fold::Last => at == last,
            Fold::Both => true,
        }
    }
}

impl Part {
    fn random(random: &mut Random, index: usize) -> Self {
        let (least, most) = LIMITS[index];
        let (least, most) = if index == 0 { (2019, 2040) } else { (least, most) };
        let one = |random: &mut Random| least + below(random, most - least + 1);
        let special = matches!(index, DAY | DAY_OF_WEEK) && below(random, 3) == 0;
        match below(random, 6) {
            0 | 1 if special => Self::Nth(below(random, 6), below(random, 7)),
            _ if special && index == DAY => match below(random, 3) {
                0 => Self::BeforeLast(below(random, 31)),
                1 => Self::BeforeLast(0),
                _ => Self::Nearest(below(random, 32)),
            },
            0 => Self::Every(1 + below(random, (most - least).min(20))),
            1 => {
                let first = least + below(random, most - least);
                let room = if index == 0 { 2100 - first } else { most - first };
                Self::From(first, 1 + below(random, room.min(20)))
            }
            2 | 3 => {
                let (first, last) = (one(random), one(random));
                let size = most - least + 1;
                let span = (last + size - first) % size;
                match (index, first > last) {
                    (0, true) => Self::Range(last, first, 1),
                    _ if span > 1 && below(random, 2) == 0 => {
                        Self::Range(first, last, 1 + below(random, span))
                    }
                    _ => Self::Range(first, last, 1),
                }
            }
            _ => Self::One(one(random)),
        }
    }

    fn text(self, index: usize) -> String {
        let number = |number: u32| match index {
            1 => MONTHS[number as usize - 1].to_owned(),
            DAY_OF_WEEK => WEEKDAYS[number as usize].to_uppercase(),
            _ => number.to_string(),
        };
        match self {
            Self::Every(1) => "*".into(),
            Self::Every(step) => format!("*/{step}"),
            Self::One(one) => number(one),
            Self::From(first, step) => format!("{first}/{step}"),
            Self::Range(first, last, 1) => format!("{}-{}", number(first), number(last)),
            Self::Range(first, last, step) => format!("{}-{}/{step}", number(first), number(last)),
            Self::BeforeLast(0) => "last".into(),
            Self::BeforeLast(days) => format!("L-{days}"),
            Self::Nearest(0) => "LW".into(),
            Self::Nearest(day) => format!("{day}W"),
            Self::Nth(5, weekday) => format!("last {}", WEEKDAYS[weekday as usize]),
            Self::Nth(place, weekday) => format!("{}#{}", WEEKDAYS[weekday as usize], place + 1),
        }
    }

    fn has(self, index: usize, number: u32, date: Date) -> bool {
        let (least, most) = LIMITS[index];
        let (day, length) = (u32::from(date.day), u32::from(days_in(date.year, date.month)));
        match self {
            Self::Every(step) => (number - least).is_multiple_of(step),
            Self::One(one) => number == one,
            Self::From(first, step) => number >= first && (number - first).is_multiple_of(step),
            Self::Range(first, last, step) => {
                let around = |number: u32| (number + most - least + 1 - first) % (most - least + 1);
                around(number) <= around(last) && around(number).is_multiple_of(step)
            }
            Self::BeforeLast(days) => day + days == length,
            Self::Nearest(wanted) => nearest(date, wanted) == Some(day),
            Self::Nth(5, weekday) => u32::from(date.weekday()) == weekday && day + 7 > length,
            Self::Nth(place, weekday) => {
                u32::from(date.weekday()) == weekday && (day - 1) / 7 == place
            }
        }
    }
}

/// The day of the date's month that is no weekend and nearest to `wanted`; for 0, to the end.
fn nearest(date: Date, wanted: u32) -> Option<u32> {
    let length = u32::from(days_in(date.year, date.month));
    let is_weekday = |day: &u32| Date { day: u8::try_from(*day).unwrap(), ..date }.weekday() < 5;
    let mut days = (1..=length).filter(is_weekday);
    match wanted {
        0 => days.next_back(),
        _ if wanted > length => None,
        _ => days.min_by_key(|day| day.abs_diff(wanted)),
    }
}

/// The ISO week: how many Thursdays the year of this week's Thursday has had by it.
fn week(date: Date) -> u32 {
    let thursday = date.to_days() - i64::from(date.weekday()) + 3;
    let year = Date::from_days(thursday).year;
    let mut count = 0;
    let mut day = thursday;
    while Date::from_days(day).year == year {
        (count, day) = (count + 1, day - 7);
    }
    count
}
