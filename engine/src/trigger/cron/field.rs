//! The fields of a cron rule: their ranges and their names. Reads no text.

/// The years that a rule is about. No search goes past the last.
pub(super) const FIRST_YEAR: i32 = 1970;
pub(super) const LAST_YEAR: i32 = 2100;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const CRONTAB_WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Which expressions a field has beside numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Numbers that begin again after the last.
    Cyclic,
    /// Numbers that don't.
    Year,
    /// `last`, `L-3`, `15W`, `3rd fri`.
    Day,
    /// `fri#3`, `friL`.
    DayOfWeek,
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) least: u32,
    pub(super) most: u32,
    /// Names of its numbers, from `least` on.
    pub(super) names: &'static [&'static str],
    /// What is added to a number of it to count weekdays from Monday.
    pub(super) to_monday: u32,
    pub(super) examples: &'static str,
}

const NUMBERS: &str = "*, */5, 3, 1-5 or 1,3";

const fn numbers(name: &'static str, least: u32, most: u32) -> Field {
    let (kind, names, examples): (_, &[&str], _) = (Kind::Cyclic, &[], NUMBERS);
    Field { name, kind, least, most, names, to_monday: 0, examples }
}

const WEEKDAY_EXAMPLES: &str = "*, mon, mon-fri, sat,sun, fri#3 or friL";

pub(super) const YEAR: Field = Field {
    kind: Kind::Year,
    examples: "*, 2026, 2026-2028 or */2",
    ..numbers("year", FIRST_YEAR as u32, LAST_YEAR as u32)
};
pub(super) const MONTH: Field =
    Field { names: &MONTHS, examples: "*, */3, 1-6 or jan,jul", ..numbers("month", 1, 12) };
pub(super) const DAY: Field = Field {
    kind: Kind::Day,
    names: &WEEKDAYS,
    examples: "*, 15, 1-7, last, L-3, 15W, 3rd fri or last fri",
    ..numbers("day", 1, 31)
};
pub(super) const WEEK: Field = numbers("week", 1, 53);
/// Monday is 0.
pub(super) const DAY_OF_WEEK: Field = Field {
    kind: Kind::DayOfWeek,
    names: &WEEKDAYS,
    examples: WEEKDAY_EXAMPLES,
    ..numbers("day_of_week", 0, 6)
};
/// Sunday is 0, and 7. Source: crontab(5).
pub(super) const CRONTAB_DAY_OF_WEEK: Field =
    Field { names: &CRONTAB_WEEKDAYS, to_monday: 6, ..DAY_OF_WEEK };
pub(super) const HOUR: Field = numbers("hour", 0, 23);
pub(super) const MINUTE: Field = numbers("minute", 0, 59);
pub(super) const SECOND: Field = numbers("second", 0, 59);

/// All fields of a cron object, in the order of significance.
pub(super) static FIELDS: [Field; 8] = [YEAR, MONTH, DAY, WEEK, DAY_OF_WEEK, HOUR, MINUTE, SECOND];

impl Field {
    /// The largest number that may be written: crontab strings have a second name for Sunday.
    pub(super) fn most_written(&self) -> u32 {
        if self.to_monday == 0 { self.most } else { self.most + 1 }
    }

    /// The number that bit 0 of a set of this field stands for.
    pub(super) fn base(&self) -> u32 {
        match self.kind {
            Kind::Year => self.least,
            Kind::Cyclic | Kind::Day | Kind::DayOfWeek => 0,
        }
    }
}
