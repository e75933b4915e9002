//! A document under edit: its text, what the engine finds in it, and its way into the store.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use baton_engine::id::ChainId;
use baton_engine::json::edit::{Document, Edit};
use baton_engine::protocol::{Command, Refusal, Reply};
use leptos::prelude::*;

use crate::clock::Timeout;
use crate::el::react;
use crate::route::Route;
use crate::ui::Ui;

use super::held::Held;
use super::history::By;
use super::import::Notes;
use super::paper::Paper;
use super::problems::Check;
use super::sheet::Textarea;

/// How long typing rests before the document is checked.
const REST: Duration = Duration::from_millis(300);

/// A document under edit. A handle: clones are the same.
#[derive(Clone)]
pub(super) struct Draft {
    /// The way to everything else.
    pub(super) ui: Ui,
    /// The id it is saved under.
    pub(super) chain: ChainId,
    /// The text as it is typed.
    pub(super) text: ArcRwSignal<String>,
    /// The text, what it says, and what was done to it.
    pub(super) paper: Paper,
    /// Counts what was put into the text from elsewhere, at which the caret stands then.
    pub(super) spliced: ArcRwSignal<u32>,
    /// What stands in fields of the form, by their places, and can't be in the document yet: it is not JSON.
    pub(super) unfinished: Rc<RefCell<Vec<(String, String)>>>,
    /// What the engine found in it.
    pub(super) check: ArcRwSignal<Check>,
    /// How the last attempt to save it ended.
    pub(super) outcome: ArcRwSignal<Outcome>,
    /// The reader's text, when another was loaded in its place.
    pub(super) kept: ArcRwSignal<Option<String>>,
    /// What is to be known about the last import.
    pub(super) notes: Notes,
    /// Where it is typed.
    pub(super) area: Textarea,
    /// The text as it was loaded or saved last.
    saved: ArcRwSignal<String>,
    /// The revision it was saved as; None before the first time.
    base: ArcRwSignal<Option<u32>>,
}

/// How saving ended.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was not tried.
    None,
    /// As this revision.
    Saved(u32),
    /// Someone saved this revision meanwhile.
    Conflict(u32),
    /// It was refused.
    Refused(Refusal),
    /// What stands in a field of the form, at this place, is not in the document yet.
    Unfinished(String),
}

/// Reads a chain's document, and goes on with its text and revision.
pub(super) fn read(
    ui: Ui,
    chain: ChainId,
    then: impl FnOnce(Result<(String, u32), Refusal>) + 'static,
) {
    ui.core().link.send(Command::ReadChain { chain }, move |answer| match answer {
        Ok(Reply::Document { document, revision }) => then(Ok((document, revision))),
        Ok(_) => {}
        Err(refusal) => then(Err(refusal)),
    });
}

impl Draft {
    /// A draft that begins with this text, of the revision `base` if it is stored.
    pub(super) fn new(ui: Ui, chain: ChainId, document: &str, base: Option<u32>) -> Self {
        let paper = Paper::new(document);
        let typed = paper.clone();
        let draft = Self {
            ui,
            chain,
            area: Textarea::new(ui, document, move |now| typed.take(now, &By::Typing)),
            text: paper.text.clone(),
            paper,
            spliced: ArcRwSignal::new(0),
            unfinished: Rc::default(),
            saved: ArcRwSignal::new(document.to_owned()),
            base: ArcRwSignal::new(base),
            check: ArcRwSignal::new(Check::Checking),
            outcome: ArcRwSignal::new(Outcome::None),
            kept: ArcRwSignal::new(None),
            notes: Held::new(Vec::new()),
        };
        draft.follow();
        draft
    }

    /// Whether it is in the store, in some revision. Followed.
    pub(super) fn is_stored(&self) -> bool {
        self.base.get().is_some()
    }

    /// Whether it is a new chain in which nothing was changed.
    pub(super) fn is_untouched(&self) -> bool {
        self.base.get_untracked().is_none()
            && self.text.get_untracked() == self.saved.get_untracked()
    }

    /// Makes an edit, if one can be made, and says whether it was.
    pub(super) fn edit(&self, by: &By, edit: impl FnOnce(&Document) -> Option<Edit>) -> bool {
        let is_made = self.paper.edit(by, edit);
        self.area.put(&self.text.get_untracked());
        is_made
    }

    /// Puts a text in place of a part of the one there, from and up to UTF-16 units, as a step of its own.
    pub(super) fn splice(&self, part: Range<u32>, new: &str) {
        let text = self.text.get_untracked();
        let range = byte_at(&text, part.start)..byte_at(&text, part.end);
        let edit = Edit { range, text: new.to_owned() };
        self.paper.take(edit.apply(&text), &By::Step);
        self.look_at(edit.range.start + new.len());
        self.spliced.update(|count| *count += 1);
    }

    /// Undoes a step, or does it again, and answers which part of the text differs.
    pub(super) fn step(&self, step: Step) -> Option<Range<usize>> {
        let place = match step {
            Step::Undo => self.paper.undo(),
            Step::Redo => self.paper.redo(),
        }?;
        self.unfinished.borrow_mut().clear();
        self.look_at(place.end);
        Some(place)
    }

    /// Has the caret stand at a byte of the text.
    pub(super) fn look_at(&self, place: usize) {
        let text = self.text.get_untracked();
        self.area.put(&text);
        let units = text.get(..place).map_or(0, |before| before.encode_utf16().count());
        self.area.point(u32::try_from(units).unwrap_or(u32::MAX));
    }

    /// The byte of the text at which the caret stands.
    pub(super) fn place(&self) -> usize {
        byte_at(&self.text.get_untracked(), self.area.caret())
    }

    /// Says whether it is saved, and has the engine check the text whenever typing rests.
    fn follow(&self) {
        let (ui, text, saved) = (self.ui, self.text.clone(), self.saved.clone());
        react(move || {
            let dirty = text.get() != saved.get();
            let told = ui.core().dirty.clone();
            if told.get_untracked() != dirty {
                told.set(dirty);
            }
        });
        let this = self.clone();
        let rest: Rc<RefCell<Option<Timeout>>> = Rc::default();
        let mut first = true;
        react(move || {
            let (this, document) = (this.clone(), this.text.get());
            let ask = move || this.ask(document);
            if std::mem::take(&mut first) {
                ask();
            } else {
                *rest.borrow_mut() = Some(Timeout::after(REST, ask));
            }
        });
    }

    fn ask(&self, document: String) {
        let (text, check) = (self.text.clone(), self.check.clone());
        let command = Command::CheckDocument { document: document.clone() };
        self.ui.core().link.send(command, move |answer| {
            // The text may have moved on.
            if let (Ok(Reply::Checked { problems, warnings }), true) =
                (answer, text.get_untracked() == document)
            {
                check.set(Check::of(&document, problems, warnings));
            }
        });
    }

    /// Saves the text as it is now, and goes on with the chain's id.
    pub(super) fn save(&self, then: impl FnOnce(ChainId) + 'static) {
        let place = self.unfinished.borrow().first().map(|(place, _)| place.clone());
        if let Some(place) = place {
            return self.outcome.set(Outcome::Unfinished(place));
        }
        let (this, document) = (self.clone(), self.text.get_untracked());
        let command = Command::SaveChain {
            chain: self.chain.clone(),
            document: document.clone(),
            base: self.base.get_untracked(),
        };
        self.ui.core().link.send(command, move |answer| match answer {
            Ok(Reply::Saved { revision }) => {
                this.was_saved(document, revision);
                then(this.chain);
            }
            Ok(_) => {}
            Err(Refusal::Conflict { revision }) => this.outcome.set(Outcome::Conflict(revision)),
            Err(refusal) => {
                if let Refusal::Invalid(problems) = &refusal {
                    this.check.set(Check::of(&document, problems.clone(), Vec::new()));
                }
                if matches!(refusal, Refusal::UnknownChain(_)) {
                    // Removed, or gone with its store: saving once more makes it anew.
                    this.base.set(None);
                }
                this.outcome.set(Outcome::Refused(refusal));
            }
        });
    }

    fn was_saved(&self, document: String, revision: u32) {
        let is_new = self.base.get_untracked().is_none();
        self.base.set(Some(revision));
        self.ui.core().dirty.set(self.text.get_untracked() != document);
        self.saved.set(document);
        self.kept.set(None);
        self.outcome.set(Outcome::Saved(revision));
        if is_new {
            self.ui.settle(Route::Edit(self.chain.clone()));
        }
    }

    /// Saves the text over the revision that another saved.
    pub(super) fn overwrite(&self, revision: u32) {
        self.base.set(Some(revision));
        self.save(|_| {});
    }

    /// Loads the stored text in place of the reader's, which is kept to be brought back.
    pub(super) fn take_theirs(&self) {
        let this = self.clone();
        read(self.ui, self.chain.clone(), move |read| match read {
            Ok((text, revision)) => {
                this.kept.set(Some(this.text.get_untracked()));
                this.base.set(Some(revision));
                this.saved.set(text.clone());
                this.replace(text);
                this.outcome.set(Outcome::None);
            }
            Err(refusal) => this.outcome.set(Outcome::Refused(refusal)),
        });
    }

    /// Puts the reader's text back.
    pub(super) fn bring_back(&self, mine: &str) {
        self.replace(mine.to_owned());
        self.kept.set(None);
    }

    fn replace(&self, text: String) {
        self.paper.take(text, &By::Step);
        self.unfinished.borrow_mut().clear();
        self.area.put(&self.text.get_untracked());
    }
}

/// A step through what was done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Undo,
    Redo,
}

fn byte_at(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}
