//! Records: the values of a chain's fields in one system's answer, as they are and in one form, so that
//! they can be compared with those of other systems. Compares nothing itself.

use std::rc::Rc;

use super::alike::Alike;
use super::check::filter::{Filter, InZone, convert};
use super::jsonpath::{Path, TooManyNodes};
use super::reason::Reason;
use super::tolerance::Tolerance;
use super::value::shown;
use super::work::Work;
use crate::chain::{Scope, Setting, Template, Unresolved, as_text};
use crate::json::{self, Value};
use crate::time::Timestamp;
use crate::zone::Zone;

/// How many records of one answer are kept; the others are counted.
pub(crate) const MAX_RECORDS: usize = 1000;
/// The longest value that is kept, as JSON text in bytes.
const MAX_VALUE_BYTES: usize = 4096;

/// A property that is compared across systems.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Which of its texts are one.
    pub(crate) alike: Alike,
    /// The zone of its times that name none.
    pub(crate) zone: Option<String>,
    pub(crate) tolerance: Option<Tolerance>,
    /// The stage whose value is the right one; the first that has it when none is named.
    pub(crate) reference: Option<String>,
}

/// What a field's values are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Texts; other scalars as they are written.
    Text,
    /// Whole numbers, also as texts.
    Integer,
    /// Numbers, also as texts.
    Decimal,
    /// True or false, also as texts or 1 and 0.
    Boolean,
    /// Instants in any notation.
    Time,
    /// UUIDs in any notation.
    Uuid,
    /// Anything, compared as it is.
    Json,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Text,
        Self::Integer,
        Self::Decimal,
        Self::Boolean,
        Self::Time,
        Self::Uuid,
        Self::Json,
    ];
    pub(crate) const WORDS: [&'static str; 7] =
        ["text", "integer", "decimal", "boolean", "time", "uuid", "json"];

    /// Its word in documents.
    pub fn word(self) -> &'static str {
        let place = Self::ALL.iter().position(|known| *known == self);
        place.and_then(|place| Self::WORDS.get(place)).copied().unwrap_or_default()
    }

    /// The filter that makes one form of its values.
    pub(crate) fn filter(self) -> Option<Filter> {
        match self {
            Self::Integer => Some(Filter::Integer),
            Self::Decimal => Some(Filter::Decimal),
            Self::Time => Some(Filter::Time),
            Self::Uuid => Some(Filter::Uuid),
            Self::Text | Self::Boolean | Self::Json => None,
        }
    }
}

/// Where a stage's answer has the fields.
#[derive(Clone, Debug)]
pub(crate) struct RecordRule {
    /// One record for each node that it selects; without it, one for the answer.
    pub(crate) each: Option<Template>,
    pub(crate) fields: Vec<(String, FieldSource)>,
}

/// Where a record has a field.
#[derive(Clone, Debug)]
pub(crate) enum FieldSource {
    Path(Template),
    /// What was sent.
    Variable(String),
}

/// The records of one answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Records {
    /// The records, in the answer's order; at most a thousand.
    pub rows: Vec<Record>,
    /// How many there are in all.
    pub seen: u64,
    /// Why they can't be read, if they can't.
    pub trouble: Option<Reason>,
}

/// One record: its fields in the order of the document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// Its fields.
    pub fields: Vec<Recorded>,
}

/// A field's value in a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// The field's name.
    pub field: String,
    /// The value as it is, as JSON text; none when it is missing.
    pub raw: Option<String>,
    /// The value in the form of the field's kind, as JSON text: instants in UTC, decimals without zeros
    /// at their end, UUIDs in lower case. None when there is none, or it can't be converted.
    pub normalised: Option<String>,
    /// Why it can't be compared, when it can't.
    pub trouble: Option<Reason>,
}

impl Records {
    /// The values of a field that are there, as they are.
    pub(crate) fn values(&self, field: &str) -> Vec<Value> {
        let fields = self.rows.iter().flat_map(|row| &row.fields);
        let there = fields.filter(|recorded| {
            recorded.field == field
                && !matches!(
                    recorded.trouble,
                    Some(Reason::ValueTooLong { .. } | Reason::Matched { .. })
                )
        });
        let values = there.filter_map(|recorded| json::parse(recorded.raw.as_ref()?).ok());
        values.filter(|value| !value.is_null()).collect()
    }
}

/// Takes the records out of an answer's body, if it has one that is JSON.
///
/// # Errors
/// The first name without a value.
pub(crate) fn record(
    rule: &RecordRule,
    fields: &[Field],
    body: Option<&Value>,
    scope: &dyn Scope,
    work: &mut Work,
) -> Result<Records, Unresolved> {
    let sent = rule.fields.iter().any(|(_, source)| matches!(source, FieldSource::Variable(_)));
    let null = Value::Null;
    let body = match body {
        Some(body) => body,
        // What was sent is known whatever came back.
        None if sent && rule.each.is_none() => &null,
        None => return Ok(Records::default()),
    };
    let mut reader = Reader { fields, scope, work, zones: Vec::new() };
    reader.find_zones();
    let paths = match reader.paths(rule)? {
        Ok(paths) => paths,
        Err(trouble) => return Ok(Records { trouble: Some(trouble), ..Records::default() }),
    };
    let nodes = match &rule.each {
        None => Ok(vec![body]),
        Some(each) => reader.select(each, body)?,
    };
    let nodes = match nodes {
        Ok(nodes) => nodes,
        Err(trouble) => return Ok(Records { trouble: Some(trouble), ..Records::default() }),
    };
    let mut records = Records { seen: nodes.len() as u64, ..Records::default() };
    for node in nodes.into_iter().take(MAX_RECORDS) {
        match reader.row(&paths, node)? {
            Ok(row) => records.rows.push(row),
            Err(TooManyNodes { limit }) => {
                records.trouble = Some(Reason::TooManyNodes { what: "record".into(), limit });
                break;
            }
        }
    }
    Ok(records)
}

struct Reader<'a> {
    fields: &'a [Field],
    scope: &'a dyn Scope,
    work: &'a mut Work,
    zones: Vec<(&'a str, Option<Rc<Zone>>)>,
}

/// Where a field is, with its values filled in.
enum Filled<'a> {
    Path(&'a str, Path, String),
    Sent(&'a str, &'a str),
}

type Read<T> = Result<Result<T, Reason>, Unresolved>;

impl Reader<'_> {
    fn find_zones(&mut self) {
        for name in self.fields.iter().filter_map(|field| field.zone.as_deref()) {
            if !self.zones.iter().any(|(known, _)| *known == name) {
                self.zones.push((name, self.scope.zone(name)));
            }
        }
    }

    fn paths<'r>(&self, rule: &'r RecordRule) -> Read<Vec<Filled<'r>>> {
        let mut paths = Vec::new();
        for (name, source) in &rule.fields {
            paths.push(match source {
                FieldSource::Variable(variable) => Filled::Sent(name, variable),
                FieldSource::Path(template) => {
                    let text = template.fill(self.scope, Setting::PathLiteral)?;
                    match Path::parse(&text) {
                        Ok(path) => Filled::Path(name, path, text),
                        Err(message) => return Ok(Err(Reason::BadPath { what: text, message })),
                    }
                }
            });
        }
        Ok(Ok(paths))
    }

    fn select<'b>(&mut self, path: &Template, body: &'b Value) -> Read<Vec<&'b Value>> {
        let text = path.fill(self.scope, Setting::PathLiteral)?;
        Ok(match Path::parse(&text) {
            Err(message) => Err(Reason::BadPath { what: text, message }),
            Ok(path) => match path.select(body, self.work) {
                Ok(nodes) => Ok(nodes.into_iter().map(|node| node.value).collect()),
                Err(TooManyNodes { limit }) => Err(Reason::TooManyNodes { what: text, limit }),
            },
        })
    }

    fn row(
        &mut self,
        paths: &[Filled],
        node: &Value,
    ) -> Result<Result<Record, TooManyNodes>, Unresolved> {
        let mut row = Record::default();
        for path in paths {
            let recorded = match path {
                Filled::Sent(name, variable) => {
                    let value = self.scope.value(variable);
                    let value = value.ok_or_else(|| Unresolved((*variable).to_owned()))?;
                    self.recorded(name, variable, value)
                }
                Filled::Path(name, path, text) => match path.select(node, self.work) {
                    Ok(nodes) => match nodes.as_slice() {
                        [] => Ok(blank(name)),
                        [one] => self.recorded(name, text, one.value),
                        several => {
                            let seen = several.len() as u64;
                            let what = text.clone();
                            let trouble = Some(Reason::Matched { what, seen });
                            let first = several.first().map(|node| shown(node.value));
                            Ok(Recorded { raw: first, trouble, ..blank(name) })
                        }
                    },
                    Err(too_many) => Err(too_many),
                },
            };
            match recorded {
                Ok(recorded) => row.fields.push(recorded),
                Err(too_many) => return Ok(Err(too_many)),
            }
        }
        Ok(Ok(row))
    }

    fn recorded(
        &mut self,
        name: &str,
        what: &str,
        value: &Value,
    ) -> Result<Recorded, TooManyNodes> {
        let raw = json::text(value);
        self.work.charge(4 + raw.len() as u64 / 64)?;
        if raw.len() > MAX_VALUE_BYTES {
            let limit_bytes = MAX_VALUE_BYTES as u64;
            let trouble = Some(Reason::ValueTooLong { what: what.to_owned(), limit_bytes });
            return Ok(Recorded { raw: Some(shown(value)), trouble, ..blank(name) });
        }
        let (normalised, trouble) = if value.is_null() {
            (None, None)
        } else {
            match self.normal(name, what, value)? {
                Ok(normal) => (Some(json::text(&normal)), None),
                Err(trouble) => (None, Some(trouble)),
            }
        };
        Ok(Recorded { raw: Some(raw), normalised, trouble, ..blank(name) })
    }

    /// A value in the form of its field's kind.
    fn normal(
        &mut self,
        name: &str,
        what: &str,
        value: &Value,
    ) -> Result<Result<Value, Reason>, TooManyNodes> {
        let field = self.fields.iter().find(|field| field.name == name);
        let kind = field.map_or(Kind::Json, |field| field.kind);
        let zone = field.and_then(|field| field.zone.as_deref());
        let zone = zone.and_then(|name| self.zones.iter().find(|(known, _)| *known == name));
        let zone = match zone {
            None => InZone::Unsaid,
            Some((_, Some(zone))) => InZone::Known(zone),
            Some((name, None)) => InZone::Unknown(name),
        };
        let Some(filter) = kind.filter() else {
            let made = plain(kind, what, value);
            return Ok(made.map(|made| match (field, made) {
                (Some(field), Value::String(text)) if kind == Kind::Text => {
                    Value::String(field.alike.one(&text))
                }
                (_, made) => made,
            }));
        };
        let converted = convert(filter, zone, value, self.work)?;
        Ok(match converted {
            Ok(value) => Ok(in_short(kind, value)),
            Err(trouble) => Err(trouble.reason(what, value)),
        })
    }
}

fn blank(name: &str) -> Recorded {
    Recorded { field: name.to_owned(), raw: None, normalised: None, trouble: None }
}

/// Those kinds that no filter is for.
fn plain(kind: Kind, what: &str, value: &Value) -> Result<Value, Reason> {
    let scalar = !matches!(value, Value::Array(_) | Value::Object(_));
    let made = match kind {
        Kind::Text => scalar.then(|| Value::String(as_text(value))),
        Kind::Boolean => match as_text(value).to_ascii_lowercase().as_str() {
            "true" | "1" if scalar => Some(Value::Bool(true)),
            "false" | "0" if scalar => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Json | Kind::Integer | Kind::Decimal | Kind::Time | Kind::Uuid => Some(value.clone()),
    };
    made.ok_or_else(|| {
        let filter = kind.word().to_owned();
        Reason::NotConvertible { what: what.to_owned(), got: shown(value), filter }
    })
}

/// 9.00 is 9, and an instant is a date in UTC.
fn in_short(kind: Kind, value: Value) -> Value {
    match (kind, &value) {
        (Kind::Time, Value::Number(_)) => match value.as_i64() {
            Some(ms) => Value::from(Timestamp::from_ms(ms).to_string()),
            None => value,
        },
        (Kind::Decimal, Value::Number(number)) => super::decimal::Decimal::of(number)
            .and_then(|decimal| json::number(&decimal.shortest().to_string()))
            .unwrap_or(value),
        _ => value,
    }
}
