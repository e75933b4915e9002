//! The controls of the form: each is bound to a place of the document, and shows what is wrong there.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::json;
use baton_engine::json::edit::Path;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Form;
use super::spot::{Reads, Spot};
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::text::{Key, sentences};

/// What stands in an empty field.
pub(super) type Hint = Rc<dyn Fn() -> String>;

/// Words to choose from.
pub(super) type Words = Vec<String>;

/// Words of the reader's own tables.
pub(super) fn words(words: &[&str]) -> Words {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A line of text.
pub(super) fn line(form: &Form, spot: &Spot) -> El {
    let control = el("input")
        .attr("type", "text")
        .class("input")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false");
    bind(form, spot, control)
}

/// A line of what is a template, a path or JSON.
pub(super) fn code(form: &Form, spot: &Spot) -> El {
    line(form, spot).class("input code")
}

/// Several lines of text.
pub(super) fn prose(form: &Form, spot: &Spot) -> El {
    bind(
        form,
        spot,
        el("textarea").class("area prose").attr("rows", "2").attr("spellcheck", "false"),
    )
}

/// A choice among words; the empty one is what holds when nothing is chosen.
pub(super) fn choice(form: &Form, spot: &Spot, words: Words, none: Option<Hint>) -> El {
    let option = |word: &str| el("option").attr("value", word);
    let none = none.map(|words| option("").live_text(move || words()));
    let options = words.iter().map(|word| option(word).text(word));
    let select = el("select").class("select").maybe(none).children(options);
    // A word that is none of them is shown all the same: what is wrong with it stands beside it.
    let (paper, spot_now) = (form.draft.paper.clone(), spot.clone());
    let select = select.redraw(move || {
        let now = spot_now.shown(&paper.document());
        let strange = !now.is_empty() && !words.contains(&now);
        strange.then(|| el("option").attr("value", &now).text(&now))
    });
    bind(form, spot, select)
}

/// Something that is so or not.
pub(super) fn tick(form: &Form, label: Key, spot: Spot) -> El {
    let spot = spot.reads(Reads::Tick);
    let box_ = bind(form, &spot, el("input").attr("type", "checkbox"));
    let words = span("").live_text(form.ui.words(label));
    div("field tick").child(el("label").child(box_).child(words)).child(wrong(form, &spot))
}

/// A control with its name above it and what is wrong below.
pub(super) fn named(form: &Form, label: Key, spot: &Spot, control: El) -> El {
    let words = span("label").live_text(form.ui.words(label));
    div("field").child(el("label").child(words).child(control)).child(wrong(form, spot))
}

/// A control in a row, whose name is for ears, with what is wrong below.
pub(super) fn called(form: &Form, label: Key, spot: &Spot, control: El) -> El {
    let control = control.live_value("aria-label", form.ui.words(label));
    div("field").child(control).child(wrong(form, spot))
}

/// A field's hint while it is empty.
pub(super) fn hinted(control: El, hint: impl Fn() -> String + 'static) -> El {
    control.live_value("placeholder", hint)
}

/// Keeps a control and its place in the document alike, without touching what is being typed.
fn bind(form: &Form, spot: &Spot, control: El) -> El {
    let is_tick = spot.reads_tick();
    let mine: Rc<RefCell<Option<String>>> = Rc::default();
    let node = control.node().clone();
    let [shown, typed, left] = std::array::from_fn(|_| (form.draft.clone(), spot.clone()));
    let (seen, said) = (mine.clone(), mine);
    let shows = node.clone();
    react(move || {
        let now = shown.1.shown(&shown.0.paper.document());
        if seen.borrow().as_ref() != Some(&now) {
            show(&shows, &now, is_tick);
            seen.replace(Some(now));
        }
    });
    let event = if is_tick { "change" } else { "input" };
    let control = control.on(event, move |event| {
        let (draft, spot) = &typed;
        let by = spot.by(&draft.paper.peek());
        let value = match is_tick {
            true if is_checked(&event) => "true".to_owned(),
            true => String::new(),
            false => dom::value_of(&event),
        };
        spot.write(draft, &value, &by);
        said.replace(Some(spot.shown(&draft.paper.peek())));
    });
    let control = control.on("focusout", move |_| {
        let (draft, spot) = &left;
        draft.paper.rest();
        show(&node, &spot.shown(&draft.paper.peek()), is_tick);
    });
    marked(form, spot, control)
}

fn show(node: &web_sys::Element, value: &str, is_tick: bool) {
    let (name, value) = match is_tick {
        true => ("checked", (value == "true").into()),
        false => ("value", value.into()),
    };
    // An element takes any property.
    let _ = js_sys::Reflect::set(node, &name.into(), &value);
}

fn is_checked(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into().ok());
    target.is_some_and(|input: web_sys::HtmlInputElement| input.checked())
}

/// Says of a control where it stands and whether something is wrong there.
pub(super) fn marked(form: &Form, spot: &Spot, control: El) -> El {
    let [placed, invalid, described] = std::array::from_fn(|_| (form.clone(), spot.clone()));
    let place = |(form, spot): &(Form, Spot)| spot.path(&form.draft.paper.document());
    control
        .live_attr("data-path", move || place(&placed).map(|path| path.to_string()))
        .live_attr("aria-invalid", move || {
            let found = place(&invalid).map(|path| invalid.0.problems(&path, invalid.1.is_whole()));
            found.is_some_and(|found| !found.is_empty()).then(|| "true".to_owned())
        })
        .live_attr("aria-describedby", move || {
            let path = place(&described)?;
            let found = described.0.problems(&path, described.1.is_whole());
            (!found.is_empty()).then(|| problem_id(&path))
        })
}

/// The id of what is said to be wrong at a place.
fn problem_id(path: &Path) -> String {
    format!("wrong:{}", path.to_string().replace(char::is_whitespace, "_"))
}

/// What is wrong at a field's place.
pub(super) fn wrong(form: &Form, spot: &Spot) -> El {
    let (form, spot) = (form.clone(), spot.clone());
    div("wrongs").redraw(move || {
        let path = spot.path(&form.draft.paper.document())?;
        said(&form, &path, spot.is_whole())
    })
}

/// What is wrong with something as a whole: a key that it should have, or should not.
pub(super) fn wrong_at(form: &Form, path: &Path) -> El {
    let (form, path) = (form.clone(), path.clone());
    div("wrongs")
        .attr("data-path", &path.to_string())
        .attr("tabindex", "-1")
        .redraw(move || said(&form, &path, false))
}

fn said(form: &Form, path: &Path, whole: bool) -> Option<El> {
    let problems = form.problems(path, whole);
    let said = problems.iter().map(|problem| problem.advice(form.ui.locale()));
    let said = said.collect::<Vec<_>>().join(" ");
    (!said.is_empty()).then(|| {
        el("p").class("wrong").attr("id", &problem_id(path)).attr("data-wrong", "").text(&said)
    })
}

/// A box of JSON as it is written. What is no JSON stays in the box, and is said to be in no document yet.
pub(super) fn raw(form: &Form, label: Key, spot: Spot, rows: &str) -> El {
    let spot = spot.reads(Reads::Any);
    let place = {
        let (draft, spot) = (form.draft.clone(), spot.clone());
        move || spot.path(&draft.paper.peek()).map(|path| path.to_string()).unwrap_or_default()
    };
    let trouble = ArcRwSignal::new(String::new());
    let mine: Rc<RefCell<Option<String>>> = Rc::default();
    let area = el("textarea").class("area").attr("rows", rows).attr("spellcheck", "false");
    let node = area.node().clone();
    let (draft, drawn, seen, at) = (form.draft.clone(), spot.clone(), mine.clone(), place.clone());
    let told = trouble.clone();
    react(move || {
        let document = draft.paper.document();
        let now = drawn.path(&document).and_then(|path| document.written(&path));
        let now = now.unwrap_or_default();
        let unfinished = draft.unfinished.borrow();
        let kept = unfinished.iter().find(|(place, _)| *place == at());
        match kept {
            Some((_, typed)) => {
                if seen.borrow().is_none() {
                    show(&node, typed, false);
                    told.set(json::parse(typed).err().map(|no| no.to_string()).unwrap_or_default());
                }
            }
            None if seen.borrow().as_ref() != Some(&now) => {
                show(&node, &now, false);
                if !told.get_untracked().is_empty() {
                    told.set(String::new());
                }
            }
            None => {}
        }
        seen.replace(Some(now));
    });
    let (draft, typed, saying) = (form.draft.clone(), spot.clone(), trouble.clone());
    let (resting, ui) = (draft.clone(), form.ui);
    let area = area.on("input", move |event| {
        let value = dom::value_of(&event);
        let place = place();
        draft.unfinished.borrow_mut().retain(|(other, _)| *other != place);
        let by = typed.by(&draft.paper.peek());
        let said = match json::parse(&value) {
            Err(syntax) if !value.trim().is_empty() || typed.is_kept() => {
                draft.unfinished.borrow_mut().push((place, value));
                syntax.to_string()
            }
            Ok(_) | Err(_) => {
                typed.write(&draft, value.trim(), &by);
                let document = draft.paper.peek();
                let path = typed.path(&document);
                // What was typed here is left alone, however it is laid out in the document.
                mine.replace(path.and_then(|path| document.written(&path)));
                String::new()
            }
        };
        saying.set(said);
    });
    let area = area.on("focusout", move |_| resting.paper.rest());
    let said = trouble.clone();
    let area = marked(form, &spot, area)
        .live_value("data-unfinished", move || (!said.get().is_empty()).to_string());
    let unfinished = el("p").class("wrong").attr("role", "status").live_text(move || {
        let why = trouble.get();
        if why.is_empty() { why } else { sentences::not_json_yet(&why, ui.locale()) }
    });
    named(form, label, &spot, area).child(unfinished)
}
