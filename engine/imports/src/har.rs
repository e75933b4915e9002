//! Reads recordings (HAR 1.2) of browsers and proxies: lists their entries, and makes stages of some.
//!
//! Source: HAR 1.2, W3C web performance group's draft.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_engine::json::{self, Map, Value};

use crate::draft::{Body, Draft, FORM, METHODS};
use crate::import::{Import, MASK, MAX_STAGES, Samples, hide_in_json};
use crate::said::{Notes, Refusal, Refused, Said};
use crate::secret::{Vault, is_secret_in_query, is_secret_name};
use crate::text::{has_reference, map_pieces, object, percent_encoded};

/// The longest text that is read.
pub(crate) const MAX_BYTES: usize = 20_000_000;
/// At most so many entries are listed.
const MAX_ENTRIES: usize = 20_000;
/// A longer answer is no sample.
const MAX_SAMPLE_BYTES: usize = 256 * 1024;
const LONGEST_URL_SHOWN: usize = 500;

/// The list of entries, to choose from.
///
/// # Errors
/// When it is no recording, or one with too many entries.
pub(crate) fn list(text: &str) -> Result<Value, Refused> {
    let log = read(text)?;
    let entries = entries(&log)?;
    let rows = entries.iter().enumerate().map(|(index, entry)| row(index, entry)).collect();
    Ok(object([("entries", Value::Array(rows)), ("notes", Notes::default().json())]))
}

/// Stages of the chosen entries.
///
/// # Errors
/// When it is no recording, or an entry is not there.
pub(crate) fn import(text: &str, chosen: &[usize], samples: Samples) -> Result<Import, Refused> {
    let log = read(text)?;
    let entries = entries(&log)?;
    if chosen.len() > MAX_STAGES {
        return Err(Refusal::TooMany { what: "log.entries".into(), limit: MAX_STAGES }.at(""));
    }
    let mut import = Import::default();
    import.samples = samples;
    for &index in chosen {
        let place = format!("log.entries[{index}]");
        let entry = entries.get(index).ok_or_else(|| Refusal::NoSuchEntry { index }.at(&place))?;
        let added = draft(entry, &place, &mut import).and_then(|draft| import.add(draft));
        if let Err(why) = added {
            import.skip(&why, &place);
        }
    }
    Ok(import)
}

fn read(text: &str) -> Result<Value, Refused> {
    if text.len() > MAX_BYTES {
        return Err(Refusal::TooLarge { bytes: text.len(), limit: MAX_BYTES }.at(""));
    }
    json::parse(text).map_err(|syntax| Refusal::NotJson { message: syntax.to_string() }.at(""))
}

fn entries(log: &Value) -> Result<&Vec<Value>, Refused> {
    let entries = log.get("log").and_then(|log| log.get("entries")).and_then(Value::as_array);
    let entries = entries.ok_or_else(|| Refusal::NotHar.at(""))?;
    if entries.len() > MAX_ENTRIES {
        return Err(
            Refusal::TooMany { what: "log.entries".into(), limit: MAX_ENTRIES }.at("log.entries")
        );
    }
    Ok(entries)
}

fn row(index: usize, entry: &Value) -> Value {
    let request = entry.get("request");
    let response = entry.get("response");
    let method = text(request, "method");
    let url = text(request, "url");
    let content = response.and_then(|response| response.get("content"));
    let mut row = Map::default();
    row.insert("index".into(), index.into());
    row.insert("method".into(), method.into());
    row.insert("url".into(), shown(url).into());
    row.insert(
        "status".into(),
        response.and_then(|response| response.get("status")).cloned().unwrap_or_default(),
    );
    row.insert("mime".into(), text(content, "mimeType").into());
    row.insert("started".into(), text(Some(entry), "startedDateTime").into());
    row.insert("time_ms".into(), time(entry).map_or(Value::Null, Value::from));
    let http = url.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
    let known = METHODS.iter().any(|known| known.eq_ignore_ascii_case(method));
    let kind = text(request.and_then(|request| request.get("postData")), "mimeType");
    row.insert("importable".into(), Value::Bool(http && known && !is_multipart(kind)));
    Value::Object(row)
}

/// A URL for people to choose by, without secrets.
fn shown(url: &str) -> String {
    let mut vault = Vault::default();
    let (path, query) =
        url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let mut out = vault.hide_shapes(path);
    if let Some(query) = query {
        let parts = query.split('&').map(|part| match part.split_once('=') {
            Some((name, value)) if is_secret_in_query(name) && !value.is_empty() => {
                format!("{name}={MASK}")
            }
            Some(_) | None => vault.hide_shapes(part),
        });
        out = format!("{out}?{}", parts.collect::<Vec<_>>().join("&"));
    }
    if let Some((scheme, rest)) = out.split_once("://")
        && let Some((_, host)) = rest.split('/').next().unwrap_or_default().rsplit_once('@')
    {
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default();
        out = format!("{scheme}://{MASK}@{host}{path}");
    }
    let out = map_pieces(&out, &mut str::to_owned, &mut |_| MASK.to_owned());
    out.chars().take(LONGEST_URL_SHOWN).collect()
}

fn text<'a>(value: Option<&'a Value>, key: &str) -> &'a str {
    value.and_then(|value| value.get(key)).and_then(Value::as_str).unwrap_or_default()
}

/// Whole milliseconds; some write a fraction.
fn time(entry: &Value) -> Option<i64> {
    let Some(Value::Number(number)) = entry.get("time") else {
        return None;
    };
    number.as_str().split('.').next()?.parse().ok().filter(|&ms: &i64| ms >= 0)
}

fn draft(entry: &Value, place: &str, import: &mut Import) -> Result<Draft, Refusal> {
    let request = entry.get("request");
    let url = text(request, "url");
    if url.is_empty() {
        return Err(Refusal::NoUrl);
    }
    let (scheme, _) = url.split_once(':').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(Refusal::Scheme { scheme: scheme.chars().take(20).collect() });
    }
    let headers = request.and_then(|request| request.get("headers"));
    let mut draft = Draft {
        method: text(request, "method").to_owned(),
        url: url.to_owned(),
        headers: pairs(headers),
        place: place.to_owned(),
        ..Draft::default()
    };
    draft.body = body(request, &mut draft.headers, place, &mut import.notes)?;
    let response = entry.get("response");
    let status = response.and_then(|response| response.get("status")).and_then(Value::as_u64);
    draft.status = status.and_then(|status| u16::try_from(status).ok());
    if import.samples == Samples::With {
        draft.sample = sample(response, draft.status, time(entry), place, &mut import.notes);
    }
    Ok(draft)
}

fn pairs(list: Option<&Value>) -> Vec<(String, String)> {
    let items = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pair =
        |item: &Value| (text(Some(item), "name").to_owned(), text(Some(item), "value").to_owned());
    items.iter().map(pair).filter(|(name, _)| !name.is_empty()).collect()
}

fn body(
    request: Option<&Value>,
    headers: &mut Vec<(String, String)>,
    place: &str,
    notes: &mut Notes,
) -> Result<Body, Refusal> {
    let Some(data) =
        request.and_then(|request| request.get("postData")).filter(|data| data.is_object())
    else {
        let size = request.and_then(|request| request.get("bodySize")).and_then(Value::as_u64);
        if size.is_some_and(|bytes| bytes > 0) {
            notes.say(Said::BodyMissing, place);
        }
        return Ok(Body::None);
    };
    let kind = text(Some(data), "mimeType");
    if is_multipart(kind) {
        return Err(Refusal::FormData {
            option: kind.split(';').next().unwrap_or_default().to_owned(),
        });
    }
    if !kind.is_empty()
        && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    {
        headers.push(("Content-Type".into(), kind.to_owned()));
    }
    let written = text(Some(data), "text");
    if !written.is_empty() {
        return Ok(Body::Text(written.to_owned()));
    }
    let params = pairs(data.get("params"));
    if params.is_empty() {
        return Ok(Body::None);
    }
    // Recordings differ in whether parameters are decoded; as a form's text they are read like one.
    let encoded =
        |text: &str| if text.contains('%') { text.to_owned() } else { percent_encoded(text) };
    let form: Vec<String> = params
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    if kind.is_empty() {
        headers.push(("Content-Type".into(), FORM.into()));
    }
    Ok(Body::Text(form.join("&")))
}

fn is_multipart(kind: &str) -> bool {
    kind.to_ascii_lowercase().starts_with("multipart/")
}

/// The recorded answer, as a dry run reads one.
fn sample(
    response: Option<&Value>,
    status: Option<u16>,
    ms: Option<i64>,
    place: &str,
    notes: &mut Notes,
) -> Option<Value> {
    let status = status.filter(|&status| status > 0)?;
    let content = response.and_then(|response| response.get("content"));
    let written = text(content, "text");
    let body = if text(content, "encoding").eq_ignore_ascii_case("base64") {
        STANDARD.decode(written).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    } else {
        Some(written.to_owned())
    };
    let body = body.filter(|body| body.len() <= MAX_SAMPLE_BYTES);
    let Some(body) = body else {
        notes.say(Said::SampleLeftOut { bytes: written.len() }, place);
        return None;
    };
    let mut headers = Map::default();
    for (name, value) in pairs(response.and_then(|response| response.get("headers"))) {
        let lower = name.to_ascii_lowercase();
        if lower != "set-cookie" && !is_secret_name(&lower) && !lower.starts_with(':') {
            let value = without_shapes(&value);
            headers.insert(lower, value.into());
        }
    }
    Some(object([
        ("status", status.into()),
        ("headers", Value::Object(headers)),
        ("body", without_secrets(&body).into()),
        ("latency_ms", ms.unwrap_or_default().into()),
    ]))
}

/// A body without values that look secret. One that has none stays as it was written.
fn without_secrets(body: &str) -> String {
    let mut vault = Vault::default();
    if let Ok(mut tree) = json::parse(body) {
        hide_in_json(&mut tree, &mut vault);
        let written = vault.hide_shapes(&json::text(&tree));
        if has_reference(&written) {
            return map_pieces(&written, &mut str::to_owned, &mut |_| MASK.to_owned());
        }
        return body.to_owned();
    }
    without_shapes(body)
}

fn without_shapes(text: &str) -> String {
    let hidden = Vault::default().hide_shapes(text);
    map_pieces(&hidden, &mut str::to_owned, &mut |_| MASK.to_owned())
}
