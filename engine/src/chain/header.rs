//! Names of headers: which texts are any, and which of them a browser lets no page send.

use crate::document::ProblemKind;

/// Source: Fetch standard, "forbidden request-header".
const FORBIDDEN: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];
const FORBIDDEN_PREFIXES: [&str; 2] = ["proxy-", "sec-"];

/// Whether a text is a header's name. Source: RFC 9110, 5.6.2, `token`.
pub fn is_header_name(name: &str) -> bool {
    let token =
        |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".chars().any(|sign| sign == c);
    !name.is_empty() && name.chars().all(token)
}

/// Whether a browser drops this header of a page's request, whatever its value. `name` is in lower case.
pub fn is_forbidden_header(name: &str) -> bool {
    FORBIDDEN.contains(&name) || FORBIDDEN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// What is wrong with a header's name.
pub(super) fn header_problem(name: &str) -> Option<ProblemKind> {
    let message = format!("\"{name}\" is no header name; use letters, digits and `-`");
    (!is_header_name(name)).then_some(ProblemKind::Template { message })
}
