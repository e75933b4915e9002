//! The way through the proxy on the page's own server, for systems that don't allow this origin. Judges
//! nothing; `www/serve/src/proxy/mod.rs` has the other side.
//!
//! Where to start: [`Proxy::exchange`]. The token is kept here alone: it is in no record.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::json::{self, Value};
use baton_engine::protocol::{Answer, Body, Call, Hidden, HttpRequest, HttpResponse};
use baton_engine::verify::Diagnosis;
use web_sys::{AbortSignal, RequestCredentials, Url};

use crate::browser::scope;
use crate::diagnosis::address;
use crate::fetch::{answered, prepare};

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
    upstreams: RefCell<Option<Rc<Vec<Upstream>>>>,
}

/// Without its token.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proxy")
    }
}

/// A system that the proxy passes requests on to.
#[derive(Default)]
struct Upstream {
    name: String,
    base: String,
    /// Which headers it takes beside those that always pass.
    headers: Vec<String>,
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
        let upstreams = self.listed_for(address, signal).await?;
        let (upstream, rest) = nearest(&upstreams, address)
            .ok_or_else(|| Diagnosis::NoUpstream { target: url.origin() })?;
        let dropped = |name: &str| {
            let name = name.to_ascii_lowercase();
            !PASSED.contains(&name.as_str()) && !upstream.headers.contains(&name)
        };
        if let Some((name, _)) = call.request.headers.iter().find(|(name, _)| dropped(name)) {
            let (name, upstream) = (name.clone(), upstream.name.clone());
            return Err(Diagnosis::ProxyHeader { name, upstream });
        }
        let request = HttpRequest {
            url: [&own("/proxy/"), &upstream.name, rest].concat(),
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
    ) -> Result<Rc<Vec<Upstream>>, Diagnosis> {
        let known = self.upstreams.borrow().clone();
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
        let list = Rc::new(read_list(&response.body).unwrap_or_default());
        self.upstreams.replace(Some(Rc::clone(&list)));
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
        let Ok(request) = request else { return Err(Diagnosis::ProxySilent) };
        answered(&request, limit).await.map_err(|_| {
            if scope().navigator().on_line() { Diagnosis::ProxySilent } else { Diagnosis::Offline }
        })
    }

    /// Why the proxy did not pass a request on.
    fn refused(&self, response: &HttpResponse) -> Diagnosis {
        self.upstreams.take();
        let code = match outcome(response) {
            None if response.status < 500 => return Diagnosis::NoProxy,
            // Another server stands before it.
            None => return Diagnosis::ProxySilent,
            Some("no_token") => return Diagnosis::ProxyToken { given: false },
            Some("token") => return Diagnosis::ProxyToken { given: true },
            Some(code) => code.to_owned(),
        };
        let tree = match &response.body {
            Body::Text(text) => json::parse(text).ok(),
            Body::TooLarge => None,
        };
        let said = |key: &str| {
            let said = tree.as_ref().and_then(|tree| tree.get(key)).and_then(Value::as_str);
            said.unwrap_or(&code).to_owned()
        };
        Diagnosis::ProxyRefused { en: said("error"), zh: said("error_zh"), code }
    }
}

/// An address of the page's own server.
fn own(path: &str) -> String {
    [&scope().origin(), path].concat()
}

fn outcome(response: &HttpResponse) -> Option<&str> {
    header(response, OUTCOME)
}

fn header<'a>(response: &'a HttpResponse, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What the upstream said, without what the proxy says of itself.
fn upstreams_own(mut response: HttpResponse) -> HttpResponse {
    let withheld: Vec<String> = header(&response, WITHHELD)
        .into_iter()
        .flat_map(|names| names.split(','))
        .map(|name| name.trim().to_owned())
        .collect();
    response.hidden = (!withheld.is_empty()).then_some(Hidden::Withheld(withheld));
    response.headers.retain(|(name, _)| !ITS_OWN.contains(&name.as_str()));
    response
}

/// The upstream with the longest base that the address begins with, and what comes after that.
fn nearest<'a, 'b>(upstreams: &'a [Upstream], address: &'b str) -> Option<(&'a Upstream, &'b str)> {
    let fitting = upstreams.iter().filter_map(|upstream| {
        let rest = address.strip_prefix(&upstream.base)?;
        (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((upstream, rest))
    });
    fitting.max_by_key(|(upstream, _)| upstream.base.len())
}

/// The list as `GET /proxy/` answers it.
fn read_list(body: &Body) -> Option<Vec<Upstream>> {
    let Body::Text(text) = body else { return None };
    let tree = json::parse(text).ok()?;
    tree.get("upstreams")?.as_array()?.iter().map(read_upstream).collect()
}

fn read_upstream(value: &Value) -> Option<Upstream> {
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    let headers = value.get("request_headers")?.as_array()?.iter();
    // As the browser writes it, so that addresses can be compared.
    let base = Url::new(&text("base")?).ok()?.href();
    Some(Upstream {
        name: text("name")?,
        base: base.trim_end_matches('/').to_owned(),
        headers: headers.filter_map(|name| name.as_str().map(str::to_ascii_lowercase)).collect(),
    })
}
