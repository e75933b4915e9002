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
    /// Longer values first: one may be the beginning of another.
    needles: Vec<Needle>,
    /// By which bytes any of them may begin.
    begins: [bool; 256],
}

/// One way in which a secret may stand in a text.
struct Needle {
    mark: String,
    characters: Vec<char>,
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
        let length = |secret: &Secret| secret.value.0.len();
        let mut values: Vec<&Secret> = Vec::new();
        for secret in secrets.iter().filter(|secret| length(secret) > 0) {
            let longer = |known: &&&Secret| length(known) >= length(secret);
            values.insert(values.iter().take_while(longer).count(), secret);
        }
        let mut needles = Vec::new();
        for secret in values {
            let (mark, characters) = (secret.mark(), secret.value.0.chars().collect());
            needles.push(Needle { mark, characters, form: Form::Value });
            needles.extend((0..3).map(|before| in_base64(secret, before)));
        }
        let mut begins = [false; 256];
        for first in needles.iter().filter_map(|needle| needle.characters.first()) {
            for byte in first_bytes(*first) {
                begins[usize::from(byte)] = true;
            }
        }
        Self { needles, begins }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// The text without secrets; none when there are none in it.
    pub(crate) fn text(&self, text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        let (mut out, mut copied, mut at) = (String::new(), 0, 0);
        let mut ways = Ways::default();
        while let Some(byte) = bytes.get(at) {
            let found = self.begins[usize::from(*byte)].then(|| self.found(bytes, at, &mut ways));
            let Some((needle, end)) = found.flatten() else {
                at += 1;
                continue;
            };
            let (from, to) = needle.span(bytes, at, end);
            out.push_str(text.get(copied..from.max(copied)).unwrap_or_default());
            out.push_str(&needle.mark);
            (copied, at) = (to, to);
        }
        if copied == 0 {
            return None;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(out)
    }

    /// JSON text without secrets in its texts: no number or key of a message is one by chance. None when
    /// there are none.
    pub(crate) fn literals(&self, json: &str) -> Option<String> {
        let (mut out, mut rest, mut changed) = (String::new(), json, false);
        while let Some(start) = rest.bytes().position(|byte| byte == b'"') {
            let (before, literal) = rest.split_at(start + 1);
            let (literal, after) = literal.split_at(literal_end(literal.as_bytes()));
            out.push_str(before);
            match self.text(literal) {
                Some(without) => {
                    changed = true;
                    out.push_str(&without);
                }
                None => out.push_str(literal),
            }
            // Its closing quote goes with it, so that it opens none.
            let (quote, after) = after.split_at(after.len().min(1));
            out.push_str(quote);
            rest = after;
        }
        out.push_str(rest);
        changed.then_some(out)
    }

    fn found(&self, text: &[u8], at: usize, ways: &mut Ways) -> Option<(&Needle, usize)> {
        self.needles.iter().find_map(|needle| Some((needle, needle.end(text, at, ways)?)))
    }
}

/// Where a literal's closing quote is, after its opening one.
fn literal_end(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}

/// The characters of a value's base64 that stand for nothing else, when so many bytes stand before it
/// in its group of three.
fn in_base64(secret: &Secret, before: usize) -> Needle {
    let bytes = secret.value.0.as_bytes();
    let whole = base64(&[&[0, 0][..before.min(2)], bytes].concat());
    let bits = (before + bytes.len()) * 8;
    let (first, last) = ((before * 8).div_ceil(6), bits / 6);
    Needle {
        mark: secret.mark(),
        characters: whole.chars().take(last).skip(first).collect(),
        form: Form::Base64 { shares_first: before > 0, shares_last: !bits.is_multiple_of(6) },
    }
}

impl Needle {
    /// Where it ends when it begins here.
    fn end(&self, text: &[u8], at: usize, ways: &mut Ways) -> Option<usize> {
        ways.now.clear();
        ways.now.push(at);
        for (matched, character) in self.characters.iter().enumerate() {
            let cut = |end: &&usize| text.get(**end..).is_some_and(|rest| rest.starts_with(CUT));
            if matched >= LEAST_CHARACTERS
                && let Some(end) = ways.now.iter().find(cut)
            {
                return Some(*end);
            }
            ways.next.clear();
            for from in &ways.now {
                spellings(text, *from, *character, &mut ways.next);
                match (self.form, character) {
                    (Form::Base64 { .. }, '+') => spellings(text, *from, '-', &mut ways.next),
                    (Form::Base64 { .. }, '/') => spellings(text, *from, '_', &mut ways.next),
                    (Form::Base64 { .. } | Form::Value, _) => {}
                }
            }
            if ways.next.is_empty() {
                return None;
            }
            std::mem::swap(&mut ways.now, &mut ways.next);
        }
        ways.now.iter().copied().max()
    }

    /// With the characters beside it that tell a part of it.
    fn span(&self, text: &[u8], from: usize, to: usize) -> (usize, usize) {
        let is_base64 = |at: usize| {
            text.get(at).is_some_and(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
            })
        };
        match self.form {
            Form::Value => (from, to),
            Form::Base64 { shares_first, shares_last } => (
                from - usize::from(shares_first && from > 0 && is_base64(from - 1)),
                to + usize::from(shares_last && is_base64(to)),
            ),
        }
    }
}

/// Where a needle may have got to: what stands there can be read in several ways.
#[derive(Default)]
struct Ways {
    now: Vec<usize>,
    next: Vec<usize>,
}

/// The bytes by which any spelling of a character begins.
fn first_bytes(character: char) -> impl Iterator<Item = u8> {
    let mut buffer = [0; 4];
    let first = character.encode_utf8(&mut buffer).bytes().next();
    let other = match character {
        ' ' | '-' => Some(b'+'),
        '+' => Some(b'-'),
        '/' => Some(b'_'),
        _ => None,
    };
    first.into_iter().chain(other).chain([b'%', b'\\', b'&'])
}

/// Adds where a character ends that is spelt at `at` in any way.
fn spellings(text: &[u8], at: usize, character: char, ends: &mut Vec<usize>) {
    let mut buffer = [0; 4];
    let utf8 = character.encode_utf8(&mut buffer).as_bytes();
    let Some(rest) = text.get(at..) else { return };
    let mut add = |end: usize| {
        if !ends.contains(&end) {
            ends.push(end);
        }
    };
    if rest.starts_with(utf8) {
        add(at + utf8.len());
    }
    match rest.first() {
        Some(b'+') if character == ' ' => add(at + 1),
        Some(b'%') => percent_encoded(text, at, utf8, &mut add),
        Some(b'\\') => escaped(text, at, character, &mut add),
        Some(b'&') => {
            if let Some(length) = entity(rest, character) {
                add(at + length);
            }
        }
        _ => {}
    }
}

/// `%2F`, and `%252F` of what was encoded again.
fn percent_encoded(text: &[u8], at: usize, utf8: &[u8], add: &mut dyn FnMut(usize)) {
    let Some((byte, others)) = utf8.split_first() else { return add(at) };
    if text.get(at) != Some(&b'%') {
        return;
    }
    let mut digits = at + 1;
    loop {
        if hex(text, digits, 2) == Some(u32::from(*byte)) {
            percent_encoded(text, digits + 2, others, add);
        }
        if text.get(digits..digits + 2) != Some(b"25") {
            return;
        }
        digits += 2;
    }
}

/// `\"`, `\/`, `\\`, `\u0022`, and each of them escaped again.
fn escaped(text: &[u8], at: usize, character: char, add: &mut dyn FnMut(usize)) {
    let run = text.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b'\\').count();
    let after = at + run;
    match character {
        '\\' => (1..=run).for_each(|length| add(at + length)),
        '"' | '/' | '\'' if text.get(after) == u8::try_from(character).ok().as_ref() => {
            add(after + 1);
        }
        _ => {}
    }
    let mut units = [0; 2];
    let mut end = after;
    for (nth, unit) in character.encode_utf16(&mut units).iter().enumerate() {
        if nth > 0 {
            let again = text.get(end..).unwrap_or_default();
            end += again.iter().take_while(|byte| **byte == b'\\').count();
        }
        if text.get(end) != Some(&b'u') || hex(text, end + 1, 4) != Some(u32::from(*unit)) {
            return;
        }
        end += 5;
    }
    add(end);
}

/// How long the entity is that a text begins with, if it is this character's.
fn entity(text: &[u8], character: char) -> Option<usize> {
    let length = text.iter().take(12).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(text.get(1..length)?).ok()?;
    let code = match (name.strip_prefix("#x").or(name.strip_prefix("#X")), name.strip_prefix('#')) {
        (Some(digits), _) => u32::from_str_radix(digits, 16).ok()?,
        (None, Some(digits)) => digits.parse().ok()?,
        (None, None) => u32::from(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => return None,
        }),
    };
    (code == u32::from(character)).then_some(length + 1)
}

fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = text.get(at..at + digits)?.iter();
    digits.copied().try_fold(0, |sum, digit| Some(sum * 16 + char::from(digit).to_digit(16)?))
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
                    let whole = |beside: &str| beside.len() * 8 / 6;
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
