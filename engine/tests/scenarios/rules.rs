//! Rules about requests that are sent once, holds and lost attempts that no other scenario tells.

use baton_engine::protocol::{Answer, AttemptPhase, StagePhase};
use baton_engine::verify::{Diagnosis, Reason, Verdict};
use serde_json::json;

use crate::sim::{Fate, START, Sim, ok, secs, stage};

const PASS: &str = r#"{"ok": true}"#;
const WRONG: &str = r#"{"ok": false}"#;

fn polled(members: serde_json::Value) -> String {
    let mut all =
        json!({"checks": [{"source": {"jsonpath": "$.ok"}, "op": "equals", "value": true}]});
    all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    stage(all)
}

fn sent_once(on_interrupt: &str) -> String {
    stage(json!({
        "once": true, "on_interrupt": on_interrupt,
        "request": {"method": "POST", "url": "http://a.example/", "json": {}}
    }))
}

#[test]
fn a_crash_during_the_one_request_is_decided_by_on_interrupt() {
    for (on_interrupt, phase, sent) in [
        ("stop", StagePhase::Failed, 1),
        ("continue", StagePhase::Passed, 1),
        ("resend", StagePhase::Passed, 2),
    ] {
        let mut sim = Sim::started(&sent_once(on_interrupt), |_, now| {
            if now == START { Fate::Never } else { Fate::Now(ok(PASS)) }
        });
        sim.advance(secs(2));
        sim.crash();
        sim.advance(secs(50));
        let view = sim.stage(0);
        assert_eq!((view.phase, sim.times("//a").len()), (phase, sent), "{on_interrupt}");
        assert_eq!(view.unconfirmed, on_interrupt == "continue");
    }
}

#[test]
fn a_request_that_may_be_resent_is_until_its_deadline() {
    let silence = || Fate::Now(Answer::NoResponse(Diagnosis::NoAnswer));
    let mut sim = Sim::started(&sent_once("resend"), move |_, _| silence());
    sim.advance(secs(200));
    assert_eq!(sim.times("//a"), [0, 10, 20, 30, 40, 50, 60]);
    assert_eq!(sim.stage(0).phase, StagePhase::TimedOut);
}

#[test]
fn a_hold_by_polls_goes_on_over_a_gap() {
    let document = polled(json!({"poll": {"interval": "10s", "timeout": "2h", "hold": 3}}));
    let mut sim = Sim::started(&document, |_, _| Fate::Now(ok(PASS)));
    sim.advance(secs(1));
    sim.sleep(secs(1000));
    sim.advance(secs(20));
    assert_eq!(sim.stage(0).phase, StagePhase::Passed, "three polls passed");
    assert_eq!(sim.times("//a").len(), 3);
}

#[test]
fn a_hold_never_changes_an_attempts_own_verdict() {
    let document = polled(json!({"poll": {"interval": "10s", "hold": 3}}));
    let mut sim = Sim::started(&document, |_, _| Fate::Now(ok(PASS)));
    sim.advance(secs(5));
    assert_eq!(sim.stage(0).phase, StagePhase::Holding);
    assert_eq!(sim.attempts()[0].phase, AttemptPhase::Judged(Verdict::Pass));
}

#[test]
fn a_lost_attempt_counts_for_no_hold() {
    let document = polled(json!({"poll": {"interval": "10s", "timeout": "2h", "hold": 3}}));
    let mut sim = Sim::started(&document, |_, now| {
        if now.since(START) == secs(10) { Fate::Never } else { Fate::Now(ok(PASS)) }
    });
    sim.advance(secs(12));
    sim.crash();
    sim.advance(secs(10));
    assert_eq!(sim.stage(0).phase, StagePhase::Holding, "two polls passed, and one was lost");
    sim.advance(secs(10));
    assert_eq!(sim.stage(0).phase, StagePhase::Passed);
    assert_eq!(sim.times("//a"), [0, 10, 20, 30]);
}

#[test]
fn a_lost_attempt_counts_for_no_confirmation() {
    let check =
        json!([{"source": {"jsonpath": "$.ok"}, "op": "equals", "value": true, "confirm": 2}]);
    let mut sim = Sim::started(&stage(json!({"checks": check})), |_, now| {
        if now.since(START) == secs(10) { Fate::Never } else { Fate::Now(ok(WRONG)) }
    });
    sim.advance(secs(12));
    let reason = sim.stage(0).reason.unwrap().read();
    assert!(matches!(reason, Ok(Reason::Unconfirmed { seen: 1, need: 2, .. })));
    sim.crash();
    assert_eq!(sim.stage(0).phase, StagePhase::Waiting);
    sim.advance(secs(10));
    assert_eq!(sim.stage(0).phase, StagePhase::Failed, "the second wrong reading in a row");
    assert_eq!(sim.times("//a"), [0, 10, 20]);
}
