//! Zones from the database that is compiled into jiff, for native use: tests, examples, tools.

use jiff::tz::TimeZone;

use super::{Change, Zone};
use crate::time::Timestamp;

/// The first and the last year that tables cover, as for a browser's.
const FROM: i64 = 0;
const UNTIL: i64 = 4_133_980_800_000;

/// The zone of this IANA name, in any case; none when the database has no such zone.
pub fn zone(name: &str) -> Option<Zone> {
    let rules = jiff::tz::db().get(name).ok()?;
    let start = jiff::Timestamp::from_millisecond(FROM).ok()?;
    let first = rules.to_offset(start).seconds();
    let until = jiff::Timestamp::from_millisecond(UNTIL).ok()?;
    let changes: Vec<Change> = rules
        .following(start)
        .take_while(|change| change.timestamp() < until)
        .map(|change| Change {
            at: Timestamp::from_ms(change.timestamp().as_millisecond()),
            offset_seconds: change.offset().seconds(),
        })
        .collect();
    Zone::new(canonical(&rules, name), first, &changes).ok()
}

/// The names of all zones, in order.
pub fn names() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect()
}

fn canonical<'a>(rules: &'a TimeZone, name: &'a str) -> &'a str {
    rules.iana_name().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn london_changes_twice_a_year() {
        let zone = zone("europe/london").unwrap();
        assert_eq!(zone.name(), "Europe/London");
        let spring = Timestamp::from_ms(1_774_746_000_000);
        assert_eq!(zone.change_after(Timestamp::from_ms(1_774_000_000_000)).unwrap().at, spring);
        assert_eq!((zone.offset_seconds(spring)), 3600);
        assert_eq!(super::zone("Europe/Londinium"), None);
        assert!(names().len() > 400);
    }
}
