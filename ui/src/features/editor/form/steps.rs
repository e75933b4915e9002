//! The list of stages: which there are, which have problems, which one the form shows; their order by buttons.

use std::cell::Cell;
use std::rc::Rc;

use baton_engine::json::Value;
use baton_engine::json::edit::{Document, Path, Step};
use leptos::prelude::*;

use super::drag::Drag;
use super::spot::length;
use super::{Chosen, Form, group, is_group};
use crate::components::{Button, Face, Icon, Kind, icon};
use crate::dom;
use crate::el::{El, div, el, span};
use crate::features::editor::history::By;
use crate::text::{Key, sentences};

/// The stages and groups of a document, in their order.
pub(super) fn all(document: &Document) -> Vec<Path> {
    let list = |path: &Path| {
        let count = document.value(path).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).map(|at| path.item(at)).collect::<Vec<_>>()
    };
    let outer = list(&Path::root().key("stages")).into_iter();
    let with_inner = outer.flat_map(|step| {
        let inner = list(&step.key("group").key("stages"));
        std::iter::once(step).chain(inner)
    });
    with_inner.collect()
}

/// The list a stage is in, and its place there.
pub(super) fn holder(path: &Path) -> Option<(Path, usize)> {
    match path.split()? {
        (list, Step::Item(at)) => Some((list, *at)),
        (_, Step::Key(_)) => None,
    }
}

/// The chain, its stages, and what can be done with the chosen one.
pub(crate) fn steps(form: &Form) -> El {
    let [keyed, drawn, chain, chosen, wrong] = std::array::from_fn(|_| form.clone());
    let ui = form.ui;
    let list = div("");
    let (node, was_in_it) = (list.node().clone(), Rc::new(Cell::new(false)));
    let goes_on = was_in_it.clone();
    let key = move || {
        was_in_it.set(dom::focused_in(&node).is_some());
        let document = keyed.draft.paper.document();
        let steps = all(&document).into_iter();
        let marks = steps
            .map(|step| format!("{step}{}", if is_group(&document, &step) { "g" } else { "" }));
        marks.collect::<Vec<_>>().join(" ")
    };
    let settings = el("button")
        .attr("type", "button")
        .class("step")
        .attr("data-step", "chain")
        .live_value("aria-current", move || (chosen.here() == Chosen::Chain).to_string())
        .child(span("step-name").live_text(ui.words(Key::ChainSettings)))
        .child(trouble(form, move || wrong.problems_of_chain()))
        .on("click", move |_| chain.choose(Chosen::Chain));
    let list = list.switch(key, move |_| {
        let list = listed(&drawn);
        if goes_on.get() {
            keep_focus(list.node().clone());
        }
        Some(list)
    });
    el("nav")
        .class("steps")
        .live_value("aria-label", ui.words(Key::Stages))
        .child(settings)
        .child(list)
        .child(acts(form))
        .child(group::acts(form))
}

/// What had the focus is gone with a change: the reader goes on at the stage that is chosen.
pub(super) fn keep_focus(around: web_sys::Element) {
    // It is drawn by then.
    request_animation_frame(move || {
        if let Ok(Some(steps)) = around.closest(".steps") {
            dom::focus_in(&steps, ".step[aria-current=\"true\"]");
        }
    });
}

fn listed(form: &Form) -> El {
    let document = form.draft.paper.peek();
    let list = el("ol").attr("role", "list");
    let drag = Drag::new(form, &list);
    let mut number = 0;
    let items = all(&document).into_iter().map(|path| {
        let is_group = is_group(&document, &path);
        number += usize::from(!is_group);
        item(form, path, (!is_group).then_some(number), &drag)
    });
    let items: Vec<El> = items.collect();
    list.children(items)
}

fn item(form: &Form, path: Path, number: Option<usize>, drag: &Rc<Drag>) -> El {
    let [named, marked, current, pressed] = std::array::from_fn(|_| (form.clone(), path.clone()));
    let name = move || {
        let (form, path) = &named;
        let document = form.draft.paper.document();
        let name = match number {
            Some(_) => document.value(&path.key("name")),
            None => document.value(&path.key("group").key("name")),
        };
        name.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let trouble = trouble(form, move || marked.0.problems(&marked.1, true).len());
    let button = el("button")
        .attr("type", "button")
        .class("step")
        .attr("data-step", &path.to_string())
        .live_value("aria-current", move || {
            (current.0.here() == Chosen::Step(current.1.clone())).to_string()
        })
        .child(match number {
            Some(number) => span("step-number").text(&number.to_string()),
            None => span("ears").live_text(form.ui.words(Key::Group)),
        })
        .child(span("step-name").live_text(name))
        .child(trouble)
        .on("click", move |_| pressed.0.choose(Chosen::Step(pressed.1.clone())));
    let class = match (number, path.steps().len() > 2) {
        (None, _) => "outer",
        (Some(_), true) => "inner",
        (Some(_), false) => "",
    };
    el("li").class(class).child(drag.grip(&path)).child(button)
}

/// That there are problems, for eyes and ears.
fn trouble(form: &Form, count: impl Fn() -> usize + 'static) -> El {
    let ui = form.ui;
    span("step-mark").redraw(move || {
        let count = count();
        (count > 0).then(|| {
            let words = span("ears").text(&sentences::problems(count, ui.locale()));
            span("").attr("data-wrong", "").child(icon(Icon::Alert)).child(words)
        })
    })
}

/// What the buttons do to the chosen stage.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Up,
    Down,
    Duplicate,
    Remove,
}

fn acts(form: &Form) -> El {
    let ui = form.ui;
    let add = form.clone();
    let add = Button::new("add-stage", Icon::Plus, Key::AddStage)
        .on_press(ui, move || add.choose(Chosen::Add));
    let act = |act: Act, action: &'static str, icon: Icon, label: Key| {
        let (pressed, able) = (form.clone(), form.clone());
        Button::new(action, icon, label)
            .kind(Kind::Quiet)
            .face(Face::IconOnly)
            .on_press(ui, move || pressed.act(act))
            .live_value("aria-disabled", move || (!able.can(act)).to_string())
    };
    let locked = form.draft.paper.clone();
    el("fieldset")
        .class("step-acts")
        .live_attr("disabled", move || {
            (locked.syntax().is_some() || !ui.may_change()).then(String::new)
        })
        .child(add)
        .child(act(Act::Up, "move-up", Icon::Up, Key::MoveUp))
        .child(act(Act::Down, "move-down", Icon::Down, Key::MoveDown))
        .child(act(Act::Duplicate, "duplicate-stage", Icon::Copy, Key::DuplicateStage))
        .child(act(Act::Remove, "remove-stage", Icon::Trash, Key::RemoveStage))
}

impl Form {
    /// Whether that can be done with what is chosen. Followed.
    fn can(&self, act: Act) -> bool {
        let Chosen::Step(path) = self.here() else { return false };
        let Some((list, at)) = holder(&path) else { return false };
        match act {
            Act::Up => at > 0,
            Act::Down => at + 1 < self.draft.paper.document().value(&list).map_or(0, length),
            Act::Duplicate | Act::Remove => true,
        }
    }

    fn act(&self, act: Act) {
        let Chosen::Step(path) = untrack(|| self.here()) else { return };
        let Some((list, at)) = holder(&path) else { return };
        if !untrack(|| self.can(act)) || !self.is_finished() {
            return;
        }
        match act {
            Act::Up => self.shift(&list, at, at - 1),
            Act::Down => self.shift(&list, at, at + 1),
            Act::Duplicate => {
                let copy = self.draft.paper.peek().written(&path).and_then(|json| self.copy(&json));
                let Some(copy) = copy else { return };
                self.draft.edit(&By::Step, |document| document.insert(&list, at + 1, &copy));
                self.choose(Chosen::Step(list.item(at + 1)));
            }
            Act::Remove => {
                self.draft.edit(&By::Step, |document| document.remove(&path));
                let left = self.draft.paper.peek().value(&list).map_or(0, length);
                let next = left.checked_sub(1).map(|last| list.item(at.min(last)));
                self.choose(next.map_or(Chosen::Chain, Chosen::Step));
            }
        }
    }

    /// Moves a stage within its list; the form goes on showing it.
    pub(super) fn shift(&self, list: &Path, from: usize, to: usize) {
        if self.draft.edit(&By::Step, |document| document.shift(list, from, to)) {
            self.choose(Chosen::Step(list.item(to)));
        }
    }

    /// A stage under a name that is not taken.
    fn copy(&self, json: &str) -> Option<String> {
        let copy = Document::read(json).ok()?;
        let path = if is_group(&copy, &Path::root()) {
            Path::root().key("group").key("name")
        } else {
            Path::root().key("name")
        };
        let name = copy.value(&path).and_then(Value::as_str).unwrap_or_default();
        let free = self.free_name(name);
        let edit = copy.set(&path, &crate::json::quoted(&free), &[])?;
        Some(edit.apply(json))
    }

    /// A name that no stage has, like this one.
    pub(super) fn free_name(&self, name: &str) -> String {
        let document = self.draft.paper.peek();
        let steps = all(&document);
        let taken = |name: &str| {
            steps.iter().any(|step| {
                let of = |path: Path| document.value(&path).and_then(Value::as_str) == Some(name);
                of(step.key("name")) || of(step.key("group").key("name"))
            })
        };
        let numbered = (2..).map(|number: u32| format!("{name} ({number})"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or_default()
    }

    /// Where a new stage goes: after the chosen one, else last.
    pub(super) fn place_of_new(&self) -> (Path, usize) {
        let path = self.last_step.borrow().clone();
        let document = self.draft.paper.peek();
        let chosen = path.filter(|path| document.value(path).is_some());
        let after = chosen.and_then(|path| holder(&path)).map(|(list, at)| (list, at + 1));
        after.unwrap_or_else(|| {
            let list = Path::root().key("stages");
            let count = document.value(&list).map_or(0, length);
            (list, count)
        })
    }
}
