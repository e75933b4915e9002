//! The form: the document for those who don't write JSON. It is drawn from the document's text, and writes into it; what
//! it does not know stays there as it is.
//!
//! Where to start: [`fields`], then [`spot`] for how a field's text and the document become each other.

mod chain;
mod check;
mod curl;
mod drag;
mod environments;
mod field;
mod group;
mod kinds;
mod presets;
mod raw;
mod rows;
mod spot;
mod stage;
mod steps;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use baton_engine::chain::Problem;
use baton_engine::json::edit::{Document, Path};
use leptos::prelude::*;

use super::Tab;
use super::draft::Draft;
use super::held::Held;
use crate::components::{Button, Icon, icon};
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use spot::step_of;
pub(super) use steps::steps;

/// What the form shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Chosen {
    /// What holds for the whole chain.
    Chain,
    /// What a new stage can begin as.
    Add,
    /// A stage or a group.
    Step(Path),
}

/// The form of a document under edit. A handle: clones are the same.
#[derive(Clone)]
pub(crate) struct Form {
    pub(super) ui: Ui,
    pub(super) draft: Draft,
    /// Which of the two views is open.
    pub(super) tab: ArcRwSignal<Tab>,
    chosen: Held<Chosen>,
    /// The stage that was chosen last: a new one goes after it.
    last_step: Rc<RefCell<Option<Path>>>,
    /// Where the reader wants to be: the place of a problem, or a field to begin with.
    wanted: ArcRwSignal<Option<String>>,
}

/// The fields of what is chosen. Loaded when the form is first opened: nothing else of the editor names them.
pub(crate) fn fields(form: &Form) -> El {
    let [disabled, keyed, drawn] = std::array::from_fn(|_| form.clone());
    let ui = form.ui;
    let body = el("fieldset")
        .class("form")
        .attr("data-part", "form")
        .live_attr("disabled", move || {
            let locked = disabled.draft.paper.syntax().is_some() || !ui.may_change();
            locked.then(String::new)
        })
        .switch(move || keyed.key(), move |_| Some(drawn.drawn()));
    follow_wishes(form, &body);
    div("").child(unreadable(form)).child(body)
}

impl Form {
    pub(super) fn new(draft: &Draft, tab: ArcRwSignal<Tab>) -> Self {
        let form = Self {
            ui: draft.ui,
            draft: draft.clone(),
            tab,
            chosen: Held::new(Chosen::Chain),
            last_step: Rc::default(),
            wanted: ArcRwSignal::new(None),
        };
        let (following, spliced) = (form.clone(), draft.spliced.clone());
        react(move || {
            spliced.track();
            following.follow_caret();
        });
        form
    }

    /// Shows something; the caret in the text goes there too.
    fn choose(&self, chosen: Chosen) {
        let place = match &chosen {
            Chosen::Step(path) => self.draft.paper.peek().place(path).map(|place| place.start),
            Chosen::Chain | Chosen::Add => None,
        };
        if let Some(place) = place {
            self.draft.look_at(place);
        }
        self.show(chosen);
    }

    fn show(&self, chosen: Chosen) {
        if let Chosen::Step(path) = &chosen {
            self.last_step.replace(Some(path.clone()));
        }
        if *self.chosen.peek() != chosen {
            self.chosen.put(chosen);
        }
    }

    /// Whether every field's text is in the document; one that is not is shown.
    fn is_finished(&self) -> bool {
        let first = self.draft.unfinished.borrow().first().map(|(place, _)| place.clone());
        first.inspect(|place| self.reveal(place)).is_none()
    }

    /// Shows the stage in which the caret of the text stands.
    pub(super) fn follow_caret(&self) {
        let place = self.draft.place();
        let step = |place: usize| step_of(&self.draft.paper.peek().path_at(place));
        // After a stage's end is in it too.
        let step = step(place).or_else(|| step(place.saturating_sub(1)));
        self.show(step.map_or(Chosen::Chain, Chosen::Step));
    }

    /// Whether what the form shows lies in a part of the text, or the part in it.
    pub(super) fn is_within(&self, part: &Range<usize>) -> bool {
        let Chosen::Step(path) = untrack(|| self.here()) else { return false };
        let place = self.draft.paper.peek().place(&path);
        place.is_some_and(|place| part.start <= place.end && place.start <= part.end)
    }

    /// Shows the field at a place of the document, and gives it the focus.
    pub(super) fn reveal(&self, place: &str) {
        let step = {
            let document = self.draft.paper.peek();
            let steps = steps::all(&document);
            steps.into_iter().rev().find(|step| leads_to(&step.to_string(), place))
        };
        self.choose(step.map_or(Chosen::Chain, Chosen::Step));
        self.wanted.set(Some(place.to_owned()));
    }

    /// What is chosen, as long as the document has it. Followed.
    fn here(&self) -> Chosen {
        let document = self.draft.paper.document();
        let chosen = self.chosen.read().clone();
        match chosen {
            Chosen::Step(path) if document.value(&path).is_none() => Chosen::Chain,
            other => other,
        }
    }

    /// What is drawn anew only when it is about something else.
    fn key(&self) -> String {
        match self.here() {
            Chosen::Chain => "chain".into(),
            Chosen::Add => "add".into(),
            Chosen::Step(path) => format!("{path} {}", is_group(&self.draft.paper.peek(), &path)),
        }
    }

    fn drawn(&self) -> El {
        match untrack(|| self.here()) {
            Chosen::Chain => chain::chain(self),
            Chosen::Add => presets::presets(self),
            Chosen::Step(path) if is_group(&self.draft.paper.peek(), &path) => {
                stage::group(self, &path)
            }
            Chosen::Step(path) => stage::stage(self, &path),
        }
    }

    /// How many problems there are outside of the stages. Followed.
    fn problems_of_chain(&self) -> usize {
        self.draft.check.get().found(|found| !leads_to("stages", found)).len()
    }

    /// What is wrong at a path; with what is wrong within, if that is wanted. Followed.
    fn problems(&self, path: &Path, whole: bool) -> Vec<Problem> {
        let place = path.to_string();
        self.draft.check.get().found(
            |found| {
                if whole { leads_to(&place, found) } else { place == found }
            },
        )
    }

    /// Has the JSON shown, at a place of it.
    fn in_json(&self, path: &Path) {
        let place = self.draft.paper.peek().place(path);
        self.draft.look_at(place.map_or(0, |place| place.start));
        self.tab.set(Tab::Json);
        self.draft.area.show_caret();
    }
}

fn is_group(document: &Document, path: &Path) -> bool {
    document.value(&path.key("group")).is_some()
}

/// Whether `place` is `here` or inside it.
fn leads_to(here: &str, place: &str) -> bool {
    place.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Goes where the reader wants to be once it is drawn.
fn follow_wishes(form: &Form, body: &El) {
    let (wanted, node) = (form.wanted.clone(), body.node().clone());
    react(move || {
        let Some(place) = wanted.get() else { return };
        // Drawn by then: what is chosen is drawn within this turn.
        let (wanted, node) = (wanted.clone(), node.clone());
        request_animation_frame(move || {
            wanted.set(None);
            if let Some(field) = nearest(&node, &place) {
                unfold(&field);
                dom::take_up(&field);
            } else {
                dom::focus_in(&node, "input, select, textarea");
            }
        });
    });
}

/// The control or the part that stands nearest to a place, at it or around it.
fn nearest(node: &web_sys::Element, place: &str) -> Option<web_sys::Element> {
    let mut best: Option<(usize, web_sys::Element)> = None;
    for element in dom::all_in(node, "[data-path]") {
        let path = element.get_attribute("data-path").unwrap_or_default();
        let better = best.as_ref().is_none_or(|(length, _)| path.len() > *length);
        // Where nothing is said there is nothing to see.
        let is_silent = element.class_name() == "wrongs" && element.child_element_count() == 0;
        if leads_to(&path, place) && better && !is_silent {
            best = Some((path.len(), element));
        }
    }
    best.map(|(_, element)| element)
}

/// Opens whatever an element is folded into.
fn unfold(element: &web_sys::Element) {
    let mut around = element.closest("details").ok().flatten();
    while let Some(details) = around {
        // An element takes the attribute.
        let _ = details.set_attribute("open", "");
        around = details.parent_element().and_then(|outer| outer.closest("details").ok().flatten());
    }
}

/// That the text is not JSON, so that the form can't be used; with the way back.
fn unreadable(form: &Form) -> El {
    let (paper, back) = (form.draft.paper.clone(), form.clone());
    let ui = form.ui;
    div("").redraw(move || {
        let syntax = paper.syntax()?;
        let line = usize::try_from(syntax.line).unwrap_or(1);
        let form = back.clone();
        let go = Button::new("to-json", Icon::Pencil, Key::EditInJson).on_press(ui, move || {
            form.tab.set(Tab::Json);
            let area = form.draft.area.clone();
            request_animation_frame(move || area.go_to(line));
        });
        let sentence = sentences::no_form(syntax.message, line, ui.locale());
        let words = el("p").text(&sentence);
        let notice = div("notice").attr("data-notice", "unreadable").attr("role", "status");
        Some(notice.child(icon(Icon::Alert)).child(words).child(go))
    })
}

/// A part of the form that is folded, with what stands in it.
fn more(form: &Form, label: Key, open: bool, inside: El) -> El {
    let summary =
        el("summary").child(icon(Icon::Chevron)).child(span("").live_text(form.ui.words(label)));
    let details = el("details").class("rest").child(summary).child(inside);
    if open { details.attr("open", "") } else { details }
}

/// What holds where nothing is chosen: the reader's own word.
fn default_of(ui: Ui, word: &'static str) -> field::Hint {
    Rc::new(move || sentences::by_default(word, ui.locale()))
}

/// Whether any of these keys is there.
fn has_any(form: &Form, path: &Path, keys: &[&str]) -> bool {
    let document = form.draft.paper.peek();
    keys.iter().any(|key| document.value(&path.key(key)).is_some())
}

/// A part of the form under a heading.
fn part(form: &Form, label: Key, name: &str) -> El {
    div("part").attr("data-part", name).child(el("h4").live_text(form.ui.words(label)))
}

/// The keys that the form has no fields for: they stay as they are.
fn other_keys(form: &Form, path: &Path, known: &'static [&'static str]) -> El {
    let (form, path) = (form.clone(), path.clone());
    let ui = form.ui;
    div("").redraw(move || {
        let document = form.draft.paper.document();
        let members = document.value(&path)?.as_object()?;
        let strange =
            members.iter().map(|(key, _)| key.as_str()).filter(|key| !known.contains(key));
        let keys: Vec<&str> = strange.collect();
        let (first, back) = (path.key(keys.first()?), form.clone());
        let link = el("button")
            .attr("type", "button")
            .class("link")
            .attr("data-action", "edit-in-json")
            .live_text(ui.words(Key::EditInJson))
            .on("click", move |_| back.in_json(&first));
        let words = sentences::other_keys(&keys.join(", "), ui.locale());
        Some(
            el("p")
                .class("faint others")
                .attr("data-others", "")
                .text(&words)
                .text(" ")
                .child(link),
        )
    })
}
