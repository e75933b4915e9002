//! Cron rules: sets of seconds on the wall, by fields or by a crontab string. Knows neither the bounds
//! nor the jitter of a trigger, and chooses no zone.
//!
//! * `field`, `expression`, `read`: from texts to sets, with every problem's place and mend.
//! * `days`, `times`: which days of a month, and which seconds of a day.
//! * `search`: the next time on the wall, then the next instant, with what clock changes do to it.
//! * `words`: the rule in both languages.
//!
//! The fields are APScheduler's, the extras Quartz's: `L`, `L-3`, `15W`, `LW`, `fri#3`, `friL` and
//! ranges that wrap around. `day`, `week` and `day_of_week` must all match, in crontab strings too;
//! `vixie` makes it either of `day` and `day_of_week`, as crontab(5) has it.

mod days;
mod expression;
mod field;
mod read;
mod search;
mod times;
mod words;

#[cfg(test)]
mod tests;

use self::days::Days;
use self::field::{FIRST_YEAR, LAST_YEAR};
use self::times::Times;
use crate::civil::Civil;
use crate::locale::Locale;
use crate::time::Timestamp;
use crate::zone::Zone;

/// A cron rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cron {
    years: Years,
    /// Bit 1 is January.
    months: u16,
    /// Those of them that the weeks of the rule may touch: where it is worth to look.
    searched: u16,
    days: Days,
    times: Times,
    /// Whether `hour` is a list of plain numbers, which makes its times fixed.
    plain_hours: bool,
    plain_minutes: bool,
    written: Written,
}

/// What becomes of a time that clocks are set forward over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Gap {
    /// It fires at the first instant after the change.
    Next,
    /// It doesn't fire.
    Skip,
}

/// What becomes of a time that clocks are set back over, and that comes twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fold {
    /// It fires the first time.
    First,
    /// It fires the last time.
    Last,
    /// It fires both times.
    Both,
}

/// What was chosen for clock changes. Where nothing was, fixed times fire once, at the first instant
/// after a gap and the first time in a fold; others skip the gap and fire both times.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) gap: Option<Gap>,
    pub(crate) fold: Option<Fold>,
}

/// The years that match, bit 0 being the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Years([u64; 3]);

/// The rule as its author wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Written {
    /// Bit n: the nth of [`Cron::FIELDS`] was given. The texts, in that order, each ended by a NUL.
    Fields {
        given: u8,
        texts: Box<str>,
    },
    Crontab {
        expression: Box<str>,
        vixie: bool,
    },
}

impl Cron {
    /// The keys that hold cron fields.
    pub(crate) const FIELDS: [&'static str; 8] =
        ["year", "month", "day", "week", "day_of_week", "hour", "minute", "second"];

    /// The first fire after an instant; none until the end of 2100.
    pub(crate) fn next_after(
        &self,
        zone: &Zone,
        after: Timestamp,
        changes: Changes,
    ) -> Option<Timestamp> {
        search::next_after(self, zone, after, changes)
    }

    /// Whether the second that a civil time lies in matches.
    pub(crate) fn matches(&self, civil: Civil) -> bool {
        search::matches(self, civil)
    }

    /// The first civil time from `from` on that matches; none until the end of 2100.
    pub(crate) fn next_civil(&self, from: Civil) -> Option<Civil> {
        search::next_civil(self, from)
    }

    /// The first civil time from `from` on that doesn't match; none until the end of 2100.
    pub(crate) fn next_mismatch(&self, from: Civil) -> Option<Civil> {
        search::next_mismatch(self, from)
    }

    /// Whether the rule names times of day rather than a rhythm, as a change of the clock by this many
    /// milliseconds sees it.
    pub(crate) fn is_fixed(&self, change_ms: i64) -> bool {
        const HOUR: i64 = 3_600_000;
        self.plain_hours && (self.plain_minutes || change_ms.abs() >= HOUR)
    }

    /// The rule in words, without its zone and bounds.
    pub(crate) fn describe(&self, locale: Locale) -> String {
        words::describe(self, locale)
    }

    /// The fields that were given, as they were written. None for a crontab string.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        match &self.written {
            Written::Fields { given, texts } => Self::FIELDS
                .into_iter()
                .enumerate()
                .filter(|(index, _)| given >> index & 1 == 1)
                .zip(texts.split_terminator('\0'))
                .map(|((_, name), text)| (name, text.to_owned()))
                .collect(),
            Written::Crontab { .. } => Vec::new(),
        }
    }

    /// The crontab string as it was written; none for fields.
    pub(crate) fn expression(&self) -> Option<&str> {
        match &self.written {
            Written::Fields { .. } => None,
            Written::Crontab { expression, .. } => Some(expression),
        }
    }

    /// Whether it is a crontab string with `vixie`.
    #[cfg(test)]
    pub(crate) fn is_vixie(&self) -> bool {
        match self.written {
            Written::Fields { .. } => false,
            Written::Crontab { vixie, .. } => vixie,
        }
    }

    fn has_month(&self, year: i32, month: u8) -> bool {
        self.years.has(year) && self.searched >> month & 1 == 1
    }
}

impl Years {
    fn has(self, year: i32) -> bool {
        let Ok(index) = usize::try_from(year - FIRST_YEAR) else { return false };
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// All of them, ascending.
    fn iter(self) -> impl Iterator<Item = i32> {
        (FIRST_YEAR..=LAST_YEAR).filter(move |&year| self.has(year))
    }
}
