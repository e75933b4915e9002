//! The module's face to `peers/baton.mjs`. Numbers cross, never objects.

use baton_engine::time::Timestamp;
use wasm_bindgen::prelude::*;

use crate::workload::Workload;
use crate::{Failure, subject, zones};

/// As many fires as the engine hands over in a wake.
const MOST_AT_ONCE: usize = 1000;

/// A trigger, and the instants from which it is asked.
#[wasm_bindgen]
pub struct NextFires(subject::NextFires);

#[wasm_bindgen]
impl NextFires {
    /// # Errors
    /// When the trigger or the text of the zones is refused.
    #[wasm_bindgen(constructor)]
    pub fn new(crontab: &str, zone: &str, zone_tables: &str) -> Result<Self, JsError> {
        let make = || {
            let zones = zones::read(zone_tables)?;
            subject::NextFires::new(crontab, zone, &zones, &Workload::read()?.instants)
        };
        make().map(Self).map_err(told)
    }

    /// The sum, in seconds, of the fires after `count` instants.
    pub fn pass(&self, first: usize, count: usize) -> f64 {
        exact(self.0.pass(first, count))
    }
}

/// A scheduler, and the jobs that the store's rows put into it.
#[wasm_bindgen]
pub struct JobStore(subject::Store);

#[wasm_bindgen]
impl JobStore {
    /// # Errors
    /// None that can happen.
    #[wasm_bindgen(constructor)]
    pub fn new(jobs: usize) -> Result<Self, JsError> {
        let make = || subject::Store::new(jobs, &Workload::read()?.delays);
        make().map(Self).map_err(told)
    }

    /// Adds all jobs.
    pub fn add(&mut self) {
        self.0.add();
    }

    /// Gives each job another due time.
    pub fn reschedule(&mut self) {
        self.0.reschedule();
    }

    /// Pauses each job.
    pub fn pause(&mut self) {
        self.0.pause();
    }

    /// Takes each job when it is due, and removes it. The sum proves the order.
    pub fn pop(&mut self) -> f64 {
        exact(self.0.pop())
    }
}

/// Many jobs that are due at one instant.
#[wasm_bindgen]
pub struct Burst(subject::Burst);

#[wasm_bindgen]
impl Burst {
    /// # Errors
    /// None that can happen.
    #[wasm_bindgen(constructor)]
    pub fn new(jobs: usize, due_ms: f64) -> Result<Self, JsError> {
        subject::Burst::new(jobs, at(due_ms)).map(Self).map_err(told)
    }

    /// The numbers of jobs that are due by now, as many as the engine hands over at once; none when no
    /// more are.
    pub fn take(&mut self, now_ms: f64) -> Vec<u32> {
        let taken = std::iter::from_fn(|| self.0.take(at(now_ms)));
        taken.take(MOST_AT_ONCE).filter_map(|job| u32::try_from(job).ok()).collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the host's clock gives whole milliseconds")]
fn at(ms: f64) -> Timestamp {
    Timestamp::from_ms(ms as i64)
}

#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
fn exact(sum: i64) -> f64 {
    sum as f64
}

#[expect(clippy::needless_pass_by_value, reason = "this is the end of an error's way")]
fn told(failure: Failure) -> JsError {
    JsError::new(&failure.to_string())
}
