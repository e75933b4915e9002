//! Which rows of each system are of which record: one pass over the rows, and none over pairs of them.

use super::Column;
use crate::index::{Index as Slots, hash};
use crate::verify::{Reason, Record, Recorded, Records};

/// The records by key, and where their rows are.
#[derive(Default)]
pub(super) struct Index<'a> {
    /// The keys' values, in the order in which they first appear.
    pub(super) keys: Vec<Vec<String>>,
    /// By column and record: its rows. What is left out at the end has none.
    rows: Vec<Vec<Vec<&'a Record>>>,
    /// By column: how many rows are of no record.
    pub(super) unkeyed: Vec<u32>,
    joined: Vec<String>,
    slots: Slots,
}

impl<'a> Index<'a> {
    /// Without key fields a record is what stands in the same place in every system.
    pub(super) fn of(columns: &[Column<'a>], key: &[String]) -> Self {
        let mut index = Self::default();
        let mut without: Vec<Vec<&Record>> = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let mut unkeyed = Vec::new();
            for (place, row) in column.now.records.rows.iter().enumerate() {
                match key_of(row, key) {
                    None => unkeyed.push(row),
                    Some(values) => {
                        // A line break is escaped in JSON text, so keys of several fields never meet.
                        let by_place = values.is_empty();
                        let text = if by_place { place.to_string() } else { values.join("\n") };
                        let record = index.record(text, values);
                        index.add(at, record, row);
                    }
                }
            }
            without.push(unkeyed);
        }
        index.settle(&without);
        index
    }

    /// The record of a key, which may be a new one.
    fn record(&mut self, text: String, values: Vec<String>) -> usize {
        let Self { keys, joined, slots, .. } = self;
        let at = |slot: u32| joined.get(slot as usize);
        let wanted = hash(&text);
        if let Some(slot) = slots.find(wanted, |slot| at(slot) == Some(&text)) {
            return slot as usize;
        }
        slots.insert(wanted, small(keys.len()), |slot| at(slot).map_or(0, hash));
        joined.push(text);
        keys.push(values);
        keys.len() - 1
    }

    fn add(&mut self, column: usize, record: usize, row: &'a Record) {
        let grown = |len: usize, at: usize| len.max(at + 1);
        self.rows.resize_with(grown(self.rows.len(), column), Vec::new);
        let Some(rows) = self.rows.get_mut(column) else { return };
        rows.resize_with(grown(rows.len(), record), Vec::new);
        if let Some(rows) = rows.get_mut(record) {
            rows.push(row);
        }
    }

    /// Rows without a key are of the only record, when there is no other.
    fn settle(&mut self, without: &[Vec<&'a Record>]) {
        let one = self.keys.len() < 2;
        for (column, rows) in without.iter().enumerate() {
            self.unkeyed.push(if one { 0 } else { small(rows.len()) });
            for row in rows.iter().filter(|_| one) {
                self.add(column, 0, row);
            }
        }
        if self.keys.is_empty() {
            // What is awaited, as long as nothing is there.
            self.keys.push(Vec::new());
        }
    }

    /// A column's rows of a record.
    pub(super) fn rows(&self, column: usize, record: usize) -> &[&'a Record] {
        let rows = self.rows.get(column).and_then(|rows| rows.get(record));
        rows.map_or(&[][..], Vec::as_slice)
    }

    /// How many keys a column has, and how many of its rows repeat one.
    pub(super) fn counts(&self, column: usize) -> (u32, u32) {
        let all = self.rows.get(column).map_or(&[][..], Vec::as_slice);
        let there = all.iter().filter(|rows| !rows.is_empty());
        let keys = there.clone().count();
        (small(keys), small(there.map(Vec::len).sum::<usize>() - keys))
    }
}

pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The values of a row's key, in one form; none when one is not there.
fn key_of(row: &Record, key: &[String]) -> Option<Vec<String>> {
    let value = |name: &String| {
        let recorded = row.fields.iter().find(|recorded| recorded.field == *name)?;
        let whole = is_there(recorded) && is_whole(recorded);
        let text = recorded.normalised.as_ref().or(recorded.raw.as_ref());
        text.filter(|_| whole).cloned()
    };
    key.iter().map(value).collect()
}

/// Whether there is a value, and it is not null.
pub(super) fn is_there(recorded: &Recorded) -> bool {
    recorded.raw.as_deref().is_some_and(|raw| raw != "null")
}

/// Whether what is kept is the value itself: not the beginning of it, nor one of several.
pub(super) fn is_whole(recorded: &Recorded) -> bool {
    !matches!(recorded.trouble, Some(Reason::ValueTooLong { .. } | Reason::Matched { .. }))
}

/// How many rows an answer has.
pub(super) fn seen(records: &Records) -> u64 {
    records.seen.max(records.rows.len() as u64)
}
