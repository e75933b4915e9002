//! Writes JSON text. Holds no tree: what is written is gone into the text.

use std::fmt::Write;

/// What has a form.
pub(crate) trait Encode {
    /// Writes its form.
    fn encode(&self, to: &mut Text);

    /// Whether it is none, and so left out.
    fn is_none(&self) -> bool {
        false
    }
}

/// JSON text that is being written.
#[derive(Default)]
pub(crate) struct Text(String);

impl Text {
    /// The text of one value.
    pub(crate) fn of(value: &dyn Encode) -> String {
        let mut text = Self::default();
        value.encode(&mut text);
        text.0
    }

    pub(crate) fn open(&mut self) {
        self.0.push('{');
    }

    pub(crate) fn close(&mut self) {
        self.0.push('}');
    }

    /// Opens `{"tag":{`.
    pub(crate) fn open_tagged(&mut self, tag: &str) {
        self.open();
        self.key(tag);
        self.open();
    }

    pub(crate) fn close_tagged(&mut self) {
        self.0.push_str("}}");
    }

    pub(crate) fn member(&mut self, key: &str, value: &dyn Encode) {
        if !value.is_none() {
            self.key(key);
            value.encode(self);
        }
    }

    pub(crate) fn list<'a>(&mut self, items: impl Iterator<Item = &'a dyn Encode>) {
        self.0.push('[');
        for item in items {
            self.part();
            item.encode(self);
        }
        self.0.push(']');
    }

    pub(crate) fn number(&mut self, number: i64) {
        let _never_fails = write!(self.0, "{number}");
    }

    /// `true`, `false`, `null`, or a value that is written already.
    pub(crate) fn word(&mut self, word: &str) {
        self.0.push_str(word);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.0.push('"');
        // Mostly nothing is escaped, and what is told to pages is made of texts.
        if text.bytes().any(|byte| is_escaped(char::from(byte))) {
            self.escape(text);
        } else {
            self.0.push_str(text);
        }
        self.0.push('"');
    }

    fn escape(&mut self, text: &str) {
        for run in text.split_inclusive(is_escaped) {
            let mut before = run.chars();
            match before.next_back().filter(|&last| is_escaped(last)) {
                Some(last) => {
                    self.0.push_str(before.as_str());
                    self.escaped(last);
                }
                None => self.0.push_str(run),
            }
        }
    }

    fn escaped(&mut self, character: char) {
        match character {
            '"' | '\\' => self.0.extend(['\\', character]),
            '\u{8}' => self.0.push_str("\\b"),
            '\u{c}' => self.0.push_str("\\f"),
            '\n' => self.0.push_str("\\n"),
            '\r' => self.0.push_str("\\r"),
            '\t' => self.0.push_str("\\t"),
            _ => {
                let digit = |n: u32| char::from_digit(n, 16).unwrap_or('0');
                let code = u32::from(character);
                self.0.push_str("\\u00");
                self.0.extend([digit(code >> 4), digit(code & 15)]);
            }
        }
    }

    fn key(&mut self, key: &str) {
        self.part();
        self.text(key);
        self.0.push(':');
    }

    /// Parts from what stands before, unless this is the first of its object or list. Within a text
    /// neither bracket is ever the last character, since its quote is.
    fn part(&mut self) {
        if !matches!(self.0.as_bytes().last(), Some(b'{' | b'[')) {
            self.0.push(',');
        }
    }
}

/// Source: RFC 8259, section 7.
fn is_escaped(character: char) -> bool {
    matches!(character, '"' | '\\' | '\0'..='\u{1f}')
}
