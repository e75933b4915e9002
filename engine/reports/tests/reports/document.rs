//! The JSON report.

use baton_reports::report;
use serde_json::{Value, json};

use crate::told::{at, attempt, failed, made, recording, recordings, stage};

fn read(recording: &Value) -> Value {
    serde_json::from_str(&made("json", recording, "en").text()).unwrap()
}

#[test]
fn it_has_chain_run_stages_and_attempts() {
    let mut told = failed();
    let request = json!({"method": "GET", "url": "https://api.example.test/rows", "headers": [["accept", "*/*"]],
        "body": null, "with_credentials": false});
    let answer = json!({"response": {"status": 200, "headers": [], "body": {"text": "{\"amount\": 20}"},
        "redirected_to": null, "hidden": "unexposed"}});
    let evidence = json!({"request": request, "answer": answer, "cut": false});
    told["evidence"] = json!([{"stage": 1, "attempt": 2, "evidence": evidence}]);
    let made = read(&told);
    assert_eq!(made["baton_report"], 1);
    assert_eq!(made["chain"], json!({"id": "purchase", "name": "Purchase", "revision": 3}));
    assert_eq!(
        made["run"],
        json!({
            "id": "run-18", "number": 18, "status": "failed", "environment": "staging",
            "started_at": "2026-11-24T02:00:00Z", "ended_at": "2026-11-24T02:00:10Z", "took_ms": 10000,
            "variables": [{"name": "amount", "value": "\"19.90\""}, {"name": "id", "value": "9007199254740993"}],
        })
    );
    let table = &made["stages"][1];
    assert_eq!((&table["status"], &table["took_ms"]), (&json!("failed"), &json!(2000)));
    assert_eq!(
        table["reason"],
        json!({
            "code": "differs", "args": {"what": "$.amount", "got": "20", "want": "\"19.90\""},
            "en": "$.amount is 20, expected \"19.90\"", "zh": table["reason"]["zh"],
        })
    );
    assert!(table["reason"]["zh"].as_str().unwrap().contains("$.amount"));
    let [first, second] = &table["attempts"].as_array().unwrap()[..] else { panic!("{table}") };
    assert_eq!((&first["status"], &second["status"]), (&json!("pending"), &json!("fail")));
    assert_eq!(second["readings"][0]["selected"], json!(["20"]));
    assert_eq!(second["readings"][0]["expected"], "\"19.90\"");
    assert_eq!(second["readings"][0]["reason"]["code"], "differs");
    assert_eq!((&first["evidence"], &second["evidence"]), (&Value::Null, &evidence));
    assert_eq!(made["stages"][2]["status"], "not_started");
    assert_eq!(made.get("matrix"), None);
}

#[test]
fn a_code_without_arguments_has_none() {
    let mut lost = attempt(0, 1, "pass");
    lost["reason"] = "attempt_lost".into();
    let made = read(&recording("P", "passed", &[stage("A", "passed")], &[lost]));
    let reason = &made["stages"][0]["attempts"][0]["reason"];
    assert_eq!((&reason["code"], reason.get("args")), (&json!("attempt_lost"), None));
}

#[test]
fn marks_are_said_only_when_they_are_there() {
    let mut marked = stage("A", "passed");
    marked["late"] = true.into();
    marked["again"] = 0.into();
    marked["captures"] = json!([["ts", "19.90"]]);
    // It was paused for five seconds.
    marked["ended_at"] = at(20).into();
    marked["deadline"] = at(66).into();
    let made = read(&recording("P", "passed", &[marked, stage("B", "passed")], &[]));
    let [first, second] = [&made["stages"][0], &made["stages"][1]];
    assert_eq!((&first["late"], &first["verifies_again"]), (&json!(true), &json!(true)));
    assert_eq!((second.get("late"), second.get("verifies_again")), (None, None));
    assert_eq!(first["captures"], json!([{"name": "ts", "value": "19.90"}]));
    assert_eq!(first["took_ms"], 14_000);
}

#[test]
fn real_runs_lose_nothing() {
    for (name, text) in recordings() {
        let told: Value = serde_json::from_str(&text).unwrap();
        let made: Value =
            serde_json::from_str(&report("json", &text, "en").unwrap().text()).unwrap();
        let stages = made["stages"].as_array().unwrap();
        let attempts: usize =
            stages.iter().map(|stage| stage["attempts"].as_array().unwrap().len()).sum();
        assert_eq!(attempts, told["attempts"].as_array().unwrap().len(), "{name}");
        assert_eq!(made["matrix"]["records"], told["matrix"]["records"], "{name}");
        assert!(!made["matrix"]["said"]["zh"].as_str().unwrap().is_empty(), "{name}");
        for (stage, seen) in stages.iter().zip(told["run"]["stages"].as_array().unwrap()) {
            assert_eq!((&stage["name"], &stage["status"]), (&seen["name"], &seen["phase"]));
        }
    }
}
