//! Texts that mean something else in XML, CSV or a file's name, recordings that are none, and large ones.

use baton_reports::report;
use proptest::prelude::*;
use quick_junit::XmlString;
use serde_json::{Value, json};

use crate::junit::{outcome, read};
use crate::told::{attempt, differs, failed, made, recording, stage};

/// What the reader gives back of a text: without what XML can't have, and what the reader itself takes out.
fn readable(text: &str) -> XmlString {
    let kept = |character: char| match character {
        '\t' | '\n' | '\r' => character,
        '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        _ => character,
    };
    XmlString::new(text.chars().map(kept).collect::<String>())
}

/// A run that has a text wherever one can be.
fn everywhere(text: &str) -> Value {
    let mut bad = stage(text, "failed");
    bad["system"] = text.into();
    bad["reason"] = differs(text, text);
    let mut tried = attempt(0, 1, "fail");
    tried["url"] = text.into();
    tried["reason"] = differs(text, text);
    tried["readings"][0]["selected"] = json!([text, text]);
    let mut told = recording(text, "failed", &[bad, stage("Next", "not_started")], &[tried]);
    told["run"]["environment"] = text.into();
    told
}

fn check(text: &str) {
    let told = everywhere(text);
    for locale in ["en", "zh"] {
        let xml = made("junit", &told, locale).text();
        let (suite, want) = (read(&xml), readable(text));
        assert_eq!(suite.name, XmlString::new(format!("{} #18", want.as_str())));
        let case = &suite.test_cases[0];
        assert_eq!((&case.name, case.classname.as_ref()), (&want, Some(&want)));
        let environment = suite.properties.iter().find(|one| one.name.as_str() == "environment");
        assert_eq!(environment.map(|one| &one.value), Some(&want));
        let [_, _, message, saw] = outcome(case);
        assert!(message.contains(want.as_str()), "{message:?} {want:?}");
        // Lines end in one way between tags, where an attribute keeps them.
        let [saw, message] = [saw, message].map(|text| text.replace('\n', ""));
        assert!(saw.starts_with(&message), "{saw:?} {message:?}");
        assert_eq!(suite.test_cases.len(), 2);
    }
    let document: Value = serde_json::from_str(&made("json", &told, "en").text()).unwrap();
    assert_eq!(document["stages"][0]["name"], text);
    assert_eq!(document["stages"][0]["attempts"][0]["url"], text);
    let name = made("csv", &told, "en").name();
    assert!(name.ends_with("-run-18.attempts.csv") && name.len() < 80, "{name}");
    let stem = name.trim_end_matches("-run-18.attempts.csv");
    assert!(
        stem.chars().all(|character| character.is_alphanumeric() || character == '-'),
        "{name}"
    );
}

#[test]
fn texts_come_out_of_xml_as_they_were() {
    for text in [
        "]]>",
        "<![CDATA[x]]>",
        "</testcase>",
        "&amp;&#0;",
        "\"'><x a='",
        "a\r\nb\tc\rd",
        "  two  blanks  ",
        "nul \0 bell \u{7} escape \u{1b} unit \u{1f} delete \u{7f}",
        "next line \u{85} \u{2028}",
        "noncharacters \u{fffe} \u{ffff} \u{10ffff}",
        "購買 😀 e\u{301}",
        "<!-- -- -->",
        "<?xml version=\"1.0\"?>",
        "../../etc/passwd",
        "CON",
        ".",
        "%2e%2e",
        "\u{202e}gpj.exe",
    ] {
        check(text);
    }
}

#[test]
fn names_of_files_are_plain() {
    let check = |name: &str, want: &str| {
        let told = recording(name, "passed", &[], &[]);
        assert_eq!(made("json", &told, "en").name(), format!("{want}-run-18.json"));
    };
    check("Purchase reaches the report", "purchase-reaches-the-report");
    check("购买到达报表", "购买到达报表");
    check("../a\\b:c*?\"<>|\0", "a-b-c");
    check("…", "chain");
    check(&"word ".repeat(40), "word-word-word-word-word-word-word-word-word");
    check(&"長".repeat(100), "chain");
}

#[test]
fn what_is_no_recording_is_refused_with_the_place() {
    let check = |text: &str, want: &str| {
        assert_eq!(report("junit", text, "en").unwrap_err(), want, "{text}");
    };
    let unread = "the recording of the run can't be read: ";
    check("", &[unread, "the text breaks off where a value should be at line 1 column 0"].concat());
    check(
        "[]",
        &[unread, "run: nothing where an object is wanted"]
            .concat()
            .replace("run: nothing", "a list"),
    );
    check("{}", &[unread, "run: nothing where an object is wanted"].concat());
    // Half of a surrogate pair is no character, and so no JSON here.
    let half = failed().to_string().replace("\"Send\"", "\"\\ud800\"");
    assert!(report("json", &half, "en").unwrap_err().contains("surrogates come in pairs"));
    let mut told = failed();
    told["run"]["phase"] = "flying".into();
    let refused = report("json", &told.to_string(), "zh").unwrap_err();
    assert!(
        refused.starts_with("无法读取该运行的记录：run: phase: `flying` is none of"),
        "{refused}"
    );
    assert_eq!(
        report("pdf", &failed().to_string(), "en").unwrap_err(),
        "there is no report \"pdf\"; use one of junit, json, csv, matrix"
    );
}

#[test]
fn an_attempt_of_no_stage_is_kept_where_it_can_be() {
    let told = recording("P", "passed", &[stage("A", "passed")], &[attempt(9, 1, "pass")]);
    assert_eq!(read(&made("junit", &told, "en").text()).test_cases.len(), 1);
    assert!(made("csv", &told, "en").text().contains("P,18,,,1,pass,"));
}

#[test]
fn large_bodies_are_carried() {
    let body = "x\"<&".repeat(500_000);
    let mut told = failed();
    let request = json!({"method": "GET", "url": "u", "headers": [], "body": body, "with_credentials": false});
    let evidence = json!({"request": request, "answer": "timeout", "cut": true});
    told["evidence"] = json!([{"stage": 1, "attempt": 2, "evidence": evidence}]);
    let document: Value = serde_json::from_str(&made("json", &told, "en").text()).unwrap();
    assert_eq!(document["stages"][1]["attempts"][1]["evidence"]["request"]["body"], *body);
    assert!(made("junit", &told, "en").text().len() < 10_000, "bodies are in JSON alone");
}

proptest! {
    #[test]
    fn any_text_comes_out_as_it_was(text in "\\PC{0,12}|[\\x00-\\x20<>&\"'\\]\\[!-]{1,12}|.{0,12}") {
        check(&text);
    }
}
