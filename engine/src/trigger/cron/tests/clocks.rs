//! What clock changes do, each rule by a change that really was.

use crate::json::{Value, json};

use super::super::{Changes, Fold, Gap};
use super::{fields, fires, utc, zone};
use crate::time::Timestamp;
use crate::zone::Zone;

const HOUR: i32 = 3600;

/// 2026: forward at 01:00, back at 02:00 on the wall.
fn london() -> Zone {
    zone(0, &[("2026-03-29 01:00", HOUR), ("2026-10-25 01:00", 0)])
}

/// 2026: from +11 back to +10:30 on 5 April at 02:00, forward on 4 October at 02:00.
fn lord_howe() -> Zone {
    let (summer, winter) = (11 * HOUR, 21 * HOUR / 2);
    zone(summer, &[("2026-04-04 15:00", winter), ("2026-10-03 15:30", summer)])
}

/// The fires that follow an instant; all texts are in UTC.
fn check(zone: &Zone, value: &Value, changes: Changes, after: &str, want: &[&str]) {
    let cron = fields(value).unwrap();
    let mut found = fires(&cron, zone, utc(after), changes);
    found.truncate(want.len());
    assert_eq!(found, want, "{value} after {after} with {changes:?}");
}

const USUAL: Changes = Changes { gap: None, fold: None };

fn gap(gap: Gap) -> Changes {
    Changes { gap: Some(gap), fold: None }
}

fn fold(fold: Fold) -> Changes {
    Changes { gap: None, fold: Some(fold) }
}

#[test]
fn a_fixed_time_in_a_gap_fires_at_its_end() {
    let want = ["2026-03-28 01:30:00", "2026-03-29 01:00:00", "2026-03-30 00:30:00"];
    check(&london(), &json!({"hour": 1, "minute": 30}), USUAL, "2026-03-28", &want);
    // Many times in one gap are one fire, and so is one that is at its end anyhow.
    let want = ["2026-03-28 01:55:00", "2026-03-29 01:00:00", "2026-03-30 00:00:00"];
    check(&london(), &json!({"hour": 1, "minute": "*/5"}), USUAL, "2026-03-28 01:50", &want);
    let want = ["2026-03-29 01:00:00", "2026-03-30 00:00:00", "2026-03-30 01:00:00"];
    check(&london(), &json!({"hour": "1,2"}), USUAL, "2026-03-28 03:00", &want);
}

#[test]
fn what_a_gap_moved_is_found_from_the_millisecond_before_it() {
    let half_past_one = fields(&json!({"hour": 1, "minute": 30})).unwrap();
    let change = utc("2026-03-29 01:00");
    for earlier in [1, 2, 1000, 1_800_000] {
        let after = Timestamp::from_ms(change.as_ms() - earlier);
        assert_eq!(half_past_one.next_after(&london(), after, USUAL), Some(change), "{earlier} ms");
    }
    assert_ne!(half_past_one.next_after(&london(), change, USUAL), Some(change));
}

#[test]
fn a_wildcard_time_in_a_gap_is_skipped() {
    let want = ["2026-03-29 00:30:00", "2026-03-29 01:30:00", "2026-03-29 02:30:00"];
    check(&london(), &json!({"minute": 30}), USUAL, "2026-03-29", &want);
    let want = ["2026-03-28 01:30:00", "2026-03-30 00:30:00"];
    check(&london(), &json!({"hour": "1-1", "minute": 30}), USUAL, "2026-03-28", &want);
}

#[test]
fn a_fixed_time_in_a_fold_fires_the_first_time() {
    let want = ["2026-10-25 00:30:00", "2026-10-26 01:30:00"];
    check(&london(), &json!({"hour": 1, "minute": 30}), USUAL, "2026-10-25", &want);
    let want = ["2026-10-25 00:45:00", "2026-10-26 01:00:00"];
    let every_quarter = json!({"hour": 1, "minute": "*/15"});
    check(&london(), &every_quarter, USUAL, "2026-10-25 00:30", &want);
    // What comes after the fold is not lost.
    let want = ["2026-10-25 00:00:00", "2026-10-25 02:00:00", "2026-10-26 01:00:00"];
    check(&london(), &json!({"hour": "1,2"}), USUAL, "2026-10-24 12:00", &want);
    // One that begins its search within the repeated hour.
    check(&london(), &json!({"hour": "1"}), USUAL, "2026-10-25 01:10", &["2026-10-26 01:00:00"]);
}

#[test]
fn a_wildcard_time_in_a_fold_fires_both_times() {
    let want = ["2026-10-25 00:30:00", "2026-10-25 01:30:00", "2026-10-25 02:30:00"];
    check(&london(), &json!({"minute": 30}), USUAL, "2026-10-25", &want);
    let want = ["2026-10-25 00:30:00", "2026-10-25 01:30:00", "2026-10-26 01:30:00"];
    check(&london(), &json!({"hour": "1-1", "minute": 30}), USUAL, "2026-10-25", &want);
}

#[test]
fn a_change_by_half_an_hour_needs_plain_minutes_too() {
    // Forward over 02:00 to 02:29 on 4 October.
    let want = ["2026-10-03 15:30:00", "2026-10-04 15:15:00"];
    check(&lord_howe(), &json!({"hour": 2, "minute": 15}), USUAL, "2026-10-02 16:00", &want);
    let want = ["2026-10-03 15:30:00", "2026-10-03 15:45:00", "2026-10-04 15:00:00"];
    check(&lord_howe(), &json!({"hour": 2, "minute": "*/15"}), USUAL, "2026-10-03 15:00", &want);
    let want = ["2026-10-03 15:40:00", "2026-10-04 15:00:00"];
    check(
        &lord_howe(),
        &json!({"hour": 2, "minute": "0,10,40"}),
        gap(Gap::Skip),
        "2026-10-03 15:00",
        &want,
    );
    // Back over 01:30 to 01:59 on 5 April.
    let want = ["2026-04-04 14:45:00", "2026-04-05 15:15:00"];
    check(&lord_howe(), &json!({"hour": 1, "minute": 45}), USUAL, "2026-04-04", &want);
    let want = ["2026-04-04 14:40:00", "2026-04-04 15:10:00", "2026-04-05 14:30:00"];
    check(&lord_howe(), &json!({"hour": 1, "minute": "*/40"}), USUAL, "2026-04-04 14:30", &want);
}

#[test]
fn midnights_that_are_skipped_fire_at_the_first_instant_of_the_day() {
    // São Paulo, 2018-11-04: from -03 to -02 at 00:00.
    let sao_paulo = zone(-3 * HOUR, &[("2018-11-04 03:00", -2 * HOUR)]);
    let want = ["2018-11-03 03:00:00", "2018-11-04 03:00:00", "2018-11-05 02:00:00"];
    check(&sao_paulo, &json!({"hour": 0}), USUAL, "2018-11-02 04:00", &want);
    check(&sao_paulo, &json!({"day": 4}), USUAL, "2018-10-05", &["2018-11-04 03:00:00"]);
    // Beirut, 2026-03-29: from +02 to +03 at 00:00.
    let beirut = zone(2 * HOUR, &[("2026-03-28 22:00", 3 * HOUR)]);
    let want = ["2026-03-28 22:00:00", "2026-03-29 21:30:00"];
    check(&beirut, &json!({"hour": 0, "minute": 30}), USUAL, "2026-03-27 23:00", &want);
    let want = ["2026-03-27 22:30:00", "2026-03-29 21:30:00"];
    check(&beirut, &json!({"hour": 0, "minute": 30}), gap(Gap::Skip), "2026-03-27", &want);
}

#[test]
fn a_day_that_was_skipped_is_a_gap() {
    // Apia crossed the date line: 2011-12-30 did not happen.
    let apia = zone(-10 * HOUR, &[("2011-12-30 10:00", 14 * HOUR)]);
    let want = ["2011-12-29 19:00:00", "2011-12-30 10:00:00", "2011-12-30 19:00:00"];
    check(&apia, &json!({"hour": 9}), USUAL, "2011-12-29", &want);
    check(
        &apia,
        &json!({"year": 2011, "month": 12, "day": 30}),
        USUAL,
        "2011-12-29",
        &["2011-12-30 10:00:00"],
    );
    check(&apia, &json!({"year": 2011, "month": 12, "day": 30}), gap(Gap::Skip), "2011-12-29", &[]);
    let want = ["2011-12-30 09:00:00", "2011-12-30 10:00:00"];
    check(&apia, &json!({"minute": 0}), USUAL, "2011-12-30 08:00", &want);
}

#[test]
fn gaps_and_folds_are_what_was_chosen() {
    let half_past_one = || json!({"hour": 1, "minute": 30});
    let want = ["2026-03-28 01:30:00", "2026-03-30 00:30:00"];
    check(&london(), &half_past_one(), gap(Gap::Skip), "2026-03-28", &want);
    let want = ["2026-03-29 00:30:00", "2026-03-29 01:00:00", "2026-03-29 01:30:00"];
    check(&london(), &json!({"minute": 30}), gap(Gap::Next), "2026-03-29", &want);
    let want = ["2026-10-25 01:30:00", "2026-10-26 01:30:00"];
    check(&london(), &half_past_one(), fold(Fold::Last), "2026-10-24 01:00", &want[..0]);
    check(&london(), &half_past_one(), fold(Fold::Last), "2026-10-24 12:00", &want);
    let want = ["2026-10-25 00:30:00", "2026-10-25 01:30:00", "2026-10-26 01:30:00"];
    check(&london(), &half_past_one(), fold(Fold::Both), "2026-10-24 12:00", &want);
    let every_second = json!({"second": "*"});
    let want = ["2026-10-25 02:00:00", "2026-10-25 02:00:01"];
    check(&london(), &every_second, fold(Fold::First), "2026-10-25 00:59:59", &want);
    let want = ["2026-10-24 23:59:59", "2026-10-25 01:00:00", "2026-10-25 01:00:01"];
    check(&london(), &every_second, fold(Fold::Last), "2026-10-24 23:59:58", &want);
}

#[test]
fn no_month_is_lost_after_a_change() {
    // What APScheduler 3.11 and 4 lose: the fires of April.
    let want = [
        "2026-03-01 00:00:00",
        "2026-03-28 00:00:00",
        "2026-03-31 23:00:00",
        "2026-04-27 23:00:00",
    ];
    check(&london(), &json!({"month": "*", "day": "*/27"}), USUAL, "2026-02-28 12:00", &want);
}

#[test]
fn rare_dates_are_found_across_many_changes() {
    let zone =
        zone(0, &[("2026-03-29 01:00", HOUR), ("2026-10-25 01:00", 0), ("2027-03-28 01:00", HOUR)]);
    check(&zone, &json!({"month": 2, "day": 29}), USUAL, "2026-01-01", &["2028-02-28 23:00:00"]);
    check(&zone, &json!({"year": 2099}), USUAL, "2026-01-01", &["2098-12-31 23:00:00"]);
    check(&zone, &json!({"year": 2025}), USUAL, "2026-01-01", &[]);
}
