//! Answers and what they come to, written from the contract of verdicts: every row of
//! `tests/fixtures/readings/readings.jsonl` is judged by the dry run, as the example `evaluate` does it.

#![cfg(feature = "bundled-tz")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: a panic is how a test fails"
)]

use std::collections::BTreeMap;

use baton_engine::time::Timestamp;
use baton_engine::verify::dry_run;
use baton_engine::zone::bundled;
use serde_json::Value;

const READINGS: &str = include_str!("../../tests/fixtures/readings/readings.jsonl");
/// Noon, 24 November 2026.
const NOW: Timestamp = Timestamp::from_ms(1_795_521_600_000);

fn rows() -> Vec<Value> {
    READINGS.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn judged(input: &Value) -> Value {
    serde_json::from_str(&dry_run(&input.to_string(), NOW, &bundled::zone)).unwrap()
}

/// What is wrong with a row's answer, if anything is.
fn disagreement(row: &Value) -> Option<String> {
    let got = judged(&row["input"]);
    let (kind, want, word) = match row.get("error") {
        Some(word) => ("error", &Value::Null, word),
        None => ("reason", &row["verdict"], &row["word"]),
    };
    let has_word = got[kind].as_str().is_some_and(|text| text.contains(word.as_str().unwrap()));
    let captures = row.get("captures").is_none_or(|captures| {
        captures.as_object().unwrap().iter().all(|(name, want)| {
            let found = got["captures"][name].to_string();
            want.as_str() == Some(found.as_str())
        })
    });
    let fits = got.get("verdict").unwrap_or(&Value::Null) == want && has_word && captures;
    (!fits).then(|| format!("{}: want {want} with {word}, got {got}", row["name"]))
}

#[test]
fn every_reading_comes_to_what_the_contract_says() {
    let rows = rows();
    assert!(rows.len() >= 200, "{}", rows.len());
    let wrong: Vec<String> = rows.iter().filter_map(disagreement).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn every_rule_about_one_attempt_has_readings() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows() {
        *seen.entry(row["rule"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    for rule in ["table", "1", "2", "3", "4", "5", "6", "7", "8", "13", "spelling", "captures"] {
        assert!(seen.get(rule).is_some_and(|rows| *rows >= 4), "{rule}: {seen:?}");
    }
}

#[test]
fn every_reason_is_said_in_chinese_too() {
    for row in rows().iter().filter(|row| row.get("error").is_none()) {
        let mut input = row["input"].clone();
        input["locale"] = "zh".into();
        let reason = judged(&input)["reason"].as_str().unwrap().to_owned();
        assert!(!reason.is_ascii(), "{}: {reason}", row["name"]);
    }
}
