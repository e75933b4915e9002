//! Prometheus: an instant query over one counter, `tracking_events_total{event_id="4f1c"}`.
//!
//! Of its language only a selector is read: a name, and matchers with `=` and `!=`.
//! Source: the HTTP API and the querying basics of prometheus.io.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::{Map, Value, json};

use crate::amount::Amount;
use crate::event::Row;
use crate::http::{Answer, Request};
use crate::limits::MAX_QUERY_TOKENS;
use crate::time::Timestamp;

const METRIC: &str = "tracking_events_total";
const TOPIC: &str = "good";

/// A metric's name and what its labels must be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    metric: String,
    matchers: Vec<Matcher>,
}

#[derive(Debug, PartialEq, Eq)]
struct Matcher {
    label: String,
    op: Op,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Equal,
    NotEqual,
}

impl Selector {
    pub(super) fn read(request: &Request) -> Result<Self, Answer> {
        let query = request.param_or_form("query").unwrap_or_default();
        Parser { rest: query.chars().peekable() }.selector().map_err(|error| bad_data(&error))
    }

    /// The id that the first matcher for equality asks for.
    pub(super) fn event_id(&self) -> Option<&str> {
        let mut asked = self.matchers.iter().filter(|m| m.label == "event_id" && m.op == Op::Equal);
        asked.next().map(|matcher| matcher.value.as_str())
    }

    /// Rows with the same labels are one series, and its value counts them.
    pub(super) fn answer(&self, rows: &[Row<'_>], now: Timestamp) -> Answer {
        let mut series: Vec<(Map<String, Value>, usize)> = Vec::new();
        for row in rows {
            let labels = labels(row);
            if !self.selects(row, &labels) {
                continue;
            }
            match series.iter_mut().find(|(known, _)| *known == labels) {
                Some((_, count)) => *count += row.copies,
                None => series.push((labels, row.copies)),
            }
        }
        let at = now.to_unix_seconds().parse().map_or(Value::Null, Value::Number);
        let result: Vec<Value> = series
            .into_iter()
            .map(|(metric, count)| json!({"metric": metric, "value": [at, count.to_string()]}))
            .collect();
        Answer::json(
            200,
            &json!({"status": "success", "data": {"resultType": "vector", "result": result}}),
        )
    }

    fn selects(&self, row: &Row<'_>, labels: &Map<String, Value>) -> bool {
        self.metric == METRIC
            && self.matchers.iter().all(|matcher| {
                let label = labels.get(&matcher.label).and_then(Value::as_str).unwrap_or("");
                match matcher.op {
                    // The id that was sent finds the row too, whatever the system made of its case.
                    Op::Equal if matcher.label == "event_id" => row.is_called(&matcher.value),
                    Op::Equal => label == matcher.value,
                    Op::NotEqual => label != matcher.value,
                }
            })
    }
}

fn labels(row: &Row<'_>) -> Map<String, Value> {
    let occurred_at = row.occurred_at.to_rfc3339();
    let pairs = [
        ("__name__", Some(METRIC)),
        ("topic", Some(TOPIC)),
        ("event_id", Some(row.event_id.as_str())),
        ("event", Some(row.name.as_str())),
        ("amount", row.amount.as_ref().map(Amount::text)),
        ("currency", row.currency()),
        ("user_id", row.user_id()),
        ("occurred_at", Some(occurred_at.as_str())),
    ];
    pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?)))).collect()
}

fn bad_data(error: &str) -> Answer {
    let error = format!("invalid parameter \"query\": {error}");
    Answer::json(400, &json!({"status": "error", "errorType": "bad_data", "error": error}))
}

struct Parser<'q> {
    rest: Peekable<Chars<'q>>,
}

impl Parser<'_> {
    fn selector(mut self) -> Result<Selector, String> {
        let metric = self.word();
        if metric.is_empty() {
            return Err(
                "parse error: expected a metric, as in tracking_events_total{event_id=\"4f1c\"}"
                    .to_owned(),
            );
        }
        let matchers = if self.next_is('{') { self.matchers()? } else { Vec::new() };
        match self.peek() {
            None => Ok(Selector { metric, matchers }),
            Some(unexpected) => Err(format!(
                "parse error: unexpected {unexpected:?}; only a selector is understood here"
            )),
        }
    }

    fn matchers(&mut self) -> Result<Vec<Matcher>, String> {
        let mut matchers = Vec::new();
        while !self.next_is('}') {
            if matchers.len() == MAX_QUERY_TOKENS {
                return Err("parse error: too many matchers".to_owned());
            }
            matchers.push(self.matcher()?);
            if !self.next_is(',') && self.peek() != Some('}') {
                return Err("parse error: expected \",\" or \"}\" after a matcher".to_owned());
            }
        }
        Ok(matchers)
    }

    fn matcher(&mut self) -> Result<Matcher, String> {
        let label = self.word();
        if label.is_empty() {
            return Err("parse error: expected a label, as in {event_id=\"4f1c\"}".to_owned());
        }
        let op = if self.next_is('!') { Op::NotEqual } else { Op::Equal };
        if !self.next_is('=') || self.peek() == Some('~') {
            return Err("parse error: expected \"=\" or \"!=\" after a label; regular expressions are not understood here".to_owned());
        }
        Ok(Matcher { label, op, value: self.quoted()? })
    }

    fn quoted(&mut self) -> Result<String, String> {
        let unclosed = || "parse error: expected a text in quotes".to_owned();
        let quote = self.peek().filter(|quote| matches!(quote, '"' | '\'')).ok_or_else(unclosed)?;
        self.rest.next();
        let mut text = String::new();
        loop {
            match self.rest.next().ok_or_else(unclosed)? {
                end if end == quote => return Ok(text),
                '\\' => text.push(self.rest.next().ok_or_else(unclosed)?),
                letter => text.push(letter),
            }
        }
    }

    fn word(&mut self) -> String {
        self.peek();
        let mut word = String::new();
        while let Some(letter) =
            self.rest.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
        {
            word.push(letter);
        }
        word
    }

    /// The next character that is no blank, left where it is.
    fn peek(&mut self) -> Option<char> {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
        self.rest.peek().copied()
    }

    fn next_is(&mut self, wanted: char) -> bool {
        self.peek() == Some(wanted) && self.rest.next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PURCHASE, REFUND, ask, get};
    use super::*;
    use crate::http::Method;

    fn target(query: &str) -> String {
        let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        format!("/api/v1/query?query={query}")
    }

    #[test]
    fn one_event_is_one_series_that_carries_the_amount() {
        let want = r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"tracking_events_total","topic":"good","event_id":"4f1c","event":"purchase","amount":"19.90","currency":"EUR","user_id":"u-7","occurred_at":"2026-11-23T12:00:00.000Z"},"value":[1795436100,"1"]}]}}"#;
        let query = r#"tracking_events_total{topic="good",event_id="4f1c"}"#;
        assert_eq!(get(&[PURCHASE, REFUND], &target(query)).text(), want);
        let form: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let post = Request::new(Method::Post, "/api/v1/query").with_body(format!("query={form}"));
        assert_eq!(ask(&[PURCHASE, REFUND], &post).text(), want);
    }

    #[test]
    fn selectors() {
        let check = |query: &str, want: &[&str]| {
            let answer: Value =
                serde_json::from_str(&get(&[PURCHASE, PURCHASE, REFUND], &target(query)).text())
                    .unwrap();
            let series =
                answer["data"]["result"].as_array().unwrap_or_else(|| panic!("{query}: {answer}"));
            let got: Vec<String> = series
                .iter()
                .map(|series| {
                    format!(
                        "{} {}",
                        series["metric"]["event_id"].as_str().unwrap(),
                        series["value"][1].as_str().unwrap()
                    )
                })
                .collect();
            assert_eq!(got, want, "{query}");
        };
        check("tracking_events_total", &["4f1c 2", "9a0b 1"]);
        check(" tracking_events_total { event = 'refund' , } ", &["9a0b 1"]);
        check(r#"tracking_events_total{event!="refund"}"#, &["4f1c 2"]);
        check(r#"tracking_events_total{topic="bad"}"#, &[]);
        check(r#"tracking_events_total{user_id=""}"#, &["9a0b 1"]);
        check(r#"tracking_events_total{event_id="\4f1c"}"#, &["4f1c 2"]);
        check("tracking_events_total{}", &["4f1c 2", "9a0b 1"]);
        check(r#"another_total{event_id="4f1c"}"#, &[]);
    }

    #[test]
    fn what_is_no_selector_is_bad_data() {
        for query in [
            "",
            "{}",
            "sum(x)",
            "x{",
            "x{a}",
            "x{a=1}",
            "x{a=~\"b\"}",
            "x{a=\"b",
            "x{a=\"b\" c=\"d\"}",
            "x y",
            "x{=\"a\"}",
        ] {
            let answer = get(&[], &target(query));
            assert_eq!(answer.status, 400, "{query}");
            assert!(answer.text().contains(r#""errorType":"bad_data""#), "{query}");
        }
        assert_eq!(get(&[], "/api/v1/query").status, 400);
    }
}
