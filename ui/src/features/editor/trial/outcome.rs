//! What a trial came to, drawn as an attempt of a run is.

use std::rc::Rc;

use baton_engine::protocol::{AttemptView, Tried};

use crate::components::status;
use crate::el::{El, div, span};
use crate::features::run::aside::listed;
use crate::features::run::attempt::judged;
use crate::features::run::evidence::Sight;
use crate::status::Status;
use crate::text::Key;
use crate::ui::Ui;

/// The verdict, beside the one that was polled; readings and evidence; what was captured and recorded.
pub(super) fn outcome(ui: Ui, tried: &Tried, sight: &Rc<Sight>) -> El {
    let Tried { attempt, evidence, captures, record, before } = tried;
    let title = if before.is_some() { Key::WithTheseChecks } else { Key::Verdict };
    let verdicts = div("verdicts")
        .attr("role", "status")
        .maybe(before.as_ref().map(|before| verdict(ui, Key::WhenPolled, before)))
        .child(verdict(ui, title, attempt));
    div("outcome")
        .attr("data-said", Status::from(attempt.phase).slug())
        .child(verdicts)
        .child(judged(ui, attempt, evidence, sight))
        .maybe(listed(ui, Key::Captures, captures))
        .maybe(listed(ui, Key::Records, record))
}

fn verdict(ui: Ui, title: Key, attempt: &AttemptView) -> El {
    let shown = Status::from(attempt.phase);
    let why = attempt.reason.as_ref().map(|reason| reason.sentence(ui.locale()));
    div("verdict")
        .attr("data-status", shown.slug())
        .child(span("faint").live_text(ui.words(title)))
        .child(status(ui, move || shown))
        .child(span("").attr("data-reason", "").text(&why.unwrap_or_default()))
}
