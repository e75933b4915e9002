//! Reload, crash and sleep: what was committed goes on, at the right stage, and nothing is sent twice.

use crate::sim::{Fate, Keeping, Sim, chain, ok, secs, stage, status};
use baton_engine::engine::{Engine, Restore};
use baton_engine::protocol::{AttemptPhase, Command, Event, RunPhase, StagePhase, Storage};
use baton_engine::store::{Batch, Row, Table, Write};
use baton_engine::verify::Reason;
use serde_json::json;

const PASS: &str = r#"{"ok": true}"#;
const NOT_YET: &str = "{}";

#[test]
fn a_reload_resumes_at_the_right_stage() {
    let mut sim = Sim::started(&chain(&["a", "b", "c"]), |call, now| {
        let b_is_there = now.since(crate::sim::START) >= secs(30);
        let wait = call.request.url.contains("//b") && !b_is_there;
        Fate::Now(ok(if wait { NOT_YET } else { PASS }))
    });
    sim.advance(secs(15));
    sim.crash();
    sim.advance(secs(50));
    assert_eq!(sim.run().phase, RunPhase::Passed);
    assert_eq!(sim.times("//a"), [0], "a stage that passed is never polled again");
    assert_eq!(sim.times("//b"), [0, 10, 20, 30], "the phase is kept over the reload");
    assert_eq!(sim.times("//c"), [30]);
}

#[test]
fn a_crash_during_a_request_loses_that_attempt_only() {
    let mut sim = Sim::started(&chain(&["a"]), |_, now| {
        if now == crate::sim::START { Fate::Never } else { Fate::Now(ok(PASS)) }
    });
    sim.advance(secs(3));
    sim.crash();
    let attempts = sim.attempts();
    assert_eq!((attempts.len(), attempts[0].phase), (1, AttemptPhase::Lost));
    assert_eq!(attempts[0].reason, Some(Reason::AttemptLost.into()));
    sim.advance(secs(20));
    assert_eq!(sim.times("//a"), [0, 10]);
    assert_eq!(sim.stage(0).attempts, 2, "it was numbered");
}

#[test]
fn the_deadline_runs_on_while_the_page_is_closed() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Now(ok(NOT_YET)));
    sim.advance(secs(25));
    sim.now.wall = sim.now.wall.plus(secs(1000));
    sim.crash();
    sim.advance(secs(100));
    assert_eq!(sim.times("//a"), [0, 10, 20, 1025], "one last attempt, then it has timed out");
    assert_eq!(sim.stage(0).phase, StagePhase::TimedOut);
}

#[test]
fn a_lost_last_attempt_is_made_again() {
    let mut sim = Sim::started(&chain(&["a"]), |_, now| {
        if now.since(crate::sim::START) == secs(60) { Fate::Never } else { Fate::Now(ok(NOT_YET)) }
    });
    sim.advance(secs(61));
    sim.crash();
    sim.advance(secs(5));
    assert_eq!(sim.times("//a").last(), Some(&61));
    assert_eq!(sim.stage(0).phase, StagePhase::TimedOut);
}

#[test]
fn after_a_sleep_there_is_one_coalesced_poll() {
    let mut sim = Sim::started(
        &stage(json!({
            "poll": {"timeout": "2h"},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "exists"}]
        })),
        |_, _| Fate::Now(ok(NOT_YET)),
    );
    sim.advance(secs(5));
    sim.sleep(secs(3000));
    sim.advance(secs(10));
    assert_eq!(sim.times("//a"), [0, 3005, 3010]);
}

#[test]
fn a_request_that_is_sent_once_is_not_sent_again_after_a_crash() {
    let document = |on_interrupt: &str| {
        stage(json!({
            "once": true, "on_interrupt": on_interrupt,
            "request": {"method": "POST", "url": "http://a.example/", "text": "x"}
        }))
    };
    for (on_interrupt, phase, sent) in [
        ("stop", StagePhase::Failed, 1),
        ("continue", StagePhase::Passed, 1),
        ("resend", StagePhase::Waiting, 1),
    ] {
        let mut sim = Sim::started(&document(on_interrupt), |_, _| Fate::Never);
        sim.advance(secs(1));
        sim.crash();
        assert_eq!(sim.stage(0).phase, phase, "{on_interrupt}");
        assert_eq!(sim.times("//a").len(), sent);
        let evidence = sim.evidence(0, 1).unwrap();
        assert_eq!(
            evidence.request.body.as_deref(),
            Some("x"),
            "what may have been sent is to be seen"
        );
        assert_eq!(evidence.answer, None);
    }
}

#[test]
fn a_claim_that_was_never_committed_was_never_sent() {
    let mut sim = Sim::new(|_, _| Fate::Now(ok(PASS)));
    sim.save("chain", &chain(&["a"]));
    sim.keeping = Keeping::Fails;
    let start = baton_engine::protocol::Command::StartRun {
        run: crate::sim::run_id("run"),
        chain: baton_engine::id::ChainId::try_from("chain").unwrap(),
        environment: None,
    };
    sim.send(baton_engine::id::CommandId::try_from("start").unwrap(), start);
    sim.advance(secs(30));
    assert!(sim.requests.is_empty(), "no request leaves before the store has it");
    let told = sim.events.iter().any(|envelope| matches!(envelope.event, Event::RunChanged(_) | Event::Done { .. } if envelope.seq > 4));
    assert!(!told, "and nobody is told");
    let trouble = sim.events.iter().rev().find_map(|envelope| match &envelope.event {
        Event::Health(health) => health.store.clone(),
        _ => None,
    });
    assert_eq!(trouble.unwrap().message, "the disk is full");
    sim.keeping = Keeping::Commits;
    sim.advance(secs(60));
    assert_eq!(sim.requests.len(), 1, "no fire is lost");
    assert_eq!(sim.run().phase, RunPhase::Passed);
    assert_eq!(sim.snapshot().health.store, None);
}

#[test]
fn a_store_that_is_ahead_of_the_worker_is_taken_as_it_is() {
    let mut sim = Sim::started(&chain(&["a"]), |_, now| {
        Fate::Now(ok(if now == crate::sim::START { NOT_YET } else { PASS }))
    });
    sim.advance(secs(5));
    sim.keeping = Keeping::CommitsUnsaid;
    sim.advance(secs(7));
    assert_eq!(sim.times("//a"), [0], "the claim is in the store, its request never left");
    sim.keeping = Keeping::Commits;
    sim.crash();
    sim.advance(secs(20));
    let phases: Vec<AttemptPhase> = sim.attempts().iter().map(|attempt| attempt.phase).collect();
    assert_eq!(phases[1], AttemptPhase::Lost);
    assert_eq!(sim.run().phase, RunPhase::Passed);
}

#[test]
fn a_clock_set_back_moves_open_instants_and_is_said() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Now(ok(NOT_YET)));
    sim.advance(secs(25));
    let deadline = sim.stage(0).deadline.unwrap();
    sim.set_back(secs(3600));
    let stage = sim.stage(0);
    assert_eq!(deadline.since(stage.deadline.unwrap()), secs(3600));
    assert_eq!(sim.snapshot().health.clock_generation, 1);
    sim.advance(secs(100));
    assert_eq!(sim.requests.len(), 7, "three before, four after, as if nothing had happened");
    assert_eq!(sim.run().phase, RunPhase::TimedOut);
    sim.crash();
    assert_eq!(sim.snapshot().health.clock_generation, 1, "it is stored");
}

#[test]
fn unreadable_rows_are_quarantined_never_deleted() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Now(ok(PASS)));
    sim.advance(secs(1));
    let broken = |table, key: &str, value: &str| {
        Write::Put(Row { table, key: key.into(), value: value.into() })
    };
    sim.store.commit(Batch {
        strict: vec![
            broken(Table::Runs, "broken", "{"),
            broken(Table::Runs, "newer", r#"{"form":99,"record":{}}"#),
            broken(Table::Chains, "orphan", r#"{"form":1,"record":{"revision":3}}"#),
        ],
        relaxed: Vec::new(),
    });
    sim.crash();
    assert_eq!(sim.snapshot().health.quarantined, 3);
    assert_eq!(sim.run().phase, RunPhase::Passed, "the others are there");
    let kept: Vec<String> =
        sim.store.load(Table::Quarantine, "").into_iter().map(|row| row.key).collect();
    assert_eq!(kept, ["chains/orphan", "runs/broken", "runs/newer"]);
    assert_eq!(sim.store.load(Table::Quarantine, "runs/broken")[0].value, "{");
}

#[test]
fn counts_go_on_after_a_reload() {
    let html = || status(200, "<html>");
    let mut sim = Sim::started(&chain(&["a"]), move |_, _| Fate::Now(html()));
    sim.advance(secs(15));
    sim.crash();
    sim.advance(secs(30));
    assert_eq!(sim.times("//a"), [0, 10, 20], "three in a row, the reload between them");
    assert_eq!(sim.run().phase, RunPhase::Failed);
}

#[test]
fn a_clock_set_back_while_the_page_was_closed_is_found_when_it_opens() {
    let mut sim = Sim::started(&chain(&["a"]), |_, _| Fate::Now(ok(NOT_YET)));
    sim.advance(secs(25));
    sim.now.wall = sim.now.wall.minus(secs(86_400));
    sim.crash();
    assert_eq!(sim.snapshot().health.clock_generation, 1);
    sim.advance(secs(100));
    assert_eq!(sim.run().phase, RunPhase::TimedOut, "it doesn't wait for tomorrow");
    sim.crash();
    assert_eq!(sim.snapshot().health.clock_generation, 1, "found once");
}

#[test]
fn a_clock_set_back_does_not_put_off_the_stores_retry() {
    let mut sim = Sim::new(|_, _| Fate::Never);
    sim.keeping = Keeping::Fails;
    let save = baton_engine::protocol::Command::SaveChain {
        chain: baton_engine::id::ChainId::try_from("chain").unwrap(),
        document: chain(&["a"]),
        base: None,
    };
    sim.send(baton_engine::id::CommandId::try_from("save").unwrap(), save);
    sim.set_back(secs(3600));
    sim.keeping = Keeping::Commits;
    sim.advance(secs(2));
    assert_eq!(sim.snapshot().chains.len(), 1);
}

#[test]
fn a_lost_attempt_does_not_change_since_when_a_stage_waits() {
    let mut sim = Sim::started(&chain(&["a"]), |_, now| {
        if now.since(crate::sim::START) == secs(20) { Fate::Never } else { Fate::Now(ok(NOT_YET)) }
    });
    sim.advance(secs(21));
    sim.crash();
    sim.advance(secs(100));
    match sim.stage(0).reason.unwrap().read() {
        Ok(Reason::DeadlinePassed { since: Some(since), .. }) => {
            assert_eq!(since, crate::sim::START);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn shipped_chains_are_saved_once_in_the_stores_life() {
    let restored = |sim: &mut Sim, samples: Vec<String>| {
        sim.epoch += 1;
        let rows = sim.store.restored();
        let restore = Restore { epoch: sim.epoch, seed: 1, rows, samples, ..Restore::default() };
        sim.engine = Engine::restore(sim.now, restore);
        sim.drain();
        sim.snapshot().chains.len()
    };
    let mut sim = Sim::new(|_, _| Fate::Never);
    assert_eq!(restored(&mut sim, Vec::new()), 0, "another page was here first, without any");
    assert_eq!(restored(&mut sim, vec![chain(&["a"]), chain(&["b"])]), 2);
    let removed = sim.snapshot().chains[0].id.clone();
    let remove = baton_engine::protocol::Command::RemoveChain { chain: removed };
    assert_eq!(sim.command(remove), Ok(baton_engine::protocol::Reply::Ok));
    assert_eq!(
        restored(&mut sim, vec![chain(&["a"]), chain(&["b"])]),
        1,
        "what was removed stays so"
    );
}

/// A run of two stages whose disk becomes full while the second one is polled.
fn full_amid_a_run() -> Sim {
    let mut sim = Sim::started(&chain(&["a", "b"]), |call, now| {
        let late = now.since(crate::sim::START) >= secs(40);
        let there = late || call.request.url.contains("//a");
        Fate::Now(ok(if there { PASS } else { NOT_YET }))
    });
    sim.advance(secs(5));
    assert_eq!(sim.stage(0).phase, StagePhase::Passed);
    sim.keeping = Keeping::Fails;
    sim.advance(secs(20));
    sim
}

fn keep_in(sim: &mut Sim, storage: Storage) {
    let id = sim.fresh_id();
    sim.send(id, Command::KeepIn { storage });
}

#[test]
fn a_run_goes_on_in_memory_when_the_disk_is_full_and_its_user_agrees() {
    let mut sim = full_amid_a_run();
    let before = sim.requests.len();
    sim.advance(secs(5));
    assert_eq!(sim.requests.len(), before, "nothing is polled that can't be claimed");
    keep_in(&mut sim, Storage::Memory);
    assert!(sim.requests.len() > before, "it goes on at once, not at the next retry");
    let health = sim.snapshot().health;
    assert!(health.in_memory && health.store.is_none(), "{health:?}");
    sim.advance(secs(60));
    assert_eq!(sim.run().phase, RunPhase::Passed);
}

#[test]
fn what_was_kept_in_memory_goes_to_the_disk_once_there_is_space() {
    let mut sim = full_amid_a_run();
    keep_in(&mut sim, Storage::Memory);
    keep_in(&mut sim, Storage::IndexedDb);
    assert!(sim.snapshot().health.in_memory, "the disk is still full");
    sim.advance(secs(60));
    sim.keeping = Keeping::Commits;
    keep_in(&mut sim, Storage::IndexedDb);
    assert!(!sim.snapshot().health.in_memory);
    sim.crash();
    assert_eq!(sim.run().phase, RunPhase::Passed);
}

#[test]
fn what_was_kept_in_memory_only_goes_with_the_worker() {
    let mut sim = full_amid_a_run();
    keep_in(&mut sim, Storage::Memory);
    sim.advance(secs(60));
    assert_eq!(sim.run().phase, RunPhase::Passed);
    let polled = sim.times("//b").len();
    sim.keeping = Keeping::Commits;
    sim.crash();
    assert!(!sim.snapshot().health.in_memory);
    sim.advance(secs(60));
    assert_eq!(sim.stage(0).phase, StagePhase::Passed, "what was on the disk is there");
    assert_eq!(sim.run().phase, RunPhase::Passed, "and it goes on from there");
    assert!(sim.times("//b").len() > polled, "by polling again what was not kept");
}

#[test]
fn a_full_disk_is_tried_again_when_its_user_has_made_space() {
    let mut sim = full_amid_a_run();
    let before = sim.requests.len();
    sim.keeping = Keeping::Commits;
    keep_in(&mut sim, Storage::IndexedDb);
    assert!(sim.requests.len() > before, "without waiting for the next retry");
    let health = sim.snapshot().health;
    assert!(!health.in_memory && health.store.is_none(), "{health:?}");
}
