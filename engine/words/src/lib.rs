//! Jobs and triggers in words, as a wasm module that the worker loads when the first are asked for.
//! Only carries texts across; [`baton_engine::jobs::say`] has the meaning, and the tests.

use wasm_bindgen::prelude::wasm_bindgen;

/// Answers a question in JSON with words in JSON, or with nothing when it is none.
#[wasm_bindgen]
pub fn say(question: &str) -> Option<String> {
    let own = baton_zones::local();
    baton_engine::jobs::say(question, &own, &|name| baton_zones::table(name).ok()).ok()
}
