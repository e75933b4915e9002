//! The screens, one folder each.

pub mod board;
pub mod editor;
pub mod fatal;
pub mod history;
pub mod keys;
pub mod run;
pub mod secrets;
pub mod settings;
mod steer;
pub mod trigger;
pub mod troubles;
