//! Schedules of chains: armed by the user's switch, a job like any other, told in the chain's view.

use baton_engine::id::ChainId;
use baton_engine::protocol::{
    ChainView, Command, Event, JobsCommand, Refusal, Reply, RunPhase, ScheduleView,
};
use baton_engine::store::Table;
use serde_json::{Value, json};

use crate::groups::polled;
use crate::sim::{Fate, START, Sim, ok, secs};

const PASS: &str = r#"{"ok": true}"#;

fn document(schedule: impl Into<Option<Value>>) -> Value {
    let mut document = json!({
        "baton": 1, "name": "t", "poll": {"interval": "10s", "timeout": "60s"}, "stages": [polled("a")]
    });
    if let Some(schedule) = schedule.into() {
        document["schedule"] = schedule;
    }
    document
}

fn every(seconds: u32) -> Value {
    json!({"type": "interval", "seconds": seconds})
}

fn sim(schedule: impl Into<Option<Value>>) -> Sim {
    let mut sim = Sim::new(|_, _| Fate::Now(ok(PASS)));
    sim.save("chain", &document(schedule).to_string());
    sim
}

fn chain_id() -> ChainId {
    ChainId::try_from("chain").unwrap()
}

fn arm(sim: &mut Sim, armed: bool) -> Result<Reply, Refusal> {
    sim.command(Command::ArmSchedule { chain: chain_id(), armed })
}

fn view(sim: &mut Sim) -> ChainView {
    sim.snapshot().chains.swap_remove(0)
}

/// Whether it is armed, and when it starts next, in seconds after the start.
fn schedule(sim: &mut Sim) -> Option<(bool, Option<u64>)> {
    let ScheduleView { armed, next, .. } = view(sim).schedule?;
    Some((armed, next.map(|at| at.since(START).as_secs())))
}

#[test]
fn a_schedule_does_nothing_until_the_user_arms_it() {
    let mut sim = sim(every(100));
    assert_eq!(schedule(&mut sim), Some((false, None)));
    sim.advance(secs(500));
    assert!(sim.snapshot().runs.is_empty());
}

#[test]
fn an_armed_schedule_starts_a_run_at_each_fire_and_tells_the_next() {
    let mut sim = sim(every(100));
    assert_eq!(arm(&mut sim, true), Ok(Reply::Ok));
    assert_eq!(schedule(&mut sim), Some((true, Some(100))));
    sim.advance(secs(250));
    assert_eq!(sim.times("//a"), [100, 200]);
    let runs = sim.snapshot().runs;
    assert_eq!(runs.iter().map(|run| run.number).collect::<Vec<_>>(), [2, 1]);
    assert!(runs.iter().all(|run| run.phase == RunPhase::Passed));
    let told = sim.events.iter().rev().find_map(|envelope| match &envelope.event {
        Event::ChainChanged(view) => view.schedule.clone(),
        _ => None,
    });
    assert_eq!(told.unwrap().next, Some(START.plus(secs(300))), "without being asked");
}

#[test]
fn a_fire_that_comes_while_a_run_is_under_way_is_skipped() {
    let mut sim =
        Sim::new(|_, now| Fate::Now(ok(if now.since(START) >= secs(145) { PASS } else { "{}" })));
    sim.save("chain", &document(every(20)).to_string());
    arm(&mut sim, true).unwrap();
    sim.advance(secs(59));
    assert_eq!(sim.snapshot().runs.len(), 1);
}

#[test]
fn the_switch_pauses_it_and_it_goes_on_in_phase() {
    let mut sim = sim(every(100));
    arm(&mut sim, true).unwrap();
    sim.advance(secs(150));
    assert_eq!(arm(&mut sim, false), Ok(Reply::Ok));
    assert_eq!(schedule(&mut sim), Some((false, None)));
    sim.advance(secs(200));
    assert_eq!(sim.times("//a"), [100]);
    arm(&mut sim, true).unwrap();
    assert_eq!(schedule(&mut sim), Some((true, Some(400))));
    assert_eq!((arm(&mut sim, true), arm(&mut sim, true)), (Ok(Reply::Ok), Ok(Reply::Ok)));
}

#[test]
fn it_survives_a_reload_in_phase() {
    let mut sim = sim(every(100));
    arm(&mut sim, true).unwrap();
    sim.advance(secs(130));
    sim.crash();
    assert_eq!(schedule(&mut sim), Some((true, Some(200))));
    sim.advance(secs(100));
    assert_eq!(sim.times("//a"), [100, 200]);
    arm(&mut sim, false).unwrap();
    sim.crash();
    assert_eq!(schedule(&mut sim), Some((false, None)), "so does the switch");
}

#[test]
fn a_changed_schedule_is_taken_up_when_the_chain_is_saved() {
    let mut sim = sim(every(100));
    arm(&mut sim, true).unwrap();
    sim.advance(secs(50));
    sim.save("chain", &document(every(30)).to_string());
    assert_eq!(schedule(&mut sim), Some((true, Some(80))));
    let mut described = document(every(30));
    described["description"] = json!("the same schedule");
    sim.advance(secs(10));
    sim.save("chain", &described.to_string());
    assert_eq!(schedule(&mut sim), Some((true, Some(80))), "the same one goes on as it was");
    arm(&mut sim, false).unwrap();
    sim.save("chain", &document(every(40)).to_string());
    assert_eq!(schedule(&mut sim), Some((false, None)), "a switch that is off stays off");
    sim.save("chain", &document(None).to_string());
    assert_eq!(view(&mut sim).schedule, None);
    assert_eq!(sim.store.load(Table::Jobs, "").len(), 0);
    sim.save("chain", &document(every(30)).to_string());
    assert_eq!(schedule(&mut sim), Some((false, None)), "and a new one is not armed");
}

#[test]
fn a_run_by_schedule_has_the_chain_as_it_is_then() {
    let mut sim = sim(every(100));
    arm(&mut sim, true).unwrap();
    let mut changed = document(every(100));
    changed["stages"] = json!([polled("b")]);
    sim.save("chain", &changed.to_string());
    sim.advance(secs(100));
    assert_eq!((sim.times("//a"), sim.times("//b")), (vec![], vec![100]));
}

#[test]
fn a_chain_that_is_removed_takes_its_schedule_along() {
    let mut sim = sim(every(100));
    arm(&mut sim, true).unwrap();
    sim.command(Command::RemoveChain { chain: chain_id() }).unwrap();
    sim.advance(secs(500));
    assert!(sim.snapshot().runs.is_empty());
    assert_eq!(sim.store.load(Table::Jobs, "").len(), 0);
}

#[test]
fn triggers_name_their_zone_and_its_rules_are_asked_for() {
    let mut sim = sim(json!({"type": "cron", "hour": 2, "timezone": "Asia/Shanghai"}));
    arm(&mut sim, true).unwrap();
    // The simulation starts at 2026-11-23T12:00:00Z: 20:00 in Shanghai.
    assert_eq!(schedule(&mut sim), Some((true, Some(6 * 3600))));
    sim.crash();
    assert_eq!(schedule(&mut sim), Some((true, Some(6 * 3600))));
}

#[test]
fn a_save_waits_for_the_rules_of_its_zone() {
    let mut sim = Sim::new(|_, _| Fate::Never);
    sim.pages.zones_come_late = true;
    let schedule = json!({"type": "cron", "hour": 2, "timezone": "Europe/London"});
    let document = document(schedule).to_string();
    let id = sim.fresh_id();
    sim.send(id.clone(), Command::SaveChain { chain: chain_id(), document, base: None });
    let answered = |sim: &Sim| {
        sim.events
            .iter()
            .any(|envelope| matches!(&envelope.event, Event::Done { id: of, .. } if *of == id))
    };
    assert!(!answered(&sim));
    let zone = baton_engine::zone::bundled::zone("Europe/London");
    let name = "Europe/London".to_owned();
    sim.engine.handle(sim.now, baton_engine::protocol::Input::Zone { name, zone });
    sim.drain();
    assert!(answered(&sim));
}

#[test]
fn the_zone_and_the_phase_are_written_into_the_job() {
    let mut sim = sim(every(100));
    arm(&mut sim, true).unwrap();
    let rows = sim.store.load(Table::Jobs, "");
    assert!(rows[0].value.contains(r#"\"timezone\":\"UTC\""#), "{}", rows[0].value);
    assert!(
        rows[0].value.contains(r#"\"start_date\":\"2026-11-23T12:01:40Z\""#),
        "{}",
        rows[0].value
    );
}

#[test]
fn a_schedule_that_makes_no_sense_is_refused_with_its_place() {
    let mut sim = Sim::new(|_, _| Fate::Never);
    let mut check = |schedule: Value, want: &str| {
        let document = document(schedule).to_string();
        let save = Command::SaveChain { chain: chain_id(), document: document.clone(), base: None };
        let Err(Refusal::Invalid(saved)) = sim.command(save) else { panic!("{document}") };
        let Ok(Reply::Checked { problems, .. }) = sim.command(Command::CheckDocument { document })
        else {
            panic!("it is checked")
        };
        assert_eq!((saved[0].to_string().as_str(), &saved), (want, &problems));
    };
    check(json!([]), "schedule: expected an object, found a list");
    check(json!({"hour": 2}), "schedule: the key \"type\" is missing; add it");
    check(json!({"type": "cron", "hour": 25}), "schedule.hour: 25 is out of range; use 0 to 23");
    let nowhere = json!({"type": "cron", "timezone": "Nowhere/None"});
    let document = document(nowhere).to_string();
    let save = Command::SaveChain { chain: chain_id(), document, base: None };
    let Err(Refusal::Invalid(problems)) = sim.command(save) else { panic!("no such zone") };
    assert_eq!(problems[0].path, "schedule.timezone");
}

#[test]
fn what_has_no_schedule_cannot_be_armed() {
    let mut sim = sim(None);
    assert_eq!(view(&mut sim).schedule, None);
    assert_eq!(arm(&mut sim, true), Err(Refusal::NoSchedule(chain_id())));
    let chain = ChainId::try_from("none").unwrap();
    let unknown = sim.command(Command::ArmSchedule { chain: chain.clone(), armed: true });
    assert_eq!(unknown, Err(Refusal::UnknownChain(chain)));
}

#[test]
fn its_fires_are_in_the_schedulers_history_and_missed_ones_are_merged() {
    let mut sim = sim(every(100));
    arm(&mut sim, true).unwrap();
    sim.sleep(secs(1050));
    sim.advance(secs(10));
    assert_eq!(sim.snapshot().runs.len(), 1, "one run after a sleep");
    assert_eq!(sim.fired("schedule:chain"), [0; 0], "no page carries it out");
    let reply = sim.ask(JobsCommand::History { job: None, count: 10 });
    let told = format!("{reply:?}");
    assert!(told.contains("schedule:chain"), "{told}");
}
