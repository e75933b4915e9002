//! Dates as people write them, and date triggers.

use super::*;

#[test]
fn a_date_has_many_forms() {
    let check = |text: &str, instant: &str| assert_eq!(at(text).to_string(), instant, "{text}");
    check("2026-11-24", "2026-11-24T00:00:00Z");
    check("2026-11-24T02:03", "2026-11-24T02:03:00Z");
    check("2026-11-24 02:03:04", "2026-11-24T02:03:04Z");
    check("2026-11-24t02:03:04z", "2026-11-24T02:03:04Z");
    check("2026-11-24T02:03:04.5", "2026-11-24T02:03:04.500Z");
    check("2026-11-24T02:03:04.0678999+00:00", "2026-11-24T02:03:04.067Z");
    check("2026-11-24T02:03:04+08:00", "2026-11-23T18:03:04Z");
    check("2026-11-24T02:03-0330", "2026-11-24T05:33:00Z");
    check("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z");
    check("1970-01-01T00:00:00+08:00", "1969-12-31T16:00:00Z");
    check("2100-12-31T23:59:59Z", "2100-12-31T23:59:59Z");
}

#[test]
fn what_is_no_date_is_said() {
    let form = |text: &str| {
        format!(
            "run_date: {text:?} is not a date; write one such as \"2026-11-24\", \"2026-11-24T02:00:00\" or \"2026-11-24T02:00:00+08:00\""
        )
    };
    for text in [
        "",
        "tomorrow",
        "2026-1-1",
        "2026/01/01",
        "2026-01-01T",
        "2026-01-01T9:00",
        "2026-01-01T09",
        "2026-01-01T09:00:0",
        "2026-01-01T09:00:00.",
        "2026-01-01T09:00:00 Z",
        "2026-01-01T09:00:00+8",
        "2026-01-01T09:00:00Zulu",
        "2026-01-01  09:00",
        "２０２６-01-01",
    ] {
        refused(&json!({"type": "date", "run_date": text}), &[&form(text)]);
    }
    for text in [
        "2026-02-30",
        "2100-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-01-01T24:00",
        "2026-01-01T23:60",
        "2026-01-01T23:59:60",
        "2026-01-01T00:00:00+24:00",
    ] {
        let sentence =
            format!("run_date: {text:?} does not exist in any calendar or clock; correct it");
        refused(&json!({"type": "date", "run_date": text}), &[&sentence]);
    }
    for text in ["1969-12-31", "2101-01-01", "0001-01-01"] {
        let sentence = format!("run_date: {text} is out of range; use 1970-01-01 to 2100-12-31");
        refused(&json!({"type": "date", "run_date": text}), &[&sentence]);
    }
    let number = json!({"type": "date", "run_date": 1_795_435_204});
    refused(&number, &["run_date: expected a text, found a number"]);
}

#[test]
fn a_date_fires_once_even_when_it_is_past() {
    let date = json!({"type": "date", "run_date": "2026-11-24T02:00:00"});
    check(&date, "Asia/Shanghai", "2026-11-01T00:00:00Z", &["2026-11-23T18:00:00Z", "end"]);
    check(&date, "Asia/Shanghai", "2027-11-01T00:00:00Z", &["2026-11-23T18:00:00Z", "end"]);
    let moved =
        json!({"type": "date", "run_date": "2026-11-24T02:00:00", "end_date": "2027-01-01"});
    check(&moved, "Asia/Shanghai", "2027-11-01T00:00:00Z", &["2026-11-23T18:00:00Z", "end"]);
}

#[test]
fn a_date_within_others_is_a_member_of_their_set() {
    let past = json!({"type": "or", "triggers": [{"type": "date", "run_date": "2020-01-01"}]});
    check(&past, "UTC", "2026-01-01", &["end"]);
    check(&past, "UTC", "2020-01-01", &["2020-01-01T00:00:00Z", "end"]);
}

#[test]
fn a_date_that_a_change_left_out_or_repeated_is_fixed() {
    let check_at = |run_date: &str, extra: Value, expected: &[&str]| {
        let mut trigger = json!({"type": "date", "run_date": run_date});
        trigger.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        check(&trigger, "Europe/London", "2026-01-01T00:00:00Z", expected);
    };
    let (gap, fold) = ("2026-03-29T01:30:00", "2026-10-25T01:30:00");
    check_at(gap, json!({}), &["2026-03-29T01:00:00Z", "end"]);
    check_at(gap, json!({"gap": "next"}), &["2026-03-29T01:00:00Z", "end"]);
    check_at(gap, json!({"gap": "skip"}), &["end"]);
    check_at(fold, json!({}), &["2026-10-25T00:30:00Z", "end"]);
    check_at(fold, json!({"fold": "first"}), &["2026-10-25T00:30:00Z", "end"]);
    check_at(fold, json!({"fold": "last"}), &["2026-10-25T01:30:00Z", "end"]);
    check_at(
        fold,
        json!({"fold": "both"}),
        &["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "end"],
    );
    // An offset leaves no doubt.
    check_at(
        "2026-10-25T01:30:00+00:00",
        json!({"fold": "both"}),
        &["2026-10-25T01:30:00Z", "end"],
    );
}
