//! Many runs against a network, a store and a machine that fail, from seeds. A failure prints its seed;
//! `BATON_SEED=n` runs that one alone.
//!
//! Whatever happens, every run ends as its answers say, no stage that passed is polled again, and a
//! request that is sent once leaves once (both are checked at every step by the driver, or below).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use baton_engine::protocol::{Answer, RunPhase};
use baton_engine::verify::Diagnosis;
use serde_json::json;

use crate::random::{Random, each_seed};
use crate::sim::{Fate, Keeping, START, Sim, ok, secs, status};

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

fn simulate(seed: u64) {
    let mut random = Random(seed);
    let plans: Vec<Plan> = (0..=random.below(4)).map(|_| plan(&mut random)).collect();
    let sent = Rc::new(RefCell::new(BTreeMap::<String, u32>::new()));
    let mut sim = Sim::started(&document(&plans), network(plans.clone(), seed, Rc::clone(&sent)));
    for _ in 0..400 {
        disturb(&mut sim, &mut random);
    }
    sim.keeping = Keeping::Commits;
    sim.crash();
    sim.advance(secs(20_000));
    let run = sim.run();
    let once = sent.borrow().get("http://send.example/").copied().unwrap_or(0);
    assert!(once <= 1, "sent {once} times");
    check_end(&plans, run.phase, &mut sim);
}

fn plan(random: &mut Random) -> Plan {
    match random.below(10) {
        0 => Plan::Wrong,
        1 => Plan::Never,
        _ => Plan::ArrivesAfter(random.below(400)),
    }
}

fn document(plans: &[Plan]) -> String {
    let send = json!({
        "name": "send", "once": true, "on_interrupt": "continue",
        "request": {"method": "POST", "url": "http://send.example/", "json": {}}
    });
    let stages = plans.iter().enumerate().map(|(n, _)| {
        json!({
            "name": format!("s{n}"), "request": {"url": format!("http://s{n}.example/")},
            "checks": [{"source": {"jsonpath": "$.ok"}, "op": "equals", "value": true}]
        })
    });
    let stages: Vec<_> = std::iter::once(send).chain(stages).collect();
    let poll = json!({"interval": "58s", "timeout": "2h"});
    json!({"baton": 1, "name": "simulated", "poll": poll, "stages": stages}).to_string()
}

/// Answers as planned, with noise that polling mends: 503, silence, hanging, one broken body.
fn network(
    plans: Vec<Plan>,
    seed: u64,
    sent: Rc<RefCell<BTreeMap<String, u32>>>,
) -> impl FnMut(&baton_engine::protocol::Call, baton_engine::time::Timestamp) -> Fate {
    let mut random = Random(seed ^ 0xffff);
    let mut broken = false;
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
        let was_broken = std::mem::replace(&mut broken, false);
        match random.below(20) {
            0 => return Fate::Now(status(503, "")),
            1 => return Fate::Now(Answer::NoResponse(Diagnosis::NoAnswer)),
            2 => return Fate::Never,
            3 if !was_broken => {
                broken = true;
                return Fate::Now(ok("<html>"));
            }
            _ => {}
        }
        let index: usize = url["http://s".len()..].split('.').next().unwrap().parse().unwrap();
        let elapsed = now.since(START).as_secs();
        let body = match plans[index] {
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

fn check_end(plans: &[Plan], phase: RunPhase, sim: &mut Sim) {
    let first_bad = plans.iter().find(|plan| !matches!(plan, Plan::ArrivesAfter(_)));
    let want = match first_bad {
        None => RunPhase::Passed,
        Some(Plan::Wrong) => RunPhase::Failed,
        Some(_) => RunPhase::TimedOut,
    };
    assert_eq!(phase, want, "{plans:?} {:?}", sim.run().stages);
    let attempts = sim.attempts();
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    for attempt in attempts {
        let last = numbers.entry(attempt.stage).or_default();
        assert_eq!(attempt.number, *last + 1, "attempts are numbered without a gap");
        *last = attempt.number;
    }
}
