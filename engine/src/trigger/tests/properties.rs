//! What holds for all triggers.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::civil::{MS_PER_DAY, weekday_of};

/// A little before changes of the clocks of all these zones.
const STARTS: [&str; 6] = [
    "2026-03-27T11:17:03",
    "2026-10-23T03:00:00",
    "2026-04-03T09:00:00.125",
    "2026-10-02T20:10:00",
    "2011-12-28T21:00:00",
    "2028-02-27T23:00:00",
];
const WINDOW: Duration = Duration::from_hours(5 * 24);

fn leaf() -> impl Strategy<Value = Value> {
    let start = || select(&["2026-03-20", "2026-10-20T12:34:56.789", "2011-12-29T00:30:00"][..]);
    let unit = select(&[("minutes", 37), ("hours", 5), ("seconds", 4_021), ("minutes", 60)][..]);
    let interval =
        (unit, start(), proptest::option::of(select(&["2026-10-26", "2026-03-30T01:30"][..])));
    let interval = interval.prop_map(|((unit, amount), start, end)| {
        let end = end.filter(|end| *end > start);
        json!({"type": "interval", unit: amount, "start_date": start, "end_date": end})
    });
    let field = select(&["0", "*/20", "30", "15-45/15", "*"][..]);
    let hour = select(&["*", "1", "2", "0-3", "*/6", "1,2,23"][..]);
    let weekday = select(&["*", "mon-fri", "sun", "sat-mon"][..]);
    let cron = (field, hour, weekday).prop_map(|(minute, hour, weekday)| {
        json!({"type": "cron", "minute": minute, "hour": hour, "day_of_week": weekday})
    });
    let calendar = (0_u32..3, 0_u32..5, start()).prop_map(|(days, hour, start)| {
        json!({"type": "calendarinterval", "days": days + 1, "hour": hour, "minute": 30, "start_date": start})
    });
    let date = select(&["2026-03-29T01:30:00", "2026-10-25T01:30:00", "2026-04-04T15:10:00Z"][..]);
    let date = date.prop_map(|date| json!({"type": "date", "run_date": date}));
    (
        prop_oneof![interval, cron, calendar, date],
        changes(),
        proptest::option::weighted(0.2, zone_name()),
    )
        .prop_map(|(mut trigger, (gap, fold), zone)| {
            trigger["gap"] = json!(gap);
            trigger["fold"] = json!(fold);
            trigger["timezone"] = json!(zone);
            trigger
        })
}

fn changes() -> impl Strategy<Value = (Option<&'static str>, Option<&'static str>)> {
    let gap = proptest::option::weighted(0.3, select(&["next", "skip"][..]));
    (gap, proptest::option::weighted(0.3, select(&["first", "last", "both"][..])))
}

fn zone_name() -> impl Strategy<Value = &'static str> {
    select(&ZONES[..])
}

fn when() -> impl Strategy<Value = Value> {
    let one = prop_oneof![
        select(&["2026-03-29", "2026-10-25", "2026-04-05"][..])
            .prop_map(|date| json!({"dates": [date]})),
        select(&["sun", "sat", "fri"][..]).prop_map(|day| json!({"weekly": [day, "mon"]})),
        select(&["10-25", "02-29", "12-31"][..]).prop_map(|day| json!({"annual": [day]})),
        select(&["0-6", "1", "22-2"][..]).prop_map(|hour| json!({"cron": {"hour": hour}})),
        select(&["10-40", "30"][..])
            .prop_map(|minute| json!({"cron": {"hour": "*/2", "minute": minute}})),
    ];
    proptest::collection::vec(one, 1..3).prop_map(Value::Array)
}

/// Any trigger: leaves, and combinations of them, some with jitter and bounds.
fn any_trigger() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 12, 4, |inner| {
        let members = proptest::collection::vec(inner.clone(), 1..4);
        let combined = (select(&["and", "or"][..]), members)
            .prop_map(|(kind, members)| json!({"type": kind, "triggers": members}));
        let except = (inner, when())
            .prop_map(|(inner, when)| json!({"type": "except", "trigger": inner, "when": when}));
        let jitter = proptest::option::weighted(0.3, select(&[3, 90, 4000][..]));
        let bounds = proptest::option::weighted(
            0.3,
            select(&["2026-03-28T12:00:00", "2026-10-25T01:15:00"][..]),
        );
        (prop_oneof![combined, except], jitter, bounds).prop_map(|(mut trigger, jitter, start)| {
            trigger["jitter"] = json!(jitter);
            trigger["start_date"] = json!(start);
            trigger["end_date"] = json!(start.map(|_| "2026-10-26T00:00:00"));
            trigger
        })
    })
}

fn in_zone(document: &Value, zone: &str) -> Trigger {
    read(document, zone, at("2026-03-28"))
        .unwrap_or_else(|problems| panic!("{document}: {problems:?}"))
}

/// All fires in the window.
fn set(trigger: &Trigger, start: &str) -> BTreeSet<Timestamp> {
    stepped(trigger, at(start), at(start).plus(WINDOW)).into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn fires_ascend_and_are_a_set(document in any_trigger(), zone in zone_name(), start in select(&STARTS[..]), probes in proptest::collection::vec(0_i64..432_000_000, 8)) {
        let trigger = in_zone(&document, zone);
        let (from, until) = (at(start), at(start).plus(WINDOW));
        let fires = stepped(&trigger, from, until);
        prop_assert!(fires.is_sorted_by(|a, b| a < b));
        prop_assert!(fires.iter().all(|fire| (from..=until).contains(fire)));
        for probe in probes {
            let probe = Timestamp::from_ms(from.as_ms() + probe);
            // From wherever one asks, the answer is the same set's.
            let expected = fires.iter().copied().find(|fire| *fire >= probe);
            prop_assert_eq!(trigger.next_from(probe).filter(|at| *at <= until), expected);
            let latest = fires.iter().copied().rev().find(|fire| *fire <= probe);
            prop_assert_eq!(trigger.latest(from, probe), latest);
            let count = fires.iter().filter(|fire| **fire <= probe).count() as u64;
            prop_assert_eq!(trigger.count(from, probe, u64::MAX), count);
            prop_assert_eq!(trigger.count(from, probe, 3), count.min(3));
        }
    }

    #[test]
    fn a_union_is_the_union_and_an_intersection_the_intersection(
        members in proptest::collection::vec(leaf(), 1..4), zone in zone_name(), start in select(&STARTS[..]),
    ) {
        let sets: Vec<_> = members.iter().map(|one| set(&in_zone(one, zone), start)).collect();
        let or = in_zone(&json!({"type": "or", "triggers": members}), zone);
        let union: BTreeSet<_> = sets.iter().flatten().copied().collect();
        prop_assert_eq!(set(&or, start), union);
        let and = in_zone(&json!({"type": "and", "triggers": members}), zone);
        let shared: BTreeSet<_> = sets[0].iter().copied().filter(|at| sets.iter().all(|set| set.contains(at))).collect();
        prop_assert_eq!(set(&and, start), shared);
    }

    #[test]
    fn an_exception_is_what_is_left(inner in leaf(), when in when(), zone in zone_name(), start in select(&STARTS[..])) {
        let zones = zones();
        let table = zones.find(zone).unwrap();
        let excluded = |fire: &Timestamp| when.as_array().unwrap().iter().any(|one| {
            let civil = table.civil(*fire);
            let (date, of_day) = civil.split();
            let texts = |key: &str| one[key].as_array().cloned().unwrap_or_default();
            let has = |key: &str, text: &str| texts(key).iter().any(|item| item.as_str() == Some(text));
            let full = super::super::date::civil_text(date.midnight());
            let weekday = super::super::when::WEEKDAYS[usize::from(weekday_of(civil.0.div_euclid(MS_PER_DAY)))];
            let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
            let hours: &[i64] = match one["cron"]["hour"].as_str() {
                Some("0-6") => &[0, 1, 2, 3, 4, 5, 6],
                Some("1") => &[1],
                Some("22-2") => &[22, 23, 0, 1, 2],
                Some("*/2") => &[0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22],
                _ => &[],
            };
            let minutes = match one["cron"]["minute"].as_str() {
                Some("10-40") => 10..=40,
                Some("30") => 30..=30,
                _ => 0..=59,
            };
            has("dates", &full) || has("annual", &full[5..]) || has("weekly", weekday)
                || hours.contains(&hour) && minutes.contains(&minute)
        });
        let all = set(&in_zone(&json!({"type": "or", "triggers": [inner]}), zone), start);
        let left: BTreeSet<_> = all.into_iter().filter(|fire| !excluded(fire)).collect();
        let except = in_zone(&json!({"type": "except", "trigger": inner, "when": when}), zone);
        prop_assert_eq!(set(&except, start), left);
    }

    #[test]
    fn jitter_moves_later_but_not_to_the_next(inner in leaf(), zone in zone_name(), start in select(&STARTS[..]), most in 1_i64..10_000) {
        let base = in_zone(&json!({"type": "or", "triggers": [inner]}), zone);
        let jittered = in_zone(&json!({"type": "or", "triggers": [inner], "jitter": most}), zone);
        let (from, until) = (at(start), at(start).plus(WINDOW));
        let bases = stepped(&base, from, until);
        // Those that were due before, and moved into the window, are not among the bases.
        let moved: Vec<_> = stepped(&jittered, from, Timestamp::MAX.min(until.plus(Duration::from_secs(10_000))));
        let moved: Vec<_> = moved.into_iter().filter(|fire| bases.first().is_some_and(|first| fire >= first)).collect();
        for (index, fire) in bases.iter().enumerate() {
            let late = moved[index].as_ms() - fire.as_ms();
            prop_assert!((0..=most * 1000).contains(&late));
            prop_assert!(bases.get(index + 1).is_none_or(|next| moved[index] < *next));
        }
    }

    #[test]
    fn what_is_completed_is_the_same_trigger(document in any_trigger(), zone in zone_name(), other in zone_name(), now in 0_i64..4_000_000_000_000) {
        let (zones, now) = (zones(), Timestamp::from_ms(now));
        let setting = Setting { zones: &zones, zone, now, seed: 7 };
        let elsewhere = Setting { zones: &zones, zone: other, now: at("2031-07-01"), seed: 7 };
        let stored = Trigger::complete(&document, &setting);
        prop_assert_eq!(&Trigger::complete(&stored, &elsewhere), &stored);
        prop_assert_eq!(Trigger::parse(&stored, &elsewhere), Trigger::parse(&document, &setting));
    }

    #[test]
    fn nothing_that_is_written_panics(document in arbitrary_json()) {
        let _ = read(&document, "Europe/London", at("2026-11-24")).map(|trigger| {
            (trigger.next_from(at("2026-11-24")), trigger.describe(crate::locale::Locale::Zh))
        });
        let zones = zones();
        let setting = Setting { zones: &zones, zone: "UTC", now: at("2026-11-24"), seed: 7 };
        let _ = Trigger::complete(&document, &setting);
        let _ = Trigger::zones_named(&document);
    }
}

/// JSON of the words of triggers, put together at random.
fn arbitrary_json() -> impl Strategy<Value = Value> {
    let words = select(
        &[
            "date",
            "interval",
            "cron",
            "crontab",
            "calendarinterval",
            "and",
            "or",
            "except",
            "2026-02-29",
            "2100-12-31",
            "UTC",
            "Europe/London",
            "0 9 * * *",
            "*/5",
            "last",
            "",
            "sun",
            "12-25",
            "ü",
            "1970-01-01T00:00:00-23:59",
        ][..],
    );
    let keys = select(
        &[
            "type",
            "triggers",
            "trigger",
            "when",
            "run_date",
            "start_date",
            "end_date",
            "timezone",
            "seconds",
            "weeks",
            "days",
            "months",
            "hour",
            "minute",
            "jitter",
            "gap",
            "dates",
            "weekly",
            "annual",
            "cron",
            "expression",
            "year",
        ][..],
    );
    let numbers = select(
        &["0", "1", "-1", "58", "1e30", "0.0001", "99999999999999999999", "100000", "1000000000"][..],
    );
    let leaf = prop_oneof![
        2 => words.prop_map(Value::from),
        1 => numbers.prop_map(|text| crate::json::parse(text).unwrap()),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(5, 40, 8, move |inner| {
        let kind = select(
            &["interval", "cron", "crontab", "calendarinterval", "and", "or", "except", "date"][..],
        );
        let map = proptest::collection::vec((keys.clone(), inner.clone()), 0..6);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::Array),
            (map, kind).prop_map(|(entries, kind)| {
                let mut map = crate::json::Map::default();
                map.insert("type".into(), kind.into());
                map.extend(entries.into_iter().map(|(key, value)| (key.to_owned(), value)));
                Value::Object(map)
            }),
        ]
    })
}
