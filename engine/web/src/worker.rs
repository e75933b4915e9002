//! One worker: what it is among the tabs of its namespace, and what it does with each message.
//! Drives no engine itself; that is the [`Pump`]'s.
//!
//! | state | on | next |
//! | --- | --- | --- |
//! | new | start in memory | alone; with chains arriving, until their language is loaded |
//! | new | start in IndexedDB | following; the lock is asked for |
//! | following | lock granted | taking the lead: the database is opened |
//! | taking | opened | leading |
//! | following | its leader is silent | the lock is robbed |
//! | leading, taking | lock lost, epoch stale, database gone | following; the lock is asked for again |
//! | any | can't go on | stopped, after saying why |
//!
//! No borrow of the state is held while anything is called that may come back here.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use baton_engine::chain::{ByText, Language, Silence};
use baton_engine::engine::{Engine, Restore, kept_zone, needs_language};
use baton_engine::protocol::{Fatal, FromWorker, Order, Role, Start, Storage, ToWorker};
use baton_engine::store::{Row, Table};
use baton_engine::time::Now;
use wasm_bindgen::JsValue;

use crate::Host;
use crate::browser::{random_seed, spawn, words};
use crate::calls::Calls;
use crate::clock::{Clock, Journey};
use crate::demo::DemoPipeline;
use crate::heartbeat::{self, Heartbeat};
use crate::idb::Closed;
use crate::language::ChainLanguage;
use crate::lock::{Ask, Lock, LockEvent, NoLocks};
use crate::port;
use crate::presence::{self, Presence};
use crate::proxy::Proxy;
use crate::pump::{self, Owner, Parts, Pump};
use crate::store::{OpenError, Opened, Store};
use crate::tabs::Tabs;

/// The longest name of a namespace, in bytes.
pub const MAX_NAME_BYTES: usize = 128;

/// The epoch of a store in memory: it has no predecessor.
const FIRST_EPOCH: u64 = 1;

/// One worker. Dropping it stops it, and lets another tab lead.
pub struct Worker {
    me: Weak<Self>,
    host: Host,
    language: Rc<ChainLanguage>,
    proxy: Rc<Proxy>,
    state: RefCell<State>,
}

enum State {
    /// Waits for its first message.
    New,
    /// Will be alone once the language of its chains is loaded; commands wait in their order.
    Arriving { clock: Rc<Clock>, orders: Vec<Order> },
    /// Owns an engine in memory, for its own page only.
    Alone { pump: Rc<Pump>, clock: Rc<Clock> },
    /// Shares its namespace with other tabs.
    Among(Among),
    /// Has said why it can't go on.
    Stopped,
}

/// What a worker is among its tabs. The order of the fields is the order of their drop: an engine is
/// gone before its lock is released.
struct Among {
    lead: Lead,
    lock: Lock,
    heartbeat: Heartbeat,
    /// Held for as long as this page lives, so that a leader finds it gone.
    presence: Option<Rc<Lock>>,
    tabs: Rc<Tabs>,
    start: Rc<Start>,
    clock: Rc<Clock>,
}

enum Lead {
    /// Another tab leads, as far as is known; the lock is asked for.
    Following,
    /// It holds the lock; the database is being opened by a task that knows by `turn` whether it is
    /// still waited for.
    Taking {
        #[expect(dead_code, reason = "held, so that the task sees its drop")]
        turn: Rc<()>,
    },
    /// It owns the engine.
    Leading(Rc<Pump>),
}

impl Worker {
    /// A worker that waits for its first message, and says what it has to say to `host`.
    pub fn new(host: Host) -> Rc<Self> {
        let language = Rc::new(ChainLanguage::new(host.clone()));
        let state = RefCell::new(State::New);
        Rc::new_cyclic(|me| Self { me: me.clone(), host, language, proxy: Rc::default(), state })
    }

    /// Takes a message of its page.
    pub fn receive(&self, message: &JsValue) {
        let done = match port::decode(message) {
            Ok(ToWorker::Start(start)) => self.start(start),
            Ok(ToWorker::Command(order)) => self.command(order, message),
            Ok(ToWorker::ProxyToken { token }) => {
                self.proxy.set_token(token);
                // Whoever leads, now or later, sends by the proxy too.
                if let Some(tabs) = self.tabs() {
                    tabs.post(message);
                }
                Ok(())
            }
            Ok(ToWorker::Advance { ms, pace }) => {
                self.advance(Journey { span: Duration::from_millis(ms), pace })
            }
            Err(message) => Err(message),
        };
        if let Err(message) = done {
            self.say(FromWorker::Fatal(Fatal::BadMessage { message }));
        }
    }

    /// The way through the proxy, with the token that its user entered.
    pub fn proxy(&self) -> Rc<Proxy> {
        Rc::clone(&self.proxy)
    }

    // ------------------------------------------------------------------------------ from its page

    fn start(&self, start: Start) -> Result<(), String> {
        if !matches!(*self.state.borrow(), State::New) {
            return Err("the worker has been started already".to_owned());
        }
        if start.name.len() > MAX_NAME_BYTES {
            return Err(format!("the name is longer than {MAX_NAME_BYTES} bytes"));
        }
        match start.storage {
            Storage::Memory => self.start_alone(start),
            Storage::IndexedDb => self.start_among(start),
        }
        Ok(())
    }

    fn start_alone(&self, start: Start) {
        let clock = Rc::new(Clock::new(start.clock));
        let opened = Opened { store: Store::private(), epoch: FIRST_EPOCH, rows: Vec::new() };
        self.state.replace(State::Arriving { clock, orders: Vec::new() });
        if self.can_restore(&opened, &start) {
            return self.settle(opened, &start);
        }
        let (me, language) = (self.me.clone(), Rc::clone(&self.language));
        spawn(Box::pin(async move {
            language.load().await;
            if let Some(worker) = me.upgrade() {
                worker.settle(opened, &start);
            }
        }));
    }

    fn settle(&self, opened: Opened, start: &Start) {
        let before = self.state.replace(State::Stopped);
        let State::Arriving { clock, orders } = before else { return };
        let pump = match self.pump(opened, start, &clock) {
            Ok(pump) => pump,
            Err(fatal) => return self.stop(fatal),
        };
        self.state.replace(State::Alone { pump: Rc::clone(&pump), clock });
        self.say(FromWorker::Role(Role::Leader));
        pump.take_up(orders);
    }

    fn start_among(&self, start: Start) {
        let me = self.me.clone();
        let joined = Tabs::join(&shared_name(&start), move |message| {
            if let Some(worker) = me.upgrade() {
                worker.hear(&message);
            }
        });
        let tabs = match joined {
            Ok(tabs) => Rc::new(tabs),
            Err(thrown) => return self.stop(Fatal::Database { message: words(&thrown) }),
        };
        let present = start.client.as_ref().map(|page| presence::hold(&shared_name(&start), page));
        match present.transpose() {
            Ok(presence) => {
                let clock = Rc::new(Clock::new(start.clock));
                self.follow(Rc::new(start), presence.map(Rc::new), tabs, clock);
            }
            Err(NoLocks) => self.stop(Fatal::NoLocks),
        }
    }

    fn command(&self, order: Order, message: &JsValue) -> Result<(), String> {
        // A page repeats what was not answered as soon as a new leader speaks: while nobody leads,
        // a command may go nowhere.
        if let Some(pump) = self.leading() {
            pump.order(order);
        } else if let Some(tabs) = self.tabs() {
            tabs.post(message);
        } else {
            match &mut *self.state.borrow_mut() {
                State::New => return Err("the worker has not been started".to_owned()),
                State::Arriving { orders, .. } => orders.push(order),
                State::Alone { .. } | State::Among(_) | State::Stopped => {}
            }
        }
        Ok(())
    }

    fn advance(&self, journey: Journey) -> Result<(), String> {
        let clock = match &*self.state.borrow() {
            State::New => return Err("the worker has not been started".to_owned()),
            State::Arriving { clock, .. }
            | State::Alone { clock, .. }
            | State::Among(Among { clock, .. }) => Rc::clone(clock),
            State::Stopped => return Ok(()),
        };
        let pump = self.leading();
        Ok(pump::set_out(&clock, journey, pump.as_deref())?)
    }

    // ----------------------------------------------------------------------------- among its tabs

    /// Takes a message of another tab: events go to the page, commands to the engine.
    fn hear(&self, message: &JsValue) {
        if let State::Among(among) = &*self.state.borrow()
            && (heartbeat::is_beat(message) || port::is_event(message))
        {
            among.heartbeat.heard();
        }
        if port::is_token(message) {
            if let Ok(ToWorker::ProxyToken { token }) = port::decode(message) {
                self.proxy.set_token(token);
            }
        } else if let Some(pump) = self.leading() {
            // All else is ignored: events of a leader that doesn't know yet that it was replaced, and
            // what a page of another version says.
            if let Ok(ToWorker::Command(order)) = port::decode(message) {
                pump.order(order);
            }
        } else if port::is_event(message) {
            self.host.post(message);
        }
    }

    fn follow(
        &self,
        start: Rc<Start>,
        presence: Option<Rc<Lock>>,
        tabs: Rc<Tabs>,
        clock: Rc<Clock>,
    ) {
        let Ok(lock) = self.request_lock(&start, Ask::InTurn) else {
            return self.stop(Fatal::NoLocks);
        };
        let me = self.me.clone();
        let heartbeat = Heartbeat::start(move || {
            if let Some(worker) = me.upgrade() {
                worker.tick();
            }
        });
        let lead = Lead::Following;
        let among = Among { lead, lock, heartbeat, presence, tabs, start, clock };
        self.state.replace(State::Among(among));
        self.say(FromWorker::Role(Role::Follower));
    }

    fn request_lock(&self, start: &Start, ask: Ask) -> Result<Lock, NoLocks> {
        let me = self.me.clone();
        Lock::request(&shared_name(start), ask, move |event| {
            if let Some(worker) = me.upgrade() {
                worker.lock_changed(event);
            }
        })
    }

    /// Happens every two seconds: a leader says that it lives, and a follower that has heard none for
    /// a while takes the lead. The other's writes are refused by the epoch, should it thaw.
    pub fn tick(&self) {
        let (start, tabs, frozen) = match &*self.state.borrow() {
            State::Among(Among { lead, heartbeat, start, tabs, .. }) => {
                let follows = matches!(lead, Lead::Following);
                (Rc::clone(start), Rc::clone(tabs), follows.then(|| heartbeat.is_frozen()))
            }
            State::New | State::Arriving { .. } | State::Alone { .. } | State::Stopped => return,
        };
        match frozen {
            None => tabs.post(&heartbeat::beat()),
            Some(false) => {}
            Some(true) => self.rob(&start),
        }
    }

    fn rob(&self, start: &Start) {
        let Ok(mut lock) = self.request_lock(start, Ask::Robbing) else { return };
        if let State::Among(among) = &mut *self.state.borrow_mut() {
            std::mem::swap(&mut among.lock, &mut lock);
        }
        // The request that waited in turn is taken back.
        drop(lock);
    }

    fn lock_changed(&self, event: LockEvent) {
        match event {
            LockEvent::Granted => self.take_lead(),
            // Asking again for what the browser refuses would never end.
            LockEvent::Lost if self.is_following() => self.stop(Fatal::NoLocks),
            LockEvent::Lost => self.deposed(),
        }
    }

    fn take_lead(&self) {
        let turn = Rc::new(());
        let waited_for = Rc::downgrade(&turn);
        let start = match &mut *self.state.borrow_mut() {
            State::Among(among) => {
                among.lead = Lead::Taking { turn };
                Rc::clone(&among.start)
            }
            State::New | State::Arriving { .. } | State::Alone { .. } | State::Stopped => return,
        };
        let (me, language) = (self.me.clone(), Rc::clone(&self.language));
        spawn(Box::pin(async move {
            let closed = {
                let me = me.clone();
                move |why| {
                    if let Some(worker) = me.upgrade() {
                        worker.database_closed(why);
                    }
                }
            };
            let opened = Store::open(&shared_name(&start), closed).await;
            // An engine that can't read its chains would set them aside as broken.
            if let Ok(opened) = &opened
                && needs_language(&opened.rows, &start.samples)
            {
                language.load().await;
            }
            if let (Some(worker), Some(_)) = (me.upgrade(), waited_for.upgrade()) {
                worker.lead(opened);
            }
        }));
    }

    fn lead(&self, opened: Result<Opened, OpenError>) {
        let (start, clock) = match &*self.state.borrow() {
            State::Among(Among { start, clock, .. }) => (Rc::clone(start), Rc::clone(clock)),
            State::New | State::Arriving { .. } | State::Alone { .. } | State::Stopped => return,
        };
        let opened = match opened {
            Ok(opened) => opened,
            Err(OpenError::Newer) => return self.stop(Fatal::NewerDatabase),
            Err(OpenError::Failed(message)) => return self.stop(Fatal::Database { message }),
        };
        let pump = match self.pump(opened, &start, &clock) {
            Ok(pump) => pump,
            Err(fatal) => return self.stop(fatal),
        };
        if let State::Among(among) = &mut *self.state.borrow_mut() {
            among.lead = Lead::Leading(Rc::clone(&pump));
        }
        self.say(FromWorker::Role(Role::Leader));
        pump.turn();
    }

    fn database_closed(&self, why: Closed) {
        match why {
            Closed::ForNewer => self.stop(Fatal::NewerDatabase),
            Closed::Gone => self.deposed(),
        }
    }

    fn stop(&self, fatal: Fatal) {
        let before = self.state.replace(State::Stopped);
        drop(before);
        self.say(FromWorker::Fatal(fatal));
    }

    // ------------------------------------------------------------------------------------- parts

    /// Whether the language is there, or an engine that is restored from this can do without.
    fn can_restore(&self, opened: &Opened, start: &Start) -> bool {
        self.language.is_there() || !needs_language(&opened.rows, &start.samples)
    }

    /// A restored engine and what drives it. Without the language of its chains none of them would be
    /// known, and so it is not driven at all.
    fn pump(&self, opened: Opened, start: &Start, clock: &Rc<Clock>) -> Result<Rc<Pump>, Fatal> {
        let demo = DemoPipeline::new(self.host.clone(), &start.name, &opened.rows);
        let language = Rc::new(ByText::new(Rc::clone(&self.language)));
        let now = clock.now();
        let asked: Rc<dyn Language> = Rc::<ByText>::clone(&language);
        let engine = Engine::restore(now, restore(now, opened.epoch, opened.rows, start, asked));
        if let Some(Silence(message)) = language.silence() {
            return Err(Fatal::Crashed { message });
        }
        Ok(Pump::new(Parts {
            engine: Box::new(engine),
            clock: Rc::clone(clock),
            store: opened.store,
            calls: Calls::new(demo, Rc::clone(&self.proxy), Rc::clone(clock)),
            language: Rc::clone(&self.language),
            presence: match start.storage {
                Storage::Memory => Presence::alone(),
                Storage::IndexedDb => Presence::among(shared_name(start), start.client.clone()),
            },
            owner: self.me.clone(),
        }))
    }

    fn leading(&self) -> Option<Rc<Pump>> {
        match &*self.state.borrow() {
            State::Alone { pump, .. } | State::Among(Among { lead: Lead::Leading(pump), .. }) => {
                Some(Rc::clone(pump))
            }
            State::New | State::Arriving { .. } | State::Among(_) | State::Stopped => None,
        }
    }

    fn is_following(&self) -> bool {
        matches!(*self.state.borrow(), State::Among(Among { lead: Lead::Following, .. }))
    }

    fn tabs(&self) -> Option<Rc<Tabs>> {
        match &*self.state.borrow() {
            State::Among(among) => Some(Rc::clone(&among.tabs)),
            State::New | State::Arriving { .. } | State::Alone { .. } | State::Stopped => None,
        }
    }
}

impl Owner for Worker {
    fn say(&self, message: FromWorker) {
        let encoded = port::encode(&message);
        self.host.post(&encoded);
        if let (FromWorker::Event(_), Some(tabs)) = (&message, self.tabs()) {
            tabs.post(&encoded);
        }
    }

    /// Drops the engine and asks for the lock again.
    fn deposed(&self) {
        let before = self.state.replace(State::Stopped);
        match before {
            State::Among(Among { lead, lock, heartbeat: _, presence, tabs, start, clock }) => {
                // The engine goes first, then its lock; then it may be asked for again.
                drop(lead);
                drop(lock);
                self.follow(start, presence, tabs, clock);
            }
            State::New | State::Arriving { .. } | State::Alone { .. } | State::Stopped => {
                self.state.replace(before);
            }
        }
    }
}

fn restore(
    now: Now,
    epoch: u64,
    mut rows: Vec<Row>,
    start: &Start,
    language: Rc<dyn Language>,
) -> Restore {
    // A zone whose rules have changed since it was kept is asked for again.
    let holds =
        |row: &Row| kept_zone(row).is_some_and(|kept| baton_zones::still_true(&kept, now.wall));
    rows.retain(|row| row.table != Table::Zones || holds(row));
    Restore {
        epoch,
        seed: random_seed(),
        rows,
        samples: start.samples.clone(),
        page: start.client.clone(),
        zone: baton_zones::local(),
        language,
    }
}

/// The name of the lock, the channel and the database.
fn shared_name(start: &Start) -> String {
    ["baton-", &start.name].concat()
}
