//! Reads JSON trees, and says where one is not what it should be.

use std::fmt;

use serde_json::{Map, Value};

/// What can be read back from its form.
pub(crate) trait Decode: Sized {
    /// What the form means.
    fn decode(value: &Value) -> Result<Self, Unreadable>;
}

/// Why something can't be read, from its outermost member inwards: `start: clock: nothing where one
/// of real, test is wanted`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable(Box<str>);

impl Unreadable {
    pub(crate) fn new(why: &dyn fmt::Display) -> Self {
        Self(why.to_string().into())
    }

    /// Something else stands where this is wanted.
    pub(crate) fn wanted(value: &Value, what: &str) -> Self {
        let found = match value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        Self([found, " where ", what, " is wanted"].concat().into())
    }

    /// It stands within this member.
    pub(crate) fn at(self, key: &str) -> Self {
        Self([key, ": ", &*self.0].concat().into())
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// An object's members.
#[derive(Clone, Copy)]
pub(crate) struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    pub(crate) fn of(value: &'a Value) -> Result<Self, Unreadable> {
        value.as_object().map(Self).ok_or_else(|| Unreadable::wanted(value, "an object"))
    }

    /// A member; one that is left out is null.
    pub(crate) fn member<T: Decode>(self, key: &str) -> Result<T, Unreadable> {
        T::decode(self.0.get(key).unwrap_or(&Value::Null)).map_err(|error| error.at(key))
    }
}

/// One of several things.
#[derive(Clone, Copy)]
pub(crate) struct Tagged<'a> {
    /// Its tag's place among those that are known.
    pub(crate) place: usize,
    pub(crate) tag: &'a str,
    /// What comes with the tag; null when nothing does.
    pub(crate) content: &'a Value,
}

impl<'a> Tagged<'a> {
    pub(crate) fn of(value: &'a Value, known: &[&str]) -> Result<Self, Unreadable> {
        let parts = match value {
            Value::String(tag) => Some((tag, &Value::Null)),
            Value::Object(map) if map.len() == 1 => map.iter().next(),
            _ => None,
        };
        let place = parts.and_then(|(tag, _)| known.iter().position(|known| known == tag));
        match (parts, place) {
            (Some((tag, content)), Some(place)) => Ok(Self { place, tag, content }),
            (Some((tag, _)), None) => {
                Err(Unreadable(["`", tag, "` is none of ", &known.join(", ")].concat().into()))
            }
            (None, _) => Err(Unreadable::wanted(value, &["one of ", &known.join(", ")].concat())),
        }
    }
}
