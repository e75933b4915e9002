//! Random rules, against the slow and plain way of `naive`.

use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};

use super::super::{Changes, Cron, Fold, Gap};
use super::naive::{Rule, below};
use super::{fields, utc, wall, zone};
use crate::civil::{Civil, MS_PER_DAY};
use crate::random::Random;
use crate::time::Timestamp;
use crate::zone::Zone;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;

/// The rule as it is read; none when its date never comes.
pub(super) fn read(rule: &Rule) -> Option<Cron> {
    match fields(&rule.to_json()) {
        Ok(cron) => Some(cron),
        Err(problems) => {
            let text = problems[0].to_string();
            assert!(text.contains("never comes"), "{text}: {rule:?}");
            None
        }
    }
}

pub(super) fn random_changes(random: &mut Random) -> Changes {
    let gap = [None, Some(Gap::Next), Some(Gap::Skip)];
    let fold = [None, Some(Fold::First), Some(Fold::Last), Some(Fold::Both)];
    if below(random, 2) == 0 {
        return Changes::default();
    }
    Changes { gap: gap[below(random, 3) as usize], fold: fold[below(random, 4) as usize] }
}

/// All fires after an instant and until another.
pub(super) fn fires(
    cron: &Cron,
    zone: &Zone,
    after: Timestamp,
    until: Timestamp,
    changes: Changes,
) -> Vec<Timestamp> {
    let next = |&at: &Timestamp| {
        let next = cron.next_after(zone, at, changes)?;
        assert!(next > at, "{next} is not after {at}: {cron:?}");
        (next <= until).then_some(next)
    };
    std::iter::successors(next(&after), next).collect()
}

/// A zone of random changes in 2026, by up to a day, an hour or more apart.
fn random_zone(random: &mut Random, least_apart: i64, most_hours: u32) -> Zone {
    let mut at = utc("2026-03-01").as_ms();
    let mut changes = Vec::new();
    for _ in 0..6 {
        at += least_apart + i64::from(below(random, 48)) * HOUR;
        let quarters = below(random, most_hours * 8).cast_signed() - (most_hours * 4).cast_signed();
        changes.push((Timestamp::from_ms(at).to_string(), quarters * 900));
    }
    let changes: Vec<(&str, i32)> = changes.iter().map(|(at, o)| (at.as_str(), *o)).collect();
    zone(3600, &changes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn days_are_those_of_a_walk_through_the_calendar(seed: u64) {
        let random = &mut Random::new(seed);
        let rule = Rule::random(random, 0, 45).with(5, 0).with(6, 0).with(7, 0);
        if let Some(cron) = read(&rule) {
            let start = wall("2019-12-28").0 + i64::from(below(random, 5000)) * MS_PER_DAY;
            let until = start + 900 * MS_PER_DAY;
            let days = (start..=until).step_by(86_400_000).map(Civil);
            let want: Vec<Civil> = days.filter(|&day| rule.matches(day)).collect();
            let next = |from| cron.next_civil(from).filter(|civil| civil.0 <= until);
            let found = std::iter::successors(next(Civil(start)), |at| next(Civil(at.0 + 1)));
            prop_assert_eq!(found.collect::<Vec<_>>(), want, "{:?}", rule);
        }
    }

    #[test]
    fn seconds_are_those_of_a_walk_through_the_hours(seed: u64) {
        let random = &mut Random::new(seed);
        let rule = Rule::random(random, 5, 70);
        let cron = read(&rule).unwrap();
        let start = wall("2026-03-01 00:00:00").0 + i64::from(below(random, 86_400)) * SECOND;
        let until = start + 5 * HOUR;
        let seconds = (start..=until).step_by(1000).map(Civil);
        let want: Vec<Civil> = seconds.filter(|&civil| rule.matches(civil)).collect();
        let next = |from| cron.next_civil(from).filter(|civil| civil.0 <= until);
        let found = std::iter::successors(next(Civil(start)), |at| next(Civil(at.0 + 1)));
        prop_assert_eq!(found.collect::<Vec<_>>(), want, "{:?}", rule);
    }

    #[test]
    fn mismatches_are_where_matches_end(seed: u64) {
        let random = &mut Random::new(seed);
        let rule = Rule::random(random, 1, 40);
        if let Some(cron) = read(&rule) {
            let mut at = wall("2026-01-01").0 + i64::from(below(random, 366 * 24)) * HOUR;
            for _ in 0..20 {
                let Some(matching) = cron.next_civil(Civil(at)) else { break };
                let Some(end) = cron.next_mismatch(matching) else { break };
                prop_assert_eq!(cron.matches(end), false);
                // All that lies between matches, as far as one can look.
                let run = (matching.0..end.0).step_by(1000).take(5000);
                prop_assert_eq!(run.map(Civil).find(|&civil| !cron.matches(civil)), None);
                prop_assert_eq!(cron.matches(Civil(end.0 - 1)), true);
                at = end.0;
            }
        }
    }

    #[test]
    fn fires_are_those_of_a_walk_through_the_minutes(seed: u64) {
        let random = &mut Random::new(seed);
        let zone = random_zone(random, 49 * HOUR, 12);
        let rule = Rule::random(random, 2, 35).with(7, 0);
        let changes = random_changes(random);
        if let Some(cron) = read(&rule) {
            let after = Timestamp::from_ms(utc("2026-03-01").as_ms() + i64::from(below(random, 300)) * HOUR);
            let until = Timestamp::from_ms(after.as_ms() + 10 * MS_PER_DAY);
            let want = rule.fires(&zone, after, until, MINUTE, changes);
            let found = fires(&cron, &zone, after, until, changes);
            prop_assert_eq!(found, want, "{:?} {:?} in {:?}", rule, changes, zone);
        }
    }

    #[test]
    fn fires_are_those_of_a_walk_through_the_seconds(seed: u64) {
        let random = &mut Random::new(seed);
        let zone = random_zone(random, 49 * HOUR, 2);
        let rule = Rule::random(random, 5, 70);
        let changes = random_changes(random);
        let cron = read(&rule).unwrap();
        let change = zone.changes().nth(below(random, 6) as usize);
        let change = change.map_or(utc("2026-03-05"), |change| change.at);
        let after = Timestamp::from_ms(change.as_ms() - 3 * HOUR);
        let until = Timestamp::from_ms(change.as_ms() + 5 * HOUR);
        let want = rule.fires(&zone, after, until, SECOND, changes);
        let found = fires(&cron, &zone, after, until, changes);
        prop_assert_eq!(found, want, "{:?} {:?} in {:?}", rule, changes, zone);
    }

    #[test]
    fn fires_ascend_whatever_the_zone(seed: u64) {
        let random = &mut Random::new(seed);
        // Changes that overlap one another are no zone of this world, and still no reason to hang.
        let zone = random_zone(random, HOUR / 4, 23);
        let rule = Rule::random(random, 4, 60);
        let changes = random_changes(random);
        let cron = read(&rule).unwrap();
        let (mut at, mut count) = (utc("2026-02-28"), 0);
        while let Some(next) = cron.next_after(&zone, at, changes).filter(|_| count < 300) {
            assert!(next > at, "{next} is not after {at}");
            (at, count) = (next, count + 1);
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in any::<String>(), tail in "[0-9*/,lLwW# -]{0,12}") {
        let _ = super::crontab(&text);
        for name in Cron::FIELDS {
            let _ = fields(&crate::json::json!({ name: text.clone() + &tail }));
            let _ = fields(&crate::json::json!({ name: tail.clone() }));
        }
    }
}
