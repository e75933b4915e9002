//! Versions as programs print them: `wasm-pack 0.15.1`, `Chromium 156.0.8078.79 built on Debian`.

/// Three numbers; what a program leaves out is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub(super) u32, pub(super) u32, pub(super) u32);

impl Version {
    /// The first word of `text` that begins with a number and a dot, or with `v` and these.
    pub(super) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let word = word.strip_prefix('v').unwrap_or(word);
        let mut parts = word.split(['.', '-', '+']);
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?.parse().ok()?;
        let patch = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
        Some(Self(major, minor, patch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_where_programs_put_them() {
        for (text, expected) in [
            ("wasm-pack 0.15.1", Some(Version(0, 15, 1))),
            ("v20.20.2", Some(Version(20, 20, 2))),
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12", Some(Version(156, 0, 8078))),
            ("Google Chrome 140.0.1 ", Some(Version(140, 0, 1))),
            ("rustc 1.95.0-nightly (abc 2026-04-14)", Some(Version(1, 95, 0))),
            ("no version here", None),
            ("", None),
        ] {
            assert_eq!(Version::find(text), expected, "{text:?}");
        }
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(Version(0, 15, 1) < Version(0, 15, 10));
        assert!(Version(20, 10, 0) <= Version(20, 10, 0));
    }
}
