//! How long a stage usually takes, learned from the other runs of its chain: what is to be expected while it waits, and
//! how it stands among them once it has passed.

use std::sync::Arc;
use std::time::Duration;

use baton_engine::history::{Arrival, arrivals, frozen, took};
use baton_engine::protocol::{RunPhase, RunView, StagePhase, StageView};
use leptos::prelude::*;

use crate::el::{El, span};
use crate::state::RunCell;
use crate::text::sentences;
use crate::ui::Ui;
use crate::when;

/// What takes less than this is there at once.
const WORTH_SAYING: Duration = Duration::from_secs(1);

/// The line of one stage; nothing where there is nothing to say.
pub(super) fn usual(ui: Ui, cell: &Arc<RunCell>, index: usize) -> El {
    let (keyed, drawn) = (cell.clone(), cell.clone());
    // Other runs are looked at again when this stage comes into another state, not at each attempt.
    let key = move || {
        let run = keyed.view.get();
        let stage = run.stages.get(index);
        let phase = stage.map(|stage| (stage.phase, stage.deadline));
        format!("{phase:?}{:?}{}", run.phase, ui.locale().tag())
    };
    span("usual").switch(key, move |_| {
        let run = drawn.view.get_untracked();
        line(ui, &run, run.stages.get(index)?, learned(ui, &drawn, &run, index)?)
    })
}

/// What the other runs tell of a stage.
fn learned(ui: Ui, cell: &RunCell, run: &RunView, index: usize) -> Option<Arrival> {
    let stage = run.stages.get(index).filter(|stage| stage.again.is_none() && !stage.once)?;
    let runs = ui.core().state.runs.get_untracked();
    let others = runs.iter().filter(|one| one.chain == cell.chain && one.id != cell.id);
    let views: Vec<Arc<RunView>> = others.map(|one| one.view.get_untracked()).collect();
    let learned = arrivals(views.iter().map(AsRef::as_ref), run.environment.as_deref());
    learned.into_iter().find(|arrival| arrival.stage == stage.name)
}

fn line(ui: Ui, run: &RunView, stage: &StageView, arrival: Arrival) -> Option<El> {
    let locale = ui.locale();
    let told = span("faint").attr("data-usual", "").attr("title", &arrival.sentence(locale));
    let usual = arrival.usual(locale);
    let goes_on = run.phase == RunPhase::Running && run.retry_of.is_none();
    match stage.phase {
        StagePhase::NotStarted => Some(told.text(&usual.filter(|_| !run.phase.ended())?)),
        StagePhase::Waiting | StagePhase::Calling | StagePhase::Holding => {
            let Some(usual) = usual else {
                // With one run or more it is worth saying how many it takes.
                return (arrival.runs() > 0).then(|| told.text(&arrival.sentence(locale)));
            };
            let since = stage.begun_at.filter(|_| goes_on).map(|begun| begun.plus(frozen(stage)));
            let comma = move || if since.is_some() { " · " } else { "" };
            let now = move || {
                let waited = since.map(|since| ui.now().since(since));
                waited.and_then(|waited| expectation(&arrival, waited, ui)).unwrap_or_default()
            };
            Some(told.text(&usual).text(comma()).live_text(now))
        }
        StagePhase::Passed if stage.seeded_from.is_none() => {
            let time = took(stage)?;
            let slow = slower_than_most(&arrival, time).then(|| arrival.standing(time, locale));
            // What is there at once needs no words.
            let usual = usual.filter(|_| arrival.p50().is_none_or(|half| half >= WORTH_SAYING));
            Some(told.text(&slow.flatten().or(usual)?))
        }
        StagePhase::TimedOut => Some(told.text(&usual?)),
        StagePhase::Passed | StagePhase::Failed | StagePhase::Cancelled => None,
    }
}

/// Whether 19 of 20 runs had it sooner.
fn slower_than_most(arrival: &Arrival, time: Duration) -> bool {
    u64::from(arrival.quicker_than(time)) * 20 >= u64::from(arrival.runs()) * 19
}

/// What is to be expected of what has waited so long.
fn expectation(arrival: &Arrival, waited: Duration, ui: Ui) -> Option<String> {
    match arrival.p50().map(|half| half.saturating_sub(waited)) {
        Some(left) if !left.is_zero() => {
            Some(sentences::expected_in(&when::countdown(left), ui.locale()))
        }
        _ => arrival.standing(waited, ui.locale()),
    }
}
