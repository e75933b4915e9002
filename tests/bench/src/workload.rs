//! `workload.json`, and the numbers made from it. What they mean is said in `rows.mjs`.

use std::collections::BTreeMap;

use baton_engine::time::Timestamp;
use serde_json::Value;

use crate::Failure;

/// All of `workload.json`.
#[derive(Debug)]
pub struct Workload {
    /// From where next fires are asked for.
    pub instants: Instants,
    /// How long each row of `next` goes on.
    pub slice_ms: u32,
    /// The rows of next fires.
    pub next: BTreeMap<String, NextRow>,
    /// When the jobs of a store are due.
    pub delays: Delays,
    /// The rows of a store with as many jobs as it may have.
    pub store: StoreRows,
    /// The rows of a store with as many as every peer can take.
    pub few: StoreRows,
    /// How many jobs are due at once in a burst.
    pub burst_jobs: usize,
}

/// How the instants are made.
#[derive(Debug)]
pub struct Instants {
    count: usize,
    first_s: u32,
    divisor: u32,
    seed: u32,
}

/// One trigger.
#[derive(Debug)]
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

/// The size of a store, and how many of them are measured in turn.
#[derive(Debug)]
pub struct StoreRows {
    /// How many jobs.
    pub jobs: usize,
    /// How many stores.
    pub stores: usize,
}

/// How the delays of a store's jobs are made.
#[derive(Debug)]
pub struct Delays {
    seed: u32,
    least_delay_ms: u32,
    divisor: u32,
    /// By how much an index is more than the last one, where jobs are taken in no order.
    pub stride: usize,
}

impl Workload {
    /// # Errors
    /// When `workload.json` is not what it is read as.
    pub fn read() -> Result<Self, Failure> {
        let all: Value = serde_json::from_str(include_str!("../workload.json"))?;
        let rows = all["next"].as_object().ok_or("next is no object")?;
        let next = rows.iter().map(|(name, row)| Ok((name.clone(), NextRow::read(row)?)));
        Ok(Self {
            instants: Instants::read(&all["instants"])?,
            slice_ms: number(&all, "slice_ms")?,
            next: next.collect::<Result<_, Failure>>()?,
            delays: Delays::read(&all["delays"])?,
            store: StoreRows::read(&all["store"])?,
            few: StoreRows::read(&all["few"])?,
            burst_jobs: size(&all["burst"], "jobs")?,
        })
    }
}

impl Instants {
    fn read(from: &Value) -> Result<Self, Failure> {
        Ok(Self {
            count: size(from, "count")?,
            first_s: number(from, "first_s")?,
            divisor: number(from, "divisor")?,
            seed: number(from, "seed")?,
        })
    }

    /// The instants, 2024 to 2033.
    pub fn all(&self) -> Vec<Timestamp> {
        let seconds = random(self.seed).map(|number| self.first_s + number / self.divisor);
        let instants = seconds.map(|second| Timestamp::from_ms(i64::from(second) * 1000));
        instants.take(self.count).collect()
    }
}

impl NextRow {
    fn read(from: &Value) -> Result<Self, Failure> {
        Ok(Self {
            crontab: text(from, "crontab")?,
            zone: text(from, "zone")?,
            checked: size(from, "checked")?,
            chunk: size(from, "chunk")?,
        })
    }
}

impl StoreRows {
    fn read(from: &Value) -> Result<Self, Failure> {
        Ok(Self { jobs: size(from, "jobs")?, stores: size(from, "stores")? })
    }
}

impl Delays {
    fn read(from: &Value) -> Result<Self, Failure> {
        Ok(Self {
            seed: number(from, "seed")?,
            least_delay_ms: number(from, "least_delay_ms")?,
            divisor: number(from, "divisor")?,
            stride: size(from, "stride")?,
        })
    }

    /// The delays in milliseconds, of the jobs as they are added, and as they are rescheduled.
    pub fn of(&self, jobs: usize) -> (Vec<i64>, Vec<i64>) {
        let delays = random(self.seed)
            .map(|number| i64::from(self.least_delay_ms) + i64::from(number / self.divisor));
        let mut first: Vec<i64> = delays.take(2 * jobs).collect();
        let second = first.split_off(jobs);
        (first, second)
    }
}

fn number(from: &Value, key: &str) -> Result<u32, Failure> {
    let number = from[key].as_u64().ok_or_else(|| format!("{key} is no whole number"))?;
    Ok(u32::try_from(number)?)
}

fn size(from: &Value, key: &str) -> Result<usize, Failure> {
    Ok(usize::try_from(number(from, key)?)?)
}

fn text(from: &Value, key: &str) -> Result<String, Failure> {
    Ok(from[key].as_str().ok_or_else(|| format!("{key} is no text"))?.to_owned())
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
        let Workload { delays, store, few, .. } = Workload::read().unwrap();
        for jobs in [store.jobs, few.jobs] {
            let mut seen = vec![false; jobs];
            (0..jobs).for_each(|step| seen[step * delays.stride % jobs] = true);
            assert!(seen.into_iter().all(|seen| seen));
        }
    }
}
