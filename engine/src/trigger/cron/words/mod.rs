//! A rule in words: exact first, natural where an idiom says the same. What no idiom says is spelled
//! field by field. Knows neither zone nor bounds.

use crate::locale::Locale;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of a month, 1 being January.
pub(super) fn month_name(locale: Locale, month: u32) -> String {
    match locale {
        Locale::En => MONTHS[(month as usize + 11) % 12].to_owned(),
        Locale::Zh => format!("{month} 月"),
    }
}
