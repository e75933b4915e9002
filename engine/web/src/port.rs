//! Decodes what pages and tabs send, and encodes what they get. Knows no meaning.
//!
//! Messages are JSON texts, so that a page without Rust reads them by `JSON.parse` alone, and so that
//! one crosses into the module, and between tabs, as one value.

use baton_engine::protocol::{FromWorker, ToWorker};
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

/// How the events of a leader begin; its page's and tabs' other messages begin otherwise.
const EVENT: &str = "{\"event\":";

/// How the proxy's token goes around among tabs.
const TOKEN: &str = "{\"proxy_token\":";

/// Reads a message to the worker.
///
/// # Errors
///
/// Why it is none.
pub fn decode(message: &JsValue) -> Result<ToWorker, String> {
    let text = message.as_string().ok_or("a message is a JSON text")?;
    ToWorker::from_json(&text).map_err(|error| error.to_string())
}

/// Writes a message from the worker.
pub fn encode(message: &FromWorker) -> JsValue {
    JsValue::from_str(&message.to_json())
}

/// Whether a message is an event of a leader.
pub(crate) fn is_event(message: &JsValue) -> bool {
    begins_with(message, EVENT)
}

/// Whether a message is the proxy's token.
pub(crate) fn is_token(message: &JsValue) -> bool {
    begins_with(message, TOKEN)
}

fn begins_with(message: &JsValue, start: &str) -> bool {
    message.dyn_ref::<JsString>().is_some_and(|text| text.starts_with(start, 0))
}
