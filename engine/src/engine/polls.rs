//! Polling, as jobs of the scheduler: which there are for the stages of a run. Carries nothing out.

use super::{Engine, jobs};
use crate::chain::outline::StageOutline;
use crate::chain::run::RunState;
use crate::chain::stage::{StageRun, StageState};
use crate::id::RunId;
use crate::scheduler::{Job, JobKey, Scheduler};
use crate::time::Timestamp;
use crate::trigger::Trigger;

impl Engine {
    /// Makes the scheduler's jobs follow a run: two for each stage that is open, none for any other. Safe
    /// to repeat: jobs are derived from the run's state.
    pub(super) fn schedule(&mut self, id: &RunId) {
        let Some(run) = self.runs.get(id) else { return };
        let both = run.definition.outline.stages.iter().zip(&run.stages).enumerate();
        for (stage, (rules, known)) in both {
            let job = JobKey::Poll { run: id.clone(), stage };
            let last = JobKey::Deadline { run: id.clone(), stage };
            if run.state == RunState::Running && known.state.is_open() {
                schedule_stage(&mut self.scheduler, &job, last, (rules, known));
            } else {
                self.scheduler.remove(&job);
                self.scheduler.remove(&last);
            }
        }
    }

    /// When a stage of a run is polled next.
    pub(super) fn due_of(&self, run: &RunId, stage: usize) -> Option<Timestamp> {
        let poll = self.scheduler.next_of(&JobKey::Poll { run: run.clone(), stage });
        let deadline = self.scheduler.next_of(&JobKey::Deadline { run: run.clone(), stage });
        [poll, deadline].into_iter().flatten().min()
    }
}

/// The jobs of a stage that is open: one polls it, one sees to its last attempt.
fn schedule_stage(
    scheduler: &mut Scheduler<jobs::Data>,
    job: &JobKey,
    last: JobKey,
    (rules, stage): (&StageOutline, &StageRun),
) {
    let calling = matches!(stage.state, StageState::Calling(_));
    let trigger = stage.trigger(rules);
    let is_there = match trigger {
        // Where polls become rarer, each has a date of its own, after the one before.
        Some(Trigger::Date(at)) => calling || scheduler.next_of(job) == Some(at),
        Some(Trigger::Interval(_) | Trigger::Rule(_)) | None => scheduler.contains(job),
    };
    if let Some(trigger) = trigger.filter(|_| !is_there) {
        scheduler.add(job.clone(), Job::since(trigger, stage.last_scheduled), None);
    }
    if calling {
        scheduler.begun(job);
    } else {
        scheduler.finished(job);
    }
    match stage.last_attempt_is_open() {
        // It is there already, as after most attempts.
        Some(deadline) if scheduler.next_of(&last) == Some(deadline) => {}
        Some(deadline) => {
            scheduler.add(last, Job::since(Trigger::Date(deadline), None), None);
        }
        None => {
            scheduler.remove(&last);
        }
    }
}
