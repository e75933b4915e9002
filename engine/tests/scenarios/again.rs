//! `verify_again`: when the last stage has passed, all that was polled is polled once more, and nothing
//! may have changed. Each of these polls is a stage of its own: those that passed stay as they are.

use baton_engine::chain::Chain;
use baton_engine::locale::Locale;
use baton_engine::protocol::{Answer, RunPhase, StagePhase};
use baton_engine::verify::Diagnosis;
use serde_json::{Value, json};

use crate::groups::{phases, polled};
use crate::sim::{Fate, START, Sim, ok, run_id, secs, status};
use baton_engine::protocol::{Command, Reply};

const PASS: &str = r#"{"ok": true}"#;

/// `send` once, then `table`, then `report`; then the last two again.
fn document() -> Value {
    let send = json!({
        "name": "send", "once": true,
        "request": {"method": "POST", "url": "http://send.example/", "json": {}}
    });
    json!({
        "baton": 1, "name": "t", "poll": {"interval": "10s", "timeout": "60s"}, "verify_again": true,
        "stages": [send, polled("table"), polled("report")]
    })
}

/// A run whose report is there after 20 s, and whose table answers like this from 5 s on.
fn run(then: impl Fn(u64) -> Answer + 'static) -> Sim {
    let mut sim = Sim::started(&document().to_string(), move |call, now| {
        let elapsed = now.since(START).as_secs();
        Fate::Now(match call.request.url.as_str() {
            "http://report.example/" if elapsed < 20 => ok("{}"),
            "http://table.example/" if elapsed >= 5 => then(elapsed),
            _ => ok(PASS),
        })
    });
    sim.advance(secs(500));
    sim
}

#[test]
fn all_that_was_polled_is_polled_once_more_at_the_end() {
    let mut sim = run(|_| ok(PASS));
    assert_eq!(sim.times("//send"), [0], "what is sent once is not sent again");
    assert_eq!(sim.times("//table"), [0, 20]);
    assert_eq!(sim.times("//report"), [0, 10, 20, 20]);
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Passed);
    let again: Vec<_> = run.stages.iter().map(|stage| (stage.name.as_str(), stage.again)).collect();
    let own = [("send", None), ("table", None), ("report", None)];
    assert_eq!(again, [own.as_slice(), &[("table", Some(1)), ("report", Some(2))]].concat());
    assert_eq!(sim.attempts().iter().filter(|attempt| attempt.stage == 3).count(), 1);
    assert!(sim.evidence(3, 1).is_ok(), "with its own evidence");
}

#[test]
fn a_value_that_was_overwritten_fails_and_says_where_and_what() {
    let mut sim = run(|_| ok(r#"{"ok": false}"#));
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Failed);
    let (passed, failed) = (StagePhase::Passed, StagePhase::Failed);
    assert_eq!(phases(&run)[..4], [passed, passed, passed, failed], "what was verified stays so");
    let reason = run.stages[3].reason.clone().unwrap();
    assert_eq!(
        reason.sentence(Locale::En),
        "\"table\" was verified, and is not the same any more: $.ok is false, expected true"
    );
    assert_eq!(
        reason.sentence(Locale::Zh),
        "“table”曾通过验证，现已不同：$.ok 为 false，应为 true"
    );
}

#[test]
fn a_row_that_is_gone_fails_at_once() {
    for (answer, want) in [
        (ok("{}"), "$.ok is gone"),
        (ok(r#"{"ok": null}"#), "$.ok is null now"),
        (status(404, ""), "answered 404: it is gone"),
    ] {
        let mut sim = run(move |_| answer.clone());
        assert_eq!(sim.times("//table"), [0, 20]);
        let sentence = sim.stage(3).reason.unwrap().sentence(Locale::En);
        assert!(sentence.ends_with(want), "{sentence}");
    }
}

#[test]
fn no_answer_is_no_difference_and_polling_goes_on() {
    for answer in [status(503, ""), Answer::NoResponse(Diagnosis::NoAnswer), ok("<html>")] {
        let mut sim = run(move |elapsed| if elapsed < 30 { answer.clone() } else { ok(PASS) });
        assert_eq!(sim.times("//table"), [0, 20, 30]);
        assert_eq!(sim.run().phase, RunPhase::Passed);
    }
    let mut silent = run(|_| status(503, ""));
    assert_eq!(silent.run().phase, RunPhase::TimedOut);
    assert_eq!(silent.stage(3).phase, StagePhase::TimedOut);
}

#[test]
fn a_token_that_ran_out_since_blocks_the_run() {
    let mut sim = run(|elapsed| if elapsed < 100 { status(401, "") } else { ok(PASS) });
    assert_eq!(sim.run().phase, RunPhase::Blocked);
    assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(20));
    assert_eq!(sim.run().phase, RunPhase::Passed);
}

#[test]
fn what_was_captured_first_stays_and_a_reading_is_compared_with_what_it_was_then() {
    let mut document = document();
    document["stages"][1]["captures"] = json!({"key": {"jsonpath": "$.key"}});
    document["stages"][2]["request"]["query"] = json!({"key": "{{key}}"});
    let mut sim = Sim::started(&document.to_string(), |call, now| {
        let key = if now == START { 1 } else { 2 };
        let wait = call.request.url.contains("//report") && now.since(START) < secs(10);
        Fate::Now(ok(&if wait { "{}".into() } else { format!(r#"{{"ok": true, "key": {key}}}"#) }))
    });
    sim.advance(secs(50));
    assert_eq!(sim.run().phase, RunPhase::Passed);
    let last = sim.requests.iter().rfind(|(_, call)| call.request.url.contains("//report"));
    assert_eq!(last.unwrap().1.request.url, "http://report.example/?key=1");
}

#[test]
fn a_reload_goes_on_with_what_is_left_to_be_verified_again() {
    let mut sim = Sim::started(&document().to_string(), |call, now| {
        let hangs = call.request.url.contains("//table") && now.since(START).as_secs() == 10;
        let wait = call.request.url.contains("//report") && now == START;
        if hangs { Fate::Never } else { Fate::Now(ok(if wait { "{}" } else { PASS })) }
    });
    sim.advance(secs(12));
    sim.crash();
    sim.advance(secs(60));
    assert_eq!(sim.times("//table"), [0, 10, 20]);
    assert_eq!(sim.times("//report"), [0, 10, 10]);
    assert_eq!(sim.run().phase, RunPhase::Passed);
}

#[test]
fn it_is_true_or_false() {
    let mut document = document();
    document["verify_again"] = json!("yes");
    let problems = Chain::parse(&document.to_string()).unwrap_err();
    assert_eq!(problems[0].to_string(), "verify_again: expected true or false, found a text");
}
