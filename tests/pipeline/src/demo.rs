//! Answers `demo:` URLs from a pipeline inside the page. Where to start: [`Demo`].
//!
//! Its state is a pure function of its seed and the accepted sends with their instants. The caller remembers each
//! request whose answer says `"accepted": true`, and gives them back to [`Demo::replay`] after a reload.

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::http::{DemoUrlError, Method, Request, Response};
use crate::limits::MAX_BODY_BYTES;
use crate::options::{Control, Options};
use crate::pipeline::Pipeline;
use crate::seed::Seed;
use crate::time::Timestamp;

/// The longest request document: a body grows at most sixfold when it is written as a JSON text.
const MAX_DOCUMENT_BYTES: usize = 6 * MAX_BODY_BYTES + 64 * 1024;
/// The longest document of remembered sends.
const MAX_REPLAY_BYTES: usize = 64 * 1024 * 1024;
/// The furthest instant of a browser's clock, in milliseconds. Source: ECMAScript, time values.
const MAX_INSTANT_MS: f64 = 8.64e15;

/// A pipeline without a network and without control: what it answers follows from its seed and what was sent.
///
/// ```
/// use pipeline::Seed;
/// use pipeline::demo::Demo;
///
/// let mut demo = Demo::new(Seed::new(7));
/// let sent = demo.handle(r#"{"method": "POST", "url": "demo:///events", "body": "{\"event_id\":\"4f1c\"}"}"#, 0.0);
/// assert!(sent.contains(r#""accepted":true"#));
/// let seen = demo.handle(r#"{"url": "demo:///micro/all"}"#, 1000.0);
/// assert!(seen.contains(r#"{\"total\":1,\"good\":1,\"bad\":0}"#));
/// ```
#[derive(Debug, Clone)]
pub struct Demo {
    seed: Seed,
    pipeline: Pipeline,
}

#[derive(Debug, Error)]
enum DemoError {
    #[error("the document is over {0} bytes; send less at once")]
    TooLong(usize),
    #[error("the request is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("{0} must be {1}")]
    Shape(&'static str, &'static str),
    #[error("{0}")]
    Url(#[from] DemoUrlError),
}

impl Demo {
    /// A demo that has seen nothing.
    pub fn new(seed: Seed) -> Self {
        let options = Options { seed, control: Control::Closed, ..Options::default() };
        Self { seed, pipeline: Pipeline::new(options) }
    }

    /// Answers `{"method", "url", "headers": {..} or [[k, v]], "body": text}` with `{"status", "headers": [[k, v]],
    /// "body"}` or `{"hang": true}`, and in both `"accepted": true` when an event came in, good or bad. Only `url`
    /// is needed. A request that cannot be read is answered 400.
    pub fn handle(&mut self, request: &str, now_ms: f64) -> String {
        match read_request(request).and_then(|request| Ok((request, instant(now_ms, "now_ms")?))) {
            Ok((request, now)) => self.answer(&request, now).to_string(),
            Err(error) => {
                let body = json!({"error": error.to_string()}).to_string();
                json!({"status": 400, "headers": [["content-type", "application/json"]], "body": body}).to_string()
            }
        }
    }

    /// Begins anew from the remembered sends, `[{"request": {..} or its text, "at_ms": n}]`, in their order, and says
    /// `{"replayed": n, "refused": n}`, or `{"error"}` when that is no such list: then nothing changes. An instant after
    /// `now_ms` is taken as `now_ms`: a clock that was set back shall not hide an event until it has caught up.
    pub fn replay(&mut self, kept: &str, now_ms: f64) -> String {
        match read_kept(kept).and_then(|kept| Ok((kept, instant(now_ms, "now_ms")?))) {
            Err(error) => json!({"error": error.to_string()}).to_string(),
            Ok((kept, now)) => {
                *self = Self::new(self.seed);
                let replayed =
                    kept.iter().filter(|entry| self.replay_one(entry, now).is_some()).count();
                json!({"replayed": replayed, "refused": kept.len() - replayed}).to_string()
            }
        }
    }

    fn replay_one(&mut self, entry: &Value, now: Timestamp) -> Option<()> {
        let at = instant(entry.get("at_ms")?.as_f64()?, "at_ms").ok()?.min(now);
        let request = match entry.get("request")? {
            Value::String(text) => read_request(text).ok()?,
            document => request_of(document).ok()?,
        };
        let before = self.pipeline.intakes();
        self.pipeline.handle(&request, at);
        (self.pipeline.intakes() > before).then_some(())
    }

    fn answer(&mut self, request: &Request, now: Timestamp) -> Value {
        let before = self.pipeline.intakes();
        let response = self.pipeline.handle(request, now);
        let mut document = match response {
            Response::Hang => Map::from_iter([("hang".to_owned(), json!(true))]),
            Response::Answer(answer) => Map::from_iter([
                ("status".to_owned(), json!(answer.status)),
                ("headers".to_owned(), json!(answer.headers)),
                ("body".to_owned(), json!(answer.text())),
            ]),
        };
        if self.pipeline.intakes() > before {
            document.insert("accepted".to_owned(), json!(true));
        }
        Value::Object(document)
    }
}

fn read_request(text: &str) -> Result<Request, DemoError> {
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(DemoError::TooLong(MAX_DOCUMENT_BYTES));
    }
    request_of(&serde_json::from_str(text)?)
}

fn request_of(document: &Value) -> Result<Request, DemoError> {
    let entries = document.as_object().ok_or(DemoError::Shape("the request", "a JSON object"))?;
    let url =
        entries.get("url").and_then(Value::as_str).ok_or(DemoError::Shape("url", "a text"))?;
    let method = match entries.get("method") {
        None | Some(Value::Null) => Method::Get,
        Some(Value::String(name)) => Method::from_name(name),
        Some(_) => return Err(DemoError::Shape("method", "a text")),
    };
    let mut request = Request::from_demo_url(method, url)?;
    request.headers = headers(entries.get("headers").unwrap_or(&Value::Null))?;
    match entries.get("body") {
        None | Some(Value::Null) => Ok(request),
        Some(Value::String(body)) => Ok(request.with_body(body.as_str())),
        Some(_) => Err(DemoError::Shape("body", "a text")),
    }
}

fn headers(document: &Value) -> Result<Vec<(String, String)>, DemoError> {
    let wrong = || DemoError::Shape("headers", "an object of texts, or a list of pairs of texts");
    let pair = |key: &str, value: &Value| {
        Ok((key.to_owned(), value.as_str().ok_or_else(wrong)?.to_owned()))
    };
    match document {
        Value::Null => Ok(Vec::new()),
        Value::Object(headers) => headers.iter().map(|(key, value)| pair(key, value)).collect(),
        Value::Array(headers) => headers
            .iter()
            .map(|entry| match entry.as_array().map(Vec::as_slice) {
                Some([Value::String(key), value]) => pair(key, value),
                _ => Err(wrong()),
            })
            .collect(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(wrong()),
    }
}

fn read_kept(text: &str) -> Result<Vec<Value>, DemoError> {
    if text.len() > MAX_REPLAY_BYTES {
        return Err(DemoError::TooLong(MAX_REPLAY_BYTES));
    }
    match serde_json::from_str(text)? {
        Value::Array(kept) => Ok(kept),
        _ => Err(DemoError::Shape("the sends", "a list of {\"request\", \"at_ms\"}")),
    }
}

fn instant(ms: f64, name: &'static str) -> Result<Timestamp, DemoError> {
    if ms.is_finite() && ms.abs() <= MAX_INSTANT_MS {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "bounded just above, and the fraction is to go"
        )]
        return Ok(Timestamp::from_ms(ms.floor() as i64));
    }
    Err(DemoError::Shape(name, "milliseconds since 1970"))
}
