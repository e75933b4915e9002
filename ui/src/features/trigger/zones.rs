//! The time zones that the browser knows.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl, js_name = supportedValuesOf, catch)]
    fn supported(kind: &str) -> Result<js_sys::Array, JsValue>;
}

/// The names of all of them; none where the browser does not tell.
pub(super) fn all() -> Vec<String> {
    let names = supported("timeZone").unwrap_or_default();
    names.iter().filter_map(|name| name.as_string()).collect()
}

/// The name of the reader's own; empty where the browser could not tell.
pub(super) fn own() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let resolved = format.resolved_options();
    crate::dom::field(&resolved, "timeZone").as_string().unwrap_or_default()
}
