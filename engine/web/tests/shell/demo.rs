//! The demo's transport, with a machine that is written here.

use std::time::Duration;

use baton_engine::id::CallId;
use baton_engine::protocol::{Answer, Body, Call, HttpRequest, HttpResponse, Transport};
use baton_engine::store::{Row, Table};
use baton_engine::time::Timestamp;
use baton_engine::verify::Diagnosis;
use baton_engine_web::demo::{DemoOutcome, DemoPipeline};
use js_sys::JSON;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Page;

/// Answers with what it was told so far.
const MACHINE: &str = "async (seed) => {
    const told = [seed];
    return {
        replay: (kept, now) => { told.push(kept, now); return '{}'; },
        handle: (request, now) => {
            const { url, method } = JSON.parse(request);
            if (url === 'demo://throw') throw new RangeError('no such thing');
            if (url === 'demo://hang') return '{\"hang\":true}';
            const accepted = method === 'POST';
            return JSON.stringify({ status: 202, headers: [['x-now', String(now)]], body: told.join(' '), accepted });
        },
    };
}";

fn call(method: &str, url: &str, body_limit: u64) -> Call {
    let request = HttpRequest { method: method.into(), url: url.into(), ..HttpRequest::default() };
    let (call, timeout) = (CallId(1), Duration::from_secs(10));
    Call { call, transport: Transport::Demo, request, timeout, body_limit }
}

fn now() -> Timestamp {
    Timestamp::from_ms(99)
}

fn kept(key: &str, value: &str) -> Row {
    Row { table: Table::Kept, key: key.into(), value: value.into() }
}

fn answered(body: Body) -> Answer {
    let headers = vec![("x-now".into(), "99".into())];
    Answer::Response(HttpResponse { status: 202, headers, body, redirected_to: None, hidden: None })
}

#[wasm_bindgen_test]
async fn history_is_replayed_in_its_order_before_the_first_request() {
    let page = Page::new().with("demo", MACHINE);
    let rows = [
        kept("a/0/1", r#"{"request":{},"at_ms":20}"#),
        kept("b/0/1", "no JSON"),
        kept("c/0/1", r#"{"request":{},"at_ms":3}"#),
        Row { table: Table::Runs, key: "r".into(), value: r#"{"at_ms":1}"#.into() },
    ];
    let demo = DemoPipeline::new(page.host.clone(), "seed", &rows);
    let want = r#"seed [{"request":{},"at_ms":3},{"request":{},"at_ms":20}] 99"#;
    for _ in 0..2 {
        let got = demo.exchange(&call("GET", "demo://x", 1000), now()).await;
        assert_eq!(got, DemoOutcome::Answered(answered(Body::Text(want.into())), None));
    }
    let got = demo.exchange(&call("GET", "demo://x", 3), now()).await;
    assert_eq!(got, DemoOutcome::Answered(answered(Body::TooLarge), None));
}

#[wasm_bindgen_test]
async fn an_accepted_request_is_kept_with_its_instant() {
    let page = Page::new().with("demo", MACHINE);
    let demo = DemoPipeline::new(page.host.clone(), "seed", &[]);
    let got = demo.exchange(&call("POST", "demo://x", 1000), now()).await;
    let DemoOutcome::Answered(answer, Some(keep)) = got else { panic!("{got:?}") };
    assert_eq!(answer, answered(Body::Text("seed".into())));
    let kept = JSON::parse(&keep).unwrap();
    assert_eq!(js_sys::Reflect::get(&kept, &"at_ms".into()).unwrap(), 99);
    let request = js_sys::Reflect::get(&kept, &"request".into()).unwrap();
    let request = String::from(JSON::stringify(&request).unwrap());
    assert_eq!(request, call("POST", "demo://x", 0).request.to_json());
}

#[wasm_bindgen_test]
async fn a_machine_that_hangs_throws_or_is_not_there() {
    let page = Page::new().with("demo", MACHINE);
    let demo = DemoPipeline::new(page.host.clone(), "seed", &[]);
    assert_eq!(demo.exchange(&call("GET", "demo://hang", 0), now()).await, DemoOutcome::Hangs);
    let thrown = Diagnosis::BadAddress { message: "RangeError: no such thing".into() };
    let got = demo.exchange(&call("GET", "demo://throw", 0), now()).await;
    assert_eq!(got, DemoOutcome::Answered(Answer::NoResponse(thrown), None));

    let late = "(() => { let tries = 0; return async (seed) => { if (tries++ === 0) throw new Error('offline'); \
                return { handle: () => '{\"status\":200}' }; }; })()";
    let page = Page::new().with("demo", late);
    let demo = DemoPipeline::new(page.host.clone(), "seed", &[]);
    let got = demo.exchange(&call("GET", "demo://x", 0), now()).await;
    assert_eq!(got, DemoOutcome::Answered(Answer::NoResponse(Diagnosis::NoAnswer), None));
    let got = demo.exchange(&call("GET", "demo://x", 0), now()).await;
    assert!(
        matches!(got, DemoOutcome::Answered(Answer::Response(_), None)),
        "loaded by the next attempt"
    );
}
