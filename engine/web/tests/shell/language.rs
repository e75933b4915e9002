//! The language of chains, loaded by the shell: when, for whom, and what becomes of commands meanwhile.

use baton_engine::id::{ChainId, CommandId, RunId};
use baton_engine::protocol::{
    Command, Event, Fatal, FromWorker, Order, Pace, Refusal, Reply, Role, Start, Storage, ToWorker,
    VERSION,
};
use baton_engine_web::worker::Worker;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, test_start, turn, written};

/// A chain whose first request leaves after the test.
const DOCUMENT: &str = r#"{"baton": 1, "name": "n", "poll": {"initial_delay": "1h"},
    "stages": [{"name": "s", "request": {"url": "demo:///x"}}]}"#;

/// A module that comes once the test says so: `letLanguageGo()`.
const LATE: &str = "(answer) => () => new Promise((resolve) => { self.letLanguageGo = () => resolve({ answer }); })";
/// A module that comes at once.
const PROMPT: &str = "(answer) => async () => ({ answer })";
/// A module that can't be loaded at first.
const AT_SECOND_TRY: &str = "(answer) => { let tries = 0; return async () => { \
    if (tries++ === 0) throw new TypeError('offline'); return { answer }; }; }";

fn with_samples(name: &str, storage: Storage) -> Start {
    Start { samples: vec![DOCUMENT.into()], ..test_start(name, storage) }
}

fn chain() -> ChainId {
    ChainId::try_from("chain").unwrap()
}

fn save() -> Command {
    Command::SaveChain { chain: chain(), document: DOCUMENT.into(), base: None }
}

fn start_run() -> Command {
    Command::StartRun { run: RunId::try_from("r").unwrap(), chain: chain(), environment: None }
}

fn send(worker: &Worker, id: &str, command: Command) {
    let id = CommandId::try_from(id).unwrap();
    worker.receive(&written(&ToWorker::Command(Order { version: VERSION, id, command })));
}

fn let_go() {
    js_sys::eval("self.letLanguageGo()").unwrap();
}

/// The next answers, in their order, with the ids of their commands.
async fn answers(page: &Page, count: usize) -> Vec<(String, Result<Reply, Refusal>)> {
    let mut answers = Vec::new();
    while answers.len() < count {
        let FromWorker::Event(envelope) = page.next().await else { continue };
        match envelope.event {
            Event::Done { id, reply } => answers.push((id.to_string(), Ok(reply))),
            Event::Refused { id, refusal } => answers.push((id.to_string(), Err(refusal))),
            _ => {}
        }
    }
    answers
}

async fn snapshot_names(page: &Page) -> Vec<String> {
    loop {
        let FromWorker::Event(envelope) = page.next().await else { continue };
        if let Event::Snapshot(snapshot) = envelope.event {
            return snapshot.chains.into_iter().map(|chain| chain.name).collect();
        }
    }
}

async fn fatal(page: &Page) -> Fatal {
    loop {
        match page.next().await {
            FromWorker::Fatal(fatal) => return fatal,
            message => assert_eq!(message, FromWorker::Role(Role::Follower)),
        }
    }
}

#[wasm_bindgen_test]
async fn an_engine_with_chains_begins_when_their_language_is_there() {
    let page = Page::new().with_language(LATE);
    let worker = page.start(with_samples("late", Storage::Memory));
    send(&worker, "c1", save());
    send(&worker, "c2", start_run());
    worker.receive(&written(&ToWorker::Advance { ms: 5, pace: Pace::ThroughCalls }));
    turn().await;
    assert!(page.received.is_empty(), "nothing is told before it begins");
    let_go();
    assert_eq!(page.next().await, FromWorker::Role(Role::Leader));
    assert_eq!(snapshot_names(&page).await, ["n"]);
    let saved = ("c1".to_owned(), Ok(Reply::Saved { revision: 1 }));
    assert_eq!(answers(&page, 2).await, [saved, ("c2".to_owned(), Ok(Reply::Ok))]);
    while page.next().await != (FromWorker::Advanced { now_ms: 1_005 }) {}
}

#[wasm_bindgen_test]
async fn a_page_without_chains_never_loads_their_language() {
    let page = Page::new().with("language", "() => { throw new Error('asked for') }");
    let worker = page.start(test_start("no-chains", Storage::Memory));
    assert_eq!(page.next().await, FromWorker::Role(Role::Leader));
    send(&worker, "c1", Command::Subscribe);
    send(&worker, "c2", start_run());
    let unknown = Err(Refusal::UnknownChain(chain()));
    let want = [("c1".to_owned(), Ok(Reply::Ok)), ("c2".to_owned(), unknown)];
    assert_eq!(answers(&page, 2).await, want);
}

#[wasm_bindgen_test]
async fn the_first_chain_loads_the_language_and_commands_wait_in_their_order() {
    let page = Page::new().with_language(LATE);
    let worker = page.start(test_start("first-chain", Storage::Memory));
    assert_eq!(page.next().await, FromWorker::Role(Role::Leader));
    send(&worker, "c1", Command::CheckDocument { document: "{".into() });
    send(&worker, "c2", save());
    send(&worker, "c3", start_run());
    worker.receive(&written(&ToWorker::Advance { ms: 5, pace: Pace::ThroughCalls }));
    turn().await;
    let_go();
    let answers = answers(&page, 3).await;
    let (of, first) = &answers[0];
    assert!(
        matches!(first, Ok(Reply::Checked { problems, .. }) if problems.len() == 1),
        "{first:?}"
    );
    assert_eq!(of, "c1");
    assert_eq!(answers[1], ("c2".to_owned(), Ok(Reply::Saved { revision: 1 })));
    assert_eq!(answers[2], ("c3".to_owned(), Ok(Reply::Ok)));
    while page.next().await != (FromWorker::Advanced { now_ms: 1_005 }) {}
}

#[wasm_bindgen_test]
async fn a_language_that_can_not_be_loaded_refuses_and_is_tried_again() {
    let page = Page::new().with_language(AT_SECOND_TRY);
    let worker = page.start(test_start("second-try", Storage::Memory));
    send(&worker, "c1", save());
    let refused = answers(&page, 1).await.remove(0).1;
    let Err(Refusal::Language { message }) = refused else { panic!("{refused:?}") };
    assert_eq!(message, "the module that reads chains could not be loaded: TypeError: offline");
    send(&worker, "c2", save());
    assert_eq!(answers(&page, 1).await[0].1, Ok(Reply::Saved { revision: 1 }));
}

#[wasm_bindgen_test]
async fn stored_chains_without_their_language_are_not_touched() {
    let page = Page::new().with_language(PROMPT);
    let worker = page.start(test_start("stored", Storage::IndexedDb));
    while page.next().await != FromWorker::Role(Role::Leader) {}
    send(&worker, "c1", save());
    assert_eq!(answers(&page, 1).await[0].1, Ok(Reply::Saved { revision: 1 }));
    drop(worker);
    for broken in [
        "(answer) => async () => { throw new TypeError('offline'); }",
        "(answer) => async () => ({ answer: () => 'nonsense' })",
        "(answer) => async () => ({ answer: () => 5 })",
        "(answer) => async () => ({})",
        "(answer) => undefined",
    ] {
        let page = Page::new().with_language(broken).with("crash", "() => {}");
        let worker = page.start(test_start("stored", Storage::IndexedDb));
        let fatal = fatal(&page).await;
        assert!(matches!(fatal, Fatal::Crashed { .. }), "{broken}: {fatal:?}");
        send(&worker, "c1", Command::Subscribe);
        turn().await;
        assert!(page.received.is_empty(), "a stopped worker is silent");
    }
    let page = Page::new().with_language(PROMPT);
    let _worker = page.start(test_start("stored", Storage::IndexedDb));
    assert_eq!(snapshot_names(&page).await, ["n"], "it is there as it was");
}

#[wasm_bindgen_test]
async fn in_memory_a_language_that_can_not_be_loaded_is_said() {
    let page = Page::new().with_language(AT_SECOND_TRY);
    let _worker = page.start(with_samples("unsaid", Storage::Memory));
    let message = "the module that reads chains could not be loaded: TypeError: offline".to_owned();
    assert_eq!(page.next().await, FromWorker::Fatal(Fatal::Crashed { message }));
}

#[wasm_bindgen_test]
async fn a_trap_in_the_language_is_a_crash() {
    let traps =
        "(answer) => async () => ({ answer: () => { throw new RangeError('out of stack'); } })";
    let page =
        Page::new().with_language(traps).with("crash", "(why) => { self.languageCrashed = why; }");
    let worker = page.start(test_start("trap", Storage::Memory));
    send(&worker, "c1", save());
    let refused = answers(&page, 1).await.remove(0).1;
    assert!(matches!(refused, Err(Refusal::Language { .. })), "{refused:?}");
    let said = js_sys::eval("self.languageCrashed").unwrap().as_string().unwrap();
    assert_eq!(said, "the module that reads chains: RangeError: out of stack");
}
