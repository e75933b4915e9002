//! Systems that are known by their addresses, and the setting of each that lets a page of another origin
//! in. An address is a hint: the sentences say "if this is".

use super::diagnosis::Permission;
use crate::locale::Locale;

/// A system that has a setting of its own, or is known to have none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum System {
    /// Snowplow Micro.
    SnowplowMicro,
    /// Google Analytics 4's Measurement Protocol.
    GoogleAnalytics,
    /// Matomo.
    Matomo,
    /// `PostHog`.
    PostHog,
    /// Umami.
    Umami,
    /// Prometheus.
    Prometheus,
    /// Elasticsearch.
    Elasticsearch,
    /// `ClickHouse`.
    ClickHouse,
    /// Datasette.
    Datasette,
}

impl System {
    /// What is at an address, as far as its scheme, host, port and path, and headers of the request in lower
    /// case tell.
    pub(super) fn at(url: &str, headers: &[String]) -> Option<Self> {
        let (_, rest) = url.split_once("://")?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let is_at = |port: &str| authority.ends_with(port);
        let sends = |start: &str| headers.iter().any(|name| name.starts_with(start));
        let named = |name: &str| authority.contains(name) || path.contains(name);
        Some(if authority.ends_with("google-analytics.com") {
            Self::GoogleAnalytics
        } else if path.contains("/micro/") {
            Self::SnowplowMicro
        } else if path.contains("/api/projects/") {
            Self::PostHog
        } else if path.contains("/api/websites/") {
            Self::Umami
        } else if path.contains("/api/v1/query") {
            Self::Prometheus
        } else if named("matomo") || named("piwik") {
            Self::Matomo
        } else if is_at(":8123") || is_at(":8443") || sends("x-clickhouse-") {
            Self::ClickHouse
        } else if is_at(":9200") || path.ends_with("/_count") || path.ends_with("/_search") {
            Self::Elasticsearch
        } else if is_at(":8001") && path.rsplit('.').next() == Some("json") {
            Self::Datasette
        } else {
            return None;
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::SnowplowMicro => "Snowplow Micro",
            Self::GoogleAnalytics => "Google Analytics",
            Self::Matomo => "Matomo",
            Self::PostHog => "PostHog",
            Self::Umami => "Umami",
            Self::Prometheus => "Prometheus",
            Self::Elasticsearch => "Elasticsearch",
            Self::ClickHouse => "ClickHouse",
            Self::Datasette => "Datasette",
        }
    }

    /// The exact setting that allows what is wanted.
    pub(super) fn setting(self, wanted: &Permission, locale: Locale) -> String {
        let (name, origin) = (self.name(), &wanted.origin);
        let said = |en: String, zh: String| match locale {
            Locale::En => format!("if this is {name}: {en}"),
            Locale::Zh => format!("如果这是 {name}：{zh}"),
        };
        let line = |code: String, en: &str, zh: &str| {
            said(format!("{code} {en}"), format!("在 {zh} 中写 {code}"))
        };
        match self {
            Self::SnowplowMicro | Self::GoogleAnalytics | Self::PostHog => {
                said("it has no documented setting for that".into(), "它没有公开的相应设置".into())
            }
            Self::Umami => said(
                "it allows every origin, but with `*` for headers, which leaves `Authorization` out".into(),
                "它允许所有来源，但请求头以 `*` 表示，不含 `Authorization`".into(),
            ),
            Self::Matomo => line(
                format!("`cors_domains[] = \"{origin}\"`"),
                "under `[General]` in config/config.ini.php",
                "config/config.ini.php 的 `[General]`",
            ),
            Self::Prometheus => {
                // It is a regular expression, matched as a whole.
                let flag = format!("`--web.cors.origin='{}'`", origin.replace('.', "\\."));
                said(format!("start it with {flag}"), format!("请以 {flag} 启动"))
            }
            Self::Elasticsearch => {
                let mut code =
                    format!("`http.cors.enabled: true`, `http.cors.allow-origin: \"{origin}\"`");
                if !wanted.headers.is_empty() {
                    let names = wanted.headers.join(", ");
                    let known = "X-Requested-With, Content-Type, Content-Length";
                    code.extend([", `http.cors.allow-headers: \"", known, ", ", &names, "\"`"]);
                }
                if wanted.credentials {
                    code.push_str(", `http.cors.allow-credentials: true`");
                }
                line(code, "in elasticsearch.yml", "elasticsearch.yml")
            }
            Self::ClickHouse => said(
                "`add_http_cors_header=1` in the query or the user's profile; for a preflight \
                 `http_options_response` in config.xml"
                    .into(),
                "在查询或用户配置中设 `add_http_cors_header=1`；预检需在 config.xml 中设 `http_options_response`"
                    .into(),
            ),
            Self::Datasette => said("start it with `--cors`".into(), "请以 `--cors` 启动".into()),
        }
    }
}
