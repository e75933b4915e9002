//! How long each stage of a chain takes to have its data, learned from its runs: as numbers, and drawn.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use baton_engine::history::{Arrival, arrivals as learn};
use baton_engine::id::ChainId;
use baton_engine::protocol::{RunView, StageView};
use baton_engine::time::in_words;
use leptos::prelude::*;

use super::filter::latest_of;
use crate::el::{El, div, el, span};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

const WIDE: usize = 220;
const HIGH: usize = 24;
/// From one dot to the next.
const STEP: usize = 4;

/// The arrival times of a chain's stages, and how they were computed.
pub(super) fn arrivals(ui: Ui, chain: &ChainId) -> El {
    let (drawn, named) = (chain.clone(), chain.clone());
    let environment = move || {
        let runs = latest_of(ui, &named);
        runs.first().and_then(|cell| cell.view.get_untracked().environment.clone())
    };
    let how = el("details")
        .class("how")
        .child(el("summary").live_text(ui.words(Key::HowComputed)))
        .child(el("p").live_text(ui.words(Key::HowComputedText)));
    el("section")
        .class("arrivals-panel")
        .attr("data-arrivals", "")
        .live_value("aria-label", ui.words(Key::ArrivalTimes))
        .child(
            div("panel-head")
                .child(el("h3").live_text(ui.words(Key::ArrivalTimes)))
                .redraw(move || environment().map(|name| span("chip").text(&name))),
        )
        .redraw(move || Some(table(ui, &drawn)))
        .child(how)
}

fn table(ui: Ui, chain: &ChainId) -> El {
    ui.core().state.standings.track();
    let runs: Vec<Arc<RunView>> =
        latest_of(ui, chain).iter().map(|cell| cell.view.get_untracked()).collect();
    let latest = runs.first().cloned();
    let environment = latest.as_ref().and_then(|run| run.environment.clone());
    let learned = learn(runs.iter().map(AsRef::as_ref), environment.as_deref());
    let columns = [
        Key::Stage,
        Key::HalfWithin,
        Key::MostWithin,
        Key::EachRun,
        Key::SuggestedLimit,
        Key::RunsCounted,
    ];
    let heads = columns
        .map(|key| el("th").attr("scope", "col").attr("role", "columnheader").text(&ui.t(key)));
    let rows = learned.iter().filter_map(|arrival| {
        let mut stages = latest.iter().flat_map(|run| &run.stages);
        let stage = stages.find(|stage| stage.name == arrival.stage)?;
        // What is sent once is not waited for.
        (!stage.once).then(|| row(ui, arrival, stage))
    });
    el("table")
        .class("arrivals")
        .attr("role", "table")
        .child(
            el("thead")
                .attr("role", "rowgroup")
                .child(el("tr").attr("role", "row").children(heads)),
        )
        .child(el("tbody").attr("role", "rowgroup").children(rows.collect::<Vec<_>>()))
}

fn row(ui: Ui, arrival: &Arrival, stage: &StageView) -> El {
    let locale = ui.locale();
    let row = el("tr")
        .attr("role", "row")
        .attr("data-arrival", &arrival.stage)
        .child(el("th").attr("scope", "row").attr("role", "rowheader").text(&arrival.stage));
    let cell = |key: Key, words: &str| {
        el("td").attr("role", "cell").attr("data-label", &ui.t(key)).text(words)
    };
    let count = cell(Key::RunsCounted, &arrival.runs().to_string());
    let Some(half) = arrival.p50() else {
        // Too few runs, or too few that had it: a sentence, not numbers.
        let words = arrival.usual(locale).unwrap_or_else(|| arrival.sentence(locale));
        let told = el("td").attr("role", "cell").attr("colspan", "4").class("faint").text(&words);
        return row.child(told).child(count);
    };
    let most =
        arrival.p95().map_or_else(|| sentences::never_in_time(arrival.never, locale), in_words);
    let now = in_words(Duration::from_millis(stage.timeout_ms));
    let limit = match arrival.suggested_timeout() {
        Some(suggested) => sentences::limit(&in_words(suggested), &now, locale),
        None => now,
    };
    let drawn = span("spread")
        .attr("role", "img")
        .attr("aria-label", &arrival.sentence(locale))
        .svg("dots", WIDE, HIGH, &figure(arrival));
    let slowest = arrival.times.last().copied().unwrap_or_default();
    let drawn = el("td")
        .attr("role", "cell")
        .class("arrival-runs")
        .child(span("arrival-spread").child(drawn).child(span("faint").text(&when::span(slowest))));
    row.child(cell(Key::HalfWithin, &in_words(half)))
        .child(cell(Key::MostWithin, &most))
        .child(drawn)
        .child(cell(Key::SuggestedLimit, &limit))
        .child(count)
}

/// A dot a run on an axis of time that ends with the slowest; those of one time above each other. A line where half of
/// the runs had it, a dashed one where 19 of 20 had it.
fn figure(arrival: &Arrival) -> String {
    let slowest = arrival.times.last().copied().unwrap_or_default().as_millis().max(1);
    let place = |time: Duration| {
        let wide = (WIDE - 2 * STEP) as u128;
        STEP + usize::try_from(time.as_millis() * wide / slowest).unwrap_or(WIDE)
    };
    let mut figure = format!(r#"<path class="axis" d="M0 {}.5H{WIDE}"/>"#, HIGH - 1);
    // Writing into a text cannot fail, here and below.
    let (mut last, mut high) = (usize::MAX, 0);
    for time in &arrival.times {
        let x = place(*time) / STEP * STEP;
        high = if x == last { (high + 1).min(4) } else { 0 };
        last = x;
        let _ = write!(figure, r#"<circle cx="{x}" cy="{}" r="1.8"/>"#, HIGH - 4 - high * STEP);
    }
    for (class, time) in [("half", arrival.p50()), ("most", arrival.p95())] {
        if let Some(time) = time {
            let _ = write!(figure, r#"<path class="{class}" d="M{} 1V{HIGH}"/>"#, place(time));
        }
    }
    figure
}
