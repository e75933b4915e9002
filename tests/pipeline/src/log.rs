//! What was asked of the pipeline, for tests to read. Control requests are not in it.

use serde_json::{Value, json};

use crate::http::Request;
use crate::intake::cut;
use crate::limits::{MAX_LOG_ENTRIES, MAX_LOG_TEXT_BYTES};
use crate::ring::Ring;
use crate::system::System;
use crate::time::Timestamp;

/// The newest requests, oldest first.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    entries: Ring<Value>,
    next: u64,
}

/// What the log says beside the request itself.
pub(crate) struct Noted<'a> {
    pub(crate) at: Timestamp,
    pub(crate) system: Option<System>,
    pub(crate) event_id: Option<&'a str>,
    /// `None` when nothing was answered.
    pub(crate) status: Option<u16>,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { entries: Ring::new(MAX_LOG_ENTRIES, usize::MAX), next: 1 }
    }

    pub(crate) fn note(&mut self, request: &Request, noted: &Noted<'_>) {
        let short = |text: &str| cut(text, MAX_LOG_TEXT_BYTES).to_owned();
        let entry = json!({
            "n": self.next,
            "at_ms": noted.at.as_ms(),
            "method": request.method.name(),
            "path": short(&request.path),
            "query": short(&request.query),
            "system": noted.system.map(System::name),
            "event_id": noted.event_id.map(short),
            "status": noted.status,
            "origin": request.header("origin").map(short),
        });
        self.entries.push(0, entry);
        self.next += 1;
    }

    pub(crate) fn to_json(&self) -> Value {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.entries.dropped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    #[test]
    fn the_oldest_entries_go_and_long_texts_are_cut() {
        let mut log = Log::new();
        let noted = Noted { at: Timestamp::from_ms(5), system: None, event_id: None, status: None };
        let request =
            Request::new(Method::Get, &format!("/{}", "\u{e9}".repeat(MAX_LOG_TEXT_BYTES)));
        for _ in 0..=MAX_LOG_ENTRIES {
            log.note(&request, &noted);
        }
        assert_eq!((log.len(), log.dropped()), (MAX_LOG_ENTRIES, 1));
        let entries = log.to_json();
        assert_eq!(entries[0]["n"], json!(2));
        assert!(entries[0]["path"].as_str().unwrap().len() <= MAX_LOG_TEXT_BYTES);
    }
}
