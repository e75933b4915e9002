//! An attempt's response beside the one before it: what is new, gone or another in it.

use std::rc::Rc;

use baton_engine::protocol::{Answer, AttemptView, Body, Command, Evidence, Refusal, Reply};
use leptos::prelude::*;

use crate::el::{El, div, el};
use crate::later;
use crate::text::{Key, sentences};
use crate::ui::Ui;

use super::differences::Bodies;
use super::evidence::Sight;

/// How far the comparison has come.
#[derive(Clone)]
enum Standing {
    Closed,
    Asked,
    Refused(Refusal),
    /// The earlier attempt's body; none when it has none.
    Here(Option<Rc<str>>),
}

/// A button that compares an attempt's response with the one before it, and what that came to.
pub(super) fn compared(ui: Ui, attempt: &AttemptView, sight: &Rc<Sight>) -> El {
    let before = attempt.number.saturating_sub(1);
    let command =
        Command::ReadEvidence { run: attempt.run.clone(), stage: attempt.stage, attempt: before };
    let standing = ArcRwSignal::new(Standing::Closed);
    let [pressed, expanded, answered] = std::array::from_fn(|_| standing.clone());
    let press = move |_| {
        if !matches!(pressed.get_untracked(), Standing::Closed) {
            pressed.set(Standing::Closed);
            return;
        }
        pressed.set(Standing::Asked);
        let answered = answered.clone();
        ui.core().link.send(command.clone(), move |answer| {
            answered.set(match answer {
                Ok(Reply::Evidence(told)) => Standing::Here(told.read().ok().and_then(body_of)),
                Ok(_) => Standing::Here(None),
                Err(refusal) => Standing::Refused(refusal),
            });
        });
    };
    let button = el("button")
        .attr("type", "button")
        .class("button small")
        .attr("data-action", "diff")
        .live_value("aria-expanded", move || {
            (!matches!(expanded.get(), Standing::Closed)).to_string()
        })
        .live_text(move || sentences::diff_with(before, ui.locale()))
        .on("click", press);
    let sight = sight.clone();
    let shown = div("diff").redraw(move || match standing.get() {
        Standing::Closed => None,
        Standing::Asked => Some(el("p").class("faint").text(&ui.t(Key::Loading))),
        Standing::Refused(refusal) => {
            Some(el("p").class("faint").text(&refusal.sentence(ui.locale())))
        }
        Standing::Here(None) => Some(el("p").class("faint").text(&ui.t(Key::DiffNoText))),
        Standing::Here(Some(old)) => {
            let body = sight.body()?;
            let bodies = Bodies { old, new: body.text().into(), sight: sight.clone() };
            Some(later::differences(ui, bodies))
        }
    });
    div("compared").child(button).child(shown)
}

fn body_of(evidence: Evidence) -> Option<Rc<str>> {
    match evidence.answer? {
        Answer::Response(response) => match response.body {
            Body::Text(text) => Some(text.into()),
            Body::TooLarge => None,
        },
        Answer::NoResponse(_) | Answer::Timeout => None,
    }
}
