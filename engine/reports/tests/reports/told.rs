//! Recordings, told as few words as a test needs, and reports of them.

use std::fs;
use std::path::PathBuf;

use baton_reports::{Report, report};
use serde_json::{Value, json};

/// 2026-11-24T02:00:00Z.
pub(crate) const START: i64 = 1_795_485_600_000;

pub(crate) fn at(seconds: i64) -> i64 {
    START + seconds * 1000
}

/// The recordings that lie beside the schema: of real runs.
pub(crate) fn recordings() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/reports");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let recordings = files.filter(|path| path.to_string_lossy().ends_with(".recording.json"));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.file_name().unwrap().to_string_lossy().into_owned(), text)
    };
    let all: Vec<_> = recordings.map(read).collect();
    assert!(!all.is_empty());
    all
}

/// A stage that took two seconds, if it has begun.
pub(crate) fn stage(name: &str, phase: &str) -> Value {
    let begun = phase != "not_started";
    let ended = begun && !["waiting", "calling", "holding"].contains(&phase);
    json!({
        "name": name, "system": format!("{name} system"), "phase": phase, "once": false,
        "attempts": u32::from(begun), "begun_at": begun.then(|| at(1)), "ended_at": ended.then(|| at(3)),
        "deadline": begun.then(|| at(61)), "interval_ms": 5000, "timeout_ms": 60_000,
        "late": false, "flapping": false, "unconfirmed": false, "captures": [],
    })
}

/// An attempt that was judged so, because `$.amount` differs.
pub(crate) fn attempt(stage: u32, number: u32, verdict: &str) -> Value {
    let reason = differs("20", "\"19.90\"");
    json!({
        "run": "run-18", "stage": stage, "number": number, "phase": {"judged": verdict},
        "scheduled_at": at(1), "begun_at": at(1) + 7, "ended_at": at(2), "latency_ms": 84,
        "transport": "direct", "method": "GET", "url": "https://api.example.test/rows?id=7",
        "status": 200, "reason": reason,
        "readings": [{
            "place": "checks[0]", "rule": "$.amount decimal equals", "expected": "\"19.90\"",
            "selected": ["20"], "locations": ["$['amount']"], "verdict": verdict, "reason": reason,
        }],
    })
}

pub(crate) fn differs(got: &str, want: &str) -> Value {
    json!({"differs": {"what": "$.amount", "got": got, "want": want}})
}

pub(crate) fn recording(name: &str, phase: &str, stages: &[Value], attempts: &[Value]) -> Value {
    let ended = !["running", "paused", "blocked"].contains(&phase);
    json!({
        "run": {
            "id": "run-18", "chain": "purchase", "name": name, "revision": 3, "number": 18,
            "environment": "staging", "phase": phase, "started_at": START,
            "ended_at": ended.then(|| at(10)),
            "variables": [["amount", "\"19.90\""], ["id", "9007199254740993"]], "stages": stages,
        },
        "attempts": attempts,
        "evidence": [],
    })
}

/// One of each: passed, failed with what it saw, not started.
pub(crate) fn failed() -> Value {
    let mut bad = stage("Table", "failed");
    bad["reason"] = differs("20", "\"19.90\"");
    let stages = [stage("Send", "passed"), bad, stage("Report", "not_started")];
    let attempts = [attempt(0, 1, "pass"), attempt(1, 1, "pending"), attempt(1, 2, "fail")];
    recording("Purchase", "failed", &stages, &attempts)
}

pub(crate) fn made(format: &str, recording: &Value, locale: &str) -> Report {
    report(format, &recording.to_string(), locale).unwrap()
}
