//! Fires as both borders name them, one by one and in lists.

use crate::form::{Runs, object, variants};
use crate::id::{JobId, RunId};
use crate::time::Timestamp;

/// One fire of one job: unique over the job's whole life.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FireId {
    /// Which job.
    pub job: JobId,
    /// How often the clock had been set back.
    pub generation: u32,
    /// The instant it was to fire.
    pub scheduled_at: Timestamp,
    /// Which of the job's fires, from 1.
    pub number: u64,
    /// Why it fires.
    pub cause: Cause,
}

/// Why a job fires.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Cause {
    /// Its trigger said so.
    #[default]
    Schedule,
    /// A user asked for it.
    Asked,
    /// It makes up for an instant that has passed, as a user asked.
    Backfill,
}

/// Fires of different jobs that have a clock generation and a cause in common: what ten thousand of one
/// instant are told by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FireList {
    generation: u32,
    cause: Cause,
    jobs: Vec<JobId>,
    scheduled_at: Runs<Timestamp>,
    numbers: Runs<u64>,
}

impl FireList {
    /// A list of one.
    pub fn of(fire: FireId) -> Self {
        let mut list = Self {
            generation: fire.generation,
            cause: fire.cause,
            jobs: Vec::new(),
            scheduled_at: Runs::default(),
            numbers: Runs::default(),
        };
        list.add(fire);
        list
    }

    /// Adds a fire, if it has in common what the others have. Answers whether it has.
    pub fn push(&mut self, fire: &FireId) -> bool {
        let fits = (fire.generation, fire.cause) == (self.generation, self.cause);
        if fits {
            self.add(fire.clone());
        }
        fits
    }

    /// The fires, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = FireId> {
        let (generation, cause) = (self.generation, self.cause);
        let instants = self.scheduled_at.iter().zip(self.numbers.iter());
        let fires = self.jobs.iter().cloned().zip(instants);
        fires.map(move |(job, (scheduled_at, number))| FireId {
            job,
            generation,
            scheduled_at,
            number,
            cause,
        })
    }

    fn add(&mut self, fire: FireId) {
        self.jobs.push(fire.job);
        self.scheduled_at.push(fire.scheduled_at);
        self.numbers.push(fire.number);
    }
}

/// How a page reports fires that ended alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FireEnds {
    /// Which.
    pub fires: FireList,
    /// What each threw; none when they went well.
    pub error: Option<String>,
}

/// How a fire ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FireOutcome {
    /// It went well.
    Executed,
    /// It threw, or its run did not pass.
    Failed {
        /// What it threw, how its run ended, or the form of the [`Refusal`] to start one.
        message: String,
    },
    /// It took longer than its job allows, and was aborted.
    TimedOut,
    /// It was aborted as a user removed the job or stopped its page.
    Aborted,
    /// The page that carried it out is gone: what it has done is not known.
    Abandoned,
}

/// A fire as it is recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FireView {
    /// Which.
    pub fire: FireId,
    /// When it was begun. How late it was is the difference.
    pub begun_at: Timestamp,
    /// The run that it started, if its job is a chain's.
    pub run: Option<RunId>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended; none while it is under way.
    pub outcome: Option<FireOutcome>,
}

/// A fire that is in the way of another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blocking {
    /// Which.
    pub fire: FireId,
    /// Since when.
    pub begun_at: Timestamp,
}

// ------------------------------------------------------------------------------------------- forms

object!(FireId: job, generation, scheduled_at, number, cause);
variants!(Cause: "schedule" Schedule, "asked" Asked, "backfill" Backfill);
object!(FireList: generation, cause, jobs, scheduled_at, numbers);
object!(FireEnds: fires, error);
variants!(FireOutcome:
    "executed" Executed,
    "failed" Failed { message },
    "timed_out" TimedOut,
    "aborted" Aborted,
    "abandoned" Abandoned,
);
object!(FireView: fire, begun_at, run, ended_at, outcome);
object!(Blocking: fire, begun_at);
