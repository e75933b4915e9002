//! History on the screens, before a worker that only listens.
#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![expect(dead_code, reason = "the helpers serve the other screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use baton_engine::protocol::{
    AttemptPhase, AttemptView, Event, RunPhase, RunView, StagePhase, StageView,
};
use baton_ui::options::Options;
use baton_ui::route::Route;
use common::{Scene, at, chain, chain_id, run, run_id, settle, stage, wrong_attempt};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn history() -> Options {
    Options { view: Some("history".into()), ..Options::default() }
}

/// A run that passed, started so many minutes after the others.
fn passed(number: u32) -> RunView {
    let started_at = at(i64::from(number) * 60);
    RunView {
        number,
        started_at,
        ended_at: Some(at(i64::from(number) * 60 + 10)),
        ..run(&format!("r{number}"), "a", RunPhase::Passed, StagePhase::Passed)
    }
}

/// The latest first, as the engine tells them.
fn many(count: u32) -> Vec<RunView> {
    (1..=count).rev().map(passed).collect()
}

#[wasm_bindgen_test]
async fn thousands_of_runs_are_drawn_a_page_at_a_time() {
    let scene = Scene::new(history());
    scene.shows(vec![chain("a", "A")], many(3000)).await;
    assert_eq!(scene.text(".past-runs-head h3"), "3000 runs");
    assert_eq!(scene.all("[data-run-row]", "data-run-row").len(), 50);
    assert_eq!(scene.text("[data-action=more-runs]"), "Show more (2950 left)");
    scene.press("[data-action=more-runs]").await;
    assert_eq!(scene.all("[data-run-row]", "data-run-row").len(), 250);
    // Another order begins at its beginning.
    scene.press("[data-action=sort-started]").await;
    assert_eq!(scene.all("[data-run-row]", "data-run-row").len(), 50);
    assert_eq!(scene.all("[data-run-row]", "data-run-row")[0], "r1");
}

#[wasm_bindgen_test]
async fn a_chains_grid_has_its_latest_runs_and_the_earlier_ones_on_demand() {
    let scene = Scene::new(Options { chain: Some("a".into()), ..history() });
    let mut runs = many(40);
    // An earlier revision had another stage.
    runs[39].stages.push(stage("Gone", StagePhase::Passed));
    scene.shows(vec![chain("a", "A")], runs).await;
    let columns = scene.all("[data-grid-run]", "data-grid-run");
    assert_eq!((columns.len(), columns[0].as_str(), columns[29].as_str()), (30, "r11", "r40"));
    assert_eq!(scene.all(".grid-name", "title"), ["Send", "Table"]);
    scene.press("[data-action=earlier-runs]").await;
    assert_eq!(scene.all("[data-grid-run]", "data-grid-run").len(), 40);
    assert_eq!(scene.all(".grid-name", "title"), ["Send", "Table", "Gone"]);
    assert_eq!(scene.all("[data-grid-run=r40] [data-row]", "data-row"), ["0", "1", "2"]);
    assert_eq!(scene.all("[data-grid-run=r1] [data-row]", "data-row"), ["0", "1", "2", "3"]);
    assert_eq!(scene.all("[data-grid-run=r40] [data-row]", "data-way")[2], "#/runs/r40/stages/2");
}

#[wasm_bindgen_test]
async fn rows_and_cells_stay_as_runs_come_and_change() {
    let scene = Scene::new(Options { chain: Some("a".into()), ..history() });
    scene.shows(vec![chain("a", "A")], many(3)).await;
    let row = scene.find("[data-run-row=r2]").unwrap();
    let cell = scene.find("[data-grid-run=r2] [data-row='2']").unwrap();
    let live = RunView {
        phase: RunPhase::Running,
        ended_at: None,
        stages: vec![stage("Send", StagePhase::Passed), stage("Table", StagePhase::Waiting)],
        ..passed(4)
    };
    scene.tells(Event::RunChanged(live.clone()));
    settle().await;
    assert_eq!(scene.all("[data-grid-run=r4] [data-row]", "data-status")[2], "waiting");
    let column = scene.find("[data-grid-run=r4] [data-row='2']").unwrap();
    let failed = RunView {
        phase: RunPhase::Failed,
        ended_at: Some(at(250)),
        stages: vec![stage("Send", StagePhase::Passed), stage("Table", StagePhase::Failed)],
        ..live
    };
    scene.tells(Event::RunChanged(failed));
    settle().await;
    assert_eq!(column.get_attribute("data-status").as_deref(), Some("failed"));
    assert!(column.is_connected() && row.is_connected() && cell.is_connected());
    assert_eq!(scene.all("[data-run-row=r4]", "data-status"), ["failed"]);
    assert_eq!(scene.text("[data-action=only-failed] .number"), "1");
    scene.tells(Event::RunRemoved(run_id("r4")));
    settle().await;
    assert!(!column.is_connected() && row.is_connected());
}

#[wasm_bindgen_test]
async fn a_chain_that_is_gone_keeps_its_history() {
    let scene = Scene::new(history());
    scene.shows(Vec::new(), many(1)).await;
    assert_eq!(scene.all("[data-action=choose-chain] option", "value"), ["", "a"]);
    assert_eq!(scene.text("[data-action=choose-chain] option[value=a]"), "a");
}

#[wasm_bindgen_test]
async fn a_stage_that_one_comes_for_is_unfolded() {
    let scene = Scene::new(Options { run_id: Some("r1".into()), ..Options::default() });
    scene.shows(vec![chain("a", "A")], many(1)).await;
    let open = |scene: &Scene| scene.all("[data-action=fold]", "aria-expanded");
    assert_eq!(open(&scene), ["false", "false"]);
    scene.ui().go(Route::Stage(run_id("r1"), 0));
    settle().await;
    assert_eq!(open(&scene), ["true", "false"]);
}

#[wasm_bindgen_test]
fn addresses_of_history_read_back() {
    let (one, other) = (run_id("r1"), run_id("r.2"));
    let routes = [
        Route::History(None),
        Route::History(Some(chain_id("a"))),
        Route::Compare(one.clone(), other.clone()),
        Route::Stage(other, 0),
    ];
    for route in routes {
        assert_eq!(Route::parse(&route.hash()), route);
    }
    assert_eq!(Route::parse("#/runs/r1/stages/0"), Route::Run(one));
}

#[wasm_bindgen_test]
async fn the_last_line_says_how_often_the_engine_polls() {
    let scene = Scene::new(Options::default());
    scene.shows(vec![chain("a", "A")], many(1)).await;
    assert_eq!(scene.text("[data-polls]"), "· 0 polls/s");
    let attempt = |number, phase| AttemptView { number, phase, ..wrong_attempt("r1") };
    for number in 1..=12 {
        scene.tells(Event::AttemptChanged(attempt(number, AttemptPhase::Calling)));
        scene.tells(Event::AttemptChanged(attempt(number, AttemptPhase::Lost)));
    }
    scene.says(baton_engine::protocol::FromWorker::Advanced { now_ms: at(1).as_ms() });
    settle().await;
    assert_eq!(scene.text("[data-polls]"), "· 1.2 polls/s");
    scene.says(baton_engine::protocol::FromWorker::Advanced { now_ms: at(60).as_ms() });
    settle().await;
    assert_eq!(scene.text("[data-polls]"), "· 0 polls/s");
}

#[wasm_bindgen_test]
async fn the_board_expects_a_run_by_those_before_it() {
    let scene = Scene::new(Options::default());
    let took = |stage: StageView, begun: i64, ended: i64| StageView {
        begun_at: Some(at(begun)),
        ended_at: Some(at(ended)),
        deadline: Some(at(begun + 60)),
        ..stage
    };
    let earlier = |number: u32| {
        let start = i64::from(number) * 60;
        let stages = vec![
            took(stage("Send", StagePhase::Passed), start, start + 1),
            took(stage("Table", StagePhase::Passed), start + 1, start + 41),
        ];
        RunView { stages, ..passed(number) }
    };
    let live = RunView {
        number: 9,
        started_at: at(600),
        phase: RunPhase::Running,
        stages: vec![
            took(stage("Send", StagePhase::Passed), 600, 601),
            StageView {
                begun_at: Some(at(601)),
                deadline: Some(at(661)),
                ..stage("Table", StagePhase::Waiting)
            },
        ],
        ended_at: None,
        ..passed(9)
    };
    let mut runs = vec![live];
    runs.extend((1..=5).rev().map(earlier));
    scene.shows(vec![chain("a", "A")], runs).await;
    let told = scene.text("[data-chain=a] [data-expected]");
    assert!(told.starts_with("expected about ") && told.ends_with(", usually 41 s"), "{told}");
    scene.says(baton_engine::protocol::FromWorker::Advanced { now_ms: at(650).as_ms() });
    settle().await;
    assert_eq!(scene.text("[data-chain=a] [data-expected]"), "longer than usual, which is 41 s");
}
