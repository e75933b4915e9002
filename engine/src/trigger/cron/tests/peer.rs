//! The same fires as the known library, where the dialects meet: everywhere away from changes of the
//! clock. What fires near them is compared with a slow and plain reading elsewhere.

use std::cmp::Ordering;

use croner::errors::CronError;
use croner::parser::{CronParser, Seconds};
use croner::{CivilDate, CivilDateTime, CivilTime, CronDateTime, Resolution, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::super::{Changes, Cron};
use super::naive::{Rule, below};
use super::{fields, read_crontab};
use crate::civil::Civil;
use crate::random::Random;
use crate::time::Timestamp;
use crate::zone::{Zone, bundled};

const CASES: usize = 2500;
const FIRES: usize = 12;
const DAY: i64 = 86_400_000;
const YEARS: i64 = 6 * 366 * DAY;
const ZONES: [&str; 12] = [
    "UTC",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Pacific/Apia",
    "Antarctica/Troll",
    "America/St_Johns",
    "Asia/Shanghai",
];

/// jiff's times, as the other library wants them.
#[derive(Clone)]
struct Peer<'a> {
    zone: &'a TimeZone,
    at: jiff::Timestamp,
}

impl CronDateTime for Peer<'_> {
    fn to_civil(&self) -> CivilDateTime {
        let of = |number: i8| u32::try_from(number).unwrap();
        let now = self.zone.to_datetime(self.at);
        let (date, time) = (now.date(), now.time());
        let day =
            CivilDate::from_ymd_opt(date.year().into(), of(date.month()), of(date.day())).unwrap();
        let time = CivilTime::from_hms_opt(of(time.hour()), of(time.minute()), of(time.second()));
        CivilDateTime::new(day, time.unwrap())
    }

    fn civil_weekday(&self) -> Weekday {
        let days = self.zone.to_datetime(self.at).weekday().to_sunday_zero_offset();
        Weekday::from_days_from_sunday(u32::try_from(days).unwrap())
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let small = |number: u32| i8::try_from(number).unwrap();
        let datetime = jiff::civil::date(
            i16::try_from(civil.year()).map_err(|_| CronError::InvalidDate)?,
            small(civil.month()),
            small(civil.day()),
        )
        .at(small(civil.hour()), small(civil.minute()), small(civil.second()), 0);
        let of = |at| Self { at, ..*self };
        let found = self.zone.to_ambiguous_timestamp(datetime);
        Ok(match found.offset() {
            AmbiguousOffset::Unambiguous { .. } => {
                Resolution::Single(of(found.unambiguous().unwrap()))
            }
            AmbiguousOffset::Fold { .. } => {
                Resolution::Ambiguous(of(found.earlier().unwrap()), of(found.later().unwrap()))
            }
            AmbiguousOffset::Gap { .. } => Resolution::Gap,
        })
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        let at = self.at.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
        Some(Self { at, ..*self })
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at)
    }
}

/// A list of numbers, ranges and steps that both know.
fn field(random: &mut Random, least: u32, most: u32) -> String {
    let part = |random: &mut Random| {
        let (a, b) = (below(random, most - least), below(random, most - least));
        let (first, last) = (least + a.min(b), least + a.max(b) + 1);
        match below(random, 5) {
            0 => format!("{first}-{last}"),
            1 => format!("{first}-{last}/{}", 1 + below(random, last - first)),
            _ => first.to_string(),
        }
    };
    match below(random, 4) {
        0 => "*".into(),
        1 => format!("*/{}", 1 + below(random, (most - least).min(20))),
        _ => (0..=below(random, 2)).map(|_| part(random)).collect::<Vec<_>>().join(","),
    }
}

/// The five fields of a crontab string, and whether either day is enough.
fn expression(random: &mut Random) -> (String, bool) {
    let plain = |random: &mut Random, most| below(random, most).to_string();
    let minute = if below(random, 2) == 0 { plain(random, 60) } else { field(random, 0, 59) };
    let hour = if below(random, 2) == 0 { plain(random, 24) } else { field(random, 0, 23) };
    let day = match below(random, 12) {
        0 => "L".into(),
        1 => format!("{}W", 1 + below(random, 31)),
        2 => "LW".into(),
        3..=6 => "*".into(),
        _ => field(random, 1, 31),
    };
    let weekday = match below(random, 12) {
        0 => format!("{}#{}", below(random, 7), 1 + below(random, 5)),
        1 => format!("{}L", below(random, 7)),
        2 => ["sun", "mon-fri", "SAT,tue", "thu#2"][below(random, 4) as usize].into(),
        3..=7 => "*".into(),
        8 => ["7", "5-7", "1,7", "3-7/2"][below(random, 4) as usize].into(),
        _ => field(random, 0, 6),
    };
    let month = if below(random, 2) == 0 { "*".into() } else { field(random, 1, 12) };
    // The other library has only `*` alone for unrestricted.
    let starred = |text: &str| text.len() > 1 && text.starts_with('*');
    let either = below(random, 2) == 0 && !starred(&day) && !starred(&weekday);
    (format!("{minute} {hour} {day} {month} {weekday}"), either)
}

/// The fires of the other library, no later than some years on.
fn peer_fires<'z>(text: &str, either: bool, zone: &'z TimeZone, after: i64) -> Vec<Timestamp> {
    let parser = CronParser::builder().seconds(Seconds::Optional).dom_and_dow(!either).build();
    let cron = parser.parse(text).unwrap();
    let start = Peer { zone, at: jiff::Timestamp::from_millisecond(after).unwrap() };
    let next = |at: &Peer<'z>| cron.find_next_occurrence(at, false).ok();
    let fires = std::iter::successors(next(&start), next);
    let fires = fires.map(|at| Timestamp::from_ms(at.at.as_millisecond()));
    fires.take(FIRES).take_while(|at| at.as_ms() < after + YEARS).collect()
}

fn our_fires(cron: &Cron, zone: &Zone, after: i64) -> Vec<Timestamp> {
    let next = |&at: &Timestamp| cron.next_after(zone, at, Changes::default());
    let fires = std::iter::successors(next(&Timestamp::from_ms(after)), next);
    fires.take(FIRES).take_while(|at| at.as_ms() < after + YEARS).collect()
}

/// The fires that are a day or more from any change, and not after `last`.
fn plain(fires: &[Timestamp], zone: &Zone, last: Timestamp) -> Vec<Timestamp> {
    let near = |at: Timestamp| {
        let change = zone.change_after(Timestamp::from_ms(at.as_ms() - DAY));
        change.is_some_and(|change| change.at.as_ms() < at.as_ms() + DAY)
    };
    fires.iter().copied().filter(|&at| at <= last && !near(at)).collect()
}

/// Compares one random case; whether the fires were the same near changes too.
fn compare(seed: u64, zones: &[(Zone, TimeZone)]) -> bool {
    let random = &mut Random::new(seed);
    let (zone, rules) = &zones[below(random, 12) as usize];
    let (text, either) = expression(random);
    // Within 18 years from 2020 on, half of the time in the days before a change.
    let mut after = 1_577_836_800_000 + i64::from(below(random, 18 * 365 * 24)) * 3_600_000;
    if let Some(change) = zone.change_after(Timestamp::from_ms(after))
        && below(random, 2) == 0
    {
        after = change.at.as_ms() - i64::from(below(random, 48)) * 3_600_000;
    }
    let Ok(cron) = read_crontab(&text, either) else {
        let problems = read_crontab(&text, either).unwrap_err();
        assert!(problems[0].to_string().contains("never comes"), "seed {seed}: {problems:?}");
        return true;
    };
    if cron.next_civil(Civil(0)).is_none() {
        // The other library would search thousands of years.
        return true;
    }
    let ours = our_fires(&cron, zone, after);
    let theirs = peer_fires(&text, either, rules, after);
    // A list that is full ends somewhere; what both have seen is compared.
    let full = [&ours, &theirs].into_iter().filter(|fires| fires.len() == FIRES);
    let last = full.filter_map(|fires| fires.last().copied()).min().unwrap_or(Timestamp::MAX);
    let (here, there) = (plain(&ours, zone, last), plain(&theirs, zone, last));
    let name = zone.name();
    assert_eq!(here, there, "seed {seed}: {text} in {name}, either {either}, after {after}");
    ours == theirs
}

#[test]
fn fires_are_those_of_another_library_away_from_changes() {
    let both = |name| (bundled::zone(name).unwrap(), jiff::tz::db().get(name).unwrap());
    let zones = ZONES.map(both);
    let same = (0..CASES).filter(|&seed| compare(seed as u64, &zones)).count();
    // Near them it takes one hour and one minute for fixed, we all lists of plain numbers.
    assert!(same > CASES * 95 / 100, "only {same} of {CASES} are the same near changes");
}

/// Every change of every zone from 2020 to 2037, by a walk through the minutes around it.
#[test]
fn fires_around_every_change_of_every_zone_are_those_of_a_walk() {
    let rules: Vec<(Cron, Rule)> = [
        &[(5, 0)][..],
        &[(5, 2), (6, 30)],
        &[(5, 1), (6, 0)],
        &[(5, 23), (6, 59)],
        &[(6, 15)],
        &[(4, 6), (5, 3)],
    ]
    .into_iter()
    .map(|numbers| numbers.iter().fold(Rule::default(), |rule, &(field, n)| rule.with(field, n)))
    .map(|rule| (fields(&rule.to_json()).unwrap(), rule))
    .collect();
    let mut seen: Vec<Vec<(i64, i32)>> = Vec::new();
    for zone in bundled::names().iter().filter_map(|name| bundled::zone(name)) {
        let recent = zone.changes().map(|change| (change.at.as_ms(), change.offset_seconds));
        let recent: Vec<_> =
            recent.filter(|(at, _)| (1_577_836_800_000..2_145_916_800_000).contains(at)).collect();
        if seen.contains(&recent) {
            continue;
        }
        for &(at, _) in &recent {
            let (after, until) = (at - 2 * 3_600_000, at + 4 * 3_600_000);
            let (after, until) = (Timestamp::from_ms(after), Timestamp::from_ms(until));
            for (cron, rule) in &rules {
                let want = rule.fires(&zone, after, until, 60_000, Changes::default());
                let found = super::random::fires(cron, &zone, after, until, Changes::default());
                assert_eq!(found, want, "{rule:?} in {}", zone.name());
            }
        }
        seen.push(recent);
    }
    assert!(seen.len() > 50, "only {} zones", seen.len());
}
