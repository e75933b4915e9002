//! The forms of plain values. Numbers are read from their text, never through floating point.

use std::time::Duration;

use crate::json::Value;

use super::{Decode, Encode, Notes, Text};
use crate::id::{CallId, ChainId, ClientId, CommandId, JobId, RunId};
use crate::protocol::exact;
use crate::time::{Timestamp, exact_ms};

/// Reads over a blank.
fn read<T: Decode>(from: &Value, notes: &mut Notes) -> T {
    let mut value = T::blank();
    value.read(from, notes);
    value
}

impl Encode for String {
    fn encode(&self, to: &mut Text) {
        to.text(self);
    }
}

impl Decode for String {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        match from.as_str().map(str::to_owned) {
            Some(value) => *self = value,
            None => notes.wanted(from, "a text"),
        }
    }
}

impl Encode for bool {
    fn encode(&self, to: &mut Text) {
        to.word(if *self { "true" } else { "false" });
    }
}

impl Decode for bool {
    fn blank() -> Self {
        false
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        match from.as_bool() {
            Some(value) => *self = value,
            None => notes.wanted(from, "true or false"),
        }
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
    fn blank() -> Self {
        0
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        match from.as_u64().map(exact) {
            Some(value) => *self = value,
            None => notes.wanted(from, "a whole number"),
        }
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
    fn blank() -> Self {
        0
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        match from.as_i64() {
            Some(value) => *self = value,
            None => notes.wanted(from, "a whole number"),
        }
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
            fn blank() -> Self {
                0
            }

            fn read(&mut self, from: &Value, notes: &mut Notes) {
                let number: u64 = read(from, notes);
                match number.try_into() {
                    Ok(number) => *self = number,
                    Err(_) => notes.wanted(from, "a smaller number"),
                }
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
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        self.0.read(from, notes);
    }
}

/// Milliseconds since the Unix epoch.
impl Encode for Timestamp {
    fn encode(&self, to: &mut Text) {
        to.number(self.as_ms());
    }
}

impl Decode for Timestamp {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        *self = Self::from_ms(read(from, notes));
    }
}

/// Whole milliseconds.
impl Encode for Duration {
    fn encode(&self, to: &mut Text) {
        exact_ms(*self).encode(to);
    }
}

impl Decode for Duration {
    fn blank() -> Self {
        Self::ZERO
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        *self = Self::from_millis(read(from, notes));
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
            fn blank() -> Self {
                Self::blank()
            }

            fn read(&mut self, from: &Value, notes: &mut Notes) {
                let text: String = read(from, notes);
                match Self::try_from(text) {
                    Ok(id) => *self = id,
                    Err(error) => notes.wrong(&error),
                }
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
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        match from.as_array().map(Vec::as_slice) {
            Some([name, value]) => {
                self.0.read(name, notes);
                self.1.read(value, notes);
            }
            Some(_) | None => notes.wanted(from, "a list of two texts"),
        }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, to: &mut Text) {
        to.list(self.iter().map(|item| item as &dyn Encode));
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        let Some(items) = from.as_array() else { return notes.wanted(from, "a list") };
        for item in items {
            self.push(T::blank());
            if let Some(last) = self.last_mut() {
                last.read(item, notes);
            }
        }
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, to: &mut Text) {
        T::encode(self, to);
    }
}

impl<T: Decode> Decode for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        T::read(self, from, notes);
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
    fn blank() -> Self {
        None
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        *self = None;
        if !from.is_null() {
            self.insert(T::blank()).read(from, notes);
        }
    }
}
