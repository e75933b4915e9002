//! Control, limits, routes and the log.

mod common;

use common::{Lab, PURCHASE};
use pipeline::limits::{MAX_BODY_BYTES, MAX_EVENTS, MAX_URL_BYTES};
use pipeline::{ClockMode, Method, Options, Request};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn faults_replace_those_of_the_systems_they_name() {
    let mut lab = Lab::new(Options::default());
    lab.faults(r#"{"warehouse":["rounded"],"report":["lost"]}"#);
    lab.faults(r#"{"warehouse":[{"fault":"late","by_ms":7,"rate":0.5}]}"#);
    let state = lab.json("/_control/state");
    assert_eq!(
        state["faults"]["warehouse"].to_string(),
        r#"[{"fault":"late","by_ms":7,"rate":0.5}]"#
    );
    assert_eq!(state["faults"]["report"], json!([{"fault": "lost"}]));
    lab.faults(r#"{"report":[]}"#);
    assert_eq!(lab.json("/_control/state")["faults"]["report"], json!([]));
}

#[test]
fn wrong_documents_change_nothing_and_say_why() {
    let mut lab = Lab::new(Options { clock: ClockMode::Manual, ..Options::default() });
    let before = lab.json("/_control/state");
    let mut check = |target: &str, body: &str, want: &str| {
        let answer = lab.post(target, body);
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert!(answer.text().contains(want), "{body}: {}", answer.text());
    };
    check(
        "/_control/faults",
        r#"{"report":["lost"],"warehouse":["los"]}"#,
        "faults.warehouse[0]: there is no fault `los`",
    );
    check("/_control/faults", "", "the body is empty");
    check("/_control/faults", "{", "the body is not JSON");
    check(
        "/_control/delays",
        r#"{"report":"1s","jitter":"soon"}"#,
        "delays.jitter must be milliseconds",
    );
    check("/_control/delays", r#"{"reprt":"1s"}"#, "there is no system `reprt`");
    check("/_control/clock", r#"{"advance":1}"#, "advance_ms");
    check("/_control/clock", r#"{"advance_ms":-1}"#, "advance_ms");
    check("/_control/clock", r#"{"advance_ms":18446744073709551615}"#, "ten years");
    assert_eq!(lab.json("/_control/state"), before);
}

#[test]
fn delays_hold_for_what_is_sent_from_then_on() {
    let mut lab = Lab::new(Options::default());
    lab.send(r#"{"event_id":"a"}"#);
    assert_eq!(lab.post("/_control/delays", r#"{"report":"250ms","jitter":0}"#).status, 200);
    lab.send(r#"{"event_id":"b"}"#);
    lab.send(r#"{"event_id":"c","delays":{"report":10}}"#);
    let mut check = |ms, want: &[&str]| {
        lab.ms = ms;
        let answer = lab.json("/report/events.json");
        let ids: Vec<_> = answer["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["event_id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, want, "{ms}");
    };
    check(9, &[]);
    check(10, &["c"]);
    check(250, &["b", "c"]);
    check(12_000, &["a", "b", "c"]);
}

#[test]
fn the_manual_clock_is_moved_and_the_real_one_is_not() {
    let mut lab = Lab::new(Options { clock: ClockMode::Manual, ..Options::default() });
    lab.send(PURCHASE);
    let answer = lab.post("/_control/clock", r#"{"advance_ms":1000}"#);
    assert!(answer.text().contains(r#""now":"2026-11-23T12:00:01.000Z""#), "{}", answer.text());
    assert_eq!(lab.json("/micro/all")["good"], json!(1));

    let answer = Lab::new(Options::default()).post("/_control/clock", r#"{"advance_ms":1000}"#);
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("--clock manual"));
}

#[test]
fn a_reset_leaves_the_options_and_the_clock() {
    let mut options = Options { clock: ClockMode::Manual, ..Options::default() };
    pipeline::apply_fault_flag(&mut options.faults, "report=lost").unwrap();
    let mut lab = Lab::new(options);
    lab.faults(r#"{"report":[],"stream":["hang"]}"#);
    lab.post("/_control/delays", r#"{"collector":0,"jitter":5}"#);
    lab.send(PURCHASE);
    lab.post("/events", "bad");
    lab.post("/_control/clock", r#"{"advance_ms":1000}"#);
    assert_eq!(lab.post("/_control/reset", "").status, 200);
    let state = lab.json("/_control/state");
    assert_eq!(state["faults"]["report"], json!([{"fault": "lost"}]));
    assert_eq!(state["faults"]["stream"], json!([]));
    assert_eq!((&state["delays_ms"]["collector"], &state["jitter_ms"]), (&json!(1000), &json!(0)));
    assert_eq!(state["now"], "2026-11-23T12:00:01.000Z");
    for kept in ["events", "bad", "log"] {
        assert_eq!(state[kept], json!({"kept": 0, "dropped": 0}), "{kept}");
    }
}

#[test]
fn the_log_says_who_asked_for_what() {
    let mut lab = Lab::new(Options::default());
    lab.ms = 5;
    lab.send(PURCHASE);
    lab.faults(r#"{"report":["hang"]}"#);
    let ask = Request::new(Method::Get, "/report/events.json?event_id=4f1c")
        .with_header("Origin", "http://page.example")
        .with_header("User-Agent", "secret");
    lab.handle(&ask);
    lab.get("/nowhere");
    let at = common::NOON + 5;
    let entry = |n: u64, method: &str, path: &str| json!({"n": n, "at_ms": at, "method": method, "path": path});
    let mut want = vec![
        entry(1, "POST", "/events"),
        entry(2, "GET", "/report/events.json"),
        entry(3, "GET", "/nowhere"),
    ];
    let rest = [
        json!({"query": "", "system": "intake", "event_id": "4f1c", "status": 202, "origin": null}),
        json!({"query": "event_id=4f1c", "system": "report", "event_id": "4f1c", "status": null, "origin": "http://page.example"}),
        json!({"query": "", "system": null, "event_id": null, "status": 404, "origin": null}),
    ];
    for (entry, rest) in want.iter_mut().zip(rest) {
        entry.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    }
    assert_eq!(lab.json("/_control/log"), Value::Array(want));
}

#[test]
fn micros_reset_is_the_collectors_alone() {
    let mut lab = Lab::new(Options::default());
    lab.send(PURCHASE);
    lab.post("/events", "bad");
    lab.ms = 60_000;
    assert_eq!(lab.get("/micro/all").text(), r#"{"total":2,"good":1,"bad":1}"#);
    assert_eq!(lab.get("/micro/reset").text(), r#"{"total":0,"good":0,"bad":0}"#);
    assert_eq!(lab.get("/micro/all").text(), r#"{"total":0,"good":0,"bad":0}"#);
    assert_eq!(lab.json("/report/events.json")["rows"].as_array().unwrap().len(), 1);
    lab.send(PURCHASE);
    lab.ms += 1000;
    assert_eq!(lab.json("/micro/all")["good"], json!(1));
}

#[test]
fn bad_events_are_shown_with_their_errors() {
    let mut lab = Lab::new(Options::default());
    lab.post("/events", "{\"amount\":1}");
    lab.get("/i?e=pv");
    let bad = lab.json("/micro/bad");
    assert_eq!(bad[0]["collectorPayload"]["body"], "e=pv", "newest first");
    assert!(bad[1]["errors"][0].as_str().unwrap().contains("event_id is missing"));
    let filtered = lab.post(
        "/micro/bad",
        r#"{"vendor":"com.snowplowanalytics.snowplow","version":"i","limit":5}"#,
    );
    assert_eq!(
        serde_json::from_str::<Value>(&filtered.text()).unwrap().as_array().unwrap().len(),
        1
    );
}

#[test]
fn trackers_get_their_credentials_allowed() {
    let mut lab = Lab::new(Options::default());
    for (method, target) in
        [(Method::Get, "/i?e=pv&eid=1"), (Method::Post, "/com.snowplowanalytics.snowplow/tp2")]
    {
        for method in [method, Method::Options] {
            let answer = lab
                .answer(&Request::new(method, target).with_header("origin", "http://page.example"));
            assert_eq!(answer.header("access-control-allow-origin"), Some("http://page.example"));
            assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        }
    }
}

#[test]
fn preflights_allow_what_a_page_needs() {
    let mut lab = Lab::new(Options::default());
    for target in ["/events", "/micro/good", "/clickhouse", "/_control/faults", "/"] {
        let answer = lab.answer(&Request::new(Method::Options, target));
        assert_eq!(answer.status, 204, "{target}");
        assert!(answer.header("access-control-allow-headers").unwrap().contains("content-type"));
        assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    }
}

#[test]
fn limits_and_unknown_paths() {
    let mut lab = Lab::new(Options::default());
    assert_eq!(lab.get(&format!("/micro/good?{}", "x".repeat(MAX_URL_BYTES))).status, 414);
    assert_eq!(lab.post("/events", &" ".repeat(MAX_BODY_BYTES + 1)).status, 413);
    assert_eq!(lab.post("/events", &" ".repeat(MAX_BODY_BYTES)).status, 400);
    for path in [
        "/nowhere",
        "/events/",
        "/_control/",
        "/_control/nothing",
        "//_search",
        "/a/b/_search",
        "nothing",
    ] {
        let answer = lab.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("POST /events"), "{path}");
    }
    for (method, target) in [
        (Method::Get, "/events"),
        (Method::Other, "/micro/good"),
        (Method::Post, "/micro/all"),
        (Method::Head, "/micro/reset"),
        (Method::Get, "/_control/reset"),
        (Method::Post, "/_control/log"),
    ] {
        let answer = lab.answer(&Request::new(method, target));
        assert_eq!(answer.status, 405, "{target}");
        assert!(answer.header("allow").is_some());
    }
    assert_eq!(lab.answer(&Request::new(Method::Head, "/micro/all")).text(), "");
}

#[test]
fn the_oldest_events_are_dropped_and_counted() {
    let mut lab = Lab::new(Options::default());
    for id in 0..=MAX_EVENTS {
        lab.send(&format!(r#"{{"event_id":"{id}"}}"#));
    }
    let state = lab.json("/_control/state");
    assert_eq!(state["events"], json!({"kept": MAX_EVENTS, "dropped": 1}));
    lab.ms = 60_000;
    assert_eq!(lab.json("/report/events.json?event_id=0")["rows"], json!([]));
    assert_eq!(lab.json("/report/events.json?event_id=1")["rows"].as_array().unwrap().len(), 1);
}

#[test]
fn jitter_is_the_seeds_and_stays_within_its_bound() {
    let arrivals = |seed: u64| -> Vec<i64> {
        let mut options = Options { seed: pipeline::Seed::new(seed), ..Options::default() };
        options.delays.jitter = std::time::Duration::from_millis(50);
        let mut lab = Lab::new(options);
        for id in 0..20 {
            lab.send(&format!(r#"{{"event_id":"{id}"}}"#));
        }
        let counts = (990..=1060).map(|ms| {
            lab.ms = ms;
            lab.json("/micro/all")["good"].as_i64().unwrap()
        });
        counts.collect()
    };
    let seven = arrivals(7);
    assert_eq!((seven[9], seven[60]), (0, 20), "none before the delay, all after the jitter");
    assert_eq!(seven, arrivals(7));
    assert_ne!(seven, arrivals(8));
}

fn any_request() -> impl Strategy<Value = Request> {
    let method = prop_oneof![
        Just(Method::Get),
        Just(Method::Post),
        Just(Method::Options),
        Just(Method::Head)
    ];
    let target = "/(events|i|micro/(good|bad|all|reset)|api/v1/query|e/_search|e/_count|clickhouse|report/(events|daily).json|_control/(faults|delays|clock|state|reset|log)|\\PC{0,9})(\\?(event_id|query|q|day|e|eid|ue_px)=\\PC{0,20})?";
    let body = prop_oneof![
        "\\PC{0,40}",
        r#"\{"(event_id|query|schema|faults|warehouse|advance_ms)":("\PC{0,8}"|[0-9]{1,20}|\[\]|\{\}|null)\}"#
    ];
    (method, target, body)
        .prop_map(|(method, target, body)| Request::new(method, &target).with_body(body))
}

proptest! {
    #[test]
    fn no_request_panics_and_the_same_requests_give_the_same_answers(
        requests in prop::collection::vec((any_request(), 0_i64..5000), 1..12),
        seed: u64,
    ) {
        let answers = || {
            let clock = ClockMode::Manual;
            let mut lab = Lab::new(Options { seed: pipeline::Seed::new(seed), clock, ..Options::default() });
            requests.iter().map(|(request, ms)| { lab.ms += ms; lab.handle(request) }).collect::<Vec<_>>()
        };
        prop_assert_eq!(answers(), answers());
    }
}
