//! Many runs against a network, a store and a machine that fail, from seeds. A failure prints its seed;
//! `BATON_SEED=n` runs that one alone.
//!
//! Whatever happens, every run ends as its answers say, no stage that passed is polled again, no run that
//! has ended changes, whatever becomes of its chain, and a request that is sent once leaves once (all this
//! is checked at every step by the driver, or below). Stages stand in groups or not, and some polls become
//! rarer. A run that ended badly is retried once its systems are mended, and what it had verified is not
//! asked again.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use baton_engine::protocol::{Answer, Command, Reply, RunPhase, StagePhase, StageView};
use baton_engine::verify::Diagnosis;
use serde_json::{Value, json};

use crate::random::{Random, each_seed};
use crate::sim::{Fate, Keeping, START, Sim, ok, run_id, secs, status};

const SEEDS: u64 = 300;

/// What each stage of one simulated pipeline will come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    ArrivesAfter(u64),
    Wrong,
    Never,
}

#[test]
fn whatever_fails_every_run_ends_as_its_answers_say() {
    each_seed(SEEDS, simulate);
}

type Plans = Rc<RefCell<Vec<Plan>>>;

fn simulate(seed: u64) {
    let mut random = Random(seed);
    let first: Vec<Plan> = (0..=random.below(4)).map(|_| plan(&mut random)).collect();
    let steps = steps(first.len(), &mut random);
    let plans: Plans = Rc::new(RefCell::new(first.clone()));
    let sent = Rc::new(RefCell::new(BTreeMap::<String, u32>::new()));
    let document = document(&steps, random.below(3) == 0);
    let mut sim =
        Sim::started(&document.to_string(), network(Rc::clone(&plans), seed, Rc::clone(&sent)));
    live(&mut sim, &mut random, 400);
    let run = sim.run();
    let once = sent.borrow().get("http://send.example/").copied().unwrap_or(0);
    assert!(once <= 1, "sent {once} times");
    assert_eq!(run.phase, end_of(&first, &steps), "{first:?} {steps:?} {:?}", run.stages);
    check_numbers(&mut sim, "run");
    if run.phase != RunPhase::Passed {
        plans.borrow_mut().fill(Plan::ArrivesAfter(0));
        retry(&mut sim, &mut random, document, &sent);
    }
}

/// Disturbs a simulation, then lets it come to its end.
fn live(sim: &mut Sim, random: &mut Random, disturbances: u32) {
    for _ in 0..disturbances {
        disturb(sim, random);
    }
    sim.keeping = Keeping::Commits;
    sim.crash();
    sim.advance(secs(20_000));
}

/// Which plans make a step: one, or a group of some.
fn steps(plans: usize, random: &mut Random) -> Vec<Range<usize>> {
    let mut steps = Vec::new();
    let mut at = 0;
    while at < plans {
        let room = u64::try_from(plans - at).unwrap();
        let size = 1 + usize::try_from(random.below(room.min(3))).unwrap();
        steps.push(at..at + size);
        at += size;
    }
    steps
}

/// Takes the run up where it ended, of a chain that was edited meanwhile.
fn retry(
    sim: &mut Sim,
    random: &mut Random,
    mut document: Value,
    sent: &Rc<RefCell<BTreeMap<String, u32>>>,
) {
    document["description"] = json!("edited");
    sim.save("chain", &document.to_string());
    let old = sim.run();
    let is_passed = |stage: &StageView| stage.phase == StagePhase::Passed;
    let from = old.stages.iter().position(|stage| !is_passed(stage)).unwrap();
    let before = sent.borrow().clone();
    let command = Command::RetryRun {
        run: run_id("retry"),
        from: run_id("run"),
        stage: u32::try_from(from).unwrap(),
    };
    assert_eq!(sim.command(command), Ok(Reply::Ok));
    live(sim, random, 100);
    let new = sim.run_named("retry");
    assert_eq!((new.phase, new.revision), (RunPhase::Passed, 2), "{:?}", new.stages);
    for (old, new) in old.stages.iter().zip(&new.stages) {
        if new.seeded_from.is_some() {
            let url = format!("http://{}.example/", new.name);
            assert!(is_passed(old), "{} was not verified", new.name);
            assert_eq!(
                before.get(&url),
                sent.borrow().get(&url),
                "{} is not asked again",
                new.name
            );
        } else {
            assert!(!is_passed(old), "{} is taken over", new.name);
        }
    }
    check_numbers(sim, "retry");
}

fn plan(random: &mut Random) -> Plan {
    match random.below(10) {
        0 => Plan::Wrong,
        1 => Plan::Never,
        _ => Plan::ArrivesAfter(random.below(400)),
    }
}

fn document(steps: &[Range<usize>], rarer: bool) -> Value {
    let send = json!({
        "name": "send", "once": true, "on_interrupt": "continue",
        "request": {"method": "POST", "url": "http://send.example/", "json": {}}
    });
    let stage = |n: usize| {
        json!({
            "name": format!("s{n}"), "request": {"url": format!("http://s{n}.example/")},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "equals", "value": true}]
        })
    };
    let step = |step: &Range<usize>| {
        let mut stages: Vec<Value> = step.clone().map(stage).collect();
        match stages.len() {
            1 => stages.remove(0),
            _ => json!({"group": {"name": format!("g{}", step.start), "stages": stages}}),
        }
    };
    let stages: Vec<Value> = std::iter::once(send).chain(steps.iter().map(step)).collect();
    let mut poll = json!({"interval": "58s", "timeout": "2h"});
    if rarer {
        poll["backoff"] = json!({"kind": "exponential", "factor": 1.5, "max": "5m"});
    }
    json!({"baton": 1, "name": "simulated", "poll": poll, "stages": stages})
}

/// Answers as planned, with noise that polling mends: 503, silence, hanging, one broken body.
fn network(
    plans: Plans,
    seed: u64,
    sent: Rc<RefCell<BTreeMap<String, u32>>>,
) -> impl FnMut(&baton_engine::protocol::Call, baton_engine::time::Timestamp) -> Fate {
    let mut random = Random(seed ^ 0xffff);
    let mut broken = BTreeSet::new();
    move |call, now| {
        let url = call.request.url.clone();
        *sent.borrow_mut().entry(url.clone()).or_default() += 1;
        if url.contains("send") {
            return if random.below(4) == 0 {
                Fate::Never
            } else {
                Fate::After(secs(1), status(201, ""))
            };
        }
        let was_broken = broken.remove(&url);
        match random.below(20) {
            0 => return Fate::Now(status(503, "")),
            1 => return Fate::Now(Answer::NoResponse(Diagnosis::NoAnswer)),
            2 => return Fate::Never,
            3 if !was_broken => {
                broken.insert(url);
                return Fate::Now(ok("<html>"));
            }
            _ => {}
        }
        let index: usize = url["http://s".len()..].split('.').next().unwrap().parse().unwrap();
        let elapsed = now.since(START).as_secs();
        let body = match plans.borrow()[index] {
            Plan::ArrivesAfter(after) if elapsed >= after => r#"{"ok": true}"#,
            Plan::Wrong => r#"{"ok": false}"#,
            Plan::ArrivesAfter(_) | Plan::Never => "{}",
        };
        Fate::After(std::time::Duration::from_millis(random.below(5000)), ok(body))
    }
}

fn disturb(sim: &mut Sim, random: &mut Random) {
    match random.below(40) {
        0 => sim.crash(),
        1 => sim.sleep(secs(random.below(300))),
        2 => sim.keeping = Keeping::Fails,
        3 => {
            // The worker dies between the store's word and its own.
            sim.keeping = Keeping::CommitsUnsaid;
            sim.advance(secs(random.below(60)));
            sim.keeping = Keeping::Commits;
            sim.crash();
        }
        4 => sim.set_back(secs(3 + random.below(50))),
        _ => {
            sim.advance(secs(random.below(20)));
            if random.below(3) == 0 {
                sim.keeping = Keeping::Commits;
            }
        }
    }
}

/// The first step that can't pass decides. What is wrong in it is found long before time is over.
fn end_of(plans: &[Plan], steps: &[Range<usize>]) -> RunPhase {
    for step in steps {
        let step = &plans[step.clone()];
        if step.contains(&Plan::Wrong) {
            return RunPhase::Failed;
        }
        if step.contains(&Plan::Never) {
            return RunPhase::TimedOut;
        }
    }
    RunPhase::Passed
}

fn check_numbers(sim: &mut Sim, run: &str) {
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    for attempt in sim.attempts_of(run) {
        let last = numbers.entry(attempt.stage).or_default();
        assert_eq!(attempt.number, *last + 1, "attempts are numbered without a gap");
        *last = attempt.number;
    }
}
