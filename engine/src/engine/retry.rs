//! Retry: an ended run is taken up from a stage on, as a new run. What was verified before that stage is
//! taken over with its captures, and its evidence stays where it is, in the run that made it.

use std::rc::Rc;

use super::Engine;
use super::records::{run_prefix, stage_prefix};
use crate::chain::run::{Definition, Run, RunState};
use crate::chain::stage::{StageRun, StageState};
use crate::id::RunId;
use crate::json::{self, Value};
use crate::protocol::{Refusal, Reply};
use crate::time::Now;

impl Engine {
    /// Begins a run of the chain as it is now, seeded by an ended one.
    pub(super) fn retry_run(
        &mut self,
        now: Now,
        id: &RunId,
        from: &RunId,
        stage: u32,
    ) -> Result<Reply, Refusal> {
        if self.runs.contains(id) {
            return Ok(Reply::Ok);
        }
        let old = self.runs.get(from).ok_or_else(|| Refusal::UnknownRun(from.clone()))?;
        if old.state.ended_at().is_none() {
            return Err(Refusal::NotEnded(from.clone()));
        }
        let (revision, definition) = self.latest(&old.chain)?;
        let changed = Refusal::StagesChanged { revision };
        let stages = seeded(old, &definition, stage as usize, changed)?;
        self.begin_run(Run {
            id: id.clone(),
            chain: old.chain.clone(),
            revision,
            number: 0,
            environment: old.environment.clone(),
            started_at: now.wall,
            retry_of: Some(from.clone()),
            state: RunState::Running,
            variables: old.variables.clone(),
            stages,
            evidence: None,
            definition,
        })
    }

    /// Where a stage of a run was verified: there, or in the run that it was taken over from.
    pub(super) fn verified_in<'a>(&'a self, run: &'a RunId, stage: u32) -> &'a RunId {
        let known = self.runs.get(run).and_then(|run| run.stages.get(stage as usize));
        known.and_then(|stage| stage.seeded_from.as_ref()).unwrap_or(run)
    }

    /// How the keys of a run's attempts begin, in the order of its stages.
    pub(super) fn places_of_attempts(&self, id: &RunId) -> Vec<String> {
        match self.runs.get(id) {
            Some(run) if run.stages.iter().any(|stage| stage.seeded_from.is_some()) => {
                let stages = run.stages.iter().zip(0..);
                let place = |(stage, at): (&StageRun, u32)| {
                    stage_prefix(stage.seeded_from.as_ref().unwrap_or(id), at)
                };
                stages.map(place).collect()
            }
            Some(_) | None => vec![run_prefix(id)],
        }
    }

    /// Whether a run's evidence is needed: by itself, or by one that was seeded with it.
    pub(super) fn has_evidence(&self, id: &RunId) -> bool {
        let seeded =
            |run: &Run| run.stages.iter().any(|stage| stage.seeded_from.as_ref() == Some(id));
        self.runs.contains(id) || self.runs.values().any(|run| seeded(run))
    }
}

impl Run {
    /// The runs whose evidence it was seeded with.
    pub(super) fn rests_on(&self) -> Vec<RunId> {
        let mut runs: Vec<RunId> = Vec::new();
        for run in self.stages.iter().filter_map(|stage| stage.seeded_from.as_ref()) {
            if !runs.contains(run) {
                runs.push(run.clone());
            }
        }
        runs
    }
}

/// The stages of a run that takes `old` up at the stage `from`: all before its step, and those beside it
/// that passed, if the definition has them as they were.
fn seeded(
    old: &Run,
    new: &Rc<Definition>,
    from: usize,
    changed: Refusal,
) -> Result<Vec<StageRun>, Refusal> {
    let (before, after) = (&old.definition.outline, &new.outline);
    let step = before.step_of(from);
    let known = before.stages.get(from).zip(after.stages.get(from));
    let begins = known.is_some_and(|(old, new)| old.again.is_some() == new.again.is_some())
        && step.start == after.step_of(from).start;
    let same = match unchanged(&old.definition, new) {
        Some(same) if begins && same.iter().take_while(|same| **same).count() >= step.start => same,
        Some(_) | None => return Err(changed),
    };
    let mut stages = Vec::new();
    for (at, rules) in after.stages.iter().enumerate() {
        let known = old.stages.get(at).filter(|stage| matches!(stage.state, StageState::Passed(_)));
        // What is verified again is one statement about one time.
        let beside = step.contains(&at) && at != from && rules.again.is_none();
        stages.push(match known {
            Some(known) if at < step.start || beside && same.get(at) == Some(&true) => {
                let seeded_from = known.seeded_from.clone().or(Some(old.id.clone()));
                StageRun { seeded_from, ..known.clone() }
            }
            None if at < step.start => {
                return Err(Refusal::NotPassed { stage: rules.name.clone() });
            }
            Some(_) | None => StageRun::default(),
        });
    }
    Ok(stages)
}

/// Which of a definition's stages another one has as they are, with all that their templates may read.
/// None when variables or environments differ: what was verified was verified with those.
fn unchanged(old: &Rc<Definition>, new: &Rc<Definition>) -> Option<Vec<bool>> {
    if Rc::ptr_eq(old, new) {
        return Some(vec![true; old.outline.stages.len()]);
    }
    let (old, new) = (json::parse(&old.document).ok()?, json::parse(&new.document).ok()?);
    for key in ["variables", "environments"] {
        if old.get(key) != new.get(key) {
            return None;
        }
    }
    Some(flat(&old).iter().zip(&flat(&new)).map(|(old, new)| old == new).collect())
}

/// The stages of a document in order, each with the name of its group.
fn flat(document: &Value) -> Vec<(Option<&Value>, &Value)> {
    let mut stages = Vec::new();
    for item in list(document) {
        match item.get("group") {
            Some(group) => {
                stages.extend(list(group).iter().map(|stage| (group.get("name"), stage)));
            }
            None => stages.push((None, item)),
        }
    }
    stages
}

fn list(of: &Value) -> &[Value] {
    of.get("stages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
