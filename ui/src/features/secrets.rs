//! Secrets: the dialog that asks for them, and replaces and removes them. No value is ever shown: what
//! is typed goes to the worker and is forgotten here.

use std::rc::Rc;

use baton_engine::protocol::{Command, Refusal};
use baton_engine::secrets::{SecretText, SecretView, SecretWant};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::app::screen_title;
use crate::components::{Button, Face, Icon, Kind, modal};
use crate::dom;
use crate::el::{El, Words, div, el, span};
use crate::later::secrets_form as secrets_form_later;
use crate::state::ChainCell;
use crate::text::{Key, sentences};
use crate::ui::Ui;

/// What is asked.
#[derive(Clone)]
pub struct Asking {
    /// Of which environment; empty for chains that have none.
    pub environment: String,
    /// What is lacking.
    pub wants: Vec<SecretWant>,
    /// What goes on once it is there; nothing when the reader only looks after secrets.
    pub then: Option<Rc<dyn Fn()>>,
}

/// A secret in the dialog.
#[derive(Clone)]
struct Entry {
    name: String,
    is_set: bool,
    /// Where it may go.
    origins: Vec<String>,
    /// Where it is to go, and may not yet.
    wanted: Vec<String>,
    field: HtmlInputElement,
}

/// The button that opens the dialog, for chains that carry secrets or have some in their environment.
pub(super) fn secrets_button(
    ui: Ui,
    cell: Option<std::sync::Arc<ChainCell>>,
    name: Option<Words>,
) -> El {
    let shown = cell.clone();
    let any = move || {
        let Some(view) = shown.as_ref().map(|cell| cell.view.get()) else { return false };
        let environment = view.environment.clone().unwrap_or_default();
        let secrets = ui.core().state.secrets.get();
        !view.secrets.is_empty() || secrets.iter().any(|known| known.environment == environment)
    };
    let button = Button::new("secrets", Icon::Key, Key::Secrets).face(Face::IconOnly);
    let button = Button { of: name, ..button };
    let button = button.on_press(ui, move || {
        if let Some(view) = cell.as_ref().map(|cell| cell.view.get_untracked()) {
            let lacking =
                |name: &String| SecretWant { name: name.clone(), is_set: false, origin: None };
            let environment = view.environment.clone().unwrap_or_default();
            let wants = view.secrets.iter().map(lacking).collect();
            ui.ask_for_secrets(Asking { environment, wants, then: None });
        }
    });
    button.shown_if(any)
}

/// The dialog.
pub fn secrets_dialog(ui: Ui) -> El {
    let asking = ui.core().asking.clone();
    let (open, keyed, drawn, closed) = (asking.clone(), asking.clone(), asking.clone(), asking);
    // Made anew for each question, and when one of its secrets was set or removed.
    let key = move || {
        let Some(Asking { environment, wants, .. }) = keyed.get() else { return String::new() };
        format!("{environment} {wants:?} {:?}", known(ui, &environment))
    };
    let dialog = el("dialog")
        .class("dialog secrets")
        .attr("data-dialog", "secrets")
        .live_value("aria-label", ui.words(Key::Secrets))
        .switch(key, move |_| drawn.get_untracked().map(|asking| secrets_form_later(ui, asking)))
        .on("close", move |_| closed.set(None));
    modal(&dialog, move || open.get().is_some());
    dialog
}

/// The secrets of an environment. Followed.
fn known(ui: Ui, environment: &str) -> Vec<SecretView> {
    let all = ui.core().state.secrets.get();
    all.iter().filter(|known| known.environment == environment).cloned().collect()
}

/// What the dialog holds: a field for each secret, and what becomes of them.
pub fn secrets_form(ui: Ui, asking: Asking) -> El {
    let Asking { environment, wants, then } = asking;
    let goes_on = then.is_some();
    let entries = entries(&wants, &untrack(|| known(ui, &environment)));
    let rows = entries.iter().map(|(entry, row)| entry_row(ui, &environment, entry, row.clone()));
    let list = el("ul").attr("role", "list").children(rows);
    let refused: ArcRwSignal<Option<Refusal>> = ArcRwSignal::new(None);
    let said = refused.clone();
    let title = if goes_on { Key::SecretsNeeded } else { Key::Secrets };
    let within = environment.clone();
    let of = move || match within.as_str() {
        "" => String::new(),
        name => sentences::act_on(&ui.t(Key::Environment), name, ui.locale()),
    };
    let cancel = Button::new("cancel-secrets", Icon::Back, Key::Cancel);
    let cancel = cancel.on_press(ui, move || ui.core().asking.set(None));
    let words = if goes_on { Key::SaveAndGoOn } else { Key::Save };
    let save = el("button")
        .attr("type", "submit")
        .class("button primary")
        .attr("data-action", "save-secrets")
        .live_text(ui.words(words));
    let form = el("form")
        .child(screen_title().live_text(ui.words(title)))
        .child(el("p").class("dialog-of").live_text(of))
        .child(el("p").live_text(ui.words(Key::SecretsHint)))
        .child(list)
        .child(el("p").class("trouble").attr("role", "alert").live_text(move || {
            said.get().map(|refusal| refusal.sentence(ui.locale())).unwrap_or_default()
        }))
        .child(div("acts").child(cancel).child(save))
        .on("submit", move |event| {
            event.prevent_default();
            let entries = entries.iter().map(|(entry, _)| entry);
            let commands = entries.filter_map(|entry| entry.command(&environment)).collect();
            let (then, refused) = (then.clone(), refused.clone());
            refused.set(None);
            send(ui, commands, move |answer| match answer {
                Ok(()) => {
                    ui.core().asking.set(None);
                    if let Some(then) = then {
                        then();
                    }
                }
                Err(refusal) => refused.set(Some(refusal)),
            });
        });
    let node = form.node().clone();
    // It is in its dialog by then.
    request_animation_frame(move || {
        dom::focus_in(&node, "input");
    });
    form
}

/// What is lacking, then what else there is, each with its field.
fn entries(wants: &[SecretWant], known: &[SecretView]) -> Vec<(Entry, El)> {
    let mut entries: Vec<(Entry, El)> = Vec::new();
    let names = wants.iter().map(|want| &want.name).chain(known.iter().map(|view| &view.name));
    for name in names {
        if entries.iter().any(|(entry, _)| entry.name == *name) {
            continue;
        }
        let of_name = wants.iter().filter(|want| want.name == *name);
        let wanted = of_name.filter_map(|want| want.origin.clone()).collect();
        let view = known.iter().find(|view| view.name == *name);
        let input = el("input")
            .attr("type", "password")
            .attr("data-secret-value", name)
            .attr("autocomplete", "off")
            .attr("spellcheck", "false");
        let Ok(field) = input.node().clone().dyn_into() else { continue };
        let origins = view.map(|view| view.origins.clone()).unwrap_or_default();
        let entry = Entry { name: name.clone(), is_set: view.is_some(), origins, wanted, field };
        entries.push((entry, input));
    }
    entries
}

impl Entry {
    /// What was typed and allowed; none when nothing was.
    fn command(&self, environment: &str) -> Option<Command> {
        let typed = Some(self.field.value()).filter(|value| !value.is_empty());
        // Where a value is lacking, who only looks after secrets may leave it so.
        (typed.is_some() || !self.wanted.is_empty()).then(|| Command::SetSecret {
            environment: environment.to_owned(),
            name: self.name.clone(),
            value: typed.map(SecretText),
            origins: self.origins.iter().chain(&self.wanted).cloned().collect(),
        })
    }
}

fn entry_row(ui: Ui, environment: &str, entry: &Entry, input: El) -> El {
    let (is_set, name) = (entry.is_set, entry.name.clone());
    let state = if is_set { Key::SecretSet } else { Key::SecretNotSet };
    let input = input.live_value("placeholder", move || {
        if is_set { ui.t(Key::TypeToReplace) } else { String::new() }
    });
    let (of, environment) = (entry.name.clone(), environment.to_owned());
    let remove = Button::new("remove-secret", Icon::Trash, Key::Remove)
        .kind(Kind::Quiet)
        .face(Face::IconOnly)
        .of(Rc::new(move || of.clone()))
        .on_press(ui, move || {
            let (environment, name) = (environment.clone(), name.clone());
            ui.order(Command::RemoveSecret { environment, name });
        });
    let head = div("secret-head")
        .child(el("code").text(&entry.name))
        .child(span("chip").attr("data-set", &is_set.to_string()).live_text(ui.words(state)))
        .child(span("spring"))
        .maybe(is_set.then_some(remove));
    let (may, will) = (entry.origins.clone(), entry.wanted.clone());
    let line = move |key: Key, origins: Vec<String>| {
        (!origins.is_empty()).then(|| {
            el("p").live_text(ui.words(key)).text(" ").child(el("code").text(&origins.join(", ")))
        })
    };
    el("li")
        .class("secret")
        .attr("data-secret", &entry.name)
        .child(head)
        .child(
            el("label")
                .class("secret-value")
                .child(span("").live_text(ui.words(Key::SecretValue)))
                .child(input),
        )
        .maybe(line(Key::MayGoTo, may))
        .maybe(line(Key::WillGoTo, will).map(|line| line.class("secret-wants")))
}

/// Sends commands one after the other, and goes on once all are carried out.
fn send(ui: Ui, mut commands: Vec<Command>, then: impl FnOnce(Result<(), Refusal>) + 'static) {
    let then: Box<dyn FnOnce(Result<(), Refusal>)> = Box::new(then);
    commands.reverse();
    next(ui, commands, then);
}

fn next(ui: Ui, mut left: Vec<Command>, then: Box<dyn FnOnce(Result<(), Refusal>)>) {
    let Some(command) = left.pop() else { return then(Ok(())) };
    ui.core().link.send(command, move |answer| match answer {
        Ok(_) => next(ui, left, then),
        Err(refusal) => then(Err(refusal)),
    });
}
