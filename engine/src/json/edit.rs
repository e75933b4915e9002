//! Edits of a JSON text by the paths of its values, which leave every other character as it is: blanks, the order of
//! keys, numbers as they are written. What is new is indented as what stands around it.
//!
//! Where to start: [`Document::read`], then one of its edits, then [`Edit::apply`].

use std::fmt;
use std::ops::Range;

use super::layout::{items, members, on_a_line, start_of_line};
use super::{Syntax, Value, parse, quoted};

/// A new object or list stands on one line up to this length.
const SHORT: usize = 72;

/// A step into a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// The member of this key.
    Key(String),
    /// The element at this place, from 0.
    Item(usize),
}

/// Where a value stands. Written as problems of documents name places: `stages[2].checks[0].op`.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Path(Vec<Step>);

impl Path {
    /// The document itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// The member of this key in what stands here.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// The element at this place, from 0, in what stands here.
    #[must_use]
    pub fn item(&self, at: usize) -> Self {
        self.then(Step::Item(at))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The steps, from the outermost.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// What this stands in, and the step from there; None for the document itself.
    pub fn split(&self) -> Option<(Self, &Step)> {
        let (last, before) = self.0.split_last()?;
        Some((Self(before.to_vec()), last))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Item(index) => write!(f, "[{index}]")?,
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// A part of a text, in bytes, and what stands there then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The part that gives way.
    pub range: Range<usize>,
    /// What takes its place.
    pub text: String,
}

impl Edit {
    /// The text with the edit made. A range that is not in it changes nothing.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let (before, after) = (text.get(..self.range.start), text.get(self.range.end..));
        match (before, after) {
            (Some(before), Some(after)) => [before, &self.text, after].concat(),
            _ => text.to_owned(),
        }
    }

    /// The least edit that makes one text of another.
    pub fn between(before: &str, after: &str) -> Self {
        let same = |(a, b): &(char, char)| a == b;
        let length = |chars: &mut dyn Iterator<Item = (char, char)>| {
            chars.take_while(same).map(|(c, _)| c.len_utf8()).sum::<usize>()
        };
        let start = length(&mut before.chars().zip(after.chars()));
        let (old, new) = (&before[start..], &after[start..]);
        let end = length(&mut old.chars().rev().zip(new.chars().rev()));
        let range = start..before.len() - end;
        Self { range, text: new[..new.len() - end].to_owned() }
    }

    /// The edit that takes this one back, once it was made in `text`.
    #[must_use]
    pub fn inverse(&self, text: &str) -> Self {
        let gone = text.get(self.range.clone()).unwrap_or_default().to_owned();
        let end = self.range.start + self.text.len();
        Self { range: self.range.start..end, text: gone }
    }
}

/// A JSON text, and what it says.
///
/// Values are given as JSON text that begins at the margin: [`layout::laid_out`](super::layout::laid_out) makes such of
/// a tree. Of a key that is written twice, the last counts.
///
/// ```
/// use baton_engine::json::edit::{Document, Path};
/// let text = r#"{ "amount": 19.90,  "x-team": "qa" }"#;
/// let document = Document::read(text).unwrap();
/// let edit = document.set(&Path::root().key("amount"), "20.00", &[]).unwrap();
/// assert_eq!(edit.apply(text), r#"{ "amount": 20.00,  "x-team": "qa" }"#);
/// ```
#[derive(Clone, Default, Debug)]
pub struct Document {
    text: String,
    tree: Value,
}

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    /// [`Syntax`] when it is not JSON.
    pub fn read(text: &str) -> Result<Self, Syntax> {
        Ok(Self { text: text.to_owned(), tree: parse(text)? })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    pub fn tree(&self) -> &Value {
        &self.tree
    }

    /// The value at a path.
    pub fn value(&self, path: &Path) -> Option<&Value> {
        path.0.iter().try_fold(&self.tree, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Item(at) => value.as_array()?.get(*at),
        })
    }

    /// Where the value at a path stands.
    pub fn place(&self, path: &Path) -> Option<Range<usize>> {
        path.0.iter().try_fold(self.outermost(), |place, step| {
            let parts = self.parts(&place);
            parts.into_iter().rev().find(|part| part.is_at(step)).map(|part| part.value)
        })
    }

    /// The value at a path as it is written, with its later lines moved to the margin.
    pub fn written(&self, path: &Path) -> Option<String> {
        let place = self.place(path)?;
        let indent = start_of_line(&self.text, place.start);
        let lines = self.text[place].split('\n');
        let lines = lines.map(|line| line.strip_prefix(&indent).unwrap_or(line));
        Some(lines.collect::<Vec<_>>().join("\n"))
    }

    /// The path of the innermost value in which a byte of the text stands.
    pub fn path_at(&self, offset: usize) -> Path {
        let (mut path, mut place) = (Path::root(), self.outermost());
        loop {
            let parts = self.parts(&place);
            let Some(part) = parts.into_iter().find(|part| part.whole().contains(&offset)) else {
                return path;
            };
            path = path.then(part.step);
            place = part.value;
        }
    }

    /// Puts a value at a path: in place of the one there; else as a new member, or as the element after the last of a
    /// list. Objects and lists that lack on the way are made. A new member comes before those that follow it in
    /// `order`, and without one last. None where the path leads through something else.
    pub fn set(&self, path: &Path, json: &str, order: &[&str]) -> Option<Edit> {
        if let Some(range) = self.place(path) {
            let indent = start_of_line(&self.text, range.start);
            return Some(Edit { range, text: indented(json, &indent) });
        }
        let lacks = |depth: &usize| self.place(&Path(path.0[..*depth].to_vec())).is_none();
        let depth = (1..=path.0.len()).find(lacks)? - 1;
        let holder = Path(path.0[..depth].to_vec());
        let (first, rest) = path.0[depth..].split_first()?;
        let json = rest.iter().rev().try_fold(json.to_owned(), |inner, step| match step {
            Step::Key(key) => Some(enclosed(&member(key, &inner), ['{', '}'])),
            Step::Item(0) => Some(enclosed(&inner, ['[', ']'])),
            Step::Item(_) => None,
        })?;
        match (self.value(&holder)?, first) {
            (Value::Object(map), Step::Key(key)) => {
                let follows = |other: &str| {
                    let place = |key: &str| order.iter().position(|known| *known == key);
                    place(other).zip(place(key)).is_some_and(|(other, own)| other > own)
                };
                let at = map.iter().position(|(other, _)| follows(other));
                self.put(&holder, at.unwrap_or(map.len()), &member(key, &json))
            }
            (Value::Array(list), Step::Item(at)) if *at == list.len() => {
                self.put(&holder, *at, &json)
            }
            _ => None,
        }
    }

    /// Puts an element into a list, before the one that is at this place. None when there is no such list, or it is
    /// shorter.
    pub fn insert(&self, list: &Path, at: usize, json: &str) -> Option<Edit> {
        let fits = at <= self.value(list)?.as_array()?.len();
        if fits { self.put(list, at, json) } else { None }
    }

    /// Takes a member or an element out, with a comma.
    pub fn remove(&self, path: &Path) -> Option<Edit> {
        let (holder, step) = path.split()?;
        let place = self.place(&holder)?;
        let parts = self.parts(&place);
        let at = parts.iter().rposition(|part| part.is_at(step))?;
        let whole = parts[at].whole();
        let range = match (parts.get(at + 1), at.checked_sub(1)) {
            (Some(next), _) => whole.start..next.whole().start,
            (None, Some(before)) => parts[before].whole().end..whole.end,
            (None, None) => place.start + 1..place.end - 1,
        };
        Some(Edit { range, text: String::new() })
    }

    /// Gives a member another key. None when another has it.
    pub fn rename(&self, path: &Path, key: &str) -> Option<Edit> {
        let (holder, step) = path.split()?;
        let is_taken =
            *step != Step::Key(key.to_owned()) && self.value(&holder)?.get(key).is_some();
        let parts = self.parts(&self.place(&holder)?);
        let part = parts.into_iter().rev().find(|part| part.is_at(step))?;
        let range = part.key.filter(|_| !is_taken)?;
        Some(Edit { range, text: quoted(key) })
    }

    /// Moves an element or a member of what stands at a path from one place to another; those between move up. What
    /// stands between them (commas, blanks) stays, so that moving back restores the text.
    pub fn shift(&self, holder: &Path, from: usize, to: usize) -> Option<Edit> {
        let parts = self.parts(&self.place(holder)?);
        let (first, last) = (from.min(to), from.max(to));
        let slots: Vec<Range<usize>> = parts.get(first..=last)?.iter().map(Part::whole).collect();
        let mut order: Vec<usize> = (0..slots.len()).collect();
        if from < to {
            order.rotate_left(1);
        } else {
            order.rotate_right(1);
        }
        let (start, mut at) = (slots.first()?.start, slots.first()?.start);
        let mut text = String::new();
        for (slot, from) in slots.iter().zip(order) {
            text.push_str(&self.text[at..slot.start]);
            text.push_str(&self.text[slots[from].clone()]);
            at = slot.end;
        }
        Some(Edit { range: start..at, text })
    }

    /// Where the outermost value stands.
    fn outermost(&self) -> Range<usize> {
        let start = self.text.len() - self.text.trim_start().len();
        start..self.text.trim_end().len()
    }

    /// What stands within an object or a list; nothing in anything else.
    fn parts(&self, place: &Range<usize>) -> Vec<Part> {
        match self.text.as_bytes().get(place.start) {
            Some(b'{') => {
                let found = members(&self.text, place.start).into_iter();
                let part = found.map(|found| {
                    let key = parse(&self.text[found.key.clone()]).ok();
                    let key = key.as_ref().and_then(Value::as_str).unwrap_or_default();
                    Part {
                        step: Step::Key(key.to_owned()),
                        key: Some(found.key),
                        value: found.value,
                    }
                });
                part.collect()
            }
            Some(b'[') => {
                let found = items(&self.text, place.start).into_iter().enumerate();
                let part = found.map(|(at, value)| Part { step: Step::Item(at), key: None, value });
                part.collect()
            }
            _ => Vec::new(),
        }
    }

    /// Puts a member or an element into an object or a list that is there.
    fn put(&self, holder: &Path, at: usize, new: &str) -> Option<Edit> {
        let place = self.place(holder)?;
        let parts = self.parts(&place);
        let Some(first) = parts.first() else { return Some(self.put_first(holder, place, new)) };
        let first = first.whole().start;
        let blank = &self.text[place.start + 1..first];
        let (separator, new) = if blank.contains('\n') {
            let indent = start_of_line(&self.text, first);
            (format!(",\n{indent}"), indented(new, &indent))
        } else {
            (", ".to_owned(), joined(new))
        };
        if let Some(next) = parts.get(at) {
            let start = next.whole().start;
            return Some(Edit { range: start..start, text: new + &separator });
        }
        let end = parts.last()?.whole().end;
        Some(Edit { range: end..end, text: separator + &new })
    }

    /// Puts the first member or element into an empty object or list: over several lines, if what it stands in does.
    fn put_first(&self, holder: &Path, place: Range<usize>, new: &str) -> Edit {
        let outer = holder.split().and_then(|(outer, _)| self.place(&outer));
        let in_lines = outer.is_none_or(|outer| self.text[outer].contains('\n'));
        let is_list = self.text[place.clone()].starts_with('[');
        let plain = is_list && !new.contains('\n') && !new.starts_with(['{', '[']);
        let text = if in_lines && !plain {
            let indent = start_of_line(&self.text, place.start);
            format!("\n{indent}  {}\n{indent}", indented(new, &format!("{indent}  ")))
        } else if is_list {
            joined(new)
        } else {
            format!(" {} ", joined(new))
        };
        Edit { range: place.start + 1..place.end - 1, text }
    }
}

/// A member of an object, or an element of a list.
struct Part {
    step: Step,
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl Part {
    fn is_at(&self, step: &Step) -> bool {
        self.step == *step
    }

    /// With its key.
    fn whole(&self) -> Range<usize> {
        self.key.as_ref().map_or(self.value.start, |key| key.start)..self.value.end
    }
}

fn member(key: &str, json: &str) -> String {
    format!("{}: {json}", quoted(key))
}

/// The one part of a new object or list, within it.
fn enclosed(part: &str, [open, close]: [char; 2]) -> String {
    if part.contains('\n') || part.len() > SHORT {
        return format!("{open}\n  {}\n{close}", indented(part, "  "));
    }
    let blank = if open == '{' { " " } else { "" };
    format!("{open}{blank}{part}{blank}{close}")
}

/// JSON's texts have no line breaks in them, so that every line may be moved.
fn indented(json: &str, indent: &str) -> String {
    json.replace('\n', &format!("\n{indent}"))
}

/// Several lines, a member's or an element's, as one.
fn joined(part: &str) -> String {
    if !part.contains('\n') {
        return part.to_owned();
    }
    // A member is one only within an object.
    let (object, list) = (format!("{{{part}}}"), format!("[{part}]"));
    let line = parse(&object).or_else(|_| parse(&list)).map(|value| on_a_line(&value));
    let line = line.unwrap_or_default();
    let inner = line.get(1..line.len().saturating_sub(1)).unwrap_or_default();
    inner.trim().to_owned()
}

#[cfg(test)]
mod tests;
