//! What a request comes to. Every address is the test server's own, or leads nowhere.

use std::time::Duration;

use baton_engine::id::CallId;
use baton_engine::protocol::{Answer, Body, Call, HttpRequest, HttpResponse, Transport};
use baton_engine::verify::{Diagnosis, diagnosis};
use baton_engine_web::diagnosis::{
    before_sending, is_forbidden, is_mixed, needs_preflight, permission,
};
use baton_engine_web::fetch::{AbortOnDrop, Network};
use baton_engine_web::proxy::Proxy;
use js_sys::Reflect;
use wasm_bindgen_test::wasm_bindgen_test;

fn request(url: &str) -> HttpRequest {
    HttpRequest { method: "GET".into(), url: url.into(), ..HttpRequest::default() }
}

fn call(request: HttpRequest, body_limit: u64) -> Call {
    let (call, timeout) = (CallId(1), Duration::from_secs(10));
    Call { call, transport: Transport::Direct, request, timeout, body_limit }
}

async fn send(request: HttpRequest, body_limit: u64) -> Answer {
    let abort = AbortOnDrop::new().unwrap();
    Network::default().exchange(&call(request, body_limit), &abort.signal()).await
}

async fn response(request: HttpRequest, body_limit: u64) -> HttpResponse {
    match send(request, body_limit).await {
        Answer::Response(response) => response,
        other @ (Answer::NoResponse(_) | Answer::Timeout) => panic!("{other:?}"),
    }
}

/// The test server's origin.
fn origin() -> String {
    Reflect::get(&js_sys::global(), &"origin".into()).unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn an_answer_has_its_status_headers_and_body() {
    let found = response(request(&origin()), 1_000_000).await;
    assert_eq!(found.status, 200);
    assert!(
        found.headers.iter().any(|(name, value)| name == "content-type" && value.contains("html"))
    );
    assert!(matches!(found.body, Body::Text(text) if text.contains("<html")));
    assert_eq!(found.redirected_to, None);
    let missing = response(request(&(origin() + "/there-is-no-such-file")), 1_000_000).await;
    assert_eq!(missing.status, 404);
}

#[wasm_bindgen_test]
async fn a_body_is_read_up_to_its_limit() {
    let Body::Text(text) = response(request(&origin()), 1_000_000).await.body else {
        panic!("too large")
    };
    let length = text.len() as u64;
    assert_eq!(response(request(&origin()), length).await.body, Body::Text(text));
    assert_eq!(response(request(&origin()), length - 1).await.body, Body::TooLarge);
    assert_eq!(response(request(&origin()), 0).await.body, Body::TooLarge);
}

#[wasm_bindgen_test]
async fn a_head_has_no_body() {
    let head = HttpRequest { method: "HEAD".into(), ..request(&origin()) };
    assert_eq!(response(head, 0).await.body, Body::Text(String::new()));
}

#[wasm_bindgen_test]
async fn a_bad_address_is_known_before_sending() {
    for url in [
        "",
        "no address",
        "http://",
        "ftp://127.0.0.1/",
        "demo://x/",
        "http://user:word@127.0.0.1/",
    ] {
        let answer = send(request(url), 0).await;
        assert!(
            matches!(answer, Answer::NoResponse(Diagnosis::BadAddress { .. })),
            "{url}: {answer:?}"
        );
    }
    let with_body = HttpRequest { body: Some("x".into()), ..request(&origin()) };
    let answer = send(with_body, 0).await;
    assert!(
        matches!(answer, Answer::NoResponse(Diagnosis::BadAddress { message }) if message.contains("body"))
    );
}

#[wasm_bindgen_test]
async fn a_forbidden_header_is_named_before_sending() {
    let headers = vec![("x-fine".into(), "1".into()), ("Cookie".into(), "a=b".into())];
    let answer = send(HttpRequest { headers, ..request(&origin()) }, 0).await;
    assert_eq!(answer, Answer::NoResponse(Diagnosis::ForbiddenHeader { name: "Cookie".into() }));
}

#[wasm_bindgen_test]
fn forbidden_headers_are_those_of_the_standard() {
    let check = |name, value, forbidden| {
        assert_eq!(is_forbidden(name, value), forbidden, "{name}: {value}");
    };
    check("Host", "a", true);
    check("sec-fetch-mode", "cors", true);
    check("PROXY-authorization", "a", true);
    check("x-http-method-override", "GET, trace", true);
    check("x-http-method-override", "PATCH", false);
    check("authorization", "Bearer a", false);
    check("user-agent", "a", false);
    check("second", "a", false);
}

#[wasm_bindgen_test]
fn what_needs_a_preflight_is_as_the_standard_says() {
    let check = |name, value, needed| {
        assert_eq!(needs_preflight(name, value), needed, "{name}: {value}");
    };
    check("accept", "application/json, */*;q=0.8", false);
    check("accept", "a{", true);
    check("accept-language", "zh-CN,en;q=0.8", false);
    check("accept-language", "a/b", true);
    check("content-type", "Text/plain;charset=utf-8", false);
    check("content-type", "application/x-www-form-urlencoded", false);
    check("content-type", "application/json", true);
    let long = ["text/plain;", &"a".repeat(128)].concat();
    assert!(needs_preflight("content-type", &long));
    check("authorization", "Bearer a", true);
    let headers = ["X-B", "Accept", "authorization", "x-b"];
    let headers = headers.map(|name| (name.to_owned(), "1".to_owned())).to_vec();
    let put = HttpRequest { method: "PUT".into(), headers, ..request("http://h:9200/a") };
    let wanted = permission(&put);
    assert_eq!(wanted.headers, ["x-b", "authorization"]);
    let get = permission(&request("http://h/a?token=x#y"));
    assert_eq!((get.target.as_str(), get.headers), ("http://h/a", vec![]));
}

#[wasm_bindgen_test]
async fn a_server_without_a_proxy_is_told_from_one_that_is_down() {
    let abort = AbortOnDrop::new().unwrap();
    let asked = call(request("http://b.example/"), 0);
    let answer = Proxy::default().exchange(&asked, &abort.signal()).await;
    let missing = Diagnosis::Proxy { code: diagnosis::NO_PROXY.into(), about: Vec::new() };
    assert_eq!(answer, Answer::NoResponse(missing));
}

#[wasm_bindgen_test]
fn mixed_content_is_said_only_where_it_is_certain() {
    let check = |origin, protocol, host, mixed| {
        assert_eq!(is_mixed(origin, protocol, host), mixed, "{origin} to {protocol}//{host}");
    };
    let page = "https://a.example";
    check(page, "http:", "b.example", true);
    check(page, "https:", "b.example", false);
    check("http://a.example", "http:", "b.example", false);
    for host in ["localhost", "x.localhost", "127.0.0.1", "[::1]", "192.168.0.1", "printer.local"] {
        check(page, "http:", host, false);
    }
    assert_eq!(
        before_sending(&request("http://b.example/")),
        None,
        "the tests' own page is plain http"
    );
}

#[wasm_bindgen_test]
async fn a_request_that_is_given_up_ends_at_once() {
    let abort = AbortOnDrop::new().unwrap();
    let signal = abort.signal();
    drop(abort);
    let answer = Network::default().exchange(&call(request(&origin()), 0), &signal).await;
    assert_eq!(answer, Answer::NoResponse(Diagnosis::NoAnswer));
}

#[wasm_bindgen_test]
async fn where_nothing_listens_there_is_no_answer() {
    // Port 9 is one that no browser calls: nothing leaves the machine.
    let url = "http://127.0.0.1:9/";
    assert_eq!(send(request(url), 0).await, Answer::NoResponse(Diagnosis::NoAnswer));
    let post = HttpRequest { method: "POST".into(), ..request(url) };
    let unread = Diagnosis::Unread(permission(&post));
    assert_eq!(send(post, 0).await, Answer::NoResponse(unread));
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_allow_us_is_told_from_none() {
    // The same server under its other name is another origin, which it doesn't allow.
    let other = origin().replace("127.0.0.1", "localhost");
    assert_ne!(other, origin());
    let network = Network::default();
    // The test server isolates its pages, unless it is told not to; an isolated page can't probe.
    let isolated = Reflect::get(&js_sys::global(), &"crossOriginIsolated".into()).unwrap();
    let refused = Answer::NoResponse(if isolated.is_truthy() {
        Diagnosis::NoAnswer
    } else {
        Diagnosis::NotAllowed(permission(&request(&other)))
    });
    for _ in 0..2 {
        let abort = AbortOnDrop::new().unwrap();
        assert_eq!(network.exchange(&call(request(&other), 0), &abort.signal()).await, refused);
    }
    let post = HttpRequest { method: "POST".into(), ..request(&other) };
    let abort = AbortOnDrop::new().unwrap();
    let unread = Diagnosis::Unread(permission(&post));
    let answer = network.exchange(&call(post, 0), &abort.signal()).await;
    assert_eq!(answer, Answer::NoResponse(unread), "a POST is never probed");
}
