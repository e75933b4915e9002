//! What is measured: the engine's triggers and its scheduler, called as the engine calls them.
//!
//! Loops are here and not with the host, so that no row pays for calls into the module.

use baton_engine::id::JobId;
use baton_engine::json::parse;
use baton_engine::scheduler::{Job, JobKey, Policy, Scheduler};
use baton_engine::time::Timestamp;
use baton_engine::trigger::{Setting, Trigger};
use baton_engine::zone::Zones;
use serde_json::json;

use crate::Failure;
use crate::workload::{Delays, Instants};

/// From where the delays of stored jobs count. The engine has no clock, so neither has this.
const START: Timestamp = Timestamp::from_ms(1_767_225_600_000);

/// A trigger, and the instants from which it is asked.
pub struct NextFires {
    trigger: Trigger,
    instants: Vec<Timestamp>,
}

impl NextFires {
    /// # Errors
    /// When the trigger is refused.
    pub fn new(
        crontab: &str,
        zone: &str,
        zones: &Zones,
        instants: &Instants,
    ) -> Result<Self, Failure> {
        let document = json!({"type": "crontab", "expression": crontab}).to_string();
        let document = parse(&document).map_err(|syntax| syntax.to_string())?;
        let setting = Setting { zones, zone, now: START, seed: 0 };
        let trigger = Trigger::parse(&document, &setting).map_err(|all| format!("{all:?}"))?;
        Ok(Self { trigger, instants: instants.all() })
    }

    /// How many instants there are.
    pub fn instants(&self) -> usize {
        self.instants.len()
    }

    /// The sum, in seconds, of the fires after `count` instants.
    pub fn pass(&self, first: usize, count: usize) -> i64 {
        let instants = self.instants.iter().skip(first).take(count);
        let fires = instants.filter_map(|&at| self.trigger.next_after(Some(at), at));
        fires.map(|fire| fire.as_ms() / 1000).sum()
    }
}

/// A scheduler, and the jobs that the store's rows put into it.
pub struct Store {
    scheduler: Scheduler,
    keys: Vec<JobKey>,
    first: Vec<i64>,
    second: Vec<i64>,
    stride: usize,
}

impl Store {
    /// Without any job yet.
    ///
    /// # Errors
    /// None that can happen: the ids are valid.
    pub fn new(jobs: usize, delays: &Delays) -> Result<Self, Failure> {
        let (first, second) = delays.of(jobs);
        let keys = keys(jobs)?;
        Ok(Self { scheduler: Scheduler::default(), keys, first, second, stride: delays.stride })
    }

    /// Adds all jobs.
    pub fn add(&mut self) {
        for (key, &delay) in self.keys.iter().zip(&self.first) {
            self.scheduler.add(key.clone(), job(due(delay)), ());
        }
    }

    /// Gives each job another due time.
    pub fn reschedule(&mut self) {
        for index in mixed(self.keys.len(), self.stride) {
            let trigger = Trigger::Date(due(self.second[index]));
            self.scheduler.change(&self.keys[index], |job| job.reschedule(trigger, START));
        }
    }

    /// Pauses each job.
    pub fn pause(&mut self) {
        for index in mixed(self.keys.len(), self.stride) {
            self.scheduler.change(&self.keys[index], Job::pause);
        }
    }

    /// Takes each job when it is due, and removes it. The sum proves the order.
    pub fn pop(&mut self) -> i64 {
        let (mut rank, mut sum) = (0, 0);
        while let Some(now) = self.scheduler.next_due() {
            let Some(turn) = self.scheduler.take_due(now) else { break };
            self.scheduler.remove(&turn.key);
            rank += 1;
            sum += rank * ((now.as_ms() - START.as_ms()) % 9973);
        }
        sum
    }
}

/// Many jobs that are due at one instant.
pub struct Burst(Scheduler<usize>);

impl Burst {
    /// # Errors
    /// None that can happen: the ids are valid.
    pub fn new(jobs: usize, due: Timestamp) -> Result<Self, Failure> {
        let mut scheduler = Scheduler::default();
        for (index, key) in keys(jobs)?.into_iter().enumerate() {
            scheduler.add(key, job(due), index);
        }
        Ok(Self(scheduler))
    }

    /// The number of a job that is due by `now`.
    pub fn take(&mut self, now: Timestamp) -> Option<usize> {
        let turn = self.0.take_due(now)?;
        let (_, _, index) = self.0.at(turn.place)?;
        Some(*index)
    }
}

fn keys(jobs: usize) -> Result<Vec<JobKey>, Failure> {
    let key = |index| Ok(JobKey::User(JobId::try_from(format!("job-{index}"))?));
    (0..jobs).map(key).collect()
}

fn job(due: Timestamp) -> Job {
    Job::new(Trigger::Date(due), Policy::default(), START)
}

fn due(delay_ms: i64) -> Timestamp {
    Timestamp::from_ms(START.as_ms() + delay_ms)
}

/// All indices, in an order that is none.
fn mixed(jobs: usize, stride: usize) -> impl Iterator<Item = usize> {
    (0..jobs).map(move |step| step * stride % jobs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;

    #[test]
    fn a_store_gives_its_jobs_in_the_order_they_are_due() {
        let Workload { delays, few, .. } = Workload::read().unwrap();
        let mut store = Store::new(few.jobs, &delays).unwrap();
        store.add();
        let mut delays = delays.of(few.jobs).0;
        delays.sort_unstable();
        let sum = (1..).zip(delays).map(|(rank, delay)| rank * (delay % 9973)).sum::<i64>();
        assert_eq!(store.pop(), sum);
        assert_eq!(store.scheduler.len(), 0);
    }

    #[test]
    fn a_paused_store_gives_none() {
        let Workload { delays, few, .. } = Workload::read().unwrap();
        let mut store = Store::new(few.jobs, &delays).unwrap();
        store.add();
        store.pause();
        assert_eq!(store.pop(), 0);
    }

    #[test]
    fn a_burst_gives_each_job_once_and_none_too_early() {
        let at = Timestamp::from_ms;
        let mut burst = Burst::new(10, at(1000)).unwrap();
        assert_eq!(burst.take(at(999)), None);
        let taken: Vec<usize> = std::iter::from_fn(|| burst.take(at(1000))).collect();
        assert_eq!(taken, (0..10).collect::<Vec<_>>());
    }
}
