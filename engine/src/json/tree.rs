//! The tree of a JSON text. Our own, since a library's map of members alone is as large as all that
//! reads and writes JSON here.

use std::{fmt, slice, vec};

use crate::index::{Index, hash};

/// Up to so many members are looked through; of more, an index is kept.
const FEW: usize = 8;

/// A JSON value.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object.
    Object(Map),
}

/// A number as it is written: 19.90 stays 19.90.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Number(String);

/// An object's members, in the order in which their keys were first written.
#[derive(Clone, Debug, Default)]
pub struct Map {
    members: Vec<(String, Value)>,
    index: Index,
}

impl Value {
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is true, if it is true or false.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one that is written as a whole number from 0 on and fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// The number, if it is one that is written as a whole number and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_str().parse().ok(),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_array(&self) -> Option<&Vec<Value>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The items, if it is a list, to change them.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Value>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&Map> {
        match self {
            Self::Object(map) => Some(map),
            _ => None,
        }
    }

    /// The members, if it is an object, to change them.
    pub fn as_object_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Object(map) => Some(map),
            _ => None,
        }
    }

    /// A member, if it is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }

    /// Whether it is a text.
    pub fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::text(self))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

macro_rules! from_whole {
    ($($number:ident)+) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(Number(number.to_string()))
            }
        }
    )+};
}

from_whole!(i64 u16 usize);

impl Number {
    /// The number that a text is, which the reader has checked.
    pub(super) fn of_checked(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The number as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, if it is written as a whole number from 0 on and fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// How many thousandths it is, exactly; none when it is too fine for that. What is negative or beyond
    /// any amount is `i64::MAX`.
    pub(crate) fn thousandths(&self) -> Option<i64> {
        let (written, exponent) = self.0.split_once(['e', 'E']).unwrap_or((&self.0, "0"));
        let unsigned = written.trim_start_matches('-');
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let Ok(exponent) = exponent.parse::<isize>() else { return Some(i64::MAX) };
        let digits = [whole, fraction].concat();
        // So many of them count thousandths; with zeros that are not written.
        let counting = (whole.len() + 3).cast_signed().saturating_add(exponent);
        let mut thousandths = 0_i64;
        // After 20 zeros more nothing but zero is within any limit.
        for place in 0..digits.len() + 20 {
            let digit = digits.as_bytes().get(place).map_or(0, |digit| i64::from(digit - b'0'));
            if place.cast_signed() < counting {
                thousandths = thousandths.saturating_mul(10).saturating_add(digit);
            } else if digit != 0 {
                return None;
            }
        }
        Some(if written.starts_with('-') && thousandths != 0 { i64::MAX } else { thousandths })
    }
}

impl Map {
    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// A member's value.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// A member's value, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let at = self.find(key)?;
        self.members.get_mut(at).map(|(_, value)| value)
    }

    /// A member.
    pub fn get_key_value(&self, key: &str) -> Option<&(String, Value)> {
        self.find(key).and_then(|at| self.members.get(at))
    }

    /// All members, in their order.
    pub fn iter(&self) -> slice::Iter<'_, (String, Value)> {
        self.members.iter()
    }

    /// Sets a member's value, in place of an older one.
    pub fn insert(&mut self, key: String, value: Value) {
        if let Some(at) = self.find(&key) {
            self.members[at].1 = value;
            return;
        }
        self.members.push((key, value));
        match self.len() - 1 {
            ..FEW => {}
            FEW => (0..=FEW).for_each(|at| self.note(at)),
            last => self.note(last),
        }
    }

    /// Takes a member out, if it is there.
    pub fn remove(&mut self, key: &str) {
        for (known, value) in std::mem::take(self) {
            if known != key {
                self.insert(known, value);
            }
        }
    }

    fn find(&self, key: &str) -> Option<usize> {
        let members = &self.members;
        if members.len() <= FEW {
            return members.iter().position(|(known, _)| known == key);
        }
        let found = self.index.find(hash(key), |at| members[at as usize].0 == key);
        found.map(|at| at as usize)
    }

    /// Notes in the index where a member stands.
    fn note(&mut self, at: usize) {
        let members = &self.members;
        let hash_of = |at: u32| hash(members[at as usize].0.as_str());
        if let Ok(at) = u32::try_from(at) {
            self.index.insert(hash_of(at), at, hash_of);
        }
    }
}

/// In whatever order.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.iter().all(|(key, value)| other.get(key).is_some_and(|known| known == value))
    }
}

impl Eq for Map {}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a (String, Value);
    type IntoIter = slice::Iter<'a, (String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::Array(items.into_iter().collect())
    }
}

impl FromIterator<(String, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        let mut map = Self::default();
        for (key, value) in members {
            map.insert(key, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn thousandths(text: &str) -> Option<i64> {
        Number::of_checked(text).thousandths()
    }

    #[test]
    fn thousandths_are_exact_or_none() {
        for (text, want) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("0.0000", Some(0)),
            ("0e99", Some(0)),
            ("58", Some(58_000)),
            ("1.5", Some(1500)),
            ("0.0010", Some(1)),
            ("0.0001", None),
            ("0.00010e1", Some(1)),
            ("15e-4", None),
            ("1500e-6", None),
            ("1500E-3", Some(1500)),
            ("1e3", Some(1_000_000)),
            ("1e+3", Some(1_000_000)),
            ("1.000000000000000000000000000000", Some(1000)),
            ("-1", Some(i64::MAX)),
            ("1e25", Some(i64::MAX)),
            ("1e999999999999999999999", Some(i64::MAX)),
            ("9223372036854775807", Some(i64::MAX)),
        ] {
            assert_eq!(thousandths(text), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn thousandths_are_those_of_the_library(
            whole in 0_u32..1_000_000, fraction in "[0-9]{1,6}", exponent in -6_i32..=6,
        ) {
            let text = format!("{whole}.{fraction}e{exponent}");
            let number = rust_decimal::Decimal::from_scientific(&text).unwrap();
            let want = number * rust_decimal::Decimal::ONE_THOUSAND;
            let want = want.is_integer().then(|| i64::try_from(want).unwrap());
            prop_assert_eq!(thousandths(&text), want);
        }

        #[test]
        fn a_map_keeps_its_order(steps in proptest::collection::vec((0_u8..30, any::<bool>()), 0..90)) {
            let mut map = Map::default();
            let mut model = serde_json::Map::new();
            for (step, (key, add)) in steps.into_iter().enumerate() {
                let key = key.to_string();
                if add {
                    map.insert(key.clone(), Value::from(step));
                    model.insert(key, step.into());
                } else {
                    map.remove(&key);
                    model.shift_remove(&key);
                }
                for key in 0..30 {
                    let key = key.to_string();
                    let want = model.get(&key).cloned().map(Value::from);
                    prop_assert_eq!(map.get(&key), want.as_ref());
                }
            }
            let want = serde_json::Value::Object(model);
            prop_assert_eq!(Value::Object(map).to_string(), want.to_string());
        }
    }
}
