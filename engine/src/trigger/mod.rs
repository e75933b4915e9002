//! Triggers: stateless rules that say when. They know no job and read no clock.
//!
//! A trigger is a set of instants: [`Trigger::next_after`] is its least instant after another, so
//! that what was missed, what is next and what was last are all questions to the same set. No set goes
//! past the year 2100: that a trigger never fires is an answer.
//!
//! # Where to start
//!
//! * [`Trigger::parse`]: the JSON form; `document` reads it, `date`, `amount` and `when` its parts, and
//!   `complete` writes in what a stored one must not guess again.
//! * `rule`: a trigger of any kind, with its bounds and jitter; `interval`, `cron`, `calendar`, `combine`
//!   and `except` are the kinds, `search` is what they share.
//! * `words`, `decisions`: what a trigger says of itself, and what clock changes do to it.
//! * [`fires_line`]: all of it as one line of JSON in, one line out.

mod amount;
mod calendar;
mod combine;
mod complete;
mod cron;
mod date;
mod decisions;
mod document;
mod draft;
mod except;
mod interval;
mod jitter;
mod lines;
mod rule;
mod search;
#[cfg(test)]
mod tests;
mod when;
mod words;

use std::rc::Rc;
use std::time::Duration;

use crate::json::Value;

pub use decisions::{Decision, DecisionKind};
pub use document::keys_by_type;
pub(crate) use document::unknown_zone;
pub use draft::{Shape, TimesError, TriggerDraft};
pub use interval::{Interval, IntervalError};
pub use lines::fires_line;
pub use rule::Rule;
pub use when::{KEYS as CALENDAR_KEYS, WEEKDAYS};

use self::search::{Steps, just_after};
use crate::document::Problem;
use crate::locale::Locale;
use crate::time::Timestamp;
use crate::zone::Zones;

/// The last instant of triggers: the end of 2100.
const LAST: Timestamp = Timestamp::from_ms(4_133_980_799_999);

/// A rule that says when. The plain ones, of which there may be a hundred thousand, are held inline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// Once, at an instant.
    Date(Timestamp),
    /// Again and again, from an anchor.
    Interval(Interval),
    /// All else.
    Rule(Rc<Rule>),
}

/// What a trigger's document is read with.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The zones that are known.
    pub zones: &'a Zones,
    /// The scheduler's own zone: of triggers that name none.
    pub zone: &'a str,
    /// From when on an interval counts that doesn't say.
    pub now: Timestamp,
    /// What jitter is drawn from: one for each job, so that jobs of one trigger part.
    pub seed: u64,
}

impl Trigger {
    /// The zone names that a document names, at any depth, each once. Those that are not known yet have to
    /// be handed in before it can be read.
    pub fn zones_named(document: &Value) -> Vec<String> {
        complete::zones_named(document)
    }

    /// Reads the JSON form of a trigger.
    ///
    /// ```
    /// use baton_engine::{json::parse, time::Timestamp, trigger::{Setting, Trigger}, zone::Zones};
    ///
    /// let zones = Zones::default();
    /// let setting = Setting { zones: &zones, zone: "UTC", now: Timestamp::from_ms(0), seed: 7 };
    /// let document = parse(r#"{"type": "cron", "day": "last fri", "hour": 9}"#).unwrap();
    /// let trigger = Trigger::parse(&document, &setting).unwrap();
    /// assert_eq!(trigger.next_from(setting.now).unwrap().to_string(), "1970-01-30T09:00:00Z");
    /// ```
    ///
    /// # Errors
    /// All that is wrong with it. Paths begin at the trigger itself: `triggers[1].hour`.
    pub fn parse(document: &Value, setting: &Setting) -> Result<Self, Vec<Problem>> {
        document::parse(document, setting)
    }

    /// The document to be stored: with its zone, and where its intervals begin, so that it is the same
    /// trigger whenever and wherever it is read. What is wrong with it stays as it is.
    pub fn complete(document: &Value, setting: &Setting) -> Value {
        complete::complete(document, setting)
    }

    /// The first fire after `previous`, or the very first one at or after `now` without it. A date
    /// that has passed is still returned: how late is too late is the job's policy.
    pub fn next_after(&self, previous: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
        match (self, previous) {
            (Self::Date(at), None) => Some(*at),
            (Self::Date(at), Some(previous)) => (previous < *at).then_some(*at),
            (Self::Rule(rule), None) if rule.is_date() => self.next_from(Timestamp::MIN),
            (Self::Interval(_) | Self::Rule(_), None) => self.next_from(now),
            (Self::Interval(_) | Self::Rule(_), Some(previous)) => {
                self.next_from(just_after(previous))
            }
        }
    }

    /// The first fire at or after an instant. An intersection or exception that has found none after 150,000
    /// steps counts as having none; intervals that never meet are known without a step.
    pub fn next_from(&self, from: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Date(at) => (from <= *at).then_some(*at),
            Self::Interval(interval) => interval.next_from(from),
            Self::Rule(rule) => rule.next_in(from, LAST, &mut Steps::new()),
        }
    }

    /// The latest fire from `from` to `until`, both included. Takes about the same time however many
    /// there are.
    pub fn latest(&self, from: Timestamp, until: Timestamp) -> Option<Timestamp> {
        self.latest_in(from, until, &mut Steps::new())
    }

    /// How many fires there are from `from` to `until`, both included; no more than `most` are
    /// counted. Takes the same time for an interval; else a step for each.
    pub fn count(&self, from: Timestamp, until: Timestamp, most: u64) -> u64 {
        match self {
            Self::Date(at) => u64::from((from..=until).contains(at)).min(most),
            Self::Interval(interval) => interval.count(from, until.min(LAST)).min(most),
            Self::Rule(rule) => rule.count(from, until, most),
        }
    }

    /// The same rule after the wall clock was set back by `span`: anchors of intervals move with it, at
    /// any depth. What names a time on the wall stays.
    #[must_use]
    pub fn set_back(&self, span: Duration) -> Self {
        match self {
            Self::Date(at) => Self::Date(*at),
            Self::Interval(interval) => Self::Interval(interval.earlier(span)),
            Self::Rule(rule) => Self::Rule(Rc::new(rule.set_back(span))),
        }
    }

    /// The rule in words: `weekdays at 09:00, Asia/Shanghai`.
    pub fn describe(&self, locale: Locale) -> String {
        words::describe(self, locale)
    }

    /// What the changes of its zones from after `after` until `until` did to it, in order: only those
    /// that leave out or repeat a time that it names.
    pub fn decisions(&self, after: Timestamp, until: Timestamp) -> Vec<Decision> {
        decisions::decisions(self, after, until)
    }

    /// The first fire from `from` to `until`, as part of a larger search.
    fn next_in(&self, from: Timestamp, until: Timestamp, steps: &mut Steps) -> Option<Timestamp> {
        match self {
            Self::Date(_) | Self::Interval(_) => self.next_from(from).filter(|at| *at <= until),
            Self::Rule(rule) => rule.next_in(from, until, steps),
        }
    }

    fn latest_in(&self, from: Timestamp, until: Timestamp, steps: &mut Steps) -> Option<Timestamp> {
        match self {
            Self::Date(at) => (from..=until).contains(at).then_some(*at),
            Self::Interval(interval) => {
                interval.latest_until(until.min(LAST)).filter(|at| *at >= from)
            }
            Self::Rule(rule) => rule.latest_in(from, until, steps),
        }
    }

    /// Equal steps that all its fires lie on.
    fn grid(&self) -> Option<Interval> {
        match self {
            Self::Date(_) => None,
            Self::Interval(interval) => Some(*interval),
            Self::Rule(rule) => rule.grid(),
        }
    }

    fn is_plain_interval(&self) -> bool {
        matches!(self, Self::Interval(_))
    }

    fn searches(&self) -> bool {
        match self {
            Self::Date(_) | Self::Interval(_) => false,
            Self::Rule(rule) => rule.searches(),
        }
    }

    /// Whether it counts from an anchor alone, so that it moves with a clock that is set back.
    pub fn is_elapsed(&self) -> bool {
        matches!(self, Self::Interval(_))
    }
}
