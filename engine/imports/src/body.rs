//! Bodies and queries as a tree or as names with values, where nothing is lost by that.

use baton_engine::json::{self, Value};

use crate::text::{Piece, has_reference, percent_decoded, pieces, reference};

/// More names stay a text.
const MAX_PAIRS: usize = 500;
/// A tree that is deeper stays a text: in a document it would stand deeper still.
const MAX_DEPTH: usize = 100;

/// A query by names, when that changes nothing for whoever reads it: each name once, each with `=`, and
/// no `+`, which some read as a blank. None means that it has to stay as it is.
pub(crate) fn query_pairs(query: &str) -> Option<Vec<(String, String)>> {
    if query.is_empty() {
        return Some(Vec::new());
    }
    if query.contains('+') { None } else { pairs(query) }
}

/// A form's text by names: `+` is a blank in it.
pub(crate) fn form_pairs(text: &str) -> Option<Vec<(String, String)>> {
    pairs(&text.replace('+', "%20"))
}

fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for part in text.split('&') {
        let (name, value) = part.split_once('=')?;
        let name = percent_decoded(name)?;
        if pairs.len() == MAX_PAIRS
            || name.is_empty()
            || has_reference(&name)
            || pairs.iter().any(|(known, _)| *known == name)
        {
            return None;
        }
        pairs.push((name, percent_decoded(value)?));
    }
    Some(pairs)
}

/// The JSON object or list that a body is. None when it is another text, or has a key twice, which
/// a tree would lose.
pub(crate) fn json_body(text: &str) -> Option<Value> {
    let value = json::parse(&with_quoted_references(text)).ok()?;
    let structured = matches!(value, Value::Object(_) | Value::Array(_));
    let kept = structured && members(&value) == colons(text) && depth(&value) <= MAX_DEPTH;
    kept.then_some(value)
}

/// Puts names that stand for whole values into quotes: `{"n": {{count}}}` is no JSON before it is filled in.
fn with_quoted_references(text: &str) -> String {
    if !has_reference(text) {
        return text.to_owned();
    }
    let (mut out, mut quoted) = (String::with_capacity(text.len()), false);
    for piece in pieces(text) {
        match piece {
            Piece::Literal(literal) => {
                quoted = ends_quoted(literal, quoted);
                out.push_str(literal);
            }
            Piece::Name(name) => {
                let quote = if quoted { "" } else { "\"" };
                out.push_str(quote);
                out.push_str(&reference(name));
                out.push_str(quote);
            }
        }
    }
    out
}

pub(crate) fn ends_quoted(text: &str, mut quoted: bool) -> bool {
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    quoted
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(map) => 1 + map.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn members(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.iter().map(|(_, value)| 1 + members(value)).sum(),
        Value::Array(items) => items.iter().map(members).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// How many colons stand outside quotes: one a member.
fn colons(text: &str) -> usize {
    let (mut quoted, mut escaped, mut colons) = (false, false, 0);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b':' if !quoted => colons += 1,
            _ => {}
        }
    }
    colons
}
