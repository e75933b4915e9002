//! Taking a run along: what is offered, what the page is asked for, and what is said when it fails.
#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![allow(dead_code, reason = "the helpers serve the screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use baton_engine::protocol::{RunPhase, StagePhase};
use baton_ui::options::Options;
use common::{Scene, chain, run, settle};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A finished run before a page that makes a report by this script.
async fn scene(save_report: Option<&str>) -> Scene {
    let save_report =
        save_report.map(|body| js_sys::Function::new_with_args("format, run, locale", body));
    let run_id = Some("r1".into());
    let scene = Scene::new(Options { run_id, save_report, ..Options::default() });
    let ended = run("r1", "a", RunPhase::Failed, StagePhase::Failed);
    scene.shows(vec![chain("a", "A")], vec![ended]).await;
    scene
}

#[wasm_bindgen_test]
async fn nothing_is_offered_where_nothing_can_be_made() {
    assert!(scene(None).await.find("[data-action=export]").is_none());
    assert!(scene(Some("")).await.find("[data-action=export]").is_some());
}

#[wasm_bindgen_test]
async fn each_button_asks_for_its_format() {
    let scene = scene(Some("throw [format, run, locale].join()")).await;
    for format in ["junit", "json", "csv", "matrix", "html"] {
        scene.press(&format!("[data-action=export-{format}]")).await;
        settle().await;
        assert_eq!(scene.text("details [role=status]"), format!("{format},r1,en"));
    }
}

#[wasm_bindgen_test]
async fn a_failure_is_said_until_the_next_one_succeeds() {
    let script =
        "return format === 'json' ? Promise.resolve() : Promise.reject(new Error('no room'))";
    let scene = scene(Some(script)).await;
    scene.press("[data-action=export-csv]").await;
    settle().await;
    assert_eq!(scene.text("details [role=status]"), "no room");
    scene.press("[data-action=export-json]").await;
    settle().await;
    assert_eq!(scene.text("details [role=status]"), "");
}
