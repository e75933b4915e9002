//! The JSON Schema of chain documents is the generated one, and says something of every key that the
//! reader knows. What it takes and refuses is held against the reader by `tests/e2e/schema.test.mjs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests: a panic is how a test fails")]

#[path = "../examples/chain_schema/generate.rs"]
mod generate;

use std::collections::BTreeSet;

use baton_engine::chain::keys;
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/chain.schema.json");

#[test]
fn the_file_is_the_generated_one() {
    let file = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        file == generate::text(),
        "www/chain.schema.json is behind: cargo run -q -p baton-engine --example chain_schema > www/chain.schema.json"
    );
}

/// The document that the browser tests change at each of its places.
const EVERY_KEY: &str = include_str!("../../tests/fixtures/chain/every-key.json");

fn collect<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(map) => map.iter().for_each(|(key, member)| {
            found.insert(key);
            collect(member, found);
        }),
        _ => {}
    }
}

#[test]
fn the_document_that_is_tried_has_every_key() {
    let document: Value = serde_json::from_str(EVERY_KEY).unwrap();
    let mut found = BTreeSet::new();
    collect(&document, &mut found);
    let tables: [&[&str]; 17] = [
        &keys::CHAIN,
        &keys::STEP,
        &keys::GROUP,
        &keys::STAGE,
        &keys::REQUEST,
        &keys::AUTH,
        &keys::BASIC,
        &keys::KEY,
        &keys::POLL,
        &keys::BACKOFF,
        &keys::CHECK,
        &keys::SOURCE,
        &keys::CAPTURE,
        &keys::FIELD,
        &keys::TOLERANCE,
        &keys::SUBJECT,
        &keys::RECORD,
    ];
    let missing: Vec<_> = tables.concat().into_iter().filter(|key| !found.contains(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(baton_engine::chain::Chain::parse(EVERY_KEY).is_ok());
}
