//! The screens, one folder each.

pub mod board;
pub mod editor;
pub mod fatal;
pub mod history;
pub mod run;
pub mod secrets;
mod steer;
pub mod trigger;
pub mod troubles;
