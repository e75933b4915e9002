//! A check of the form: what it reads, what it does with it, what has to hold; the rest is folded.

use baton_engine::chain::keys;
use baton_engine::json::Value;
use baton_engine::json::edit::Path;

use super::field::{called, choice, code, hinted, named, words, wrong_at};
use super::kinds::kinds;
use super::rows::{Rows, word_list};
use super::spot::{Reads, Spot};
use super::{Form, more, other_keys};
use crate::el::{El, div};
use crate::text::Key;

/// The checks of a list: a stage's `checks` or `stop`.
pub(super) fn checks(form: &Form, stage: &Path, key: &'static str) -> El {
    let path = stage.key(key);
    let (one, add) = match key {
        "stop" => (Key::StopCheck, Key::AddStopCheck),
        _ => (Key::Check, Key::AddCheck),
    };
    let list = path.clone();
    let rows = Rows {
        name: key,
        one,
        add,
        fresh: r#"{ "source": { "jsonpath": "$" }, "op": "exists" }"#,
        key: None,
        order: &keys::STAGE,
        prune: 1,
        row: std::rc::Rc::new(move |form: &Form, nth| check(form, &list.item(nth))),
        path: path.clone(),
    };
    div("").child(wrong_at(form, &path)).child(super::rows::rows(form, rows))
}

fn check(form: &Form, path: &Path) -> El {
    let op = Spot::new(path, "op", &keys::CHECK).stays();
    let value = Spot::new(path, "value", &keys::CHECK).reads(Reads::Any);
    let main = div("check-main")
        .child(kinds(form, &Spot::new(path, "source", &keys::CHECK).stays(), Sources::OfCheck))
        .child(filters(form, path))
        .child(called(form, Key::Operator, &op, choice(form, &op, words(&keys::OPS), None)))
        .child(called(
            form,
            Key::Value,
            &value,
            hinted(code(form, &value), value_hint(form, path)),
        ));
    div("check").child(wrong_at(form, path)).child(main).child(rest(form, path))
}

/// What a value looks like, by the operator.
fn value_hint(form: &Form, path: &Path) -> impl Fn() -> String + 'static {
    let (paper, op) = (form.draft.paper.clone(), path.key("op"));
    let ui = form.ui;
    move || {
        let document = paper.document();
        match document.value(&op).and_then(Value::as_str).unwrap_or_default() {
            "exists" | "absent" => ui.t(Key::NoValueNeeded),
            "one_of" => "[200, 202]".into(),
            "between" => "[1, 3]".into(),
            "newer_than" | "older_than" => "5m".into(),
            "same_as" => "Send.amount".into(),
            "schema" => r#"{ "type": "object" }"#.into(),
            _ => ui.t(Key::Value),
        }
    }
}

fn filters(form: &Form, path: &Path) -> El {
    let place = (path.key("filter"), &keys::CHECK[..]);
    word_list(form, place, (Key::Filters, Key::AnotherFilter), words(&keys::FILTERS))
}

fn rest(form: &Form, path: &Path) -> El {
    let spot = |key: &str| Spot::new(path, key, &keys::CHECK);
    let ui = form.ui;
    let [matches, otherwise, awhile, confirm, zone, id] =
        ["match", "else", "while", "confirm", "zone", "id"].map(spot);
    let (awhile, confirm) = (awhile.reads(Reads::Any), confirm.reads(Reads::Number));
    let none = |word: &'static str| Some(super::default_of(ui, word));
    let inside = div("grid")
        .child(named(
            form,
            Key::Otherwise,
            &otherwise,
            choice(form, &otherwise, words(&keys::ELSES), none(keys::ELSES[0])),
        ))
        .child(named(
            form,
            Key::MatchNodes,
            &matches,
            choice(form, &matches, words(&keys::MATCHES), none(keys::MATCHES[0])),
        ))
        .child(named(
            form,
            Key::WhileValues,
            &awhile,
            hinted(code(form, &awhile), || r#"["queued"]"#.into()),
        ))
        .child(named(form, Key::Confirm, &confirm, hinted(code(form, &confirm), || "1".into())))
        .child(tolerance(form, path, &keys::CHECK))
        .child(named(form, Key::Zone, &zone, hinted(code(form, &zone), || "Asia/Shanghai".into())))
        .child(named(form, Key::CheckId, &id, code(form, &id)));
    let open = ["match", "else", "while", "confirm", "zone", "tolerance"];
    let is_open = super::has_any(form, path, &open);
    let inside = div("").child(inside).child(other_keys(form, path, &keys::CHECK));
    more(form, Key::More, is_open, inside)
}

/// How far a value may be off: absolutely, or in percent.
pub(super) fn tolerance(form: &Form, path: &Path, order: &'static [&'static str]) -> El {
    let path = path.key("tolerance");
    let spot = |key: &str| Spot::new(&path, key, order).reads(Reads::Any).pruned(1);
    let [abs, percent] = keys::TOLERANCE.map(spot);
    let absolute = hinted(code(form, &abs), || "\"0.01\", 1s".into());
    let relative = hinted(code(form, &percent), || "\"0.5\"".into());
    div("as-one")
        .child(named(form, Key::ToleranceAbs, &abs, absolute))
        .child(named(form, Key::TolerancePercent, &percent, relative))
        .child(wrong_at(form, &path))
}

/// Whose source it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sources {
    OfCheck,
    OfField,
}
