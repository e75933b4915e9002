//! Compares JSON values as people mean them: numbers by value from their text, everything else by type
//! and content. Never goes through floating point.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::decimal::Decimal;
use crate::json::{self, Number, Value};

/// The longest JSON text of one value that is shown, in characters.
const SHOWN_CHARS: usize = 200;
/// So many bytes of text are read in about the time that a value is visited.
const BYTES_A_STEP: u64 = 64;

/// Whether two values are the same. `19.90` and `19.9` are, `true` and `"true"` are not.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    let mut unlimited = u64::MAX;
    same_within(a, b, &mut unlimited).unwrap_or(false)
}

/// [`same`], or none when it takes more than `steps`, which it uses up: one a value, and one for every
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
    match (Decimal::of(a), Decimal::of(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (None, None) if a.as_str() == b.as_str() => Some(Ordering::Equal),
        (None, _) | (Some(_), None) => None,
    }
}

/// A value as JSON text, shortened for people.
pub(crate) fn shown(value: &Value) -> String {
    shorten(&json::text(value))
}

pub(crate) fn shorten(text: &str) -> String {
    let end = text.char_indices().nth(SHOWN_CHARS).and_then(|(at, _)| text.get(..at));
    end.map_or_else(|| text.to_owned(), |start| [start, "…"].concat())
}

/// The values that are there more than once, as JSON texts, in order; at most `most`.
pub(crate) fn duplicates<'a>(values: impl Iterator<Item = &'a Value>, most: usize) -> Vec<String> {
    // A heap, whose code is a sixth of a slice sort's.
    let texts = values.map(json::text).collect::<BinaryHeap<_>>().into_sorted_vec();
    let runs = texts.chunk_by(|a, b| a == b).filter(|run| run.len() > 1);
    runs.take(most).map(|run| format!("{} × {}", shorten(&run[0]), run.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn long_values_are_shortened_between_characters() {
        let text = shown(&Value::String("购".repeat(300)));
        assert_eq!(text.chars().count(), SHOWN_CHARS + 1);
    }
}
