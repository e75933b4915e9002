//! Documents of JSON that people write: read by hand, so that every problem has its place and its
//! mend. Knows neither chains nor triggers.

mod problem;
mod reader;

pub use problem::{Problem, ProblemKind};
pub(crate) use reader::{Object, Place, Problems, nearest, tree};
