//! The live sample: a path that is typed is looked for in the answer as one types, and a value of it that is picked
//! becomes a check, a capture or a field of the document.

mod menu;
mod suggest;
mod write;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use baton_engine::json::edit::Edit;
use baton_engine::protocol::{Module, Note, Selection, ToolAnswer, TrialQuestion, Tried};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::body::tree::{NodeId, Shape};
use crate::body::{MarkedAs, path};
use crate::clock::Timeout;
use crate::components::{Button, Icon};
use crate::dom;
use crate::el::{El, div, el, span};
use crate::features::run::evidence::Sight;
use crate::json;
use crate::text::{Key, sentences};

use super::super::draft::Draft;
use super::super::held::Held;
use super::super::history::By;
use super::super::import::heard;
use super::super::problems::GoTo;
use suggest::Picked;

/// How long typing rests before the path is looked for.
const REST: Duration = Duration::from_millis(150);

/// What is known of the path that is typed.
enum Found {
    /// There is none.
    NoPath,
    Asked,
    Told(Selection),
    Refused(Note),
}

/// What came of a pick.
enum Made {
    Nothing,
    /// It stands at this place of the document.
    Added(String),
    NotAdded,
}

/// The answer at hand, and what is looked for and picked in it.
pub(super) struct Sample {
    draft: Draft,
    go_to: GoTo,
    stage: String,
    /// The values that templates may name, a JSON object's text.
    values: String,
    sight: RefCell<Option<Rc<Sight>>>,
    input: El,
    /// The path as it was typed last, which outlives the answer.
    kept: Rc<RefCell<String>>,
    found: Held<Found>,
    menu: Held<Option<Picked>>,
    made: Held<Made>,
    rest: RefCell<Option<Timeout>>,
    asked: Cell<u32>,
}

/// The answer of a trial as a sample, for a stage and with the values that it was tried with. The path that is `kept` is
/// looked for at once.
pub(super) fn sample(
    draft: &Draft,
    go_to: GoTo,
    (stage, values): (String, String),
    kept: &Rc<RefCell<String>>,
    tried: &Tried,
) -> Rc<Sight> {
    let ui = draft.ui;
    let sample = Rc::new_cyclic(|this: &Weak<Sample>| {
        let [typed, entered] = [this.clone(), this.clone()];
        let input = el("input")
            .attr("data-action", "path")
            .attr("spellcheck", "false")
            .attr("autocomplete", "off")
            .attr("autocapitalize", "off")
            .on("input", move |_| {
                if let Some(sample) = typed.upgrade() {
                    sample.kept.replace(sample.typed());
                    sample.menu.put(None);
                    sample.look_soon();
                }
            })
            .on("keydown", move |event| {
                let event: &web_sys::KeyboardEvent = event.unchecked_ref();
                if event.key() == "Enter"
                    && !event.is_composing()
                    && let Some(sample) = entered.upgrade()
                {
                    sample.use_typed();
                }
            });
        Sample {
            draft: draft.clone(),
            go_to,
            stage,
            values,
            sight: RefCell::default(),
            input,
            kept: kept.clone(),
            found: Held::new(Found::NoPath),
            menu: Held::new(None),
            made: Held::new(Made::Nothing),
            rest: RefCell::default(),
            asked: Cell::new(0),
        }
    });
    let readings = tried.attempt.readings.read().unwrap_or_default();
    let seen = Sight::of(&readings);
    let picks = Rc::downgrade(&sample);
    // What is picked stays as long as its bar is there, which holds it.
    let pick = move |id, _| {
        if let Some(sample) = picks.upgrade() {
            sample.pick(id);
        }
    };
    let may_change = untrack(|| ui.may_change());
    let seen = if may_change { seen.with_pick(Rc::new(pick), sample.bar()) } else { seen };
    let sight = Rc::new(seen);
    sample.sight.replace(Some(sight.clone()));
    let path = kept.borrow().clone();
    if !path.is_empty() {
        dom::set_value(sample.input.node(), &path);
        // The answer is drawn by then.
        sample.look_soon();
    }
    sight
}

impl Sample {
    fn bar(self: &Rc<Self>) -> El {
        let ui = self.draft.ui;
        let [told, used, made, menu, usable] = std::array::from_fn(|_| self.clone());
        let label = el("label")
            .child(span("faint").live_text(ui.words(Key::SamplePath)))
            .child(self.input.clone());
        let button = Button::new("use-path", Icon::Plus, Key::UsePath)
            .on_press(ui, move || used.use_typed())
            .live_attr("disabled", move || {
                let is_some = matches!(&*usable.found.read(), Found::Told(told) if told.count > 0);
                (!is_some).then(String::new)
            });
        let said = div("path-said").attr("role", "status").redraw(move || Some(told.said()));
        let done = div("path-made").attr("role", "status").redraw(move || made.done());
        div("path-bar")
            .child(label)
            .child(button)
            .child(said)
            .child(div("picked").redraw(move || menu.menu()))
            .child(done)
    }

    /// How the path stands, in words.
    fn said(&self) -> El {
        let ui = self.draft.ui;
        let words = |slug: &str, words: &str| span("").attr("data-found", slug).text(words);
        match &*self.found.read() {
            Found::NoPath => words("nothing", &ui.t(Key::SampleHint)).class("faint"),
            Found::Asked => words("asked", "…"),
            Found::Refused(note) => words("refused", note.sentence(ui.locale())),
            Found::Told(Selection { count, reached: None, .. }) => {
                let count = usize::try_from(*count).unwrap_or(usize::MAX);
                words("some", &sentences::matches(count, ui.locale()))
            }
            Found::Told(Selection { reached: Some(reached), .. }) => {
                let way = (reached.path.as_str(), reached.rest.as_str());
                let said = sentences::reached(way, &reached.names, reached.items, ui.locale());
                words("none", &said)
            }
        }
    }

    fn done(self: &Rc<Self>) -> Option<El> {
        let ui = self.draft.ui;
        match &*self.made.read() {
            Made::Nothing => None,
            Made::NotAdded => Some(span("").attr("data-made", "not").text(&ui.t(Key::NotAdded))),
            Made::Added(place) => {
                let (this, at) = (self.clone(), place.clone());
                let show = el("button")
                    .attr("type", "button")
                    .class("button quiet small")
                    .attr("data-action", "show-added")
                    .live_text(ui.words(Key::ShowInDocument))
                    .on("click", move |_| this.show(&at));
                let words = span("").text(&sentences::added(place, ui.locale()));
                Some(span("").attr("data-made", place).child(words).text(" ").child(show))
            }
        }
    }

    fn show(&self, place: &str) {
        let text = self.draft.text.get_untracked();
        if let Some(Some(line)) = json::lines_of(&text, &[place]).first() {
            (self.go_to)(place, *line);
        }
    }

    // -------------------------------------------------------------------------------------- looking for

    fn typed(&self) -> String {
        dom::value(self.input.node()).trim().to_owned()
    }

    fn look_soon(self: &Rc<Self>) {
        let this = self.clone();
        *self.rest.borrow_mut() = Some(Timeout::after(REST, move || this.look()));
    }

    /// Looks for the path that is there; without one, marks what the checks saw.
    fn look(self: &Rc<Self>) {
        let number = self.asked.get().wrapping_add(1);
        self.asked.set(number);
        let Some(sight) = self.sight.borrow().clone() else { return };
        let Some(body) = sight.body() else { return };
        let path = self.typed();
        if path.is_empty() {
            body.mark(sight.marks());
            self.found.put(Found::NoPath);
            return;
        }
        self.found.put(Found::Asked);
        let question = TrialQuestion::Select {
            body: body.text().to_owned(),
            path,
            values: self.values.clone(),
        };
        let this = self.clone();
        let said = move |said| {
            if this.asked.get() == number {
                this.take(heard(said));
            }
        };
        self.draft.ui.core().link.ask(Module::Trial, question.to_json(), Box::new(said));
    }

    fn take(&self, answer: ToolAnswer) {
        let found = match answer {
            ToolAnswer::Selected(selection) => Found::Told(selection),
            ToolAnswer::Refused(note) => Found::Refused(note),
            ToolAnswer::Text { .. }
            | ToolAnswer::Edit { .. }
            | ToolAnswer::Choose(_)
            | ToolAnswer::Plan(_)
            | ToolAnswer::Confirm { .. }
            | ToolAnswer::Tried(_) => Found::NoPath,
        };
        let places: &[String] = match &found {
            Found::Told(selection) => &selection.places,
            Found::NoPath | Found::Asked | Found::Refused(_) => &[],
        };
        let marks: Vec<_> =
            places.iter().filter_map(|place| Some((path::read(place)?, MarkedAs::Found))).collect();
        if let Some(body) = self.sight.borrow().as_ref().and_then(|sight| sight.body()) {
            body.mark(&marks);
        }
        self.found.put(found);
    }

    // ------------------------------------------------------------------------------------------ picking

    fn pick(self: &Rc<Self>, id: NodeId) {
        let body = self.sight.borrow().as_ref().and_then(|sight| sight.body());
        let Some(body) = body else { return };
        let Some(tree) = body.tree() else { return };
        self.open(suggest::picked(tree, body.text(), id, &self.known()));
    }

    /// Makes use of the path as it is typed, and of the value that it selects, if that is one.
    fn use_typed(self: &Rc<Self>) {
        let found = self.found.peek();
        let Found::Told(selection) = &*found else { return };
        let body = self.sight.borrow().as_ref().and_then(|sight| sight.body());
        let first = selection.places.first().and_then(|place| path::read(place));
        let value = body.as_ref().zip(first).and_then(|(body, steps)| {
            let (tree, text) = (body.tree()?, body.text());
            Some(suggest::picked(tree, text, tree.find(text, &steps)?, &self.known()))
        });
        let path = self.typed();
        let is_one = selection.count == 1;
        let picked = Picked {
            name: suggest::name_in(&path),
            paths: vec![path],
            value: value.as_ref().filter(|_| is_one).and_then(|value| value.value.clone()),
            shape: value.as_ref().map_or(Shape::Plain, |value| value.shape),
            steps: value.and_then(|value| value.steps),
        };
        drop(found);
        self.open(picked);
    }

    fn open(self: &Rc<Self>, picked: Picked) {
        let path = picked.paths.first().cloned().unwrap_or_default();
        self.choose(&path);
        self.made.put(Made::Nothing);
        self.menu.put(Some(picked));
        let Some(bar) = self.input.node().closest(".path-bar").ok().flatten() else { return };
        // It is drawn by then. A press asked for it.
        request_animation_frame(move || {
            dom::focus_in(&bar, ".pick-menu .uses button");
            if let Ok(Some(menu)) = bar.query_selector(".pick-menu") {
                dom::show_nearest(&menu);
            }
        });
    }

    /// Takes another of the paths.
    fn choose(self: &Rc<Self>, path: &str) {
        dom::set_value(self.input.node(), path);
        self.kept.replace(path.to_owned());
        self.rest.take();
        self.look();
    }

    fn close(&self) {
        self.menu.put(None);
        if let Some(body) = self.sight.borrow().as_ref().and_then(|sight| sight.body()) {
            body.focus();
        }
    }

    /// The values that templates may name, as JSON texts.
    fn known(&self) -> Vec<(String, String)> {
        let Some(tree) = crate::body::tree::Tree::read(&self.values) else { return Vec::new() };
        let text = &self.values;
        let members = tree.each_child(0).filter_map(|id| {
            Some((json::unquoted(&text[tree.key(id)?]), text[tree.range(id)].to_owned()))
        });
        members.collect()
    }

    /// Puts what was made into the document, in one step that undo takes back, and says where it is.
    fn put(&self, written: Option<write::Written>) {
        self.made.put(match written {
            Some(written) => {
                self.draft.edit(&By::Step, |document| {
                    Some(Edit::between(document.text(), &written.text))
                });
                Made::Added(written.place)
            }
            None => Made::NotAdded,
        });
        self.close();
    }
}
