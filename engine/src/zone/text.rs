//! A zone's table as a short line of text, for a store to keep. Checks no table beyond what
//! [`Zone::new`] does: whether its rules are still in force, the shell has to ask.
//!
//! `3600000 -5 1767+1 4536-1`: a unit in milliseconds, and the rest counted in it: the first offset,
//! then for each change how long after the one before it is (the first one: after 1970 began), and by
//! how much it changes the offset. The unit is the largest that all of them are multiples of.

use std::fmt::Write;

use super::table::MOST_CHANGES;
use super::{Change, Zone};
use crate::time::Timestamp;

impl Zone {
    /// Its table, without its name. [`Zone::from_text`] reads it.
    pub fn to_text(&self) -> String {
        let first = i64::from(self.first_offset_seconds()) * 1000;
        let steps: Vec<(i64, i64)> = self.steps(first).collect();
        let numbers = steps.iter().flat_map(|(wait, turn)| [*wait, *turn]);
        let unit = numbers.fold(first, common_divisor).abs().max(1);
        let mut text = format!("{unit} {}", first / unit);
        for (wait, turn) in steps {
            // Writing into a String can't fail.
            let _ok = write!(text, " {}{:+}", wait / unit, turn / unit);
        }
        text
    }

    /// The zone of this name, by the text of its table; none when the text is none of ours.
    pub fn from_text(name: &str, text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let unit: i64 = words.next()?.parse().ok()?;
        let first = words.next()?.parse::<i64>().ok()?.checked_mul(unit)?;
        let (mut at, mut offset) = (0_i64, first);
        let mut changes = Vec::new();
        // One more than there may be, for the check of their number.
        for word in words.take(MOST_CHANGES + 1) {
            let (wait, turn) = word.split_at_checked(word.rfind(['+', '-'])?)?;
            at = at.checked_add(wait.parse::<i64>().ok()?.checked_mul(unit)?)?;
            offset = offset.checked_add(turn.parse::<i64>().ok()?.checked_mul(unit)?)?;
            changes.push(Change { at: Timestamp::from_ms(at), offset_seconds: seconds(offset)? });
        }
        Self::new(name, seconds(first)?, &changes).ok()
    }

    /// For each change, the time since the one before and what it adds to the offset, in milliseconds.
    fn steps(&self, first: i64) -> impl Iterator<Item = (i64, i64)> {
        self.changes().scan((0, first), |before, change| {
            let now = (change.at.as_ms(), i64::from(change.offset_seconds) * 1000);
            let step = (now.0 - before.0, now.1 - before.1);
            *before = now;
            Some(step)
        })
    }
}

fn common_divisor(one: i64, other: i64) -> i64 {
    if other == 0 { one } else { common_divisor(other, one % other) }
}

/// An offset in seconds; none when it is not whole, or is none at all.
fn seconds(ms: i64) -> Option<i32> {
    if ms % 1000 == 0 { i32::try_from(ms / 1000).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NEW_YORK_2026: &str = "3600000 -5 492655+1 5712-1";

    fn check_round_trip(zone: &Zone) {
        let text = zone.to_text();
        assert_eq!(Zone::from_text(zone.name(), &text).as_ref(), Some(zone), "{text}");
    }

    #[test]
    fn a_table_is_counted_in_its_largest_unit() {
        let change = |ms, offset_seconds| Change { at: Timestamp::from_ms(ms), offset_seconds };
        let changes = [change(1_773_558_000_000, -4 * 3600), change(1_794_121_200_000, -5 * 3600)];
        let zone = Zone::new("America/New_York", -5 * 3600, &changes).unwrap();
        assert_eq!(zone.to_text(), NEW_YORK_2026);
        check_round_trip(&zone);
        // Liberia left an offset with seconds in it.
        let liberia = Zone::new("Africa/Monrovia", -2670, &[change(63_593_070_000, 0)]).unwrap();
        assert_eq!(liberia.to_text(), "30000 -89 2119769+89");
        check_round_trip(&liberia);
    }

    #[test]
    fn a_zone_without_changes_is_short() {
        assert_eq!(Zone::utc().to_text(), "1 0");
        check_round_trip(&Zone::utc());
        assert_eq!(Zone::new("A/B", -19_800, &[]).unwrap().to_text(), "19800000 -1");
    }

    #[test]
    fn changes_at_the_ends_of_time_come_back() {
        let change = |at, offset_seconds| Change { at, offset_seconds };
        let changes = [
            change(Timestamp::MIN, 1),
            change(Timestamp::from_ms(-1), 86_399),
            change(Timestamp::MAX, -86_399),
        ];
        check_round_trip(&Zone::new("A/B", 0, &changes).unwrap());
    }

    #[test]
    fn broken_text_is_none() {
        let check = |text| assert_eq!(Zone::from_text("A/B", text), None, "{text}");
        check("");
        check("1");
        check("1 ");
        check("x 0");
        check("3600000 -5 492655");
        check("3600000 -5 492655+");
        check("3600000 -5 +1");
        check("3600000 -5 492655+1 ");
        check("3600000 -5  492655+1");
        check("3600000 -5 492655+1 0-1");
        check("3600000 -5 492655+1 -5-1");
        check("3600000 -24");
        check("1 1");
        check("1 0 5+1");
        check("9223372036854775807 2");
        check("9223372036854775807 0 2+1");
        check("9223372036854775807 0 1+0 1+0");
        check("3600000 -5 492655é+1");
        check(&format!("1000 0{}", " 1+1 1-1".repeat(MOST_CHANGES)));
    }

    proptest! {
        #[test]
        fn any_text_may_stand_where_a_table_was(text in any::<String>(), numbers in "[0-9+ -]{0,60}") {
            let _zone = Zone::from_text("A/B", &text);
            let _zone = Zone::from_text("A/B", &numbers);
        }

        #[test]
        fn a_table_with_a_hole_is_a_table_or_none(from in 0..NEW_YORK_2026.len(), len in 0..5_usize) {
            let mut text = NEW_YORK_2026.to_owned();
            text.replace_range(from..(from + len).min(NEW_YORK_2026.len()), "");
            if let Some(zone) = Zone::from_text("A/B", &text) {
                check_round_trip(&zone);
            }
        }
    }

    #[cfg(feature = "bundled-tz")]
    #[test]
    fn every_bundled_zone_comes_back() {
        use crate::zone::bundled;

        for name in bundled::names() {
            check_round_trip(&bundled::zone(&name).unwrap());
        }
        let new_york = bundled::zone("America/New_York").unwrap().to_text();
        assert!(new_york.len() < 2000, "{} bytes", new_york.len());
    }
}
