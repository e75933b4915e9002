//! Writes stages as texts for other tools.

mod check;
mod curl;
mod hurl;
mod request;

pub(crate) use self::curl::curl;
pub(crate) use self::hurl::hurl;
use crate::said::Notes;

/// A text that was made, and what is to be known about it.
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) notes: Notes,
}
