//! A pipeline to talk to without a socket.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "a module of each test file, which uses its own part of it"
)]
#![allow(clippy::panic, reason = "the helpers of tests may fail as tests do")]

use pipeline::{Answer, Method, Options, Pipeline, Request, Response, Timestamp};
use serde_json::Value;

/// 2026-11-23T12:00:00Z
pub const NOON: i64 = 1_795_435_200_000;

pub const PURCHASE: &str = r#"{"event_id":"4f1c","event":"purchase","amount":19.90,"currency":"EUR","user_id":"u-7","occurred_at":"2026-11-23T12:00:00Z"}"#;

/// A query of each system that names the event.
pub const ASK_EACH: [(&str, &str); 5] = [
    ("collector", "/micro/good?event_id=4f1c"),
    ("stream", "/api/v1/query?query=tracking_events_total%7Bevent_id=%224f1c%22%7D"),
    ("cleaned", "/events/_search?q=event_id:4f1c"),
    ("warehouse", "/clickhouse?query=SELECT+*+FROM+e+WHERE+event_id='4f1c'+FORMAT+JSON"),
    ("report", "/report/events.json?event_id=4f1c"),
];

/// A pipeline, and the milliseconds since noon.
pub struct Lab {
    pub pipeline: Pipeline,
    pub ms: i64,
}

impl Lab {
    pub fn new(options: Options) -> Self {
        Self { pipeline: Pipeline::new(options), ms: 0 }
    }

    pub fn handle(&mut self, request: &Request) -> Response {
        self.pipeline.handle(request, Timestamp::from_ms(NOON + self.ms))
    }

    pub fn answer(&mut self, request: &Request) -> Answer {
        match self.handle(request) {
            Response::Answer(answer) => answer,
            Response::Hang => panic!("{request:?} hangs"),
        }
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.answer(&Request::new(Method::Get, target))
    }

    pub fn json(&mut self, target: &str) -> Value {
        let answer = self.get(target);
        serde_json::from_str(&answer.text())
            .unwrap_or_else(|error| panic!("{target}: {error}: {}", answer.text()))
    }

    pub fn post(&mut self, target: &str, body: &str) -> Answer {
        self.answer(&Request::new(Method::Post, target).with_body(body))
    }

    /// Sets faults by control, and fails when they are refused.
    pub fn faults(&mut self, document: &str) {
        let answer = self.post("/_control/faults", document);
        assert_eq!(answer.status, 200, "{document}: {}", answer.text());
    }

    pub fn send(&mut self, document: &str) {
        let answer = self.post("/events", document);
        assert_eq!(answer.status, 202, "{document}: {}", answer.text());
    }
}
