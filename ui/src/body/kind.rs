//! What a body's text is: JSON in any of its states, or what else it looks like.

use super::tree::Tree;
use crate::text::Key;

/// So much of a text is looked at.
const LOOKED_AT: usize = 4000;

/// What a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextKind {
    /// JSON.
    Json,
    /// Several JSON documents in a row.
    JsonLines,
    /// JSON that breaks off.
    CutJson,
    /// It begins as JSON does, and is none, or more of it than can be drawn as a tree.
    NotJson,
    /// HTML.
    Html,
    /// XML.
    Xml,
    /// Not made for reading.
    Binary,
    /// Any other text.
    Plain,
}

impl TextKind {
    /// What a text is, of which a tree could be made or not.
    pub fn of(text: &str, tree: Option<&Tree>) -> Self {
        match tree {
            Some(tree) if tree.is_cut() => Self::CutJson,
            Some(tree) if tree.roots() > 1 => Self::JsonLines,
            Some(_) => Self::Json,
            None => Self::other(text),
        }
    }

    fn other(text: &str) -> Self {
        let begin = text[..text.floor_char_boundary(LOOKED_AT)].trim_start();
        let control = |c: &char| c.is_control() && !c.is_whitespace() || *c == '\u{fffd}';
        let lower = begin.get(..200).unwrap_or(begin).to_ascii_lowercase();
        if begin.chars().filter(control).count() * 20 > begin.chars().count() {
            Self::Binary
        } else if lower.starts_with("<!doctype html") || lower.contains("<html") {
            Self::Html
        } else if lower.starts_with("<?xml") || lower.starts_with('<') {
            Self::Xml
        } else if lower.starts_with(['{', '[']) {
            Self::NotJson
        } else {
            Self::Plain
        }
    }

    /// Its name for tests and styles.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLines => "json-lines",
            Self::CutJson => "cut-json",
            Self::NotJson => "not-json",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::Binary => "binary",
            Self::Plain => "plain",
        }
    }

    /// Its word.
    pub fn word(self) -> Key {
        match self {
            Self::Json => Key::ExportJson,
            Self::JsonLines => Key::BodyJsonLines,
            Self::CutJson => Key::BodyCutJson,
            Self::NotJson => Key::BodyNotJson,
            Self::Html => Key::BodyHtml,
            Self::Xml => Key::BodyXml,
            Self::Binary => Key::BodyBinary,
            Self::Plain => Key::BodyPlain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_text_is_said_to_be_what_it_is() {
        for (text, kind) in [
            ("{}", TextKind::Json),
            ("19.90", TextKind::Json),
            ("{}\n{}", TextKind::JsonLines),
            ("{\"a\":", TextKind::CutJson),
            ("[info] started", TextKind::NotJson),
            ("  <!DOCTYPE html><p>", TextKind::Html),
            ("<script></script><html lang=x>", TextKind::Html),
            ("<?xml version='1.0'?><a/>", TextKind::Xml),
            ("\u{1}\u{fffd}PNG\u{0}", TextKind::Binary),
            ("it works\n", TextKind::Plain),
            ("", TextKind::Plain),
        ] {
            assert_eq!(TextKind::of(text, Tree::read(text).as_ref()), kind, "{text}");
        }
    }
}
