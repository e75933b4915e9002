//! Who is let in.

use crate::scene::{Names, PLAIN, Scene, json};

#[tokio::test]
async fn a_foreign_origin_gets_nothing() {
    let scene = Scene::new("", json("{}")).await;
    let proxy = scene.proxy;
    for (code, headers) in [
        ("origin", format!("host: {proxy}\r\norigin: https://evil.example\r\n")),
        ("origin", format!("host: {proxy}\r\norigin: null\r\n")),
        ("origin", format!("host: {proxy}\r\norigin: http://{proxy}.evil.example\r\n")),
        (
            "origin",
            format!("host: {proxy}\r\norigin: http://{proxy}\r\norigin: https://evil.example\r\n"),
        ),
        (
            "site",
            format!("host: {proxy}\r\norigin: http://{proxy}\r\nsec-fetch-site: cross-site\r\n"),
        ),
        ("site", format!("host: {proxy}\r\nsec-fetch-site: none\r\n")),
        ("unnamed", format!("host: {proxy}\r\n")),
        // A name of the attacker's that was pointed at this machine.
        ("host", format!("host: evil.example:{}\r\nsec-fetch-site: same-origin\r\n", proxy.port())),
        ("host", "host: 127.0.0.1\r\nsec-fetch-site: same-origin\r\n".to_owned()),
        ("host", "sec-fetch-site: same-origin\r\n".to_owned()),
    ] {
        for target in ["/proxy/up/v1", "/proxy/", "/proxy/unknown"] {
            let request = format!("GET {target} HTTP/1.1\r\nconnection: close\r\n{headers}\r\n");
            let answer = scene.raw(&request).await;
            scene.refused(&answer, 403, code);
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
}

#[tokio::test]
async fn a_preflight_is_never_granted() {
    let scene = Scene::new("", json("{}")).await;
    let request = format!(
        "OPTIONS /proxy/up/v1 HTTP/1.1\r\nhost: {}\r\norigin: https://evil.example\r\naccess-control-request-method: GET\r\nconnection: close\r\n\r\n",
        scene.proxy
    );
    let answer = scene.raw(&request).await;
    scene.refused(&answer, 403, "origin");
    assert!(!answer.head.contains("access-control"), "{}", answer.head);
}

#[tokio::test]
async fn frames_scripts_and_pages_get_nothing() {
    let scene = Scene::new("", json("{}")).await;
    for dest in ["document", "iframe", "script", "serviceworker", "image", "style", "worker"] {
        let request = format!(
            "GET /proxy/up/v1 HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\nsec-fetch-dest: {dest}\r\nconnection: close\r\n\r\n",
            scene.proxy
        );
        scene.refused(&scene.raw(&request).await, 403, "destination");
    }
}

#[tokio::test]
async fn a_missing_or_wrong_token_gets_nothing() {
    let token = "token = { file = \"token\" }";
    let scene = Scene::with(token, PLAIN, Names::default(), json("{}")).await;
    for (code, headers) in [
        ("no_token", ""),
        ("token", "x-baton-token: 0123456789abcdeX\r\n"),
        ("token", "x-baton-token: \r\n"),
        ("token", "x-baton-token: 0123456789abcdef\r\nx-baton-token: 0123456789abcdef\r\n"),
        ("no_token", "authorization: Bearer 0123456789abcdef\r\n"),
    ] {
        for target in [
            "/proxy/up/v1",
            "/proxy/",
            "/proxy/unknown/x",
            "/proxy/up/v1?x-baton-token=0123456789abcdef",
        ] {
            let answer = scene.ask("GET", target, headers, "").await;
            scene.refused(&answer, 403, code);
            assert!(!answer.body.contains("0123456789"), "{answer:?}");
        }
    }
    let right = "x-baton-token: 0123456789abcdef\r\n";
    assert_eq!(scene.ask("GET", "/proxy/up/v1", right, "").await.status, 200);
    assert!(!scene.seen()[0].contains("0123456789abcdef"));
}

#[tokio::test]
async fn the_page_learns_upstreams_and_limits_but_no_secrets() {
    let lines = format!(
        "{PLAIN}timeout_ms = 500\n[upstreams.up.secrets.key]\nquery = \"key\"\nfile = \"key\""
    );
    let scene = Scene::with("", &lines, Names::default(), json("{}")).await;
    let expected = format!(
        r#"{{"version":1,"token_header":"x-baton-token","upstreams":[{{"name":"up","base":"http://{}","paths":["/v1"],"methods":["GET","HEAD"],"request_headers":[],"response_headers":[],"timeout_ms":500,"max_request_bytes":65536,"max_response_bytes":1048576}}]}}"#,
        scene.upstream
    );
    for target in ["/proxy/", "/proxy"] {
        let answer = scene.get(target).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, expected.as_str()));
        assert_eq!(answer.header("x-baton-proxy"), Some("list"));
    }
}

#[tokio::test]
async fn the_page_itself_is_served_as_ever() {
    let scene = Scene::new("", json("{}")).await;
    let answer = scene.get("/").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "<!doctype html><p>Baton"));
    assert_eq!(answer.header("x-baton-proxy"), None);
    assert!(
        answer
            .header("content-security-policy")
            .is_some_and(|policy| policy.starts_with("default-src"))
    );
}
