//! The JSON form of what crosses the upper border and of what is stored: one form for both, written
//! out in tables. Knows no message and no record.
//!
//! * A struct is an object, its fields its members; what is none is left out. Members that a reader
//!   doesn't know are passed over, so that a later build may add some.
//! * One of several things is `{"tag":…}` with its fields or its content, or `"tag"` when it has none.
//! * Numbers are whole, and no greater than JavaScript's hold exactly.
//!
//! Keys and tags stand for years, since stored rows have them too: a variant that is renamed keeps its
//! tag. The tables are `object!` and `variants!`; derived code is many times as large, and the
//! worker's size is what a page waits for.

mod plain;
mod read;
mod runs;
mod write;

pub use read::Unreadable;
pub(crate) use read::{Decode, Notes, decode};
pub(crate) use runs::{Runs, columns};
pub(crate) use write::{Encode, Text};

/// The form of a struct: its fields, in the order in which they are written.
macro_rules! object {
    ($type:ident: $($field:ident),+ $(,)?) => {
        impl $crate::form::Encode for $type {
            fn encode(&self, to: &mut $crate::form::Text) {
                let Self { $($field),+ } = self;
                to.open();
                $(to.member(stringify!($field), $field);)+
                to.close();
            }
        }

        impl $crate::form::Decode for $type {
            fn blank() -> Self {
                Self { $($field: $crate::form::Decode::blank()),+ }
            }

            fn read(&mut self, from: &crate::json::Value, notes: &mut $crate::form::Notes) {
                let Self { $($field),+ } = self;
                let mut members = notes.members(from);
                $(members.read(stringify!($field), $field);)+
            }
        }
    };
}

/// The form of an enum: each variant's tag, and its fields or its content.
macro_rules! variants {
    ($type:ident: $(
        $tag:literal $variant:ident $({ $($field:ident),+ })? $(($content:ident))?
    ),+ $(,)?) => {
        impl $crate::form::Encode for $type {
            fn encode(&self, to: &mut $crate::form::Text) {
                match self {
                    $(Self::$variant $({ $($field),+ })? $(($content))? => {
                        variants!(@encode to $tag $({ $($field),+ })? $(($content))?);
                    })+
                }
            }
        }

        impl $crate::form::Decode for $type {
            fn blank() -> Self {
                variants!(@blank $($variant $({ $($field),+ })? $(($content))?),+)
            }

            fn read(&mut self, from: &crate::json::Value, notes: &mut $crate::form::Notes) {
                enum Place { $($variant),+ }
                let Some(tagged) = notes.tagged(from, &[$($tag),+]) else { return };
                *self = match tagged.place {
                    $(place if place == Place::$variant as usize => {
                        variants!(@read notes tagged $variant $({ $($field),+ })? $(($content))?)
                    })+
                    _ => return,
                };
                notes.within(tagged.tag);
            }
        }
    };
    (@encode $to:ident $tag:literal) => { $to.text($tag) };
    (@encode $to:ident $tag:literal ($content:ident)) => {{
        $to.open();
        $to.member($tag, $content);
        $to.close();
    }};
    (@encode $to:ident $tag:literal { $($field:ident),+ }) => {{
        $to.open_tagged($tag);
        $($to.member(stringify!($field), $field);)+
        $to.close_tagged();
    }};
    (@read $notes:ident $tagged:ident $variant:ident) => { Self::$variant };
    (@read $notes:ident $tagged:ident $variant:ident ($content:ident)) => {{
        let mut $content = $crate::form::Decode::blank();
        $crate::form::Decode::read(&mut $content, $tagged.content, $notes);
        Self::$variant($content)
    }};
    (@read $notes:ident $tagged:ident $variant:ident { $($field:ident),+ }) => {{
        $(let mut $field = $crate::form::Decode::blank();)+
        let mut members = $notes.members($tagged.content);
        $(members.read(stringify!($field), &mut $field);)+
        Self::$variant { $($field),+ }
    }};
    (@blank $variant:ident $(, $($rest:tt)+)?) => { Self::$variant };
    (@blank $variant:ident ($content:ident) $(, $($rest:tt)+)?) => {
        Self::$variant($crate::form::Decode::blank())
    };
    (@blank $variant:ident { $($field:ident),+ } $(, $($rest:tt)+)?) => {
        Self::$variant { $($field: $crate::form::Decode::blank()),+ }
    };
}

pub(crate) use {object, variants};
