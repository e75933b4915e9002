//! The controls of the form: each is bound to a place of the document, and shows what is wrong there.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::json::edit::Path;
use wasm_bindgen::JsCast;

use super::Form;
use super::spot::{Reads, Spot};
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::text::Key;

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
        let value = match (is_tick, is_checked(&event)) {
            (true, true) => "true".to_owned(),
            (true, false) => String::new(),
            (false, _) => dom::value_of(&event),
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
    if is_tick {
        // An element takes any property.
        let _ = js_sys::Reflect::set(node, &"checked".into(), &(value == "true").into());
    } else {
        dom::set_value(node, value);
    }
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
