//! Drives an engine with a clock, a store and a network that a test commands.
//!
//! At every request it checks the two invariants that nothing may break: the claim is in the store
//! before the request leaves, and a stage that passed is never polled again. At every question about a
//! chain it checks that the language says the same by texts as by calls.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use baton_engine::engine::{Engine, Restore, needs_language};
use baton_engine::id::{CallId, ChainId, CommandId, CommitId, RunId};
use baton_engine::protocol::{
    Action, Answer, AttemptPhase, AttemptView, Body, Call, Command, Envelope, Event, Evidence,
    FromWorker, HttpResponse, Input, Order, Refusal, Reply, RunView, Snapshot, StagePhase,
    StageView, Storage, VERSION,
};
use baton_engine::store::{Batch, MemoryStore, Row, Table};
use baton_engine::time::{Now, Timestamp};
use baton_engine::zone;

use crate::language::BothWays;
use crate::pages::{Pages, own_page};

/// What the network does with a request.
pub(crate) enum Fate {
    /// Answers at once.
    Now(Answer),
    /// Answers after a while.
    After(Duration, Answer),
    /// Never answers.
    Never,
}

/// What the store does with a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// Writes it.
    Commits,
    /// Refuses it.
    Fails,
    /// Writes it, and never says so: the worker died in between.
    CommitsUnsaid,
}

type Network = Box<dyn FnMut(&Call, Timestamp) -> Fate>;

pub(crate) struct Sim {
    pub(crate) engine: Engine,
    pub(crate) language: Rc<BothWays>,
    pub(crate) store: MemoryStore,
    pub(crate) now: Now,
    pub(crate) epoch: u64,
    pub(crate) events: Vec<Envelope>,
    pub(crate) requests: Vec<(Timestamp, Call)>,
    pub(crate) aborted: Vec<CallId>,
    pub(crate) keeping: Keeping,
    /// How many writes the largest batch had.
    pub(crate) largest_commit: usize,
    /// What the disk has, while what is new is kept in memory only.
    disk: Option<MemoryStore>,
    /// All that was written and told, save the rows of secrets: where a test wants it.
    pub(crate) log: Option<String>,
    network: Network,
    answers: Vec<(Timestamp, CallId, Answer)>,
    pub(crate) pages: Pages,
    passed: BTreeMap<RunId, BTreeSet<usize>>,
    /// Runs that have ended, as they did: nothing changes them.
    ended: BTreeMap<RunId, RunView>,
    commands: u32,
    last: Option<Order>,
}

pub(crate) const START: Timestamp = Timestamp::from_ms(1_795_435_200_000);

impl Sim {
    pub(crate) fn new(network: impl FnMut(&Call, Timestamp) -> Fate + 'static) -> Self {
        let now = Now { wall: START, monotonic: Duration::ZERO };
        let language = Rc::new(BothWays::default());
        let restore = Restore {
            epoch: 1,
            seed: 1,
            page: Some(own_page(1)),
            language: Rc::<BothWays>::clone(&language),
            ..Restore::default()
        };
        let mut sim = Self {
            engine: Engine::restore(now, restore),
            language,
            store: MemoryStore::default(),
            now,
            epoch: 1,
            events: Vec::new(),
            requests: Vec::new(),
            aborted: Vec::new(),
            keeping: Keeping::Commits,
            largest_commit: 0,
            disk: None,
            log: None,
            network: Box::new(network),
            answers: Vec::new(),
            pages: Pages::default(),
            passed: BTreeMap::new(),
            ended: BTreeMap::new(),
            commands: 0,
            last: None,
        };
        sim.drain();
        sim
    }

    /// A simulation with this chain, and one run of it called `run`.
    pub(crate) fn started(
        document: &str,
        network: impl FnMut(&Call, Timestamp) -> Fate + 'static,
    ) -> Self {
        let mut sim = Self::new(network);
        sim.save("chain", document);
        sim.start("run", "chain");
        sim
    }

    pub(crate) fn save(&mut self, chain: &str, document: &str) {
        let command = Command::SaveChain {
            chain: ChainId::try_from(chain).unwrap(),
            document: document.to_owned(),
            base: None,
        };
        match self.command(command) {
            Ok(Reply::Saved { .. }) => {}
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn start(&mut self, run: &str, chain: &str) {
        let command = Command::StartRun {
            run: run_id(run),
            chain: ChainId::try_from(chain).unwrap(),
            environment: None,
        };
        assert_eq!(self.command(command), Ok(Reply::Ok));
    }

    /// Sends a command and drains; its answer must be there, exactly once.
    pub(crate) fn command(&mut self, command: Command) -> Result<Reply, Refusal> {
        let id = self.fresh_id();
        self.send(id.clone(), command);
        let mut answers = self.events.iter().filter_map(|envelope| match &envelope.event {
            Event::Done { id: of, reply } if *of == id => Some(Ok(reply.clone())),
            Event::Refused { id: of, refusal } if *of == id => Some(Err(refusal.clone())),
            _ => None,
        });
        let answer = answers.next().expect("a command is answered");
        assert!(answers.next().is_none(), "a command is answered once");
        answer
    }

    pub(crate) fn fresh_id(&mut self) -> CommandId {
        self.commands += 1;
        CommandId::try_from(format!("c{}-{}", self.epoch, self.commands)).unwrap()
    }

    /// The command that was sent last.
    pub(crate) fn last_command(&self) -> Order {
        self.last.clone().expect("a command was sent")
    }

    /// Sends a command again, as a page does that has not seen its answer.
    pub(crate) fn repeat(&mut self, order: &Order) {
        self.language.obey(&order.command);
        self.engine.handle(self.now, Input::Command(order.clone()));
        self.drain();
    }

    pub(crate) fn send(&mut self, id: CommandId, command: Command) {
        let order = Order { version: VERSION, id, command };
        self.last = Some(order.clone());
        self.language.obey(&order.command);
        self.engine.handle(self.now, Input::Command(order));
        self.drain();
    }

    /// Lets time pass, from one thing that is due to the next.
    pub(crate) fn advance(&mut self, span: Duration) {
        let target = self.now.wall.plus(span);
        loop {
            let wake = self.drain();
            let answer = self.answers.iter().map(|(at, ..)| *at).min();
            let next = [wake, answer, self.pages.next_end()]
                .into_iter()
                .flatten()
                .min()
                .filter(|at| *at <= target);
            let Some(next) = next else { break };
            self.step_to(next);
            self.deliver();
        }
        self.step_to(target);
        self.drain();
    }

    /// The worker and all it had in memory are gone; another one takes over from the store.
    pub(crate) fn crash(&mut self) {
        self.answers.clear();
        if let Some(disk) = self.disk.take() {
            self.store = disk;
            // What its user agreed to: this much is not remembered.
            self.passed.clear();
            self.ended.clear();
        }
        self.pages.own_page_dies(self.epoch);
        self.epoch += 1;
        // Another worker's monotonic clock begins anew.
        self.now.monotonic = Duration::ZERO;
        let rows = self.store.restored();
        self.language = Rc::new(BothWays::default());
        if needs_language(&rows, &[]) {
            self.language.load();
        }
        let restore = Restore {
            epoch: self.epoch,
            seed: self.epoch,
            rows,
            page: Some(own_page(self.epoch)),
            language: Rc::<BothWays>::clone(&self.language),
            ..Restore::default()
        };
        self.engine = Engine::restore(self.now, restore);
        self.drain();
    }

    /// The machine sleeps: the clock goes on, nothing runs.
    pub(crate) fn sleep(&mut self, span: Duration) {
        self.step_to(self.now.wall.plus(span));
        self.deliver();
        self.drain();
    }

    /// The wall clock is set back.
    pub(crate) fn set_back(&mut self, span: Duration) {
        self.now.wall = self.now.wall.minus(span);
        for (at, ..) in &mut self.answers {
            *at = at.minus(span);
        }
        self.drain();
    }

    fn step_to(&mut self, at: Timestamp) {
        self.now.monotonic += at.since(self.now.wall);
        self.now.wall = self.now.wall.max(at);
    }

    fn deliver(&mut self) {
        let now = self.now.wall;
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.answers).into_iter().partition(|(at, ..)| *at <= now);
        self.answers = later;
        for (_, call, answer) in due {
            self.engine.handle(self.now, Input::Answered { call, answer, keep: None });
        }
        self.report_fires();
    }

    /// Polls until the engine sleeps; answers when it wants to wake.
    pub(crate) fn drain(&mut self) -> Option<Timestamp> {
        for _ in 0..100_000 {
            match self.engine.poll(self.now) {
                Action::Commit { commit, batch } => self.commit(commit, batch),
                Action::Call(call) => self.call(call),
                Action::Abort(call) => {
                    self.answers.retain(|(_, of, _)| *of != call);
                    self.aborted.push(call);
                }
                Action::Load { load, table, prefix } => {
                    let rows = Ok(self.store.load(table, &prefix));
                    self.engine.handle(self.now, Input::Loaded { load, rows });
                }
                Action::NeedZone(name) => {
                    self.pages.zones.push(name.clone());
                    if !self.pages.zones_come_late {
                        let zone = zone::bundled::zone(&name);
                        self.engine.handle(self.now, Input::Zone { name, zone });
                    }
                }
                Action::Watch(page) => self.pages.watched.push(page),
                Action::KeepIn(storage) => self.keep_in(storage),
                Action::Emit(envelope) => self.note(envelope),
                Action::Sleep(until) => return until,
            }
        }
        panic!("the engine never sleeps");
    }

    fn keep_in(&mut self, wanted: Storage) {
        let fails = self.keeping == Keeping::Fails;
        let storage = match wanted {
            Storage::Memory => {
                self.disk.get_or_insert_with(|| self.store.clone());
                Storage::Memory
            }
            Storage::IndexedDb if fails && self.disk.is_some() => Storage::Memory,
            Storage::IndexedDb => {
                self.disk = None;
                Storage::IndexedDb
            }
        };
        self.engine.handle(self.now, Input::KeptIn(storage));
    }

    fn commit(&mut self, commit: CommitId, batch: Batch) {
        self.largest_commit = self.largest_commit.max(batch.strict.len() + batch.relaxed.len());
        if let Some(log) = &mut self.log {
            let writes = batch.strict.iter().chain(&batch.relaxed);
            let seen = writes.filter(|write| write.table() != Table::Secrets);
            log.extend(seen.map(|write| format!("{write:?}")));
        }
        match self.keeping {
            Keeping::Fails if self.disk.is_some() => {
                self.store.commit(batch);
                self.engine.handle(self.now, Input::Committed(commit));
            }
            Keeping::Commits => {
                self.store.commit(batch);
                self.engine.handle(self.now, Input::Committed(commit));
            }
            Keeping::Fails => {
                let message = "the disk is full".to_owned();
                self.engine.handle(self.now, Input::CommitFailed { commit, message });
            }
            Keeping::CommitsUnsaid => self.store.commit(batch),
        }
    }

    fn call(&mut self, call: Call) {
        self.check_claim(&call);
        let fate = (self.network)(&call, self.now.wall);
        self.requests.push((self.now.wall, call.clone()));
        match fate {
            Fate::Now(answer) => self.answers.push((self.now.wall, call.call, answer)),
            Fate::After(span, answer) => {
                self.answers.push((self.now.wall.plus(span), call.call, answer));
            }
            Fate::Never => {}
        }
    }

    /// Commit, then act: the store knows of this attempt before its request leaves.
    fn check_claim(&self, call: &Call) {
        // A query may carry a secret, which the claim doesn't have.
        let address = call.request.url.split('?').next().unwrap_or_default();
        let claimed = |row: &Row| row.value.contains(&format!("\"url\":\"{address}"));
        let claims: Vec<Row> = self
            .store
            .load(Table::Runs, "")
            .into_iter()
            .filter(|row| row.value.contains("\"calling\""))
            .collect();
        assert!(
            claims.iter().any(claimed),
            "a request left before its claim: {}",
            call.request.url
        );
    }

    fn note(&mut self, envelope: Envelope) {
        if let Some(log) = &mut self.log {
            log.push_str(&FromWorker::Event(envelope.clone()).to_json());
        }
        if let Some(last) = self.events.last()
            && last.epoch == envelope.epoch
        {
            assert_eq!(envelope.seq, last.seq + 1, "no gap within an epoch");
        }
        if let Event::Jobs(events) = &envelope.event {
            self.pages.hear(self.now.wall, events, &self.store);
        }
        match &envelope.event {
            Event::RunChanged(run) => self.watch(run),
            Event::Snapshot(snapshot) => snapshot.runs.iter().for_each(|run| self.watch(run)),
            Event::AttemptChanged(attempt) if attempt.phase == AttemptPhase::Calling => {
                let passed = self.passed.get(&attempt.run);
                let again = passed.is_some_and(|all| all.contains(&(attempt.stage as usize)));
                assert!(!again, "a stage that passed is polled again: {attempt:?}");
            }
            _ => {}
        }
        self.events.push(envelope);
    }

    /// A stage that passed stays so, and a run that has ended stays as it is.
    fn watch(&mut self, run: &RunView) {
        let passed = self.passed.entry(run.id.clone()).or_default();
        for (at, stage) in run.stages.iter().enumerate() {
            if stage.phase == StagePhase::Passed {
                passed.insert(at);
            } else {
                assert!(!passed.contains(&at), "{} had passed", stage.name);
            }
        }
        match self.ended.get(&run.id) {
            Some(ended) => assert_eq!(ended, run, "it had ended"),
            None if run.phase.ended() => {
                self.ended.insert(run.id.clone(), run.clone());
            }
            None => {}
        }
    }

    pub(crate) fn snapshot(&mut self) -> Snapshot {
        assert_eq!(self.command(Command::Subscribe), Ok(Reply::Ok));
        let snapshots = self.events.iter().rev().find_map(|envelope| match &envelope.event {
            Event::Snapshot(snapshot) => Some(snapshot.clone()),
            _ => None,
        });
        snapshots.expect("a subscriber gets a snapshot")
    }

    pub(crate) fn run(&mut self) -> RunView {
        self.run_named("run")
    }

    pub(crate) fn run_named(&mut self, id: &str) -> RunView {
        let runs = self.snapshot().runs;
        runs.into_iter().find(|run| run.id == run_id(id)).expect("the run is there")
    }

    pub(crate) fn stage(&mut self, index: usize) -> StageView {
        self.run().stages.swap_remove(index)
    }

    pub(crate) fn attempts(&mut self) -> Vec<AttemptView> {
        self.attempts_of("run")
    }

    pub(crate) fn attempts_of(&mut self, run: &str) -> Vec<AttemptView> {
        match self.command(Command::ListAttempts { run: run_id(run) }) {
            Ok(Reply::Attempts(attempts)) => attempts,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn evidence(&mut self, stage: u32, attempt: u32) -> Result<Evidence, Refusal> {
        match self.command(Command::ReadEvidence { run: run_id("run"), stage, attempt }) {
            Ok(Reply::Evidence(evidence)) => Ok(evidence.read().unwrap()),
            Ok(other) => panic!("{other:?}"),
            Err(refusal) => Err(refusal),
        }
    }

    /// When requests to an address left, in seconds after the start.
    pub(crate) fn times(&self, part: &str) -> Vec<u64> {
        let of = self.requests.iter().filter(|(_, call)| call.request.url.contains(part));
        of.map(|(at, _)| at.since(START).as_secs()).collect()
    }
}

pub(crate) fn run_id(text: &str) -> RunId {
    RunId::try_from(text).unwrap()
}

pub(crate) fn ok(body: &str) -> Answer {
    status(200, body)
}

pub(crate) fn status(status: u16, body: &str) -> Answer {
    Answer::Response(HttpResponse {
        status,
        headers: Vec::new(),
        body: Body::Text(body.to_owned()),
        redirected_to: None,
        hidden: None,
    })
}

pub(crate) fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A chain of stages that each want `$.ok` to be true, polled every 10 s for 60 s.
pub(crate) fn chain(stages: &[&str]) -> String {
    let stages: Vec<serde_json::Value> = stages
        .iter()
        .map(|name| {
            serde_json::json!({
                "name": name,
                "request": {"url": format!("http://{name}.example/")},
                "checks": [{"source": {"jsonpath": "$.ok"}, "op": "equals", "value": true}]
            })
        })
        .collect();
    serde_json::json!({
        "baton": 1, "name": "test", "poll": {"interval": "10s", "timeout": "60s"}, "stages": stages
    })
    .to_string()
}

/// A chain of one stage with these members besides its name and request.
pub(crate) fn stage(members: serde_json::Value) -> String {
    let mut stage = serde_json::json!({"name": "a", "request": {"url": "http://a.example/"}});
    if let (Some(stage), Some(members)) = (stage.as_object_mut(), members.as_object()) {
        stage.extend(members.clone());
    }
    serde_json::json!({
        "baton": 1, "name": "test", "poll": {"interval": "10s", "timeout": "60s"}, "stages": [stage]
    })
    .to_string()
}
