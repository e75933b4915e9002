//! Two runs of one chain, stage by stage.

use std::time::Duration;

use super::took;
use crate::protocol::{RunView, StagePhase, StageView, Told};
use crate::verify::Reason;

/// A stage in two runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// Its name.
    pub stage: String,
    /// Whether it is the final check of an earlier stage.
    pub again: bool,
    /// As it was in the first run, if it has it.
    pub first: Option<Side>,
    /// As it was in the second.
    pub second: Option<Side>,
}

/// A stage as it was in one of the runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// What it came to.
    pub phase: StagePhase,
    /// How long it took, without pauses; none while it has not ended.
    pub took: Option<Duration>,
    /// How many attempts were begun.
    pub attempts: u32,
    /// Why it was as it was.
    pub reason: Option<Told<Reason>>,
    /// Whether it was taken over from an earlier run.
    pub seeded: bool,
}

/// What became of a stage from the first run to the second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It came to the same, for the same reason.
    Alike,
    /// It came to the same, for another reason.
    OtherReason,
    /// It did not pass, and does now.
    Mended,
    /// It passed, and does no more.
    Broken,
    /// It passed, and has not come to an end now, as the run has not come to it or was ended by hand.
    NotReached,
    /// It came to something else, and passed in neither.
    Otherwise,
    /// Only the second run has it.
    Added,
    /// Only the first run has it.
    Removed,
}

/// Compares two runs of one chain, whatever their revisions. Stages are paired by their names, in the order of
/// the second run; those that only the first has come after the one before them.
///
/// ```
/// use baton_engine::{history::compare, locale::Locale, protocol::RunView};
/// fn said(yesterday: &RunView, today: &RunView) -> Vec<String> {
///     compare(yesterday, today).iter().map(|stage| stage.sentence(Locale::En)).collect()
/// }
/// ```
pub fn compare(first: &RunView, second: &RunView) -> Vec<Comparison> {
    let same = |one: &StageView, other: &StageView| {
        one.name == other.name && one.again.is_some() == other.again.is_some()
    };
    let pair = |stage: &StageView, first: Option<&StageView>, second: Option<&StageView>| {
        let (stage, again) = (stage.name.clone(), stage.again.is_some());
        Comparison { stage, again, first: first.map(Side::of), second: second.map(Side::of) }
    };
    let mut all: Vec<Comparison> = Vec::new();
    for stage in &second.stages {
        let before = first.stages.iter().find(|other| same(stage, other));
        all.push(pair(stage, before, Some(stage)));
    }
    let mut place = 0;
    for stage in &first.stages {
        let there = all
            .iter()
            .position(|one| one.stage == stage.name && one.again == stage.again.is_some());
        let at = there.unwrap_or_else(|| {
            all.insert(place, pair(stage, Some(stage), None));
            place
        });
        place = at + 1;
    }
    all
}

impl Side {
    fn of(stage: &StageView) -> Self {
        Self {
            phase: stage.phase,
            took: took(stage),
            attempts: stage.attempts,
            reason: stage.reason.clone(),
            seeded: stage.seeded_from.is_some(),
        }
    }
}

impl Comparison {
    /// What became of it.
    pub fn change(&self) -> Change {
        match (&self.first, &self.second) {
            (None, _) => Change::Added,
            (Some(_), None) => Change::Removed,
            (Some(first), Some(second)) => between(first, second),
        }
    }
}

fn between(first: &Side, second: &Side) -> Change {
    match (first.phase, second.phase) {
        // Why a stage passed names what it saw, which is another value in each run.
        (StagePhase::Passed, StagePhase::Passed) => Change::Alike,
        (one, other) if one == other && first.reason == second.reason => Change::Alike,
        (one, other) if one == other => Change::OtherReason,
        (_, StagePhase::Passed) => Change::Mended,
        (StagePhase::Passed, StagePhase::Failed | StagePhase::TimedOut) => Change::Broken,
        (StagePhase::Passed, _) => Change::NotReached,
        _ => Change::Otherwise,
    }
}
