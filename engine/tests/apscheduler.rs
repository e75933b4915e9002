//! Our triggers beside those of APScheduler: every case of `tests/fixtures/apscheduler` is asked here,
//! and answered there. `generate.py` in that folder tells how the cases are made, and names the known
//! departures: where our contract is another on purpose.

#![cfg(feature = "bundled-tz")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: a panic is how a test fails"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use baton_engine::trigger;
use baton_engine::zone::bundled;
use serde_json::Value;

const CASES: &str = include_str!("../../tests/fixtures/apscheduler/cases.jsonl");
const ERRORS: &str = include_str!("../../tests/fixtures/apscheduler/errors.jsonl");
/// Tells where a case lies; it does not excuse a disagreement.
const NEAR_DST: &str = "near_dst";
/// So many disagreements are shown in full; the others are counted.
const SHOWN: usize = 10;

#[test]
fn plain_cases_agree_with_apscheduler() {
    let mut disagreements = Disagreements::default();
    for case in cases(CASES).filter(|case| known_departures(case).is_empty()) {
        disagreements.compare(&case["input"], &case["expected"]);
    }
    disagreements.assert_none();
}

#[test]
fn departures_are_the_known_ones_and_as_our_contract_says() {
    let mut disagreements = Disagreements::default();
    let mut departed: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(CASES).filter(|case| !known_departures(case).is_empty()) {
        let answer = disagreements.compare(&case["input"], &case["contract"]);
        if answer != case["expected"] {
            for id in known_departures(&case) {
                *departed.entry(id).or_default() += 1;
            }
        }
    }
    println!("answered otherwise than APScheduler, on purpose: {departed:#?}");
    disagreements.assert_none();
}

#[test]
fn what_is_wrong_is_refused_by_the_name_of_its_field() {
    let mut disagreements = Disagreements::default();
    for case in cases(ERRORS) {
        let field = case["field"].as_str().unwrap();
        let answer = ask(&case["input"]);
        let is_named = answer["error"].as_str().is_some_and(|sentence| sentence.contains(field));
        disagreements.note(is_named, &case["input"], &answer, &case["field"]);
    }
    disagreements.assert_none();
}

/// Asks our engine one question, as `examples/next_fires.rs` does.
fn ask(input: &Value) -> Value {
    let answer = trigger::fires_line(&input.to_string(), &bundled::zone);
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

fn cases(lines: &'static str) -> impl Iterator<Item = Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap())
}

/// The ids of `KNOWN_WRONG` that a case is marked with.
fn known_departures(case: &Value) -> Vec<String> {
    let tags = case["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap());
    tags.filter(|tag| *tag != NEAR_DST).map(str::to_owned).collect()
}

/// The answers that are not what was wanted.
#[derive(Default)]
struct Disagreements {
    asked: usize,
    seen: usize,
    shown: String,
}

impl Disagreements {
    /// Asks our engine, and hands on what it answered.
    fn compare(&mut self, input: &Value, want: &Value) -> Value {
        let answer = ask(input);
        self.note(&answer == want, input, &answer, want);
        answer
    }

    fn note(&mut self, is_right: bool, input: &Value, answer: &Value, want: &Value) {
        self.asked += 1;
        if is_right {
            return;
        }
        self.seen += 1;
        if self.seen <= SHOWN {
            write!(self.shown, "\n asked {input}\n  want {want}\n   got {answer}\n").unwrap();
        }
    }

    fn assert_none(&self) {
        assert!(self.asked > 0, "no cases were read");
        assert_eq!(self.seen, 0, "of {} cases; the first are: {}", self.asked, self.shown);
    }
}
