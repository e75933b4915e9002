//! The table of a matrix: a column a system.

use std::time::Duration;

use baton_engine::matrix::MatrixColumn;
use baton_engine::protocol::RunPhase;
use leptos::prelude::*;

use crate::components::mark;
use crate::el::{El, div, el, span};
use crate::status::{Status, stage_status};
use crate::text::Key;
use crate::when;

use super::record::{record, value};
use super::{Run, Sheet};

/// Fields by systems: counts first, then each record.
pub(super) fn table(sheet: &Sheet, run: &Run) -> El {
    let ui = sheet.ui;
    let view = sheet.shown.borrow().clone();
    let columns = view.map(|view| view.columns.clone()).unwrap_or_default();
    let heads = columns.iter().enumerate().map(|(at, column)| head(sheet, run, at, column));
    let corner = el("th").attr("scope", "col").live_text(ui.words(Key::Field));
    let counted = row(ui.words(Key::Records)).attr("data-row", "count");
    let counts = (0..columns.len()).map(|at| count(sheet, at));
    let late = sheet.clone();
    let latency = row(ui.words(Key::SinceSent)).attr("data-row", "latency").children(
        (0..columns.len()).map(|at| {
            let late = late.clone();
            el("td").class("faint").live_text(move || {
                let ms = late.with(|view| view.columns.get(at)?.latency_ms);
                ms.map(|ms| format!("+{}", when::span(Duration::from_millis(ms))))
                    .unwrap_or_default()
            })
        }),
    );
    let (keyed, made, width) = (sheet.clone(), sheet.clone(), columns.len());
    let keys = move || {
        let most = keyed.most();
        keyed.with(|view| view.records.iter().take(most).map(|record| record.key.clone()).collect())
    };
    el("table")
        .child(el("thead").child(el("tr").child(corner).children(heads)))
        .child(el("tbody").child(counted.children(counts)).child(latency))
        .each(keys, move |key| record(&made, key, width))
}

fn row(name: impl Fn() -> String + 'static) -> El {
    el("tr").child(el("th").attr("scope", "row").child(span("").live_text(name)))
}

/// A system: its name, its stage's, and how that stands.
fn head(sheet: &Sheet, run: &Run, at: usize, column: &MatrixColumn) -> El {
    let (live, run) = (sheet.clone(), run.clone());
    let status = move || {
        let phase = live.with(|view| view.columns.get(at).map(|column| column.phase));
        let run: RunPhase = run.get().phase;
        phase.map_or(Status::NotStarted, |phase| stage_status(phase, run))
    };
    let (ui, word) = (sheet.ui, status.clone());
    let stage = (column.title() != column.name).then(|| span("faint").text(&column.name));
    let title = div("matrix-title").child(mark(status)).child(span("").text(column.title()));
    let spoken = span("ears").live_text(move || ui.t(word().word()));
    el("th").attr("scope", "col").child(title.child(spoken)).maybe(stage)
}

/// How many records a system has.
fn count(sheet: &Sheet, at: usize) -> El {
    let (ui, told) = (sheet.ui, sheet.clone());
    el("td").redraw(move || {
        let (state, words, trouble) = told.with(|view| {
            let column = view.columns.get(at)?;
            let trouble = column.trouble.as_ref().map(|why| why.sentence(ui.locale()));
            Some((column.count, column.count_words(view.expected, ui.locale()), trouble))
        })?;
        let trouble = trouble.map(|why| span("faint").text(&why));
        Some(value(ui, state, Some(&words)).maybe(trouble))
    })
}
