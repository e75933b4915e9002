//! and, or, except, jitter.

use super::*;
use std::time::Duration;

#[test]
fn an_intersection_is_true_and_bounded() {
    let and = |a: Value, b: Value| json!({"type": "and", "triggers": [a, b]});
    let cron =
        |hour: &str, weekday: &str| json!({"type": "cron", "hour": hour, "day_of_week": weekday});
    check(
        &and(cron("9", "*"), cron("9-17", "fri")),
        "UTC",
        "2026-11-24",
        &["2026-11-27T09:00:00Z", "2026-12-04T09:00:00Z"],
    );
    check(&and(cron("9", "*"), cron("10", "*")), "UTC", "2026-11-24", &["end"]);
    let friday_13 =
        and(json!({"type": "cron", "day": 13}), json!({"type": "cron", "day_of_week": "fri"}));
    check(&friday_13, "UTC", "2026-11-24", &["2027-08-13T00:00:00Z", "2028-10-13T00:00:00Z"]);
}

#[test]
fn intervals_meet_where_their_phases_do() {
    let every = |seconds: u32, start: &str| json!({"type": "interval", "seconds": seconds, "start_date": start});
    let both = |a: Value, b: Value| json!({"type": "and", "triggers": [a, b]});
    let (start, later) = ("2026-11-24T00:00:00", "2026-11-24T00:00:01");
    check(
        &both(every(58, start), every(60, start)),
        "UTC",
        "2026-11-24",
        &["2026-11-24T00:00:00Z", "2026-11-24T00:29:00Z", "2026-11-24T00:58:00Z"],
    );
    check(&both(every(58, start), every(60, later)), "UTC", "2026-11-24", &["end"]);
    // With minutes of the clock as well: no second is tried in vain.
    let minutes = json!({"type": "cron", "minute": "*"});
    check(&both(every(58, later), minutes.clone()), "UTC", "2026-11-24", &["end"]);
    check(
        &both(every(59, later), minutes),
        "Asia/Kathmandu",
        "2026-11-24",
        &["2026-11-23T18:16:00Z", "2026-11-23T19:15:00Z"],
    );
}

#[test]
fn an_end_of_a_member_is_the_end_of_the_intersection() {
    let ending = json!({"type": "interval", "seconds": 58, "start_date": "2026-11-24", "end_date": "2026-11-24T00:30:00"});
    let and = json!({"type": "and", "triggers": [ending, {"type": "interval", "seconds": 60, "start_date": "2026-11-24"}]});
    check(&and, "UTC", "2026-11-24", &["2026-11-24T00:00:00Z", "2026-11-24T00:29:00Z", "end"]);
}

#[test]
fn a_search_gives_up() {
    // Whole seconds on one wall, that no grid tells apart.
    let and = json!({"type": "and", "triggers": [
        {"type": "cron", "second": "*/2"}, {"type": "cron", "second": "1-59/2"}, {"type": "cron", "second": "*/2"},
    ]});
    assert_eq!(london(&and).next_from(at("2026-11-24")), None);
    // Nor does it take others with it.
    let or = json!({"type": "or", "triggers": [and, {"type": "cron", "hour": 9}]});
    check(&or, "UTC", "2026-11-24", &["2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z"]);
}

#[test]
fn a_union_keeps_each_phase_and_fires_once() {
    let or = json!({"type": "or", "triggers": [
        {"type": "interval", "minutes": 20, "start_date": "2026-11-24T00:05:00"},
        {"type": "cron", "minute": "*/15"},
        {"type": "date", "run_date": "2026-11-24T00:45:00"},
    ]});
    check(
        &or,
        "UTC",
        "2026-11-24",
        &[
            "2026-11-24T00:00:00Z",
            "2026-11-24T00:05:00Z",
            "2026-11-24T00:15:00Z",
            "2026-11-24T00:25:00Z",
            "2026-11-24T00:30:00Z",
            "2026-11-24T00:45:00Z",
            "2026-11-24T01:00:00Z",
            "2026-11-24T01:05:00Z",
        ],
    );
}

#[test]
fn members_take_the_outer_zone_unless_they_name_their_own() {
    let or = json!({"type": "or", "timezone": "Asia/Shanghai", "triggers": [
        {"type": "cron", "hour": 9},
        {"type": "cron", "hour": 9, "timezone": "America/New_York"},
        {"type": "except", "trigger": {"type": "cron", "hour": 12}, "when": [{"weekly": ["Tue"]}]},
    ]});
    check(
        &or,
        "Europe/London",
        "2026-11-24",
        &[
            "2026-11-24T01:00:00Z",
            "2026-11-24T14:00:00Z",
            "2026-11-25T01:00:00Z",
            "2026-11-25T04:00:00Z",
        ],
    );
}

fn hourly_except(when: &Value) -> Value {
    json!({"type": "except", "trigger": {"type": "cron", "minute": 0}, "when": when})
}

#[test]
fn excluded_days_are_those_of_the_zone() {
    check(
        &hourly_except(&json!([{"dates": ["2026-11-24"]}])),
        "Asia/Shanghai",
        "2026-11-23T15:00:00Z",
        &["2026-11-23T15:00:00Z", "2026-11-24T16:00:00Z"],
    );
    check(
        &hourly_except(&json!([{"weekly": ["sat", "SUN"]}])),
        "UTC",
        "2026-11-27T23:00:00Z",
        &["2026-11-27T23:00:00Z", "2026-11-30T00:00:00Z"],
    );
    check(
        &hourly_except(&json!([{"annual": ["12-25", "12-26", "02-29"]}])),
        "UTC",
        "2026-12-24T23:00:00Z",
        &["2026-12-24T23:00:00Z", "2026-12-27T00:00:00Z"],
    );
    check(
        &hourly_except(&json!([{"annual": ["02-29"]}])),
        "UTC",
        "2028-02-28T23:00:00Z",
        &["2028-02-28T23:00:00Z", "2028-03-01T00:00:00Z"],
    );
}

#[test]
fn fields_that_a_range_leaves_out_are_any() {
    check(
        &hourly_except(&json!([{"cron": {"hour": "0-6"}}])),
        "UTC",
        "2026-11-23T23:00:00Z",
        &["2026-11-23T23:00:00Z", "2026-11-24T07:00:00Z", "2026-11-24T08:00:00Z"],
    );
    check(
        &hourly_except(&json!([{"cron": {"day_of_week": "mon-fri"}}])),
        "UTC",
        "2026-11-24T00:00:00Z",
        &["2026-11-28T00:00:00Z"],
    );
    // Every second of the hour, so that fractions of a second are in it too.
    let half =
        json!({"type": "interval", "seconds": 1800, "start_date": "2026-11-24T05:59:59.500"});
    let except = json!({"type": "except", "trigger": half, "when": [{"cron": {"hour": 6}}]});
    check(&except, "UTC", "2026-11-24", &["2026-11-24T05:59:59.500Z", "2026-11-24T07:29:59.500Z"]);
    check(&hourly_except(&json!([{"cron": {}}])), "UTC", "2026-11-24", &["end"]);
}

#[test]
fn calendars_together_exclude_what_any_excludes() {
    let when = json!([{"weekly": ["sat", "sun"]}, {"dates": ["2026-11-30", "2026-12-01"]}, {"cron": {"hour": "0-11"}}]);
    check(
        &hourly_except(&when),
        "UTC",
        "2026-11-27T23:00:00Z",
        &["2026-11-27T23:00:00Z", "2026-12-02T12:00:00Z"],
    );
}

#[test]
fn a_time_that_comes_twice_is_excluded_twice() {
    // 01:30 to 01:59 comes twice on 25 October; what lies between is kept.
    let every = json!({"type": "interval", "minutes": 15, "start_date": "2026-10-25T00:00:00Z"});
    let except = json!({"type": "except", "trigger": every, "when": [{"cron": {"hour": 1, "minute": "30-59"}}]});
    check(
        &except,
        "Europe/London",
        "2026-10-25T00:00:00Z",
        &[
            "2026-10-25T00:00:00Z",
            "2026-10-25T00:15:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T01:15:00Z",
            "2026-10-25T02:00:00Z",
        ],
    );
}

#[test]
fn an_exclusion_of_all_ends() {
    let nothing = hourly_except(
        &json!([{"weekly": ["mon", "tue", "wed", "thu", "fri"]}, {"weekly": ["sat", "sun"]}]),
    );
    assert_eq!(london(&nothing).next_from(at("2026-11-24")), None);
    let daily = json!({"type": "except", "trigger": {"type": "cron", "hour": 3}, "when": [{"cron": {"hour": 3}}]});
    assert_eq!(london(&daily).next_from(at("2026-11-24")), None);
}

#[test]
fn jitter_is_the_same_each_time_and_never_reaches_the_next() {
    let trigger =
        json!({"type": "cron", "second": "*/10", "jitter": 60, "end_date": "2026-11-24T00:01:00"});
    let jittered = london(&trigger);
    let fires = stepped(&jittered, at("2026-11-24"), at("2026-11-25"));
    assert_eq!(fires.len(), 7);
    for (fire, base) in fires.iter().zip((0..).step_by(10_000)) {
        let late = fire.as_ms() - at("2026-11-24").as_ms() - base;
        assert!((0..10_000).contains(&late), "{late}");
    }
    assert_eq!(fires.last(), Some(&at("2026-11-24T00:01:00")), "never past the end");
    assert!(fires.iter().any(|fire| fire.as_ms() % 10_000 != 0));
    assert_eq!(stepped(&london(&trigger), at("2026-11-24"), at("2026-11-25")), fires);
}

#[test]
fn another_seed_is_another_jitter() {
    let zones = zones();
    let fire = |seed| {
        let setting = Setting { zones: &zones, zone: "UTC", now: at("2026-11-24"), seed };
        let hourly = json!({"type": "cron", "minute": 0, "jitter": 59.5});
        Trigger::parse(&hourly, &setting).unwrap().next_from(at("2026-11-24T00:01:00")).unwrap()
    };
    assert_eq!(fire(1), fire(1));
    assert_ne!(fire(1), fire(2));
    let mean =
        (0..1000).map(|seed| fire(seed).since(at("2026-11-24T01:00:00"))).sum::<Duration>() / 1000;
    assert!((27_000..33_000).contains(&mean.as_millis()), "{mean:?}");
}

#[test]
fn no_jitter_is_none() {
    let plain = london(&json!({"type": "interval", "seconds": 58, "start_date": "2026-01-01"}));
    let zero = london(
        &json!({"type": "interval", "seconds": 58, "start_date": "2026-01-01", "jitter": 0}),
    );
    assert_eq!(plain, zero);
    assert!(matches!(zero, Trigger::Interval(_)));
}

/// An hourly rule with jitter on so many levels.
fn jittered(levels: u32) -> Value {
    (0..levels).fold(
        json!({"type": "cron", "minute": "*/10"}),
        |inner, more| json!({"type": "or", "triggers": [inner], "jitter": 60 + more}),
    )
}

#[test]
fn jitter_within_jitter_adds_up() {
    let (from, until) = (at("2026-11-24"), at("2026-11-24T03:00:00"));
    let trigger = london(&jittered(3));
    let fires = stepped(&trigger, from, until);
    assert!(fires.len() >= 18);
    assert!(fires.iter().all(|fire| fire.as_ms() % 600_000 <= 183_000));
    assert_eq!(trigger.latest(from, until), fires.last().copied());
    assert_eq!(trigger.count(from, until, 100), fires.len() as u64);
    refused(
        &jittered(4),
        &["triggers[0].triggers[0].triggers[0].jitter: nested too deep; at most 3 levels"],
    );
}

#[test]
fn a_wide_intersection_stays_quick() {
    let member = |index: usize| json!({"type": "cron", "second": format!("{}-59/2", index % 2)});
    let members: Vec<Value> = (0..60).map(member).collect();
    assert_eq!(
        london(&json!({"type": "and", "triggers": members})).next_from(at("2026-11-24")),
        None
    );
}
