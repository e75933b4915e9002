//! What is passed on by those who need not know what it says: reasons, readings, evidence, problems.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::{Evidence, ReadingView, Refusal, Unreadable};
use crate::document::ProblemKind;
use crate::form::{Decode, Encode, Notes, Text, decode};
use crate::json::{self, Value};
use crate::locale::Locale;
use crate::matrix::MatrixView;
use crate::secrets::SecretWant;
use crate::verify::{History, Reason, Records};

/// A value as JSON text. Who makes it writes it once, and who shows it reads it; whatever lies between
/// keeps and tells a text, needs no code for what it says, and passes on what only a later build knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Told<T> {
    text: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Told<T> {
    /// This value's.
    pub(crate) fn of(value: &T) -> Self
    where
        T: Encode,
    {
        Self::written(Text::of(value))
    }

    /// Nothing.
    pub(crate) fn none() -> Self {
        Self::written("null".to_owned())
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its text, to be changed: whoever does answers for what it says then.
    pub(crate) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// What is JSON text already.
    pub(crate) fn written(text: String) -> Self {
        Self { text, of: PhantomData }
    }
}

impl<T: Encode> From<T> for Told<T> {
    fn from(value: T) -> Self {
        Self::of(&value)
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
                decode(&self.text)
            }
        }
    )+};
}

readable!(
    Evidence,
    History,
    MatrixView,
    ProblemKind,
    Reason,
    Records,
    Refusal,
    Vec<ReadingView>,
    Vec<SecretWant>,
);

impl Told<Reason> {
    /// The reason as a sentence a person can act on, without a full stop; its code when only a later build
    /// knows that.
    pub fn sentence(&self, locale: Locale) -> String {
        self.read().map_or_else(|_| self.text.clone(), |reason| reason.sentence(locale))
    }

    /// The same with the time that its stage has taken; see [`Reason::sentence_after`].
    pub fn sentence_after(&self, locale: Locale, elapsed: Duration) -> String {
        let said = |reason: Reason| reason.sentence_after(locale, elapsed);
        self.read().map_or_else(|_| self.text.clone(), said)
    }
}

impl Told<ProblemKind> {
    /// What is wrong and the mend, without a full stop; its code when only a later build knows that.
    pub(crate) fn sentence(&self, locale: Locale) -> String {
        self.read().map_or_else(|_| self.text.clone(), |kind| kind.sentence(locale))
    }
}

/// None.
impl Default for Told<Vec<ReadingView>> {
    fn default() -> Self {
        Self::written("[]".to_owned())
    }
}

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
