//! Imports: what was pasted or read from a file becomes stages of the document, by an edit that one
//! step of undo takes back. What is made of it, and where it goes, is the imports' module's.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use baton_engine::protocol::{ImportEntry, ImportQuestion, Module, Note, ToolAnswer};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::{Button, Icon, Kind, file_button};
use crate::dom;
use crate::el::{El, div, el, span};
use crate::text::Key;

use super::draft::Draft;
use super::held::Held;

/// What is to be known about the last import. A handle: clones are the same.
pub(super) type Notes = Held<Vec<Note>>;

/// A source of stages: what was pasted or read, and what was chosen of it.
struct Source {
    draft: Draft,
    text: RefCell<String>,
    /// A recording's entries, to choose from.
    entries: Held<Vec<ImportEntry>>,
    chosen: RefCell<Vec<u32>>,
}

/// Whether a text that is pasted into a document is a command, not a part of the document.
pub(super) fn is_command(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix("curl");
    let rest = rest.map(|rest| rest.strip_prefix(".exe").unwrap_or(rest));
    rest.is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// What an import comes to.
pub(super) enum Imported {
    /// A part of the text as it was, from and up to UTF-16 units, and what stands there then.
    Edit(Range<u32>, String),
    /// The entries of a recording, to choose from.
    Choose(Vec<ImportEntry>),
    /// Nothing; why is said.
    Nothing,
}

/// Has an edit made of what stands in a text, and says what is to be known about it.
pub(super) fn ask(draft: &Draft, question: &ImportQuestion, then: Box<dyn FnOnce(Imported)>) {
    let notes = draft.notes.clone();
    let said = move |said: Result<String, String>| match heard(said) {
        ToolAnswer::Edit { start, end, text, notes: told } => {
            then(Imported::Edit(start..end, text));
            notes.put(told);
        }
        ToolAnswer::Choose(entries) => then(Imported::Choose(entries)),
        ToolAnswer::Refused(note) => {
            then(Imported::Nothing);
            notes.put(vec![note]);
        }
        ToolAnswer::Text { .. }
        | ToolAnswer::Plan(_)
        | ToolAnswer::Confirm { .. }
        | ToolAnswer::Selected(_)
        | ToolAnswer::Tried(_) => then(Imported::Nothing),
    };
    draft.ui.core().link.ask(Module::Imports, question.to_json(), Box::new(said));
}

/// Puts what stands in a text into the document. `then` is told whether it is there.
pub(super) fn insert(
    draft: &Draft,
    (text, entries): (String, Option<Vec<u32>>),
    then: Box<dyn FnOnce(Result<(), Vec<ImportEntry>>)>,
) {
    let (this, document) = (draft.clone(), draft.text.get_untracked());
    let (caret, fresh) = (draft.area.caret(), draft.is_untouched());
    let question =
        ImportQuestion::Insert { document: document.clone(), caret, fresh, text, entries };
    let done = move |imported| match imported {
        Imported::Edit(part, text) => {
            // Typed on meanwhile: the edit's places are of another text.
            if this.text.get_untracked() == document {
                this.splice(part, &text);
            }
            then(Ok(()));
        }
        Imported::Choose(entries) => then(Err(entries)),
        Imported::Nothing => then(Err(Vec::new())),
    };
    ask(draft, &question, Box::new(done));
}

/// A module's answer; that there is none is one.
pub(super) fn heard(said: Result<String, String>) -> ToolAnswer {
    let answer = said.and_then(|text| ToolAnswer::from_json(&text).ok_or(text));
    answer.unwrap_or_else(|why| ToolAnswer::Refused(Note::same(why)))
}

/// What is to be known about the last import, as long as it is.
pub(super) fn told(draft: &Draft) -> El {
    let ui = draft.ui;
    let (shown, pressed) = (draft.notes.clone(), draft.notes.clone());
    div("import-notes").attr("role", "status").redraw(move || {
        let notes = shown.read();
        let pressed = pressed.clone();
        let items = notes.iter().map(|note| {
            let place = (!note.place.is_empty()).then(|| el("code").text(&note.place));
            el("li")
                .attr("data-note", &note.place)
                .child(span("").text(note.sentence(ui.locale())))
                .maybe(place)
        });
        (!notes.is_empty()).then(|| {
            let dismiss = Button::new("dismiss-notes", Icon::Cross, Key::Dismiss)
                .kind(Kind::Quiet)
                .on_press(ui, move || pressed.put(Vec::new()));
            div("notice calm").child(el("ul").children(items)).child(dismiss)
        })
    })
}

/// Where a source is pasted, or its file chosen.
pub(super) fn panel(draft: &Draft) -> El {
    let ui = draft.ui;
    let source = Rc::new(Source {
        draft: draft.clone(),
        text: RefCell::default(),
        entries: Held::new(Vec::new()),
        chosen: RefCell::default(),
    });
    let [typed, chosen, added] = std::array::from_fn(|_| source.clone());
    let area = el("textarea")
        .class("area")
        .attr("data-action", "import-text")
        .attr("spellcheck", "false")
        .attr("rows", "5")
        .live_value("aria-label", ui.words(Key::ImportHint))
        .live_value("placeholder", ui.words(Key::ImportHint))
        .on("input", move |event| typed.take(dom::value_of(&event)));
    let file = el("input")
        .attr("type", "file")
        .attr("data-action", "import-file")
        .on("change", move |event| chosen.read(&event));
    let add = Button::new("add-stages", Icon::Plus, Key::AddStages)
        .kind(Kind::Primary)
        .on_press(ui, move || added.add());
    div("tool-panel")
        .attr("data-panel", "import")
        .child(area)
        .child(file_button(ui, file))
        .child(div("").redraw(move || source.choices()))
        .child(div("acts").child(add))
}

impl Source {
    fn take(&self, text: String) {
        self.text.replace(text);
        self.chosen.borrow_mut().clear();
        self.entries.put(Vec::new());
    }

    fn read(self: &Rc<Self>, event: &web_sys::Event) {
        let input = event.target().and_then(|target| target.dyn_into().ok());
        let input: Option<web_sys::HtmlInputElement> = input;
        let Some(file) = input.and_then(|input| input.files()?.get(0)) else { return };
        let this = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
            // One that can't be read is said to be no source.
            this.take(text.ok().and_then(|text| text.as_string()).unwrap_or_default());
            this.add();
        });
    }

    fn add(self: &Rc<Self>) {
        let entries = (!self.entries.peek().is_empty()).then(|| self.chosen.borrow().clone());
        let (this, text) = (self.clone(), self.text.borrow().clone());
        let done = move |done: Result<(), Vec<ImportEntry>>| {
            this.chosen.borrow_mut().clear();
            this.entries.put(done.err().unwrap_or_default());
        };
        insert(&self.draft, (text, entries), Box::new(done));
    }

    /// A recording's entries, each with a box.
    fn choices(self: &Rc<Self>) -> Option<El> {
        let ui = self.draft.ui;
        let entries = self.entries.read();
        let rows = entries.iter().map(|entry| {
            let (this, index) = (self.clone(), entry.index);
            let tick = el("input")
                .attr("type", "checkbox")
                .attr("data-entry", &index.to_string())
                .on("change", move |_| {
                    let mut chosen = this.chosen.borrow_mut();
                    let before = chosen.len();
                    chosen.retain(|one| *one != index);
                    if chosen.len() == before {
                        chosen.push(index);
                    }
                });
            let tick = if entry.importable { tick } else { tick.attr("disabled", "") };
            el("li").child(el("label").child(tick).child(span("").text(&entry.label)))
        });
        (!entries.is_empty()).then(|| {
            el("ul")
                .class("entries")
                .attr("role", "list")
                .attr("aria-label", &ui.t(Key::Import))
                .attr("tabindex", "0")
                .children(rows)
        })
    }
}
