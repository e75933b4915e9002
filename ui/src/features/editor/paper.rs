//! A document's text, which is the truth, and what is read of it. Every change goes through here, into one history.

use std::cell::{Ref, RefCell};
use std::ops::Range;
use std::rc::Rc;

use baton_engine::json::Syntax;
use baton_engine::json::edit::{Document, Edit};
use leptos::prelude::*;

use super::held::Held;
use super::history::{By, History};

/// A document's text. A handle: clones are the same.
#[derive(Clone)]
pub(super) struct Paper {
    /// The text as it is.
    pub(super) text: ArcRwSignal<String>,
    reading: Held<Reading>,
    history: Rc<RefCell<History>>,
}

/// What is read of a text.
struct Reading {
    /// The text, or the last before it that was JSON.
    document: Document,
    /// Why it is not JSON.
    syntax: Option<Syntax>,
}

impl Paper {
    /// One that begins with a text.
    pub(super) fn new(text: &str) -> Self {
        let (document, syntax) = match Document::read(text) {
            Ok(document) => (document, None),
            Err(syntax) => (Document::default(), Some(syntax)),
        };
        Self {
            text: ArcRwSignal::new(text.to_owned()),
            reading: Held::new(Reading { document, syntax }),
            history: Rc::default(),
        }
    }

    /// What the text says, or said when it was JSON last. Followed.
    pub(super) fn document(&self) -> Ref<'_, Document> {
        Ref::map(self.reading.read(), |reading| &reading.document)
    }

    /// The same, not followed.
    pub(super) fn peek(&self) -> Ref<'_, Document> {
        Ref::map(self.reading.peek(), |reading| &reading.document)
    }

    /// Why it is not JSON. Followed.
    pub(super) fn syntax(&self) -> Option<Syntax> {
        self.reading.read().syntax
    }

    /// Whether it is JSON, not followed.
    pub(super) fn is_readable(&self) -> bool {
        self.reading.peek().syntax.is_none()
    }

    /// Whether there is something to undo, and to do again. Followed.
    pub(super) fn reach(&self) -> [bool; 2] {
        self.text.track();
        self.history.borrow().reach()
    }

    /// Takes another text in place of the one there.
    pub(super) fn take(&self, text: String, by: &By) {
        let before = self.text.get_untracked();
        if before != text {
            self.history.borrow_mut().note(&before, &text, by);
            self.show(text);
        }
    }

    /// What is typed from now on is a step of its own.
    pub(super) fn rest(&self) {
        self.history.borrow_mut().close();
    }

    /// Takes the last step back, and answers which part of the text differs.
    pub(super) fn undo(&self) -> Option<Range<usize>> {
        let (text, place) = self.history.borrow_mut().undo(&self.text.get_untracked())?;
        self.show(text);
        Some(place)
    }

    /// Does again what was undone last, and answers which part of the text differs.
    pub(super) fn redo(&self) -> Option<Range<usize>> {
        let (text, place) = self.history.borrow_mut().redo(&self.text.get_untracked())?;
        self.show(text);
        Some(place)
    }

    /// Makes an edit of a text that is JSON, if one can be made.
    pub(super) fn edit(&self, by: &By, edit: impl FnOnce(&Document) -> Option<Edit>) -> bool {
        let now = {
            let reading = self.reading.peek();
            let readable = reading.syntax.is_none();
            let edit = if readable { edit(&reading.document) } else { None };
            edit.map(|edit| edit.apply(reading.document.text()))
        };
        let is_made = now.is_some();
        if let Some(now) = now {
            self.take(now, by);
        }
        is_made
    }

    fn show(&self, text: String) {
        let reading = match Document::read(&text) {
            Ok(document) => Reading { document, syntax: None },
            Err(syntax) => {
                Reading { document: self.reading.peek().document.clone(), syntax: Some(syntax) }
            }
        };
        self.reading.put(reading);
        self.text.set(text);
    }
}
