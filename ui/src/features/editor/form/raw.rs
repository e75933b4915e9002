//! A box of JSON as it is written in the document. What is no JSON stays in the box, and is said to be in no document
//! yet.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::json;
use leptos::prelude::*;

use super::Form;
use super::field::{marked, named};
use super::spot::{Reads, Spot};
use crate::dom;
use crate::el::{El, el, react};
use crate::features::editor::draft::Draft;
use crate::text::{Key, sentences};

/// A box, and how its text and the document's stand to each other.
struct Raw {
    draft: Draft,
    spot: Spot,
    area: El,
    /// What the document had when the box was last like it.
    seen: RefCell<Option<String>>,
    /// Why the box's text is not in the document; empty when it is.
    trouble: ArcRwSignal<String>,
}

/// A box for what stands at a place, with so many rows.
pub(super) fn raw(form: &Form, label: Key, spot: Spot, rows: &str) -> El {
    let ui = form.ui;
    let area = el("textarea").class("area").attr("rows", rows).attr("spellcheck", "false");
    let raw = Rc::new(Raw {
        draft: form.draft.clone(),
        spot: spot.reads(Reads::Any),
        area: area.clone(),
        seen: RefCell::default(),
        trouble: ArcRwSignal::new(String::new()),
    });
    let [drawn, typed, left] = std::array::from_fn(|_| raw.clone());
    react(move || drawn.draw());
    let (said, why) = (raw.trouble.clone(), raw.trouble.clone());
    let area = area
        .on("input", move |event| typed.take(dom::value_of(&event)))
        .on("focusout", move |_| left.draft.paper.rest())
        .live_value("data-unfinished", move || (!said.get().is_empty()).to_string());
    let unfinished = el("p").class("wrong").attr("role", "status").live_text(move || {
        let why = why.get();
        if why.is_empty() { why } else { sentences::not_json_yet(&why, ui.locale()) }
    });
    named(form, label, &raw.spot, marked(form, &raw.spot, area)).child(unfinished)
}

impl Raw {
    fn place(&self) -> String {
        let path = self.spot.path(&self.draft.paper.peek());
        path.map(|path| path.to_string()).unwrap_or_default()
    }

    /// What the document has.
    fn written(&self) -> String {
        let document = self.draft.paper.document();
        let path = self.spot.path(&document);
        path.and_then(|path| document.written(&path)).unwrap_or_default()
    }

    /// Shows what the document has, unless the box has something that can't be there.
    fn draw(&self) {
        let (now, place) = (self.written(), self.place());
        let before = self.seen.replace(Some(now.clone()));
        let unfinished = self.draft.unfinished.borrow();
        if let Some((_, typed)) = unfinished.iter().find(|(other, _)| *other == place) {
            if before.is_none() {
                dom::set_value(self.area.node(), typed);
                self.trouble.set(why(typed));
            }
            return;
        }
        let was_in_trouble = !self.trouble.get_untracked().is_empty();
        if before.as_ref() != Some(&now) || was_in_trouble {
            dom::set_value(self.area.node(), &now);
        }
        if was_in_trouble {
            self.trouble.set(String::new());
        }
    }

    /// Puts what is typed into the document, or keeps it by the box.
    fn take(&self, value: String) {
        let place = self.place();
        self.draft.unfinished.borrow_mut().retain(|(other, _)| *other != place);
        let why = why(&value);
        // An empty box is nothing, where nothing may be.
        if why.is_empty() || (value.trim().is_empty() && !self.spot.is_kept()) {
            let by = self.spot.by(&self.draft.paper.peek());
            self.trouble.set(String::new());
            self.spot.write(&self.draft, value.trim(), &by);
            // What was typed here is left alone, however it is laid out in the document.
            self.seen.replace(Some(untrack(|| self.written())));
            return;
        }
        self.draft.unfinished.borrow_mut().push((place, value));
        self.trouble.set(why);
    }
}

/// Why a text is not JSON; empty when it is.
fn why(text: &str) -> String {
    json::parse(text).err().map(|syntax| syntax.to_string()).unwrap_or_default()
}
