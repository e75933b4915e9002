//! The rows that jobs are kept in: a job's own, and the journal's of a wake, which may be of ten
//! thousand jobs and so is written in columns.

use std::time::Duration;

use super::{Details, FireWorker, OpenFire};
use crate::form::{columns, object, variants};
use crate::id::{CommandId, JobId};
use crate::protocol::{Cause, FireId, FireView};
use crate::scheduler::{Job, Progress};
use crate::time::{Timestamp, exact_ms};

/// How many fires under way a row may tell of; jobs have a thousand at most.
const MOST_UNDER_WAY: u64 = 1_000_000;

/// A job's row: its id is the key.
pub(super) struct JobRecord {
    pub(super) document: String,
    pub(super) given: String,
    pub(super) wake: u64,
    pub(super) progress: StoredProgress,
    pub(super) open: Vec<StoredFire>,
}

/// How far a job has come.
#[derive(Clone)]
pub(super) struct StoredProgress {
    pub(super) next: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) since: Timestamp,
    pub(super) paused: bool,
    pub(super) fires: u64,
    pub(super) skipped: u32,
    pub(super) waiting: Vec<WaitingFire>,
    /// How many of its fires are under way.
    pub(super) under_way: u32,
    pub(super) shift_ms: u64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct WaitingFire {
    pub(super) at: Timestamp,
    pub(super) cause: Cause,
}

/// A fire under way, of a job that is known.
pub(super) struct StoredFire {
    pub(super) generation: u32,
    pub(super) scheduled_at: Timestamp,
    pub(super) number: u64,
    pub(super) cause: Cause,
    pub(super) begun_at: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) worker: FireWorker,
}

/// A row of the journal: its wake is the key.
pub(super) struct JournalRecord {
    pub(super) at: Timestamp,
    pub(super) moved: MovedJobs,
    pub(super) ended: Vec<FireView>,
    pub(super) obeyed: Vec<CommandId>,
}

/// Jobs, how far each has come, and the fires of all that are under way, in the jobs' order.
#[derive(Default)]
pub(super) struct MovedJobs {
    pub(super) jobs: Vec<JobId>,
    progress: ProgressColumns,
    open: FireColumns,
}

columns!(
    /// How far jobs have come.
    ProgressColumns of StoredProgress {
        next: Option<Timestamp>,
        last: Option<Timestamp>,
        since: Timestamp,
        paused: bool,
        fires: u64,
        skipped: u32,
        waiting: Vec<WaitingFire>,
        under_way: u32,
        shift_ms: u64,
    }
);
columns!(
    /// Fires under way.
    FireColumns of StoredFire {
        generation: u32,
        scheduled_at: Timestamp,
        number: u64,
        cause: Cause,
        begun_at: Timestamp,
        expires: Timestamp,
        worker: FireWorker,
    }
);
object!(JobRecord: document, given, wake, progress, open);
object!(
    StoredProgress: next, last, since, paused, fires, skipped, waiting, under_way, shift_ms,
);
object!(WaitingFire: at, cause);
object!(StoredFire: generation, scheduled_at, number, cause, begun_at, expires, worker);
variants!(FireWorker: "page" Page(client), "run" Run(run));
object!(MovedJobs: jobs, progress, open);
object!(JournalRecord: at, moved, ended, obeyed);

impl MovedJobs {
    pub(super) fn push(&mut self, job: JobId, progress: StoredProgress, open: &[OpenFire]) {
        self.jobs.push(job);
        self.progress.push(progress);
        for fire in open {
            self.open.push(stored_fire(fire));
        }
    }

    /// Whether nothing is missing of any job, and nothing is too much.
    pub(super) fn is_whole(&self) -> bool {
        let (jobs, open) = (self.jobs.len() as u64, self.open.len());
        self.progress.len() == Some(jobs)
            && open.is_some_and(|open| open <= MOST_UNDER_WAY)
            && open == Some(self.progress.rows().map(|row| u64::from(row.under_way)).sum())
    }

    /// Each job with its progress and its fires under way.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&JobId, StoredProgress, Vec<OpenFire>)> {
        let mut fires = self.open.rows();
        self.jobs.iter().zip(self.progress.rows()).map(move |(job, progress)| {
            let own = fires.by_ref().take(progress.under_way as usize);
            let open = own.map(|fire| open_fire(job, fire)).collect();
            (job, progress, open)
        })
    }
}

#[derive(Clone, Debug)]
pub(super) struct ReadProgress {
    pub(super) progress: Progress,
    pub(super) open: Vec<OpenFire>,
    pub(super) shift: Duration,
}

pub(super) fn stored_progress(known: &Job, details: &Details) -> StoredProgress {
    let Progress { next, last, since, paused, fires, skipped, under_way: _, waiting } =
        &known.progress;
    let waiting = waiting.iter().map(|&(at, cause)| WaitingFire { at, cause });
    StoredProgress {
        next: *next,
        last: *last,
        since: *since,
        paused: *paused,
        fires: *fires,
        skipped: *skipped,
        waiting: waiting.collect(),
        under_way: u32::try_from(details.open.len()).unwrap_or(u32::MAX),
        shift_ms: exact_ms(details.shift),
    }
}

pub(super) fn read_progress(stored: &StoredProgress, open: Vec<OpenFire>) -> ReadProgress {
    let waiting = stored.waiting.iter().map(|waiting| (waiting.at, waiting.cause)).collect();
    let progress = Progress {
        next: stored.next,
        last: stored.last,
        since: stored.since,
        paused: stored.paused,
        fires: stored.fires,
        skipped: stored.skipped,
        under_way: 0,
        waiting,
    };
    ReadProgress { progress, open, shift: Duration::from_millis(stored.shift_ms) }
}

pub(super) fn stored_fire(fire: &OpenFire) -> StoredFire {
    let OpenFire { id, begun_at, expires, worker } = fire;
    let FireId { job: _, generation, scheduled_at, number, cause } = *id;
    let (begun_at, expires, worker) = (*begun_at, *expires, worker.clone());
    StoredFire { generation, scheduled_at, number, cause, begun_at, expires, worker }
}

pub(super) fn open_fire(job: &JobId, fire: StoredFire) -> OpenFire {
    let StoredFire { generation, scheduled_at, number, cause, begun_at, expires, worker } = fire;
    let id = FireId { job: job.clone(), generation, scheduled_at, number, cause };
    OpenFire { id, begun_at, expires, worker }
}
