//! A choice of what a value is made of, and what that takes: a check's source, a request's auth.

use baton_engine::chain::keys;
use baton_engine::json::Value;
use baton_engine::json::edit::Document;

use super::Form;
use super::check::Sources;
use super::field::{called, code, hinted, marked};
use super::spot::{Spot, remove};
use crate::components::select;
use crate::el::{El, div, el, react};
use crate::features::editor::history::By;
use crate::json::quoted;
use crate::text::Key;

/// The word that a value is, or the first key that it has.
fn kind_of(document: &Document, spot: &Spot) -> String {
    match spot.path(document).and_then(|path| document.value(&path)) {
        Some(Value::String(word)) => word.clone(),
        Some(Value::Object(map)) => {
            map.iter().next().map(|(key, _)| key.clone()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// A choice among kinds, which writes what `make` makes of one, given what stands there.
pub(super) fn kind_choice(
    form: &Form,
    label: Key,
    spot: &Spot,
    kinds: &[(&str, String)],
    make: impl Fn(&str, &str) -> Option<String> + 'static,
) -> El {
    let (draft, at, paper, shown) =
        (form.draft.clone(), spot.clone(), form.draft.paper.clone(), spot.clone());
    let options = kinds.iter().map(|(kind, words)| el("option").attr("value", kind).text(words));
    let choice = select(form.ui, "kind", label, move |kind| {
        draft.edit(&By::Step, |document| {
            let before = kind_of(document, &at);
            let path = at.path(document)?;
            let argument = document.value(&path.key(&before)).and_then(Value::as_str);
            match make(kind, argument.unwrap_or_default()) {
                Some(json) => document.set(&path, &json, at.order()),
                None => remove(document, path, 0),
            }
        });
    });
    let choice = choice.children(options);
    let node = choice.node().clone();
    react(move || {
        let kind = kind_of(&paper.document(), &shown);
        crate::dom::set_value(&node, &kind);
    });
    marked(form, spot, choice)
}

/// What a check or a field reads.
pub(super) fn kinds(form: &Form, spot: &Spot, of: Sources) -> El {
    let (alone, with): (&[&str], &[&str]) = match of {
        Sources::OfCheck => (&keys::SOURCES, &keys::SOURCE),
        Sources::OfField => (&[], &keys::FIELD_SOURCE),
    };
    // A path is what most read.
    let known = with.iter().filter(|kind| **kind == "jsonpath");
    let others = alone.iter().chain(with.iter().filter(|kind| **kind != "jsonpath"));
    let kinds: Vec<(&str, String)> =
        known.chain(others).map(|kind| (*kind, (*kind).to_owned())).collect();
    let choice = kind_choice(form, Key::Source, spot, &kinds, move |kind, argument| {
        if keys::SOURCES.contains(&kind) {
            return Some(quoted(kind));
        }
        let argument = if argument.is_empty() { fresh(kind) } else { argument };
        Some(format!("{{ {}: {} }}", quoted(kind), quoted(argument)))
    });
    let paper = form.draft.paper.clone();
    let (keyed, drawn, form) = (spot.clone(), spot.clone(), form.clone());
    let argument = div("").switch(
        move || kind_of(&paper.document(), &keyed),
        move |kind| {
            let known = with.iter().find(|known| **known == kind)?;
            let spot = drawn.within(known);
            let control = hinted(code(&form, &spot), || fresh(known).to_owned());
            Some(called(&form, Key::SourceOf, &spot, control))
        },
    );
    div("source").child(choice).child(argument)
}

/// What a source takes at first.
fn fresh(kind: &str) -> &'static str {
    match kind {
        "jsonpath" => "$.rows[0].id",
        "header" => "content-type",
        "regex" => "id=(\\w+)",
        _ => "event_id",
    }
}
