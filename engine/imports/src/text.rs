//! Texts on their way into a document. Within them a name stands between two noncharacters, so that
//! what is read (URLs, forms, JSON) can be taken apart without mistaking literal braces for templates.
//! [`render`] makes the document's text of one at the very end.

use std::fmt::Write as _;

use baton_engine::json::{Map, Value};

/// Begins a name.
const OPEN: char = '\u{fdd0}';
/// Ends a name.
const CLOSE: char = '\u{fdd1}';
/// Begins a variable's text that is JSON: a number, true or false.
pub(crate) const TYPED: char = '\u{fdd2}';
/// The variable that stands for `{` before a template, where the document's texts cannot say it.
pub(crate) const BRACE: &str = "open_brace";

/// A text from outside, in which no character is mistaken for a name's border.
pub(crate) fn clean(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.replace([OPEN, CLOSE, TYPED], "\u{fffd}")
}

/// A name, as it stands in a text.
pub(crate) fn reference(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// Whether there is a name in it.
pub(crate) fn has_reference(text: &str) -> bool {
    text.contains(OPEN)
}

/// A piece of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Piece<'a> {
    Literal(&'a str),
    Name(&'a str),
}

/// The pieces of a text, in order.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((name, beyond)) = after.split_once(CLOSE) else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        pieces.push(Piece::Name(name));
        rest = beyond;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// The text with each piece turned into another.
pub(crate) fn map_pieces(
    text: &str,
    literal: &mut dyn FnMut(&str) -> String,
    name: &mut dyn FnMut(&str) -> String,
) -> String {
    let mut out = String::new();
    for piece in pieces(text) {
        out.push_str(&match piece {
            Piece::Literal(text) => literal(text),
            Piece::Name(text) => name(text),
        });
    }
    out
}

/// The document's text: literal braces escaped, names in braces.
pub(crate) fn render(text: &str) -> String {
    let mut out = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Literal(text) => out.push_str(&text.replace("{{", "{{{{")),
            Piece::Name(name) => {
                let braces = out.len() - out.trim_end_matches('{').len();
                // An odd brace would be read as the template's own.
                if braces % 2 == 1 {
                    out.pop();
                    let _never_fails = write!(out, "{{{{{BRACE}}}}}");
                }
                let _never_fails = write!(out, "{{{{{name}}}}}");
            }
        }
    }
    out
}

/// The pieces of a document's text: what [`render`] makes, taken apart again. None when braces are not
/// closed.
pub(crate) fn parse_template(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        if let Some(beyond) = after.strip_prefix("{{") {
            out.push_str("{{");
            rest = beyond;
            continue;
        }
        let (name, beyond) = after.split_once("}}")?;
        out.push_str(&reference(name.trim()));
        rest = beyond;
    }
    out.push_str(rest);
    Some(out)
}

/// The text behind percent-encoding; none when it is not encoded well, or not UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = [*after.first()?, *after.get(1)?];
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let code = digit(digits[0])? * 16 + digit(digits[1])?;
            bytes.push(u8::try_from(code).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Percent-encodes everything but RFC 3986's unreserved characters, and names.
pub(crate) fn percent_encoded(text: &str) -> String {
    map_pieces(text, &mut |literal| encoded(literal, |_| false), &mut reference)
}

/// Percent-encodes what no URL may have, and leaves the rest.
pub(crate) fn url_safe(text: &str) -> String {
    let kept = |byte: u8| b"!#$%&'()*+,/:;=?@[]".contains(&byte);
    map_pieces(text, &mut |literal| encoded(literal, kept), &mut reference)
}

fn encoded(text: &str, kept: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept(byte) {
            out.push(char::from(byte));
        } else {
            let _never_fails = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Does something to each text of a JSON value; keys are left alone.
pub(crate) fn visit_texts(value: &mut Value, visit: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter_mut().for_each(|item| visit_texts(item, visit)),
        Value::Object(map) => {
            let members = std::mem::take(map).into_iter().map(|(key, mut value)| {
                visit_texts(&mut value, visit);
                (key, value)
            });
            *map = members.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An object of these members.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Texts by name.
pub(crate) fn texts(pairs: &[(String, String)]) -> Value {
    let map: Map =
        pairs.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    Value::Object(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_braces_are_escaped_and_names_are_templates() {
        let name = reference("a");
        for (text, want) in [
            ("{{a}}".to_owned(), "{{{{a}}".to_owned()),
            (format!("x{name}y"), "x{{a}}y".to_owned()),
            (format!("{{{name}"), "{{open_brace}}{{a}}".to_owned()),
            (format!("{{{{{{{name}"), "{{{{{{open_brace}}{{a}}".to_owned()),
            (format!("{{{{{name}}}"), "{{{{{{a}}}".to_owned()),
        ] {
            assert_eq!(render(&text), want);
        }
    }

    #[test]
    fn percent_encoding_is_taken_off_only_when_it_is_right() {
        assert_eq!(
            percent_decoded("a%20%E8%B4%AD").as_deref(),
            Some("a 購".replace('購', "购").as_str())
        );
        for wrong in ["%", "%2", "%zz", "%ff"] {
            assert_eq!(percent_decoded(wrong), None, "{wrong}");
        }
        assert_eq!(percent_encoded("a b&c+{"), "a%20b%26c%2B%7B");
        assert_eq!(url_safe("http://h/a b?c={d}&e=%20"), "http://h/a%20b?c=%7Bd%7D&e=%20");
    }
}
