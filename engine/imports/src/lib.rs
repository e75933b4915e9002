//! Turns texts into stages of a chain document (cURL, HAR, Postman), and stages into texts (cURL, Hurl).
//! Sends nothing, stores nothing, and keeps no secret: their values are left out of what is made.
//!
//! Where to start: [`answer`], which is all that the wasm module has.
#![warn(missing_docs)]

mod answer;
mod body;
mod curl;
mod draft;
mod export;
mod har;
mod import;
mod postman;
mod said;
mod secret;
mod text;
mod variables;

use wasm_bindgen::prelude::wasm_bindgen;

/// Answers a question in JSON with JSON.
///
/// | question | answer |
/// | --- | --- |
/// | `{"curl":{"text":"curl …","shell":"bash"}}`; `shell` (`bash`, `cmd`) is guessed when it is left out | an import |
/// | `{"har_list":{"text":"…"}}` | `{"entries":[{index, method, url, status, mime, started, time_ms, importable}],"notes":[]}` |
/// | `{"har":{"text":"…","entries":[0,3],"samples":true}}` | an import, with `samples`, one a stage: the recorded answer as a dry run reads one, or null |
/// | `{"postman":{"text":"…","entries":[0,3]}}`; all without `entries`, which counts requests in their order | an import |
/// | `{"export_curl":{"stage":{…},"values":{…}}}`, or `{"export_curl":{"filled":{method, url, headers, body}}}`, as evidence keeps it | `{"text":"curl …","notes":[]}` |
/// | `{"export_hurl":{"stages":[…],"poll":{…},"variables":{…}}}`, where `poll` and `variables` are the chain's | `{"text":"…","notes":[]}` |
///
/// An import is `{"stages":[…],"variables":{…},"secrets":["name"],"notes":[…]}`. A note is
/// `{code, args, place, en, zh}`, and so is `error` in `{"error":{…}}`, the answer when nothing could be made.
///
/// ```
/// let answer = baton_imports::answer(r#"{"curl":{"text":"curl https://api.example.test/rows?id=7"}}"#);
/// assert!(answer.starts_with(r#"{"stages":[{"name":"GET /rows","request":{"method":"GET","url":"https://api.example.test/rows","query":{"id":"7"}}}]"#));
/// ```
#[wasm_bindgen]
pub fn answer(question: &str) -> String {
    answer::answer(question)
}
