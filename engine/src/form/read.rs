//! Reads JSON trees, and says where one is not what it should be.
//!
//! A value is read over a blank one, in its place, and what is wrong is noted beside it. Passing every
//! field on as a result would be as safe, and three times as large.

use std::fmt;

use crate::json::{self, Map, Value};

/// What can be read back from its form.
pub(crate) trait Decode {
    /// A value to be read over. It never leaves [`decode`].
    fn blank() -> Self
    where
        Self: Sized;

    /// Reads over this value, or notes what is wrong.
    fn read(&mut self, from: &Value, notes: &mut Notes);
}

/// What a JSON text means.
pub(crate) fn decode<T: Decode>(text: &str) -> Result<T, Unreadable> {
    let mut value = T::blank();
    match read_over(&mut value, text) {
        None => Ok(value),
        Some(wrong) => Err(wrong),
    }
}

/// Apart, so that it is there once, and not for each type.
fn read_over(value: &mut dyn Decode, text: &str) -> Option<Unreadable> {
    let tree = match json::parse(text) {
        Ok(tree) => tree,
        Err(syntax) => return Some(Unreadable::new(&syntax)),
    };
    let mut notes = Notes::default();
    value.read(&tree, &mut notes);
    notes.wrong
}

/// Why something can't be read, from its outermost member inwards: `start: clock: nothing where one
/// of real, test is wanted`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable(String);

impl Unreadable {
    pub(crate) fn new(why: &dyn fmt::Display) -> Self {
        Self(why.to_string())
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// What is wrong, if anything is. The first is kept; what is read after it counts no more.
#[derive(Default)]
pub(crate) struct Notes {
    wrong: Option<Unreadable>,
}

impl Notes {
    pub(crate) fn wrong(&mut self, why: &dyn fmt::Display) {
        self.wrong.get_or_insert_with(|| Unreadable::new(why));
    }

    /// Something else stands where this is wanted.
    pub(crate) fn wanted(&mut self, value: &Value, what: &str) {
        let found = match value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.wrong(&[found, " where ", what, " is wanted"].concat());
    }

    /// The members of an object; of what is none, none will be read.
    pub(crate) fn members<'a>(&'a mut self, value: &'a Value) -> Members<'a> {
        let map = value.as_object();
        if map.is_none() {
            self.wanted(value, "an object");
        }
        Members { map, notes: self }
    }

    /// Which of several things a value is. None when that is wrong, or something was before.
    pub(crate) fn tagged<'a>(&mut self, value: &'a Value, known: &[&str]) -> Option<Tagged<'a>> {
        if self.wrong.is_some() {
            return None;
        }
        let (tag, content) = match value {
            Value::String(tag) => (tag, &Value::Null),
            Value::Object(map) if map.len() == 1 => {
                let (tag, content) = map.iter().next()?;
                (tag, content)
            }
            _ => {
                self.wanted(value, &["one of ", &known.join(", ")].concat());
                return None;
            }
        };
        let place = known.iter().position(|known| known == tag);
        if place.is_none() {
            self.wrong(&["`", tag, "` is none of ", &known.join(", ")].concat());
        }
        place.map(|place| Tagged { place, tag, content })
    }

    /// What was just found wrong stands within this member.
    pub(crate) fn within(&mut self, key: &str) {
        if let Some(Unreadable(why)) = &mut self.wrong {
            why.insert_str(0, ": ");
            why.insert_str(0, key);
        }
    }
}

/// An object's members.
pub(crate) struct Members<'a> {
    map: Option<&'a Map>,
    notes: &'a mut Notes,
}

impl Members<'_> {
    /// Reads a member; one that is left out is null.
    pub(crate) fn read(&mut self, key: &str, into: &mut dyn Decode) {
        if let (Some(map), None) = (self.map, &self.notes.wrong) {
            into.read(map.get(key).unwrap_or(&Value::Null), self.notes);
            self.notes.within(key);
        }
    }
}

/// One of several things.
pub(crate) struct Tagged<'a> {
    /// Its tag's place among those that are known.
    pub(crate) place: usize,
    pub(crate) tag: &'a str,
    /// What comes with the tag; null when nothing does.
    pub(crate) content: &'a Value,
}
