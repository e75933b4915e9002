//! The language of chains (documents, templates, paths, checks, verdicts) as a wasm module, which the
//! worker loads beside the engine for pages with chains. Only carries texts across;
//! [`baton_engine::chain`] has the meaning, and the tests.

use baton_engine::chain::Linked;
#[cfg(target_family = "wasm")]
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};
use wasm_bindgen::prelude::wasm_bindgen;

/// Small, for a module that every page with chains waits for.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

#[wasm_bindgen]
extern "C" {
    /// Where the words of a panic go: its caller only learns of a trap.
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn complain(message: &str);
}

thread_local! {
    static LANGUAGE: Linked = Linked::with_zones(|name| baton_zones::table(name).ok());
}

/// Makes the words of a panic seen.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| complain(&panic.to_string())));
}

/// Answers a question in JSON about a document, in JSON. `body` is the response's that is to be judged.
#[wasm_bindgen]
pub fn answer(question: &str, document: &str, body: String) -> String {
    LANGUAGE.with(|language| baton_engine::chain::answer(language, question, document, body))
}
