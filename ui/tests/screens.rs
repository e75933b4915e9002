//! The screens in a real browser, before a worker that only listens.

#![expect(unreachable_pub, reason = "the helpers are a module of this crate")]
#![expect(dead_code, reason = "the helpers serve the other screens too")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::cell::Cell;
use std::rc::Rc;

use baton_engine::chain::{Problem, ProblemKind};
use baton_engine::id::CommandId;
use baton_engine::locale::Locale;
use baton_engine::protocol::{
    Answer, AttemptPhase, AttemptView, Body, Command, Event, Evidence, Fatal, FromWorker, Health,
    HttpRequest, HttpResponse, Refusal, Reply, Role, RunPhase, Snapshot, StagePhase, StoreTrouble,
    ToWorker,
};
use baton_engine::verify::Verdict;
use baton_ui::options::Options;
use baton_ui::route::Route;
use baton_ui::text::{Key, text};
use common::{
    Scene, at, chain, chain_id, envelope, run, run_id, settle, stage, wrong, wrong_attempt,
};
use leptos::prelude::{GetUntracked, Update};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn a_gap_asks_for_everything_again() {
    let scene = Scene::new(Options::default());
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    assert_eq!(scene.subscriptions(), 1);
    // An order that nobody answers.
    scene.press("[data-chain=a] [data-action=start]").await;
    assert_eq!(scene.orders().len(), 1);
    // Event 2 was lost.
    scene.says(FromWorker::Event(envelope(1, 3, Event::ChainChanged(chain("b", "B")))));
    settle().await;
    assert_eq!(scene.subscriptions(), 2);
    let orders = scene.orders();
    assert_eq!(orders.len(), 2, "the open order is repeated");
    assert_eq!(orders[0], orders[1]);
    assert!(scene.find("[data-chain=b]").is_none(), "nothing is shown past a gap");
    // Until the snapshot comes, what is told is not asked for a third time.
    scene.says(FromWorker::Event(envelope(1, 4, Event::ChainChanged(chain("b", "B")))));
    assert_eq!(scene.subscriptions(), 2);
}

#[wasm_bindgen_test]
async fn another_epoch_asks_for_everything_again_and_an_older_one_is_ignored() {
    let scene = Scene::new(Options::default());
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    scene.says(FromWorker::Event(envelope(2, 1, Event::ChainRemoved(chain_id("a")))));
    assert_eq!(scene.subscriptions(), 2);
    scene.says(FromWorker::Event(envelope(1, 2, Event::ChainRemoved(chain_id("a")))));
    settle().await;
    assert!(scene.find("[data-chain=a]").is_some());
    assert_eq!(scene.subscriptions(), 2);
}

#[wasm_bindgen_test]
async fn a_new_engines_snapshot_repeats_open_orders_at_once() {
    let scene = Scene::new(Options::default());
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    scene.press("[data-chain=a] [data-action=start]").await;
    assert_eq!(scene.orders().len(), 1);
    let snapshot = || Event::Snapshot(Snapshot::default());
    scene.says(FromWorker::Event(envelope(1, 2, snapshot())));
    assert_eq!(scene.orders().len(), 1, "the same engine has the order");
    scene.says(FromWorker::Event(envelope(2, 1, snapshot())));
    assert_eq!(scene.orders().len(), 2);
    assert_eq!(scene.subscriptions(), 1, "it told everything already");
}

#[wasm_bindgen_test]
async fn a_store_that_fails_at_the_start_is_told() {
    let scene = Scene::new(Options::default());
    let trouble = |failures| {
        let message = "disk full".to_owned();
        let store = Some(StoreTrouble { message, failures, retry_at: at(1) });
        Event::Health(Health { store, ..Health::default() })
    };
    scene.tells(trouble(1));
    settle().await;
    assert!(scene.text("[data-state=starting] [role=alert]").contains("disk full"));
    scene.tells(trouble(7));
    settle().await;
    assert!(scene.text("[data-state=starting] [role=alert]").contains('7'));
    scene.shows(Vec::new(), Vec::new()).await;
    assert!(scene.find("[data-health=store]").is_none());
}

#[wasm_bindgen_test]
async fn a_late_list_of_attempts_undoes_nothing() {
    let scene = Scene::new(Options { run_id: Some("r1".into()), ..Options::default() });
    let live = run("r1", "a", RunPhase::Running, StagePhase::Waiting);
    scene.shows(vec![chain("a", "A")], vec![live]).await;
    let list = scene.order(|command| matches!(command, Command::ListAttempts { .. }));
    let attempt = |number, phase| AttemptView { number, phase, ..wrong_attempt("r1") };
    let judged = AttemptPhase::Judged(Verdict::Fail);
    scene.tells(Event::AttemptChanged(attempt(2, judged)));
    scene.tells(Event::AttemptChanged(attempt(3, AttemptPhase::Calling)));
    let stale = vec![attempt(1, judged), attempt(2, AttemptPhase::Calling)];
    scene.answers(&list, Ok(Reply::Attempts(stale))).await;
    let cells = scene.ui().core().state.run("r1").unwrap().attempts.get_untracked().unwrap();
    let seen: Vec<_> =
        cells.iter().map(|cell| (cell.number, cell.view.get_untracked().phase)).collect();
    assert_eq!(seen, [(1, judged), (2, judged), (3, AttemptPhase::Calling)]);
}

#[wasm_bindgen_test]
async fn an_answer_is_given_once() {
    let scene = Scene::new(Options::default());
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    scene.press("[data-action=start]").await;
    let order = scene.order(|command| matches!(command, Command::StartRun { .. }));
    scene.answers(&order, Err(Refusal::UnknownChain(chain_id("a")))).await;
    assert!(scene.text("[data-notice=refused]").contains("there is no chain a"));
    scene.press("[data-action=dismiss]").await;
    scene.answers(&order, Err(Refusal::UnknownChain(chain_id("a")))).await;
    assert!(scene.find("[data-notice=refused]").is_none());
    // An answer to another tab's command passes by.
    let id = CommandId::try_from("someone-elses").unwrap();
    scene.tells(Event::Done { id, reply: Reply::Ok });
    settle().await;
    assert!(scene.find("[data-chain=a]").is_some());
}

#[wasm_bindgen_test]
async fn the_board_shows_live_then_trouble_then_rest() {
    let scene = Scene::new(Options::default());
    let chains = ["bad", "done", "live", "new"].map(|id| chain(id, id)).to_vec();
    let runs = vec![
        run("r1", "done", RunPhase::Passed, StagePhase::Passed),
        run("r2", "bad", RunPhase::Failed, StagePhase::Failed),
        run("r3", "live", RunPhase::Running, StagePhase::Waiting),
    ];
    scene.shows(chains, runs).await;
    assert_eq!(scene.all(".row", "data-chain"), ["live", "bad", "done", "new"]);
    assert_eq!(scene.text("[data-chain=live] [data-countdown]"), "next in 0:04");
    assert_eq!(scene.text("[data-chain=live] .count"), "1/2");
    assert_eq!(scene.text("[data-chain=new] .word"), "Never run");

    // A row that moves is the same row, and keeps the focus.
    let button = scene.find("[data-chain=live] [data-action=pause]").unwrap();
    button.focus().unwrap();
    scene.tells(Event::RunChanged(run("r3", "live", RunPhase::Passed, StagePhase::Passed)));
    settle().await;
    assert_eq!(scene.all(".row", "data-chain"), ["bad", "done", "live", "new"]);
    assert_eq!(button.get_attribute("data-action").as_deref(), Some("start"));
    let focused = web_sys::window().unwrap().document().unwrap().active_element();
    assert_eq!(focused.as_ref(), Some(button.as_ref()));
}

#[wasm_bindgen_test]
async fn the_countdown_follows_the_engines_clock() {
    let scene = Scene::new(Options::default());
    let live = run("r1", "a", RunPhase::Running, StagePhase::Waiting);
    scene.shows(vec![chain("a", "A")], vec![live]).await;
    scene.says(FromWorker::Advanced { now_ms: at(3).as_ms() });
    settle().await;
    assert_eq!(scene.text("[data-countdown]"), "next in 0:01");
}

#[wasm_bindgen_test]
async fn a_newcomer_is_one_press_from_the_sample() {
    let samples = vec![("Sample".to_owned(), "{}".to_owned())];
    let scene = Scene::new(Options { samples, ..Options::default() });
    let start = scene.sent.borrow().first().cloned();
    assert!(matches!(start, Some(ToWorker::Start(start)) if start.samples == ["{}"]));
    scene.shows(vec![chain("s", "Sample")], Vec::new()).await;
    scene.press("[data-action=run-sample]").await;
    let order = scene.order(|command| matches!(command, Command::StartRun { .. }));
    let Command::StartRun { run: id, .. } = &order.command else { unreachable!() };
    let begun = run(id.as_str(), "s", RunPhase::Running, StagePhase::Waiting);
    scene.tells(Event::RunChanged(begun));
    scene.answers(&order, Ok(Reply::Ok)).await;
    assert_eq!(scene.all("[data-screen=run]", "data-run"), [id.to_string()]);
}

#[wasm_bindgen_test]
async fn a_failed_run_shows_its_reason_and_evidence_by_itself() {
    let scene = Scene::new(Options { run_id: Some("r1".into()), ..Options::default() });
    let mut failed = run("r1", "a", RunPhase::Failed, StagePhase::Failed);
    failed.stages[1].reason = Some(wrong().into());
    scene.shows(vec![chain("a", "A")], vec![failed]).await;
    let sentence = wrong().sentence(Locale::En);
    assert_eq!(scene.text("[data-stage='1'] .stage-why"), sentence);

    let list = scene.order(|command| matches!(command, Command::ListAttempts { .. }));
    scene.answers(&list, Ok(Reply::Attempts(vec![wrong_attempt("r1")]))).await;
    assert_eq!(scene.text("[data-check='checks[0]'] [data-reason]"), sentence);
    assert_eq!(scene.text("[data-check='checks[0]'] .expected"), "\"19.90\"");

    let read = scene.order(|command| matches!(command, Command::ReadEvidence { .. }));
    scene.answers(&read, Ok(Reply::Evidence(evidence().into()))).await;
    assert_eq!(scene.text("[data-paper=response] [data-http-status]"), "200");
    let marked = "[data-paper=response] .leaf[data-status=failed]";
    assert_eq!(scene.text(marked), "Failed    \"amount\": \"19\",");
    assert!(scene.text("[data-paper=response] .tree").contains("\"id\": 9007199254740993"));

    // What the reader folds stays folded.
    scene.press("[data-action=open-attempt]").await;
    assert!(scene.find("[data-evidence]").is_none());
}

fn evidence() -> Evidence {
    let body = r#"{"amount":"19","id":9007199254740993,"price":19.90}"#;
    let response = HttpResponse {
        status: 200,
        headers: vec![("content-type".into(), "application/json".into())],
        body: Body::Text(body.into()),
        redirected_to: None,
        hidden: None,
    };
    Evidence {
        request: HttpRequest {
            method: "GET".into(),
            url: "demo:/table".into(),
            ..HttpRequest::default()
        },
        answer: Some(Answer::Response(response)),
        cut: false,
    }
}

#[wasm_bindgen_test]
async fn stages_advance_without_being_drawn_anew() {
    let scene = Scene::new(Options { run_id: Some("r1".into()), ..Options::default() });
    let live = run("r1", "a", RunPhase::Running, StagePhase::Waiting);
    scene.shows(vec![chain("a", "A")], vec![live]).await;
    let stage_before = scene.find("[data-stage='1']").unwrap();
    assert_eq!(stage_before.get_attribute("data-status").as_deref(), Some("waiting"));
    let mut held = run("r1", "a", RunPhase::Passed, StagePhase::Passed);
    held.stages[1].late = true;
    scene.tells(Event::RunChanged(held));
    settle().await;
    assert_eq!(scene.find("[data-stage='1']").as_ref(), Some(&stage_before));
    assert_eq!(stage_before.get_attribute("data-status").as_deref(), Some("passed"));
    assert!(scene.find("[data-stage='1'] [data-chip=late]").is_some());
}

#[wasm_bindgen_test]
async fn stage_changes_and_failures_are_said() {
    let scene = Scene::new(Options::default());
    let mut live = run("r1", "a", RunPhase::Running, StagePhase::NotStarted);
    live.stages[0] = stage("Send", StagePhase::Waiting);
    scene.shows(vec![chain("a", "A")], vec![live]).await;
    assert_eq!(scene.text("[data-ears=polite]"), "");
    scene.tells(Event::RunChanged(run("r1", "a", RunPhase::Running, StagePhase::Waiting)));
    settle().await;
    assert_eq!(scene.text("[data-ears=polite]"), "a: Send passed after 1 try");
    let mut failed = run("r1", "a", RunPhase::Failed, StagePhase::Failed);
    failed.stages[1].reason = Some(wrong().into());
    scene.tells(Event::RunChanged(failed));
    settle().await;
    assert!(scene.text("[data-ears=assertive]").starts_with("a: Failed at Table. $.amount is"));
}

fn editor_of(id: &str) -> Options {
    Options { view: Some("editor".into()), chain: Some(id.into()), ..Options::default() }
}

async fn loaded_editor() -> Scene {
    let scene = Scene::new(editor_of("a"));
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    let read = scene.order(|command| matches!(command, Command::ReadChain { .. }));
    let document = "{\n  \"baton\": 1\n}".to_owned();
    scene.answers(&read, Ok(Reply::Document { document, revision: 3 })).await;
    scene
}

fn typed(scene: &Scene) -> String {
    scene.find("textarea").unwrap().unchecked_into::<web_sys::HtmlTextAreaElement>().value()
}

#[wasm_bindgen_test]
async fn the_editor_keeps_the_text_when_it_is_refused() {
    let scene = loaded_editor().await;
    scene.types("{\n  \"nmae\": 19.90\n}").await;
    assert_eq!(scene.text(".standing"), "Unsaved changes");
    scene.press("[data-action=save]").await;
    let save = scene.order(|command| matches!(command, Command::SaveChain { .. }));
    assert!(matches!(&save.command, Command::SaveChain { base: Some(3), document, .. }
        if document.contains("19.90")));
    let kind = ProblemKind::UnknownKey { key: "nmae".into(), meant: Some("name".into()) };
    let problems = vec![Problem::new("nmae".into(), kind)];
    scene.answers(&save, Err(Refusal::Invalid(problems))).await;
    assert_eq!(typed(&scene), "{\n  \"nmae\": 19.90\n}");
    assert!(scene.find("[data-notice=not-saved]").is_some());
    assert!(scene.text("[data-problem]").contains("did you mean \"name\"?"));
    scene.press("[data-action=go-to]").await;
    let area: web_sys::HtmlTextAreaElement = scene.find("textarea").unwrap().unchecked_into();
    assert_eq!(area.selection_start().unwrap(), Some(2), "line 2 is selected");
}

#[wasm_bindgen_test]
async fn a_conflict_loses_neither_text() {
    let scene = loaded_editor().await;
    scene.types("mine").await;
    scene.press("[data-action=save]").await;
    let save = scene.order(|command| matches!(command, Command::SaveChain { .. }));
    scene.answers(&save, Err(Refusal::Conflict { revision: 4 })).await;
    scene.press("[data-action=take-theirs]").await;
    let read = scene.order(|command| matches!(command, Command::ReadChain { .. }));
    let document = "theirs".to_owned();
    scene.answers(&read, Ok(Reply::Document { document, revision: 4 })).await;
    assert_eq!(typed(&scene), "theirs");
    scene.press("[data-action=bring-back]").await;
    assert_eq!(typed(&scene), "mine");
    scene.press("[data-action=save]").await;
    let save = scene.order(|command| matches!(command, Command::SaveChain { .. }));
    assert!(matches!(&save.command, Command::SaveChain { base: Some(4), .. }));
    scene.answers(&save, Ok(Reply::Saved { revision: 5 })).await;
    assert_eq!(scene.text(".standing"), "Saved as revision 5");
}

#[wasm_bindgen_test]
async fn unsaved_changes_are_asked_about() {
    let scene = loaded_editor().await;
    scene.types("mine").await;
    scene.press("[data-action=home]").await;
    let dialogs = || scene.all("dialog", "open").len();
    assert_eq!(dialogs(), 1);
    scene.press("dialog[open] [data-action=no]").await;
    assert_eq!((dialogs(), typed(&scene)), (0, "mine".to_owned()));
    scene.press("[data-action=home]").await;
    scene.press("dialog[open] [data-action=yes]").await;
    assert!(scene.find("[data-screen=board]").is_some());
}

#[wasm_bindgen_test]
async fn a_fatality_says_the_ways_on() {
    let scene = Scene::new(Options::default());
    scene.says(FromWorker::Fatal(Fatal::NoLocks));
    settle().await;
    scene.press("[data-fatal=no_locks] [data-action=memory]").await;
    let sent = scene.sent.borrow().clone();
    let starts: Vec<_> =
        sent.iter().filter(|message| matches!(message, ToWorker::Start(_))).collect();
    assert!(matches!(starts[..], [_, ToWorker::Start(start)] if start.storage == common::MEMORY));
    scene.says(FromWorker::Role(Role::Leader));
    settle().await;
    assert!(scene.find("[data-state=starting]").is_some());
    assert!(scene.find("[data-health=memory]").is_some());
}

#[wasm_bindgen_test]
async fn a_fatality_loses_nothing_typed() {
    let scene = loaded_editor().await;
    scene.types("mine").await;
    scene.says(FromWorker::Fatal(Fatal::Crashed { message: "out of memory".into() }));
    settle().await;
    assert_eq!(typed(&scene), "mine");
    assert!(scene.text("[data-fatal=crashed]").contains("out of memory"));
    scene.press("[data-fatal=crashed] [data-action=restart]").await;
    assert_eq!(typed(&scene), "mine");
    scene.says(FromWorker::Event(envelope(2, 1, Event::Snapshot(Snapshot::default()))));
    settle().await;
    assert_eq!(typed(&scene), "mine");
    assert!(scene.find("[data-fatal]").is_none());
}

#[wasm_bindgen_test]
async fn the_elements_own_chain_is_saved_again_after_a_restart() {
    let source = Some(("a".to_owned(), "{}".to_owned()));
    let scene = Scene::new(Options { source, ..Options::default() });
    let readies = Rc::new(Cell::new(0));
    let count = readies.clone();
    let heard = Closure::<dyn Fn()>::new(move || count.set(count.get() + 1));
    let host = scene.root.parent_element().unwrap();
    host.add_event_listener_with_callback("baton-ready", heard.as_ref().unchecked_ref()).unwrap();
    let saves = || {
        let orders = scene.orders();
        orders.iter().filter(|order| matches!(order.command, Command::SaveChain { .. })).count()
    };
    for round in 1..=2 {
        scene.shows(Vec::new(), Vec::new()).await;
        let read = scene.order(|command| matches!(command, Command::ReadChain { .. }));
        scene.answers(&read, Err(Refusal::UnknownChain(chain_id("a")))).await;
        assert_eq!(saves(), round);
        let save = scene.order(|command| matches!(command, Command::SaveChain { .. }));
        scene.answers(&save, Ok(Reply::Saved { revision: 1 })).await;
        assert_eq!(readies.get(), 1);
        assert!(scene.find("[data-state=starting]").is_none());
        let message = "gone".to_owned();
        scene.says(FromWorker::Fatal(Fatal::Database { message }));
        settle().await;
        scene.press("[data-fatal=database] [data-action=memory]").await;
        assert!(scene.find("[data-state=starting]").is_some());
    }
    // What the reader made of it meanwhile is left alone.
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    let read = scene.order(|command| matches!(command, Command::ReadChain { .. }));
    let document = "edited".to_owned();
    scene.answers(&read, Ok(Reply::Document { document, revision: 2 })).await;
    assert_eq!((saves(), readies.get()), (2, 1));
}

#[wasm_bindgen_test]
async fn those_who_may_only_read_have_no_buttons() {
    let scene = Scene::new(Options { readonly: true, ..Options::default() });
    let live = run("r1", "a", RunPhase::Running, StagePhase::Waiting);
    scene.shows(vec![chain("a", "A")], vec![live]).await;
    for action in ["start", "pause", "poll", "cancel"] {
        assert!(scene.find(&format!("[data-action={action}]")).is_none(), "{action}");
    }
    assert!(scene.find("[data-action=open]").is_some());
}

#[wasm_bindgen_test]
fn routes_print_what_they_read() {
    let routes = [
        Route::Settings,
        Route::Board,
        Route::New,
        Route::Chain(chain_id("购买.v2")),
        Route::Chain(chain_id("new")),
        Route::Edit(chain_id("a:b")),
        Route::Copy(chain_id("edit")),
        Route::Run(run_id("0b0e6c1e-5d5e")),
    ];
    for route in routes {
        assert_eq!(Route::parse(&route.hash()), route, "{}", route.hash());
    }
    for unknown in ["", "#", "#/nowhere", "#/runs/", "#/chains/a/b/c", "#/runs/%"] {
        assert_eq!(Route::parse(unknown), Route::Board, "{unknown}");
    }
}

#[wasm_bindgen_test]
fn every_text_is_there_in_both_languages() {
    // The same word in both: names, and what a keyboard says.
    let same = [
        Key::Brand,
        Key::ExportJunit,
        Key::ExportJson,
        Key::LanguageEn,
        Key::LanguageZh,
        Key::TimesUtc,
        Key::BodyHtml,
        Key::BodyXml,
        Key::SamplePath,
    ];
    for key in Key::ALL {
        let (english, chinese) = (text(*key, Locale::En), text(*key, Locale::Zh));
        assert!(!english.is_empty() && !chinese.is_empty(), "{key:?}");
        assert!(english != chinese || same.contains(key), "{key:?} is not translated");
    }
}

#[wasm_bindgen_test]
async fn the_language_changes_in_place() {
    let scene = Scene::new(Options::default());
    scene.shows(vec![chain("a", "A")], Vec::new()).await;
    let core = scene.ui().core();
    core.choices.update(|choices| choices.locale = Locale::Zh);
    settle().await;
    assert_eq!(scene.text("h2"), "链路");
    assert_eq!(scene.all(".baton", "lang"), ["zh-CN"]);
}
