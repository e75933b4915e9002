//! Texts in upper and lower case, as the standard library has them. With tables of our own: those of
//! the library are made for speed, and were a sixteenth of what a browser loads of the engine.
//!
//! Every character is as in the library. Whether a capital sigma ends its word, and so becomes `ς`, is
//! read off its neighbours by [`is_cased`] and [`is_ignorable`], which know the letters and marks of
//! plain texts, not those of every script.

mod tables;
#[cfg(test)]
mod tests;

use self::tables::{LOWER, Run, UPPER, UPPER_TO_SEVERAL};

/// The text in lower case.
pub(crate) fn lower(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            'Σ' if ends_word(text, at) => out.push('ς'),
            'İ' => out.push_str("i\u{307}"),
            _ => out.push(found(&LOWER, c).unwrap_or(c.to_ascii_lowercase())),
        }
    }
    out
}

/// The text in upper case.
pub(crate) fn upper(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match several(c) {
            Some(several) => out.push_str(several),
            None => out.push(upper_of(c)),
        }
    }
    out
}

/// The one upper case of a character: the way back from lower case, or as the exceptions say.
fn upper_of(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    found(&UPPER, c).or_else(|| way_back(c)).unwrap_or(c)
}

/// The first character whose lower case it is.
fn way_back(c: char) -> Option<char> {
    LOWER.iter().find_map(|&(first, last, step, away)| {
        let from = u32::from(c).checked_add_signed(-away).and_then(char::from_u32)?;
        is_in((first, last, step, away), from).then_some(from)
    })
}

/// A character's other case, if the runs have it.
fn found(runs: &[Run], c: char) -> Option<char> {
    let at = runs.partition_point(|&(_, last, _, _)| last < c);
    let run = *runs.get(at).filter(|run| is_in(**run, c))?;
    u32::from(c).checked_add_signed(run.3).and_then(char::from_u32)
}

fn is_in((first, last, step, _): Run, c: char) -> bool {
    first <= c && c <= last && (u32::from(c) - u32::from(first)) % step == 0
}

fn several(c: char) -> Option<&'static str> {
    let at = UPPER_TO_SEVERAL.binary_search_by_key(&c, |(from, _)| *from).ok()?;
    UPPER_TO_SEVERAL.get(at).map(|(_, several)| *several)
}

/// Whether the sigma there has a letter before it and none after it (Unicode, 3.13: `Final_Sigma`).
fn ends_word(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let before = before.chars().rev().find(|c| !is_ignorable(*c));
    let after = after.chars().skip(1).find(|c| !is_ignorable(*c));
    before.is_some_and(is_cased) && !after.is_some_and(is_cased)
}

fn is_cased(c: char) -> bool {
    c.is_ascii_alphabetic()
        || found(&LOWER, c).is_some()
        || upper_of(c) != c
        || c == 'İ'
        || several(c).is_some()
}

/// Marks within words: apostrophes, accents, joiners.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\'' | '.' | ':' | '^' | '`' | '¨' | '\u{ad}' | '¯' | '´' | '·' | '¸'
            | '\u{2b0}'..='\u{36f}'
            | '\u{483}'..='\u{489}'
            | '\u{200b}'..='\u{200f}'
            | '‘' | '’' | '․' | '‧'
    )
}
