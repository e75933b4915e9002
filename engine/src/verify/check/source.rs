//! Where a check reads: out of an answer, or of the run's variables.

use crate::chain::{Scope, Setting, Template, Unresolved};
use crate::json::Value;
use crate::protocol::{Hidden, HttpResponse};
use crate::verify::jsonpath::{Node, Path};
use crate::verify::pattern::Pattern;
use crate::verify::reason::{Judged, Reason};
use crate::verify::value::shorten;
use crate::verify::work::Work;

use super::Halt;

/// What a check reads.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Status,
    /// In whole milliseconds.
    Latency,
    /// The body as a text.
    Body,
    /// A header, by its name in lower case.
    Header(String),
    JsonPath(Template, String),
    /// The first group of the first match in the body.
    Regex {
        pattern: Template,
        text: String,
        known: Option<Pattern>,
    },
    Variable(String),
}

/// An answer, as far as checks read it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered<'a> {
    pub(crate) latency_ms: Option<u64>,
    pub(crate) response: &'a HttpResponse,
    /// The body's text; none, and why, when it was not read to its end.
    pub(crate) text: Result<&'a str, &'a Judged>,
    /// The body as JSON; none, and why, when it is none.
    pub(crate) json: Result<&'a Value, &'a Judged>,
}

/// What is found at a source.
pub(super) enum Found<'a> {
    Nodes(Vec<Node<'a>>),
    Value(Value),
    /// It isn't there, for this reason.
    Missing(Reason),
    /// Whether it is there can't be told.
    Unreadable(Judged),
}

impl Source {
    /// As it stands in the document.
    pub(super) fn word(&self) -> String {
        match self {
            Self::Status => "status".to_owned(),
            Self::Latency => "latency".to_owned(),
            Self::Body => "body".to_owned(),
            Self::Header(name) => format!("header {name}"),
            Self::JsonPath(_, text) => text.clone(),
            Self::Regex { text, .. } => format!("/{text}/"),
            Self::Variable(name) => format!("{{{{{name}}}}}"),
        }
    }

    /// What is read, for people: a path or pattern with its values filled in.
    pub(super) fn what(&self, scope: &dyn Scope) -> Result<String, Unresolved> {
        Ok(match self {
            Self::JsonPath(template, _) => template.fill(scope, Setting::PathLiteral)?,
            Self::Regex { pattern, .. } => {
                format!("/{}/", shorten(&pattern.fill(scope, Setting::Pattern)?))
            }
            Self::Status | Self::Latency | Self::Body | Self::Header(_) | Self::Variable(_) => {
                self.word()
            }
        })
    }

    /// Whether it reads the body as JSON.
    pub(crate) fn reads_json(&self) -> bool {
        matches!(self, Self::JsonPath(..))
    }

    pub(super) fn find<'a>(
        &self,
        what: &str,
        answer: &Answered<'a>,
        scope: &dyn Scope,
        work: &mut Work,
    ) -> Result<Found<'a>, Halt> {
        let missing = || Found::Missing(Reason::Missing { what: what.to_owned() });
        Ok(match self {
            Self::Status => Found::Value(Value::from(answer.response.status)),
            Self::Latency => match answer.latency_ms.map(i64::try_from) {
                Some(Ok(ms)) => Found::Value(Value::from(ms)),
                Some(Err(_)) | None => {
                    Found::Unreadable(Judged::pending(Reason::Missing { what: what.to_owned() }))
                }
            },
            Self::Body => match answer.text {
                // Nothing at all is nothing yet.
                Ok("") => Found::Missing(Reason::EmptyBody),
                Ok(text) => Found::Value(Value::from(text)),
                Err(why) => Found::Unreadable(why.clone()),
            },
            Self::Header(name) => header(name, answer),
            Self::JsonPath(..) => match answer.json {
                Ok(body) => select(what, body, work)?,
                Err(why) => Found::Unreadable(why.clone()),
            },
            Self::Regex { pattern, known, .. } => match answer.text {
                Ok("") => Found::Missing(Reason::EmptyBody),
                Ok(text) => {
                    let pattern = match known {
                        Some(pattern) => Ok(pattern.clone()),
                        None => Pattern::parse(&pattern.fill(scope, Setting::Pattern)?),
                    };
                    match pattern {
                        Ok(pattern) => match pattern.first_group(text, work)? {
                            Some(group) => Found::Value(Value::from(group)),
                            None => missing(),
                        },
                        Err(message) => {
                            let what = what.to_owned();
                            Found::Unreadable(Judged::fail(Reason::BadPattern { what, message }))
                        }
                    }
                }
                Err(why) => Found::Unreadable(why.clone()),
            },
            Self::Variable(name) => match scope.value(name) {
                Some(value) => Found::Value(value.clone()),
                None => return Err(Unresolved(name.clone()).into()),
            },
        })
    }
}

/// Selects by a path whose values are filled in.
fn select<'a>(path: &str, body: &'a Value, work: &mut Work) -> Result<Found<'a>, Halt> {
    Ok(match Path::parse(path) {
        Ok(path) => Found::Nodes(path.select(body, work)?),
        Err(message) => {
            let what = path.to_owned();
            Found::Unreadable(Judged::fail(Reason::BadPath { what, message }))
        }
    })
}

/// Several headers of one name are one, as `fetch` has them.
fn header<'a>(name: &str, answer: &Answered<'a>) -> Found<'a> {
    let named =
        answer.response.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let values: Vec<&str> = named.map(|(_, value)| value.trim()).collect();
    if !values.is_empty() {
        return Found::Value(Value::from(values.join(", ")));
    }
    let name = name.to_owned();
    if answer.response.may_hide(&name) {
        let reason = match answer.response.hidden {
            Some(Hidden::Withheld(_)) => Reason::HeaderWithheld { name },
            Some(Hidden::Unexposed) | None => Reason::HeaderHidden { name },
        };
        return Found::Unreadable(Judged::pending(reason));
    }
    Found::Missing(Reason::Missing { what: format!("header {name}") })
}
