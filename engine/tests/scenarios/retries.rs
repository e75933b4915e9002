//! Retry: an ended run is taken up from a stage on, as a new run, seeded with what was verified before.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::id::ChainId;
use baton_engine::locale::Locale;
use baton_engine::protocol::{AttemptPhase, Command, Refusal, Reply, RunPhase, StagePhase};
use baton_engine::store::Table;
use serde_json::{Value, json};

use crate::groups::{phases, polled};
use crate::sim::{Fate, Sim, chain, ok, run_id, secs};

const PASS: &str = r#"{"ok": true, "key": 7}"#;
const WRONG: &str = r#"{"ok": false}"#;

/// `send` once, `table` whose key the `report` asks for, and `last`.
fn document() -> Value {
    let mut table = polled("table");
    table["captures"] = json!({"key": {"jsonpath": "$.key"}});
    let mut report = polled("report");
    report["request"]["query"] = json!({"key": "{{key}}", "id": "{{id}}"});
    json!({
        "baton": 1, "name": "t", "variables": {"id": "{{$uuid}}"},
        "poll": {"interval": "10s", "timeout": "60s"},
        "stages": [
            {"name": "send", "once": true, "request": {"method": "POST", "url": "http://send.example/", "json": {"id": "{{id}}"}}},
            table, report, polled("last")
        ]
    })
}

/// A run in which these systems answer wrong; the list may be changed later.
fn failed(document: &Value, wrong: &[&str]) -> (Sim, Rc<RefCell<Vec<String>>>) {
    let wrong: Vec<String> = wrong.iter().map(|name| format!("//{name}.")).collect();
    let wrong = Rc::new(RefCell::new(wrong));
    let list = Rc::clone(&wrong);
    let mut sim = Sim::started(&document.to_string(), move |call, _| {
        let is_wrong = list.borrow().iter().any(|name| call.request.url.contains(name));
        Fate::Now(ok(if is_wrong { WRONG } else { PASS }))
    });
    sim.advance(secs(1));
    assert!(sim.run().phase.ended());
    (sim, wrong)
}

fn retry(sim: &mut Sim, run: &str, from: &str, stage: u32) -> Result<Reply, Refusal> {
    let (run, from) = (run_id(run), run_id(from));
    sim.command(Command::RetryRun { run, from, stage })
}

#[test]
fn a_retry_is_a_new_run_that_begins_at_its_stage() {
    let (mut sim, wrong) = failed(&document(), &["report"]);
    wrong.borrow_mut().clear();
    assert_eq!(retry(&mut sim, "again", "run", 2), Ok(Reply::Ok));
    sim.advance(secs(10));
    let (old, new) = (sim.run(), sim.run_named("again"));
    assert_eq!((old.phase, new.phase), (RunPhase::Failed, RunPhase::Passed));
    assert_eq!((new.number, new.retry_of), (2, Some(run_id("run"))));
    assert_eq!((sim.times("//send"), sim.times("//table")), (vec![0], vec![0]));
    let seeded: Vec<bool> = new.stages.iter().map(|stage| stage.seeded_from.is_some()).collect();
    assert_eq!(seeded, [true, true, false, false]);
    assert_eq!(new.stages[0].seeded_from, Some(run_id("run")));
    assert_eq!(new.variables, old.variables, "its variables are kept");
    assert_eq!(new.stages[1].captures, [("key".to_owned(), "7".to_owned())]);
    let asked = sim.requests.iter().rfind(|(_, call)| call.request.url.contains("//report"));
    let id = old.variables[0].1.trim_matches('"').to_owned();
    assert_eq!(asked.unwrap().1.request.url, format!("http://report.example/?key=7&id={id}"));
}

#[test]
fn the_evidence_of_what_was_taken_over_is_that_of_the_earlier_run() {
    let (mut sim, _) = failed(&document(), &["report"]);
    retry(&mut sim, "again", "run", 2).unwrap();
    sim.advance(secs(1));
    let attempts = sim.attempts_of("again");
    let made: Vec<_> = attempts.iter().map(|one| (one.run.as_str(), one.stage)).collect();
    assert_eq!(made, [("run", 0), ("run", 1), ("again", 2)]);
    let read = |run: &str, stage| Command::ReadEvidence { run: run_id(run), stage, attempt: 1 };
    assert_eq!(sim.command(read("again", 1)), sim.command(read("run", 1)));
    assert!(matches!(sim.command(read("again", 2)), Ok(Reply::Evidence(_))));
}

#[test]
fn a_retry_of_a_retry_rests_on_the_run_that_verified() {
    let (mut sim, _) = failed(&document(), &["report"]);
    retry(&mut sim, "second", "run", 2).unwrap();
    sim.advance(secs(1));
    retry(&mut sim, "third", "second", 2).unwrap();
    let third = sim.run_named("third");
    assert_eq!(third.retry_of, Some(run_id("second")));
    assert_eq!(third.stages[0].seeded_from, Some(run_id("run")));
}

#[test]
fn it_survives_a_reload() {
    let (mut sim, wrong) = failed(&document(), &["report"]);
    wrong.borrow_mut().clear();
    retry(&mut sim, "again", "run", 2).unwrap();
    sim.crash();
    sim.advance(secs(20));
    let new = sim.run_named("again");
    assert_eq!((new.phase, new.retry_of), (RunPhase::Passed, Some(run_id("run"))));
    assert_eq!(new.stages[1].seeded_from, Some(run_id("run")));
    assert_eq!(sim.times("//table"), [0]);
}

#[test]
fn evidence_stays_as_long_as_any_run_rests_on_it() {
    let (mut sim, _) = failed(&document(), &["report"]);
    retry(&mut sim, "again", "run", 2).unwrap();
    sim.advance(secs(1));
    assert_eq!(sim.command(Command::RemoveRun { run: run_id("run") }), Ok(Reply::Ok));
    assert_eq!(sim.attempts_of("again").len(), 3);
    let read = Command::ReadEvidence { run: run_id("again"), stage: 1, attempt: 1 };
    assert!(sim.command(read).is_ok());
    assert_eq!(sim.command(Command::RemoveRun { run: run_id("again") }), Ok(Reply::Ok));
    for table in [Table::Runs, Table::Attempts, Table::Evidence] {
        assert_eq!(sim.store.load(table, "").len(), 0, "nothing is left behind: {table:?}");
    }
}

#[test]
fn repeating_a_retry_is_harmless() {
    let (mut sim, _) = failed(&document(), &["report"]);
    retry(&mut sim, "again", "run", 2).unwrap();
    assert_eq!(retry(&mut sim, "again", "run", 2), Ok(Reply::Ok));
    assert_eq!(sim.snapshot().runs.len(), 2);
}

#[test]
fn a_retry_from_what_is_sent_once_sends_anew() {
    let mut document = document();
    document["stages"][0]["checks"] = polled("x")["checks"].clone();
    let (mut sim, wrong) = failed(&document, &["send"]);
    wrong.borrow_mut().clear();
    retry(&mut sim, "again", "run", 0).unwrap();
    sim.advance(secs(1));
    assert_eq!(sim.times("//send").len(), 2, "another run, another sending");
    assert_eq!(sim.run_named("again").phase, RunPhase::Passed);
}

#[test]
fn a_stage_that_was_mended_since_is_retried_by_the_chain_as_it_is_now() {
    let (mut sim, _) = failed(&document(), &["report"]);
    let mut mended = document();
    mended["stages"][2]["checks"][0]["value"] = json!(false);
    mended["stages"][3]["name"] = json!("another");
    mended["description"] = json!("mended");
    sim.save("chain", &mended.to_string());
    assert_eq!(retry(&mut sim, "again", "run", 2), Ok(Reply::Ok));
    sim.advance(secs(1));
    let new = sim.run_named("again");
    assert_eq!((new.phase, new.revision), (RunPhase::Passed, 2));
    assert_eq!(new.stages[3].name, "another");
    assert_eq!(sim.run().stages[3].name, "last", "the earlier run is as it was");
}

#[test]
fn a_chain_that_was_changed_before_the_stage_refuses_and_says_so() {
    let changes: [fn(&mut Value); 6] = [
        |d| d["stages"][1]["checks"][0]["value"] = json!(1),
        |d| d["stages"][0]["request"]["url"] = json!("http://other.example/"),
        |d| d["variables"]["id"] = json!("fixed"),
        |d| d["environments"] = json!({"local": {"base": "http://h.example"}}),
        |d| d["stages"] = json!([d["stages"][0].clone(), d["stages"][1].clone()]),
        |d| {
            let stage = d["stages"][1].clone();
            d["stages"][1] = json!({"group": {"name": "g", "stages": [stage]}});
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let (mut sim, _) = failed(&document(), &["report"]);
        let mut changed = document();
        change(&mut changed);
        sim.save("chain", &changed.to_string());
        let refused = retry(&mut sim, "again", "run", 2);
        assert_eq!(refused, Err(Refusal::StagesChanged { revision: 2 }), "change {number}");
    }
    let sentence = Refusal::StagesChanged { revision: 2 }.sentence(Locale::En);
    assert!(
        sentence.starts_with("revision 2 of the chain differs before that stage"),
        "{sentence}"
    );
}

#[test]
fn what_cannot_be_retried_is_refused() {
    let (mut sim, _) = failed(&document(), &["report"]);
    assert_eq!(retry(&mut sim, "x", "none", 0), Err(Refusal::UnknownRun(run_id("none"))));
    let not_passed = Refusal::NotPassed { stage: "report".into() };
    assert_eq!(retry(&mut sim, "x", "run", 3), Err(not_passed));
    assert_eq!(retry(&mut sim, "x", "run", 9), Err(Refusal::StagesChanged { revision: 1 }));
    let mut open = Sim::started(&chain(&["a"]), |_, _| Fate::Never);
    assert_eq!(retry(&mut open, "x", "run", 0), Err(Refusal::NotEnded(run_id("run"))));
    let chain = ChainId::try_from("chain").unwrap();
    sim.command(Command::RemoveChain { chain: chain.clone() }).unwrap();
    assert_eq!(retry(&mut sim, "x", "run", 2), Err(Refusal::UnknownChain(chain)));
}

#[test]
fn a_stage_that_passed_can_be_begun_from_too() {
    let (mut sim, _) = failed(&document(), &["last"]);
    retry(&mut sim, "again", "run", 1).unwrap();
    sim.advance(secs(1));
    assert_eq!(sim.times("//table").len(), 2);
    let new = sim.run_named("again");
    assert_eq!(phases(&new)[3], StagePhase::Failed);
    assert_eq!(new.stages[2].seeded_from, None, "what comes after it is polled anew");
}

#[test]
fn of_a_group_only_what_did_not_pass_is_polled_again() {
    let document = json!({
        "baton": 1, "name": "t", "poll": {"interval": "10s", "timeout": "60s"},
        "stages": [polled("a"), {"group": {"name": "g", "stages": [polled("b"), polled("c"), polled("d")]}}]
    });
    let wrong = Rc::new(RefCell::new(true));
    let is_wrong = Rc::clone(&wrong);
    let mut sim =
        Sim::started(&document.to_string(), move |call, _| match call.request.url.as_str() {
            "http://c.example/" if *is_wrong.borrow() => Fate::After(secs(1), ok(WRONG)),
            "http://d.example/" if *is_wrong.borrow() => Fate::Never,
            _ => Fate::Now(ok(PASS)),
        });
    sim.advance(secs(5));
    assert_eq!(sim.run().phase, RunPhase::Failed);
    wrong.replace(false);
    retry(&mut sim, "again", "run", 2).unwrap();
    sim.advance(secs(5));
    let new = sim.run_named("again");
    assert_eq!(new.phase, RunPhase::Passed);
    let counts: Vec<usize> = ["//a", "//b", "//c", "//d"].map(|part| sim.times(part).len()).into();
    assert_eq!(counts, [1, 1, 2, 2]);
    let attempts = sim.attempts_of("again");
    let made: Vec<_> = attempts.iter().map(|one| (one.run.as_str(), one.stage)).collect();
    assert_eq!(made, [("run", 0), ("run", 1), ("again", 2), ("again", 3)]);
    assert!(attempts.iter().all(|one| one.phase != AttemptPhase::Aborted));
}

#[test]
fn what_did_not_hold_at_the_end_is_verified_again_as_a_whole() {
    let document = json!({
        "baton": 1, "name": "t", "poll": {"interval": "10s", "timeout": "60s"}, "verify_again": true,
        "stages": [polled("a"), polled("b")]
    });
    let asked = Rc::new(RefCell::new(0));
    let count = Rc::clone(&asked);
    let mut sim = Sim::started(&document.to_string(), move |call, _| {
        if call.request.url.contains("//a") {
            *count.borrow_mut() += 1;
        }
        let is_wrong = *count.borrow() == 2;
        Fate::After(secs(1), ok(if is_wrong { WRONG } else { PASS }))
    });
    sim.advance(secs(5));
    let run = sim.run();
    assert_eq!((run.phase, run.stages[2].phase), (RunPhase::Failed, StagePhase::Failed));
    retry(&mut sim, "again", "run", 2).unwrap();
    sim.advance(secs(5));
    let new = sim.run_named("again");
    assert_eq!(new.phase, RunPhase::Passed);
    let seeded: Vec<bool> = new.stages.iter().map(|stage| stage.seeded_from.is_some()).collect();
    assert_eq!(seeded, [true, true, false, false]);
}
