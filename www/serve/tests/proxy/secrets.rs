//! Secrets reach the upstream, and nothing else.

use crate::scene::{Names, PLAIN, Scene, json, reply};

const KEY: &str = "s3cr3t/key+one";

async fn scene(secret: &str, reply: crate::scene::Reply) -> Scene {
    let lines = format!("{PLAIN}[upstreams.up.secrets.key]\nfile = \"key\"\n{secret}");
    Scene::with("", &lines, Names::default(), reply).await
}

#[tokio::test]
async fn a_secret_is_added_on_the_server() {
    for (lines, expected) in [
        ("header = \"x-key\"", "x-key: s3cr3t/key+one\r\n"),
        (
            "header = \"authorization\"\nformat = \"Bearer {}\"",
            "authorization: Bearer s3cr3t/key+one\r\n",
        ),
        (
            "header = \"authorization\"\nbasic_user = \"me\"",
            "authorization: Basic bWU6czNjcjN0L2tleStvbmU=\r\n",
        ),
        ("query = \"api key\"", "GET /v1?a=b&api+key=s3cr3t%2Fkey%2Bone HTTP/1.1\r\n"),
    ] {
        let scene = scene(lines, json("{}")).await;
        assert_eq!(scene.ask("GET", "/proxy/up/v1?a=b", "x-key: mine\r\n", "").await.status, 200);
        let seen = scene.seen();
        assert!(seen[0].contains(expected) && !seen[0].contains("mine"), "{seen:?}");
    }
}

#[tokio::test]
async fn the_browser_cannot_set_what_a_secret_sets() {
    let scene = scene("query = \"key\"", json("{}")).await;
    for query in ["key=mine", "a=b&KEY=mine", "k%65y=mine", "a=b;key=mine"] {
        let answer = scene.get(&format!("/proxy/up/v1?{query}")).await;
        scene.refused(&answer, 400, "query_reserved");
    }
}

#[tokio::test]
async fn an_echoed_secret_is_covered_in_headers_and_body() {
    let body = format!(
        "{{\"url\": \"/v1?key=s3cr3t%2Fkey%2Bone\", \"key\": \"{KEY}\", \"b\": \"czNjcjN0L2tleStvbmU=\"}}"
    );
    let head =
        format!("200 OK\r\netag: \"{KEY}\"\r\n{}: 1\r\ncontent-length: {}", "x-s3cr3t", body.len());
    let scene = scene("query = \"key\"", reply(&head, &body)).await;
    let answer = scene.get("/proxy/up/v1").await;
    assert_eq!(answer.header("etag"), Some("\"**************\""));
    assert_eq!(answer.body.len(), body.len());
    for spelling in [KEY, "s3cr3t%2Fkey%2Bone", "czNjcjN0L2tleStvbmU="] {
        assert!(!answer.body.contains(spelling), "{}", answer.body);
    }
    assert!(answer.body.contains("\"key\": \"**************\""), "{}", answer.body);
}

#[tokio::test]
async fn an_echoed_secret_is_covered_where_a_long_answer_is_cut_into_pieces() {
    let body = format!("{KEY}{}", "x".repeat(1_000)).repeat(400);
    let scene = scene("query = \"key\"", reply("200 OK", &body)).await;
    let answer = scene.get("/proxy/up/v1").await;
    let whole: String = answer.body.split("\r\n").skip(1).step_by(2).collect();
    assert_eq!((whole.len(), whole.matches("**************").count()), (body.len(), 400));
    assert!(!whole.contains("s3cr3t"));
}

#[tokio::test]
async fn a_compressed_answer_that_could_hide_a_secret_is_refused() {
    let gzip = || reply("200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2", "xx");
    let answer = scene("query = \"key\"", gzip()).await.get("/proxy/up/v1").await;
    assert_eq!((answer.status, answer.header("x-baton-proxy")), (502, Some("encoding")));
    let answer = Scene::new("", gzip()).await.get("/proxy/up/v1").await;
    assert_eq!((answer.status, answer.header("content-encoding")), (200, Some("gzip")));
}

#[tokio::test]
async fn neither_errors_nor_the_log_tell_a_secret() {
    let head =
        format!("302 Found\r\nlocation: http://evil.example/{KEY}?key={KEY}\r\ncontent-length: 0");
    let scene = scene("query = \"key\"", reply(&head, "")).await;
    let answers = [
        scene.get("/proxy/up/v1").await,
        scene.get(&format!("/proxy/up/v1/{KEY}?other={KEY}")).await,
        scene.get(&format!("/proxy/up/v2/{KEY}")).await,
    ];
    for (n, answer) in answers.iter().enumerate() {
        assert!(!answer.body.contains("s3cr3t") && !answer.head.contains("s3cr3t"), "{answer:?}");
        let line = scene.line(n).await;
        assert!(line.contains("upstream=up") && !line.contains("s3cr3t"), "{line}");
    }
}
