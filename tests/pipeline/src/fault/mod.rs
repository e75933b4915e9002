//! What can go wrong, and how often. Where to start: [`Fault`]; how faults are written is in `parse`.
//!
//! Two families. A [`DataFault`] changes what a system shows of an event: it is settled when the event is accepted,
//! and seen when the event arrives. An [`AnswerFault`] changes how a system answers a request, whatever it keeps.

mod parse;
mod standing;

use std::time::Duration;

pub(crate) use parse::{Origin, delays_of, duration, event_faults, faults_json, faults_of, millis};
pub use parse::{SpecError, apply_delay_flag, apply_fault_flag};
pub(crate) use standing::{Asked, Disruption, Instead, Phase, StandingFaults, event_disruption};

use crate::seed::Seed;
use crate::system::System;

/// How much later an event comes when a `late` fault does not say.
pub(crate) const DEFAULT_LATENESS: Duration = Duration::from_mins(1);
/// How far the `shifted_zone` fault moves an instant.
pub(crate) const ZONE_SHIFT: Duration = Duration::from_hours(8);
const MILLION: u32 = 1_000_000;

/// A fault and its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// Only the first so many: events for a data fault, answers for an answer fault.
    pub times: Option<u32>,
    /// How likely an event is hit; the seed and the event's id decide. Requests that name no id share one decision.
    pub rate: Rate,
    /// It ends that long after it began: with the event's arrival for a data fault; for an answer fault when it was set,
    /// or when the event that carries it was accepted.
    pub lasts: Option<Duration>,
}

/// Either family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    Data(DataFault),
    Answer(AnswerFault),
}

/// What a system makes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataFault {
    /// The event never shows.
    Lost,
    /// The event comes later than the system's delay.
    Late { by: Duration },
    /// The event shows twice.
    Duplicate,
    /// The amount is a whole number.
    Rounded,
    /// The event's instant is 8 hours later.
    ShiftedZone,
    /// The event's id is in upper case, its name begins with a capital.
    ChangedCase,
}

/// How a system answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFault {
    /// 503.
    ServerError,
    /// Never answers.
    Hang,
    /// 200 with a page that asks for a password.
    LoginPage,
    /// The answer, without the headers that let a browser read it.
    NoCors,
}

impl FaultKind {
    /// Every fault, as a document names it.
    pub(crate) const ALL: [Self; 10] = [
        Self::Data(DataFault::Lost),
        Self::Data(DataFault::Late { by: DEFAULT_LATENESS }),
        Self::Data(DataFault::Duplicate),
        Self::Data(DataFault::Rounded),
        Self::Data(DataFault::ShiftedZone),
        Self::Data(DataFault::ChangedCase),
        Self::Answer(AnswerFault::ServerError),
        Self::Answer(AnswerFault::Hang),
        Self::Answer(AnswerFault::LoginPage),
        Self::Answer(AnswerFault::NoCors),
    ];

    /// The name in documents and flags.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data(DataFault::Lost) => "lost",
            Self::Data(DataFault::Late { .. }) => "late",
            Self::Data(DataFault::Duplicate) => "duplicate",
            Self::Data(DataFault::Rounded) => "rounded",
            Self::Data(DataFault::ShiftedZone) => "shifted_zone",
            Self::Data(DataFault::ChangedCase) => "changed_case",
            Self::Answer(AnswerFault::ServerError) => "server_error",
            Self::Answer(AnswerFault::Hang) => "hang",
            Self::Answer(AnswerFault::LoginPage) => "login_page",
            Self::Answer(AnswerFault::NoCors) => "no_cors",
        }
    }
}

impl Fault {
    /// A fault without bounds: always, for good.
    pub const fn new(kind: FaultKind) -> Self {
        Self { kind, times: None, rate: Rate::ALWAYS, lasts: None }
    }

    /// Whether this fault hits that event (or a request that names none) at that system.
    pub(crate) fn hits(&self, seed: Seed, system: System, event_id: &str) -> bool {
        self.rate == Rate::ALWAYS
            || seed.roll(&["rate", system.name(), self.kind.name(), event_id], u64::from(MILLION))
                < u64::from(self.rate.per_million)
    }
}

/// A probability, exact to a millionth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    per_million: u32,
}

impl Rate {
    /// Every event.
    pub const ALWAYS: Self = Self { per_million: MILLION };

    /// The rate of a text from 0 to 1, as in `0.25`; finer parts than a millionth are floored.
    pub fn from_text(text: &str) -> Option<Self> {
        let share = text.parse::<rust_decimal::Decimal>().ok()?;
        let per_million = share.checked_mul(MILLION.into())?.trunc().try_into().ok()?;
        (per_million <= MILLION && !share.is_sign_negative()).then_some(Self { per_million })
    }

    /// The rate as a decimal text.
    pub(crate) fn to_text(self) -> String {
        rust_decimal::Decimal::new(i64::from(self.per_million), 6).normalize().to_string()
    }
}
