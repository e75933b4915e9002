//! How long a stage's data takes to arrive, learned from the runs of its chain.

use std::time::Duration;

use super::{steps, took};
use crate::matrix::is_unread;
use crate::protocol::{RunView, StagePhase, StageView};
use crate::time::Timestamp;

/// So many runs of a stage have to be known before anything is said of the next one.
pub(super) const ENOUGH: u32 = 5;
/// No more than so many of the latest runs are looked at: how a system was a year ago says little.
const MOST: usize = 100;

/// Lengths that people choose: what is suggested is one of them, or whole days.
const READABLE: [u64; 16] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200];
const DAY: u64 = 86_400;

/// How long a stage's data takes to arrive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// The stage's name.
    pub stage: String,
    /// How long it took each time that it arrived, the quickest first.
    pub times: Vec<Duration>,
    /// How often it was not there in time.
    pub never: u32,
    /// The stage's interval, as in the latest run.
    pub interval: Duration,
    /// How long after what comes before it was first polled, at least; none while that was never seen.
    pub lead: Option<Duration>,
}

/// Learns from the runs of one chain, the latest first, how long each stage of the latest takes; `environment`
/// is the one that is asked about, since others have other systems.
///
/// Left out is what says nothing about the way of the data: retries, whose data was sent long before; stages
/// that were taken over, cancelled, wrong, sent without a known answer, or verified again at the end; and
/// stages that ended without any answer that could be read.
///
/// ```
/// assert!(baton_engine::history::arrivals([], None).is_empty());
/// ```
pub fn arrivals<'a>(
    runs: impl IntoIterator<Item = &'a RunView>,
    environment: Option<&str>,
) -> Vec<Arrival> {
    let mut learned: Vec<Arrival> = Vec::new();
    let of_kind =
        |run: &&RunView| run.retry_of.is_none() && run.environment.as_deref() == environment;
    for (at, run) in runs.into_iter().filter(of_kind).take(MOST).enumerate() {
        let mut before = Some(run.started_at);
        for step in steps(&run.stages) {
            for stage in step.iter().filter(|stage| stage.again.is_none()) {
                let known = learned.iter().position(|known| known.stage == stage.name);
                let place = match (known, at) {
                    (Some(known), _) => known,
                    (None, 0) => {
                        learned.push(Arrival::of(stage));
                        learned.len() - 1
                    }
                    // It is not in the chain any more.
                    (None, _) => continue,
                };
                learned[place].learn(stage, before);
            }
            before = step.iter().map(|stage| stage.ended_at).max().flatten();
        }
    }
    learned
}

impl Arrival {
    fn of(stage: &StageView) -> Self {
        let interval = Duration::from_millis(stage.interval_ms);
        Self { stage: stage.name.clone(), times: Vec::new(), never: 0, interval, lead: None }
    }

    fn learn(&mut self, stage: &StageView, before: Option<Timestamp>) {
        if stage.seeded_from.is_some() || stage.unconfirmed {
            return;
        }
        if let (Some(before), Some(begun)) = (before, stage.begun_at) {
            // A pause only lengthens it, so that the shortest is what the chain asks for.
            let lead = begun.since(before);
            self.lead = Some(self.lead.map_or(lead, |known| known.min(lead)));
        }
        match stage.phase {
            StagePhase::Passed => {
                let Some(time) = took(stage) else { return };
                let at = self.times.partition_point(|known| *known <= time);
                self.times.insert(at, time);
            }
            StagePhase::TimedOut => {
                let reason = stage.reason.as_ref().and_then(|reason| reason.read().ok());
                self.never += u32::from(!reason.is_some_and(|reason| is_unread(&reason)));
            }
            StagePhase::NotStarted
            | StagePhase::Waiting
            | StagePhase::Calling
            | StagePhase::Holding
            | StagePhase::Failed
            | StagePhase::Cancelled => {}
        }
    }

    /// In how many runs it was waited for to the end: those in which it arrived, and those in which it did not.
    pub fn runs(&self) -> u32 {
        u32::try_from(self.times.len()).unwrap_or(u32::MAX).saturating_add(self.never)
    }

    /// Half of the runs had it within this time. None when too few runs are known, or half had it never.
    pub fn p50(&self) -> Option<Duration> {
        self.within(50)
    }

    /// 19 of 20 runs had it within this time. None when too few runs are known, or more than one of 20 had it
    /// never: then it is not known how long it takes.
    pub fn p95(&self) -> Option<Duration> {
        self.within(95)
    }

    /// The nearest rank: the least time within which so many of a hundred runs had it.
    fn within(&self, percent: u32) -> Option<Duration> {
        let runs = self.runs();
        let rank = u64::from(runs).saturating_mul(percent.into()).div_ceil(100);
        let place = usize::try_from(rank).ok()?.checked_sub(1)?;
        self.times.get(place).copied().filter(|_| runs >= ENOUGH)
    }

    /// A time limit that would have been long enough: twice the time within which 19 of 20 runs had it, and no
    /// less than two intervals more than the slowest, rounded up to a length that people choose (1, 2, 5, 10,
    /// 15, 30 seconds or minutes; 1, 2, 6, 12 hours; whole days). None when [`p95`](Self::p95) is none.
    pub fn suggested_timeout(&self) -> Option<Duration> {
        let (most, slowest) = (self.p95()?, self.times.last()?);
        let wanted = most.saturating_mul(2);
        let wanted = wanted.max(slowest.saturating_add(self.interval.saturating_mul(2)));
        let seconds = wanted.as_secs().saturating_add(u64::from(wanted.subsec_nanos() > 0));
        let readable = READABLE.into_iter().find(|length| *length >= seconds);
        let days = || seconds.div_ceil(DAY).saturating_mul(DAY);
        Some(Duration::from_secs(readable.unwrap_or_else(days)))
    }

    /// How many runs had it in less than this time.
    pub fn quicker_than(&self, time: Duration) -> u32 {
        let quicker = self.times.partition_point(|known| *known < time);
        u32::try_from(quicker).unwrap_or(u32::MAX)
    }
}
