//! Elasticsearch: `/{index}/_search` and `/{index}/_count`, by `q=event_id:ID` or a `term` or `match` query.
//!
//! Source: the search and count APIs of the Elasticsearch reference.

use serde_json::{Map, Value, json};

use super::copies;
use crate::amount::Amount;
use crate::event::Row;
use crate::http::{Answer, Request};
use crate::limits::MAX_ROWS;

/// How many hits come without `size`.
const DEFAULT_SIZE: usize = 10;

/// What is done with what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Search,
    Count,
}

/// A search for one id, or for everything.
#[derive(Debug)]
pub(crate) struct Search {
    index: String,
    endpoint: Endpoint,
    event_id: Option<String>,
    from: usize,
    size: usize,
}

impl Search {
    pub(super) fn read(request: &Request, index: &str, endpoint: Endpoint) -> Result<Self, Answer> {
        let body = match request.json() {
            None => Map::new(),
            Some(Ok(Value::Object(body))) => body,
            Some(Ok(_)) => return Err(parsing_exception("the body must be a JSON object")),
            Some(Err(error)) => return Err(parsing_exception(&error.to_string())),
        };
        let event_id = match (request.param("q"), body.get("query")) {
            (Some(q), _) => lucene(&q)?,
            (None, Some(query)) => query_dsl(query)?,
            (None, None) => None,
        };
        let number =
            |key: &str, otherwise: usize| match request.param(key).as_deref().map(str::parse) {
                Some(Ok(number)) => Ok(number),
                Some(Err(_)) => Err(parsing_exception(&format!("[{key}] must be a whole number"))),
                None => number_in(&body, key, otherwise),
            };
        let (from, size) = (number("from", 0)?, number("size", DEFAULT_SIZE)?);
        Ok(Self { index: index.to_owned(), endpoint, event_id, from, size: size.min(MAX_ROWS) })
    }

    pub(super) fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    pub(super) fn answer(&self, rows: &[Row<'_>]) -> Answer {
        let total = copies(rows).count();
        let shards = json!({"total": 1, "successful": 1, "skipped": 0, "failed": 0});
        match self.endpoint {
            Endpoint::Count => Answer::json(200, &json!({"count": total, "_shards": shards})),
            Endpoint::Search => {
                let numbered =
                    rows.iter().flat_map(|row| (1..=row.copies).map(move |copy| (row, copy)));
                let hits: Vec<Value> = numbered
                    .skip(self.from)
                    .take(self.size)
                    .map(|(row, copy)| self.hit(row, copy))
                    .collect();
                let max_score = if hits.is_empty() { Value::Null } else { json!(1.0) };
                let hits = json!({"total": {"value": total, "relation": "eq"}, "max_score": max_score, "hits": hits});
                Answer::json(
                    200,
                    &json!({"took": 1, "timed_out": false, "_shards": shards, "hits": hits}),
                )
            }
        }
    }

    fn hit(&self, row: &Row<'_>, copy: usize) -> Value {
        json!({
            "_index": self.index,
            "_id": format!("{}-{copy}", row.event.sequence),
            "_score": 1.0,
            "_source": {
                "event_id": row.event_id,
                "event": row.name,
                "amount": row.amount.as_ref().map(Amount::as_number),
                "currency": row.currency(),
                "user_id": row.user_id(),
                "occurred_at": row.occurred_at.to_rfc3339(),
                "@timestamp": row.event.accepted_at.to_rfc3339(),
            },
        })
    }
}

/// `event_id:4f1c`, `event_id:"4f1c"`, `*` and `*:*`, of the query string syntax.
fn lucene(q: &str) -> Result<Option<String>, Answer> {
    let q = q.trim();
    if matches!(q, "" | "*" | "*:*") {
        return Ok(None);
    }
    let value = q.strip_prefix("event_id:").map(str::trim_start).unwrap_or_default();
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let plain =
        Some(value).filter(|value| !value.is_empty() && !value.contains([' ', '"', '*', '(']));
    match quoted.or(plain) {
        Some(id) => Ok(Some(id.replace('\\', ""))),
        None => Err(parsing_exception(&format!(
            "cannot parse [{q}]; only event_id:ID is understood here"
        ))),
    }
}

/// `{"term": {"event_id": ...}}`, `{"match": {"event_id": ...}}` and `{"match_all": {}}`.
fn query_dsl(query: &Value) -> Result<Option<String>, Answer> {
    let unknown =
        || parsing_exception("only term or match on event_id, and match_all, are understood here");
    let (kind, clause) = only_entry(query).ok_or_else(unknown)?;
    let value_key = match kind {
        "match_all" => return Ok(None),
        "term" => "value",
        "match" => "query",
        _ => return Err(unknown()),
    };
    match only_entry(clause) {
        Some(("event_id" | "event_id.keyword", value)) => {
            let id =
                value.as_str().or_else(|| value.get(value_key)?.as_str()).ok_or_else(unknown)?;
            Ok(Some(id.to_owned()))
        }
        _ => Err(unknown()),
    }
}

fn only_entry(value: &Value) -> Option<(&str, &Value)> {
    let entries = value.as_object().filter(|entries| entries.len() == 1)?;
    entries.iter().next().map(|(key, value)| (key.as_str(), value))
}

fn number_in(body: &Map<String, Value>, key: &str, otherwise: usize) -> Result<usize, Answer> {
    match body.get(key) {
        None => Ok(otherwise),
        Some(value) => value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .ok_or_else(|| parsing_exception(&format!("[{key}] must be a whole number"))),
    }
}

fn parsing_exception(reason: &str) -> Answer {
    let cause = json!({"type": "parsing_exception", "reason": reason});
    let error = json!({"root_cause": [cause], "type": "parsing_exception", "reason": reason});
    Answer::json(400, &json!({"error": error, "status": 400}))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PURCHASE, REFUND, ask, get};
    use super::*;
    use crate::http::Method;

    #[test]
    fn a_hit_in_elasticsearchs_shape() {
        assert_eq!(
            get(&[PURCHASE, REFUND], "/events/_search?q=event_id:4f1c").text(),
            r#"{"took":1,"timed_out":false,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},"hits":{"total":{"value":1,"relation":"eq"},"max_score":1.0,"hits":[{"_index":"events","_id":"1-1","_score":1.0,"_source":{"event_id":"4f1c","event":"purchase","amount":19.90,"currency":"EUR","user_id":"u-7","occurred_at":"2026-11-23T12:00:00.000Z","@timestamp":"2026-11-23T12:00:00.000Z"}}]}}"#
        );
        assert_eq!(
            get(&[], "/events/_count?q=event_id:4f1c").text(),
            r#"{"count":0,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0}}"#
        );
    }

    #[test]
    fn searches() {
        let check = |query: &str, body: &str, want: u64| {
            let request =
                Request::new(Method::Post, &format!("/events/_count{query}")).with_body(body);
            let answer = ask(&[PURCHASE, REFUND, REFUND], &request);
            let count: Value = serde_json::from_str(&answer.text()).unwrap();
            assert_eq!(count["count"].as_u64(), Some(want), "{query} {body}: {count}");
        };
        check("", "", 3);
        check("?q=*", "", 3);
        check("?q=event_id:%229a0b%22", "", 2);
        check("?q=event_id:9A0B", "", 0);
        check("", r#"{"query":{"match_all":{}}}"#, 3);
        check("", r#"{"query":{"term":{"event_id":"4f1c"}}}"#, 1);
        check("", r#"{"query":{"term":{"event_id.keyword":{"value":"4f1c"}}}}"#, 1);
        check("", r#"{"query":{"match":{"event_id":"9a0b"}}}"#, 2);
        check("", r#"{"query":{"match":{"event_id":{"query":"9a0b"}}}}"#, 2);
    }

    #[test]
    fn pages() {
        let check = |target: &str, want: usize| {
            let answer: Value =
                serde_json::from_str(&get(&[PURCHASE, REFUND, REFUND], target).text()).unwrap();
            assert_eq!(answer["hits"]["hits"].as_array().map(Vec::len), Some(want), "{target}");
            assert_eq!(answer["hits"]["total"]["value"], json!(3), "{target}");
        };
        check("/events/_search", 3);
        check("/events/_search?size=2", 2);
        check("/events/_search?size=2&from=2", 1);
        check("/events/_search?size=0", 0);
    }

    #[test]
    fn what_is_not_understood_is_400() {
        let check = |query: &str, body: &str| {
            let request =
                Request::new(Method::Post, &format!("/events/_search{query}")).with_body(body);
            let answer = ask(&[], &request);
            assert_eq!(answer.status, 400, "{query} {body}");
            assert!(answer.text().contains("parsing_exception"));
        };
        check("?q=amount:3", "");
        check("?q=event_id:", "");
        check("?q=event_id:a%20OR%20event_id:b", "");
        check("?size=many", "");
        check("", "{");
        check("", "[]");
        check("", r#"{"size":-1}"#);
        check("", r#"{"query":{"term":{"amount":"3"}}}"#);
        check("", r#"{"query":{"bool":{}}}"#);
        check("", r#"{"query":[]}"#);
    }
}
