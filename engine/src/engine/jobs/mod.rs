//! Jobs of users: carried out by pages that have bound their functions, or as runs of chains.
//!
//! What was decided about a fire is written before the fire is handed over, so that a scheduled
//! instant fires at most once, whatever crashes. A wake's decisions are one row of the journal
//! ([`stored`]), however many jobs were due.
//!
//! * [`commands`]: what a page may ask.
//! * [`fires`]: from a job that is due to the end of its fire.
//! * [`pages`]: who carries out what, and what becomes of it when a page goes.
//! * [`schedules`]: chains that are started by a schedule.
//! * [`stored`]: the journal, and jobs read back from it; [`rows`] are its forms.
//! * [`zones`]: commands and stored jobs that wait for a time zone's rules.

mod commands;
mod fires;
mod pages;
mod queries;
mod rows;
mod schedules;
mod stored;
mod zones;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use self::stored::Journal;
pub(super) use self::stored::StoredJobs;
use self::zones::ZoneWork;
pub use self::zones::kept_zone;
use crate::id::{ChainId, ClientId, CommandId, JobId, RunId};
use crate::jobs::Target;
use crate::protocol::{FireId, FireList, FireOutcome, FireView, JobEvent};
use crate::sorted::SortedMap;
use crate::time::Timestamp;

/// What a user's job has beside its trigger and its progress; none for a poll of a stage.
pub(super) type Data = Option<Box<Details>>;

/// What a user's job has beside its trigger and its progress.
#[derive(Clone, Debug)]
pub(super) struct Details {
    /// Its whole document, with zone and start date written in.
    pub(super) document: Box<str>,
    /// Its trigger as it was given, by which another one is the same.
    pub(super) given: Box<str>,
    pub(super) target: Target,
    pub(super) tags: Vec<String>,
    pub(super) fire_timeout: Duration,
    /// By how much its anchors were moved by clocks that were set back.
    pub(super) shift: Duration,
    /// The pages that carry it out, in the order in which they said so.
    pub(super) bound: Vec<ClientId>,
    /// Its fires under way; mostly none or one.
    pub(super) open: Vec<OpenFire>,
    /// It is due, and nobody carries it out: said once.
    pub(super) unbound: bool,
    /// The command that removes it when its fires have ended.
    pub(super) removed_by: Option<CommandId>,
    /// The journal row that its progress was last written to.
    pub(super) written_in: u64,
}

/// A fire that is under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct OpenFire {
    pub(super) id: FireId,
    pub(super) begun_at: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) worker: FireWorker,
}

/// Who carries a fire out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum FireWorker {
    /// A page.
    Page(ClientId),
    /// A run of a chain.
    Run(RunId),
}

/// What the engine keeps for jobs, beside the scheduler.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    /// The page of this engine's own worker, which is given fires first.
    own_page: Option<ClientId>,
    pub(super) zones: ZoneWork,
    journal: Journal,
    /// What happened in this wake, told together.
    told: Vec<JobEvent>,
    /// When fires under way are aborted, the earliest on top. An entry whose fire has ended, or was
    /// moved by a clock, is passed over.
    expiries: BinaryHeap<Reverse<(Timestamp, FireId)>>,
    /// Runs that are fires of jobs.
    runs: SortedMap<RunId, FireId>,
    /// Fires under way whose jobs were removed.
    leaving: Vec<OpenFire>,
    /// Pages that stop, and the command that is answered when their fires have ended.
    stopping: Vec<Stopping>,
    /// Chains whose jobs have moved in this wake.
    moved_chains: Vec<ChainId>,
    /// Commands that began fires: repeating one is harmless.
    obeyed: VecDeque<CommandId>,
}

#[derive(Debug)]
struct Stopping {
    client: ClientId,
    command: CommandId,
    until: Timestamp,
}

impl Jobs {
    /// Nothing yet, for the page of this worker, in this time zone.
    pub(super) fn new(own_page: Option<ClientId>, zone: String) -> Self {
        Self { own_page, zones: ZoneWork::new(zone), ..Self::default() }
    }

    fn tell(&mut self, event: JobEvent) {
        self.told.push(event);
    }

    /// Tells that a fire is handed over; those that go to one page on the same terms, together.
    fn submit(&mut self, fire: &FireId, client: Option<ClientId>, timeout_ms: u64) {
        // That jobs are finished is told after their fires all the same.
        let last = self.told.iter_mut().rfind(|event| !matches!(event, JobEvent::Finished { .. }));
        if let Some(JobEvent::Submitted { fires, client: to, timeout_ms: terms }) = last
            && (&client, timeout_ms) == (&*to, *terms)
            && fires.push(fire)
        {
            return;
        }
        self.tell(JobEvent::Submitted { fires: FireList::of(fire.clone()), client, timeout_ms });
    }

    /// Tells that a fire has ended; those that end in the same way one after another, together.
    fn end(&mut self, fire: &FireId, outcome: FireOutcome) {
        if let Some(JobEvent::Ended { fires, outcome: same }) = self.told.last_mut()
            && *same == outcome
            && fires.push(fire)
        {
            return;
        }
        self.tell(JobEvent::Ended { fires: FireList::of(fire.clone()), outcome });
    }

    /// Tells that a job never fires again.
    fn finish(&mut self, job: &JobId) {
        match self.told.last_mut() {
            Some(JobEvent::Finished { jobs }) => jobs.push(job.clone()),
            Some(_) | None => self.tell(JobEvent::Finished { jobs: vec![job.clone()] }),
        }
    }

    fn take_told(&mut self) -> Vec<JobEvent> {
        std::mem::take(&mut self.told)
    }
}

impl OpenFire {
    fn view(&self) -> FireView {
        let run = match &self.worker {
            FireWorker::Page(_) => None,
            FireWorker::Run(run) => Some(run.clone()),
        };
        let begun_at = self.begun_at;
        FireView { fire: self.id.clone(), begun_at, run, ended_at: None, outcome: None }
    }

    fn is_at(&self, client: &ClientId) -> bool {
        matches!(&self.worker, FireWorker::Page(page) if page == client)
    }
}

impl Details {
    /// Whether somebody can carry it out.
    pub(super) fn is_ready(&self) -> bool {
        match self.target {
            Target::Callback => !self.bound.is_empty(),
            Target::Chain { .. } => true,
        }
    }

    fn open_fire(&self, id: &FireId) -> Option<usize> {
        self.open.iter().position(|fire| fire.id == *id)
    }
}

fn user(job: &JobId) -> crate::scheduler::JobKey {
    crate::scheduler::JobKey::User(job.clone())
}
