//! Time zones as tables of their changes. Knows no browser and no database of zones: whoever owns an
//! engine hands the tables in.
//!
//! * [`Zone`]: one zone's offsets from 1970 to 2100, and which instants a civil time is.
//! * [`Zones`]: where a trigger finds the zones that it names.
//! * `bundled` (feature `bundled-tz`): tables from a database that is compiled in, for native use.

#[cfg(feature = "bundled-tz")]
pub mod bundled;
mod table;
mod text;

use std::rc::Rc;

pub(crate) use table::Resolved;
pub use table::{Change, Zone, ZoneError};

use crate::sorted::SortedMap;

/// The zones that are known by now.
#[derive(Clone, Debug, Default)]
pub struct Zones(SortedMap<String, Rc<Zone>>);

impl Zones {
    /// The zone of this name; UTC is always known.
    pub fn find(&self, name: &str) -> Option<Rc<Zone>> {
        match self.0.get(&name.to_owned()) {
            Some(zone) => Some(Rc::clone(zone)),
            None if name == Zone::UTC => Some(Rc::new(Zone::utc())),
            None => None,
        }
    }

    /// Makes a zone known, in place of an older table of its name.
    pub fn insert(&mut self, zone: Rc<Zone>) {
        self.0.insert(zone.name().to_owned(), zone);
    }
}
