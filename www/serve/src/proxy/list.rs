//! What a page may know of the proxy: upstreams and their limits, never their secrets.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use serde_json::{Value, json};

use super::path::Paths;
use super::ready::{Ready, Upstream};
use super::{OUTCOME_HEADER, TOKEN_HEADER, headers};

/// The answer to `GET /proxy/`.
pub(crate) fn response(ready: &Ready) -> Response {
    let upstreams: Vec<Value> =
        ready.upstreams.iter().map(|(name, upstream)| entry(name, upstream)).collect();
    let text = json!({"version": 1, "token_header": TOKEN_HEADER, "upstreams": upstreams});
    let mut response = Response::new(Body::from(text.to_string()));
    let map = response.headers_mut();
    headers::guard(map);
    map.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    map.insert(HeaderName::from_static(OUTCOME_HEADER), HeaderValue::from_static("list"));
    response
}

fn entry(name: &str, Upstream { rule, .. }: &Upstream) -> Value {
    let paths = match &rule.paths {
        Paths::All => vec!["/".to_owned()],
        Paths::Below(paths) => paths.clone(),
    };
    let limits = rule.limits;
    json!({
        "name": name,
        "base": rule.base.url(),
        "paths": paths,
        "methods": rule.methods.iter().map(Method::as_str).collect::<Vec<_>>(),
        "request_headers": rule.request_headers.iter().map(HeaderName::as_str).collect::<Vec<_>>(),
        "response_headers": rule.response_headers.iter().map(HeaderName::as_str).collect::<Vec<_>>(),
        "timeout_ms": u64::try_from(limits.timeout.as_millis()).unwrap_or(u64::MAX),
        "max_request_bytes": limits.request_bytes,
        "max_response_bytes": limits.response_bytes,
    })
}
