//! One upstream of a config.

use std::path::PathBuf;
use std::time::Duration;

use axum::http::{HeaderName, Method};

use super::base::Base;
use super::table::{ConfigError, Table, Value};
use crate::proxy::address::{Range, RangeFault, Reach};
use crate::proxy::headers;
use crate::proxy::path::{Paths, well_formed};
use crate::proxy::secret::Source;

const KEYS: [&str; 12] = [
    "base",
    "paths",
    "all_paths",
    "methods",
    "private",
    "timeout_ms",
    "max_request_bytes",
    "max_response_bytes",
    "request_headers",
    "response_headers",
    "secrets",
    "ca_file",
];
const MAX_LIST: usize = 100;
const MAX_NAME_CHARS: usize = 64;
const MAX_TIMEOUT_MS: u64 = 120_000;
const MAX_REQUEST_BYTES: u64 = 10_000_000;
const MAX_RESPONSE_BYTES: u64 = 100_000_000;

/// What may be asked of one upstream, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) base: Base,
    pub(crate) paths: Paths,
    pub(crate) methods: Vec<Method>,
    pub(crate) reach: Reach,
    pub(crate) limits: Limits,
    /// Of the browser's, beside those that always pass.
    pub(crate) request_headers: Vec<HeaderName>,
    /// Of the upstream's, beside those that always pass.
    pub(crate) response_headers: Vec<HeaderName>,
    pub(crate) secrets: Vec<SecretRule>,
    /// Certificates to trust in place of the system's.
    pub(crate) ca_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// From the request's first byte to the answer's last.
    pub(crate) timeout: Duration,
    pub(crate) request_bytes: u64,
    pub(crate) response_bytes: u64,
}

/// A secret that the server adds to each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretRule {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) form: Form,
    pub(crate) source: Source,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Header(HeaderName),
    Query(String),
}

/// What the secret looks like where it is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Between two texts: `Bearer {}`.
    Between(String, String),
    /// The password of this user, as HTTP's basic authentication has it.
    Basic(String),
}

impl Rule {
    pub(super) fn parse(name: &str, value: Value<'_>) -> Result<Self, ConfigError> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if name.is_empty() || name.len() > MAX_NAME_CHARS || !name.chars().all(is_plain) {
            return Err(value.wrong("a name has small letters, digits, - and _, at most 64"));
        }
        let mut table = value.table("write a table: [upstreams.NAME]")?;
        table.only(&KEYS)?;
        let base = table.take("base");
        let rule = Self {
            base: match base {
                Some(value) => Base::parse(value.string()?).map_err(|why| value.wrong(&why))?,
                None => return Err(table.wrong("base is missing: base = \"https://host\"")),
            },
            paths: paths(&mut table)?,
            methods: methods(table.take("methods").as_ref())?,
            reach: Reach { public: true, private: private(table.take("private").as_ref())? },
            limits: limits(&mut table)?,
            request_headers: names(table.take("request_headers").as_ref(), headers::may_be_sent)?,
            response_headers: names(
                table.take("response_headers").as_ref(),
                headers::may_be_shown,
            )?,
            secrets: secrets(table.take("secrets"))?,
            ca_file: table.take("ca_file").map(|v| v.string().map(PathBuf::from)).transpose()?,
        };
        rule.closed(&table)
    }

    /// What concerns several keys.
    fn closed(mut self, table: &Table<'_>) -> Result<Self, ConfigError> {
        if !self.base.https && !self.secrets.is_empty() {
            if self.reach.private.is_empty() {
                return Err(table.wrong(
                    "its secret would cross the internet in clear; use https in base, or list where it is in private = [...]",
                ));
            }
            self.reach.public = false;
        }
        let address = self.base.address();
        if let Some(address) = address.filter(|&address| !self.reach.admits(address)) {
            return Err(table.wrong(&format!(
                "{address} is not on the public internet; if that is meant, list it: private = [\"{address}\"]"
            )));
        }
        Ok(self)
    }
}

fn paths(table: &mut Table<'_>) -> Result<Paths, ConfigError> {
    let all = table.take("all_paths").map(|value| value.flag()).transpose()?.unwrap_or(false);
    let Some(value) = table.take("paths") else {
        return if all {
            Ok(Paths::All)
        } else {
            Err(table.wrong(
                "paths is missing, so all would be open; say paths = [\"/api/\"], or all_paths = true if that is meant",
            ))
        };
    };
    if all {
        return Err(value.wrong("there is all_paths = true too; keep one of the two"));
    }
    let texts = value.strings()?;
    if texts.is_empty() || texts.len() > MAX_LIST {
        return Err(value.wrong("it needs from 1 to 100 paths"));
    }
    for text in &texts {
        if text.chars().all(|c| c == '/') {
            return Err(value
                .wrong("\"/\" opens all paths; if that is meant, say all_paths = true instead"));
        }
        let plain = text.is_ascii() && !text.contains(['?', '#', '*', ' ']);
        if !plain || well_formed(text).is_err() {
            return Err(value.wrong(&format!(
                "{text:?} is no plain path: it begins with a slash, and has no dots as steps, double slashes, wildcards, query or fragment"
            )));
        }
    }
    Ok(Paths::Below(texts.into_iter().map(str::to_owned).collect()))
}

fn methods(value: Option<&Value<'_>>) -> Result<Vec<Method>, ConfigError> {
    let Some(value) = value else { return Ok(vec![Method::GET, Method::HEAD]) };
    let known =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let texts = value.strings()?;
    if texts.is_empty() {
        return Err(value.wrong("name at least one, or leave the key out for GET and HEAD"));
    }
    let method = |text: &str| {
        known.iter().find(|method| method.as_str() == text).cloned().ok_or_else(|| {
            value.wrong(&format!(
                "{text:?} cannot be let through; known are GET, HEAD, POST, PUT, PATCH, DELETE"
            ))
        })
    };
    texts.into_iter().map(method).collect()
}

fn private(value: Option<&Value<'_>>) -> Result<Vec<Range>, ConfigError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let range = |text: &str| {
        text.parse().map_err(|fault| {
            value.wrong(&match fault {
                RangeFault::NotARange => {
                    format!("{text:?} is no address; write \"10.0.0.5\" or \"10.0.0.0/16\"")
                }
                RangeFault::TooWide => {
                    format!("{text:?} is wider than any private network; name your own")
                }
            })
        })
    };
    let texts = value.strings()?;
    if texts.len() > MAX_LIST {
        return Err(value.wrong("at most 100 are taken"));
    }
    texts.into_iter().map(range).collect()
}

fn limits(table: &mut Table<'_>) -> Result<Limits, ConfigError> {
    let mut number = |key, most, usual| match table.take(key) {
        Some(value) => value.number(1, most),
        None => Ok(usual),
    };
    Ok(Limits {
        timeout: Duration::from_millis(number("timeout_ms", MAX_TIMEOUT_MS, 10_000)?),
        request_bytes: number("max_request_bytes", MAX_REQUEST_BYTES, 65_536)?,
        response_bytes: number("max_response_bytes", MAX_RESPONSE_BYTES, 1_048_576)?,
    })
}

fn names(
    value: Option<&Value<'_>>,
    allowed: fn(&HeaderName) -> Result<(), &'static str>,
) -> Result<Vec<HeaderName>, ConfigError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let texts = value.strings()?;
    if texts.len() > MAX_LIST {
        return Err(value.wrong("at most 100 are taken"));
    }
    texts.into_iter().map(|text| header(value, text, allowed)).collect()
}

fn header(
    value: &Value<'_>,
    text: &str,
    allowed: fn(&HeaderName) -> Result<(), &'static str>,
) -> Result<HeaderName, ConfigError> {
    let name: HeaderName =
        text.parse().map_err(|_| value.wrong(&format!("{text:?} is no header's name")))?;
    allowed(&name).map_err(|why| value.wrong(&format!("{name} {why}; leave it out")))?;
    Ok(name)
}

fn secrets(value: Option<Value<'_>>) -> Result<Vec<SecretRule>, ConfigError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let mend = "a secret is not written here: make a table [upstreams.NAME.secrets.NAME] with header or query, and env or file";
    let table = value.table(mend)?;
    if table.len() > MAX_LIST {
        return Err(table.wrong("at most 100 are taken"));
    }
    table.entries().map(|(name, value)| SecretRule::parse(name, value.table(mend)?)).collect()
}

impl SecretRule {
    fn parse(name: String, mut table: Table<'_>) -> Result<Self, ConfigError> {
        if table.take("value").is_some() {
            return Err(table.wrong(
                "a secret's value is not written here: say env = \"NAME\" or file = \"path\"",
            ));
        }
        table.only(&["header", "query", "format", "basic_user", "env", "file"])?;
        let place = match (table.take("header"), table.take("query")) {
            (Some(value), None) => {
                Place::Header(header(&value, value.string()?, headers::may_be_injected)?)
            }
            (None, Some(value)) if value.string()?.is_empty() => {
                return Err(value.wrong("name a parameter of the query"));
            }
            (None, Some(value)) => Place::Query(value.string()?.to_owned()),
            (Some(_), Some(_)) | (None, None) => {
                return Err(table.wrong(
                    "say where it goes: header = \"...\" or query = \"...\", one of the two",
                ));
            }
        };
        let form = form(&mut table, &place)?;
        let Some(source) = super::source(&mut table)? else {
            return Err(table.wrong("say where it is kept: env = \"NAME\" or file = \"path\""));
        };
        Ok(Self { name, place, form, source })
    }
}

fn form(table: &mut Table<'_>, place: &Place) -> Result<Form, ConfigError> {
    match (table.take("format"), table.take("basic_user")) {
        (None, None) => Ok(Form::Between(String::new(), String::new())),
        (Some(value), None) => match value.string()?.split("{}").collect::<Vec<_>>()[..] {
            [before, after] if before.bytes().chain(after.bytes()).all(is_visible) => {
                Ok(Form::Between(before.to_owned(), after.to_owned()))
            }
            _ => Err(value.wrong("it needs {} once, where the secret goes: \"Bearer {}\"")),
        },
        (None, Some(value)) => {
            let user = value.string()?;
            if matches!(place, Place::Query(_)) {
                return Err(
                    value.wrong("basic authentication goes into a header, not into the query")
                );
            }
            if user.is_empty() || user.contains(':') || !user.bytes().all(is_visible) {
                return Err(value.wrong("a user's name has letters of ASCII and no colon"));
            }
            Ok(Form::Basic(user.to_owned()))
        }
        (Some(value), Some(_)) => Err(value.wrong("there is basic_user too; keep one of the two")),
    }
}

fn is_visible(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte)
}
