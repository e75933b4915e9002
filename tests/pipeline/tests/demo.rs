//! The demo: its state follows from its seed and the accepted sends.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail as tests do")]

mod common;

use common::{ASK_EACH, NOON, PURCHASE};
use pipeline::Seed;
use pipeline::demo::Demo;
use proptest::prelude::*;
use serde_json::{Value, json};

fn get(target: &str) -> String {
    json!({"method": "GET", "url": format!("demo://{target}")}).to_string()
}

fn post(target: &str, body: &str) -> String {
    json!({"method": "POST", "url": format!("demo://{target}"), "headers": {"content-type": "application/json"}, "body": body}).to_string()
}

#[expect(clippy::cast_precision_loss, reason = "instants of this century are exact")]
fn at(ms: i64) -> f64 {
    (NOON + ms) as f64
}

fn parsed(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap()
}

#[test]
fn an_event_is_sent_seen_and_remembered() {
    let mut demo = Demo::new(Seed::new(7));
    let send = post("/events", PURCHASE);
    let sent = parsed(&demo.handle(&send, at(0)));
    assert_eq!((&sent["status"], &sent["accepted"]), (&json!(202), &json!(true)));
    for (system, target) in ASK_EACH {
        let answer = parsed(&demo.handle(&get(target), at(12_000)));
        assert!(answer["body"].as_str().unwrap().contains("19.90"), "{system}: {answer}");
        assert_eq!(answer["headers"][0], json!(["content-type", "application/json"]));
        assert_eq!(answer.get("accepted"), None);
    }
    let mut again = Demo::new(Seed::new(7));
    let kept = json!([{"request": send, "at_ms": NOON}, {"request": parsed(&send), "at_ms": NOON + 1}, {"request": 1}, 2]);
    for _ in 0..2 {
        assert_eq!(again.replay(&kept.to_string(), at(12_000)), r#"{"replayed":2,"refused":2}"#);
    }
    let rows = parsed(&again.handle(&get("/report/daily.json"), at(13_000)));
    assert!(rows["body"].as_str().unwrap().contains(r#""n":2,"revenue":39.80"#), "{rows}");
}

#[test]
fn what_only_reads_is_not_to_be_remembered_and_what_steers_is_refused() {
    let mut demo = Demo::new(Seed::new(7));
    let bad = parsed(&demo.handle(&post("/events", "{}"), at(0)));
    assert_eq!(
        (&bad["status"], &bad["accepted"]),
        (&json!(400), &json!(true)),
        "it is in /micro/bad from now on"
    );
    for request in [
        post("/_control/faults", "{}"),
        post("/_control/reset", ""),
        get("/_control/log"),
        get("/micro/reset"),
    ] {
        let answer = parsed(&demo.handle(&request, at(0)));
        assert_eq!((&answer["status"], answer.get("accepted")), (&json!(403), None), "{request}");
        assert!(answer["body"].as_str().unwrap().contains("give the event its own"));
    }
}

#[test]
fn a_hang_is_said_and_may_still_be_accepted() {
    let mut demo = Demo::new(Seed::new(7));
    let body = r#"{"event_id":"4f1c","faults":{"intake":["hang"],"report":["hang"]}}"#;
    assert_eq!(demo.handle(&post("/events", body), at(0)), r#"{"hang":true,"accepted":true}"#);
    assert_eq!(demo.handle(&get("/report/events.json?event_id=4f1c"), at(0)), r#"{"hang":true}"#);
}

#[test]
fn what_cannot_be_read_is_400() {
    let mut demo = Demo::new(Seed::new(7));
    let mut check = |request: &str, now: f64, want: &str| {
        let answer = parsed(&demo.handle(request, now));
        assert_eq!(answer["status"], json!(400), "{request}");
        assert!(answer["body"].as_str().unwrap().contains(want), "{request}: {answer}");
    };
    check("", 0.0, "not JSON");
    check("[]", 0.0, "a JSON object");
    check("{}", 0.0, "url must be a text");
    check(r#"{"url":"https://example.com/"}"#, 0.0, "write `demo:///`");
    check(r#"{"url":"demo:///","method":1}"#, 0.0, "method must be a text");
    check(r#"{"url":"demo:///","headers":{"a":1}}"#, 0.0, "headers must be");
    check(r#"{"url":"demo:///","headers":[["a"]]}"#, 0.0, "headers must be");
    check(r#"{"url":"demo:///","body":{}}"#, 0.0, "body must be a text");
    check(&get("/micro/all"), f64::NAN, "now_ms must be");
    check(&get("/micro/all"), 1e300, "now_ms must be");
    check(&"x".repeat(2 << 20), 0.0, "send less");
}

#[test]
fn a_wrong_list_of_sends_changes_nothing() {
    let mut demo = Demo::new(Seed::new(7));
    demo.handle(&post("/events", PURCHASE), at(0));
    for kept in ["", "{}", "1"] {
        assert!(demo.replay(kept, at(0)).contains("error"), "{kept}");
    }
    assert!(demo.replay("[]", f64::INFINITY).contains("now_ms"));
    assert!(demo.handle(&get("/micro/all"), at(1000)).contains("\\\"good\\\":1"));
}

#[test]
fn a_send_from_the_future_is_taken_as_now() {
    let mut demo = Demo::new(Seed::new(7));
    let kept = json!([{"request": post("/events", PURCHASE), "at_ms": NOON + 3_600_000}]);
    demo.replay(&kept.to_string(), at(0));
    assert!(demo.handle(&get("/micro/all"), at(1000)).contains("\\\"good\\\":1"));
}

/// Sends, some of them faulty or wrong, and reads, in any order.
fn any_step() -> impl Strategy<Value = String> {
    let fault = prop_oneof![
        Just(r#""lost""#),
        Just(r#""duplicate""#),
        Just(r#""hang""#),
        Just(r#""no_cors""#),
        Just(r#"{"fault":"rounded","rate":0.5}"#),
        Just(r#"{"fault":"server_error","for_ms":4000}"#),
        Just(r#"{"fault":"late","by_ms":700,"rate":0.3}"#),
        Just(r#"{"fault":"lost","for_ms":900}"#),
    ];
    let system = prop_oneof![
        Just("collector"),
        Just("stream"),
        Just("cleaned"),
        Just("warehouse"),
        Just("report")
    ];
    let send = (0..4, 0..100, system, fault, 0..3000).prop_map(|(id, amount, system, fault, delay)| {
        let body = format!(
            r#"{{"event_id":"4f1c{id}","amount":{amount}.50,"faults":{{"{system}":[{fault}]}},"delays":{{"{system}":{delay}}}}}"#
        );
        post("/events", &body)
    });
    let wrong = "\\PC{0,12}".prop_map(|body| post("/events", &body));
    let pixel = (0..4).prop_map(|id| get(&format!("/i?e=se&eid=4f1c{id}&se_ac=buy&se_va=2.50")));
    let read = prop::sample::select(reads());
    prop_oneof![4 => send, 1 => wrong, 1 => pixel, 4 => read]
}

fn reads() -> Vec<String> {
    let named = ASK_EACH
        .iter()
        .flat_map(|(_, target)| (0..4).map(move |id| target.replace("4f1c", &format!("4f1c{id}"))));
    let all = [
        "/micro/all",
        "/micro/good",
        "/micro/bad",
        "/report/daily.json",
        "/e/_count",
        "/micro/reset",
        "/_control/log",
    ];
    named.chain(all.map(str::to_owned)).map(|target| get(&target)).collect()
}

proptest! {
    #[test]
    fn replaying_the_accepted_sends_gives_the_same_answers(
        steps in prop::collection::vec((any_step(), 0_i64..2500), 1..25),
        wait in 0_i64..20_000,
        seed: u64,
    ) {
        let mut first = Demo::new(Seed::new(seed));
        let (mut ms, mut kept) = (0, Vec::new());
        for (step, pause) in &steps {
            ms += pause;
            if parsed(&first.handle(step, at(ms))).get("accepted").is_some() {
                kept.push(json!({"request": step, "at_ms": NOON + ms}));
            }
        }
        ms += wait;
        let mut second = Demo::new(Seed::new(seed));
        let replayed = second.replay(&json!(kept).to_string(), at(ms));
        prop_assert_eq!(replayed, format!("{{\"replayed\":{},\"refused\":0}}", kept.len()));
        for read in reads() {
            prop_assert_eq!(first.handle(&read, at(ms)), second.handle(&read, at(ms)), "{}", read);
        }
    }

    #[test]
    fn no_text_panics(request in "\\PC{0,60}", kept in "\\PC{0,60}", now_ms: f64) {
        let mut demo = Demo::new(Seed::new(1));
        demo.handle(&request, now_ms);
        demo.handle(&get(&request), now_ms);
        demo.handle(&post("/com.snowplowanalytics.snowplow/tp2", &kept), now_ms);
        demo.replay(&kept, now_ms);
    }
}
