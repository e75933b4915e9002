//! The forms of plain values. Numbers are read from their text, never through floating point.

use serde_json::Value;

use super::{Decode, Encode, Text, Unreadable};
use crate::id::{CallId, ChainId, ClientId, CommandId, JobId, RunId};
use crate::protocol::exact;
use crate::time::Timestamp;

impl Encode for String {
    fn encode(&self, to: &mut Text) {
        to.text(self);
    }
}

impl Decode for String {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        text(value).map(str::to_owned)
    }
}

fn text(value: &Value) -> Result<&str, Unreadable> {
    value.as_str().ok_or_else(|| Unreadable::wanted(value, "a text"))
}

impl Encode for bool {
    fn encode(&self, to: &mut Text) {
        to.word(if *self { "true" } else { "false" });
    }
}

impl Decode for bool {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        value.as_bool().ok_or_else(|| Unreadable::wanted(value, "true or false"))
    }
}

/// At the limit of what JavaScript's numbers hold it stays there.
impl Encode for u64 {
    fn encode(&self, to: &mut Text) {
        to.number(exact(*self).cast_signed());
    }
}

/// Clamped, as it goes on to readers: none that is greater was ever written.
impl Decode for u64 {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        let number = value.as_u64().map(exact);
        number.ok_or_else(|| Unreadable::wanted(value, "a whole number"))
    }
}

/// At either limit of what JavaScript's numbers hold it stays there.
impl Encode for i64 {
    fn encode(&self, to: &mut Text) {
        let most = exact(u64::MAX).cast_signed();
        to.number((*self).clamp(-most, most));
    }
}

impl Decode for i64 {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        value.as_i64().ok_or_else(|| Unreadable::wanted(value, "a whole number"))
    }
}

macro_rules! smaller {
    ($($number:ident)+) => {$(
        impl Encode for $number {
            fn encode(&self, to: &mut Text) {
                to.number(i64::from(*self));
            }
        }

        impl Decode for $number {
            fn decode(value: &Value) -> Result<Self, Unreadable> {
                let number = u64::decode(value)?;
                number.try_into().map_err(|_| Unreadable::wanted(value, "a smaller number"))
            }
        }
    )+};
}

smaller!(u32 u16);

impl Encode for CallId {
    fn encode(&self, to: &mut Text) {
        self.0.encode(to);
    }
}

impl Decode for CallId {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        u64::decode(value).map(Self)
    }
}

/// Milliseconds since the Unix epoch.
impl Encode for Timestamp {
    fn encode(&self, to: &mut Text) {
        to.number(self.as_ms());
    }
}

impl Decode for Timestamp {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        i64::decode(value).map(Self::from_ms)
    }
}

macro_rules! text_ids {
    ($($id:ident)+) => {$(
        impl Encode for $id {
            fn encode(&self, to: &mut Text) {
                to.text(self.as_str());
            }
        }

        impl Decode for $id {
            fn decode(value: &Value) -> Result<Self, Unreadable> {
                Self::try_from(text(value)?).map_err(|error| Unreadable::new(&error))
            }
        }
    )+};
}

text_ids!(ChainId RunId CommandId JobId ClientId);

/// A name and its value.
impl Encode for (String, String) {
    fn encode(&self, to: &mut Text) {
        to.list([&self.0 as &dyn Encode, &self.1].into_iter());
    }
}

impl Decode for (String, String) {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        match value.as_array().map(Vec::as_slice) {
            Some([name, value]) => Ok((String::decode(name)?, String::decode(value)?)),
            Some(_) | None => Err(Unreadable::wanted(value, "a list of two texts")),
        }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, to: &mut Text) {
        to.list(self.iter().map(|item| item as &dyn Encode));
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        let items = value.as_array().ok_or_else(|| Unreadable::wanted(value, "a list"))?;
        items.iter().map(T::decode).collect()
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, to: &mut Text) {
        T::encode(self, to);
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        T::decode(value).map(Self::new)
    }
}

/// None is left out; where a reader finds null, that is none too.
impl<T: Encode> Encode for Option<T> {
    fn encode(&self, to: &mut Text) {
        match self {
            Some(value) => value.encode(to),
            None => to.word("null"),
        }
    }

    fn is_none(&self) -> bool {
        Option::is_none(self)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(value: &Value) -> Result<Self, Unreadable> {
        if value.is_null() { Ok(None) } else { T::decode(value).map(Some) }
    }
}
