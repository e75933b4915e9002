//! Reads JSON text into a [tree](Value), and writes it. The one place that does: what a library brings
//! along, floating point and hashing by any key, is ten times as large.
//!
//! Numbers stay as they are written, so that 19.90 and 64-bit ids are exact. Source: RFC 8259.

use std::fmt;

pub use self::tree::{Map, Number, Value};
use crate::form::{Encode, Text};

pub mod edit;
pub mod layout;
mod tree;

#[cfg(test)]
mod written;
#[cfg(test)]
pub(crate) use written::json;

/// So many lists and objects within each other are read at most: reading them takes stack.
const MAX_DEPTH: u8 = 127;
pub(crate) const TOO_DEEP: &str = "nested too deep";

/// Why a text is not JSON, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Syntax {
    /// What is wrong.
    pub message: &'static str,
    /// The line, from 1.
    pub line: u64,
    /// The place in the line, from 1, in bytes.
    pub column: u64,
    /// Whether the text breaks off: more of it could have been right.
    pub breaks_off: bool,
}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.message, self.line, self.column)
    }
}

/// Reads a text.
///
/// ```
/// use baton_engine::json::{parse, text};
/// let value = parse(r#"{ "amount": 19.90 }"#).unwrap();
/// assert_eq!(text(&value), r#"{"amount":19.90}"#);
/// assert_eq!(parse("[1,\n 2,]").unwrap_err().to_string(), "trailing comma at line 2 column 4");
/// ```
///
/// # Errors
///
/// [`Syntax`] when it is not JSON.
pub fn parse(text: &str) -> Result<Value, Syntax> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let read = parser.value().and_then(|value| match parser.token() {
        Some(_) => Err("trailing characters"),
        None => Ok(value),
    });
    read.map_err(|message| parser.syntax(message))
}

/// The number that a text is, if it is one.
pub(crate) fn number(text: &str) -> Option<Value> {
    parse(text).ok().filter(Value::is_number)
}

/// A text in quotes. `Debug` would bring tables of what can be printed along.
pub(crate) fn quoted(text: &str) -> String {
    Text::of(&text.to_owned())
}

/// A value as text, without any space.
pub fn text(value: &Value) -> String {
    Text::of(value)
}

impl Encode for Value {
    fn encode(&self, to: &mut Text) {
        match self {
            Self::Null => to.word("null"),
            Self::Bool(value) => value.encode(to),
            Self::Number(number) => to.word(number.as_str()),
            Self::String(text) => to.text(text),
            Self::Array(items) => items.encode(to),
            Self::Object(members) => {
                to.open();
                for (key, value) in members {
                    to.member(key, value);
                }
                to.close();
            }
        }
    }
}

/// What is read, or what is wrong at the place that was reached.
type Read<T> = Result<T, &'static str>;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Parser<'a> {
    fn syntax(&self, message: &'static str) -> Syntax {
        let before = self.text.as_bytes().iter().take(self.at + 1);
        let (mut line, mut column) = (1, 0);
        for byte in before {
            (line, column) = if *byte == b'\n' { (line + 1, 0) } else { (line, column + 1) };
        }
        Syntax { message, line, column, breaks_off: self.at >= self.text.len() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What stands here, past any space.
    fn token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    /// Passes over `byte` if it stands here.
    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    /// The text from `start` to here. Both stand between characters: only ASCII ends a step.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self) -> Read<Value> {
        match self.token() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => Err("expected a value"),
            None => Err("the text breaks off where a value should be"),
        }
    }

    fn word(&mut self, word: &str, meaning: Value) -> Read<Value> {
        if word.bytes().all(|byte| self.take(byte)) {
            Ok(meaning)
        } else {
            Err("expected true, false or null")
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Read<Value>) -> Read<Value> {
        if self.depth == MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Read<Value> {
        let mut members = Map::default();
        self.token();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            if self.token() != Some(b'"') {
                let comma = !members.is_empty() && self.peek() == Some(b'}');
                return Err(if comma { "trailing comma" } else { "expected a key in quotes" });
            }
            let key = self.string()?;
            self.token();
            if !self.take(b':') {
                return Err("expected `:`");
            }
            members.insert(key, self.value()?);
            self.token();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.take(b',') {
                return Err("expected `,` or `}`");
            }
        }
    }

    fn list(&mut self) -> Read<Value> {
        let mut items = Vec::new();
        self.token();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            if !items.is_empty() && self.token() == Some(b']') {
                return Err("trailing comma");
            }
            items.push(self.value()?);
            self.token();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            if !self.take(b',') {
                return Err("expected `,` or `]`");
            }
        }
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        } else if let Some(b'0'..=b'9') = self.peek() {
            return Err("a number has no leading zero");
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(Value::Number(Number::of_checked(self.since(start))))
    }

    fn digits(&mut self) -> Read<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err("expected a digit") } else { Ok(()) }
    }

    fn string(&mut self) -> Read<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            text.push_str(self.since(start));
            if self.take(b'"') {
                return Ok(text);
            }
            if !self.take(b'\\') {
                return Err(match self.peek() {
                    Some(_) => "a control character; write it as \\u and four digits",
                    None => "the quotes are never closed",
                });
            }
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Read<char> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            Some(_) | None => return Err("no such escape"),
        };
        self.at += 1;
        Ok(character)
    }

    /// A character by its number, or by two: the halves of a surrogate pair.
    fn unicode(&mut self) -> Read<char> {
        let mut code = self.four_digits()?;
        if let 0xd800..0xdc00 = code
            && self.take(b'\\')
            && self.take(b'u')
            && let low @ 0xdc00..0xe000 = self.four_digits()?
        {
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(code).ok_or("half a character: surrogates come in pairs")
    }

    fn four_digits(&mut self) -> Read<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or("expected four digits from 0 to f")?;
            self.at += 1;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn library(json: &str) -> serde_json::Value {
        serde_json::from_str(json).unwrap()
    }

    /// Reads as the library reads, and where that refuses, at the same line.
    fn check(json: &str) {
        let theirs = serde_json::from_str::<serde_json::Value>(json);
        match (parse(json), theirs) {
            // The library writes 1E5 as 1e+5; here it stays.
            (Ok(value), Ok(want)) => {
                assert_eq!(library(&text(&value)), want, "{json:?}");
            }
            (Err(error), Err(want)) => {
                // The library takes the four digits of an escape at once, whatever they are.
                if error.message != "expected four digits from 0 to f" {
                    assert_eq!(error.line, want.line() as u64, "{json:?}: {error}, {want}");
                    assert_eq!(error.breaks_off, want.is_eof(), "{json:?}: {error}, {want}");
                }
            }
            (got, want) => panic!("{json:?}: {got:?}, {want:?}"),
        }
    }

    #[test]
    fn texts_are_read_as_the_library_reads_them() {
        let numbers =
            ["0", "-0", "19.90", "1E5", "1e-400", "01", "-", "1.", "1e", "1e+", "+1", ".5"];
        let numbers = numbers.into_iter().chain(["-a", "9007199254740993", "0x1", "1.5.2", "NaN"]);
        numbers.for_each(check);
        for json in ["", " ", "nul", "nulls", "true", "falsy", "[]]", "\u{feff}1", "\"\t\"", "購"]
        {
            check(json);
        }
        for json in ["[", "[1", "[1,", "[1,]", "[1 2]", "[,]", "[\n1,\n}", " [ 1 , \r\n\t2 ] "] {
            check(json);
        }
        for json in
            ["{", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}"]
        {
            check(json);
        }
        for json in ["{\"a\" 1}", "{\"a\":1 \"b\":2}", "{,}", "{\"a\":1,\"b\":[{}],\"a\":null}"] {
            check(json);
        }
        for escape in
            ["n", "/", "b\\f\\t\\r\\\\\\\"", "u0041", "u00e9", "x", "u12", "u12g4", "u+123"]
        {
            check(&format!("\"a\\{escape}z\""));
        }
        for escape in ["ud83d\\ude00", "ud83d", "ud83dx", "ud83d\\n", "ud83d\\u0041", "ude00"] {
            check(&format!("\"a\\{escape}\""));
        }
    }

    #[test]
    fn brackets_are_read_to_a_depth_that_is_safe() {
        for depth in [1, 126, 127, 128, 100_000] {
            check(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
            check(&format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)));
        }
    }

    #[test]
    fn what_is_written_is_what_the_library_writes() {
        let json =
            r#"{"":[null,true,false,19.90,-1e+400],"a\"\\/\b\f\n\r\t\u001f\u007f":"購 😀 \u2028"}"#;
        let value = parse(json).unwrap();
        assert_eq!(text(&value), library(json).to_string());
    }

    fn tree() -> impl Strategy<Value = Value> {
        let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            number.prop_map(|number| library(&number).into()),
            any::<String>().prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_tree_comes_back(tree in tree(), cut in any::<prop::sample::Index>()) {
            let written = text(&tree);
            prop_assert_eq!(&written, &library(&written).to_string());
            prop_assert_eq!(parse(&written), Ok(tree));
            let end = cut.index(written.len() + 1);
            check(&String::from_utf8_lossy(&written.as_bytes()[..end]));
        }

        #[test]
        fn any_text_is_read_as_the_library_reads_it(json in "[\\[\\]{}:,\" \n\\\\u0-9a-f.eEn+-]{0,12}") {
            check(&json);
        }
    }
}
