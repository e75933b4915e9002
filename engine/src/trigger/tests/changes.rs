//! What is said of changes of the clocks.

use super::super::DecisionKind::{self, FoldBoth, FoldFirst, FoldLast, GapMoved, GapSkipped};
use super::*;

fn check_year(trigger: &Value, expected: &[(&str, DecisionKind)]) {
    let found = london(trigger).decisions(at("2026-01-01"), at("2026-12-31"));
    let found: Vec<_> = found.into_iter().map(|found| (found.at, found.kind)).collect();
    let expected: Vec<_> = expected.iter().map(|(text, kind)| (at(text), *kind)).collect();
    assert_eq!(found, expected, "{trigger}");
}

const SPRING: &str = "2026-03-29T01:00:00";
const AUTUMN: &str = "2026-10-25T01:00:00";

#[test]
fn only_times_that_a_change_concerns_are_told_of() {
    let cron = |hour: Value| json!({"type": "cron", "hour": hour, "minute": 30});
    check_year(&cron(json!(1)), &[(SPRING, GapMoved), (AUTUMN, FoldFirst)]);
    check_year(&cron(json!("*")), &[(SPRING, GapSkipped), (AUTUMN, FoldBoth)]);
    check_year(&cron(json!(2)), &[]);
    check_year(
        &json!({"type": "cron", "hour": 1, "minute": 30, "month": 10}),
        &[(AUTUMN, FoldFirst)],
    );
    check_year(&json!({"type": "cron", "hour": 1, "day_of_week": "mon"}), &[]);
}

#[test]
fn what_was_chosen_is_what_is_told() {
    check_year(
        &json!({"type": "cron", "hour": 1, "gap": "skip", "fold": "last"}),
        &[(SPRING, GapSkipped), (AUTUMN, FoldLast)],
    );
    check_year(
        &json!({"type": "crontab", "expression": "*/5 * * * *", "gap": "next", "fold": "first"}),
        &[(SPRING, GapMoved), (AUTUMN, FoldFirst)],
    );
}

#[test]
fn other_kinds_have_their_own() {
    let calendar = |start: &str| json!({"type": "calendarinterval", "days": 2, "hour": 1, "start_date": start});
    check_year(&calendar("2026-03-27"), &[(SPRING, GapMoved), (AUTUMN, FoldFirst)]);
    check_year(&calendar("2026-03-28"), &[]);
    check_year(&json!({"type": "date", "run_date": "2026-03-29T01:59:59"}), &[(SPRING, GapMoved)]);
    check_year(
        &json!({"type": "date", "run_date": "2026-10-25T01:00", "fold": "both"}),
        &[(AUTUMN, FoldBoth)],
    );
    check_year(&json!({"type": "date", "run_date": "2026-10-25T02:00"}), &[]);
    check_year(&json!({"type": "interval", "hours": 1, "end_date": "2026-12-01"}), &[]);
}

#[test]
fn combinations_tell_of_their_members_once() {
    let at_1 = json!({"type": "cron", "hour": 1});
    let all = json!({"type": "cron", "minute": 0, "timezone": "America/New_York", "start_date": "2026-06-01"});
    let or = json!({"type": "or", "triggers": [at_1, at_1, {"type": "except", "trigger": all, "when": [{"weekly": ["sun"]}]}]});
    check_year(&or, &[(SPRING, GapMoved), (AUTUMN, FoldFirst), ("2026-11-01T06:00:00", FoldBoth)]);
}

#[test]
fn only_changes_within_bounds_and_asked_for_are_told_of() {
    check_year(
        &json!({"type": "cron", "hour": 1, "start_date": "2026-03-29T01:00:00Z", "end_date": "2026-06-01"}),
        &[(SPRING, GapMoved)],
    );
    check_year(
        &json!({"type": "cron", "hour": 1, "start_date": "2026-03-29T01:00:01Z", "end_date": "2026-10-25T00:59:59Z"}),
        &[],
    );
    let trigger = london(&json!({"type": "cron", "hour": 1}));
    assert!(trigger.decisions(at(SPRING), at("2026-10-25T00:59:59")).is_empty());
    assert_eq!(trigger.decisions(at(SPRING), at(AUTUMN)).len(), 1);
    assert_eq!(trigger.decisions(at("2026-03-29T00:59:59"), at(SPRING)).len(), 1);
}
