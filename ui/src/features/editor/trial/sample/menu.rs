//! What can be made of a value that was picked: a small form below the path.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::{Button, Face, Icon, Kind};
use crate::el::{El, div, el, span};
use crate::text::{Key, sentences};

use super::suggest::{Picked, Wanted, kind_of, wanted};
use super::{Found, Sample, write};

impl Sample {
    /// The menu of what was picked, if something was.
    pub(super) fn menu(self: &Rc<Self>) -> Option<El> {
        let ui = self.draft.ui;
        let menu = self.menu.read();
        let picked = menu.as_ref()?;
        let [closed, escaped] = std::array::from_fn(|_| self.clone());
        let close = Button::new("close-pick", Icon::Cross, Key::CloseMenu)
            .kind(Kind::Quiet)
            .face(Face::IconOnly)
            .on_press(ui, move || closed.close());
        let value = picked.value.clone().unwrap_or_default();
        let head = el("header").child(el("code").text(&value)).child(close);
        Some(
            div("pick-menu")
                .attr("role", "dialog")
                .attr("data-pick", &picked.name)
                .live_value("aria-label", ui.words(Key::MakeOfIt))
                .on("keydown", move |event| {
                    let event: &web_sys::KeyboardEvent = event.unchecked_ref();
                    if event.key() == "Escape" {
                        event.stop_propagation();
                        escaped.close();
                    }
                })
                .child(head)
                .maybe((picked.paths.len() > 1).then(|| self.ways(picked)))
                .child(self.checks(picked))
                .child(self.named(picked, Making::Capture))
                .child(self.named(picked, Making::Field)),
        )
    }

    /// The paths that lead to it, one of which is taken.
    fn ways(self: &Rc<Self>, picked: &Picked) -> El {
        let ui = self.draft.ui;
        let now = self.typed();
        let ways = picked.paths.iter().map(|path| {
            let (this, chosen) = (self.clone(), path.clone());
            let radio = el("input")
                .attr("type", "radio")
                .attr("name", "way")
                .attr("data-way", path)
                .on("change", move |_| this.choose(&chosen));
            let radio = if *path == now { radio.attr("checked", "") } else { radio };
            el("label").child(radio).child(el("code").text(path))
        });
        div("ways")
            .attr("role", "radiogroup")
            .live_value("aria-label", ui.words(Key::WhichPath))
            .children(ways)
    }

    /// The checks that hold now.
    fn checks(self: &Rc<Self>, picked: &Picked) -> El {
        let (this, picked) = (self.clone(), picked.clone());
        div("").redraw(move || Some(this.check_buttons(&picked)))
    }

    fn check_buttons(self: &Rc<Self>, picked: &Picked) -> El {
        let (ui, known) = (self.draft.ui, self.known());
        let count = match &*self.found.read() {
            Found::Told(selection) => usize::try_from(selection.count).unwrap_or(usize::MAX),
            Found::NoPath | Found::Asked | Found::Refused(_) => 0,
        };
        let buttons = wanted(picked, count, &known).into_iter().map(|wanted| {
            let locale = ui.locale();
            let (words, slug) = match &wanted {
                Wanted::Named(name, _) => {
                    (sentences::equals(&format!("{{{{{name}}}}}"), locale), "check-named")
                }
                Wanted::Value(value) => (sentences::equals(value, locale), "check-value"),
                Wanted::Exists => (ui.t(Key::CheckExists), "check-exists"),
                Wanted::Count(count) => (sentences::counts(*count, locale), "check-count"),
            };
            let this = self.clone();
            el("button")
                .attr("type", "button")
                .class("button small")
                .attr("data-action", slug)
                .text(&words)
                .on("click", move |_| {
                    let check = wanted.check(&this.typed());
                    this.put(write::check(&this.text(), &this.stage, &check));
                })
        });
        div("uses")
            .attr("role", "group")
            .attr("aria-label", &ui.t(Key::NewCheck))
            .child(span("faint").text(&ui.t(Key::NewCheck)))
            .children(buttons)
    }

    /// What is made under a name.
    fn named(self: &Rc<Self>, picked: &Picked, making: Making) -> El {
        let ui = self.draft.ui;
        let (label, slug) = match making {
            Making::Capture => (Key::CaptureAs, "capture"),
            Making::Field => (Key::FieldCalled, "field"),
        };
        let input = el("input")
            .attr("value", &picked.name)
            .attr("data-action", &format!("{slug}-name"))
            .attr("spellcheck", "false")
            .attr("autocomplete", "off");
        let (this, picked, named) = (self.clone(), picked.clone(), input.clone());
        let add = move || {
            let field: &web_sys::HtmlInputElement = named.node().unchecked_ref();
            let name = field.value().trim().to_owned();
            if !name.is_empty() {
                this.make(making, &name, &picked);
            }
        };
        let button = el("button")
            .attr("type", "submit")
            .class("button small")
            .attr("data-action", &format!("add-{slug}"))
            .live_text(ui.words(Key::Add));
        el("form")
            .child(el("label").child(span("faint").live_text(ui.words(label))).child(input))
            .child(button)
            .on("submit", move |event| {
                event.prevent_default();
                add();
            })
    }

    fn make(&self, making: Making, name: &str, picked: &Picked) {
        let (text, path) = (self.text(), self.typed());
        let written = match making {
            Making::Capture => write::capture(&text, &self.stage, name, &path),
            Making::Field => {
                let kind = kind_of(picked.value.as_deref());
                let steps = picked.steps.as_deref();
                let field = write::Field { name, kind, path: &path, steps };
                write::field(&text, &self.stage, &field)
            }
        };
        self.put(written);
    }

    fn text(&self) -> String {
        self.draft.text.get_untracked()
    }
}

/// What is made under a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Making {
    Capture,
    Field,
}
