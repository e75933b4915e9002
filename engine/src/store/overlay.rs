//! What a full database could not take, kept in memory above it, as if it were there.

use super::{Batch, MemoryStore, Row, Table, Write};

/// What stands for a row that was deleted: rows are JSON texts, and so never empty.
const DELETED: &str = "";

/// Writes that lie above a store: what is read through it is as if the store had them.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// Rows that were put since, and [`DELETED`] ones.
    rows: MemoryStore,
    /// Prefixes whose rows in the store are gone.
    gone: Vec<(Table, String)>,
}

impl Overlay {
    /// Takes a batch, above what was taken before.
    pub fn commit(&mut self, mut batch: Batch) {
        for write in batch.strict.iter_mut().chain(&mut batch.relaxed) {
            match write {
                Write::Put(_) => {}
                Write::Delete { table, key } => {
                    let (table, key) = (*table, std::mem::take(key));
                    *write = Write::Put(Row { table, key, value: DELETED.into() });
                }
                Write::DeletePrefix { table, prefix } => self.gone.push((*table, prefix.clone())),
            }
        }
        self.rows.commit(batch);
    }

    /// The rows of a table whose keys begin with `prefix`, in the order of their keys, where the store
    /// below has `rows`.
    pub fn load(&self, table: Table, prefix: &str, rows: Vec<Row>) -> Vec<Row> {
        let mut all = MemoryStore::default();
        let below = rows.into_iter().map(Write::Put).collect();
        all.commit(Batch { strict: below, relaxed: self.writes(&[table], prefix) });
        all.load(table, prefix)
    }

    /// All of it as one batch, for the store below.
    pub fn batch(&self) -> Batch {
        Batch { strict: self.writes(&Table::ALL, ""), relaxed: Vec::new() }
    }

    /// What there is of these tables, rows by their prefix.
    fn writes(&self, of: &[Table], prefix: &str) -> Vec<Write> {
        let gone = self.gone.iter().filter(|(table, _)| of.contains(table)).cloned();
        let gone = gone.map(|(table, prefix)| Write::DeletePrefix { table, prefix });
        let rows = of.iter().flat_map(|table| self.rows.load(*table, prefix));
        gone.chain(rows.map(|row| match row.value.as_str() {
            DELETED => Write::Delete { table: row.table, key: row.key },
            _ => Write::Put(row),
        }))
        .collect()
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
