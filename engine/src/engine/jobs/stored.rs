//! How jobs are kept. A job is a row; what its fires come to is written to a journal, one row a wake
//! however many jobs were due, and the journal's latest word on a job stands over the job's own row.
//!
//! The journal is the history of fires as well, so its rows stay for a while. Before one goes, the
//! jobs that nothing later is known of are written to rows of their own.

use std::collections::VecDeque;
use std::time::Duration;

use super::super::Engine;
use super::super::records::{put, read};
use super::rows::{
    JobRecord, JournalRecord, MovedJobs, ReadProgress, open_fire, read_progress, stored_fire,
    stored_progress,
};
use super::{Details, FireWorker, OpenFire, user};
use crate::id::{CommandId, JobId};
use crate::jobs::{JobDocument, Target};
use crate::outbox::Effect;
use crate::protocol::{Event, FireView};
use crate::scheduler::{Job, JobKey};
use crate::sorted::SortedMap;
use crate::store::{Row, Table, Write};
use crate::time::Now;

/// How many rows of the journal are kept.
const MOST_ROWS: usize = 1000;
/// How many jobs all rows of the journal may name together.
const MOST_ENTRIES: usize = 20_000;
/// How many commands are remembered, so that repeating one is harmless.
const MOST_OBEYED: usize = 1000;

/// After how long a fire is aborted when its job doesn't say.
const CALLBACK_TIMEOUT: Duration = Duration::from_mins(5);
/// A run has deadlines of its own.
const CHAIN_TIMEOUT: Duration = Duration::from_hours(24);

/// What is to be written of this wake, and which rows there are.
#[derive(Debug, Default)]
pub(in crate::engine) struct Journal {
    wake: u64,
    moved: Vec<JobId>,
    rows: Vec<JobId>,
    ended: Vec<FireView>,
    obeyed: Vec<CommandId>,
    kept: VecDeque<(u64, Vec<JobId>)>,
    entries: usize,
}

impl Journal {
    /// A job's progress has changed.
    pub(super) fn moved(&mut self, job: &JobId) {
        self.moved.push(job.clone());
    }

    /// A job's row has changed.
    pub(super) fn row(&mut self, job: &JobId) {
        self.rows.push(job.clone());
    }

    pub(super) fn ended(&mut self, fire: FireView) {
        self.ended.push(fire);
    }

    pub(super) fn obeyed(&mut self, command: CommandId) {
        self.obeyed.push(command);
    }

    fn has_news(&self) -> bool {
        self.ended.len() + self.moved.len() + self.obeyed.len() > 0
    }
}

/// A job that was read, until the zones that it names are known.
#[derive(Debug)]
pub(in crate::engine) struct StoredJob {
    row: Row,
    record: ReadRecord,
}

#[derive(Debug)]
struct ReadRecord {
    document: JobDocument,
    given: String,
    wake: u64,
    progress: ReadProgress,
}

/// Jobs as they were read, by their ids.
pub(in crate::engine) type StoredJobs = SortedMap<JobId, StoredJob>;

impl Engine {
    /// Writes what has become of jobs in this wake, and tells it.
    pub(in crate::engine) fn write_jobs(&mut self, now: Now) {
        if self.jobs.journal.has_news() {
            self.write_journal(now);
        }
        for job in std::mem::take(&mut self.jobs.journal.rows) {
            self.write_job(&job);
        }
        let told = self.jobs.take_told();
        if !told.is_empty() {
            self.outbox.push(Effect::Tell(Event::Jobs(told)));
        }
        self.tell_schedules();
    }

    fn write_journal(&mut self, now: Now) {
        let journal = &mut self.jobs.journal;
        journal.wake += 1;
        let wake = journal.wake;
        let touched = std::mem::take(&mut journal.moved);
        let ended = std::mem::take(&mut journal.ended);
        let obeyed = std::mem::take(&mut journal.obeyed);
        let mut moved = MovedJobs::default();
        for job in touched {
            let place = self.scheduler.place(&user(&job));
            let kept = place.and_then(|place| self.scheduler.at_mut(place));
            let Some((_, known, Some(details))) = kept else { continue };
            self.jobs.note_chain(&details.target);
            // Once a wake, however often it moved.
            if std::mem::replace(&mut details.written_in, wake) != wake {
                moved.push(job, stored_progress(known, details), &details.open);
            }
        }
        let record = JournalRecord { at: now.wall, moved, ended, obeyed };
        self.outbox.write(put(Table::Fires, journal_key(wake), &record));
        self.remember_row(wake, record.moved.jobs);
        self.prune_journal();
    }

    fn remember_row(&mut self, wake: u64, jobs: Vec<JobId>) {
        let journal = &mut self.jobs.journal;
        journal.entries += jobs.len();
        journal.kept.push_back((wake, jobs));
    }

    fn prune_journal(&mut self) {
        loop {
            let journal = &mut self.jobs.journal;
            let many = journal.kept.len() > MOST_ROWS || journal.entries > MOST_ENTRIES;
            if !many || journal.kept.len() < 2 {
                return;
            }
            let Some((wake, jobs)) = journal.kept.pop_front() else { return };
            journal.entries -= jobs.len();
            for job in jobs {
                let kept = self.scheduler.job(&user(&job)).and_then(|(_, data)| data.as_ref());
                if kept.is_some_and(|details| details.written_in == wake) {
                    self.write_job(&job);
                }
            }
            self.outbox.write(Write::Delete { table: Table::Fires, key: journal_key(wake) });
        }
    }

    fn write_job(&mut self, job: &JobId) {
        let wake = self.jobs.journal.wake;
        let place = self.scheduler.place(&user(job));
        let kept = place.and_then(|place| self.scheduler.at_mut(place));
        let Some((_, known, Some(details))) = kept else { return };
        details.written_in = wake;
        self.jobs.note_chain(&details.target);
        let record = JobRecord {
            document: details.document.to_string(),
            given: details.given.to_string(),
            wake,
            progress: stored_progress(known, details),
            open: details.open.iter().map(stored_fire).collect(),
        };
        self.outbox.write(put(Table::Jobs, job.to_string(), &record));
    }

    // ---------------------------------------------------------------------------------- read back

    /// Reads a job's row, to be settled when its zones are known.
    pub(in crate::engine) fn read_job(stored: &mut StoredJobs, row: &Row) -> Option<()> {
        let job = JobId::try_from(row.key.as_str()).ok()?;
        let JobRecord { document, given, wake, progress, open } = read(row)?;
        let document = JobDocument::parse(&document).ok().filter(|document| document.id == job)?;
        let open = open.into_iter().map(|fire| open_fire(&job, fire)).collect();
        let record = ReadRecord { document, given, wake, progress: read_progress(&progress, open) };
        stored.insert(job, StoredJob { row: row.clone(), record });
        Some(())
    }

    /// Reads a row of the journal, whose word stands over what jobs' rows say.
    pub(in crate::engine) fn read_journal(
        &mut self,
        stored: &mut StoredJobs,
        row: &Row,
    ) -> Option<()> {
        let wake: u64 = row.key.parse().ok()?;
        let record: JournalRecord = read(row)?;
        if !record.moved.is_whole() {
            return None;
        }
        for (job, progress, open) in record.moved.iter() {
            if let Some(StoredJob { record, .. }) = stored.get_mut(job)
                && record.wake < wake
            {
                record.wake = wake;
                record.progress = read_progress(&progress, open);
            }
        }
        for command in record.obeyed {
            self.remember_command(command);
        }
        self.jobs.journal.wake = self.jobs.journal.wake.max(wake);
        self.remember_row(wake, record.moved.jobs);
        Some(())
    }

    /// Notes a command that began fires or added jobs: repeating it is harmless.
    pub(super) fn remember_command(&mut self, command: CommandId) {
        self.jobs.obeyed.push_back(command);
        if self.jobs.obeyed.len() > MOST_OBEYED {
            self.jobs.obeyed.pop_front();
        }
    }

    /// Makes jobs of those that were read, as far as the zones that they name are known.
    pub(in crate::engine) fn settle_jobs(&mut self, now: Now) {
        let mut waiting = StoredJobs::default();
        for (job, stored) in std::mem::take(&mut self.jobs.zones.stored).into_entries() {
            let missing = self.missing_zones(stored.record.document.zones());
            if missing.is_empty() {
                if self.settle_job(now, &job, &stored).is_none() {
                    self.quarantine(stored.row);
                }
            } else {
                self.need_zones(missing);
                waiting.insert(job, stored);
            }
        }
        self.jobs.zones.stored = waiting;
    }

    fn settle_job(&mut self, now: Now, job: &JobId, stored: &StoredJob) -> Option<()> {
        let StoredJob { row: _, record } = stored;
        let ReadProgress { progress, open, shift } = record.progress.clone();
        let setting = self.jobs.zones.setting(now, job);
        let parsed = record.document.clone().with_trigger(&setting).ok()?;
        let mut details = details_of(&parsed.document, parsed.complete, record.given.clone());
        details.shift = shift;
        details.open = open;
        details.written_in = record.wake;
        let trigger = parsed.trigger.set_back(shift);
        let mut known = Job { trigger, policy: parsed.document.policy, progress };
        known.progress.under_way = u32::try_from(details.open.len()).unwrap_or(u32::MAX);
        known.recompute();
        for fire in &details.open {
            self.jobs.expiries.push(std::cmp::Reverse((fire.expires, fire.id.clone())));
            match &fire.worker {
                FireWorker::Page(page) => self.outbox.push(Effect::Watch(page.clone())),
                FireWorker::Run(run) => self.jobs.runs.insert(run.clone(), fire.id.clone()),
            }
        }
        self.jobs.note_chain(&details.target);
        self.scheduler.add(JobKey::User(job.clone()), known, Some(Box::new(details)));
        Some(())
    }

    /// Ends the fires whose runs are not there any more, or have ended while nobody looked.
    pub(in crate::engine) fn settle_runs_of_jobs(&mut self, now: Now) {
        let runs: Vec<_> =
            self.jobs.runs.iter().map(|(run, fire)| (run.clone(), fire.clone())).collect();
        for (run, fire) in runs {
            match self.runs.get(&run).map(|run| run.state.phase()) {
                Some(phase) => self.run_has_ended(now, &run, phase),
                None => self.end_fire(now, &fire, crate::protocol::FireOutcome::Abandoned),
            }
        }
    }
}

/// What is kept of a job beside its trigger.
pub(super) fn details_of(document: &JobDocument, complete: String, given: String) -> Details {
    let default = match document.target {
        Target::Callback => CALLBACK_TIMEOUT,
        Target::Chain { .. } => CHAIN_TIMEOUT,
    };
    Details {
        document: complete.into(),
        given: given.into(),
        target: document.target.clone(),
        tags: document.tags.clone(),
        fire_timeout: document.policy.fire_timeout.unwrap_or(default),
        shift: Duration::ZERO,
        bound: Vec::new(),
        open: Vec::new(),
        unbound: false,
        removed_by: None,
        written_in: 0,
    }
}

/// Keys sort as wakes do.
fn journal_key(wake: u64) -> String {
    format!("{wake:016}")
}

/// The fires of a journal's row: those that began in its wake, then those that ended.
pub(super) fn fires_of(row: &Row) -> Option<Vec<FireView>> {
    let JournalRecord { at, moved, ended, .. } = read(row)?;
    let mut fires = Vec::new();
    for (.., open) in moved.iter() {
        fires.extend(open.iter().filter(|fire| fire.begun_at == at).map(OpenFire::view));
    }
    fires.extend(ended);
    Some(fires)
}
