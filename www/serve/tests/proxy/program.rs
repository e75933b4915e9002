//! The program: when it starts, and when it says why not.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use baton_serve::proxy::{Config, Log, Proxy, System};

use crate::scene::Folder;

const UPSTREAM: &str = "[upstreams.up]\nbase = \"https://a.example\"\npaths = [\"/v1\"]\n";

fn start(config: &str, folder: &Path, listening: &str) -> Result<(), String> {
    let config = Config::parse(config, folder).map_err(|error| error.to_string())?;
    let listening: SocketAddr = listening.parse().expect("an address");
    let proxy = Proxy::new(config, listening, System, Log::new(|_| {}));
    proxy.map(drop).map_err(|error| error.to_string())
}

#[test]
fn a_server_that_others_reach_needs_a_token_and_a_named_origin() {
    let folder = Folder::new();
    let named = format!("origins = [\"https://baton.example\"]\n{UPSTREAM}");
    let with_token = format!("token = {{ file = \"token\" }}\n{named}");
    for listening in ["0.0.0.0:8787", "192.168.1.5:8787", "[::]:8787", "[2001:db8::1]:80"] {
        let error = start(&named, folder.path(), listening).expect_err("no token");
        assert!(
            error.starts_with("token: none is given") && error.ends_with("listen on 127.0.0.1"),
            "{error}"
        );
        assert_eq!(start(&with_token, folder.path(), listening), Ok(()));
        let own = with_token.replace("https://baton.example", "self");
        let error = start(&own, folder.path(), listening).expect_err("no origin");
        assert!(error.contains("\"self\" means nothing where others reach"), "{error}");
    }
    for listening in ["127.0.0.1:8787", "[::1]:8787"] {
        assert_eq!(start(&named, folder.path(), listening), Ok(()));
    }
}

#[test]
fn a_secret_that_cannot_be_read_or_kept_is_said_without_it() {
    let folder = Folder::new();
    for (token, words) in [
        ("{ file = \"missing\" }", "cannot be read"),
        ("{ file = \"short\" }", "fewer than 16 characters"),
        ("{ env = \"BATON_TEST_SURELY_NOT_SET\" }", "BATON_TEST_SURELY_NOT_SET is not set"),
    ] {
        let text = format!("token = {token}\norigins = [\"self\"]\n{UPSTREAM}");
        let error = start(&text, folder.path(), "127.0.0.1:1").expect_err(token);
        assert!(error.starts_with("token: ") && error.contains(words), "{error}");
        assert!(!error.contains("0123456789"), "{error}");
    }
    let text = format!(
        "origins = [\"self\"]\n{UPSTREAM}[upstreams.up.secrets.k]\nquery = \"k\"\nfile = \"missing\""
    );
    let error = start(&text, folder.path(), "127.0.0.1:1").expect_err("missing");
    assert!(error.starts_with("upstreams.up.secrets.k: the file "), "{error}");
}

#[test]
fn an_upstream_cannot_be_this_very_server() {
    let folder = Folder::new();
    for base in ["http://127.0.0.1:8787", "http://localhost:8787"] {
        let text = format!(
            "origins = [\"self\"]\n[upstreams.up]\nbase = \"{base}\"\nall_paths = true\nprivate = [\"127.0.0.1\"]"
        );
        let error = start(&text, folder.path(), "127.0.0.1:8787").expect_err(base);
        assert!(error.contains("base is this very server"), "{error}");
        assert_eq!(start(&text, folder.path(), "127.0.0.1:8788"), Ok(()));
    }
}

#[test]
fn a_config_that_is_refused_ends_the_program_with_its_line() {
    let folder = Folder::new();
    let file = folder.path().join("proxy.toml");
    for (text, words) in [
        (
            "origins = [\"self\"]\n[upstreams.up]\nbase = \"https://a.example\"\npath = []\n",
            "unknown key",
        ),
        ("", "origins: none is given"),
    ] {
        std::fs::write(&file, text).expect("written");
        let output = Command::new(env!("CARGO_BIN_EXE_baton-serve"))
            .args(["--port", "0", "--no-pipeline", "--dir"])
            .arg(folder.path())
            .arg("--proxy")
            .arg(&file)
            .output()
            .expect("ended");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty(), "{message}");
        assert!(
            message.contains("the config of the proxy, ") && message.contains(words),
            "{message}"
        );
    }
}

#[test]
fn the_program_takes_secrets_from_its_environment_and_logs_none() {
    let folder = Folder::new();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("known").port();
    let file = folder.path().join("proxy.toml");
    let text = format!(
        "origins = [\"self\"]\ntoken = {{ env = \"BATON_TEST_TOKEN\" }}\n[upstreams.up]\nbase = \"http://127.0.0.1:{port}\"\nprivate = [\"127.0.0.1\"]\npaths = [\"/v1\"]\n[upstreams.up.secrets.key]\nquery = \"key\"\nenv = \"BATON_TEST_KEY\"\n"
    );
    std::fs::write(&file, text).expect("written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_baton-serve"))
        .args(["--port", "0", "--no-pipeline", "--dir"])
        .arg(folder.path())
        .arg("--proxy")
        .arg(&file)
        .env("BATON_TEST_TOKEN", "token-of-the-page")
        .env("BATON_TEST_KEY", "key-of-the-upstream")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let address = line.trim_end().strip_prefix("baton listening on http://").expect("an address");
    let upstream = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("accepted");
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).expect("a request");
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").expect("answered");
        line
    });
    let mut stream = TcpStream::connect(address).expect("connected");
    let request = format!(
        "GET /proxy/up/v1?id=hidden HTTP/1.1\r\nhost: {address}\r\nx-baton-token: token-of-the-page\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    let asked = upstream.join().expect("asked");
    assert_eq!(asked, "GET /v1?id=hidden&key=key-of-the-upstream HTTP/1.1\r\n");
    child.kill().expect("running");
    let mut log = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut log).expect("a log");
    child.wait().expect("ended");
    assert!(log.contains("upstream=up path=/proxy/up/v1?id=… status=204"), "{log}");
    for word in ["hidden", "key-of", "token-of"] {
        assert!(!log.contains(word), "{log}");
    }
}
