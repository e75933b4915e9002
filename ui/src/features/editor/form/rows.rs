//! Rows of the form: the members of an object whose keys are the author's, and the elements of a list.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::json::Value;
use baton_engine::json::edit::{Document, Path};
use leptos::prelude::*;

use super::Form;
use super::field::{Words, called, choice, code, marked, wrong};
use super::spot::{Reads, Spot, length, remove};
use crate::components::{Button, Face, Icon, Kind};
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::features::editor::history::By;
use crate::text::Key;

/// What draws a row: by its number.
pub(super) type Row = Rc<dyn Fn(&Form, usize) -> El>;

/// Rows of an object or a list.
pub(super) struct Rows {
    /// Where it stands.
    pub(super) path: Path,
    /// Its name for `data-rows`.
    pub(super) name: &'static str,
    /// What one of its rows is called.
    pub(super) one: Key,
    /// What adds one.
    pub(super) add: Key,
    /// The JSON of a new one.
    pub(super) fresh: &'static str,
    /// The key of a new one, in an object.
    pub(super) key: Option<&'static str>,
    /// The order of keys where it stands.
    pub(super) order: &'static [&'static str],
    /// So many levels go with the last row.
    pub(super) prune: usize,
    /// Draws a row's fields.
    pub(super) row: Row,
}

/// The rows, and the button that adds one.
pub(super) fn rows(form: &Form, rows: Rows) -> El {
    let rows = Rc::new(rows);
    let ui = form.ui;
    let [counted, drawn, added] = std::array::from_fn(|_| (form.clone(), rows.clone()));
    let place = div("rows-of").attr("data-rows", rows.name);
    let node = place.node().clone();
    let list = div("").switch(
        move || {
            let document = counted.0.draft.paper.document();
            document.value(&counted.1.path).map_or(0, length).to_string()
        },
        move |count| {
            let (form, rows) = &drawn;
            let count = count.parse::<usize>().unwrap_or(0);
            let all = (0..count).map(|nth| row(form, rows, nth, &node));
            (count > 0).then(|| div("pairs").children(all))
        },
    );
    let action = Button::new("add-row", Icon::Plus, rows.add).kind(Kind::Quiet);
    let add = action.on_press(ui, move || added.1.append(&added.0));
    place.child(list).child(add.class("button quiet small"))
}

fn row(form: &Form, rows: &Rc<Rows>, nth: usize, place: &web_sys::Element) -> El {
    let ui = form.ui;
    let (this, removed, place) = (form.clone(), rows.clone(), place.clone());
    let number = move || (nth + 1).to_string();
    let take = Button::new("remove-row", Icon::Cross, Key::Remove)
        .kind(Kind::Quiet)
        .face(Face::IconOnly)
        .of(Rc::new(move || format!("{} {}", ui.t(removed.one), number())));
    let rows_of = rows.clone();
    let take = take.on_press(ui, move || {
        if !this.is_finished() {
            return;
        }
        let rows = &rows_of;
        this.draft
            .edit(&By::Step, |document| remove(document, rows.nth(document, nth)?, rows.prune));
        // The row that had the focus is gone.
        let place = place.clone();
        request_animation_frame(move || {
            dom::focus_in(&place, ":scope > button[data-action=\"add-row\"]");
        });
    });
    let key = rows.key.map(|_| key_of(form, rows, nth));
    div("pair").maybe(key).child((rows.row)(form, nth)).child(take)
}

impl Rows {
    /// Where a row stands.
    fn nth(&self, document: &Document, nth: usize) -> Option<Path> {
        match document.value(&self.path)? {
            Value::Object(map) => Some(self.path.key(&map.iter().nth(nth)?.0)),
            Value::Array(_) => Some(self.path.item(nth)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    }

    /// A new row, last, in which the reader goes on.
    fn append(&self, form: &Form) {
        let (path, document) = (&self.path, form.draft.paper.peek());
        let there = document.value(path);
        let new = match self.key {
            Some(key) => {
                path.key(&free(key, |key| there.is_some_and(|map| map.get(key).is_some())))
            }
            None => path.item(there.map_or(0, length)),
        };
        drop(document);
        form.draft.edit(&By::Step, |document| document.set(&new, self.fresh, self.order));
        form.wanted.set(Some(new.to_string()));
    }
}

/// A name that is not taken.
pub(super) fn free(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number: u32| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

/// The key of a row. One that another row has is not taken: the field shows the old one again when it is left.
fn key_of(form: &Form, rows: &Rows, nth: usize) -> El {
    let path = rows.path.clone();
    let (shown, renamed, left) = (form.draft.clone(), form.draft.clone(), form.draft.clone());
    let key = {
        let path = path.clone();
        move |document: &Document| {
            let map = document.value(&path).and_then(Value::as_object)?;
            map.iter().nth(nth).map(|(key, _)| key.clone())
        }
    };
    let spot = Spot::nth(&path, nth);
    let control = el("input")
        .attr("type", "text")
        .class("input code key")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .live_value("aria-label", form.ui.words(rows.one));
    let node = control.node().clone();
    let (now, before) = (key.clone(), key);
    let seen: Rc<RefCell<String>> = Rc::default();
    let (said, back, place) = (seen.clone(), seen.clone(), path.clone());
    let again = node.clone();
    react(move || {
        let key = now(&shown.paper.document()).unwrap_or_default();
        if *seen.borrow() != key {
            dom::set_value(&node, &key);
            seen.replace(key);
        }
    });
    let control = control.on("input", move |event| {
        let typed = dom::value_of(&event);
        let by = By::Field(format!("{place}#{nth}"));
        let from = before(&renamed.paper.peek()).unwrap_or_default();
        let path = place.key(&from);
        let is_made =
            !typed.is_empty() && renamed.edit(&by, |document| document.rename(&path, &typed));
        if is_made {
            said.replace(typed);
        }
    });
    let control = control.on("focusout", move |_| {
        left.paper.rest();
        dom::set_value(&again, &back.borrow());
    });
    let control = marked(form, &spot, control);
    // Else the value stands at the same place, and says it.
    let said = rows.fresh.starts_with('{').then(|| wrong(form, &spot));
    div("field").child(control).maybe(said)
}

/// The value of a member, as a template or JSON.
pub(super) fn value_row(path: &Path, label: Key) -> Row {
    let path = path.clone();
    Rc::new(move |form: &Form, nth| {
        let spot = Spot::nth(&path, nth).reads(Reads::Any);
        called(form, label, &spot, code(form, &spot))
    })
}

/// Words of a list, each chosen; the last place takes another.
pub(super) fn word_list(
    form: &Form,
    (path, order): (Path, &'static [&'static str]),
    (label, another): (Key, Key),
    words: Words,
) -> El {
    let (counted, drawn) = (form.clone(), form.clone());
    let ui = form.ui;
    let (place, spots) = (path.clone(), path);
    let list = div("").switch(
        move || {
            let document = counted.draft.paper.document();
            document.value(&place).map_or(0, length).to_string()
        },
        move |count| {
            let count = count.parse::<usize>().unwrap_or(0);
            let all = (0..=count).map(|at| {
                let spot = Spot::at(&spots.item(at)).pruned(1).ordered(order);
                let none = if at == count { another } else { Key::TakeOut };
                let control = choice(&drawn, &spot, words.clone(), Some(ui.boxed(none)));
                control.live_value("aria-label", ui.words(label))
            });
            Some(div("word-list").children(all))
        },
    );
    let name = span("label").live_text(ui.words(label));
    div("field").child(name).child(list)
}
