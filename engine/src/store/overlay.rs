//! What a full database could not take, kept in memory above it, as if it were there.

use super::{Batch, MemoryStore, Row, Table, Write};
use crate::sorted::SortedMap;

/// Writes that lie above a store: what is read through it is as if the store had them.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// Rows that were put, or deleted, since.
    rows: SortedMap<(Table, String), Option<String>>,
    /// Prefixes whose rows in the store are gone.
    gone: Vec<(Table, String)>,
}

impl Overlay {
    /// Takes a batch, above what was taken before.
    pub fn commit(&mut self, batch: Batch) {
        for write in batch.strict.into_iter().chain(batch.relaxed) {
            match write {
                Write::Put(row) => {
                    self.rows.insert((row.table, row.key), Some(row.value));
                }
                Write::Delete { table, key } => {
                    self.rows.insert((table, key), None);
                }
                Write::DeletePrefix { table, prefix } => {
                    self.rows.retain(|(of, key)| *of != table || !key.starts_with(&prefix));
                    self.gone.push((table, prefix));
                }
            }
        }
    }

    /// The rows of a table whose keys begin with `prefix`, in the order of their keys, where the store
    /// below has `rows`.
    pub fn load(&self, table: Table, prefix: &str, rows: Vec<Row>) -> Vec<Row> {
        let mut all = MemoryStore::default();
        let relaxed = self.writes(|of| of == table).collect();
        all.commit(Batch { strict: rows.into_iter().map(Write::Put).collect(), relaxed });
        all.load(table, prefix)
    }

    /// All of it as one batch, for the store below.
    pub fn batch(&self) -> Batch {
        Batch { strict: self.writes(|_| true).collect(), relaxed: Vec::new() }
    }

    /// Whether nothing was taken.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0 && self.gone.is_empty()
    }

    fn writes(&self, of: impl Fn(Table) -> bool + Copy) -> impl Iterator<Item = Write> {
        let gone = self.gone.iter().filter(move |(table, _)| of(*table)).cloned();
        let rows = self.rows.iter().filter(move |((table, _), _)| of(*table)).cloned();
        gone.map(|(table, prefix)| Write::DeletePrefix { table, prefix }).chain(rows.map(
            |((table, key), value)| match value {
                Some(value) => Write::Put(Row { table, key, value }),
                None => Write::Delete { table, key },
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table() -> impl Strategy<Value = Table> {
        prop_oneof![Just(Table::Runs), Just(Table::Evidence)]
    }

    fn write() -> impl Strategy<Value = Write> {
        let key = "[ab]{1,3}";
        prop_oneof![
            (table(), key, "[0-9]")
                .prop_map(|(table, key, value)| { Write::Put(Row { table, key, value }) }),
            (table(), key).prop_map(|(table, key)| Write::Delete { table, key }),
            (table(), "[ab]{1,2}")
                .prop_map(|(table, prefix)| Write::DeletePrefix { table, prefix }),
        ]
    }

    fn batches() -> impl Strategy<Value = Vec<Batch>> {
        let batch = prop::collection::vec(write(), 0..6);
        let batch = batch.prop_map(|strict| Batch { strict, relaxed: Vec::new() });
        prop::collection::vec(batch, 0..6)
    }

    proptest! {
        #[test]
        fn what_lies_above_reads_as_if_it_were_below(
            below in batches(), above in batches(), prefix in "[ab]{0,2}",
        ) {
            let (mut store, mut all) = (MemoryStore::default(), MemoryStore::default());
            let mut overlay = Overlay::default();
            for batch in below {
                store.commit(batch.clone());
                all.commit(batch);
            }
            for batch in above {
                overlay.commit(batch.clone());
                all.commit(batch);
            }
            for table in [Table::Runs, Table::Evidence] {
                let read = overlay.load(table, &prefix, store.load(table, &prefix));
                prop_assert_eq!(read, all.load(table, &prefix));
            }
            store.commit(overlay.batch());
            for table in [Table::Runs, Table::Evidence] {
                prop_assert_eq!(store.load(table, ""), all.load(table, ""));
            }
        }
    }
}
