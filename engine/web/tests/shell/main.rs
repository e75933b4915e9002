//! The shell in a real worker of a real browser. One binary, since each costs a browser's start.
//!
//! Nothing here sleeps: a test waits for a message or a promise, and time is a test clock's.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

mod clock;
mod demo;
mod fetch;
mod jobs;
mod language;
mod lock;
mod messages;
mod page;
mod presence;
mod pump;
mod store;
mod worker;
mod zone;
