//! How a chain's latest runs ended, drawn as one bar: each a shape and a colour, all of them a sentence.

use std::fmt::Write;
use std::sync::Arc;

use leptos::prelude::*;

use crate::el::{El, span};
use crate::state::ChainCell;
use crate::status::Status;
use crate::text::sentences;
use crate::ui::Ui;

/// One run has its own mark beside the name already.
const LEAST: usize = 2;
const HEIGHT: usize = 16;
/// From one beat to the next.
const STEP: usize = 5;

/// The bar of a chain that was run more than once: the latest run is on the right.
pub(super) fn recent(ui: Ui, cell: &Arc<ChainCell>) -> El {
    let followed = cell.clone();
    // Drawn anew when a run comes or ends, not at each of its attempts.
    let key = move || {
        let slugs: Vec<_> = statuses(&followed).into_iter().map(Status::slug).collect();
        if slugs.len() < LEAST { String::new() } else { slugs.join(" ") }
    };
    span("recent").switch(key, move |key| {
        let all: Vec<Status> = key.split_whitespace().filter_map(Status::parse).collect();
        (!all.is_empty()).then(|| bar(ui, all))
    })
}

fn statuses(cell: &ChainCell) -> Vec<Status> {
    let runs = cell.recent.get();
    runs.iter().rev().map(|run| Status::from(run.view.get().phase)).collect()
}

fn bar(ui: Ui, all: Vec<Status>) -> El {
    let (figure, width) = (figure(&all), all.len() * STEP - 2);
    let passed = all.iter().filter(|one| **one == Status::Passed).count();
    // What is under way is a beat, and has come to nothing yet.
    let of = all.iter().filter(|one| has_ended(**one)).count();
    let words = move || told(ui, &all);
    let drawn = span("beats")
        .attr("role", "img")
        .live_value("aria-label", words.clone())
        .live_value("title", words)
        .svg("beat", width, HEIGHT, &figure);
    let count = span("").attr("aria-hidden", "true");
    let count = count.live_text(move || sentences::passed_of_last(passed, of, ui.locale()));
    span("line").child(drawn).child(count)
}

fn has_ended(run: Status) -> bool {
    matches!(run, Status::Passed | Status::Failed | Status::TimedOut | Status::Cancelled)
}

/// "Last 12 runs: Passed 10, Failed 2".
fn told(ui: Ui, all: &[Status]) -> String {
    let mut kinds: Vec<Status> = Vec::new();
    for status in all {
        if !kinds.contains(status) {
            kinds.push(*status);
        }
    }
    let count = |kind: &Status| all.iter().filter(|one| *one == kind).count();
    let parts = kinds.iter().map(|kind| (ui.t(kind.word()), count(kind)));
    sentences::last_runs(all.len(), parts, ui.locale())
}

/// A beat a run: full when it passed, broken when it was wrong, half when it was not there in time, a stub
/// when it was ended by hand, hollow while it is under way.
fn figure(all: &[Status]) -> String {
    let mut figure = String::new();
    for (at, status) in all.iter().enumerate() {
        let x = at * STEP;
        let (class, path) = match status {
            Status::Passed => ("passed", "v16h3v-16z"),
            Status::Failed | Status::Blocked => ("failed", "v6h3v-6zm0 10v6h3v-6z"),
            Status::TimedOut => ("timed_out", "m0 7v9h3v-9z"),
            Status::Cancelled | Status::Aborted | Status::Lost => ("cancelled", "m0 12v4h3v-4z"),
            Status::Running
            | Status::NotStarted
            | Status::Waiting
            | Status::Calling
            | Status::Holding
            | Status::Paused => ("live", "m.5 4.5v11h2v-11z"),
        };
        // Writing into a text cannot fail.
        let _ = write!(figure, r#"<path class="{class}" d="M{x} 0{path}"/>"#);
    }
    figure
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn each_run_is_a_beat_of_its_own_shape() {
        let drawn = figure(&[Status::Passed, Status::Failed, Status::TimedOut]);
        assert_eq!(
            drawn,
            concat!(
                r#"<path class="passed" d="M0 0v16h3v-16z"/>"#,
                r#"<path class="failed" d="M5 0v6h3v-6zm0 10v6h3v-6z"/>"#,
                r#"<path class="timed_out" d="M10 0m0 7v9h3v-9z"/>"#
            )
        );
    }
}
