//! The environments as a table: a column each, a row for each entry that any of them has.

use std::rc::Rc;

use baton_engine::chain::keys;
use baton_engine::json::Value;
use baton_engine::json::edit::{Document, Edit, Path};
use leptos::prelude::*;

use super::field::{called, code, wrong_at};
use super::rows::free;
use super::spot::{Reads, Spot, length, remove};
use super::{Form, part};
use crate::components::{Button, Face, Icon, Kind};
use crate::dom;
use crate::el::{El, div, el, react};
use crate::features::editor::history::By;
use crate::text::Key;

/// The environments as a table: a column each, a row for each entry.
pub(super) fn environments(form: &Form, root: &Path) -> El {
    let path = root.key("environments");
    let ui = form.ui;
    let [keyed, drawn] = std::array::from_fn(|_| (form.clone(), path.clone()));
    let place = div("rows-of").attr("data-rows", "environments");
    let table = div("").switch(
        move || {
            let document = keyed.0.draft.paper.document();
            format!("{} {}", columns(&document, &keyed.1).len(), entries(&document, &keyed.1).len())
        },
        move |_| table(&drawn.0, &drawn.1),
    );
    let [environment, entry] = std::array::from_fn(|_| (form.clone(), path.clone()));
    let column = Button::new("add-environment", Icon::Plus, Key::AddEnvironment);
    let column = column.kind(Kind::Quiet).on_press(ui, move || {
        let (form, path) = &environment;
        add(form, path, None);
    });
    let (counted, of) = (form.draft.paper.clone(), path.clone());
    let line = Button::new("add-entry", Icon::Plus, Key::AddEntry);
    let line = line.kind(Kind::Quiet).on_press(ui, move || {
        let (form, path) = &entry;
        let first = columns(&form.draft.paper.peek(), path).into_iter().next();
        add(form, path, first);
    });
    let line = line.shown_if(move || counted.document().value(&of).map_or(0, length) > 0);
    part(form, Key::Environments, "environments")
        .child(el("p").class("faint").live_text(ui.words(Key::EnvironmentsHint)))
        .child(wrong_at(form, &path))
        .child(place.child(table))
        .child(
            div("acts")
                .child(column.class("button quiet small"))
                .child(line.class("button quiet small")),
        )
}

/// The names of all entries of the environments, in their order.
fn entries(document: &Document, path: &Path) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let all = document.value(path).and_then(Value::as_object);
    for (_, entries) in all.into_iter().flat_map(|all| all.iter()) {
        for (name, _) in entries.as_object().into_iter().flat_map(|entries| entries.iter()) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// The names of the environments.
fn columns(document: &Document, path: &Path) -> Vec<String> {
    let all = document.value(path).and_then(Value::as_object);
    all.into_iter().flat_map(|all| all.iter()).map(|(name, _)| name.clone()).collect()
}

/// A new environment, or a new entry of this one.
fn add(form: &Form, path: &Path, of: Option<String>) {
    let document = form.draft.paper.peek();
    let (names, base, json) = match of {
        None => (columns(&document, path), "local", "{}"),
        Some(_) => (entries(&document, path), "base_url", "\"\""),
    };
    drop(document);
    let name = free(base, |name| names.iter().any(|known| known == name));
    let new = of.map_or_else(|| path.key(&name), |of| path.key(&of).key(&name));
    form.draft.edit(&By::Step, |document| document.set(&new, json, &keys::CHAIN));
    form.wanted.set(Some(new.to_string()));
}

fn table(form: &Form, path: &Path) -> Option<El> {
    let (columns, rows) = {
        let document = form.draft.paper.peek();
        (columns(&document, path).len(), entries(&document, path).len())
    };
    let head = (0..columns).map(|nth| el("th").attr("scope", "col").child(column(form, path, nth)));
    let corner = el("td");
    let head = el("tr").child(corner).children(head);
    let body = (0..rows).map(|row| {
        let cells = (0..columns).map(|column| el("td").child(cell(form, path, column, row)));
        el("tr").child(el("th").attr("scope", "row").child(entry(form, path, row))).children(cells)
    });
    let table = el("table").class("env-table").child(el("thead").child(head));
    let table = table.child(el("tbody").children(body));
    (columns > 0).then(|| div("wide").attr("tabindex", "-1").child(table))
}

/// A name that is kept as what it is in the document, and renamed there.
fn name(
    form: &Form,
    (label, nth): (Key, usize),
    now: impl Fn(&Document) -> Option<(String, Path)> + Clone + 'static,
    rename: impl Fn(&Document, &str, &str) -> Option<Edit> + 'static,
) -> El {
    let input = el("input")
        .attr("type", "text")
        .class("input code")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .live_value("aria-label", form.ui.words(label));
    let node = input.node().clone();
    let (shown, read, draft, left) =
        (form.draft.paper.clone(), now.clone(), form.draft.clone(), form.draft.clone());
    let (placed, place) = (form.draft.paper.clone(), now.clone());
    let again = (node.clone(), now.clone());
    let what = if label == Key::Entry { "entry" } else { "environment" };
    react(move || {
        let name = read(&shown.document()).map(|(name, _)| name).unwrap_or_default();
        if dom::value(&node) != name {
            dom::set_value(&node, &name);
        }
    });
    input
        .live_attr("data-path", move || place(&placed.document()).map(|(_, path)| path.to_string()))
        .on("input", move |event| {
            let typed = dom::value_of(&event);
            let before = now(&draft.paper.peek());
            if let Some((before, _)) = before.filter(|_| !typed.is_empty()) {
                let by = By::Field(format!("environments#{what}{nth}"));
                draft.edit(&by, |document| rename(document, &before, &typed));
            }
        })
        .on("focusout", move |_| {
            left.paper.rest();
            let name = (again.1)(&left.paper.peek()).map(|(name, _)| name);
            dom::set_value(&again.0, &name.unwrap_or_default());
        })
}

/// An environment's name, and what takes it away.
fn column(form: &Form, path: &Path, nth: usize) -> El {
    let (at, of, named) = (path.clone(), path.clone(), form.draft.paper.clone());
    let now = move |document: &Document| {
        let name = columns(document, &at).into_iter().nth(nth)?;
        let place = at.key(&name);
        Some((name, place))
    };
    let (this, now_of) = (form.clone(), now.clone());
    let words = now.clone();
    let input = name(form, (Key::Environment, nth), now, move |document, before, typed| {
        document.rename(&of.key(before), typed)
    });
    let take = Button::new("remove-row", Icon::Cross, Key::Remove)
        .kind(Kind::Quiet)
        .face(Face::IconOnly)
        .of(Rc::new(move || words(&named.document()).map(|(name, _)| name).unwrap_or_default()));
    let take = take.on_press(form.ui, move || {
        this.draft.edit(&By::Step, |document| {
            let (_, path) = now_of(document)?;
            remove(document, path, 1)
        });
    });
    div("column").child(input).child(take)
}

/// The name of an entry, in all environments that have it.
fn entry(form: &Form, path: &Path, nth: usize) -> El {
    let (at, of, named) = (path.clone(), path.clone(), form.draft.paper.clone());
    let now = move |document: &Document| {
        let name = entries(document, &at).into_iter().nth(nth)?;
        let holder = columns(document, &at).into_iter().map(|column| at.key(&column).key(&name));
        let place = holder.into_iter().find(|place| document.value(place).is_some())?;
        Some((name, place))
    };
    let words = now.clone();
    let input = name(form, (Key::Entry, nth), now, move |document, before, typed| {
        in_each(document, &of, |document, path| {
            document.value(&path.key(before))?;
            document.rename(&path.key(before), typed)
        })
    });
    let (this, of, gone) = (form.clone(), path.clone(), words.clone());
    let take = Button::new("remove-row", Icon::Cross, Key::Remove)
        .kind(Kind::Quiet)
        .face(Face::IconOnly)
        .of(Rc::new(move || words(&named.document()).map(|(name, _)| name).unwrap_or_default()));
    let take = take.on_press(form.ui, move || {
        this.draft.edit(&By::Step, |document| {
            let (name, _) = gone(document)?;
            in_each(document, &of, |document, path| document.remove(&path.key(&name)))
        });
    });
    div("column").child(input).child(take)
}

/// The same edit in each environment where it can be made, as one.
fn in_each(
    document: &Document,
    path: &Path,
    edit: impl Fn(&Document, &Path) -> Option<Edit>,
) -> Option<Edit> {
    let mut now = document.clone();
    for column in columns(document, path) {
        if let Some(edit) = edit(&now, &path.key(&column)) {
            now = Document::read(&edit.apply(now.text())).ok()?;
        }
    }
    Some(Edit::between(document.text(), now.text()))
}

/// What an entry is in an environment.
fn cell(form: &Form, path: &Path, column: usize, row: usize) -> El {
    let at = path.clone();
    let spot = Spot::found(move |document| {
        let name = entries(document, &at).into_iter().nth(row)?;
        Some(at.key(&columns(document, &at).into_iter().nth(column)?).key(&name))
    });
    let spot = spot.reads(Reads::Any);
    called(form, Key::Value, &spot, code(form, &spot))
}
