//! `POST /events`: one event as plain JSON.
//!
//! `{"event_id": "4f1c", "event": "purchase", "amount": 19.90, "currency": "EUR", "user_id": "u-7",
//! "occurred_at": "2026-11-23T12:00:00Z"}`; only `event_id` is needed, other keys are kept for the collector.
//! `"faults": {"warehouse": ["rounded"]}` and `"delays": {"report": "2s"}` apply to this event alone.

use serde_json::{Map, Value, json};

use super::{BadEvent, EventError, Fields, Received, checked};
use crate::event::{Api, EventKind, Payload, SentEvent};
use crate::http::{Answer, Request};

const API: Api = Api { vendor: "com.example", version: "v1" };
/// The schema that a plain event is said to follow.
const SCHEMA: &str = "iglu:com.example/tracked_event/jsonschema/1-0-0";
/// The name of an event that has none.
const DEFAULT_NAME: &str = "event";

pub(super) fn receive(request: &Request) -> Received {
    match read(request) {
        Ok(event) => {
            let answer = Answer::json(202, &json!({"accepted": true, "event_id": event.id}));
            Received { good: vec![event], bad: Vec::new(), answer }
        }
        Err(error) => {
            let bad = BadEvent::new(API, request, request.body_bytes(), &error);
            let answer = Answer::json(400, &json!({"accepted": false, "error": bad.error}));
            Received { good: Vec::new(), bad: vec![bad], answer }
        }
    }
}

fn read(request: &Request) -> Result<SentEvent, EventError> {
    let document = request.json().ok_or(EventError::Empty)?.map_err(EventError::NotJson)?;
    let Value::Object(mut data) = document else {
        return Err(EventError::Shape("the body", "one JSON object"));
    };
    let id = match data.get("event_id") {
        None | Some(Value::Null) => return Err(EventError::NoId("event_id")),
        Some(Value::String(id)) => checked(id, "event_id")?,
        Some(_) => return Err(EventError::Text("event_id")),
    };
    let name = match data.get("event") {
        None | Some(Value::Null) => DEFAULT_NAME.to_owned(),
        Some(Value::String(name)) => checked(name, "event")?,
        Some(_) => return Err(EventError::Text("event")),
    };
    let parameters = data.clone();
    let fields = Fields::take(&mut data)?;
    Ok(event(id, name, fields, payload(request, data, parameters)))
}

fn event(id: String, name: String, fields: Fields, payload: Payload) -> SentEvent {
    let Fields { amount, currency, user_id, occurred_at, faults, delays } = fields;
    SentEvent { id, name, amount, currency, user_id, occurred_at, payload, faults, delays }
}

fn payload(request: &Request, data: Map<String, Value>, parameters: Map<String, Value>) -> Payload {
    Payload {
        kind: EventKind::Unstruct,
        schema: SCHEMA.to_owned(),
        data,
        contexts: Vec::new(),
        parameters,
        api: API,
        content_type: request.header("content-type").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    fn received(body: &str) -> Received {
        receive(&Request::new(Method::Post, "/events").with_body(body))
    }

    #[test]
    fn an_amount_keeps_its_text_and_its_type() {
        for amount in ["19.90", "\"19.90\"", "9007199254740.10", "0"] {
            let got = received(&format!(r#"{{"event_id":"a","amount":{amount}}}"#));
            let sent = got.good[0].amount.as_ref().map(|sent| sent.as_sent().to_string());
            assert_eq!(sent.as_deref(), Some(amount));
        }
    }

    #[test]
    fn what_is_no_event_is_bad_and_says_why() {
        let check = |body: &str, want: &str| {
            let got = received(body);
            assert_eq!((got.good.len(), got.bad.len(), got.answer.status), (0, 1, 400), "{body}");
            assert!(got.answer.text().contains(want), "{body}: {}", got.answer.text());
            assert!(got.bad[0].error.contains(want));
        };
        check("", "the body is empty");
        check("{\"event_id\":", "the body is not JSON: EOF");
        check("[]", "one JSON object");
        check("{}", "event_id is missing");
        check(r#"{"event_id":""}"#, "event_id must be a text of 1 to 256 bytes");
        check(r#"{"event_id":7}"#, "event_id must be a text");
        check(r#"{"event_id":"a\nb"}"#, "event_id must be a text");
        check(&format!(r#"{{"event_id":"{}"}}"#, "x".repeat(257)), "event_id must be a text");
        check(r#"{"event_id":"a","event":1}"#, "event must be a text");
        check(r#"{"event_id":"a","amount":"ten"}"#, "amount must be a decimal");
        check(r#"{"event_id":"a","user_id":[]}"#, "user_id must be a text");
        check(r#"{"event_id":"a","occurred_at":"noon"}"#, "occurred_at must be an instant");
        check(
            r#"{"event_id":"a","faults":{"warehouse":["round"]}}"#,
            "faults.warehouse[0]: there is no fault `round`",
        );
        check(
            r#"{"event_id":"a","delays":{"report":"soon"}}"#,
            "delays.report must be milliseconds",
        );
    }

    #[test]
    fn instructions_are_no_data() {
        let got = received(
            r#"{"event_id":"a","faults":{"report":["lost"]},"delays":{"stream":5},"cart":[1]}"#,
        );
        let data = &got.good[0].payload.data;
        assert_eq!(Value::Object(data.clone()), json!({"event_id": "a", "cart": [1]}));
    }
}
