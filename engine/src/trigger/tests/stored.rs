//! What is written into a stored document, the zones it names, and a clock that was set back.

use std::time::Duration;

use super::*;

fn complete(document: &Value, zone: &str, now: Timestamp) -> Value {
    let zones = zones();
    Trigger::complete(document, &Setting { zones: &zones, zone, now, seed: 7 })
}

#[test]
fn zone_and_phase_are_written_in() {
    let check = |document: Value, expected: Value| {
        let now = at("2026-11-24T20:00:00.250");
        assert_eq!(complete(&document, "Asia/Shanghai", now), expected);
    };
    check(
        json!({"type": "interval", "seconds": 58, "start_date": null}),
        json!({"type": "interval", "seconds": 58, "start_date": "2026-11-24T20:00:58.250Z", "timezone": "Asia/Shanghai"}),
    );
    check(
        json!({"type": "cron", "hour": 9}),
        json!({"type": "cron", "hour": 9, "timezone": "Asia/Shanghai"}),
    );
    check(
        json!({"type": "calendarinterval", "days": 1, "timezone": "Europe/London"}),
        json!({"type": "calendarinterval", "days": 1, "timezone": "Europe/London", "start_date": "2026-11-24"}),
    );
    check(
        json!({"type": "or", "timezone": null, "triggers": [
            {"type": "calendarinterval", "days": 1},
            {"type": "except", "trigger": {"type": "interval", "hours": 1}, "when": [{"weekly": ["sun"]}]},
            {"type": "interval", "hours": 1, "start_date": "2026-01-01"},
        ]}),
        json!({"type": "or", "timezone": "Asia/Shanghai", "triggers": [
            {"type": "calendarinterval", "days": 1, "start_date": "2026-11-25"},
            {"type": "except", "trigger": {"type": "interval", "hours": 1, "start_date": "2026-11-24T21:00:00.250Z"}, "when": [{"weekly": ["sun"]}]},
            {"type": "interval", "hours": 1, "start_date": "2026-01-01"},
        ]}),
    );
}

#[test]
fn what_was_completed_is_the_same_trigger_anywhere() {
    for document in [
        json!({"type": "date", "run_date": "2026-11-24T09:00:00"}),
        json!({"type": "interval", "seconds": 58}),
        json!({"type": "interval", "seconds": 58, "end_date": "2026-12-01", "jitter": 3}),
        json!({"type": "interval", "hours": 2, "end_date": "2026-11-24T20:00:01"}),
        json!({"type": "interval", "weeks": 30_000}),
        json!({"type": "cron", "hour": 9, "start_date": "2026-01-01"}),
        json!({"type": "calendarinterval", "months": 1, "hour": 2}),
        json!({"type": "calendarinterval", "months": 1, "end_date": "2026-11-20"}),
        json!({"type": "and", "triggers": [{"type": "interval", "seconds": 58}, {"type": "cron", "hour": 9}]}),
        json!({"type": "except", "trigger": {"type": "interval", "hours": 1}, "when": [{"weekly": ["sun"]}]}),
    ] {
        let now = at("2026-11-24T20:00:00.250");
        let stored = complete(&document, "Asia/Shanghai", now);
        let (zone, later) = ("Europe/London", at("2027-05-01T00:00:00"));
        assert_eq!(complete(&stored, zone, later), stored, "idempotent");
        let (before, after) = (read(&document, "Asia/Shanghai", now), read(&stored, zone, later));
        assert_eq!(before, after, "{stored}");
        assert!(before.is_ok());
    }
}

#[test]
fn a_document_that_is_wrong_is_left_as_it_is() {
    for document in [json!(null), json!([1]), json!("x")] {
        assert_eq!(complete(&document, "UTC", at("2026-11-24")), document);
    }
    let wrong = json!({"type": "interval", "seconds": "x", "triggers": {"type": 3}, "timezone": 5});
    assert_eq!(complete(&wrong, "UTC", at("2026-11-24")), wrong);
}

#[test]
fn zones_are_found_at_any_depth() {
    let document = json!({"type": "or", "timezone": "Asia/Shanghai", "triggers": [
        {"type": "cron", "timezone": "Europe/London", "x-timezone": "A/B"},
        {"type": "except", "timezone": "Asia/Shanghai", "trigger": {"type": "cron", "timezone": "Asia/Kathmandu"}, "when": []},
    ]});
    assert_eq!(
        Trigger::zones_named(&document),
        ["Asia/Shanghai", "Europe/London", "Asia/Kathmandu"]
    );
    assert!(Trigger::zones_named(&json!({"type": "cron", "timezone": 3})).is_empty());
    assert!(Trigger::zones_named(&json!([])).is_empty());
}

#[test]
fn a_clock_that_was_set_back_moves_intervals_only() {
    let or = london(&json!({"type": "or", "triggers": [
        {"type": "interval", "hours": 24, "start_date": "2026-11-24T06:00:00"},
        {"type": "cron", "hour": 9},
        {"type": "interval", "hours": 24, "start_date": "2026-11-24T12:00:00", "end_date": "2026-11-25T11:59:00"},
    ]}));
    let back = or.set_back(Duration::from_mins(1));
    let fires = stepped(&back, at("2026-11-24"), at("2026-11-25T12:00:00"));
    let expected = [
        "2026-11-24T05:59:00",
        "2026-11-24T09:00:00",
        "2026-11-24T11:59:00",
        "2026-11-25T05:59:00",
        "2026-11-25T09:00:00",
        "2026-11-25T11:59:00",
    ];
    assert_eq!(fires, expected.map(at));
    // Whether they meet is known anew.
    let and = london(&json!({"type": "and", "triggers": [
        {"type": "interval", "seconds": 7, "start_date": "2026-11-24T00:00:03"}, {"type": "cron", "second": "*/2"},
    ]}));
    let back = and.set_back(Duration::from_secs(1));
    assert_eq!(back.next_from(at("2026-11-24")), Some(at("2026-11-24T00:00:02")));
    assert_eq!(and.set_back(Duration::from_millis(1)).next_from(at("2026-11-24")), None);
}
