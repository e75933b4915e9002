//! What a config may say, and what it may not.

use std::path::Path;
use std::time::Duration;

use axum::http::Method;

use super::*;
use crate::proxy::path::Paths;

const GOOD: &str = r#"
origins = ["self"]
[upstreams.matomo]
base = "https://Matomo.example/analytics/"
paths = ["/index.php"]
"#;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("/etc/baton")).map_err(|error| error.to_string())
}

/// With an upstream of these lines.
fn upstream(lines: &str) -> Result<Config, String> {
    parse(&format!("origins = [\"self\"]\n[upstreams.a]\n{lines}\n"))
}

#[test]
fn the_least_config_has_safe_defaults() {
    let config = parse(GOOD).expect("good");
    assert_eq!((config.origins, config.token), (vec![Origin::Own], None));
    let rule = &config.upstreams["matomo"];
    assert_eq!(rule.base.url(), "https://matomo.example/analytics");
    assert_eq!(rule.paths, Paths::Below(vec!["/index.php".into()]));
    assert_eq!(rule.methods, [Method::GET, Method::HEAD]);
    assert!(rule.reach.public && rule.reach.private.is_empty());
    assert_eq!(rule.limits.timeout, Duration::from_secs(10));
    assert_eq!((rule.limits.request_bytes, rule.limits.response_bytes), (65_536, 1_048_576));
    assert!(rule.secrets.is_empty() && rule.request_headers.is_empty());
}

#[test]
fn every_key_is_read() {
    let config = parse(
        r#"
        origins = ["https://Baton.example:443", "http://localhost:8787"]
        token = { file = "token" }
        [upstreams.clickhouse]
        base = "http://10.0.0.5:8123"
        all_paths = true
        methods = ["POST"]
        private = ["10.0.0.5"]
        timeout_ms = 500
        max_request_bytes = 1_000
        max_response_bytes = 2_000
        request_headers = ["X-Query-Id", "authorization"]
        response_headers = ["x-clickhouse-summary"]
        ca_file = "ca.pem"
        [upstreams.clickhouse.secrets.password]
        header = "authorization"
        basic_user = "reader"
        env = "CLICKHOUSE_PASSWORD"
        [upstreams.clickhouse.secrets.key]
        query = "key"
        format = "v1-{}"
        file = "key"
        "#,
    )
    .expect("good");
    let known = |text: &str| Origin::At(text.to_owned());
    assert_eq!(config.origins, [known("https://baton.example"), known("http://localhost:8787")]);
    assert_eq!(config.token, Some(Source::File("token".into())));
    let rule = &config.upstreams["clickhouse"];
    assert_eq!((&rule.paths, &rule.methods[..]), (&Paths::All, &[Method::POST][..]));
    assert_eq!(rule.limits.timeout, Duration::from_millis(500));
    assert_eq!((rule.limits.request_bytes, rule.limits.response_bytes), (1_000, 2_000));
    assert_eq!(rule.request_headers, ["x-query-id", "authorization"]);
    // A secret over http goes to listed addresses only.
    assert!(!rule.reach.public);
    let names: Vec<&str> = rule.secrets.iter().map(|secret| secret.name.as_str()).collect();
    assert_eq!(names, ["key", "password"]);
    assert_eq!(rule.secrets[0].form, Form::Between("v1-".into(), String::new()));
    assert_eq!(rule.secrets[1].form, Form::Basic("reader".into()));
    assert_eq!(rule.secrets[1].source, Source::Variable("CLICKHOUSE_PASSWORD".into()));
}

#[test]
fn what_would_be_an_open_relay_is_refused_with_its_mend() {
    let https = "base = \"https://a.example\"";
    for (lines, words) in [
        ("paths = [\"/v1\"]", "base is missing: base = \"https://host\""),
        ("base = \"https://*.example\"\npaths = [\"/v1\"]", "line 3: upstreams.a.base: a wildcard"),
        ("base = \"https://{host}\"\npaths = [\"/v1\"]", "a wildcard"),
        ("base = \"*\"\nall_paths = true", "a wildcard"),
        ("base = \"https://\"\nall_paths = true", "this is no address"),
        ("base = \"//a.example\"\nall_paths = true", "this is no address"),
        ("base = \"ftp://a.example\"\nall_paths = true", "this is no address"),
        ("base = \"https://a.example:x\"\nall_paths = true", "this is no address"),
        ("base = \"https://me:pass@a.example\"\nall_paths = true", "leave out user"),
        ("base = \"https://a.example/../b\"\nall_paths = true", "its path has dots"),
        (https, "paths is missing, so all would be open"),
        (&format!("{https}\nall_paths = false"), "paths is missing"),
        (&format!("{https}\npaths = []"), "from 1 to 100"),
        (&format!("{https}\npaths = [\"/\"]"), "say all_paths = true instead"),
        (&format!("{https}\npaths = [\"/v1\"]\nall_paths = true"), "keep one of the two"),
        (&format!("{https}\npaths = [\"/v1/../\"]"), "is no plain path"),
        (&format!("{https}\npaths = [\"/v1/*\"]"), "is no plain path"),
        (&format!("{https}\npaths = [\"v1\"]"), "is no plain path"),
        (&format!("{https}\nall_paths = true\nmethods = [\"*\"]"), "known are GET, HEAD"),
        (&format!("{https}\nall_paths = true\nmethods = [\"CONNECT\"]"), "known are GET"),
        (&format!("{https}\nall_paths = true\nmethods = [\"get\"]"), "known are GET"),
        (&format!("{https}\nall_paths = true\nprivate = [\"0.0.0.0/0\"]"), "wider than any"),
        (&format!("{https}\nall_paths = true\nprivate = [\"*\"]"), "is no address"),
        (&format!("{https}\nall_paths = true\ntimeout_ms = 0"), "from 1 to 120000"),
        (&format!("{https}\nall_paths = true\nmax_response_bytes = -1"), "from 1 to 100000000"),
        ("base = \"http://127.0.0.1:9\"\nall_paths = true", "private = [\"127.0.0.1\"]"),
        ("base = \"http://[::ffff:10.0.0.1]\"\nall_paths = true", "not on the public internet"),
        ("base = \"http://169.254.169.254\"\nall_paths = true", "not on the public internet"),
        (
            "base = \"http://169.254.169.254\"\nall_paths = true\nprivate = [\"169.254.0.0/16\"]",
            "not on the public internet",
        ),
    ] {
        let error = upstream(lines).expect_err(lines);
        assert!(error.contains(words), "{lines}\n{error}");
    }
}

#[test]
fn without_upstreams_or_origins_there_is_no_proxy() {
    let rest = "[upstreams.a]\nbase = \"https://a.example\"\npaths = [\"/v1\"]";
    for (text, words) in [
        ("origins = [\"self\"]".to_owned(), "upstreams: none is given"),
        ("origins = [\"self\"]\n[upstreams]".to_owned(), "upstreams: none is given"),
        (rest.to_owned(), "origins: none is given"),
        (format!("origins = []\n{rest}"), "line 1: origins: none is given"),
        (format!("origins = [\"*\"]\n{rest}"), "any page"),
        (format!("origins = [\"null\"]\n{rest}"), "any page"),
        (format!("origins = [\"https://*.example\"]\n{rest}"), "a wildcard"),
        (format!("origins = [\"baton.example\"]\n{rest}"), "this is no address"),
        (format!("origins = [\"https://b.example/\"]\n{rest}"), "write \"https://b.example\""),
        (format!("origins = \"self\"\n{rest}"), "a list of texts"),
    ] {
        let error = parse(&text).expect_err(&text);
        assert!(error.contains(words), "{text}\n{error}");
    }
}

#[test]
fn unknown_keys_are_errors_with_their_line_and_mend() {
    for (lines, expected) in [
        ("methds = []", "line 3: unknown key upstreams.a.methds; did you mean `methods`?"),
        (
            "allow_everything = true",
            "line 3: unknown key upstreams.a.allow_everything; known here: base, ",
        ),
    ] {
        let error = upstream(&format!("{lines}\nbase = \"https://a.example\"\npaths = [\"/v1\"]"));
        let error = error.expect_err(lines);
        assert!(error.starts_with(expected), "{error}");
    }
    let error = parse(&format!("{GOOD}[upstream.b]\n")).expect_err("unknown");
    assert_eq!(error, "line 6: unknown key upstream; did you mean `upstreams`?");
    assert!(parse("origins = [").expect_err("broken").starts_with("line 1: this is not TOML"));
    let error = parse(&GOOD.replace("matomo", "\"A b\"")).expect_err("a name");
    assert!(error.contains("small letters"), "{error}");
}

#[test]
fn secrets_are_never_written_in_the_config() {
    let base = "base = \"https://a.example\"\npaths = [\"/v1\"]\n";
    let token = parse(&format!("token = \"hunter2-hunter2\"\n{GOOD}")).expect_err("in clear");
    assert!(token.contains("line 1: token: the token is not written here"), "{token}");
    for (lines, words) in [
        ("secrets = \"hunter2-hunter2\"", "a secret is not written here"),
        ("secrets.key = \"hunter2-hunter2\"", "a secret is not written here"),
        (
            "[upstreams.a.secrets.key]\nheader = \"x-key\"\nvalue = \"hunter2-hunter2\"",
            "upstreams.a.secrets.key: a secret's value is not written here: say env",
        ),
        ("[upstreams.a.secrets.key]\nheader = \"x-key\"", "say where it is kept"),
        ("[upstreams.a.secrets.key]\nenv = \"KEY\"", "say where it goes"),
        ("[upstreams.a.secrets.key]\nheader = \"x\"\nquery = \"y\"\nenv = \"K\"", "one of the two"),
        ("[upstreams.a.secrets.key]\nheader = \"x\"\nfile = \"y\"\nenv = \"K\"", "one of the two"),
        ("[upstreams.a.secrets.key]\nheader = \"host\"\nenv = \"K\"", "made anew"),
        ("[upstreams.a.secrets.key]\nheader = \"a b\"\nenv = \"K\"", "no header's name"),
        ("[upstreams.a.secrets.key]\nheader = \"x\"\nformat = \"Bearer\"\nenv = \"K\"", "{} once"),
        (
            "[upstreams.a.secrets.key]\nheader = \"x\"\nformat = \"a\\r\\n{}\"\nenv = \"K\"",
            "{} once",
        ),
        (
            "[upstreams.a.secrets.key]\nquery = \"x\"\nbasic_user = \"u\"\nenv = \"K\"",
            "into a header",
        ),
    ] {
        let error = upstream(&format!("{base}{lines}")).expect_err(lines);
        assert!(error.contains(words), "{lines}\n{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let clear = "base = \"http://a.example\"\npaths = [\"/v1\"]\n[upstreams.a.secrets.k]\nquery = \"k\"\nenv = \"K\"";
    let error = upstream(clear).expect_err("in clear over the network");
    assert!(error.contains("cross the internet in clear; use https"), "{error}");
}

#[test]
fn headers_that_would_deceive_cannot_be_let_through() {
    let base = "base = \"https://a.example\"\npaths = [\"/v1\"]\n";
    for (key, names) in [
        (
            "request_headers",
            &[
                "cookie",
                "host",
                "connection",
                "transfer-encoding",
                "content-length",
                "te",
                "upgrade",
                "expect",
                "keep-alive",
                "proxy-authorization",
                "x-http-method-override",
                "x-method-override",
                "x-forwarded-for",
                "forwarded",
                "sec-fetch-site",
                "origin",
                "referer",
                "range",
                "accept-encoding",
                "x-baton-token",
            ][..],
        ),
        (
            "response_headers",
            &[
                "set-cookie",
                "location",
                "refresh",
                "link",
                "clear-site-data",
                "strict-transport-security",
                "content-security-policy",
                "access-control-allow-origin",
                "www-authenticate",
                "x-accel-redirect",
                "service-worker-allowed",
                "transfer-encoding",
                "x-baton-proxy",
            ][..],
        ),
    ] {
        for name in names {
            let error = upstream(&format!("{base}{key} = [\"{name}\"]")).expect_err(name);
            assert!(error.contains(name) && error.ends_with("leave it out"), "{error}");
        }
    }
}

#[test]
fn the_readmes_example_is_a_good_config() {
    let readme = include_str!("../../../../../README.md");
    let (_, example) = readme.split_once("```toml\n").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    let config = parse(example).expect("good");
    let names: Vec<&str> = config.upstreams.keys().map(String::as_str).collect();
    assert_eq!(names, ["clickhouse", "matomo"]);
    assert!(config.token.is_some());
}
