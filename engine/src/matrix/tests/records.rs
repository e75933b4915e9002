//! Several records: keys and rows, what is missing where, and which come first.

use super::{CellState, told};
use crate::locale::Locale;
use crate::matrix::{MatrixView, Rule};
use crate::protocol::StagePhase;

const KEY: &str = r#"{"key": "id"}"#;

fn keys(view: &MatrixView) -> Vec<String> {
    view.records.iter().map(|record| record.key.clone()).collect()
}

#[test]
fn one_row_a_key_mismatches_first_with_a_summary() {
    let told = told(&["id", "n"])
        .key(KEY)
        .system("A", r#"[{"id":"a","n":1},{"id":"b","n":2},{"id":"c","n":3},{"id":"d","n":4}]"#)
        .system("B", r#"[{"id":"d","n":5},{"id":"a","n":1},{"id":"b","n":2}]"#)
        .system_in("C", StagePhase::Waiting, r#"[{"id":"a","n":1}]"#);
    let view = told.view();
    assert_eq!(keys(&view), ["d", "c", "b", "a"]);
    assert_eq!((view.seen, view.matched, view.differing, view.lacking), (4, 1, 1, 1));
    assert_eq!(view.summary(Locale::En), "matched 1, differ 1, not yet 1, missing B system 1");
    assert_eq!(view.summary(Locale::Zh), "一致 1，不同 1，未到 1，缺失 B system 1");
    let missing: Vec<u32> = view.columns.iter().map(|column| column.missing).collect();
    assert_eq!(missing, [0, 1, 3]);
    let blame = view.blame.unwrap().sentence(Locale::En);
    assert_eq!(blame, "n of d first differs in B system: 5, where A system has 4");
}

#[test]
fn keys_and_rows_are_counted_apart() {
    let told = told(&["id", "n"])
        .key(r#"{"key": "id", "expected_count": 3}"#)
        .system("A", r#"[{"id":1,"n":1},{"id":2,"n":1},{"id":3,"n":1}]"#)
        .system("B", r#"[{"id":1,"n":1},{"id":2,"n":1},{"id":3,"n":1},{"id":2,"n":7}]"#);
    let view = told.view();
    let column = &view.columns[1];
    assert_eq!((column.keys, column.rows, column.duplicates), (3, 4, 1));
    assert_eq!(column.count, CellState::Differs);
    assert_eq!(column.count_words(view.expected, Locale::En), "3 keys in 4 rows: 1 duplicate");
    assert_eq!(column.count_words(view.expected, Locale::Zh), "4 行中有 3 个键，1 个重复");
    assert_eq!(view.columns[0].count_words(view.expected, Locale::En), "3 of 3");
    // Of the rows with one key, the one that is wrong is shown.
    assert_eq!((keys(&view)[0].as_str(), &view.records[0].rows), ("2", &vec![1, 2]));
    assert_eq!(view.records[0].fields[1][1].raw.as_deref(), Some("7"));
}

#[test]
fn a_duplicate_that_is_like_its_original_is_one_all_the_same() {
    let told =
        told(&["id"]).key(KEY).system("A", r#"[{"id":1}]"#).system("B", r#"[{"id":1},{"id":1}]"#);
    let view = told.view();
    assert_eq!((view.matched, view.differing), (0, 1));
    let blame = view.blame.unwrap();
    assert_eq!(blame.sentence(Locale::En), "B system first has 1 key in 2 rows: 1 duplicate");
    assert_eq!(blame.sentence(Locale::Zh), "B system 最早出现重复：2 行中有 1 个键，1 个重复");
}

#[test]
fn a_system_whose_own_rows_disagree_repeats_and_no_other_is_named() {
    let told = told(&["id", "n"]).key(KEY).system("A", r#"[{"id":1,"n":1},{"id":1,"n":2}]"#);
    let blame = told.view().blame.unwrap().sentence(Locale::En);
    assert_eq!(blame, "A system first has 1 key in 2 rows: 1 duplicate");
}

#[test]
fn counts_are_pending_below_what_is_expected_and_wrong_above() {
    let count = |phase, body: &str| {
        let told = told(&["id"]).key(r#"{"key": "id", "expected_count": 2}"#);
        told.system_in("A", phase, body).view().columns[0].count
    };
    assert_eq!(count(StagePhase::Waiting, r#"[{"id":1}]"#), CellState::Pending);
    assert_eq!(count(StagePhase::TimedOut, r#"[{"id":1}]"#), CellState::Missing);
    assert_eq!(count(StagePhase::Waiting, r#"[{"id":1},{"id":2}]"#), CellState::Match);
    assert_eq!(count(StagePhase::Waiting, r#"[{"id":1},{"id":2},{"id":3}]"#), CellState::Differs);
    assert_eq!(count(StagePhase::NotStarted, ""), CellState::NotReached);
}

#[test]
fn without_a_count_as_many_are_expected_as_the_first_system_has() {
    let told =
        told(&["id"]).key(KEY).system("A", r#"[{"id":1},{"id":2}]"#).system("B", r#"[{"id":1}]"#);
    let view = told.view();
    assert_eq!((view.expected, view.columns[1].count), (Some(2), CellState::Missing));
}

#[test]
fn a_key_may_be_several_fields() {
    let told = told(&["id", "line", "n"])
        .key(r#"{"key": ["id", "line"]}"#)
        .system("A", r#"[{"id":"a","line":1,"n":1},{"id":"a","line":2,"n":2}]"#)
        .system("B", r#"[{"id":"a","line":2,"n":2},{"id":"a","line":1,"n":9}]"#);
    let view = told.view();
    assert_eq!(keys(&view), ["a, 1", "a, 2"]);
    assert_eq!((view.matched, view.differing, view.columns[1].duplicates), (1, 1, 0));
}

#[test]
fn keys_meet_in_the_form_of_their_kind() {
    let told = told(&[r#"{"name":"id","kind":"integer"}"#, "n"])
        .key(KEY)
        .system("A", r#"[{"id":7,"n":1}]"#)
        .system("B", r#"[{"id":"7","n":1}]"#);
    let view = told.view();
    assert_eq!((view.seen, view.records[0].fields[0][1].state), (1, CellState::Normalised));
}

#[test]
fn rows_without_a_key_are_of_the_only_record_or_counted() {
    let one = told(&["id", "n"]).key(KEY).system("A", r#"[{"id":1,"n":1}]"#);
    let view = one.system("B", r#"[{"n":1}]"#).view();
    assert_eq!((view.seen, view.columns[1].unkeyed), (1, 0));
    assert_eq!(view.records[0].fields[0][1].state, CellState::Missing);
    assert_eq!(view.records[0].fields[1][1].state, CellState::Match);
    let two = told(&["id", "n"]).key(KEY).system("A", r#"[{"id":1,"n":1},{"id":2,"n":1}]"#);
    let view = two.system("B", r#"[{"n":1},{"id":1,"n":1}]"#).view();
    let words = view.columns[1].count_words(view.expected, Locale::En);
    assert_eq!(words, "1 of 2, 1 without a key");
}

#[test]
fn without_a_subject_records_meet_by_their_place() {
    let told = told(&["n"]).system("A", r#"[{"n":1},{"n":2}]"#).system("B", r#"[{"n":1},{"n":3}]"#);
    let view = told.view();
    assert_eq!((view.seen, view.matched, view.differing, view.columns[1].duplicates), (2, 1, 1, 0));
    assert!(view.blame.unwrap().sentence(Locale::En).starts_with("n of #2 first differs"));
}

#[test]
fn a_record_of_one_system_only_is_missing_in_the_others() {
    let told =
        told(&["id"]).key(KEY).system("A", r#"[{"id":1}]"#).system("B", r#"[{"id":1},{"id":2}]"#);
    let view = told.view();
    let extra = &view.records[0];
    assert_eq!((extra.state, &extra.rows), (CellState::Missing, &vec![0, 1]));
    assert_eq!(extra.fields[0][0].rule, Some(Rule::NoRecord));
    let blame = view.blame.unwrap().sentence(Locale::En);
    assert_eq!(blame, "record 2 first appears in B system; A system lacks it");
}

#[test]
fn a_chain_without_fields_has_an_empty_matrix() {
    let view = told(&[]).system("A", "[]").view();
    assert_eq!((view.fields.len(), view.blame), (0, None));
}

#[test]
fn what_no_system_has_is_missing_in_the_first() {
    let view = told(&["id"]).key(KEY).system("A", "[]").system("B", "[]").view();
    let blame = view.blame.unwrap().sentence(Locale::En);
    assert_eq!(blame, "the record is missing in A system; no system has it");
}

#[test]
fn a_thousand_records_of_fifty_fields_in_fifty_systems_are_counted_and_some_of_them_shown() {
    let names: Vec<String> = (0..50).map(|n| format!("f{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let row = |id: usize, last: &str| {
        let fields = names.iter().enumerate().map(|(n, name)| {
            let value = match n {
                0 => id.to_string(),
                49 => last.to_owned(),
                n => n.to_string(),
            };
            format!(r#""{name}":{value}"#)
        });
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    };
    let body = |wrong: usize| {
        let rows = (0..1000).map(|id| row(id, if id == wrong { "0" } else { "49" }));
        format!("[{}]", rows.collect::<Vec<_>>().join(","))
    };
    let mut told = told(&names).key(r#"{"key": "f0"}"#);
    for system in 0..50 {
        told = told.system(&format!("S{system}"), &body(if system == 30 { 777 } else { 1000 }));
    }
    let view = told.view();
    assert_eq!((view.seen, view.matched, view.differing), (1000, 999, 1));
    assert_eq!(keys(&view), ["777", "0", "1", "2", "3", "4", "5", "6"]);
    let blame = view.blame.unwrap().sentence(Locale::En);
    assert_eq!(blame, "f49 of 777 first differs in S30 system: 0, where S29 system has 49");
}
