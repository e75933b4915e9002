//! A store in memory: for tests, and for elements with `storage="memory"`.

use super::{Batch, Row, Table, Write};
use crate::sorted::SortedMap;

/// Rows in memory, in the order of their keys.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    rows: SortedMap<(Table, String), String>,
}

impl MemoryStore {
    /// Carries out a batch.
    pub fn commit(&mut self, batch: Batch) {
        for write in batch.strict.into_iter().chain(batch.relaxed) {
            self.write(write);
        }
    }

    /// The rows of a table whose keys begin with `prefix`, in the order of their keys.
    pub fn load(&self, table: Table, prefix: &str) -> Vec<Row> {
        self.rows
            .starting_at(&(table, prefix.to_owned()))
            .take_while(|((t, key), _)| *t == table && key.starts_with(prefix))
            .map(|((table, key), value)| Row {
                table: *table,
                key: key.clone(),
                value: value.clone(),
            })
            .collect()
    }

    /// The keys and values of a table, in the order of the keys.
    pub fn rows(&self, table: Table) -> impl DoubleEndedIterator<Item = (&str, &str)> {
        let of = self.rows.iter().filter(move |((of, _), _)| *of == table);
        of.map(|((_, key), value)| (key.as_str(), value.as_str()))
    }

    /// All rows that an engine is restored from.
    pub fn restored(&self) -> Vec<Row> {
        Table::RESTORED.iter().flat_map(|table| self.load(*table, "")).collect()
    }

    fn write(&mut self, write: Write) {
        match write {
            Write::Put(row) => {
                self.rows.insert((row.table, row.key), row.value);
            }
            Write::Delete { table, key } => {
                self.rows.remove(&(table, key));
            }
            Write::DeletePrefix { table, prefix } => {
                self.rows.retain(|(t, key)| *t != table || !key.starts_with(&prefix));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(table: Table, key: &str) -> Write {
        Write::Put(Row { table, key: key.into(), value: key.to_uppercase() })
    }

    #[test]
    fn rows_are_found_by_prefix_within_their_table() {
        let mut store = MemoryStore::default();
        store.commit(Batch {
            strict: vec![
                put(Table::Runs, "a/1"),
                put(Table::Attempts, "a/1"),
                put(Table::Attempts, "b"),
            ],
            relaxed: vec![put(Table::Attempts, "a/2")],
        });
        let keys = |store: &MemoryStore, prefix: &str| -> Vec<String> {
            store.load(Table::Attempts, prefix).into_iter().map(|row| row.key).collect()
        };
        assert_eq!(keys(&store, "a/"), ["a/1", "a/2"]);
        store.commit(Batch {
            strict: vec![Write::DeletePrefix { table: Table::Attempts, prefix: "a/".into() }],
            relaxed: vec![Write::Delete { table: Table::Runs, key: "nowhere".into() }],
        });
        assert_eq!(keys(&store, ""), ["b"]);
        assert_eq!(store.load(Table::Runs, "").len(), 1);
    }
}
