//! A worker among its tabs: who leads, who follows, and what passes between them.

use std::rc::Rc;

use baton_engine::id::CommandId;
use baton_engine::protocol::{
    Clock, Command, Envelope, Event, Fatal, FromWorker, Health, Order, Pace, Role, Start, Storage,
    ToWorker, VERSION,
};
use baton_engine::time::Timestamp;
use baton_engine_web::heartbeat::MOST_SILENT_TICKS;
use baton_engine_web::worker::MAX_NAME_BYTES;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::page::{Inbox, Page, test_start, turn, written};

fn subscribe() -> ToWorker {
    let id = CommandId::try_from("c1").unwrap();
    ToWorker::Command(Order { version: VERSION, id, command: Command::Subscribe })
}

fn advance(ms: u64) -> ToWorker {
    ToWorker::Advance { ms, pace: Pace::Awake }
}

/// The next message that is no event: those are the engine's.
async fn next_of_shell(page: &Page) -> FromWorker {
    loop {
        let message = page.next().await;
        if !matches!(message, FromWorker::Event(_)) {
            return message;
        }
    }
}

async fn expect_role(page: &Page, role: Role) {
    assert_eq!(next_of_shell(page).await, FromWorker::Role(role));
}

/// Another tab's end of the channel.
struct Tab {
    channel: BroadcastChannel,
    heard: Rc<Inbox<JsValue>>,
    _heard: Closure<dyn Fn(MessageEvent)>,
}

impl Tab {
    fn join(name: &str) -> Self {
        let channel = BroadcastChannel::new(name).unwrap();
        let heard = Inbox::new();
        let inbox = Rc::clone(&heard);
        let listener = Closure::new(move |message: MessageEvent| inbox.push(message.data()));
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Self { channel, heard, _heard: listener }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

async fn steal(lock: &str) {
    let script = format!("navigator.locks.request('{lock}', {{steal: true}}, () => {{}})");
    JsFuture::from(Promise::from(js_sys::eval(&script).unwrap())).await.unwrap();
}

#[wasm_bindgen_test]
async fn in_memory_it_leads_at_once_and_its_clock_can_be_moved() {
    let page = Page::new();
    let worker = page.start(test_start("alone", Storage::Memory));
    expect_role(&page, Role::Leader).await;
    worker.receive(&written(&advance(15)));
    assert_eq!(next_of_shell(&page).await, FromWorker::Advanced { now_ms: 1_015 });
}

#[wasm_bindgen_test]
async fn what_is_not_understood_is_said_and_nothing_dies() {
    let page = Page::new();
    let worker = baton_engine_web::worker::Worker::new(page.host.clone());
    let bad = |message: &FromWorker| matches!(message, FromWorker::Fatal(Fatal::BadMessage { .. }));
    let too_long =
        Start { name: "n".repeat(MAX_NAME_BYTES + 1), ..test_start("", Storage::Memory) };
    for message in [
        JsValue::NULL,
        Object::new().into(),
        "{".into(),
        written(&subscribe()),
        written(&advance(1)),
        written(&ToWorker::Start(too_long)),
    ] {
        worker.receive(&message);
        assert!(bad(&page.next().await), "{message:?}");
    }
    worker.receive(&written(&ToWorker::Start(Start {
        clock: Clock::Real,
        ..test_start("refused", Storage::Memory)
    })));
    expect_role(&page, Role::Leader).await;
    worker.receive(&written(&advance(1)));
    assert!(bad(&next_of_shell(&page).await), "the real clock can't be moved");
    worker.receive(&written(&ToWorker::Start(test_start("again", Storage::Memory))));
    assert!(bad(&next_of_shell(&page).await), "started twice");
}

#[wasm_bindgen_test]
async fn the_first_tab_leads_and_the_next_takes_over() {
    let (first, second) = (Page::new(), Page::new());
    let leader = first.start(test_start("takeover", Storage::IndexedDb));
    expect_role(&first, Role::Follower).await;
    expect_role(&first, Role::Leader).await;
    let follower = second.start(test_start("takeover", Storage::IndexedDb));
    expect_role(&second, Role::Follower).await;
    follower.receive(&written(&advance(5)));
    turn().await;
    drop(leader);
    expect_role(&second, Role::Leader).await;
    assert_eq!(next_of_shell(&second).await, FromWorker::Advanced { now_ms: 1_005 });
}

#[wasm_bindgen_test]
async fn a_follower_passes_commands_on_and_events_back() {
    let held =
        js_sys::eval("navigator.locks.request('baton-between', () => new Promise(() => {}))");
    let _held: Promise = held.unwrap().into();
    let (page, tab) = (Page::new(), Tab::join("baton-between"));
    let worker = page.start(test_start("between", Storage::IndexedDb));
    expect_role(&page, Role::Follower).await;

    worker.receive(&written(&subscribe()));
    let heard = tab.heard.next().await;
    assert_eq!(baton_engine_web::port::decode(&heard), Ok(subscribe()));

    // A command of another tab is the leader's; only the event reaches this page.
    tab.channel.post_message(&written(&subscribe())).unwrap();
    let health = Event::Health(Health::default());
    let event =
        Envelope { version: VERSION, epoch: 3, seq: 4, at: Timestamp::from_ms(5), event: health };
    let event = baton_engine_web::port::encode(&FromWorker::Event(event));
    tab.channel.post_message(&event).unwrap();
    let FromWorker::Event(envelope) = page.next().await else { panic!("no event") };
    assert_eq!((envelope.epoch, envelope.seq), (3, 4));
}

#[wasm_bindgen_test]
async fn what_other_tabs_say_can_not_harm_a_leader() {
    let (page, tab) = (Page::new(), Tab::join("baton-noise"));
    let worker = page.start(test_start("noise", Storage::IndexedDb));
    expect_role(&page, Role::Follower).await;
    expect_role(&page, Role::Leader).await;
    let odd = Object::new();
    Reflect::set(&odd, &"event".into(), &1.into()).unwrap();
    for message in [
        JsValue::NULL,
        "text".into(),
        "{\"event\":1}".into(),
        1.into(),
        odd.into(),
        written(&advance(500)),
    ] {
        tab.channel.post_message(&message).unwrap();
    }
    turn().await;
    worker.receive(&written(&advance(1)));
    assert_eq!(next_of_shell(&page).await, FromWorker::Advanced { now_ms: 1_001 });
}

#[wasm_bindgen_test]
async fn a_leader_that_is_robbed_follows_and_leads_again_when_it_can() {
    let page = Page::new();
    let _worker = page.start(test_start("robbed", Storage::IndexedDb));
    expect_role(&page, Role::Follower).await;
    expect_role(&page, Role::Leader).await;
    steal("baton-robbed").await;
    expect_role(&page, Role::Follower).await;
    expect_role(&page, Role::Leader).await;
}

#[wasm_bindgen_test]
async fn a_leader_that_says_nothing_is_robbed_and_one_that_beats_is_not() {
    let held = js_sys::eval("navigator.locks.request('baton-frozen', () => new Promise(() => {}))");
    let held: Promise = held.unwrap().into();
    let (page, tab) = (Page::new(), Tab::join("baton-frozen"));
    let worker = page.start(test_start("frozen", Storage::IndexedDb));
    expect_role(&page, Role::Follower).await;
    for _ in 0..3 {
        for _ in 0..MOST_SILENT_TICKS {
            worker.tick();
        }
        tab.channel.post_message(&"{\"beat\":true}".into()).unwrap();
        // What a follower says proves nothing about a leader.
        tab.channel.post_message(&written(&subscribe())).unwrap();
        turn().await;
    }
    assert!(page.received.is_empty());
    for _ in 0..=MOST_SILENT_TICKS {
        worker.tick();
    }
    expect_role(&page, Role::Leader).await;
    assert!(JsFuture::from(held).await.is_err(), "it was taken from the one that held it");
    worker.tick();
    // The events of its engine come before.
    while tab.heard.next().await.as_string().as_deref() != Some("{\"beat\":true}") {}
}

#[wasm_bindgen_test]
async fn a_database_of_a_newer_page_stops_it_and_frees_the_lock() {
    let script = "new Promise(resolve => { const r = indexedDB.open('baton-future', 1000); r.onsuccess = () => { \
                  r.result.close(); resolve(); }; })";
    JsFuture::from(Promise::from(js_sys::eval(script).unwrap())).await.unwrap();
    let page = Page::new();
    let worker = page.start(test_start("future", Storage::IndexedDb));
    expect_role(&page, Role::Follower).await;
    assert_eq!(page.next().await, FromWorker::Fatal(Fatal::NewerDatabase));
    let free =
        js_sys::eval("navigator.locks.request('baton-future', lock => lock !== null)").unwrap();
    assert_eq!(JsFuture::from(Promise::from(free)).await.unwrap(), true);
    worker.receive(&written(&subscribe()));
    assert!(page.received.is_empty(), "a stopped worker is silent");
}
