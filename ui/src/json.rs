//! Walks JSON text token by token, to find places in it. Never reads a number: 19.90 and 64-bit ids stay the text they
//! are. Lenient towards a text that breaks off.
//!
//! Where to start: [`lines_of`] for a document's problems; a body is a [`Tree`](crate::body::tree::Tree).

use std::fmt::Write;
use std::ops::Range;

use crate::body::path::Step;

/// In deeper texts no place is found: naming each would take time by the square.
const MAX_DEPTH: usize = 100;

/// The lines, from 1, at which the places of a document's problems stand: `stages[2].checks[0].op`.
/// A place that is not there (a missing key) has the line of the nearest one around it.
pub fn lines_of(text: &str, places: &[&str]) -> Vec<Option<usize>> {
    let mut best: Vec<Option<(usize, usize)>> = vec![None; places.len()];
    walk(text, |token, path| {
        if !matches!(token.kind, Kind::Key | Kind::Scalar | Kind::Open) {
            return;
        }
        let here = dotted(path);
        for (place, best) in places.iter().zip(&mut best) {
            if leads_to(&here, place) && best.is_none_or(|(length, _)| here.len() > length) {
                *best = Some((here.len(), token.range.start));
            }
        }
    });
    best.into_iter()
        .zip(places)
        .map(|(best, place)| {
            let (_, offset) = best.filter(|_| !place.is_empty())?;
            Some(text[..offset].matches('\n').count() + 1)
        })
        .collect()
}

/// Where the value of a key of the outermost object stands, if it is a text.
pub fn top_level_text(text: &str, key: &str) -> Option<Range<usize>> {
    let mut found = None;
    walk(text, |token, path| {
        let is_text = token.kind == Kind::Scalar && text[token.range.clone()].starts_with('"');
        if is_text && found.is_none() && matches!(path, [Step::Key(name)] if name == key) {
            found = Some(token.range);
        }
    });
    found
}

/// A text as a JSON string.
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // Writing to a String can't fail, here and below.
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text in a JSON string; anything else as it stands.
pub fn unquoted(json: &str) -> String {
    let Some(inner) = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return json.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).unwrap_or(0xfffd);
                // A half of a surrogate pair is shown as unknown: this is for eyes only.
                out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    Comma,
    Colon,
    Key,
    Scalar,
}

struct Token {
    kind: Kind,
    range: Range<usize>,
}

/// Visits each token with the path of the value it belongs to. Stops at the first token that JSON
/// does not have, and answers how many were visited; 0 when any was found that way, since what is
/// not JSON as a whole is not to be laid out in part.
fn walk(text: &str, mut visit: impl FnMut(Token, &[Step])) -> usize {
    let bytes = text.as_bytes();
    let mut path: Vec<Step> = Vec::new();
    // For each level, whether a key is awaited; None in arrays.
    let mut levels: Vec<Option<bool>> = Vec::new();
    let (mut at, mut seen) = (0, 0);
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let start = at;
        let Some(end) = token_end(bytes, at) else { return 0 };
        at = end;
        let range = start..end;
        seen += 1;
        match bytes[start] {
            open @ (b'{' | b'[') => {
                if levels.len() >= MAX_DEPTH {
                    return 0;
                }
                visit(Token { kind: Kind::Open, range }, &path);
                levels.push((open == b'{').then_some(true));
                path.push(if open == b'{' { Step::Key(String::new()) } else { Step::Index(0) });
            }
            b'}' | b']' => {
                if levels.pop().is_none() {
                    return 0;
                }
                path.pop();
                visit(Token { kind: Kind::Close, range }, &path);
            }
            b',' => {
                visit(Token { kind: Kind::Comma, range }, &path);
                match (levels.last_mut(), path.last_mut()) {
                    (Some(Some(awaits_key)), _) => *awaits_key = true,
                    (Some(None), Some(Step::Index(index))) => *index += 1,
                    _ => return 0,
                }
            }
            b':' => visit(Token { kind: Kind::Colon, range }, &path),
            first => match (levels.last_mut(), path.last_mut()) {
                (Some(Some(awaits_key @ true)), Some(Step::Key(key))) if first == b'"' => {
                    *awaits_key = false;
                    *key = unquoted(&text[range.clone()]);
                    visit(Token { kind: Kind::Key, range }, &path);
                }
                _ => visit(Token { kind: Kind::Scalar, range }, &path),
            },
        }
    }
    seen
}

/// The end of the token that begins at `at`. None when JSON has no such token.
pub fn token_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes[at] {
        b'{' | b'}' | b'[' | b']' | b',' | b':' => Some(at + 1),
        b'"' => {
            let mut end = at + 1;
            while end < bytes.len() {
                match bytes[end] {
                    b'"' => return Some(end + 1),
                    b'\\' => end += 2,
                    _ => end += 1,
                }
            }
            // The body breaks off inside a text.
            Some(bytes.len())
        }
        _ => {
            let length = bytes[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
                .count();
            let word = &bytes[at..at + length];
            let number = word.first().is_some_and(|first| first.is_ascii_digit() || *first == b'-')
                && word.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte));
            let cut = at + length == bytes.len();
            let literal = [&b"true"[..], b"false", b"null"]
                .iter()
                .any(|known| *known == word || (cut && length > 0 && known.starts_with(word)));
            (number || literal).then_some(at + length)
        }
    }
}

/// `rows[0].amount`, as problems name places.
fn dotted(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Index(index) => {
                let _ = write!(out, "[{index}]");
            }
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
            }
        }
    }
    out
}

/// Whether `place` is `here` or inside it.
fn leads_to(here: &str, place: &str) -> bool {
    place.strip_prefix(here).is_some_and(|rest| {
        here.is_empty() || rest.is_empty() || rest.starts_with('.') || rest.starts_with('[')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn problems_are_found_in_the_document() {
        let text = "{\n  \"stages\": [\n    {\"name\": 1},\n    {\n      \"checks\": [\n        {\"op\": 2}\n      ]\n    }\n  ]\n}";
        let lines = lines_of(
            text,
            &["stages[1].checks[0].op", "stages[1].request", "stages[0].name", "", "fields"],
        );
        assert_eq!(lines, [Some(6), Some(4), Some(3), None, Some(1)]);
    }

    #[test]
    fn a_name_is_found_at_the_top_only() {
        let text = r#"{"stages":[{"name":"a"}],"name":"b \"c\""}"#;
        let range = top_level_text(text, "name").unwrap();
        assert_eq!(unquoted(&text[range]), "b \"c\"");
        assert_eq!(unquoted(&quoted("x\n\"y\"\\")), "x\n\"y\"\\");
    }
}
