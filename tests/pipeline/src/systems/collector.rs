//! Snowplow Micro: `/micro/all`, `/micro/good` and `/micro/bad`, newest first.
//!
//! Source: snowplow-micro 3.0, `Routing.scala` and `model.scala`; `event_id` as a filter is ours.

use serde_json::{Map, Value, json};

use super::copies;
use crate::event::{Api, EventKind, Payload, Row, Zone};
use crate::http::{Answer, Request};
use crate::intake::{BadEvent, unstruct_document};
use crate::time::Timestamp;

/// Which good events are asked for; an empty filter asks for all.
#[derive(Debug, Default)]
pub(crate) struct GoodFilter {
    event_id: Option<String>,
    event_type: Option<String>,
    schema: Option<String>,
    /// Every one of these must be among the event's.
    contexts: Vec<String>,
    limit: Option<usize>,
}

/// Which bad events are asked for.
#[derive(Debug, Default)]
pub(crate) struct BadFilter {
    vendor: Option<String>,
    version: Option<String>,
    limit: Option<usize>,
}

/// How many there are of each.
pub(super) fn all(rows: &[Row<'_>], bad: usize) -> Answer {
    let good = copies(rows).count();
    Answer::json(200, &json!({"total": good + bad, "good": good, "bad": bad}))
}

impl GoodFilter {
    pub(super) fn read(request: &Request) -> Result<Self, Answer> {
        let mut filter = Self { event_id: request.param("event_id"), ..Self::default() };
        for (key, value) in filter_document(request)? {
            match key.as_str() {
                "event_id" => filter.event_id = Some(text(&key, value)?),
                "event_type" => filter.event_type = Some(text(&key, value)?),
                "schema" => filter.schema = Some(text(&key, value)?),
                "contexts" => filter.contexts = texts(&key, value)?,
                "limit" => filter.limit = Some(limit(&value)?),
                _ => {
                    return Err(malformed(&format!(
                        "`{key}`; use event_id, event_type, schema, contexts, limit"
                    )));
                }
            }
        }
        Ok(filter)
    }

    pub(super) fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    pub(super) fn answer(&self, rows: &[Row<'_>]) -> Answer {
        let good = copies(rows)
            .rev()
            .filter(|row| self.passes(row))
            .take(self.limit.unwrap_or(usize::MAX));
        Answer::json(200, &good.map(good_event).collect())
    }

    fn passes(&self, row: &Row<'_>) -> bool {
        let payload = &row.event.sent.payload;
        let schemas = context_schemas(payload);
        self.event_type.as_deref().is_none_or(|event_type| event_type == payload.kind.name())
            && self.schema.as_deref().is_none_or(|schema| schema == payload.schema)
            && self.contexts.iter().all(|context| schemas.contains(&context.as_str()))
    }
}

impl BadFilter {
    pub(super) fn read(request: &Request) -> Result<Self, Answer> {
        let mut filter = Self::default();
        for (key, value) in filter_document(request)? {
            match key.as_str() {
                "vendor" => filter.vendor = Some(text(&key, value)?),
                "version" => filter.version = Some(text(&key, value)?),
                "limit" => filter.limit = Some(limit(&value)?),
                _ => return Err(malformed(&format!("`{key}`; use vendor, version, limit"))),
            }
        }
        Ok(filter)
    }

    pub(super) fn answer(&self, bad: &[&(Timestamp, BadEvent)]) -> Answer {
        let matching = bad.iter().filter(|(_, event)| {
            self.vendor.as_deref().is_none_or(|vendor| vendor == event.api.vendor)
                && self.version.as_deref().is_none_or(|version| version == event.api.version)
        });
        Answer::json(
            200,
            &matching
                .take(self.limit.unwrap_or(usize::MAX))
                .map(|(at, event)| bad_event(*at, event))
                .collect(),
        )
    }
}

fn good_event(row: &Row<'_>) -> Value {
    let payload = &row.event.sent.payload;
    json!({
        "rawEvent": raw_event(payload.api, &payload.parameters, payload.content_type.as_deref(), row.event.accepted_at),
        "eventType": payload.kind.name(),
        "schema": payload.schema,
        "contexts": context_schemas(payload),
        "event": canonical_event(row),
        "incomplete": false,
    })
}

fn canonical_event(row: &Row<'_>) -> Value {
    let sent = &row.event.sent;
    let data = shown_data(row);
    let mut event = json!({
        "event_id": row.event_id,
        "event_name": row.name,
        "app_id": sent.payload.parameters.get("aid"),
        "platform": sent.payload.parameters.get("p"),
        "user_id": sent.user_id,
        "collector_tstamp": row.event.accepted_at.to_rfc3339(),
        "derived_tstamp": row.occurred_at.to_rfc3339(),
    });
    if let Some(fields) = event.as_object_mut() {
        if sent.payload.kind == EventKind::Unstruct {
            fields.insert(
                "unstruct_event".to_owned(),
                unstruct_document(&sent.payload.schema, &data),
            );
        } else {
            fields.extend(data);
        }
        if !sent.payload.contexts.is_empty() {
            fields.insert("contexts".to_owned(), json!({"data": sent.payload.contexts}));
        }
    }
    event
}

/// What was sent, with what the system's faults made of it.
fn shown_data(row: &Row<'_>) -> Map<String, Value> {
    let payload = &row.event.sent.payload;
    let mut data = payload.data.clone();
    let mut overwrite = |key: &str, value: Value| {
        if let Some(field) = data.get_mut(key) {
            *field = value;
        }
    };
    overwrite("event_id", Value::String(row.event_id.clone()));
    overwrite("event", Value::String(row.name.clone()));
    if let Some(amount) = &row.amount {
        overwrite(payload.kind.amount_key(), amount.as_sent());
    }
    match row.zone {
        // The sender's own spelling stays.
        Zone::AsSent => {}
        Zone::Shifted => overwrite("occurred_at", Value::String(row.occurred_at.to_rfc3339())),
    }
    data
}

fn bad_event(at: Timestamp, event: &BadEvent) -> Value {
    json!({
        "collectorPayload": {
            "api": {"vendor": event.api.vendor, "version": event.api.version},
            "contentType": event.content_type,
            "body": event.payload,
            "source": source(),
            "context": {"timestamp": at.to_rfc3339()},
        },
        "rawEvent": null,
        "errors": [event.error],
    })
}

fn raw_event(
    api: Api,
    parameters: &Map<String, Value>,
    content_type: Option<&str>,
    at: Timestamp,
) -> Value {
    json!({
        "api": {"vendor": api.vendor, "version": api.version},
        "parameters": parameters,
        "contentType": content_type,
        "source": source(),
        "context": {"timestamp": at.to_rfc3339()},
    })
}

fn source() -> Value {
    json!({"name": "pipeline", "encoding": "UTF-8", "hostname": null})
}

fn context_schemas(payload: &Payload) -> Vec<&str> {
    payload.contexts.iter().filter_map(|context| context.get("schema")?.as_str()).collect()
}

fn filter_document(request: &Request) -> Result<Map<String, Value>, Answer> {
    match request.json() {
        None => Ok(Map::new()),
        Some(Ok(Value::Object(filter))) => Ok(filter),
        Some(Ok(_)) => Err(malformed("a filter that is no JSON object")),
        Some(Err(error)) => Err(malformed(&error.to_string())),
    }
}

fn text(key: &str, value: Value) -> Result<String, Answer> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(malformed(&format!("`{key}`, which must be a text"))),
    }
}

fn texts(key: &str, value: Value) -> Result<Vec<String>, Answer> {
    match value {
        Value::Array(values) => values.into_iter().map(|value| text(key, value)).collect(),
        _ => Err(malformed(&format!("`{key}`, which must be a list of texts"))),
    }
}

fn limit(value: &Value) -> Result<usize, Answer> {
    value
        .as_u64()
        .and_then(|limit| usize::try_from(limit).ok())
        .ok_or_else(|| malformed("`limit`, which must be a whole number"))
}

fn malformed(what: &str) -> Answer {
    Answer::json(400, &json!({"error": format!("the filter was malformed: {what}")}))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PURCHASE, REFUND, ask, get};
    use super::*;
    use crate::http::Method;

    fn good(sent: &[&str], filter: &str) -> Value {
        let request = Request::new(Method::Post, "/micro/good").with_body(filter);
        serde_json::from_str(&ask(sent, &request).text()).unwrap()
    }

    #[test]
    fn a_good_event_in_micros_shape() {
        let answer = get(&[PURCHASE], "/micro/good?event_id=4f1c");
        // Read as text: the amount keeps its last digit.
        assert!(
            answer.text().contains(r#""event":"purchase","amount":19.90,"currency":"EUR""#),
            "{}",
            answer.text()
        );
        let events: Value = serde_json::from_str(&answer.text()).unwrap();
        let event = &events[0];
        assert_eq!(event["eventType"], "unstruct");
        assert_eq!(event["schema"], "iglu:com.example/tracked_event/jsonschema/1-0-0");
        assert_eq!(event["contexts"], json!([]));
        assert_eq!(event["event"]["event_id"], "4f1c");
        assert_eq!(event["event"]["collector_tstamp"], "2026-11-23T12:00:00.000Z");
        assert_eq!(event["event"]["unstruct_event"]["data"]["data"]["user_id"], "u-7");
        assert_eq!(event["rawEvent"]["parameters"]["event"], "purchase");
        assert_eq!(event["incomplete"], false);
    }

    #[test]
    fn counts_and_order() {
        assert_eq!(
            get(&[PURCHASE, REFUND], "/micro/all").text(),
            r#"{"total":2,"good":2,"bad":0}"#
        );
        assert_eq!(get(&[], "/micro/good").text(), "[]");
        let events = good(&[PURCHASE, REFUND], "");
        assert_eq!(events[0]["event"]["event_id"], "9a0b", "newest first");
        assert_eq!(events[1]["event"]["event_id"], "4f1c");
    }

    #[test]
    fn filters() {
        let check = |filter: &str, want: usize| {
            let events = good(&[PURCHASE, REFUND], filter);
            assert_eq!(events.as_array().unwrap().len(), want, "{filter}");
        };
        check("{}", 2);
        check(r#"{"event_type":"unstruct"}"#, 2);
        check(r#"{"event_type":"page_view"}"#, 0);
        check(r#"{"schema":"iglu:com.example/tracked_event/jsonschema/1-0-0","limit":1}"#, 1);
        check(r#"{"schema":"iglu:com.example/other/jsonschema/1-0-0"}"#, 0);
        check(r#"{"contexts":["iglu:com.acme/user/jsonschema/1-0-0"]}"#, 0);
        check(r#"{"event_id":"4f1c","contexts":[]}"#, 1);
    }

    #[test]
    fn a_malformed_filter_is_400() {
        for filter in [
            "[]",
            "{",
            r#"{"limit":-1}"#,
            r#"{"schema":1}"#,
            r#"{"contexts":"a"}"#,
            r#"{"colour":1}"#,
        ] {
            for target in ["/micro/good", "/micro/bad"] {
                let answer = ask(&[], &Request::new(Method::Post, target).with_body(filter));
                assert_eq!(answer.status, 400, "{target} {filter}");
            }
        }
    }
}
