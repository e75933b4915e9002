//! Reads a stage's request for an export, its texts with names in them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_engine::chain::is_header_name;
use baton_engine::json::{self, Map, Value};

use crate::draft::{Auth, Body, FORM, JSON, KeyIn, METHODS, Parts, TEXT};
use crate::said::Refusal;
use crate::text::{
    Piece, clean, has_reference, map_pieces, parse_template, percent_encoded, pieces, reference,
    url_safe, visit_texts,
};

/// A request, and whether the browser's own cookies go with it.
pub(crate) struct Sent {
    pub(crate) parts: Parts,
    pub(crate) with_cookies: bool,
}

fn wrong(message: &str) -> Refusal {
    Refusal::NoStage { message: message.to_owned() }
}

/// The request of a document's stage.
pub(crate) fn of_stage(stage: &Value) -> Result<Sent, Refusal> {
    let request = stage.get("request").ok_or_else(|| wrong("it has no \"request\""))?;
    let url = request
        .get("url")
        .and_then(Value::as_str)
        .ok_or_else(|| wrong("its request has no \"url\""))?;
    let headers = named(request, "headers")?;
    if headers.iter().any(|(name, value)| !is_header_name(name) || value.contains(['\r', '\n'])) {
        return Err(wrong("a header cannot be sent as it is written"));
    }
    let parts = Parts {
        method: method(request)?,
        url: template(url)?,
        query: named(request, "query")?,
        headers,
        body: body(request)?,
        auth: request.get("auth").map(auth).transpose()?,
        attempt_timeout_ms: stage
            .get("poll")
            .and_then(|poll| poll.get("attempt_timeout"))
            .and_then(milliseconds),
        ..Parts::default()
    };
    let with_cookies = request.get("credentials").and_then(Value::as_str) == Some("include");
    Ok(Sent { parts, with_cookies })
}

/// A request that is filled in, as evidence keeps it: its texts are no templates.
pub(crate) fn of_filled(request: &Value) -> Result<Sent, Refusal> {
    let url = request
        .get("url")
        .and_then(Value::as_str)
        .ok_or_else(|| wrong("the request has no \"url\""))?;
    let mut headers = Vec::new();
    for pair in request.get("headers").and_then(Value::as_array).into_iter().flatten() {
        let text =
            |index: usize| pair.as_array().and_then(|pair| pair.get(index)).and_then(Value::as_str);
        match (text(0), text(1)) {
            (Some(name), Some(value)) if is_header_name(name) => {
                headers.push((name.to_owned(), clean(value)));
            }
            _ => return Err(wrong("\"headers\" is a list of pairs")),
        }
    }
    let body = request.get("body").and_then(Value::as_str);
    let parts = Parts {
        method: method(request)?,
        url: clean(url),
        headers,
        body: body.map_or(Body::None, |body| Body::Text(clean(body))),
        ..Parts::default()
    };
    let with_cookies = request.get("with_credentials").and_then(Value::as_bool) == Some(true);
    Ok(Sent { parts, with_cookies })
}

fn method(request: &Value) -> Result<&'static str, Refusal> {
    let Some(method) = request.get("method") else {
        return Ok("GET");
    };
    let known = METHODS.iter().find(|known| Some(**known) == method.as_str());
    known.copied().ok_or_else(|| wrong("its method is none"))
}

pub(crate) fn template(text: &str) -> Result<String, Refusal> {
    parse_template(&clean(text)).ok_or_else(|| wrong("braces are not closed"))
}

fn named(request: &Value, key: &str) -> Result<Vec<(String, String)>, Refusal> {
    let Some(value) = request.get(key) else {
        return Ok(Vec::new());
    };
    let map = value.as_object().ok_or_else(|| wrong("names with values are an object"))?;
    map.iter().map(|(name, value)| Ok((clean(name), template(&scalar(value))?))).collect()
}

pub(crate) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            json::text(value)
        }
    }
}

fn body(request: &Value) -> Result<Body, Refusal> {
    if let Some(value) = request.get("json") {
        let mut value = value.clone();
        let mut open = None;
        visit_texts(&mut value, &mut |text| match template(text) {
            Ok(read) => *text = read,
            Err(error) => open = Some(error),
        });
        return open.map_or(Ok(Body::Json(value)), Err);
    }
    if request.get("form").is_some() {
        return named(request, "form").map(Body::Form);
    }
    match request.get("text") {
        Some(text) => template(&scalar(text)).map(Body::Text),
        None => Ok(Body::None),
    }
}

fn auth(auth: &Value) -> Result<Auth, Refusal> {
    let text = |of: &Value, key: &str| {
        let text =
            of.get(key).and_then(Value::as_str).ok_or_else(|| wrong("its \"auth\" is none"))?;
        template(text)
    };
    if auth.get("bearer").is_some() {
        return text(auth, "bearer").map(Auth::Bearer);
    }
    if let Some(basic) = auth.get("basic") {
        return Ok(Auth::Basic { user: text(basic, "user")?, password: text(basic, "password")? });
    }
    let key = auth.get("key").ok_or_else(|| wrong("its \"auth\" is none"))?;
    let within = match key.get("in").and_then(Value::as_str) {
        Some("header") => KeyIn::Header,
        Some("query") => KeyIn::Query,
        _ => return Err(wrong("a key is in header or query")),
    };
    Ok(Auth::Key { within, name: text(key, "name")?, value: text(key, "value")? })
}

/// A duration of the document: a whole number and ms, s, m, h or d.
pub(crate) fn milliseconds(value: &Value) -> Option<u64> {
    let text = value.as_str()?;
    let unit = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let factor = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

impl Sent {
    /// Puts values in for names that have one.
    pub(crate) fn fill(&mut self, values: &Map) {
        let url = std::mem::take(&mut self.parts.url);
        self.parts.url = filled_url(&url, values);
        if let Body::Json(value) = &mut self.parts.body {
            fill_json(value, values);
        }
        crate::import::each_text(&mut self.parts, &mut |text| *text = filled(text, values));
    }

    /// The URL with its query, percent-encoded where a stage encodes it.
    pub(crate) fn url(&self) -> String {
        let mut query: Vec<(&str, &str)> =
            self.parts.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if let Some(Auth::Key { within: KeyIn::Query, name, value }) = &self.parts.auth {
            query.push((name, value));
        }
        let mut url = url_safe(self.parts.url.split('#').next().unwrap_or_default());
        let mut mark = if url.contains('?') { '&' } else { '?' };
        for (name, value) in query {
            url.push(mark);
            url.push_str(&percent_encoded(name));
            url.push('=');
            url.push_str(&percent_encoded(value));
            mark = '&';
        }
        url
    }

    /// The headers, with those of the authentication and the body's kind.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let mut headers = self.parts.headers.clone();
        let has = |headers: &[(String, String)], name: &str| {
            headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        match &self.parts.auth {
            Some(Auth::Bearer(token)) => {
                headers.push(("Authorization".into(), format!("Bearer {token}")));
            }
            Some(Auth::Key { within: KeyIn::Header, name, value }) => {
                headers.push((name.clone(), value.clone()));
            }
            Some(Auth::Basic { .. } | Auth::Key { .. }) | None => {}
        }
        let kind = match &self.parts.body {
            Body::None => None,
            Body::Text(_) => Some(TEXT),
            Body::Form(_) => Some(FORM),
            Body::Json(_) => Some(JSON),
        };
        if let Some(kind) = kind
            && !has(&headers, "content-type")
        {
            headers.push(("Content-Type".into(), kind.into()));
        }
        headers
    }

    /// The body as it leaves.
    pub(crate) fn body(&self) -> Option<String> {
        match &self.parts.body {
            Body::None => None,
            Body::Text(text) => Some(text.clone()),
            Body::Json(value) => Some(json::text(value)),
            Body::Form(pairs) => {
                let pairs = pairs.iter().map(|(name, value)| {
                    format!("{}={}", percent_encoded(name), percent_encoded(value))
                });
                Some(pairs.collect::<Vec<_>>().join("&"))
            }
        }
    }

    /// A user and a password as a header, where a tool's own spelling cannot say them.
    pub(crate) fn basic_header(user: &str, password: &str) -> Option<String> {
        let text = format!("{user}:{password}");
        (!has_reference(&text)).then(|| format!("Basic {}", STANDARD.encode(text)))
    }
}

fn filled(text: &str, values: &Map) -> String {
    map_pieces(text, &mut str::to_owned, &mut |name| {
        values.get(name).map_or_else(|| reference(name), scalar)
    })
}

fn filled_url(url: &str, values: &Map) -> String {
    let mut out = String::new();
    for piece in pieces(url) {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Name(name) => match values.get(name).map(scalar) {
                None => out.push_str(&reference(name)),
                Some(value) if path_has_begun(&out) => out.push_str(&percent_encoded(&value)),
                Some(value) => out.push_str(&value),
            },
        }
    }
    out
}

fn path_has_begun(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.contains(['/', '?', '#'])
}

/// A text that is one whole name takes the value's own type.
fn fill_json(value: &mut Value, values: &Map) {
    match value {
        Value::String(text) => {
            if let [Piece::Name(name)] = pieces(text).as_slice()
                && let Some(own) = values.get(name)
            {
                *value = own.clone();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill_json(item, values)),
        Value::Object(map) => {
            let members = std::mem::take(map).into_iter().map(|(key, mut value)| {
                fill_json(&mut value, values);
                (key, value)
            });
            *map = members.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
