//! What waits for a time zone's rules: commands that name a zone, and stored jobs that do. The shell
//! is asked once for each zone; its answer is kept in the store.

use std::rc::Rc;

use super::super::Engine;
use super::super::records::{put, read};
use super::stored::StoredJobs;
use crate::form::object;
use crate::id::{ClientId, JobId};
use crate::outbox::Effect;
use crate::protocol::{Command, Order};
use crate::store::{Row, Table};
use crate::time::Now;
use crate::trigger::Setting;
use crate::zone::{Zone, Zones};

/// Zones, and what waits for them.
#[derive(Debug, Default)]
pub(in crate::engine) struct ZoneWork {
    pub(super) known: Zones,
    /// The scheduler's own zone: triggers that name none are of this one.
    own: String,
    /// Zones that were asked for and not answered.
    asked: Vec<String>,
    /// Zones that the shell doesn't know.
    refused: Vec<String>,
    /// Commands that wait.
    held: Vec<Order>,
    /// Jobs that wait.
    pub(in crate::engine) stored: StoredJobs,
}

struct ZoneRecord {
    table: String,
}

object!(ZoneRecord: table);

/// The zone that a row of [`Table::Zones`] keeps. Whoever hands rows to an engine leaves out those
/// whose rules have changed since: they are asked for again.
pub fn kept_zone(row: &Row) -> Option<Zone> {
    let ZoneRecord { table } = read(row)?;
    Zone::from_text(&row.key, &table)
}

impl ZoneWork {
    /// Nothing known yet but the name of the scheduler's own zone.
    pub(super) fn new(own: String) -> Self {
        let own = if own.is_empty() { Zone::UTC.to_owned() } else { own };
        Self { own, ..Self::default() }
    }

    /// The name of the scheduler's own zone.
    pub(super) fn own_name(&self) -> &str {
        &self.own
    }

    /// In which zone a job's trigger is read, and from which seed its jitter comes.
    pub(super) fn setting(&self, now: Now, job: &JobId) -> Setting<'_> {
        Setting { zones: &self.known, zone: &self.own, now: now.wall, seed: seed(job) }
    }
}

impl Engine {
    /// Which of the zones that a trigger needs are not known, and may be.
    pub(super) fn missing_zones(&self, mut named: Vec<String>) -> Vec<String> {
        let zones = &self.jobs.zones;
        named.push(zones.own.clone());
        named.retain(|name| zones.known.find(name).is_none() && !zones.refused.contains(name));
        named
    }

    /// Whether a page has a command that waits: its later ones wait behind it.
    pub(super) fn is_held(&self, client: &ClientId) -> bool {
        let of = |order: &Order| matches!(&order.command, Command::Jobs { client: of, .. } if of == client);
        self.jobs.zones.held.iter().any(of)
    }

    /// Holds a command back until these zones are known.
    pub(in crate::engine) fn hold_for_zones(&mut self, order: Order, missing: Vec<String>) {
        self.jobs.zones.held.push(order);
        self.need_zones(missing);
    }

    pub(super) fn need_zones(&mut self, missing: Vec<String>) {
        for name in missing {
            if !self.jobs.zones.asked.contains(&name) {
                self.jobs.zones.asked.push(name.clone());
                self.outbox.push(Effect::NeedZone(name));
            }
        }
    }

    /// The shell's answer: a zone's table, or none when it knows no such zone.
    pub(in crate::engine) fn zone_answered(&mut self, now: Now, name: &str, zone: Option<Zone>) {
        self.jobs.zones.asked.retain(|asked| asked != name);
        match zone {
            Some(zone) => {
                let record = ZoneRecord { table: zone.to_text() };
                self.outbox.write(put(Table::Zones, name.to_owned(), &record));
                self.jobs.zones.known.insert(Rc::new(zone));
            }
            None => self.jobs.zones.refused.push(name.to_owned()),
        }
        self.settle_jobs(now);
        for order in std::mem::take(&mut self.jobs.zones.held) {
            self.obey(now, order);
        }
        // Another command may ask again: the name may be known to a later browser.
        if self.jobs.zones.asked.is_empty() {
            self.jobs.zones.refused.clear();
        }
    }

    /// Reads a zone that an earlier engine kept.
    pub(in crate::engine) fn read_zone(&mut self, row: &Row) -> Option<()> {
        self.jobs.zones.known.insert(Rc::new(kept_zone(row)?));
        Some(())
    }
}

/// A number of the job's own. Source: FNV-1a.
fn seed(job: &JobId) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    job.as_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step)
}
