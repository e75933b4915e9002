//! calendarinterval.

use proptest::prelude::*;

use super::super::calendar::Calendar;
use super::super::cron::Changes;
use super::super::date::fixed;
use super::*;
use crate::civil::{Civil, Date, MS_PER_DAY};

fn check_dates(trigger: &str, start_after: &str, expected: &[&str]) {
    let trigger: Value =
        crate::json::parse(&format!("{{\"type\": \"calendarinterval\", {trigger}}}")).unwrap();
    let full: Vec<String> = expected.iter().map(|date| format!("{date}T02:00:00Z")).collect();
    let mut full: Vec<&str> = full.iter().map(String::as_str).collect();
    if expected.last() == Some(&"end") {
        full.pop();
        full.push("end");
    }
    check(&trigger, "UTC", start_after, &full);
}

#[test]
fn the_31st_is_never_clipped() {
    check_dates(
        r#""months": 1, "hour": 2, "start_date": "2026-01-31""#,
        "2026-01-01",
        &["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31", "2026-08-31", "2026-10-31"],
    );
    check_dates(
        r#""months": 1, "hour": 2, "start_date": "2027-12-30""#,
        "2028-01-31",
        &["2028-03-30", "2028-04-30"],
    );
}

#[test]
fn the_29th_of_february_comes_in_leap_years() {
    check_dates(
        r#""years": 1, "hour": 2, "start_date": "2088-02-29""#,
        "2026-01-01",
        &["2088-02-29", "2092-02-29", "2096-02-29", "end"],
    );
    check_dates(
        r#""years": 3, "hour": 2, "start_date": "2024-02-29""#,
        "2024-01-01",
        &["2024-02-29", "2036-02-29", "2048-02-29"],
    );
}

#[test]
fn the_first_is_the_start_dates_own() {
    check_dates(
        r#""weeks": 2, "hour": 2, "start_date": "2026-11-24""#,
        "2026-11-24T02:00:00Z",
        &["2026-11-24", "2026-12-08", "2026-12-22"],
    );
    check_dates(
        r#""weeks": 2, "hour": 2, "start_date": "2026-11-24""#,
        "2026-11-24T02:00:00.001Z",
        &["2026-12-08"],
    );
}

#[test]
fn weeks_and_days_are_added_after_years_and_months() {
    // 31 January: to 31 March, as there is no 31 February, and a day; to 1 May, and a day; ...
    check_dates(
        r#""months": 1, "days": 1, "hour": 2, "start_date": "2026-01-31""#,
        "2026-01-01",
        &["2026-01-31", "2026-04-01", "2026-05-02", "2026-06-03"],
    );
    check_dates(
        r#""years": 1, "weeks": 1, "hour": 2, "start_date": "2024-02-29""#,
        "2024-01-01",
        &["2024-02-29", "2028-03-07", "2029-03-14"],
    );
}

#[test]
fn without_start_it_begins_today_in_its_zone() {
    let every = json!({"type": "calendarinterval", "days": 2, "hour": 9});
    // In Shanghai it is the 25th already.
    check(
        &every,
        "Asia/Shanghai",
        "2026-11-24T20:00:00Z",
        &["2026-11-25T01:00:00Z", "2026-11-27T01:00:00Z"],
    );
    check(&every, "UTC", "2026-11-24T20:00:00Z", &["2026-11-26T09:00:00Z"]);
}

#[test]
fn a_date_only_end_includes_its_day() {
    let until = |end: &str| json!({"type": "calendarinterval", "days": 1, "hour": 23, "minute": 59, "second": 59, "start_date": "2026-10-24", "end_date": end});
    check(
        &until("2026-10-25"),
        "Europe/London",
        "2026-10-01",
        &["2026-10-24T22:59:59Z", "2026-10-25T23:59:59Z", "end"],
    );
    check(
        &until("2026-10-25T23:59:58"),
        "Europe/London",
        "2026-10-01",
        &["2026-10-24T22:59:59Z", "end"],
    );
    check(&until("2026-10-24"), "Europe/London", "2026-10-01", &["2026-10-24T22:59:59Z", "end"]);
}

#[test]
fn a_start_with_a_time_is_a_bound_as_well() {
    let from = |start: &str| json!({"type": "calendarinterval", "days": 1, "hour": 9, "start_date": start});
    check(&from("2026-11-24T09:00:00"), "UTC", "2026-01-01", &["2026-11-24T09:00:00Z"]);
    check(&from("2026-11-24T09:00:01"), "UTC", "2026-01-01", &["2026-11-25T09:00:00Z"]);
    // In Shanghai this is the 25th.
    check(&from("2026-11-24T20:00:00Z"), "Asia/Shanghai", "2026-01-01", &["2026-11-25T01:00:00Z"]);
}

#[test]
fn times_that_a_change_left_out_or_repeated_are_fixed() {
    let daily = |extra: &str, start: &str| -> Value {
        let text = format!(
            r#"{{"type": "calendarinterval", "days": 1, "hour": 1, "minute": 30, "start_date": "{start}"{extra}}}"#
        );
        crate::json::parse(&text).unwrap()
    };
    let spring = |extra, expected: &[&str]| {
        check(&daily(extra, "2026-03-28"), "Europe/London", "2026-03-28T12:00:00Z", expected);
    };
    spring("", &["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]);
    spring(r#", "gap": "skip""#, &["2026-03-30T00:30:00Z"]);
    let autumn = |extra, expected: &[&str]| {
        check(&daily(extra, "2026-10-24"), "Europe/London", "2026-10-24T12:00:00Z", expected);
    };
    autumn("", &["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    autumn(r#", "fold": "last""#, &["2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"]);
    autumn(
        r#", "fold": "both""#,
        &["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"],
    );
}

#[test]
fn half_hours_and_skipped_days() {
    // Lord Howe is set forward by half an hour at 02:00 on 4 October, and back on 5 April at 02:00.
    let at_2_15 = json!({"type": "calendarinterval", "days": 1, "hour": 2, "minute": 15, "start_date": "2026-10-03"});
    check(
        &at_2_15,
        "Australia/Lord_Howe",
        "2026-10-02T12:00:00Z",
        &["2026-10-02T15:45:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"],
    );
    // 30 December 2011 was left out in Apia: what was due then fires as the 31st begins, once.
    let midnight = json!({"type": "calendarinterval", "days": 1, "start_date": "2011-12-29"});
    check(
        &midnight,
        "Pacific/Apia",
        "2011-12-29T00:00:00Z",
        &["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"],
    );
}

/// The chain by its definition, one date after the other.
fn by_definition(calendar: &Calendar) -> Vec<i64> {
    let mut dates = vec![];
    let mut date = Date::from_days(calendar.first);
    while date.year <= 2100 {
        dates.push(date.to_days());
        let mut month = i64::from(date.year) * 12 + i64::from(date.month) - 1;
        let moved = loop {
            month += calendar.months;
            let year = i32::try_from(month / 12).unwrap();
            let of_year = u8::try_from(month % 12 + 1).unwrap();
            if year > 2100 {
                return dates;
            }
            if let Some(moved) = Date::new(year, of_year, date.day) {
                break moved;
            }
        };
        date = Date::from_days(moved.to_days() + calendar.days);
    }
    dates
}

proptest! {
    #[test]
    fn the_chain_is_as_defined(
        first in 0_i64..47_000, months in 0_i64..30, days in 0_i64..40, probe in 0_i64..47_500, hour in 0_i64..24, index in 0..ZONES.len(),
    ) {
        prop_assume!(months + days > 0);
        let zones = zones();
        let zone = zones.find(ZONES[index]).unwrap();
        let calendar = Calendar::new(first, months, days, hour * 3_600_000);
        let from = Timestamp::from_ms(probe * MS_PER_DAY);
        let instants = by_definition(&calendar).into_iter().map(|day| {
            fixed(&zone, Civil(day * MS_PER_DAY + calendar.of_day))
        });
        let expected = instants.filter(|at| *at >= from).min();
        prop_assert_eq!(calendar.next(&zone, Changes::default(), from), expected);
    }
}
