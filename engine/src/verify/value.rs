//! Compares JSON values as people mean them: numbers by value from their text, everything else by type
//! and content. Never goes through floating point.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::decimal::Decimal;
use super::jsonpath::TooManyNodes;
use super::work::Work;
use crate::json::{self, Number, Value};

/// The longest JSON text of one value that is shown, in characters.
const SHOWN_CHARS: usize = 200;
/// The longest duplicate that is named, in bytes.
const MAX_NAMED_BYTES: usize = 4096;
/// So many bytes of text are read in about the time that a value is visited.
const BYTES_A_STEP: u64 = 64;

/// Whether two values are the same: `19.90` and `19.9` are, `true` and `"true"` are not. None when it takes more
/// than `steps`, which it uses up: one a value, and one for every
/// [`BYTES_A_STEP`] of its text.
pub(crate) fn same_within(a: &Value, b: &Value, steps: &mut u64) -> Option<bool> {
    *steps = steps.checked_sub(1)?;
    Some(match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            *steps = steps.checked_sub(weight(a.as_str()) + weight(b.as_str()))?;
            order(a, b) == Some(Ordering::Equal)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && all(a.iter().zip(b), |(a, b)| same_within(a, b, steps))?
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && all(a, |(key, value)| {
                    *steps = steps.checked_sub(weight(key))?;
                    b.get(key).map_or(Some(false), |other| same_within(value, other, steps))
                })?
        }
        (Value::String(a), Value::String(b)) => {
            *steps = steps.checked_sub(weight(a).min(weight(b)))?;
            a == b
        }
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Null, Value::Null) => true,
        (
            Value::Number(_)
            | Value::Array(_)
            | Value::Object(_)
            | Value::String(_)
            | Value::Bool(_)
            | Value::Null,
            _,
        ) => false,
    })
}

/// Whether a value is the same as one of these.
///
/// # Errors
/// When that takes too many steps.
pub(crate) fn is_among(
    value: &Value,
    values: &[Value],
    work: &mut Work,
) -> Result<bool, TooManyNodes> {
    for known in values {
        let mut steps = work.lend(u64::MAX);
        let found = same_within(value, known, &mut steps);
        work.give_back(steps);
        match found {
            Some(true) => return Ok(true),
            Some(false) => {}
            None => work.charge(u64::MAX)?,
        }
    }
    Ok(false)
}

/// Whether `holds` of all; none as soon as it can't tell.
fn all<T>(
    items: impl IntoIterator<Item = T>,
    mut holds: impl FnMut(T) -> Option<bool>,
) -> Option<bool> {
    for item in items {
        if !holds(item)? {
            return Some(false);
        }
    }
    Some(true)
}

/// What reading a text costs, in steps.
pub(crate) fn weight(text: &str) -> u64 {
    text.len() as u64 / BYTES_A_STEP
}

/// How two numbers compare. Those beyond 28 digits are the same when they are written the same, and are
/// neither less nor greater than another.
pub(crate) fn order(a: &Number, b: &Number) -> Option<Ordering> {
    // Mostly they are written the same, or are short and whole.
    if a.as_str() == b.as_str() {
        return Some(Ordering::Equal);
    }
    if let (Ok(a), Ok(b)) = (a.as_str().parse::<i64>(), b.as_str().parse::<i64>()) {
        return Some(a.cmp(&b));
    }
    match (Decimal::of(a), Decimal::of(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (None, _) | (Some(_), None) => None,
    }
}

/// A value as JSON text, shortened for people. Its whole text, which may be long, is never made.
pub(crate) fn shown(value: &Value) -> String {
    let mut text = String::new();
    show(value, &mut text);
    shorten(&text)
}

/// Writes a value until there is more than is shown.
fn show(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(&json::quoted(beginning(text))),
        Value::Number(number) => out.push_str(beginning(number.as_str())),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if is_enough(out) {
                    return;
                }
                out.push_str(if at == 0 { "" } else { "," });
                show(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (at, (key, member)) in map.iter().enumerate() {
                if is_enough(out) {
                    return;
                }
                out.push_str(if at == 0 { "" } else { "," });
                out.extend([&json::quoted(beginning(key)), ":"]);
                show(member, out);
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) => out.push_str(&json::text(value)),
    }
}

/// So many bytes hold as many characters as are shown, and more.
const SHOWN_BYTES: usize = 4 * (SHOWN_CHARS + 1);

fn is_enough(text: &str) -> bool {
    text.len() > SHOWN_BYTES
}

/// As much of a text as is shown, and more.
fn beginning(text: &str) -> &str {
    let end = (0..=SHOWN_BYTES).rev().find(|&at| text.is_char_boundary(at));
    end.filter(|_| is_enough(text)).and_then(|end| text.get(..end)).unwrap_or(text)
}

/// A text that two values have in common if and only if they are the same; at most so long.
pub(crate) fn identity(value: &Value, most_bytes: usize) -> Option<String> {
    let mut out = String::new();
    identify(value, &mut out, most_bytes).then_some(out)
}

fn identify(value: &Value, out: &mut String, most_bytes: usize) -> bool {
    match value {
        Value::Number(number) => match Decimal::of(number) {
            Some(decimal) => out.push_str(&decimal.shortest().to_string()),
            None => out.push_str(number.as_str()),
        },
        Value::Array(items) => {
            out.push('[');
            for item in items {
                if !identify(item, out, most_bytes) {
                    return false;
                }
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(map) => {
            // A heap, whose code is a sixth of a slice sort's.
            let keys: BinaryHeap<&String> = map.iter().map(|(key, _)| key).collect();
            out.push('{');
            for key in keys.into_sorted_vec() {
                out.extend([&json::quoted(key), ":"]);
                if map.get(key).is_some_and(|member| !identify(member, out, most_bytes)) {
                    return false;
                }
                out.push(',');
            }
            out.push('}');
        }
        // Its text, which may be long, is made only when it can fit.
        Value::String(text) if text.len() > most_bytes => return false,
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&json::text(value)),
    }
    out.len() <= most_bytes
}

pub(crate) fn shorten(text: &str) -> String {
    let end = text.char_indices().nth(SHOWN_CHARS).and_then(|(at, _)| text.get(..at));
    end.map_or_else(|| text.to_owned(), |start| [start, "…"].concat())
}

/// The values that are there more than once, as JSON texts, in order; at most `most`. Values that are too
/// long to be named are left out.
pub(crate) fn duplicates<'a>(values: impl Iterator<Item = &'a Value>, most: usize) -> Vec<String> {
    let texts = values.filter_map(|value| identity(value, MAX_NAMED_BYTES));
    // A heap, whose code is a sixth of a slice sort's.
    let texts = texts.collect::<BinaryHeap<_>>().into_sorted_vec();
    let runs = texts.chunk_by(|a, b| a == b).filter(|run| run.len() > 1);
    runs.take(most).map(|run| format!("{} × {}", shorten(&run[0]), run.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &Value, b: &Value) -> bool {
        let mut steps = u64::MAX;
        same_within(a, b, &mut steps).unwrap()
    }

    fn json(text: &str) -> Value {
        crate::json::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_compared_by_value_from_their_text() {
        let check = |a, b, want| assert_eq!(same(&json(a), &json(b)), want, "{a} {b}");
        check("19.90", "19.9", true);
        check("1e2", "100", true);
        check("-0", "0", true);
        check("9007199254740993", "9007199254740992", false);
        check("0.1", "0.10000000000000001", false);
        check("123456789012345678901234567890123", "123456789012345678901234567890123", true);
        check("123456789012345678901234567890123", "123456789012345678901234567890124", false);
        check(r#"{"a":1.0,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#, true);
        check(r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false);
        check("true", r#""true""#, false);
        check("9", r#""9""#, false);
        check("null", "0", false);
    }

    #[test]
    fn duplicates_are_named_with_their_count() {
        let values = [json("1"), json("2"), json("1"), json(r#""a""#)];
        assert_eq!(duplicates(values.iter(), 5), ["1 × 2"]);
    }

    #[test]
    fn values_are_the_same_when_their_identities_are() {
        let texts = [
            "1",
            "1.0",
            "10e-1",
            "\"1\"",
            "true",
            "null",
            "{\"a\":1,\"b\":[2]}",
            "{\"b\":[2.0],\"a\":1}",
        ];
        for a in texts {
            for b in texts {
                let is = identity(&json(a), 100) == identity(&json(b), 100);
                assert_eq!(is, same(&json(a), &json(b)), "{a} {b}");
            }
        }
        assert_eq!(identity(&json("[1,[2,3]]"), 4), None);
    }

    #[test]
    fn long_values_are_shortened_between_characters() {
        let text = shown(&Value::String("购".repeat(300)));
        assert_eq!(text.chars().count(), SHOWN_CHARS + 1);
        let many = crate::json::parse(&format!("[{}{{\"a\":null}}]", "1,".repeat(3000))).unwrap();
        let text = shown(&many);
        assert!(text.starts_with("[1,1,") && text.ends_with('…'));
        assert_eq!(text.chars().count(), SHOWN_CHARS + 1);
        let short = r#"{"a":[1,"x\n",null],"b":{}}"#;
        assert_eq!(shown(&json(short)), short);
    }
}
