//! One zone's offsets, and the two ways between instants and the wall. Decides nothing about what a
//! trigger does in a gap or a fold.

use std::cell::Cell;

use thiserror::Error;

use crate::civil::Civil;
use crate::time::Timestamp;

/// How far an offset is from UTC at most, in milliseconds. Source: RFC 9557 allows less than a day.
const MOST_OFFSET: i64 = 86_400_000;

/// How many changes a table may have: twice what the liveliest zone has from 1970 to 2100.
pub(super) const MOST_CHANGES: usize = 2000;

/// A change of a zone's offset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    /// The first instant of the new offset.
    pub at: Timestamp,
    /// The new offset, in seconds east of UTC.
    pub offset_seconds: i32,
}

/// One zone: its offsets from 1970 to 2100. Before the first change its first offset holds, after the
/// last one the last.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    /// Offsets in milliseconds, each from its instant on; the first is from the beginning of time.
    spans: Box<[Span]>,
    /// Where the last look-up ended: the next one is mostly near.
    hint: Cell<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Span {
    from: i64,
    offset: i64,
}

/// Why a table is none.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ZoneError {
    /// The changes do not ascend.
    #[error("the changes of {0} do not ascend; sort them by their instants")]
    Unsorted(String),
    /// An offset of a day or more.
    #[error("{0} has an offset of a day or more; give offsets in seconds")]
    Offset(String),
    /// More changes than any zone has.
    #[error("{0} has more than {MOST_CHANGES} changes")]
    TooMany(String),
}

/// Which instants a civil time is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Resolved {
    /// One.
    One(Timestamp),
    /// None: clocks were set forward over it, at this instant, which is the first after it.
    Gap(Timestamp),
    /// Two: clocks were set back over it.
    Fold(Timestamp, Timestamp),
}

impl Zone {
    /// The name of the zone that is always known.
    pub const UTC: &'static str = "UTC";

    /// Where tables begin: 1970.
    pub const FROM: Timestamp = Timestamp::from_ms(0);

    /// Where tables end, and the first instant that none of them covers: 2101.
    pub const UNTIL: Timestamp = Timestamp::from_ms(4_133_980_800_000);

    /// The zone without any change.
    pub fn utc() -> Self {
        Self::fixed(Self::UTC, 0)
    }

    fn fixed(name: &str, offset: i64) -> Self {
        let spans = Box::new([Span { from: i64::MIN, offset }]);
        Self { name: name.to_owned(), spans, hint: Cell::new(0) }
    }

    /// A zone by its table.
    ///
    /// # Errors
    /// When the changes don't ascend, or an offset is none.
    pub fn new(
        name: &str,
        first_offset_seconds: i32,
        changes: &[Change],
    ) -> Result<Self, ZoneError> {
        if changes.len() > MOST_CHANGES {
            return Err(ZoneError::TooMany(name.to_owned()));
        }
        let mut spans =
            vec![Span { from: i64::MIN, offset: i64::from(first_offset_seconds) * 1000 }];
        for change in changes {
            let (from, offset) = (change.at.as_ms(), i64::from(change.offset_seconds) * 1000);
            if spans.last().is_some_and(|last| last.from >= from) {
                return Err(ZoneError::Unsorted(name.to_owned()));
            }
            // A change of a name only, such as of a standard time that became permanent, is none.
            if spans.last().is_none_or(|last| last.offset != offset) {
                spans.push(Span { from, offset });
            }
        }
        if spans.iter().any(|span| span.offset.abs() >= MOST_OFFSET) {
            return Err(ZoneError::Offset(name.to_owned()));
        }
        Ok(Self { name: name.to_owned(), spans: spans.into(), hint: Cell::new(0) })
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The offset from the beginning, in seconds.
    pub fn first_offset_seconds(&self) -> i32 {
        seconds(self.spans[0].offset)
    }

    /// The changes of its offset, in order.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        self.spans.iter().skip(1).map(Span::change)
    }

    /// The first change after an instant.
    pub fn change_after(&self, after: Timestamp) -> Option<Change> {
        self.spans.get(self.span_at(after.as_ms()) + 1).map(Span::change)
    }

    /// The offset at an instant, in seconds east of UTC.
    pub fn offset_seconds(&self, at: Timestamp) -> i32 {
        seconds(self.spans[self.span_at(at.as_ms())].offset)
    }

    /// What the wall shows at an instant.
    #[inline]
    pub(crate) fn civil(&self, at: Timestamp) -> Civil {
        Civil(at.as_ms() + self.spans[self.span_at(at.as_ms())].offset)
    }

    /// The offset at an instant, in milliseconds, and the first instant at which it has changed: never
    /// when that is the end of time.
    #[inline]
    pub(crate) fn span(&self, at: Timestamp) -> (i64, i64) {
        let index = self.span_at(at.as_ms());
        (self.spans[index].offset, self.end(index))
    }

    /// Which instants a civil time is.
    #[inline]
    pub(crate) fn resolve(&self, civil: Civil) -> Resolved {
        let first = self.span_at(civil.0 - MOST_OFFSET);
        let span = self.spans[first];
        // Mostly no change is within a day.
        if self.end(first) > civil.0 + MOST_OFFSET {
            return Resolved::One(Timestamp::from_ms(civil.0 - span.offset));
        }
        self.resolve_near_change(first, civil)
    }

    #[cold]
    fn resolve_near_change(&self, first: usize, civil: Civil) -> Resolved {
        let (mut found, mut gap) = (None, i64::MAX);
        for (index, span) in self.spans.iter().enumerate().skip(first) {
            if span.from > civil.0 + MOST_OFFSET {
                break;
            }
            let at = civil.0 - span.offset;
            if at < span.from {
                // It is before this span; unless an earlier one has it, it was skipped here.
                gap = gap.min(span.from);
            } else if at < self.end(index) {
                let at = Timestamp::from_ms(at);
                found = Some(match found {
                    None => Resolved::One(at),
                    Some(Resolved::One(earlier) | Resolved::Fold(earlier, _)) => {
                        Resolved::Fold(earlier, at)
                    }
                    Some(gap @ Resolved::Gap(_)) => gap,
                });
            }
        }
        found.unwrap_or(Resolved::Gap(Timestamp::from_ms(gap)))
    }

    /// The span that an instant lies in.
    #[inline]
    fn span_at(&self, at: i64) -> usize {
        let hint = self.hint.get();
        if self.spans[hint].from <= at && at < self.end(hint) {
            return hint;
        }
        let index = self.spans.partition_point(|span| span.from <= at).saturating_sub(1);
        self.hint.set(index);
        index
    }

    /// The first instant after a span.
    #[inline]
    fn end(&self, index: usize) -> i64 {
        self.spans.get(index + 1).map_or(i64::MAX, |next| next.from)
    }
}

/// Two zones are the same when their tables are.
impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.spans == other.spans
    }
}

impl Eq for Zone {}

impl Span {
    fn change(&self) -> Change {
        Change { at: Timestamp::from_ms(self.from), offset_seconds: seconds(self.offset) }
    }
}

fn seconds(ms: i64) -> i32 {
    i32::try_from(ms / 1000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::Date;

    const HOUR: i64 = 3_600_000;

    /// London in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
    fn london() -> Zone {
        let change = |ms, offset_seconds| Change { at: Timestamp::from_ms(ms), offset_seconds };
        let changes = [change(1_774_746_000_000, 3600), change(1_792_890_000_000, 0)];
        Zone::new("Europe/London", 0, &changes).unwrap()
    }

    fn civil(month: u8, day: u8, hour: i64, minute: i64) -> Civil {
        let date = Date::new(2026, month, day).unwrap();
        Civil(date.midnight().0 + hour * HOUR + minute * 60_000)
    }

    fn at(text_ms: i64) -> Timestamp {
        Timestamp::from_ms(text_ms)
    }

    #[test]
    fn civil_times_resolve_to_one_instant_none_or_two() {
        let zone = london();
        let spring = at(1_774_746_000_000);
        let autumn = at(1_792_890_000_000);
        assert_eq!(zone.resolve(civil(3, 29, 0, 59)), Resolved::One(at(spring.as_ms() - 60_000)));
        assert_eq!(zone.resolve(civil(3, 29, 1, 0)), Resolved::Gap(spring));
        assert_eq!(zone.resolve(civil(3, 29, 1, 59)), Resolved::Gap(spring));
        assert_eq!(zone.resolve(civil(3, 29, 2, 0)), Resolved::One(spring));
        let fold = Resolved::Fold(at(autumn.as_ms() - HOUR), autumn);
        assert_eq!(zone.resolve(civil(10, 25, 1, 0)), fold);
        assert_eq!(zone.resolve(civil(10, 25, 2, 0)), Resolved::One(at(autumn.as_ms() + HOUR)));
        assert_eq!(zone.resolve(civil(7, 1, 12, 0)), Resolved::One(at(civil(7, 1, 11, 0).0)));
    }

    #[test]
    fn instants_show_on_the_wall_what_they_came_from() {
        let zone = london();
        for hours in 0..24 * 365 {
            let instant = at(civil(1, 1, 0, 0).0 + hours * HOUR);
            match zone.resolve(zone.civil(instant)) {
                Resolved::One(back) => assert_eq!(back, instant),
                Resolved::Fold(first, second) => assert!(first == instant || second == instant),
                Resolved::Gap(_) => panic!("what the wall shows is never in a gap: {instant}"),
            }
        }
    }

    #[test]
    fn a_day_that_a_zone_skipped_is_a_gap() {
        // Apia crossed the date line: 2011-12-30 did not happen.
        let changes = [Change { at: at(1_325_239_200_000), offset_seconds: 14 * 3600 }];
        let zone = Zone::new("Pacific/Apia", -10 * 3600, &changes).unwrap();
        let day = Date::new(2011, 12, 30).unwrap().midnight();
        assert_eq!(zone.resolve(day), Resolved::Gap(at(1_325_239_200_000)));
        assert_eq!(zone.resolve(Civil(day.0 + 24 * HOUR)), Resolved::One(at(1_325_239_200_000)));
    }

    #[test]
    fn a_table_that_is_none_is_refused() {
        let change = |ms, offset_seconds| Change { at: at(ms), offset_seconds };
        let unsorted = Zone::new("A/B", 0, &[change(5, 60), change(5, 0)]);
        assert_eq!(unsorted, Err(ZoneError::Unsorted("A/B".into())));
        let far = Zone::new("A/B", 86_400, &[]);
        assert_eq!(far, Err(ZoneError::Offset("A/B".into())));
        let many: Vec<Change> = (0..3000).map(|n| change(n, 60)).collect();
        assert_eq!(Zone::new("A/B", 0, &many), Err(ZoneError::TooMany("A/B".into())));
    }

    #[test]
    fn a_change_of_the_name_only_is_none() {
        let zone = Zone::new("A/B", 60, &[Change { at: at(5), offset_seconds: 60 }]).unwrap();
        assert_eq!(zone.changes().count(), 0);
        assert_eq!(zone.change_after(at(0)), None);
    }
}
