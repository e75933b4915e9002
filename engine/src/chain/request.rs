//! Fills a stage's request in: templates become the text that leaves.

use crate::json::{Map, Value};

use super::auth::Auth;
use super::document::{Request, RequestBody};
use super::escape::encode_into;
use super::scope::{Scope, Setting, Unresolved};
use super::template::{ValueTemplate, as_text};
use crate::json;
use crate::protocol::{HttpRequest, Transport};

/// The request as it is sent.
///
/// # Errors
/// The first name without a value.
pub(crate) fn fill_request(
    request: &Request,
    scope: &dyn Scope,
) -> Result<HttpRequest, Unresolved> {
    let mut url = request.url.fill(scope, Setting::Url)?;
    append_query(&mut url, &request.query, scope)?;
    if let Some(Auth::Query(name, value)) = &request.auth {
        append_query(&mut url, &[(name.clone(), value.clone())], scope)?;
    }
    let mut headers = Vec::new();
    for (name, value) in &request.headers {
        headers.push((name.clone(), value.fill(scope, Setting::Plain)?));
    }
    if let Some(auth) = &request.auth {
        headers.extend(auth.fill(scope)?);
    }
    let (body, kind) = fill_body(&request.body, scope)?;
    if let Some(kind) = kind
        && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    {
        headers.push(("content-type".into(), kind.into()));
    }
    Ok(HttpRequest {
        method: request.method.into(),
        url,
        headers,
        body,
        with_credentials: request.with_credentials,
    })
}

/// How a request is sent: a `demo:` address never leaves the worker.
pub(crate) fn transport_of(request: &HttpRequest, wanted: Transport) -> Transport {
    if request.url.starts_with("demo:") { Transport::Demo } else { wanted }
}

fn append_query(
    url: &mut String,
    query: &[(String, ValueTemplate)],
    scope: &dyn Scope,
) -> Result<(), Unresolved> {
    let fragment = url.find('#').map(|at| url.split_off(at));
    let mut first = url.bytes().all(|byte| byte != b'?');
    for (name, value) in query {
        url.push(if first { '?' } else { '&' });
        first = false;
        encode_into(url, name);
        url.push('=');
        encode_into(url, &as_text(&value.fill(scope)?));
    }
    url.extend(fragment);
    Ok(())
}

fn fill_body(
    body: &RequestBody,
    scope: &dyn Scope,
) -> Result<(Option<String>, Option<&'static str>), Unresolved> {
    Ok(match body {
        RequestBody::None => (None, None),
        RequestBody::Json(value) => {
            (Some(json::text(&value.fill(scope)?)), Some("application/json"))
        }
        RequestBody::Text(text) => {
            (Some(text.fill(scope, Setting::Plain)?), Some("text/plain;charset=utf-8"))
        }
        RequestBody::Form(pairs) => {
            let mut query = String::new();
            append_query(&mut query, pairs, scope)?;
            let form = query.trim_start_matches('?').to_owned();
            (Some(form), Some("application/x-www-form-urlencoded"))
        }
    })
}

/// The values of a run: variables in order, each of which may use those before it and the
/// environment's entries; then the environment's entries, which hide variables of the same name.
///
/// # Errors
/// The first name without a value.
pub(crate) fn fill_variables(
    variables: &[(String, ValueTemplate)],
    environment: &[(String, Value)],
    scope: &mut dyn FnMut(Vec<(String, Value)>) -> Box<dyn Scope>,
) -> Result<Vec<(String, Value)>, Unresolved> {
    let mut values = Map::default();
    for (name, template) in variables {
        let so_far: Vec<(String, Value)> =
            values.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let known = so_far.into_iter().chain(environment.iter().cloned()).collect();
        values.insert(name.clone(), template.fill(&*scope(known))?);
    }
    Ok(values.into_iter().chain(environment.iter().cloned()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chain::Chain;
    use crate::chain::scope::Bindings;
    use crate::time::Timestamp;

    fn fill(request: &serde_json::Value) -> HttpRequest {
        let document = json!({
            "baton": 1, "name": "n", "variables": {"id": "a b&c", "amount": "x", "n": 1},
            "stages": [{"name": "s", "request": request}]
        });
        let document = document.to_string();
        let chain = Chain::parse(&document).unwrap();
        let amount = crate::json::parse("19.90").unwrap();
        let values = vec![
            ("id".into(), "a b&c".into()),
            ("amount".into(), amount),
            ("n".into(), 1_i64.into()),
        ];
        let scope = Bindings { values, records: Vec::new(), now: Timestamp::from_ms(0) };
        fill_request(&chain.stages[0].request, &scope).unwrap()
    }

    #[test]
    fn a_query_is_encoded_and_goes_before_the_fragment() {
        let request = fill(&json!({"url": "http://h/x?y=1#z", "query": {"id": "{{id}}", "n": 2}}));
        assert_eq!(request.url, "http://h/x?y=1&id=a%20b%26c&n=2#z");
        assert_eq!((request.method.as_str(), request.body), ("GET", None));
    }

    #[test]
    fn json_keeps_the_order_and_the_text_of_numbers() {
        let request = fill(
            &json!({"method": "POST", "url": "http://h", "json": {"z": "{{amount}}", "a": ["{{id}}", 1]}}),
        );
        assert_eq!(request.body.as_deref(), Some(r#"{"z":19.90,"a":["a b&c",1]}"#));
        assert_eq!(request.headers, [("content-type".into(), "application/json".into())]);
    }

    #[test]
    fn auth_is_a_header_or_a_part_of_the_query() {
        let sent = |auth: serde_json::Value| {
            let request = fill(&json!({"url": "http://h/x?y=1", "auth": auth}));
            (request.url, request.headers)
        };
        let header = |name: &str, value: &str| {
            ("http://h/x?y=1".to_owned(), vec![(name.to_owned(), value.to_owned())])
        };
        assert_eq!(sent(json!({"bearer": "{{id}}"})), header("authorization", "Bearer a b&c"));
        assert_eq!(
            sent(json!({"basic": {"user": "{{n}}", "password": "g\u{e9}"}})),
            header("authorization", "Basic MTpnw6k=")
        );
        assert_eq!(
            sent(json!({"key": {"in": "header", "name": "X-Key", "value": "{{id}}"}})),
            header("X-Key", "a b&c")
        );
        assert_eq!(
            sent(json!({"key": {"in": "query", "name": "k", "value": "{{id}}"}})),
            ("http://h/x?y=1&k=a%20b%26c".to_owned(), vec![])
        );
    }

    #[test]
    fn forms_and_texts_have_their_kind_unless_the_author_says_another() {
        let request = fill(
            &json!({"method": "POST", "url": "http://h", "form": {"id": "{{id}}", "n": "{{n}}"}}),
        );
        assert_eq!(request.body.as_deref(), Some("id=a%20b%26c&n=1"));
        let request = fill(
            &json!({"method": "PUT", "url": "http://h", "text": "{{id}}", "headers": {"Content-Type": "text/csv"}}),
        );
        assert_eq!(request.body.as_deref(), Some("a b&c"));
        assert_eq!(request.headers, [("Content-Type".into(), "text/csv".into())]);
    }
}
