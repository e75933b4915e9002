//! What is passed on by those who need not know what it says: reasons, readings, evidence, problems.

use std::fmt;
use std::marker::PhantomData;

use super::{Refusal, Unreadable};
use crate::form::{Decode, Encode, Notes, Text, decode};
use crate::json::{self, Value};
use crate::secrets::SecretWant;

/// A value as JSON text. Who makes it writes it once, and who shows it reads it; whatever lies between
/// keeps and tells a text, needs no code for what it says, and passes on what only a later build knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Told<T> {
    text: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Told<T> {
    /// What is JSON text already.
    pub(crate) fn written(text: String) -> Self {
        Self { text, of: PhantomData }
    }
}

impl<T: Encode> From<T> for Told<T> {
    fn from(value: T) -> Self {
        Self::written(Text::of(&value))
    }
}

macro_rules! readable {
    ($($type:ty),+ $(,)?) => {$(
        impl Told<$type> {
            /// What it says.
            ///
            /// # Errors
            /// Where it is not what it should be.
            pub fn read(&self) -> Result<$type, Unreadable> {
                decoded(&self.text)
            }
        }
    )+};
}

readable!(Refusal, Vec<SecretWant>);

impl<T> fmt::Debug for Told<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T> Encode for Told<T> {
    fn encode(&self, to: &mut Text) {
        to.word(&self.text);
    }
}

impl<T> Decode for Told<T> {
    fn blank() -> Self {
        Self::written(String::new())
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        if from.is_null() {
            return notes.wanted(from, "something");
        }
        self.text = json::text(from);
    }
}

fn decoded<T: Decode>(text: &str) -> Result<T, Unreadable> {
    let tree = json::parse(text).map_err(|syntax| Unreadable::new(&syntax))?;
    decode(&tree)
}
