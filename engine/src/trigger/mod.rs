//! Triggers: stateless rules that say when. They know no job and read no clock.
//!
//! A trigger is a set of instants: [`Trigger::next_after`] is its least instant after another, so
//! that what was missed, what is next and what was last are all questions to the same set.

#[allow(dead_code, reason = "the triggers that are made of it come next")]
mod cron;
mod interval;

use std::time::Duration;

pub use interval::{Interval, IntervalError};

use crate::time::Timestamp;

/// A rule that says when. The plain ones, of which there may be a hundred thousand, are held inline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// Once, at an instant.
    Date(Timestamp),
    /// Again and again, from an anchor.
    Interval(Interval),
}

impl Trigger {
    /// The first fire after `previous`, or the very first one at or after `now` without it. A date
    /// that has passed is still returned: how late is too late is the job's policy.
    pub fn next_after(&self, previous: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
        match (self, previous) {
            (Self::Date(at), None) => Some(*at),
            (_, None) => self.next_from(now),
            (Self::Date(at), Some(previous)) => (previous < *at).then_some(*at),
            (Self::Interval(interval), Some(previous)) => interval.first_after(previous),
        }
    }

    /// The first fire at or after an instant.
    pub fn next_from(&self, from: Timestamp) -> Option<Timestamp> {
        self.next_after(Some(Timestamp::from_ms(from.as_ms() - 1)), from)
    }

    /// The latest fire from `from` to `until`, both included. Takes the same time however many
    /// there are.
    pub fn latest(&self, from: Timestamp, until: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Date(at) => (from..=until).contains(at).then_some(*at),
            Self::Interval(interval) => interval.latest_until(until).filter(|at| *at >= from),
        }
    }

    /// How many fires there are from `from` to `until`, both included; no more than `most` are
    /// counted.
    pub fn count(&self, from: Timestamp, until: Timestamp, most: u64) -> u64 {
        match self {
            Self::Date(at) => u64::from((from..=until).contains(at)).min(most),
            Self::Interval(interval) => interval.count(from, until).min(most),
        }
    }

    /// The same rule after the wall clock was set back by `span`: anchors of intervals move with it.
    /// What names a time on the wall stays.
    #[must_use]
    pub fn set_back(&self, span: Duration) -> Self {
        match self {
            Self::Date(at) => Self::Date(*at),
            Self::Interval(interval) => Self::Interval(interval.earlier(span)),
        }
    }

    /// Whether it counts from an anchor alone, so that it moves with a clock that is set back.
    pub fn is_elapsed(&self) -> bool {
        matches!(self, Self::Interval(_))
    }
}

/// STUB
pub struct Setting<'a> {
    pub zones: &'a crate::zone::Zones,
    pub zone: &'a str,
    pub now: Timestamp,
    pub seed: u64,
}
/// STUB
#[derive(Clone, Copy, Debug)]
pub enum DecisionKind {
    GapMoved,
    GapSkipped,
    FoldFirst,
    FoldLast,
    FoldBoth,
}
/// STUB
pub struct Decision {
    pub at: Timestamp,
    pub kind: DecisionKind,
}
impl Trigger {
    pub fn zones_named(_document: &serde_json::Value) -> Vec<String> {
        _document
            .get("timezone")
            .and_then(|z| z.as_str())
            .map(|z| vec![z.to_owned()])
            .unwrap_or_default()
    }
    pub fn parse(
        d: &serde_json::Value,
        setting: &Setting,
    ) -> Result<Trigger, Vec<crate::chain::Problem>> {
        match d.get("type").and_then(|t| t.as_str()) {
            Some("interval") => {
                let every = Duration::from_secs(d["seconds"].as_u64().unwrap());
                let anchor = d
                    .get("start_date")
                    .and_then(|t| t.as_i64())
                    .map(Timestamp::from_ms)
                    .unwrap_or(setting.now.plus(every));
                Ok(Trigger::Interval(Interval::new(anchor, every).unwrap()))
            }
            Some("date") => Ok(Trigger::Date(Timestamp::from_ms(d["run_date"].as_i64().unwrap()))),
            _ => Err(vec![crate::chain::Problem {
                path: "type".into(),
                kind: crate::chain::ProblemKind::Empty,
            }]),
        }
    }
    pub fn complete(d: &serde_json::Value, setting: &Setting) -> serde_json::Value {
        let mut d = d.clone();
        if d["type"] == "interval" && d.get("start_date").is_none() {
            let every = Duration::from_secs(d["seconds"].as_u64().unwrap());
            d.as_object_mut()
                .unwrap()
                .insert("start_date".into(), setting.now.plus(every).as_ms().into());
        }
        d
    }
    pub fn describe(&self, _l: crate::locale::Locale) -> String {
        format!("{self:?}")
    }
    pub fn decisions(&self, _a: Timestamp, _b: Timestamp) -> Vec<Decision> {
        Vec::new()
    }
}
