//! The lower border, between the browser shell and the pure engine.

use std::time::Duration;

use super::{Envelope, Order, Storage};
use crate::chain::BODY_LIMIT;
use crate::form::Text;
use crate::id::{CallId, ClientId, CommitId, LoadId};
use crate::store::{Batch, Row, Table};
use crate::time::Timestamp;
use crate::verify::Diagnosis;
use crate::zone::Zone;

/// How a request is sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Transport {
    /// By the browser, to the address itself.
    Direct,
    /// By the proxy on the page's own server.
    Proxy,
    /// To the demo pipeline inside the worker, without any network.
    Demo,
}

/// An attempt's request and response, as they were.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// What was sent.
    pub request: HttpRequest,
    /// What came back, or why nothing did; none while it is under way or when it was lost.
    pub answer: Option<Answer>,
    /// Whether the body is cut at the limit of what is kept.
    pub cut: bool,
}

/// What the shell tells the engine.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// A command of some user.
    Command(Order),
    /// The outcome of a call.
    Answered {
        /// Which call.
        call: CallId,
        /// What came back, or why nothing did.
        answer: Answer,
        /// What the executor wants to find again after a reload; written with the attempt.
        keep: Option<String>,
    },
    /// A batch is in the store.
    Committed(CommitId),
    /// A batch is not in the store; nothing of it is.
    CommitFailed {
        /// Which batch.
        commit: CommitId,
        /// The store's own words.
        message: String,
    },
    /// Rows that were asked for.
    Loaded {
        /// Which read.
        load: LoadId,
        /// The rows in the order of their keys, or the store's own words.
        rows: Result<Vec<Row>, String>,
    },
    /// A time zone's rules.
    Zone {
        /// Its name, as it was asked for.
        name: String,
        /// Its table; none when there is no such zone.
        zone: Option<Zone>,
    },
    /// A page that was to be watched is gone.
    PageGone(ClientId),
    /// What is new is kept there from now on.
    KeptIn(Storage),
}

/// What the engine asks of the shell.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Write a batch. At most one is under way.
    Commit {
        /// Its id, for the answer.
        commit: CommitId,
        /// What to write.
        batch: Batch,
    },
    /// Send a request.
    Call(Call),
    /// Give up a request that is under way; no answer is needed.
    Abort(CallId),
    /// Read the rows of a table whose keys begin with `prefix`.
    Load {
        /// Its id, for the answer.
        load: LoadId,
        /// Which table.
        table: Table,
        /// How their keys begin.
        prefix: String,
    },
    /// Answer with a time zone's rules, by [`Input::Zone`].
    NeedZone(String),
    /// Say when this page is gone, by [`Input::PageGone`]. Asked for again after it was said.
    Watch(ClientId),
    /// Keep what is new in memory, or in the database again, with all that was kept in memory meanwhile.
    /// Answered by [`Input::KeptIn`]: memory, when the database still can't take it.
    KeepIn(Storage),
    /// Tell every reader.
    Emit(Envelope),
    /// Nothing to do until then, or until the next input.
    Sleep(Option<Timestamp>),
}

/// A request that is to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Its id, for the answer.
    pub call: CallId,
    /// How it is sent.
    pub transport: Transport,
    /// What is sent.
    pub request: HttpRequest,
    /// After how long it is given up: the engine itself aborts it then, by [`Action::Abort`].
    pub timeout: Duration,
    /// The largest body that is read, in bytes.
    pub body_limit: u64,
}

impl Call {
    /// A request that no engine waits for. Who sends it gives it up.
    pub fn besides(transport: Transport, request: HttpRequest) -> Self {
        let (call, timeout) = (CallId::default(), Duration::MAX);
        Self { call, transport, request, timeout, body_limit: BODY_LIMIT }
    }
}

/// A request, with every template filled in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HttpRequest {
    /// GET, HEAD, POST, PUT, PATCH or DELETE.
    pub method: String,
    /// An absolute address: http, https or demo.
    pub url: String,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body, if it has one.
    pub body: Option<String>,
    /// Whether the browser's credentials for that origin are sent.
    pub with_credentials: bool,
}

impl HttpRequest {
    /// The request as JSON text; a body that it doesn't have is left out.
    pub fn to_json(&self) -> String {
        Text::of(self)
    }
}

/// What became of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// A response came.
    Response(HttpResponse),
    /// No response can be read.
    NoResponse(Diagnosis),
    /// No response came in time.
    Timeout,
}

/// The largest body that is kept as evidence, in bytes. What is longer is judged whole and kept cut.
const EVIDENCE_LIMIT: usize = 256 * 1024;

impl Answer {
    /// The answer as JSON text.
    pub fn to_json(&self) -> String {
        Text::of(self)
    }

    /// With its body cut to what is kept as evidence, and whether it was.
    pub(crate) fn cut(mut self) -> (Self, bool) {
        let Self::Response(response) = &mut self else { return (self, false) };
        let cut = match &mut response.body {
            Body::Text(text) if text.len() > EVIDENCE_LIMIT => {
                let end = (0..=EVIDENCE_LIMIT).rev().find(|&at| text.is_char_boundary(at));
                text.truncate(end.unwrap_or(0));
                true
            }
            Body::Text(_) => false,
            Body::TooLarge => true,
        };
        (self, cut)
    }
}

/// A response, as far as a browser shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Header names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// Where a redirect led, if it was redirected.
    pub redirected_to: Option<String>,
    /// Which of its headers are not shown; none when all are.
    pub hidden: Option<Hidden>,
}

impl HttpResponse {
    /// Whether a header that is not among those shown may be there all the same. `name` is in lower case.
    pub fn may_hide(&self, name: &str) -> bool {
        match &self.hidden {
            None => false,
            Some(Hidden::Unexposed) => !SAFELISTED.contains(&name),
            Some(Hidden::Withheld(names)) => names.iter().any(|withheld| withheld == name),
        }
    }
}

/// What a browser shows of an answer from another origin, whatever that allows. Source: Fetch standard,
/// "CORS-safelisted response-header name".
const SAFELISTED: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Which headers of a response are not shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hidden {
    /// Any that its server does not expose to pages of other origins; nobody knows which there are.
    Unexposed,
    /// These, in lower case, which the proxy withheld.
    Withheld(Vec<String>),
}

/// A response's body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// Text, decoded as UTF-8; what is not becomes U+FFFD.
    Text(String),
    /// It is larger than the limit, and was not read to its end.
    TooLarge,
}
