//! What a diagnosis says: each with its mend, in both languages.

use baton_engine::locale::Locale;
use baton_engine::verify::{Diagnosis, Permission, diagnosis};

const ORIGIN: &str = "https://baton.example";

fn wanted() -> Permission {
    Permission {
        origin: ORIGIN.into(),
        target: "http://a.example/".into(),
        method: "GET".into(),
        headers: Vec::new(),
        credentials: false,
    }
}

fn english(diagnosis: &Diagnosis) -> String {
    diagnosis.sentence(Locale::En)
}

#[test]
fn a_server_that_does_not_allow_us_is_told_which_header_to_add() {
    assert_eq!(
        english(&Diagnosis::NotAllowed(wanted())),
        "server reached, but it, or where it redirects to, does not allow this origin; add \
         `Access-Control-Allow-Origin: https://baton.example`; in nginx: \
         `add_header Access-Control-Allow-Origin https://baton.example always;`; \
         or set \"transport\": \"proxy\""
    );
}

#[test]
fn a_preflight_is_named_with_what_needs_it_and_what_to_answer() {
    let wanted = Permission {
        method: "PUT".into(),
        headers: vec!["authorization".into(), "x-run".into()],
        credentials: true,
        ..wanted()
    };
    let sentence = english(&Diagnosis::Unread(wanted.clone()));
    for part in [
        "PUT is never probed",
        "(PUT, `authorization`, `x-run` needs a preflight)",
        "`Access-Control-Allow-Origin: https://baton.example`",
        "`Access-Control-Allow-Credentials: true`",
        "`Access-Control-Allow-Methods: PUT`",
        "`Access-Control-Allow-Headers: authorization, x-run`",
        "OPTIONS",
    ] {
        assert!(sentence.contains(part), "{part} in {sentence}");
    }
    let chinese = Diagnosis::NotAllowed(wanted).sentence(Locale::Zh);
    assert!(chinese.contains("（PUT、`authorization`、`x-run` 需要预检）"), "{chinese}");
}

/// What is said of a system at this address.
fn said_at(target: &str, headers: &[&str], locale: Locale) -> String {
    let headers = headers.iter().map(|&name| name.to_owned()).collect();
    Diagnosis::NotAllowed(Permission { target: target.into(), headers, ..wanted() })
        .sentence(locale)
}

#[test]
fn systems_are_known_by_their_addresses_only_where_those_tell() {
    for (url, name) in [
        ("http://h:9090/micro/good", "Snowplow Micro"),
        ("https://www.google-analytics.com/debug/mp/collect", "Google Analytics"),
        ("https://matomo.example/index.php", "Matomo"),
        ("https://h/piwik/index.php", "Matomo"),
        ("https://h/api/projects/7/events/", "PostHog"),
        ("https://h/api/websites/7/events", "Umami"),
        ("http://h:9090/api/v1/query", "Prometheus"),
        ("http://h:9200/i/_doc/1", "Elasticsearch"),
        ("https://h/i/_count", "Elasticsearch"),
        ("http://h:8123/", "ClickHouse"),
        ("http://h:8001/db/t.json", "Datasette"),
    ] {
        let english = said_at(url, &[], Locale::En);
        assert!(english.contains(&format!("if this is {name}: ")), "{url}: {english}");
    }
    assert!(said_at("https://h/", &["x-clickhouse-user"], Locale::En).contains("ClickHouse"));
    for url in ["https://h/report.json", "https://h/index.php", "no address", "http://"] {
        let english = said_at(url, &[], Locale::En);
        assert!(english.contains("in nginx: "), "{url}: {english}");
    }
}

#[test]
fn each_system_has_its_exact_setting_in_both_languages() {
    let elasticsearch = "`http.cors.enabled: true`, `http.cors.allow-origin: \"https://baton.example\"`, \
         `http.cors.allow-headers: \"X-Requested-With, Content-Type, Content-Length, authorization\"`";
    let proxy = "\"transport\": \"proxy\"";
    for (target, name, setting) in [
        ("https://matomo.example/", "Matomo", "`cors_domains[] = \"https://baton.example\"`"),
        ("http://h/api/v1/query", "Prometheus", "`--web.cors.origin='https://baton\\.example'`"),
        ("http://h:9200/", "Elasticsearch", elasticsearch),
        ("http://h:8123/", "ClickHouse", "`add_http_cors_header=1`"),
        ("http://h:8001/t.json", "Datasette", "`--cors`"),
        ("http://h/micro/good", "Snowplow Micro", proxy),
        ("https://www.google-analytics.com/mp/collect", "Google Analytics", proxy),
        ("http://h/api/projects/1/", "PostHog", proxy),
        ("http://h/api/websites/1/", "Umami", "`Authorization`"),
    ] {
        let said = |locale| said_at(target, &["authorization"], locale);
        let (english, chinese) = (said(Locale::En), said(Locale::Zh));
        assert!(english.contains(&format!("if this is {name}: ")), "{english}");
        assert!(chinese.contains(&format!("如果这是 {name}：")), "{chinese}");
        assert!(english.contains(setting) && chinese.contains(setting), "{english} {chinese}");
    }
}

#[test]
fn every_diagnosis_is_said_in_both_languages_without_a_full_stop() {
    let text = || "x".to_owned();
    for diagnosis in [
        Diagnosis::Offline,
        Diagnosis::MixedContent,
        Diagnosis::OwnPolicy { target: text() },
        Diagnosis::ForbiddenHeader { name: text() },
        Diagnosis::BadAddress { message: text() },
        Diagnosis::NotAllowed(wanted()),
        Diagnosis::NoAnswer,
        Diagnosis::Unread(wanted()),
    ] {
        let (english, chinese) = (english(&diagnosis), diagnosis.sentence(Locale::Zh));
        assert!(!english.ends_with('.') && !chinese.ends_with('。'), "{english} {chinese}");
        assert!(english.is_ascii(), "{english}");
        assert!(!chinese.is_ascii(), "{chinese}");
    }
}

#[test]
fn what_the_proxy_did_is_said_with_its_mend() {
    let proxy = |code: &str, about: &[&str]| {
        let about = about.iter().map(|&about| about.to_owned()).collect();
        let diagnosis = Diagnosis::Proxy { code: code.into(), about };
        (english(&diagnosis), diagnosis.sentence(Locale::Zh))
    };
    for (code, about, part) in [
        (diagnosis::NO_PROXY, vec![], "baton-serve --proxy proxy.toml"),
        (diagnosis::SILENT, vec![], "proxy"),
        ("no_token", vec![], "token"),
        ("token", vec![], "token"),
        (diagnosis::NOT_LISTED, vec!["http://h"], "`base = \"http://h\"`"),
        (diagnosis::HEADER, vec!["x-run", "up"], "`x-run`"),
    ] {
        let (english, chinese) = proxy(code, &about);
        assert!(english.contains(part), "{english}");
        assert!(!chinese.is_ascii() && chinese.contains("代理"), "{chinese}");
    }
    let own = proxy("slow", &["no whole answer within 10 ms", "10 毫秒内没有完整的响应"]);
    assert_eq!(own.0, "the proxy: no whole answer within 10 ms");
    assert_eq!(own.1, "代理：10 毫秒内没有完整的响应");
}

#[test]
fn what_the_proxy_says_may_pass_only_where_polling_mends_it() {
    for (code, passes) in [("slow", true), ("unreachable", true), ("busy", true), ("method", false)]
    {
        let diagnosis = Diagnosis::Proxy { code: code.into(), about: Vec::new() };
        assert_eq!(diagnosis.may_pass_by_itself(), passes);
    }
}
