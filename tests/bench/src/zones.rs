//! Zone tables as text, one zone a line: `America/New_York -18000 9961200000:-14400 ...`, its name, its first offset
//! in seconds, and its changes in milliseconds and seconds.

use std::fmt::Write;
use std::rc::Rc;

use baton_engine::time::Timestamp;
use baton_engine::zone::{Change, Zone, Zones};

use crate::Failure;

/// The line of a zone.
pub fn line(zone: &Zone) -> String {
    let mut text = format!("{} {}", zone.name(), zone.first_offset_seconds());
    for change in zone.changes() {
        // Writing into a text cannot fail.
        let _ = write!(text, " {}:{}", change.at.as_ms(), change.offset_seconds);
    }
    text
}

/// The zones of such lines.
///
/// # Errors
/// When a line is none.
pub fn read(text: &str) -> Result<Zones, Failure> {
    let mut zones = Zones::default();
    for line in text.lines() {
        zones.insert(Rc::new(zone(line)?));
    }
    Ok(zones)
}

fn zone(line: &str) -> Result<Zone, Failure> {
    let mut words = line.split(' ');
    let name = words.next().ok_or("a zone has no name")?;
    let first: i32 = words.next().ok_or("a zone has no offset")?.parse()?;
    let changes: Vec<Change> = words.map(change).collect::<Result<_, Failure>>()?;
    Ok(Zone::new(name, first, &changes)?)
}

fn change(word: &str) -> Result<Change, Failure> {
    let (at, offset) = word.split_once(':').ok_or("a change has no offset")?;
    Ok(Change { at: Timestamp::from_ms(at.parse()?), offset_seconds: offset.parse()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_the_same_after_its_way_into_the_module() {
        let change = |ms, offset_seconds| Change { at: Timestamp::from_ms(ms), offset_seconds };
        let zone = Zone::new("A/B", -18_000, &[change(5, -14_400), change(9, -18_000)]).unwrap();
        let read = read(&format!("{}\n", line(&zone))).unwrap();
        assert_eq!(*read.find("A/B").unwrap(), zone);
    }
}
