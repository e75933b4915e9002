//! Which headers a path is served with.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");

/// For pages, and for everything else too, where it does nothing.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'",
);

/// A worker obeys the policy of its own script: this one lets it poll any system, which the page may not.
const WORKER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src http: https:; base-uri 'none'",
);

/// The modules that other pages import, and their types.
const ENTRIES: [&str; 3] = ["/embed.js", "/scheduler.js", "/scheduler.d.ts"];

/// Not the video format of the same ending.
const TYPES: HeaderValue = HeaderValue::from_static("application/typescript");

/// Adds to what the file service has set.
pub(crate) fn decorate(path: &str, caching: Caching, headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, policy(path));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, caching.value());
    if is_embeddable(path) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if path.ends_with(".d.ts") && headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, TYPES);
    }
    if let Some(text) = headers.get(CONTENT_TYPE).and_then(with_charset) {
        headers.insert(CONTENT_TYPE, text);
    }
}

/// How long a browser may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caching {
    Never,
    ForEver,
}

impl Caching {
    /// Only what lies in a folder named by its contents never changes.
    pub(crate) fn of(path: &str) -> Self {
        if is_versioned(path) { Self::ForEver } else { Self::Never }
    }

    fn value(self) -> HeaderValue {
        match self {
            Self::Never => HeaderValue::from_static("no-store"),
            Self::ForEver => HeaderValue::from_static("public, max-age=31536000, immutable"),
        }
    }
}

fn is_versioned(path: &str) -> bool {
    let folder = path.strip_prefix("/v-").and_then(|rest| rest.split_once('/'));
    folder.is_some_and(|(_, file)| !file.is_empty())
}

/// What a page of another origin loads when it embeds Baton.
fn is_embeddable(path: &str) -> bool {
    ENTRIES.contains(&path) || is_versioned(path)
}

fn policy(path: &str) -> HeaderValue {
    if path.rsplit('/').next() == Some("worker.js") { WORKER_POLICY } else { PAGE_POLICY }
}

fn with_charset(content_type: &HeaderValue) -> Option<HeaderValue> {
    let text = content_type.to_str().ok()?;
    let bare = text.starts_with("text/") && !text.contains("charset");
    bare.then(|| HeaderValue::from_str(&format!("{text}; charset=utf-8")).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_in_a_versioned_folder_are_kept_for_ever() {
        for (path, expected) in [
            ("/v-0a1b/pkg/ui/baton_ui.js", Caching::ForEver),
            ("/v-0a1b/worker.js", Caching::ForEver),
            ("/v-0a1b/", Caching::Never),
            ("/v-0a1b", Caching::Never),
            ("/", Caching::Never),
            ("/embed.js", Caching::Never),
            ("/scheduler.js", Caching::Never),
            ("/scheduler.d.ts", Caching::Never),
            ("/deep/v-0a1b/a.js", Caching::Never),
        ] {
            assert_eq!(Caching::of(path), expected, "{path}");
        }
    }

    #[test]
    fn only_text_gets_a_charset() {
        let typed = |value: &'static str| with_charset(&HeaderValue::from_static(value));
        assert_eq!(
            typed("text/javascript"),
            Some(HeaderValue::from_static("text/javascript; charset=utf-8"))
        );
        assert_eq!(typed("text/html; charset=utf-8"), None);
        assert_eq!(typed("application/wasm"), None);
    }
}
