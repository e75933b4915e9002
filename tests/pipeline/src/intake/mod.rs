//! Where events come in: Snowplow's tracker protocol, and plain JSON. Reads; keeps nothing.

mod plain;
mod snowplow;

use std::time::Duration;

use serde_json::{Map, Value};
use thiserror::Error;

pub(crate) use snowplow::unstruct_document;

use crate::amount::Amount;
use crate::event::{Api, SentEvent};
use crate::fault::{Fault, SpecError, delays_of, event_faults};
use crate::http::{Answer, Request};
use crate::limits::{
    MAX_AMOUNT_INTEGER_DIGITS, MAX_AMOUNT_SCALE, MAX_BAD_PAYLOAD_BYTES, MAX_FIELD_BYTES,
};
use crate::system::PerSystem;
use crate::time::Timestamp;

/// Which way an event is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// `POST /events`, plain JSON.
    Plain,
    /// `GET /i`, the tracker's pixel.
    Pixel,
    /// `POST /com.snowplowanalytics.snowplow/tp2`.
    Payload,
}

/// What one request brought.
pub(crate) struct Received {
    pub(crate) good: Vec<SentEvent>,
    pub(crate) bad: Vec<BadEvent>,
    pub(crate) answer: Answer,
}

/// A payload, or an event in it, that was refused.
#[derive(Debug, Clone)]
pub(crate) struct BadEvent {
    pub(crate) api: Api,
    /// What came, cut at [`MAX_BAD_PAYLOAD_BYTES`].
    pub(crate) payload: String,
    pub(crate) content_type: Option<String>,
    pub(crate) error: String,
}

/// Why an event is refused.
#[derive(Debug, Error)]
pub(crate) enum EventError {
    #[error("the body is not JSON: {0}")]
    NotJson(#[source] serde_json::Error),
    #[error("the body is empty: send an event as JSON")]
    Empty,
    #[error("{0} must be {1}")]
    Shape(&'static str, &'static str),
    #[error("{0} is missing: every event needs an id of its own")]
    NoId(&'static str),
    #[error("{0} must be a text of 1 to {MAX_FIELD_BYTES} bytes without control characters")]
    Text(&'static str),
    #[error(
        "amount must be a decimal, as a number or a text, with at most {MAX_AMOUNT_INTEGER_DIGITS} digits before the \
         point and {MAX_AMOUNT_SCALE} after it"
    )]
    Amount,
    #[error("{0} must be an instant such as 2026-11-23T12:00:00Z")]
    Instant(&'static str),
    #[error("{0} is neither JSON nor base64url of JSON")]
    Encoded(&'static str),
    #[error("there is no event type `{0}`; use ue, se, pv, pp, tr or ti")]
    UnknownKind(String),
    #[error("{0}")]
    Spec(#[from] SpecError),
}

/// Reads one request.
pub(crate) fn receive(door: Door, request: &Request) -> Received {
    match door {
        Door::Plain => plain::receive(request),
        Door::Pixel => snowplow::receive_pixel(request),
        Door::Payload => snowplow::receive_payload(request),
    }
}

impl BadEvent {
    fn new(api: Api, request: &Request, payload: &[u8], error: &EventError) -> Self {
        let end = payload.len().min(MAX_BAD_PAYLOAD_BYTES);
        Self {
            api,
            payload: String::from_utf8_lossy(&payload[..end]).into_owned(),
            content_type: request
                .header("content-type")
                .map(|text| cut(text, MAX_FIELD_BYTES).to_owned()),
            error: error.to_string(),
        }
    }
}

/// The fields that both protocols know, out of an event's data.
struct Fields {
    amount: Option<Amount>,
    currency: Option<String>,
    user_id: Option<String>,
    occurred_at: Option<Timestamp>,
    faults: PerSystem<Vec<Fault>>,
    delays: PerSystem<Option<Duration>>,
}

impl Fields {
    /// Reads the fields, and takes `faults` and `delays` out: they are instructions to the pipeline, not data.
    fn take(data: &mut Map<String, Value>) -> Result<Self, EventError> {
        let faults = data.shift_remove("faults").filter(|faults| !faults.is_null());
        let delays = data.shift_remove("delays").filter(|delays| !delays.is_null());
        let mut by_system = PerSystem::default();
        for (system, delay) in
            delays.map_or(Ok(Vec::new()), |delays| delays_of(&delays, "delays"))?
        {
            by_system[system] = Some(delay);
        }
        Ok(Self {
            amount: amount(data.get("amount"))?,
            currency: text_or_number(data, "currency")?,
            user_id: text_or_number(data, "user_id")?,
            occurred_at: occurred_at(data.get("occurred_at"))?,
            faults: faults
                .map_or(Ok(PerSystem::default()), |faults| event_faults(&faults, "faults"))?,
            delays: by_system,
        })
    }
}

fn amount(value: Option<&Value>) -> Result<Option<Amount>, EventError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => Amount::parse(value).map(Some).ok_or(EventError::Amount),
    }
}

fn occurred_at(value: Option<&Value>) -> Result<Option<Timestamp>, EventError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(Timestamp::parse_rfc3339)
            .map(Some)
            .ok_or(EventError::Instant("occurred_at")),
    }
}

/// A text, or a number as its text, since ids come as either.
fn text_or_number(
    data: &Map<String, Value>,
    key: &'static str,
) -> Result<Option<String>, EventError> {
    match data.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => checked(&number.to_string(), key).map(Some),
        Some(Value::String(text)) => checked(text, key).map(Some),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => Err(EventError::Text(key)),
    }
}

fn checked(text: &str, key: &'static str) -> Result<String, EventError> {
    let fine =
        !text.is_empty() && text.len() <= MAX_FIELD_BYTES && !text.contains(char::is_control);
    if fine { Ok(text.to_owned()) } else { Err(EventError::Text(key)) }
}

/// The longest beginning of at most so many bytes that is still text.
pub(crate) fn cut(text: &str, max: usize) -> &str {
    &text[..text.floor_char_boundary(max)]
}
