//! The editor's form, before a worker that only listens.

#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![expect(dead_code, reason = "the helpers serve the other screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use baton_engine::chain::{Problem, ProblemKind};
use baton_engine::protocol::{Command, Reply};
use baton_ui::options::Options;
use common::{Scene, chain, settle};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const DOCUMENT: &str = r#"{
  "baton": 1,
  "environments": {
    "local": { "api": "http://127.0.0.1", "key": 1.50 },
    "far": { "api": "https://far.test", "x": true }
  },
  "stages": [
    { "name": "Send", "request": { "url": "demo:", "headers": { "a": "1", "b": "2" } } },
    { "group": { "name": "Both", "stages": [{ "name": "Left" }, { "name": "Right" }] } }
  ]
}
"#;

/// The form of the document.
async fn form(options: Options) -> Scene {
    let options = Options { view: Some("editor".into()), chain: Some("a".into()), ..options };
    let scene = Scene::new(options);
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    let read = scene.order(|command| matches!(command, Command::ReadChain { .. }));
    let document = Reply::Document { document: DOCUMENT.into(), revision: 1 };
    scene.answers(&read, Ok(document)).await;
    scene.press("[data-view=form]").await;
    scene
}

fn text(scene: &Scene) -> String {
    let area = scene.find("[data-action=document]").unwrap();
    area.unchecked_into::<web_sys::HtmlTextAreaElement>().value()
}

fn input(scene: &Scene, selector: &str) -> web_sys::HtmlInputElement {
    scene.find(selector).unwrap().unchecked_into()
}

async fn fire(input: &web_sys::HtmlInputElement, event: &str) {
    input.dispatch_event(&web_sys::Event::new(event).unwrap()).unwrap();
    settle().await;
}

async fn enter(scene: &Scene, selector: &str, value: &str) {
    let input = input(scene, selector);
    input.set_value(value);
    fire(&input, "input").await;
}

#[wasm_bindgen_test]
async fn an_entry_is_renamed_and_removed_in_every_environment_as_one_step() {
    let scene = form(Options::default()).await;
    assert_eq!(scene.root.query_selector_all(".env-table tbody tr").unwrap().length(), 3);
    let entry = ".env-table tbody tr:first-child th input";
    enter(&scene, entry, "base").await;
    let renamed = DOCUMENT.replace("\"api\"", "\"base\"");
    assert_eq!(text(&scene), renamed);
    scene.press(".env-table tbody tr:first-child th [data-action=remove-row]").await;
    let removed = renamed
        .replace("\"base\": \"http://127.0.0.1\", ", "")
        .replace("\"base\": \"https://far.test\", ", "");
    assert_eq!(text(&scene), removed);
    scene.press("[data-action=undo]").await;
    scene.press("[data-action=undo]").await;
    assert_eq!(text(&scene), DOCUMENT);
    // What an environment lacks is added where it is typed.
    enter(&scene, ".env-table tbody tr:last-child td:nth-child(2) input", "7").await;
    assert_eq!(text(&scene), DOCUMENT.replace("\"key\": 1.50", "\"key\": 1.50, \"x\": 7"));
}

#[wasm_bindgen_test]
async fn a_key_that_another_has_is_not_taken() {
    let scene = form(Options::default()).await;
    scene.press("[data-step='stages[0]']").await;
    let key = "[data-rows=headers] .key";
    enter(&scene, key, "b").await;
    assert_eq!(text(&scene), DOCUMENT);
    enter(&scene, key, "").await;
    fire(&input(&scene, key), "focusout").await;
    assert_eq!(input(&scene, key).value(), "a");
    enter(&scene, key, "bc").await;
    assert_eq!(text(&scene), DOCUMENT.replace("\"a\": \"1\"", "\"bc\": \"1\""));
    scene.press("[data-rows=headers] [data-action=remove-row]").await;
    scene.press("[data-rows=headers] [data-action=remove-row]").await;
    let without = DOCUMENT.replace(", \"headers\": { \"a\": \"1\", \"b\": \"2\" }", "");
    assert_eq!(text(&scene), without, "what is empty is not there");
}

#[wasm_bindgen_test]
async fn stages_of_a_group_are_in_the_list_and_move_within_it() {
    let scene = form(Options::default()).await;
    let steps = ["chain", "stages[0]", "stages[1]"].map(str::to_owned).into_iter();
    let inner = (0..2).map(|at| format!("stages[1].group.stages[{at}]"));
    assert_eq!(scene.all("[data-step]", "data-step"), steps.chain(inner).collect::<Vec<_>>());
    scene.press("[data-step='stages[1].group.stages[1]']").await;
    assert_eq!(
        scene.find("[data-action=move-down]").unwrap().get_attribute("aria-disabled").unwrap(),
        "true"
    );
    scene.press("[data-action=move-down]").await;
    assert_eq!(text(&scene), DOCUMENT);
    scene.press("[data-action=move-up]").await;
    let moved = r#"[{ "name": "Right" }, { "name": "Left" }]"#;
    assert!(text(&scene).contains(moved));
    scene.press("[data-step='stages[1]']").await;
    enter(&scene, "[data-path='stages[1].group.name']", "Two").await;
    assert!(text(&scene).contains("\"name\": \"Two\""));
}

#[wasm_bindgen_test]
async fn a_missing_key_is_said_at_its_field_and_one_of_the_chain_at_the_chain() {
    let scene = form(Options::default()).await;
    let check = scene.order(|command| matches!(command, Command::CheckDocument { .. }));
    let missing = |path: &str, key: &str| {
        Problem::new(path.into(), ProblemKind::MissingKey { key: key.into() })
    };
    let problems = vec![missing("", "name"), missing("stages[0].request", "method")];
    scene.answers(&check, Ok(Reply::Checked { problems, warnings: Vec::new() })).await;
    let name = scene.find("[data-part=form] [data-path=name]").unwrap();
    assert_eq!(name.get_attribute("aria-invalid").unwrap(), "true");
    assert!(scene.find("[data-step=chain] [data-wrong]").is_some());
    assert!(scene.find("[data-step='stages[0]'] [data-wrong]").is_some());
    assert!(scene.find("[data-step='stages[1]'] [data-wrong]").is_none());
    let described = name.get_attribute("aria-describedby").unwrap();
    assert!(scene.text(&format!("[id='{described}']")).contains("name"));
}

#[wasm_bindgen_test]
async fn nothing_can_be_changed_where_one_may_only_read() {
    let scene = form(Options { readonly: true, ..Options::default() }).await;
    assert!(scene.find("fieldset.form[disabled]").is_some());
    assert!(scene.find("fieldset.step-acts[disabled]").is_some());
    scene.press("[data-step='stages[0]']").await;
    assert!(scene.find("[data-path='stages[0].name']").is_some());
}
