//! One line a request, without secrets: no header, no body, no value of a query.

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::ORIGIN;
use tokio::time::Instant;

use super::secret::Mask;

const MAX_CHARS: usize = 300;

/// Takes the lines.
#[derive(Clone)]
pub struct Log(Arc<dyn Fn(&str) + Send + Sync>);

impl Log {
    /// Hands each line to `sink`.
    pub fn new(sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    /// To the standard error stream.
    pub fn stderr() -> Self {
        // Nobody can be told that the stream for telling is closed.
        Self::new(|line| drop(writeln!(std::io::stderr().lock(), "{line}")))
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Log")
    }
}

/// What a line says. Written when dropped, so that a request whose client left is in the log too.
#[derive(Debug)]
pub(crate) struct Record {
    log: Log,
    mask: Mask,
    began: Instant,
    at_ms: u128,
    method: String,
    upstream: String,
    target: String,
    origin: String,
    status: Option<StatusCode>,
    bytes: u64,
    outcome: &'static str,
}

impl Record {
    pub(crate) fn new(log: Log, request: &Request) -> Self {
        let uri = request.uri();
        let origin = request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok());
        Self {
            log,
            mask: Mask::default(),
            began: Instant::now(),
            at_ms: unix_ms(),
            method: shown(request.method().as_str()),
            upstream: "-".to_owned(),
            target: format!("{}{}", uri.path(), names_of(uri.query())),
            origin: shown(origin.unwrap_or("-")),
            status: None,
            bytes: 0,
            // Until something else has become of it.
            outcome: "client_left",
        }
    }

    pub(crate) fn of_upstream(&mut self, name: &str, mask: &Mask) {
        name.clone_into(&mut self.upstream);
        self.mask = mask.clone();
    }

    pub(crate) fn answering(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    pub(crate) fn passed(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    pub(crate) fn ended(&mut self, outcome: &'static str) {
        self.outcome = outcome;
    }

    fn line(&self) -> String {
        let (at, ms) = (self.at_ms, self.began.elapsed().as_millis());
        let status = self.status.map_or("-".to_owned(), |status| status.as_u16().to_string());
        let Self { method, upstream, target, origin, bytes, outcome, .. } = self;
        // Covered before it is shortened, which could leave a part of a secret.
        let target = shown(&self.mask.text(target));
        format!(
            "proxy at={at} method={method} upstream={upstream} path={target} status={status} bytes={bytes} ms={ms} origin={origin} outcome={outcome}"
        )
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        (self.log.0)(&self.line());
    }
}

#[expect(clippy::disallowed_methods, reason = "a log says when; nothing is decided by it")]
fn unix_ms() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()
}

/// `?from=…&to=…`: what was asked, without what for.
fn names_of(query: Option<&str>) -> String {
    let Some(query) = query else { return String::new() };
    let names: Vec<String> = query
        .split('&')
        .map(|pair| pair.split_once('=').map_or("…".to_owned(), |(name, _)| format!("{name}=…")))
        .collect();
    format!("?{}", names.join("&"))
}

/// On one line, in one word, not too long.
fn shown(text: &str) -> String {
    let plain = |c: char| if c.is_control() || c.is_whitespace() { '\u{fffd}' } else { c };
    let mut word: String = text.chars().take(MAX_CHARS).map(plain).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        word.push('…');
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_query_are_left_out() {
        assert_eq!(names_of(Some("id=42&token=abc&bare&=x")), "?id=…&token=…&…&=…");
        assert_eq!(names_of(None), "");
    }

    #[test]
    fn nothing_breaks_the_line() {
        assert_eq!(shown("a b\r\nc\u{85}d"), "a\u{fffd}b\u{fffd}\u{fffd}c\u{fffd}d");
        assert_eq!(shown(&"x".repeat(400)).chars().count(), 301);
    }
}
