//! Makes an engine from the rows of its store: first load, reload, takeover and crash are one path.

use std::collections::BinaryHeap;
use std::rc::Rc;

use super::Engine;
use super::jobs::{Jobs, StoredJobs};
use super::records::{ChainRecord, RunRecord, parse_definition_key, read};
use super::secrets::{Secrets, Setting};
use crate::chain::run::{Definition, RunEvent};
use crate::chain::stage::StageEvent;
use crate::chain::{Language, Linked};
use crate::id::{CallId, ChainId, ClientId, LoadId, RunId};
use crate::outbox::{Effect, Outbox};
use crate::protocol::{AttemptPhase, Event, Health};
use crate::random::Random;
use crate::scheduler::Scheduler;
use crate::sorted::SortedMap;
use crate::store::{
    CLOCK_GENERATION_KEY, RETENTION_KEY, Row, SEEDED_KEY, STANDBY_KEY, Table, Write,
};
use crate::time::Now;

/// What an engine is restored from.
#[derive(Clone, Debug)]
pub struct Restore {
    /// The fencing token that its shell has written to the store.
    pub epoch: u64,
    /// From where its randomness comes; differs each time.
    pub seed: u64,
    /// The rows of [`Table::RESTORED`], less zones whose rules have changed ([`super::kept_zone`]).
    pub rows: Vec<Row>,
    /// Chain documents that are saved, once in the store's life.
    pub samples: Vec<String>,
    /// The page of the engine's own worker, which is given fires of jobs first.
    pub page: Option<ClientId>,
    /// The time zone of triggers that name none; UTC when it is empty.
    pub zone: String,
    /// The language of chains; the one that is linked in, unless it is another.
    pub language: Rc<dyn Language>,
}

impl Default for Restore {
    fn default() -> Self {
        Self {
            epoch: 0,
            seed: 0,
            rows: Vec::new(),
            samples: Vec::new(),
            page: None,
            zone: String::new(),
            language: Rc::new(Linked::default()),
        }
    }
}

/// Whether an engine that is restored from these asks the language of chains at once. Else it does so
/// from the first command on that [needs it](crate::protocol::Command::needs_language).
pub fn needs_language(rows: &[Row], samples: &[String]) -> bool {
    let seeded = || rows.iter().any(|row| row.table == Table::Meta && row.key == SEEDED_KEY);
    rows.iter().any(|row| row.table == Table::Definitions) || !samples.is_empty() && !seeded()
}

impl Engine {
    /// The engine as its store has it. Requests that were under way are lost: their answers will never
    /// be known. The first event it tells is a snapshot.
    pub fn restore(now: Now, restore: Restore) -> Self {
        let Restore { epoch, seed, rows, samples, page, zone, language } = restore;
        let mut engine = Self {
            epoch,
            seq: 0,
            random: Random::new(seed),
            language,
            chains: SortedMap::default(),
            definitions: SortedMap::default(),
            settings: SortedMap::default(),
            secrets: Secrets::default(),
            runs: SortedMap::default(),
            scheduler: Scheduler::default(),
            calls: SortedMap::default(),
            expiries: BinaryHeap::new(),
            loads: SortedMap::default(),
            last_call: CallId::default(),
            last_load: LoadId::default(),
            outbox: Outbox::default(),
            changed: Vec::new(),
            health: Health::default(),
            keeping: super::retention::Keeping::default(),
            kept: std::collections::VecDeque::new(),
            seeded: false,
            jobs: Jobs::new(page, zone),
            seen: Some(now),
        };
        engine.read_rows(rows);
        engine.settle_jobs(now);
        // The snapshot will tell.
        engine.jobs.forget_moved_chains();
        engine.save_samples(&samples);
        engine.find_clock_set_back(now);
        engine.lose_open_calls(now);
        engine.settle_runs_of_jobs(now);
        let open = engine.runs.values().filter(|run| run.state.ended_at().is_none());
        let ids: Vec<RunId> = open.map(|run| run.id.clone()).collect();
        for id in ids {
            engine.schedule(&id);
        }
        let snapshot = engine.snapshot();
        engine.outbox.push(Effect::Tell(Event::Snapshot(snapshot)));
        engine
    }

    fn read_rows(&mut self, rows: Vec<Row>) {
        // Definitions first: chains and runs rest on them.
        let (definitions, others): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| row.table == Table::Definitions);
        let mut jobs = StoredJobs::default();
        for row in definitions.into_iter().chain(others) {
            if self.read_row(&row, &mut jobs).is_none() {
                self.quarantine(row);
            }
        }
        self.jobs.zones.stored = jobs;
    }

    fn read_row(&mut self, row: &Row, jobs: &mut StoredJobs) -> Option<()> {
        match row.table {
            Table::Definitions => {
                let key = parse_definition_key(&row.key)?;
                let document: String = read(row)?;
                let outline = self.language.outline(&document).ok()?;
                self.definitions.insert(key, Rc::new(Definition { document, outline }));
            }
            Table::Chains => {
                let id = ChainId::try_from(row.key.as_str()).ok()?;
                let ChainRecord { revision, environment, refused } = read(row)?;
                self.definitions.get(&(id.clone(), revision))?;
                self.settings.insert(id.clone(), Setting { environment, refused });
                self.chains.insert(id, revision);
            }
            Table::Runs => {
                let id = RunId::try_from(row.key.as_str()).ok()?;
                let record: RunRecord = read(row)?;
                let definition = Rc::clone(self.definitions.get(&record.definition())?);
                let run = record.into_run(id.clone(), definition)?;
                self.runs.insert(id, Box::new(run));
            }
            Table::Kept => self.kept.push_back(row.key.clone()),
            Table::Meta if row.key == CLOCK_GENERATION_KEY => {
                self.health.clock_generation = row.value.parse().ok()?;
            }
            Table::Meta if row.key == RETENTION_KEY => self.keeping.policy = read(row)?,
            Table::Meta if row.key == SEEDED_KEY => self.seeded = true,
            Table::Meta if row.key == STANDBY_KEY => {
                self.scheduler.stand_by(true);
                self.health.standby = true;
            }
            Table::Jobs => Self::read_job(jobs, row)?,
            // After the jobs: their rows come first.
            Table::Fires => self.read_journal(jobs, row)?,
            Table::Zones => self.read_zone(row)?,
            Table::Secrets => self.secrets.restore(row)?,
            // Read on demand, or by the shell.
            Table::Meta | Table::Attempts | Table::Evidence | Table::Quarantine => {}
        }
        Some(())
    }

    /// Keeps the bytes of a row that can't be read, aside, and says so.
    pub(super) fn quarantine(&mut self, row: Row) {
        self.health.quarantined += 1;
        let key = format!("{}/{}", row.table.name(), row.key);
        self.outbox.write(Write::Put(Row { table: Table::Quarantine, key, value: row.value }));
        self.outbox.write(Write::Delete { table: row.table, key: row.key });
    }

    fn save_samples(&mut self, samples: &[String]) {
        if self.seeded || samples.is_empty() {
            return;
        }
        self.seeded = true;
        let (key, value) = (SEEDED_KEY.to_owned(), "true".to_owned());
        self.outbox.write(Write::Put(Row { table: Table::Meta, key, value }));
        for (index, document) in samples.iter().enumerate() {
            let Ok(outline) = self.language.outline(document) else {
                continue;
            };
            let id = match (&outline.id, ChainId::try_from(format!("sample-{}", index + 1))) {
                (Some(id), _) => id.clone(),
                (None, Ok(id)) => id,
                (None, Err(_)) => continue,
            };
            if !self.chains.contains(&id) {
                let revision = self.next_revision(&id);
                self.put_chain(id, revision, document.clone(), outline);
            }
        }
    }

    /// A wall clock that was set back while nobody looked: open runs have carried out what is still to
    /// come.
    fn find_clock_set_back(&mut self, now: Now) {
        let open = self.runs.values().filter(|run| run.state.ended_at().is_none());
        let done = open.flat_map(|run| {
            let polled =
                run.current().map(|(.., stage)| stage.last_scheduled.max(stage.last_begun));
            polled.chain([run.state.frozen_since()])
        });
        let fired = self.scheduler.iter().filter_map(|(_, job, _)| job.progress.last);
        if let Some(latest) = done.flatten().chain(fired).max() {
            self.check_clock(latest, now.wall);
        }
    }

    /// Attempts that were under way when the last engine ended: numbered, without a verdict.
    fn lose_open_calls(&mut self, now: Now) {
        let open = self.runs.values().filter(|run| run.state.ended_at().is_none());
        let calling: Vec<_> = open.flat_map(|run| run.calling()).collect();
        for (stage, _, lost) in calling {
            if let Some(run) = self.runs.get_mut(&lost.run) {
                run.on(now.wall, RunEvent::Stage(stage, StageEvent::Lost));
                self.changed.push(lost.run.clone());
                self.end_attempt(lost, AttemptPhase::Lost, now.wall);
            }
        }
    }
}
