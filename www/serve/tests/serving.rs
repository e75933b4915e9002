//! Scenarios over loopback: what a browser, and someone with worse intent, would ask.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on is a test that fails"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use baton_serve::Pipeline;

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
const WORKER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src http: https:; base-uri 'none'";
const CHAIN: &str =
    r#"{"collector": "http://127.0.0.1:8788", "warehouse": "http://127.0.0.1:8788/warehouse"}"#;

/// A `dist` folder with a secret beside it; gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("baton-serve-{}-{name}", std::process::id()));
        for (path, content) in [
            ("secret.txt", "the secret"),
            ("dist/index.html", "<!doctype html><p>Baton"),
            ("dist/embed.js", "export {};"),
            ("dist/scheduler.js", "export {};"),
            ("dist/scheduler.d.ts", "export {};"),
            ("dist/v-0a1b/worker.js", "onmessage = null;"),
            ("dist/v-0a1b/pkg/engine/engine_bg.wasm", "\0asm"),
            ("dist/v-0a1b/styles.css", "a{}"),
            ("dist/v-0a1b/chains/purchase.json", CHAIN),
            ("dist/v-0a1b/chains/http-pipeline.json", CHAIN),
        ] {
            let place = root.join(path);
            fs::create_dir_all(place.parent().expect("a folder")).expect("made");
            fs::write(place, content).expect("written");
        }
        Self(root)
    }

    fn dist(&self) -> PathBuf {
        self.0.join("dist")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("removed");
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Sends a request as it is, without the cleaning that clients do.
fn ask(address: SocketAddr, method: &str, target: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(address).expect("connected");
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n"
    )
    .expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("answered");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// A site on a free port for as long as `scenario` runs.
fn with_site(name: &str, pipeline: Pipeline, scenario: impl FnOnce(SocketAddr) + Send + 'static) {
    let folder = Folder::new(name);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("known");
        let (done, stop) = tokio::sync::oneshot::channel::<()>();
        let asking = std::thread::spawn(move || {
            // Dropped when the scenario ends, also by a failed assertion.
            let _done = done;
            scenario(address);
        });
        let stop = async { stop.await.unwrap_or_default() };
        baton_serve::serve(listener, baton_serve::site(folder.dist(), pipeline), stop)
            .await
            .expect("served");
        asking.join().expect("the scenario holds");
    });
}

#[test]
fn files_have_the_right_type_and_caching() {
    with_site("types", Pipeline::Absent, |address| {
        let for_ever = "public, max-age=31536000, immutable";
        for (path, content_type, caching) in [
            ("/", "text/html; charset=utf-8", "no-store"),
            ("/index.html", "text/html; charset=utf-8", "no-store"),
            ("/embed.js", "text/javascript; charset=utf-8", "no-store"),
            ("/scheduler.js", "text/javascript; charset=utf-8", "no-store"),
            ("/scheduler.d.ts", "application/typescript", "no-store"),
            ("/v-0a1b/worker.js", "text/javascript; charset=utf-8", for_ever),
            ("/v-0a1b/pkg/engine/engine_bg.wasm", "application/wasm", for_ever),
            ("/v-0a1b/styles.css", "text/css; charset=utf-8", for_ever),
            ("/v-0a1b/chains/purchase.json", "application/json", for_ever),
        ] {
            let answer = ask(address, "GET", path, "");
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
            assert_eq!(answer.header("cache-control"), Some(caching), "{path}");
        }
    });
}

#[test]
fn every_answer_carries_the_security_headers() {
    with_site("security", Pipeline::Absent, |address| {
        for (path, policy) in [
            ("/", PAGE_POLICY),
            ("/v-0a1b/styles.css", PAGE_POLICY),
            ("/nothing", PAGE_POLICY),
            ("/v-0a1b/worker.js", WORKER_POLICY),
        ] {
            let answer = ask(address, "GET", path, "");
            assert_eq!(answer.header("content-security-policy"), Some(policy), "{path}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
            assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
        }
    });
}

#[test]
fn another_origin_may_load_what_it_embeds_and_nothing_else() {
    with_site("embedding", Pipeline::Absent, |address| {
        for (path, allowed) in [
            ("/embed.js", Some("*")),
            ("/scheduler.js", Some("*")),
            ("/scheduler.d.ts", Some("*")),
            ("/v-0a1b/worker.js", Some("*")),
            ("/", None),
        ] {
            let answer = ask(address, "GET", path, "origin: http://other.example\r\n");
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{path}");
        }
    });
}

#[test]
fn no_path_leads_out_of_the_folder() {
    with_site("traversal", Pipeline::Absent, |address| {
        for path in [
            "/../secret.txt",
            "/v-0a1b/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/%2e%2e%2fsecret.txt",
            "/..%2fsecret.txt",
            "/..%5csecret.txt",
            "/v-0a1b/%2e%2e/%2e%2e/secret.txt",
            "//secret.txt",
            "/./../secret.txt",
            "/%00/../secret.txt",
            "/%252e%252e/secret.txt",
        ] {
            let answer = ask(address, "GET", path, "");
            assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
            assert!(!answer.body.contains("the secret"), "{path}");
        }
    });
}

#[test]
fn folders_are_never_listed() {
    with_site("listing", Pipeline::Absent, |address| {
        for path in ["/v-0a1b", "/v-0a1b/", "/v-0a1b/pkg/", "//v-0a1b"] {
            let answer = ask(address, "GET", path, "");
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(answer.body, "There is nothing here. Baton is at /\n", "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
            assert_eq!(answer.header("location"), None, "{path}");
        }
    });
}

#[test]
fn only_reading_is_allowed() {
    with_site("methods", Pipeline::Absent, |address| {
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let answer = ask(address, method, "/index.html", "content-length: 0\r\n");
            assert_eq!(answer.status, 405, "{method}");
        }
        let head = ask(address, "HEAD", "/index.html", "");
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(head.header("content-length"), Some("23"));
        let missing = ask(address, "HEAD", "/nothing", "");
        assert_eq!((missing.status, missing.body.as_str()), (404, ""));
    });
}

#[test]
fn the_example_chain_names_the_pipeline_that_runs() {
    let pipeline = Pipeline::At(SocketAddr::from((Ipv4Addr::LOCALHOST, 4321)));
    with_site("template", pipeline, |address| {
        let path = "/v-0a1b/chains/http-pipeline.json";
        let expected = r#"{"collector": "http://127.0.0.1:4321", "warehouse": "http://127.0.0.1:4321/warehouse"}"#;
        let whole = ask(address, "GET", path, "");
        assert_eq!(whole.body, expected);
        assert_eq!(whole.header("cache-control"), Some("no-store"));
        assert_eq!(whole.header("content-type"), Some("application/json"));

        let part = ask(
            address,
            "GET",
            path,
            "range: bytes=0-3\r\nif-modified-since: Fri, 01 Jan 2100 00:00:00 GMT\r\n",
        );
        assert_eq!((part.status, part.body.as_str()), (200, expected));
        let head = ask(address, "HEAD", path, "");
        assert_eq!(head.header("content-length"), Some(expected.len().to_string().as_str()));
        assert_eq!(head.body, "");

        assert_eq!(ask(address, "GET", "/v-0a1b/chains/purchase.json", "").body, CHAIN);
        assert_eq!(ask(address, "GET", "/chains/http-pipeline.json", "").status, 404);
        assert_eq!(ask(address, "POST", path, "content-length: 0\r\n").status, 405);
    });
}

#[test]
fn without_a_pipeline_the_example_chain_is_served_as_it_is() {
    with_site("absent", Pipeline::Absent, |address| {
        assert_eq!(ask(address, "GET", "/v-0a1b/chains/http-pipeline.json", "").body, CHAIN);
    });
}

/// The program itself; ended when dropped.
struct Program {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Program {
    fn start(dist: &Path, flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_baton-serve"))
            .arg("--dir")
            .arg(dist)
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, lines }
    }

    fn address(&mut self, what: &str) -> SocketAddr {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        let address = line.trim_end().strip_prefix(&format!("{what} listening on http://"));
        address
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("{line:?} names no {what}"))
    }

    fn terminated(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().expect("sent");
        assert!(sent.success());
        self.child.wait().expect("ended")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_program_serves_the_page_and_the_pipeline_until_it_is_told_to_stop() {
    let folder = Folder::new("program");
    let mut program = Program::start(&folder.dist(), &["--port", "0", "--pipeline-port", "0"]);
    let baton = program.address("baton");
    let pipeline = program.address("pipeline");
    assert_eq!(ask(baton, "GET", "/", "").status, 200);
    let chain = ask(baton, "GET", "/v-0a1b/chains/http-pipeline.json", "");
    assert!(chain.body.contains(&format!("http://{pipeline}/warehouse")), "{}", chain.body);
    let from_page = ask(pipeline, "GET", "/", &format!("origin: http://{baton}\r\n"));
    assert!(from_page.header("access-control-allow-origin").is_some(), "{}", from_page.head);
    // A browser keeps connections open: they must not keep the server.
    let idle = TcpStream::connect(baton).expect("connected");
    assert!(program.terminated().success());
    drop(idle);
}

#[test]
fn without_a_pipeline_the_program_serves_the_page_alone() {
    let folder = Folder::new("alone");
    let mut program = Program::start(&folder.dist(), &["--port", "0", "--no-pipeline"]);
    let baton = program.address("baton");
    assert_eq!(ask(baton, "GET", "/embed.js", "").body, "export {};");
    assert!(program.terminated().success());
}

#[test]
fn a_port_in_use_is_said_with_the_flag_that_mends_it() {
    let folder = Folder::new("taken");
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("known").port().to_string();
    for (flag, other) in [("--port", "--pipeline-port"), ("--pipeline-port", "--port")] {
        let output = Command::new(env!("CARGO_BIN_EXE_baton-serve"))
            .arg("--dir")
            .arg(folder.dist())
            .args([flag, &port, other, "0"])
            .output()
            .expect("ended");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(message.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{message}");
        assert!(
            message.trim_end().ends_with(&format!("choose another port with {flag}")),
            "{message}"
        );
    }
}

#[test]
fn a_folder_without_a_page_is_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_baton-serve"))
        .args(["--dir", "no-such-folder"])
        .output()
        .expect("ended");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        message.contains("no-such-folder holds no index.html: run `cargo xtask build` first"),
        "{message}"
    );
}
