//! The proxy's config: TOML in, rules out; whatever would make it an open relay is refused here or in
//! [`ready`](super::ready), before the server listens to anyone.
//!
//! Start at [`Config::read`]. The keys are those of the example in the README.

mod base;
mod table;
mod upstream;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use base::{Base, Origin};
use table::{Table, Value};
pub(crate) use upstream::{Form, Place, Rule};

use super::secret::Source;

pub use table::ConfigError;

/// A longer file is not one that a person wrote.
const MAX_CONFIG_BYTES: u64 = 1_000_000;
const MAX_ORIGINS: usize = 100;
const MAX_UPSTREAMS: usize = 100;

/// A config whose every rule holds; secrets are not read yet.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) origins: Vec<Origin>,
    pub(crate) token: Option<Source>,
    pub(crate) upstreams: BTreeMap<String, Rule>,
    /// Where files that the config names are looked for.
    pub(crate) folder: PathBuf,
}

impl Config {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, or says something that [`Config::parse`] refuses.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |error| ConfigError::Whole(format!("it cannot be read: {error}"));
        if fs::metadata(path).map_err(unreadable)?.len() > MAX_CONFIG_BYTES {
            return Err(ConfigError::Whole("it is longer than 1 MB".to_owned()));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Self::parse(&text, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads `text`; files that it names are relative to `folder`.
    ///
    /// # Errors
    /// When it is not TOML, a key is unknown or missing, or a rule would open the proxy to more than is said.
    ///
    /// ```
    /// use std::path::Path;
    /// use baton_serve::proxy::Config;
    ///
    /// let error = Config::parse("orgins = []", Path::new("")).unwrap_err();
    /// assert_eq!(error.to_string(), "line 1: unknown key orgins; did you mean `origins`?");
    /// ```
    pub fn parse(text: &str, folder: &Path) -> Result<Self, ConfigError> {
        let mut root = Table::parse(text)?;
        root.only(&["origins", "token", "upstreams"])?;
        let origins = root.take("origins");
        let token = root.take("token");
        let upstreams = root.take("upstreams");
        let token = token.map(|value| {
            let mend =
                "the token is not written here: say { env = \"NAME\" } or { file = \"path\" }";
            let mut table = value.table(mend)?;
            table.only(&["env", "file"])?;
            let source = source(&mut table)?;
            source.ok_or_else(|| ConfigError::Whole(format!("token: {mend}")))
        });
        Ok(Self {
            origins: self::origins(origins.as_ref())?,
            token: token.transpose()?,
            upstreams: self::upstreams(upstreams)?,
            folder: folder.to_owned(),
        })
    }
}

fn origins(value: Option<&Value<'_>>) -> Result<Vec<Origin>, ConfigError> {
    let missing = "origins: none is given, so any page could use the proxy; \
                   say origins = [\"self\"] for a server on loopback, or where the page is reached";
    let Some(value) = value else { return Err(ConfigError::Whole(missing.to_owned())) };
    let texts = value.strings()?;
    if texts.is_empty() {
        return Err(value.wrong(missing.trim_start_matches("origins: ")));
    }
    if texts.len() > MAX_ORIGINS {
        return Err(value.wrong("at most 100 are taken"));
    }
    texts.into_iter().map(|text| Origin::parse(text).map_err(|why| value.wrong(&why))).collect()
}

fn upstreams(value: Option<Value<'_>>) -> Result<BTreeMap<String, Rule>, ConfigError> {
    let missing = || {
        ConfigError::Whole(
            "upstreams: none is given; add [upstreams.NAME] with base and paths, or start without --proxy"
                .to_owned(),
        )
    };
    let table = value.ok_or_else(missing)?.table("write a table: [upstreams.NAME]")?;
    let mut rules = BTreeMap::new();
    for (name, value) in table.entries() {
        let rule = Rule::parse(&name, value)?;
        rules.insert(name, rule);
    }
    match rules.len() {
        0 => Err(missing()),
        1..=MAX_UPSTREAMS => Ok(rules),
        _ => Err(ConfigError::Whole("upstreams: at most 100 are taken".to_owned())),
    }
}

/// Where a secret is kept: exactly one of `env` and `file`.
fn source(table: &mut Table<'_>) -> Result<Option<Source>, ConfigError> {
    match (table.take("env"), table.take("file")) {
        (Some(name), None) => Ok(Some(Source::Variable(name.string()?.to_owned()))),
        (None, Some(path)) => Ok(Some(Source::File(path.string()?.into()))),
        (Some(_), Some(file)) => Err(file.wrong("there is env too; keep one of the two")),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
