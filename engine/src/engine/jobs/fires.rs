//! From a job that is due to the end of its fire.
//!
//! | a fire is | on | next |
//! | --- | --- | --- |
//! | due | its job is admitted | under way: recorded, then handed over |
//! | due | beyond grace, merged, skipped | told, with the reason |
//! | due | nobody carries its job out | put aside until somebody does |
//! | under way | its page or run reports | executed, failed |
//! | under way | its time is over | timed out: its page is told to abort |
//! | under way | its job is removed by force, its page stops | aborted |
//! | under way | its page is gone | abandoned |
//! | ended | anything more | ignored |

use std::cmp::Reverse;

use super::super::Engine;
use super::{FireWorker, OpenFire, user};
use crate::form::Text;
use crate::id::{JobId, RunId};
use crate::jobs::Target;
use crate::protocol::{
    Blocking, Cause, ClockDecision, FireId, FireOutcome, FireView, JobEvent, MissedWhy, RunPhase,
    Told,
};
use crate::scheduler::{Held, Job, JobKey, Missed, Place, Turn, Why};
use crate::time::{Now, Timestamp, exact_ms};
use crate::trigger::DecisionKind;

impl Engine {
    /// Tells what was decided about a job that was due, and carries out what is to be.
    pub(in crate::engine) fn job_due(&mut self, now: Now, job: &JobId, turn: &Turn) {
        if let Some((scheduled_at, Held::Aside)) = turn.held {
            return self.nobody_is_there(job, turn.place, scheduled_at);
        }
        self.jobs.journal.moved(job);
        if let Some(missed) = turn.missed {
            self.jobs.tell(missed_event(job, missed));
        }
        let due = turn.run.or(turn.held.map(|(at, _)| at));
        if let Some(into) = due.filter(|_| turn.merged > 0) {
            let (job, count) = (job.clone(), turn.merged);
            self.jobs.tell(JobEvent::Coalesced { job, into, count });
        }
        if let Some((scheduled_at, held)) = turn.held {
            self.held(job, scheduled_at, held);
        }
        self.tell_clock_changes(job, turn.place, due.zip(turn.next));
        if let Some(scheduled) = turn.run {
            self.begin(now, turn.place, scheduled, Cause::Schedule);
        }
        // It may have gone, and another have come in its place.
        let finished =
            |(key, known, _): (&JobKey, &Job, _)| *key == turn.key && known.is_finished();
        if turn.next.is_none() && self.scheduler.at(turn.place).is_some_and(finished) {
            self.jobs.finish(job);
        }
    }

    fn nobody_is_there(&mut self, job: &JobId, place: Place, scheduled_at: Timestamp) {
        if let Some((_, _, Some(details))) = self.scheduler.at_mut(place) {
            let said = std::mem::replace(&mut details.unbound, true);
            if !said {
                self.jobs.tell(JobEvent::Unbound { job: job.clone(), scheduled_at });
            }
        }
    }

    fn held(&mut self, job: &JobId, scheduled_at: Timestamp, held: Held) {
        let job = job.clone();
        let event = match held {
            Held::Skipped(in_a_row) => {
                let blocked_by = self.blocking(&job);
                JobEvent::Skipped { job, scheduled_at, in_a_row, blocked_by }
            }
            Held::Waits => JobEvent::Waiting { job, scheduled_at },
            Held::Aside => return,
        };
        self.jobs.tell(event);
    }

    fn blocking(&self, job: &JobId) -> Option<Blocking> {
        let (_, details) = self.scheduler.job(&user(job))?;
        let fire = details.as_ref()?.open.first()?;
        Some(Blocking { fire: fire.id.clone(), begun_at: fire.begun_at })
    }

    /// What clock changes did between this fire and the next, told with this one.
    fn tell_clock_changes(
        &mut self,
        job: &JobId,
        place: Place,
        between: Option<(Timestamp, Timestamp)>,
    ) {
        let Some((from, next)) = between else { return };
        let Some((_, known, _)) = self.scheduler.at(place) else { return };
        for decision in known.trigger.decisions(from, next) {
            let (job, at) = (job.clone(), decision.at);
            let decision = clock_decision(decision.kind);
            self.jobs.tell(JobEvent::ClockChange { job, at, decision });
        }
    }

    pub(super) fn tell_if_finished(&mut self, job: &JobId) {
        let finished = self.scheduler.job(&user(job)).is_some_and(|(job, _)| job.is_finished());
        if finished {
            self.jobs.finish(job);
        }
    }

    /// Records a fire of the job that stands there, and hands it over once it is recorded: the job is
    /// written as it is after this wake.
    pub(super) fn begin(&mut self, now: Now, place: Place, scheduled: Timestamp, cause: Cause) {
        let Some((JobKey::User(job), known, Some(details))) = self.scheduler.at(place) else {
            return;
        };
        let (job, generation) = (job.clone(), self.health.clock_generation);
        let number = known.progress.fires;
        let id = FireId { job, generation, scheduled_at: scheduled, number, cause };
        match &details.target {
            Target::Callback => {
                // The page of this worker first: it needs no other tab to be awake.
                let own = self.jobs.own_page.as_ref().filter(|own| details.bound.contains(own));
                if let Some(page) = own.or(details.bound.first()).cloned() {
                    self.record(now, place, id, FireWorker::Page(page));
                }
            }
            Target::Chain { chain, environment } => {
                let (chain, environment) = (chain.clone(), environment.clone());
                let run = self.run_of(&id);
                self.record(now, place, id.clone(), FireWorker::Run(run.clone()));
                self.jobs.runs.insert(run.clone(), id.clone());
                if let Err(refusal) = self.start_run(now, &run, &chain, environment.as_deref()) {
                    self.note_refusal(&chain, Some(Told::of(&refusal)));
                    let message = Text::of(&refusal);
                    self.end_fire(now, &id, FireOutcome::Failed { message });
                }
            }
        }
    }

    fn record(&mut self, now: Now, place: Place, id: FireId, worker: FireWorker) {
        let Some((_, _, Some(details))) = self.scheduler.at_mut(place) else { return };
        let timeout = details.fire_timeout;
        let expires = now.wall.plus(timeout);
        let client = match &worker {
            FireWorker::Page(page) => Some(page.clone()),
            FireWorker::Run(_) => None,
        };
        details.open.push(OpenFire { id: id.clone(), begun_at: now.wall, expires, worker });
        self.jobs.submit(&id, client, exact_ms(timeout));
        self.jobs.expiries.push(Reverse((expires, id)));
    }

    /// The run of a fire: its id tells of which.
    fn run_of(&mut self, fire: &FireId) -> RunId {
        let name = format!("{}.{}.{}", fire.job, fire.generation, fire.scheduled_at.as_ms());
        match RunId::try_from(name) {
            Ok(id) if !self.runs.contains(&id) => id,
            Ok(_) | Err(_) => loop {
                if let Ok(id) = RunId::try_from(self.random.uuid()) {
                    break id;
                }
            },
        }
    }

    /// Ends a fire that is under way; one that has ended already is ignored.
    pub(super) fn end_fire(&mut self, now: Now, id: &FireId, outcome: FireOutcome) {
        let Some(fire) = self.close_fire(id) else { return };
        if let FireWorker::Run(run) = &fire.worker {
            self.jobs.runs.remove(run);
            if outcome == FireOutcome::TimedOut || outcome == FireOutcome::Aborted {
                // Refused when it has ended by itself meanwhile.
                let _already_ended = self.cancel_run(now, run);
            }
        }
        let ended = Some(now.wall);
        let record = FireView { ended_at: ended, outcome: Some(outcome.clone()), ..fire.view() };
        self.jobs.journal.ended(record);
        self.jobs.end(id, outcome);
        self.jobs.journal.moved(&id.job);
        self.scheduler.ended(&user(&id.job));
        self.begin_waiting(now, &id.job);
        self.remove_if_done(&id.job);
        self.answer_stopped();
    }

    fn close_fire(&mut self, id: &FireId) -> Option<OpenFire> {
        if let Some(Some(details)) = self.scheduler.data_mut(&user(&id.job))
            && let Some(place) = details.open_fire(id)
        {
            return Some(details.open.remove(place));
        }
        let place = self.jobs.leaving.iter().position(|fire| fire.id == *id)?;
        Some(self.jobs.leaving.remove(place))
    }

    /// Begins the fires that waited, as far as they may and somebody carries them out.
    pub(super) fn begin_waiting(&mut self, now: Now, job: &JobId) {
        let key = user(job);
        while self.details(job).is_some_and(super::Details::is_ready)
            && let Some((scheduled, cause)) = self.scheduler.admitted(&key)
        {
            self.jobs.journal.moved(job);
            if let Some(place) = self.scheduler.place(&key) {
                self.begin(now, place, scheduled, cause);
            }
        }
    }

    /// Aborts the fires whose time is over.
    pub(in crate::engine) fn expire_fires(&mut self, now: Now) {
        while let Some((_, id)) = self.next_fire_expiry().filter(|(at, _)| *at <= now.wall) {
            self.end_fire(now, &id, FireOutcome::TimedOut);
        }
        self.stop_waiting_for_pages(now);
    }

    /// When the next fire is aborted, or the next page that stops is not waited for any more.
    pub(in crate::engine) fn next_job_wake(&mut self) -> Option<Timestamp> {
        let expiry = self.next_fire_expiry().map(|(at, _)| at);
        let stopping = self.jobs.stopping.iter().map(|stopping| stopping.until).min();
        [expiry, stopping].into_iter().flatten().min()
    }

    fn next_fire_expiry(&mut self) -> Option<(Timestamp, FireId)> {
        while let Some(Reverse((at, id))) = self.jobs.expiries.peek() {
            if self.open_fire(id).is_some_and(|fire| fire.expires == *at) {
                return Some((*at, id.clone()));
            }
            self.jobs.expiries.pop();
        }
        None
    }

    pub(super) fn open_fire(&self, id: &FireId) -> Option<&OpenFire> {
        let kept = self.scheduler.job(&user(&id.job)).and_then(|(_, details)| details.as_ref());
        let open = kept.and_then(|details| details.open.iter().find(|fire| fire.id == *id));
        open.or_else(|| self.jobs.leaving.iter().find(|fire| fire.id == *id))
    }

    /// A run has ended: if it is a fire of a job, so has the fire.
    pub(in crate::engine) fn run_has_ended(&mut self, now: Now, run: &RunId, phase: RunPhase) {
        let Some(fire) = self.jobs.runs.get(run).cloned() else { return };
        let ended_as = |how: &str| FireOutcome::Failed { message: ["the run ", how].concat() };
        let outcome = match phase {
            RunPhase::Running | RunPhase::Paused | RunPhase::Blocked => return,
            RunPhase::Passed => FireOutcome::Executed,
            RunPhase::Failed => ended_as("failed"),
            RunPhase::TimedOut => ended_as("timed out"),
            RunPhase::Cancelled => ended_as("was cancelled"),
        };
        self.end_fire(now, &fire, outcome);
    }

    /// Moves what is open earlier: a clock was set back.
    pub(in crate::engine) fn set_back_jobs(&mut self, span: std::time::Duration) {
        let jobs = self.user_jobs();
        for job in &jobs {
            let key = user(job);
            if let Some(Some(details)) = self.scheduler.data_mut(&key) {
                details.shift += span;
                for fire in &mut details.open {
                    fire.expires = fire.expires.minus(span);
                    self.jobs.expiries.push(Reverse((fire.expires, fire.id.clone())));
                }
            }
            self.jobs.journal.row(job);
        }
        for stopping in &mut self.jobs.stopping {
            stopping.until = stopping.until.minus(span);
        }
    }

    pub(super) fn user_jobs(&self) -> Vec<JobId> {
        let user = |key: &JobKey| match key {
            JobKey::User(job) => Some(job.clone()),
            JobKey::Poll { .. } | JobKey::Deadline { .. } => None,
        };
        self.scheduler.iter().filter_map(|(key, ..)| user(key)).collect()
    }
}

fn missed_event(job: &JobId, missed: Missed) -> JobEvent {
    let why = match missed.why {
        Why::BeyondGrace => MissedWhy::BeyondGrace,
        Why::TooMany => MissedWhy::TooMany,
    };
    JobEvent::Missed { job: job.clone(), first: missed.first, count: missed.count, why }
}

fn clock_decision(kind: DecisionKind) -> ClockDecision {
    match kind {
        DecisionKind::GapMoved => ClockDecision::GapMoved,
        DecisionKind::GapSkipped => ClockDecision::GapSkipped,
        DecisionKind::FoldFirst => ClockDecision::FoldFirst,
        DecisionKind::FoldLast => ClockDecision::FoldLast,
        DecisionKind::FoldBoth => ClockDecision::FoldBoth,
    }
}
