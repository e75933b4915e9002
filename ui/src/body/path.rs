//! Places in a JSON text: normalized paths as readings tell them, short ones as people write them.

use std::fmt::Write;

/// A step from a value to one in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A member of an object.
    Key(String),
    /// An item of an array, from 0.
    Index(usize),
}

/// Reads a normalized path: `$['rows'][0]['id']`. None when it is another text. Source: RFC 9535, section 2.7.
pub fn read(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix('[')?;
        if let Some(name) = rest.strip_prefix('\'') {
            let (key, after) = read_name(name)?;
            steps.push(Step::Key(key));
            rest = after.strip_prefix(']')?;
        } else {
            let (index, after) = rest.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
        }
    }
    Some(steps)
}

/// A name up to its closing quote, and what follows that.
fn read_name(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '\'' => return Some((name, chars.as_str())),
            '\\' => name.push(match chars.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let digits = chars.as_str().get(..4)?;
                    chars = chars.as_str().get(4..)?.chars();
                    char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
                }
                other => other,
            }),
            c => name.push(c),
        }
    }
}

/// A path as people write it: `$.rows[0].id`, and `$['odd key']` where it has to be.
pub fn short(steps: &[Step]) -> String {
    let mut out = String::from("$");
    for step in steps {
        push(&mut out, step);
    }
    out
}

/// Appends a step.
pub fn push(out: &mut String, step: &Step) {
    // Writing to a String can't fail.
    let _ = match step {
        Step::Index(index) => write!(out, "[{index}]"),
        Step::Key(key) if is_plain(key) => write!(out, ".{key}"),
        Step::Key(key) => write!(out, "[{}]", in_quotes(key)),
    };
}

/// A text as a path's literal.
pub fn in_quotes(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// Whether a name can stand behind a dot.
fn is_plain(name: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    name.starts_with(is_first) && name.chars().all(|c| is_first(c) || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_normalized_path_is_read() {
        let steps = read(r"$['rows'][12]['it\'s'][''][' \\\n\u000b']").unwrap();
        let key = |key: &str| Step::Key(key.to_owned());
        assert_eq!(steps, [key("rows"), Step::Index(12), key("it's"), key(""), key(" \\\n\u{b}")]);
        assert_eq!(read("$"), Some(Vec::new()));
        for text in ["", "rows", "$.rows", "$[x]", "$['a", "$['a'"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_path_is_written_as_people_do() {
        let steps = read(r"$['rows'][0]['odd key']['it\'s']['_id2']['名称']['2nd']").unwrap();
        assert_eq!(short(&steps), r"$.rows[0]['odd key']['it\'s']._id2.名称['2nd']");
    }
}
