//! Members of stored objects, and the plain values in them. Knows no record.
//!
//! What is none is left out. Keys that a reader doesn't know are passed over, so that a later build may
//! add some; one that it needs and doesn't find, or finds with another type, makes the record unreadable.
//! Numbers are read from their text, never through floating point.

use serde_json::{Map, Value};

use crate::id::{CallId, ChainId, RunId};
use crate::protocol::exact;
use crate::time::Timestamp;

/// The key of the word that says which of several things an object is.
const CODE: &str = "code";

/// What can be stored.
pub(in crate::engine) trait Encode {
    /// Its stored form.
    fn to_value(&self) -> Value;
}

/// What can be read back.
pub(in crate::engine) trait Decode: Sized {
    /// What the stored form means; none when it is not of this type.
    fn from_value(value: &Value) -> Option<Self>;
}

/// An object that is being written.
#[derive(Default)]
pub(super) struct Writer(Map<String, Value>);

impl Writer {
    /// Says which of several things this is.
    pub(super) fn code(&mut self, code: &str) -> &mut Self {
        self.put(CODE, word(code))
    }

    pub(super) fn field(&mut self, key: &str, value: &dyn Encode) -> &mut Self {
        self.put(key, value.to_value())
    }

    pub(super) fn optional<T: Encode>(&mut self, key: &str, value: Option<&T>) -> &mut Self {
        match value {
            Some(value) => self.field(key, value),
            None => self,
        }
    }

    pub(super) fn done(self) -> Value {
        Value::Object(self.0)
    }

    fn put(&mut self, key: &str, value: Value) -> &mut Self {
        self.0.insert(key.to_owned(), value);
        self
    }
}

/// An object that is being read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(&'a Map<String, Value>);

impl<'a> Reader<'a> {
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// Which of several things this is.
    pub(super) fn code(self) -> Option<&'a str> {
        self.0.get(CODE)?.as_str()
    }

    pub(super) fn field<T: Decode>(self, key: &str) -> Option<T> {
        T::from_value(self.0.get(key)?)
    }

    /// A member that may be left out. Wrongly typed, it makes the record unreadable like any other.
    #[expect(clippy::option_option, reason = "unreadable, or left out: two things")]
    pub(super) fn optional<T: Decode>(self, key: &str) -> Option<Option<T>> {
        match self.0.get(key) {
            Some(value) => T::from_value(value).map(Some),
            None => Some(None),
        }
    }
}

/// A word as it is stored.
pub(super) fn word(word: &str) -> Value {
    Value::String(word.to_owned())
}

impl Encode for String {
    fn to_value(&self) -> Value {
        word(self)
    }
}

impl Decode for String {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl Encode for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Decode for bool {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Encode for u64 {
    fn to_value(&self) -> Value {
        Value::from(*self)
    }
}

impl Decode for u64 {
    /// Clamped, as it goes on to readers: none that is greater was ever written.
    fn from_value(value: &Value) -> Option<Self> {
        value.as_u64().map(exact)
    }
}

impl Encode for u32 {
    fn to_value(&self) -> Value {
        u64::from(*self).to_value()
    }
}

impl Decode for u32 {
    fn from_value(value: &Value) -> Option<Self> {
        Self::try_from(value.as_u64()?).ok()
    }
}

impl Encode for u16 {
    fn to_value(&self) -> Value {
        u64::from(*self).to_value()
    }
}

impl Decode for u16 {
    fn from_value(value: &Value) -> Option<Self> {
        Self::try_from(value.as_u64()?).ok()
    }
}

impl Encode for CallId {
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}

impl Decode for CallId {
    fn from_value(value: &Value) -> Option<Self> {
        u64::from_value(value).map(Self)
    }
}

/// Milliseconds since the Unix epoch.
impl Encode for Timestamp {
    fn to_value(&self) -> Value {
        Value::from(self.as_ms())
    }
}

impl Decode for Timestamp {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_i64().map(Self::from_ms)
    }
}

impl Encode for ChainId {
    fn to_value(&self) -> Value {
        word(self.as_str())
    }
}

impl Decode for ChainId {
    fn from_value(value: &Value) -> Option<Self> {
        Self::try_from(value.as_str()?).ok()
    }
}

impl Encode for RunId {
    fn to_value(&self) -> Value {
        word(self.as_str())
    }
}

impl Decode for RunId {
    fn from_value(value: &Value) -> Option<Self> {
        Self::try_from(value.as_str()?).ok()
    }
}

/// A name and its value.
impl Encode for (String, String) {
    fn to_value(&self) -> Value {
        Value::Array(vec![word(&self.0), word(&self.1)])
    }
}

impl Decode for (String, String) {
    fn from_value(value: &Value) -> Option<Self> {
        let [name, value] = value.as_array()?.as_slice() else { return None };
        Some((String::from_value(name)?, String::from_value(value)?))
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(T::to_value).collect())
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_array()?.iter().map(T::from_value).collect()
    }
}

impl<T: Encode> Encode for Box<T> {
    fn to_value(&self) -> Value {
        T::to_value(self)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn from_value(value: &Value) -> Option<Self> {
        T::from_value(value).map(Self::new)
    }
}
