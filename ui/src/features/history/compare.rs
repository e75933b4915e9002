//! Two runs of a chain side by side: how each stage was in both, and what changed, in words.

use std::rc::Rc;
use std::sync::Arc;

use baton_engine::history::{Change, Comparison, Side, compare};
use baton_engine::id::RunId;
use baton_engine::protocol::RunView;
use leptos::prelude::*;

use super::table::back_to_history;
use crate::app::screen_title;
use crate::components::{Icon, Nav, NavKind, icon, mark, status};
use crate::el::{El, div, el, span};
use crate::route::Route;
use crate::state::RunCell;
use crate::status::Status;
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

/// A comparison; of what is not there any more, that.
pub(super) fn comparison(ui: Ui, one: &RunId, other: &RunId) -> El {
    let ids = (one.clone(), other.clone());
    let keyed = ids.clone();
    let pair = move |ids: &(RunId, RunId)| {
        let state = ui.core().state.clone();
        state.run(ids.0.as_str()).zip(state.run(ids.1.as_str()))
    };
    let key = move || if pair(&keyed).is_some() { "both".to_owned() } else { String::new() };
    el("section").class("history compare").attr("data-screen", "compare").switch(key, move |_| {
        Some(match pair(&ids) {
            Some((first, second)) => both(ui, first, second),
            None => missing(ui),
        })
    })
}

fn missing(ui: Ui) -> El {
    let nav = Nav {
        action: "back",
        kind: NavKind::Button,
        icon: Some(Icon::Back),
        words: Some(ui.boxed(Key::History)),
    };
    div("blank")
        .attr("data-blank", "missing")
        .child(icon(Icon::Search))
        .child(screen_title().live_text(ui.words(Key::NoSuchRun)))
        .child(el("p").live_text(ui.words(Key::MayBeRemoved)))
        .child(nav.to(ui, || Route::History(None)))
}

fn both(ui: Ui, first: Arc<RunCell>, second: Arc<RunCell>) -> El {
    let (named, numbers) = (second.view.clone(), (first.number, second.number));
    let title =
        div("run-title").child(screen_title().live_text(move || named.get().name.clone())).child(
            span("faint").live_text(move || sentences::two_runs(numbers.0, numbers.1, ui.locale())),
        );
    let heads = div("two-runs").child(head(ui, &first)).child(head(ui, &second));
    let chain = second.chain.clone();
    let views = (first.view.clone(), second.view.clone());
    div("compare-body")
        .child(back_to_history(ui, &chain))
        .child(el("header").class("run-head").child(title))
        .child(heads)
        .redraw(move || Some(stages(ui, &views.0.get(), &views.1.get(), numbers)))
}

/// One of the two, with the way to it.
fn head(ui: Ui, cell: &Arc<RunCell>) -> El {
    let [stood, told] = std::array::from_fn(|_| cell.view.clone());
    let (route, number, started) = (Route::Run(cell.id.clone()), cell.number, cell.started_at);
    let words = Rc::new(move || sentences::run_number(number, ui.locale()));
    let open = Nav { action: "open-run", kind: NavKind::Text, icon: None, words: Some(words) };
    let facts = move || {
        let run = told.get();
        let took = run.ended_at.map(|end| when::span(end.since(run.started_at)));
        let revision = format!("{} {}", ui.t(Key::Revision), run.revision);
        let parts = [took, run.environment.clone(), Some(revision)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    div("pair-run")
        .attr("data-pair", cell.id.as_str())
        .child(
            div("pair-name")
                .child(el("h3").child(open.to(ui, move || route.clone())))
                .child(status(ui, move || Status::from(stood.get().phase))),
        )
        .child(el("p").class("faint").live_text(move || when::date_and_clock(started, ui.locale())))
        .child(el("p").class("faint").live_text(facts))
}

fn stages(ui: Ui, first: &RunView, second: &RunView, numbers: (u32, u32)) -> El {
    let compared = compare(first, second);
    let locale = ui.locale();
    let run = |number| sentences::run_number(number, locale);
    let heads = [ui.t(Key::Stage), run(numbers.0), run(numbers.1), ui.t(Key::WhatChanged)];
    let heads = heads
        .iter()
        .map(|words| el("th").attr("scope", "col").attr("role", "columnheader").text(words));
    let rows = compared.iter().map(|stage| row(ui, stage, &run(numbers.0), &run(numbers.1)));
    let table = el("table")
        .class("comparison")
        .attr("role", "table")
        .child(
            el("thead")
                .attr("role", "rowgroup")
                .child(el("tr").attr("role", "row").children(heads.collect::<Vec<_>>())),
        )
        .child(el("tbody").attr("role", "rowgroup").children(rows.collect::<Vec<_>>()));
    div("")
        .child(el("p").class("changes").attr("data-changes", "").text(&summary(ui, &compared)))
        .child(table)
}

/// "1 stage broken, 2 alike".
fn summary(ui: Ui, compared: &[Comparison]) -> String {
    let kinds = [
        (Key::ChangeBroken, &[Change::Broken][..]),
        (Key::ChangeUnreached, &[Change::NotReached]),
        (Key::ChangeMended, &[Change::Mended]),
        (Key::ChangeOther, &[Change::OtherReason, Change::Otherwise]),
        (Key::ChangeStages, &[Change::Added, Change::Removed]),
        (Key::ChangeAlike, &[Change::Alike]),
    ];
    let counts = kinds.map(|(key, changes)| {
        let of_kind = compared.iter().filter(|stage| changes.contains(&stage.change()));
        (ui.t(key), of_kind.count())
    });
    sentences::kinds(counts.into_iter().filter(|(_, count)| *count > 0), ui.locale())
}

fn row(ui: Ui, stage: &Comparison, first: &str, second: &str) -> El {
    let change = match stage.change() {
        Change::Alike => "alike",
        Change::OtherReason | Change::Otherwise => "otherwise",
        Change::Mended => "mended",
        Change::Broken => "broken",
        Change::NotReached => "not-reached",
        Change::Added => "added",
        Change::Removed => "removed",
    };
    let name = if stage.again {
        sentences::act_on(&stage.stage, &ui.t(Key::VerifiedAgain), ui.locale())
    } else {
        stage.stage.clone()
    };
    el("tr")
        .attr("role", "row")
        .attr("data-change", change)
        .child(el("th").attr("scope", "row").attr("role", "rowheader").text(&name))
        .child(side(ui, stage.first.as_ref(), first))
        .child(side(ui, stage.second.as_ref(), second))
        .child(
            el("td").class("what-changed").attr("role", "cell").text(&stage.sentence(ui.locale())),
        )
}

/// A stage as it was in one run: how it ended, how long that took, how often it was tried.
fn side(ui: Ui, side: Option<&Side>, run: &str) -> El {
    let cell = el("td").attr("role", "cell").attr("data-label", run);
    let Some(side) = side else { return cell.child(span("faint").text("–")) };
    let status = Status::from(side.phase);
    let took = side.took.map(when::span);
    let tries = (side.attempts > 0).then(|| sentences::tries(side.attempts, ui.locale()));
    let seeded = side.seeded.then(|| ui.t(Key::Seeded));
    let facts: Vec<String> = [took, tries, seeded].into_iter().flatten().collect();
    cell.child(
        span("status")
            .attr("data-status", status.slug())
            .child(mark(move || status))
            .child(span("").text(&ui.t(status.word()))),
    )
    .child(span("side-facts faint").text(&facts.join(" · ")))
}
