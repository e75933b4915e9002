//! Reads texts in quotes, and numbers, which are kept as they are written.

use crate::json::Value;

use crate::json;

use super::parse::Parser;

/// The largest index, as RFC 9535 (2.1) has it: what every implementation can tell from its neighbours.
const MAX_INDEX: i64 = (1 << 53) - 1;

impl<'t> Parser<'t> {
    /// A text in either kind of quotes.
    pub(super) fn string(&mut self) -> Result<String, String> {
        let start = self.place();
        let quote = self.next();
        let mut out = String::new();
        loop {
            let at = self.place();
            match self.next() {
                None => return Err(self.refuse_at(start, "the quotes are never closed")),
                c if c == quote => return Ok(out),
                Some('\\') => {
                    let c = self.escaped(quote).ok_or_else(|| {
                        self.refuse_at(at, r"no such escape; use \\, \/, \b, \f, \n, \r, \t, \u and four digits, or \ and the quote")
                    })?;
                    out.push(c);
                }
                Some('\0'..='\u{1f}') => {
                    return Err(
                        self.refuse_at(at, r"a control character; write it as \u and four digits")
                    );
                }
                Some(c) => out.push(c),
            }
        }
    }

    /// What follows a backslash; none if nothing does that may.
    fn escaped(&mut self, quote: Option<char>) -> Option<char> {
        match self.next()? {
            c @ ('\\' | '/') => Some(c),
            c if Some(c) == quote => Some(c),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => self.code_point(),
            _ => None,
        }
    }

    /// The four digits after `\u`; a high surrogate needs its low one.
    fn code_point(&mut self) -> Option<char> {
        let unit = self.code_unit()?;
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit);
        }
        if !self.takes("\\u") {
            return None;
        }
        let low = self.code_unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + low)
    }

    fn code_unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + self.next()?.to_digit(16)?;
        }
        Some(unit)
    }

    /// A whole number that an array could be asked for.
    pub(super) fn index(&mut self) -> Result<i64, String> {
        let start = self.place();
        self.takes("-");
        self.digits()?;
        let text = self.since(start);
        if text == "-0" {
            return Err(self.refuse_at(start, "`-0` is no index; use 0, or -1 for the last"));
        }
        let index = text.parse().ok().filter(|index: &i64| index.abs() <= MAX_INDEX);
        index.ok_or_else(|| self.refuse_at(start, "an index is at most 9007199254740991"))
    }

    /// A number as JSON writes it.
    pub(super) fn number(&mut self) -> Result<Value, String> {
        let start = self.place();
        self.takes("-");
        self.digits()?;
        if self.takes(".") {
            self.some_digits()?;
        }
        if self.takes("e") || self.takes("E") {
            let _sign = self.takes("+") || self.takes("-");
            self.some_digits()?;
        }
        let number = json::number(self.since(start));
        number.ok_or_else(|| self.refuse_at(start, "expected a number as JSON writes it"))
    }

    /// Digits without a leading zero.
    fn digits(&mut self) -> Result<(), String> {
        let start = self.place();
        let digits = self.some_digits()?;
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(self.refuse_at(start, "a number has no leading zero; remove it"));
        }
        Ok(())
    }

    fn some_digits(&mut self) -> Result<&'t str, String> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if digits.is_empty() { Err(self.refuse("expected a digit")) } else { Ok(digits) }
    }
}
