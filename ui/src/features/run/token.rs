//! Asks for what a blocked run waits for: the proxy's token, or secrets.

use std::rc::Rc;

use baton_engine::id::RunId;
use baton_engine::protocol::{Command, RunView};
use baton_engine::secrets::SecretWant;
use baton_engine::verify::{Diagnosis, Reason};
use wasm_bindgen::JsCast;

use crate::components::{Button, Icon, Kind};
use crate::el::{El, div, el, span};
use crate::features::secrets::Asking;
use crate::text::Key;
use crate::ui::Ui;

/// What a blocked stage waits for, from a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// Nothing that could be entered here.
    Nothing,
    /// The proxy's token.
    Token,
    /// A secret, or that it may go there.
    Secret(SecretWant),
    /// Whatever lets it in: its secrets may be out of date.
    Access,
}

/// What a stage waits for by its reason.
pub(super) fn wanted(reason: Option<Reason>) -> Wanted {
    match reason {
        Some(Reason::Network { diagnosis: Diagnosis::Secret(want) }) => Wanted::Secret(want),
        Some(Reason::Network { diagnosis }) if diagnosis.needs_access() => Wanted::Token,
        Some(Reason::NeedsAccess { .. }) => Wanted::Access,
        _ => Wanted::Nothing,
    }
}

/// The way to the secrets of a run that waits for one.
pub(super) fn secrets_form(ui: Ui, run: &RunView, wants: Vec<SecretWant>) -> El {
    let (id, environment) = (run.id.clone(), run.environment.clone().unwrap_or_default());
    let enter = Button::new("enter-secrets", Icon::Key, Key::EnterSecrets);
    div("token").child(enter.kind(Kind::Primary).on_press(ui, move || {
        let run = id.clone();
        let then = Rc::new(move || resume(ui, run.clone()));
        let (environment, wants) = (environment.clone(), wants.clone());
        ui.ask_for_secrets(Asking { environment, wants, then: Some(then) });
    }))
}

/// Lets a blocked run go on.
fn resume(ui: Ui, run: RunId) {
    let (poll, link) = (run.clone(), ui.core().link.clone());
    ui.order_then(Command::ResumeRun { run }, move |_| {
        // Nobody wants to wait an interval; what is sent once waits for its turn.
        link.send(Command::PollNow { run: poll }, |_| {});
    });
}

/// The question; its answer goes to the workers, and the run goes on.
pub(super) fn token_form(ui: Ui, run: RunId) -> El {
    let input = el("input")
        .attr("type", "password")
        .attr("data-action", "proxy-token")
        .attr("autocomplete", "off")
        .attr("required", "");
    let field = input.node().clone();
    let label = el("label").child(span("").live_text(ui.words(Key::ProxyToken))).child(input);
    let button = el("button")
        .attr("type", "submit")
        .class("button primary")
        .attr("data-action", "use-token")
        .live_text(ui.words(Key::UseToken));
    el("form")
        .class("token")
        .attr("data-token-form", "")
        .child(label)
        .child(button)
        .child(el("p").class("faint").live_text(ui.words(Key::TokenHint)))
        .on("submit", move |event| {
            event.prevent_default();
            if let Some(field) = field.dyn_ref::<web_sys::HtmlInputElement>() {
                ui.use_proxy_token(&field.value());
                field.set_value("");
                resume(ui, run.clone());
            }
        })
}
