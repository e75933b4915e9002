//! The attempts of a run: stepping through them, and what marks one as the same in several places.

#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![expect(dead_code, reason = "the helpers serve the other screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use baton_engine::protocol::{
    AttemptPhase, AttemptView, Command, Event, Reply, RunPhase, StagePhase,
};
use baton_engine::verify::Verdict;
use baton_ui::options::Options;
use baton_ui::ui::Step;
use common::{Scene, at, chain, run, settle, wrong_attempt};
use leptos::prelude::request_animation_frame;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Lets so many frames pass as bringing something into view takes.
async fn frames() {
    for _ in 0..4 {
        let frame = js_sys::Promise::new(&mut |resolve, _| {
            request_animation_frame(move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL)));
        });
        JsFuture::from(frame).await.unwrap();
        settle().await;
    }
}

fn attempt(stage: u32, number: u32, verdict: Verdict) -> AttemptView {
    let begun = at(i64::from(stage * 4 + number));
    AttemptView {
        stage,
        number,
        phase: AttemptPhase::Judged(verdict),
        scheduled_at: begun,
        begun_at: begun,
        ended_at: Some(begun),
        reason: None,
        readings: Vec::new().into(),
        ..wrong_attempt("r1")
    }
}

/// A run with one attempt of its first stage and three of its second.
async fn scene() -> Scene {
    let scene = Scene::new(Options { run_id: Some("r1".into()), ..Options::default() });
    let mut live = run("r1", "a", RunPhase::Running, StagePhase::Waiting);
    live.stages[1].attempts = 3;
    scene.shows(vec![chain("a", "A")], vec![live]).await;
    let list = scene.order(|command| matches!(command, Command::ListAttempts { .. }));
    let mut attempts = vec![attempt(0, 1, Verdict::Pass)];
    attempts.extend((1..=3).map(|number| attempt(1, number, Verdict::Pending)));
    scene.answers(&list, Ok(Reply::Attempts(attempts))).await;
    scene
}

/// The stage and number of every attempt that is open.
fn open(scene: &Scene) -> Vec<String> {
    scene.all("[aria-expanded=true][data-action=open-attempt]", "aria-label")
}

#[wasm_bindgen_test]
async fn one_steps_through_attempts_across_stages() {
    let scene = scene().await;
    let ui = scene.ui();
    let step = async |step| {
        ui.step_attempt(step);
        frames().await;
        open(&scene)
    };
    assert_eq!(step(Step::Later).await, ["Attempt 3 of Table"]);
    assert_eq!(step(Step::Later).await, ["Attempt 3 of Table"], "there is no later one");
    assert_eq!(step(Step::Earlier).await, ["Attempt 2 of Table"]);
    assert_eq!(step(Step::Earlier).await, ["Attempt 1 of Table"]);
    // Into a stage that was folded.
    assert_eq!(step(Step::Earlier).await, ["Attempt 1 of Send"]);
    let focused = web_sys::window().unwrap().document().unwrap().active_element().unwrap();
    assert_eq!(focused.get_attribute("aria-label").as_deref(), Some("Attempt 1 of Send"));
    assert_eq!(step(Step::Earlier).await, ["Attempt 1 of Send"]);
    assert_eq!(step(Step::Later).await, ["Attempt 1 of Table"]);
}

#[wasm_bindgen_test]
async fn nothing_steps_where_no_run_is_shown() {
    let scene = Scene::new(Options::default());
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    scene.ui().step_attempt(Step::Earlier);
    settle().await;
    assert_eq!(open(&scene), Vec::<String>::new());
}

#[wasm_bindgen_test]
async fn a_row_that_has_the_focus_is_told_of_under_the_gantt() {
    let scene = scene().await;
    scene.find("[data-stage='1'] [data-attempt='2'] button").unwrap().focus().unwrap();
    settle().await;
    assert!(scene.text(".gantt-told").starts_with("Table #2 · "), "{}", scene.text(".gantt-told"));
    assert_eq!(scene.all("[data-pointed]", "data-attempt"), ["2"]);
    scene.tells(Event::AttemptChanged(attempt(1, 4, Verdict::Fail)));
    settle().await;
    scene
        .find("[data-stage='1'] [data-attempt='4'] button")
        .unwrap_or_else(|| panic!("no row"))
        .focus()
        .unwrap();
    settle().await;
    assert!(scene.text(".gantt-told").contains("Failed"));
}
