//! A stage's form: what it is, what it asks, what has to hold, how it is polled, what is taken from its answer.

use std::rc::Rc;

use baton_engine::chain::keys;
use baton_engine::json::Value;
use baton_engine::json::edit::{Document, Edit, Path};
use leptos::prelude::untrack;

use super::check::{Sources, checks};
use super::curl::takes_commands;
use super::field::{
    Words, called, choice, code, hinted, line, named, prose, tick, words, wrong_at,
};
use super::kinds::{kind_choice, kinds};
use super::raw::raw;
use super::rows::{Rows, rows, value_row, word_list};
use super::spot::{Reads, Spot};
use super::{Form, default_of, has_any, more, other_keys, part};

use crate::components::{Button, Icon, Kind, select};
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::features::editor::history::By;
use crate::text::Key;

/// A group's form: its name; its stages have their own.
pub(super) fn group(form: &Form, path: &Path) -> El {
    let group = path.key("group");
    let name = Spot::new(&group, "name", &keys::GROUP).stays();
    div("")
        .child(head(form, path, Key::Group))
        .child(wrong_at(form, &group))
        .child(named(form, Key::GroupName, &name, line(form, &name)))
        .child(el("p").class("faint").live_text(form.ui.words(Key::GroupHint)))
        .child(other_keys(form, &group, &keys::GROUP))
}

/// A stage's form.
pub(super) fn stage(form: &Form, path: &Path) -> El {
    let spot = |key: &str| Spot::new(path, key, &keys::STAGE);
    let (name, system) = (spot("name").stays(), spot("system"));
    let identity =
        div("grid").child(named(form, Key::StageName, &name, line(form, &name))).child(named(
            form,
            Key::System,
            &system,
            hinted(line(form, &system), form.ui.words(Key::SystemHint)),
        ));
    let pass = part(form, Key::PassWhen, "checks").child(checks(form, path, "checks"));
    let stop = part(form, Key::FailWhen, "stop").child(checks(form, path, "stop"));
    div("")
        .child(head(form, path, Key::Stage))
        .child(wrong_at(form, path))
        .child(identity)
        .child(sending(form, path))
        .child(request(form, path))
        .child(pass)
        .child(stop)
        .child(polling(form, path))
        .child(taken(form, path))
        .child(other_keys(form, path, &keys::STAGE))
}

fn head(form: &Form, path: &Path, title: Key) -> El {
    let (shown, at) = (form.clone(), path.clone());
    let ui = form.ui;
    let json = Button::new("edit-in-json", Icon::Pencil, Key::EditInJson)
        .kind(Kind::Quiet)
        .on_press(ui, move || shown.in_json(&at));
    div("form-head").child(el("h3").live_text(ui.words(title))).child(json)
}

/// Once or as often as it takes; by which way.
fn sending(form: &Form, path: &Path) -> El {
    let spot = |key: &str| Spot::new(path, key, &keys::STAGE);
    let ui = form.ui;
    let (interrupt, transport) = (spot("on_interrupt"), spot("transport"));
    let none = |word: &'static str| Some(default_of(ui, word));
    let interrupted = named(
        form,
        Key::OnInterrupt,
        &interrupt,
        choice(form, &interrupt, words(&keys::ON_INTERRUPT), none(keys::ON_INTERRUPT[0])),
    );
    let (paper, once, own) = (form.draft.paper.clone(), path.key("once"), path.key("on_interrupt"));
    let interrupted = interrupted.shown_if(move || {
        let document = paper.document();
        document.value(&once) == Some(&Value::Bool(true)) || document.value(&own).is_some()
    });
    div("grid").child(tick(form, Key::SendsOnce, spot("once"))).child(interrupted).child(named(
        form,
        Key::Transport,
        &transport,
        choice(form, &transport, words(&keys::TRANSPORTS), none(keys::TRANSPORTS[0])),
    ))
}

fn request(form: &Form, stage: &Path) -> El {
    let path = stage.key("request");
    let spot = |key: &str| Spot::new(&path, key, &keys::REQUEST);
    let ui = form.ui;
    let (method, url) = (spot("method"), spot("url").stays());
    let control = hinted(code(form, &url), || "https://example.com/rows".into());
    let control = takes_commands(form, stage, &url, control);
    let address = div("address")
        .child(called(
            form,
            Key::Method,
            &method,
            choice(form, &method, words(&keys::METHODS), Some(Rc::new(|| keys::METHODS[0].into()))),
        ))
        .child(called(form, Key::Address, &url, control));
    let credentials = spot("credentials");
    let credentials = named(
        form,
        Key::Credentials,
        &credentials,
        choice(
            form,
            &credentials,
            words(&keys::CREDENTIALS),
            Some(default_of(ui, keys::CREDENTIALS[0])),
        ),
    );
    let rare = div("").child(credentials).child(other_keys(form, &path, &keys::REQUEST));
    part(form, Key::Request, "request")
        .child(wrong_at(form, &path))
        .child(address)
        .child(map(form, &path, "query", (Key::QueryRow, Key::AddQuery), "name"))
        .child(map(form, &path, "headers", (Key::HeaderRow, Key::AddHeader), "x-name"))
        .child(body(form, &path))
        .child(auth(form, &path))
        .child(more(form, Key::More, has_any(form, &path, &["credentials"]), rare))
}

/// The members of one of a request's objects.
fn map(
    form: &Form,
    request: &Path,
    name: &'static str,
    (one, add): (Key, Key),
    key: &'static str,
) -> El {
    let path = request.key(name);
    let row = value_row(&path, Key::Value);
    let rows_of = Rows {
        path: path.clone(),
        name,
        one,
        add,
        fresh: "\"\"",
        key: Some(key),
        order: &keys::REQUEST,
        prune: 1,
        row,
    };
    div("").child(wrong_at(form, &path)).child(rows(form, rows_of))
}

/// The three ways to write a body, of which a request has one.
const BODIES: [&str; 3] = ["json", "form", "text"];

fn body(form: &Form, request: &Path) -> El {
    let (ui, draft, paper) = (form.ui, form.draft.clone(), form.draft.paper.clone());
    let (at, shown) = (request.clone(), request.clone());
    let kind = move || {
        let document = paper.document();
        let kind = BODIES.into_iter().find(|kind| document.value(&shown.key(kind)).is_some());
        kind.unwrap_or_default().to_owned()
    };
    let choice = select(ui, "body-kind", Key::Body, move |kind| {
        draft.edit(&By::Step, |document| other_body(document, &at, kind));
    });
    let none = el("option").attr("value", "").live_text(ui.words(Key::NoBody));
    let options = BODIES.iter().map(|kind| el("option").attr("value", kind).text(kind));
    let choice = choice.child(none).children(options);
    let (node, now) = (choice.node().clone(), kind.clone());
    react(move || dom::set_value(&node, &now()));
    let (form, request) = (form.clone(), request.clone());
    let inside = div("").switch(kind, move |kind| match kind {
        "json" => {
            let spot = Spot::new(&request, "json", &keys::REQUEST).stays();
            Some(raw(&form, Key::BodyJson, spot, "6"))
        }
        "form" => Some(map(&form, &request, "form", (Key::FormRow, Key::AddFormRow), "name")),
        "text" => {
            let spot = Spot::new(&request, "text", &keys::REQUEST).stays();
            Some(named(&form, Key::BodyText, &spot, prose(&form, &spot)))
        }
        _ => None,
    });
    let label = span("label").live_text(ui.words(Key::Body));
    div("kind-of").child(el("label").child(label).child(choice)).child(inside)
}

/// A request with a body of another kind, as one edit.
fn other_body(document: &Document, request: &Path, kind: &str) -> Option<Edit> {
    let mut now = document.clone();
    for body in BODIES {
        if let Some(edit) = now.remove(&request.key(body)) {
            now = Document::read(&edit.apply(now.text())).ok()?;
        }
    }
    let fresh = match kind {
        "json" | "form" => "{}",
        "text" => "\"\"",
        _ => return Some(Edit::between(document.text(), now.text())),
    };
    let edit = now.set(&request.key(kind), fresh, &keys::REQUEST)?;
    Some(Edit::between(document.text(), &edit.apply(now.text())))
}

fn auth(form: &Form, request: &Path) -> El {
    let path = request.key("auth");
    let ui = form.ui;
    let mut kinds: Vec<(&str, String)> = vec![("", untrack(|| ui.t(Key::NoAuth)))];
    kinds.extend(keys::AUTH.iter().map(|kind| (*kind, (*kind).to_owned())));
    let spot = Spot::new(request, "auth", &keys::REQUEST);
    let choice = kind_choice(form, Key::Auth, &spot, &kinds, |kind, _| {
        let json = match kind {
            "bearer" => r#"{ "bearer": "{{secret.token}}" }"#,
            "basic" => r#"{ "basic": { "user": "qa", "password": "{{secret.password}}" } }"#,
            "key" => {
                r#"{ "key": { "in": "header", "name": "x-api-key", "value": "{{secret.key}}" } }"#
            }
            _ => return None,
        };
        Some(json.to_owned())
    });
    let (paper, keyed) = (form.draft.paper.clone(), path.clone());
    let (form_of, at) = (form.clone(), path.clone());
    let inside = div("").switch(
        move || {
            let document = paper.document();
            let has = |kind: &&&str| document.value(&keyed.key(kind)).is_some();
            keys::AUTH.iter().find(has).copied().unwrap_or_default().to_owned()
        },
        move |kind| {
            let inner = at.key(kind);
            let text = |label: Key, key: &str| {
                let spot = Spot::new(&inner, key, &[]).stays();
                named(&form_of, label, &spot, code(&form_of, &spot))
            };
            match kind {
                "bearer" => {
                    let spot = Spot::new(&at, "bearer", &[]).stays();
                    Some(named(&form_of, Key::Token, &spot, code(&form_of, &spot)))
                }
                "basic" => Some(
                    div("grid")
                        .child(text(Key::User, "user"))
                        .child(text(Key::Password, "password")),
                ),
                "key" => {
                    let spot = Spot::new(&inner, "in", &[]).stays();
                    let place = choice_of(&form_of, &spot, &keys::KEY_PLACES);
                    Some(
                        div("grid")
                            .child(named(&form_of, Key::KeyIn, &spot, place))
                            .child(text(Key::KeyName, "name"))
                            .child(text(Key::Value, "value")),
                    )
                }
                _ => None,
            }
        },
    );
    let label = span("label").live_text(ui.words(Key::Auth));
    div("kind-of")
        .child(wrong_at(form, &path))
        .child(el("label").child(label).child(choice))
        .child(inside)
}

fn choice_of(form: &Form, spot: &Spot, known: &[&str]) -> El {
    choice(form, spot, words(known), None)
}

fn polling(form: &Form, stage: &Path) -> El {
    let path = stage.key("poll");
    let fields = poll(form, &path, Path::root().key("poll"), &keys::STAGE);
    part(form, Key::Polling, "poll").child(fields)
}

/// How it is polled; what is not said holds as the chain has it, and else as the reader does.
pub(super) fn poll(form: &Form, path: &Path, outer: Path, order: &'static [&'static str]) -> El {
    let is_stage = *path != outer;
    let paper = form.draft.paper.clone();
    let ui = form.ui;
    let hint = move |key: &'static str| {
        let (paper, outer) = (paper.clone(), outer.clone());
        move || {
            let document = paper.document();
            let said = document.value(&outer.key(key)).filter(|_| is_stage);
            let known = keys::POLL_DEFAULTS.iter().find(|(known, _)| *known == key);
            match said {
                Some(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
                None => known.map_or_else(|| ui.t(Key::NoneSet), |(_, value)| (*value).to_owned()),
            }
        }
    };
    let span = |label: Key, key: &'static str, reads: Reads| {
        let spot = Spot::new(path, key, order).reads(reads).pruned(1);
        named(form, label, &spot, hinted(code(form, &spot), hint(key)))
    };
    let main = div("grid")
        .child(span(Key::Interval, "interval", Reads::Text))
        .child(span(Key::Timeout, "timeout", Reads::Text))
        .child(span(Key::LateAfter, "late_after", Reads::Text));
    let main = if is_stage { main.child(span(Key::Hold, "hold", Reads::Number)) } else { main };
    let rare = div("grid")
        .child(span(Key::AttemptTimeout, "attempt_timeout", Reads::Text))
        .child(span(Key::InitialDelay, "initial_delay", Reads::Text))
        .child(span(Key::MaxAttempts, "max_attempts", Reads::Number));
    let open = ["attempt_timeout", "initial_delay", "max_attempts", "backoff"];
    let is_open = has_any(form, path, &open);
    let inside = div("").child(rare).child(backoff(form, path, order)).child(other_keys(
        form,
        path,
        &keys::POLL,
    ));
    div("").child(wrong_at(form, path)).child(main).child(more(form, Key::More, is_open, inside))
}

fn backoff(form: &Form, poll: &Path, order: &'static [&'static str]) -> El {
    let path = poll.key("backoff");
    let spot = |key: &str| Spot::new(&path, key, order).pruned(2);
    let [kind, factor, max] = ["kind", "factor", "max"].map(spot);
    let factor = factor.reads(Reads::Number);
    let grows = choice(form, &kind, words(&keys::GROWTHS), Some(form.ui.boxed(Key::NoBackoff)));
    div("grid")
        .child(named(form, Key::Backoff, &kind, grows))
        .child(named(form, Key::BackoffFactor, &factor, hinted(code(form, &factor), || "2".into())))
        .child(named(form, Key::BackoffMax, &max, hinted(code(form, &max), || "10m".into())))
        .child(wrong_at(form, &path))
}

/// What is taken from the answer: captures, and the record whose fields are compared.
fn taken(form: &Form, stage: &Path) -> El {
    let captures = stage.key("captures");
    let capture_of = captures.clone();
    let row = Rc::new(move |form: &Form, nth| {
        let spot = Spot::nth(&capture_of, nth).within("jsonpath");
        called(form, Key::PathOf, &spot, hinted(code(form, &spot), || "$.rows[0].id".into()))
    });
    let captured = Rows {
        path: captures.clone(),
        name: "captures",
        one: Key::Capture,
        add: Key::AddCapture,
        fresh: r#"{ "jsonpath": "$.id" }"#,
        key: Some("captured"),
        order: &keys::STAGE,
        prune: 1,
        row,
    };
    let captured = part(form, Key::CapturesOf, "captures")
        .child(wrong_at(form, &captures))
        .child(rows(form, captured));
    div("").child(captured).child(record(form, stage))
}

fn record(form: &Form, stage: &Path) -> El {
    let path = stage.key("record");
    let each = Spot::new(&path, "each", &keys::RECORD).pruned(1);
    let each_of = hinted(code(form, &each), || "$.rows[*]".into());
    let fields = path.key("fields");
    let fields_of = fields.clone();
    let row =
        Rc::new(move |form: &Form, nth| kinds(form, &Spot::nth(&fields_of, nth), Sources::OfField));
    let rows_of = Rows {
        path: fields.clone(),
        name: "record",
        one: Key::Field,
        add: Key::AddField,
        fresh: r#"{ "jsonpath": "$.id" }"#,
        key: Some("field"),
        order: &keys::STAGE,
        prune: 2,
        row,
    };
    let names = field_names(form);
    let list = |key: &str, label: Key| {
        word_list(form, (stage.key(key), &keys::STAGE), (label, Key::AnotherField), names.clone())
    };
    let lists = div("grid")
        .child(list("transformed", Key::Transformed))
        .child(list("not_carried", Key::NotCarried));
    let is_open = has_any(form, stage, &["transformed", "not_carried"]);
    part(form, Key::Record, "record")
        .child(wrong_at(form, &path))
        .child(named(form, Key::Each, &each, each_of))
        .child(wrong_at(form, &fields))
        .child(rows(form, rows_of))
        .child(more(form, Key::More, is_open, lists))
        .child(other_keys(form, &path, &keys::RECORD))
}

/// The names of the chain's fields.
fn field_names(form: &Form) -> Words {
    let document = form.draft.paper.peek();
    let fields = document.value(&Path::root().key("fields")).and_then(Value::as_array);
    let names = fields.into_iter().flatten().filter_map(|field| field.get("name")?.as_str());
    names.map(str::to_owned).collect()
}
