//! What documents may look like, and the lines of the example.

use super::*;
use crate::zone::bundled;

#[test]
fn every_form_of_the_design_is_taken() {
    let forms = r#"
        {"type":"date","run_date":"2026-11-24T02:00:00"}
        {"type":"interval","seconds":58,"start_date":null,"end_date":null,"jitter":null}
        {"type":"cron","year":null,"month":"1-6","day":"last","week":null,"day_of_week":"mon-fri","hour":"*/2","minute":0,"second":null}
        {"type":"crontab","expression":"*/5 9-17 * * mon-fri"}
        {"type":"crontab","expression":"*/5 9-17 1 * mon-fri","vixie":true}
        {"type":"calendarinterval","years":0,"months":1,"weeks":0,"days":0,"hour":2,"minute":0,"second":0,"start_date":null}
        {"type":"and","triggers":[{"type":"cron"}]}
        {"type":"or","triggers":[{"type":"cron"}]}
        {"type":"except","trigger":{"type":"cron"},"when":[{"dates":["2026-12-25"]},{"weekly":["sat","sun"]},{"annual":["12-25"]},{"cron":{"hour":"0-6"}}]}
    "#;
    for form in forms.lines().map(str::trim).filter(|form| !form.is_empty()) {
        london(&crate::json::parse(form).unwrap());
    }
}

#[test]
fn every_trigger_may_carry_the_same() {
    let own = [
        json!({"type": "date", "run_date": "2026-11-24"}),
        json!({"type": "interval", "seconds": 58}),
        json!({"type": "cron", "hour": 9}),
        json!({"type": "crontab", "expression": "0 9 * * *"}),
        json!({"type": "calendarinterval", "days": 1}),
        json!({"type": "and", "triggers": [{"type": "cron"}]}),
        json!({"type": "or", "triggers": [{"type": "cron"}]}),
        json!({"type": "except", "trigger": {"type": "cron"}, "when": [{"weekly": ["sun"]}]}),
    ];
    let carried = json!({
        "timezone": "Asia/Shanghai", "start_date": "2026-01-01", "end_date": "2027-01-01", "jitter": 1.5,
        "gap": "skip", "fold": "both", "x-note": "kept",
    });
    for mut trigger in own {
        trigger.as_object_mut().unwrap().extend(carried.as_object().unwrap().clone());
        london(&trigger);
        let nulls = carried.as_object().unwrap().iter().map(|(key, _)| (key.clone(), Value::Null));
        trigger.as_object_mut().unwrap().extend(nulls);
        london(&trigger);
    }
}

#[test]
fn a_hundred_thousand_plain_ones_are_small() {
    assert!(size_of::<Trigger>() <= 32);
    assert!(matches!(london(&json!({"type": "date", "run_date": "2026-11-24"})), Trigger::Date(_)));
    let interval =
        json!({"type": "interval", "seconds": 58, "timezone": "Asia/Shanghai", "gap": "skip"});
    assert!(matches!(london(&interval), Trigger::Interval(_)));
}

#[test]
fn a_line_asks_and_a_line_answers() {
    let check = |line: &str, answer: &str| {
        assert_eq!(fires_line(line, &bundled::zone), answer, "{line}");
    };
    check(
        r#"{"trigger":{"type":"cron","hour":"1"},"timezone":"Europe/London","start_after":"2026-03-28T00:00:00+00:00","count":2}"#,
        r#"{"fires":["2026-03-28T01:00:00Z","2026-03-29T01:00:00Z"],"finished":false}"#,
    );
    check(
        r#"{"trigger":{"type":"date","run_date":"2026-01-01T00:00:00.5"},"start_after":"2026-01-01","count":1}"#,
        r#"{"fires":["2026-01-01T00:00:00.500Z"],"finished":false}"#,
    );
    check(
        r#"{"trigger":{"type":"cron"},"timezone":"asia/kathmandu","start_after":"2026-01-01T05:45","count":0}"#,
        r#"{"fires":[],"finished":false}"#,
    );
    check(
        r#"{"trigger":{"type":"cron","timezone":"EUROPE/london","minute":0},"start_after":"2026-01-01"}"#,
        r#"{"fires":["2026-01-01T00:00:00Z"],"finished":false}"#,
    );
}

#[test]
fn a_line_that_is_wrong_names_the_field() {
    let check = |line: &str, error: &str| {
        let answer = json!({"error": error}).to_string();
        assert_eq!(fires_line(line, &bundled::zone), answer, "{line}");
    };
    check("{", "line 1, column 1: not JSON: expected a key in quotes");
    check("[]", "expected an object, found a list");
    check(
        "{}",
        "the key \"trigger\" is missing; add it; the key \"start_after\" is missing; add it",
    );
    let with =
        |more: &str| format!(r#"{{"trigger":{{"type":"cron"}},"start_after":"2026-01-01"{more}}}"#);
    check(&with(r#","count":10001"#), "count: 10001 is out of range; use 0 to 10000");
    check(&with(r#","count":-1"#), "count: expected a whole number, found a number");
    check(
        &with(r#","zone":"UTC""#),
        "unknown key \"zone\"; remove it, or begin its name with \"x-\"",
    );
    check(
        &with(r#","timezone":"Europe/Londn""#),
        "timezone: unknown time zone \"Europe/Londn\"; write an IANA name, such as \"Europe/London\"",
    );
    check(
        r#"{"trigger":{"type":"or","triggers":[{"type":"cron","hour":24}]},"start_after":"2026-13-01"}"#,
        "start_after: \"2026-13-01\" does not exist in any calendar or clock; correct it",
    );
    let answer = fires_line(
        r#"{"trigger":{"type":"or","triggers":[{"type":"cron","hour":24}]},"start_after":"2026-01-01"}"#,
        &bundled::zone,
    );
    assert!(answer.starts_with(r#"{"error":"trigger.triggers[0].hour: "#), "{answer}");
}
