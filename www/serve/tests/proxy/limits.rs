//! Size and time, in both directions.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::scene::{Reply, Scene, json, reply};

#[tokio::test]
async fn a_request_beyond_its_limit_never_reaches_the_upstream() {
    let scene = Scene::new("methods = [\"POST\"]\nmax_request_bytes = 10", json("{}")).await;
    let large = scene.ask("POST", "/proxy/up/v1", "content-length: 11\r\n", "hello world").await;
    scene.refused(&large, 413, "request_too_large");
    let chunks = "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n";
    let large = scene.ask("POST", "/proxy/up/v1", "transfer-encoding: chunked\r\n", chunks).await;
    scene.refused(&large, 413, "request_too_large");
    let huge = "content-length: 18446744073709551000\r\n";
    let answer = scene.ask("POST", "/proxy/up/v1", huge, "x").await;
    assert!([400, 413].contains(&answer.status), "{answer:?}");
    let fits = scene.ask("POST", "/proxy/up/v1", "content-length: 10\r\n", "helloworld").await;
    assert_eq!(fits.status, 200);
    assert!(scene.seen()[0].ends_with("\r\n\r\nhelloworld"));
}

#[tokio::test]
async fn an_answer_beyond_its_limit_is_an_error() {
    for answer in [
        reply("200 OK\r\ncontent-length: 11", "hello world"),
        reply("200 OK\r\ntransfer-encoding: chunked", "b\r\nhello world\r\n0\r\n\r\n"),
        reply("200 OK", "hello world"),
    ] {
        let scene = Scene::new("max_response_bytes = 10", answer).await;
        let answer = scene.get("/proxy/up/v1").await;
        assert_eq!(
            (answer.status, answer.header("x-baton-proxy")),
            (502, Some("response_too_large"))
        );
        assert!(answer.body.contains("raise max_response_bytes"), "{answer:?}");
        assert!(scene.line(0).await.contains("outcome=response_too_large"));
    }
    let scene = Scene::new("max_response_bytes = 11", reply("200 OK", "hello world")).await;
    assert_eq!(scene.get("/proxy/up/v1").await.body, "hello world");
}

#[tokio::test]
async fn a_long_answer_is_passed_on_whole_within_its_limit() {
    let body = "0123456789".repeat(60_000);
    let scene = Scene::new("max_response_bytes = 600000", reply("200 OK", &body)).await;
    let answer = scene.get("/proxy/up/v1").await;
    assert_eq!((answer.status, answer.header("transfer-encoding")), (200, Some("chunked")));
    let pieces: String = answer.body.split("\r\n").skip(1).step_by(2).collect();
    assert_eq!(pieces.len(), body.len());
    assert!(answer.body.ends_with("\r\n0\r\n\r\n"), "the end is told");
    assert!(scene.line(0).await.contains("bytes=600000 "));
}

#[tokio::test]
async fn a_long_answer_that_goes_beyond_its_limit_is_cut_so_that_nobody_takes_it_for_whole() {
    let body = "0123456789".repeat(60_000);
    let scene = Scene::new("max_response_bytes = 500000", reply("200 OK", &body)).await;
    let answer = scene.get("/proxy/up/v1").await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.ends_with("0\r\n\r\n"), "its end is not told");
    let line = scene.line(0).await;
    assert!(line.contains("status=200") && line.contains("outcome=response_too_large"), "{line}");
}

#[tokio::test]
async fn an_upstream_that_never_answers_is_given_up() {
    for begun in
        ["", "HTTP/1.1 200 OK\r\nx-a: ", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"]
    {
        let reply = Reply::Begins(begun.as_bytes().to_vec());
        let scene = Scene::new("timeout_ms = 50", reply).await;
        let answer = scene.get("/proxy/up/v1").await;
        assert_eq!(
            (answer.status, answer.header("x-baton-proxy")),
            (504, Some("slow")),
            "{begun:?}"
        );
        assert!(answer.body.contains("within 50 ms; try again, or raise timeout_ms"), "{answer:?}");
        assert!(scene.line(0).await.contains("status=504"));
    }
}

#[tokio::test]
async fn an_upstream_that_falls_silent_within_a_long_answer_is_cut() {
    let mut begun = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    begun.resize(400_000, b'x');
    let scene = Scene::new("timeout_ms = 2000", Reply::Begins(begun)).await;
    let answer = scene.get("/proxy/up/v1").await;
    assert!(answer.status == 200 && !answer.body.ends_with("0\r\n\r\n"), "{}", answer.status);
    assert!(scene.line(0).await.contains("outcome=slow"));
}

#[tokio::test]
async fn a_page_that_never_finishes_its_request_is_given_up() {
    let lines = "methods = [\"POST\"]\ntimeout_ms = 50";
    let scene = Scene::new(lines, json("{}")).await;
    let answer = scene.ask("POST", "/proxy/up/v1", "content-length: 5\r\n", "hel").await;
    scene.refused(&answer, 408, "request_slow");
}

#[tokio::test]
async fn a_page_that_leaves_is_in_the_log_and_frees_its_place() {
    let scene = Scene::new("timeout_ms = 120000", Reply::Begins(Vec::new())).await;
    let proxy = scene.proxy;
    let request =
        format!("GET /proxy/up/v1 HTTP/1.1\r\nhost: {proxy}\r\norigin: http://{proxy}\r\n\r\n");
    let mut streams = Vec::new();
    for _ in 0..64 {
        let mut stream = TcpStream::connect(proxy).await.expect("connected");
        stream.write_all(request.as_bytes()).await.expect("sent");
        streams.push(stream);
    }
    // All 64 have reached the upstream: one more is asked to wait.
    while scene.seen().len() < 64 {
        tokio::task::yield_now().await;
    }
    let answer = scene.get("/proxy/up/v1").await;
    assert_eq!((answer.status, answer.header("x-baton-proxy")), (503, Some("busy")));
    assert_eq!(answer.header("retry-after"), Some("1"));
    drop(streams);
    assert!(scene.line(0).await.contains("outcome=busy"));
    for n in 1..=64 {
        assert!(scene.line(n).await.contains("outcome=client_left"));
    }
    let mut stream = TcpStream::connect(proxy).await.expect("connected");
    stream.write_all(request.as_bytes()).await.expect("sent");
    while scene.seen().len() < 65 {
        tokio::task::yield_now().await;
    }
    assert!(stream.try_read(&mut [0; 1]).is_err(), "not refused");
    drop(stream.shutdown().await);
    let _ = stream.read(&mut [0; 1]).await;
}
