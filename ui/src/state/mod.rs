//! What the screens show: the engine's state as signals. [`State::apply`] is the only writer.
//!
//! Cells are shared references, so that a row can keep its signal while the lists around it change:
//! a changed run redraws what is shown of that run and nothing else.

mod cells;
mod polls;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use baton_engine::id::{CommandId, RunId};
use baton_engine::protocol::{
    AttemptPhase, AttemptView, ChainView, Envelope, Event, Fatal, Health, Refusal, Reply, Role,
    RunView, Snapshot, StagePhase,
};
use baton_engine::secrets::SecretView;
use baton_engine::time::Timestamp;
use leptos::prelude::*;

pub use cells::{AttemptCell, ChainCell, RunCell, places};
use polls::Polls;

use cells::{RECENT, attempt_cell, attempt_place, chain_cell, run_cell};

/// How it stands with the engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Connection {
    /// No snapshot has come yet.
    Starting,
    /// The screens show what is.
    Live,
    /// The worker can't go on.
    Fatal(Fatal),
}

/// Something to be written into the state.
#[derive(Clone, Debug)]
pub enum Change {
    /// The engine told something.
    Told(Box<Envelope>),
    /// A run's attempts were asked for.
    Asked(RunId),
    /// A run's attempts, as they were asked for.
    Listed(RunId, Vec<AttemptView>),
    /// The worker's part among the tabs.
    Role(Role),
    /// The clock stands here.
    Clock(Timestamp),
    /// The worker can't go on.
    Fatal(Fatal),
    /// A new worker was started.
    Restarted,
}

/// What became of a change, for the link and for the listeners.
#[derive(Default, Debug)]
pub struct Applied {
    /// Events were lost, or another engine took the lead: subscribe again, repeat what is open.
    pub out_of_step: bool,
    /// Another engine took the lead, and told everything by itself: repeat what is open.
    pub new_engine: bool,
    /// An answer, to whomever it belongs.
    pub answer: Option<(CommandId, Result<Reply, Refusal>)>,
    /// What happened, for the live regions and the embedding page.
    pub happenings: Vec<Happening>,
}

/// What is worth telling outside.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A run appeared.
    RunStarted(Arc<RunView>),
    /// A stage came into another state.
    StageChanged {
        /// The run, as it is now.
        run: Arc<RunView>,
        /// Which stage, from 0.
        stage: usize,
        /// What it was.
        from: StagePhase,
    },
    /// An attempt was judged, lost or given up.
    AttemptEnded(Arc<AttemptView>),
    /// A run came to its end.
    RunEnded(Arc<RunView>),
}

/// Before any engine was heard of; theirs begin at 1.
const NO_EPOCH: u64 = 0;

/// Where this reader is in the engine's stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// Waiting for a snapshot; the epoch that was heard of last.
    Behind { epoch: u64 },
    /// Up to and including `seq`.
    At { epoch: u64, seq: u64 },
}

/// Which clock the state has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClockSource {
    /// The browser's, written by a ticker.
    Browser,
    /// The engine's, told with each event.
    Events,
}

/// The state. A handle: clones are the same state.
#[derive(Clone)]
pub struct State {
    /// How it stands with the engine.
    pub connection: ArcRwSignal<Connection>,
    /// This tab's part.
    pub role: ArcRwSignal<Option<Role>>,
    /// The engine's health.
    pub health: ArcRwSignal<Health>,
    /// Chains, by name.
    pub chains: ArcRwSignal<Arc<Vec<Arc<ChainCell>>>>,
    /// Runs, the latest first.
    pub runs: ArcRwSignal<Arc<Vec<Arc<RunCell>>>>,
    /// Secrets, without their values.
    pub secrets: ArcRwSignal<Arc<Vec<SecretView>>>,
    /// Told when any run comes, goes, or comes into another phase: what orders and counts depend on.
    pub standings: ArcTrigger,
    /// The one clock of every countdown.
    pub now: ArcRwSignal<Timestamp>,
    /// Counts snapshots, so that what was read besides them is read again.
    pub snapshots: ArcRwSignal<u32>,
    polls: Rc<RefCell<Polls>>,
    place: Rc<Cell<Place>>,
    clock: ClockSource,
}

impl State {
    /// An empty state at `now`.
    pub fn new(now: Timestamp, clock: ClockSource) -> Self {
        Self {
            connection: ArcRwSignal::new(Connection::Starting),
            role: ArcRwSignal::new(None),
            health: ArcRwSignal::new(Health::default()),
            chains: ArcRwSignal::default(),
            runs: ArcRwSignal::default(),
            secrets: ArcRwSignal::default(),
            standings: ArcTrigger::new(),
            now: ArcRwSignal::new(now),
            snapshots: ArcRwSignal::new(0),
            polls: Rc::default(),
            place: Rc::new(Cell::new(Place::Behind { epoch: NO_EPOCH })),
            clock,
        }
    }

    /// A chain by its id. Follows the list.
    pub fn chain(&self, id: &str) -> Option<Arc<ChainCell>> {
        self.chains.get().iter().find(|cell| cell.id.as_str() == id).cloned()
    }

    /// A run by its id. Follows the list.
    pub fn run(&self, id: &str) -> Option<Arc<RunCell>> {
        self.runs.get().iter().find(|cell| cell.id.as_str() == id).cloned()
    }

    /// How often the engine polls, in tenths a second. Followed by the one clock.
    pub fn polls(&self) -> u32 {
        self.polls.borrow_mut().in_tenths(self.now.get())
    }

    /// Whether a snapshot is awaited.
    pub fn is_behind(&self) -> bool {
        matches!(self.place.get(), Place::Behind { .. })
    }

    /// Writes a change into the state. Nothing else does.
    pub fn apply(&self, change: Change) -> Applied {
        let mut applied = Applied::default();
        match change {
            Change::Told(envelope) => self.told(*envelope, &mut applied),
            Change::Asked(run) => {
                let runs = self.runs.get_untracked();
                if let Some(run) = runs.iter().find(|cell| cell.id == run) {
                    run.asked.store(true, Ordering::Relaxed);
                }
            }
            Change::Listed(run, views) => self.listed(&run, views),
            Change::Role(role) => {
                let before = self.role.get_untracked();
                applied.out_of_step = before.is_some_and(|before| before != role);
                if before != Some(role) {
                    self.role.set(Some(role));
                }
            }
            Change::Clock(now) => self.now.set(now),
            Change::Fatal(fatal) => self.connection.set(Connection::Fatal(fatal)),
            Change::Restarted => {
                self.place.set(Place::Behind { epoch: NO_EPOCH });
                self.role.set(None);
                // The trouble of the engine that is gone is not its successor's.
                self.health.set(Health::default());
                self.connection.set(Connection::Starting);
            }
        }
        applied
    }

    fn told(&self, envelope: Envelope, applied: &mut Applied) {
        let Envelope { epoch, seq, at, event, .. } = envelope;
        if self.clock == ClockSource::Events && at > self.now.get_untracked() {
            self.now.set(at);
        }
        // Answers count whether or not this reader is in step: their clients wait for them.
        let event = match event {
            Event::Done { id, reply } => {
                applied.answer = Some((id, Ok(reply)));
                None
            }
            Event::Refused { id, refusal } => {
                applied.answer = Some((id, Err(refusal)));
                None
            }
            other => Some(other),
        };
        match (self.place.get(), event) {
            // Of an engine that is gone, or heard before.
            (Place::At { epoch: ours, seq: last }, _)
                if epoch < ours || (epoch == ours && seq <= last) => {}
            (Place::Behind { epoch: ours }, _) if epoch < ours => {}
            (_, Some(Event::Snapshot(snapshot))) => {
                let (Place::Behind { epoch: ours } | Place::At { epoch: ours, .. }) =
                    self.place.replace(Place::At { epoch, seq });
                // The first engine that is heard of has no predecessor that may have lost anything.
                applied.new_engine = ours != NO_EPOCH && ours != epoch;
                self.restore(snapshot, applied);
            }
            (Place::At { epoch: ours, seq: last }, event) if epoch == ours && seq == last + 1 => {
                self.place.set(Place::At { epoch, seq });
                if let Some(event) = event {
                    self.step(event, applied);
                }
            }
            // The snapshot that was asked for is still to come, and will hold this.
            (Place::Behind { epoch: ours }, event) if epoch == ours => self.ahead(event),
            (_, event) => {
                self.place.set(Place::Behind { epoch });
                applied.out_of_step = true;
                self.ahead(event);
            }
        }
    }

    /// Takes from an event that is ahead of this reader what holds without a snapshot: health is whole
    /// in each event, and a store that fails from the start may be why no snapshot comes.
    fn ahead(&self, event: Option<Event>) {
        if let Some(Event::Health(health)) = event {
            self.health.set(health);
        }
    }

    fn step(&self, event: Event, applied: &mut Applied) {
        match event {
            Event::ChainChanged(view) => self.put_chain(view),
            Event::ChainRemoved(id) => {
                let chains = self.chains.get_untracked();
                let left = chains.iter().filter(|cell| cell.id != id).cloned().collect();
                self.chains.set(Arc::new(left));
                self.standings.notify();
            }
            Event::RunChanged(view) => self.put_run(view, applied),
            Event::RunRemoved(id) => {
                let runs = self.runs.get_untracked();
                let left = runs.iter().filter(|cell| cell.id != id).cloned().collect();
                self.runs.set(Arc::new(left));
                self.settle_recent();
            }
            Event::AttemptChanged(view) => self.put_attempt(view, applied),
            Event::Secrets(secrets) => self.secrets.set(Arc::new(secrets)),
            Event::Health(health) => self.health.set(health),
            // No screen shows jobs.
            Event::Jobs(_) => {}
            // Taken care of by `told`.
            Event::Snapshot(_) | Event::Done { .. } | Event::Refused { .. } => {}
        }
    }

    /// Takes the lists over as they are, keeping the cells of what was known.
    fn restore(&self, snapshot: Snapshot, applied: &mut Applied) {
        let Snapshot { chains, runs, secrets, health } = snapshot;
        self.secrets.set(Arc::new(secrets));
        let known = self.runs.get_untracked();
        let places = places(known.iter().map(|cell| cell.id.as_str()));
        let mut restored = Vec::with_capacity(runs.len());
        for view in runs {
            // A run that was not known is not news: it was there before this reader was.
            restored.push(match places.get(view.id.as_str()) {
                Some(place) => {
                    rewrite(&known[*place], view, applied);
                    known[*place].clone()
                }
                None => run_cell(Arc::new(view)),
            });
        }
        self.runs.set(Arc::new(restored));
        let known = self.chains.get_untracked();
        let chain = |view: ChainView| match known.iter().find(|cell| cell.id == view.id) {
            Some(cell) => {
                cell.view.set(Arc::new(view));
                cell.clone()
            }
            None => chain_cell(view),
        };
        self.chains.set(Arc::new(chains.into_iter().map(chain).collect()));
        self.settle_recent();
        self.health.set(health);
        if self.connection.get_untracked() != Connection::Live {
            self.connection.set(Connection::Live);
        }
        self.snapshots.set(self.snapshots.get_untracked() + 1);
    }

    fn put_chain(&self, view: ChainView) {
        let mut chains: Vec<Arc<ChainCell>> = self.chains.get_untracked().to_vec();
        let known = chains.iter().position(|cell| cell.id == view.id).map(|at| chains.remove(at));
        let by_name = |cell: &Arc<ChainCell>| cell.view.get_untracked().name < view.name;
        let at = chains.partition_point(by_name);
        let cell = match known {
            Some(cell) => {
                cell.view.set(Arc::new(view));
                cell
            }
            None => chain_cell(view),
        };
        chains.insert(at, cell);
        self.chains.set(Arc::new(chains));
        self.settle_recent();
    }

    fn put_run(&self, view: RunView, applied: &mut Applied) {
        let runs = self.runs.get_untracked();
        if let Some(cell) = runs.iter().find(|cell| cell.id == view.id) {
            let phase = view.phase;
            let before = cell.view.get_untracked().phase;
            rewrite(cell, view, applied);
            if before != phase {
                self.standings.notify();
            }
            return;
        }
        let view = Arc::new(view);
        let mut runs = runs.to_vec();
        let at = runs.partition_point(|cell| cell.started_at > view.started_at);
        runs.insert(at, run_cell(view.clone()));
        self.runs.set(Arc::new(runs));
        self.settle_recent();
        applied.happenings.push(Happening::RunStarted(view));
    }

    /// Points each chain to its runs with the highest numbers.
    fn settle_recent(&self) {
        let runs = self.runs.get_untracked();
        let chains = self.chains.get_untracked();
        let places = places(chains.iter().map(|cell| cell.id.as_str()));
        let mut recent: Vec<Vec<Arc<RunCell>>> = vec![Vec::new(); chains.len()];
        for run in runs.iter() {
            if let Some(place) = places.get(run.chain.as_str()) {
                let known = &mut recent[*place];
                let at = known.partition_point(|other| other.number > run.number);
                known.insert(at, run.clone());
                known.truncate(RECENT);
            }
        }
        for (chain, now) in chains.iter().zip(recent) {
            let before = chain.recent.get_untracked();
            if before.iter().map(|run| &run.id).ne(now.iter().map(|run| &run.id)) {
                chain.recent.set(Arc::new(now));
            }
        }
        self.standings.notify();
    }

    fn put_attempt(&self, view: AttemptView, applied: &mut Applied) {
        let view = Arc::new(view);
        if view.phase == AttemptPhase::Calling {
            self.polls.borrow_mut().count(self.now.get_untracked());
        } else {
            applied.happenings.push(Happening::AttemptEnded(view.clone()));
        }
        let runs = self.runs.get_untracked();
        let Some(run) = runs.iter().find(|cell| cell.id == view.run) else { return };
        // Attempts of a run that nobody looks at are not kept: they can be asked for.
        if !run.asked.load(Ordering::Relaxed) {
            return;
        }
        let list = run.attempts.get_untracked().unwrap_or_default();
        match attempt_place(&list, &view) {
            Ok(known) => list[known].view.set(view),
            Err(at) => {
                let mut list = list.to_vec();
                list.insert(at, attempt_cell(view));
                run.attempts.set(Some(Arc::new(list)));
            }
        }
    }

    /// Merges a run's attempts as they were asked for. The answer may be older than what was told
    /// meanwhile: an attempt it does not know stays, one that has ended does not begin again.
    fn listed(&self, id: &RunId, views: Vec<AttemptView>) {
        let runs = self.runs.get_untracked();
        let Some(run) = runs.iter().find(|cell| cell.id == *id) else { return };
        let mut list = run.attempts.get_untracked().unwrap_or_default().to_vec();
        for view in views {
            let at = match attempt_place(&list, &view) {
                Ok(known) => {
                    let known = &list[known].view;
                    let ended = known.get_untracked().phase != AttemptPhase::Calling;
                    if !ended || view.phase != AttemptPhase::Calling {
                        known.set(Arc::new(view));
                    }
                    continue;
                }
                Err(at) => at,
            };
            list.insert(at, attempt_cell(Arc::new(view)));
        }
        run.attempts.set(Some(Arc::new(list)));
    }
}

/// Writes a run that was known before, and says what changed in it.
fn rewrite(cell: &RunCell, after: RunView, applied: &mut Applied) {
    let before = cell.view.get_untracked();
    if *before == after {
        return;
    }
    let after = Arc::new(after);
    cell.view.set(after.clone());
    for (stage, (old, new)) in before.stages.iter().zip(&after.stages).enumerate() {
        if old.phase != new.phase {
            let run = after.clone();
            applied.happenings.push(Happening::StageChanged { run, stage, from: old.phase });
        }
    }
    if after.phase.ended() && !before.phase.ended() {
        applied.happenings.push(Happening::RunEnded(after));
    }
}
