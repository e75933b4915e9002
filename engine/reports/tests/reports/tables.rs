//! Attempts and fields as CSV.

use baton_reports::report;
use serde_json::Value;

use crate::told::{attempt, failed, made, recording, recordings, stage};

#[test]
fn each_attempt_is_a_line() {
    let report = made("csv", &failed(), "en");
    assert_eq!(
        (report.name().as_str(), report.mime().as_str()),
        ("purchase-run-18.attempts.csv", "text/csv")
    );
    let text = report.text();
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(
        lines[0],
        "chain,run,stage,system,attempt,status,scheduled_at,begun_at,ended_at,late_ms,latency_ms,transport,method,\
         url,http_status,redirected_to,reason,checks_not_passed"
    );
    assert_eq!(
        lines[3],
        "Purchase,18,Table,Table system,2,fail,2026-11-24T02:00:01Z,2026-11-24T02:00:01.007Z,2026-11-24T02:00:02Z,7,84,\
         direct,GET,https://api.example.test/rows?id=7,200,,\"$.amount is 20, expected \"\"19.90\"\"\",checks[0]"
    );
    assert_eq!(lines.len(), 4);
}

#[test]
fn a_formula_is_made_a_text() {
    let mut odd = attempt(0, 1, "pass");
    odd["redirected_to"] = "=HYPERLINK(\"http://x\")".into();
    let named = recording("-2+3", "passed", &[stage("@SUM(A1)", "passed")], &[odd]);
    let text = made("csv", &named, "en").text();
    let line = text.split("\r\n").nth(1).unwrap();
    assert!(
        line.starts_with("'-2+3,18,'@SUM(A1),@SUM(A1)")
            || line.starts_with("'-2+3,18,'@SUM(A1),'@SUM(A1)"),
        "{line}"
    );
    assert!(line.contains(",\"'=HYPERLINK(\"\"http://x\"\")\","), "{line}");
}

#[test]
fn fields_are_a_line_a_cell() {
    for (name, text) in recordings() {
        let told: Value = serde_json::from_str(&text).unwrap();
        let matrix = &told["matrix"];
        let many = |key: &str| matrix[key].as_array().unwrap().len();
        let report = report("matrix", &text, "en").unwrap();
        assert!(report.name().ends_with(".matrix.csv"), "{name}");
        let lines = report.text().matches("\r\n").count();
        assert_eq!(lines, 1 + many("records") * many("fields") * many("columns"), "{name}");
    }
}

#[test]
fn a_run_without_fields_has_no_such_report() {
    let check = |locale, want: &str| {
        let refused = report("matrix", &failed().to_string(), locale).unwrap_err();
        assert!(refused.starts_with(want), "{refused}");
    };
    check("en", "this run has no matrix; name \"fields\"");
    check("zh", "该运行没有字段矩阵");
}
