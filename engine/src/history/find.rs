//! Which runs a reader looks for, and in which order.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use crate::id::ChainId;
use crate::locale::Locale;
use crate::protocol::{RunPhase, RunView, StagePhase};
use crate::time::Timestamp;

/// How a run stands, as runs are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It goes on, is paused, or needs a person.
    Live,
    /// It passed.
    Passed,
    /// It was wrong.
    Failed,
    /// It was not there in time.
    TimedOut,
    /// It was ended by a user.
    Cancelled,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Live, Self::Passed, Self::Failed, Self::TimedOut, Self::Cancelled];
}

impl From<RunPhase> for Standing {
    fn from(phase: RunPhase) -> Self {
        match phase {
            RunPhase::Running | RunPhase::Paused | RunPhase::Blocked => Self::Live,
            RunPhase::Passed => Self::Passed,
            RunPhase::Failed => Self::Failed,
            RunPhase::TimedOut => Self::TimedOut,
            RunPhase::Cancelled => Self::Cancelled,
        }
    }
}

/// What runs are put in order by.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Sort {
    /// When they were started, the latest first.
    #[default]
    Started,
    /// Their chain's name, and number.
    Chain,
    /// How they stand, what goes on first.
    Standing,
    /// How long they took, the longest first.
    Took,
}

/// What a reader looks for.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Query {
    /// Runs of this chain only.
    pub chain: Option<ChainId>,
    /// Runs that stand so only.
    pub standing: Option<Standing>,
    /// Runs that were started at this instant or later.
    pub from: Option<Timestamp>,
    /// Runs that were started before this instant.
    pub before: Option<Timestamp>,
    /// What they are put in order by.
    pub sort: Sort,
    /// The other way round.
    pub turned: bool,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Found {
    /// How many stand how, in the order of [`Standing::ALL`], whichever standing was looked for.
    pub counts: [usize; 5],
    /// The places of those that were looked for, in order.
    pub places: Vec<usize>,
}

impl Found {
    /// How many there are, however they stand.
    pub fn all(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// Finds runs, which come with the latest first. `says` tells whether a run has the words that are looked for; it is
/// asked last, since it takes longest.
pub fn find(
    runs: &[Arc<RunView>],
    query: &Query,
    now: Timestamp,
    says: &mut dyn FnMut(&RunView) -> bool,
) -> Found {
    let mut found = Found::default();
    for (place, run) in runs.iter().enumerate() {
        let of_chain = query.chain.as_ref().is_none_or(|chain| *chain == run.chain);
        let in_time = query.from.is_none_or(|from| run.started_at >= from)
            && query.before.is_none_or(|before| run.started_at < before);
        if !(of_chain && in_time && says(run)) {
            continue;
        }
        let standing = Standing::from(run.phase);
        found.counts[standing as usize] += 1;
        if query.standing.is_none_or(|wanted| wanted == standing) {
            found.places.push(place);
        }
    }
    // Stable, so that what is alike stays with the latest first.
    found.places.sort_by(|one, other| {
        let order = compare(&runs[*one], &runs[*other], query.sort, now);
        if query.turned { order.reverse() } else { order }
    });
    found
}

fn compare(one: &RunView, other: &RunView, sort: Sort, now: Timestamp) -> Ordering {
    match sort {
        Sort::Started => other.started_at.cmp(&one.started_at),
        Sort::Chain => one.name.cmp(&other.name).then(other.number.cmp(&one.number)),
        Sort::Standing => {
            let rank = |run: &RunView| Standing::from(run.phase) as usize;
            rank(one).cmp(&rank(other))
        }
        Sort::Took => lasted(other, now).cmp(&lasted(one, now)),
    }
}

/// How long a run has lasted, with its pauses.
pub fn lasted(run: &RunView, now: Timestamp) -> Duration {
    run.ended_at.unwrap_or(now).since(run.started_at)
}

/// What of a run is looked through, in small letters: its chain, number, environment, the values of its variables, and
/// the stages that did not pass, with why. One a line.
pub fn searched(run: &RunView, locale: Locale) -> String {
    let mut text = format!("{}\n#{}\n{}\n", run.name, run.number, run.id);
    let mut add = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    if let Some(environment) = &run.environment {
        add(environment);
    }
    for (_, value) in &run.variables {
        add(value);
    }
    for stage in run.stages.iter().filter(|stage| stage.phase != StagePhase::Passed) {
        add(&stage.name);
        if let Some(reason) = &stage.reason {
            add(&reason.sentence(locale));
        }
    }
    text.make_ascii_lowercase();
    text
}
