//! Zones from the database that is compiled into jiff, for native use: tests, examples, tools.

use super::{Change, Zone};
use crate::time::Timestamp;

/// The zone of this IANA name, in any case, old names such as `US/Eastern` included; none when the
/// database has no such zone. It keeps the name that it was asked by, as a browser's does.
pub fn zone(name: &str) -> Option<Zone> {
    let rules = jiff::tz::db().get(name).ok().filter(|rules| !rules.is_unknown())?;
    let start = jiff::Timestamp::from_millisecond(Zone::FROM.as_ms()).ok()?;
    let until = jiff::Timestamp::from_millisecond(Zone::UNTIL.as_ms()).ok()?;
    let changes: Vec<Change> = rules
        .following(start)
        .take_while(|change| change.timestamp() < until)
        .map(|change| Change {
            at: Timestamp::from_ms(change.timestamp().as_millisecond()),
            offset_seconds: change.offset().seconds(),
        })
        .collect();
    Zone::new(name, rules.to_offset(start).seconds(), &changes).ok()
}

/// The names of all zones, in order.
pub fn names() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn london_changes_twice_a_year() {
        let zone = zone("Europe/London").unwrap();
        let spring = at("2026-03-29T01:00:00Z");
        assert_eq!(zone.change_after(at("2026-03-20T00:00:00Z")).unwrap().at, spring);
        assert_eq!(zone.offset_seconds(spring), 3600);
    }

    #[test]
    fn a_name_is_known_in_any_case_and_kept() {
        let check = |name| assert_eq!(zone(name).unwrap().name(), name);
        check("europe/london");
        check("US/Eastern");
        check("Asia/Calcutta");
        check("Asia/Kolkata");
        check("utc");
        check("Etc/GMT+5");
    }

    #[test]
    fn an_old_name_has_the_rules_of_the_new_one() {
        let check = |old, new| assert_eq!(rules(old), rules(new), "{old}");
        check("US/Eastern", "America/New_York");
        check("Asia/Calcutta", "Asia/Kolkata");
        check("GB", "Europe/London");
        check("Etc/UTC", "UTC");
    }

    fn rules(name: &str) -> (i32, Vec<Change>) {
        let zone = zone(name).unwrap();
        (zone.first_offset_seconds(), zone.changes().collect())
    }

    #[test]
    fn what_is_no_zone_is_none() {
        assert_eq!(zone("Europe/Londinium"), None);
        assert_eq!(zone("Etc/Unknown"), None);
        assert_eq!(zone(""), None);
    }

    #[test]
    fn tables_reach_from_1970_to_2100() {
        assert_eq!(zone("Africa/Monrovia").unwrap().first_offset_seconds(), -2670);
        // The first change of London's in the table is the end of its permanent summer time.
        let london = zone("Europe/London").unwrap();
        assert_eq!(london.first_offset_seconds(), 3600);
        assert_eq!(london.changes().next().unwrap().at, at("1971-10-31T02:00:00Z"));
        assert_eq!(london.changes().last().unwrap().at, at("2100-10-31T01:00:00Z"));
    }

    #[test]
    fn every_zone_has_a_table() {
        let names = names();
        assert!(names.len() > 400);
        for name in names {
            let zone = zone(&name).unwrap();
            assert!(zone.changes().all(|change| Zone::FROM < change.at && change.at < Zone::UNTIL));
        }
    }

    /// A browser's offsets are read every five days: two changes within them could be missed.
    #[test]
    fn no_two_changes_are_within_six_days() {
        for name in names() {
            let changes: Vec<Change> = zone(&name).unwrap().changes().collect();
            for pair in changes.windows(2) {
                let days = pair[1].at.since(pair[0].at).as_secs() / 86_400;
                assert!(days >= 6, "{name}: {} and {}", pair[0].at, pair[1].at);
            }
        }
    }
}
