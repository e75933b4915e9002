//! Reads a JSON tree by hand, so that every problem has its path, and unknown words a suggestion.
//! Knows nothing of chains.

use std::time::Duration;

use crate::json::{Map, Value};

use super::problem::{Problem, ProblemKind};
use crate::json::{self, Syntax};
use crate::time::parse_duration;

/// More problems than this are not listed: the reader mends from the top.
const MAX_PROBLEMS: usize = 100;

/// The problems found so far, and what is only worth a second look.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Problems {
    pub(crate) fn push(&mut self, place: &Place, kind: ProblemKind) {
        if self.found.len() < MAX_PROBLEMS {
            self.found.push(Problem::new(place.path(), kind));
        }
    }

    /// Says what may be meant: the document stays valid.
    pub(crate) fn warn(&mut self, place: &Place, kind: ProblemKind) {
        if self.warnings.len() < MAX_PROBLEMS {
            self.warnings.push(Problem::new(place.path(), kind));
        }
    }

    pub(crate) fn into_warnings(self) -> Vec<Problem> {
        self.warnings
    }

    pub(crate) fn into_vec(self) -> Vec<Problem> {
        self.found
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

/// Reads a document's text into a tree.
pub(crate) fn tree(text: &str, most_bytes: usize) -> Result<Value, Vec<Problem>> {
    let whole = |kind| vec![Problem::new(String::new(), kind)];
    if text.len() > most_bytes {
        let (bytes, limit) = (text.len() as u64, most_bytes as u64);
        return Err(whole(ProblemKind::TooLarge { bytes, limit }));
    }
    json::parse(text).map_err(|Syntax { message, line, column, .. }| {
        whole(ProblemKind::Syntax { line, column, message: message.to_owned() })
    })
}

/// A value and where it stands. Its path is looked up only when there is something to say about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) value: &'a Value,
    /// The tree in which the value stands.
    root: &'a Value,
    /// What is meant within the value, where that is not a place of the tree; mostly nothing.
    part: &'a str,
}

impl<'a> Place<'a> {
    pub(crate) fn root(value: &'a Value) -> Self {
        Self { value, root: value, part: "" }
    }

    /// What stands within this one, in the same tree.
    fn inner(&self, value: &'a Value) -> Self {
        Self { value, ..*self }
    }

    /// Something within this value, such as a word of a text.
    pub(crate) fn part<'b>(&self, part: &'b str) -> Place<'b>
    where
        'a: 'b,
    {
        Place { part, ..*self }
    }

    fn path(&self) -> String {
        let mut trail = Vec::new();
        if !self.part.is_empty() {
            trail.push(Step::Member(self.part));
        }
        trail_to(self.root, self.value, &mut trail);
        let mut path = String::new();
        while let Some(step) = trail.pop() {
            match step {
                Step::Item(index) => path.extend(["[", &index.to_string(), "]"]),
                Step::Member(key) if path.is_empty() => path.push_str(key),
                Step::Member(key) => path.extend([".", key]),
            }
        }
        path
    }

    pub(crate) fn wrong(&self, problems: &mut Problems, want: &str) {
        let kind = ProblemKind::WrongType { want: want.into(), got: kind_of(self.value).into() };
        problems.push(self, kind);
    }

    /// An object with these keys and no others, save those that begin with `x-`. Keys of `later` are of
    /// the format, but not carried out by this version.
    pub(crate) fn object(
        &self,
        problems: &mut Problems,
        known: &[&str],
        later: &[&str],
    ) -> Option<Object<'a>> {
        let Some(map) = self.value.as_object() else {
            self.wrong(problems, "an object");
            return None;
        };
        let strange = |key: &str| !known.contains(&key) && !key.starts_with("x-");
        for (key, _) in map.iter().filter(|(key, _)| strange(key)) {
            let kind = if later.contains(&key.as_str()) {
                ProblemKind::NotCarriedOut { key: key.clone() }
            } else {
                ProblemKind::UnknownKey { key: key.clone(), meant: nearest(key, known) }
            };
            problems.push(self, kind);
        }
        Some(Object { place: *self, map })
    }

    /// The members of an object whose keys are names of the author's choice.
    pub(crate) fn entries(&self, problems: &mut Problems) -> Option<Vec<(&'a str, Place<'a>)>> {
        let Some(map) = self.value.as_object() else {
            self.wrong(problems, "an object");
            return None;
        };
        Some(map.iter().map(|(key, value)| (key.as_str(), self.inner(value))).collect())
    }

    pub(crate) fn items(&self, problems: &mut Problems, most: usize) -> Option<Vec<Place<'a>>> {
        let Some(items) = self.value.as_array() else {
            self.wrong(problems, "a list");
            return None;
        };
        if items.len() > most {
            let kind = ProblemKind::TooMany { seen: items.len() as u64, limit: most as u64 };
            problems.push(self, kind);
            return None;
        }
        Some(items.iter().map(|value| self.inner(value)).collect())
    }

    pub(crate) fn text(&self, problems: &mut Problems) -> Option<&'a str> {
        let found = self.value.as_str();
        if found.is_none() {
            self.wrong(problems, "a text");
        }
        found
    }

    /// A text with something in it.
    pub(crate) fn name(&self, problems: &mut Problems) -> Option<&'a str> {
        let text = self.text(problems)?;
        if text.trim().is_empty() {
            problems.push(self, ProblemKind::Empty);
            return None;
        }
        Some(text)
    }

    pub(crate) fn boolean(&self, problems: &mut Problems) -> Option<bool> {
        let found = self.value.as_bool();
        if found.is_none() {
            self.wrong(problems, "true or false");
        }
        found
    }

    pub(crate) fn whole(&self, problems: &mut Problems, least: u32, most: u32) -> Option<u32> {
        let Some(number) = self.value.as_u64() else {
            self.wrong(problems, "a whole number");
            return None;
        };
        match u32::try_from(number) {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            Ok(_) | Err(_) => {
                problems.push(self, out_of_range(number, least, most));
                None
            }
        }
    }

    /// What one of these words means.
    pub(crate) fn word<T: Copy, const N: usize>(
        &self,
        problems: &mut Problems,
        words: &[&str; N],
        meanings: &[T; N],
    ) -> Option<T> {
        self.choice(problems, words).and_then(|index| meanings.get(index)).copied()
    }

    /// Which of these words it is.
    fn choice(&self, problems: &mut Problems, words: &[&str]) -> Option<usize> {
        let text = self.text(problems)?;
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            self.unknown_word(problems, text, words);
        }
        found
    }

    pub(crate) fn unknown_word(&self, problems: &mut Problems, word: &str, known: &[&str]) {
        let kind = ProblemKind::UnknownWord {
            word: word.to_owned(),
            meant: nearest(word, known),
            known: known.iter().map(|&word| word.to_owned()).collect(),
        };
        problems.push(self, kind);
    }

    pub(crate) fn duration(
        &self,
        problems: &mut Problems,
        least: Duration,
        most: Duration,
    ) -> Option<Duration> {
        let Some(span) = self.value.as_str().and_then(parse_duration) else {
            problems.push(self, ProblemKind::Duration { got: json::text(self.value) });
            return None;
        };
        if span < least || span > most {
            let words = crate::time::in_words;
            let kind = ProblemKind::OutOfRange {
                got: words(span),
                least: words(least),
                most: words(most),
            };
            problems.push(self, kind);
            return None;
        }
        Some(span)
    }
}

/// A step from a value to one within it.
enum Step<'a> {
    Item(usize),
    Member(&'a str),
}

/// Finds a value within another, and notes the steps, from the last to the first.
fn trail_to<'a>(from: &'a Value, to: &Value, trail: &mut Vec<Step<'a>>) -> bool {
    let step = match from {
        _ if std::ptr::eq(from, to) => return true,
        Value::Array(items) => {
            items.iter().position(|item| trail_to(item, to, trail)).map(Step::Item)
        }
        Value::Object(map) => {
            let found = map.iter().find(|(_, value)| trail_to(value, to, trail));
            found.map(|(key, _)| Step::Member(key))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    let found = step.is_some();
    trail.extend(step);
    found
}

/// An object whose keys are known.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    pub(crate) place: Place<'a>,
    map: &'a Map,
}

impl<'a> Object<'a> {
    pub(crate) fn find(&self, key: &str) -> Option<Place<'a>> {
        self.map.get(key).map(|value| self.place.inner(value))
    }

    pub(crate) fn need(&self, problems: &mut Problems, key: &str) -> Option<Place<'a>> {
        let found = self.find(key);
        if found.is_none() {
            problems.push(&self.place, ProblemKind::MissingKey { key: key.to_owned() });
        }
        found
    }

    /// Refuses `key` where it makes no sense.
    pub(crate) fn refuse(&self, problems: &mut Problems, key: &str, with: &str) {
        if let Some(place) = self.find(key) {
            let kind = ProblemKind::NotTogether { key: key.into(), with: with.into() };
            problems.push(&place, kind);
        }
    }
}

fn out_of_range(number: u64, least: u32, most: u32) -> ProblemKind {
    ProblemKind::OutOfRange {
        got: number.to_string(),
        least: least.to_string(),
        most: most.to_string(),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The known word that is at most two letters away, for "did you mean".
pub(crate) fn nearest(word: &str, known: &[&str]) -> Option<String> {
    let close = |candidate: &&&str| distance(word, candidate) <= 2.min(candidate.len() / 2);
    known
        .iter()
        .filter(close)
        .min_by_key(|candidate| distance(word, candidate))
        .map(|&found| found.to_owned())
}

/// Levenshtein's distance; a word that is much longer counts as far away without being measured.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 8 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, &to) in b.iter().enumerate() {
            let changed = corner + usize::from(from != to);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested() {
        let known = ["equals", "exists", "one_of"];
        assert_eq!(nearest("equal", &known).as_deref(), Some("equals"));
        assert_eq!(nearest("exsits", &known).as_deref(), Some("exists"));
        assert_eq!(nearest("between", &known), None);
        assert_eq!(nearest(&"e".repeat(100_000), &known), None);
    }
}
