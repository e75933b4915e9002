//! A selected value, and where it is: its normalized path (RFC 9535, 2.7).

use std::rc::Rc;

use crate::json::Value;

/// A selected value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) value: &'a Value,
    step: Option<Rc<Step<'a>>>,
}

/// The last step to a node, and those before it, which are shared: a body can have 200,000 nodes, of
/// which a reading shows 20.
#[derive(Debug)]
struct Step<'a> {
    before: Option<Rc<Step<'a>>>,
    key: Key<'a>,
}

/// Where a child is in its parent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Node<'a> {
    /// A value that a path starts at.
    pub(crate) fn root(value: &'a Value) -> Self {
        Self { value, step: None }
    }

    pub(super) fn child(&self, key: Key<'a>, value: &'a Value) -> Self {
        Self { value, step: Some(Rc::new(Step { before: self.step.clone(), key })) }
    }

    /// Its normalized path, such as `$['rows'][0]['id']`.
    pub(crate) fn location(&self) -> String {
        let mut keys = Vec::new();
        let mut step = self.step.as_deref();
        while let Some(Step { before, key }) = step {
            keys.push(*key);
            step = before.as_deref();
        }
        let mut out = String::from("$");
        for key in keys.iter().rev() {
            out.push('[');
            match key {
                Key::Index(index) => out.push_str(&index.to_string()),
                Key::Name(name) => push_name(&mut out, name),
            }
            out.push(']');
        }
        out
    }
}

/// A name as a normalized path writes it: in single quotes, with the fewest escapes.
fn push_name(out: &mut String, name: &str) {
    out.push('\'');
    for c in name.chars() {
        let letter = match c {
            '\'' | '\\' => c,
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\0'..='\u{1f}' => {
                out.push_str(if c < '\u{10}' { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(c) & 15, 16));
                continue;
            }
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push('\\');
        out.push(letter);
    }
    out.push('\'');
}
