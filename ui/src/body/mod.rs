//! A body as it is read: JSON as a tree that folds, anything else as lines, either of any size, since only the rows in
//! view are drawn. Knows no checks: what is marked and what becomes of a picked value is its user's.
//!
//! Where to start: [`BodyView`]; [`tree`] has the values, [`layout`] the rows.

mod act;
pub mod diff;
pub mod kind;
pub mod layout;
pub mod lines;
pub mod path;
mod row;
pub mod tree;
mod view;

pub use view::{BodyView, Mark, MarkedAs, Pick};
