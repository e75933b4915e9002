//! The chain's form: its name, values, environments, what is polled how, and the fields that are compared.

use std::rc::Rc;

use baton_engine::chain::keys;
use baton_engine::json::edit::Path;

use super::check::tolerance;
use super::environments::environments;
use super::field::{called, choice, code, hinted, line, named, prose, tick, words, wrong_at};
use super::raw::raw;
use super::rows::{Rows, rows, value_row, word_list};
use super::spot::{Reads, Spot};
use super::stage::poll;
use super::{Form, default_of, has_any, more, other_keys, part};
use crate::el::{El, div, el};
use crate::features::trigger::{Subject, trigger};
use crate::text::Key;

/// The chain's form.
pub(super) fn chain(form: &Form) -> El {
    let root = Path::root();
    let spot = |key: &str| Spot::new(&root, key, &keys::CHAIN);
    let (name, about) = (spot("name").stays(), spot("description"));
    div("")
        .child(div("form-head").child(el("h3").live_text(form.ui.words(Key::ChainSettings))))
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
