//! An amount of money that keeps the text it was sent with: 19.90 stays 19.90.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Number, Value};

use crate::limits::{MAX_AMOUNT_INTEGER_DIGITS, MAX_AMOUNT_SCALE};

/// A decimal, the text it came as, and whether that was a JSON number or a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Amount {
    value: Decimal,
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
}

impl Amount {
    /// Reads a JSON number or a text that is a decimal; `None` for anything else and beyond the limits.
    pub(crate) fn parse(value: &Value) -> Option<Self> {
        let (text, kind) = match value {
            Value::Number(number) => (number.to_string(), Kind::Number),
            Value::String(text) => (text.clone(), Kind::Text),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        let value =
            Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()?;
        let integer_digits = value.trunc().abs().to_string().len();
        let within =
            integer_digits <= MAX_AMOUNT_INTEGER_DIGITS && value.scale() <= MAX_AMOUNT_SCALE;
        within.then_some(Self { value, text, kind })
    }

    pub(crate) fn decimal(&self) -> Decimal {
        self.value
    }

    /// The sender's text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A JSON number or a JSON text, as it was sent.
    pub(crate) fn as_sent(&self) -> Value {
        match self.kind {
            Kind::Number => self.as_number(),
            Kind::Text => Value::String(self.text.clone()),
        }
    }

    /// A JSON number with the sender's digits, whatever it was sent as.
    pub(crate) fn as_number(&self) -> Value {
        // "+5" and ".5" are decimals, but no JSON numbers: those are spelled anew.
        let number =
            self.text.parse::<Number>().ok().map_or_else(|| number(self.value), Value::Number);
        if number.is_number() { number } else { Value::String(self.text.clone()) }
    }

    /// Rounded to a whole number, half away from zero, as a careless cast does.
    #[must_use]
    pub(crate) fn rounded(&self) -> Self {
        let value = self.value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Self { value, text: value.to_string(), kind: self.kind }
    }
}

/// A decimal as a JSON number with all its digits.
pub(crate) fn number(value: Decimal) -> Value {
    let text = value.to_string();
    text.parse::<Number>().map_or(Value::String(text), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(json: &str) -> Option<Amount> {
        Amount::parse(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn the_text_is_kept_and_rounding_keeps_the_type() {
        let check = |json: &str, number: &str, rounded: &str| {
            let amount = amount(json).unwrap();
            assert_eq!(amount.as_sent().to_string(), json);
            assert_eq!(amount.as_number().to_string(), number, "{json}");
            assert_eq!(amount.rounded().as_sent().to_string(), rounded, "{json}");
        };
        check("19.90", "19.90", "20");
        check("\"19.90\"", "19.90", "\"20\"");
        check("\"+5\"", "5", "\"5\"");
        check("0.5", "0.5", "1");
        check("-0.5", "-0.5", "-1");
        check("12345678901234", "12345678901234", "12345678901234");
    }

    #[test]
    fn what_is_no_amount() {
        for json in [
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"ten\"",
            "123456789012345",
            "0.1234567891",
            "1e40",
        ] {
            assert_eq!(amount(json), None, "{json}");
        }
    }
}
