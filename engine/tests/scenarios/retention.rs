//! Retention: what is let go, in which order, and never more than a few in a wake.

use baton_engine::protocol::{Command, Refusal, Reply, Retention, RunPhase};
use baton_engine::store::Table;

use crate::sim::{Fate, Sim, chain, ok, run_id, secs};

const DAY: u64 = 24 * 60 * 60;

/// Runs `r0` to `r<count>` of one chain, one after the other, each passed.
fn passed(count: usize) -> Sim {
    let mut sim = Sim::new(|_, _| Fate::Now(ok(r#"{"ok": true}"#)));
    sim.save("chain", &chain(&["a"]));
    for index in 0..count {
        sim.start(&format!("r{index}"), "chain");
        sim.advance(secs(1));
    }
    assert!(sim.snapshot().runs.iter().all(|run| run.phase == RunPhase::Passed));
    sim
}

fn retain(sim: &mut Sim, policy: Option<Retention>, free: Option<u64>) -> (Retention, u64) {
    match sim.command(Command::Retain { policy, free }) {
        Ok(Reply::Retained { policy, evidence }) => (policy, evidence),
        other => panic!("{other:?}"),
    }
}

fn ids(sim: &mut Sim) -> Vec<String> {
    sim.snapshot().runs.iter().map(|run| run.id.to_string()).collect()
}

/// Of which runs there is evidence.
fn with_evidence(sim: &Sim) -> Vec<String> {
    let rows = sim.store.load(Table::Evidence, "");
    rows.iter().map(|row| row.key.split('/').next().unwrap().to_owned()).collect()
}

#[test]
fn nothing_goes_unless_it_is_said() {
    let mut sim = passed(3);
    sim.advance(secs(400 * DAY));
    sim.crash();
    assert_eq!(ids(&mut sim).len(), 3);
    assert_eq!(with_evidence(&sim), ["r0", "r1", "r2"]);
    assert_eq!(retain(&mut sim, None, None).0, Retention::default());
}

#[test]
fn the_last_runs_of_each_chain_stay() {
    let mut sim = passed(4);
    sim.save("other", &chain(&["a"]));
    sim.start("o0", "other");
    sim.advance(secs(1));
    retain(&mut sim, Some(Retention { runs: Some(2), ..Retention::default() }), None);
    assert_eq!(ids(&mut sim), ["o0", "r3", "r2"]);
    assert_eq!(with_evidence(&sim), ["o0", "r2", "r3"]);
    // It holds from now on, in the next engine too.
    sim.crash();
    sim.start("r4", "chain");
    sim.advance(secs(1));
    assert_eq!(ids(&mut sim), ["r4", "o0", "r3"]);
    assert_eq!(retain(&mut sim, None, None).0.runs, Some(2));
}

#[test]
fn an_open_run_stays_whatever_its_number() {
    let mut sim = Sim::new(|call, _| {
        let waits = call.request.url.contains("//waits.");
        Fate::Now(ok(if waits { "{}" } else { r#"{"ok": true}"# }))
    });
    sim.save("chain", &chain(&["waits"]));
    for run in ["r0", "r1", "r2"] {
        sim.start(run, "chain");
    }
    retain(&mut sim, Some(Retention { runs: Some(1), ..Retention::default() }), None);
    sim.advance(secs(1));
    assert_eq!(ids(&mut sim).len(), 3);
    sim.command(Command::CancelRun { run: run_id("r0") }).unwrap();
    assert_eq!(ids(&mut sim), ["r2", "r1"], "it goes once it has ended");
}

#[test]
fn evidence_ages_and_verdicts_stay() {
    let mut sim = passed(2);
    retain(&mut sim, Some(Retention { days: Some(7), ..Retention::default() }), None);
    sim.advance(secs(6 * DAY));
    sim.start("late", "chain");
    sim.advance(secs(2 * DAY));
    // It is looked at when a run ends, and when an engine begins.
    sim.crash();
    assert_eq!(with_evidence(&sim), ["late"]);
    let run = sim.run_named("r0");
    assert_eq!((run.phase, run.stages[0].attempts), (RunPhase::Passed, 1));
    assert_eq!(sim.attempts_of("r0").len(), 1, "its attempts stay with their reasons");
    let read = Command::ReadEvidence { run: run_id("r0"), stage: 0, attempt: 1 };
    assert_eq!(sim.command(read), Err(Refusal::NoEvidence));
}

#[test]
fn what_is_too_much_goes_oldest_first() {
    let mut sim = passed(4);
    let (_, evidence) = retain(&mut sim, None, None);
    let one = evidence / 4;
    assert!(one > 100, "{evidence}");
    let stored: usize = sim.store.load(Table::Evidence, "").iter().map(|row| row.value.len()).sum();
    assert_eq!(stored as u64, evidence);
    retain(&mut sim, None, Some(one + 1));
    assert_eq!(with_evidence(&sim), ["r2", "r3"]);
    assert_eq!(retain(&mut sim, None, None).1, evidence - 2 * one);
    // More than there is.
    retain(&mut sim, None, Some(u64::from(u32::MAX)));
    assert!(with_evidence(&sim).is_empty());
    assert_eq!(ids(&mut sim).len(), 4);
    // What comes after is not meant.
    sim.start("after", "chain");
    sim.advance(secs(1));
    assert_eq!(with_evidence(&sim), ["after"]);
}

#[test]
fn a_limit_in_megabytes_holds_as_runs_end() {
    let body = format!(r#"{{"ok": true, "text": "{}"}}"#, "x".repeat(300_000));
    let mut sim = Sim::new(move |_, _| Fate::Now(ok(&body)));
    sim.save("chain", &chain(&["a"]));
    retain(&mut sim, Some(Retention { megabytes: Some(1), ..Retention::default() }), None);
    for index in 0..40 {
        sim.start(&format!("r{index:02}"), "chain");
        sim.advance(secs(1));
        assert!(retain(&mut sim, None, None).1 <= 1_000_000);
    }
    let kept = with_evidence(&sim);
    assert_eq!(kept.last().map(String::as_str), Some("r39"));
    assert!(!kept.contains(&"r00".to_owned()));
    assert_eq!(ids(&mut sim).len(), 40);
}

#[test]
fn a_wake_lets_go_of_a_few_and_the_next_of_more() {
    let mut sim = passed(50);
    retain(
        &mut sim,
        Some(Retention { runs: Some(3), days: Some(0), ..Retention::default() }),
        None,
    );
    sim.advance(secs(1));
    assert_eq!(ids(&mut sim), ["r49", "r48", "r47"]);
    assert!(with_evidence(&sim).is_empty());
    assert!(sim.largest_commit <= 20 * 5 + 1, "{}", sim.largest_commit);
}

#[test]
fn what_a_later_run_was_seeded_with_stays_as_long_as_that_run() {
    let mut sim = Sim::new(|call, now| {
        let there = call.request.url.contains("//a") || now.since(crate::sim::START) >= secs(300);
        Fate::Now(ok(if there { r#"{"ok": true}"# } else { r#"{"ok": false}"# }))
    });
    sim.save("chain", &chain(&["a", "b"]));
    sim.start("first", "chain");
    sim.advance(secs(300));
    let (run, from) = (run_id("again"), run_id("first"));
    assert_eq!(sim.command(Command::RetryRun { run, from, stage: 1 }), Ok(Reply::Ok));
    sim.advance(secs(1));
    assert_eq!(sim.snapshot().runs[0].phase, RunPhase::Passed);
    retain(&mut sim, Some(Retention { runs: Some(1), ..Retention::default() }), Some(u64::MAX));
    let evidence = Command::ReadEvidence { run: run_id("again"), stage: 0, attempt: 1 };
    assert!(matches!(sim.command(evidence), Ok(Reply::Evidence(_))), "{:?}", with_evidence(&sim));
    // The next run takes the place of both.
    sim.start("next", "chain");
    sim.advance(secs(1));
    assert_eq!(ids(&mut sim), ["next"]);
    assert_eq!(with_evidence(&sim), ["next", "next"]);
}
