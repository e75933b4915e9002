//! Reads a path: queries, segments and selectors. Filters are read in [`super::filter`], texts and
//! numbers in [`super::literal`].

use super::ast::{Query, Reach, Segment, Selector, Start};
use super::{MAX_DESCENDANTS, MAX_FILTER_DEPTH, MAX_NESTING};

/// A path being read, character by character.
pub(super) struct Parser<'t> {
    text: &'t str,
    /// The byte that is read next.
    at: usize,
    descendants: usize,
    filters: usize,
    nesting: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, descendants: 0, filters: 0, nesting: 0 }
    }

    /// The whole text as one path.
    pub(super) fn path(mut self) -> Result<Query, String> {
        if !self.takes("$") {
            return Err(self.refuse("a path begins with `$`"));
        }
        let query = self.query(Start::Root)?;
        match self.peek() {
            None => Ok(query),
            Some(_) => Err(self.refuse("expected `.name`, `..name`, `[…]` or the path's end")),
        }
    }

    /// What comes after `$` or `@`.
    pub(super) fn query(&mut self, start: Start) -> Result<Query, String> {
        let mut segments = Vec::new();
        loop {
            let before = self.at;
            self.skip_blanks();
            if self.rest().starts_with("..") {
                segments.push(self.descendants()?);
            } else if self.takes(".") {
                segments.push(Segment { reach: Reach::Children, selectors: vec![self.short()?] });
            } else if self.takes("[") {
                segments.push(Segment { reach: Reach::Children, selectors: self.selectors()? });
            } else {
                // Blanks belong to what follows, and a path must not end with any.
                self.at = before;
                return Ok(Query { start, segments });
            }
        }
    }

    fn descendants(&mut self) -> Result<Segment, String> {
        self.descendants += 1;
        if self.descendants > MAX_DESCENDANTS {
            let message = format!("{} times `..`; at most {MAX_DESCENDANTS}", self.descendants);
            return Err(self.refuse(&message));
        }
        self.at += "..".len();
        let selectors = if self.takes("[") { self.selectors()? } else { vec![self.short()?] };
        Ok(Segment { reach: Reach::Descendants, selectors })
    }

    /// A name or `*` after a dot.
    fn short(&mut self) -> Result<Selector, String> {
        if self.takes("*") {
            return Ok(Selector::Wildcard);
        }
        let is_first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
        if !self.peek().is_some_and(is_first) {
            return Err(self.refuse("expected a name or `*`; write other names as ['…']"));
        }
        let name = self.take_while(|c| is_first(c) || c.is_ascii_digit());
        Ok(Selector::Name(name.to_owned()))
    }

    /// The selectors after `[`.
    fn selectors(&mut self) -> Result<Vec<Selector>, String> {
        self.go_deeper()?;
        let mut selectors = Vec::new();
        loop {
            self.skip_blanks();
            selectors.push(self.selector()?);
            self.skip_blanks();
            if self.takes("]") {
                self.nesting -= 1;
                return Ok(selectors);
            }
            if !self.takes(",") {
                return Err(self.refuse("expected `,` or `]`"));
            }
        }
    }

    fn selector(&mut self) -> Result<Selector, String> {
        match self.peek() {
            Some('\'' | '"') => self.string().map(Selector::Name),
            Some('*') => {
                self.at += 1;
                Ok(Selector::Wildcard)
            }
            Some('?') => self.filter(),
            Some('-' | ':' | '0'..='9') => self.index_or_slice(),
            _ => Err(self.refuse("expected a quoted name, a whole number, `:`, `*` or `?`")),
        }
    }

    fn filter(&mut self) -> Result<Selector, String> {
        self.filters += 1;
        if self.filters > MAX_FILTER_DEPTH {
            let message = format!("filters nested deeper than {MAX_FILTER_DEPTH}");
            return Err(self.refuse(&message));
        }
        self.at += "?".len();
        self.skip_blanks();
        let test = self.test()?;
        self.filters -= 1;
        Ok(Selector::Filter(test))
    }

    fn index_or_slice(&mut self) -> Result<Selector, String> {
        let start = self.optional_index()?;
        let after = self.at;
        self.skip_blanks();
        if !self.takes(":") {
            self.at = after;
            // Without a colon there was a digit or a minus, so there is an index.
            let index = start.ok_or_else(|| self.refuse("expected a whole number"))?;
            return Ok(Selector::Index(index));
        }
        self.skip_blanks();
        let end = self.optional_index()?;
        self.skip_blanks();
        let mut step = None;
        if self.takes(":") {
            self.skip_blanks();
            step = self.optional_index()?;
        }
        Ok(Selector::Slice { start, end, step: step.unwrap_or(1) })
    }

    fn optional_index(&mut self) -> Result<Option<i64>, String> {
        match self.peek() {
            Some('-' | '0'..='9') => self.index().map(Some),
            _ => Ok(None),
        }
    }

    pub(super) fn go_deeper(&mut self) -> Result<(), String> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            let message = format!("brackets nested deeper than {MAX_NESTING}");
            return Err(self.refuse(&message));
        }
        Ok(())
    }

    /// The end of what is in parentheses.
    pub(super) fn close(&mut self) -> Result<(), String> {
        self.skip_blanks();
        if !self.takes(")") {
            return Err(self.refuse("expected `)`"));
        }
        self.nesting -= 1;
        Ok(())
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += next.map_or(0, char::len_utf8);
        next
    }

    /// Goes past `word` if it is next.
    pub(super) fn takes(&mut self, word: &str) -> bool {
        let is_next = self.rest().starts_with(word);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    pub(super) fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// What has been read since a place.
    pub(super) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The message, with the character that is read next.
    pub(super) fn refuse(&self, message: &str) -> String {
        self.refuse_at(self.at, message)
    }

    /// The message, with the character at a byte; counted from 1, as people do.
    pub(super) fn refuse_at(&self, at: usize, message: &str) -> String {
        let before = self.text.get(..at).unwrap_or(self.text);
        format!("character {}: {message}", before.chars().count() + 1)
    }
}
