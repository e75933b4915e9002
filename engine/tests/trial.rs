//! Stages of a document under edit, tried. What an answer comes to there is held to what the dry run of
//! `examples/evaluate.rs` says of it, over every row of `tests/fixtures/readings/readings.jsonl`.

#![cfg(feature = "bundled-tz")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: a panic is how a test fails"
)]

use baton_engine::chain::{Linked, trial};
use baton_engine::locale::Locale;
use baton_engine::protocol::{AttemptPhase, ToolAnswer, Tried};
use baton_engine::time::Timestamp;
use baton_engine::verify::{Verdict, dry_run};
use baton_engine::zone::bundled;
use serde_json::{Value, json};

const READINGS: &str = include_str!("../../tests/fixtures/readings/readings.jsonl");
/// Noon, 24 November 2026.
const NOW: i64 = 1_795_521_600_000;

fn said(question: &Value) -> Value {
    serde_json::from_str(&trial(&Linked::default(), &question.to_string())).unwrap()
}

fn tried(question: &Value) -> Tried {
    let said = trial(&Linked::default(), &question.to_string());
    match ToolAnswer::from_json(&said) {
        Some(ToolAnswer::Tried(tried)) => *tried,
        other => panic!("{other:?} of {question}"),
    }
}

fn refused(question: &Value) -> String {
    let said = said(question);
    said["refused"]["en"].as_str().unwrap_or_else(|| panic!("not refused: {said}")).to_owned()
}

fn verdict(tried: &Tried) -> Verdict {
    match tried.attempt.phase {
        AttemptPhase::Judged(verdict) => verdict,
        other => panic!("{other:?}"),
    }
}

fn of(document: &Value, stage: &str, values: &Value) -> Value {
    json!({"document": document.to_string(), "stage": stage, "values": values.to_string(), "locale": "en"})
}

fn with(earlier: &Value) -> Value {
    json!({"run": "trial", "now": NOW, "earlier": earlier})
}

fn response(status: u16, body: &str) -> Value {
    json!({"response": {"status": status, "headers": [], "body": {"text": body}}})
}

/// An answer as evidence has it.
fn seen(number: u32, answer: &Value, at: i64) -> Value {
    let request =
        json!({"method": "GET", "url": "http://h.test/", "headers": [], "with_credentials": false});
    json!({"number": number, "begun_at": at, "ended_at": at, "transport": "direct",
        "evidence": {"request": request, "answer": answer, "cut": false}})
}

fn two_stages() -> Value {
    json!({
        "baton": 1, "name": "T",
        "variables": {"id": "{{$uuid}}", "amount": "19.90"},
        "environments": {"local": {"api": "http://local.test"}, "far": {"api": "http://far.test"}},
        "fields": [{"name": "amount", "kind": "decimal"}],
        "stages": [
            {"name": "Send", "once": true,
             "request": {"method": "POST", "url": "{{api}}/events", "json": {"id": "{{id}}"}},
             "checks": [{"source": "status", "op": "equals", "value": 202}],
             "captures": {"row": {"jsonpath": "$.row"}},
             "record": {"fields": {"amount": {"jsonpath": "$.amount"}}}},
            {"group": {"name": "G", "stages": [
                {"name": "Table",
                 "request": {"url": "{{api}}/rows/{{row}}"},
                 "checks": [{"source": {"jsonpath": "$.amount"}, "filter": ["decimal"], "op": "same_as", "value": "Send.amount", "confirm": 2}],
                 "record": {"fields": {"amount": {"jsonpath": "$.amount"}}}}]}}
        ]
    })
}

// ------------------------------------------------------------------------------- the same as a dry run

/// The question that a row of readings is; none where it is about more than a trial has.
fn question_of(row: &Value) -> Option<Value> {
    let input = &row["input"];
    let is_beyond = |key: &str| input.get(key).is_some();
    if row.get("error").is_some() || is_beyond("records") || is_beyond("now") {
        return None;
    }
    let values = input.get("variables").cloned().unwrap_or_else(|| json!({}));
    let mut stage = input["stage"].clone();
    let members = stage.as_object_mut()?;
    members.entry("name").or_insert_with(|| "S".into());
    members.entry("request").or_insert_with(|| json!({"url": "http://h.test/"}));
    let name = stage["name"].as_str()?.to_owned();
    let texts = |value: &Value| {
        values.as_object().unwrap().iter().all(|(_, v)| !v.to_string().contains("{{"))
            && value.is_object()
    };
    let mut document = json!({"baton": 1, "name": "T", "variables": values, "stages": [stage]});
    if let Some(fields) = input.get("fields") {
        document["fields"] = fields.clone();
    }
    let answers = input.get("history").and_then(Value::as_array).cloned().unwrap_or_default();
    let answers = answers.iter().chain([&input["response"]]);
    let seen: Vec<Value> = (1..)
        .zip(answers)
        .map(|(number, told)| latency(seen(number, &answer_of(told), NOW), told))
        .collect();
    texts(&document).then(|| json!({"judge": {"of": of(&document, &name, &values), "with": with(&json!([])), "seen": seen}}))
}

fn latency(mut seen: Value, told: &Value) -> Value {
    if let Some(ms) = told.get("latency_ms") {
        seen["latency_ms"] = ms.clone();
    }
    seen
}

fn answer_of(told: &Value) -> Value {
    match told.get("error").and_then(Value::as_str) {
        Some("timeout") => return "timeout".into(),
        Some(_) => return json!({"no_response": "no_answer"}),
        None => {}
    }
    let body = match &told["body"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        tree => tree.to_string(),
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut headers: Vec<Value> = Vec::new();
    for (name, value) in told.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        headers.extend(values.iter().map(|value| json!([name.to_lowercase(), text(value)])));
    }
    let status = told.get("status").cloned().unwrap_or_else(|| 200.into());
    let mut response = json!({"status": status, "headers": headers, "body": {"text": body}});
    if told.get("hidden") == Some(&Value::Bool(true)) {
        response["hidden"] = "unexposed".into();
    }
    json!({"response": response})
}

#[test]
fn a_trial_comes_to_what_the_dry_run_says_of_every_reading() {
    let (mut same, mut unlike) = (0, Vec::new());
    for row in READINGS.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let Some(question) = question_of(&row) else { continue };
        let now = Timestamp::from_ms(NOW);
        let mut input = row["input"].clone();
        input.as_object_mut().unwrap().remove("locale");
        let line = input.to_string();
        let dry: Value = serde_json::from_str(&dry_run(&line, now, &bundled::zone)).unwrap();
        let Some(ToolAnswer::Tried(tried)) =
            ToolAnswer::from_json(&trial(&Linked::default(), &question.to_string()))
        else {
            // A chain is held to more than a stage alone: what it may name, what it may lack.
            continue;
        };
        let word = format!("{:?}", verdict(&tried)).to_lowercase();
        let reason = tried.attempt.reason.as_ref().unwrap().sentence(Locale::En);
        let readings: Vec<String> = tried
            .attempt
            .readings
            .read()
            .unwrap()
            .iter()
            .map(|one| one.reason.sentence(Locale::En))
            .collect();
        let dry_readings = dry["readings"].as_array().unwrap();
        let dry_readings: Vec<&str> =
            dry_readings.iter().map(|one| one["reason"].as_str().unwrap()).collect();
        let captures: Vec<String> =
            tried.captures.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let dry_captures = dry["captures"].as_object().unwrap();
        let dry_captures: Vec<String> =
            dry_captures.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if dry["verdict"] == word
            && dry["reason"] == reason
            && readings == dry_readings
            && captures == dry_captures
        {
            same += 1;
        } else {
            unlike.push(format!(
                "{}: {word} {reason} {readings:?} {captures:?}, dry run: {dry}",
                row["name"]
            ));
        }
    }
    assert!(unlike.is_empty(), "{} unlike:\n{}", unlike.len(), unlike.join("\n"));
    assert!(same >= 150, "only {same} rows were compared");
}

// ------------------------------------------------------------------------------------ its own questions

#[test]
fn a_plan_has_stages_places_environments_and_fresh_values() {
    let plan = |environment: Value, seed: u64| {
        let document = two_stages().to_string();
        said(&json!({"plan": {"document": document, "environment": environment, "caret": 0, "seed": seed, "now": NOW}}))["plan"].clone()
    };
    let first = plan(Value::Null, 1);
    assert_eq!(first["stages"], json!(["Send", "Table"]));
    assert_eq!(first["environments"], json!(["local", "far"]));
    let values: Value = serde_json::from_str(first["values"].as_str().unwrap()).unwrap();
    assert_eq!((&values["amount"], &values["api"]), (&json!("19.90"), &json!("http://local.test")));
    let far: Value =
        serde_json::from_str(plan("far".into(), 1)["values"].as_str().unwrap()).unwrap();
    assert_eq!(far["api"], "http://far.test");
    assert_eq!(far["id"], values["id"], "the same seed");
    assert_ne!(plan(Value::Null, 2)["values"], first["values"]);
    let broken = json!({"plan": {"document": "{\"baton\": 1}", "environment": null, "caret": 0, "seed": 1, "now": NOW}});
    assert!(refused(&broken).starts_with("mend the document first: "), "{}", refused(&broken));
}

#[test]
fn the_stage_around_the_caret_is_the_one_that_is_tried() {
    let document = r#"{"baton": 1, "name": "购", "stages": [
        {"name": "A", "request": {"url": "http://h.test"}}, {"name": "B \"x\"", "request": {"url": "http://h.test"}}]}"#;
    let at = |caret: usize| {
        let question = json!({"plan": {"document": document, "environment": null, "caret": caret, "seed": 1, "now": NOW}});
        said(&question)["plan"]["at"].as_u64().unwrap()
    };
    let place = |word: &str| document[..document.find(word).unwrap()].encode_utf16().count();
    assert_eq!((at(0), at(place("\"A\"") + 3), at(place("B "))), (0, 0, 0));
    assert_eq!(at(place("B ") + 20), 1);
    assert_eq!(at(document.encode_utf16().count()), 0, "where a caret begins");
}

#[test]
fn a_request_is_filled_in_with_the_users_values_and_what_was_captured() {
    let values = json!({"id": "7", "amount": "19.90", "api": "http://local.test", "unused": null});
    let document = two_stages();
    let request = |stage: &str, values: &Value, earlier: &Value| json!({"request": {"of": of(&document, stage, values), "with": with(earlier)}});
    let send = said(&request("Send", &values, &json!([])))["request"].clone();
    assert_eq!(send["request"]["url"], "http://local.test/events");
    assert_eq!(send["request"]["body"], "{\"id\":\"7\"}");
    assert_eq!(
        (&send["careful"], &send["timeout_ms"], &send["transport"]),
        (&true.into(), &10_000.into(), &"direct".into())
    );
    let without = refused(&request("Table", &values, &json!([])));
    assert!(without.starts_with("`{{row}}` has no value"), "{without}");
    let earlier =
        json!([{"stage": "Send", "answer": response(202, r#"{"row":"r 1","amount":"19.90"}"#)}]);
    let table = said(&request("Table", &values, &earlier))["request"].clone();
    assert_eq!(table["request"]["url"], "http://local.test/rows/r%201");
    assert_eq!(table["careful"], false);
    let mut own = values.clone();
    own["row"] = "mine".into();
    let mine = said(&request("Table", &own, &earlier))["request"].clone();
    assert_eq!(mine["request"]["url"], "http://local.test/rows/mine", "what a user puts down wins");
    for (values, word) in [(json!([1]), "a JSON object"), (json!("{"), "a JSON object")] {
        assert!(refused(&request("Send", &values, &json!([]))).contains(word), "{values}");
    }
    assert!(refused(&request("Nowhere", &values, &json!([]))).contains("no stage \"Nowhere\""));
}

#[test]
fn kept_answers_are_judged_in_their_order_and_against_earlier_stages() {
    let document = two_stages();
    let values = json!({"api": "http://local.test", "id": "7"});
    let judge = |earlier: &Value, seen: &[Value]| json!({"judge": {"of": of(&document, "Table", &values), "with": with(earlier), "seen": seen}});
    let earlier =
        json!([{"stage": "Send", "answer": response(202, r#"{"row":"r","amount":"19.90"}"#)}]);
    let right = seen(1, &response(200, r#"{"amount": 19.9}"#), NOW);
    assert_eq!(verdict(&tried(&judge(&earlier, &[right]))), Verdict::Pass);
    let wrong = |number| seen(number, &response(200, r#"{"amount": 20}"#), NOW);
    let once = tried(&judge(&earlier, &[wrong(4)]));
    assert_eq!(verdict(&once), Verdict::Pending, "it wants two in a row");
    let twice = tried(&judge(&earlier, &[wrong(4), wrong(5)]));
    assert_eq!((verdict(&twice), twice.attempt.number), (Verdict::Fail, 5));
    assert_eq!(twice.record, [("amount".to_owned(), "20".to_owned())]);
    let mut cut = wrong(6);
    cut["evidence"]["cut"] = true.into();
    assert!(refused(&judge(&earlier, &[wrong(5), cut])).contains("kept whole"));
}

#[test]
fn a_pasted_answer_is_a_body_or_all_that_curl_prints() {
    let document = json!({"baton": 1, "name": "T", "stages": [
        {"name": "S", "request": {"url": "http://h.test/{{$today}}"},
         "checks": [{"source": {"header": "x-row"}, "op": "equals", "value": "7"}],
         "captures": {"n": {"jsonpath": "$.n"}}}]});
    let paste = |pasted: &str| {
        tried(
            &json!({"paste": {"of": of(&document, "S", &json!({})), "with": with(&json!([])), "pasted": pasted}}),
        )
    };
    let all = paste(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\nX-Row: 7\r\n\r\n{\"n\": 12345678901234567890}",
    );
    assert_eq!(verdict(&all), Verdict::Pass);
    assert_eq!(all.captures, [("n".to_owned(), "12345678901234567890".to_owned())]);
    assert_eq!(all.attempt.url, "http://h.test/2026-11-24");
    assert_eq!(paste("HTTP/1.1 503 Service Unavailable\n\n").attempt.status, Some(503));
    let body = paste("{\"n\": 1}");
    assert_eq!((verdict(&body), body.attempt.status), (Verdict::Pending, Some(200)));
}

fn selected(body: &str, path: &str) -> Value {
    let values = json!({"id": "e-91"}).to_string();
    said(&json!({"select": {"body": body, "path": path, "values": values, "now": NOW}}))
}

#[test]
fn a_path_tells_what_it_selects() {
    let body = r#"{"rows":[{"id":"e-91","amount":19.90},{"id":"e-92"}]}"#;
    let told = selected(body, "$.rows[*].id");
    assert_eq!(told["selected"]["count"], 2);
    assert_eq!(told["selected"]["places"], json!(["$['rows'][0]['id']", "$['rows'][1]['id']"]));
    let told = selected(body, "$.rows[?@.id == {{id}}].amount");
    assert_eq!(told["selected"]["places"], json!(["$['rows'][0]['amount']"]));
}

#[test]
fn a_path_that_selects_nothing_tells_how_far_it_comes() {
    let body = r#"{"rows":[{"id":"e-91","amount":19.90},{"id":"e-92"}]}"#;
    let reached = |path| selected(body, path)["selected"]["reached"].clone();
    let first = reached("$.rows[0].idd.more");
    assert_eq!(
        first,
        json!({"path": "$.rows[0]", "count": 1, "rest": ".idd", "names": ["id", "amount"]})
    );
    let far = reached("$.rows[7].id");
    assert_eq!(
        (&far["path"], &far["rest"], &far["items"]),
        (&json!("$.rows"), &json!("[7]"), &json!(2))
    );
    let each = reached("$.rows[*].sku");
    assert_eq!((&each["path"], &each["count"]), (&json!("$.rows[*]"), &json!(2)));
    let filtered = reached("$.rows[?@.id == 'x[0].y'].id");
    assert_eq!(
        (&filtered["path"], &filtered["rest"]),
        (&json!("$.rows"), &json!("[?@.id == 'x[0].y']"))
    );
    assert_eq!(reached("$.lines")["path"], "$");
    assert_eq!(reached("$..x")["path"], "$");
}

#[test]
fn what_is_no_path_or_no_json_is_said() {
    let refused = |body, path| selected(body, path)["refused"]["en"].as_str().unwrap().to_owned();
    assert!(refused("{}", "$.rows[").starts_with("no JSONPath: "));
    assert!(refused("<html>", "$").starts_with("the answer is no JSON: "));
    assert_eq!(refused("{}", "$.{{who}}"), "`{{who}}` has no value");
}
