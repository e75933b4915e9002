//! Start and end, and intervals, which begin where they start.

use super::*;

#[test]
fn both_ends_are_included() {
    let daily = json!({"type": "cron", "hour": 9, "start_date": "2026-11-24T09:00:00", "end_date": "2026-11-25T09:00:00"});
    check(&daily, "UTC", "2026-01-01", &["2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z", "end"]);
    let outside = json!({"type": "cron", "hour": 9, "start_date": "2026-11-24T09:00:00.001", "end_date": "2026-11-25T08:59:59.999"});
    check(&outside, "UTC", "2026-01-01", &["end"]);
    let interval = json!({"type": "interval", "hours": 6, "start_date": "2026-11-24", "end_date": "2026-11-24T06:00:00"});
    check(&interval, "UTC", "2026-01-01", &["2026-11-24T00:00:00Z", "2026-11-24T06:00:00Z", "end"]);
}

#[test]
fn a_date_only_end_is_midnight() {
    let daily = json!({"type": "cron", "hour": "0,9", "end_date": "2026-11-25"});
    check(
        &daily,
        "Asia/Shanghai",
        "2026-11-24T00:00:00Z",
        &["2026-11-24T01:00:00Z", "2026-11-24T16:00:00Z", "end"],
    );
}

#[test]
fn bounds_are_times_of_the_triggers_zone() {
    let check_with = |timezone: &str, first: &str| {
        let hourly = json!({"type": "cron", "minute": 0, "start_date": "2026-07-01T12:00:00", "timezone": timezone});
        check(&hourly, "Asia/Kathmandu", "2026-01-01", &[first]);
    };
    check_with("UTC", "2026-07-01T12:00:00Z");
    check_with("Europe/London", "2026-07-01T11:00:00Z");
    check_with("Australia/Lord_Howe", "2026-07-01T01:30:00Z");
    let outer = json!({"type": "cron", "hour": 9, "start_date": "2026-07-01"});
    check(&outer, "Asia/Kathmandu", "2026-01-01", &["2026-07-01T03:15:00Z"]);
}

#[test]
fn bounds_that_a_change_left_out_or_repeated_are_fixed() {
    // 01:30 is left out on 29 March: from 02:00 on. It comes twice on 25 October: until the first.
    let between = json!({
        "type": "interval", "minutes": 30, "start_date": "2026-03-29T01:30:00",
    });
    check(&between, "Europe/London", "2026-03-01", &["2026-03-29T01:00:00Z"]);
    let until = json!({"type": "cron", "minute": "*/30", "end_date": "2026-10-25T01:30:00"});
    check(
        &until,
        "Europe/London",
        "2026-10-25T00:00:00Z",
        &["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "end"],
    );
}

#[test]
fn bounds_of_a_combination_hold_for_its_members() {
    let or = json!({
        "type": "or", "start_date": "2026-11-24T03:00:00", "end_date": "2026-11-24T05:00:00",
        "triggers": [{"type": "cron", "minute": 0}, {"type": "date", "run_date": "2026-11-24T04:30:00"}],
    });
    check(
        &or,
        "UTC",
        "2026-01-01",
        &[
            "2026-11-24T03:00:00Z",
            "2026-11-24T04:00:00Z",
            "2026-11-24T04:30:00Z",
            "2026-11-24T05:00:00Z",
            "end",
        ],
    );
}

#[test]
fn an_interval_is_elapsed_time_whatever_the_clocks_do() {
    let day = json!({"type": "interval", "days": 1, "start_date": "2026-03-28T12:00:00"});
    check(&day, "Europe/London", "2026-03-01", &["2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"]);
    let calendar =
        json!({"type": "calendarinterval", "days": 1, "hour": 12, "start_date": "2026-03-28"});
    check(
        &calendar,
        "Europe/London",
        "2026-03-01",
        &["2026-03-28T12:00:00Z", "2026-03-29T11:00:00Z"],
    );
}

#[test]
fn an_interval_without_start_fires_first_one_interval_from_now() {
    let every = json!({"type": "interval", "seconds": 58});
    check(
        &every,
        "UTC",
        "2026-11-24T00:00:00.250",
        &["2026-11-24T00:00:58.250Z", "2026-11-24T00:01:56.250Z"],
    );
    let over = json!({"type": "interval", "hours": 1, "end_date": "2026-11-24T00:59:59"});
    check(&over, "UTC", "2026-11-24", &["end"]);
}

#[test]
fn an_interval_keeps_the_phase_of_its_start() {
    let every = json!({"type": "interval", "seconds": 58, "start_date": "2026-01-01T00:00:00"});
    check(&every, "UTC", "2026-01-01T00:00:59", &["2026-01-01T00:01:56Z", "2026-01-01T00:02:54Z"]);
    check(&every, "UTC", "2025-01-01", &["2026-01-01T00:00:00Z"]);
}

#[test]
fn units_are_summed_exactly() {
    let check_every = |trigger: Value, second: &str| {
        let mut trigger = trigger;
        let more = json!({"type": "interval", "start_date": "2026-01-01"});
        trigger.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        check(&trigger, "UTC", "2026-01-01T00:00:00.001", &[second]);
    };
    check_every(
        json!({"weeks": 1, "days": 1, "hours": 1, "minutes": 1, "seconds": 1}),
        "2026-01-09T01:01:01Z",
    );
    check_every(json!({"seconds": 0.25}), "2026-01-01T00:00:00.250Z");
    check_every(json!({"seconds": 0.1, "minutes": null}), "2026-01-01T00:00:00.100Z");
    check_every(crate::json::parse(r#"{"seconds": 1.1000}"#).unwrap(), "2026-01-01T00:00:01.100Z");
    check_every(crate::json::parse(r#"{"seconds": 6e1}"#).unwrap(), "2026-01-01T00:01:00Z");
    check_every(json!({"hours": 0.5}), "2026-01-01T00:30:00Z");
}

#[test]
fn nothing_fires_after_2100() {
    let yearly = json!({"type": "calendarinterval", "years": 50, "start_date": "2026-01-01"});
    check(&yearly, "UTC", "2026-01-01", &["2026-01-01T00:00:00Z", "2076-01-01T00:00:00Z", "end"]);
    let interval = json!({"type": "interval", "weeks": 3000, "start_date": "2026-01-01"});
    check(&interval, "UTC", "2026-01-01", &["2026-01-01T00:00:00Z", "2083-07-01T00:00:00Z", "end"]);
    let cron = json!({"type": "cron", "month": 2, "day": 29});
    check(&cron, "UTC", "2095-01-01", &["2096-02-29T00:00:00Z", "end"]);
    let beyond = json!({"type": "interval", "weeks": 30_000});
    check(&beyond, "UTC", "2026-01-01", &["end"]);
}
