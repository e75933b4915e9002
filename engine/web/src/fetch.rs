//! Sends a request by the browser and reads its answer. Judges nothing, and never sends twice.
//!
//! Where to start: [`Network::exchange`]. What can be known before sending, and what a failure may
//! mean, is in [`crate::diagnosis`].

use baton_engine::protocol::{Answer, Body, Call, Hidden, HttpRequest, HttpResponse};
use baton_engine::verify::Diagnosis;
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Headers, ReadableStream, ReadableStreamDefaultReader, Request,
    RequestCache, RequestCredentials, RequestInit, Response,
};

use crate::browser::{scope, words};
use crate::diagnosis::{Doctor, before_sending};

/// Gives up a request when it is dropped.
#[derive(Debug)]
pub struct AbortOnDrop(AbortController);

impl AbortOnDrop {
    /// A request that can be given up.
    ///
    /// # Errors
    ///
    /// What the browser threw.
    pub fn new() -> Result<Self, JsValue> {
        AbortController::new().map(Self)
    }

    /// What a request listens to.
    pub fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The way to the network.
#[derive(Debug, Default)]
pub struct Network {
    doctor: Doctor,
}

impl Network {
    /// Sends a request and reads its answer, unless `signal` gives it up first; the answer then means
    /// nothing.
    pub async fn exchange(&self, call: &Call, signal: &AbortSignal) -> Answer {
        if let Some(diagnosis) = before_sending(&call.request) {
            return Answer::NoResponse(diagnosis);
        }
        let credentials = if call.request.with_credentials {
            RequestCredentials::Include
        } else {
            RequestCredentials::Omit
        };
        let request = match prepare(&call.request, credentials, signal) {
            Ok(request) => request,
            Err(thrown) => {
                return Answer::NoResponse(Diagnosis::BadAddress { message: words(&thrown) });
            }
        };
        match answered(&request, call.body_limit).await {
            Ok(response) => {
                self.doctor.answered(&call.request.url);
                Answer::Response(response)
            }
            Err(_says_too_little) => {
                Answer::NoResponse(self.doctor.after_failing(&call.request, signal).await)
            }
        }
    }
}

/// A request as the browser takes it.
pub(crate) fn prepare(
    request: &HttpRequest,
    credentials: RequestCredentials,
    signal: &AbortSignal,
) -> Result<Request, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(&request.method);
    init.set_headers_headers(&headers);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(credentials);
    init.set_signal(Some(signal));
    if let Some(body) = &request.body {
        init.set_body(&JsValue::from_str(body));
    }
    Request::new_with_str_and_init(&request.url, &init)
}

/// Sends a request, and reads its answer.
pub(crate) async fn answered(request: &Request, body_limit: u64) -> Result<HttpResponse, JsValue> {
    let response: Response =
        JsFuture::from(scope().fetch_with_request(request)).await?.unchecked_into();
    let body = match response.body() {
        Some(stream) => read(&stream, body_limit).await?,
        None => Body::Text(String::new()),
    };
    let headers = pairs(&response.headers());
    let hidden = is_partly_shown(&response, &headers).then_some(Hidden::Unexposed);
    Ok(HttpResponse {
        status: response.status(),
        headers,
        body,
        hidden,
        redirected_to: response.redirected().then(|| response.url()),
    })
}

/// Whether the browser hides headers: of another origin's answer all that its server does not expose. One
/// that exposes all shows that too.
fn is_partly_shown(response: &Response, headers: &[(String, String)]) -> bool {
    let exposed = header(headers, "access-control-expose-headers");
    // Read as a text: the enumeration would be code that every page waits for.
    let kind = Reflect::get(response, &JsValue::from_str("type")).ok();
    kind.and_then(|kind| kind.as_string()).as_deref() == Some("cors") && exposed != Some("*")
}

/// The value of a header; its name is in lower case.
pub(crate) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The headers that the browser shows; their names are in lower case already.
fn pairs(headers: &Headers) -> Vec<(String, String)> {
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    Array::from(headers)
        .iter()
        .map(|pair| Array::from(&pair))
        .map(|pair| (text(pair.get(0)), text(pair.get(1))))
        .collect()
}

/// Reads a body chunk by chunk, so that at most one chunk above the limit is ever held.
async fn read(stream: &ReadableStream, limit: u64) -> Result<Body, JsValue> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let reader = ReadableStreamDefaultReader::new(stream)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(&reader).await? {
        let length = chunk.length() as usize;
        if length > limit - bytes.len() {
            // Nobody waits for it: a body that can't be cancelled is dropped with its request.
            let _cancelled = reader.cancel();
            return Ok(Body::TooLarge);
        }
        let filled = bytes.len();
        bytes.resize(filled + length, 0);
        chunk.copy_to(&mut bytes[filled..]);
    }
    Ok(Body::Text(decoded(&bytes)))
}

async fn next_chunk(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let result = JsFuture::from(reader.read()).await?;
    let value = Reflect::get(&result, &JsValue::from_str("value"))?;
    Ok(value.dyn_into().ok())
}

/// Source: Encoding standard, "UTF-8 decode": a byte order mark is dropped, what is wrong replaced.
fn decoded(bytes: &[u8]) -> String {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8_lossy(text).into_owned()
}
