//! Groups, retries and schedules on the screens, before a worker that only listens.
#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![expect(dead_code, reason = "the helpers serve the other screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use baton_engine::protocol::{
    Command, Event, Refusal, Reply, RunPhase, RunView, ScheduleView, StagePhase,
};
use baton_ui::options::Options;
use common::{Scene, at, chain, run, run_id, settle, stage};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn shown(id: &str) -> Options {
    Options { run_id: Some(id.into()), ..Options::default() }
}

/// A first stage, a group of two, and all three again.
fn grouped(second: StagePhase, third: StagePhase) -> RunView {
    let phase = if second == StagePhase::Failed { RunPhase::Failed } else { RunPhase::Running };
    let mut view = run("r1", "a", phase, second);
    view.stages.push(stage("Copy", third));
    for stage in &mut view.stages[1..] {
        stage.group = Some("Tables".into());
    }
    for (again, name) in (0..).zip(["Send", "Table", "Copy"]) {
        let mut last = stage(name, StagePhase::NotStarted);
        last.again = Some(again);
        view.stages.push(last);
    }
    view
}

#[wasm_bindgen_test]
async fn stages_of_a_group_stand_side_by_side_and_are_current_together() {
    let scene = Scene::new(shown("r1"));
    scene
        .shows(vec![chain("a", "A")], vec![grouped(StagePhase::Waiting, StagePhase::Calling)])
        .await;
    assert_eq!(scene.all(".group", "data-group"), ["Tables", ""]);
    assert_eq!(scene.text("[data-group=Tables] .group-name"), "Tables");
    assert_eq!(scene.all("[data-group=Tables] [data-stage]", "data-stage"), ["1", "2"]);
    assert_eq!(scene.all("[data-current]", "data-stage"), ["1", "2"]);
    assert_eq!(scene.text("[data-group=''] .group-name"), "Verified again at the end");
    assert_eq!(scene.all("[data-group=''] [data-stage]", "data-stage"), ["3", "4", "5"]);
    assert!(scene.find("[data-action=retry]").is_none(), "it goes on");
}

#[wasm_bindgen_test]
async fn the_stage_that_failed_is_the_one_that_is_looked_at() {
    let scene = Scene::new(shown("r1"));
    let mut failed = grouped(StagePhase::Cancelled, StagePhase::Failed);
    failed.phase = RunPhase::Failed;
    scene.shows(vec![chain("a", "A")], vec![failed]).await;
    assert_eq!(scene.all("[data-current]", "data-stage"), ["2"]);
    assert!(scene.find("[data-stage='2'] [data-action=retry]").is_some());
    assert_eq!(scene.all("[data-action=retry]", "type").len(), 1);
}

#[wasm_bindgen_test]
async fn a_retry_is_ordered_at_its_stage_and_shown_when_it_has_begun() {
    let scene = Scene::new(shown("r1"));
    let failed = run("r1", "a", RunPhase::Failed, StagePhase::Failed);
    scene.shows(vec![chain("a", "A")], vec![failed]).await;
    scene.press("[data-stage='1'] [data-action=retry]").await;
    let order = scene.order(|command| matches!(command, Command::RetryRun { .. }));
    let Command::RetryRun { run: id, from, stage } = order.command.clone() else { unreachable!() };
    assert_eq!((from, stage), (run_id("r1"), 1));
    let mut begun = run(id.as_str(), "a", RunPhase::Running, StagePhase::Waiting);
    begun.number = 2;
    begun.retry_of = Some(run_id("r1"));
    begun.stages[0].seeded_from = Some(run_id("r1"));
    scene.tells(Event::RunChanged(begun));
    scene.answers(&order, Ok(Reply::Ok)).await;
    assert_eq!(scene.all("[data-screen=run]", "data-run"), [id.to_string()]);
    assert_eq!(scene.text("[data-action=retry-of]"), "Retry of run #1");
    assert_eq!(scene.text("[data-stage='0'] [data-action=origin]"), "run #1");
    assert!(scene.text("[data-stage='0'] .flags").contains("Taken over"));
    assert!(scene.find("[data-stage='1'] [data-action=origin]").is_none());
    scene.press("[data-action=retry-of]").await;
    assert_eq!(scene.all("[data-screen=run]", "data-run"), ["r1"]);
    assert_eq!(scene.text("[data-action=retried-as]"), "Retried as run #2");
    scene.tells(Event::RunRemoved(run_id("r1")));
    settle().await;
}

#[wasm_bindgen_test]
async fn a_retry_that_is_refused_says_why() {
    let scene = Scene::new(shown("r1"));
    let failed = run("r1", "a", RunPhase::TimedOut, StagePhase::TimedOut);
    scene.shows(vec![chain("a", "A")], vec![failed]).await;
    scene.press("[data-action=retry]").await;
    let order = scene.order(|command| matches!(command, Command::RetryRun { .. }));
    scene.answers(&order, Err(Refusal::StagesChanged { revision: 4 })).await;
    assert!(scene.text("[role=alert]").contains("revision 4 of the chain differs"));
}

#[wasm_bindgen_test]
async fn a_run_whose_origin_was_removed_says_so() {
    let scene = Scene::new(shown("r2"));
    let mut retried = run("r2", "a", RunPhase::Passed, StagePhase::Passed);
    retried.retry_of = Some(run_id("gone"));
    retried.stages[0].seeded_from = Some(run_id("gone"));
    scene.shows(vec![chain("a", "A")], vec![retried]).await;
    assert!(scene.text(".run-links").contains("Retry of a run that was removed"));
    assert!(scene.find("[data-action=origin]").is_none());
}

#[wasm_bindgen_test]
async fn a_schedule_shows_its_next_start_and_its_switch() {
    let scene = Scene::new(Options::default());
    let scheduled = |armed: bool| {
        let mut view = chain("a", "A");
        let next = armed.then(|| at(3600));
        let trigger = "{}".into();
        view.schedule = Some(ScheduleView { armed, next, trigger, refused: None });
        view
    };
    scene.shows(vec![scheduled(false), chain("b", "B")], Vec::new()).await;
    assert_eq!(scene.text("[data-chain=a] [data-schedule]"), "Its schedule is off");
    assert!(scene.find("[data-chain=b] [data-schedule]").is_none(), "it has none");
    scene.press("[data-chain=a] [data-action=arm]").await;
    let order = scene.order(|command| matches!(command, Command::ArmSchedule { .. }));
    assert!(matches!(&order.command, Command::ArmSchedule { armed: true, .. }));
    scene.tells(Event::ChainChanged(scheduled(true)));
    scene.answers(&order, Ok(Reply::Ok)).await;
    assert!(scene.text("[data-chain=a] [data-schedule]").starts_with("Starts by itself: "));
    scene.press("[data-chain=a] [data-action=disarm]").await;
    let order = scene.order(|command| matches!(command, Command::ArmSchedule { .. }));
    assert!(matches!(&order.command, Command::ArmSchedule { armed: false, .. }));
}
