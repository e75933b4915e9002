//! Where the engine's rows are kept: in memory, in IndexedDB, or in memory above an IndexedDB that can take
//! no more. Reads no row's content but the epoch.
//!
//! Where to start: [`Store::open`], which takes the lead of a database by raising its epoch. From
//! then on every write checks, inside of its own transaction, that the epoch is still ours: a leader
//! that was frozen and replaced can't write over its successor.

use std::cell::RefCell;

use baton_engine::store::{Batch, EPOCH_KEY, MemoryStore, Overlay, Row, Table, Write};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

use crate::browser::words;
use crate::idb::{Access, Closed, Database};

/// Why a batch is not in the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StoreError {
    /// Another worker took the lead: this one's engine must go.
    Stale,
    /// The database could not do it; the browser's own words.
    Failed(String),
}

/// Why a store can't be opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OpenError {
    /// The database was written by a newer version of the page.
    Newer,
    /// The browser's own words.
    Failed(String),
}

/// A store that this worker leads.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// The fencing token that was written to it.
    pub epoch: u64,
    /// The rows of [`Table::RESTORED`].
    pub rows: Vec<Row>,
}

/// Where rows are kept.
#[derive(Debug)]
pub struct Store(Kept);

#[derive(Debug)]
enum Kept {
    Memory(RefCell<MemoryStore>),
    Private(RefCell<MemoryStore>),
    IndexedDb { database: Database, epoch: u64, above: RefCell<Above> },
}

/// What of a database's rows is kept in memory above it.
#[derive(Debug, Default)]
struct Above {
    /// What is being written into the database.
    saving: Option<Overlay>,
    /// What came after that. None while the database takes what is new.
    new: Option<Overlay>,
}

impl Above {
    /// What is to be written next. None when nothing is left: what is new goes to the database again.
    fn begin(&mut self) -> Option<Batch> {
        let new = self.new.take()?;
        let batch = new.batch();
        if batch.is_empty() {
            return None;
        }
        *self = Self { saving: Some(new), new: Some(Overlay::default()) };
        Some(batch)
    }

    fn end(&mut self, saved: bool) {
        let Some(mut saving) = self.saving.take().filter(|_| !saved) else { return };
        saving.commit(self.new.take().unwrap_or_default().batch());
        self.new = Some(saving);
    }
}

impl Store {
    /// An empty store in memory.
    pub fn in_memory() -> Self {
        Self(Kept::Memory(RefCell::default()))
    }

    /// An empty store in memory that goes with its engine: what is only read to restore one is not kept.
    pub fn private() -> Self {
        Self(Kept::Private(RefCell::default()))
    }

    /// Opens the database `name` and takes its lead. `closed` is told when it is closed by somebody else.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when it is of a newer version, or can't be opened, written or read.
    pub async fn open(
        name: &str,
        closed: impl Fn(Closed) + Clone + 'static,
    ) -> Result<Opened, OpenError> {
        let database = Database::open(name, closed).await.map_err(|thrown| open_error(&thrown))?;
        let failed = |thrown: JsValue| OpenError::Failed(words(&thrown));
        let epoch = raise_epoch(&database).await.map_err(failed)?;
        let rows = restored(&database).await.map_err(failed)?;
        Ok(Opened {
            store: Self(Kept::IndexedDb { database, epoch, above: RefCell::default() }),
            epoch,
            rows,
        })
    }

    /// Carries out a batch at once, if that can be done; else it comes back.
    ///
    /// # Errors
    ///
    /// The batch, which has to wait for a database.
    pub fn commit_at_once(&self, batch: Batch) -> Result<(), Batch> {
        match &self.0 {
            Kept::Memory(memory) => memory.borrow_mut().commit(batch),
            Kept::Private(memory) => memory.borrow_mut().commit(on_demand(batch)),
            Kept::IndexedDb { above, .. } => match &mut above.borrow_mut().new {
                Some(new) => new.commit(batch),
                None => return Err(batch),
            },
        }
        Ok(())
    }

    /// Carries out a batch. One that failed half-way may be repeated whole.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not, or not all, in the store.
    pub async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let Err(batch) = self.commit_at_once(batch) else { return Ok(()) };
        if let Kept::IndexedDb { database, epoch, .. } = &self.0 {
            write(database, *epoch, &batch.strict, Access::Strict).await?;
            write(database, *epoch, &batch.relaxed, Access::Relaxed).await?;
        }
        Ok(())
    }

    /// Keeps what is new in memory from now on, above what the database has.
    pub fn go_on_in_memory(&self) {
        if let Kept::IndexedDb { above, .. } = &self.0 {
            above.borrow_mut().new.get_or_insert_default();
        }
    }

    /// Writes what was kept in memory meanwhile into the database, which then takes what is new again.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it can't: then all goes on as before.
    pub async fn save(&self) -> Result<(), StoreError> {
        let Kept::IndexedDb { database, epoch, above } = &self.0 else { return Ok(()) };
        if above.borrow().saving.is_some() {
            return Err(StoreError::Failed("it is being written".to_owned()));
        }
        loop {
            let Some(batch) = above.borrow_mut().begin() else { return Ok(()) };
            let saved = write(database, *epoch, &batch.strict, Access::Strict).await;
            above.borrow_mut().end(saved.is_ok());
            saved?;
        }
    }

    /// The rows of a table whose keys begin with `prefix`, in the order of their keys.
    ///
    /// # Errors
    ///
    /// The browser's own words.
    pub async fn load(&self, table: Table, prefix: &str) -> Result<Vec<Row>, String> {
        match &self.0 {
            Kept::Memory(memory) | Kept::Private(memory) => Ok(memory.borrow().load(table, prefix)),
            Kept::IndexedDb { database, above, .. } => {
                let rows = rows(database, table, prefix).await.map_err(|thrown| words(&thrown))?;
                let above = above.borrow();
                let layers = above.saving.iter().chain(&above.new);
                Ok(layers.fold(rows, |rows, layer| layer.load(table, prefix, rows)))
            }
        }
    }
}

/// What of a batch may be read while its engine runs.
fn on_demand(mut batch: Batch) -> Batch {
    batch.strict.retain(|write| write.table().is_read_on_demand());
    batch
}

fn open_error(thrown: &JsValue) -> OpenError {
    match thrown.dyn_ref::<DomException>() {
        Some(error) if error.name() == "VersionError" => OpenError::Newer,
        Some(_) | None => OpenError::Failed(words(thrown)),
    }
}

async fn raise_epoch(database: &Database) -> Result<u64, JsValue> {
    let transaction = database.transaction(&[Table::Meta], Access::Strict)?;
    let last = transaction.value(Table::Meta, EPOCH_KEY).await?;
    let last: u64 = last.and_then(|text| text.parse().ok()).unwrap_or(0);
    let epoch = last.saturating_add(1);
    let row = Row { table: Table::Meta, key: EPOCH_KEY.to_owned(), value: epoch.to_string() };
    transaction.write(&Write::Put(row))?;
    transaction.done().await?;
    Ok(epoch)
}

async fn restored(database: &Database) -> Result<Vec<Row>, JsValue> {
    let transaction = database.transaction(&Table::RESTORED, Access::Read)?;
    let mut all = Vec::new();
    for table in Table::RESTORED {
        all.extend(transaction.rows(table, "").await?);
    }
    Ok(all)
}

async fn rows(database: &Database, table: Table, prefix: &str) -> Result<Vec<Row>, JsValue> {
    database.transaction(&[table], Access::Read)?.rows(table, prefix).await
}

/// Writes in one transaction, all or nothing, if the epoch is still ours.
async fn write(
    database: &Database,
    epoch: u64,
    writes: &[Write],
    access: Access,
) -> Result<(), StoreError> {
    if writes.is_empty() {
        return Ok(());
    }
    let failed = |thrown: JsValue| StoreError::Failed(words(&thrown));
    let transaction = database.transaction(&tables(writes), access).map_err(failed)?;
    let last = transaction.value(Table::Meta, EPOCH_KEY).await.map_err(failed)?;
    if last.and_then(|text| text.parse().ok()) != Some(epoch) {
        transaction.abort();
        return Err(StoreError::Stale);
    }
    if let Err(thrown) = writes.iter().try_for_each(|one| transaction.write(one)) {
        transaction.abort();
        return Err(failed(thrown));
    }
    transaction.done().await.map_err(failed)
}

/// The tables that a transaction of these writes needs.
fn tables(writes: &[Write]) -> Vec<Table> {
    let written = |table: &Table| writes.iter().any(|write| write.table() == *table);
    Table::ALL.into_iter().filter(|table| *table == Table::Meta || written(table)).collect()
}
