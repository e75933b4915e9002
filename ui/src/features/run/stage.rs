//! A stage of a run: where it stands and why, and its attempts when unfolded.

use std::sync::Arc;
use std::time::Duration;

use baton_engine::protocol::{RunPhase, StagePhase, StageView};
use leptos::prelude::*;

use crate::components::{Icon, chip, icon, mark};
use crate::el::{El, div, el, span};
use crate::features::steer::{hold, is_current, next_poll};
use crate::state::RunCell;
use crate::status::{Status, stage_status};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

use super::aside::values;
use super::linked::{Linked, Place};
use super::log::log;
use super::retry::{origin, retry};
use super::token::{Wanted, secrets_form, token_form, wanted};
use super::usual::usual;

/// A stage of a run, for the closures that draw it.
#[derive(Clone)]
pub(super) struct Subject {
    pub(super) ui: Ui,
    pub(super) cell: Arc<RunCell>,
    /// Which stage, from 0.
    pub(super) index: usize,
    pub(super) linked: Linked,
}

impl Subject {
    fn run_phase(&self) -> RunPhase {
        self.cell.view.get().phase
    }

    /// What the engine says of the stage. A run's stages never change in number.
    pub(super) fn view(&self) -> Option<StageView> {
        self.cell.view.get().stages.get(self.index).cloned()
    }

    pub(super) fn name(&self) -> String {
        self.view().map(|stage| stage.name).unwrap_or_default()
    }

    fn status(&self) -> Status {
        let view = self.view();
        view.map_or(Status::NotStarted, |stage| stage_status(stage.phase, self.run_phase()))
    }

    fn is_current(&self) -> bool {
        is_current(&self.cell.view.get(), self.index)
    }

    /// Its place among what the reader folds; attempts are counted from 1.
    fn place(&self) -> Place {
        (u32::try_from(self.index).unwrap_or_default(), 0)
    }

    /// Until the reader unfolds or folds it, the stage that matters is unfolded.
    fn is_open(&self) -> bool {
        self.linked.chosen(self.place()).unwrap_or_else(|| {
            let begun = self.view().is_some_and(|stage| stage.attempts > 0);
            self.is_current() && begun && self.run_phase() != RunPhase::Passed
        })
    }

    fn wanted(&self) -> Wanted {
        if self.run_phase() != RunPhase::Blocked || !self.is_current() {
            return Wanted::Nothing;
        }
        wanted(self.view().and_then(|stage| stage.reason?.read().ok()))
    }

    /// The form for what it waits for.
    fn form(&self) -> Option<El> {
        let (ui, run) = (self.ui, self.cell.view.get_untracked());
        let secrets =
            || ui.core().state.chain(run.chain.as_str())?.view.get().secrets.first().cloned();
        match self.wanted() {
            Wanted::Token => Some(token_form(ui, self.cell.id.clone())),
            Wanted::Secret(want) => Some(secrets_form(ui, &run, vec![want])),
            Wanted::Access => secrets().map(|_| secrets_form(ui, &run, Vec::new())),
            Wanted::Nothing => None,
        }
    }

    pub(super) fn ended_badly(&self) -> bool {
        matches!(self.status(), Status::Failed | Status::TimedOut)
    }
}

/// A stage of a run.
pub(super) fn stage(ui: Ui, cell: &Arc<RunCell>, index: usize, linked: &Linked) -> El {
    let subject = Subject { ui, cell: cell.clone(), index, linked: linked.clone() };
    let [marked, toned, is_current, lined, reasoned, opened, drawn] =
        std::array::from_fn(|_| subject.clone());
    let body = div("stage-body").attr("id", &body_id(index)).switch(
        move || opened.is_open().to_string(),
        move |open| (open == "true").then(|| attempts(&drawn)),
    );
    let line = el("p").class("stage-line").redraw(move || {
        let phase = lined.run_phase();
        lined.view().map(|stage| line_of(ui, stage, phase))
    });
    let why = el("p")
        .class("stage-why")
        .attr("data-reason", "")
        .live_text(move || reasoned.view().and_then(|stage| why(ui, &stage)).unwrap_or_default());
    let (asked, made) = (subject.clone(), subject.clone());
    let token = div("").switch(
        move || format!("{:?}", asked.wanted()),
        move |_| if ui.may_change() { made.form() } else { None },
    );
    let main = div("stage-main")
        .child(head(&subject))
        .child(
            div("stage-text")
                .child(line)
                .child(why)
                .child(usual(ui, cell, index))
                .child(retry(ui, cell, index)),
        )
        .child(token)
        .child(body);
    el("li")
        .class("stage")
        .attr("data-stage", &index.to_string())
        .live_value("data-status", move || toned.status().slug().to_owned())
        .live_attr("data-current", move || is_current.is_current().then(String::new))
        .child(div("rail").child(mark(move || marked.status())))
        .child(main)
}

fn body_id(index: usize) -> String {
    format!("stage-{index}")
}

/// Name, system, marks, state.
fn head(subject: &Subject) -> El {
    let ui = subject.ui;
    let [named, open, empty, pressed, system, flagged, seeded, toned, worded] =
        std::array::from_fn(|_| subject.clone());
    let fold = el("button")
        .attr("type", "button")
        .class("fold")
        .attr("data-action", "fold")
        .attr("aria-controls", &body_id(subject.index))
        .live_value("aria-expanded", move || open.is_open().to_string())
        .live_attr("disabled", move || {
            let tried = empty.view().is_some_and(|stage| stage.attempts > 0);
            (!tried).then(String::new)
        })
        .child(icon(Icon::Chevron))
        .child(span("").live_text(move || named.name()))
        .on("click", move |_| {
            let open = untrack(|| pressed.is_open());
            pressed.linked.choose(pressed.place(), !open);
        });
    div("stage-head")
        .child(el("h3").child(fold))
        .redraw(move || system.view()?.system.map(|name| span("system").text(&name)))
        .redraw(move || flagged.view().map(|stage| flags(ui, &stage)))
        .redraw(move || origin(ui, &seeded.view()?.seeded_from?))
        .child(span("spring"))
        .child(
            span("word")
                .live_value("data-status", move || toned.status().slug().to_owned())
                .live_text(move || ui.t(worded.status().word())),
        )
}

fn flags(ui: Ui, stage: &StageView) -> El {
    let flag = |on: bool, name, word, hint| on.then(|| chip(ui, name, word, hint));
    span("flags")
        .maybe(flag(stage.once, "once", Key::Once, Key::OnceHint))
        .maybe(flag(stage.late, "late", Key::Late, Key::LateHint))
        .maybe(flag(stage.flapping, "flapping", Key::Flapping, Key::FlappingHint))
        .maybe(flag(stage.seeded_from.is_some(), "seeded", Key::Seeded, Key::SeededHint))
        .maybe(flag(stage.unconfirmed, "unconfirmed", Key::Unconfirmed, Key::UnconfirmedHint))
}

/// How often it was tried, how long it took or has left, when it is polled next.
fn line_of(ui: Ui, stage: StageView, phase: RunPhase) -> El {
    let locale = ui.locale();
    let tries = (stage.attempts > 0)
        .then(|| span("").attr("data-tries", "").text(&sentences::tries(stage.attempts, locale)));
    let took = stage.begun_at.zip(stage.ended_at);
    let took = took.map(|(begun, ended)| span("").text(&when::span(ended.since(begun))));
    let open =
        matches!(stage.phase, StagePhase::Waiting | StagePhase::Calling | StagePhase::Holding);
    let every = (open && !stage.once).then(|| {
        let interval = when::span(Duration::from_millis(stage.interval_ms));
        span("faint").text(&format!("{} {interval}", ui.t(Key::Every)))
    });
    let held = stage.hold.filter(|_| stage.phase == StagePhase::Holding).map(|held| {
        span("").attr("data-hold", "").live_text(move || hold(held, || ui.now(), locale))
    });
    let left = stage.deadline.filter(|_| open && phase == RunPhase::Running).map(|deadline| {
        let title = format!("{} {}", ui.t(Key::Deadline), when::clock(deadline, locale));
        let left = move || sentences::time_left(&when::countdown(deadline.since(ui.now())), locale);
        span("faint").attr("data-left", "").attr("title", &title).live_text(left)
    });
    let next = move || next_poll(&stage, phase, || ui.now(), locale).unwrap_or_default();
    span("line")
        .maybe(tries)
        .maybe(took)
        .maybe(held)
        .child(span("countdown").attr("data-countdown", "").live_text(next))
        .maybe(every)
        .maybe(left)
}

/// Why it is as it is, and after how long. The clock is followed only while it is open.
fn why(ui: Ui, stage: &StageView) -> Option<String> {
    let (reason, locale) = (stage.reason.as_ref()?, ui.locale());
    let Some(begun) = stage.begun_at else { return Some(reason.sentence(locale)) };
    let until = stage.ended_at.unwrap_or_else(|| ui.now());
    Some(reason.sentence_after(locale, until.since(begun)))
}

/// The attempts and the captures.
fn attempts(subject: &Subject) -> El {
    let ui = subject.ui;
    let (captured, loading) = (subject.clone(), subject.clone());
    div("")
        .child(log(subject))
        .child(
            el("p")
                .class("faint")
                .live_text(ui.words(Key::Loading))
                .shown_if(move || loading.attempts().is_none()),
        )
        .child(values(ui, Key::Captures, move || {
            captured.view().map(|stage| stage.captures).unwrap_or_default()
        }))
}
