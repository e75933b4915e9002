//! What a diagnosis says: each with its mend, in both languages.

use baton_engine::locale::Locale;
use baton_engine::verify::{Diagnosis, Permission, System};

const ORIGIN: &str = "https://baton.example";

fn wanted() -> Permission {
    Permission {
        origin: ORIGIN.into(),
        method: None,
        headers: Vec::new(),
        credentials: false,
        system: None,
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
        method: Some("PUT".into()),
        headers: vec!["authorization".into(), "x-run".into()],
        credentials: true,
        ..wanted()
    };
    let sentence = english(&Diagnosis::Unread { asked: "PUT".into(), wanted: wanted.clone() });
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

#[test]
fn systems_are_known_by_their_addresses_only_where_those_tell() {
    let at = |url: &str| System::at(url, &[]);
    for (url, want) in [
        ("http://h:9090/micro/good", Some(System::SnowplowMicro)),
        ("https://www.google-analytics.com/debug/mp/collect", Some(System::GoogleAnalytics)),
        ("https://m.example/index.php?module=API&method=Live", Some(System::Matomo)),
        ("https://h/api/projects/7/events/", Some(System::PostHog)),
        ("https://h/api/websites/7/events?startAt=1", Some(System::Umami)),
        ("http://h:9090/api/v1/query?query=up", Some(System::Prometheus)),
        ("http://h:9200/i/_doc/1", Some(System::Elasticsearch)),
        ("https://h/i/_count#x", Some(System::Elasticsearch)),
        ("http://h:8123/?query=SELECT", Some(System::ClickHouse)),
        ("http://h:8001/db/t.json?_shape=objects", Some(System::Datasette)),
        ("https://h/report.json", None),
        ("https://h/?next=/micro/", None),
        ("no address", None),
        ("http://", None),
    ] {
        assert_eq!(at(url), want, "{url}");
    }
    let headers = [("X-ClickHouse-User".to_owned(), "reader".to_owned())];
    assert_eq!(System::at("https://h/", &headers), Some(System::ClickHouse));
}

#[test]
fn each_system_has_its_exact_setting_in_both_languages() {
    let said = |system, locale| {
        let headers = vec!["authorization".into()];
        let wanted = Permission { headers, system: Some(system), ..wanted() };
        Diagnosis::NotAllowed(wanted).sentence(locale)
    };
    let elasticsearch = "`http.cors.enabled: true`, `http.cors.allow-origin: \"https://baton.example\"`, \
         `http.cors.allow-headers: \"X-Requested-With, Content-Type, Content-Length, authorization\"`";
    let proxy = "\"transport\": \"proxy\"";
    for (system, name, setting) in [
        (System::Matomo, "Matomo", "`cors_domains[] = \"https://baton.example\"`"),
        (System::Prometheus, "Prometheus", "`--web.cors.origin='https://baton\\.example'`"),
        (System::Elasticsearch, "Elasticsearch", elasticsearch),
        (System::ClickHouse, "ClickHouse", "`add_http_cors_header=1`"),
        (System::Datasette, "Datasette", "`--cors`"),
        (System::SnowplowMicro, "Snowplow Micro", proxy),
        (System::GoogleAnalytics, "Google Analytics", proxy),
        (System::PostHog, "PostHog", proxy),
        (System::Umami, "Umami", "`Authorization`"),
    ] {
        let (english, chinese) = (said(system, Locale::En), said(system, Locale::Zh));
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
        Diagnosis::NoAnswerLocally,
        Diagnosis::Unread { asked: "POST".into(), wanted: wanted() },
        Diagnosis::NoProxy,
        Diagnosis::ProxySilent,
        Diagnosis::ProxyToken { given: false },
        Diagnosis::ProxyToken { given: true },
        Diagnosis::NoUpstream { target: text() },
        Diagnosis::ProxyHeader { name: text(), upstream: text() },
        Diagnosis::ProxyRefused { code: text(), en: "slow".into(), zh: "慢".into() },
    ] {
        let (english, chinese) = (english(&diagnosis), diagnosis.sentence(Locale::Zh));
        assert!(!english.ends_with('.') && !chinese.ends_with('。'), "{english} {chinese}");
        assert!(english.is_ascii(), "{english}");
        assert!(!chinese.is_ascii(), "{chinese}");
    }
}

#[test]
fn what_the_proxy_says_may_pass_only_where_polling_mends_it() {
    for (code, passes) in [("slow", true), ("unreachable", true), ("busy", true), ("method", false)]
    {
        let (code, en, zh) = (code.to_owned(), String::new(), String::new());
        assert_eq!(Diagnosis::ProxyRefused { code, en, zh }.may_pass_by_itself(), passes);
    }
}
