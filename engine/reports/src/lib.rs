//! Turns a run into texts that other tools read: JUnit XML, JSON, CSV. Asks nothing and stores nothing; what is
//! secret was taken out of a run before it was kept.
//!
//! Where to start: [`report`], which is all that the wasm module has, and [`Format`]. Each format has a file.
#![warn(missing_docs)]

mod attempts;
mod document;
mod format;
mod junit;
mod tree;
mod words;
mod xml;

use baton_engine::locale::Locale;
use wasm_bindgen::prelude::wasm_bindgen;

pub use format::Format;

/// A run as a file.
#[wasm_bindgen]
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    name: String,
    mime: &'static str,
    text: String,
}

#[wasm_bindgen]
impl Report {
    /// A good name for the file: `purchase-reaches-the-report-run-18.junit.xml`.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// Its media type.
    #[wasm_bindgen(getter)]
    pub fn mime(&self) -> String {
        self.mime.to_owned()
    }

    /// What is in it.
    #[wasm_bindgen(getter)]
    pub fn text(&self) -> String {
        self.text.clone()
    }
}

/// Makes a report of a run. `recording` is a [`Recording`](baton_engine::protocol::Recording) as JSON text,
/// `format` one of `junit`, `json`, `csv` (its attempts) and `matrix` (its fields, as CSV), `locale` a BCP 47
/// tag for the sentences in it.
///
/// # Errors
/// A sentence in that language: no such format, a recording that can't be read, or a run without a matrix.
///
/// ```
/// let run = r#"{"id":"r","chain":"c","name":"Purchase","revision":1,"number":18,"phase":"passed",
///     "started_at":0,"variables":[],"stages":[]}"#;
/// let recording = format!(r#"{{"run":{run},"attempts":[],"evidence":[]}}"#);
/// let report = baton_reports::report("junit", &recording, "en").unwrap();
/// assert_eq!(report.name(), "purchase-run-18.junit.xml");
/// assert!(report.text().contains(r#"<testsuite name="Purchase #18" tests="0""#));
/// ```
#[wasm_bindgen]
pub fn report(format: &str, recording: &str, locale: &str) -> Result<Report, String> {
    format::report(format, recording, Locale::from_tag(locale))
}
