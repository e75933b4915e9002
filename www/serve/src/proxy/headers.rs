//! Which headers pass, in both directions. Pure. Lists of what passes, since nobody knows all that must not.

use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AGE, ALLOW, CACHE_CONTROL, CONNECTION,
    CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, DATE, ETAG, EXPECT, EXPIRES, HOST,
    LAST_MODIFIED, LOCATION, ORIGIN, RANGE, REFERER, REFERRER_POLICY, RETRY_AFTER, SERVER, TE,
    TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::secret::Mask;
use super::{TOKEN_HEADER, WITHHELD_HEADER};

/// Of the browser's request.
const SENT: [HeaderName; 3] = [ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE];

/// Of the upstream's answer.
const SHOWN: [HeaderName; 13] = [
    AGE,
    ALLOW,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_RANGE,
    CONTENT_TYPE,
    DATE,
    ETAG,
    EXPIRES,
    LAST_MODIFIED,
    RETRY_AFTER,
    SERVER,
    VARY,
];

/// About this very connection, or about how a message is cut: each side makes its own.
const HOP: [HeaderName; 9] = [
    CONNECTION,
    CONTENT_LENGTH,
    EXPECT,
    HOST,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// A policy for what is an answer and never a page: were it opened as one, it would have no origin, no scripts.
const SANDBOX: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
);

/// Whether a config may let the browser's `name` through.
pub(crate) fn may_be_sent(name: &HeaderName) -> Result<(), &'static str> {
    may_be_injected(name)?;
    let text = name.as_str();
    if name == COOKIE || name == ORIGIN || name == REFERER || text == TOKEN_HEADER {
        return Err("belongs to this page, and never goes to an upstream");
    }
    if name == RANGE || text == "if-range" {
        return Err("asks for a part of an answer, in which an echoed secret could not be found");
    }
    Ok(())
}

/// Whether a config may set `name` to a secret.
pub(crate) fn may_be_injected(name: &HeaderName) -> Result<(), &'static str> {
    let text = name.as_str();
    if HOP.contains(name) || text.starts_with("proxy-") || name == ACCEPT_ENCODING {
        return Err("is made anew by the server");
    }
    if text.starts_with("x-http-method") || text == "x-method-override" {
        return Err("would change the method behind the list's back");
    }
    if text.starts_with("sec-") || text.starts_with("x-forwarded-") || text == "forwarded" {
        return Err("would let a page claim to be somebody else");
    }
    Ok(())
}

/// Whether a config may let the upstream's `name` through.
pub(crate) fn may_be_shown(name: &HeaderName) -> Result<(), &'static str> {
    let text = name.as_str();
    if HOP.contains(name) || text.starts_with("proxy-") {
        return Err("is made anew by the server");
    }
    let prefixes = [
        "access-control-",
        "content-security-",
        "cross-origin-",
        "sec-",
        "set-",
        "x-accel-",
        "x-baton-",
    ];
    let commands = [
        "accept-ch",
        "activate-storage-access",
        "alt-svc",
        "attribution-reporting-register-source",
        "attribution-reporting-register-trigger",
        "clear-site-data",
        "critical-ch",
        "document-policy",
        "link",
        "location",
        "nel",
        "observe-browsing-topics",
        "origin-agent-cluster",
        "permissions-policy",
        "public-key-pins",
        "referrer-policy",
        "refresh",
        "report-to",
        "reporting-endpoints",
        "service-worker-allowed",
        "sourcemap",
        "speculation-rules",
        "strict-transport-security",
        "supports-loading-mode",
        "www-authenticate",
        "x-content-type-options",
        "x-frame-options",
        "x-sendfile",
        "x-sourcemap",
        "cache-control",
        "content-disposition",
    ];
    if prefixes.iter().any(|prefix| text.starts_with(prefix)) || commands.contains(&text) {
        return Err("would give the browser an order in this page's name");
    }
    Ok(())
}

/// The headers of the request to an upstream, without its secrets.
pub(crate) fn outgoing(browser: &HeaderMap, listed: &[HeaderName]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    // What Connection names is about that connection only.
    let named: Vec<String> = browser
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    for (name, value) in browser {
        let passes = SENT.contains(name) || listed.contains(name);
        if passes && !named.iter().any(|hop| hop == name.as_str()) {
            headers.append(name.clone(), value.clone());
        }
    }
    headers.insert(
        USER_AGENT,
        HeaderValue::from_static(concat!("baton-serve/", env!("CARGO_PKG_VERSION"))),
    );
    // Compressed, an echoed secret could not be found, nor the size be known.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers
}

/// The headers of the answer to the page. What is withheld is named, so that the page says "hidden", not "missing".
pub(crate) fn incoming(upstream: &HeaderMap, listed: &[HeaderName], mask: &Mask) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut withheld = Vec::new();
    for name in upstream.keys() {
        if SHOWN.contains(name) || listed.contains(name) {
            for value in upstream.get_all(name) {
                if let Some(value) = masked(value, mask) {
                    headers.append(name.clone(), value);
                }
            }
        } else if !HOP.contains(name) {
            withheld.push(name.as_str());
        }
    }
    let names = HeaderValue::from_str(&mask.text(&withheld.join(", ")));
    if let Some(names) = names.ok().filter(|names| !names.is_empty()) {
        headers.insert(HeaderName::from_static(WITHHELD_HEADER), names);
    }
    guard(&mut headers);
    headers
}

/// What every answer below `/proxy/` carries.
pub(crate) fn guard(headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    for name in ["cross-origin-resource-policy", "cross-origin-opener-policy"] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static("same-origin"));
    }
}

/// Where a redirect would lead, for a sentence: without its query, which may hold anything.
pub(crate) fn location(upstream: &HeaderMap, mask: &Mask) -> String {
    let text = upstream.get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("nowhere");
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    // A user and password before the host.
    let bare = match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
        None => bare.to_owned(),
    };
    // Covered before it is shortened, which could leave a part of a secret.
    mask.text(&bare).chars().take(200).collect()
}

fn masked(value: &HeaderValue, mask: &Mask) -> Option<HeaderValue> {
    if mask.is_empty() {
        return Some(value.clone());
    }
    // What is no text is not shown where a secret could be in it.
    HeaderValue::from_str(&mask.text(value.to_str().ok()?)).ok()
}
