//! The pump, driven by scripts instead of an engine.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;

use baton_engine::id::{CallId, CommitId, LoadId};
use baton_engine::protocol::{
    Action, Answer, Call, Clock as Wanted, Envelope, Event, FromWorker, Health, HttpRequest, Input,
    Pace, Transport,
};
use baton_engine::store::{Batch, Row, Table, Write};
use baton_engine::time::{Now, Timestamp};
use baton_engine::verify::Diagnosis;
use baton_engine_web::calls::Calls;
use baton_engine_web::clock::{Clock, Journey};
use baton_engine_web::demo::DemoPipeline;
use baton_engine_web::language::ChainLanguage;
use baton_engine_web::presence::Presence;
use baton_engine_web::pump::{Drive, Owner, Parts, Pump};
use baton_engine_web::store::Store;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Inbox, Page, turn};

/// Says what a script answers to inputs and to the time, and records both.
struct Script {
    actions: Rc<RefCell<VecDeque<Action>>>,
    deadlines: RefCell<VecDeque<i64>>,
    seen: Rc<Inbox<Seen>>,
    answer: fn(&Input) -> Vec<Action>,
}

#[derive(Clone, PartialEq, Debug)]
enum Seen {
    Input(Input),
    /// A deadline was reached.
    Due(i64),
}

impl Drive for Script {
    fn handle(&mut self, _now: Now, input: Input) {
        self.actions.borrow_mut().extend((self.answer)(&input));
        self.seen.push(Seen::Input(input));
    }

    fn poll(&mut self, now: Now) -> Action {
        if let Some(action) = self.actions.borrow_mut().pop_front() {
            return action;
        }
        let mut deadlines = self.deadlines.borrow_mut();
        while let Some(due) = deadlines.front().copied().filter(|due| now.wall.as_ms() >= *due) {
            deadlines.pop_front();
            self.seen.push(Seen::Due(due));
        }
        Action::Sleep(deadlines.front().map(|due| Timestamp::from_ms(*due)))
    }
}

#[derive(Default)]
struct Listener {
    said: RefCell<Vec<FromWorker>>,
    deposed: Cell<bool>,
}

impl Owner for Listener {
    fn say(&self, message: FromWorker) {
        self.said.borrow_mut().push(message);
    }

    fn deposed(&self) {
        self.deposed.set(true);
    }
}

struct Rig {
    pump: Rc<Pump>,
    clock: Rc<Clock>,
    actions: Rc<RefCell<VecDeque<Action>>>,
    seen: Rc<Inbox<Seen>>,
    listener: Rc<Listener>,
    _page: Page,
}

impl Rig {
    fn new(
        clock: Wanted,
        store: Store,
        deadlines: &[i64],
        answer: fn(&Input) -> Vec<Action>,
    ) -> Self {
        let (actions, seen) = (Rc::<RefCell<VecDeque<Action>>>::default(), Inbox::new());
        let script = Script {
            actions: Rc::clone(&actions),
            deadlines: RefCell::new(deadlines.iter().copied().collect()),
            seen: Rc::clone(&seen),
            answer,
        };
        let hangs = "async () => ({ handle: () => '{\"hang\":true}' })";
        let page = Page::new().with("demo", hangs);
        let clock = Rc::new(Clock::new(clock));
        let demo = DemoPipeline::new(page.host.clone(), "seed", &[]);
        let listener = Rc::<Listener>::default();
        let owner: Weak<dyn Owner> = Rc::downgrade(&(Rc::clone(&listener) as Rc<dyn Owner>));
        let calls = Calls::new(demo, Rc::default(), Rc::clone(&clock));
        let parts = Parts {
            engine: Box::new(script),
            clock: Rc::clone(&clock),
            store,
            calls,
            language: Rc::new(ChainLanguage::new(page.host.clone())),
            presence: Presence::alone(),
            owner,
        };
        Self { pump: Pump::new(parts), clock, actions, seen, listener, _page: page }
    }

    fn act(&self, action: Action) {
        self.actions.borrow_mut().push_back(action);
        self.pump.turn();
    }

    fn advance(&self, ms: u64, pace: Pace) {
        let Clock::Test(clock) = &*self.clock else { panic!("a real clock") };
        clock.set_out(Journey { span: Duration::from_millis(ms), pace }).unwrap();
        self.pump.turn();
    }

    fn advanced_to(&self) -> Vec<i64> {
        let said = self.listener.said.borrow();
        said.iter()
            .filter_map(|message| match message {
                FromWorker::Advanced { now_ms } => Some(*now_ms),
                FromWorker::Event(_) | FromWorker::Role(_) | FromWorker::Fatal(_) => None,
            })
            .collect()
    }
}

fn nothing(_: &Input) -> Vec<Action> {
    Vec::new()
}

const TEST: Wanted = Wanted::Test { start_ms: 0 };

fn batch(key: &str) -> Batch {
    let row = Row { table: Table::Runs, key: key.into(), value: "1".into() };
    Batch { strict: vec![Write::Put(row)], relaxed: Vec::new() }
}

fn request(transport: Transport, url: &str) -> Action {
    let request = HttpRequest { method: "GET".into(), url: url.into(), ..HttpRequest::default() };
    let (call, timeout) = (CallId(1), Duration::from_secs(10));
    Action::Call(Call { call, transport, request, timeout, body_limit: 1000 })
}

fn event(seq: u64) -> Envelope {
    let at = Timestamp::from_ms(0);
    Envelope { version: 1, epoch: 1, seq, at, event: Event::Health(Health::default()) }
}

#[wasm_bindgen_test]
async fn a_commit_is_answered_and_its_rows_are_found() {
    let rig = Rig::new(TEST, Store::in_memory(), &[], |input| match input {
        Input::Committed(_) => {
            vec![Action::Load { load: LoadId(2), table: Table::Runs, prefix: "r".into() }]
        }
        Input::Command(_)
        | Input::Answered { .. }
        | Input::CommitFailed { .. }
        | Input::Loaded { .. }
        | Input::Zone { .. }
        | Input::PageGone(_)
        | Input::KeptIn(_) => {
            vec![Action::Emit(event(1))]
        }
    });
    rig.act(Action::Commit { commit: CommitId(1), batch: batch("r1") });
    assert_eq!(rig.seen.next().await, Seen::Input(Input::Committed(CommitId(1))));
    let rows = Ok(vec![Row { table: Table::Runs, key: "r1".into(), value: "1".into() }]);
    assert_eq!(rig.seen.next().await, Seen::Input(Input::Loaded { load: LoadId(2), rows }));
    turn().await;
    assert_eq!(*rig.listener.said.borrow(), [FromWorker::Event(event(1))]);
}

#[wasm_bindgen_test]
async fn a_leader_that_was_replaced_is_told_and_its_engine_is_not() {
    let old = Store::open("pump-stale", |_| ()).await.unwrap();
    let _new = Store::open("pump-stale", |_| ()).await.unwrap();
    let rig = Rig::new(TEST, old.store, &[], nothing);
    rig.act(Action::Commit { commit: CommitId(1), batch: batch("r") });
    while !rig.listener.deposed.get() {
        turn().await;
    }
    assert!(rig.seen.is_empty());
}

#[wasm_bindgen_test]
async fn a_call_is_answered_unless_it_was_given_up() {
    let rig = Rig::new(TEST, Store::in_memory(), &[], nothing);
    rig.act(request(Transport::Direct, "no address"));
    let Seen::Input(Input::Answered { call, answer, keep }) = rig.seen.next().await else {
        panic!("no answer")
    };
    assert_eq!((call, keep), (CallId(1), None));
    assert!(matches!(answer, Answer::NoResponse(Diagnosis::BadAddress { .. })));
    rig.act(request(Transport::Direct, "no address"));
    rig.act(Action::Abort(CallId(1)));
    rig.act(Action::Abort(CallId(77)));
    turn().await;
    assert!(rig.seen.is_empty());
}

#[wasm_bindgen_test]
async fn the_real_clock_wakes_it() {
    let soon = Clock::Real.now().wall.as_ms() + 20;
    let rig = Rig::new(Wanted::Real, Store::in_memory(), &[soon], nothing);
    rig.pump.turn();
    assert_eq!(rig.seen.next().await, Seen::Due(soon));
    assert!(Clock::Real.now().wall.as_ms() >= soon);
}

#[wasm_bindgen_test]
async fn a_test_clock_passes_every_deadline_without_waiting() {
    let rig = Rig::new(TEST, Store::in_memory(), &[58_000, 116_000, 900_000], nothing);
    rig.pump.turn();
    rig.advance(60_000, Pace::Awake);
    assert_eq!(rig.advanced_to(), [60_000]);
    rig.advance(840_000, Pace::Awake);
    rig.advance(0, Pace::Awake);
    assert_eq!(rig.advanced_to(), [60_000, 900_000, 900_000]);
    for due in [58_000, 116_000, 900_000] {
        assert_eq!(rig.seen.next().await, Seen::Due(due));
    }
}

#[wasm_bindgen_test]
async fn a_test_clock_waits_for_commits() {
    let opened = Store::open("pump-waits", |_| ()).await.unwrap();
    let rig = Rig::new(TEST, opened.store, &[5], nothing);
    rig.act(Action::Commit { commit: CommitId(1), batch: batch("r") });
    rig.advance(10, Pace::Awake);
    assert!(rig.advanced_to().is_empty());
    assert_eq!(rig.seen.next().await, Seen::Input(Input::Committed(CommitId(1))));
    assert_eq!(rig.seen.next().await, Seen::Due(5));
    assert_eq!(rig.advanced_to(), [10]);
}

#[wasm_bindgen_test]
async fn a_call_that_hangs_holds_a_test_clock_until_it_is_given_up_or_told_to_pass() {
    let rig = Rig::new(TEST, Store::in_memory(), &[5, 15], nothing);
    rig.act(request(Transport::Demo, "demo://hang"));
    rig.advance(10, Pace::ThroughCalls);
    rig.advance(10, Pace::Awake);
    turn().await;
    assert_eq!(rig.advanced_to(), [10]);
    rig.act(Action::Abort(CallId(1)));
    assert_eq!(rig.advanced_to(), [10, 20]);
    assert_eq!(rig.seen.next().await, Seen::Due(5));
    assert_eq!(rig.seen.next().await, Seen::Due(15));
}

#[wasm_bindgen_test]
async fn what_is_committed_in_memory_is_committed_at_once() {
    let rig = Rig::new(TEST, Store::in_memory(), &[], nothing);
    rig.act(Action::Commit { commit: CommitId(1), batch: batch("r") });
    assert!(!rig.seen.is_empty());
    assert_eq!(rig.seen.next().await, Seen::Input(Input::Committed(CommitId(1))));
}

#[wasm_bindgen_test]
async fn a_dropped_pump_is_silent() {
    let opened = Store::open("pump-dropped", |_| ()).await.unwrap();
    let rig = Rig::new(TEST, opened.store, &[5], nothing);
    rig.act(Action::Commit { commit: CommitId(1), batch: batch("r") });
    rig.act(request(Transport::Direct, "no address"));
    rig.advance(10, Pace::Awake);
    let Rig { pump, seen, listener, .. } = rig;
    drop(pump);
    turn().await;
    turn().await;
    assert!(seen.is_empty());
    assert!(listener.said.borrow().is_empty());
}
