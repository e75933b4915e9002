//! What the engine itself has to know of a chain: its names, and how its stages are polled. All else in
//! a document is the language's.

use std::ops::Range;
use std::time::Duration;

use crate::document::Problem;
use crate::form::{object, variants};
use crate::id::ChainId;
use crate::protocol::Transport;
use crate::time::exact_ms;

/// No two polls lie further apart than this.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_hours(7 * 24);

/// A chain, as far as the engine has to know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outline {
    /// The id that the document itself carries, if any.
    pub(crate) id: Option<ChainId>,
    pub(crate) name: String,
    pub(crate) description: String,
    /// The names of its environments, in the document's order.
    pub(crate) environments: Vec<String>,
    /// The names of the secrets that its requests carry.
    pub(crate) secrets: Vec<String>,
    /// Its own stages; then, when all are to be verified again at the end, each that is polled once more.
    pub(crate) stages: Vec<StageOutline>,
    /// What may be meant, but is worth a second look.
    pub(crate) warnings: Vec<Problem>,
    /// The trigger of its schedule, JSON text: triggers are the engine's.
    pub(crate) schedule: Option<String>,
}

/// A stage, as far as the engine has to know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StageOutline {
    pub(crate) name: String,
    pub(crate) system: Option<String>,
    /// How its requests are sent; a `demo:` address never leaves the worker.
    pub(crate) transport: Transport,
    /// Some: the request leaves at most once in a run.
    pub(crate) once: Option<OnInterrupt>,
    /// Whether a check compares with what earlier stages have of a field.
    pub(crate) compares: bool,
    /// The group that it is of: neighbours of one group go on together.
    pub(crate) group: Option<String>,
    /// Some: it asks again what this earlier stage, from 0, has asked, and nothing may have changed.
    pub(crate) again: Option<u32>,
    pub(crate) poll: Poll,
}

/// What becomes of a request that is sent once when its answer is never known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OnInterrupt {
    Stop,
    Continue,
    Resend,
}

/// How a stage is polled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Poll {
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) initial_delay: Duration,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) late_after: Option<Duration>,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) hold: Option<Hold>,
}

/// How polls become rarer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Backoff {
    pub(crate) kind: Growth,
    /// In thousandths.
    pub(crate) factor: u32,
    /// No two polls lie further apart.
    pub(crate) max: Option<Duration>,
}

/// How the time between polls grows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Growth {
    /// By so many intervals from one poll to the next.
    Linear,
    /// To so many times itself.
    Exponential,
}

/// How long passing must last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hold {
    Lasting(Duration),
    Polls(u32),
}

impl Outline {
    /// The stages that go on together with this one, itself among them.
    pub(crate) fn step_of(&self, index: usize) -> Range<usize> {
        let beside =
            |(one, other): (usize, usize)| match (self.stages.get(one), self.stages.get(other)) {
                (Some(one), Some(other)) => one.is_beside(other),
                (Some(_) | None, _) => false,
            };
        let start = (1..=index).rev().find(|&at| !beside((at - 1, at))).unwrap_or(0);
        let end = (index..self.stages.len()).find(|&at| !beside((at, at + 1)));
        start..end.map_or(index, |at| at + 1)
    }
}

impl StageOutline {
    /// Which stage's request and checks it has; `own` is its own place.
    pub(crate) fn asks(&self, own: usize) -> usize {
        self.again.map_or(own, |again| again as usize)
    }

    /// Whether it and its neighbour go on together.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        match (self.again, other.again) {
            (Some(_), Some(_)) => true,
            (None, None) => self.group.is_some() && self.group == other.group,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl Poll {
    /// How long after so many attempts the next one follows, when polls become rarer.
    pub(crate) fn rarer(&self, attempts: u32) -> Option<Duration> {
        let Backoff { kind, factor, max } = self.backoff?;
        let most = max.unwrap_or(LONGEST_PAUSE);
        let times = |span: Duration, thousandths: u64| {
            let ms = exact_ms(span).saturating_mul(thousandths) / 1000;
            Duration::from_millis(ms)
        };
        let (grown, factor) = (attempts.saturating_sub(1), u64::from(factor));
        let pause = match kind {
            Growth::Linear => self.interval + times(self.interval, factor * u64::from(grown)),
            Growth::Exponential => {
                let grow = |pause: &Duration| (*pause < most).then(|| times(*pause, factor));
                let pauses = std::iter::successors(Some(self.interval), grow);
                pauses.take(grown as usize + 1).last().unwrap_or(most)
            }
        };
        Some(pause.min(most))
    }
}

impl Default for Poll {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(58),
            timeout: Duration::from_mins(15),
            attempt_timeout: Duration::from_secs(10),
            initial_delay: Duration::ZERO,
            max_attempts: None,
            late_after: None,
            backoff: None,
            hold: None,
        }
    }
}

object!(Outline: id, name, description, environments, secrets, stages, schedule, warnings);
object!(StageOutline: name, system, transport, once, compares, group, again, poll);
variants!(OnInterrupt: "stop" Stop, "continue" Continue, "resend" Resend);
object!(Poll:
    interval, timeout, attempt_timeout, initial_delay, max_attempts, late_after, backoff, hold,
);
object!(Backoff: kind, factor, max);
variants!(Growth: "linear" Linear, "exponential" Exponential);
variants!(Hold: "lasting" Lasting(span), "polls" Polls(count));
