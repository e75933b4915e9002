//! A stage's checks without any engine: one line of JSON has the stage and an answer, one line says what
//! the answer comes to. For trying checks before they are polled, and for judging kept evidence anew.

use std::rc::Rc;

use super::diagnosis::Diagnosis;
use super::evaluate::{Evaluation, History, Rules, evaluate};
use super::reason::Verdict;
use super::record::{Field, Recorded, Records};
use super::time::Told;
use crate::chain::Scope;
use crate::chain::dry::{DryStage, Judging, parse_dry_fields, parse_dry_stage};
use crate::document::{Object, Place, Problem, ProblemKind, Problems, tree};
use crate::json::{self, Value};
use crate::locale::Locale;
use crate::protocol::{Answer, Body, Hidden, HttpResponse, ReadingView};
use crate::time::Timestamp;
use crate::trigger::unknown_zone;
use crate::zone::Zone;

/// The longest line that is read, in bytes.
const MAX_LINE_BYTES: usize = 64 << 20;
/// The largest body that is judged, in bytes, as in an engine.
const BODY_LIMIT: usize = 5_000_000;
/// How many earlier answers a line may have.
const MAX_HISTORY: usize = 1000;
/// How many earlier stages may have records, and how many each.
const MAX_RECORDED: usize = 1000;
const ATTEMPT_TIMEOUT_MS: u64 = 10_000;

/// Answers
///
/// ```json
/// {"stage": {"checks": [...]}, "response": {"status": 200, "headers": {}, "body": "...", "latency_ms": 12}, "variables": {}}
/// ```
///
/// with `{"verdict":"pass|pending|fail","reason":"...","readings":[...],"captures":{},"record":[]}`, or with
/// `{"error":"..."}`. Of the stage only what judges is read: `name` and `request` may be left out.
///
/// Optional are: `"response": {"error": "network"|"timeout"}`; `"hidden": true` in a response that a browser
/// would show safelisted headers of only; `history`, the answers to earlier attempts, the first one first;
/// `now`, an instant, instead of the one given; `fields`, those of the chain; `records`, for `same_as`, by stage:
/// `{"Send": [{"amount": "19.90"}]}`; `locale`. `zones` finds a zone by its name.
///
/// ```
/// use baton_engine::time::Timestamp;
/// let line = r#"{"stage": {"checks": [{"source": {"jsonpath": "$[*]"}, "filter": ["count"], "op": "equals", "value": 2}]},
///               "response": {"status": 200, "body": "[1]"}}"#;
/// let answer = baton_engine::verify::dry_run(line, Timestamp::from_ms(0), &|_| None);
/// assert!(answer.starts_with(r#"{"verdict":"pending","reason":"1 of 2 at $[*]""#), "{answer}");
/// ```
pub fn dry_run(line: &str, now: Timestamp, zones: &dyn Fn(&str) -> Option<Zone>) -> String {
    let answer = match run(line, now, zones) {
        Ok(answer) => answer,
        Err(problems) => {
            let sentences: Vec<String> = problems.iter().map(Problem::to_string).collect();
            object([("error", Value::from(sentences.join("; ")))])
        }
    };
    json::text(&answer)
}

fn run(
    line: &str,
    now: Timestamp,
    zones: &dyn Fn(&str) -> Option<Zone>,
) -> Result<Value, Vec<Problem>> {
    let document = tree(line, MAX_LINE_BYTES)?;
    let mut problems = Problems::default();
    let asked = Asked::read(&document, now, zones, &mut problems);
    let Some(asked) = asked.filter(|_| problems.is_empty()) else {
        return Err(problems.into_vec());
    };
    Ok(asked.answer())
}

/// What a line asks.
struct Asked<'a> {
    stage: DryStage,
    fields: Vec<Field>,
    scope: DryScope<'a>,
    /// The last one is judged.
    answers: Vec<Response>,
    locale: Locale,
}

/// An answer, with what the engine knows beside it.
struct Response {
    answer: Answer,
    latency_ms: Option<u64>,
}

struct DryScope<'a> {
    variables: Vec<(&'a str, &'a Value)>,
    records: Vec<(String, Vec<&'a Value>)>,
    now: Timestamp,
    zones: &'a dyn Fn(&str) -> Option<Zone>,
}

impl Scope for DryScope<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn recorded(&self, stage: &str, field: &str) -> Vec<Value> {
        let rows = self.records.iter().filter(|(name, _)| name == stage).flat_map(|(_, rows)| rows);
        let values = rows.filter_map(|row| row.get(field)).filter(|value| !value.is_null());
        values.cloned().collect()
    }

    fn zone(&self, name: &str) -> Option<Rc<Zone>> {
        if name == Zone::UTC { Some(Zone::utc()) } else { (self.zones)(name) }.map(Rc::new)
    }
}

impl<'a> Asked<'a> {
    fn read(
        document: &'a Value,
        now: Timestamp,
        zones: &'a dyn Fn(&str) -> Option<Zone>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let known =
            ["stage", "response", "variables", "history", "now", "fields", "records", "locale"];
        let root = Place::root(document).object(problems, &known, &[])?;
        let variables = match root.find("variables") {
            Some(place) => place.entries(problems)?,
            None => Vec::new(),
        };
        let variables = variables.into_iter().map(|(name, place)| (name, place.value)).collect();
        let now = match root.find("now") {
            Some(place) => instant(&place, problems)?,
            None => now,
        };
        let records = records(&root, problems)?;
        let scope = DryScope { variables, records, now, zones };
        let fields = parse_dry_fields(&root, problems);
        let names: Vec<String> =
            scope.variables.iter().map(|(name, _)| (*name).to_owned()).collect();
        let recorded = scope.recorded_names();
        let stage = root.need(problems, "stage").and_then(|place| {
            parse_dry_stage(&place, &names, fields.as_deref(), &recorded, problems)
        });
        let mut answers = Vec::new();
        if let Some(place) = root.find("history") {
            for place in place.items(problems, MAX_HISTORY)? {
                answers.extend(response(&place, problems));
            }
        }
        answers
            .extend(root.need(problems, "response").and_then(|place| response(&place, problems)));
        let stage = stage?;
        for name in zones_named(&stage.judging, fields.as_deref().unwrap_or_default()) {
            if scope.zone(&name).is_none() {
                problems.push(&root.place.part("stage"), unknown_zone(&name));
            }
        }
        let locale = root.find("locale").and_then(|place| place.text(problems));
        let locale = Locale::from_tag(locale.unwrap_or("en"));
        Some(Self { stage, fields: fields.unwrap_or_default(), scope, answers, locale })
    }

    fn answer(&self) -> Value {
        let mut history = History::default();
        let mut last = None;
        for response in &self.answers {
            let evaluation =
                evaluate(self.rules(response), &response.answer, &history, &self.scope);
            history = evaluation.history.clone();
            last = Some(evaluation);
        }
        last.map_or(Value::Null, |evaluation| self.told(evaluation))
    }

    fn rules(&self, response: &Response) -> Rules<'_> {
        Rules {
            stop: &self.stage.judging.stop,
            checks: &self.stage.judging.checks,
            captures: &self.stage.judging.captures,
            fields: &self.fields,
            record: self.stage.judging.record.as_ref(),
            attempt_timeout_ms: self.stage.attempt_timeout_ms.unwrap_or(ATTEMPT_TIMEOUT_MS),
            body_limit: BODY_LIMIT as u64,
            latency_ms: response.latency_ms,
        }
    }

    fn told(&self, evaluation: Evaluation) -> Value {
        let Evaluation { judged, readings, captures, records, .. } = evaluation;
        object([
            ("verdict", Value::from(word(judged.verdict))),
            ("reason", Value::from(judged.reason.sentence(self.locale))),
            ("readings", readings.iter().map(|reading| self.reading(reading)).collect()),
            ("captures", Value::Object(captures.into_iter().collect())),
            ("record", self.rows(&records)),
        ])
    }

    fn reading(&self, reading: &ReadingView) -> Value {
        // What is shortened is JSON no more, and stays a text.
        let value =
            |text: &String| json::parse(text).unwrap_or_else(|_| Value::from(text.as_str()));
        let mut members = vec![
            ("check", Value::from(reading.place.as_str())),
            ("rule", Value::from(reading.rule.as_str())),
            ("verdict", Value::from(word(reading.verdict))),
            ("reason", Value::from(reading.reason.sentence(self.locale))),
            ("selected", reading.selected.iter().map(value).collect()),
        ];
        members.extend(reading.expected.as_ref().map(|expected| ("expected", value(expected))));
        object(members)
    }

    fn rows(&self, records: &Records) -> Value {
        let cell = |recorded: &Recorded| {
            let value =
                |text: &String| json::parse(text).unwrap_or_else(|_| Value::from(text.as_str()));
            let mut members = Vec::new();
            members.extend(recorded.raw.as_ref().map(|raw| ("raw", value(raw))));
            let normalised = recorded.normalised.as_ref();
            members.extend(normalised.map(|normalised| ("normalised", value(normalised))));
            let trouble = recorded.trouble.as_ref();
            members.extend(
                trouble.map(|trouble| ("trouble", Value::from(trouble.sentence(self.locale)))),
            );
            (recorded.field.clone(), object(members))
        };
        let row =
            |row: &super::record::Record| Value::Object(row.fields.iter().map(cell).collect());
        records.rows.iter().map(row).collect()
    }
}

fn zones_named(judging: &Judging, fields: &[Field]) -> Vec<String> {
    let checks = judging.stop.iter().chain(&judging.checks);
    let zones = checks.filter_map(|check| check.zone.clone());
    zones.chain(fields.iter().filter_map(|field| field.zone.clone())).collect()
}

impl DryScope<'_> {
    fn recorded_names(&self) -> Vec<(String, Vec<String>)> {
        let mut out: Vec<(String, Vec<String>)> = Vec::new();
        for (stage, rows) in &self.records {
            let fields = rows.iter().filter_map(|row| row.as_object()).flatten();
            out.push((stage.clone(), fields.map(|(name, _)| name.clone()).collect()));
        }
        out
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Pending => "pending",
        Verdict::Fail => "fail",
    }
}

fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn instant(place: &Place, problems: &mut Problems) -> Option<Timestamp> {
    let found = Told::read(place.value).and_then(|told| told.instant(None));
    if found.is_none() {
        place.wrong(problems, "an instant such as \"2026-11-24T02:00:00Z\"");
    }
    found
}

fn records<'a>(
    root: &Object<'a>,
    problems: &mut Problems,
) -> Option<Vec<(String, Vec<&'a Value>)>> {
    let Some(place) = root.find("records") else { return Some(Vec::new()) };
    let mut out = Vec::new();
    for (stage, place) in place.entries(problems)? {
        let rows = match place.value {
            Value::Array(_) => {
                place.items(problems, MAX_RECORDED)?.iter().map(|place| place.value).collect()
            }
            one => vec![one],
        };
        out.push((stage.to_owned(), rows));
    }
    Some(out)
}

fn response(place: &Place, problems: &mut Problems) -> Option<Response> {
    let known = ["status", "headers", "body", "latency_ms", "error", "hidden"];
    let object = place.object(problems, &known, &[])?;
    let latency_ms = match object.find("latency_ms") {
        Some(place) => Some(u64::from(place.whole(problems, 0, u32::MAX)?)),
        None => None,
    };
    let hides = match object.find("hidden") {
        Some(place) => place.boolean(problems)?,
        None => false,
    };
    if let Some(place) = object.find("error") {
        let answer = match place.text(problems)? {
            "network" => Answer::NoResponse(Diagnosis::NoAnswer),
            "timeout" => Answer::Timeout,
            word => {
                place.unknown_word(problems, word, &["network", "timeout"]);
                return None;
            }
        };
        return Some(Response { answer, latency_ms });
    }
    let status = match object.find("status") {
        Some(place) => place.whole(problems, 100, 599)?,
        None => 200,
    };
    let response = HttpResponse {
        status: u16::try_from(status).unwrap_or(0),
        headers: headers(&object, problems)?,
        body: body(&object),
        redirected_to: None,
        hidden: hides.then_some(Hidden::Unexposed),
    };
    Some(Response { answer: Answer::Response(response), latency_ms })
}

/// Names and values; a list has the values of several headers of one name.
fn headers(object: &Object, problems: &mut Problems) -> Option<Vec<(String, String)>> {
    let Some(place) = object.find("headers") else { return Some(Vec::new()) };
    let mut headers = Vec::new();
    for (name, place) in place.entries(problems)? {
        let values = match place.value {
            Value::Array(items) => items.iter().collect(),
            one => vec![one],
        };
        for value in values {
            match value {
                Value::String(text) => headers.push((name.to_ascii_lowercase(), text.clone())),
                Value::Number(number) => {
                    headers.push((name.to_ascii_lowercase(), number.to_string()));
                }
                _ => {
                    let kind =
                        ProblemKind::WrongType { want: "a text".into(), got: json::text(value) };
                    problems.push(&place, kind);
                }
            }
        }
    }
    Some(headers)
}

/// A text; a body that is pasted as JSON is its text.
fn body(object: &Object) -> Body {
    let text = match object.find("body").map(|place| place.value) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => json::text(value),
    };
    if text.len() > BODY_LIMIT { Body::TooLarge } else { Body::Text(text) }
}
