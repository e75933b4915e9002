//! Secrets: where they come from, and how they are kept out of what is shown.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A shorter one would be found by chance in what is masked, and guessed.
const MIN_BYTES: usize = 8;
const MAX_BYTES: u64 = 16 * 1024;

/// Where a secret is kept; never the config itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// An environment variable.
    Variable(String),
    /// A file, from the config's folder.
    File(PathBuf),
}

/// A value that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret")
    }
}

impl Secret {
    /// Reads it once, when the server starts. The error says what to do, and nothing of the value.
    pub(crate) fn read(source: &Source, folder: &Path) -> Result<Self, String> {
        let (place, text) = match source {
            Source::Variable(name) => {
                let place = format!("the environment variable {name}");
                let text = std::env::var(name)
                    .map_err(|_| format!("{place} is not set; set it before the server starts"))?;
                (place, text)
            }
            Source::File(path) => {
                let path = folder.join(path);
                let place = format!("the file {}", path.display());
                let text =
                    read_file(&path).map_err(|error| format!("{place} cannot be read: {error}"))?;
                (place, text)
            }
        };
        Self::of(text.trim_end_matches(['\r', '\n'])).map_err(|why| format!("{place} {why}"))
    }

    /// A value that fits into a header.
    pub(crate) fn of(text: &str) -> Result<Self, &'static str> {
        if text.len() < MIN_BYTES {
            return Err("holds fewer than 8 characters: too few to be kept out of what is shown");
        }
        if !text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Err("holds line breaks or letters beyond ASCII: a header cannot carry them");
        }
        Ok(Self(text.to_owned()))
    }

    /// For the request that it is meant for.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

fn read_file(path: &Path) -> std::io::Result<String> {
    let size = std::fs::metadata(path)?.len();
    if size > MAX_BYTES {
        return Err(std::io::Error::other("it is too long for a secret"));
    }
    std::fs::read_to_string(path)
}

/// Covers secrets by stars, as many as they are long, so that lengths stay true.
///
/// Sees a secret as it is, percent-encoded, within a form, in JSON and in base64: a net under what an upstream
/// may echo, not a proof.
#[derive(Clone, Default)]
pub(crate) struct Mask(Arc<[Vec<u8>]>);

impl fmt::Debug for Mask {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Mask({})", self.0.len())
    }
}

impl Mask {
    /// `values` are what is sent: secrets, and headers made of them.
    pub(crate) fn of<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words: Vec<Vec<u8>> = values.into_iter().flat_map(spellings).collect();
        // The longest first: what is sent before what it is made of.
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        words.dedup();
        Self(words.into())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For texts: error sentences, header values, log lines.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        self.cover(&mut bytes);
        // Words are ASCII, and so are stars: what was text stays text.
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// For bodies, which come in pieces.
    pub(crate) fn stream(&self) -> MaskStream {
        MaskStream { mask: self.clone(), held: Vec::new() }
    }

    fn cover(&self, bytes: &mut [u8]) {
        let mut found = Vec::new();
        for word in self.0.iter() {
            let mut from = 0;
            while let Some(at) = bytes.get(from..).and_then(|rest| position(rest, word)) {
                found.push(from + at..from + at + word.len());
                from += at + 1;
            }
        }
        for range in found {
            if let Some(part) = bytes.get_mut(range) {
                part.fill(b'*');
            }
        }
    }
}

/// Holds back as much as could be the beginning of a secret.
#[derive(Debug)]
pub(crate) struct MaskStream {
    mask: Mask,
    held: Vec<u8>,
}

impl MaskStream {
    /// What of the body so far may go on.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(piece);
        self.mask.cover(&mut self.held);
        let tail = self.mask.0.first().map_or(0, |longest| longest.len() - 1);
        let ready = self.held.len().saturating_sub(tail);
        let rest = self.held.split_off(ready);
        std::mem::replace(&mut self.held, rest)
    }

    /// The rest, when the body has ended.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }
}

fn position(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|&byte| byte == first)?;
        if bytes.get(at..)?.starts_with(word) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn spellings(value: &str) -> [Vec<u8>; 6] {
    let upper: String = value.bytes().map(percent).collect();
    let lower: String = value
        .bytes()
        .map(|byte| match percent(byte) {
            code if code.starts_with('%') => code.to_ascii_lowercase(),
            plain => plain,
        })
        .collect();
    let form: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let json = value.replace('\\', "\\\\").replace('"', "\\\"");
    [value.to_owned(), upper, lower, form, json, STANDARD.encode(value)].map(String::into_bytes)
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mask() -> Mask {
        Mask::of(["pa ss\"word/1"])
    }

    #[test]
    fn a_secret_is_covered_in_every_spelling_and_lengths_stay() {
        for (text, expected) in [
            ("a pa ss\"word/1 b", "a ************ b"),
            ("k=pa%20ss%22word%2F1&", "k=******************&"),
            ("k=pa%20ss%22word%2f1&", "k=******************&"),
            ("k=pa+ss%22word%2F1&", "k=****************&"),
            (r#"{"k": "pa ss\"word/1"}"#, r#"{"k": "*************"}"#),
            ("Basic cGEgc3Mid29yZC8x", "Basic ****************"),
            ("pa ss\"word/2", "pa ss\"word/2"),
        ] {
            assert_eq!(mask().text(text), expected);
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::of("hunter2-hunter2").expect("long enough");
        assert_eq!(format!("{secret:?} {:?}", Mask::of([secret.reveal()])), "Secret Mask(2)");
    }

    #[test]
    fn what_no_header_carries_is_refused() {
        for text in ["short", "", "two\r\nlines: here", "p\u{e4}ssw\u{f6}rter-lang"] {
            assert!(Secret::of(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn however_a_body_is_cut_the_secret_is_covered(
            cuts in prop::collection::vec(1_usize..7, 1..40),
            before in "[a-z ]{0,20}",
            after in "[a-z ]{0,20}",
        ) {
            let body = format!("{before}pa ss\"word/1{after}");
            let mut stream = mask().stream();
            let mut seen = Vec::new();
            let mut rest = body.as_bytes();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break }
                let (piece, next) = rest.split_at((*cut).min(rest.len()));
                seen.extend(stream.push(piece));
                rest = next;
            }
            seen.extend(stream.finish());
            prop_assert_eq!(String::from_utf8_lossy(&seen), format!("{before}************{after}"));
        }
    }
}
