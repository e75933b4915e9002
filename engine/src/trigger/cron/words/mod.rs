//! A rule in words: exact first, natural where an idiom says the same. What no idiom says is spelled
//! field by field. Knows neither zone nor bounds.

mod chinese;
mod english;
mod shape;

use super::Cron;
use crate::locale::Locale;

pub(super) fn describe(cron: &Cron, locale: Locale) -> String {
    match locale {
        Locale::En => english::describe(cron),
        Locale::Zh => chinese::describe(cron),
    }
}

/// The name of a month, 1 being January.
pub(super) fn month_name(locale: Locale, month: u32) -> String {
    match locale {
        Locale::En => english::month(month).to_owned(),
        Locale::Zh => format!("{month} 月"),
    }
}
