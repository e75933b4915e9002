//! Reads command lines as bash does: quotes, escapes, continued lines, comments, what ends a command.
//! Runs nothing: what a shell would fill in is a name (`$NAME`), or refused.
//!
//! Source: the GNU Bash manual, 3.1.2 Quoting.

use std::iter::Peekable;
use std::str::Chars;

use super::Commands;
use crate::said::{Refusal, Said};
use crate::text::reference;

pub(crate) fn commands(text: &str) -> Result<Commands, Refusal> {
    let mut reader =
        Reader { rest: text.chars().peekable(), found: Commands::default(), word: None };
    reader.read()?;
    Ok(reader.found)
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    found: Commands,
    /// The word that is being read, if one has begun.
    word: Option<String>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Refusal> {
        while let Some(character) = self.rest.next() {
            match character {
                ' ' | '\t' | '\r' => self.end_word(),
                '\n' | ';' | '|' | '&' | '(' | ')' => {
                    self.end_word();
                    self.found.end_command();
                }
                '<' | '>' => self.redirect()?,
                '#' if self.word.is_none() => {
                    while self.rest.next_if(|&next| next != '\n').is_some() {}
                }
                _ => self.part(character)?,
            }
        }
        self.end_word();
        self.found.end_command();
        Ok(())
    }

    fn part(&mut self, character: char) -> Result<(), Refusal> {
        let mut word = self.word.take().unwrap_or_default();
        match character {
            '\'' => self.single(&mut word)?,
            '"' => self.double(&mut word)?,
            '\\' if self.continued() => {
                if word.is_empty() {
                    return Ok(());
                }
            }
            '\\' => match self.rest.next() {
                Some(next) => word.push(next),
                None => word.push('\\'),
            },
            '$' => match self.rest.peek() {
                Some('\'') => {
                    self.rest.next();
                    self.ansi(&mut word)?;
                }
                Some('"') => {}
                _ => self.name(&mut word)?,
            },
            '`' => return Err(Refusal::Substitution { text: "`…`".into() }),
            _ => word.push(character),
        }
        self.word = Some(word);
        Ok(())
    }

    /// Passes over the end of a continued line. Blanks before it, which a shell would mind, come with texts
    /// that are copied from pages.
    fn continued(&mut self) -> bool {
        let mut ahead = self.rest.clone();
        while ahead.next_if(|next| matches!(next, ' ' | '\t' | '\r')).is_some() {}
        let found = ahead.next() == Some('\n');
        if found {
            self.rest = ahead;
        }
        found
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take() {
            self.found.push(word);
        }
    }

    /// Passes over a redirection and the file that it names.
    fn redirect(&mut self) -> Result<(), Refusal> {
        // `2>` and `&>`: the number is no word.
        if self.word.as_deref().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
            self.word = None;
        }
        self.end_word();
        self.found.notes.push(Said::RedirectIgnored);
        while self.rest.next_if(|next| matches!(next, '<' | '>' | '&' | ' ' | '\t')).is_some() {}
        while let Some(&next) = self.rest.peek() {
            if matches!(next, ' ' | '\t' | '\n' | ';' | '|' | '&' | '<' | '>') {
                break;
            }
            self.rest.next();
            self.part(next)?;
        }
        self.word = None;
        Ok(())
    }

    fn single(&mut self, word: &mut String) -> Result<(), Refusal> {
        for character in self.rest.by_ref() {
            if character == '\'' {
                return Ok(());
            }
            word.push(character);
        }
        Err(Refusal::QuoteOpen { quote: "'".into() })
    }

    fn double(&mut self, word: &mut String) -> Result<(), Refusal> {
        while let Some(character) = self.rest.next() {
            match character {
                '"' => return Ok(()),
                '\\' => match self.rest.next() {
                    Some(next @ ('$' | '`' | '"' | '\\')) => word.push(next),
                    Some('\n') => {}
                    Some(next) => word.extend(['\\', next]),
                    None => break,
                },
                '$' => self.name(word)?,
                '`' => return Err(Refusal::Substitution { text: "`…`".into() }),
                _ => word.push(character),
            }
        }
        Err(Refusal::QuoteOpen { quote: "\"".into() })
    }

    /// What follows `$`, outside single quotes.
    fn name(&mut self, word: &mut String) -> Result<(), Refusal> {
        let refused = |text: String| Err(Refusal::Substitution { text });
        match self.rest.peek() {
            Some('(') => refused("$(…)".into()),
            Some('{') => {
                self.rest.next();
                let name = self.letters();
                if name.is_empty() || self.rest.next() != Some('}') {
                    return refused("${…}".into());
                }
                word.push_str(&reference(&name));
                Ok(())
            }
            Some(&next) if next == '_' || next.is_ascii_alphabetic() => {
                let name = self.letters();
                word.push_str(&reference(&name));
                Ok(())
            }
            Some(&next) if next.is_ascii_digit() || "@*#?$!-".contains(next) => {
                refused(format!("${next}"))
            }
            Some(_) | None => {
                word.push('$');
                Ok(())
            }
        }
    }

    fn letters(&mut self) -> String {
        let mut name = String::new();
        while let Some(next) =
            self.rest.next_if(|next| *next == '_' || next.is_ascii_alphanumeric())
        {
            if name.is_empty() && next.is_ascii_digit() {
                break;
            }
            name.push(next);
        }
        name
    }

    /// `$'…'`, whose escapes may be bytes. What stands after a NUL is lost, as in bash.
    fn ansi(&mut self, word: &mut String) -> Result<(), Refusal> {
        let mut bytes = Vec::new();
        let mut ended = false;
        loop {
            let Some(character) = self.rest.next() else {
                return Err(Refusal::QuoteOpen { quote: "$'".into() });
            };
            let mut piece = Vec::new();
            match character {
                '\'' => break,
                '\\' => self.escape(&mut piece),
                _ => push(character, &mut piece),
            }
            ended |= piece == [0];
            if !ended {
                bytes.extend(piece);
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) => word.push_str(&text),
            Err(error) => {
                word.push_str(&String::from_utf8_lossy(error.as_bytes()));
                self.found.notes.push(Said::NotUtf8);
            }
        }
        Ok(())
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) {
        let Some(character) = self.rest.next() else {
            return;
        };
        let plain = match character {
            'a' => 0x07,
            'b' => 0x08,
            'e' | 'E' => 0x1b,
            'f' => 0x0c,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 0x0b,
            '\\' | '\'' | '"' | '?' => u8::try_from(character).unwrap_or(b'?'),
            '0'..='7' => {
                let code = character.to_digit(8).unwrap_or(0);
                let code = self.digits(8, 2, code).0;
                return bytes.push(u8::try_from(code & 0xff).unwrap_or(0));
            }
            'x' => match self.digits(16, 2, 0) {
                (_, 0) => return bytes.extend(*b"\\x"),
                (code, _) => u8::try_from(code).unwrap_or(0),
            },
            'u' => return self.unicode('u', 4, bytes),
            'U' => return self.unicode('U', 8, bytes),
            'c' => match self.rest.next() {
                Some(next) => u8::try_from(next.to_ascii_uppercase()).unwrap_or(0) & 0x1f,
                None => return bytes.extend(*b"\\c"),
            },
            _ => {
                bytes.push(b'\\');
                return push(character, bytes);
            }
        };
        bytes.push(plain);
    }

    fn unicode(&mut self, letter: char, most: usize, bytes: &mut Vec<u8>) {
        let (mut code, count) = self.digits(16, most, 0);
        if count == 0 {
            bytes.push(b'\\');
            return push(letter, bytes);
        }
        // Browsers write what lies beyond the basic plane as two halves.
        if let 0xd800..0xdc00 = code
            && let Some(low) = self.low_half()
        {
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        push(char::from_u32(code).unwrap_or('\u{fffd}'), bytes);
    }

    fn low_half(&mut self) -> Option<u32> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('\\') || ahead.next() != Some('u') {
            return None;
        }
        let digits: String = ahead.by_ref().take(4).collect();
        let code = u32::from_str_radix(&digits, 16).ok()?;
        let found = (0xdc00..0xe000).contains(&code);
        found.then(|| {
            self.rest = ahead;
            code
        })
    }

    /// Up to `most` digits; the number, and how many there were.
    fn digits(&mut self, radix: u32, most: usize, start: u32) -> (u32, usize) {
        let (mut code, mut count) = (start, 0);
        while count < most
            && let Some(next) = self.rest.next_if(|next| next.is_digit(radix))
        {
            code = code.wrapping_mul(radix).wrapping_add(next.to_digit(radix).unwrap_or(0));
            count += 1;
        }
        (code, count)
    }
}

fn push(character: char, bytes: &mut Vec<u8>) {
    bytes.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
}
