//! JUnit, read back by a reader that others use. That it keeps to the schema is checked in `tests/e2e`.

use std::time::Duration;

use baton_reports::report;
use quick_junit::{Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};

use crate::told::{START, attempt, failed, made, recording, recordings, stage};

/// A report's only suite.
pub(crate) fn read(xml: &str) -> TestSuite {
    let report = Report::deserialize_from_str(xml);
    let mut report = report.unwrap_or_else(|error| panic!("{error}\n{xml}"));
    assert_eq!(report.test_suites.len(), 1, "one suite a run");
    report.test_suites.remove(0)
}

fn cases(recording: &Value, locale: &str) -> Vec<TestCase> {
    read(&made("junit", recording, locale).text()).test_cases
}

/// A case's outcome: `failure`, `skipped` or nothing; its type, message and text.
pub(crate) fn outcome(case: &TestCase) -> [String; 4] {
    let text = |text: &Option<quick_junit::XmlString>| {
        text.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default()
    };
    match &case.status {
        TestCaseStatus::Success { .. } => Default::default(),
        TestCaseStatus::NonSuccess { ty, message, description, .. } => {
            ["failure".into(), text(ty), text(message), text(description)]
        }
        TestCaseStatus::Skipped { ty, message, description } => {
            ["skipped".into(), text(ty), text(message), text(description)]
        }
    }
}

#[test]
fn a_failed_run_reads_as_people_see_it() {
    let report = made("junit", &failed(), "en");
    assert_eq!(report.name(), "purchase-run-18.junit.xml");
    assert_eq!(report.mime(), "application/xml");
    assert_eq!(report.text(), include_str!("failed.junit.xml"));
}

#[test]
fn a_reader_finds_suite_cases_and_counts() {
    let whole = Report::deserialize_from_str(&made("junit", &failed(), "en").text()).unwrap();
    assert_eq!(whole.name.as_deref(), Some("Purchase"));
    assert_eq!((whole.tests, whole.failures, whole.errors), (3, 1, 0));
    let suite = &whole.test_suites[0];
    assert_eq!(suite.name.as_str(), "Purchase #18");
    assert_eq!((suite.tests, suite.failures, suite.skipped, suite.errors), (3, 1, 1, 0));
    assert_eq!(suite.time, Some(Duration::from_secs(10)));
    assert_eq!(suite.timestamp.map(|at| at.timestamp_millis()), Some(START));
    let properties = suite.properties.iter();
    let properties: Vec<_> =
        properties.map(|one| (one.name.as_str(), one.value.as_str())).collect();
    assert_eq!(
        properties,
        [
            ("run", "run-18"),
            ("chain", "purchase"),
            ("revision", "3"),
            ("environment", "staging"),
            ("system.Send", "Send system"),
            ("system.Table", "Table system"),
            ("system.Report", "Report system"),
        ]
    );
    let [send, table, report] = &suite.test_cases[..] else { panic!("a case a stage") };
    assert_eq!(send.time, Some(Duration::from_secs(2)));
    assert_eq!(outcome(send), [""; 4]);
    assert_eq!(table.classname.as_deref(), Some("Purchase"));
    let said = "$.amount is 20, expected \"19.90\"";
    let saw = format!(
        "{said}\nfail checks[0]: $.amount decimal equals: {said} (expected \"19.90\", found 20)"
    );
    assert_eq!(outcome(table), ["failure", "failed", said, &saw]);
    assert_eq!(outcome(report), ["skipped", "not_started", "not started: \"Table\" failed", ""]);
}

#[test]
fn sentences_are_in_the_language_that_is_asked_for() {
    let cases = cases(&failed(), "zh-CN");
    let [.., saw] = outcome(&cases[1]);
    assert!(saw.ends_with("(预期 \"19.90\"，实际 20)"), "{saw}");
    assert_eq!(outcome(&cases[2])[2], "未开始：“Table”失败");
}

#[test]
fn every_phase_has_its_outcome() {
    let check = |phase: &str, run: &str, want: &str, message: &str| {
        let case = cases(&recording("P", run, &[stage("A", phase)], &[]), "en").remove(0);
        let [_, kind, said, _] = outcome(&case);
        assert_eq!((kind.as_str(), said.as_str()), (want, message), "{phase}");
    };
    check("passed", "passed", "", "");
    check("failed", "failed", "failed", "failed");
    check("timed_out", "timed_out", "timed_out", "timed out");
    check("not_started", "cancelled", "not_started", "not started");
    check("cancelled", "cancelled", "cancelled", "cancelled by a user");
    check("waiting", "running", "open", "not ended when this was written: not yet there");
    check("calling", "running", "open", "not ended when this was written: being asked");
    check("holding", "paused", "open", "not ended when this was written: holding");
}

#[test]
fn attempts_and_marks_stand_in_the_output() {
    let mut marked = stage("A", "passed");
    for mark in ["late", "flapping", "unconfirmed"] {
        marked[mark] = true.into();
    }
    marked["seeded_from"] = "run-7".into();
    let mut lost = attempt(0, 2, "pass");
    lost["phase"] = "lost".into();
    lost["reason"] = "attempt_lost".into();
    for key in ["status", "latency_ms", "ended_at"] {
        lost.as_object_mut().unwrap().remove(key);
    }
    let told = recording("P", "passed", &[marked], &[attempt(0, 1, "pending"), lost]);
    assert_eq!(
        cases(&told, "en")[0].system_out.as_deref().unwrap(),
        "late: passed after its time limit\n\
         flapping: it passed, and then did not, while it had to last\n\
         unconfirmed: taken as sent; its answer is not known\n\
         taken over from run run-7, where it was verified\n\
         #1 2026-11-24T02:00:01.007Z GET https://api.example.test/rows?id=7: 200, 84 ms, pending: \
         $.amount is 20, expected \"19.90\"\n\
         #2 2026-11-24T02:00:01.007Z GET https://api.example.test/rows?id=7: lost: \
         its answer was lost when the page was closed"
    );
}

#[test]
fn of_many_attempts_the_last_are_shown() {
    let attempts: Vec<Value> = (1..=150).map(|number| attempt(0, number, "pending")).collect();
    let told = recording("P", "running", &[stage("A", "waiting")], &attempts);
    let out = cases(&told, "en").remove(0).system_out.unwrap();
    assert!(out.starts_with("50 earlier attempts are left out here\n#51 "), "{out:?}");
    assert!(out.lines().last().unwrap().starts_with("#150 "));
}

#[test]
fn a_timed_out_stage_says_what_was_last_seen() {
    let mut late = stage("A", "timed_out");
    let last = json!({"count_below": {"what": "$.rows", "seen": 1, "want": 2}});
    late["reason"] = json!({"deadline_passed": {"timeout_ms": 60000, "last": last}});
    let case = cases(&recording("P", "timed_out", &[late], &[]), "en").remove(0);
    let said = "not there within 1 m: 1 of 2 at $.rows";
    assert_eq!(outcome(&case), ["failure", "timed_out", said, said]);
}

#[test]
fn real_runs_are_read_back() {
    for (name, text) in recordings() {
        let recording: Value = serde_json::from_str(&text).unwrap();
        let stages = recording["run"]["stages"].as_array().unwrap();
        for locale in ["en", "zh"] {
            let suite = read(&report("junit", &text, locale).unwrap().text());
            let names: Vec<&str> = suite.test_cases.iter().map(|case| case.name.as_str()).collect();
            let want: Vec<&str> =
                stages.iter().map(|stage| stage["name"].as_str().unwrap()).collect();
            assert_eq!(names, want, "{name}");
        }
    }
}
