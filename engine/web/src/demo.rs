//! Answers `demo:` addresses from the pipeline's own wasm module, without any network. Knows nothing
//! of the pipeline: the module is loaded when the first such request is sent.
//!
//! The machine's state is a function of its seed and the requests it accepted. Those are kept with
//! their attempts, and replayed into the machine when it is loaded again.

use std::cell::RefCell;

use baton_engine::json;
use baton_engine::json::Value;
use baton_engine::protocol::{Answer, Body, Call, HttpResponse};
use baton_engine::store::{Row, Table};
use baton_engine::time::Timestamp;
use baton_engine::verify::Diagnosis;
use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::Host;
use crate::browser::words;

#[wasm_bindgen]
extern "C" {
    /// The pipeline's machine, as `pipeline_web.js` exports it.
    pub type Demo;
    #[wasm_bindgen(method, catch)]
    fn handle(this: &Demo, request: &str, now_ms: f64) -> Result<String, JsValue>;
    /// Begins anew from a list of kept requests.
    #[wasm_bindgen(method, catch)]
    fn replay(this: &Demo, kept: &str, now_ms: f64) -> Result<JsValue, JsValue>;
}

/// What the machine makes of a request. What it leaves out is empty, or false.
#[derive(Default)]
struct Handled {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    /// It never answers.
    hang: bool,
    /// It has to be remembered.
    accepted: bool,
}

/// What became of a request to the demo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DemoOutcome {
    /// It was answered, and this is to be kept.
    Answered(Answer, Option<String>),
    /// It never will be.
    Hangs,
}

/// The demo pipeline of one engine.
#[derive(Debug)]
pub struct DemoPipeline {
    host: Host,
    seed: String,
    loading: RefCell<Option<Promise>>,
    /// What is replayed once the machine is there: a JSON list.
    kept: RefCell<Option<String>>,
}

impl DemoPipeline {
    /// A pipeline that is not loaded yet, and remembers what `rows` of [`Table::Kept`] say.
    pub fn new(host: Host, seed: &str, rows: &[Row]) -> Self {
        let kept = RefCell::new(in_order(rows));
        Self { host, seed: seed.to_owned(), loading: RefCell::default(), kept }
    }

    /// Hands a request to the machine at `now`.
    pub async fn exchange(&self, call: &Call, now: Timestamp) -> DemoOutcome {
        let Ok(demo) = self.loaded(now).await else {
            // The module could not be fetched; the next attempt tries again.
            return DemoOutcome::Answered(Answer::NoResponse(Diagnosis::NoAnswer), None);
        };
        hand_over(&demo, call, now).unwrap_or_else(|message| {
            let diagnosis = Diagnosis::BadAddress { message };
            DemoOutcome::Answered(Answer::NoResponse(diagnosis), None)
        })
    }

    async fn loaded(&self, now: Timestamp) -> Result<Demo, JsValue> {
        let loading =
            self.loading.borrow_mut().get_or_insert_with(|| self.host.demo(&self.seed)).clone();
        let demo: Demo = match JsFuture::from(loading).await {
            Ok(demo) => demo.unchecked_into(),
            Err(thrown) => {
                self.loading.take();
                return Err(thrown);
            }
        };
        // Nothing is awaited from here on, so no request can come before its history.
        if let Some(kept) = self.kept.take() {
            // What the machine can't read is of another version; it then begins empty, and says so.
            let _report = demo.replay(&kept, number(now));
        }
        Ok(demo)
    }
}

/// The kept requests in the order in which they were accepted; none if there are none.
fn in_order(rows: &[Row]) -> Option<String> {
    let mut kept: Vec<(i64, &str)> = Vec::new();
    for row in rows.iter().filter(|row| row.table == Table::Kept) {
        // A row that can't be read is of another version, or another executor's.
        if let Some(at_ms) = kept_at(&row.value) {
            let place = kept.partition_point(|(before, _)| *before <= at_ms);
            kept.insert(place, (at_ms, &row.value));
        }
    }
    let list: Vec<&str> = kept.into_iter().map(|(_, value)| value).collect();
    (!list.is_empty()).then(|| ["[", &list.join(","), "]"].concat())
}

/// When a kept request was accepted; the machine reads the rest.
fn kept_at(kept: &str) -> Option<i64> {
    let kept = json::parse(kept).ok()?;
    kept.get("at_ms")?.as_i64()
}

fn hand_over(demo: &Demo, call: &Call, now: Timestamp) -> Result<DemoOutcome, String> {
    let request = call.request.to_json();
    let handled = demo.handle(&request, number(now)).map_err(|thrown| words(&thrown))?;
    let handled = Handled::read(&handled)?;
    if handled.hang {
        return Ok(DemoOutcome::Hangs);
    }
    let keep =
        handled.accepted.then(|| format!(r#"{{"request":{request},"at_ms":{}}}"#, now.as_ms()));
    let fits = u64::try_from(handled.body.len()).is_ok_and(|length| length <= call.body_limit);
    let answer = Answer::Response(HttpResponse {
        status: handled.status,
        headers: handled.headers,
        body: if fits { Body::Text(handled.body) } else { Body::TooLarge },
        redirected_to: None,
        hidden: None,
    });
    Ok(DemoOutcome::Answered(answer, keep))
}

impl Handled {
    /// Reads the machine's words; what is of another type than agreed is an error.
    fn read(text: &str) -> Result<Self, String> {
        let tree = json::parse(text).map_err(|error| error.to_string())?;
        let Value::Object(members) = tree else {
            return Err("the demo pipeline answered no object".into());
        };
        let mut handled = Self::default();
        for (key, value) in &members {
            let read = match key.as_str() {
                "status" => status(value).map(|status| handled.status = status),
                "headers" => headers(value).map(|headers| handled.headers = headers),
                "body" => value.as_str().map(|body| body.clone_into(&mut handled.body)),
                "hang" => value.as_bool().map(|hang| handled.hang = hang),
                "accepted" => value.as_bool().map(|accepted| handled.accepted = accepted),
                _ => Some(()),
            };
            read.ok_or_else(|| format!("the demo pipeline's `{key}` can't be read"))?;
        }
        Ok(handled)
    }
}

fn status(value: &Value) -> Option<u16> {
    value.as_u64()?.try_into().ok()
}

/// A list of pairs of a name and a value.
fn headers(value: &Value) -> Option<Vec<(String, String)>> {
    let pair = |pair: &Value| match pair.as_array()?.as_slice() {
        [name, value] => Some((name.as_str()?.to_owned(), value.as_str()?.to_owned())),
        _ => None,
    };
    value.as_array()?.iter().map(pair).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a JavaScript number holds 285,000 years of milliseconds"
)]
fn number(now: Timestamp) -> f64 {
    now.as_ms() as f64
}
