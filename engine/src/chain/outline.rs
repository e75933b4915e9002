//! What the engine itself has to know of a chain: its names, and how its stages are polled. All else in
//! a document is the language's.

use std::time::Duration;

use crate::document::Problem;
use crate::form::{object, variants};
use crate::id::ChainId;
use crate::protocol::Transport;

/// A chain, as far as the engine has to know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outline {
    /// The id that the document itself carries, if any.
    pub(crate) id: Option<ChainId>,
    pub(crate) name: String,
    pub(crate) description: String,
    /// The names of its environments, in the document's order.
    pub(crate) environments: Vec<String>,
    pub(crate) stages: Vec<StageOutline>,
    /// What may be meant, but is worth a second look.
    pub(crate) warnings: Vec<Problem>,
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
    pub(crate) hold: Option<Hold>,
}

/// How long passing must last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hold {
    Lasting(Duration),
    Polls(u32),
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
            hold: None,
        }
    }
}

object!(Outline: id, name, description, environments, stages, warnings);
object!(StageOutline: name, system, transport, once, compares, poll);
variants!(OnInterrupt: "stop" Stop, "continue" Continue, "resend" Resend);
object!(Poll: interval, timeout, attempt_timeout, initial_delay, max_attempts, late_after, hold);
variants!(Hold: "lasting" Lasting(span), "polls" Polls(count));
