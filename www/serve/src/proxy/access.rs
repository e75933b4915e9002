//! Who may use the proxy: the page of this server, and nobody else. Pure.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};
use subtle::ConstantTimeEq;

use super::TOKEN_HEADER;
use super::refusal::Refusal;
use super::secret::Secret;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What a request is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Access {
    /// As browsers write them: `https://baton.example`.
    pub(crate) origins: Vec<String>,
    pub(crate) token: Option<Secret>,
}

impl Access {
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        // A name that was pointed at this machine to reach it from a foreign page still shows in Host.
        let host = only(headers, &HOST).ok().flatten().ok_or(Refusal::Host)?;
        if !self.origins.iter().any(|origin| is_host_of(host, origin)) {
            return Err(Refusal::Host);
        }
        let origin = only(headers, &ORIGIN).map_err(|Unclear| Refusal::Origin)?;
        if origin.is_some_and(|origin| !self.origins.iter().any(|known| known == origin)) {
            return Err(Refusal::Origin);
        }
        let site = only(headers, &FETCH_SITE).map_err(|Unclear| Refusal::Site)?;
        if site.is_some_and(|site| site != "same-origin") {
            return Err(Refusal::Site);
        }
        let dest = only(headers, &FETCH_DEST).map_err(|Unclear| Refusal::Destination)?;
        if dest.is_some_and(|dest| dest != "empty") {
            return Err(Refusal::Destination);
        }
        match &self.token {
            Some(token) => self::token(headers, token),
            // Browsers tell one of them of every `fetch` on a page that they trust.
            None if origin.is_none() && site.is_none() => Err(Refusal::Unnamed),
            None => Ok(()),
        }
    }
}

fn token(headers: &HeaderMap, token: &Secret) -> Result<(), Refusal> {
    let name = HeaderName::from_static(TOKEN_HEADER);
    let given = only(headers, &name).map_err(|Unclear| Refusal::Token)?.ok_or(Refusal::NoToken)?;
    let equal: bool = given.as_bytes().ct_eq(token.reveal().as_bytes()).into();
    if equal { Ok(()) } else { Err(Refusal::Token) }
}

/// A header is there twice, or is no text.
struct Unclear;

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Unclear> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    match (first, values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Unclear),
        (Some(_), Some(_)) => Err(Unclear),
    }
}

fn is_host_of(host: &str, origin: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let port = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(port).unwrap_or(host);
    host.eq_ignore_ascii_case(authority)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const GOOD: &str = "0123456789abcdef";

    fn check(token: Option<&str>, headers: &[(&'static str, &'static str)]) -> Result<(), String> {
        let access = Access {
            origins: vec!["https://baton.example".into(), "http://127.0.0.1:8787".into()],
            token: token.map(|token| Secret::of(token).expect("long enough")),
        };
        let mut map = HeaderMap::new();
        for &(name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        access.check(&map).map_err(|refusal| refusal.code().to_owned())
    }

    #[test]
    fn the_page_itself_is_let_in() {
        let host = ("host", "baton.example");
        for headers in [
            vec![host, ("origin", "https://baton.example")],
            vec![host, ("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "empty")],
            vec![("host", "BATON.example:443"), ("sec-fetch-site", "same-origin")],
            vec![("host", "127.0.0.1:8787"), ("origin", "http://127.0.0.1:8787")],
        ] {
            assert_eq!(check(None, &headers), Ok(()), "{headers:?}");
        }
        assert_eq!(check(Some(GOOD), &[host, ("x-baton-token", GOOD)]), Ok(()));
    }

    #[test]
    fn everyone_else_is_not() {
        let host = ("host", "baton.example");
        for (code, headers) in [
            ("host", vec![("sec-fetch-site", "same-origin")]),
            ("host", vec![("host", "evil.example"), ("sec-fetch-site", "same-origin")]),
            ("host", vec![("host", "baton.example:8787"), ("sec-fetch-site", "same-origin")]),
            ("host", vec![host, host]),
            ("origin", vec![host, ("origin", "https://evil.example")]),
            ("origin", vec![host, ("origin", "null")]),
            ("origin", vec![host, ("origin", "http://baton.example")]),
            ("origin", vec![host, ("origin", "https://baton.example.evil.example")]),
            ("origin", vec![host, ("origin", "https://baton.example"), ("origin", "null")]),
            ("site", vec![host, ("sec-fetch-site", "cross-site")]),
            ("site", vec![host, ("sec-fetch-site", "same-site")]),
            ("site", vec![host, ("sec-fetch-site", "none")]),
            (
                "destination",
                vec![host, ("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "script")],
            ),
            (
                "destination",
                vec![host, ("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "document")],
            ),
            ("unnamed", vec![host]),
        ] {
            assert_eq!(check(None, &headers), Err(code.to_owned()), "{headers:?}");
        }
    }

    #[test]
    fn with_a_token_nothing_else_will_do() {
        let page = [("host", "baton.example"), ("origin", "https://baton.example")];
        let with = |more: &[(&'static str, &'static str)]| {
            check(Some(GOOD), &[page.as_slice(), more].concat())
        };
        assert_eq!(with(&[]), Err("no_token".to_owned()));
        assert_eq!(with(&[("x-baton-token", "0123456789abcdeg")]), Err("token".to_owned()));
        assert_eq!(with(&[("x-baton-token", "0123456789abcde")]), Err("token".to_owned()));
        assert_eq!(with(&[("x-baton-token", "")]), Err("token".to_owned()));
        let twice = [("x-baton-token", GOOD), ("x-baton-token", "other-other-other")];
        assert_eq!(with(&twice), Err("token".to_owned()));
        let foreign = [("host", "baton.example"), ("origin", "https://evil.example")];
        let stolen = [foreign.as_slice(), &[("x-baton-token", GOOD)]].concat();
        assert_eq!(check(Some(GOOD), &stolen), Err("origin".to_owned()));
    }
}
