//! Verdicts: the truth table, and the rules one by one, read off whole runs.

use baton_engine::locale::Locale;
use baton_engine::protocol::{
    Answer, AttemptPhase, AttemptView, Body, Hidden, HttpResponse, RunPhase, StagePhase,
};
use baton_engine::verify::{Diagnosis, Permission, Reason, Verdict, diagnosis};
use serde_json::{Value, json};

use crate::sim::{Fate, START, Sim, ok, secs, stage, status};

/// Runs one stage against these answers, one a poll, the last one again and again.
fn polled(members: Value, answers: Vec<Answer>, polls: u64) -> Sim {
    let mut next = 0;
    let mut sim = Sim::started(&stage(members), move |_, _| {
        let answer = answers[next.min(answers.len() - 1)].clone();
        next += 1;
        Fate::Now(answer)
    });
    sim.advance(secs(10 * (polls - 1) + 1));
    sim
}

/// The first attempt against one answer: its verdict, and why in English.
fn first(members: Value, answer: Answer) -> (Verdict, String) {
    let attempt = polled(members, vec![answer], 1).attempts().remove(0);
    (verdict(&attempt), attempt.reason.unwrap().sentence(Locale::En))
}

fn verdict(attempt: &AttemptView) -> Verdict {
    match attempt.phase {
        AttemptPhase::Judged(verdict) => verdict,
        other => panic!("{other:?}"),
    }
}

/// The target of the truth table: count = 3, status `one_of` [done] while [queued], amount equals 9.
fn target() -> Value {
    json!({"checks": [
        {"source": {"jsonpath": "$.rows[*].id"}, "filter": ["count"], "op": "equals", "value": 3},
        {"source": {"jsonpath": "$.status"}, "op": "one_of", "value": ["done"], "while": ["queued"]},
        {"source": {"jsonpath": "$.rows[*].amount"}, "filter": ["decimal"], "op": "equals", "value": 9}
    ]})
}

fn rows(status: &str, amounts: &[Value]) -> Answer {
    let rows: Vec<Value> = amounts
        .iter()
        .enumerate()
        .map(|(id, amount)| json!({"id": id, "amount": amount}))
        .collect();
    ok(&json!({"status": status, "rows": rows}).to_string())
}

#[test]
fn truth_table() {
    use Verdict::{Fail, Pass, Pending};
    let nine = || json!(9);
    let check = |answer: Answer, verdict, part: &str| {
        let (got, sentence) = first(target(), answer);
        assert_eq!(got, verdict, "{sentence}");
        assert!(sentence.contains(part), "{sentence} has no {part}");
    };
    check(status(404, ""), Pending, "404");
    check(ok("[]"), Pending, "0 of 3");
    check(ok("<html><body>Sign in"), Pending, "not JSON: the body is an HTML page");
    check(rows("queued", &[nine(), nine()]), Pending, "2 of 3");
    check(rows("queued", &[nine(), nine(), nine()]), Pending, "$.status is still \"queued\"");
    check(rows("done", &[nine(), nine(), Value::Null]), Pending, "amount is still null");
    check(rows("done", &[nine(), json!("9.00"), json!("9")]), Pass, "all 3 checks hold");
    check(rows("done", &[nine(), json!(8)]), Fail, "amount is 8, expected 9");
    check(rows("done", &[nine(), nine(), nine(), nine()]), Fail, "4 at $.rows[*].id, expected 3");
    check(rows("error", &[nine(), nine(), nine()]), Fail, "$.status is \"error\"");
    check(status(401, ""), Fail, "401");
    check(status(400, ""), Fail, "400: the request is wrong");
}

#[test]
fn a_good_target_that_must_hold_is_holding_0_of_60_s() {
    let mut members = target();
    members["poll"] = json!({"hold": "60s", "timeout": "10m"});
    let good = rows("done", &[json!(9), json!(9), json!(9)]);
    let mut sim = polled(members, vec![good], 1);
    let stage = sim.stage(0);
    assert_eq!(stage.phase, StagePhase::Holding);
    assert_eq!(
        verdict(&sim.attempts()[0]),
        Verdict::Pass,
        "a hold never changes an attempt's verdict"
    );
    sim.advance(secs(50));
    assert_eq!(sim.stage(0).phase, StagePhase::Holding);
    sim.advance(secs(10));
    assert_eq!(sim.stage(0).phase, StagePhase::Passed);
}

#[test]
fn fewer_records_during_a_hold_reset_it_and_are_flapping() {
    let mut members = target();
    members["poll"] = json!({"hold": 4, "timeout": "10m"});
    let good = || rows("done", &[json!(9), json!(9), json!(9)]);
    let fewer = rows("done", &[json!(9), json!(9)]);
    let answers = vec![good(), good(), good(), fewer, good(), good(), good(), good()];
    let mut sim = polled(members, answers, 4);
    let stage = sim.stage(0);
    assert_eq!((stage.phase, stage.flapping, stage.hold), (StagePhase::Waiting, true, None));
    sim.advance(secs(30));
    assert_eq!(sim.stage(0).phase, StagePhase::Holding);
    sim.advance(secs(10));
    assert_eq!(sim.stage(0).phase, StagePhase::Passed);
}

#[test]
fn a_fail_during_a_hold_ends_it() {
    let mut members = target();
    members["poll"] = json!({"hold": 4});
    let good = rows("done", &[json!(9), json!(9), json!(9)]);
    let four = rows("done", &[json!(9), json!(9), json!(9), json!(9)]);
    assert_eq!(polled(members, vec![good, four], 2).run().phase, RunPhase::Failed);
}

#[test]
fn a_hold_begins_anew_after_a_gap_of_over_three_intervals() {
    let mut members = target();
    members["poll"] = json!({"hold": "60s", "timeout": "1h"});
    let good = rows("done", &[json!(9), json!(9), json!(9)]);
    let mut sim = polled(members, vec![good], 3);
    sim.sleep(secs(600));
    sim.advance(secs(1));
    assert_eq!(sim.stage(0).phase, StagePhase::Holding, "nobody looked for ten minutes");
    sim.advance(secs(70));
    assert_eq!(sim.stage(0).phase, StagePhase::Passed);
}

#[test]
fn a_hold_under_way_at_the_deadline_may_finish_late() {
    let mut members = target();
    members["poll"] = json!({"hold": "40s", "timeout": "60s"});
    let wait = rows("queued", &[]);
    let good = rows("done", &[json!(9), json!(9), json!(9)]);
    let answers = vec![wait.clone(), wait.clone(), wait.clone(), wait.clone(), good.clone()];
    let mut sim = polled(members.clone(), answers, 10);
    let stage = sim.stage(0);
    assert_eq!((stage.phase, stage.late), (StagePhase::Passed, true));
    let breaks = vec![
        wait.clone(),
        wait.clone(),
        wait.clone(),
        wait.clone(),
        good.clone(),
        good.clone(),
        good,
        wait,
    ];
    assert_eq!(polled(members, breaks, 10).run().phase, RunPhase::TimedOut);
}

#[test]
fn statuses_have_defaults() {
    use Verdict::{Fail, Pass, Pending};
    for (code, want) in [
        (200, Pass),
        (201, Pass),
        (202, Pending),
        (204, Pending),
        (304, Fail),
        (400, Fail),
        (403, Fail),
        (404, Pending),
        (405, Fail),
        (408, Pending),
        (410, Fail),
        (422, Fail),
        (425, Pending),
        (429, Pending),
        (500, Pending),
        (503, Pending),
        (599, Pending),
    ] {
        assert_eq!(first(json!({}), status(code, "{}")).0, want, "{code}");
    }
}

#[test]
fn a_check_on_the_status_replaces_the_defaults() {
    use Verdict::{Fail, Pass, Pending};
    let accepts =
        |value: Value| json!({"checks": [{"source": "status", "op": "one_of", "value": value}]});
    let of = |value: Value, code| first(accepts(value), status(code, "")).0;
    assert_eq!(of(json!([202, 404]), 404), Pass, "the author says that it is right");
    assert_eq!(of(json!([202]), 503), Pending, "the status's default applies");
    assert_eq!(of(json!([202]), 400), Fail);
    assert_eq!(of(json!([202]), 200), Fail, "200 has no default, so `else` applies");
    let wait =
        json!({"checks": [{"source": "status", "op": "equals", "value": 201, "else": "wait"}]});
    assert_eq!(first(wait.clone(), status(200, "")).0, Pending);
    assert_eq!(first(wait.clone(), status(400, "")).0, Fail, "the default speaks before `else`");
    let blocked = polled(wait, vec![status(200, ""), status(401, "")], 2).run();
    assert_eq!(blocked.phase, RunPhase::Blocked);
    let progress =
        json!({"checks": [{"source": "status", "op": "one_of", "value": [200], "while": [409]}]});
    assert_eq!(first(progress, status(409, "")).0, Pending, "the author says that it is under way");
}

#[test]
fn other_checks_are_not_read_while_the_status_decides() {
    let members = json!({"checks": [
        {"source": "status", "op": "equals", "value": 200},
        {"source": {"jsonpath": "$.ok"}, "op": "equals", "value": true}
    ]});
    let attempt = polled(members, vec![status(503, r#"{"ok": false}"#)], 1).attempts().remove(0);
    assert_eq!(verdict(&attempt), Verdict::Pending);
    assert_eq!(attempt.readings.read().unwrap().len(), 1);
}

#[test]
fn silence_is_pending_unless_polling_cannot_mend_it() {
    let wanted = Permission {
        origin: "http://me".into(),
        target: "http://a.example/".into(),
        method: "GET".into(),
        headers: Vec::new(),
        credentials: false,
    };
    let proxy = |code: &str| Diagnosis::Proxy { code: code.into(), about: Vec::new() };
    for (diagnosis, want) in [
        (Diagnosis::NoAnswer, Verdict::Pending),
        (Diagnosis::Offline, Verdict::Pending),
        (Diagnosis::NotAllowed(wanted.clone()), Verdict::Pending),
        (Diagnosis::Unread(wanted), Verdict::Pending),
        (proxy(diagnosis::SILENT), Verdict::Pending),
        (proxy(diagnosis::NO_PROXY), Verdict::Fail),
        (Diagnosis::MixedContent, Verdict::Fail),
        (Diagnosis::OwnPolicy { target: "http://me".into() }, Verdict::Fail),
        (Diagnosis::ForbiddenHeader { name: "Host".into() }, Verdict::Fail),
    ] {
        assert_eq!(
            first(json!({}), Answer::NoResponse(diagnosis.clone())).0,
            want,
            "{diagnosis:?}"
        );
    }
}

fn jsonpath(path: &str, rest: Value) -> Value {
    let mut check = json!({"source": {"jsonpath": path}});
    check.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    json!({"checks": [check]})
}

#[test]
fn missing_and_null_are_not_there_yet() {
    let exists = || jsonpath("$.a", json!({"op": "exists"}));
    let equals = |value: Value| jsonpath("$.a", json!({"op": "equals", "value": value}));
    for body in ["{}", r#"{"a": null}"#, r#"{"b": 0}"#] {
        assert_eq!(first(exists(), ok(body)).0, Verdict::Pending, "{body}");
        assert_eq!(first(equals(json!(0)), ok(body)).0, Verdict::Pending, "{body} is never 0");
        assert_eq!(first(equals(json!("")), ok(body)).0, Verdict::Pending, "{body} is never empty");
    }
    for body in [r#"{"a": 0}"#, r#"{"a": ""}"#, r#"{"a": false}"#, r#"{"a": []}"#] {
        assert_eq!(first(exists(), ok(body)).0, Verdict::Pass, "{body}");
    }
}

#[test]
fn values_are_compared_by_type_and_numbers_by_value() {
    let equals = |want: &str, got: &str| {
        let members = jsonpath("$.a", json!({"op": "equals", "value": "WANT"}));
        // By text: a JSON macro would write 19.90 as 19.9.
        let document = stage(members).replace("\"WANT\"", want);
        let body = format!(r#"{{"a": {got}}}"#);
        let mut sim = Sim::started(&document, move |_, _| Fate::Now(ok(&body)));
        sim.advance(secs(1));
        verdict(&sim.attempts()[0])
    };
    for (want, got) in
        [("19.90", "19.9"), ("1e2", "100"), ("\"x\"", "\"x\""), ("[1, 2.0]", "[1.0, 2]")]
    {
        assert_eq!(equals(want, got), Verdict::Pass, "{want} {got}");
    }
    for (want, got) in [
        ("true", "\"true\""),
        ("9", "\"9\""),
        ("9007199254740993", "9007199254740992"),
        ("\"x\"", "\"X\""),
        ("0.3", "0.30000000000000004"),
    ] {
        assert_eq!(equals(want, got), Verdict::Fail, "{want} {got}");
    }
}

#[test]
fn converting_filters_act_on_both_sides() {
    let with = |filter: &str, want: Value| {
        jsonpath("$.a", json!({"filter": [filter], "op": "equals", "value": want}))
    };
    let of = |filter, want: Value, got: &str| {
        first(with(filter, want), ok(&format!(r#"{{"a": {got}}}"#)))
    };
    assert_eq!(of("decimal", json!("19.90"), "19.9").0, Verdict::Pass);
    assert_eq!(of("decimal", json!(9), "\"9.00\"").0, Verdict::Pass);
    assert_eq!(of("lower", json!("ABC"), "\"aBc\"").0, Verdict::Pass);
    assert_eq!(of("upper", json!("abc"), "\"aBc\"").0, Verdict::Pass);
    assert_eq!(of("trim", json!("abc"), "\" abc \"").0, Verdict::Pass);
    let (verdict, sentence) = of("decimal", json!(9), "\"nine\"");
    assert_eq!(
        (verdict, sentence.as_str()),
        (Verdict::Fail, "$.a is \"nine\", which is not a decimal")
    );
}

#[test]
fn selecting_filters_choose_among_the_nodes() {
    let of =
        |filter: &str| jsonpath("$.a[*]", json!({"filter": [filter], "op": "equals", "value": 1}));
    assert_eq!(first(of("first"), ok(r#"{"a": [1, 2]}"#)).0, Verdict::Pass);
    assert_eq!(first(of("last"), ok(r#"{"a": [1, 2]}"#)).0, Verdict::Fail);
    assert_eq!(first(of("last"), ok(r#"{"a": []}"#)).0, Verdict::Pending);
}

#[test]
fn match_says_how_several_nodes_are_judged() {
    use Verdict::{Fail, Pass, Pending};
    let of = |mode: &str, body: &str| {
        first(jsonpath("$.a[*]", json!({"match": mode, "op": "equals", "value": 1})), ok(body)).0
    };
    for (body, every, any, one) in [
        (r#"{"a": [1]}"#, Pass, Pass, Pass),
        (r#"{"a": [1, 1]}"#, Pass, Pass, Fail),
        (r#"{"a": [1, 2]}"#, Fail, Pass, Fail),
        (r#"{"a": [null, 1]}"#, Pending, Pass, Fail),
        (r#"{"a": [null, 2]}"#, Fail, Pending, Fail),
        (r#"{"a": [2]}"#, Fail, Fail, Fail),
        (r#"{"a": []}"#, Pending, Pending, Pending),
    ] {
        assert_eq!(
            (of("every", body), of("any", body), of("one", body)),
            (every, any, one),
            "{body}"
        );
    }
}

#[test]
fn counts_are_monotone() {
    use Verdict::{Fail, Pass, Pending};
    let count = |op: &str, value: Value, n: usize| {
        let members = jsonpath("$[*]", json!({"filter": ["count"], "op": op, "value": value}));
        first(members, ok(&json!(vec![0; n]).to_string())).0
    };
    for (n, want) in [(0, Pending), (1, Pending), (2, Pass), (3, Fail)] {
        assert_eq!(count("equals", json!(2), n), want, "{n}");
    }
    for (n, want) in [(0, Pending), (1, Pass), (2, Pending), (3, Pass), (4, Fail)] {
        assert_eq!(count("one_of", json!([1, 3]), n), want, "{n}");
    }
}

#[test]
fn a_count_above_its_target_names_the_duplicates() {
    let members = jsonpath("$[*].id", json!({"filter": ["count"], "op": "equals", "value": 2}));
    let (_, sentence) = first(members, ok(r#"[{"id": "a"}, {"id": "b"}, {"id": "a"}]"#));
    assert_eq!(sentence, r#"3 at $[*].id, expected 2; duplicates: "a" × 2"#);
}

#[test]
fn else_wait_is_for_fields_that_are_filled_late() {
    let members = jsonpath("$.a", json!({"op": "equals", "value": 1, "else": "wait"}));
    let mut sim = polled(members, vec![ok(r#"{"a": 0}"#), ok(r#"{"a": 1}"#)], 2);
    assert_eq!(verdict(&sim.attempts()[0]), Verdict::Pending);
    assert_eq!(sim.run().phase, RunPhase::Passed);
}

#[test]
fn confirm_wants_the_same_wrong_reading_in_a_row() {
    let members = || jsonpath("$.a", json!({"op": "equals", "value": 1, "confirm": 3}));
    let a = |n: u32| ok(&format!(r#"{{"a": {n}}}"#));
    let mut sim = polled(members(), vec![a(2), a(2), a(3), a(2), a(2), a(2)], 5);
    let verdicts: Vec<Verdict> = sim.attempts().iter().map(verdict).collect();
    assert_eq!(verdicts, [Verdict::Pending; 5], "another value begins anew");
    let sentence = sim.attempts()[1].reason.clone().unwrap().sentence(Locale::En);
    assert_eq!(sentence, "wrong 2 of 3 times in a row: $.a is 2, expected 1");
    sim.advance(secs(10));
    assert_eq!(sim.run().phase, RunPhase::Failed);
    assert_eq!(polled(members(), vec![a(2), a(2), a(1)], 3).run().phase, RunPhase::Passed);
}

#[test]
fn an_unconfirmed_wrong_reading_fails_at_the_deadline() {
    let members = jsonpath("$.a", json!({"op": "equals", "value": 1, "confirm": 100}));
    let mut sim = polled(members, vec![ok(r#"{"a": 2}"#)], 8);
    assert_eq!(sim.run().phase, RunPhase::Failed, "wrong, not late");
    assert_eq!(sim.stage(0).reason.unwrap().sentence(Locale::En), "$.a is 2, expected 1");
}

#[test]
fn three_bodies_in_a_row_that_are_not_json_fail() {
    let exists = || jsonpath("$.a", json!({"op": "exists"}));
    for (body, words) in [
        ("<!doctype html>", "answers HTML, 3 times in a row: a login page?"),
        ("", "not JSON, 3 times in a row: the body is empty"),
        (r#"{"a": [1,"#, "not JSON, 3 times in a row: the body breaks off"),
        ("nope", "not JSON, 3 times in a row: the body is some other text"),
    ] {
        let mut sim = polled(exists(), vec![ok(body)], 3);
        assert_eq!(sim.run().phase, RunPhase::Failed);
        assert_eq!(sim.stage(0).reason.unwrap().sentence(Locale::En), words);
    }
    let between = vec![ok("<"), ok("<"), ok("{}"), ok("<"), ok("<"), ok(r#"{"a": 1}"#)];
    assert_eq!(polled(exists(), between, 6).run().phase, RunPhase::Passed);
}

#[test]
fn a_stop_check_that_holds_ends_the_run_even_when_nothing_has_arrived() {
    let members = json!({
        "stop": [{"source": {"jsonpath": "$.error"}, "op": "exists"}],
        "checks": [{"source": {"jsonpath": "$.a"}, "op": "exists"}]
    });
    let (verdict, sentence) = first(members.clone(), status(503, r#"{"error": "bad schema"}"#));
    assert_eq!(
        (verdict, sentence.as_str()),
        (Verdict::Fail, "stopped: $.error exists is \"bad schema\"")
    );
    assert_eq!(first(members.clone(), ok("{}")).0, Verdict::Pending);
    assert_eq!(first(members, ok("<html>")).0, Verdict::Pending, "what can't be read doesn't stop");
}

#[test]
fn a_value_that_is_one_whole_template_keeps_its_type() {
    let document = json!({
        "baton": 1, "name": "t", "variables": {"n": 7, "s": "7"},
        "stages": [{"name": "a", "request": {"url": "http://a.example/"}, "checks": [
            {"source": {"jsonpath": "$.n"}, "op": "equals", "value": "{{n}}"},
            {"source": {"jsonpath": "$.s"}, "op": "equals", "value": "{{s}}"},
            {"source": {"jsonpath": "$.rows[?@.id=='{{s}}'].v"}, "op": "equals", "value": 1}
        ]}]
    });
    let body = r#"{"n": 7, "s": "7", "rows": [{"id": "7", "v": 1}, {"id": "8", "v": 2}]}"#;
    let mut sim = Sim::started(&document.to_string(), move |_, _| Fate::Now(ok(body)));
    sim.advance(secs(1));
    assert_eq!(sim.run().phase, RunPhase::Passed);
    let reading = &sim.attempts()[0].readings.read().unwrap()[2];
    assert_eq!(reading.selected, ["1"]);
    assert_eq!(reading.locations, ["$['rows'][0]['v']"]);
    assert_eq!(reading.rule, "$.rows[?@.id=='{{s}}'].v equals");
}

#[test]
fn huge_bodies_have_a_clear_reason() {
    let exists = || jsonpath("$.a", json!({"op": "exists"}));
    let too_large = Answer::Response(HttpResponse {
        status: 200,
        headers: Vec::new(),
        body: Body::TooLarge,
        redirected_to: None,
        hidden: None,
    });
    assert!(first(exists(), too_large).1.contains("larger than 5000000 bytes"));
    let many = format!("[{}1]", "1,".repeat(200_001));
    assert!(first(exists(), ok(&many)).1.contains("more than 200000 values"));
    let deep = "[".repeat(100_000);
    assert_eq!(first(exists(), ok(&deep)).0, Verdict::Pending);
}

#[test]
fn a_path_that_goes_through_too_much_has_a_clear_reason() {
    let body = || ok(&format!("[{}1]", "1,".repeat(3000)));
    let hostile = "$[?count($[*]) > 1]";
    let want = format!("{hostile} goes through more than 2000000 values; narrow the path");
    let check = jsonpath(hostile, json!({"op": "exists"}));
    assert_eq!(first(check, body()), (Verdict::Fail, want.clone()));
    let capture = json!({"captures": {"key": {"jsonpath": hostile}}});
    assert_eq!(first(capture, body()), (Verdict::Fail, want));
}

#[test]
fn timed_out_names_the_last_pending_check_and_since_when() {
    let members = jsonpath("$.a", json!({"op": "exists"}));
    let mut sim = polled(members, vec![status(404, ""), status(404, ""), ok("{}")], 10);
    match sim.stage(0).reason.unwrap().read() {
        Ok(Reason::DeadlinePassed { last: Some(last), since: Some(since), .. }) => {
            assert_eq!(*last, Reason::Missing { what: "$.a".into() });
            assert_eq!(since.since(START), secs(20), "since it was that, not since the beginning");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    let mut sim = polled(target(), vec![rows("error", &[json!(1), Value::Null])], 1);
    let attempt = sim.attempts().remove(0);
    for reading in attempt.readings.read().unwrap() {
        let (english, chinese) =
            (reading.reason.sentence(Locale::En), reading.reason.sentence(Locale::Zh));
        assert!(english.is_ascii(), "{english}");
        assert!(!chinese.is_ascii(), "{chinese}");
    }
}

#[test]
fn same_as_compares_with_the_record_of_an_earlier_stage_also_after_a_reload() {
    let document = json!({
        "baton": 1, "name": "t", "variables": {"amount": "19.90"},
        "fields": [{"name": "amount", "kind": "decimal", "tolerance": {"abs": "0.01"}}],
        "stages": [
            {"name": "Send", "request": {"url": "http://a.example/"},
             "record": {"fields": {"amount": {"variable": "amount"}}}},
            {"name": "Table", "request": {"url": "http://b.example/"}, "poll": {"interval": "10s"},
             "record": {"each": "$.rows[*]", "fields": {"amount": {"jsonpath": "$.amount"}}},
             "checks": [{"source": {"jsonpath": "$.rows[*].amount"}, "op": "same_as", "value": "Send.amount"}]},
            {"name": "Report", "request": {"url": "http://c.example/"}, "poll": {"interval": "10s"},
             "checks": [{"source": {"jsonpath": "$.sum"}, "op": "same_as", "value": "Table.amount"}]}
        ]
    });
    let answers = |call: &str| match call {
        "http://a.example/" => ok("accepted"),
        "http://b.example/" => ok(r#"{"rows": [{"amount": 19.9}]}"#),
        _ => ok(r#"{"sum": "20"}"#),
    };
    let mut sim =
        Sim::started(&document.to_string(), move |call, _| Fate::Now(answers(&call.request.url)));
    sim.advance(secs(1));
    sim.crash();
    sim.advance(secs(60));
    assert_eq!(sim.stage(1).phase, StagePhase::Passed);
    let stage = sim.stage(2);
    assert_eq!(stage.phase, StagePhase::Failed);
    assert_eq!(stage.reason.unwrap().sentence(Locale::En), "$.sum is \"20\", expected 19.9");
}

#[test]
fn latency_is_read_and_a_hidden_header_is_not_missing() {
    let latency = json!({"checks": [{"source": "latency", "op": "at_most", "value": 100}]});
    assert_eq!(first(latency, ok("{}")).0, Verdict::Pass);
    let header = |name: &str| json!({"checks": [{"source": {"header": name}, "op": "exists"}]});
    let with = |headers: &[(&str, &str)], hidden| {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let (headers, body) = (headers.collect(), Body::Text(String::new()));
        Answer::Response(HttpResponse { status: 200, headers, body, redirected_to: None, hidden })
    };
    let cors = || with(&[("content-type", "application/json")], Some(Hidden::Unexposed));
    let (verdict, sentence) = first(header("X-Request-Id"), cors());
    assert_eq!(verdict, Verdict::Pending);
    assert!(sentence.contains("the header `x-request-id` is hidden by the browser"), "{sentence}");
    let missing = first(header("cache-control"), cors()).1;
    assert_eq!(missing, "header cache-control is not there yet", "it would be shown");
    let withheld = || with(&[], Some(Hidden::Withheld(vec!["x-request-id".into()])));
    let sentence = first(header("X-Request-Id"), withheld()).1;
    assert!(sentence.contains("the header `x-request-id` is withheld by the proxy"), "{sentence}");
    let missing = first(header("etag"), withheld()).1;
    assert_eq!(missing, "header etag is not there yet", "the proxy has named what it withheld");
    let missing = first(header("x-request-id"), with(&[], None)).1;
    assert_eq!(missing, "header x-request-id is not there yet", "this answer shows all");
    let shown = with(&[("x-request-id", "7")], Some(Hidden::Unexposed));
    assert_eq!(first(header("X-Request-ID"), shown).0, Verdict::Pass);
}

#[test]
fn two_pending_checks_are_told_as_one() {
    let answer = rows("queued", &[json!(9), Value::Null]);
    let mut sim = polled(target(), vec![answer], 1);
    let reason = sim.attempts()[0].reason.clone().unwrap().read().unwrap();
    assert_eq!(
        reason.sentence_after(Locale::En, secs(250)),
        "2 of 3 at $.rows[*].id after 4 m 10 s; $.status is still \"queued\""
    );
    assert!(matches!(reason, Reason::Both { .. }));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// A check on `$.a`, and what it says of 1, of 2 and of nothing.
    fn checks(values: &[u8]) -> Value {
        let check = |(n, value): (usize, &u8)| json!({"source": {"jsonpath": format!("$.v{n}")}, "op": "equals", "value": value});
        json!({"checks": values.iter().enumerate().map(check).collect::<Vec<_>>()})
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn the_worst_verdict_wins(seen in proptest::collection::vec(0_u8..3, 1..6)) {
            // 0 is not there, 1 is right, 2 is wrong.
            let mut body = serde_json::Map::new();
            for (n, value) in seen.iter().enumerate().filter(|(_, value)| **value > 0) {
                body.insert(format!("v{n}"), json!(value));
            }
            let want = if seen.contains(&2) {
                Verdict::Fail
            } else if seen.contains(&0) {
                Verdict::Pending
            } else {
                Verdict::Pass
            };
            let members = checks(&vec![1; seen.len()]);
            prop_assert_eq!(first(members, ok(&Value::Object(body).to_string())).0, want);
        }

        #[test]
        fn one_more_record_never_turns_a_count_from_pass_to_pending(target in 1_u64..6, n in 0_usize..8) {
            let members = || jsonpath("$[*]", json!({"filter": ["count"], "op": "equals", "value": target}));
            let of = |n: usize| first(members(), ok(&json!(vec![0; n]).to_string())).0;
            prop_assert!(of(n) != Verdict::Pass || of(n + 1) != Verdict::Pending);
        }

        #[test]
        fn no_body_can_panic_the_engine(body in ".{0,200}") {
            let members = jsonpath("$..a[?@.b > 1]", json!({"filter": ["decimal", "first"], "op": "equals", "value": 1}));
            let (_, sentence) = first(members, ok(&body));
            prop_assert!(!sentence.is_empty());
        }

        #[test]
        fn no_document_can_panic_the_engine(document in "[\\[\\]{}\",:a-z0-9 ]{0,80}") {
            prop_assert!(baton_engine::chain::Chain::parse(&document).is_err());
        }
    }
}
