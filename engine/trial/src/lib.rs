//! Tries stages of a document under edit, as a wasm module that the worker loads when the first is tried.
//! Only carries texts across, to and from the language of chains, which is a module of its own;
//! [`baton_engine::chain::trial`] has the meaning, and the tests.

use baton_engine::chain::{Ask, ByText, Silence};
#[cfg(target_family = "wasm")]
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Small, for a module that somebody waits for.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

#[wasm_bindgen]
extern "C" {
    /// The language of chains, as `baton_verify.js` exports it.
    pub type Verify;
    #[wasm_bindgen(method, catch)]
    fn answer(this: &Verify, question: &str, document: &str, body: &str)
    -> Result<String, JsValue>;
}

struct Way(Verify);

impl Ask for Way {
    fn ask(&self, question: &str, document: &str, body: &str) -> Result<String, Silence> {
        self.0.answer(question, document, body).map_err(|_| {
            Silence("the module that reads chains has stopped; reload the page".into())
        })
    }
}

/// Answers a question in JSON about a stage of a document under edit, in JSON.
#[wasm_bindgen]
pub fn trial(question: &str, verify: Verify) -> String {
    baton_engine::chain::trial(&ByText::new(Way(verify)), question)
}
