//! The search on the wall.

use crate::json::{Value, json};

use super::super::Cron;
use super::{fields, show, wall};
use crate::civil::Civil;
use crate::document::{Place, Problems};

#[test]
fn the_first_match_is_at_or_after() {
    let check = |value: Value, from: &str, want: Option<&str>| {
        let cron = fields(&value).unwrap();
        assert_eq!(cron.next_civil(wall(from)), want.map(wall), "{value} from {from}");
    };
    check(json!({"hour": 9}), "2026-01-01 09:00:00", Some("2026-01-01 09:00:00"));
    check(json!({"hour": 9}), "2026-01-01 09:00:01", Some("2026-01-02 09:00:00"));
    check(json!({"day": 31}), "2026-01-31 00:00:01", Some("2026-03-31 00:00:00"));
    check(json!({"day": "*/27"}), "2026-03-28 00:00:01", Some("2026-04-01 00:00:00"));
    check(json!({"month": 2, "day": 29}), "2096-02-29 00:00:01", None);
    check(json!({"month": 2, "day": 29}), "2026-01-01", Some("2028-02-29 00:00:00"));
    check(json!({"second": "*"}), "2100-12-31 23:59:59", Some("2100-12-31 23:59:59"));
    check(json!({"second": "*"}), "2101-01-01", None);
    check(json!({"second": "*"}), "1969-12-31 23:59:59", Some("1970-01-01 00:00:00"));
    check(json!({"year": "1970-1980"}), "1981-01-01", None);
    let cron = fields(&json!({"second": "*"})).unwrap();
    let late = Civil(wall("2100-12-31 23:59:59").0 + 1);
    assert_eq!(cron.next_civil(late), None, "the end of 2100 is the end");
    let second = wall("2026-01-01 09:00:01");
    assert_eq!(cron.next_civil(Civil(second.0 - 999)), Some(second));
    assert_eq!(cron.next_civil(Civil(i64::MAX)), None);
    assert!(cron.next_civil(Civil(-9_000_000_000_000_000)).is_some());
}

#[test]
fn a_second_matches_until_its_end() {
    let cron = fields(&json!({"hour": 9})).unwrap();
    let at = wall("2026-01-01 09:00:00");
    assert!(cron.matches(at) && cron.matches(Civil(at.0 + 999)));
    assert!(!cron.matches(Civil(at.0 - 1)) && !cron.matches(Civil(at.0 + 1000)));
    let always = fields(&json!({})).unwrap();
    assert!(!always.matches(wall("1969-12-31 23:59:59")));
    assert!(!always.matches(wall("2101-01-01")));
}

fn range(value: &Value) -> Cron {
    let mut problems = Problems::default();
    let object = Place::root(value).object(&mut problems, &Cron::FIELDS, &[]).unwrap();
    Cron::range_from_fields(&object, &mut problems).unwrap()
}

#[test]
fn the_first_mismatch_is_where_a_range_ends() {
    let check = |value: Value, from: &str, want: Option<&str>| {
        let found = range(&value).next_mismatch(wall(from)).map(show);
        assert_eq!(found.as_deref(), want, "{value} from {from}");
    };
    check(json!({"hour": "0-6"}), "2026-01-01 03:00:00", Some("2026-01-01 07:00:00"));
    check(json!({"hour": "0-6"}), "2026-01-01 07:00:00", Some("2026-01-01 07:00:00"));
    check(json!({"hour": "22-2"}), "2026-01-01 22:10:00", Some("2026-01-02 03:00:00"));
    check(json!({"minute": "50-9"}), "2026-01-01 23:55:00", Some("2026-01-02 00:10:00"));
    check(json!({"second": "*/2"}), "2026-01-01 03:00:00", Some("2026-01-01 03:00:01"));
    check(json!({"second": "30-10"}), "2026-01-01 23:59:40", Some("2026-01-02 00:00:11"));
    check(json!({"day": "30-3"}), "2026-01-31 03:00:00", Some("2026-02-04 00:00:00"));
    check(json!({"day_of_week": "sat,sun"}), "2026-01-03 03:00:00", Some("2026-01-05 00:00:00"));
    check(json!({"month": "nov-feb"}), "2026-11-03 03:00:00", Some("2027-03-01 00:00:00"));
    check(json!({"year": "2026-2050"}), "2026-11-03 03:00:00", Some("2051-01-01 00:00:00"));
    check(json!({"year": "2026-2050"}), "2025-11-03 03:00:00", Some("2025-11-03 03:00:00"));
    check(json!({}), "2026-01-01", None);
    check(json!({}), "2101-01-01", None);
    check(json!({"hour": "20-23"}), "2100-12-31 21:00:00", None);
    let cron = range(&json!({"hour": "0-6"}));
    let inside = Civil(wall("2026-01-01 06:59:59").0 + 500);
    assert_eq!(cron.next_mismatch(inside), Some(wall("2026-01-01 07:00:00")));
}
