//! Decodes what pages and tabs send, and encodes what they get. Knows no meaning.
//!
//! Messages are plain objects, arrays, texts and numbers, so that a page without Rust reads them as
//! they are; nothing that is left out is `undefined`.

use baton_engine::protocol::{FromWorker, ToWorker};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::JsValue;

/// Reads a message to the worker.
///
/// # Errors
///
/// Why it is none.
pub fn decode(message: JsValue) -> Result<ToWorker, String> {
    ToWorker::deserialize(Deserializer::from(message)).map_err(|error| error.to_string())
}

/// Writes a message from the worker.
///
/// # Errors
///
/// When a number is beyond what JavaScript's numbers hold exactly.
pub fn encode(message: &FromWorker) -> Result<JsValue, String> {
    message.serialize(&Serializer::json_compatible()).map_err(|error| error.to_string())
}
