//! One request of a collection: its URL, headers, body and authentication.

use baton_engine::json::{self, Value};

use super::{is_disabled, items, scalar, with_references};
use crate::body::{ends_quoted, json_body};
use crate::draft::{Auth, Body, Draft, FORM, JSON, KeyIn};
use crate::import::{Import, names_in};
use crate::said::{Notes, Refusal, Said};
use crate::secret::is_secret_name;
use crate::text::{
    Piece, has_reference, object, percent_decoded, percent_encoded, pieces, reference,
};
use crate::variables::typed_mark;

pub(super) fn draft(
    request: &Value,
    name: String,
    place: &str,
    auth: Option<&Value>,
    import: &mut Import,
) -> Result<Draft, Refusal> {
    // A request may be its URL alone.
    let url = url(request.get("url").unwrap_or(request));
    if url.trim().is_empty() {
        return Err(Refusal::NoUrl);
    }
    let mut headers = Vec::new();
    for header in items(request.get("header")).iter().filter(|header| !is_disabled(header)) {
        let name = text(header, "key");
        if !name.trim().is_empty() {
            headers.push((name.trim().to_owned(), with_references(&text(header, "value"))));
        }
    }
    let body = body(request.get("body"), &mut headers, import)?;
    let method = request.get("method").and_then(Value::as_str).unwrap_or("GET");
    let auth = auth.and_then(|auth| read_auth(auth, place, &mut import.notes));
    hide_variables(&headers, auth.as_ref(), import);
    Ok(Draft {
        name,
        method: method.to_owned(),
        url,
        headers,
        body,
        auth,
        place: place.to_owned(),
        ..Draft::default()
    })
}

fn text(of: &Value, key: &str) -> String {
    of.get(key).map(scalar).unwrap_or_default()
}

/// Variables that stand where a secret does are secrets.
fn hide_variables(headers: &[(String, String)], auth: Option<&Auth>, import: &mut Import) {
    let mut secret: Vec<&str> = Vec::new();
    for (name, value) in headers {
        if is_secret_name(name) {
            secret.extend(names_in(value));
        }
    }
    match auth {
        None => {}
        Some(
            Auth::Bearer(value) | Auth::Basic { password: value, .. } | Auth::Key { value, .. },
        ) => {
            secret.extend(names_in(value));
        }
    }
    for name in secret {
        import.vault.hide_variable(name);
    }
}

fn url(url: &Value) -> String {
    if let Value::String(raw) = url {
        return with_references(raw);
    }
    let raw = with_references(&text(url, "raw"));
    let (base, query) =
        raw.split_once('?').map_or((raw.as_str(), None), |(base, query)| (base, Some(query)));
    let base = base.split('#').next().unwrap_or_default();
    let base = if base.is_empty() { from_parts(url) } else { base.to_owned() };
    let base = with_path_variables(&base, url);
    let query = match url.get("query").and_then(Value::as_array) {
        Some(list) => query_of(list),
        None => query.and_then(|query| query.split('#').next()).unwrap_or_default().to_owned(),
    };
    if query.is_empty() { base } else { format!("{base}?{query}") }
}

/// A URL that has no text of its own.
fn from_parts(url: &Value) -> String {
    let joined = |key: &str, separator: &str| match url.get(key) {
        Some(Value::Array(parts)) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    Value::Object(_) => text(part, "value"),
                    part => scalar(part),
                })
                .collect();
            parts.join(separator)
        }
        Some(value) => scalar(value),
        None => String::new(),
    };
    let (host, path, port) = (joined("host", "."), joined("path", "/"), joined("port", ""));
    if host.is_empty() {
        return String::new();
    }
    let protocol = joined("protocol", "");
    let scheme = if protocol.is_empty() {
        String::new()
    } else {
        format!("{}://", protocol.trim_end_matches("://"))
    };
    let port = if port.is_empty() { String::new() } else { format!(":{port}") };
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    with_references(&format!("{scheme}{host}{port}{slash}{path}"))
}

/// Puts values in for `:id` in the path.
fn with_path_variables(base: &str, url: &Value) -> String {
    let variables = items(url.get("variable"));
    let (scheme, rest) = base.split_once("://").map_or(("", base), |(scheme, rest)| (scheme, rest));
    let mut segments: Vec<String> = rest.split('/').map(str::to_owned).collect();
    for segment in segments.iter_mut().skip(1) {
        let Some(name) = segment.strip_prefix(':') else {
            continue;
        };
        let found = variables
            .iter()
            .find(|variable| text(variable, "key") == name && !is_disabled(variable));
        *segment = match found.map(|variable| with_references(&text(variable, "value"))) {
            Some(value) if !value.is_empty() => percent_encoded(&value),
            Some(_) | None => reference(name),
        };
    }
    let path = segments.join("/");
    if scheme.is_empty() { path } else { format!("{scheme}://{path}") }
}

fn query_of(list: &[Value]) -> String {
    let enabled = list.iter().filter(|item| !is_disabled(item));
    let parts = enabled.map(|item| {
        let encoded = |text: &str| percent_encoded(&decoded(&with_references(text)));
        let key = encoded(&text(item, "key"));
        match item.get("value") {
            None | Some(Value::Null) => key,
            Some(value) => format!("{key}={}", encoded(&scalar(value))),
        }
    });
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&")
}

/// Postman sends what is encoded already as it is.
fn decoded(text: &str) -> String {
    percent_decoded(text).unwrap_or_else(|| text.to_owned())
}

fn body(
    body: Option<&Value>,
    headers: &mut Vec<(String, String)>,
    import: &mut Import,
) -> Result<Body, Refusal> {
    let Some(body) = body.filter(|body| body.is_object() && !is_disabled(body)) else {
        return Ok(Body::None);
    };
    let mut has_kind = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let mut kind = |kind: &str| {
        if !std::mem::replace(&mut has_kind, true) {
            headers.push(("Content-Type".into(), kind.to_owned()));
        }
    };
    let content = |mode: &str| body.get(mode).unwrap_or(&Value::Null);
    Ok(match body.get("mode").and_then(Value::as_str) {
        None => Body::None,
        Some("raw") => {
            let raw = with_references(&scalar(content("raw")));
            if raw.is_empty() {
                return Ok(Body::None);
            }
            kind(raw_kind(body));
            typed_references(&raw, import)
        }
        Some("urlencoded") => {
            kind(FORM);
            let pairs = items(body.get("urlencoded")).iter().filter(|item| !is_disabled(item)).map(
                |item| {
                    let encoded = |key: &str| percent_encoded(&with_references(&text(item, key)));
                    format!("{}={}", encoded("key"), encoded("value"))
                },
            );
            Body::Text(pairs.collect::<Vec<_>>().join("&"))
        }
        Some("graphql") => {
            kind(JSON);
            Body::Json(graphql(content("graphql")))
        }
        Some("formdata") => return Err(Refusal::FormData { option: "formdata".into() }),
        Some(mode) => return Err(Refusal::File { option: mode.chars().take(40).collect() }),
    })
}

fn raw_kind(body: &Value) -> &'static str {
    let raw = body.get("options").and_then(|options| options.get("raw"));
    match raw.and_then(|raw| raw.get("language")).and_then(Value::as_str) {
        Some("json") => JSON,
        Some("xml") => "application/xml",
        Some("html") => "text/html",
        Some("javascript") => "application/javascript",
        _ => "text/plain",
    }
}

fn graphql(content: &Value) -> Value {
    let variables = with_references(&text(content, "variables"));
    let variables = json_body(&variables).unwrap_or_else(|| object([]));
    object([("query", with_references(&text(content, "query")).into()), ("variables", variables)])
}

/// A body in JSON where a name stands for a whole value: `{"n": {{count}}}`. A text would stay one, so a
/// number, true or false gets a variable of its own type beside the text.
fn typed_references(raw: &str, import: &mut Import) -> Body {
    if !has_reference(raw) || json_body(raw).is_none() {
        return Body::Text(raw.to_owned());
    }
    let (mut text, mut quoted) = (String::new(), false);
    for piece in pieces(raw) {
        match piece {
            Piece::Literal(literal) => {
                quoted = ends_quoted(literal, quoted);
                text.push_str(literal);
            }
            Piece::Name(name) if quoted => text.push_str(&reference(name)),
            Piece::Name(name) => text.push_str(&reference(&typed(name, import))),
        }
    }
    Body::Text(text)
}

/// The name of a variable's value in its own type: the variable's own unless that is a number, true or false.
fn typed(name: &str, import: &mut Import) -> String {
    let own = import.variables.iter().find(|(known, _)| known == name);
    let Some(value @ (Value::Number(_) | Value::Bool(_))) =
        own.and_then(|(_, text)| json::parse(text).ok())
    else {
        return name.to_owned();
    };
    let beside = format!("{name}_value");
    if !import.variables.iter().any(|(known, _)| *known == beside) {
        import.variables.push((beside.clone(), typed_mark(&json::text(&value))));
    }
    beside
}

fn read_auth(auth: &Value, place: &str, notes: &mut Notes) -> Option<Auth> {
    let scheme = auth.get("type").and_then(Value::as_str)?;
    // A list of keys and values since v2.1, an object before.
    let field = |name: &str| {
        let fields = auth.get(scheme);
        let listed = items(fields)
            .iter()
            .find(|item| text(item, "key") == name)
            .and_then(|item| item.get("value"));
        let value = listed.or_else(|| fields.and_then(|fields| fields.get(name)));
        with_references(&value.map(scalar).unwrap_or_default())
    };
    match scheme {
        "noauth" => None,
        "bearer" => Some(Auth::Bearer(field("token"))),
        "basic" => Some(Auth::Basic { user: field("username"), password: field("password") }),
        "apikey" => {
            let within = if field("in") == "query" { KeyIn::Query } else { KeyIn::Header };
            Some(Auth::Key { within, name: field("key"), value: field("value") })
        }
        _ => {
            notes.say(Said::AuthUnsupported { scheme: scheme.chars().take(40).collect() }, place);
            None
        }
    }
}
