//! Takes secrets out of texts: by their value, however it is written there. Knows no message.
//!
//! A value is found as it is, percent-encoded (once or again, by any server's choice of characters, a blank
//! as `+`), escaped as in JSON or HTML, and in base64 (either alphabet, at any place of a longer text).

use crate::chain::base64;

use super::{LEAST_CHARACTERS, Secret};

/// How a text ends that was shortened to be shown: what stands before it may be the beginning of a value.
const CUT: &[u8] = "…".as_bytes();

/// What has to be taken out. Its values are in no message: it is made where it is used.
pub(crate) struct Redactor {
    needles: Vec<Needle>,
    /// By which bytes any of them may begin.
    begins: [bool; 256],
}

/// One way in which a secret may stand in a text.
struct Needle {
    mark: String,
    bytes: Vec<u8>,
    form: Form,
}

#[derive(Clone, Copy)]
enum Form {
    Value,
    /// In base64. The first or last character is shared with what stands beside the value.
    Base64 {
        shares_first: bool,
        shares_last: bool,
    },
}

impl Redactor {
    pub(crate) fn new(secrets: &[Secret]) -> Self {
        let (mut needles, mut begins) = (Vec::new(), [false; 256]);
        for secret in secrets {
            let bytes = secret.value.0.clone().into_bytes();
            needles.push(Needle { mark: secret.mark(), bytes, form: Form::Value });
            needles.extend((0..3).map(|before| in_base64(secret, before)));
        }
        let firsts = needles.iter().filter_map(|needle| needle.bytes.first());
        // Any character may be escaped, and three have another sign that means the same.
        for first in firsts.chain(b"%\\&+-_") {
            begins[usize::from(*first)] = true;
        }
        Self { needles, begins }
    }

    /// Takes secrets out of the texts of JSON text.
    pub(crate) fn hide_in_literals(&self, json: &mut String) {
        if let Some(without) = self.literals(json) {
            *json = without;
        }
    }

    /// The text without secrets; none when there are none in it.
    pub(crate) fn text(&self, text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        let (mut out, mut copied, mut at) = (String::new(), 0, 0);
        while let Some(byte) = bytes.get(at) {
            let found = if self.begins[usize::from(*byte)] { self.found(bytes, at) } else { None };
            let Some((needle, end)) = found else {
                at += 1;
                continue;
            };
            let (from, to) = needle.span(bytes, at, end);
            out.push_str(text.get(copied..from).unwrap_or_default());
            out.push_str(&needle.mark);
            (copied, at) = (to, to);
        }
        out.push_str(text.get(copied..)?);
        (copied > 0).then_some(out)
    }

    /// JSON text without secrets in its texts: no number or key of a message is one by chance. None when
    /// there are none.
    pub(crate) fn literals(&self, json: &str) -> Option<String> {
        let bytes = json.as_bytes();
        let (mut out, mut copied, mut at) = (String::new(), 0, 0);
        while let Some(byte) = bytes.get(at) {
            at += 1;
            if *byte != b'"' {
                continue;
            }
            let end = literal_end(bytes, at);
            if let Some(without) = json.get(at..end).and_then(|literal| self.text(literal)) {
                out.push_str(json.get(copied..at)?);
                out.push_str(&without);
                copied = end;
            }
            at = end + 1;
        }
        out.push_str(json.get(copied..)?);
        (copied > 0).then_some(out)
    }

    /// The longest secret that stands here: one may be the beginning of another.
    fn found(&self, text: &[u8], at: usize) -> Option<(&Needle, usize)> {
        let mut longest = None;
        for needle in &self.needles {
            let end = needle.end(text, at, &needle.bytes);
            if let Some(end) = end.filter(|end| longest.is_none_or(|(_, other)| *end > other)) {
                longest = Some((needle, end));
            }
        }
        longest
    }
}

/// Where the literal that begins here has its closing quote.
fn literal_end(text: &[u8], mut at: usize) -> usize {
    while let Some(byte) = text.get(at).filter(|byte| **byte != b'"') {
        at += if *byte == b'\\' { 2 } else { 1 };
    }
    at
}

/// The characters of a value's base64 that stand for nothing else, when so many bytes stand before it
/// in its group of three.
fn in_base64(secret: &Secret, before: usize) -> Needle {
    let mut whole = vec![0; before];
    whole.extend_from_slice(secret.value.0.as_bytes());
    let bits = whole.len() * 8;
    let mut bytes = base64(&whole).into_bytes();
    bytes.truncate(bits / 6);
    bytes.drain(..(before * 8).div_ceil(6));
    let form = Form::Base64 { shares_first: before > 0, shares_last: !bits.is_multiple_of(6) };
    Needle { mark: secret.mark(), bytes, form }
}

impl Needle {
    /// Where it ends when the rest of it begins here.
    fn end(&self, text: &[u8], mut at: usize, mut rest: &[u8]) -> Option<usize> {
        while let Some((want, others)) = rest.split_first() {
            let here = text.get(at..)?;
            if self.bytes.len() - rest.len() >= LEAST_CHARACTERS && here.starts_with(CUT) {
                break;
            }
            let as_it_is =
                here.first().is_some_and(|byte| byte == want || self.is_like(*byte, *want));
            // What begins an escape may also stand for itself, and be encoded again and again.
            if matches!(want, b'%' | b'\\') && as_it_is {
                let (first, step) = if *want == b'%' { (3, 2) } else { (1, 1) };
                let again: &[u8] = if *want == b'%' { b"25" } else { b"\\" };
                let mut length = first;
                while here.get(length - step..length) == Some(again) {
                    if let Some(end) = self.end(text, at + length, others) {
                        return Some(end);
                    }
                    length += step;
                }
            }
            let mut buffer = [0; 4];
            let unit = unescaped(here, &mut buffer);
            let unit = unit.and_then(|(unit, length)| Some((rest.strip_prefix(unit)?, length)));
            (at, rest) = match (unit, as_it_is) {
                (Some((left, length)), true) => match self.end(text, at + length, left) {
                    Some(end) => return Some(end),
                    None => (at + 1, others),
                },
                (Some((left, length)), false) => (at + length, left),
                (None, true) => (at + 1, others),
                (None, false) => return None,
            };
        }
        Some(at)
    }

    /// Whether a byte stands for another one.
    fn is_like(&self, byte: u8, want: u8) -> bool {
        match self.form {
            Form::Value => (byte, want) == (b'+', b' '),
            Form::Base64 { .. } => matches!((byte, want), (b'-', b'+') | (b'_', b'/')),
        }
    }

    /// With the characters beside it that tell a part of it.
    fn span(&self, text: &[u8], from: usize, to: usize) -> (usize, usize) {
        let Form::Base64 { shares_first, shares_last } = self.form else { return (from, to) };
        let is_base64 = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte))
        };
        let before = from.checked_sub(1).and_then(|at| text.get(at));
        (
            from - usize::from(shares_first && is_base64(before)),
            to + usize::from(shares_last && is_base64(text.get(to))),
        )
    }
}

/// The character, or the byte of one, that a text begins with as an escape, and how long that is: `%2F`, and
/// `%252F` of what was encoded again; `\/`, `\"`, `\u0022`; `&amp;`, `&#38;`.
fn unescaped<'b>(text: &[u8], buffer: &'b mut [u8; 4]) -> Option<(&'b [u8], usize)> {
    match text.first()? {
        b'%' => {
            let mut at = 1;
            while text.get(at..at + 2) == Some(b"25") && hex(text, at + 2, 2).is_some() {
                at += 2;
            }
            buffer[0] = u8::try_from(hex(text, at, 2)?).ok()?;
            Some((&buffer[..1], at + 2))
        }
        b'\\' => {
            let mut at = backslashes(text, 0);
            let mut code = u32::from(*text.get(at)?);
            at += 1;
            if code == u32::from(b'u') {
                code = hex(text, at, 4)?;
                at += 4;
                let low = backslashes(text, at);
                if (0xd800..0xdc00).contains(&code) && text.get(low) == Some(&b'u') {
                    let low_half = hex(text, low + 1, 4)?.checked_sub(0xdc00)?;
                    (code, at) = (0x10000 + (code - 0xd800) * 0x400 + low_half, low + 5);
                }
            } else if !b"\"'/".contains(&text[at - 1]) {
                return None;
            }
            Some((encoded(code, buffer)?, at))
        }
        b'&' => {
            let length = text.iter().take(10).position(|byte| *byte == b';')?;
            let code = match text.get(1..length)? {
                [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
                [b'#', digits @ ..] => number(digits, 10)?,
                b"amp" => u32::from(b'&'),
                b"lt" => u32::from(b'<'),
                b"gt" => u32::from(b'>'),
                b"quot" => u32::from(b'"'),
                b"apos" => u32::from(b'\''),
                _ => return None,
            };
            Some((encoded(code, buffer)?, length + 1))
        }
        _ => None,
    }
}

/// Where a run of backslashes ends: what was escaped again has more of them.
fn backslashes(text: &[u8], mut at: usize) -> usize {
    while text.get(at) == Some(&b'\\') {
        at += 1;
    }
    at
}

fn encoded(code: u32, buffer: &mut [u8; 4]) -> Option<&[u8]> {
    char::from_u32(code).map(|character| character.encode_utf8(buffer).as_bytes())
}

fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    number(text.get(at..at + digits)?, 16)
}

/// Of few digits, so that it never overflows.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let mut sum = 0;
    for digit in digits {
        sum = sum * radix + char::from(*digit).to_digit(radix)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::super::SecretText;
    use super::*;

    fn redactor(values: &[(&str, &str)]) -> Redactor {
        let secret = |(name, value): &(&str, &str)| Secret {
            name: (*name).into(),
            value: SecretText((*value).into()),
            origins: Vec::new(),
            former: false,
        };
        Redactor::new(&values.iter().map(secret).collect::<Vec<_>>())
    }

    fn without(value: &str, text: &str) -> String {
        redactor(&[("key", value)]).text(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn a_value_is_found_however_it_is_written() {
        let value = "p+q/r=s t&u\"v\\w%é😀'<";
        for written in [
            value,
            "p%2Bq%2Fr%3Ds%20t%26u%22v%5Cw%25%C3%A9%F0%9F%98%80%27%3C",
            "p%2bq%2fr%3ds%20t%26u%22v%5cw%25%c3%a9%f0%9f%98%80%27%3c",
            "p%2Bq/r=s+t%26u%22v%5Cw%25%C3%A9%F0%9F%98%80'%3C",
            "p%252Bq%252Fr%253Ds%2520t%2526u%2522v%255Cw%2525%25C3%25A9%25F0%259F%2598%2580%2527%253C",
            r#"p+q/r=s t&u\"v\\w%é😀'<"#,
            r#"p+q\/r=s t&u\"v\\w%\u00e9\uD83D\ude00'\u003c"#,
            r#"p+q/r=s t&u\\\"v\\\\w%\\u00e9\\ud83d\\ude00'<"#,
            "p+q/r=s t&amp;u&quot;v\\w%é😀&#39;&lt;",
            "p&#43;q&#x2F;r&#x3d;s t&amp;u&#34;v&#92;w%&#233;&#128512;&apos;&lt;",
        ] {
            assert_eq!(without(value, &format!("a{written}b")), "a{{secret.key}}b", "{written}");
        }
        assert_eq!(without(value, "p+q/r=s t&u"), "p+q/r=s t&u", "a part of it is none");
    }

    #[test]
    fn percent_signs_are_read_in_both_ways() {
        for written in ["100%25x", "100%2525x", "100%252525x"] {
            assert_eq!(without("100%25x", written), "{{secret.key}}", "{written}");
            assert_eq!(without("100%x", written), "{{secret.key}}", "{written}");
        }
    }

    #[test]
    fn base64_is_found_at_any_place_of_a_longer_text() {
        let value = "tok?en~>";
        for before in ["", "a", "ab", "abc", "user:"] {
            for after in ["", "!", "!!", "!!!"] {
                let encoded = base64([before, value, after].concat().as_bytes());
                for written in [encoded.clone(), encoded.replace('+', "-").replace('/', "_")] {
                    let found = without(value, &format!("Basic {written} x"));
                    assert!(found.contains("{{secret.key}}"), "{before}…{after}: {found}");
                    // What is left tells of what stood beside it, and nothing of the value itself.
                    let left = ["{{secret.key}}", "Basic ", " x", "="];
                    let left = left.iter().fold(found.clone(), |left, part| left.replace(part, ""));
                    let whole = |beside: &str| (beside.len() * 8).div_ceil(6);
                    assert!(
                        left.len() <= whole(before) + whole(after),
                        "{before}…{after}: {found}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_value_that_was_cut_off_is_found() {
        for (text, want) in [
            ("Bearer open ses…", "Bearer {{secret.key}}…"),
            ("\"open%20…", "\"{{secret.key}}…"),
            ("open sesam", "open sesam"),
            ("ope…", "ope…"),
        ] {
            assert_eq!(without("open sesame", text), want);
        }
    }

    #[test]
    fn the_longer_of_two_secrets_wins() {
        let redactor = redactor(&[("short", "abcd"), ("long", "abcdef")]);
        let found = redactor.text("abcdef abcdx").unwrap();
        assert_eq!(found, "{{secret.long}} {{secret.short}}x");
    }

    #[test]
    fn what_holds_none_is_left_alone() {
        let redactor = redactor(&[("key", "sesame")]);
        for text in ["", "open", "sesam", "s\\u0065sam", "%73%65", "&#115;", "\\", "%", "&", "é"] {
            assert_eq!(redactor.text(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_of_a_message_are_none() {
        let redactor = redactor(&[("pin", "1234")]);
        let json =
            r#"{"latency_ms":12345,"body":"{\"pin\":1234,\"q\":\"\\\"1234\"}","1":["x\\","1234"]}"#;
        assert_eq!(
            redactor.literals(json).unwrap(),
            r#"{"latency_ms":12345,"body":"{\"pin\":{{secret.pin}},\"q\":\"\\\"{{secret.pin}}\"}","1":["x\\","{{secret.pin}}"]}"#
        );
        assert_eq!(redactor.literals(r#"{"at":1234}"#), None);
    }
}
