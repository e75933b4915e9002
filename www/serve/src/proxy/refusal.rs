//! Why a request gets no answer from its upstream: status, code, and a sentence with its mend, in two languages.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;

use super::path::PathFault;
use super::{OUTCOME_HEADER, UPSTREAM_STATUS_HEADER, headers, words};

/// Each is answered as JSON: `{"error": sentence, "error_zh": sentence, "code": code}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    // Who asks.
    Host,
    Origin,
    Site,
    Destination,
    Unnamed,
    NoToken,
    Token,
    // What is asked.
    AbsoluteForm,
    NoUpstream,
    Method { upstream: String, allowed: Vec<Method> },
    ListMethod,
    Path(PathFault),
    QueryTooLong,
    QueryReserved { name: String },
    MethodOverride,
    UnwantedBody { method: Method },
    RequestTooLarge { limit: u64 },
    RequestSlow,
    RequestBroken,
    Busy,
    // What comes of it.
    NoAddress { host: String },
    Address { host: String, address: IpAddr },
    Unreachable { host: String },
    Tls { host: String },
    NotHttp { host: String },
    Slow { limit_ms: u128 },
    Redirect { status: StatusCode, location: String },
    ResponseTooLarge { limit: u64 },
    Encoding,
    Switched,
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Host
            | Self::Origin
            | Self::Site
            | Self::Destination
            | Self::Unnamed
            | Self::NoToken
            | Self::Token
            | Self::Path(PathFault::Outside)
            | Self::Address { .. } => StatusCode::FORBIDDEN,
            Self::AbsoluteForm
            | Self::Path(
                PathFault::Dots
                | PathFault::EmptySegment
                | PathFault::Slash
                | PathFault::Control
                | PathFault::Encoding,
            )
            | Self::QueryReserved { .. }
            | Self::MethodOverride
            | Self::UnwantedBody { .. }
            | Self::RequestBroken => StatusCode::BAD_REQUEST,
            Self::NoUpstream => StatusCode::NOT_FOUND,
            Self::Method { .. } | Self::ListMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Path(PathFault::Long) | Self::QueryTooLong => StatusCode::URI_TOO_LONG,
            Self::RequestTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RequestSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoAddress { .. }
            | Self::Unreachable { .. }
            | Self::Tls { .. }
            | Self::NotHttp { .. }
            | Self::Redirect { .. }
            | Self::ResponseTooLarge { .. }
            | Self::Encoding
            | Self::Switched => StatusCode::BAD_GATEWAY,
            Self::Slow { .. } => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// For programs; it stays when sentences change.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Origin => "origin",
            Self::Site => "site",
            Self::Destination => "destination",
            Self::Unnamed => "unnamed",
            Self::NoToken => "no_token",
            Self::Token => "token",
            Self::AbsoluteForm => "absolute_form",
            Self::NoUpstream => "no_upstream",
            Self::Method { .. } | Self::ListMethod => "method",
            Self::Path(PathFault::Outside) => "path_not_listed",
            Self::Path(PathFault::Long) | Self::QueryTooLong => "too_long",
            Self::Path(
                PathFault::Dots
                | PathFault::EmptySegment
                | PathFault::Slash
                | PathFault::Control
                | PathFault::Encoding,
            ) => "path",
            Self::QueryReserved { .. } => "query_reserved",
            Self::MethodOverride => "method_override",
            Self::UnwantedBody { .. } => "unwanted_body",
            Self::RequestTooLarge { .. } => "request_too_large",
            Self::RequestSlow => "request_slow",
            Self::RequestBroken => "request_broken",
            Self::Busy => "busy",
            Self::NoAddress { .. } => "no_address",
            Self::Address { .. } => "address",
            Self::Unreachable { .. } => "unreachable",
            Self::Tls { .. } => "tls",
            Self::NotHttp { .. } => "not_http",
            Self::Slow { .. } => "slow",
            Self::Redirect { .. } => "redirect",
            Self::ResponseTooLarge { .. } => "response_too_large",
            Self::Encoding => "encoding",
            Self::Switched => "switched",
        }
    }

    pub(crate) fn response(&self) -> Response {
        let text = serde_json::json!({
            "error": words::english(self), "error_zh": words::chinese(self), "code": self.code(),
        });
        let mut response = Response::new(Body::from(text.to_string()));
        *response.status_mut() = self.status();
        let map = response.headers_mut();
        headers::guard(map);
        map.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        map.insert(HeaderName::from_static(OUTCOME_HEADER), HeaderValue::from_static(self.code()));
        match self {
            Self::Method { allowed, .. } => {
                let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
                if let Ok(value) = HeaderValue::from_str(&names.join(", ")) {
                    map.insert(ALLOW, value);
                }
            }
            Self::ListMethod => {
                map.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            Self::Busy => {
                map.insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            Self::Redirect { status, .. } => {
                map.insert(
                    HeaderName::from_static(UPSTREAM_STATUS_HEADER),
                    HeaderValue::from(status.as_u16()),
                );
            }
            _ => {}
        }
        response
    }
}
