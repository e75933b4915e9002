//! The link to the engine's worker: sends commands, feeds events to the state, repeats what was not
//! answered. Knows no screen.
//!
//! Repeating a command is harmless by the protocol, so whatever may have been lost (a gap in the
//! stream, a new leader, a new worker, silence) is simply sent again.

mod worker;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use baton_engine::id::{CommandId, RunId};
use baton_engine::protocol::{
    Ask, Command, Fatal, FromWorker, Module, Order, Outcome, Refusal, Reply, Said, Start, Storage,
    ToWorker, VERSION,
};
use baton_engine::time::Timestamp;

pub use worker::WorkerPort;

use crate::clock::{self, Timeout};
use crate::state::{Applied, Change, Happening, State};

/// How long silence lasts before open commands are sent again; doubled each time.
const FIRST_PATIENCE: Duration = Duration::from_secs(2);
const LONGEST_PATIENCE: Duration = Duration::from_secs(30);
/// How soon a worker that crashed is followed by another; doubled each time.
const FIRST_RESTART: Duration = Duration::from_secs(1);
const LATEST_RESTART: Duration = Duration::from_mins(1);

/// What a worker says.
pub enum Heard {
    /// It, or its engine.
    Told(FromWorker),
    /// A module that was asked.
    Said(Said),
}

/// Where messages go; dropping it ends the worker.
pub trait Port {
    /// Sends a message.
    ///
    /// # Errors
    /// The browser's own words when it can't be sent.
    fn post(&self, message: &ToWorker) -> Result<(), String>;

    /// Sends a question to one of its modules.
    ///
    /// # Errors
    /// The browser's own words when it can't be sent.
    fn ask(&self, question: Ask) -> Result<(), String>;
}

/// What takes a worker's messages.
pub type Receiver = Rc<dyn Fn(Heard)>;

/// Makes a port, for the first worker and for each that follows a crash.
pub type Opener = Box<dyn Fn(Receiver) -> Result<Box<dyn Port>, String>>;

/// What is called with a command's answer.
pub type Answered = Box<dyn FnOnce(Result<Reply, Refusal>)>;

/// What is called with what a module says, or with why it says nothing.
pub type Answer = Box<dyn FnOnce(Result<String, String>)>;

type Listener = Box<dyn Fn(Vec<Happening>)>;

struct Open {
    order: Order,
    answered: Answered,
}

struct Inner {
    state: State,
    opener: Opener,
    start: RefCell<Start>,
    port: RefCell<Option<Box<dyn Port>>>,
    open: RefCell<Vec<Open>>,
    /// Questions to modules that are not answered.
    questions: RefCell<Vec<(CommandId, Answer)>>,
    listener: RefCell<Option<Listener>>,
    /// Of the proxy, for each worker that is started.
    proxy_token: RefCell<String>,
    patience: Cell<Duration>,
    retry: RefCell<Option<Timeout>>,
    /// When the last worker was started.
    started: Cell<Timestamp>,
    /// How often one crashed soon after its start.
    crashes: Cell<u32>,
    restart: RefCell<Option<Timeout>>,
}

/// The link. A handle: clones are the same link; the last one dropped ends the worker.
#[derive(Clone)]
pub struct Link(Rc<Inner>);

impl Link {
    /// Starts a worker and subscribes to its engine.
    pub fn open(state: State, start: Start, opener: Opener) -> Self {
        let link = Self(Rc::new(Inner {
            state,
            opener,
            start: RefCell::new(start),
            port: RefCell::default(),
            open: RefCell::default(),
            questions: RefCell::default(),
            listener: RefCell::default(),
            proxy_token: RefCell::default(),
            patience: Cell::new(FIRST_PATIENCE),
            retry: RefCell::default(),
            started: Cell::new(clock::now()),
            crashes: Cell::default(),
            restart: RefCell::default(),
        }));
        link.connect();
        link
    }

    /// Calls `listener` with what happens from now on.
    pub fn listen(&self, listener: impl Fn(Vec<Happening>) + 'static) {
        *self.0.listener.borrow_mut() = Some(Box::new(listener));
    }

    /// Where records are kept.
    pub fn storage(&self) -> Storage {
        self.0.start.borrow().storage
    }

    /// Sends a command; `answered` is called once, unless the link goes first.
    pub fn send(&self, command: Command, answered: impl FnOnce(Result<Reply, Refusal>) + 'static) {
        self.send_boxed(command, Box::new(answered));
    }

    fn send_boxed(&self, command: Command, answered: Answered) {
        let Ok(id) = CommandId::try_from(crate::dom::uuid()) else { return };
        let order = Order { version: VERSION, id, command };
        self.0.open.borrow_mut().push(Open { order: order.clone(), answered });
        self.post(&ToWorker::Command(order));
        self.watch();
    }

    /// Asks a module of the worker; `said` is called once, unless the link goes first. A question is never
    /// asked again: what it asks for may have been done.
    pub fn ask(&self, of: Module, question: String, said: Answer) {
        let Ok(id) = CommandId::try_from(crate::dom::uuid()) else { return };
        self.0.questions.borrow_mut().push((id.clone(), said));
        let asked = self.0.port.borrow().as_ref().map(|port| port.ask(Ask { id, of, question }));
        if !matches!(asked, Some(Ok(()))) {
            self.give_up_questions();
        }
    }

    /// Ends the questions to a worker that is gone.
    fn give_up_questions(&self) {
        let questions = self.0.questions.take();
        for (_, said) in questions {
            said(Err("the worker has stopped".to_owned()));
        }
    }

    /// Hands the proxy's token to the workers; an empty one is none.
    pub fn set_proxy_token(&self, token: &str) {
        token.clone_into(&mut self.0.proxy_token.borrow_mut());
        self.post(&ToWorker::ProxyToken { token: token.to_owned() });
    }

    /// Asks for a run's attempts; they appear in the state.
    pub fn list_attempts(&self, run: &RunId) {
        self.0.state.apply(Change::Asked(run.clone()));
        let (link, of) = (Rc::downgrade(&self.0), run.clone());
        self.send(Command::ListAttempts { run: run.clone() }, move |answer| {
            if let (Ok(Reply::Attempts(views)), Some(link)) = (answer, link.upgrade()) {
                link.state.apply(Change::Listed(of, views));
            }
        });
    }

    /// Starts a new worker in place of one that is gone, if need be with another storage.
    pub fn restart(&self, storage: Option<Storage>) {
        if let Some(storage) = storage {
            self.0.start.borrow_mut().storage = storage;
        }
        *self.0.port.borrow_mut() = None;
        self.give_up_questions();
        self.0.state.apply(Change::Restarted);
        self.connect();
    }

    /// Whether what a worker had kept outlives it, so that another one goes on in its place.
    pub fn outlives_workers(&self) -> bool {
        self.storage() == Storage::IndexedDb
    }

    /// Starts another worker after a while in place of one that crashed, unless all it had is gone with it.
    fn restart_later(&self) {
        if !self.outlives_workers() {
            return;
        }
        let lasted = clock::now().since(self.0.started.get()) > LATEST_RESTART;
        let crashes = if lasted { 0 } else { self.0.crashes.get() };
        self.0.crashes.set(crashes + 1);
        let delay = FIRST_RESTART.saturating_mul(1 << crashes.min(16)).min(LATEST_RESTART);
        let weak = Rc::downgrade(&self.0);
        let restart = Timeout::after(delay, move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).restart(None);
            }
        });
        *self.0.restart.borrow_mut() = Some(restart);
    }

    fn connect(&self) {
        self.0.started.set(clock::now());
        *self.0.restart.borrow_mut() = None;
        let weak = Rc::downgrade(&self.0);
        let port = (self.0.opener)(Rc::new(move |message| receive(&weak, message)));
        match port {
            Ok(port) => {
                *self.0.port.borrow_mut() = Some(port);
                let start = self.0.start.borrow().clone();
                self.post(&ToWorker::Start(start));
                let token = self.0.proxy_token.borrow().clone();
                if !token.is_empty() {
                    self.post(&ToWorker::ProxyToken { token });
                }
                self.repeat();
            }
            Err(message) => {
                self.0.state.apply(Change::Fatal(Fatal::Crashed { message }));
            }
        }
    }

    /// Subscribes, and sends again whatever is open.
    fn repeat(&self) {
        if let Ok(id) = CommandId::try_from(crate::dom::uuid()) {
            self.post(&ToWorker::Command(Order {
                version: VERSION,
                id,
                command: Command::Subscribe,
            }));
        }
        self.repeat_open();
        self.watch();
    }

    fn repeat_open(&self) {
        let orders: Vec<Order> =
            self.0.open.borrow().iter().map(|open| open.order.clone()).collect();
        for order in orders {
            self.post(&ToWorker::Command(order));
        }
    }

    fn post(&self, message: &ToWorker) {
        let posted = self.0.port.borrow().as_ref().map(|port| port.post(message));
        if let Some(Err(message)) = posted {
            self.0.state.apply(Change::Fatal(Fatal::BadMessage { message }));
        }
    }

    /// Sees to it that silence is noticed while anything is awaited.
    fn watch(&self) {
        if self.0.retry.borrow().is_some() {
            return;
        }
        let weak = Rc::downgrade(&self.0);
        let timeout = Timeout::after(self.0.patience.get(), move || {
            let Some(inner) = weak.upgrade() else { return };
            let link = Self(inner);
            *link.0.retry.borrow_mut() = None;
            let behind = link.0.state.is_behind();
            if link.0.port.borrow().is_none() || (link.0.open.borrow().is_empty() && !behind) {
                return;
            }
            link.0.patience.set((link.0.patience.get() * 2).min(LONGEST_PATIENCE));
            if behind {
                link.repeat();
            } else {
                link.repeat_open();
                link.watch();
            }
        });
        *self.0.retry.borrow_mut() = Some(timeout);
    }

    fn take(&self, message: FromWorker) {
        self.0.patience.set(FIRST_PATIENCE);
        match message {
            FromWorker::Event(envelope) => self.write(Change::Told(Box::new(envelope))),
            FromWorker::Role(role) => self.write(Change::Role(role)),
            FromWorker::Advanced { now_ms } => {
                self.write(Change::Clock(Timestamp::from_ms(now_ms)));
            }
            FromWorker::Fatal(fatal) => {
                // What it left open is sent to its successor, if the user wants one.
                *self.0.port.borrow_mut() = None;
                self.give_up_questions();
                if matches!(fatal, Fatal::Crashed { .. }) {
                    self.restart_later();
                }
                self.write(Change::Fatal(fatal));
            }
        }
    }

    fn answer(&self, Said { id, outcome }: Said) {
        let mut questions = self.0.questions.borrow_mut();
        let place = questions.iter().position(|(asked, _)| *asked == id);
        let found = place.map(|place| questions.swap_remove(place));
        drop(questions);
        if let Some((_, said)) = found {
            said(match outcome {
                Outcome::Answer(text) => Ok(text),
                Outcome::Error(why) => Err(why),
            });
        }
    }

    fn write(&self, change: Change) {
        let Applied { out_of_step, new_engine, answer, happenings } = self.0.state.apply(change);
        if out_of_step {
            self.repeat();
        } else if new_engine {
            self.repeat_open();
        }
        if let Some((id, answer)) = answer {
            let mut open = self.0.open.borrow_mut();
            let place = open.iter().position(|open| open.order.id == id);
            let found = place.map(|place| open.remove(place));
            drop(open);
            // Answers to other readers' commands pass by here too.
            if let Some(found) = found {
                (found.answered)(answer);
            }
        }
        if !happenings.is_empty()
            && let Some(listener) = self.0.listener.borrow().as_ref()
        {
            listener(happenings);
        }
    }
}

fn receive(link: &Weak<Inner>, heard: Heard) {
    let Some(inner) = link.upgrade() else { return };
    match heard {
        Heard::Told(message) => Link(inner).take(message),
        Heard::Said(said) => Link(inner).answer(said),
    }
}
