//! How values become part of other texts: of addresses and of paths, where they must stay values.

use crate::json::Value;

use super::template::{as_text, parted};

/// Percent-encodes everything but RFC 3986's unreserved characters.
pub(crate) fn encode_into(out: &mut String, text: &str) {
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            push_hex(out, u32::from(byte));
        }
    }
}

/// Two upper-case hexadecimal digits of a number below 256.
fn push_hex(out: &mut String, byte: u32) {
    let digit = |n: u32| char::from_digit(n & 15, 16).unwrap_or('0').to_ascii_uppercase();
    out.push(digit(byte >> 4));
    out.push(digit(byte));
}

pub(super) fn path_has_begun(url: &str) -> bool {
    let after_scheme = parted(url, "://").map_or(url, |(_, after)| after);
    after_scheme.contains(['/', '?', '#']) || url.starts_with("demo:")
}

/// Puts a value into a JSONPath. Within quotes a text is escaped; elsewhere it gets quotes, unless it is
/// a whole number or the name after a dot: what a system answers never becomes a piece of path.
pub(super) fn put_in_path(out: &mut String, value: &Value) {
    let text = as_text(value);
    let is_number = matches!(value, Value::Number(_) | Value::Bool(_) | Value::Null);
    if is_quoted(out) {
        escape_into(out, &text);
    } else if is_number || is_whole(&text) || out.ends_with('.') && is_name(&text) {
        out.push_str(&text);
    } else {
        out.push('\'');
        escape_into(out, &text);
        out.push('\'');
    }
}

/// Whether a path breaks off within quotes.
fn is_quoted(path: &str) -> bool {
    let (mut open, mut escaped) = (None, false);
    for c in path.chars() {
        match (open, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(quote), c) if c == quote => open = None,
            (None, '\'' | '"') => open = Some(c),
            (Some(_) | None, _) => {}
        }
    }
    open.is_some()
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (1..16).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    first && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Escapes a text for a string literal of a JSONPath, in either kind of quotes (RFC 9535, 2.3.1.1).
fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            // Written by number, a quote is right within both kinds of quotes.
            c if u32::from(c) < 0x20 || matches!(c, '\'' | '"') => {
                out.push_str("\\u00");
                push_hex(out, u32::from(c));
            }
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
}
