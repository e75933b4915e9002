//! Backoff: polls become rarer, each by a date of its own, over reloads and clocks set back.

use baton_engine::chain::Chain;
use baton_engine::protocol::{Command, Reply, StagePhase};
use serde_json::{Value, json};

use crate::sim::{Fate, Sim, ok, run_id, secs, stage};

/// A stage polled every 10 s, at first, for 1000 s.
fn document(backoff: Value, more: Value) -> String {
    let mut poll = json!({"interval": "10s", "timeout": "1000s", "backoff": backoff});
    poll.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    stage(json!({"poll": poll, "checks": [{"source": {"jsonpath": "$.ok"}, "op": "exists"}]}))
}

fn polls(backoff: Value, for_seconds: u64) -> Vec<u64> {
    let mut sim = Sim::started(&document(backoff, json!({})), |_, _| Fate::Now(ok("{}")));
    sim.advance(secs(for_seconds));
    sim.times("//a")
}

#[test]
fn exponential_backoff_multiplies_the_pause_up_to_its_maximum() {
    let all = polls(json!({"kind": "exponential", "factor": 2, "max": "60s"}), 300);
    assert_eq!(all, [0, 10, 30, 70, 130, 190, 250]);
    assert_eq!(polls(json!({"kind": "exponential"}), 200), [0, 10, 30, 70, 150], "2 by default");
    let fine = polls(json!({"kind": "exponential", "factor": 1.5, "max": "20s"}), 70);
    assert_eq!(fine, [0, 10, 25, 45, 65]);
}

#[test]
fn linear_backoff_adds_to_the_pause() {
    assert_eq!(polls(json!({"kind": "linear"}), 110), [0, 10, 30, 60, 100]);
    assert_eq!(
        polls(json!({"kind": "linear", "factor": 2, "max": "35s"}), 120),
        [0, 10, 40, 75, 110]
    );
}

#[test]
fn the_pause_counts_from_the_answer() {
    let document = document(json!({"kind": "exponential"}), json!({}));
    let mut sim = Sim::started(&document, |_, _| Fate::After(secs(4), ok("{}")));
    sim.advance(secs(100));
    assert_eq!(sim.times("//a"), [0, 14, 38, 82]);
}

#[test]
fn a_reload_restarts_no_backoff() {
    let document = document(json!({"kind": "exponential"}), json!({}));
    let mut sim = Sim::started(&document, |_, _| Fate::Now(ok("{}")));
    sim.advance(secs(35));
    sim.crash();
    sim.advance(secs(200));
    assert_eq!(sim.times("//a"), [0, 10, 30, 70, 150]);
}

#[test]
fn an_attempt_that_is_lost_is_followed_as_if_it_had_been_answered() {
    let document = document(json!({"kind": "exponential"}), json!({}));
    let mut sim = Sim::started(&document, |_, now| {
        if now.since(crate::sim::START) == secs(30) { Fate::Never } else { Fate::Now(ok("{}")) }
    });
    sim.advance(secs(33));
    sim.crash();
    sim.advance(secs(60));
    assert_eq!(sim.times("//a"), [0, 10, 30, 70]);
}

#[test]
fn a_clock_set_back_keeps_the_pause() {
    let document = document(json!({"kind": "exponential"}), json!({}));
    let mut sim = Sim::started(&document, |_, _| Fate::Now(ok("{}")));
    sim.advance(secs(35));
    sim.set_back(secs(20));
    assert_eq!(sim.stage(0).due.unwrap().since(crate::sim::START), secs(50), "35 s from now");
    sim.crash();
    sim.advance(secs(40));
    assert_eq!(sim.times("//a"), [0, 10, 30, 50]);
}

#[test]
fn after_a_sleep_there_is_one_poll_and_the_backoff_goes_on() {
    let document = document(json!({"kind": "exponential"}), json!({}));
    let mut sim = Sim::started(&document, |_, _| Fate::Now(ok("{}")));
    sim.advance(secs(35));
    sim.sleep(secs(100));
    sim.advance(secs(90));
    assert_eq!(sim.times("//a"), [0, 10, 30, 135, 215]);
}

#[test]
fn the_last_attempt_comes_at_the_deadline_all_the_same() {
    let document = document(json!({"kind": "exponential"}), json!({"timeout": "100s"}));
    let mut sim = Sim::started(&document, |_, _| Fate::Now(ok("{}")));
    sim.advance(secs(500));
    assert_eq!(sim.times("//a"), [0, 10, 30, 70, 100]);
    assert_eq!(sim.stage(0).phase, StagePhase::TimedOut);
}

#[test]
fn what_has_to_last_is_polled_as_often_as_ever() {
    let document = document(json!({"kind": "exponential"}), json!({"hold": 3}));
    let mut sim = Sim::started(&document, |_, now| {
        let there = now.since(crate::sim::START) >= secs(70);
        Fate::Now(ok(if there { r#"{"ok": 1}"# } else { "{}" }))
    });
    sim.advance(secs(500));
    assert_eq!(sim.times("//a"), [0, 10, 30, 70, 80, 90]);
    assert_eq!(sim.stage(0).phase, StagePhase::Passed);
}

#[test]
fn a_pause_puts_a_poll_off_until_the_resume() {
    let document = document(json!({"kind": "exponential"}), json!({}));
    let mut sim = Sim::started(&document, |_, _| Fate::Now(ok("{}")));
    sim.advance(secs(15));
    assert_eq!(sim.command(Command::PauseRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(85));
    assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(60));
    assert_eq!(sim.times("//a"), [0, 10, 100, 140]);
}

#[test]
fn a_poll_by_hand_counts_as_one() {
    let document = document(json!({"kind": "exponential"}), json!({}));
    let mut sim = Sim::started(&document, |_, _| Fate::Now(ok("{}")));
    sim.advance(secs(5));
    assert_eq!(sim.command(Command::PollNow { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(80));
    assert_eq!(sim.times("//a"), [0, 5, 25, 65]);
}

#[test]
fn a_backoff_that_makes_no_sense_is_refused_with_its_place() {
    let check = |backoff: Value, want: &str| {
        let problems = Chain::parse(&document(backoff, json!({}))).unwrap_err();
        assert_eq!(problems[0].to_string(), want);
    };
    let at = "stages[0].poll.backoff";
    check(json!({}), &format!("{at}: the key \"kind\" is missing; add it"));
    check(json!(2), &format!("{at}: expected an object, found a number"));
    check(
        json!({"kind": "cubic"}),
        &format!("{at}.kind: unknown word \"cubic\"; use one of linear, exponential"),
    );
    for factor in [json!(0.5), json!(0), json!(101), json!(1.0001), json!(-2)] {
        check(
            json!({"kind": "linear", "factor": factor}),
            &format!("{at}.factor: {factor} is out of range; use 1 to 100"),
        );
    }
    check(
        json!({"kind": "linear", "factor": "2"}),
        &format!("{at}.factor: expected a number, found a text"),
    );
    check(
        json!({"kind": "linear", "max": "5s"}),
        &format!("{at}.max: 5 s is out of range; use 10 s to 7 d"),
    );
}

#[test]
fn a_stage_has_its_chains_backoff_or_its_own() {
    let document = json!({
        "baton": 1, "name": "t",
        "poll": {"interval": "10s", "backoff": {"kind": "exponential"}},
        "stages": [
            {"name": "a", "request": {"url": "http://a.example/"}, "checks": [{"source": {"jsonpath": "$.a"}, "op": "exists"}]},
            {"name": "b", "request": {"url": "http://b.example/"}, "poll": {"backoff": {"kind": "linear"}},
             "checks": [{"source": {"jsonpath": "$.b"}, "op": "exists"}]}
        ]
    });
    let mut sim = Sim::started(&document.to_string(), |_, now| {
        let there = now.since(crate::sim::START) >= secs(30);
        Fate::Now(ok(if there { r#"{"a": 1}"# } else { "{}" }))
    });
    sim.advance(secs(100));
    assert_eq!((sim.times("//a"), sim.times("//b")), (vec![0, 10, 30], vec![30, 40, 60, 90]));
}
