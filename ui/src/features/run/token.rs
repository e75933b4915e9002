//! Asks for the proxy's token where a run is blocked for want of it.

use baton_engine::id::RunId;
use baton_engine::protocol::{Command, Told};
use baton_engine::verify::Reason;
use wasm_bindgen::JsCast;

use crate::el::{El, el, span};
use crate::text::Key;
use crate::ui::Ui;

/// Whether this is what a stage waits for.
pub(super) fn is_wanted(reason: &Told<Reason>) -> bool {
    matches!(reason.read(), Ok(Reason::Network { diagnosis }) if diagnosis.needs_access())
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
                let (poll, link) = (run.clone(), ui.core().link.clone());
                ui.order_then(Command::ResumeRun { run: run.clone() }, move |_| {
                    // Nobody wants to wait an interval; what is sent once waits for its turn.
                    link.send(Command::PollNow { run: poll }, |_| {});
                });
            }
        })
}
