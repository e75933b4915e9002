//! Each state of a cell, and by which rule it is so.

use super::{CellState, Told, told};
use crate::locale::Locale;
use crate::matrix::{Blame, Rule};
use crate::protocol::StagePhase;
use crate::verify::Kind;

const AMOUNT: &str = r#"{"name": "amount", "kind": "decimal", "tolerance": {"abs": "0.01"}}"#;
const AT: &str =
    r#"{"name": "at", "kind": "time", "zone": "Asia/Shanghai", "tolerance": {"abs": "1s"}}"#;

/// A value in the first system and in the second.
fn two(field: &str, first: &str, second: &str) -> Told {
    let name = told(&[field]).names().remove(0);
    let body = |value: &str| format!(r#"[{{"{name}": {value}}}]"#);
    told(&[field]).system("A", &body(first)).system("B", &body(second))
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "rules are made where they are used")]
fn check(told: &Told, state: CellState, rule: Option<Rule>) {
    let view = told.view();
    let cell = &view.records[0].fields[0][1];
    assert_eq!((cell.state, &cell.rule), (state, &rule));
}

#[test]
fn the_same_text_matches() {
    let told = two(AMOUNT, "19.90", "19.90");
    check(&told, CellState::Match, None);
    let view = told.view();
    assert_eq!(view.records[0].fields[0][0].rule, Some(Rule::Reference));
    assert_eq!((view.matched, view.differing, view.blame), (1, 0, None));
}

#[test]
fn one_form_of_a_kind_matches_after_normalising_and_both_values_are_kept() {
    let decimal = Rule::SameKind { kind: Kind::Decimal };
    let told = two(AMOUNT, "19.9", r#""19.90""#);
    check(&told, CellState::Normalised, Some(decimal));
    let cell = told.view().records[0].fields[0][1].clone();
    assert_eq!(cell.raw.as_deref(), Some(r#""19.90""#));
    assert_eq!(cell.normalised.as_deref(), Some("19.9"));
    let check_kind = |kind: &str, rule, first: &str, second: &str| {
        let field = format!(r#"{{"name": "f", "kind": "{kind}"}}"#);
        check(
            &two(&field, first, second),
            CellState::Normalised,
            Some(Rule::SameKind { kind: rule }),
        );
    };
    check_kind("text", Kind::Text, "7", r#""7""#);
    check_kind("integer", Kind::Integer, "9007199254740993", r#""9007199254740993""#);
    check_kind("boolean", Kind::Boolean, "true", r#""1""#);
    let (lower, upper) =
        ("4f1c0b0e-1111-4222-8333-944455556666", "4F1C0B0E-1111-4222-8333-944455556666");
    check_kind("uuid", Kind::Uuid, &format!("{lower:?}"), &format!("{upper:?}"));
    check_kind("json", Kind::Json, r#"{"a": 1, "b": [2.0]}"#, r#"{"b": [2], "a": 1.00}"#);
    let instants = two(AT, r#""2026-11-23T12:00:00Z""#, r#""2026-11-23 20:00:00""#);
    check(&instants, CellState::Normalised, Some(Rule::SameKind { kind: Kind::Time }));
}

#[test]
fn texts_are_one_by_alias_or_whatever_their_case_and_space() {
    let text = Some(Rule::SameKind { kind: Kind::Text });
    let alias = r#"{"name": "event", "aliases": {"Purchase": "purchase", "order": "purchase"}}"#;
    check(&two(alias, r#""purchase""#, r#""Purchase""#), CellState::Normalised, text.clone());
    check(&two(alias, r#""Purchase""#, r#""order""#), CellState::Normalised, text.clone());
    assert_eq!(two(alias, r#""purchase""#, r#""PURCHASE""#).states("event")[1], CellState::Differs);
    let ignore =
        r#"{"name": "event", "ignore": ["case", "space"], "aliases": {"Order": "purchase"}}"#;
    check(&two(ignore, r#""purchase""#, r#"" PURCHASE ""#), CellState::Normalised, text.clone());
    check(&two(ignore, r#""Purchase""#, r#""ORDER""#), CellState::Normalised, text);
    assert_eq!(two(ignore, r#""purchase""#, r#""refund""#).states("event")[1], CellState::Differs);
}

#[test]
fn near_enough_is_within_tolerance_to_the_end() {
    let within = |by: &str, most: &str| Some(Rule::Within { by: by.into(), most: most.into() });
    check(&two(AMOUNT, "19.90", "19.91"), CellState::Within, within("0.01", "0.01"));
    let percent = r#"{"name": "amount", "kind": "decimal", "tolerance": {"percent": 10}}"#;
    check(&two(percent, "20", "18"), CellState::Within, within("2", "2"));
    let instants = two(AT, r#""2026-11-23T12:00:00.100Z""#, r#""2026-11-23 20:00:01""#);
    check(&instants, CellState::Within, within("900 ms", "1 s"));
    assert_eq!(instants.view().matched, 1);
}

#[test]
fn what_is_further_apart_differs() {
    let beyond = |by: &str, most: &str| {
        let want = if most == "1 s" { r#""2026-11-23T12:00:00Z""# } else { "19.90" };
        Some(Rule::Beyond { want: want.into(), by: by.into(), most: most.into() })
    };
    check(&two(AMOUNT, "19.90", "20"), CellState::Differs, beyond("0.1", "0.01"));
    let shifted = two(AT, r#""2026-11-23T12:00:00Z""#, r#""2026-11-23T20:00:00Z""#);
    check(&shifted, CellState::Differs, beyond("8 h", "1 s"));
    let text = two("event", r#""purchase""#, r#""refund""#);
    check(&text, CellState::Differs, Some(Rule::Unlike { want: r#""purchase""#.into() }));
}

#[test]
fn what_cannot_be_converted_differs_and_says_why() {
    let view = two(AMOUNT, "19.90", r#""much""#).view();
    let cell = &view.records[0].fields[0][1];
    assert_eq!(cell.state, CellState::Differs);
    let sentence = cell.rule.as_ref().unwrap().sentence(Locale::En);
    assert!(sentence.contains("much"), "{sentence}");
    // Where all have the same, none has changed it.
    check(&two(AMOUNT, r#""much""#, r#""much""#), CellState::Match, None);
}

#[test]
fn a_zone_whose_rules_are_not_known_is_not_wrong() {
    let field = r#"{"name": "at", "kind": "time", "zone": "Mars/Olympus"}"#;
    let told = two(field, r#""2026-11-23T12:00:00Z""#, r#""2026-11-23 12:00:00""#);
    assert_eq!(told.states("at")[1], CellState::Pending);
    assert_eq!(told.view().blame, None);
}

#[test]
fn what_is_not_there_is_missing_once_its_stage_has_ended_and_pending_before() {
    let of = |phase, body: &str| {
        told(&["id", "amount"])
            .system("A", r#"[{"id": 1, "amount": 2}]"#)
            .system_in("B", phase, body)
            .states("amount")[1]
    };
    let open = [StagePhase::Waiting, StagePhase::Calling, StagePhase::Holding];
    let ended = [StagePhase::Passed, StagePhase::Failed, StagePhase::TimedOut];
    for body in ["[]", r#"[{"id": 1}]"#] {
        assert!(open.iter().all(|phase| of(*phase, body) == CellState::Pending), "{body}");
        assert!(ended.iter().all(|phase| of(*phase, body) == CellState::Missing), "{body}");
        assert_eq!(of(StagePhase::Cancelled, body), CellState::NotReached);
    }
}

#[test]
fn of_a_system_that_could_not_be_read_nothing_is_said_to_be_missing() {
    let checks = r#", "checks": [{"source": {"jsonpath": "$[0].f"}, "op": "exists"}]"#;
    let told = two("f", "1", "1").system_in("C", StagePhase::Failed, "<html>").saying(checks, &[]);
    assert_eq!(told.states("f")[2], CellState::NotReached);
    let view = told.view();
    let rule = view.records[0].fields[0][2].rule.as_ref().unwrap().sentence(Locale::En);
    assert!(rule.starts_with("not JSON"), "{rule}");
    assert_eq!((view.blame, view.columns[2].count), (None, CellState::NotReached));
}

#[test]
fn null_is_null_once_its_stage_has_ended() {
    let of = |phase| two("f", "1", "1").system_in("C", phase, r#"[{"f": null}]"#).states("f")[2];
    assert_eq!(of(StagePhase::Passed), CellState::Null);
    assert_eq!(of(StagePhase::Waiting), CellState::Pending);
}

#[test]
fn null_that_was_sent_is_right() {
    assert_eq!(two("f", "null", "null").states("f"), [CellState::Match; 2]);
    // It came about on the way.
    assert_eq!(two("f", "null", "1").states("f"), [CellState::Null, CellState::Match]);
    assert!(matches!(two("f", "null", "1").view().blame, Some(Blame::Added { .. })));
}

#[test]
fn what_a_system_leaves_out_is_not_carried() {
    let told = two("f", "1", "1").system("C", r"[{}]").saying(r#", "not_carried": ["f"]"#, &["f"]);
    assert_eq!(told.states("f")[2], CellState::NotCarried);
    let unmapped = two("f", "1", "1").system("C", r"[{}]").saying("", &["f"]);
    let cell = unmapped.view().records[0].fields[0][2].clone();
    assert_eq!((cell.state, cell.rule), (CellState::NotCarried, Some(Rule::Unmapped)));
    assert_eq!(unmapped.view().matched, 1);
}

#[test]
fn what_the_run_has_not_come_to_is_not_reached() {
    let told = two("f", "1", "1").system_in("C", StagePhase::NotStarted, "");
    assert_eq!(told.states("f")[2], CellState::NotReached);
    let view = told.view();
    assert_eq!((view.matched, view.differing, view.lacking, view.blame), (0, 0, 0, None));
}

#[test]
fn the_reference_is_the_first_that_has_the_field_or_the_one_that_is_named() {
    use CellState::{Differs, Match, Missing};
    let three =
        told(&["f"]).system("A", r"[{}]").system("B", r#"[{"f": 1}]"#).system("C", r#"[{"f": 2}]"#);
    assert_eq!(three.states("f"), [Missing, Match, Differs]);
    assert_eq!(three.clone().reference("C").states("f"), [Missing, Differs, Match]);
    let named = told(&[r#"{"name": "f", "reference": "B"}"#])
        .system("A", r#"[{"f": 1}]"#)
        .system("B", r#"[{"f": 2}]"#);
    assert_eq!(named.states("f"), [Differs, Match]);
    assert_eq!(named.reference("A").states("f"), [Match, Differs]);
}

#[test]
fn what_a_system_changes_on_purpose_is_what_later_ones_are_compared_with() {
    use CellState::{Differs, Match};
    let told = two("f", "1", "1")
        .system("C", r#"[{"f": 100}]"#)
        .saying(r#", "transformed": ["f"]"#, &[])
        .system("D", r#"[{"f": 100}]"#)
        .system("E", r#"[{"f": 1}]"#);
    assert_eq!(told.states("f"), [Match, Match, Match, Match, Differs]);
    assert_eq!(told.view().records[0].fields[0][2].rule, Some(Rule::Transformed));
    // With another reference, too: it holds on its own side.
    assert_eq!(told.reference("D").states("f"), [Match, Match, Match, Match, Differs]);
}

#[test]
fn the_first_system_that_changed_a_value_is_named_with_both_values() {
    let view = two(AMOUNT, r#""19.90""#, "19.9")
        .system("C", r#"[{"amount": 20}]"#)
        .system("D", r#"[{"amount": 20}]"#)
        .view();
    let blame = view.blame.unwrap();
    assert_eq!(
        blame.sentence(Locale::En),
        "amount first differs in C system: 20, where B system has 19.9"
    );
    assert_eq!(blame.sentence(Locale::Zh), "amount 最早在 C system 不同：20，而 B system 为 19.9");
}

#[test]
fn a_record_or_a_field_that_was_lost_is_said_where_it_is_first_missing() {
    let of = |body: &str| {
        let told = two("f", "1", "1").system("C", body).system("D", "[]");
        told.view().blame.unwrap().sentence(Locale::En)
    };
    assert_eq!(of("[]"), "the record is first missing in C system; A system has it");
    assert_eq!(of("[{}]"), "f is first missing in C system; A system has it");
    assert_eq!(of(r#"[{"f": 1}]"#), "the record is first missing in D system; A system has it");
}

#[test]
fn latency_is_counted_from_the_stage_that_sends() {
    let told = told(&["f"])
        .system("A", r#"[{"f": 1}]"#)
        .saying(r#", "once": true"#, &[])
        .system("B", r#"[{"f": 1}]"#)
        .system_in("C", StagePhase::Waiting, "[]");
    let view = told.view();
    let latencies: Vec<_> = view.columns.iter().map(|column| column.latency_ms).collect();
    assert_eq!(latencies, [Some(0), Some(1500), None]);
    assert!(two("f", "1", "1").view().columns.iter().all(|column| column.latency_ms.is_none()));
}
