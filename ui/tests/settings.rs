//! The settings and the keys in a real browser, before a worker that only listens.

#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![expect(dead_code, reason = "the helpers serve the other screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use baton_engine::protocol::{Command, RunPhase, StagePhase};
use baton_ui::keys::Shortcut;
use baton_ui::options::Options;
use baton_ui::route::Route;
use common::{Scene, chain, chain_id, run, settle};
use leptos::prelude::GetUntracked;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{KeyboardEvent, KeyboardEventInit};

wasm_bindgen_test_configure!(run_in_browser);

/// Presses keys on the first element that matches, as a reader would; says whether the last one did anything.
async fn strike(scene: &Scene, selector: &str, keys: &[&str]) -> bool {
    let target = scene.find(selector).unwrap_or_else(|| panic!("nothing at {selector}"));
    let mut acted = false;
    for key in keys {
        acted = !target.dispatch_event(&event(key, |_| {})).unwrap();
        settle().await;
    }
    acted
}

fn event(key: &str, hold: impl Fn(&KeyboardEventInit)) -> KeyboardEvent {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_cancelable(true);
    hold(&init);
    KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap()
}

async fn three_chains() -> Scene {
    let scene = Scene::new(Options::default());
    let chains = vec![chain("a", "A"), chain("b", "B"), chain("c", "C")];
    let runs = vec![run("r", "b", RunPhase::Running, StagePhase::Waiting)];
    scene.shows(chains, runs).await;
    while scene.find("[data-heeds-keys]").is_none() {
        settle().await;
    }
    scene
}

#[wasm_bindgen_test]
async fn keys_act_on_the_row_that_has_the_focus() {
    let scene = three_chains().await;
    assert!(!strike(&scene, "h2", &["r"]).await, "no row has the focus");
    assert!(scene.orders().is_empty());
    assert!(strike(&scene, "[data-chain=a]", &["r"]).await);
    let started = scene.order(|command| matches!(command, Command::StartRun { .. })).command;
    assert!(matches!(started, Command::StartRun { chain, .. } if chain == chain_id("a")));
    assert!(strike(&scene, "[data-chain=b]", &["p"]).await);
    scene.order(|command| matches!(command, Command::PauseRun { .. }));
    assert!(strike(&scene, "[data-chain=b]", &["."]).await);
    scene.order(|command| matches!(command, Command::PollNow { .. }));
    assert!(!strike(&scene, "[data-chain=a]", &["p"]).await, "nothing of it runs");
}

#[wasm_bindgen_test]
async fn no_key_acts_while_one_types_or_is_asked() {
    let scene = three_chains().await;
    assert!(!strike(&scene, "input[data-action=filter]", &["n"]).await);
    assert!(strike(&scene, "h2", &["?"]).await);
    assert!(scene.find("dialog[open] [data-keys='g b']").is_some());
    assert!(!strike(&scene, "dialog h2", &["n"]).await, "a dialog is open");
    scene.press("[data-action=close-keys]").await;
    let target = scene.find("h2").unwrap();
    let holds: [fn(&KeyboardEventInit); 3] = [
        |init| init.set_ctrl_key(true),
        |init| init.set_alt_key(true),
        |init| init.set_meta_key(true),
    ];
    for hold in holds {
        assert!(target.dispatch_event(&event("n", hold)).unwrap());
    }
    assert_eq!(scene.ui().core().place.get_untracked().route, Route::Board);
    assert!(strike(&scene, "h2", &["n"]).await);
    assert_eq!(scene.ui().core().place.get_untracked().route, Route::New);
}

#[wasm_bindgen_test]
async fn two_keys_go_to_a_screen_and_escape_comes_back() {
    let scene = three_chains().await;
    let route = || scene.ui().core().place.get_untracked().route;
    assert!(strike(&scene, "h2", &["g", "s"]).await);
    assert_eq!(route(), Route::Settings);
    assert!(!strike(&scene, "h2", &["g", "x", "b"]).await, "another key came between");
    assert_eq!(route(), Route::Settings);
    assert!(strike(&scene, "h2", &["Escape"]).await);
    assert_eq!(route(), Route::Board);
}

#[wasm_bindgen_test]
async fn single_keys_can_be_switched_off() {
    let scene = three_chains().await;
    strike(&scene, "h2", &["g", "s"]).await;
    scene.press("[data-action=single-keys]").await;
    assert!(!strike(&scene, "h2", &["g", "b"]).await);
    assert_eq!(scene.ui().core().place.get_untracked().route, Route::Settings);
    scene.press("[data-action=show-keys]").await;
    assert!(scene.text("dialog[open]").contains("are off"));
}

#[wasm_bindgen_test]
async fn every_shortcut_is_told_and_none_twice() {
    let scene = three_chains().await;
    strike(&scene, "h2", &["?"]).await;
    let told = scene.all("[data-keys]", "data-keys");
    assert_eq!(told.len(), Shortcut::ALL.len());
    for shortcut in Shortcut::ALL {
        let keys = shortcut.keys().join(" ");
        assert_eq!(told.iter().filter(|told| **told == keys).count(), 1, "{keys}");
    }
}

#[wasm_bindgen_test]
async fn choices_act_at_once() {
    let scene = three_chains().await;
    scene.press("[data-action=settings]").await;
    assert!(scene.text("[data-settings=display]").contains("Set by the surrounding page"));
    assert!(scene.find("[data-settings=notifications]").is_none(), "the page around owns them");
    scene.press("[data-action=contrast]").await;
    assert_eq!(scene.all(".baton", "data-theme"), ["contrast"]);
    assert!(scene.text("[data-health=times]").starts_with("Times are local, UTC"));
    scene.press("[data-action=times-utc]").await;
    assert_eq!(scene.text("[data-health=times]"), "Times are in UTC");
    scene.press("[data-action=back]").await;
    strike(&scene, "h2", &["g", "b"]).await;
    scene
        .shows(vec![chain("a", "A")], vec![run("s", "a", RunPhase::Passed, StagePhase::Passed)])
        .await;
    assert!(
        scene.text("[data-chain=a]").contains("23 Nov, 12:00:10 UTC"),
        "{}",
        scene.text("[data-chain=a]")
    );
    scene.ui().choose(|choices| choices.zone = baton_ui::when::Zone::Local);
}
