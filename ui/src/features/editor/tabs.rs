//! The switch between the two views of a document, and the ways through what was done.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::draft::{Draft, Step};
use super::form::Form;
use crate::choices::EDITOR_VIEW;
use crate::components::{Button, Face, Icon, Kind};
use crate::dom;
use crate::el::{El, div, el};
use crate::text::Key;
use crate::ui::Ui;

/// A view of the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tab {
    /// As a form.
    Form,
    /// As its text.
    Json,
}

impl Tab {
    /// Its name.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "json",
        }
    }

    fn label(self) -> Key {
        match self {
            Self::Form => Key::ViewForm,
            Self::Json => Key::ViewJson,
        }
    }
}

/// The view that is open at first: the one that was chosen last, else the form of a new chain, and the text of one that
/// is there.
pub(super) fn first(draft: &Draft) -> Tab {
    let kept = if draft.ui.owns_page() { dom::stored(EDITOR_VIEW) } else { None };
    match kept.as_deref() {
        Some("form") => Tab::Form,
        Some("json") => Tab::Json,
        _ if untrack(|| draft.is_stored()) => Tab::Json,
        _ => Tab::Form,
    }
}

/// The tabs, and undo and redo.
pub(super) fn tabs(form: &Form) -> El {
    let ui = form.ui;
    let keyed = form.clone();
    let list = div("views")
        .attr("role", "tablist")
        .live_value("aria-label", ui.words(Key::EditorViews))
        .child(tab(form, Tab::Form))
        .child(tab(form, Tab::Json));
    let node = list.node().clone();
    let list = list.on("keydown", move |event| {
        let key = event.dyn_ref::<web_sys::KeyboardEvent>().map(web_sys::KeyboardEvent::key);
        if matches!(key.as_deref(), Some("ArrowLeft" | "ArrowRight")) {
            keyed.open(match keyed.tab.get_untracked() {
                Tab::Form => Tab::Json,
                Tab::Json => Tab::Form,
            });
            let node = node.clone();
            request_animation_frame(move || {
                dom::focus_in(&node, "[aria-selected=\"true\"]");
            });
        }
    });
    div("view-bar")
        .child(list)
        .child(step(form, Step::Undo, ("undo", Icon::Undo, Key::Undo)))
        .child(step(form, Step::Redo, ("redo", Icon::Redo, Key::Redo)))
}

fn tab(form: &Form, tab: Tab) -> El {
    let ui: Ui = form.ui;
    let (chosen, reached, pressed) = (form.tab.clone(), form.tab.clone(), form.clone());
    el("button")
        .attr("type", "button")
        .attr("role", "tab")
        .class("view")
        .attr("id", &format!("tab-{}", tab.word()))
        .attr("data-view", tab.word())
        .live_value("aria-selected", move || (chosen.get() == tab).to_string())
        .live_value("tabindex", move || if reached.get() == tab { "0" } else { "-1" }.to_owned())
        .live_text(ui.words(tab.label()))
        .on("click", move |_| pressed.open(tab))
}

fn step(form: &Form, step: Step, (action, icon, label): (&'static str, Icon, Key)) -> El {
    let (able, pressed) = (form.draft.paper.clone(), form.clone());
    let ui = form.ui;
    Button::new(action, icon, label)
        .kind(Kind::Quiet)
        .face(Face::IconOnly)
        .on_press(ui, move || pressed.step(step))
        .live_value("aria-disabled", move || {
            let [undo, redo] = able.reach();
            let can = match step {
                Step::Undo => undo,
                Step::Redo => redo,
            };
            (!can || !ui.may_change()).to_string()
        })
}

impl Form {
    /// Opens a view, and remembers it. The stage that is shown and the caret go along.
    fn open(&self, tab: Tab) {
        if self.tab.get_untracked() == tab {
            return;
        }
        if tab == Tab::Form {
            self.follow_caret();
        }
        self.tab.set(tab);
        if self.ui.owns_page() {
            dom::store(EDITOR_VIEW, tab.word());
        }
        if tab == Tab::Json {
            let area = self.draft.area.clone();
            // It has no height before.
            request_animation_frame(move || area.show_caret());
        }
    }

    /// Undoes a step, or does it again; the form shows the stage in which it was.
    pub(super) fn step(&self, step: Step) {
        if !untrack(|| self.ui.may_change()) {
            return;
        }
        if let Some(changed) = self.draft.step(step)
            && !self.is_within(&changed)
        {
            self.follow_caret();
        }
    }
}

/// What keys ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    Save,
    Step(Step),
}

/// What is asked for by the keys that went down: Ctrl+S, Ctrl+Z, Ctrl+Shift+Z, Ctrl+Y.
pub(super) fn pressed(event: &web_sys::Event) -> Option<Pressed> {
    let event = event.dyn_ref::<web_sys::KeyboardEvent>()?;
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return None;
    }
    match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
        ("s", false) => Some(Pressed::Save),
        ("z", false) => Some(Pressed::Step(Step::Undo)),
        ("z", true) | ("y", false) => Some(Pressed::Step(Step::Redo)),
        _ => None,
    }
}

/// Whether the keys went to a tool's own box, whose text is not the document's.
pub(super) fn is_of_tool(event: &web_sys::Event) -> bool {
    let target: Option<web_sys::Element> = event.target().and_then(|target| target.dyn_into().ok());
    target.is_some_and(|target| {
        matches!(target.closest(".tool-panel textarea, .tool-panel input, dialog"), Ok(Some(_)))
    })
}
