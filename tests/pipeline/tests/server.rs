//! The binary over real loopback TCP, with the manual clock: no sleep, and no dependence on speed.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of tests may fail as tests do"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

const PURCHASE: &str =
    r#"{"event_id":"4f1c","event":"purchase","amount":19.90,"occurred_at":"2026-11-23T12:00:00Z"}"#;

/// Only so that a broken server fails a test instead of holding it for ever; no test waits for it.
const GIVE_UP: Duration = Duration::from_mins(1);

/// A running pipeline, ended with its test.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    fn has(&self, header: &str) -> bool {
        self.head.to_lowercase().contains(&header.to_lowercase())
    }
}

impl Server {
    fn start(flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pipeline"))
            .args(["--port", "0"])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("pipeline listening on http://").expect(&line).to_owned();
        Self { child, address }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(GIVE_UP)).unwrap();
        stream
    }

    fn send(&self, method: &str, target: &str, headers: &str, body: &str) -> TcpStream {
        let mut stream = self.connect();
        let length = body.len();
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}",
            self.address
        )
        .unwrap();
        stream
    }

    fn ask(&self, method: &str, target: &str, headers: &str, body: &str) -> Answer {
        let mut text = String::new();
        self.send(method, target, headers, body).read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let status =
            head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, "Origin: http://page.example\r\n", "")
    }

    fn post(&self, target: &str, body: &str) -> Answer {
        self.ask("POST", target, "Content-Type: application/json\r\n", body)
    }

    fn advance(&self, ms: u64) {
        let answer = self.post("/_control/clock", &json!({"advance_ms": ms}).to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

#[test]
fn an_event_appears_in_one_system_after_the_other() {
    let server = Server::start(&["--clock", "manual"]);
    let sent = server.post("/events", PURCHASE);
    assert_eq!((sent.status, sent.body.as_str()), (202, r#"{"accepted":true,"event_id":"4f1c"}"#));

    let good = || server.get("/micro/good?event_id=4f1c").json().as_array().unwrap().len();
    let stream = "/api/v1/query?query=tracking_events_total%7Bevent_id%3D%224f1c%22%7D";
    let stream = || server.get(stream).json()["data"]["result"].as_array().unwrap().len();
    let cleaned = || server.get("/events/_count?q=event_id:4f1c").json()["count"].as_u64().unwrap();
    let sql = "SELECT * FROM events WHERE event_id = '4f1c' FORMAT JSON";
    let warehouse = || server.post("/clickhouse", sql).json()["rows"].as_u64().unwrap();
    let report =
        || server.get("/report/events.json?event_id=4f1c").json()["rows"].as_array().unwrap().len();
    let all = || (good(), stream(), cleaned(), warehouse(), report());

    assert_eq!(all(), (0, 0, 0, 0, 0));
    for (advance, want) in [
        (1000, (1, 0, 0, 0, 0)),
        (2000, (1, 1, 0, 0, 0)),
        (3000, (1, 1, 1, 0, 0)),
        (3000, (1, 1, 1, 1, 0)),
        (2999, (1, 1, 1, 1, 0)),
        (1, (1, 1, 1, 1, 1)),
    ] {
        server.advance(advance);
        assert_eq!(all(), want);
    }
    assert!(
        server.get("/report/daily.json?day=2026-11-23").body.contains(r#""n":1,"revenue":19.90"#)
    );
}

#[test]
fn browsers_may_read_and_the_log_tells_who_asked() {
    let server = Server::start(&["--clock=manual", "--fault=report=no_cors"]);
    let preflight = "Origin: http://page.example\r\nAccess-Control-Request-Method: POST\r\n";
    let allowed = server.ask("OPTIONS", "/events", preflight, "");
    assert_eq!(allowed.status, 204);
    assert!(
        allowed.has("access-control-allow-origin: *") && allowed.has("content-type"),
        "{}",
        allowed.head
    );
    assert!(server.get("/micro/all").has("access-control-allow-origin: *"));
    assert!(!server.get("/report/events.json").has("access-control"));

    let log = server.get("/_control/log").json();
    let entries: Vec<_> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (&entry["method"], &entry["path"], &entry["status"]))
        .collect();
    assert_eq!(
        entries,
        [
            (&json!("OPTIONS"), &json!("/events"), &json!(204)),
            (&json!("GET"), &json!("/micro/all"), &json!(200)),
            (&json!("GET"), &json!("/report/events.json"), &json!(200)),
        ]
    );
    assert_eq!(log[1]["origin"], json!("http://page.example"));
}

#[test]
fn a_hanging_answer_holds_up_nobody_else() {
    let server = Server::start(&["--clock=manual", "--fault=collector=hang:times=1"]);
    let mut hanging = server.send("GET", "/micro/all", "", "");
    // The log shows when the request has come in; it is read over other connections meanwhile.
    while server.get("/_control/log").json().as_array().unwrap().is_empty() {}
    assert_eq!(server.get("/_control/log").json()[0]["status"], Value::Null);
    assert_eq!(server.get("/micro/all").status, 200);
    hanging.set_nonblocking(true).unwrap();
    assert_eq!(hanging.read(&mut [0; 1]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    hanging.shutdown(Shutdown::Both).unwrap();
}

#[test]
fn limits_and_wrong_ways_are_answered() {
    let server = Server::start(&[]);
    let long = "x".repeat(pipeline::limits::MAX_URL_BYTES);
    assert_eq!(server.get(&format!("/micro/good?{long}")).status, 414);
    assert_eq!(server.get("/nowhere").status, 404);
    assert_eq!(server.ask("DELETE", "/events", "", "").status, 405);
    assert_eq!(server.post("/_control/clock", r#"{"advance_ms":1}"#).status, 409);
    assert_eq!(server.ask("HEAD", "/micro/all", "", "").body, "");
    // Only the head is sent: the length alone is enough to refuse, and nothing is left unread.
    let mut stream = server.connect();
    write!(stream, "POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        .unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
}

#[cfg(unix)]
#[test]
fn a_polite_signal_ends_it_even_while_an_answer_hangs() {
    let mut server = Server::start(&["--clock=manual", "--fault=collector=hang"]);
    let mut hanging = server.send("GET", "/micro/all", "", "");
    while server.get("/_control/log").json().as_array().unwrap().is_empty() {}
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(server.child.wait().unwrap().success());
    let mut text = String::new();
    hanging.read_to_string(&mut text).unwrap();
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 504"), "{text}");
}

#[test]
fn wrong_flags_end_it_with_a_word() {
    let output = Command::new(env!("CARGO_BIN_EXE_pipeline"))
        .args(["--fault", "report=los"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no fault `los`"));
}
