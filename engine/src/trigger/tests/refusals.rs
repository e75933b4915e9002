//! What is refused, each with its place and its mend.

use super::*;
use crate::locale::Locale;

#[test]
fn a_trigger_is_an_object_of_a_known_type() {
    refused(&json!(null), &["expected an object, found null"]);
    refused(&json!("0 9 * * *"), &["expected an object, found a text"]);
    refused(&json!({}), &["the key \"type\" is missing; add it"]);
    refused(&json!({"type": 3}), &["type: expected a text, found a number"]);
    refused(
        &json!({"type": "intervall"}),
        &["type: unknown word \"intervall\"; did you mean \"interval\"?"],
    );
    refused(
        &json!({"type": "weekly"}),
        &[
            "type: unknown word \"weekly\"; use one of date, interval, cron, crontab, calendarinterval, and, or, except",
        ],
    );
}

#[test]
fn unknown_keys_are_errors_with_a_suggestion() {
    refused(
        &json!({"type": "interval", "second": 58}),
        &[
            "unknown key \"second\"; did you mean \"seconds\"?",
            "the interval is empty; give it weeks, days, hours, minutes or seconds",
        ],
    );
    refused(
        &json!({"type": "cron", "hour": 9, "tz": "UTC"}),
        &["unknown key \"tz\"; remove it, or begin its name with \"x-\""],
    );
    refused(
        &json!({"type": "or", "triggers": [{"type": "cron", "weeks": 2}]}),
        &["triggers[0]: unknown key \"weeks\"; did you mean \"week\"?"],
    );
    refused(
        &json!({"type": "date", "run_date": "2026-01-01", "enddate": "2026-01-01"}),
        &["unknown key \"enddate\"; did you mean \"end_date\"?"],
    );
}

#[test]
fn what_is_missing_is_named() {
    refused(&json!({"type": "date"}), &["the key \"run_date\" is missing; add it"]);
    refused(&json!({"type": "crontab"}), &["the key \"expression\" is missing; add it"]);
    refused(&json!({"type": "and"}), &["the key \"triggers\" is missing; add it"]);
    refused(&json!({"type": "or", "triggers": []}), &["triggers: is empty; give it a value"]);
    refused(
        &json!({"type": "except"}),
        &["the key \"when\" is missing; add it", "the key \"trigger\" is missing; add it"],
    );
    refused(
        &json!({"type": "except", "trigger": {"type": "cron"}, "when": []}),
        &["when: is empty; give it a value"],
    );
}

#[test]
fn empty_intervals_are_refused() {
    let empty = "the interval is empty; give it weeks, days, hours, minutes or seconds";
    refused(&json!({"type": "interval"}), &[empty]);
    refused(&json!({"type": "interval", "seconds": 0, "weeks": 0}), &[empty]);
    refused(&json!({"type": "interval", "seconds": null}), &[empty]);
    let no_days = "the interval is empty; give it years, months, weeks or days";
    refused(&json!({"type": "calendarinterval"}), &[no_days]);
    refused(&json!({"type": "calendarinterval", "days": 0, "hour": 9}), &[no_days]);
}

#[test]
fn amounts_are_numbers_of_three_decimals() {
    let every = |seconds: &str| -> Value {
        crate::json::parse(&format!(r#"{{"type":"interval","seconds":{seconds}}}"#)).unwrap()
    };
    refused(&every("\"58\""), &["seconds: expected a number, found a text"]);
    refused(&every("true"), &["seconds: expected a number, found true or false"]);
    for fine in ["0.0005", "58.12345", "1e-4"] {
        let sentence = format!(
            "seconds: {fine} has more than three decimals; an instant is a whole millisecond"
        );
        refused(&every(fine), &[&sentence]);
    }
    for far in ["-1", "1000000000.001", "1e400", "-0.001"] {
        let problems = read(&every(far), "UTC", at("2026-11-24")).unwrap_err();
        let sentence = problems[0].to_string();
        assert!(sentence.ends_with(" is out of range; use 0 to 1000000000"), "{sentence}");
    }
    refused(
        &json!({"type": "interval", "seconds": 1, "jitter": -5}),
        &["jitter: -5 is out of range; use 0 to 1000000000"],
    );
    refused(
        &json!({"type": "interval", "seconds": 1, "jitter": "5s"}),
        &["jitter: expected a number, found a text"],
    );
}

#[test]
fn calendarinterval_takes_whole_numbers() {
    refused(
        &json!({"type": "calendarinterval", "days": 1.5}),
        &["days: expected a whole number, found a number"],
    );
    refused(
        &json!({"type": "calendarinterval", "days": 1, "hour": 24, "minute": 60, "second": 60}),
        &[
            "hour: 24 is out of range; use 0 to 23",
            "minute: 60 is out of range; use 0 to 59",
            "second: 60 is out of range; use 0 to 59",
        ],
    );
    refused(
        &json!({"type": "calendarinterval", "months": 100_001}),
        &["months: 100001 is out of range; use 0 to 100000"],
    );
}

#[test]
fn an_end_before_its_start_names_both() {
    refused(
        &json!({"type": "cron", "hour": 9, "start_date": "2026-11-25", "end_date": "2026-11-24"}),
        &["end_date: end_date \"2026-11-24\" is before start_date \"2026-11-25\"; correct one"],
    );
    // By instants, not by texts.
    refused(
        &json!({"type": "interval", "hours": 1, "start_date": "2026-11-24T00:00:00+00:00", "end_date": "2026-11-24T01:00:00+08:00"}),
        &[
            "end_date: end_date \"2026-11-24T01:00:00+08:00\" is before start_date \"2026-11-24T00:00:00+00:00\"; correct one",
        ],
    );
    london(
        &json!({"type": "cron", "hour": 9, "start_date": "2026-11-24", "end_date": "2026-11-24"}),
    );
    london(
        &json!({"type": "calendarinterval", "days": 1, "start_date": "2026-11-24T10:00:00", "end_date": "2026-11-24"}),
    );
}

#[test]
fn zones_and_words_are_known_ones() {
    refused(
        &json!({"type": "cron", "timezone": "Europe/Londn"}),
        &[
            "timezone: unknown time zone \"Europe/Londn\"; write an IANA name, such as \"Europe/London\"",
        ],
    );
    refused(&json!({"type": "cron", "timezone": ""}), &["timezone: is empty; give it a value"]);
    refused(
        &json!({"type": "cron", "timezone": 8}),
        &["timezone: expected a text, found a number"],
    );
    refused(
        &json!({"type": "cron", "gap": "nxt", "fold": "all"}),
        &[
            "gap: unknown word \"nxt\"; did you mean \"next\"?",
            "fold: unknown word \"all\"; use one of first, last, both",
        ],
    );
    let problems = read(&json!({"type": "cron"}), "Mars/Base", at("2026-11-24")).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "unknown time zone \"Mars/Base\"; write an IANA name, such as \"Europe/London\""
    );
    assert!(
        read(&json!({"type": "cron", "timezone": "UTC"}), "Mars/Base", at("2026-11-24")).is_ok()
    );
}

#[test]
fn calendars_of_except_are_read_with_care() {
    let check = |when: Value, expected: &[&str]| {
        refused(&json!({"type": "except", "trigger": {"type": "cron"}, "when": when}), expected);
    };
    check(json!({"weekly": ["sun"]}), &["when: expected a list, found an object"]);
    check(json!([{}]), &["when[0]: names no days; use one of dates, weekly, annual, cron"]);
    check(
        json!([{"week": ["sun"]}]),
        &[
            "when[0]: unknown key \"week\"; did you mean \"weekly\"?",
            "when[0]: names no days; use one of dates, weekly, annual, cron",
        ],
    );
    check(
        json!([{"dates": [], "weekly": ["sun"]}]),
        &["when[0].weekly: \"weekly\" can't stand together with dates; remove one"],
    );
    check(
        json!([{"weekly": ["sun", "sunday", 6]}]),
        &[
            "when[0].weekly[1]: unknown word \"sunday\"; use one of mon, tue, wed, thu, fri, sat, sun",
            "when[0].weekly[2]: expected a text, found a number",
        ],
    );
    check(
        json!([{"weekly": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}]),
        &["when[0].weekly: leaves out every day of the week, so that nothing is left; remove one"],
    );
    check(
        json!([{"dates": ["2026-12-25T00:00", "25.12.2026"]}]),
        &[
            "when[0].dates[0]: \"2026-12-25T00:00\" has a time; write the date alone, such as \"2026-12-25\"",
            "when[0].dates[1]: \"25.12.2026\" is not a date; write one such as \"2026-11-24\", \"2026-11-24T02:00:00\" or \"2026-11-24T02:00:00+08:00\"",
        ],
    );
    check(
        json!([{"annual": ["12-25-", "02-30", "Xmas"]}]),
        &[
            "when[0].annual[0]: \"12-25-\" is not a day of the year; write month and day, such as \"12-25\"",
            "when[0].annual[1]: \"02-30\" does not exist in any calendar or clock; correct it",
            "when[0].annual[2]: \"Xmas\" is not a day of the year; write month and day, such as \"12-25\"",
        ],
    );
    let problems = read(
        &json!({"type": "except", "trigger": {"type": "cron"}, "when": [{"cron": {"hour": 24, "hours": 3}}]}),
        "UTC",
        at("2026-11-24"),
    );
    let problems = problems.unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "when[0].cron: unknown key \"hours\"; did you mean \"hour\"?"
    );
    assert_eq!(problems[1].path, "when[0].cron.hour");
}

#[test]
fn depth_and_number_are_bounded() {
    let nested = |levels: usize| {
        (1..levels)
            .fold(json!({"type": "cron"}), |inner, _| json!({"type": "or", "triggers": [inner]}))
    };
    london(&nested(8));
    let path = ["triggers[0]"; 8].join(".");
    refused(&nested(9), &[&format!("{path}: nested too deep; at most 8 levels")]);
    refused(&nested(60), &[&format!("{path}: nested too deep; at most 8 levels")]);
    let many =
        |count: usize| json!({"type": "or", "triggers": vec![json!({"type": "cron"}); count]});
    london(&many(64));
    refused(&many(65), &["triggers: 65 are too many; at most 64"]);
    let wide = json!({"type": "or", "triggers": vec![many(63); 4]});
    assert_eq!(
        read(&wide, "UTC", at("2026-11-24")).unwrap_err()[0].kind,
        crate::document::ProblemKind::TooMany { seen: 257, limit: 256 }.into()
    );
}

#[test]
fn problems_are_said_in_chinese_too() {
    let check = |trigger: Value, sentence: &str| {
        let problems = read(&trigger, "UTC", at("2026-11-24")).unwrap_err();
        assert_eq!(problems[0].sentence(Locale::Zh), sentence);
    };
    check(json!({"type": "interval"}), "间隔为零；请填写 weeks、days、hours、minutes 或 seconds");
    check(
        json!({"type": "cron", "timezone": "X/Y"}),
        "timezone：未知的时区 \"X/Y\"；请写 IANA 名称，例如 \"Asia/Shanghai\"",
    );
    check(
        json!({"type": "date", "run_date": "2026-02-30"}),
        "run_date：\"2026-02-30\" 这一日期或时间不存在；请更正",
    );
    check(
        json!({"type": "cron", "start_date": "2026-11-25", "end_date": "2026-11-24"}),
        "end_date：end_date \"2026-11-24\" 早于 start_date \"2026-11-25\"；请更正其一",
    );
}
