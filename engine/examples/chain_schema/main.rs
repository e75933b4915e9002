//! Writes the JSON Schema of chain documents to standard output: `www/chain.schema.json` is made of it.
//!
//! ```sh
//! cargo run --quiet --package baton-engine --example chain_schema > www/chain.schema.json
//! ```

#![allow(clippy::panic, reason = "a key that nothing is said of has to stop this program")]

mod generate;

fn main() {
    print!("{}", generate::text());
}
