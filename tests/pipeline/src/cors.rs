//! The headers that let a browser read an answer from another origin, and the answers to its preflights.

use crate::http::{Answer, Request};

/// How long a browser may remember a preflight.
const MAX_AGE_SECONDS: &str = "600";
const METHODS: &str = "GET, HEAD, POST, OPTIONS";
/// `*` covers neither `authorization`, nor anything in a request with credentials: those are spelled out.
const HEADERS: &str =
    "*, accept, authorization, content-type, sp-anonymous, x-api-key, x-request-id";

/// Which answers a browser lets its page read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cors {
    /// Any origin, without credentials.
    Open,
    /// The asking origin, with credentials: Snowplow's trackers send theirs, and then `*` does not count.
    Credentialed,
    /// The `no_cors` fault.
    Hidden,
}

/// Adds the headers to an answer.
pub(crate) fn allow(cors: Cors, request: &Request, answer: Answer) -> Answer {
    match (cors, request.header("origin")) {
        (Cors::Hidden, _) => answer,
        (Cors::Credentialed, Some(origin)) => answer
            .with_header("access-control-allow-origin", origin)
            .with_header("access-control-allow-credentials", "true")
            .with_header("vary", "origin"),
        (Cors::Open, _) | (Cors::Credentialed, None) => {
            answer.with_header("access-control-allow-origin", "*")
        }
    }
}

/// The answer to a preflight, before [`allow`].
pub(crate) fn preflight(cors: Cors) -> Answer {
    match cors {
        Cors::Hidden => Answer::empty(204),
        Cors::Open | Cors::Credentialed => Answer::empty(204)
            .with_header("access-control-allow-methods", METHODS)
            .with_header("access-control-allow-headers", HEADERS)
            .with_header("access-control-max-age", MAX_AGE_SECONDS),
    }
}
