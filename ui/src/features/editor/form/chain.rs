//! The chain's form: its name, values, environments, what is polled how, and the fields that are compared.

use std::rc::Rc;

use baton_engine::chain::keys;
use baton_engine::json::Value;
use baton_engine::json::edit::{Document, Edit, Path};
use leptos::prelude::*;

use super::check::tolerance;
use super::field::{called, choice, code, hinted, line, named, prose, raw, tick, words, wrong_at};
use super::rows::{Rows, free, rows, value_row, word_list};
use super::spot::{Reads, Spot, length};
use super::stage::poll;
use super::{Form, default_of, has_any, more, other_keys, part};
use crate::components::{Button, Face, Icon, Kind};
use crate::dom;
use crate::el::{El, div, el, react};
use crate::features::editor::history::By;
use crate::features::trigger::Subject;
use crate::later::trigger;
use crate::text::Key;

/// The chain's form.
pub(super) fn chain(form: &Form) -> El {
    let root = Path::root();
    let spot = |key: &str| Spot::new(&root, key, &keys::CHAIN);
    let (name, about) = (spot("name").stays(), spot("description"));
    div("")
        .child(div("form-head").child(el("h2").live_text(form.ui.words(Key::ChainSettings))))
        .child(wrong_at(form, &root))
        .child(named(form, Key::ChainName, &name, line(form, &name)))
        .child(named(form, Key::Description, &about, prose(form, &about)))
        .child(variables(form, &root))
        .child(environments(form, &root))
        .child(polling(form, &root))
        .child(compared(form, &root))
        .child(schedule(form, &root))
        .child(other_keys(form, &root, &keys::CHAIN))
}

fn variables(form: &Form, root: &Path) -> El {
    let path = root.key("variables");
    let row = value_row(&path, Key::Value);
    let rows_of = Rows {
        path: path.clone(),
        name: "variables",
        one: Key::Variable,
        add: Key::AddVariable,
        fresh: "\"\"",
        key: Some("name"),
        order: &keys::CHAIN,
        prune: 1,
        row,
    };
    part(form, Key::Variables, "variables")
        .child(el("p").class("faint").live_text(form.ui.words(Key::VariablesHint)))
        .child(wrong_at(form, &path))
        .child(rows(form, rows_of))
}

fn polling(form: &Form, root: &Path) -> El {
    let path = root.key("poll");
    part(form, Key::PollingOfAll, "poll").child(poll(form, &path, path.clone(), &keys::CHAIN))
}

/// The record under test and its fields.
fn compared(form: &Form, root: &Path) -> El {
    let path = root.key("subject");
    let spot = |key: &str| Spot::new(&path, key, &keys::CHAIN).pruned(1);
    let (key, count) = (spot("key").reads(Reads::Any), spot("expected_count").reads(Reads::Number));
    let again = Spot::new(root, "verify_again", &keys::CHAIN);
    let subject = div("grid")
        .child(named(form, Key::SubjectKey, &key, hinted(code(form, &key), || "event_id".into())))
        .child(named(form, Key::ExpectedCount, &count, hinted(code(form, &count), || "1".into())));
    let fields = root.key("fields");
    let list = fields.clone();
    let rows_of = Rows {
        path: fields.clone(),
        name: "fields",
        one: Key::Field,
        add: Key::AddField,
        fresh: r#"{ "name": "field" }"#,
        key: None,
        order: &keys::CHAIN,
        prune: 1,
        row: Rc::new(move |form: &Form, nth| field(form, &list.item(nth))),
    };
    part(form, Key::Compared, "fields")
        .child(wrong_at(form, &path))
        .child(subject)
        .child(other_keys(form, &path, &keys::SUBJECT))
        .child(wrong_at(form, &fields))
        .child(rows(form, rows_of))
        .child(tick(form, Key::VerifyAgain, again))
}

fn field(form: &Form, path: &Path) -> El {
    let ui = form.ui;
    let spot = |key: &str| Spot::new(path, key, &keys::FIELD);
    let (name, kind) = (spot("name").stays(), spot("kind"));
    let (zone, reference) = (spot("zone"), spot("reference"));
    let kinds = choice(form, &kind, words(&keys::KINDS), Some(default_of(ui, keys::KINDS[0])));
    let main = div("pair-of")
        .child(called(form, Key::Field, &name, code(form, &name)))
        .child(called(form, Key::FieldKind, &kind, kinds));
    let aliases = path.key("aliases");
    let aliased = Rows {
        row: value_row(&aliases, Key::Means),
        path: aliases,
        name: "aliases",
        one: Key::Alias,
        add: Key::AddAlias,
        fresh: "\"\"",
        key: Some("Purchase"),
        order: &keys::FIELD,
        prune: 1,
    };
    let ignore = (path.key("ignore"), &keys::FIELD[..]);
    let inside = div("grid")
        .child(named(form, Key::Zone, &zone, hinted(code(form, &zone), || "Asia/Shanghai".into())))
        .child(tolerance(form, path, &keys::FIELD))
        .child(named(
            form,
            Key::ReferenceStage,
            &reference,
            hinted(line(form, &reference), ui.words(Key::FirstReference)),
        ))
        .child(word_list(form, ignore, (Key::Ignore, Key::AnotherIgnored), words(&keys::IGNORES)));
    let inside = div("").child(inside).child(rows(form, aliased)).child(other_keys(
        form,
        path,
        &keys::FIELD,
    ));
    let open = ["zone", "tolerance", "reference", "ignore", "aliases"];
    let is_open = has_any(form, path, &open);
    div("check").child(wrong_at(form, path)).child(main).child(more(
        form,
        Key::More,
        is_open,
        inside,
    ))
}

/// When it starts by itself: by its fields, and as JSON.
fn schedule(form: &Form, root: &Path) -> El {
    let spot = Spot::new(root, "schedule", &keys::CHAIN).reads(Reads::Any);
    let hint = el("p").class("faint").live_text(form.ui.words(Key::ScheduleFormHint));
    let [read, written] = std::array::from_fn(|_| (form.draft.clone(), spot.clone()));
    let subject = Subject {
        now: Rc::new(move || {
            let document = read.0.paper.document();
            let path = read.1.path(&document);
            path.and_then(|path| document.written(&path)).unwrap_or_default()
        }),
        write: Rc::new(move |trigger| {
            let by = written.1.by(&written.0.paper.peek());
            written.1.write(&written.0, trigger, &by);
        }),
    };
    let as_json = raw(form, Key::ScheduleJson, spot.clone(), "3");
    part(form, Key::ScheduleTitle, "schedule")
        .child(hint)
        .child(trigger(form.ui, subject))
        .child(more(form, Key::AsJson, false, as_json))
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

/// The environments as a table: a column each, a row for each entry.
fn environments(form: &Form, root: &Path) -> El {
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

/// A new environment, or a new entry of this one.
fn add(form: &Form, path: &Path, of: Option<String>) {
    let (names, base, json) = {
        let document = form.draft.paper.peek();
        match of {
            None => (columns(&document, path), ("local", path.clone()), "{}"),
            Some(_) => (entries(&document, path), ("base_url", path.clone()), "\"\""),
        }
    };
    let name = free(base.0, |name| names.iter().any(|known| known == name));
    let new =
        of.map_or_else(|| base.1.key(&name), |environment| base.1.key(&environment).key(&name));
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
    let table = el("table").class("environments").child(el("thead").child(head));
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
            super::spot::remove(document, path, 1)
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
