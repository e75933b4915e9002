//! What of an upstream's answer the page gets.

use crate::scene::{Scene, json, reply};

async fn answered(lines: &str, head: &str, body: &str) -> crate::scene::Answer {
    Scene::new(lines, reply(head, body)).await.get("/proxy/up/v1").await
}

#[tokio::test]
async fn status_type_and_body_are_the_upstreams() {
    for status in ["200 OK", "201 Created", "404 Not Found", "401 Unauthorized", "503 Busy"] {
        let head = format!("{status}\r\ncontent-type: text/plain\r\ncontent-length: 5");
        let answer = answered("", &head, "hello").await;
        assert_eq!(
            (answer.status.to_string(), answer.body.as_str()),
            (status[..3].to_owned(), "hello")
        );
        assert_eq!(answer.header("content-type"), Some("text/plain"));
        assert_eq!(answer.header("x-baton-proxy"), Some("upstream"));
        assert_eq!(answer.header("content-length"), Some("5"));
        assert_eq!(answer.header("x-baton-withheld"), None);
    }
}

#[tokio::test]
async fn an_answer_cannot_become_a_page_of_this_origin() {
    let head = "200 OK\r\ncontent-type: text/html\r\ncontent-security-policy: default-src *\r\ncontent-disposition: inline\r\nx-content-type-options: none\r\ncontent-length: 27";
    let answer = answered("", head, "<script>alert('x')</script>").await;
    for (name, value) in [
        (
            "content-security-policy",
            "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
        ),
        ("content-disposition", "attachment"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{}", answer.head);
        assert_eq!(answer.head.matches(&format!("{name}:")).count(), 1, "{}", answer.head);
    }
}

#[tokio::test]
async fn headers_that_command_the_browser_are_withheld_and_named() {
    let head = "200 OK\r\nset-cookie: a=b\r\nrefresh: 0;url=//evil\r\nlink: <x>; rel=preload\r\nclear-site-data: \"*\"\r\naccess-control-allow-origin: *\r\nstrict-transport-security: max-age=1\r\nwww-authenticate: Basic\r\nx-accel-redirect: /secret\r\nx-limit: 5\r\nx-shown: 6\r\nconnection: x-hop\r\netag: \"1\"\r\ncontent-length: 2";
    let answer = answered("response_headers = [\"x-shown\"]", head, "{}").await;
    for name in [
        "set-cookie",
        "refresh",
        "link",
        "clear-site-data",
        "access-control-allow-origin",
        "strict-transport-security",
        "www-authenticate",
        "x-accel-redirect",
        "x-limit",
    ] {
        assert_eq!(answer.header(name), None, "{}", answer.head);
        assert!(
            answer.header("x-baton-withheld").is_some_and(|names| names.contains(name)),
            "{}",
            answer.head
        );
    }
    assert_eq!((answer.header("x-shown"), answer.header("etag")), (Some("6"), Some("\"1\"")));
}

#[tokio::test]
async fn a_redirect_is_not_followed_but_said() {
    for status in [301, 302, 303, 307, 308] {
        let head = format!(
            "{status} Moved\r\nlocation: http://me:word@evil.example/a?token=abc#x\r\ncontent-length: 0"
        );
        let scene = Scene::new("", reply(&head, "")).await;
        let answer = scene.get("/proxy/up/v1").await;
        assert_eq!((answer.status, answer.header("x-baton-proxy")), (502, Some("redirect")));
        assert_eq!(answer.header("x-baton-upstream-status"), Some(status.to_string().as_str()));
        assert_eq!(answer.header("location"), None);
        assert!(
            answer.body.contains("leads to http://evil.example/a, which is not followed"),
            "{}",
            answer.body
        );
        assert!(!answer.body.contains("abc") && !answer.body.contains("word"), "{}", answer.body);
        assert_eq!(scene.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_head_request_tells_the_length_without_a_body() {
    let scene = Scene::new("", reply("200 OK\r\ncontent-length: 99999999", "")).await;
    let answer = scene.ask("HEAD", "/proxy/up/v1", "", "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("content-length"), Some("99999999"));
}

#[tokio::test]
async fn what_is_not_http_is_said() {
    for head in [
        "101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade",
        "200 OK\r\ncontent-length: 9",
        "200 OK\r\ntransfer-encoding: chunked",
    ] {
        let answer = answered("", head, "2\r\n{}").await;
        assert_eq!(answer.status, 502, "{head} {answer:?}");
        assert!(answer.body.contains("\"error\""), "{answer:?}");
    }
    let scene = Scene::new("", crate::scene::Reply::Bytes(b"SSH-2.0-OpenSSH\r\n".to_vec())).await;
    let answer = scene.get("/proxy/up/v1").await;
    assert_eq!((answer.status, answer.header("x-baton-proxy")), (502, Some("not_http")));
}

#[tokio::test]
async fn an_answer_of_two_lengths_is_one_answer() {
    // Whatever is behind the first message is nobody's answer.
    let head = "200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked";
    let answer = answered("", head, "2\r\n{}\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nevil").await;
    assert!(!answer.body.contains("evil"), "{answer:?}");
    let answer = answered("", "200 OK\r\ncontent-length: 2", "{}HTTP/1.1 200 OK\r\n\r\nevil").await;
    assert_eq!(answer.body, "{}");
}

#[tokio::test]
async fn each_request_is_one_line_of_the_log() {
    let scene = Scene::new("", json("{\"a\":1}")).await;
    scene.get("/proxy/up/v1/x?id=hidden").await;
    scene.get("/proxy/up/v2").await;
    scene.get("/proxy/").await;
    let own = format!("origin=http://{}", scene.proxy);
    for (n, parts) in [
        (
            0,
            [
                "method=GET upstream=up path=/proxy/up/v1/x?id=… status=200 bytes=7 ms=",
                "outcome=ok",
            ],
        ),
        (
            1,
            [
                "method=GET upstream=up path=/proxy/up/v2 status=403 bytes=0 ms=",
                "outcome=path_not_listed",
            ],
        ),
        (2, ["method=GET upstream=- path=/proxy/ status=200 bytes=0 ms=", "outcome=ok"]),
    ] {
        let line = scene.line(n).await;
        assert!(line.starts_with("proxy at=") && line.contains(&own), "{line}");
        assert!(parts.iter().all(|part| line.contains(part)) && !line.contains("hidden"), "{line}");
    }
}
