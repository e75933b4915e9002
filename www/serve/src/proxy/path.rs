//! Which paths of an upstream may be asked for. Pure.
//!
//! A path is passed on as it was written, so it must mean one and the same thing to everyone who reads it on its way:
//! whatever some server would decode, shorten or resolve differently is refused, never repaired.

use std::borrow::Cow;

/// Longer paths and queries are refused.
pub(crate) const MAX_TARGET_BYTES: usize = 8 * 1024;

/// The part of an upstream that its config opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Paths {
    /// `all_paths = true`.
    All,
    /// Each begins with a slash, and stands for itself and what is below it.
    Below(Vec<String>),
}

/// Why a path is not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathFault {
    /// `.`, `..`, and what some system takes for them.
    Dots,
    /// `//`: some servers merge them, to others the next is a host.
    EmptySegment,
    /// A slash or backslash inside a segment, encoded or not.
    Slash,
    /// A control character: a line break, a null.
    Control,
    /// Percent signs that encode nothing, encode twice, or encode what is not text.
    Encoding,
    /// Clear, and not in the list.
    Outside,
    /// Longer than [`MAX_TARGET_BYTES`].
    Long,
}

/// What Unicode's compatibility forms turn into dots.
const DOTS: [char; 6] = ['.', '\u{ff0e}', '\u{2024}', '\u{2025}', '\u{2026}', '\u{fe52}'];
/// And into slashes and backslashes.
const SLASHES: [char; 7] = ['/', '\\', '\u{ff0f}', '\u{ff3c}', '\u{2215}', '\u{2044}', '\u{fe68}'];

impl Paths {
    /// Whether `path`, which is as the request has it and begins with a slash, may be passed on.
    pub(crate) fn admit(&self, path: &str) -> Result<(), PathFault> {
        well_formed(path)?;
        match self {
            Self::All => Ok(()),
            // Letter by letter: another spelling of the prefix is not the prefix.
            Self::Below(prefixes) if prefixes.iter().any(|prefix| is_below(path, prefix)) => Ok(()),
            Self::Below(_) => Err(PathFault::Outside),
        }
    }
}

/// Whether all servers read `path` alike.
pub(crate) fn well_formed(path: &str) -> Result<(), PathFault> {
    if path.len() > MAX_TARGET_BYTES {
        return Err(PathFault::Long);
    }
    let segments = path.strip_prefix('/').ok_or(PathFault::Outside)?;
    let mut segments = segments.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if !(is_last && segment.is_empty()) {
            plain(segment)?;
        }
    }
    Ok(())
}

fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| prefix.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
}

fn plain(segment: &str) -> Result<(), PathFault> {
    let text = decoded(segment)?;
    if text.contains('%') {
        return Err(PathFault::Encoding);
    }
    if text.chars().any(char::is_control) {
        return Err(PathFault::Control);
    }
    if text.contains(SLASHES) {
        return Err(PathFault::Slash);
    }
    // Some servers cut a segment at its first semicolon before they resolve dots.
    let name = text.split(';').next().unwrap_or_default();
    if name.is_empty() {
        return Err(PathFault::EmptySegment);
    }
    // Windows drops spaces and dots at the end of a name.
    let is_dots = |c: char| c.is_whitespace() || DOTS.contains(&c);
    if name.chars().all(is_dots) { Err(PathFault::Dots) } else { Ok(()) }
}

fn decoded(segment: &str) -> Result<Cow<'_, str>, PathFault> {
    if !segment.contains('%') {
        return Ok(Cow::Borrowed(segment));
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = rest.next().and_then(hex).ok_or(PathFault::Encoding)?;
            let low = rest.next().and_then(hex).ok_or(PathFault::Encoding)?;
            bytes.push(high * 16 + low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| PathFault::Encoding)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn below(prefixes: &[&str]) -> Paths {
        Paths::Below(prefixes.iter().map(|&prefix| prefix.to_owned()).collect())
    }

    #[test]
    fn what_is_listed_and_what_is_below_it_passes() {
        let paths = below(&["/v1", "/index.php", "/reports/"]);
        for path in [
            "/v1",
            "/v1/",
            "/v1/events",
            "/v1/a%20b/%E6%8A%A5%E8%A1%A8",
            "/v1/..a/.hidden/a..b",
            "/v1/a;version=1",
            "/index.php",
            "/reports/",
            "/reports/2026.json",
        ] {
            assert_eq!(paths.admit(path), Ok(()), "{path}");
        }
        assert_eq!(Paths::All.admit("/"), Ok(()));
        assert_eq!(Paths::All.admit("/anything/at/all"), Ok(()));
    }

    #[test]
    fn what_is_beside_it_is_outside() {
        let paths = below(&["/v1", "/reports/"]);
        for path in ["/", "/v2", "/v1x", "/V1/a", "/reports", "/%761/a", "/v1;a/b", "/v1%3Fa"] {
            assert_eq!(paths.admit(path), Err(PathFault::Outside), "{path}");
        }
    }

    #[test]
    fn every_way_of_writing_a_step_up_is_refused() {
        for paths in [Paths::All, below(&["/v1/"])] {
            for (path, fault) in [
                ("/v1/../admin", PathFault::Dots),
                ("/v1/./admin", PathFault::Dots),
                ("/v1/..", PathFault::Dots),
                ("/v1/%2e%2e/admin", PathFault::Dots),
                ("/v1/.%2E/admin", PathFault::Dots),
                ("/v1/..;/admin", PathFault::Dots),
                ("/v1/..%3b/admin", PathFault::Dots),
                ("/v1/.../admin", PathFault::Dots),
                ("/v1/..%20/admin", PathFault::Dots),
                ("/v1/%EF%BC%8E%EF%BC%8E/admin", PathFault::Dots),
                ("/v1/%E2%80%A5/admin", PathFault::Dots),
                ("/v1//admin", PathFault::EmptySegment),
                ("//evil.example/v1", PathFault::EmptySegment),
                ("/v1/;a/admin", PathFault::EmptySegment),
                ("/v1/..%2fadmin", PathFault::Slash),
                ("/v1/%2e%2e%2Fadmin", PathFault::Slash),
                ("/v1/..\\admin", PathFault::Slash),
                ("/v1/..%5cadmin", PathFault::Slash),
                ("/v1/a%EF%BC%8F..", PathFault::Slash),
                ("/v1/%252e%252e/admin", PathFault::Encoding),
                ("/v1/..%252fadmin", PathFault::Encoding),
                ("/v1/%c0%ae%c0%ae/admin", PathFault::Encoding),
                ("/v1/%u002e%u002e/admin", PathFault::Encoding),
                ("/v1/%", PathFault::Encoding),
                ("/v1/%2", PathFault::Encoding),
                ("/v1/%+2", PathFault::Encoding),
                ("/v1/%00", PathFault::Control),
                ("/v1/a%0d%0aHost:%20evil", PathFault::Control),
                ("/v1/http://evil.example/", PathFault::EmptySegment),
                ("v1/a", PathFault::Outside),
                ("", PathFault::Outside),
            ] {
                assert_eq!(paths.admit(path), Err(fault), "{path}");
            }
        }
    }

    #[test]
    fn a_path_that_is_too_long_is_refused() {
        let long = format!("/{}", "a".repeat(MAX_TARGET_BYTES));
        assert_eq!(Paths::All.admit(&long), Err(PathFault::Long));
    }

    /// The most gullible server: decodes thrice, believes in backslashes and parameters, resolves dots.
    fn gullible(path: &str) -> Vec<String> {
        let mut bytes = path.as_bytes().to_vec();
        for _ in 0..3 {
            let mut decoded = Vec::new();
            let mut at = 0;
            while at < bytes.len() {
                let code = (bytes[at] == b'%' && at + 2 < bytes.len())
                    .then(|| Some(hex(bytes[at + 1])? * 16 + hex(bytes[at + 2])?))
                    .flatten();
                decoded.push(code.unwrap_or(bytes[at]));
                at += if code.is_some() { 3 } else { 1 };
            }
            bytes = decoded;
        }
        let text = String::from_utf8_lossy(&bytes).replace('\\', "/");
        let mut segments = Vec::new();
        for segment in text.split('/') {
            match segment.split(';').next().unwrap_or_default().trim_end() {
                "" | "." => {}
                ".." => drop(segments.pop()),
                name => segments.push(name.to_owned()),
            }
        }
        segments
    }

    proptest! {
        #[test]
        fn no_path_whatever_leaves_the_prefix(
            pieces in prop::collection::vec(
                prop_oneof![
                    Just("v1".to_owned()), Just("/".to_owned()), Just(".".to_owned()),
                    Just("..".to_owned()), Just("\\".to_owned()), Just(";".to_owned()),
                    Just("%2e".to_owned()), Just("%2F".to_owned()), Just("%5c".to_owned()),
                    Just("%25".to_owned()), Just("2e".to_owned()), Just("%00".to_owned()),
                    Just("%20".to_owned()), Just("%3b".to_owned()), Just("%c0%af".to_owned()),
                    Just("http:".to_owned()), "[a-z]{1,3}", "\\PC{1,2}",
                ],
                0..12,
            ),
            start in prop_oneof![Just("/v1/"), Just("/v1"), Just("/"), Just("")],
        ) {
            let path = format!("{start}{}", pieces.concat());
            if below(&["/v1"]).admit(&path).is_ok() {
                let segments = gullible(&path);
                prop_assert_eq!(segments.first().map(String::as_str), Some("v1"), "{}", path);
            }
        }

        #[test]
        fn no_text_whatever_breaks_the_guard(path in any::<String>()) {
            let _ = Paths::All.admit(&path);
        }
    }
}
