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

/// The record of one field in one row, as a dry run tells it.
fn cell(field: &Value, source: &Value, body: &str) -> Value {
    let input = serde_json::json!({
        "fields": [field], "variables": {"sent": "19.90"},
        "stage": {"record": {"each": "$[*]", "fields": {"f": source}}},
        "response": {"status": 200, "body": format!("[{body}]")}
    });
    judged(&input)["record"][0]["f"].clone()
}

#[test]
fn records_keep_a_field_as_it_is_and_in_the_form_of_its_kind() {
    let check = |kind: &str, raw: &str, normalised: &str| {
        let mut field = serde_json::json!({"name": "f", "kind": kind});
        if kind == "time" {
            field["zone"] = "Asia/Shanghai".into();
        }
        let source = serde_json::json!({"jsonpath": "$.v"});
        let got = cell(&field, &source, &format!("{{\"v\":{raw}}}"));
        assert_eq!(got["raw"].to_string(), raw, "{kind}");
        assert_eq!(got["normalised"].to_string(), normalised, "{kind} {raw}: {got}");
    };
    check("text", "\"a\"", "\"a\"");
    check("text", "7.50", "\"7.50\"");
    check("integer", "\"9007199254740993\"", "9007199254740993");
    check("decimal", "\"19.90\"", "19.9");
    check("boolean", "\"TRUE\"", "true");
    check("boolean", "0", "false");
    check("time", "\"2026-11-23 14:00:00\"", "\"2026-11-23T06:00:00Z\"");
    check("time", "1795435204.2", "\"2026-11-23T12:00:04.200Z\"");
    check(
        "uuid",
        "\"4F1C0B0E111142228333944455556666\"",
        "\"4f1c0b0e-1111-4222-8333-944455556666\"",
    );
    check("json", "{\"a\":[1.0]}", "{\"a\":[1.0]}");
}

#[test]
fn a_records_field_may_be_missing_null_several_or_of_another_kind() {
    let field = serde_json::json!({"name": "f", "kind": "decimal"});
    let of = |path: &str, body: &str| cell(&field, &serde_json::json!({"jsonpath": path}), body);
    assert_eq!(of("$.v", "{}"), serde_json::json!({}));
    assert_eq!(of("$.v", "{\"v\":null}"), serde_json::json!({"raw": null}));
    let several = of("$.v[*]", "{\"v\":[1,2]}");
    assert_eq!(several["trouble"], "$.v[*] matched 2, expected exactly one");
    let strange = of("$.v", "{\"v\":\"nine\"}");
    assert_eq!((&strange["raw"], strange.get("normalised")), (&"nine".into(), None));
    assert_eq!(strange["trouble"], "$.v is \"nine\", which is not a decimal");
    let long = of("$.v", &format!("{{\"v\":\"{}\"}}", "x".repeat(5000)));
    assert_eq!(long["trouble"], "$.v is longer than 4096 bytes, too long to be compared");
    let sent = cell(&field, &serde_json::json!({"variable": "sent"}), "{}");
    assert_eq!(sent["normalised"].to_string(), "19.9");
}

#[test]
fn records_are_read_whatever_the_verdict_and_at_most_a_thousand_are_kept() {
    let body =
        serde_json::json!((0..1500).map(|n| serde_json::json!({"id": n})).collect::<Vec<_>>());
    let input = serde_json::json!({
        "stage": {
            "checks": [{"source": {"jsonpath": "$[*]"}, "filter": ["count"], "op": "equals", "value": 2000}],
            "record": {"each": "$[*]", "fields": {"id": {"jsonpath": "$.id"}}}
        },
        "response": {"status": 200, "body": body}
    });
    let got = judged(&input);
    assert_eq!(got["verdict"], "pending");
    assert_eq!(got["record"].as_array().unwrap().len(), 1000);
    assert_eq!(got["record"][999]["id"]["raw"], 999);
}

#[test]
fn a_stage_of_the_documentation_is_judged_as_it_stands() {
    let input = serde_json::json!({
        "stage": {"name": "Warehouse", "system": "warehouse",
            "request": {"method": "GET", "url": "{{warehouse}}/rows", "query": {"event_id": "{{order_id}}"}},
            "stop": [{"source": {"jsonpath": "$.error"}, "op": "exists"}],
            "checks": [
                {"source": {"jsonpath": "$.rows[*]"}, "filter": ["count"], "op": "equals", "value": 1},
                {"source": {"jsonpath": "$.rows[*].amount"}, "filter": ["decimal"], "op": "equals", "value": "{{amount}}", "else": "fail", "confirm": 1}],
            "captures": {"warehouse_ts": {"jsonpath": "$.rows[0].ts"}},
            "record": {"each": "$.rows[*]", "fields": {"event_id": {"jsonpath": "$.event_id"}, "amount": {"jsonpath": "$.amount"}}},
            "poll": {"interval": "60s", "timeout": "2h", "initial_delay": "30s", "hold": "60s"}},
        "response": {"status": 200, "headers": {}, "latency_ms": 12,
            "body": r#"{"rows":[{"event_id":"4f1c","amount":19.9,"ts":"2026-11-23 14:00:00"}]}"#},
        "variables": {"amount": "19.90"}
    });
    let got = judged(&input);
    assert_eq!(
        (&got["verdict"], &got["readings"][1]["selected"][0].to_string()),
        (&"pass".into(), &"19.9".to_owned())
    );
    assert_eq!(got["captures"]["warehouse_ts"], "2026-11-23 14:00:00");
    assert_eq!(got["record"][0]["event_id"]["raw"], "4f1c");
}
