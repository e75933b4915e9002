//! Decides which jobs are due. Never carries one out, and never reads a clock.
//!
//! One heap for all jobs, and so one timer: [`Scheduler::next_due`] is the only instant that its owner
//! has to wake for. Missed fires are merged into the latest one; a fire that comes while the job's last
//! one is still under way is skipped, as the next tick is as good.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use crate::id::RunId;
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use crate::trigger::Trigger;

/// A job's name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum JobId {
    /// Polls a stage of a run.
    Poll {
        /// Which run.
        run: RunId,
        /// Which of its stages, from 0.
        stage: usize,
    },
    /// Sees to it that a stage's last attempt begins when its time is over.
    Deadline {
        /// Which run.
        run: RunId,
        /// Which of its stages, from 0.
        stage: usize,
    },
}

/// A trigger, and when it fires next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    trigger: Trigger,
    next: Option<Timestamp>,
    under_way: bool,
}

impl Job {
    /// A job that has fired for the last time at `previous`, if ever.
    pub fn new(trigger: Trigger, previous: Option<Timestamp>) -> Self {
        let next = match (&trigger, previous) {
            (Trigger::Interval(interval), None) => Some(interval.next_after(None)),
            (Trigger::Date(at), None) => Some(*at),
            (_, Some(previous)) => trigger.next_after(Some(previous), previous),
        };
        Self { trigger, next, under_way: false }
    }
}

/// A job that is due.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fire {
    /// Which job.
    pub job: JobId,
    /// The instant it was to fire.
    pub scheduled: Timestamp,
    /// How many earlier fires were missed, and are merged into this one.
    pub missed: u64,
    /// What is to be done with it.
    pub admission: Admission,
}

/// Whether a fire is carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// It is. The job is under way until [`Scheduler::finished`].
    Admitted,
    /// The job's last fire is still under way.
    Skipped,
}

/// All jobs, in the order they are due; of one instant, in the order they were scheduled.
#[derive(Clone, Debug, Default)]
pub struct Scheduler {
    jobs: SortedMap<JobId, Scheduled>,
    /// The earliest on top. An entry that its job has moved on from is passed over.
    due: BinaryHeap<Reverse<(Timestamp, u64, JobId)>>,
    last_ticket: u64,
}

/// A job, and the one entry of the heap that is its own.
#[derive(Clone, Debug)]
struct Scheduled {
    job: Job,
    ticket: u64,
}

impl Scheduler {
    /// Adds a job, in place of one of the same name.
    pub fn add(&mut self, id: JobId, job: Job) {
        let ticket = self.enqueue(&id, job.next);
        self.jobs.insert(id, Scheduled { job, ticket });
        self.pass_over();
    }

    /// Removes a job; a fire under way goes on, and its end is ignored.
    pub fn remove(&mut self, id: &JobId) {
        if self.jobs.remove(id).is_some() {
            self.pass_over();
        }
    }

    /// Whether there is such a job.
    pub fn contains(&self, id: &JobId) -> bool {
        self.jobs.contains(id)
    }

    /// When a job fires next.
    pub fn next_of(&self, id: &JobId) -> Option<Timestamp> {
        self.jobs.get(id).and_then(|scheduled| scheduled.job.next)
    }

    /// When any job fires next.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.peek().map(|Reverse((next, ..))| *next)
    }

    /// Marks a job as under way, for a fire that was asked for by hand or restored.
    pub fn begun(&mut self, id: &JobId) {
        if let Some(scheduled) = self.jobs.get_mut(id) {
            scheduled.job.under_way = true;
        }
    }

    /// Marks a job's fire as ended.
    pub fn finished(&mut self, id: &JobId) {
        if let Some(scheduled) = self.jobs.get_mut(id) {
            scheduled.job.under_way = false;
        }
    }

    /// Takes the earliest fire that is due, and moves its job on to the next.
    pub fn take_due(&mut self, now: Timestamp) -> Option<Fire> {
        if self.next_due()? > now {
            return None;
        }
        let Reverse((next, _, id)) = self.due.pop()?;
        let job = &mut self.jobs.get_mut(&id)?.job;
        let scheduled = job.trigger.latest(next, now)?;
        let missed = job.trigger.count(next, scheduled, u64::MAX).saturating_sub(1);
        job.next = job.trigger.next_after(Some(scheduled), now);
        let following = job.next;
        let admission = if job.under_way { Admission::Skipped } else { Admission::Admitted };
        job.under_way = true;
        let ticket = self.enqueue(&id, following);
        if let Some(scheduled) = self.jobs.get_mut(&id) {
            scheduled.ticket = ticket;
        }
        self.pass_over();
        Some(Fire { job: id, scheduled, missed, admission })
    }

    /// Moves every job `span` earlier: what a clock that was set back asks for.
    pub fn shift_earlier(&mut self, span: Duration) {
        self.due.clear();
        for (id, scheduled) in self.jobs.iter_mut() {
            let job = &mut scheduled.job;
            job.trigger = match &job.trigger {
                Trigger::Date(at) => Trigger::Date(at.minus(span)),
                rule @ Trigger::Interval(_) => rule.set_back(span),
            };
            job.next = job.next.map(|next| next.minus(span));
            self.due.extend(job.next.map(|next| Reverse((next, scheduled.ticket, id.clone()))));
        }
    }

    /// Puts a job's next fire into the heap, and answers its ticket.
    fn enqueue(&mut self, id: &JobId, next: Option<Timestamp>) -> u64 {
        self.last_ticket += 1;
        self.due.extend(next.map(|next| Reverse((next, self.last_ticket, id.clone()))));
        self.last_ticket
    }

    /// Drops the entries on top that no job owns any more, and all of them once they are the most.
    fn pass_over(&mut self) {
        let jobs = &self.jobs;
        let owned = |ticket: u64, id: &JobId| {
            jobs.get(id).is_some_and(|scheduled| scheduled.ticket == ticket)
        };
        while self.due.peek().is_some_and(|Reverse((_, ticket, id))| !owned(*ticket, id)) {
            self.due.pop();
        }
        if self.due.len() > 2 * jobs.len() + 64 {
            self.due.retain(|Reverse((_, ticket, id))| owned(*ticket, id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trigger::Interval;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn id(stage: usize) -> JobId {
        JobId::Poll { run: RunId::try_from("r").unwrap(), stage }
    }

    fn every(ms: u64, anchor: i64) -> Job {
        let interval = Interval::new(at(anchor), Duration::from_millis(ms)).unwrap();
        Job::new(Trigger::Interval(interval), None)
    }

    fn take(scheduler: &mut Scheduler, now: i64) -> Vec<(usize, i64, u64, Admission)> {
        std::iter::from_fn(|| scheduler.take_due(at(now)))
            .map(|fire| match fire.job {
                JobId::Poll { stage, .. } | JobId::Deadline { stage, .. } => {
                    (stage, fire.scheduled.as_ms(), fire.missed, fire.admission)
                }
            })
            .collect()
    }

    #[test]
    fn jobs_fire_in_the_order_they_are_due() {
        let mut scheduler = Scheduler::default();
        scheduler.add(id(0), every(1000, 500));
        scheduler.add(id(1), every(1000, 200));
        scheduler.add(id(2), Job::new(Trigger::Date(at(300)), None));
        assert_eq!(scheduler.next_due(), Some(at(200)));
        let fires: Vec<_> =
            take(&mut scheduler, 600).into_iter().map(|fire| (fire.0, fire.1)).collect();
        assert_eq!(fires, [(1, 200), (2, 300), (0, 500)]);
        assert_eq!(scheduler.next_of(&id(2)), None, "a date fires once");
        assert_eq!(scheduler.next_due(), Some(at(1200)));
    }

    #[test]
    fn missed_fires_are_merged_into_the_latest() {
        let mut scheduler = Scheduler::default();
        scheduler.add(id(0), every(1000, 0));
        assert_eq!(take(&mut scheduler, 5500), [(0, 5000, 5, Admission::Admitted)]);
        assert_eq!(scheduler.next_due(), Some(at(6000)));
    }

    #[test]
    fn a_fire_during_the_last_one_is_skipped_and_keeps_the_phase() {
        let mut scheduler = Scheduler::default();
        scheduler.add(id(0), every(1000, 0));
        assert_eq!(take(&mut scheduler, 0), [(0, 0, 0, Admission::Admitted)]);
        assert_eq!(take(&mut scheduler, 1000), [(0, 1000, 0, Admission::Skipped)]);
        scheduler.finished(&id(0));
        assert_eq!(take(&mut scheduler, 2000), [(0, 2000, 0, Admission::Admitted)]);
    }

    #[test]
    fn a_removed_job_never_fires_and_its_end_is_ignored() {
        let mut scheduler = Scheduler::default();
        scheduler.add(id(0), every(1000, 0));
        scheduler.remove(&id(0));
        scheduler.finished(&id(0));
        assert_eq!(take(&mut scheduler, 9999), []);
        assert_eq!(scheduler.next_due(), None);
    }

    #[test]
    fn a_clock_set_back_moves_all_jobs_with_it() {
        let mut scheduler = Scheduler::default();
        scheduler.add(id(0), every(1000, 10_000));
        scheduler.shift_earlier(Duration::from_secs(4));
        assert_eq!(take(&mut scheduler, 6000), [(0, 6000, 0, Admission::Admitted)]);
    }
}
