//! The JSON form of what crosses the upper border and of what is stored: one form for both, written
//! out in tables. Knows no message and no record.
//!
//! * A struct is an object, its fields its members; what is none is left out. Members that a reader
//!   doesn't know are passed over, so that a later build may add some.
//! * One of several things is `{"tag":…}` with its fields or its content, or `"tag"` when it has none.
//! * Numbers are whole, and no greater than JavaScript's hold exactly.
//!
//! Keys and tags stand for years, since stored rows have them too: a variant that is renamed keeps its
//! tag. The tables are [`object!`] and [`variants!`]; derived code is many times as large, and the
//! worker's size is what a page waits for.

mod plain;
mod read;
mod write;

pub use read::Unreadable;
pub(crate) use read::{Decode, Members, Tagged};
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
            fn decode(value: &serde_json::Value) -> Result<Self, $crate::form::Unreadable> {
                let from = $crate::form::Members::of(value)?;
                Ok(Self { $($field: from.member(stringify!($field))?),+ })
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
            fn decode(value: &serde_json::Value) -> Result<Self, $crate::form::Unreadable> {
                enum Place { $($variant),+ }
                let tagged = $crate::form::Tagged::of(value, &[$($tag),+])?;
                let read = |content| {
                    $(if tagged.place == Place::$variant as usize {
                        return variants!(@decode content $variant $({ $($field),+ })? $(($content))?);
                    })+
                    Err($crate::form::Unreadable::wanted(content, "a known tag"))
                };
                read(tagged.content).map_err(|error| error.at(tagged.tag))
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
    (@decode $from:ident $variant:ident) => {
        Ok(Self::$variant)
    };
    (@decode $from:ident $variant:ident ($content:ident)) => {
        $crate::form::Decode::decode($from).map(Self::$variant)
    };
    (@decode $from:ident $variant:ident { $($field:ident),+ }) => {{
        let from = $crate::form::Members::of($from)?;
        Ok(Self::$variant { $($field: from.member(stringify!($field))?),+ })
    }};
}

pub(crate) use {object, variants};
