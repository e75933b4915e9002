//! Messages of the worker: JSON texts in, the protocol's types out.
#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![expect(dead_code, reason = "the helpers serve the screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use baton_engine::protocol::{
    Answer, Body, Event, Evidence, Fatal, FromWorker, Health, HoldView, HttpRequest, HttpResponse,
    Refusal, Reply, Role, RunPhase, Snapshot, StagePhase, StoreTrouble,
};
use baton_engine::verify::{Diagnosis, NotJson, Reason};
use common::{at, chain, envelope, run, wrong, wrong_attempt};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Goes through its text and comes back the same.
fn check(message: &FromWorker) {
    assert_eq!(FromWorker::from_json(&message.to_json()).as_ref(), Ok(message));
}

fn check_event(event: Event) {
    check(&FromWorker::Event(envelope(7, 1 << 40, event)));
}

#[wasm_bindgen_test]
fn messages_come_back_the_same() {
    check(&FromWorker::Role(Role::Follower));
    check(&FromWorker::Advanced { now_ms: at(1).as_ms() });
    check(&FromWorker::Fatal(Fatal::NoLocks));
    check(&FromWorker::Fatal(Fatal::Crashed { message: "out of bounds".into() }));
    let id = baton_engine::id::CommandId::try_from("c-1").unwrap();
    check_event(Event::Done { id: id.clone(), reply: Reply::Ok });
    check_event(Event::Done { id: id.clone(), reply: Reply::Saved { revision: 3 } });
    check_event(Event::Refused { id: id.clone(), refusal: Refusal::Conflict { revision: 4 } });
    check_event(Event::Refused { id: id.clone(), refusal: Refusal::NoEvidence });
    let response = HttpResponse {
        status: 200,
        headers: vec![("a".into(), "b".into())],
        body: Body::Text("{\"amount\":19.90}".into()),
        redirected_to: None,
        hidden: None,
    };
    for answer in [
        None,
        Some(Answer::Timeout),
        Some(Answer::NoResponse(Diagnosis::OwnPolicy { target: "http://a".into() })),
        Some(Answer::Response(response.clone())),
        Some(Answer::Response(HttpResponse { body: Body::TooLarge, ..response })),
    ] {
        let evidence = Evidence { request: HttpRequest::default(), answer, cut: true };
        let reply = Reply::Evidence(evidence.into());
        check_event(Event::Done { id: id.clone(), reply });
    }
}

#[wasm_bindgen_test]
fn views_come_back_the_same() {
    let mut held = run("r1", "a", RunPhase::Running, StagePhase::Holding);
    held.variables = vec![("amount".into(), "\"19.90\"".into())];
    held.stages[1].hold = Some(HoldView::Lasting { since: at(1), need_ms: 60_000 });
    held.stages[0].hold = Some(HoldView::Polls { seen: 1, need: 3 });
    let timed_out = Reason::DeadlinePassed {
        timeout_ms: 60_000,
        last: Some(Box::new(Reason::NotJson { kind: NotJson::Html })),
        since: Some(at(2)),
    };
    held.stages[1].reason = Some(timed_out.into());
    let trouble = StoreTrouble { message: "full".into(), failures: 2, retry_at: at(9) };
    let health = Health { store: Some(trouble), ..Health::default() };
    check_event(Event::Snapshot(Snapshot {
        chains: vec![chain("a", "购买")],
        runs: vec![held],
        secrets: Vec::new(),
        health,
    }));
    check_event(Event::AttemptChanged(wrong_attempt("r1")));
    let mut unconfirmed = wrong_attempt("r1");
    unconfirmed.reason =
        Some(Reason::Unconfirmed { seen: 1, need: 2, wrong: Box::new(wrong()) }.into());
    unconfirmed.status = None;
    check_event(Event::AttemptChanged(unconfirmed));
}

#[wasm_bindgen_test]
fn what_is_not_the_protocol_is_an_error() {
    for text in [
        "null",
        "3",
        "\"shout\"",
        "{}",
        "{\"role\":\"king\"}",
        "{\"advanced\":{\"now_ms\":1.5}}",
        "{\"advanced\":{\"now_ms\":\"1\"}}",
        "{\"event\":{\"version\":1}}",
        "{\"fatal\":{\"crashed\":{}}}",
        "{\"role\":",
    ] {
        assert!(FromWorker::from_json(text).is_err(), "{text}");
    }
}
