//! A request as it was found, made ready for a stage: what a page cannot send is left out, and said.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_engine::chain::{is_forbidden_header, is_header_name};
use baton_engine::json::{self, Value};

use crate::body::{form_pairs, json_body, query_pairs};
use crate::said::{Notes, Refusal, Said};
use crate::text::{has_reference, percent_decoded, url_safe};

pub(crate) const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";
pub(crate) const TEXT: &str = "text/plain;charset=utf-8";

/// Headers that are left out besides those that a browser lets no page set.
const LEFT_OUT: [&str; 6] = [
    // Of what a browser says of itself and its connection.
    "access-control-request-private-network",
    "priority",
    "upgrade-insecure-requests",
    "user-agent",
    // Sent by the browser itself, since a stage's requests pass every cache by.
    "cache-control",
    "pragma",
];

/// Headers that ask for an answer only when something has changed: a recorded one would be answered 304
/// for ever.
const CONDITIONAL: [&str; 4] =
    ["if-none-match", "if-modified-since", "if-match", "if-unmodified-since"];
/// A stage of more bytes has no room in a document.
const MAX_STAGE_BYTES: usize = 900_000;
const MAX_HEADERS: usize = 200;

/// A request as it was found.
#[derive(Clone, Default, Debug)]
pub(crate) struct Draft {
    /// The stage's name; one is made of the request when there is none.
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body,
    pub(crate) auth: Option<Auth>,
    pub(crate) attempt_timeout_ms: Option<u64>,
    /// The status of a recorded answer.
    pub(crate) status: Option<u16>,
    /// A recorded answer, as a dry run reads one.
    pub(crate) sample: Option<Value>,
    pub(crate) place: String,
}

/// A body, as a request has it or as a stage says it.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) enum Body {
    #[default]
    None,
    Text(String),
    Form(Vec<(String, String)>),
    Json(Value),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Auth {
    Bearer(String),
    Basic { user: String, password: String },
    Key { within: KeyIn, name: String, value: String },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum KeyIn {
    Header,
    Query,
}

/// A request that a stage can say, with literal secrets still in it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Parts {
    pub(crate) name: String,
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body,
    pub(crate) auth: Option<Auth>,
    pub(crate) attempt_timeout_ms: Option<u64>,
    pub(crate) status: Option<u16>,
    pub(crate) sample: Option<Value>,
    pub(crate) place: String,
}

impl Draft {
    /// # Errors
    /// When no stage can send it.
    pub(crate) fn into_parts(self, notes: &mut Notes) -> Result<Parts, Refusal> {
        let method = self.method.to_ascii_uppercase();
        let known = METHODS.iter().find(|known| **known == method).copied();
        let Some(known) = known else {
            return Err(Refusal::Method { method: self.method });
        };
        self.check_size()?;
        let mut parts = Parts {
            name: self.name,
            method: known,
            auth: self.auth,
            body: self.body,
            attempt_timeout_ms: self.attempt_timeout_ms,
            status: self.status,
            sample: self.sample,
            place: self.place,
            ..Parts::default()
        };
        parts.take_url(&self.url, notes)?;
        parts.take_headers(self.headers, notes);
        parts.settle_body(notes);
        Ok(parts)
    }

    fn check_size(&self) -> Result<(), Refusal> {
        if self.headers.len() > MAX_HEADERS {
            return Err(Refusal::TooMany { what: "headers".into(), limit: MAX_HEADERS });
        }
        let headers: usize =
            self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        let body = match &self.body {
            Body::None => 0,
            Body::Text(text) => text.len(),
            Body::Form(pairs) => pairs.iter().map(|(name, value)| name.len() + value.len()).sum(),
            Body::Json(value) => json::text(value).len(),
        };
        let bytes = self.url.len() + headers + body;
        if bytes > MAX_STAGE_BYTES {
            return Err(Refusal::TooLarge { bytes, limit: MAX_STAGE_BYTES });
        }
        Ok(())
    }
}

impl Parts {
    fn take_url(&mut self, url: &str, notes: &mut Notes) -> Result<(), Refusal> {
        let url = url.trim();
        if url.is_empty() {
            return Err(Refusal::NoUrl);
        }
        let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
        if !fragment.is_empty() {
            notes.say(Said::FragmentLeftOut, &self.place);
        }
        let url = url_safe(&self.with_scheme(url, notes)?);
        let url = self.without_user(url);
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        match query_pairs(query) {
            Some(pairs) => {
                path.clone_into(&mut self.url);
                self.query = pairs;
            }
            None => self.url = url,
        }
        Ok(())
    }

    fn with_scheme(&self, url: &str, notes: &mut Notes) -> Result<String, Refusal> {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            Some(scheme) if has_reference(scheme) => Ok(url.to_owned()),
            Some(scheme) if is_http(scheme) => Ok(url.to_owned()),
            Some(scheme)
                if scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) =>
            {
                Err(Refusal::Scheme { scheme: scheme.to_owned() })
            }
            Some(_) | None if begins_with_reference(url) => Ok(url.to_owned()),
            Some(_) | None => {
                notes.say(Said::SchemeGuessed { scheme: "http".into() }, &self.place);
                Ok(format!("http://{url}"))
            }
        }
    }

    /// Takes a user and a password out of the URL: a page may not send to one that has them.
    fn without_user(&mut self, url: String) -> String {
        let Some((scheme, rest)) = url.split_once("://") else {
            return url;
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        let Some((user, host)) = host.rsplit_once('@') else {
            return url;
        };
        let decoded = |text: &str| percent_decoded(text).unwrap_or_else(|| text.to_owned());
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        if self.auth.is_none() {
            self.auth = Some(Auth::Basic { user: decoded(user), password: decoded(password) });
        }
        format!("{scheme}://{host}{path}")
    }

    fn take_headers(&mut self, headers: Vec<(String, String)>, notes: &mut Notes) {
        let (mut left_out, mut conditional) = (Vec::new(), Vec::new());
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            let value = value.trim_matches([' ', '\t']);
            if lower == "cookie" {
                let names = value.split(';').filter_map(|pair| pair.split('=').next());
                let names =
                    names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
                notes.say(Said::CookiesLeftOut { names: names.collect() }, &self.place);
            } else if is_left_out(&lower) {
                left_out.push(name);
            } else if CONDITIONAL.contains(&lower.as_str()) {
                conditional.push(name);
            } else if !is_header_name(&name) || value.contains(['\r', '\n', '\0']) {
                notes.say(Said::HeaderInvalid { name }, &self.place);
            } else if lower != "authorization" || !self.take_authorization(value) {
                self.push_header(name, value, notes);
            }
        }
        if !left_out.is_empty() {
            notes.say(Said::HeadersLeftOut { names: left_out }, &self.place);
        }
        if !conditional.is_empty() {
            notes.say(Said::ConditionalLeftOut { names: conditional }, &self.place);
        }
    }

    fn push_header(&mut self, name: String, value: &str, notes: &mut Notes) {
        let same = |(known, _): &&mut (String, String)| known.eq_ignore_ascii_case(&name);
        match self.headers.iter_mut().find(same) {
            Some((_, known)) => {
                known.push_str(", ");
                known.push_str(value);
                notes.say(Said::HeadersJoined { name }, &self.place);
            }
            None => self.headers.push((name, value.to_owned())),
        }
    }

    /// Whether the header says what a stage's `auth` says better.
    fn take_authorization(&mut self, value: &str) -> bool {
        let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
        let rest = rest.trim();
        // The header is stronger than what else says it, in curl too.
        self.auth = match scheme.to_ascii_lowercase().as_str() {
            "bearer" if !rest.is_empty() => Some(Auth::Bearer(rest.to_owned())),
            "basic" => basic(rest),
            _ => None,
        };
        self.auth.is_some()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    fn without_header(&mut self, name: &str, value: &str) {
        self.headers.retain(|(known, said)| {
            !(known.eq_ignore_ascii_case(name) && said.eq_ignore_ascii_case(value))
        });
    }

    /// Says the body as JSON or a form where nothing is lost by that.
    fn settle_body(&mut self, notes: &mut Notes) {
        if self.body != Body::None && matches!(self.method, "GET" | "HEAD") {
            self.body = Body::None;
            notes.say(Said::BodyLeftOut { method: self.method.into() }, &self.place);
        }
        let kind = self.header("content-type").map(str::to_ascii_lowercase).unwrap_or_default();
        if let Body::Text(text) = &self.body {
            if let Some(value) = json_body(text) {
                if kind.starts_with(FORM) {
                    notes.say(Said::JsonSentAsForm, &self.place);
                }
                self.body = Body::Json(value);
            } else if kind.starts_with(FORM)
                && let Some(pairs) = form_pairs(text)
            {
                self.body = Body::Form(pairs);
            }
        }
        // What a stage's body brings along by itself need not be said.
        match &self.body {
            Body::None => {}
            Body::Json(_) => self.without_header("content-type", JSON),
            Body::Form(_) => self.without_header("content-type", FORM),
            Body::Text(_) => self.without_header("content-type", TEXT),
        }
    }
}

fn is_http(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

fn begins_with_reference(url: &str) -> bool {
    matches!(crate::text::pieces(url).first(), Some(crate::text::Piece::Name(_)))
}

fn is_left_out(lower: &str) -> bool {
    is_forbidden_header(lower)
        || LEFT_OUT.contains(&lower)
        // HTTP/2's pseudo headers, in recordings.
        || lower.starts_with(':')
}

fn basic(encoded: &str) -> Option<Auth> {
    let bytes = STANDARD.decode(encoded).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(Auth::Basic { user: user.to_owned(), password: password.to_owned() })
}
