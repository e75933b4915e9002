//! Turns texts into stages of a chain document (cURL, HAR, Postman), and stages into texts (cURL, Hurl).
//! Sends nothing, stores nothing, and keeps no secret: their values are left out of what is made.
//!
//! Where to start: [`answer`], and [`screen`], which asks the same for an editor's document.
#![warn(missing_docs)]

mod answer;
mod body;
mod curl;
mod desk;
mod draft;
mod export;
mod har;
mod import;
mod insert;
mod postman;
mod said;
mod secret;
mod text;
mod variables;

use baton_engine::protocol::{ImportQuestion, Note, ToolAnswer};
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

/// Answers a screen's question, an [`ImportQuestion`] as JSON text, with an [`ToolAnswer`] as JSON text: what was
/// pasted becomes an edit of the document, which leaves all else in it as it is.
///
/// ```
/// let question = r#"{"insert":{"document":"","caret":0,"fresh":false,"text":"curl https://h.test/a","entries":null}}"#;
/// assert!(baton_imports::screen(question).starts_with(r#"{"edit":{"start":0,"end":0,"text":"{\n  \"baton\": 1,"#));
/// ```
#[wasm_bindgen]
pub fn screen(question: &str) -> String {
    let answer = match ImportQuestion::from_json(question) {
        Some(question) => desk::answer(question),
        None => ToolAnswer::Refused(Note {
            place: String::new(),
            en: "the question is none".into(),
            zh: "问题无效".into(),
        }),
    };
    answer.to_json()
}
