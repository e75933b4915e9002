//! Compares JSON values as people mean them: numbers by value from their text, everything else by type
//! and content. Never goes through floating point.

use rust_decimal::Decimal;
use serde_json::{Number, Value};

/// The longest JSON text of one value that is shown, in characters.
const SHOWN_CHARS: usize = 200;

/// The decimal that a number's text means, when it has at most 28 digits.
pub(crate) fn decimal_of(number: &Number) -> Option<Decimal> {
    decimal_of_text(&number.to_string())
}

/// The decimal that a text means: digits, with sign, fraction and exponent as JSON writes them.
pub(crate) fn decimal_of_text(text: &str) -> Option<Decimal> {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    if text.is_empty() || !text.chars().all(digits) {
        return None;
    }
    if let Some((mantissa, _)) = text.split_once(['e', 'E']) {
        // The library rounds a mantissa that is too long; an exact one comes back as it was.
        Decimal::from_str_exact(mantissa).ok()?;
        return Decimal::from_scientific(text).ok();
    }
    // Exact: a number of more digits than the type holds is refused, not rounded.
    Decimal::from_str_exact(text).ok()
}

/// Whether two values are the same. `19.90` and `19.9` are, `true` and `"true"` are not.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::String(a), Value::String(b)) => a == b,
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
    }
}

/// Numbers beyond 28 digits are the same when they are written the same.
fn same_number(a: &Number, b: &Number) -> bool {
    match (decimal_of(a), decimal_of(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.to_string() == b.to_string(),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// A value as JSON text, shortened for people.
pub(crate) fn shown(value: &Value) -> String {
    shorten(&value.to_string())
}

pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The values that are there more than once, as JSON texts, in order; at most `most`.
pub(crate) fn duplicates<'a>(values: impl Iterator<Item = &'a Value>, most: usize) -> Vec<String> {
    let mut texts: Vec<String> = values.map(ToString::to_string).collect();
    texts.sort_unstable();
    let runs = texts.chunk_by(|a, b| a == b).filter(|run| run.len() > 1);
    runs.take(most).map(|run| format!("{} × {}", shorten(&run[0]), run.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
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
    fn texts_become_decimals_only_when_they_are_numbers() {
        for good in ["9.00", "-1", "1e3", "+2"] {
            assert!(decimal_of_text(good).is_some(), "{good}");
        }
        for bad in ["", "9,00", "1_000", "NaN", "inf", "0x1", " 1", "--1", "."] {
            assert!(decimal_of_text(bad).is_none(), "{bad}");
        }
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
