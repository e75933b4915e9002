//! The little of IndexedDB that a store of rows needs, as futures. Knows no epoch and no batch.
//!
//! Where to start: [`Database::open`], then [`Database::transaction`]. Errors are what the browser
//! threw; [`crate::store`] makes words of them. Promises are resolved by the browser's own events,
//! inside of which a transaction stays alive, so a transaction may go on after an `await`.

use baton_engine::store::{Row, Table, Write};
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbKeyRange, IdbRequest, IdbTransaction, IdbVersionChangeEvent};

use crate::browser::scope;

/// Rises only when a table is added: rows are versioned and migrated by the engine. Tabs of an older
/// page close the database when it does, and say that a newer one is there.
const VERSION: u32 = 3;

/// No text has this character, so it ends the range of keys that begin with a prefix.
const AFTER_ALL: char = '\u{ffff}';

#[wasm_bindgen]
extern "C" {
    // web-sys keeps `durability` behind a compiler flag that whoever depends on us would have to repeat.
    #[wasm_bindgen(extends = IdbDatabase)]
    type DurableDatabase;
    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &DurableDatabase,
        tables: &Array,
        mode: &str,
        options: &TransactionOptions,
    ) -> Result<IdbTransaction, JsValue>;

    type TransactionOptions;
    #[wasm_bindgen(method, setter)]
    fn set_durability(this: &TransactionOptions, durability: &str);
}

/// What a transaction may do, and when it counts as done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    /// Reads.
    Read,
    /// Writes, and is on the disk when it is done.
    Strict,
    /// Writes, and may be lost in a power cut.
    Relaxed,
}

/// Why a database was closed under us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Closed {
    /// A newer version of the page wants to upgrade it.
    ForNewer,
    /// It is being deleted, or the browser gave it up.
    Gone,
}

/// An open database. Dropping it closes it, after the transactions under way.
#[derive(Debug)]
pub(crate) struct Database {
    inner: IdbDatabase,
    _version_change: Closure<dyn Fn(IdbVersionChangeEvent)>,
    _close: Closure<dyn Fn(Event)>,
}

impl Database {
    /// Opens or makes the database `name`. `closed` is told when it is closed by somebody else.
    pub(crate) async fn open(
        name: &str,
        closed: impl Fn(Closed) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let factory =
            scope().indexed_db()?.ok_or_else(|| JsValue::from_str("there is no IndexedDB"))?;
        let request = factory.open_with_u32(name, VERSION)?;
        let opened = Pending::new(request.clone().unchecked_into());
        let make_tables = {
            let request = request.clone();
            Closure::<dyn Fn(Event)>::new(move |_| make_tables(&request))
        };
        request.set_onupgradeneeded(Some(make_tables.as_ref().unchecked_ref()));
        let inner: IdbDatabase = opened.value().await?.unchecked_into();
        request.set_onupgradeneeded(None);
        Ok(Self::watched(inner, closed))
    }

    fn watched(inner: IdbDatabase, closed: impl Fn(Closed) + Clone + 'static) -> Self {
        let gone = closed.clone();
        let database = inner.clone();
        let version_change = Closure::new(move |event: IdbVersionChangeEvent| {
            // Whoever asks is blocked until every connection is closed.
            database.close();
            closed(if event.new_version().is_some() { Closed::ForNewer } else { Closed::Gone });
        });
        let close = Closure::new(move |_: Event| gone(Closed::Gone));
        inner.set_onversionchange(Some(version_change.as_ref().unchecked_ref()));
        inner.set_onclose(Some(close.as_ref().unchecked_ref()));
        Self { inner, _version_change: version_change, _close: close }
    }

    /// Begins a transaction over `tables`.
    pub(crate) fn transaction(
        &self,
        tables: &[Table],
        access: Access,
    ) -> Result<Transaction, JsValue> {
        let names: Array = tables.iter().map(|table| JsValue::from_str(table.name())).collect();
        let (mode, durability) = match access {
            Access::Read => ("readonly", "default"),
            Access::Strict => ("readwrite", "strict"),
            Access::Relaxed => ("readwrite", "relaxed"),
        };
        let options = js_sys::Object::new().unchecked_into::<TransactionOptions>();
        options.set_durability(durability);
        let database = self.inner.unchecked_ref::<DurableDatabase>();
        Ok(Transaction::new(database.transaction(&names, mode, &options)?))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.inner.set_onversionchange(None);
        self.inner.set_onclose(None);
        self.inner.close();
    }
}

/// Runs inside of the upgrade; a table that can't be made fails the request as a whole.
fn make_tables(request: &IdbRequest) {
    let Ok(database) = request.result() else { return };
    let database: IdbDatabase = database.unchecked_into();
    let there = database.object_store_names();
    let made = Table::ALL
        .iter()
        .filter(|table| !there.contains(table.name()))
        .try_for_each(|table| database.create_object_store(table.name()).map(drop));
    if let (Err(_), Some(upgrade)) = (made, request.transaction()) {
        let _already_over = upgrade.abort();
    }
}

/// A transaction. It ends by itself once nothing more is asked of it.
#[derive(Debug)]
pub(crate) struct Transaction {
    inner: IdbTransaction,
    ended: Promise,
}

impl Transaction {
    fn new(inner: IdbTransaction) -> Self {
        let ended = Promise::new(&mut |resolve, _| {
            inner.set_oncomplete(Some(&resolve));
            inner.set_onabort(Some(&resolve));
        });
        Self { inner, ended }
    }

    /// The value of a key, if it has one.
    pub(crate) async fn value(&self, table: Table, key: &str) -> Result<Option<String>, JsValue> {
        let store = self.inner.object_store(table.name())?;
        Ok(Pending::new(store.get(&JsValue::from_str(key))?).value().await?.as_string())
    }

    /// The rows whose keys begin with `prefix`, in the order of their keys.
    pub(crate) async fn rows(&self, table: Table, prefix: &str) -> Result<Vec<Row>, JsValue> {
        let store = self.inner.object_store(table.name())?;
        let range = range(prefix)?;
        let keys = Pending::new(store.get_all_keys_with_key(&range)?);
        let values = Pending::new(store.get_all_with_key(&range)?);
        let (keys, values) =
            (Array::from(&keys.value().await?), Array::from(&values.value().await?));
        // What is not a text was not written by us. Empty, it is no JSON, and the engine sets it aside.
        let text = |value: JsValue| value.as_string().unwrap_or_default();
        let mut rows: Vec<Row> = Vec::new();
        for (key, value) in keys.iter().zip(values.iter()) {
            let row = Row { table, key: text(key), value: text(value) };
            // The browser orders by UTF-16 units, the engine by characters: nearly always the end.
            rows.insert(rows.partition_point(|before| before.key <= row.key), row);
        }
        Ok(rows)
    }

    /// Carries out one write. Whether it succeeded is known when the transaction is done.
    pub(crate) fn write(&self, write: &Write) -> Result<(), JsValue> {
        match write {
            Write::Put(Row { table, key, value }) => {
                let store = self.inner.object_store(table.name())?;
                store.put_with_key(&JsValue::from_str(value), &JsValue::from_str(key))?;
            }
            Write::Delete { table, key } => {
                self.inner.object_store(table.name())?.delete(&JsValue::from_str(key))?;
            }
            Write::DeletePrefix { table, prefix } => {
                self.inner.object_store(table.name())?.delete(range(prefix)?.as_ref())?;
            }
        }
        Ok(())
    }

    /// Undoes everything.
    pub(crate) fn abort(self) {
        let _already_over = self.inner.abort();
    }

    /// Waits until it is done.
    pub(crate) async fn done(self) -> Result<(), JsValue> {
        let how: Event = JsFuture::from(self.ended).await?.unchecked_into();
        if how.type_() == "complete" {
            return Ok(());
        }
        let why = self.inner.error().map(JsValue::from);
        Err(why.unwrap_or_else(|| JsValue::from_str("the transaction was aborted")))
    }
}

/// The keys that begin with `prefix`.
fn range(prefix: &str) -> Result<IdbKeyRange, JsValue> {
    let first = JsValue::from_str(prefix);
    if prefix.is_empty() {
        return IdbKeyRange::lower_bound(&first);
    }
    let mut last = prefix.to_owned();
    last.push(AFTER_ALL);
    IdbKeyRange::bound(&first, &JsValue::from_str(&last))
}

/// A request that listens from the moment it is made, so that several can be under way at once.
struct Pending {
    request: IdbRequest,
    settled: Promise,
}

impl Pending {
    fn new(request: IdbRequest) -> Self {
        let settled = Promise::new(&mut |resolve, _| {
            request.set_onsuccess(Some(&resolve));
            request.set_onerror(Some(&resolve));
        });
        Self { request, settled }
    }

    async fn value(self) -> Result<JsValue, JsValue> {
        JsFuture::from(self.settled).await?;
        match self.request.error()? {
            Some(error) => Err(error.into()),
            None => self.request.result(),
        }
    }
}
