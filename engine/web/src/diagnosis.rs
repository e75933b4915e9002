//! Why a request can't be sent, or was not answered, from the certain to the likely. Claims no more
//! than a browser lets us know.
//!
//! Where to start: [`before_sending`] for what is certain, [`Doctor::after_failing`] for the rest.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::chain::is_forbidden_header;
use baton_engine::protocol::HttpRequest;
use baton_engine::verify::{Diagnosis, Permission};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Request, RequestCache, RequestCredentials, RequestInit, RequestMode,
    SecurityPolicyViolationEvent, SecurityPolicyViolationEventDisposition, Url,
};

use crate::browser::{next_task, scope, words};

/// How many addresses and origins are remembered. Beyond that memory begins anew.
const MAX_REMEMBERED: usize = 256;

/// Headers that are forbidden with some values. Source: Fetch standard, "forbidden request-header".
const OVERRIDING: [&str; 3] = ["x-http-method", "x-http-method-override", "x-method-override"];
const FORBIDDEN_METHODS: [&str; 3] = ["connect", "trace", "track"];

/// What is certain before a request is sent to its address itself.
pub fn before_sending(request: &HttpRequest) -> Option<Diagnosis> {
    match address(request) {
        Ok(url) => is_mixed(&scope().origin(), &url.protocol(), &url.hostname())
            .then_some(Diagnosis::MixedContent),
        Err(diagnosis) => Some(diagnosis),
    }
}

/// The address of a request that a page can send, whatever its way.
///
/// # Errors
///
/// Why none can.
pub(crate) fn address(request: &HttpRequest) -> Result<Url, Diagnosis> {
    let url = Url::new(&request.url)
        .map_err(|thrown| Diagnosis::BadAddress { message: words(&thrown) })?;
    if !matches!(url.protocol().as_str(), "http:" | "https:") {
        let message = "only http and https addresses can be called".to_owned();
        return Err(Diagnosis::BadAddress { message });
    }
    if let Some((name, _)) = request.headers.iter().find(|(name, value)| is_forbidden(name, value))
    {
        return Err(Diagnosis::ForbiddenHeader { name: name.clone() });
    }
    Ok(url)
}

/// Whether a browser drops this header silently.
pub fn is_forbidden(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    is_forbidden_header(&name)
        || (OVERRIDING.contains(&name.as_str())
            && value.split(',').any(|method| {
                FORBIDDEN_METHODS.contains(&method.trim().to_ascii_lowercase().as_str())
            }))
}

/// Whether a page of `origin` certainly may not call this address, for mixed content.
///
/// Only names: a browser trusts loopback, and lets private addresses and `.local` through when its
/// user permits.
pub fn is_mixed(origin: &str, protocol: &str, host: &str) -> bool {
    let literal = host.starts_with('[') || host.ends_with(|c: char| c.is_ascii_digit());
    origin.starts_with("https:")
        && protocol == "http:"
        && !literal
        && !is_loopback(host)
        && host.strip_suffix(".local").is_none()
}

/// Whether this host is the machine itself, which needs no network.
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || host == "[::1]"
}

/// What a server has to allow for a request to be answered.
pub fn permission(request: &HttpRequest) -> Permission {
    let mut headers: Vec<String> = Vec::new();
    for (name, value) in &request.headers {
        let name = name.to_ascii_lowercase();
        if needs_preflight(&name, value) && !headers.contains(&name) {
            headers.push(name);
        }
    }
    Permission {
        origin: scope().origin(),
        target: bare(&request.url),
        method: request.method.clone(),
        headers,
        credentials: request.with_credentials,
    }
}

/// An address without its query and fragment.
fn bare(address: &str) -> String {
    let before = |mark: char, text| str::split(text, mark).next().unwrap_or_default();
    before('?', before('#', address)).to_owned()
}

/// Whether a header, its name in lower case, is sent only after its server has allowed it. Source: Fetch
/// standard, "CORS-safelisted request-header".
pub fn needs_preflight(name: &str, value: &str) -> bool {
    const OF_TOKENS: &[u8] = b" !#$%&'*+-./;=^_`|~,";
    const TYPES: [&str; 3] =
        ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
    let plain = |more: &[u8]| {
        value.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
    };
    let is_simple = match name {
        "accept" => plain(OF_TOKENS),
        "accept-language" | "content-language" => plain(b" *,-.;="),
        "content-type" => {
            let essence = value.split(';').next().unwrap_or_default().trim_ascii();
            plain(OF_TOKENS) && TYPES.iter().any(|simple| essence.eq_ignore_ascii_case(simple))
        }
        _ => false,
    };
    !is_simple || value.len() > 128
}

/// Finds out why requests were not answered.
#[derive(Debug, Default)]
pub(crate) struct Doctor {
    policy: PolicyWatch,
    /// Origins that were reached and don't allow ours. They are asked once; one that was not reached
    /// is asked each time, since it doesn't feel it and may have come up since.
    refusing: RefCell<Vec<String>>,
}

impl Doctor {
    /// An address answered: what was found about its origin is over.
    pub(crate) fn answered(&self, address: &str) {
        if let Ok(url) = Url::new(address) {
            let origin = url.origin();
            self.refusing.borrow_mut().retain(|one| *one != origin);
        }
    }

    /// Why a request was not answered. For a GET this may send one request that reads nothing.
    pub(crate) async fn after_failing(
        &self,
        request: &HttpRequest,
        signal: &AbortSignal,
    ) -> Diagnosis {
        let Ok(url) = Url::new(&request.url) else { return Diagnosis::NoAnswer };
        if signal.aborted() {
            return Diagnosis::NoAnswer;
        }
        if !scope().navigator().on_line() && !is_loopback(&url.hostname()) {
            return Diagnosis::Offline;
        }
        // The browser tells of a violation in a task of its own, after the failure.
        next_task().await;
        if self.policy.forbade(&url) {
            return Diagnosis::OwnPolicy { target: url.origin() };
        }
        let wanted = permission(request);
        // What may change something there is never sent just to find out.
        if request.method != "GET" {
            return Diagnosis::Unread(wanted);
        }
        if self.is_refusing(&url, signal).await {
            return Diagnosis::NotAllowed(wanted);
        }
        Diagnosis::NoAnswer
    }

    async fn is_refusing(&self, url: &Url, signal: &AbortSignal) -> bool {
        let origin = url.origin();
        if self.refusing.borrow().contains(&origin) {
            return true;
        }
        let reached = probe(&url.href(), signal).await;
        if reached {
            remember(&mut self.refusing.borrow_mut(), origin);
        }
        reached
    }
}

/// Whether a server is there at all: `no-cors` resolves for any answer, and shows nothing of it.
async fn probe(address: &str, signal: &AbortSignal) -> bool {
    let init = RequestInit::new();
    init.set_mode(RequestMode::NoCors);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_signal(Some(signal));
    match Request::new_with_str_and_init(address, &init) {
        Ok(request) => JsFuture::from(scope().fetch_with_request(&request)).await.is_ok(),
        Err(_) => false,
    }
}

fn remember(known: &mut Vec<String>, one: String) {
    if known.len() >= MAX_REMEMBERED {
        known.clear();
    }
    if !known.contains(&one) {
        known.push(one);
    }
}

/// Listens for what our own Content-Security-Policy forbids. Dropping it stops listening.
#[derive(Debug)]
struct PolicyWatch {
    forbidden: Rc<RefCell<Vec<String>>>,
    listener: Closure<dyn Fn(SecurityPolicyViolationEvent)>,
}

const VIOLATION: &str = "securitypolicyviolation";

impl PolicyWatch {
    /// Whether the policy forbade this address.
    fn forbade(&self, url: &Url) -> bool {
        let address = url.href();
        // A fragment is not reported.
        let sent = address.split('#').next().unwrap_or_default();
        self.forbidden.borrow().iter().any(|one| one == sent)
    }
}

impl Default for PolicyWatch {
    fn default() -> Self {
        let forbidden = Rc::<RefCell<Vec<String>>>::default();
        let known = Rc::clone(&forbidden);
        let listener = Closure::new(move |event: SecurityPolicyViolationEvent| {
            // A policy may also only report.
            let enforced = event.disposition() == SecurityPolicyViolationEventDisposition::Enforce;
            if enforced && event.effective_directive() == "connect-src" {
                remember(&mut known.borrow_mut(), event.blocked_uri());
            }
        });
        let callback = AsRef::<wasm_bindgen::JsValue>::as_ref(&listener).unchecked_ref();
        // It throws for no argument that is given here.
        let _undefined = scope().add_event_listener_with_callback(VIOLATION, callback);
        Self { forbidden, listener }
    }
}

impl Drop for PolicyWatch {
    fn drop(&mut self) {
        let callback = AsRef::<wasm_bindgen::JsValue>::as_ref(&self.listener).unchecked_ref();
        let _undefined = scope().remove_event_listener_with_callback(VIOLATION, callback);
    }
}
