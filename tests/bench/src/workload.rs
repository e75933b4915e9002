//! `workload.json`, and the numbers made from it. What they mean is said in `rows.mjs`.

use std::collections::BTreeMap;

use baton_engine::time::Timestamp;
use serde::Deserialize;

use crate::Failure;

/// All of `workload.json`.
#[derive(Debug, Deserialize)]
pub struct Workload {
    /// From where next fires are asked for.
    pub instants: Instants,
    /// How long each row of `next` goes on.
    pub slice_ms: u64,
    /// The rows of next fires.
    pub next: BTreeMap<String, NextRow>,
    /// The rows of the job store.
    pub store: StoreRows,
    /// The rows of many jobs at one instant.
    pub burst: BurstRows,
}

/// How the instants are made.
#[derive(Debug, Deserialize)]
pub struct Instants {
    count: usize,
    first_s: u32,
    divisor: u32,
    seed: u32,
}

/// One trigger.
#[derive(Debug, Deserialize)]
pub struct NextRow {
    /// Five fields.
    pub crontab: String,
    /// An IANA name.
    pub zone: String,
    /// How many fires make the checksum.
    pub checked: usize,
    /// After how many the clock is read.
    pub chunk: usize,
}

/// How the delays of a store's jobs are made.
#[derive(Debug, Deserialize)]
pub struct StoreRows {
    /// How many jobs.
    pub jobs: usize,
    seed: u32,
    least_delay_ms: u32,
    divisor: u32,
    /// By how much an index is more than the last one, where jobs are taken in no order.
    pub stride: usize,
}

/// A burst.
#[derive(Debug, Deserialize)]
pub struct BurstRows {
    /// How many jobs are due at once.
    pub jobs: usize,
}

impl Workload {
    /// # Errors
    /// When `workload.json` is not what it is read as.
    pub fn read() -> Result<Self, Failure> {
        Ok(serde_json::from_str(include_str!("../workload.json"))?)
    }
}

impl Instants {
    /// The instants, 2024 to 2033.
    pub fn all(&self) -> Vec<Timestamp> {
        let seconds = random(self.seed).map(|number| self.first_s + number / self.divisor);
        let instants = seconds.map(|second| Timestamp::from_ms(i64::from(second) * 1000));
        instants.take(self.count).collect()
    }
}

impl StoreRows {
    /// The delays in milliseconds, of the jobs as they are added, and as they are rescheduled.
    pub fn delays(&self) -> (Vec<i64>, Vec<i64>) {
        let delays = random(self.seed)
            .map(|number| i64::from(self.least_delay_ms) + i64::from(number / self.divisor));
        let mut first: Vec<i64> = delays.take(2 * self.jobs).collect();
        let second = first.split_off(self.jobs);
        (first, second)
    }
}

/// The generator of `rows.mjs`.
fn random(seed: u32) -> impl Iterator<Item = u32> {
    let step = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(seed), step).skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_lie_between_2024_and_2033() {
        let all = Workload::read().unwrap().instants.all();
        assert_eq!(all.len(), 20_000);
        let (first, last) = (all.iter().min().unwrap(), all.iter().max().unwrap());
        assert!(first.to_string().starts_with("2024-01"), "{first}");
        assert!(last.to_string().starts_with("2033-09"), "{last}");
    }

    #[test]
    fn taking_jobs_in_no_order_takes_each() {
        let store = Workload::read().unwrap().store;
        let mut seen = vec![false; store.jobs];
        (0..store.jobs).for_each(|step| seen[step * store.stride % store.jobs] = true);
        assert!(seen.into_iter().all(|seen| seen));
    }
}
