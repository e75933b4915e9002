//! Which rows of each system are of which record: one pass over the rows, and none over pairs of them.

use std::collections::BTreeMap;

use super::Column;
use crate::verify::{Reason, Record, Recorded, Records};

/// The records by key, and where their rows are.
pub(super) struct Index<'a> {
    /// The keys' values, in the order in which they first appear.
    pub(super) keys: Vec<Vec<String>>,
    /// By column: which record each row is of. In the order of records, then of rows.
    rows: Vec<Vec<(usize, &'a Record)>>,
    /// By column: how many rows are of no record.
    pub(super) unkeyed: Vec<u32>,
}

impl<'a> Index<'a> {
    /// Without key fields a record is what stands in the same place in every system.
    pub(super) fn of(columns: &[Column<'a>], key: &[String]) -> Self {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let mut keys: Vec<Vec<String>> = Vec::new();
        let mut rows: Vec<Vec<(usize, &Record)>> = Vec::new();
        let mut without: Vec<Vec<&Record>> = Vec::new();
        for column in columns {
            let (mut keyed, mut unkeyed) = (Vec::new(), Vec::new());
            for (place, row) in column.now.records.rows.iter().enumerate() {
                let (values, joined) = match key_of(row, key) {
                    None => {
                        unkeyed.push(row);
                        continue;
                    }
                    Some(values) if values.is_empty() => (values, place.to_string()),
                    Some(values) => {
                        // A line break is escaped in JSON text, so keys of several fields never meet.
                        let joined = values.join("\n");
                        (values, joined)
                    }
                };
                let record = *known.entry(joined).or_insert_with(|| {
                    keys.push(values);
                    keys.len() - 1
                });
                keyed.push((record, row));
            }
            rows.push(keyed);
            without.push(unkeyed);
        }
        Self { keys, rows, unkeyed: Vec::new() }.settled(&without)
    }

    /// Rows without a key are of the only record, when there is no other.
    fn settled(mut self, without: &[Vec<&'a Record>]) -> Self {
        if self.keys.len() < 2 {
            for (rows, more) in self.rows.iter_mut().zip(without) {
                rows.extend(more.iter().map(|row| (0, *row)));
            }
            self.unkeyed = vec![0; without.len()];
        } else {
            self.unkeyed = without.iter().map(|rows| small(rows.len())).collect();
        }
        if self.keys.is_empty() {
            // What is awaited, as long as nothing is there.
            self.keys.push(Vec::new());
        }
        for rows in &mut self.rows {
            rows.sort_by_key(|(record, _)| *record);
        }
        self
    }

    /// A column's rows of a record.
    pub(super) fn rows(&self, column: usize, record: usize) -> &[(usize, &'a Record)] {
        let all = self.rows.get(column).map_or(&[][..], Vec::as_slice);
        let begin = all.partition_point(|(of, _)| *of < record);
        let end = all.partition_point(|(of, _)| *of <= record);
        all.get(begin..end).unwrap_or_default()
    }

    /// How many keys a column has, and how many of its rows repeat one.
    pub(super) fn counts(&self, column: usize) -> (u32, u32) {
        let all = self.rows.get(column).map_or(&[][..], Vec::as_slice);
        let repeated = all.windows(2).filter(|pair| pair[0].0 == pair[1].0).count();
        (small(all.len() - repeated), small(repeated))
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
