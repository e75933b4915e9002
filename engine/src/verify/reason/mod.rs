//! Why a verdict is what it is: codes with typed arguments, and the one function that makes their
//! sentences. Stored as codes, so that a reason can be read in another language years later.

mod chinese;
mod english;

use std::time::Duration;

use super::diagnosis::Diagnosis;
use super::op::Op;
use crate::locale::Locale;
use crate::time::{Timestamp, in_words};

/// What an attempt, or one check of it, comes to. The worst of several is the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// There, and right.
    Pass,
    /// Not there yet: polling goes on.
    Pending,
    /// Wrong: polling can't mend it.
    Fail,
}

/// A verdict with its reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// What it comes to.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

impl Judged {
    /// A pass for this reason.
    pub fn pass(reason: Reason) -> Self {
        Self { verdict: Verdict::Pass, reason }
    }

    /// A pending for this reason.
    pub fn pending(reason: Reason) -> Self {
        Self { verdict: Verdict::Pending, reason }
    }

    /// A fail for this reason.
    pub fn fail(reason: Reason) -> Self {
        Self { verdict: Verdict::Fail, reason }
    }
}

impl Judged {
    /// Whether an answer that passed before is another one now. Not when there is no answer to compare, or
    /// a wrong one that is yet to be confirmed.
    pub(crate) fn is_another_than_before(&self) -> bool {
        match (&self.verdict, &self.reason) {
            (Verdict::Pass, _)
            | (
                Verdict::Pending,
                Reason::Network { .. }
                | Reason::AttemptTimeout { .. }
                | Reason::BodyTooLarge { .. }
                | Reason::NotJson { .. }
                | Reason::EmptyBody
                | Reason::Unconfirmed { .. }
                | Reason::AttemptLost,
            ) => false,
            // What is not found now was found before.
            (Verdict::Pending, Reason::StatusNotYet { status }) => matches!(status, 204 | 404),
            (Verdict::Pending | Verdict::Fail, _) => true,
        }
    }
}

/// What a body is that is not the JSON a path needs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NotJson {
    /// Nothing at all.
    Empty,
    /// It begins like a page.
    Html,
    /// It begins like JSON and breaks off.
    Truncated,
    /// Lists and objects are nested deeper than is read.
    TooDeep,
    /// It is not UTF-8.
    Garbled,
    /// Some other text.
    Text,
}

/// Why: a code with typed arguments. `what` names the reading (`$.rows[*].amount`), `got` and `want`
/// are JSON texts, shortened.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each code's sentence, below, says what it means")]
pub enum Reason {
    // The answer as a whole.
    Network { diagnosis: Diagnosis },
    AttemptTimeout { after_ms: u64 },
    StatusNotYet { status: u16 },
    StatusWrong { status: u16 },
    BodyTooLarge { limit_bytes: u64 },
    NotJson { kind: NotJson },
    NotJsonAgain { kind: NotJson, in_a_row: u32 },
    NeedsAccess { status: u16 },
    AllPass { checks: u32 },

    // One check.
    Holds { what: String, got: String },
    Missing { what: String },
    Null { what: String },
    Differs { what: String, got: String, want: String },
    NotConvertible { what: String, got: String, filter: String },
    StillInProgress { what: String, got: String },
    CountBelow { what: String, seen: u64, want: u64 },
    CountReached { what: String, seen: u64, want: u64 },
    CountAbove { what: String, seen: u64, want: u64, duplicates: Vec<String> },
    Matched { what: String, seen: u64 },
    TooManyNodes { what: String, limit: u64 },
    BadPath { what: String, message: String },
    EmptyBody,
    HeaderHidden { name: String },
    HeaderWithheld { name: String },
    NotThere { what: String },
    NullIn { what: String, nth: u64, of: u64 },
    MissingIn { what: String, nth: u64, of: u64 },
    Unlike { what: String, got: String, op: Op, want: String },
    NotComparable { what: String, got: String, op: Op },
    NoZone { what: String, got: String },
    UnknownZone { what: String, zone: String },
    TargetNotConvertible { want: String, filter: String },
    NoNumber { want: String, op: Op },
    SchemaFails { what: String, at: String, got: String, keyword: String, want: String },
    BadPattern { what: String, message: String },
    NotRecorded { stage: String, field: String },
    NeedsHold { what: String },
    CountBeyond { what: String, seen: u64, most: u64, duplicates: Vec<String> },
    SumBelow { what: String, seen: String, want: String },
    SumReached { what: String, seen: String, want: String },
    SumAbove { what: String, seen: String, want: String },
    ValueTooLong { what: String, limit_bytes: u64 },
    Unconfirmed { seen: u32, need: u32, wrong: Box<Reason> },
    StopHolds { what: String, got: String },
    NoLongerHolds { stage: String, now: Box<Reason> },

    // Several checks.
    Both { first: Box<Reason>, second: Box<Reason> },

    // Captures and templates.
    CaptureMissing { name: String },
    CaptureSeveral { name: String, seen: u64 },
    Unresolved { name: String },

    // The stage.
    DeadlinePassed { timeout_ms: u64, last: Option<Box<Reason>>, since: Option<Timestamp> },
    AttemptsUsedUp { attempts: u32, last: Option<Box<Reason>>, since: Option<Timestamp> },
    SentNotAccepted { answer: Box<Reason> },
    MayHaveBeenSent,
    TakenAsSent,
    AttemptLost,
}

impl Reason {
    /// The reason as a sentence a person can act on, without a full stop.
    pub fn sentence(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Zh => self.chinese(),
        }
    }

    /// The same with the time that its stage has taken so far, or took: `2 of 3 at $.rows[*] after 4 m 10 s;
    /// $.rows[*].amount is still null in the third of 3`. What is not about an answer is said without it, and
    /// so is less than a second.
    pub fn sentence_after(&self, locale: Locale, elapsed: Duration) -> String {
        if let Self::Both { first, second } = self {
            let joint = match locale {
                Locale::En => "; ",
                Locale::Zh => "；",
            };
            let (first, second) = (first.sentence_after(locale, elapsed), second.sentence(locale));
            return [&first, joint, &second].concat();
        }
        let (said, spent) = (self.sentence(locale), in_words(elapsed));
        if elapsed < Duration::from_secs(1) {
            return said;
        }
        match (self.time(), locale) {
            (Time::Apart, _) => said,
            (Time::Last, Locale::En) => [&said, " after ", &spent].concat(),
            (Time::First, Locale::En) => ["after ", &spent, ": ", &said].concat(),
            (Time::Last | Time::First, Locale::Zh) => [&spent, " 后 ", &said].concat(),
        }
    }

    /// Where the time that a stage has taken reads well.
    fn time(&self) -> Time {
        match self {
            Self::StatusNotYet { .. }
            | Self::AllPass { .. }
            | Self::Holds { .. }
            | Self::Missing { .. }
            | Self::Null { .. }
            | Self::StillInProgress { .. }
            | Self::CountBelow { .. }
            | Self::CountReached { .. }
            | Self::EmptyBody
            | Self::NotThere { .. }
            | Self::NullIn { .. }
            | Self::MissingIn { .. }
            | Self::SumBelow { .. }
            | Self::SumReached { .. }
            | Self::CaptureMissing { .. } => Time::Last,
            Self::Network { .. }
            | Self::AttemptTimeout { .. }
            | Self::NeedsAccess { .. }
            | Self::NoLongerHolds { .. }
            | Self::Unresolved { .. }
            | Self::DeadlinePassed { .. }
            | Self::AttemptsUsedUp { .. }
            | Self::SentNotAccepted { .. }
            | Self::MayHaveBeenSent
            | Self::TakenAsSent
            | Self::AttemptLost => Time::Apart,
            // What is expected, or to be done, stands at its end.
            _ => Time::First,
        }
    }
}

/// Where a sentence has the time that a stage has taken.
enum Time {
    First,
    Last,
    /// Nowhere: it is not about an answer, or says a time of its own.
    Apart,
}

fn words(ms: u64) -> String {
    in_words(Duration::from_millis(ms))
}
