//! What reaches an upstream, and what never does.

use crate::scene::{Scene, json};

async fn scene() -> Scene {
    Scene::new("", json("{}")).await
}

#[tokio::test]
async fn a_listed_path_is_passed_on_as_it_was_written() {
    let scene = scene().await;
    let answer = scene.get("/proxy/up/v1/a%20b/%E6%8A%A5?id=4%262&x=%0d%0a").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
    let seen = scene.seen();
    assert!(
        seen[0].starts_with("GET /v1/a%20b/%E6%8A%A5?id=4%262&x=%0d%0a HTTP/1.1\r\n"),
        "{seen:?}"
    );
    assert!(seen[0].contains(&format!("host: {}\r\n", scene.upstream)), "{seen:?}");
}

#[tokio::test]
async fn path_traversal_in_every_encoding_is_refused() {
    let mut scene = scene().await;
    for (status, code, path) in [
        (400, "path", "/v1/../admin"),
        (400, "path", "/v1/..%2fadmin"),
        (400, "path", "/v1/%2e%2e/admin"),
        (400, "path", "/v1/%2E%2E%2Fadmin"),
        (400, "path", "/v1/%252e%252e/admin"),
        (400, "path", "/v1/..%255cadmin"),
        (400, "path", "/v1/..\\admin"),
        (400, "path", "/v1/..%5cadmin"),
        (400, "path", "/v1/..;/admin"),
        (400, "path", "/v1/%c0%ae%c0%ae/admin"),
        (400, "path", "/v1/%u002e%u002e/admin"),
        (400, "path", "/v1//admin"),
        (400, "path", "//v1/admin"),
        (400, "path", "/v1/./../admin"),
        (400, "path", "/v1/%00"),
        (400, "path", "/v1/http://evil.example/"),
        (403, "path_not_listed", ""),
        (403, "path_not_listed", "/"),
        (403, "path_not_listed", "/v1x"),
        (403, "path_not_listed", "/admin"),
        (403, "path_not_listed", "/http:%3a"),
    ] {
        let answer = scene.get(&format!("/proxy/up{path}")).await;
        scene.refused(&answer, status, code);
    }
    let long = format!("/proxy/up/v1/{}", "a".repeat(9_000));
    scene.refused(&scene.get(&long).await, 414, "too_long");
    let long = format!("/proxy/up/v1?{}", "a".repeat(9_000));
    scene.refused(&scene.get(&long).await, 414, "too_long");
    scene.is_well();
}

#[tokio::test]
async fn the_name_of_an_upstream_cannot_be_dressed() {
    let scene = scene().await;
    for name in
        ["other", "UP", "u%70", "..", "%2e%2e", "up%2fv1", "up;a", "up@evil.example", "[::1]"]
    {
        let answer = scene.get(&format!("/proxy/{name}/v1")).await;
        scene.refused(&answer, 404, "no_upstream");
    }
    // What is not below /proxy/ is a file, or nothing.
    for target in ["/proxyx", "//proxy/up/v1", "/%70roxy/up/v1", "/proxy%2fup/v1", "/./proxy/up/v1"]
    {
        let answer = scene.get(target).await;
        assert_eq!((answer.status, answer.header("x-baton-proxy")), (404, None), "{target}");
    }
    assert!(scene.seen().is_empty());
}

#[tokio::test]
async fn absolute_form_requests_are_refused() {
    let scene = scene().await;
    let proxy = scene.proxy;
    for target in [
        format!("http://{proxy}/proxy/up/v1"),
        "http://evil.example/proxy/up/v1".to_owned(),
        "https://evil.example/proxy/up/v1".to_owned(),
    ] {
        scene.refused(&scene.get(&target).await, 400, "absolute_form");
    }
    for request in [
        format!(
            "CONNECT {} HTTP/1.1\r\nhost: {proxy}\r\nconnection: close\r\n\r\n",
            scene.upstream
        ),
        format!(
            "GET http://{}/v1 HTTP/1.1\r\nhost: {proxy}\r\nconnection: close\r\n\r\n",
            scene.upstream
        ),
    ] {
        let answer = scene.raw(&request).await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }
    assert!(scene.seen().is_empty());
}

#[tokio::test]
async fn only_listed_methods_pass() {
    let scene = scene().await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "PROPFIND", "X"] {
        let answer = scene.ask(method, "/proxy/up/v1", "", "").await;
        scene.refused(&answer, 405, "method");
        assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{method}");
    }
    scene.refused(&scene.ask("POST", "/proxy/", "", "").await, 405, "method");
}

#[tokio::test]
async fn a_method_cannot_be_smuggled() {
    let scene = scene().await;
    for query in ["_method=DELETE", "a=b&%5Fmethod=PUT", "a;_METHOD=PUT"] {
        let answer = scene.get(&format!("/proxy/up/v1?{query}")).await;
        scene.refused(&answer, 400, "method_override");
    }
    let headers =
        "x-http-method-override: DELETE\r\nx-http-method: PUT\r\nx-method-override: PUT\r\n";
    assert_eq!(scene.ask("GET", "/proxy/up/v1", headers, "").await.status, 200);
    assert!(!scene.seen()[0].contains("DELETE") && !scene.seen()[0].contains("PUT"));
}

#[tokio::test]
async fn of_the_browsers_headers_only_listed_ones_pass() {
    let scene = Scene::new("request_headers = [\"x-api-version\", \"x-hop\"]", json("{}")).await;
    let headers = "cookie: session=1\r\nauthorization: Bearer mine\r\nreferer: http://page/\r\n\
                   x-forwarded-for: 1.2.3.4\r\nproxy-authorization: Basic x\r\nx-secret: 1\r\n\
                   keep-alive: 5\r\nte: trailers\r\nupgrade: websocket\r\nx-baton-token: t\r\n\
                   accept: application/json\r\naccept-encoding: gzip\r\nx-api-version: 7\r\n\
                   connection: x-hop\r\nx-hop: 1\r\n";
    assert_eq!(scene.ask("GET", "/proxy/up/v1", headers, "").await.status, 200);
    let seen = scene.seen()[0].to_lowercase();
    let names: Vec<&str> =
        seen.lines().skip(1).filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        ["accept", "accept-encoding", "host", "user-agent", "x-api-version"],
        "{seen}"
    );
    assert!(
        seen.contains("accept-encoding: identity\r\n") && seen.contains("x-api-version: 7\r\n")
    );
}

#[tokio::test]
async fn the_browsers_authorization_passes_where_the_config_says_so() {
    let scene = Scene::new("request_headers = [\"authorization\"]", json("{}")).await;
    scene.ask("GET", "/proxy/up/v1", "authorization: Bearer mine\r\n", "").await;
    assert!(scene.seen()[0].contains("authorization: Bearer mine\r\n"));
}

#[tokio::test]
async fn headers_cannot_be_smuggled_by_line_breaks() {
    let mut scene = Scene::new("request_headers = [\"x-a\"]", json("{}")).await;
    for header in [
        "x-a: 1\rx-evil: 1\r\n",
        "x-a: 1\n x-evil: 1\r\n",
        "x-a: 1\0\r\n",
        "x-a : 1\r\n",
        " x-a: 1\r\n",
    ] {
        let answer = scene.ask("GET", "/proxy/up/v1", header, "").await;
        assert_eq!(answer.status, 400, "{header:?} {answer:?}");
        assert!(scene.seen().is_empty(), "{header:?} {:?}", scene.seen());
    }
    // Encoded, in a header: it stays a value.
    scene.ask("GET", "/proxy/up/v1", "x-a: 1%0d%0ax-evil: 1\r\n", "").await;
    assert!(scene.seen()[0].contains("x-a: 1%0d%0ax-evil: 1\r\n"));
    scene.is_well();
}

#[tokio::test]
async fn a_body_is_framed_anew_whatever_the_client_says_of_it() {
    let lines = "methods = [\"POST\", \"GET\"]";
    let chunked = "transfer-encoding: chunked\r\n";
    let good = "5\r\nhello\r\n0\r\n\r\n";
    let scene = Scene::new(lines, json("{}")).await;
    scene.ask("POST", "/proxy/up/v1", chunked, good).await;
    // Two lengths: one message reaches the upstream, with one length, and what is behind it is no request.
    let hidden = format!("{good}GET /admin HTTP/1.1\r\nhost: x\r\n\r\n");
    for headers in [
        "content-length: 3\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 3\r\n",
    ] {
        scene.ask("POST", "/proxy/up/v1", headers, &hidden).await;
    }
    for seen in scene.seen() {
        assert!(
            seen.contains("content-length: 5\r\n") && seen.ends_with("\r\n\r\nhello"),
            "{seen}"
        );
        assert!(!seen.contains("transfer-encoding") && !seen.contains("/admin"), "{seen}");
    }
    assert_eq!(scene.seen().len(), 3);
    for headers in [
        "transfer-encoding: gzip\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: +5\r\n",
        "content-length: -1\r\n",
    ] {
        let answer = scene.ask("POST", "/proxy/up/v1", headers, good).await;
        assert_eq!(answer.status, 400, "{headers:?} {answer:?}");
    }
    for body in
        ["xyz\r\nhello\r\n", "5\r\nhel", "5\r\nhelloo\r\n0\r\n\r\n", "ffffffffffffffff1\r\nx"]
    {
        scene.abandon(chunked, body).await;
    }
    assert_eq!(scene.seen().len(), 3, "{:?}", scene.seen());
}

#[tokio::test]
async fn reading_has_no_body() {
    let scene = scene().await;
    for (headers, body) in
        [("content-length: 5\r\n", "hello"), ("transfer-encoding: chunked\r\n", "0\r\n\r\n")]
    {
        let answer = scene.ask("GET", "/proxy/up/v1", headers, body).await;
        scene.refused(&answer, 400, "unwanted_body");
    }
}
