//! The JSON Schema of chain documents is the generated one, and says something of every key that the
//! reader knows. What it takes and refuses is held against the reader by `tests/e2e/schema.test.mjs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests: a panic is how a test fails")]

#[path = "../examples/chain_schema/generate.rs"]
mod generate;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/chain.schema.json");

#[test]
fn the_file_is_the_generated_one() {
    let file = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        file == generate::text(),
        "www/chain.schema.json is behind: cargo run -q -p baton-engine --example chain_schema > www/chain.schema.json"
    );
}
