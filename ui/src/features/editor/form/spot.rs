//! Where a field of the form stands in the document, and how its text and the document's JSON become each other.

use std::rc::Rc;

use baton_engine::json::edit::{Document, Edit, Path, Step};
use baton_engine::json::layout::on_a_line;
use baton_engine::json::{self, Value};

use crate::features::editor::draft::Draft;
use crate::features::editor::history::By;
use crate::json::quoted;

/// What a field's text is in the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reads {
    /// A text.
    Text,
    /// A number, or a text where it is none.
    Number,
    /// Whatever JSON it is, or a text where it is none.
    Any,
    /// True or nothing.
    Tick,
}

/// Finds the place of a field, which may change; None when it is not there any more.
type Find = Rc<dyn Fn(&Document) -> Option<Path>>;

/// Where a field stands.
#[derive(Clone)]
pub(super) struct Spot {
    find: Find,
    reads: Reads,
    /// Whether an empty field stands in the document as an empty text; else it isn't there.
    stays: bool,
    order: &'static [&'static str],
    /// So many of what it stands in go with it when they become empty.
    prune: usize,
}

impl Spot {
    /// A text that stays when it is empty, wherever it is found.
    pub(super) fn found(find: impl Fn(&Document) -> Option<Path> + 'static) -> Self {
        Self::of(Rc::new(find))
    }

    fn of(find: Find) -> Self {
        Self { find, reads: Reads::Text, stays: true, order: &[], prune: 0 }
    }

    /// The member of this key, a text, not there when it is empty. What is new stands as in `order`.
    pub(super) fn new(base: &Path, key: &str, order: &'static [&'static str]) -> Self {
        Self { order, ..Self::at(&base.key(key)).pruned(0) }
    }

    /// The value at a path, a text that stays there when it is empty.
    pub(super) fn at(path: &Path) -> Self {
        let path = path.clone();
        Self::of(Rc::new(move |_| Some(path.clone())))
    }

    /// The value of a member by its number, whatever its key; a text that stays.
    pub(super) fn nth(base: &Path, nth: usize) -> Self {
        let base = base.clone();
        Self::of(Rc::new(move |document| {
            let map = document.value(&base)?.as_object()?;
            Some(base.key(&map.iter().nth(nth)?.0))
        }))
    }

    /// Further in.
    #[must_use]
    pub(super) fn within(&self, key: &'static str) -> Self {
        let find = self.find.clone();
        let find: Find = Rc::new(move |document| Some(find(document)?.key(key)));
        Self { find, ..self.clone() }
    }

    /// With an order of keys for what is new.
    #[must_use]
    pub(super) fn ordered(self, order: &'static [&'static str]) -> Self {
        Self { order, ..self }
    }

    /// Read another way.
    #[must_use]
    pub(super) fn reads(self, reads: Reads) -> Self {
        Self { reads, ..self }
    }

    /// Stands there when it is empty.
    #[must_use]
    pub(super) fn stays(self) -> Self {
        Self { stays: true, ..self }
    }

    /// Not there when it is empty, nor what it stands in, so many levels.
    #[must_use]
    pub(super) fn pruned(self, prune: usize) -> Self {
        Self { stays: false, prune, ..self }
    }

    /// Whether the problems of what is in its value are shown at it.
    pub(super) fn is_whole(&self) -> bool {
        self.reads == Reads::Any
    }

    /// The order of keys around it.
    pub(super) fn order(&self) -> &'static [&'static str] {
        self.order
    }

    /// Whether it is true or nothing.
    pub(super) fn reads_tick(&self) -> bool {
        self.reads == Reads::Tick
    }

    /// Whether it stands in the document when it is empty.
    pub(super) fn is_kept(&self) -> bool {
        self.stays
    }

    /// Where it is now; None when it is not there any more.
    pub(super) fn path(&self, document: &Document) -> Option<Path> {
        (self.find)(document)
    }

    /// What stands in the field.
    pub(super) fn shown(&self, document: &Document) -> String {
        let value = self.path(document).and_then(|path| document.value(&path));
        match value {
            None => String::new(),
            Some(Value::String(text)) if text.is_empty() && self.stays => String::new(),
            Some(Value::String(text)) => match (self.reads, json::parse(text)) {
                (Reads::Any, Ok(_)) => quoted(text),
                (Reads::Number, Ok(Value::Number(_))) => quoted(text),
                (Reads::Any, Err(_)) if text.is_empty() => quoted(text),
                _ => text.clone(),
            },
            Some(other) => on_a_line(other),
        }
    }

    /// The JSON of what is typed into the field.
    fn json(&self, typed: &str) -> String {
        let read = json::parse(typed);
        match (self.reads, read) {
            (Reads::Any | Reads::Tick, Ok(_)) | (Reads::Number, Ok(Value::Number(_))) => {
                typed.trim().to_owned()
            }
            _ => quoted(typed),
        }
    }

    /// Puts what is typed into the document; joined with what was typed there just before.
    pub(super) fn write(&self, draft: &Draft, typed: &str, by: &By) {
        draft.edit(by, |document| {
            let path = self.path(document)?;
            if typed.is_empty() && !self.stays {
                return remove(document, path, self.prune);
            }
            document.set(&path, &self.json(typed), self.order)
        });
    }

    /// Its changes, as the history joins them.
    pub(super) fn by(&self, document: &Document) -> By {
        By::Field(self.path(document).map(|path| path.to_string()).unwrap_or_default())
    }
}

/// Takes a value out, and so many of what it stands in as are empty then.
pub(super) fn remove(document: &Document, mut path: Path, prune: usize) -> Option<Edit> {
    document.value(&path)?;
    for _ in 0..prune {
        let Some((holder, _)) = path.split() else { break };
        if length(document.value(&holder)?) != 1 {
            break;
        }
        path = holder;
    }
    document.remove(&path)
}

/// A document after an edit, if it can be made.
pub(super) fn after(document: &Document, edit: Option<Edit>) -> Option<Document> {
    Document::read(&edit?.apply(document.text())).ok()
}

/// How many members or elements a value has.
pub(super) fn length(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The stage, or the group, in which a path lies, and its path.
pub(super) fn step_of(path: &Path) -> Option<Path> {
    let steps = path.steps();
    let key = |at: usize, key: &str| steps.get(at) == Some(&Step::Key(key.into()));
    let item = |at: usize| match steps.get(at) {
        Some(Step::Item(item)) => Some(*item),
        Some(Step::Key(_)) | None => None,
    };
    let outer = item(1).filter(|_| key(0, "stages"))?;
    let step = Path::root().key("stages").item(outer);
    let inner = item(4).filter(|_| key(2, "group") && key(3, "stages"));
    Some(match inner {
        Some(inner) => step.key("group").key("stages").item(inner),
        None => step,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn document(text: &str) -> Document {
        Document::read(text).unwrap()
    }

    #[test]
    fn what_is_typed_is_what_is_shown() {
        let spot = |reads| Spot::new(&Path::root(), "v", &[]).reads(reads);
        for typed in ["19.90", "{{amount}}", "[200, 202]", "true", "a \"b\"", "\"7\"", "null", "1e"]
        {
            let json = format!("{{\"v\": {}}}", spot(Reads::Any).json(typed));
            assert_eq!(spot(Reads::Any).shown(&document(&json)), typed);
        }
        assert_eq!(spot(Reads::Text).json("7"), "\"7\"");
        assert_eq!(spot(Reads::Number).json("7"), "7");
        assert_eq!(spot(Reads::Number).json("true"), "\"true\"");
        assert_eq!(spot(Reads::Number).json("2h"), "\"2h\"");
        assert_eq!(spot(Reads::Any).shown(&document(r#"{"v": ""}"#)), "\"\"");
        assert_eq!(spot(Reads::Text).stays().shown(&document(r#"{"v": ""}"#)), "");
    }

    #[test]
    fn a_member_is_found_by_its_number_whatever_its_key() {
        let document = document(r#"{"m": {"a": {"p": "x"}, "b.c": {"p": "y"}}}"#);
        let spot = Spot::nth(&Path::root().key("m"), 1).within("p");
        assert_eq!(spot.shown(&document), "y");
        assert_eq!(spot.path(&document).unwrap().to_string(), "m.b.c.p");
        assert!(Spot::nth(&Path::root().key("m"), 2).path(&document).is_none());
    }

    #[test]
    fn what_becomes_empty_goes_along() {
        let document = document(r#"{"a": {"b": {"c": 1}, "d": 2}}"#);
        let path = Path::root().key("a").key("b").key("c");
        let removed =
            |prune| remove(&document, path.clone(), prune).unwrap().apply(document.text());
        assert_eq!(removed(0), r#"{"a": {"b": {}, "d": 2}}"#);
        assert_eq!(removed(3), r#"{"a": {"d": 2}}"#);
    }

    #[test]
    fn a_path_leads_to_its_stage() {
        let document = document(
            r#"{"stages": [{"name": "a"}, {"group": {"stages": [{"name": "b"}]}}], "x": 1}"#,
        );
        let step = |at: &str| {
            let path = document.path_at(document.text().find(at).unwrap());
            step_of(&path).map(|path| path.to_string()).unwrap_or_default()
        };
        assert_eq!(step("\"a\""), "stages[0]");
        assert_eq!(step("\"b\""), "stages[1].group.stages[0]");
        assert_eq!(step("\"group\""), "stages[1]");
        assert_eq!(step("\"x\""), "");
    }
}
