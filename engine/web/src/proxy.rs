//! The way through the proxy on the page's own server, for systems that don't allow this origin. Judges
//! nothing; `www/serve/src/proxy/mod.rs` has the other side.
//!
//! Where to start: [`Proxy::exchange`]. The token is kept here alone: it is in no record.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::json::{self, Value};
use baton_engine::protocol::{Answer, Body, Call, Hidden, HttpRequest, HttpResponse};
use baton_engine::verify::Diagnosis;
use baton_engine::verify::diagnosis::{HEADER, NO_PROXY, NOT_LISTED, SILENT};
use web_sys::{AbortSignal, RequestCredentials};

use crate::browser::scope;
use crate::diagnosis::address;
use crate::fetch::{answered, header, prepare};

/// Whose answer it is: `upstream`, `list`, or the code of a refusal.
const OUTCOME: &str = "x-baton-proxy";
const WITHHELD: &str = "x-baton-withheld";
const TOKEN: &str = "x-baton-token";
/// The largest list of upstreams that is read, in bytes.
const LIST_LIMIT: u64 = 1_000_000;

/// What the proxy passes on whatever its config says. Source: `www/serve/src/proxy/headers.rs`.
const PASSED: [&str; 3] = ["accept", "accept-language", "content-type"];
/// What the proxy answers with about itself, and never passes on.
const ITS_OWN: [&str; 9] = [
    OUTCOME,
    WITHHELD,
    "cache-control",
    "content-disposition",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "referrer-policy",
    "x-content-type-options",
];

/// The proxy of the page's own server, as far as it is known.
#[derive(Default)]
pub struct Proxy {
    token: RefCell<Option<String>>,
    /// What `GET /proxy/` answered.
    list: RefCell<Option<Rc<Value>>>,
}

/// Without its token.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proxy")
    }
}

impl Proxy {
    /// Takes the token that its user entered; an empty one is none.
    pub fn set_token(&self, token: String) {
        self.token.replace((!token.is_empty()).then_some(token));
    }

    /// Sends a request through the proxy and reads its answer, unless `signal` gives it up first.
    pub async fn exchange(&self, call: &Call, signal: &AbortSignal) -> Answer {
        let exchanged = self.passed_on(call, signal).await;
        exchanged.map_or_else(Answer::NoResponse, Answer::Response)
    }

    async fn passed_on(
        &self,
        call: &Call,
        signal: &AbortSignal,
    ) -> Result<HttpResponse, Diagnosis> {
        let url = address(&call.request)?;
        let href = url.href();
        let address = href.split('#').next().unwrap_or_default();
        let list = self.listed_for(address, signal).await?;
        let (upstream, rest) =
            nearest(&list, address).ok_or_else(|| fault(NOT_LISTED, vec![url.origin()]))?;
        if let Some((name, _)) =
            call.request.headers.iter().find(|(name, _)| !passes(upstream, name))
        {
            return Err(fault(HEADER, vec![name.clone(), name_of(upstream).to_owned()]));
        }
        let request = HttpRequest {
            url: [&own("/proxy/"), name_of(upstream), rest].concat(),
            ..call.request.clone()
        };
        let response = self.fetched(request, call.body_limit, signal).await?;
        match outcome(&response) {
            Some("upstream") => Ok(upstreams_own(response)),
            _ => Err(self.refused(&response)),
        }
    }

    /// The upstreams. A list that doesn't have this address is read anew: it may have grown.
    async fn listed_for(
        &self,
        address: &str,
        signal: &AbortSignal,
    ) -> Result<Rc<Value>, Diagnosis> {
        let known = self.list.borrow().clone();
        if let Some(known) = known
            && nearest(&known, address).is_some()
        {
            return Ok(known);
        }
        let request =
            HttpRequest { method: "GET".into(), url: own("/proxy/"), ..HttpRequest::default() };
        let response = self.fetched(request, LIST_LIMIT, signal).await?;
        if outcome(&response) != Some("list") {
            return Err(self.refused(&response));
        }
        let list = Rc::new(tree(&response).unwrap_or(Value::Null));
        self.list.replace(Some(Rc::clone(&list)));
        Ok(list)
    }

    async fn fetched(
        &self,
        mut request: HttpRequest,
        limit: u64,
        signal: &AbortSignal,
    ) -> Result<HttpResponse, Diagnosis> {
        if let Some(token) = &*self.token.borrow() {
            request.headers.push((TOKEN.into(), token.clone()));
        }
        // Cookies are for whatever stands before the page's own server: the proxy passes none on.
        let request = prepare(&request, RequestCredentials::SameOrigin, signal);
        let Ok(request) = request else { return Err(fault(SILENT, Vec::new())) };
        answered(&request, limit).await.map_err(|_| {
            if scope().navigator().on_line() {
                fault(SILENT, Vec::new())
            } else {
                Diagnosis::Offline
            }
        })
    }

    /// Why the proxy did not pass a request on.
    fn refused(&self, response: &HttpResponse) -> Diagnosis {
        self.list.take();
        let Some(code) = outcome(response) else {
            // Without its header another server answers in its place: there is none, or it is down.
            let code = if response.status < 500 { NO_PROXY } else { SILENT };
            return fault(code, Vec::new());
        };
        let tree = tree(response);
        let said = |key: &str| {
            let said = tree.as_ref().and_then(|tree| tree.get(key)).and_then(Value::as_str);
            said.unwrap_or(code).to_owned()
        };
        fault(code, vec![said("error"), said("error_zh")])
    }
}

fn fault(code: &str, about: Vec<String>) -> Diagnosis {
    Diagnosis::Proxy { code: code.to_owned(), about }
}

/// An address of the page's own server.
fn own(path: &str) -> String {
    [&scope().origin(), path].concat()
}

fn outcome(response: &HttpResponse) -> Option<&str> {
    header(&response.headers, OUTCOME)
}

/// What the upstream said, without what the proxy says of itself.
fn upstreams_own(mut response: HttpResponse) -> HttpResponse {
    let withheld: Vec<String> = header(&response.headers, WITHHELD)
        .into_iter()
        .flat_map(|names| names.split(','))
        .map(|name| name.trim_ascii().to_owned())
        .collect();
    response.hidden = (!withheld.is_empty()).then_some(Hidden::Withheld(withheld));
    response.headers.retain(|(name, _)| !ITS_OWN.contains(&name.as_str()));
    response
}

fn tree(response: &HttpResponse) -> Option<Value> {
    match &response.body {
        Body::Text(text) => json::parse(text).ok(),
        Body::TooLarge => None,
    }
}

/// The upstream with the longest base that the address begins with, and what comes after that.
fn nearest<'a, 'b>(list: &'a Value, address: &'b str) -> Option<(&'a Value, &'b str)> {
    let mut nearest: Option<(&Value, &str)> = None;
    for upstream in list.get("upstreams")?.as_array()? {
        let base = upstream.get("base").and_then(Value::as_str);
        let Some(rest) = base.and_then(|base| address.strip_prefix(base)) else { continue };
        let fits = rest.is_empty() || rest.starts_with('/') || rest.starts_with('?');
        if fits && nearest.is_none_or(|(_, other)| rest.len() < other.len()) {
            nearest = Some((upstream, rest));
        }
    }
    nearest
}

fn name_of(upstream: &Value) -> &str {
    upstream.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// Whether the proxy passes a header on to an upstream.
fn passes(upstream: &Value, name: &str) -> bool {
    let listed = upstream.get("request_headers").and_then(Value::as_array);
    let mut listed = listed.into_iter().flatten().filter_map(Value::as_str);
    PASSED.iter().any(|passed| passed.eq_ignore_ascii_case(name))
        || listed.any(|passed| passed.eq_ignore_ascii_case(name))
}
