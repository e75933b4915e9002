//! Requests and responses as plain data, so that a server and a wasm module can carry the same ones.

use std::borrow::Cow;

use serde_json::Value;
use thiserror::Error;

/// The scheme of URLs that are answered inside the browser.
const DEMO_SCHEME: &str = "demo:";

/// The methods that the pipeline tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Options,
    /// Any other: always answered 405.
    Other,
}

impl Method {
    /// The method of that name, which is in upper case as HTTP has it.
    pub fn from_name(name: &str) -> Self {
        match name {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "OPTIONS" => Self::Options,
            _ => Self::Other,
        }
    }

    /// The name in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Options => "OPTIONS",
            Self::Other => "OTHER",
        }
    }
}

/// What came as the request's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Whole(Vec<u8>),
    /// The reader gave up at [`MAX_BODY_BYTES`](crate::limits::MAX_BODY_BYTES).
    TooLarge,
}

/// One request: what the pipeline needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    /// The path as it was sent, from its first `/`.
    pub path: String,
    /// What stands after the `?`, still encoded; empty without one.
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

/// A `demo:` URL that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{url}` is no demo URL: write `demo:///` and a path, as in `demo:///events`")]
pub struct DemoUrlError {
    url: String,
}

impl Request {
    /// A request for `/path?query`, without headers or body.
    pub fn new(method: Method, target: &str) -> Self {
        let target = target.split_once('#').map_or(target, |(before, _)| before);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = if path.is_empty() { "/" } else { path };
        Self {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: Vec::new(),
            body: Body::Whole(Vec::new()),
        }
    }

    /// A request for a URL such as `demo:///micro/good?event_id=4f1c`; `demo:/micro/good` is the same.
    ///
    /// # Errors
    ///
    /// When the scheme is another one, or a host is named.
    ///
    /// ```
    /// use pipeline::{Method, Request};
    /// let request = Request::from_demo_url(Method::Get, "demo:///micro/good?event_id=4f1c").unwrap();
    /// assert_eq!(request.path, "/micro/good");
    /// assert!(Request::from_demo_url(Method::Get, "demo://events").is_err());
    /// ```
    pub fn from_demo_url(method: Method, url: &str) -> Result<Self, DemoUrlError> {
        let error = || DemoUrlError { url: url.chars().take(80).collect() };
        let (scheme, rest) = url.split_at_checked(DEMO_SCHEME.len()).ok_or_else(error)?;
        if !scheme.eq_ignore_ascii_case(DEMO_SCHEME) {
            return Err(error());
        }
        let target = rest.strip_prefix("//").unwrap_or(rest);
        if target.starts_with('/') { Ok(Self::new(method, target)) } else { Err(error()) }
    }

    /// The same request with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with this body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Whole(body.into());
        self
    }

    /// The first header of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The query's pairs, decoded.
    pub(crate) fn params(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.query.as_bytes())
    }

    /// The first value of that name in the query.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        self.params().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The first value of that name in the query, or else in a body sent as a form.
    pub(crate) fn param_or_form(&self, name: &str) -> Option<String> {
        self.param(name).or_else(|| {
            form_urlencoded::parse(self.body_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        })
    }

    pub(crate) fn body_bytes(&self) -> &[u8] {
        match &self.body {
            Body::Whole(bytes) => bytes,
            Body::TooLarge => &[],
        }
    }

    /// The body as JSON; `None` when it is empty.
    pub(crate) fn json(&self) -> Option<Result<Value, serde_json::Error>> {
        let bytes = self.body_bytes().trim_ascii();
        (!bytes.is_empty()).then(|| serde_json::from_slice(bytes))
    }
}

/// What the pipeline does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    Answer(Answer),
    /// Nothing is ever answered; the client has to give up by itself.
    Hang,
}

/// One HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![
            ("content-type", content_type.to_owned()),
            ("cache-control", "no-store".to_owned()),
        ];
        Self { status, headers, body: body.into() }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The first header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_urls() {
        let check = |url: &str, want: Option<(&str, &str)>| {
            let got = Request::from_demo_url(Method::Get, url).ok();
            assert_eq!(got.as_ref().map(|r| (r.path.as_str(), r.query.as_str())), want, "{url}");
        };
        check("demo:///events", Some(("/events", "")));
        check("demo:/events", Some(("/events", "")));
        check("DEMO:///micro/good?event_id=4f1c#top", Some(("/micro/good", "event_id=4f1c")));
        check("demo:///", Some(("/", "")));
        check("demo://events", None);
        check("demo:events", None);
        check("https://example.com/", None);
        check("dem\u{f6}", None);
        check("", None);
    }

    #[test]
    fn params_are_decoded_and_forms_read_second() {
        let request = Request::new(Method::Post, "/q?a=1+2&b=%C3%A4").with_body("a=9&c=3");
        assert_eq!(request.param("a").as_deref(), Some("1 2"));
        assert_eq!(request.param("b").as_deref(), Some("\u{e4}"));
        assert_eq!(request.param("c"), None);
        assert_eq!(request.param_or_form("a").as_deref(), Some("1 2"));
        assert_eq!(request.param_or_form("c").as_deref(), Some("3"));
    }
}
