//! The rows in which a body is shown: all of one height, so that of a million only those in view are drawn. A text that
//! is longer than a row goes on in the next ones.
//!
//! Where to start: [`rows_of`] for a tree, [`lines_of`] for any other text.

use std::ops::Range;

use super::tree::{NodeId, Shape, Tree};

/// An array or object of more values begins folded, and so does what is in one.
const LARGE: usize = 100;
/// A text that is longer, in bytes, is cut to this until all of it is wanted.
const CUT: usize = 400;
/// So many rows are taller than a browser lets an element be; the rest is there to be copied.
const MAX_ROWS: usize = 600_000;
/// Deeper levels are not moved further to the right.
const MAX_INDENT: usize = 40;
/// Before a value, for what folds it.
pub const TWIST: usize = 2;
/// A key is shown so far, in columns.
const MAX_KEY: usize = 120;
/// What is left to a value, however narrow it gets.
const LEAST: usize = 12;

/// What a row shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The beginning of an array or object.
    Open,
    /// All of one, in short.
    Folded,
    /// A value, or its beginning.
    Value,
    /// More of it.
    Rest,
    /// The end of an array or object.
    Close,
    /// A line of a text that is no tree.
    Line,
}

/// A row: which part of which value, and which bytes of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    node: u32,
    /// What it shows.
    pub part: Part,
    start: u32,
    end: u32,
    /// More of the value is there, and not shown.
    pub is_cut: bool,
}

impl Row {
    fn new(node: NodeId, part: Part, range: &Range<usize>) -> Self {
        // Bodies have five million bytes at most.
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            node: short(node),
            part,
            start: short(range.start),
            end: short(range.end),
            is_cut: false,
        }
    }

    /// The value it is of; 0 for a line.
    pub fn node(&self) -> NodeId {
        self.node as usize
    }

    /// The bytes of the text that it shows.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether this row has more of the same value.
    pub fn goes_on_in(&self, next: &Self) -> bool {
        next.node == self.node && next.part == Part::Rest
    }

    /// Whether it stands for a value, as the first of its rows.
    pub fn is_item(&self) -> bool {
        matches!(self.part, Part::Open | Part::Folded | Part::Value)
    }
}

/// What a reader has folded, and which long texts are shown whole.
#[derive(Clone, Debug)]
pub struct Folds {
    folded: Vec<bool>,
    whole: Vec<NodeId>,
}

impl Folds {
    /// Of a text that is no tree.
    pub fn none() -> Self {
        Self { folded: Vec::new(), whole: Vec::new() }
    }

    /// As a body is shown at first: its large parts folded.
    pub fn at_first(tree: &Tree) -> Self {
        let is_large = |id: NodeId| tree.children(id) > LARGE;
        let is_folded = |id: NodeId| {
            let parent = tree.parent(id);
            parent.is_some() && (is_large(id) || parent.is_some_and(is_large))
        };
        Self { folded: (0..tree.len()).map(is_folded).collect(), whole: Vec::new() }
    }

    /// Folds or unfolds everything; what stands outermost stays open.
    pub fn set_all(&mut self, tree: &Tree, folded: bool) {
        for (id, now) in self.folded.iter_mut().enumerate() {
            *now = folded && tree.depth(id) > 0;
        }
    }

    /// Folds or unfolds a value.
    pub fn set(&mut self, id: NodeId, folded: bool) {
        if let Some(now) = self.folded.get_mut(id) {
            *now = folded;
        }
    }

    /// Unfolds what is around a value.
    pub fn reveal(&mut self, tree: &Tree, id: NodeId) {
        let mut around = tree.parent(id);
        while let Some(id) = around {
            self.set(id, false);
            around = tree.parent(id);
        }
    }

    /// Shows a long text whole.
    pub fn show_whole(&mut self, id: NodeId) {
        self.whole.push(id);
    }

    fn is_folded(&self, id: NodeId) -> bool {
        self.folded.get(id).copied().unwrap_or(false)
    }
}

/// The rows of a tree, for so many columns.
pub fn rows_of(tree: &Tree, text: &str, folds: &Folds, columns: usize) -> Vec<Row> {
    let (mut rows, mut open, mut id) = (Vec::new(), Vec::<NodeId>::new(), 0);
    loop {
        while let Some(done) = open.pop_if(|open| tree.next(*open) <= id) {
            if !tree.is_unclosed(done) {
                let end = tree.range(done).end;
                rows.push(Row::new(done, Part::Close, &(end - 1..end)));
            }
        }
        if id >= tree.len() || rows.len() >= MAX_ROWS {
            return rows;
        }
        let range = tree.range(id);
        match tree.shape(id) {
            Shape::Object | Shape::Array if tree.children(id) == 0 => {
                rows.push(Row::new(id, Part::Value, &range));
                id += 1;
            }
            Shape::Object | Shape::Array if folds.is_folded(id) => {
                rows.push(Row::new(id, Part::Folded, &range));
                id = tree.next(id);
            }
            Shape::Object | Shape::Array => {
                rows.push(Row::new(id, Part::Open, &(range.start..range.start + 1)));
                open.push(id);
                id += 1;
            }
            Shape::Text | Shape::Plain => {
                push_value(&mut rows, (tree, text, id), folds.whole.contains(&id), columns);
                id += 1;
            }
        }
    }
}

fn push_value(
    rows: &mut Vec<Row>,
    (tree, text, id): (&Tree, &str, NodeId),
    is_whole: bool,
    columns: usize,
) {
    let mut range = tree.range(id);
    let is_cut = !is_whole && range.len() > CUT + CUT / 2;
    if is_cut {
        range.end = text.floor_char_boundary(range.start + CUT);
    }
    let indent = indent(tree.depth(id), columns) + TWIST;
    let key = tree.key(id).map_or(0, |key| shown_key(&text[key]).1 + 2);
    // A comma has to have room, too.
    let left = |taken: usize| columns.saturating_sub(taken + 1).max(LEAST);
    let beside = columns.saturating_sub(indent + key + 1);
    let (from, is_narrow) = (rows.len(), beside < LEAST && range.len() > beside);
    if is_narrow {
        // Its key stands alone, and all of it below.
        rows.push(Row::new(id, Part::Value, &(range.start..range.start)));
    }
    let first = if is_narrow { left(indent) } else { beside };
    for part in wrap(text, range, first, left(indent)) {
        let kind = if rows.len() == from { Part::Value } else { Part::Rest };
        rows.push(Row::new(id, kind, &part));
    }
    if let Some(last) = rows.last_mut() {
        last.is_cut = is_cut;
    }
}

/// The rows of a text that is no tree, for so many columns.
pub fn lines_of(text: &str, columns: usize) -> Vec<Row> {
    let parts = wrap(text, 0..text.len(), columns.max(LEAST), columns.max(LEAST));
    parts.take(MAX_ROWS).map(|part| Row::new(0, Part::Line, &part)).collect()
}

/// How far a level stands to the right, in columns.
pub fn indent(depth: usize, columns: usize) -> usize {
    (2 * depth).min(MAX_INDENT).min(columns / 4)
}

/// A key as far as it is shown, and how wide that is.
pub fn shown_key(key: &str) -> (&str, usize) {
    let mut width = 0;
    for (at, c) in key.char_indices() {
        width += width_of(c);
        if width > MAX_KEY {
            return (&key[..at], MAX_KEY);
        }
    }
    (key, width)
}

/// The parts of a text that fit in a row each, the first one in another width; line ends are left out.
fn wrap(
    text: &str,
    range: Range<usize>,
    first: usize,
    width: usize,
) -> impl Iterator<Item = Range<usize>> + '_ {
    let (mut at, mut room, end, mut is_over) = (range.start, first, range.end, false);
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let (part, next) = fitting(&text[at..end], room);
        let from = at;
        room = width;
        match next {
            Some(next) => at += next,
            None => is_over = true,
        }
        Some(from..from + part)
    })
}

/// How many bytes of a text fit in a row, and where the next one begins, if there is one.
fn fitting(text: &str, room: usize) -> (usize, Option<usize>) {
    let mut width = 0;
    for (at, c) in text.char_indices() {
        if c == '\n' {
            let before = text[..at].strip_suffix('\r').map_or(at, str::len);
            let next = Some(at + 1).filter(|next| *next < text.len());
            return (before, next);
        }
        width += width_of(c);
        if width > room && at > 0 {
            return (at, Some(at));
        }
    }
    (text.len(), None)
}

/// How many columns a letter takes, at most.
fn width_of(c: char) -> usize {
    match c {
        '\t' => 4,
        '\u{1100}'.. => 2,
        _ => 1,
    }
}

/// The members of a folded object as far as they fit; None when none does.
pub fn preview(tree: &Tree, text: &str, id: NodeId, columns: usize) -> Option<String> {
    let mut out = String::from("{");
    let mut width = 0;
    for child in tree.each_child(id) {
        let value = match tree.shape(child) {
            Shape::Object => "{…}",
            Shape::Array => "[…]",
            Shape::Text | Shape::Plain => &text[tree.range(child)],
        };
        let key = tree.key(child).map_or("", |key| &text[key]);
        // Cheap first: a value may have a million letters.
        let is_long = value.len() > 4 * columns || key.len() > 4 * columns;
        let more = || value.chars().chain(key.chars()).map(width_of).sum::<usize>() + 4;
        if is_long || width + more() > columns {
            out.push_str(if width == 0 { "" } else { ", …" });
            break;
        }
        out.push_str(if width == 0 { "" } else { ", " });
        width += more();
        out.push_str(key);
        out.push_str(": ");
        out.push_str(value);
    }
    out.push('}');
    (width > 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn shown(text: &str, columns: usize, fold: impl Fn(&Tree, &mut Folds)) -> Vec<String> {
        let tree = Tree::read(text).unwrap();
        let mut folds = Folds::at_first(&tree);
        fold(&tree, &mut folds);
        let rows = rows_of(&tree, text, &folds, columns);
        let words = |row: &Row| match row.part {
            Part::Folded => "~".to_owned(),
            _ => format!("{}{}", &text[row.range()], if row.is_cut { "…" } else { "" }),
        };
        rows.iter().map(words).collect()
    }

    #[test]
    fn what_is_open_and_what_is_folded_have_their_rows() {
        let text = r#"{"a":[1,{"b":[]}],"c":"x"}"#;
        let all = ["{", "[", "1", "{", "[]", "}", "]", "\"x\"", "}"];
        assert_eq!(shown(text, 80, |_, _| {}), all);
        assert_eq!(shown(text, 80, |_, folds| folds.set(1, true)), ["{", "~", "\"x\"", "}"]);
        assert_eq!(
            shown(text, 80, |tree, folds| folds.set_all(tree, true)),
            ["{", "~", "\"x\"", "}"]
        );
        let again = |tree: &Tree, folds: &mut Folds| {
            folds.set_all(tree, true);
            folds.reveal(tree, 4);
        };
        assert_eq!(shown(text, 80, again), all);
    }

    #[test]
    fn a_large_array_begins_folded_unless_it_is_all_there_is() {
        let items = vec!["{\"id\":1}"; 1204].join(",");
        assert_eq!(shown(&format!("{{\"rows\":[{items}]}}"), 80, |_, _| {}), ["{", "~", "}"]);
        let outermost = shown(&format!("[{items}]"), 80, |_, _| {});
        assert_eq!((outermost.len(), outermost[1].as_str()), (1206, "~"));
    }

    #[test]
    fn a_text_that_breaks_off_has_no_end() {
        assert_eq!(shown(r#"{"a":[1,"x"#, 80, |_, _| {}), ["{", "[", "1", "\"x"]);
    }

    #[test]
    fn a_long_text_is_wrapped_and_cut() {
        let text = format!("[\"{}\"]", "x".repeat(1000));
        let cut = shown(&text, 105, |_, _| {});
        assert_eq!(cut.len(), 2 + 4);
        assert_eq!(cut[4].len(), 100 + "…".len());
        let whole = shown(&text, 105, |_, folds| folds.show_whole(1));
        assert_eq!(whole.len(), 2 + 11);
        assert_eq!(whole[1..12].concat(), text[1..1003]);
    }

    #[test]
    fn a_value_that_has_no_room_beside_its_key_stands_below_it() {
        let text = r#"{"a_long_name": "e-91-and-more", "b": 1}"#;
        let rows = shown(text, 24, |_, _| {});
        assert_eq!(rows, ["{", "", r#""e-91-and-more""#, "1", "}"]);
    }

    #[test]
    fn lines_are_kept_and_wrapped_with_wide_letters_as_two() {
        let text = "ab\r\n\n一二三四五六七八\nend\n";
        let rows = lines_of(text, 12);
        let lines: Vec<&str> = rows.iter().map(|row| &text[row.range()]).collect();
        assert_eq!(lines, ["ab", "", "一二三四五六", "七八", "end"]);
        assert_eq!(lines_of("", 80).len(), 1);
    }

    #[test]
    fn no_letter_is_lost_by_wrapping() {
        let text: String =
            (0..5000_u32).filter_map(|n| char::from_u32(32 + n * 7 % 40_000)).collect();
        for columns in [12, 13, 40, 97] {
            let rows = lines_of(&text, columns);
            let again: String = rows.iter().map(|row| &text[row.range()]).collect();
            assert_eq!(again, text);
        }
    }

    #[test]
    fn a_folded_object_shows_what_fits() {
        let text = r#"{"id":"e-91","amount":19.90,"more":{"a":1}}"#;
        let tree = Tree::read(text).unwrap();
        let seen = |columns| preview(&tree, text, 0, columns);
        assert_eq!(seen(80).as_deref(), Some(r#"{"id": "e-91", "amount": 19.90, "more": {…}}"#));
        assert_eq!(seen(20).as_deref(), Some(r#"{"id": "e-91", …}"#));
        assert_eq!(seen(5), None);
    }
}
