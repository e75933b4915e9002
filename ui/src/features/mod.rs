//! The screens, one folder each.

pub mod board;
pub mod editor;
pub mod fatal;
pub mod keys;
pub mod run;
pub mod secrets;
pub mod settings;
mod steer;
pub mod troubles;
