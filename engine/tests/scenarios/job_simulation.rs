//! Weeks of jobs on machines that sleep, crash, have their clocks set and their disks full, from seeds.
//! A failure prints its seed; `BATON_SEED=n` runs that one alone.
//!
//! At every fire the driver checks that it is recorded before it is handed over, and that its
//! scheduled instant was never handed over before. Here: fires of a job ascend, lie where its trigger
//! says, never overlap more than its job allows, each ends exactly once, and when the faults are over
//! every job goes on.

use std::collections::BTreeMap;

use baton_engine::protocol::{Cause, FireId, JobEvent, JobState, JobsCommand};
use baton_engine::time::Timestamp;
use baton_engine::trigger::{Setting, Trigger};
use baton_engine::zone::{Zones, bundled};
use serde_json::{Value, json};

use crate::pages::{Handed, Work, job, own_page, page};
use crate::random::{Random, each_seed};
use crate::sim::{Fate, Keeping, START, Sim, secs};

const SEEDS: u64 = 1000;
const HOUR: u64 = 3600;

/// What is simulated: an interval, wildcard and fixed times over a change of the clocks, a date.
fn jobs() -> Vec<(&'static str, Value)> {
    vec![
        ("interval", json!({"trigger": {"type": "interval", "hours": 5, "seconds": 58}})),
        (
            "all",
            json!({"trigger": {"type": "interval", "hours": 7}, "coalesce": "all",
                   "overlap": "buffer_one", "misfire_grace": "2d"}),
        ),
        (
            "fixed",
            json!({"trigger": {"type": "cron", "hour": "2", "minute": 30, "timezone": "Europe/London"},
                   "misfire_grace": "10h", "coalesce": "earliest"}),
        ),
        (
            "wild",
            json!({"trigger": {"type": "cron", "hour": "*/6", "timezone": "America/New_York"},
                   "overlap": {"allow_n": 2}, "fire_timeout": "3h"}),
        ),
        ("date", json!({"trigger": {"type": "date", "run_date": "2026-12-01T12:00:00Z"}})),
    ]
}

#[test]
fn weeks_of_faults_lose_no_job_and_repeat_no_fire() {
    each_seed(SEEDS, simulate);
}

fn simulate(seed: u64) {
    let mut random = Random(seed);
    let mut sim = Sim::new(|_, _| Fate::Never);
    let mut work = Random(seed ^ 0xffff);
    sim.pages.work = Box::new(move |_| match work.below(10) {
        0 => Work::Hangs,
        1 => Work::Throws("it broke"),
        2 | 3 => Work::Takes(secs(work.below(8 * HOUR))),
        _ => Work::Now,
    });
    for (name, members) in jobs() {
        sim.add(name, members);
    }
    for _ in 0..60 {
        disturb(&mut sim, &mut random);
    }
    settle(&mut sim);
    check(&mut sim);
}

fn disturb(sim: &mut Sim, random: &mut Random) {
    match random.below(24) {
        0 => restart(sim, random),
        1 => sim.sleep(secs(random.below(60 * HOUR))),
        2 => sim.keeping = Keeping::Fails,
        3 => {
            // The worker dies between the store's word and its own.
            sim.keeping = Keeping::CommitsUnsaid;
            sim.advance(secs(random.below(9 * HOUR)));
            sim.keeping = Keeping::Commits;
            restart(sim, random);
        }
        4 => sim.set_back(secs(3 + random.below(4 * HOUR))),
        5 => {
            let name = jobs()[usize::try_from(random.below(5)).unwrap()].0;
            let command = match random.below(3) {
                0 => JobsCommand::Pause { job: job(name) },
                1 => JobsCommand::Unpause { job: job(name) },
                _ => JobsCommand::RunNow { job: job(name) },
            };
            tell(sim, command);
        }
        _ => {
            sim.advance(secs(random.below(12 * HOUR)));
            if random.below(3) > 0 {
                sim.keeping = Keeping::Commits;
            }
        }
    }
}

/// The page and its worker are gone; another one comes, at once or later.
fn restart(sim: &mut Sim, random: &mut Random) {
    let gone = own_page(sim.epoch);
    sim.crash();
    if sim.keeping == Keeping::Fails {
        sim.keeping = Keeping::Commits;
    }
    sim.page_gone(&gone);
    sim.advance(secs(random.below(3) * HOUR));
    bind(sim);
}

fn bind(sim: &mut Sim) {
    let names = jobs().into_iter().map(|(name, _)| job(name)).collect();
    tell(sim, JobsCommand::Bind { jobs: names });
}

/// A command whose answer may have to wait for the store.
fn tell(sim: &mut Sim, command: JobsCommand) {
    let client = own_page(sim.epoch);
    sim.send_only(client, command);
}

/// The faults are over: what was paused goes on, and everything that is begun ends.
fn settle(sim: &mut Sim) {
    sim.keeping = Keeping::Commits;
    sim.advance(secs(120));
    bind(sim);
    for (name, _) in jobs() {
        sim.ask(JobsCommand::Unpause { job: job(name) }).unwrap();
    }
    sim.pages.work = Box::new(|_| Work::Now);
    let before = sim.pages.handed.len();
    sim.advance(secs(26 * HOUR));
    let after: Vec<Handed> = sim.pages.handed[before..].to_vec();
    for name in ["interval", "all", "fixed", "wild"] {
        assert!(after.iter().any(|handed| handed.fire.job == job(name)), "{name} goes on");
    }
}

fn check(sim: &mut Sim) {
    check_order(&sim.pages.handed);
    check_ends(sim);
    for (name, members) in jobs() {
        check_instants(&members["trigger"], name, &sim.pages.handed);
        let view = sim.job(name).unwrap();
        let over = name == "date" && view.state == JobState::Finished;
        assert!(over || view.next.is_some_and(|next| next > sim.now.wall), "{name}: {view:?}");
        assert!(sim.executing(name) == 0 && view.under_way == 0, "{name}: nothing is left open");
    }
}

/// Within a generation of the clock, scheduled fires of a job ascend.
fn check_order(handed: &[Handed]) {
    let mut last: BTreeMap<_, Timestamp> = BTreeMap::new();
    for Handed { fire, .. } in handed.iter().filter(|handed| handed.fire.cause == Cause::Schedule) {
        let before = last.insert((fire.job.clone(), fire.generation), fire.scheduled_at);
        assert!(
            before.is_none_or(|before| before < fire.scheduled_at),
            "{fire:?} after {before:?}"
        );
    }
}

/// Every fire that was handed over has one end, and no other has any.
fn check_ends(sim: &mut Sim) {
    let mut ends: BTreeMap<FireId, u32> = BTreeMap::new();
    for event in sim.job_events() {
        if let JobEvent::Ended { fires, .. } = event {
            fires.iter().for_each(|fire| *ends.entry(fire).or_default() += 1);
        }
    }
    assert!(ends.values().all(|ends| *ends == 1), "a fire ends once: {ends:?}");
    for fire in sim.history(None) {
        assert!(fire.outcome.is_some(), "{fire:?} has no end");
    }
}

/// Cron fires lie where the trigger says; those of an interval are in one phase as long as nobody
/// sets the clock.
fn check_instants(trigger: &Value, name: &str, handed: &[Handed]) {
    let fires = handed.iter().filter(|handed| handed.fire.job == job(name));
    let fires: Vec<&FireId> = fires.map(|handed| &handed.fire).collect();
    let fires = fires.into_iter().filter(|fire| fire.cause == Cause::Schedule);
    if trigger["type"] == "interval" {
        let every =
            trigger["hours"].as_i64().unwrap() * 3600 + trigger["seconds"].as_i64().unwrap_or(0);
        let mut phases: BTreeMap<u32, i64> = BTreeMap::new();
        for fire in fires {
            let phase = fire.scheduled_at.as_ms().rem_euclid(every * 1000);
            assert_eq!(*phases.entry(fire.generation).or_insert(phase), phase, "{name}: {fire:?}");
        }
        return;
    }
    let mut zones = Zones::default();
    let trigger = &baton_engine::json::parse(&trigger.to_string()).unwrap();
    for zone in Trigger::zones_named(trigger) {
        zones.insert(std::rc::Rc::new(bundled::zone(&zone).unwrap()));
    }
    let setting = Setting { zones: &zones, zone: "UTC", now: START, seed: 0 };
    let rule = Trigger::parse(trigger, &setting).unwrap();
    for fire in fires {
        assert_eq!(rule.next_from(fire.scheduled_at), Some(fire.scheduled_at), "{name}: {fire:?}");
    }
}

impl Sim {
    fn executing(&self, name: &str) -> usize {
        let client = page(&format!("page-{}", self.epoch));
        self.pages.executing(&client).iter().filter(|fire| fire.job == job(name)).count()
    }
}
