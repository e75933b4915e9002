//! A JSON text as a tree of places in it. Values stay the text they are: 19.90 and 64-bit ids are never read as
//! numbers. A text that breaks off is a tree as far as it goes.
//!
//! Where to start: [`Tree::read`].

use std::ops::Range;

use super::path::Step;
use crate::json::{token_end, unquoted};

/// More values than this are shown as lines: the tree of a body has to fit beside it.
const MAX_NODES: usize = 500_000;
/// Deeper ones are shown as lines.
const MAX_DEPTH: usize = 1000;

/// A value's place among a tree's, in the order of the text.
pub type NodeId = usize;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A text.
    Text,
    /// A number, true, false or null.
    Plain,
}

/// A value: where it stands. Offsets are bytes of the text, of which there are five million at most.
#[derive(Clone, Copy, Debug)]
struct Node {
    start: u32,
    end: u32,
    /// Its key with quotes, in an object; nothing else is empty.
    key: (u32, u32),
    parent: u32,
    /// The node after the last one in it.
    next: u32,
    /// How many values are right in it.
    children: u32,
    /// Its place among its siblings.
    index: u32,
    depth: u16,
    shape: Shape,
}

/// What is awaited next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaits {
    /// A value, or the end of an empty array.
    FirstItem,
    Item,
    /// A key, or the end of an empty object.
    FirstKey,
    Key,
    Colon,
    /// A comma, or the end of what is open.
    Comma,
    /// Another document: outside of everything.
    Document,
}

/// A JSON text, or several in a row, as a tree.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Where the text breaks off: what is not closed, the outermost first.
    unclosed: Vec<u32>,
    cut: bool,
    roots: u32,
}

impl Tree {
    /// Reads a text; None when it is no JSON.
    pub fn read(text: &str) -> Option<Self> {
        let mut reading = Reading {
            text,
            tree: Self { nodes: Vec::new(), unclosed: Vec::new(), cut: false, roots: 0 },
            awaits: Awaits::Document,
            key: (0, 0),
        };
        reading.all()?;
        let Reading { mut tree, awaits, .. } = reading;
        tree.cut |= awaits != Awaits::Document;
        let end = u32::try_from(tree.nodes.len()).ok()?;
        for open in &tree.unclosed {
            let node = tree.nodes.get_mut(*open as usize)?;
            (node.next, node.end) = (end, u32::try_from(text.len()).ok()?);
        }
        // A word by itself that breaks off may be any text.
        let begins = tree.nodes.first()?;
        let is_sure = matches!(begins.shape, Shape::Object | Shape::Array)
            || (tree.nodes.len() == 1 && !tree.cut);
        is_sure.then_some(tree)
    }

    /// How many values it has.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has none, which no tree that was read has.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many documents are in the text, one after another.
    pub fn roots(&self) -> usize {
        self.roots as usize
    }

    /// Whether the text breaks off.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    fn node(&self, id: NodeId) -> Node {
        self.nodes[id]
    }

    /// What a value is.
    pub fn shape(&self, id: NodeId) -> Shape {
        self.node(id).shape
    }

    /// Where a value stands.
    pub fn range(&self, id: NodeId) -> Range<usize> {
        let Node { start, end, .. } = self.node(id);
        start as usize..end as usize
    }

    /// Where its key stands, with its quotes.
    pub fn key(&self, id: NodeId) -> Option<Range<usize>> {
        let (start, end) = self.node(id).key;
        (end > 0).then_some(start as usize..end as usize)
    }

    /// The node after the last one in this one.
    pub fn next(&self, id: NodeId) -> NodeId {
        self.node(id).next as usize
    }

    /// How many values are right in it.
    pub fn children(&self, id: NodeId) -> usize {
        self.node(id).children as usize
    }

    /// How many values are around it.
    pub fn depth(&self, id: NodeId) -> usize {
        usize::from(self.node(id).depth)
    }

    /// Its place among its siblings, from 0, and how many they are.
    pub fn place(&self, id: NodeId) -> (usize, usize) {
        let of = self.parent(id).map_or(self.roots(), |parent| self.children(parent));
        (self.node(id).index as usize, of)
    }

    /// What it is right in.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let node = self.node(id);
        (node.depth > 0).then_some(node.parent as usize)
    }

    /// Whether the text breaks off in it.
    pub fn is_unclosed(&self, id: NodeId) -> bool {
        self.unclosed.iter().any(|open| *open as usize == id)
    }

    /// The values right in it.
    pub fn each_child(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.next(id);
        let first = (id + 1 < end).then_some(id + 1);
        std::iter::successors(first, move |child| Some(self.next(*child)).filter(|id| *id < end))
    }

    /// The steps to a value.
    pub fn path(&self, text: &str, id: NodeId) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at.filter(|id| self.node(*id).depth > 0) {
            steps.push(match self.key(id) {
                Some(key) => Step::Key(unquoted(&text[key])),
                None => Step::Index(self.node(id).index as usize),
            });
            at = self.parent(id);
        }
        steps.reverse();
        steps
    }

    /// The value at the end of some steps. Of several members of one name it is the last, as everywhere.
    pub fn find(&self, text: &str, steps: &[Step]) -> Option<NodeId> {
        let is_one = self.roots() == 1;
        steps
            .iter()
            .try_fold(0, |id, step| match (step, self.shape(id)) {
                (Step::Key(name), Shape::Object) => {
                    let is_named = |id: &NodeId| {
                        self.key(*id).is_some_and(|key| unquoted(&text[key]) == *name)
                    };
                    self.each_child(id).filter(is_named).last()
                }
                (Step::Index(index), Shape::Array) => self.each_child(id).nth(*index),
                _ => None,
            })
            .filter(|_| is_one)
    }
}

struct Reading<'a> {
    text: &'a str,
    tree: Tree,
    awaits: Awaits,
    key: (u32, u32),
}

impl Reading<'_> {
    fn all(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at].is_ascii_whitespace() {
                at += 1;
                continue;
            }
            let end = token_end(bytes, at)?;
            self.token(at, end)?;
            at = end;
        }
        Some(())
    }

    /// Takes a token that may stand here; None when it may not.
    fn token(&mut self, at: usize, end: usize) -> Option<()> {
        let first = self.text.as_bytes()[at];
        let range = (u32::try_from(at).ok()?, u32::try_from(end).ok()?);
        match (self.awaits, first) {
            (Awaits::FirstItem | Awaits::Comma, b']') => self.close(Shape::Array, range.1),
            (Awaits::FirstKey | Awaits::Comma, b'}') => self.close(Shape::Object, range.1),
            (Awaits::FirstKey | Awaits::Key, b'"') => {
                self.key = range;
                self.awaits = Awaits::Colon;
                Some(())
            }
            (Awaits::Colon, b':') => {
                self.awaits = Awaits::Item;
                Some(())
            }
            (Awaits::Comma, b',') => {
                let open = *self.tree.unclosed.last()? as usize;
                let is_object = self.tree.shape(open) == Shape::Object;
                self.awaits = if is_object { Awaits::Key } else { Awaits::Item };
                Some(())
            }
            (Awaits::FirstItem | Awaits::Item | Awaits::Document, first) => {
                self.value(first, range)
            }
            (Awaits::FirstKey | Awaits::Key | Awaits::Colon | Awaits::Comma, _) => None,
        }
    }

    fn value(&mut self, first: u8, (start, end): (u32, u32)) -> Option<()> {
        let shape = match first {
            b'{' => Shape::Object,
            b'[' => Shape::Array,
            b'"' => Shape::Text,
            b'}' | b']' | b',' | b':' => return None,
            _ => Shape::Plain,
        };
        let id = u32::try_from(self.tree.nodes.len()).ok()?;
        let depth = self.tree.unclosed.len();
        if self.tree.nodes.len() >= MAX_NODES || depth >= MAX_DEPTH {
            return None;
        }
        let parent = self.tree.unclosed.last().copied();
        let index = match parent {
            Some(parent) => &mut self.tree.nodes[parent as usize].children,
            None => &mut self.tree.roots,
        };
        *index += 1;
        let (index, key) = (*index - 1, std::mem::take(&mut self.key));
        self.tree.nodes.push(Node {
            start,
            end,
            key,
            parent: parent.unwrap_or(0),
            next: id + 1,
            children: 0,
            index,
            depth: u16::try_from(depth).ok()?,
            shape,
        });
        self.awaits = match shape {
            Shape::Object => Awaits::FirstKey,
            Shape::Array => Awaits::FirstItem,
            Shape::Text | Shape::Plain => {
                // The last token of a text that breaks off has no end of its own.
                self.tree.cut |= end as usize == self.text.len() && self.is_open_ended(start);
                self.after_value()
            }
        };
        if matches!(shape, Shape::Object | Shape::Array) {
            self.tree.unclosed.push(id);
        }
        Some(())
    }

    fn is_open_ended(&self, start: u32) -> bool {
        let token = &self.text[start as usize..];
        match token.as_bytes().first() {
            Some(b'"') => {
                let inner = token.strip_suffix('"').filter(|inner| !inner.is_empty());
                let escapes = |inner: &str| inner.bytes().rev().take_while(|b| *b == b'\\').count();
                inner.is_none_or(|inner| escapes(inner) % 2 == 1)
            }
            Some(b't' | b'f' | b'n') => !matches!(token, "true" | "false" | "null"),
            _ => false,
        }
    }

    fn close(&mut self, shape: Shape, end: u32) -> Option<()> {
        let id = self.tree.unclosed.pop()? as usize;
        let next = u32::try_from(self.tree.nodes.len()).ok()?;
        let node = &mut self.tree.nodes[id];
        if node.shape != shape {
            return None;
        }
        (node.end, node.next) = (end, next);
        self.awaits = self.after_value();
        Some(())
    }

    fn after_value(&self) -> Awaits {
        if self.tree.unclosed.is_empty() { Awaits::Document } else { Awaits::Comma }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::path;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn values_stay_the_text_they_are() {
        let text =
            r#" {"amount": 19.90, "ids":[9007199254740993, "é\"x"], "o" : {}, "none":null} "#;
        let tree = Tree::read(text).unwrap();
        let values: Vec<_> = (1..tree.len()).map(|id| &text[tree.range(id)]).collect();
        assert_eq!(
            values,
            [
                "19.90",
                r#"[9007199254740993, "é\"x"]"#,
                "9007199254740993",
                r#""é\"x""#,
                "{}",
                "null"
            ]
        );
        assert!(!tree.is_cut());
        assert_eq!((tree.children(0), tree.children(2), tree.depth(3)), (4, 2, 2));
        assert_eq!((tree.place(2), tree.place(4)), ((1, 4), (1, 2)));
    }

    #[test]
    fn each_value_is_found_by_its_own_path() {
        let text = r#"{"a b":[{"x":[[],1]},2],"":{"it's":[true]}}"#;
        let tree = Tree::read(text).unwrap();
        for id in 0..tree.len() {
            let steps = tree.path(text, id);
            assert_eq!(tree.find(text, &steps), Some(id), "{}", path::short(&steps));
        }
        for nowhere in ["$['a b'][2]", "$['x']", "$[0]", "$['']['it\\'s'][0][0]"] {
            assert_eq!(tree.find(text, &path::read(nowhere).unwrap()), None, "{nowhere}");
        }
    }

    #[test]
    fn what_breaks_off_is_a_tree_so_far() {
        for (text, nodes) in [
            (r#"[{"a":"b\"#, 3),
            (r#"{"a""#, 1),
            (r#"{"a":"#, 1),
            ("[1,tru", 3),
            ("[1,", 2),
            ("[{}", 2),
            (r#"["a""#, 2),
        ] {
            let tree = Tree::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((tree.len(), tree.is_cut()), (nodes, true), "{text}");
            assert_eq!(tree.next(0), nodes, "{text}");
        }
    }

    #[test]
    fn what_is_not_json_has_no_tree() {
        for text in [
            "",
            "<html></html>",
            "[info] started",
            "plain",
            "nul",
            "{a: 1}",
            "]",
            "[1 2]",
            "{\"a\" 1}",
            "[1,]",
            "[}",
            "1 2",
            "{\"a\":1,}",
            "[1]x",
        ] {
            assert!(Tree::read(text).is_none(), "{text}");
        }
        assert!(Tree::read(&"[".repeat(5000)).is_none());
    }

    #[test]
    fn documents_in_a_row_and_single_values_are_taken() {
        let tree = Tree::read("{}\n{\"a\":1}\n").unwrap();
        assert_eq!((tree.roots(), tree.place(1)), (2, (1, 2)));
        assert_eq!(tree.find("{}\n{\"a\":1}\n", &[]), None, "a path is about one");
        assert_eq!(Tree::read(" 19.90 ").unwrap().len(), 1);
        assert_eq!(Tree::read("\"a\"").unwrap().shape(0), Shape::Text);
    }
}
