//! What the tests share: a worker that only listens, and documents of the protocol's views.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::id::{ChainId, RunId};
use baton_engine::protocol::{
    Ask, AttemptPhase, AttemptView, ChainView, Clock, Command, Envelope, Event, FromWorker, Module,
    Order, Outcome, ReadingView, Refusal, Reply, Role, RunPhase, RunView, Said, Snapshot,
    StagePhase, StageView, Storage, ToWorker, Transport, VERSION,
};
use baton_engine::time::Timestamp;
use baton_engine::verify::{Reason, Verdict};
use baton_ui::link::{Heard, Opener, Port, Receiver};
use baton_ui::options::{Options, Setup};
use baton_ui::{Mounted, boot};
use wasm_bindgen::JsCast;

/// Where every test's clock begins.
pub const START: i64 = 1_795_435_200_000;

/// Mounted screens before a worker that only listens.
pub struct Scene {
    /// The element they are in.
    pub root: web_sys::HtmlElement,
    /// What the worker was sent.
    pub sent: Rc<RefCell<Vec<ToWorker>>>,
    /// What its modules were asked.
    pub asked: Rc<RefCell<Vec<Ask>>>,
    receiver: Rc<RefCell<Option<Receiver>>>,
    seq: RefCell<u64>,
    mounted: Mounted,
}

struct Ear {
    sent: Rc<RefCell<Vec<ToWorker>>>,
    asked: Rc<RefCell<Vec<Ask>>>,
}

impl Port for Ear {
    fn post(&self, message: &ToWorker) -> Result<(), String> {
        self.sent.borrow_mut().push(message.clone());
        Ok(())
    }

    fn ask(&self, question: Ask) -> Result<(), String> {
        self.asked.borrow_mut().push(question);
        Ok(())
    }
}

impl Scene {
    /// Mounts screens in a new element of the page.
    pub fn new(options: Options) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let make = || document.create_element("div").unwrap().dyn_into::<web_sys::HtmlElement>();
        let (host, root) = (make().unwrap(), make().unwrap());
        host.append_child(&root).unwrap();
        document.body().unwrap().append_child(&host).unwrap();
        let sent: Rc<RefCell<Vec<ToWorker>>> = Rc::default();
        let receiver: Rc<RefCell<Option<Receiver>>> = Rc::default();
        let asked: Rc<RefCell<Vec<Ask>>> = Rc::default();
        let (out, questions, inbox) = (sent.clone(), asked.clone(), receiver.clone());
        let opener: Opener = Box::new(move |receiver| {
            *inbox.borrow_mut() = Some(receiver);
            let ear = Ear { sent: out.clone(), asked: questions.clone() };
            Ok(Box::new(ear) as Box<dyn Port>)
        });
        let clock = Some(format!("test:{START}"));
        let locale = options.locale.clone().or_else(|| Some("en".to_owned()));
        let setup = Setup::try_from(Options { clock, locale, ..options }).unwrap();
        assert_eq!(setup.start.clock, Clock::Test { start_ms: START });
        let mounted = boot(host, root.clone(), setup, opener).unwrap();
        Self { root, sent, asked, receiver, seq: RefCell::new(0), mounted }
    }

    /// The screens' context.
    pub fn ui(&self) -> baton_ui::ui::Ui {
        self.mounted.ui()
    }

    /// The worker says something.
    pub fn says(&self, message: FromWorker) {
        let receiver = self.receiver.borrow().clone().unwrap();
        receiver(Heard::Told(message));
    }

    /// A module answers the latest question to it.
    pub async fn hears(&self, module: Module, answer: &str) {
        let is_of = |ask: &&Ask| ask.of == module;
        let id = self.asked.borrow().iter().rev().find(is_of).unwrap().id.clone();
        let receiver = self.receiver.borrow().clone().unwrap();
        receiver(Heard::Said(Said { id, outcome: Outcome::Answer(answer.to_owned()) }));
        settle().await;
    }

    /// The engine tells its next event.
    pub fn tells(&self, event: Event) {
        *self.seq.borrow_mut() += 1;
        let seq = *self.seq.borrow();
        self.says(FromWorker::Event(envelope(1, seq, event)));
    }

    /// The engine tells what there is.
    pub async fn shows(&self, chains: Vec<ChainView>, runs: Vec<RunView>) {
        self.says(FromWorker::Role(Role::Leader));
        self.tells(Event::Snapshot(Snapshot { chains, runs, ..Snapshot::default() }));
        settle().await;
    }

    /// The orders that were sent, without subscriptions, the latest last.
    pub fn orders(&self) -> Vec<Order> {
        let sent = self.sent.borrow();
        let orders = sent.iter().filter_map(|message| match message {
            ToWorker::Command(order) if order.command != Command::Subscribe => Some(order.clone()),
            _ => None,
        });
        orders.collect()
    }

    /// The latest order that `wanted` takes.
    pub fn order(&self, wanted: fn(&Command) -> bool) -> Order {
        self.orders().into_iter().rev().find(|order| wanted(&order.command)).unwrap()
    }

    /// How often a snapshot was asked for.
    pub fn subscriptions(&self) -> usize {
        let is_subscription = |message: &&ToWorker| matches!(message, ToWorker::Command(order) if order.command == Command::Subscribe);
        self.sent.borrow().iter().filter(is_subscription).count()
    }

    /// The engine answers an order.
    pub async fn answers(&self, order: &Order, answer: Result<Reply, Refusal>) {
        let id = order.id.clone();
        self.tells(match answer {
            Ok(reply) => Event::Done { id, reply },
            Err(refusal) => Event::Refused { id, refusal },
        });
        settle().await;
    }

    /// The first element that matches.
    pub fn find(&self, selector: &str) -> Option<web_sys::HtmlElement> {
        self.root.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    /// The text of the first element that matches; empty when there is none.
    pub fn text(&self, selector: &str) -> String {
        self.find(selector).and_then(|element| element.text_content()).unwrap_or_default()
    }

    /// An attribute of every element that matches.
    pub fn all(&self, selector: &str, attribute: &str) -> Vec<String> {
        let list = self.root.query_selector_all(selector).unwrap();
        let elements = (0..list.length()).filter_map(|index| list.item(index));
        elements
            .filter_map(|node| node.unchecked_into::<web_sys::Element>().get_attribute(attribute))
            .collect()
    }

    /// Presses the first element that matches.
    pub async fn press(&self, selector: &str) {
        self.find(selector).unwrap_or_else(|| panic!("nothing at {selector}")).click();
        settle().await;
    }

    /// Types a text in place of the one in the textarea.
    pub async fn types(&self, text: &str) {
        let area: web_sys::HtmlTextAreaElement = self.find("textarea").unwrap().unchecked_into();
        area.set_value(text);
        area.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
        settle().await;
    }
}

/// Lets every effect run.
pub async fn settle() {
    for _ in 0..3 {
        leptos::task::tick().await;
    }
}

/// An event in its place.
pub fn envelope(epoch: u64, seq: u64, event: Event) -> Envelope {
    Envelope { version: VERSION, epoch, seq, at: at(0), event }
}

/// An instant, in seconds after the start.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(START + seconds * 1000)
}

/// A chain's id.
pub fn chain_id(id: &str) -> ChainId {
    ChainId::try_from(id).unwrap()
}

/// A run's id.
pub fn run_id(id: &str) -> RunId {
    RunId::try_from(id).unwrap()
}

/// A chain of two stages.
pub fn chain(id: &str, name: &str) -> ChainView {
    ChainView {
        id: chain_id(id),
        name: name.into(),
        description: String::new(),
        revision: 1,
        stages: vec!["Send".into(), "Table".into()],
        environments: Vec::new(),
        environment: None,
        secrets: Vec::new(),
        schedule: None,
    }
}

/// A stage that was tried once if it has begun.
pub fn stage(name: &str, phase: StagePhase) -> StageView {
    let begun = phase != StagePhase::NotStarted;
    StageView {
        name: name.into(),
        system: None,
        phase,
        once: false,
        attempts: u32::from(begun),
        begun_at: begun.then(|| at(0)),
        ended_at: None,
        due: (phase == StagePhase::Waiting).then(|| at(4)),
        deadline: begun.then(|| at(60)),
        interval_ms: 5000,
        timeout_ms: 60_000,
        reason: None,
        late: false,
        flapping: false,
        unconfirmed: false,
        hold: None,
        captures: Vec::new(),
        group: None,
        again: None,
        seeded_from: None,
    }
}

/// A run whose first stage passed.
pub fn run(id: &str, chain: &str, phase: RunPhase, second: StagePhase) -> RunView {
    RunView {
        id: run_id(id),
        chain: chain_id(chain),
        name: chain.into(),
        revision: 1,
        number: 1,
        environment: None,
        retry_of: None,
        phase,
        started_at: at(0),
        ended_at: phase.ended().then(|| at(10)),
        frozen_since: None,
        variables: Vec::new(),
        stages: vec![stage("Send", StagePhase::Passed), stage("Table", second)],
    }
}

/// The reason of [`wrong_attempt`].
pub fn wrong() -> Reason {
    let text = |text: &str| text.to_owned();
    Reason::Differs { what: text("$.amount"), got: text("\"19\""), want: text("\"19.90\"") }
}

/// An attempt of the second stage that found a wrong value.
pub fn wrong_attempt(run: &str) -> AttemptView {
    AttemptView {
        run: run_id(run),
        stage: 1,
        number: 1,
        phase: AttemptPhase::Judged(Verdict::Fail),
        scheduled_at: at(2),
        begun_at: at(2),
        ended_at: Some(at(3)),
        latency_ms: Some(84),
        transport: Transport::Demo,
        method: "GET".into(),
        url: "demo:/table".into(),
        status: Some(200),
        redirected_to: None,
        reason: Some(wrong().into()),
        readings: vec![ReadingView {
            place: "checks[0]".into(),
            rule: "$.amount decimal equals".into(),
            expected: Some("\"19.90\"".into()),
            selected: vec!["\"19\"".into()],
            locations: vec!["$['amount']".into()],
            verdict: Verdict::Fail,
            reason: wrong(),
        }]
        .into(),
    }
}

/// Where the demo keeps things.
pub const MEMORY: Storage = Storage::Memory;
