//! Drives an engine: hands it inputs and the time, and carries out what it asks for. Decides nothing.
//!
//! Where to start: [`Pump::turn`]. Everything outside happens in tasks that hold the pump weakly:
//! once it is dropped their outcomes go nowhere.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use baton_engine::engine::Engine;
use baton_engine::id::{ClientId, CommitId, LoadId};
use baton_engine::protocol::{Action, Call, FromWorker, Input, Order, Storage};
use baton_engine::store::{Batch, Table};
use baton_engine::time::{Now, Timestamp};

use crate::browser::spawn;
use crate::calls::Calls;
use crate::clock::{Clock, Journey, Step, UnderWay};
use crate::language::ChainLanguage;
use crate::presence::Presence;
use crate::store::{Store, StoreError};
use crate::timer::{Timer, wait_ms};

/// What a pump drives: the engine, or a script in a test.
pub trait Drive {
    /// Takes one input.
    fn handle(&mut self, now: Now, input: Input);
    /// The next thing to do.
    fn poll(&mut self, now: Now) -> Action;
}

impl Drive for Engine {
    fn handle(&mut self, now: Now, input: Input) {
        Self::handle(self, now, input);
    }

    fn poll(&mut self, now: Now) -> Action {
        Self::poll(self, now)
    }
}

/// Who owns a pump.
pub trait Owner {
    /// Passes on what there is to say.
    fn say(&self, message: FromWorker);
    /// Another worker took the lead: this pump has to go.
    fn deposed(&self);
}

/// What a pump is made of.
pub struct Parts {
    /// What it drives.
    pub engine: Box<dyn Drive>,
    /// By which clock.
    pub clock: Rc<Clock>,
    /// Where rows are kept.
    pub store: Store,
    /// How requests are sent.
    pub calls: Calls,
    /// What the engine asks about chains.
    pub language: Rc<ChainLanguage>,
    /// How it is found that a page is gone.
    pub presence: Presence,
    /// Who hears it.
    pub owner: Weak<dyn Owner>,
}

/// Drives one engine. Dropping it stops everything: timer, requests, and whatever would be told.
pub struct Pump {
    me: Weak<Self>,
    engine: RefCell<Box<dyn Drive>>,
    clock: Rc<Clock>,
    store: Rc<Store>,
    store_work: Cell<usize>,
    calls: Calls,
    language: Rc<ChainLanguage>,
    presence: Presence,
    timer: Timer,
    inbox: RefCell<VecDeque<Input>>,
    /// Commands that wait for the language to be loaded.
    held: RefCell<VecDeque<Order>>,
    turning: Cell<bool>,
    owner: Weak<dyn Owner>,
}

impl Pump {
    /// A pump that stands still until its first [`Pump::turn`].
    pub fn new(parts: Parts) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            engine: RefCell::new(parts.engine),
            clock: parts.clock,
            store: Rc::new(parts.store),
            store_work: Cell::default(),
            calls: parts.calls,
            language: parts.language,
            presence: parts.presence,
            timer: Timer::default(),
            inbox: RefCell::default(),
            held: RefCell::default(),
            turning: Cell::default(),
            owner: parts.owner,
        })
    }

    /// Hands an input to the engine and carries out what follows.
    pub fn input(&self, input: Input) {
        self.inbox.borrow_mut().push_back(input);
        self.turn();
    }

    /// Hands a command to the engine. One that needs the language of chains waits until that is loaded,
    /// or can't be, and the engine refuses it; those that come meanwhile wait behind it.
    pub fn order(&self, order: Order) {
        self.take_up(vec![order]);
    }

    /// The same for several, before anything else follows of any.
    pub fn take_up(&self, orders: Vec<Order>) {
        for order in orders {
            let is_held = !self.held.borrow().is_empty();
            if !is_held && (self.language.is_there() || !order.command.needs_language()) {
                self.inbox.borrow_mut().push_back(Input::Command(order));
                continue;
            }
            self.held.borrow_mut().push_back(order);
            if !is_held {
                self.load_language();
            }
        }
        self.turn();
    }

    fn load_language(&self) {
        let (me, language) = (self.me.clone(), Rc::clone(&self.language));
        spawn(Box::pin(async move {
            language.load().await;
            if let Some(pump) = me.upgrade() {
                let held = pump.held.take().into_iter().map(Input::Command);
                pump.inbox.borrow_mut().extend(held);
                pump.turn();
            }
        }));
    }

    /// Polls the engine until it sleeps and no input is left. A call from within itself is taken up
    /// by the turn under way.
    pub fn turn(&self) {
        if self.turning.replace(true) {
            return;
        }
        loop {
            self.take_inputs();
            let now = self.clock.now();
            let action = self.engine.borrow_mut().poll(now);
            if let ControlFlow::Break(until) = self.perform(action)
                && self.sleeps(now, until)
            {
                break;
            }
        }
        self.turning.set(false);
    }

    fn take_inputs(&self) {
        while let Some(input) = self.next_input() {
            let now = self.clock.now();
            self.engine.borrow_mut().handle(now, input);
        }
    }

    fn next_input(&self) -> Option<Input> {
        self.inbox.borrow_mut().pop_front()
    }

    fn perform(&self, action: Action) -> ControlFlow<Option<Timestamp>> {
        match action {
            Action::Commit { commit, batch } => self.commit(commit, batch),
            Action::Call(call) => self.call(call),
            Action::Abort(call) => self.calls.abort(call),
            Action::Load { load, table, prefix } => self.load(load, table, prefix),
            Action::NeedZone(name) => {
                let zone = baton_zones::table(&name).ok();
                self.inbox.borrow_mut().push_back(Input::Zone { name, zone });
            }
            Action::Watch(page) => self.watch(page),
            Action::KeepIn(storage) => self.keep_in(storage),
            Action::Emit(envelope) => self.say(FromWorker::Event(envelope)),
            Action::Sleep(until) => return ControlFlow::Break(until),
        }
        ControlFlow::Continue(())
    }

    fn commit(&self, commit: CommitId, batch: Batch) {
        let Err(batch) = self.store.commit_at_once(batch) else {
            return self.inbox.borrow_mut().push_back(Input::Committed(commit));
        };
        let store = Rc::clone(&self.store);
        self.work(Box::pin(async move {
            match store.commit(batch).await {
                Ok(()) => Some(Input::Committed(commit)),
                Err(StoreError::Failed(message)) => Some(Input::CommitFailed { commit, message }),
                Err(StoreError::Stale) => None,
            }
        }));
    }

    fn load(&self, load: LoadId, table: Table, prefix: String) {
        let store = Rc::clone(&self.store);
        self.work(Box::pin(async move {
            let rows = store.load(table, &prefix).await;
            Some(Input::Loaded { load, rows })
        }));
    }

    fn keep_in(&self, storage: Storage) {
        if storage == Storage::Memory {
            self.store.go_on_in_memory();
            return self.inbox.borrow_mut().push_back(Input::KeptIn(Storage::Memory));
        }
        let store = Rc::clone(&self.store);
        self.work(Box::pin(async move {
            match store.save().await {
                Ok(()) => Some(Input::KeptIn(Storage::IndexedDb)),
                Err(StoreError::Failed(_)) => Some(Input::KeptIn(Storage::Memory)),
                Err(StoreError::Stale) => None,
            }
        }));
    }

    /// Lets the store work; without an outcome this pump has lost its lead.
    fn work(&self, work: Pin<Box<dyn Future<Output = Option<Input>>>>) {
        self.store_work.update(|count| count + 1);
        let me = self.me.clone();
        spawn(Box::pin(async move {
            let outcome = work.await;
            let Some(pump) = me.upgrade() else { return };
            pump.store_work.update(|count| count - 1);
            match outcome {
                Some(input) => pump.input(input),
                None => pump.deposed(),
            }
        }));
    }

    fn call(&self, call: Call) {
        let me = self.me.clone();
        self.calls.begin(call, move |input| {
            if let Some(pump) = me.upgrade() {
                pump.input(input);
            }
        });
    }

    fn watch(&self, page: ClientId) {
        let me = self.me.clone();
        self.presence.watch(page, move |page| {
            if let Some(pump) = me.upgrade() {
                pump.input(Input::PageGone(page));
            }
        });
    }

    fn say(&self, message: FromWorker) {
        if let Some(owner) = self.owner.upgrade() {
            owner.say(message);
        }
    }

    fn deposed(&self) {
        if let Some(owner) = self.owner.upgrade() {
            owner.deposed();
        }
    }

    /// Waits for the deadline by the clock's own way. False when there is more to do now.
    fn sleeps(&self, now: Now, until: Option<Timestamp>) -> bool {
        if !self.inbox.borrow().is_empty() {
            return false;
        }
        match &*self.clock {
            Clock::Real => {
                self.arm(now, until);
                true
            }
            Clock::Test(clock) => match clock.step(until, self.under_way()) {
                Step::Stands => true,
                Step::Moved => false,
                Step::Arrived(now) => {
                    self.say(FromWorker::Advanced { now_ms: now.as_ms() });
                    false
                }
            },
        }
    }

    fn arm(&self, now: Now, until: Option<Timestamp>) {
        let Some(until) = until else { return self.timer.disarm() };
        let me = self.me.clone();
        self.timer.arm(wait_ms(now.wall, until), move || {
            if let Some(pump) = me.upgrade() {
                pump.turn();
            }
        });
    }

    fn under_way(&self) -> UnderWay {
        let works = self.store_work.get() > 0 || !self.held.borrow().is_empty();
        UnderWay { store: works, calls: !self.calls.is_empty() }
    }
}

/// Moves a test clock, by the pump that it drives if there is one yet.
///
/// # Errors
///
/// Why it can't be moved.
pub(crate) fn set_out(
    clock: &Clock,
    journey: Journey,
    pump: Option<&Pump>,
) -> Result<(), &'static str> {
    match clock {
        Clock::Real => return Err("only a test clock can be advanced"),
        Clock::Test(clock) => clock.set_out(journey)?,
    }
    if let Some(pump) = pump {
        pump.turn();
    }
    Ok(())
}
