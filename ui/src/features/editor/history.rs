//! What was done to a document, so that it can be undone and done again: one history over all the ways to change it.

use std::ops::Range;

use baton_engine::json::edit::Edit;

/// More steps than these are forgotten, the oldest first.
const MOST_STEPS: usize = 300;

/// Who changes a document: some changes that follow each other are one step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum By {
    /// A step of its own: a press, an import, a pick.
    Step,
    /// Typing in the document's text; a word is a step.
    Typing,
    /// Typing in a field of the form, by its place; all of it is a step until the field is left.
    Field(String),
}

/// A change, and what takes it back.
struct Change {
    forth: Edit,
    back: Edit,
}

/// What was done, and what was undone.
#[derive(Default)]
pub(super) struct History {
    past: Vec<Change>,
    future: Vec<Change>,
    /// Who made the last change, as long as more of theirs may join it.
    open: Option<By>,
}

impl History {
    /// Notes a change.
    pub(super) fn note(&mut self, before: &str, after: &str, by: &By) {
        let mut forth = Edit::between(before, after);
        let mut from = None;
        if self.open.as_ref() == Some(by)
            && let Some(last) = self.past.last()
            && (*by != By::Typing || goes_on(&last.forth, &forth))
        {
            let earlier = last.back.apply(before);
            forth = Edit::between(&earlier, after);
            from = Some(earlier);
            self.past.pop();
        }
        let back = forth.inverse(from.as_deref().unwrap_or(before));
        self.past.push(Change { forth, back });
        if self.past.len() > MOST_STEPS {
            self.past.remove(0);
        }
        self.future.clear();
        self.open = (*by != By::Step).then(|| by.clone());
    }

    /// What comes is a step of its own.
    pub(super) fn close(&mut self) {
        self.open = None;
    }

    /// The text before the last step, and which part of it differs.
    pub(super) fn undo(&mut self, text: &str) -> Option<(String, Range<usize>)> {
        let change = self.past.pop()?;
        let now = done(&change.back, text);
        self.future.push(change);
        self.close();
        Some(now)
    }

    /// The text after the step that was undone last, and which part of it differs.
    pub(super) fn redo(&mut self, text: &str) -> Option<(String, Range<usize>)> {
        let change = self.future.pop()?;
        let now = done(&change.forth, text);
        self.past.push(change);
        self.close();
        Some(now)
    }

    /// Whether there is something to undo, and to do again.
    pub(super) fn reach(&self) -> [bool; 2] {
        [!self.past.is_empty(), !self.future.is_empty()]
    }
}

fn done(edit: &Edit, text: &str) -> (String, Range<usize>) {
    (edit.apply(text), edit.range.start..edit.range.start + edit.text.len())
}

/// Whether typing goes on where it was, within a word or the blanks after it.
fn goes_on(last: &Edit, next: &Edit) -> bool {
    let typed = next.range.is_empty() && last.range.start + last.text.len() == next.range.start;
    let new_word = last.text.ends_with(char::is_whitespace) && !next.text.starts_with(' ');
    let deleted = next.text.is_empty() && last.text.is_empty();
    let beside = next.range.end == last.range.start || next.range.start == last.range.start;
    (typed && !new_word && !next.text.contains('\n') && !last.text.is_empty())
        || (deleted && beside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Types texts one after another, each the whole, and answers what undo shows, to the beginning.
    fn undone(by: &By, texts: &[&str]) -> Vec<String> {
        let mut history = History::default();
        for pair in texts.windows(2) {
            history.note(pair[0], pair[1], by);
        }
        let mut text = texts.last().copied().unwrap_or_default().to_owned();
        let mut seen = Vec::new();
        while let Some((before, _)) = history.undo(&text) {
            seen.push(before.clone());
            text = before;
        }
        // The way back is the same.
        for want in seen.iter().rev().skip(1).map(String::as_str).chain(texts.last().copied()) {
            text = history.redo(&text).map(|(text, _)| text).unwrap_or_default();
            assert_eq!(text, want);
        }
        assert_eq!(history.reach(), [!seen.is_empty(), false]);
        seen
    }

    #[test]
    fn words_that_are_typed_are_steps() {
        assert_eq!(undone(&By::Typing, &["", "o", "on", "on ", "on t", "on tw"]), ["on ", ""]);
        assert_eq!(undone(&By::Typing, &["a", "ab", "ab\n", "ab\nc"]), ["ab\n", "ab", "a"]);
        assert_eq!(undone(&By::Typing, &["xyz", "xy", "x", "é", "éa"]), ["x", "xyz"]);
    }

    #[test]
    fn typing_in_a_field_is_a_step_and_each_press_is_one() {
        let field = By::Field("name".into());
        assert_eq!(undone(&field, &["{}", "{a}", "{ab}", "{b}"]), ["{}"]);
        assert_eq!(undone(&By::Step, &["{}", "{a}", "{ab}"]), ["{a}", "{}"]);
    }

    #[test]
    fn a_change_after_undo_forgets_what_was_undone() {
        let mut history = History::default();
        history.note("a", "b", &By::Step);
        let (text, place) = history.undo("b").unwrap();
        assert_eq!((text.as_str(), place), ("a", 0..1));
        history.note("a", "c", &By::Step);
        assert_eq!(history.redo("c"), None);
        assert_eq!(history.undo("c"), Some(("a".into(), 0..1)));
        assert_eq!(history.undo("a"), None);
    }
}
