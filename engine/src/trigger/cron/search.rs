//! The next match, first on the wall, then as an instant. No allocation, no recursion.
//!
//! The search runs on the wall's fields, within one span of constant offset after another, so that no
//! change of the clock can lose a day or a month.

use super::days::next_bit;
use super::field::{FIRST_YEAR, LAST_YEAR};
use super::{Changes, Cron, Fold, Gap};
use crate::civil::{Civil, Date, MS_PER_DAY};
use crate::time::Timestamp;
use crate::zone::{Resolved, Zone};

const SECONDS_PER_DAY: i64 = 86_400;

/// The first civil time that is searched no more.
const END: Civil = Date { year: LAST_YEAR + 1, month: 1, day: 1 }.midnight();
const START: Civil = Date { year: FIRST_YEAR, month: 1, day: 1 }.midnight();

/// More than two offsets can differ by: what is further from a change can't be touched by it.
const FAR: i64 = 2 * MS_PER_DAY;

pub(super) fn next_after(
    cron: &Cron,
    zone: &Zone,
    after: Timestamp,
    changes: Changes,
) -> Option<Timestamp> {
    let mut at = after.as_ms() + 1;
    let (before, change) = zone.span(after);
    if change == at && moved_to(cron, zone, before, change, changes) {
        return Some(Timestamp::from_ms(at));
    }
    loop {
        let (offset, end) = zone.span(Timestamp::from_ms(at));
        let civil = next_civil(cron, Civil(at + offset))?;
        let found = civil.0 - offset;
        if found < end {
            match later_than_fold(cron, zone, civil, found, end, changes) {
                None => return Some(Timestamp::from_ms(found)),
                Some(later) => at = later,
            }
        } else if end - at > FAR && found - end > FAR {
            // Nothing matches on the way, whatever the clocks do there.
            at = civil.0 - FAR;
        } else {
            if moved_to(cron, zone, offset, end, changes) {
                return Some(Timestamp::from_ms(end));
            }
            at = end;
        }
    }
}

/// Whether a time that clocks were set forward over fires at the change, which ends a span of this offset.
fn moved_to(cron: &Cron, zone: &Zone, offset: i64, change: i64, changes: Changes) -> bool {
    let (next_offset, _) = zone.span(Timestamp::from_ms(change));
    let skipped = next_offset > offset
        && next_civil(cron, Civil(change + offset))
            .is_some_and(|civil| civil.0 < change + next_offset);
    skipped && gap(cron, next_offset - offset, changes) == Gap::Next
}

/// Where to go on when a civil time comes twice and must not fire at this one of its instants, which
/// lies in a span that ends at `end`.
#[inline]
fn later_than_fold(
    cron: &Cron,
    zone: &Zone,
    civil: Civil,
    found: i64,
    end: i64,
    changes: Changes,
) -> Option<i64> {
    let Resolved::Fold(first, last) = zone.resolve(civil) else { return None };
    let length = last.as_ms() - first.as_ms();
    match fold(cron, length, changes) {
        // On from where the wall shows again what it has not shown before.
        Fold::First if found != first.as_ms() => Some(zone.span(first).1 + length),
        Fold::Last if found != last.as_ms() => Some(end),
        Fold::First | Fold::Last | Fold::Both => None,
    }
}

fn gap(cron: &Cron, length: i64, changes: Changes) -> Gap {
    let usual = if cron.is_fixed(length) { Gap::Next } else { Gap::Skip };
    changes.gap.unwrap_or(usual)
}

fn fold(cron: &Cron, length: i64, changes: Changes) -> Fold {
    let usual = if cron.is_fixed(length) { Fold::First } else { Fold::Both };
    changes.fold.unwrap_or(usual)
}

pub(super) fn matches(cron: &Cron, civil: Civil) -> bool {
    let (date, ms) = civil.split();
    has_day(cron, date) && cron.times.has(seconds(ms))
}

#[inline]
pub(super) fn next_civil(cron: &Cron, from: Civil) -> Option<Civil> {
    if from >= END {
        return None;
    }
    // The first whole second from there on.
    let second = (from.max(START).0 + 999) / 1000;
    let day = second / SECONDS_PER_DAY;
    let date = Date::from_days(day);
    let days = days_of(cron, date.year, date.month);
    if days >> date.day & 1 == 1
        && let Some(second) = cron.times.next(seconds((second - day * SECONDS_PER_DAY) * 1000))
    {
        return Some(civil(day, second));
    }
    let day = match next_bit(days.into(), u32::from(date.day) + 1) {
        Some(next) => day + i64::from(next) - i64::from(date.day),
        None => next_month(cron, date.year, date.month)?.to_days(),
    };
    Some(civil(day, cron.times.first()))
}

/// The first date after a month that matches.
fn next_month(cron: &Cron, mut year: i32, mut month: u8) -> Option<Date> {
    loop {
        match next_bit(cron.searched.into(), u32::from(month) + 1) {
            Some(next) if cron.years.has(year) => month = small(next),
            Some(_) | None => {
                year += 1;
                month = small(next_bit(cron.searched.into(), 0)?);
            }
        }
        if year > LAST_YEAR {
            return None;
        }
        if let Some(day) = next_bit(days_of(cron, year, month).into(), 0) {
            return Some(Date { year, month, day: small(day) });
        }
    }
}

pub(super) fn next_mismatch(cron: &Cron, from: Civil) -> Option<Civil> {
    if from >= END {
        return None;
    }
    if !matches(cron, from) {
        return Some(from);
    }
    let (date, ms) = from.split();
    if let Some(second) = cron.times.next_mismatch(seconds(ms)) {
        return Some(civil(date.to_days(), second));
    }
    let date = if cron.times.is_every() {
        next_other_date(cron, date)?
    } else {
        Date::from_days(date.to_days() + 1)
    };
    // It matches from midnight on at most as long as the times go; they don't go all day.
    let second = if has_day(cron, date) { cron.times.next_mismatch(0)? } else { 0 };
    Some(civil(date.to_days(), second)).filter(|&civil| civil < END)
}

/// The first date after one that doesn't match.
fn next_other_date(cron: &Cron, after: Date) -> Option<Date> {
    let Date { mut year, mut month, mut day } = after;
    while year <= LAST_YEAR {
        let days = !u64::from(days_of(cron, year, month));
        let other = next_bit(days, u32::from(day) + 1);
        if let Some(date) = other.and_then(|day| Date::new(year, month, small(day))) {
            return Some(date);
        }
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        day = 0;
    }
    None
}

#[inline]
fn has_day(cron: &Cron, date: Date) -> bool {
    days_of(cron, date.year, date.month) >> date.day & 1 == 1
}

/// The days of a month that match.
#[inline]
fn days_of(cron: &Cron, year: i32, month: u8) -> u32 {
    if cron.has_month(year, month) { cron.days.of(year, month) } else { 0 }
}

#[inline]
fn civil(day: i64, second: u32) -> Civil {
    Civil((day * SECONDS_PER_DAY + i64::from(second)) * 1000)
}

/// The second of a day that so many milliseconds of it lie in.
#[inline]
fn seconds(ms: i64) -> u32 {
    u32::try_from(ms / 1000).unwrap_or(0)
}

/// A number that is small by construction.
#[inline]
fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(0)
}
