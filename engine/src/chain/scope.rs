//! Where templates and checks get their values.

use std::rc::Rc;

use crate::json::Value;
use crate::time::Timestamp;
use crate::verify::Records;
use crate::zone::{Zone, Zones};

/// Where names get their values.
pub trait Scope {
    /// The value of a variable, environment entry or capture.
    fn value(&self, name: &str) -> Option<&Value>;
    /// The value of a secret, where there are any.
    fn secret(&self, _name: &str) -> Option<String> {
        None
    }
    /// The instant that `$now` means.
    fn now(&self) -> Timestamp;
    /// The values that an earlier stage's records have of a field, as they were; null and missing ones
    /// are left out.
    fn recorded(&self, _stage: &str, _field: &str) -> Vec<Value> {
        Vec::new()
    }
    /// The rules of a time zone, as far as they are known.
    fn zone(&self, name: &str) -> Option<Rc<Zone>> {
        Zones::default().find(name)
    }
}

/// The values that are known at an instant, and what earlier stages have of the chain's fields.
#[derive(Debug)]
pub(crate) struct Bindings {
    /// Later ones hide earlier ones of the same name: an environment's entry a variable.
    pub(crate) values: Vec<(String, Value)>,
    /// By the stages' names.
    pub(crate) records: Vec<(String, Records)>,
    pub(crate) now: Timestamp,
}

impl Scope for Bindings {
    fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn recorded(&self, stage: &str, field: &str) -> Vec<Value> {
        let found = self.records.iter().find(|(earlier, _)| earlier == stage);
        found.map_or_else(Vec::new, |(_, records)| records.values(field))
    }
}

/// A name that has no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unresolved(pub String);

/// Where a template's values are put, which decides how they are escaped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// As they are: headers, text bodies.
    Plain,
    /// Within a URL: as they are before its path, percent-encoded after.
    Url,
    /// Within a JSONPath: as a literal, whatever is in it.
    PathLiteral,
    /// Within a regular expression: as a literal.
    Pattern,
}
