//! Reads TOML tables by hand, so that every mistake has its line, its name and its mend.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// What is wrong with a config, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// At a place in the file.
    #[error("line {line}: {message}")]
    At { line: usize, message: String },
    /// With the whole, or with how the server is started.
    #[error("{0}")]
    Whole(String),
}

impl ConfigError {
    pub(super) fn at(text: &str, offset: usize, message: String) -> Self {
        let before = text.as_bytes().iter().take(offset);
        Self::At { line: 1 + before.filter(|&&byte| byte == b'\n').count(), message }
    }
}

/// A table whose keys are taken one by one.
pub(super) struct Table<'a> {
    text: &'a str,
    /// As `upstreams.matomo`; empty for the whole file.
    path: String,
    start: usize,
    left: BTreeMap<String, (usize, Value<'a>)>,
}

/// A value and where it is.
pub(super) struct Value<'a> {
    text: &'a str,
    pub(super) path: String,
    span: Range<usize>,
    content: DeValue<'a>,
}

impl<'a> Table<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            ConfigError::at(text, offset, format!("this is not TOML: {}", error.message()))
        })?;
        Ok(Self::new(text, String::new(), 0, table.into_inner()))
    }

    fn new(text: &'a str, path: String, start: usize, table: DeTable<'a>) -> Self {
        let left = table.into_iter().map(|(key, value)| {
            let name = key.get_ref().clone().into_owned();
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let span = value.span();
            let value = Value { text, path, span, content: value.into_inner() };
            (name, (key.span().start, value))
        });
        Self { text, left: left.collect(), path, start }
    }

    pub(super) fn take(&mut self, key: &str) -> Option<Value<'a>> {
        self.left.remove(key).map(|(_, value)| value)
    }

    pub(super) fn len(&self) -> usize {
        self.left.len()
    }

    /// A mistake of the table as a whole.
    pub(super) fn wrong(&self, message: &str) -> ConfigError {
        let prefix = if self.path.is_empty() { String::new() } else { format!("{}: ", self.path) };
        ConfigError::at(self.text, self.start, format!("{prefix}{message}"))
    }

    /// All entries, of a table whose keys are names.
    pub(super) fn entries(self) -> impl Iterator<Item = (String, Value<'a>)> {
        self.left.into_iter().map(|(name, (_, value))| (name, value))
    }

    /// Refuses keys beside `known`. Before anything is missed: what is misspelt is not missing.
    pub(super) fn only(&self, known: &[&'static str]) -> Result<(), ConfigError> {
        let unknown = self.left.iter().find(|(name, _)| !known.contains(&name.as_str()));
        let Some((name, (start, value))) = unknown else { return Ok(()) };
        let mend = match nearest(name, known) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        let message = format!("unknown key {}; {mend}", value.path);
        Err(ConfigError::at(self.text, *start, message))
    }
}

impl<'a> Value<'a> {
    pub(super) fn wrong(&self, message: &str) -> ConfigError {
        ConfigError::at(self.text, self.span.start, format!("{}: {message}", self.path))
    }

    pub(super) fn string(&self) -> Result<&str, ConfigError> {
        self.content.as_str().ok_or_else(|| self.wrong("a text in quotes is needed here"))
    }

    pub(super) fn strings(&self) -> Result<Vec<&str>, ConfigError> {
        let texts = self.content.as_array().map(|list| {
            list.iter().map(|item| item.get_ref().as_str()).collect::<Option<Vec<_>>>()
        });
        texts.flatten().ok_or_else(|| self.wrong("a list of texts is needed here: [\"...\"]"))
    }

    pub(super) fn flag(&self) -> Result<bool, ConfigError> {
        self.content.as_bool().ok_or_else(|| self.wrong("true or false is needed here"))
    }

    pub(super) fn number(&self, least: u64, most: u64) -> Result<u64, ConfigError> {
        let number = self
            .content
            .as_integer()
            .and_then(|integer| u64::from_str_radix(integer.as_str(), integer.radix()).ok());
        number.filter(|number| (least..=most).contains(number)).ok_or_else(|| {
            self.wrong(&format!("a whole number from {least} to {most} is needed here"))
        })
    }

    pub(super) fn table(self, mend: &str) -> Result<Table<'a>, ConfigError> {
        match self.content {
            DeValue::Table(table) => Ok(Table::new(self.text, self.path, self.span.start, table)),
            // Its content is not shown: it may be a secret in the wrong place.
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => Err(self.wrong(mend)),
        }
    }
}

fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let near = known.iter().map(|&known| (distance(name, known), known)).min()?;
    (near.0 <= 2).then_some(near.1)
}

/// How many letters have to be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (a, b, expected) in [
            ("paths", "path", 1),
            ("orgins", "origins", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
