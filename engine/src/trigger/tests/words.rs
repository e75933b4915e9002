//! Triggers in words.

use super::*;
use crate::locale::Locale;

fn check_words(trigger: &Value, en: &str, zh: &str) {
    let read = london(trigger);
    assert_eq!(read.describe(Locale::En), en);
    assert_eq!(read.describe(Locale::Zh), zh);
}

#[test]
fn intervals() {
    let every = |units: Value| {
        let mut trigger = json!({"type": "interval", "start_date": "2026-01-01"});
        trigger.as_object_mut().unwrap().extend(units.as_object().unwrap().clone());
        trigger
    };
    check_words(&every(json!({"seconds": 58})), "every 58 s", "每 58 秒");
    check_words(&every(json!({"seconds": 0.25})), "every 0.25 s", "每 0.25 秒");
    check_words(&every(json!({"minutes": 90})), "every 1 h 30 m", "每 1 小时 30 分");
    check_words(&every(json!({"weeks": 1, "seconds": 1})), "every 7 d 1 s", "每 7 天 1 秒");
    check_words(
        &every(json!({"hours": 1, "end_date": "2026-06-01", "jitter": 90})),
        "every 1 h, until 2026-06-01, up to 1 m 30 s later, Europe/London",
        "每 1 小时，至 2026-06-01 止，最多推迟 1 分 30 秒，Europe/London",
    );
    check_words(
        &json!({"type": "interval", "weeks": 30_000}),
        "every 210000 d, which never comes",
        "每 210000 天，永不触发",
    );
}

#[test]
fn dates() {
    check_words(
        &json!({"type": "date", "run_date": "2026-11-24T02:00:00", "timezone": "Asia/Shanghai"}),
        "once at 2026-11-23T18:00:00Z",
        "仅一次：2026-11-23T18:00:00Z",
    );
    check_words(
        &json!({"type": "date", "run_date": "2026-11-24T02:00:00", "timezone": "Asia/Shanghai", "jitter": 5}),
        "once at 2026-11-24 02:00, up to 5 s later, Asia/Shanghai",
        "仅一次：2026-11-24 02:00，最多推迟 5 秒，Asia/Shanghai",
    );
}

#[test]
fn calendar_intervals() {
    let every = |units: Value| {
        let mut trigger =
            json!({"type": "calendarinterval", "start_date": "2026-01-31", "hour": 2});
        trigger.as_object_mut().unwrap().extend(units.as_object().unwrap().clone());
        trigger
    };
    check_words(
        &every(json!({"months": 1})),
        "every month at 02:00, from 2026-01-31, Europe/London",
        "每月 02:00，自 2026-01-31 起，Europe/London",
    );
    check_words(
        &every(json!({"months": 2, "second": 5, "gap": "skip", "fold": "last"})),
        "every 2 months at 02:00:05, from 2026-01-31, not in gaps, last of folds, Europe/London",
        "每 2 个月 02:00:05，自 2026-01-31 起，跳时则略过，重复时取后，Europe/London",
    );
    check_words(
        &every(json!({"years": 1, "weeks": 2, "days": 1})),
        "every 1 year and 2 weeks and 1 day at 02:00, from 2026-01-31, Europe/London",
        "每 1 年 2 周 1 天 02:00，自 2026-01-31 起，Europe/London",
    );
}

#[test]
fn combinations_name_a_zone_once() {
    check_words(
        &json!({"type": "or", "triggers": [
            {"type": "calendarinterval", "days": 1, "start_date": "2026-01-01"},
            {"type": "interval", "seconds": 58, "start_date": "2026-01-01"},
            {"type": "calendarinterval", "weeks": 1, "start_date": "2026-01-01", "timezone": "Asia/Shanghai"},
        ]}),
        "(every day at 00:00, from 2026-01-01) or (every 58 s) or (every week at 00:00, from 2026-01-01, Asia/Shanghai), Europe/London",
        "（每天 00:00，自 2026-01-01 起）或（每 58 秒）或（每周 00:00，自 2026-01-01 起，Asia/Shanghai），Europe/London",
    );
    check_words(
        &json!({"type": "and", "triggers": [
            {"type": "interval", "seconds": 58, "start_date": "2026-01-01T00:00:01"},
            {"type": "interval", "seconds": 60, "start_date": "2026-01-01"},
        ]}),
        "(every 58 s) and (every 1 m), which never meet",
        "（每 58 秒）且（每 1 分），永不相遇",
    );
    check_words(
        &json!({"type": "except", "trigger": {"type": "interval", "hours": 1, "start_date": "2026-01-01"}, "when": [
            {"weekly": ["sun", "sat"]}, {"dates": ["2026-12-25"]}, {"annual": ["01-01", "01-02", "01-03", "01-04", "01-05", "01-06", "01-07"]},
        ]}),
        "every 1 h, except Sat, Sun; 2026-12-25; 01-01, 01-02, 01-03, 01-04, 01-05 and 2 more, Europe/London",
        "每 1 小时，排除 周六、周日；2026-12-25；01-01、01-02、01-03、01-04、01-05 等共 7 项，Europe/London",
    );
}

#[test]
fn cron_and_what_it_carries() {
    check_words(
        &json!({"type": "cron", "day_of_week": "mon-fri", "hour": 9, "timezone": "Asia/Shanghai"}),
        "weekdays at 09:00, Asia/Shanghai",
        "工作日 09:00，Asia/Shanghai",
    );
    check_words(
        &json!({"type": "except", "trigger": {"type": "crontab", "expression": "0 9 * * *"}, "when": [{"weekly": ["sun"]}], "start_date": "2026-01-01T08:30"}),
        "every day at 09:00, except Sun, from 2026-01-01 08:30, Europe/London",
        "每天 09:00，排除 周日，自 2026-01-01 08:30 起，Europe/London",
    );
}
