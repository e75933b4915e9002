//! Groups: stages that begin together, are polled each by its own job, and are joined by all.

use baton_engine::chain::Chain;
use baton_engine::protocol::{
    AttemptPhase, Command, Refusal, Reply, RunPhase, RunView, StagePhase,
};
use baton_engine::verify::Reason;
use serde_json::{Value, json};

use crate::sim::{Fate, START, Sim, ok, run_id, secs, status};

const PASS: &str = r#"{"ok": true}"#;
const NOT_YET: &str = "{}";
const WRONG: &str = r#"{"ok": false}"#;

pub(crate) fn polled(name: &str) -> Value {
    json!({
        "name": name, "request": {"url": format!("http://{name}.example/")},
        "checks": [{"source": {"jsonpath": "$.ok"}, "op": "equals", "value": true}]
    })
}

/// `first`, then `b` and `c` beside each other, then `last`.
fn document() -> Value {
    json!({
        "baton": 1, "name": "t", "poll": {"interval": "10s", "timeout": "60s"},
        "stages": [
            polled("first"),
            {"group": {"name": "tables", "stages": [polled("b"), polled("c")]}},
            polled("last")
        ]
    })
}

/// Answers right from so many seconds on, by the system that is asked.
fn right_after(
    times: &'static [(&'static str, u64)],
) -> impl FnMut(&baton_engine::protocol::Call, baton_engine::time::Timestamp) -> Fate {
    move |call, now| {
        let asked = |(name, _): &&(&str, u64)| call.request.url.contains(&format!("//{name}."));
        let after = times.iter().find(asked).map_or(0, |(_, after)| *after);
        Fate::Now(ok(if now.since(START) >= secs(after) { PASS } else { NOT_YET }))
    }
}

pub(crate) fn phases(run: &RunView) -> Vec<StagePhase> {
    run.stages.iter().map(|stage| stage.phase).collect()
}

#[test]
fn stages_of_a_group_begin_together_and_the_run_goes_on_when_all_have_passed() {
    let mut sim = Sim::started(&document().to_string(), right_after(&[("first", 15), ("c", 45)]));
    sim.advance(secs(100));
    assert_eq!(sim.times("//first"), [0, 10, 20]);
    assert_eq!(sim.times("//b"), [20], "it passed, and is not polled again");
    assert_eq!(sim.times("//c"), [20, 30, 40, 50], "by its own job");
    assert_eq!(sim.times("//last"), [50]);
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Passed);
    let groups: Vec<_> = run.stages.iter().map(|stage| stage.group.as_deref()).collect();
    assert_eq!(groups, [None, Some("tables"), Some("tables"), None]);
}

#[test]
fn one_that_fails_ends_the_run_cancels_those_beside_it_and_keeps_what_was_verified() {
    let mut document = document();
    document["stages"][1]["group"]["stages"].as_array_mut().unwrap().push(polled("d"));
    let mut sim = Sim::started(&document.to_string(), |call, _| {
        let url = &call.request.url;
        match url.as_str() {
            "http://c.example/" => Fate::After(secs(3), ok(WRONG)),
            "http://d.example/" => Fate::Never,
            _ => Fate::Now(ok(PASS)),
        }
    });
    sim.advance(secs(100));
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Failed);
    let (passed, failed) = (StagePhase::Passed, StagePhase::Failed);
    let want = [passed, passed, failed, StagePhase::Cancelled, StagePhase::NotStarted];
    assert_eq!(phases(&run), want);
    assert_eq!(sim.aborted.len(), 1, "the request of the one beside it is given up");
    let d = sim.attempts().into_iter().find(|attempt| attempt.stage == 3).unwrap();
    assert_eq!(d.phase, AttemptPhase::Aborted);
    assert_eq!(sim.times("//d"), [0], "and it is not polled any more");
}

#[test]
fn one_that_times_out_ends_the_run_as_timed_out() {
    let mut sim = Sim::started(&document().to_string(), right_after(&[("c", 9999)]));
    sim.advance(secs(200));
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::TimedOut);
    assert_eq!(phases(&run)[1..3], [StagePhase::Passed, StagePhase::TimedOut]);
}

#[test]
fn captures_of_a_group_are_read_by_later_stages_and_not_within_it() {
    let with = |within: bool| {
        let mut document = document();
        document["stages"][1]["group"]["stages"][0]["captures"] =
            json!({"key": {"jsonpath": "$.key"}});
        let reader = if within {
            &mut document["stages"][1]["group"]["stages"][1]
        } else {
            &mut document["stages"][2]
        };
        reader["request"]["query"] = json!({"key": "{{key}}"});
        document.to_string()
    };
    let mut sim = Sim::started(&with(false), |_, _| Fate::Now(ok(r#"{"ok": true, "key": 7}"#)));
    sim.advance(secs(1));
    assert_eq!(sim.requests.last().unwrap().1.request.url, "http://last.example/?key=7");
    let problems = Chain::parse(&with(true)).unwrap_err();
    assert_eq!(problems[0].path, "stages[1].group.stages[1].request.query.key");
}

#[test]
fn two_of_a_group_cannot_capture_one_name() {
    let mut document = document();
    for member in [0, 1] {
        document["stages"][1]["group"]["stages"][member]["captures"] =
            json!({"key": {"jsonpath": "$.key"}});
    }
    let problems = Chain::parse(&document.to_string()).unwrap_err();
    assert_eq!(problems[0].path, "stages[1].group.stages[1].captures.key");
}

#[test]
fn a_group_that_makes_no_sense_is_refused_with_its_place() {
    let check = |group: Value, want: &str| {
        let mut document = document();
        document["stages"][1] = group;
        let problems = Chain::parse(&document.to_string()).unwrap_err();
        assert_eq!(problems[0].to_string(), want);
    };
    check(
        json!({"group": {"stages": [polled("x")]}}),
        "stages[1].group: the key \"name\" is missing; add it",
    );
    check(
        json!({"group": {"name": "g"}}),
        "stages[1].group: the key \"stages\" is missing; add it",
    );
    check(
        json!({"group": {"name": "g", "stages": []}}),
        "stages[1].group.stages: is empty; give it a value",
    );
    check(json!({"group": [1]}), "stages[1].group: expected an object, found a list");
    check(
        json!({"group": {"name": "g", "stages": [polled("x")]}, "name": "y"}),
        "stages[1]: unknown key \"name\"; remove it, or begin its name with \"x-\"",
    );
    let inner = json!({"group": {"name": "h", "stages": [polled("x")]}});
    check(
        json!({"group": {"name": "g", "stages": [inner]}}),
        "stages[1].group.stages[0]: \"group\" can't stand together with another group around it; put its stages there; remove one",
    );
    check(
        json!({"group": {"name": "g", "stages": [polled("last")]}}),
        "stages[2]: \"last\" is there twice; rename one",
    );
    let mut twice = document();
    twice["stages"][2] = json!({"group": {"name": "tables", "stages": [polled("x")]}});
    let problems = Chain::parse(&twice.to_string()).unwrap_err();
    assert_eq!(problems[0].to_string(), "stages[2]: \"tables\" is there twice; rename one");
}

#[test]
fn there_are_no_more_stages_in_groups_than_without() {
    let members: Vec<Value> = (0..30).map(|n| polled(&format!("m{n}"))).collect();
    let more: Vec<Value> = (30..60).map(|n| polled(&format!("m{n}"))).collect();
    let document = json!({"baton": 1, "name": "t", "stages": [
        {"group": {"name": "g", "stages": members}}, {"group": {"name": "h", "stages": more}}
    ]});
    let problems = Chain::parse(&document.to_string()).unwrap_err();
    assert_eq!(problems[0].to_string(), "stages: 60 are too many; at most 50");
}

#[test]
fn a_reload_finds_each_stage_of_a_group_where_it_was() {
    let mut sim =
        Sim::started(&document().to_string(), |call, now| match call.request.url.as_str() {
            "http://b.example/" if now == START => Fate::Never,
            "http://c.example/" if now.since(START) < secs(25) => Fate::Now(ok(NOT_YET)),
            _ => Fate::Now(ok(PASS)),
        });
    sim.advance(secs(4));
    sim.crash();
    let lost = sim.attempts().into_iter().find(|attempt| attempt.stage == 1).unwrap();
    assert_eq!(lost.phase, AttemptPhase::Lost);
    sim.advance(secs(60));
    assert_eq!((sim.times("//b"), sim.times("//c")), (vec![0, 10], vec![0, 10, 20, 30]));
    assert_eq!(sim.times("//last"), [30]);
}

#[test]
fn a_pause_freezes_every_deadline_of_a_group() {
    let mut sim = Sim::started(&document().to_string(), right_after(&[("b", 9999), ("c", 9999)]));
    sim.advance(secs(5));
    assert_eq!(sim.command(Command::PauseRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(100));
    assert_eq!((sim.times("//b"), sim.times("//c")), (vec![0], vec![0]));
    assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
    for stage in [1, 2] {
        assert_eq!(sim.stage(stage).deadline.unwrap().since(START), secs(160));
    }
}

#[test]
fn a_clock_set_back_moves_each_stage_of_a_group() {
    let mut sim = Sim::started(&document().to_string(), right_after(&[("b", 9999), ("c", 9999)]));
    sim.advance(secs(15));
    sim.set_back(secs(10));
    for stage in [1, 2] {
        let view = sim.stage(stage);
        assert_eq!(view.due.unwrap().since(START), secs(10));
        assert_eq!(view.deadline.unwrap().since(START), secs(50));
    }
}

#[test]
fn a_token_that_one_of_a_group_needs_blocks_the_run() {
    let mut sim = Sim::started(&document().to_string(), |call, now| {
        Fate::Now(match (call.request.url.as_str(), now.since(START).as_secs()) {
            ("http://first.example/", _) => ok(PASS),
            ("http://b.example/", 10..20) => status(401, ""),
            (_, 0..25) => ok(NOT_YET),
            _ => ok(PASS),
        })
    });
    sim.advance(secs(50));
    assert_eq!(sim.run().phase, RunPhase::Blocked);
    assert_eq!(sim.stage(1).reason, Some(Reason::NeedsAccess { status: 401 }.into()));
    assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(20));
    assert_eq!(sim.run().phase, RunPhase::Passed);
}

#[test]
fn polling_by_hand_polls_all_of_a_group_that_wait() {
    let mut sim = Sim::started(&document().to_string(), right_after(&[("c", 9999)]));
    sim.advance(secs(4));
    assert_eq!(sim.command(Command::PollNow { run: run_id("run") }), Ok(Reply::Ok));
    assert_eq!((sim.times("//b"), sim.times("//c")), (vec![0], vec![0, 4]));
}

#[test]
fn a_cancelled_run_aborts_every_request_of_a_group() {
    let mut sim = Sim::started(&document().to_string(), |call, _| {
        if call.request.url.contains("//first") { Fate::Now(ok(PASS)) } else { Fate::Never }
    });
    sim.advance(secs(1));
    assert_eq!(sim.command(Command::CancelRun { run: run_id("run") }), Ok(Reply::Ok));
    assert_eq!(sim.aborted.len(), 2);
    assert_eq!(phases(&sim.run())[1..3], [StagePhase::Cancelled; 2]);
}

#[test]
fn what_is_sent_once_in_a_group_is_sent_once_whatever_those_beside_it_do() {
    let mut document = document();
    let send = &mut document["stages"][1]["group"]["stages"][0];
    send["once"] = json!(true);
    send["request"]["method"] = json!("POST");
    let mut sim = Sim::started(&document.to_string(), |call, _| match call.request.url.as_str() {
        "http://b.example/" => Fate::Never,
        "http://c.example/" => Fate::Now(ok(NOT_YET)),
        _ => Fate::Now(ok(PASS)),
    });
    sim.advance(secs(4));
    sim.crash();
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Failed);
    assert_eq!(run.stages[1].reason, Some(Reason::MayHaveBeenSent.into()));
    assert_eq!(run.stages[2].phase, StagePhase::Cancelled);
    sim.advance(secs(100));
    assert_eq!(sim.times("//b"), [0]);
    let refused = sim.command(Command::PollNow { run: run_id("run") });
    assert_eq!(refused, Err(Refusal::Ended(run_id("run"))));
}
