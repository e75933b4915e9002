//! What the worker's modules are asked, and how their answers are shown, before a worker that only listens.

#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![expect(dead_code, reason = "the helpers serve the other screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use baton_engine::locale::Locale;
use baton_engine::protocol::{
    Answer, AttemptPhase, AttemptView, Body, Command, Event, Evidence, Fatal, FromWorker,
    HttpRequest, HttpResponse, ImportEntry, ImportQuestion, Module, Note, Reply, RunPhase,
    ScheduleView, Selection, StagePhase, ToolAnswer, TrialPlan, TrialQuestion, Tried,
};
use baton_engine::verify::Verdict;
use baton_ui::options::Options;
use baton_ui::route::Route;
use common::{Scene, at, chain, run, settle, wrong, wrong_attempt};
use leptos::prelude::Update;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const DOCUMENT: &str = r#"{"baton": 1, "stages": [{"name": "Send"}, {"name": "Table"}]}"#;

/// An editor with a document.
async fn editor(scene: &Scene) {
    scene.shows(vec![chain("a", "A")], vec![failed()]).await;
    opened(scene).await;
}

async fn opened(scene: &Scene) {
    let read = scene.order(|command| matches!(command, Command::ReadChain { .. }));
    let document = Reply::Document { document: DOCUMENT.into(), revision: 1 };
    scene.answers(&read, Ok(document)).await;
}

fn editing() -> Options {
    Options { view: Some("editor".into()), chain: Some("a".into()), ..Options::default() }
}

fn failed() -> baton_engine::protocol::RunView {
    let mut view = run("r1", "a", RunPhase::Failed, StagePhase::Failed);
    view.variables = vec![("id".into(), "12345678901234567890".into())];
    view.stages[0].captures = vec![("row".into(), "\"r\"".into())];
    view
}

fn plan() -> ToolAnswer {
    ToolAnswer::Plan(TrialPlan {
        stages: vec!["Send".into(), "Table".into()],
        at: 1,
        environments: vec!["local".into(), "far".into()],
        values: "{\n  \"id\": \"7\"\n}".into(),
    })
}

fn tried(before: Option<AttemptView>) -> ToolAnswer {
    let phase = AttemptPhase::Judged(Verdict::Pass);
    ToolAnswer::Tried(Box::new(Tried {
        attempt: AttemptView { phase, reason: None, ..wrong_attempt("trial") },
        evidence: Evidence { request: HttpRequest::default(), answer: None, cut: false }.into(),
        captures: vec![("row".into(), "\"r\"".into())],
        record: vec![("amount".into(), "19.90 → 19.9".into())],
        before: before.map(Box::new),
    }))
}

/// What a module was asked last.
fn asked(scene: &Scene, module: Module) -> String {
    let asked = scene.asked.borrow();
    asked.iter().rev().find(|ask| ask.of == module).unwrap().question.clone()
}

fn trial(scene: &Scene) -> TrialQuestion {
    TrialQuestion::from_json(&asked(scene, Module::Trial)).unwrap()
}

fn area(scene: &Scene, selector: &str) -> web_sys::HtmlTextAreaElement {
    scene.find(selector).unwrap().unchecked_into()
}

async fn choose(scene: &Scene, selector: &str, value: &str) {
    let select: web_sys::HtmlSelectElement = scene.find(selector).unwrap().unchecked_into();
    select.set_value(value);
    select.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    settle().await;
}

#[wasm_bindgen_test]
async fn a_schedule_is_said_in_the_readers_words() {
    let scene = Scene::new(Options::default());
    let mut view = chain("a", "A");
    let trigger = r#"{"type":"cron","hour":9}"#.to_owned();
    view.schedule =
        Some(ScheduleView { armed: true, next: Some(at(3600)), trigger, refused: None });
    scene.shows(vec![view], Vec::new()).await;
    assert_eq!(scene.text("[data-rule]"), "", "until it is said");
    scene.hears(Module::Words, r#"{"describe":["daily at 09:00"],"explain":[]}"#).await;
    assert_eq!(scene.text("[data-rule]"), "daily at 09:00");
    assert!(asked(&scene, Module::Words).contains(r#""locale":"en""#));
    scene.ui().core().choices.update(|choices| choices.locale = Locale::Zh);
    settle().await;
    scene.hears(Module::Words, r#"{"describe":["每天 09:00"],"explain":[]}"#).await;
    assert_eq!(scene.text("[data-rule]"), "每天 09:00");
    assert!(asked(&scene, Module::Words).contains(r#""locale":"zh-CN""#));
}

#[wasm_bindgen_test]
async fn a_reason_says_after_how_long_while_the_stage_goes_on_and_when_it_has_ended() {
    let scene = Scene::new(Options { run_id: Some("r1".into()), ..Options::default() });
    let mut live = run("r1", "a", RunPhase::Running, StagePhase::Waiting);
    live.stages[1].reason = Some(wrong().into());
    scene.shows(vec![chain("a", "A")], vec![live.clone()]).await;
    scene.says(FromWorker::Advanced { now_ms: at(250).as_ms() });
    settle().await;
    let sentence = wrong().sentence(Locale::En);
    assert_eq!(scene.text("[data-stage='1'] .stage-why"), format!("after 4 m 10 s: {sentence}"));
    live.stages[1].ended_at = Some(at(12));
    scene.tells(Event::RunChanged(live));
    settle().await;
    assert_eq!(scene.text("[data-stage='1'] .stage-why"), format!("after 12 s: {sentence}"));
}

#[wasm_bindgen_test]
async fn a_stage_is_tried_and_a_request_that_may_change_something_is_asked_about_first() {
    let scene = Scene::new(editing());
    editor(&scene).await;
    scene.press("[data-action=test-stage]").await;
    assert!(matches!(trial(&scene), TrialQuestion::Plan { document, .. } if document == DOCUMENT));
    assert!(scene.find("[data-action=try][disabled]").is_some(), "there is nothing to try yet");
    scene.hears(Module::Trial, &plan().to_json()).await;
    assert_eq!(area(&scene, "[data-action=values]").value(), "{\n  \"id\": \"7\"\n}");
    assert_eq!(scene.all("[data-action=stage] option[selected]", "value"), ["Table"]);
    choose(&scene, "[data-action=stage]", "Send").await;
    area(&scene, "[data-action=values]").set_value("{\"id\": \"8\"}");
    scene.press("[data-action=try]").await;
    let TrialQuestion::Send { of, confirmed: false } = trial(&scene) else { panic!() };
    assert_eq!((of.stage.as_str(), of.values.as_str()), ("Send", "{\"id\": \"8\"}"));
    let confirm = ToolAnswer::Confirm { method: "POST".into(), url: "http://h.test".into() };
    scene.hears(Module::Trial, &confirm.to_json()).await;
    assert_eq!(scene.text("dialog[open] .dialog-of"), "POST http://h.test");
    let asked_before = scene.asked.borrow().len();
    scene.press("dialog[open] [data-action=no]").await;
    assert_eq!(scene.asked.borrow().len(), asked_before, "nothing is sent");
    scene.press("[data-action=try]").await;
    scene.hears(Module::Trial, &confirm.to_json()).await;
    scene.press("dialog[open] [data-action=yes]").await;
    assert!(matches!(trial(&scene), TrialQuestion::Send { confirmed: true, .. }));
    scene.hears(Module::Trial, &tried(None).to_json()).await;
    assert_eq!(scene.all(".verdict", "data-status"), ["passed"]);
    assert!(scene.text("[data-said=passed]").contains("rowr"), "what it captured");
    assert!(scene.text("[data-said=passed]").contains("amount19.90 → 19.9"));
}

#[wasm_bindgen_test]
async fn kept_evidence_is_judged_with_its_runs_values_and_both_verdicts_are_shown() {
    let scene = Scene::new(Options { run_id: Some("r1".into()), ..Options::default() });
    scene.shows(vec![chain("a", "A")], vec![failed()]).await;
    let list = scene.order(|command| matches!(command, Command::ListAttempts { .. }));
    let second = AttemptView { number: 2, ..wrong_attempt("r1") };
    scene.answers(&list, Ok(Reply::Attempts(vec![wrong_attempt("r1"), second]))).await;
    scene.press("[data-attempt='1'] [data-action=open-attempt]").await;
    scene.press("[data-attempt='1'] [data-action=try-evidence]").await;
    opened(&scene).await;
    scene.hears(Module::Trial, &plan().to_json()).await;
    assert_eq!(scene.all("[data-action=attempt] option", "value"), ["2", "1"]);
    assert_eq!(scene.all("[data-action=attempt] option[selected]", "value"), ["1"]);
    scene.press("[data-action=try]").await;
    let TrialQuestion::Replay { of, run, stages, stage, attempt } = trial(&scene) else { panic!() };
    assert_eq!((run.as_str(), stage, attempt), ("r1", 1, 1));
    assert_eq!((of.stage.as_str(), stages), ("Table", vec!["Send".to_owned(), "Table".to_owned()]));
    assert_eq!(of.values, r#"{"id":12345678901234567890,"row":"r"}"#);
    scene.hears(Module::Trial, &tried(Some(wrong_attempt("r1"))).to_json()).await;
    assert_eq!(scene.all(".verdict", "data-status"), ["failed", "passed"]);
    // The next editor begins without it.
    assert!(scene.ui().core().picked.borrow().is_none());
}

#[wasm_bindgen_test]
async fn what_can_not_be_tried_is_said_in_the_readers_language_and_an_answer_of_a_lost_worker_is_none()
 {
    let scene = Scene::new(editing());
    editor(&scene).await;
    scene.press("[data-action=test-stage]").await;
    let refused = ToolAnswer::Refused(Note::new("mend it", "请更正"));
    scene.hears(Module::Trial, &refused.to_json()).await;
    assert_eq!(scene.text("[data-said=refused]"), "mend it");
    scene.ui().core().choices.update(|choices| choices.locale = Locale::Zh);
    settle().await;
    assert_eq!(scene.text("[data-said=refused]"), "请更正");
    scene.press("[data-action=fresh-values]").await;
    scene.says(FromWorker::Fatal(Fatal::Crashed { message: "trap".into() }));
    scene.hears(Module::Trial, &tried(None).to_json()).await;
    assert!(scene.find("[data-said]").is_none());
}

#[wasm_bindgen_test]
async fn an_import_is_an_edit_of_the_document_with_what_was_left_out_beside_it() {
    let scene = Scene::new(editing());
    editor(&scene).await;
    scene.press("[data-action=import]").await;
    let source = area(&scene, "[data-action=import-text]");
    source.set_value("{\"log\": {}}");
    source.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    scene.press("[data-action=add-stages]").await;
    let question = || ImportQuestion::from_json(&asked(&scene, Module::Imports)).unwrap();
    assert!(matches!(question(), ImportQuestion::Insert { fresh: false, entries: None, .. }));
    let entry =
        |index, importable| ImportEntry { index, label: format!("GET {index}"), importable };
    let choose = ToolAnswer::Choose(vec![entry(0, true), entry(1, false), entry(2, true)]);
    scene.hears(Module::Imports, &choose.to_json()).await;
    assert_eq!(scene.all("[data-entry][disabled]", "data-entry"), ["1"]);
    for entry in ["0", "2", "0"] {
        scene.press(&format!("[data-entry='{entry}']")).await;
    }
    scene.press("[data-action=add-stages]").await;
    let ImportQuestion::Insert { entries, document, .. } = question() else { panic!() };
    assert_eq!((entries, document.as_str()), (Some(vec![2]), DOCUMENT));
    let edit = ToolAnswer::Edit {
        start: 1,
        end: 11,
        text: "\"baton\": 2".into(),
        notes: vec![Note {
            place: "log.entries[2]".into(),
            en: "left out".into(),
            zh: "已略去".into(),
        }],
    };
    scene.hears(Module::Imports, &edit.to_json()).await;
    let document = area(&scene, "[data-action=document]");
    assert_eq!(document.value(), DOCUMENT.replace("\"baton\": 1", "\"baton\": 2"));
    assert_eq!(scene.all("[data-note]", "data-note"), ["log.entries[2]"]);
    assert!(scene.find("[data-entry]").is_none());
    scene.press("[data-action=dismiss-notes]").await;
    assert!(scene.find("[data-note]").is_none());
    // One step back takes it away.
    scene.press("[data-action=undo]").await;
    assert_eq!(document.value(), DOCUMENT);
}

#[wasm_bindgen_test]
async fn a_new_chain_that_nobody_touched_gives_way_to_an_import() {
    let scene = Scene::new(Options::default());
    scene.shows(Vec::new(), Vec::new()).await;
    scene.ui().go(Route::New);
    settle().await;
    scene.press("[data-action=import]").await;
    scene.press("[data-action=add-stages]").await;
    let question = || ImportQuestion::from_json(&asked(&scene, Module::Imports)).unwrap();
    assert!(matches!(question(), ImportQuestion::Insert { fresh: true, .. }));
    let document = area(&scene, "[data-action=document]");
    document.set_value("{}");
    document.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    settle().await;
    scene.press("[data-action=add-stages]").await;
    assert!(matches!(question(), ImportQuestion::Insert { fresh: false, .. }));
}

#[wasm_bindgen_test]
async fn a_value_that_is_picked_becomes_a_check_of_the_stage_that_was_tried() {
    let scene = Scene::new(editing());
    editor(&scene).await;
    scene.press("[data-action=test-stage]").await;
    scene.hears(Module::Trial, &plan().to_json()).await;
    scene.press("[data-action=try]").await;
    let ToolAnswer::Tried(mut answered) = tried(None) else { panic!() };
    let body = Body::Text(r#"{"id": 19.90}"#.into());
    let (status, headers) = (200, Vec::new());
    let response = HttpResponse { status, headers, body, redirected_to: None, hidden: None };
    let answer = Some(Answer::Response(response));
    answered.evidence = Evidence { request: HttpRequest::default(), answer, cut: false }.into();
    scene.hears(Module::Trial, &ToolAnswer::Tried(answered).to_json()).await;
    scene.press("[data-row='1']").await;
    let TrialQuestion::Select { body, path, values } = trial(&scene) else { panic!() };
    assert_eq!((body.as_str(), path.as_str()), (r#"{"id": 19.90}"#, "$.id"));
    assert_eq!(values, "{\n  \"id\": \"7\"\n}");
    let told = Selection { places: vec!["$['id']".into()], count: 1, reached: None };
    scene.hears(Module::Trial, &ToolAnswer::Selected(told).to_json()).await;
    assert_eq!(scene.text("[data-found=some]"), "1 match");
    assert_eq!(scene.all("[data-marked]", "data-row"), ["1"]);
    scene.press("[data-action=check-value]").await;
    let check = r#"{"source": {"jsonpath": "$.id"}, "op": "equals", "value": 19.90}"#;
    let text = area(&scene, "[data-action=document]").value();
    assert!(text.contains(check), "{text}");
    assert_eq!(scene.all("[data-made]", "data-made"), ["stages[1].checks[0]"]);
    scene.press("[data-action=undo]").await;
    assert_eq!(area(&scene, "[data-action=document]").value(), DOCUMENT);
}
