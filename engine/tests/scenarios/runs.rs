//! Runs: stages advance, end, are steered.

use crate::sim::{Fate, Sim, chain, ok, run_id, secs, stage, status};
use baton_engine::locale::Locale;
use baton_engine::protocol::{
    Answer, AttemptPhase, Command, Event, Refusal, Reply, RunPhase, StagePhase, Transport,
};
use baton_engine::verify::{Diagnosis, Reason, Verdict};
use serde_json::json;

const PASS: &str = r#"{"ok": true}"#;
const NOT_YET: &str = "{}";
const WRONG: &str = r#"{"ok": false}"#;

/// Answers "not yet" until `after` seconds have passed since the start, then "right".
fn after(
    seconds: u64,
) -> impl FnMut(&baton_engine::protocol::Call, baton_engine::time::Timestamp) -> Fate {
    move |_, now| {
        Fate::Now(ok(if now.since(crate::sim::START) >= secs(seconds) { PASS } else { NOT_YET }))
    }
}

#[test]
fn stages_pass_one_after_the_other() {
    let mut sim = Sim::started(&chain(&["a", "b", "c"]), after(15));
    sim.advance(secs(100));
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Passed);
    assert_eq!(
        sim.times("//a"),
        [0, 10, 20],
        "polled at once, then at its interval, until it passes"
    );
    assert_eq!(sim.times("//b"), [20], "the next begins at once");
    assert_eq!(sim.times("//c"), [20]);
}

#[test]
fn a_start_is_answered_at_once_and_repeating_it_is_harmless() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Never);
    sim.start("run", "chain");
    assert_eq!(sim.snapshot().runs.len(), 1);
    assert_eq!(sim.times("//a"), [0]);
}

#[test]
fn a_wrong_value_ends_the_run_and_keeps_what_was_verified() {
    let mut sim = Sim::started(&chain(&["a", "b", "c"]), |call, _| {
        Fate::Now(ok(if call.request.url.contains("//b") { WRONG } else { PASS }))
    });
    sim.advance(secs(100));
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Failed);
    let phases: Vec<StagePhase> = run.stages.iter().map(|stage| stage.phase).collect();
    assert_eq!(phases, [StagePhase::Passed, StagePhase::Failed, StagePhase::NotStarted]);
    let sentence = run.stages[1].reason.as_ref().unwrap().sentence(Locale::En);
    assert_eq!(sentence, "$.ok is false, expected true");
    assert_eq!(sim.times("//c"), [0; 0]);
    let evidence = sim.evidence(1, 1).unwrap();
    assert_eq!(evidence.request.url, "http://b.example/");
    assert_eq!(evidence.answer, Some(ok(WRONG)));
}

#[test]
fn the_deadline_is_met_by_one_last_attempt() {
    let mut sim = Sim::started(
        &stage(json!({
            "poll": {"interval": "25s", "timeout": "60s"},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "exists"}]
        })),
        |_, _| Fate::Now(ok(NOT_YET)),
    );
    sim.advance(secs(300));
    assert_eq!(sim.times("//a"), [0, 25, 50, 60]);
    let stage = sim.stage(0);
    assert_eq!(stage.phase, StagePhase::TimedOut);
    assert_eq!(sim.run().phase, RunPhase::TimedOut);
    let sentence = stage.reason.unwrap().sentence(Locale::En);
    assert_eq!(
        sentence,
        "not there within 1 m: $.ok is not there yet (since 2026-11-23T12:00:00Z)"
    );
}

#[test]
fn a_pass_at_the_last_attempt_is_late() {
    let mut sim = Sim::started(&chain(&["a"]), after(60));
    sim.advance(secs(300));
    let stage = sim.stage(0);
    assert_eq!((stage.phase, stage.late), (StagePhase::Passed, true));
}

#[test]
fn a_slow_attempt_that_began_before_the_deadline_is_not_the_last() {
    let mut sim = Sim::started(
        &stage(json!({
            "poll": {"interval": "55s", "timeout": "60s", "attempt_timeout": "10s"},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "exists"}]
        })),
        |_, _| Fate::After(secs(9), ok(NOT_YET)),
    );
    sim.advance(secs(300));
    assert_eq!(sim.times("//a"), [0, 55, 64]);
    assert_eq!(sim.stage(0).phase, StagePhase::TimedOut);
}

#[test]
fn late_after_marks_a_slow_pass() {
    let document = |late_after| {
        stage(json!({
            "poll": {"late_after": late_after},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "exists"}]
        }))
    };
    for (limit, late) in [("25s", true), ("30s", false)] {
        let mut sim = Sim::started(&document(limit), after(30));
        sim.advance(secs(50));
        assert_eq!(sim.stage(0).late, late, "{limit}");
    }
}

#[test]
fn attempts_can_be_limited() {
    let mut sim = Sim::started(
        &stage(json!({
            "poll": {"max_attempts": 2},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "exists"}]
        })),
        |_, _| Fate::Now(ok(NOT_YET)),
    );
    sim.advance(secs(300));
    assert_eq!(sim.times("//a"), [0, 10]);
    let stage = sim.stage(0);
    assert_eq!(stage.phase, StagePhase::TimedOut);
    let reason = stage.reason.unwrap().read();
    assert!(matches!(reason, Ok(Reason::AttemptsUsedUp { attempts: 2, .. })));
}

#[test]
fn the_first_poll_waits_for_the_initial_delay_and_the_deadline_counts_from_it() {
    let mut sim = Sim::started(
        &stage(json!({
            "poll": {"initial_delay": "30s", "timeout": "15s"},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "exists"}]
        })),
        |_, _| Fate::Now(ok(NOT_YET)),
    );
    sim.advance(secs(300));
    assert_eq!(sim.times("//a"), [30, 40, 45]);
}

#[test]
fn a_hanging_request_is_given_up_and_polling_goes_on() {
    let mut sim = Sim::started(&chain(&["a"]), |_, now| {
        if now.since(crate::sim::START) < secs(20) { Fate::Never } else { Fate::Now(ok(PASS)) }
    });
    sim.advance(secs(100));
    assert_eq!(sim.aborted.len(), 2, "each is aborted after the attempt's 10 s");
    assert_eq!(sim.run().phase, RunPhase::Passed);
    let first = &sim.attempts()[0];
    assert_eq!(first.reason, Some(Reason::AttemptTimeout { after_ms: 10_000 }.into()));
    assert_eq!(first.phase, AttemptPhase::Judged(Verdict::Pending));
}

#[test]
fn a_slow_request_is_never_overlapped() {
    let mut sim = Sim::started(
        &stage(json!({
            "poll": {"interval": "10s", "attempt_timeout": "30s"},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "exists"}]
        })),
        |_, _| Fate::After(secs(14), ok(NOT_YET)),
    );
    sim.advance(secs(59));
    assert_eq!(sim.times("//a"), [0, 20, 40], "the phase is kept");
}

#[test]
fn latency_and_lateness_are_kept_as_evidence() {
    let mut sim = Sim::started(&chain(&["a"]), |_, now| {
        let body = if now.since(crate::sim::START) < secs(5) { NOT_YET } else { PASS };
        Fate::After(secs(3), ok(body))
    });
    sim.advance(secs(4));
    sim.sleep(secs(30));
    sim.advance(secs(4));
    let attempts = sim.attempts();
    assert_eq!(attempts[0].latency_ms, Some(3000));
    assert_eq!(
        attempts[1].scheduled_at.since(crate::sim::START),
        secs(30),
        "three polls are merged into one"
    );
    assert_eq!(attempts[1].begun_at.since(crate::sim::START), secs(34));
    assert_eq!(attempts.len(), 2);
}

#[test]
fn pause_freezes_the_deadline_and_keeps_the_phase() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Now(ok(NOT_YET)));
    sim.advance(secs(25));
    assert_eq!(sim.command(Command::PauseRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(1000));
    assert_eq!(sim.times("//a"), [0, 10, 20]);
    assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
    let stage = sim.stage(0);
    assert_eq!(stage.deadline.unwrap().since(crate::sim::START), secs(1060));
    assert_eq!(stage.due.unwrap().since(crate::sim::START), secs(1030));
    sim.advance(secs(100));
    assert_eq!(sim.times("//a"), [0, 10, 20, 1030, 1040, 1050, 1060]);
    assert_eq!(sim.run().phase, RunPhase::TimedOut);
}

#[test]
fn an_answer_during_a_pause_is_judged_and_the_next_stage_waits_for_the_resume() {
    let mut sim = Sim::started(&chain(&["a", "b"]), |_, _| Fate::After(secs(5), ok(PASS)));
    assert_eq!(sim.command(Command::PauseRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(50));
    assert_eq!(sim.stage(0).phase, StagePhase::Passed);
    assert_eq!(sim.times("//b"), [0; 0]);
    assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
    assert_eq!(sim.times("//b"), [50]);
}

#[test]
fn a_cancelled_run_aborts_its_request_and_ignores_its_answer() {
    let mut sim = Sim::started(&chain(&["a", "b"]), |_, _| Fate::After(secs(5), ok(PASS)));
    assert_eq!(sim.command(Command::CancelRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(50));
    let run = sim.run();
    assert_eq!((run.phase, run.stages[0].phase), (RunPhase::Cancelled, StagePhase::Cancelled));
    assert_eq!(run.stages[1].phase, StagePhase::NotStarted);
    assert_eq!(sim.aborted.len(), 1);
    assert_eq!(sim.attempts()[0].phase, AttemptPhase::Aborted);
    assert_eq!(sim.command(Command::CancelRun { run: run_id("run") }), Ok(Reply::Ok), "repeated");
    let refused = sim.command(Command::PauseRun { run: run_id("run") });
    assert_eq!(refused, Err(Refusal::Ended(run_id("run"))));
}

#[test]
fn polling_by_hand_is_one_more_poll_and_keeps_the_phase() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Now(ok(NOT_YET)));
    sim.advance(secs(4));
    assert_eq!(sim.command(Command::PollNow { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(17));
    assert_eq!(sim.times("//a"), [0, 4, 10, 20]);
}

#[test]
fn a_token_that_is_no_longer_taken_blocks_the_run_and_freezes_its_deadline() {
    let mut sim = Sim::started(&chain(&["a"]), |_, now| {
        Fate::Now(match now.since(crate::sim::START).as_secs() {
            0 => ok(NOT_YET),
            1..=15 => status(401, ""),
            _ => ok(PASS),
        })
    });
    sim.advance(secs(500));
    assert_eq!(sim.run().phase, RunPhase::Blocked);
    assert_eq!(sim.times("//a"), [0, 10]);
    assert_eq!(sim.stage(0).reason, Some(Reason::NeedsAccess { status: 401 }.into()));
    assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(20));
    let stage = sim.stage(0);
    assert_eq!((stage.phase, stage.late), (StagePhase::Passed, false));
}

#[test]
fn a_401_at_the_first_answer_fails() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Now(status(401, "")));
    sim.advance(secs(5));
    assert_eq!(sim.run().phase, RunPhase::Failed);
}

#[test]
fn captures_and_variables_reach_later_requests() {
    let document = json!({
        "baton": 1, "name": "t",
        "variables": {"id": "{{$uuid}}", "twice": "{{id}}/{{id}}", "n": 3},
        "environments": {"local": {"base": "http://h.example/api"}, "other": {"base": "http://o.example"}},
        "stages": [
            {"name": "a", "request": {"url": "{{base}}/a"}, "captures": {"key": {"jsonpath": "$.key"}}},
            {"name": "b", "request": {"method": "POST", "url": "{{base}}/b/{{key}}", "json": {"n": "{{n}}", "k": "{{key}}", "id": "{{id}}"}}}
        ]
    });
    let mut sim =
        Sim::started(&document.to_string(), |_, _| Fate::Now(ok(r#"{"key": 90071992547409931}"#)));
    sim.advance(secs(1));
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Passed);
    assert_eq!(run.environment.as_deref(), Some("local"));
    let request = &sim.requests[1].1.request;
    assert_eq!(request.url, "http://h.example/api/b/90071992547409931");
    let id = run.variables.iter().find(|(name, _)| name == "id").unwrap().1.clone();
    assert_eq!(
        request.body.clone().unwrap(),
        format!(r#"{{"n":3,"k":90071992547409931,"id":{id}}}"#)
    );
    let twice = run.variables.iter().find(|(name, _)| name == "twice").unwrap().1.clone();
    let id = id.trim_matches('"');
    assert_eq!(twice, format!("\"{id}/{id}\""), "evaluated once, in order");
}

#[test]
fn a_capture_needs_exactly_one_node() {
    let document = stage(json!({"captures": {"key": {"jsonpath": "$.k[*]"}}}));
    let run = |body: &'static str| {
        let mut sim = Sim::started(&document, move |_, _| Fate::Now(ok(body)));
        sim.advance(secs(1));
        sim.stage(0)
    };
    assert_eq!(run(r#"{"k": [7]}"#).captures, [("key".to_owned(), "7".to_owned())]);
    let missing = Some(Reason::CaptureMissing { name: "key".into() }.into());
    assert_eq!(run(r#"{"k": []}"#).reason, missing);
    assert_eq!(run(r#"{"k": [null]}"#).reason, missing);
    let several = run(r#"{"k": [1, 2]}"#);
    assert_eq!(several.phase, StagePhase::Failed);
}

fn once(on_interrupt: &str) -> String {
    stage(json!({
        "once": true, "on_interrupt": on_interrupt,
        "request": {"method": "POST", "url": "http://a.example/", "json": {}},
        "checks": [{"source": "status", "op": "one_of", "value": [200, 202]}]
    }))
}

#[test]
fn a_request_that_is_sent_once_passes_or_fails_by_its_one_answer() {
    let run = |answer: Answer| {
        let mut sim = Sim::started(&once("stop"), move |_, _| Fate::Now(answer.clone()));
        sim.advance(secs(100));
        assert_eq!(sim.times("//a"), [0], "it is never sent again");
        sim.stage(0)
    };
    assert_eq!(run(status(202, "")).phase, StagePhase::Passed);
    let refused = run(status(503, ""));
    assert_eq!(refused.phase, StagePhase::Failed);
    let sentence = refused.reason.unwrap().sentence(Locale::En);
    assert_eq!(sentence, "sent once, not accepted: answered 503: not there yet");
}

#[test]
fn on_interrupt_decides_when_the_one_answer_is_unknown() {
    let run = |on_interrupt: &str, answer: Option<Answer>| {
        let mut sim = Sim::started(&once(on_interrupt), move |_, _| match &answer {
            Some(answer) => Fate::Now(answer.clone()),
            None => Fate::Never,
        });
        sim.advance(secs(15));
        let stage = sim.stage(0);
        (
            stage.phase,
            stage.reason.unwrap().read().unwrap(),
            stage.unconfirmed,
            sim.times("//a").len(),
        )
    };
    let silence = || Some(Answer::NoResponse(Diagnosis::NoAnswer));
    assert_eq!(run("stop", None), (StagePhase::Failed, Reason::MayHaveBeenSent, false, 1));
    assert_eq!(run("stop", silence()), (StagePhase::Failed, Reason::MayHaveBeenSent, false, 1));
    assert_eq!(run("continue", None), (StagePhase::Passed, Reason::TakenAsSent, true, 1));
    let (phase, _, _, sent) = run("resend", silence());
    assert_eq!((phase, sent), (StagePhase::Waiting, 2));
    // The browser itself refused it, so it has never left.
    let refused = run("continue", Some(Answer::NoResponse(Diagnosis::MixedContent)));
    assert_eq!((refused.0, refused.3), (StagePhase::Failed, 1));
}

#[test]
fn a_proxy_without_its_token_blocks_the_run_even_where_a_request_is_sent_once() {
    for once in [false, true] {
        let mut calls = 0;
        let document = stage(json!({"transport": "proxy", "once": once}));
        let mut sim = Sim::started(&document, move |call, _| {
            assert_eq!(call.transport, Transport::Proxy);
            calls += 1;
            let silence = |code: &str| {
                Answer::NoResponse(Diagnosis::Proxy { code: code.into(), about: Vec::new() })
            };
            Fate::Now(match calls {
                1 => silence("no_token"),
                2 => silence("token"),
                _ => ok(PASS),
            })
        });
        sim.advance(secs(5));
        assert_eq!(sim.run().phase, RunPhase::Blocked);
        let sentence = sim.stage(0).reason.unwrap().sentence(Locale::En);
        assert_eq!(sentence, "the proxy needs its token; enter it, then resume");
        sim.advance(secs(3600));
        assert_eq!(sim.run().phase, RunPhase::Blocked, "its deadline is frozen");
        assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
        sim.advance(secs(100));
        assert_eq!(sim.run().phase, RunPhase::Blocked, "the wrong one");
        assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
        sim.advance(secs(100));
        assert_eq!(sim.run().phase, RunPhase::Passed);
    }
}

#[test]
fn polling_what_may_change_something_is_warned_of() {
    let checked = |sim: &mut Sim, rest: serde_json::Value| {
        let document = stage(rest);
        match sim.command(Command::CheckDocument { document }) {
            Ok(Reply::Checked { problems, warnings }) => {
                assert_eq!(problems, []);
                warnings
            }
            other => panic!("{other:?}"),
        }
    };
    let mut sim = Sim::new(|_, _| Fate::Never);
    let post = json!({"request": {"method": "POST", "url": "http://a.example/", "text": "x"}});
    let warnings = checked(&mut sim, post.clone());
    let said = |locale| warnings.iter().map(|warning| warning.sentence(locale)).collect::<Vec<_>>();
    assert_eq!(
        said(Locale::En),
        [
            "stages[0].request.method: POST is sent anew at every poll; if it changes anything there, add \"once\": true to the stage"
        ]
    );
    assert_eq!(
        said(Locale::Zh),
        [
            "stages[0].request.method：每次轮询都会重新发送 POST；如果它会改变对方的数据，请在该阶段添加 \"once\": true"
        ]
    );
    let mut once = post;
    once["once"] = json!(true);
    assert_eq!(checked(&mut sim, once), []);
    let head = json!({"request": {"method": "HEAD", "url": "http://a.example/"}});
    assert_eq!(checked(&mut sim, head), []);
}

#[test]
fn a_stage_that_is_sent_once_is_never_polled_by_hand() {
    let mut sim = Sim::started(&once("stop"), |_, _| Fate::Never);
    let refused = sim.command(Command::PollNow { run: run_id("run") });
    assert_eq!(refused, Err(Refusal::SentOnce(run_id("run"))));
    assert_eq!(sim.times("//a"), [0]);
}

#[test]
fn editing_a_chain_never_changes_a_run() {
    let mut sim = Sim::started(&chain(&["a", "b"]), after(25));
    sim.save("chain", &chain(&["x"]));
    sim.crash();
    sim.advance(secs(100));
    let run = sim.run();
    assert_eq!((run.phase, run.revision), (RunPhase::Passed, 1));
    assert_eq!(run.stages[1].name, "b");
    sim.start("run2", "chain");
    assert_eq!(sim.snapshot().runs[0].revision, 2);
}

#[test]
fn saving_over_someone_elses_revision_is_refused() {
    let mut sim = Sim::new(|_, _| Fate::Never);
    sim.save("chain", &chain(&["a"]));
    let save = |sim: &mut Sim, document: String, base| {
        let chain = baton_engine::id::ChainId::try_from("chain").unwrap();
        sim.command(Command::SaveChain { chain, document, base })
    };
    assert_eq!(save(&mut sim, chain(&["b"]), Some(1)), Ok(Reply::Saved { revision: 2 }));
    let conflict = save(&mut sim, chain(&["c"]), Some(1));
    assert_eq!(conflict, Err(Refusal::Conflict { revision: 2 }));
    assert_eq!(
        save(&mut sim, chain(&["b"]), Some(1)),
        Ok(Reply::Saved { revision: 2 }),
        "the same again"
    );
    assert!(matches!(save(&mut sim, "{".into(), None), Err(Refusal::Invalid(_))));
}

#[test]
fn runs_and_chains_can_be_removed() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Now(ok(PASS)));
    let open = Sim::started(&chain(&["a"]), |_, _| Fate::Never)
        .command(Command::RemoveRun { run: run_id("run") });
    assert_eq!(open, Err(Refusal::NotEnded(run_id("run"))));
    sim.advance(secs(1));
    let remove =
        Command::RemoveChain { chain: baton_engine::id::ChainId::try_from("chain").unwrap() };
    assert_eq!(sim.command(remove), Ok(Reply::Ok));
    assert_eq!(sim.run().phase, RunPhase::Passed, "its runs stay");
    sim.crash();
    assert_eq!(sim.run().phase, RunPhase::Passed, "also after a reload");
    assert_eq!(sim.command(Command::RemoveRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.crash();
    let snapshot = sim.snapshot();
    assert!(snapshot.runs.is_empty() && snapshot.chains.is_empty());
    let rows = baton_engine::store::Table::ALL.iter().flat_map(|table| sim.store.load(*table, ""));
    assert_eq!(rows.count(), 0, "nothing is left behind");
}

#[test]
fn a_run_is_read_as_it_stands() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Never);
    let read = |sim: &mut Sim, run: &str| sim.command(Command::ReadRun { run: run_id(run) });
    let here = sim.run();
    assert_eq!(read(&mut sim, "run"), Ok(Reply::Run(here)));
    assert_eq!(read(&mut sim, "other"), Err(Refusal::UnknownRun(run_id("other"))));
}

#[test]
fn whoever_hears_that_a_command_is_done_has_heard_what_it_did() {
    let mut sim = Sim::new(|_, _| Fate::Never);
    sim.save("chain", &chain(&["a"]));
    sim.events.clear();
    sim.start("run", "chain");
    let place = |wanted: fn(&Event) -> bool| {
        sim.events.iter().position(|envelope| wanted(&envelope.event)).expect("it was told")
    };
    let changed = place(|event| matches!(event, Event::RunChanged(_)));
    let done = place(|event| matches!(event, Event::Done { .. }));
    assert!(changed < done, "{:?}", sim.events);
}
