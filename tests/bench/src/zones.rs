//! Zone tables as text: `{"America/New_York": [-18000, [[ms, offset], ...]]}`, the first offset and the changes.

use std::collections::BTreeMap;
use std::rc::Rc;

use baton_engine::time::Timestamp;
use baton_engine::zone::{Change, Zone, Zones};

use crate::Failure;

type Table = (i32, Vec<(i64, i32)>);

/// The text of some zones.
///
/// # Errors
/// None that can happen.
pub fn write(zones: &[Zone]) -> Result<String, Failure> {
    let tables: BTreeMap<&str, Table> =
        zones.iter().map(|zone| (zone.name(), table(zone))).collect();
    Ok(serde_json::to_string(&tables)?)
}

fn table(zone: &Zone) -> Table {
    let changes = zone.changes().map(|change| (change.at.as_ms(), change.offset_seconds));
    (zone.first_offset_seconds(), changes.collect())
}

/// The zones of a text.
///
/// # Errors
/// When it is no such text.
pub fn read(text: &str) -> Result<Zones, Failure> {
    let tables: BTreeMap<String, Table> = serde_json::from_str(text)?;
    let mut zones = Zones::default();
    for (name, (first, changes)) in tables {
        let change = |(ms, offset_seconds)| Change { at: Timestamp::from_ms(ms), offset_seconds };
        let changes: Vec<Change> = changes.into_iter().map(change).collect();
        zones.insert(Rc::new(Zone::new(&name, first, &changes)?));
    }
    Ok(zones)
}
