//! Names of things, one type each, so that a run can't be given where a chain is meant.
//!
//! Ids of chains, runs, jobs and commands are made by the client that first speaks of them, which is
//! what makes repeating a command harmless. Ids of calls, commits and loads are the engine's own
//! counters and never outlive it.
//!
//! Text ids are shared, as most of what happens to a thing names it again.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

/// The longest text id that is taken, in bytes.
pub const MAX_ID_BYTES: usize = 128;

/// Why a text can't be an id.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("an id is empty; give it 1 to {MAX_ID_BYTES} letters, digits or any of . _ : -")]
    Empty,
    /// It is longer than [`MAX_ID_BYTES`].
    #[error("an id is {0} bytes long; give it at most {MAX_ID_BYTES}")]
    TooLong(usize),
    /// It has a character that ids don't have. `/` parts ids in the store's keys.
    #[error("an id has the character '{}'; use letters, digits or any of . _ : -", shown(*.0))]
    Character(char),
}

/// A character for people. `Debug` brings tables of what can be printed along.
fn shown(character: char) -> String {
    if character.is_control() {
        character.escape_default().collect()
    } else {
        character.to_string()
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(Arc<str>);

        impl $name {
            /// No id yet: what a form is read over. It never leaves the reader.
            pub(crate) fn blank() -> Self {
                Self(Arc::default())
            }

            /// The id as text, as it crosses borders.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::try_from(text.as_str())
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;

            fn try_from(text: &str) -> Result<Self, IdError> {
                check(text)?;
                Ok(Self(text.into()))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A chain: the definition that history follows.
    ChainId
);
text_id!(
    /// One execution of a chain.
    RunId
);
text_id!(
    /// A job that a user added.
    JobId
);
text_id!(
    /// A page that uses the engine, made by itself for one load.
    ClientId
);
text_id!(
    /// A command, made by its client; its answer carries it back.
    CommandId
);

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAX_ID_BYTES {
        return Err(IdError::TooLong(text.len()));
    }
    let allowed = |c: char| is_letter_or_digit(c) || matches!(c, '.' | '_' | ':' | '-');
    match text.chars().find(|&c| !allowed(c)) {
        Some(character) => Err(IdError::Character(character)),
        None => Ok(()),
    }
}

/// Whether a character may stand in a name: ASCII's letters and digits, and beyond ASCII all but controls,
/// blanks, what has no width, and the punctuation of Latin and Chinese. The exact tables of letters are
/// as large as a whole part of the engine, and names only have to be told from what parts them.
pub(crate) fn is_letter_or_digit(c: char) -> bool {
    match c {
        ..'\u{80}' => c.is_ascii_alphanumeric(),
        'ª' | 'µ' | 'º' => true,
        '\u{80}'..='\u{bf}' | '×' | '÷' => false,
        // Blanks, marks of direction, punctuation; the same of Chinese, and its wide forms of ASCII's.
        '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => false,
        '！'..='／' | '：'..='＠' | '［'..='｀' | '｛'..='･' => false,
        '\u{1680}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'.. => false,
        _ => true,
    }
}

macro_rules! counter_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        pub struct $name(pub u64);

        impl $name {
            /// The id after this one.
            #[must_use]
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }
    };
}

counter_id!(
    /// A call to the outside: one request of one attempt.
    CallId
);
counter_id!(
    /// A batch of writes on its way to the store.
    CommitId
);
counter_id!(
    /// A read of rows that are not kept in memory.
    LoadId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_plain() {
        assert!(RunId::try_from("run-1.a_b:c").is_ok());
        assert!(RunId::try_from("购买").is_ok());
        assert_eq!(RunId::try_from(""), Err(IdError::Empty));
        assert_eq!(RunId::try_from("a/b"), Err(IdError::Character('/')));
        let says = |id: &str, shown: &str| {
            let error = RunId::try_from(id).unwrap_err().to_string();
            assert!(error.starts_with(&format!("an id has the character '{shown}'; ")), "{error}");
        };
        says("a\nb", "\\n");
        says("完。", "。");
        says("a\u{200b}b", "\u{200b}");
        says("a，b", "，");
        says("a\u{a0}b", "\u{a0}");
        assert!(RunId::try_from("Übergröße-größer-٣-ｄ９").is_ok());
        assert_eq!(RunId::try_from("a".repeat(129)), Err(IdError::TooLong(129)));
    }
}
