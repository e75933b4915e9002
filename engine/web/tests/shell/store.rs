//! One contract for both stores, and what only a shared one has: epochs.

use std::rc::Rc;

use baton_engine::store::{Batch, EPOCH_KEY, Row, Table, Write};
use baton_engine_web::idb::Closed;
use baton_engine_web::store::{OpenError, Opened, Store, StoreError};
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Inbox;

fn put(table: Table, key: &str) -> Write {
    Write::Put(Row { table, key: key.into(), value: format!("\"{key}\"") })
}

fn delete(table: Table, key: &str) -> Write {
    Write::Delete { table, key: key.into() }
}

fn strict(writes: Vec<Write>) -> Batch {
    Batch { strict: writes, relaxed: Vec::new() }
}

async fn keys(store: &Store, table: Table, prefix: &str) -> Vec<String> {
    let rows = store.load(table, prefix).await.unwrap();
    assert!(rows.iter().all(|row| row.table == table));
    rows.into_iter().map(|row| row.key).collect()
}

async fn open(name: &str) -> Opened {
    Store::open(name, |_| ()).await.unwrap()
}

/// What every store has to do.
async fn check_contract(store: &Store) {
    let batch = Batch {
        strict: vec![
            put(Table::Runs, "a/1"),
            put(Table::Attempts, "a/2"),
            put(Table::Attempts, "b"),
        ],
        relaxed: vec![put(Table::Attempts, "a/10"), put(Table::Evidence, "a/1")],
    };
    store.commit(batch).await.unwrap();
    assert_eq!(keys(store, Table::Attempts, "").await, ["a/10", "a/2", "b"]);
    assert_eq!(keys(store, Table::Attempts, "a/").await, ["a/10", "a/2"]);
    assert_eq!(keys(store, Table::Evidence, "").await, ["a/1"]);
    assert!(keys(store, Table::Chains, "").await.is_empty());

    // In the order of characters, not of UTF-16 units; a later write of the same row wins.
    let odd = ["ａ", "𠀀", "é", "\u{ffff}", "~"];
    store.commit(strict(odd.iter().map(|key| put(Table::Kept, key)).collect())).await.unwrap();
    assert_eq!(keys(store, Table::Kept, "").await, ["~", "é", "ａ", "\u{ffff}", "𠀀"]);
    let twice = Row { table: Table::Kept, key: "~".into(), value: "2".into() };
    store.commit(strict(vec![put(Table::Kept, "~"), Write::Put(twice.clone())])).await.unwrap();
    assert_eq!(store.load(Table::Kept, "~").await.unwrap(), [twice]);

    let prefix = Write::DeletePrefix { table: Table::Attempts, prefix: "a/".into() };
    let batch = Batch { strict: vec![prefix], relaxed: vec![delete(Table::Runs, "nowhere")] };
    store.commit(batch).await.unwrap();
    assert_eq!(keys(store, Table::Attempts, "").await, ["b"]);
    assert_eq!(keys(store, Table::Runs, "").await, ["a/1"]);
    store.commit(strict(vec![delete(Table::Runs, "a/1")])).await.unwrap();
    assert!(keys(store, Table::Runs, "").await.is_empty());
    store.commit(Batch::default()).await.unwrap();
}

#[wasm_bindgen_test]
async fn memory_meets_the_contract() {
    check_contract(&Store::in_memory()).await;
}

#[wasm_bindgen_test]
async fn indexed_db_meets_the_contract() {
    check_contract(&open("contract").await.store).await;
}

#[wasm_bindgen_test]
async fn rows_and_the_epoch_are_found_again() {
    let first = open("again").await;
    assert_eq!(first.epoch, 1);
    first
        .store
        .commit(strict(vec![put(Table::Chains, "c"), put(Table::Attempts, "r/0/1")]))
        .await
        .unwrap();
    drop(first);
    let second = open("again").await;
    assert_eq!(second.epoch, 2);
    let epoch = Row { table: Table::Meta, key: EPOCH_KEY.into(), value: "2".into() };
    let chain = Row { table: Table::Chains, key: "c".into(), value: "\"c\"".into() };
    assert_eq!(second.rows, [epoch, chain]);
}

#[wasm_bindgen_test]
async fn a_leader_that_was_replaced_writes_nothing() {
    let old = open("fencing").await;
    let new = open("fencing").await;
    let both =
        Batch { strict: vec![put(Table::Runs, "old")], relaxed: vec![put(Table::Evidence, "old")] };
    assert_eq!(old.store.commit(both).await, Err(StoreError::Stale));
    let relaxed = Batch { strict: Vec::new(), relaxed: vec![put(Table::Evidence, "old")] };
    assert_eq!(old.store.commit(relaxed).await, Err(StoreError::Stale));
    new.store.commit(strict(vec![put(Table::Runs, "new")])).await.unwrap();
    assert_eq!(keys(&new.store, Table::Runs, "").await, ["new"]);
    assert!(keys(&new.store, Table::Evidence, "").await.is_empty());
}

/// Runs JavaScript that gives a promise.
async fn run(script: &str, argument: &str) {
    let function = Function::new_with_args("name", script);
    let promise: Promise = function.call1(&JsValue::UNDEFINED, &argument.into()).unwrap().into();
    JsFuture::from(promise).await.unwrap();
}

const REPLACE: &str = "return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1000);
    request.onerror = reject;
    request.onsuccess = () => { request.result.close(); resolve(); };
});";
/// As a page made it that had no jobs yet.
const FIRST: &str = "return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
        const tables = 'meta chains definitions runs attempts evidence kept quarantine';
        for (const table of tables.split(' ')) request.result.createObjectStore(table);
        request.transaction.objectStore('runs').put('1', 'r');
    };
    request.onerror = reject;
    request.onsuccess = () => { request.result.close(); resolve(); };
});";
const DELETE: &str = "return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onerror = reject;
    request.onsuccess = resolve;
});";

#[wasm_bindgen_test]
async fn a_newer_page_closes_the_database_and_is_not_written_over() {
    let closed = Inbox::new();
    let inbox = Rc::clone(&closed);
    let opened = Store::open("newer", move |why| inbox.push(why)).await.unwrap();
    run(REPLACE, "newer").await;
    assert_eq!(closed.next().await, Closed::ForNewer);
    let failed = opened.store.commit(strict(vec![put(Table::Runs, "r")])).await;
    assert!(
        matches!(failed, Err(StoreError::Failed(words)) if words.starts_with("InvalidStateError"))
    );
    opened.store.load(Table::Runs, "").await.unwrap_err();
    let again = Store::open("newer", |_| ()).await.map(|opened| opened.epoch);
    assert_eq!(again, Err(OpenError::Newer));
}

#[wasm_bindgen_test]
async fn a_database_of_an_older_page_gets_the_tables_that_it_lacks() {
    run(FIRST, "older").await;
    let Opened { store, rows, .. } = open("older").await;
    assert!(rows.iter().any(|row| (row.table, row.key.as_str()) == (Table::Runs, "r")));
    store.commit(strict(vec![put(Table::Jobs, "j"), put(Table::Fires, "1")])).await.unwrap();
    assert_eq!(keys(&store, Table::Jobs, "").await, ["j"]);
}

#[wasm_bindgen_test]
async fn a_deleted_database_is_let_go() {
    let closed = Inbox::new();
    let inbox = Rc::clone(&closed);
    let _opened = Store::open("deleted", move |why| inbox.push(why)).await.unwrap();
    run(DELETE, "deleted").await;
    assert_eq!(closed.next().await, Closed::Gone);
}

#[wasm_bindgen_test]
async fn a_database_that_is_full_keeps_the_contract_in_memory_above_it() {
    let Opened { store, .. } = open("full").await;
    store.go_on_in_memory();
    check_contract(&store).await;
}

#[wasm_bindgen_test]
async fn what_lies_above_a_database_is_written_into_it_when_there_is_space() {
    let Opened { store, .. } = open("above").await;
    let below = vec![put(Table::Attempts, "a/1"), put(Table::Attempts, "b/1")];
    store.commit(strict(below)).await.unwrap();
    store.go_on_in_memory();
    let gone = Write::DeletePrefix { table: Table::Attempts, prefix: "a/".into() };
    store.commit(strict(vec![gone, put(Table::Attempts, "a/2")])).await.unwrap();
    assert_eq!(keys(&store, Table::Attempts, "").await, ["a/2", "b/1"]);
    store.save().await.unwrap();
    assert_eq!(keys(&store, Table::Attempts, "").await, ["a/2", "b/1"]);
    store.commit(strict(vec![put(Table::Attempts, "c/1")])).await.unwrap();
    drop(store);
    let Opened { store, .. } = open("above").await;
    assert_eq!(keys(&store, Table::Attempts, "").await, ["a/2", "b/1", "c/1"]);
}

#[wasm_bindgen_test]
async fn a_successor_is_not_written_over_from_memory_either() {
    let Opened { store: old, .. } = open("above-stale").await;
    old.go_on_in_memory();
    old.commit(strict(vec![put(Table::Runs, "r")])).await.unwrap();
    let Opened { store: new, .. } = open("above-stale").await;
    assert_eq!(old.save().await, Err(StoreError::Stale));
    assert!(keys(&new, Table::Runs, "").await.is_empty());
    assert_eq!(keys(&old, Table::Runs, "").await, ["r"], "and is still there for its own page");
}
