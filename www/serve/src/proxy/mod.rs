//! An allowlisted proxy on the page's own origin, for systems that a browser cannot reach by CORS.
//!
//! Passes a request on to one of the upstreams that its [`Config`] lists, by the methods and below the paths that are
//! listed there, with secrets that the page never sees. Never an open relay: follows no redirect, connects to no
//! private address that is not listed, and answers nobody but the page of this server.
//!
//! Start at [`Proxy::new`], and at `forward` for the way of a request. `path`, `address`, `access` and `headers`
//! decide, without doing anything.
//!
//! # What a page does
//!
//! All by `fetch`, to its own origin, `credentials` as they like (cookies go no further). If the proxy has a token,
//! each request carries it in the header [`TOKEN_HEADER`]; the person types it once, and it is a secret of theirs.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /proxy/` | `{"version": 1, "token_header": "x-baton-token", "upstreams": [{"name", "base", "paths", "methods", "request_headers", "response_headers", "timeout_ms", "max_request_bytes", "max_response_bytes"}]}` |
//! | `ANY /proxy/NAME/path?query` | what `base` + `/path?query` answers |
//!
//! A stage keeps the address that it means, `https://matomo.example/index.php?..`; with `transport: "proxy"` the page
//! takes the upstream with the longest `base` that the address begins with (followed by `/`, `?` or its end) and puts
//! `/proxy/NAME` in the place of the base. Where no proxy runs, `GET /proxy/` has no header [`OUTCOME_HEADER`].
//!
//! That header says whose answer it is: `upstream`, `list`, or the code of a refusal, such as `origin` or `slow`. A
//! refusal is JSON, `{"error": sentence, "error_zh": sentence, "code": code}`. Statuses: 400 a request that could be
//! read in two ways; 403 who asks, a path that is not listed, or an address that is not; 404 no such upstream; 405
//! method; 408, 413, 414 the request is slow, large, long; 502 the upstream is unreachable, redirects
//! ([`UPSTREAM_STATUS_HEADER`] has its status), or its answer is too large; 503 too many under way; 504 slow.
//!
//! [`WITHHELD_HEADER`] names the headers of the answer that were left out: a check on one of them says "hidden", not
//! "missing". An answer longer than 256 kB is passed on as it comes. If it then goes beyond its size or time, its
//! status has been sent: the connection breaks, `fetch` rejects, and the log has the reason.
//!
//! A secret that the upstream echoes, in headers or body, is covered by stars, also percent-encoded and in base64;
//! answers that are compressed unasked are refused where there is a secret. An upstream that changes it in some other
//! way before it echoes it will show it: give the proxy a secret with the least rights that do.

mod access;
mod address;
mod body;
mod config;
mod exchange;
mod forward;
mod headers;
mod list;
mod log;
mod path;
mod ready;
mod refusal;
mod resolve;
mod secret;
mod words;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::any;
use tokio::sync::Semaphore;

pub use config::{Config, ConfigError};
pub use log::Log;
pub use resolve::{Addresses, Resolve, System};

use ready::Ready;

/// The request header in which the page sends the proxy's token.
pub const TOKEN_HEADER: &str = "x-baton-token";
/// Whose answer it is: `upstream`, `list`, or the code of a refusal.
pub const OUTCOME_HEADER: &str = "x-baton-proxy";
/// The names of the upstream's headers that were left out.
pub const WITHHELD_HEADER: &str = "x-baton-withheld";
/// The status of a redirect that was not followed.
pub const UPSTREAM_STATUS_HEADER: &str = "x-baton-upstream-status";

const PREFIX: &str = "/proxy";
/// Far more than a page polls at once; beyond, one is asked to try again.
const MAX_UNDER_WAY: usize = 64;

/// The proxy, ready to answer.
#[derive(Clone)]
pub struct Proxy(Arc<Shared>);

struct Shared {
    ready: Ready,
    resolver: Box<dyn Resolve>,
    log: Log,
    under_way: Arc<Semaphore>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.0.ready.upstreams.keys()).finish()
    }
}

impl Proxy {
    /// For a server that listens at `listening`. Reads the secrets that `config` names.
    ///
    /// # Errors
    /// When a secret cannot be read, or the config is not safe at that address.
    pub fn new(
        config: Config,
        listening: SocketAddr,
        resolver: impl Resolve + 'static,
        log: Log,
    ) -> Result<Self, ConfigError> {
        Ok(Self(Arc::new(Shared {
            ready: Ready::new(config, listening)?,
            resolver: Box::new(resolver),
            log,
            under_way: Arc::new(Semaphore::new(MAX_UNDER_WAY)),
        })))
    }

    /// Answers what is below `/proxy/`; `site` answers the rest.
    pub fn before(self, site: Router) -> Router {
        let answer = any(async |State(Self(shared)): State<Self>, request: Request| {
            forward::answer(&shared, request).await
        });
        Router::new()
            .route("/proxy", answer.clone())
            .route("/proxy/", answer.clone())
            .route("/proxy/{*below}", answer)
            .with_state(self)
            .fallback_service(site)
    }
}
