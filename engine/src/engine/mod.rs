//! The engine: takes inputs, keeps chains and runs, and says what is to be done next.
//!
//! The drive loop, for whoever owns one:
//!
//! 1. After each [`Engine::handle`], and when a timer fires, call [`Engine::poll`] until it says
//!    [`Action::Sleep`]. Spurious polls do nothing, and so are safe.
//! 2. Carry each action out, and answer a commit, a call or a load by an input. Answers may come in any
//!    order, late or never; one that nobody waits for is ignored.
//!
//! **Invariants.** No request leaves and no event is told before the store has committed the state that
//! it rests on ([`crate::store`] says what is written). A stage that passed is never polled again in
//! that run. Time only comes in by [`Now`].

mod attempts;
mod commands;
mod jobs;
mod polls;
mod records;
mod restore;
mod retention;
mod retry;
mod secrets;
mod transfer;
mod views;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

pub use jobs::kept_zone;
pub use restore::{Restore, needs_language};

use self::records::put;
use crate::chain::run::{Definition, Run, RunState};
use crate::chain::stage::StageState;
use crate::chain::{Language, Seen};
use crate::id::{CallId, ChainId, CommandId, JobId, LoadId, RunId};
use crate::outbox::{Effect, Outbox};
use crate::protocol::{
    Action, Call, ChainView, Envelope, Event, Health, Input, RunView, Snapshot, Storage, VERSION,
};
use crate::random::Random;
use crate::scheduler::{Held, JobKey, Scheduler, Turn};
use crate::sorted::SortedMap;
use crate::store::{CLOCK_GENERATION_KEY, Row, Table, Write};
use crate::time::{Now, Timestamp};

/// A wall clock that is this much behind the monotonic one was set back.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(2);

/// After how many due jobs a wake is written: pages begin these fires while the next are decided.
const MOST_A_WAKE: usize = 1000;

/// The engine.
#[derive(Debug)]
pub struct Engine {
    epoch: u64,
    seq: u64,
    random: Random,
    language: Rc<dyn Language>,
    chains: SortedMap<ChainId, u32>,
    definitions: SortedMap<(ChainId, u32), Rc<Definition>>,
    settings: SortedMap<ChainId, secrets::Setting>,
    secrets: secrets::Secrets,
    runs: SortedMap<RunId, Box<Run>>,
    scheduler: Scheduler<jobs::Data>,
    jobs: jobs::Jobs,
    calls: SortedMap<CallId, OpenCall>,
    /// When each request that has left is given up, the earliest on top. An entry whose call was
    /// answered, or moved by a clock, is passed over.
    expiries: BinaryHeap<Reverse<(Timestamp, CallId)>>,
    loads: SortedMap<LoadId, OpenLoad>,
    last_call: CallId,
    last_load: LoadId,
    outbox: Outbox,
    /// Runs that changed in this wake: written and told once, however often they did.
    changed: Vec<RunId>,
    health: Health,
    keeping: retention::Keeping,
    /// Keys of what executors keep, the oldest first.
    kept: VecDeque<String>,
    /// Whether the shipped chains were saved once.
    seeded: bool,
    seen: Option<Now>,
}

/// A request whose answer is awaited.
#[derive(Debug)]
struct OpenCall {
    run: RunId,
    stage: usize,
    call: Call,
    /// Its request without the secrets that it carries, if it carries any.
    shown: Option<Seen>,
    /// None until it has left.
    sent: Option<SentCall>,
}

/// When a request left, and when it is given up.
#[derive(Clone, Copy, Debug)]
struct SentCall {
    at: Duration,
    expires: Timestamp,
}

/// A read whose rows are awaited.
#[derive(Debug)]
struct OpenLoad {
    command: CommandId,
    prefix: String,
    wanted: Wanted,
    /// What is read after it, the last first.
    more: Vec<String>,
    /// What was read before it.
    rows: Vec<Row>,
}

/// What the rows of a read are for.
#[derive(Debug)]
enum Wanted {
    Attempts,
    Evidence,
    /// Rows of this table, as they are.
    Rows(Table),
    /// The latest fires, of one job or of all.
    Fires {
        job: Option<JobId>,
        count: u32,
    },
}

impl OpenLoad {
    /// A read from one place.
    fn new(command: CommandId, prefix: String, wanted: Wanted) -> Self {
        Self { command, prefix, wanted, more: Vec::new(), rows: Vec::new() }
    }
}

impl Wanted {
    fn table(&self) -> Table {
        match self {
            Self::Attempts => Table::Attempts,
            Self::Evidence => Table::Evidence,
            Self::Rows(table) => *table,
            Self::Fires { .. } => Table::Fires,
        }
    }
}

impl Engine {
    /// Takes one input. Drain [`Engine::poll`] until it says `Sleep` afterwards.
    pub fn handle(&mut self, now: Now, input: Input) {
        self.observe(now);
        match input {
            Input::Command(order) => self.obey(now, order),
            Input::Answered { call, answer, keep } => self.answered(now, call, answer, keep),
            Input::Committed(commit) => {
                if self.outbox.committed(commit) {
                    self.health.store = None;
                    self.outbox.push(Effect::Tell(Event::Health(self.health.clone())));
                }
            }
            Input::CommitFailed { commit, message } => {
                if let Some(trouble) = self.outbox.failed(commit, message, now.wall) {
                    self.health.store = Some(trouble);
                    self.tell_health_at_once();
                }
            }
            Input::Loaded { load, rows } => self.loaded(load, rows),
            Input::Zone { name, zone } => self.zone_answered(now, &name, zone),
            Input::PageGone(page) => self.page_gone(now, &page),
            Input::KeptIn(storage) => {
                self.health.in_memory = storage == Storage::Memory;
                self.outbox.retry_now(now.wall);
                self.tell_health_at_once();
            }
        }
    }

    fn tell_health_at_once(&mut self) {
        self.outbox.push_at_once(Effect::Tell(Event::Health(self.health.clone())));
    }

    /// The next thing to do. A timer that fires is just another poll.
    pub fn poll(&mut self, now: Now) -> Action {
        self.observe(now);
        self.expire_calls(now);
        self.expire_fires(now);
        self.prune(now);
        self.write_changed(now);
        // What is committed leaves before more is decided.
        let mut effect = self.next_effect(now);
        while effect.is_none() {
            let all = self.fire_due(now);
            self.write_changed(now);
            if let Some((commit, batch)) = self.outbox.take_commit(now.wall) {
                return Action::Commit { commit, batch };
            }
            effect = self.next_effect(now);
            if all {
                break;
            }
        }
        effect.unwrap_or_else(|| Action::Sleep(self.next_wake()))
    }

    /// Carries out what is due: all of it, or a wake's worth when that can be written at once. Answers
    /// whether it was all.
    fn fire_due(&mut self, now: Now) -> bool {
        let ready = |job: &jobs::Data| job.as_ref().is_none_or(|details| details.is_ready());
        let mut fired = 0;
        while fired < MOST_A_WAKE || self.outbox.is_committing() {
            let Some(turn) = self.scheduler.take_ready(now.wall, ready) else { return true };
            self.fire(now, &turn);
            fired += 1;
        }
        false
    }

    fn next_effect(&mut self, now: Now) -> Option<Action> {
        while let Some(effect) = self.outbox.take_effect() {
            if let Some(action) = self.action_of(now, effect) {
                return Some(action);
            }
        }
        None
    }

    fn next_wake(&mut self) -> Option<Timestamp> {
        let expiry = self.next_expiry().map(|(at, _)| at);
        let jobs = self.next_job_wake();
        [self.scheduler.next_due(), expiry, jobs, self.outbox.retry_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// An effect as the action it asks for; none when it has become pointless.
    fn action_of(&mut self, now: Now, effect: Effect) -> Option<Action> {
        match effect {
            Effect::Tell(event) => {
                self.seq += 1;
                let (epoch, seq) = (self.epoch, self.seq);
                Some(Action::Emit(Envelope { version: VERSION, epoch, seq, at: now.wall, event }))
            }
            Effect::Call(id) => {
                // Gone when the run was cancelled in between.
                let open = self.calls.get_mut(&id)?;
                let expires = now.wall.plus(open.call.timeout);
                open.sent = Some(SentCall { at: now.monotonic, expires });
                self.expiries.push(Reverse((expires, id)));
                Some(Action::Call(open.call.clone()))
            }
            Effect::Abort(id) => Some(Action::Abort(id)),
            Effect::Load(load) => {
                let open = self.loads.get(&load)?;
                Some(Action::Load { load, table: open.wanted.table(), prefix: open.prefix.clone() })
            }
            Effect::NeedZone(name) => Some(Action::NeedZone(name)),
            Effect::Watch(page) => Some(Action::Watch(page)),
            Effect::KeepIn(storage) => Some(Action::KeepIn(storage)),
        }
    }

    /// Carries a due job out.
    fn fire(&mut self, now: Now, turn: &Turn) {
        let (id, stage) = match &turn.key {
            JobKey::User(job) => return self.job_due(now, job, turn),
            JobKey::Poll { run, stage } | JobKey::Deadline { run, stage } => (run, stage),
        };
        let Some(run) = self.runs.get_mut(id).filter(|run| run.state == RunState::Running) else {
            return;
        };
        let Some(known) = run.stages.get_mut(*stage) else { return };
        let between_polls = matches!(known.state, StageState::Waiting | StageState::Holding(_));
        if let Some((skipped, Held::Skipped(_) | Held::Waits | Held::Aside)) = turn.held {
            known.last_scheduled = known.last_scheduled.max(Some(skipped));
        }
        // A deadline may come during an attempt that had begun before it: the last one comes after.
        if let Some(scheduled) = turn.run.filter(|_| between_polls) {
            self.claim(now, id, *stage, scheduled);
        }
    }

    fn view(&self, run: &Run) -> RunView {
        views::run_view(run, |stage| self.due_of(&run.id, stage))
    }

    fn snapshot(&self) -> Snapshot {
        let (chains, runs) = (self.chains_by_name(), self.runs_latest_first());
        let secrets = self.secret_views();
        Snapshot { chains, runs, secrets, health: self.health.clone() }
    }

    // Sorted by heaps, here and below: a sixth of the code that a slice's sort is for each type.

    fn chains_by_name(&self) -> Vec<ChainView> {
        let definition = |id: &ChainId, revision| self.definitions.get(&(id.clone(), revision));
        let keys = self.chains.iter().filter_map(|(id, revision)| {
            Some((definition(id, *revision)?.outline.name.as_str(), id, *revision))
        });
        let keys = keys.collect::<BinaryHeap<_>>().into_sorted_vec().into_iter();
        keys.filter_map(|(_, id, revision)| {
            Some(self.chain_view(id, revision, definition(id, revision)?))
        })
        .collect()
    }

    fn runs_latest_first(&self) -> Vec<RunView> {
        let runs = self.latest_first().into_iter().filter_map(|id| self.runs.get(id));
        runs.map(|run| self.view(run)).collect()
    }

    fn latest_first(&self) -> Vec<&RunId> {
        let keys = self.runs.values().map(|run| Reverse((run.started_at, run.number, &run.id)));
        let keys = keys.collect::<BinaryHeap<_>>().into_sorted_vec();
        keys.into_iter().map(|Reverse((_, _, id))| id).collect()
    }

    fn write_changed(&mut self, now: Now) {
        // A run that ends may be a fire of a job, and let another begin.
        while !self.changed.is_empty() {
            let changed = BinaryHeap::from(std::mem::take(&mut self.changed));
            let mut changed = changed.into_sorted_vec();
            changed.dedup();
            for id in changed {
                self.write_run(now, &id);
            }
        }
        self.write_jobs(now);
    }

    fn write_run(&mut self, now: Now, id: &RunId) {
        let Some(run) = self.runs.get(id) else { return };
        self.outbox.write(put(Table::Runs, id.to_string(), run));
        let (view, phase) = (self.view(run), run.state.phase());
        self.outbox.push(Effect::Tell(Event::RunChanged(view)));
        self.keeping.due |= phase.ended();
        self.run_has_ended(now, id, phase);
    }

    /// Finds a wall clock that was set back, and moves what is open with it. A clock that was set
    /// forward is a sleep: missed fires.
    fn observe(&mut self, now: Now) {
        if let Some(seen) = self.seen {
            let passed = now.monotonic.saturating_sub(seen.monotonic);
            self.check_clock(seen.wall.plus(passed), now.wall);
        }
        self.seen = Some(now);
    }

    /// `least` is the earliest that a clock which was not set back can say.
    fn check_clock(&mut self, least: Timestamp, now: Timestamp) {
        let behind = least.since(now);
        if behind > CLOCK_TOLERANCE {
            self.clock_was_set_back(behind);
        }
    }

    fn clock_was_set_back(&mut self, span: Duration) {
        self.scheduler.set_back(span);
        self.set_back_jobs(span);
        self.outbox.shift_earlier(span);
        if let Some(trouble) = &mut self.health.store {
            trouble.retry_at = trouble.retry_at.minus(span);
        }
        for run in self.runs.values_mut().filter(|run| run.state.ended_at().is_none()) {
            run.shift_earlier(span);
            self.changed.push(run.id.clone());
        }
        self.expiries.clear();
        for (id, open) in self.calls.iter_mut() {
            if let Some(sent) = &mut open.sent {
                sent.expires = sent.expires.minus(span);
                self.expiries.push(Reverse((sent.expires, *id)));
            }
        }
        self.health.clock_generation += 1;
        self.outbox.write(Write::Put(Row {
            table: Table::Meta,
            key: CLOCK_GENERATION_KEY.into(),
            value: self.health.clock_generation.to_string(),
        }));
        self.outbox.push(Effect::Tell(Event::Health(self.health.clone())));
    }
}
