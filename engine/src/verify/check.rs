//! One check: what it reads, and how the reading is judged. Pure; the attempt as a whole is judged in
//! [`super::evaluate`].

use crate::json::Value;

use super::case::{lower, upper};
use super::decimal::Decimal;
use super::jsonpath::{Node, Path, TooManyNodes};
use super::reason::{Judged, Reason};
use super::value::{duplicates, same, shorten, shown};
use crate::chain::{Scope, Setting, Template, Unresolved, ValueTemplate};
use crate::json;
use crate::protocol::exact;

/// How many selected values a reading shows, and how many duplicates it names.
const MAX_SHOWN: usize = 20;

/// One rule about an answer.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// Where it stands in its stage: `checks[0]`.
    pub(crate) place: String,
    pub(crate) source: Source,
    pub(crate) filters: Vec<Filter>,
    pub(crate) rule: Rule,
    pub(crate) mode: Match,
    pub(crate) otherwise: Otherwise,
    /// How many wrong readings in a row make it wrong.
    pub(crate) confirm: u32,
}

/// What a check reads.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Status,
    JsonPath(Template, String),
}

/// What is done with what was read, left to right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Filter {
    Decimal,
    Lower,
    Upper,
    Trim,
    First,
    Last,
    Count,
}

/// What has to hold.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    Exists,
    Equals(ValueTemplate),
    OneOf { values: ValueTemplate, progress: ValueTemplate },
}

/// What has to hold of several selected values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Match {
    Every,
    Any,
    One,
}

/// What a value that is there and doesn't hold comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Otherwise {
    Fail,
    Wait,
}

/// What a check saw, and how it was judged.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) judged: Judged,
    pub(crate) expected: Option<String>,
    pub(crate) selected: Vec<String>,
    pub(crate) locations: Vec<String>,
}

impl Filter {
    pub(crate) const ALL: [Self; 7] =
        [Self::Decimal, Self::Lower, Self::Upper, Self::Trim, Self::First, Self::Last, Self::Count];
    pub(crate) const WORDS: [&'static str; 7] =
        ["decimal", "lower", "upper", "trim", "first", "last", "count"];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Decimal => "decimal",
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Trim => "trim",
            Self::First => "first",
            Self::Last => "last",
            Self::Count => "count",
        }
    }
}

impl Check {
    /// The rule in short, as it stands in the document.
    pub(crate) fn rule_in_short(&self) -> String {
        let source = match &self.source {
            Source::Status => "status",
            Source::JsonPath(_, text) => text,
        };
        let mut words = vec![source];
        words.extend(self.filters.iter().map(|filter| filter.word()));
        words.push(match self.rule {
            Rule::Exists => "exists",
            Rule::Equals(_) => "equals",
            Rule::OneOf { .. } => "one_of",
        });
        words.join(" ")
    }

    /// Whether it counts: such a check is monotone, as more can still come.
    pub(crate) fn counts(&self) -> bool {
        self.filters.contains(&Filter::Count)
    }

    /// Judges the status.
    pub(crate) fn judge_status(
        &self,
        status: u16,
        scope: &dyn Scope,
    ) -> Result<Outcome, Unresolved> {
        let value = Value::from(status);
        let outcome = self.judge("status", vec![Node::root(&value)], scope)?;
        // A status has no place within a body.
        Ok(Outcome { locations: vec![String::new()], ..outcome })
    }

    /// Judges a JSON body.
    pub(crate) fn judge_body(
        &self,
        template: &Template,
        body: &Value,
        scope: &dyn Scope,
    ) -> Result<Outcome, Unresolved> {
        let text = template.fill(scope, Setting::PathLiteral)?;
        let path = match Path::parse(&text) {
            Ok(path) => path,
            Err(message) => {
                return Ok(Outcome::bare(Judged::fail(Reason::BadPath { what: text, message })));
            }
        };
        match path.select(body) {
            Ok(nodes) => self.judge(&text, nodes, scope),
            Err(TooManyNodes { limit }) => {
                let reason = Reason::TooManyNodes { what: text, limit };
                Ok(Outcome::bare(Judged::fail(reason)))
            }
        }
    }

    fn judge(
        &self,
        what: &str,
        nodes: Vec<Node>,
        scope: &dyn Scope,
    ) -> Result<Outcome, Unresolved> {
        let nodes = self.select(nodes);
        let wanted = Wanted::of(&self.rule, scope)?;
        let judged = if self.counts() {
            judge_count(what, &nodes, &wanted)
        } else {
            self.judge_nodes(what, &nodes, &wanted)
        };
        Ok(Outcome {
            judged,
            expected: wanted.shown(),
            selected: nodes.iter().take(MAX_SHOWN).map(|node| shown(node.value)).collect(),
            locations: nodes.iter().take(MAX_SHOWN).map(Node::location).collect(),
        })
    }

    /// The selecting filters; converting ones act when values are compared.
    fn select<'a>(&self, mut nodes: Vec<Node<'a>>) -> Vec<Node<'a>> {
        for filter in &self.filters {
            match filter {
                Filter::First => nodes.truncate(1),
                Filter::Last => nodes = nodes.pop().into_iter().collect(),
                Filter::Decimal | Filter::Lower | Filter::Upper | Filter::Trim | Filter::Count => {}
            }
        }
        nodes
    }

    fn judge_nodes(&self, what: &str, nodes: &[Node], wanted: &Wanted) -> Judged {
        if self.mode == Match::One && nodes.len() > 1 {
            return Judged::fail(Reason::Matched {
                what: what.to_owned(),
                seen: nodes.len() as u64,
            });
        }
        let mut each = nodes.iter().map(|node| self.judge_one(what, node.value, wanted));
        let Some(first) = each.next() else {
            return Judged::pending(Reason::Missing { what: what.to_owned() });
        };
        match self.mode {
            Match::Every | Match::One => each.fold(first, worse),
            Match::Any => {
                let all: Vec<Judged> = std::iter::once(first).chain(each).collect();
                any_of(all, nodes)
            }
        }
    }

    fn judge_one(&self, what: &str, value: &Value, wanted: &Wanted) -> Judged {
        let what = what.to_owned();
        if value.is_null() {
            return Judged::pending(Reason::Null { what });
        }
        let converted = match convert(&self.filters, value) {
            Ok(converted) => converted,
            Err(filter) => {
                let filter = filter.word().to_owned();
                return self.otherwise(Reason::NotConvertible { what, got: shown(value), filter });
            }
        };
        let is = |want: &Value| {
            convert_all(&self.filters, want).is_some_and(|want| same(&converted, &want))
        };
        match wanted {
            Wanted::Anything => Judged::pass(Reason::Holds { what, got: shown(value) }),
            Wanted::Value(want) if is(want) => {
                Judged::pass(Reason::Holds { what, got: shown(value) })
            }
            Wanted::Value(want) => {
                self.otherwise(Reason::Differs { what, got: shown(value), want: shown(want) })
            }
            Wanted::OneOf { values, .. } if values.iter().any(is) => {
                Judged::pass(Reason::Holds { what, got: shown(value) })
            }
            Wanted::OneOf { progress, .. } if progress.iter().any(is) => {
                Judged::pending(Reason::StillInProgress { what, got: shown(value) })
            }
            Wanted::OneOf { values, .. } => {
                let want = shorten(&json::text(&Value::Array(values.clone())));
                self.otherwise(Reason::Differs { what, got: shown(value), want })
            }
        }
    }

    fn otherwise(&self, reason: Reason) -> Judged {
        match self.otherwise {
            Otherwise::Fail => Judged::fail(reason),
            Otherwise::Wait => Judged::pending(reason),
        }
    }
}

impl Outcome {
    pub(crate) fn bare(judged: Judged) -> Self {
        Self { judged, expected: None, selected: Vec::new(), locations: Vec::new() }
    }
}

/// A rule's values, filled in.
enum Wanted {
    Anything,
    Value(Value),
    OneOf { values: Vec<Value>, progress: Vec<Value> },
}

impl Wanted {
    fn of(rule: &Rule, scope: &dyn Scope) -> Result<Self, Unresolved> {
        Ok(match rule {
            Rule::Exists => Self::Anything,
            Rule::Equals(value) => Self::Value(value.fill(scope)?),
            Rule::OneOf { values, progress } => Self::OneOf {
                values: list(values.fill(scope)?),
                progress: list(progress.fill(scope)?),
            },
        })
    }

    fn shown(&self) -> Option<String> {
        match self {
            Self::Anything => None,
            Self::Value(value) => Some(shown(value)),
            Self::OneOf { values, .. } => Some(shorten(&json::text(&Value::Array(values.clone())))),
        }
    }
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        one => vec![one],
    }
}

/// The worse of two, the first of equals.
fn worse(a: Judged, b: Judged) -> Judged {
    if b.verdict > a.verdict { b } else { a }
}

/// One that passes is enough, else pending if one is missing, else what a difference comes to.
fn any_of(all: Vec<Judged>, nodes: &[Node]) -> Judged {
    let null = nodes.iter().position(|node| node.value.is_null());
    let best = |a: Judged, b: Judged| if b.verdict < a.verdict { b } else { a };
    match (all.iter().position(|judged| judged.verdict == super::Verdict::Pass), null) {
        (Some(at), _) | (None, Some(at)) => all.into_iter().nth(at),
        (None, None) => all.into_iter().reduce(best),
    }
    .unwrap_or_else(|| Judged::pending(Reason::Missing { what: String::new() }))
}

/// A count below its target can still rise, one above it can't fall: duplicates only get worse.
fn judge_count(what: &str, nodes: &[Node], wanted: &Wanted) -> Judged {
    let seen = nodes.len() as u64;
    let targets: Vec<u64> = match wanted {
        Wanted::Anything => {
            return Judged::pass(Reason::Holds { what: what.to_owned(), got: seen.to_string() });
        }
        Wanted::Value(value) => value_as_count(value).into_iter().collect(),
        Wanted::OneOf { values, .. } => values.iter().filter_map(value_as_count).collect(),
    };
    let what = what.to_owned();
    let Some(largest) = targets.iter().copied().max() else {
        let want = match wanted {
            Wanted::Value(value) => shown(value),
            Wanted::Anything | Wanted::OneOf { .. } => "a whole number".to_owned(),
        };
        return Judged::fail(Reason::Differs { what, got: seen.to_string(), want });
    };
    if targets.contains(&seen) {
        Judged::pass(Reason::CountReached { what, seen, want: seen })
    } else if seen < largest {
        Judged::pending(Reason::CountBelow { what, seen, want: largest })
    } else {
        let duplicates = duplicates(nodes.iter().map(|node| node.value), MAX_SHOWN);
        Judged::fail(Reason::CountAbove { what, seen, want: largest, duplicates })
    }
}

/// The whole number that a target means; a template may give it as text. Clamped, as no count comes
/// near the limit of what readers can be told.
pub(crate) fn value_as_count(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().map(exact),
        Value::String(text) => text.parse().ok().map(exact),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value after the converting filters, or the one that can't convert it.
fn convert(filters: &[Filter], value: &Value) -> Result<Value, Filter> {
    let mut value = value.clone();
    for &filter in filters {
        value = convert_by(filter, value).ok_or(filter)?;
    }
    Ok(value)
}

/// What is expected goes through the same filters, scalar by scalar.
fn convert_all(filters: &[Filter], value: &Value) -> Option<Value> {
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| convert_all(filters, item))
            .collect::<Option<_>>()
            .map(Value::Array),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            convert(filters, value).ok()
        }
    }
}

fn convert_by(filter: Filter, value: Value) -> Option<Value> {
    match filter {
        Filter::First | Filter::Last | Filter::Count => Some(value),
        Filter::Decimal => {
            let decimal = match &value {
                Value::Number(number) => Decimal::of(number),
                Value::String(text) => Decimal::of_text(text.trim()),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
            }?;
            json::number(&decimal.to_string())
        }
        Filter::Lower => text_of(value).map(|text| Value::String(lower(&text))),
        Filter::Upper => text_of(value).map(|text| Value::String(upper(&text))),
        Filter::Trim => text_of(value).map(|text| Value::String(text.trim().to_owned())),
    }
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}
