//! A check as asserts of Hurl's, where there is an equal.

use baton_engine::json::{self, Value};

use super::hurl::File;
use super::request::{scalar, template};
use crate::said::Refusal;
use crate::text::{Piece, has_reference, pieces};

/// Asserts of one response.
#[derive(Default)]
pub(crate) struct Asserts {
    /// The one status that is right, which Hurl says in the response's own line.
    pub(crate) status: Option<String>,
    /// Whether a check on the status stands among the asserts.
    pub(crate) about_status: bool,
    pub(crate) lines: Vec<String>,
    pub(crate) comments: Vec<String>,
}

/// What becomes of a check.
pub(crate) enum Lines {
    Status(String),
    AboutStatus(Vec<String>),
    Other(Vec<String>),
}

impl Asserts {
    pub(crate) fn add(&mut self, made: Lines) {
        match made {
            Lines::Status(status) if self.status.is_none() => self.status = Some(status),
            Lines::Status(status) => self.lines.push(format!("status == {status}")),
            Lines::AboutStatus(lines) => {
                self.about_status = true;
                self.lines.extend(lines);
            }
            Lines::Other(lines) => self.lines.extend(lines),
        }
    }

    /// A check that is a comment; one on the status still replaces what is taken for an answer otherwise.
    pub(crate) fn comment(&mut self, text: &str) {
        self.about_status |= text.starts_with("checks: {\"source\":\"status\"");
        self.comments.push(text.to_owned());
    }
}

/// A source as a query, or none.
pub(crate) fn query(source: &Value, file: &mut File) -> Result<Option<String>, Refusal> {
    if let Some(word) = source.as_str() {
        let known = [("status", "status"), ("latency", "duration"), ("body", "body")];
        return Ok(known
            .iter()
            .find(|(ours, _)| *ours == word)
            .map(|(_, theirs)| (*theirs).to_owned()));
    }
    for key in ["jsonpath", "header", "regex", "variable"] {
        if let Some(text) = source.get(key).and_then(Value::as_str) {
            return Ok(Some(format!("{key} {}", file.quoted(text)?)));
        }
    }
    Ok(None)
}

/// A check's asserts, or none when Hurl has no equal.
pub(crate) fn lines(check: &Value, file: &mut File) -> Result<Option<Lines>, Refusal> {
    let source = check.get("source").unwrap_or(&Value::Null);
    let op = check.get("op").and_then(Value::as_str).unwrap_or_default();
    let value = check.get("value");
    if check.get("tolerance").is_some()
        || check.get("confirm").and_then(Value::as_u64).is_some_and(|n| n > 1)
    {
        return Ok(None);
    }
    let is_status = source.as_str() == Some("status");
    if is_status
        && op == "equals"
        && let Some(status) = value.and_then(Value::as_u64)
    {
        return Ok(Some(Lines::Status(status.to_string())));
    }
    let Some(query) = query(source, file)? else {
        return Ok(None);
    };
    let many = source.get("jsonpath").and_then(Value::as_str).is_some_and(selects_many);
    let Some((filters, reading)) = filters(check, many) else {
        return Ok(None);
    };
    let any = check.get("match").and_then(Value::as_str) == Some("any");
    let predicates = match reading {
        Reading::Nodes if any && op == "equals" => includes(value, file)?,
        Reading::Nodes => match op {
            "exists" => Some(vec!["count > 0".to_owned()]),
            "absent" => Some(vec!["count == 0".to_owned()]),
            _ => None,
        },
        Reading::One { numeric } => predicates(op, value, numeric, file)?,
    };
    Ok(predicates.map(|predicates| {
        let lines =
            predicates.iter().map(|predicate| format!("{query}{filters} {predicate}")).collect();
        if is_status { Lines::AboutStatus(lines) } else { Lines::Other(lines) }
    }))
}

/// Whether a path may select several nodes: Hurl makes a collection of them then.
fn selects_many(path: &str) -> bool {
    let mut quote = None;
    let mut before = '$';
    for character in path.chars() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None => match character {
                '\'' | '"' => quote = Some(character),
                '*' | '?' | ':' | ',' => return true,
                '.' if before == '.' => return true,
                _ => {}
            },
        }
        before = character;
    }
    false
}

/// What the predicates are read on.
enum Reading {
    /// Several nodes, each of which is judged.
    Nodes,
    One {
        numeric: bool,
    },
}

/// Filters in Hurl's words, or none when one has no equal.
fn filters(check: &Value, many: bool) -> Option<(String, Reading)> {
    let list = check.get("filter").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (mut out, mut many, mut numeric) = (String::new(), many, false);
    for filter in list {
        match filter.as_str()? {
            // Ours counts nodes, theirs what is in a collection: one node is none of theirs.
            "count" if many => {
                out.push_str(" count");
                (many, numeric) = (false, true);
            }
            "length" if !many => {
                out.push_str(" count");
                numeric = true;
            }
            "first" if many => {
                out.push_str(" nth 0");
                many = false;
            }
            "decimal" if !many => {
                out.push_str(" toFloat");
                numeric = true;
            }
            "integer" if !many => {
                out.push_str(" toInt");
                numeric = true;
            }
            _ => return None,
        }
    }
    Some((out, if many { Reading::Nodes } else { Reading::One { numeric } }))
}

fn includes(value: Option<&Value>, file: &mut File) -> Result<Option<Vec<String>>, Refusal> {
    let value = value.map(|value| operand(value, false, file)).transpose()?.flatten();
    Ok(value.map(|value| vec![format!("includes {value}")]))
}

fn predicates(
    op: &str,
    value: Option<&Value>,
    numeric: bool,
    file: &mut File,
) -> Result<Option<Vec<String>>, Refusal> {
    let sign = match op {
        "exists" => return Ok(Some(vec!["exists".into()])),
        "absent" => return Ok(Some(vec!["not exists".into()])),
        "equals" => "==",
        "not_equals" => "!=",
        "contains" => "contains",
        "not_contains" => "not contains",
        "starts_with" => "startsWith",
        "ends_with" => "endsWith",
        "at_least" => ">=",
        "at_most" => "<=",
        "greater_than" => ">",
        "less_than" => "<",
        "matches" => return matches(value, file),
        "between" => {
            let [low, high] =
                value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
            else {
                return Ok(None);
            };
            let (low, high) = (operand(low, numeric, file)?, operand(high, numeric, file)?);
            return Ok(low
                .zip(high)
                .map(|(low, high)| vec![format!(">= {low}"), format!("<= {high}")]));
        }
        "one_of" => return one_of(value, numeric, file),
        _ => return Ok(None),
    };
    let value = value.map(|value| operand(value, numeric, file)).transpose()?.flatten();
    Ok(value.map(|value| vec![format!("{sign} {value}")]))
}

/// A pattern in slashes: its own backslashes stay.
fn matches(value: Option<&Value>, file: &mut File) -> Result<Option<Vec<String>>, Refusal> {
    let Some(pattern) = value.and_then(Value::as_str) else {
        return Ok(None);
    };
    let read = template(pattern)?;
    if has_reference(&read) || read.contains(['\n', '\r']) {
        // Within slashes nothing is filled in; in quotes it is.
        return Ok(Some(vec![format!("matches {}", file.quoted(pattern)?)]));
    }
    Ok(Some(vec![format!("matches /{}/", with_escaped_slashes(&read))]))
}

fn with_escaped_slashes(pattern: &str) -> String {
    let (mut out, mut escaped) = (String::new(), false);
    for character in pattern.chars() {
        if character == '/' && !escaped {
            out.push('\\');
        }
        escaped = character == '\\' && !escaped;
        out.push(character);
    }
    out
}

/// One of several texts is a pattern; one alone is equality.
fn one_of(
    value: Option<&Value>,
    numeric: bool,
    file: &mut File,
) -> Result<Option<Vec<String>>, Refusal> {
    let items = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if let [one] = items {
        return predicates("equals", Some(one), numeric, file);
    }
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    let Some(texts) = texts.filter(|texts| !texts.is_empty() && !numeric) else {
        return Ok(None);
    };
    if texts.iter().any(|text| text.contains("{{") || text.contains(['\n', '\r'])) {
        return Ok(None);
    }
    let texts: Vec<String> = texts.iter().map(|text| literal_pattern(text)).collect();
    Ok(Some(vec![format!("matches /^(?:{})$/", texts.join("|"))]))
}

fn literal_pattern(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if "\\.+*?()|[]{}^$#&-~/".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A value as Hurl writes one, or none when it has no form.
fn operand(value: &Value, numeric: bool, file: &mut File) -> Result<Option<String>, Refusal> {
    Ok(match value {
        Value::Bool(_) | Value::Null => Some(json::text(value)),
        // Its numbers have no exponent.
        Value::Number(number) => Some(number.to_string()).filter(|text| !text.contains(['e', 'E'])),
        Value::String(text) => {
            let read = template(text)?;
            let whole = matches!(pieces(&read).as_slice(), [Piece::Name(_)]);
            let is_number =
                matches!(json::parse(text), Ok(Value::Number(_))) && !text.contains(['e', 'E']);
            if whole && numeric {
                Some(file.written(&read, &str::to_owned))
            } else if numeric {
                is_number.then(|| scalar(value))
            } else {
                Some(file.quoted(text)?)
            }
        }
        Value::Array(_) | Value::Object(_) => None,
    })
}
