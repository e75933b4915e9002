//! The pipeline as a wasm module, which answers `demo:` URLs without any network.
//!
//! Only carries texts and numbers across; `pipeline::demo` has the meaning, and the tests.

use pipeline::Seed;
use wasm_bindgen::prelude::*;

/// A pipeline in the page. Remember every request that is answered with `"accepted": true`, with its instant, and give
/// them back to `replay` after a reload.
#[wasm_bindgen]
pub struct Demo(pipeline::demo::Demo);

#[wasm_bindgen]
impl Demo {
    /// A demo that has seen nothing; the seed is a whole number or any text.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "number | string")] seed: &JsValue) -> Self {
        let text = seed
            .as_string()
            .or_else(|| seed.as_f64().map(|number| number.to_string()))
            .unwrap_or_default();
        Self(pipeline::demo::Demo::new(Seed::from_text(&text)))
    }

    /// Answers `{"method", "url", "headers", "body"}` with `{"status", "headers", "body"}` or `{"hang": true}`, as JSON.
    pub fn handle(&mut self, request_json: &str, now_ms: f64) -> String {
        self.0.handle(request_json, now_ms)
    }

    /// Begins anew from `[{"request", "at_ms"}]`, and says `{"replayed", "refused"}` or `{"error"}`, as JSON.
    pub fn replay(&mut self, kept_json: &str, now_ms: f64) -> String {
        self.0.replay(kept_json, now_ms)
    }
}
