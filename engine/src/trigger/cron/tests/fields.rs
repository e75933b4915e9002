//! What is read, and what is said about what isn't.

use crate::json::{Value, json};

use super::super::Cron;
use super::{crontab, fields, read_crontab, show, wall};
use crate::document::{Place, Problem, Problems};
use crate::locale::Locale;

/// The first matches from 2026-01-01 on.
fn first(cron: &Cron, count: usize) -> Vec<String> {
    let mut from = wall("2026-01-01");
    let mut found = Vec::new();
    while let Some(civil) = cron.next_civil(from).filter(|_| found.len() < count) {
        found.push(show(civil));
        from.0 = civil.0 + 1;
    }
    found
}

fn sentence(problems: &[Problem], locale: Locale) -> String {
    problems.iter().map(|p| p.sentence(locale)).collect::<Vec<_>>().join(" | ")
}

#[test]
fn fields_below_the_least_given_are_at_their_minimum() {
    let check = |value: Value, want: &[&str]| {
        assert_eq!(first(&fields(&value).unwrap(), want.len()), want, "{value}");
    };
    check(json!({}), &["2026-01-01 00:00:00", "2026-01-01 00:00:01"]);
    check(json!({"hour": 3}), &["2026-01-01 03:00:00", "2026-01-02 03:00:00"]);
    check(json!({"minute": "5"}), &["2026-01-01 00:05:00", "2026-01-01 01:05:00"]);
    check(json!({"second": 7}), &["2026-01-01 00:00:07", "2026-01-01 00:01:07"]);
    check(json!({"day": 2}), &["2026-01-02 00:00:00", "2026-02-02 00:00:00"]);
    check(json!({"month": 2}), &["2026-02-01 00:00:00", "2027-02-01 00:00:00"]);
    check(json!({"year": 2027}), &["2027-01-01 00:00:00"]);
    check(json!({"year": 2025}), &[]);
    check(json!({"week": 2}), &["2026-01-05 00:00:00", "2026-01-06 00:00:00"]);
    check(json!({"day_of_week": 0}), &["2026-01-05 00:00:00", "2026-01-12 00:00:00"]);
    check(json!({"month": 3, "hour": 4}), &["2026-03-01 04:00:00", "2026-03-02 04:00:00"]);
    check(json!({"hour": 3, "minute": null}), &["2026-01-01 03:00:00", "2026-01-02 03:00:00"]);
}

#[test]
fn a_range_has_every_second_of_what_it_names() {
    let check = |value: Value, want: &[&str]| {
        let mut problems = Problems::default();
        let object = Place::root(&value).object(&mut problems, &Cron::FIELDS, &[]).unwrap();
        let cron = Cron::range_from_fields(&object, &mut problems).unwrap();
        assert_eq!(first(&cron, want.len()), want, "{value}");
    };
    check(json!({"hour": "6"}), &["2026-01-01 06:00:00", "2026-01-01 06:00:01"]);
    check(json!({"day": 2}), &["2026-01-02 00:00:00", "2026-01-02 00:00:01"]);
}

#[test]
fn days_are_what_their_expressions_say() {
    let check = |value: Value, want: &[&str]| {
        let cron = fields(&value).unwrap();
        let dates: Vec<String> = first(&cron, want.len()).iter().map(|t| t[5..10].into()).collect();
        assert_eq!(dates, want, "{value}");
    };
    check(json!({"day": "last"}), &["01-31", "02-28", "03-31"]);
    check(json!({"day": "L"}), &["01-31", "02-28", "03-31"]);
    check(json!({"day": "L-3"}), &["01-28", "02-25", "03-28"]);
    check(json!({"day": "l-30"}), &["01-01", "03-01", "05-01"]);
    check(json!({"day": "last fri"}), &["01-30", "02-27", "03-27"]);
    check(json!({"day": "3rd MON"}), &["01-19", "02-16", "03-16"]);
    check(json!({"day": "5th  thu"}), &["01-29", "04-30", "07-30"]);
    check(json!({"day": "1st fri, last mon"}), &["01-02", "01-26", "02-06"]);
    check(json!({"day": "1st fri,15 , last"}), &["01-02", "01-15", "01-31", "02-06"]);
    check(json!({"day": "*/10"}), &["01-01", "01-11", "01-21", "01-31", "02-01"]);
    check(json!({"day": "25/5"}), &["01-25", "01-30", "02-25", "03-25"]);
    check(json!({"day": "30-2"}), &["01-01", "01-02", "01-30", "01-31", "02-01"]);
    // 15 February and 15 March 2026 are Sundays, 1 February is one too, 31 January is a Saturday.
    check(json!({"day": "15W"}), &["01-15", "02-16", "03-16"]);
    check(json!({"day": "1w"}), &["01-01", "02-02", "03-02", "04-01", "05-01", "06-01"]);
    check(json!({"day": "1W", "month": 8}), &["08-03"]);
    check(json!({"day": "31W"}), &["01-30", "03-31", "05-29"]);
    check(json!({"day": "30W", "month": "4-5"}), &["04-30", "05-29"]);
    check(json!({"day": "LW"}), &["01-30", "02-27", "03-31", "04-30", "05-29"]);
    check(json!({"day": "13", "day_of_week": "fri"}), &["02-13", "03-13", "11-13"]);
    check(json!({"day": 29, "month": 2}), &["02-29", "02-29"]);
    check(json!({"day_of_week": "fri#3"}), &["01-16", "02-20", "03-20"]);
    check(json!({"day_of_week": "6#3"}), &["01-18", "02-15", "03-15"]);
    check(json!({"day_of_week": "friL"}), &["01-30", "02-27", "03-27"]);
    check(json!({"day_of_week": "5L"}), &["01-31", "02-28", "03-28"]);
    check(json!({"day_of_week": "mon#1,tue"}), &["01-05", "01-06", "01-13", "01-20"]);
    check(json!({"day_of_week": "fri-mon"}), &["01-02", "01-03", "01-04", "01-05", "01-09"]);
    check(json!({"day_of_week": "mon-fri/2"}), &["01-02", "01-05", "01-07", "01-09"]);
    check(json!({"day_of_week": "thu/2"}), &["01-01", "01-03", "01-08"]);
    check(json!({"day_of_week": "*/3"}), &["01-01", "01-04", "01-05", "01-08"]);
    check(json!({"week": "1", "day_of_week": "mon"}), &["01-04", "01-03", "01-01"]);
    check(json!({"week": 53}), &["12-28", "12-29", "12-30", "12-31", "01-01"]);
    check(json!({"week": "52-1", "day_of_week": 3}), &["01-01", "12-24", "12-31"]);
    check(json!({"month": "DEC-feb", "day": 5}), &["01-05", "02-05", "12-05"]);
    check(json!({"month": "jan-jun/5", "day": 5}), &["01-05", "06-05", "01-05"]);
}

#[test]
fn weeks_are_those_of_iso_8601() {
    // The Mondays of week 1 and the years that have a week 53. Source: ISO 8601.
    let check = |year: i32, monday: &str, has_53: bool| {
        let week = |week| json!({"week": week, "day_of_week": "mon"});
        let from = wall(&format!("{}-12-29", year - 1));
        let first = fields(&week(1)).unwrap().next_civil(from).unwrap();
        assert_eq!(&show(first)[..10], monday);
        let last = fields(&week(53)).unwrap().next_civil(first).unwrap();
        assert_eq!(show(last)[..4].parse::<i32>().unwrap() == year, has_53, "{year}");
    };
    check(2020, "2019-12-30", true);
    check(2021, "2021-01-04", false);
    check(2023, "2023-01-02", false);
    check(2024, "2024-01-01", false);
    check(2025, "2024-12-30", false);
    check(2026, "2025-12-29", true);
    check(2027, "2027-01-04", false);
    check(2032, "2031-12-29", true);
}

#[test]
fn times_are_what_their_expressions_say() {
    let check = |value: Value, want: &[&str]| {
        let cron = fields(&value).unwrap();
        let times: Vec<String> = first(&cron, want.len()).iter().map(|t| t[11..].into()).collect();
        assert_eq!(times, want, "{value}");
    };
    check(json!({"hour": "22-2"}), &["00:00:00", "01:00:00", "02:00:00", "22:00:00", "23:00:00"]);
    check(json!({"hour": "22-2/2"}), &["00:00:00", "02:00:00", "22:00:00", "00:00:00"]);
    check(json!({"hour": "9-17/4"}), &["09:00:00", "13:00:00", "17:00:00", "09:00:00"]);
    check(json!({"hour": "20/2"}), &["20:00:00", "22:00:00", "20:00:00"]);
    check(json!({"hour": "07, 9 ,8"}), &["07:00:00", "08:00:00", "09:00:00", "07:00:00"]);
    check(json!({"minute": "*/25"}), &["00:00:00", "00:25:00", "00:50:00", "01:00:00"]);
    check(json!({"second": "58-1"}), &["00:00:00", "00:00:01", "00:00:58", "00:00:59", "00:01:00"]);
}

#[test]
fn years_count_from_1970() {
    let check = |year: &str, want: &[&str]| {
        let cron = fields(&json!({ "year": year })).unwrap();
        let years: Vec<String> = first(&cron, want.len()).iter().map(|t| t[..4].into()).collect();
        assert_eq!(years, want);
    };
    check("*/7", &["2026", "2033", "2040"]);
    check("*/8", &["2026", "2034", "2042"]);
    check("2000-2030/15", &["2030"]);
    check("2030,2028", &["2028", "2030"]);
    check("2099/1", &["2099", "2100"]);
}

#[test]
fn crontab_strings_count_weekdays_from_sunday() {
    let check = |text: &str, want: &[&str]| {
        let found = first(&crontab(text).unwrap(), want.len());
        assert_eq!(found, want, "{text}");
    };
    check("0 9 * * 0", &["2026-01-04 09:00:00", "2026-01-11 09:00:00"]);
    check("0 9 * * 7", &["2026-01-04 09:00:00", "2026-01-11 09:00:00"]);
    check("0 9 * * sun", &["2026-01-04 09:00:00", "2026-01-11 09:00:00"]);
    check("0 9 * * 5-7", &["2026-01-02 09:00:00", "2026-01-03 09:00:00", "2026-01-04 09:00:00"]);
    check("0 9 * * 7-1", &["2026-01-04 09:00:00", "2026-01-05 09:00:00", "2026-01-11 09:00:00"]);
    check("0 9 * * 7-7", &["2026-01-04 09:00:00", "2026-01-11 09:00:00"]);
    check("0 9 * * sat-sun", &["2026-01-03 09:00:00", "2026-01-04 09:00:00"]);
    check("0 9 * * */4", &["2026-01-01 09:00:00", "2026-01-04 09:00:00", "2026-01-08 09:00:00"]);
    check("0 9 * * 5L", &["2026-01-30 09:00:00", "2026-02-27 09:00:00"]);
    check("0 9 * * 7#1", &["2026-01-04 09:00:00", "2026-02-01 09:00:00"]);
    check("0 9 * * 1-5", &["2026-01-01 09:00:00", "2026-01-02 09:00:00", "2026-01-05 09:00:00"]);
    check("*/20 8 * * *", &["2026-01-01 08:00:00", "2026-01-01 08:20:00", "2026-01-01 08:40:00"]);
    check("  0 0\tL JAN,feb *  ", &["2026-01-31 00:00:00", "2026-02-28 00:00:00"]);
    check("@yearly", &["2026-01-01 00:00:00", "2027-01-01 00:00:00"]);
    check("@ANNUALLY", &["2026-01-01 00:00:00", "2027-01-01 00:00:00"]);
    check("@monthly", &["2026-01-01 00:00:00", "2026-02-01 00:00:00"]);
    check("@weekly", &["2026-01-04 00:00:00", "2026-01-11 00:00:00"]);
    check("@daily", &["2026-01-01 00:00:00", "2026-01-02 00:00:00"]);
    check("@midnight", &["2026-01-01 00:00:00", "2026-01-02 00:00:00"]);
    check("@hourly", &["2026-01-01 00:00:00", "2026-01-01 01:00:00"]);
}

#[test]
fn vixie_takes_either_day_where_both_are_restricted() {
    let check = |text: &str, vixie, want: &[&str]| {
        let cron = read_crontab(text, vixie).unwrap();
        let dates: Vec<String> = first(&cron, want.len()).iter().map(|t| t[5..10].into()).collect();
        assert_eq!(dates, want, "{text}");
        assert_eq!(cron.is_vixie(), vixie);
    };
    check("0 0 13 * 5", false, &["02-13", "03-13", "11-13"]);
    check("0 0 13 * 5", true, &["01-02", "01-09", "01-13", "01-16"]);
    check("0 0 * * 5", true, &["01-02", "01-09", "01-16"]);
    check("0 0 13 * *", true, &["01-13", "02-13", "03-13"]);
    // What begins with a star is not restricted. Source: crontab(5).
    check("0 0 */2 * 5", true, &["01-09", "01-23"]);
    check("0 0 31 4 1", true, &["04-06", "04-13"]);
}

#[test]
fn what_was_written_is_kept() {
    let cron =
        fields(&json!({"minute": 5, "hour": " 9-17 ", "day": null, "month": "JAN"})).unwrap();
    let written = [("month", "JAN"), ("hour", "9-17"), ("minute", "5")];
    assert_eq!(cron.fields(), written.map(|(name, text)| (name, text.to_owned())));
    assert_eq!(cron.expression(), None);
    let cron = crontab("@daily").unwrap();
    assert_eq!((cron.fields(), cron.expression()), (vec![], Some("@daily")));
}

#[test]
fn times_are_fixed_when_hours_are_plain_numbers() {
    let check = |value: Value, by_an_hour, by_half| {
        let cron = fields(&value).unwrap();
        assert_eq!(cron.is_fixed(3_600_000), by_an_hour, "{value}");
        assert_eq!(cron.is_fixed(-1_800_000), by_half, "{value}");
    };
    check(json!({"hour": 2, "minute": 30}), true, true);
    check(json!({"hour": "2,14"}), true, true);
    check(json!({"day": 1}), true, true);
    check(json!({"hour": 2, "minute": "*/5"}), true, false);
    check(json!({"hour": "2-4"}), false, false);
    check(json!({"hour": "2,4-6", "minute": 0}), false, false);
    check(json!({"hour": "*/2"}), false, false);
    check(json!({"hour": "2/24"[..3]}), false, false);
    check(json!({"minute": 30}), false, false);
    check(json!({}), false, false);
}

#[test]
fn problems_name_the_field_and_the_mend() {
    let check = |value: Value, want: &str| {
        let problems = fields(&value).unwrap_err();
        assert_eq!(sentence(&problems, Locale::En), want);
        let zh = sentence(&problems, Locale::Zh);
        assert!(!zh.is_empty() && zh.chars().any(|c| c > '\u{3000}'), "{zh}");
    };
    check(json!({"minute": 60}), "minute: 60 is out of range; use 0 to 59");
    check(json!({"year": 2101}), "year: 2101 is out of range; use 1970 to 2100");
    check(json!({"day": 0}), "day: 0 is out of range; use 1 to 31");
    check(json!({"day_of_week": 7}), "day_of_week: 7 is out of range; use 0 to 6");
    check(json!({"week": "54"}), "week: 54 is out of range; use 1 to 53");
    check(json!({"hour": "99999999999"}), "hour: 99999999999 is out of range; use 0 to 23");
    check(json!({"hour": ""}), "hour: is empty; give it a value");
    check(json!({"hour": true}), "hour: expected a text or a whole number, found true or false");
    check(json!({"hour": [1]}), "hour: expected a text or a whole number, found a list");
    check(
        json!({"hour": "1,,2"}),
        "hour: \"\" is not understood; write such as *, */5, 3, 1-5 or 1,3",
    );
    for bad in ["1.5", "-1", "5-", "-", "/5", "*/", "5/x", "1-2-3", "** ", "+5", "五", "last"] {
        assert!(fields(&json!({ "hour": bad })).is_err(), "{bad}");
    }
    check(
        json!({"minute": "*/60"}),
        "minute: the step 60 of \"*/60\" is outside 1-59; choose one within",
    );
    check(
        json!({"hour": "9-17/0"}),
        "hour: the step 0 of \"9-17/0\" is outside 1-8; choose one within",
    );
    check(json!({"hour": "23/2"}), "hour: \"23/2\" steps through one number only; remove the step");
    check(json!({"year": "2030-2026"}), "year: 2030-2026 goes backwards; write 2026-2030");
    check(json!({"month": "janu"}), "month: unknown word \"janu\"; did you mean \"jan\"?");
    check(
        json!({"day_of_week": "Friday"}),
        "day_of_week: unknown word \"friday\"; did you mean \"fri\"?",
    );
    check(json!({"day_of_week": "mo"}), "day_of_week: unknown word \"mo\"; did you mean \"mon\"?");
    check(
        json!({"day": "6th fri"}),
        "day: unknown word \"6th\"; use one of 1st, 2nd, 3rd, 4th, 5th, last",
    );
    check(json!({"day": "fri#6"}), "day: 6 is out of range; use 1 to 5");
    check(
        json!({"day": "fri"}),
        "day: \"fri\" is not understood; write such as *, 15, 1-7, last, L-3, 15W, 3rd fri or last fri",
    );
    check(json!({"day": "L-31"}), "day: 31 is out of range; use 0 to 30");
    check(
        json!({"day": "5L"}),
        "day: \"5l\" is not understood; write such as *, 15, 1-7, last, L-3, 15W, 3rd fri or last fri",
    );
    check(
        json!({"minute": 61, "hour": 25}),
        "hour: 25 is out of range; use 0 to 23 | minute: 61 is out of range; use 0 to 59",
    );
}

#[test]
fn dates_that_never_come_are_refused() {
    let check = |value: Value, en: &str, zh: &str| {
        let problems = fields(&value).unwrap_err();
        assert_eq!(sentence(&problems, Locale::En), en);
        assert_eq!(sentence(&problems, Locale::Zh), zh);
    };
    check(
        json!({"month": 2, "day": 30}),
        "day: 30 February never comes; choose a day that the month has",
        "day：2 月没有 30 日；请选择该月有的日期",
    );
    check(
        json!({"month": "4,6,9,11", "day": 31}),
        "day: 31 April or June or September or November never comes; choose a day that the month has",
        "day：4 月、6 月、9 月、11 月没有 31 日；请选择该月有的日期",
    );
    check(
        json!({"year": 2023, "month": 2, "day": 29}),
        "day: 29 February 2023 never comes; choose a day that the month has",
        "day：2023 年 2 月没有 29 日；请选择该月有的日期",
    );
    check(
        json!({"month": "feb", "day": "L-29"}),
        "day: L-29 February never comes; choose a day that the month has",
        "day：2 月没有 L-29 日；请选择该月有的日期",
    );
    assert!(crontab("0 0 30 2 *").is_err());
    assert!(crontab("0 0 30,31 1-2 *").is_ok());
    // A week that is not in such a month is no mistake that can be named: it just never fires.
    let cron = fields(&json!({"month": 6, "week": 53})).unwrap();
    assert_eq!(cron.next_civil(wall("1970-01-01")), None);
}

#[test]
fn problems_of_crontab_strings_name_the_field() {
    let check = |text: &str, en: &str| {
        let problems = crontab(text).unwrap_err();
        assert_eq!(sentence(&problems, Locale::En), en);
    };
    check("", "is empty; give it a value");
    check("60 * * * *", "minute: 60 is out of range; use 0 to 59");
    check(
        "0 24 * 13 *",
        "hour: 24 is out of range; use 0 to 23 | month: 13 is out of range; use 1 to 12",
    );
    check("0 0 * * 8", "day_of_week: 8 is out of range; use 0 to 7");
    check("0 0 30 2 *", "day: 30 February never comes; choose a day that the month has");
    check("@dayly", "unknown word \"@dayly\"; did you mean \"@daily\"?");
    check(
        "0 0 0 * * *",
        "it has 6 fields, and a crontab string 5: minute hour day month day_of_week; for seconds, years and weeks use type \"cron\"",
    );
    assert!(crontab("@reboot").is_err());
    assert!(crontab("* * * *").is_err());
}

#[test]
fn long_texts_and_long_lists_are_refused() {
    let list = vec!["1"; 200].join(",");
    assert_eq!(
        sentence(&fields(&json!({ "minute": list })).unwrap_err(), Locale::En),
        "minute: 200 are too many; at most 150"
    );
    let text = " ".repeat(5000) + "1";
    assert!(fields(&json!({ "minute": text })).is_ok(), "blanks around are not counted");
    assert!(fields(&json!({ "minute": "1".repeat(5000) })).is_err());
    assert!(crontab(&format!("{} * * * *", "1".repeat(5000))).is_err());
    let all: Vec<String> = (1970..=2100).map(|year| year.to_string()).collect();
    assert!(fields(&json!({ "year": all.join(",") })).is_ok());
}
