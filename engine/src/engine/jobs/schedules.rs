//! Schedules of chains. A chain that has one, and that the user has armed, is a job like any other: it
//! starts a run at each fire, and skips those that come while one is under way.
//!
//! Whether it is armed is not in the chain's document: it is whether the job is there, and not paused.

use super::super::Engine;
use super::super::secrets::Setting;
use super::super::views;
use super::user;
use crate::chain::Outline;
use crate::chain::run::Definition;
use crate::document::Problem;
use crate::form::Text;
use crate::id::{ChainId, JobId};
use crate::jobs::{JobDocument, ParsedJob, Target};
use crate::json;
use crate::outbox::Effect;
use crate::protocol::{ChainView, Command, Event, Refusal, Reply, ScheduleView};
use crate::store::{Table, Write};
use crate::time::Now;
use crate::trigger::Trigger;

impl Engine {
    /// The zones that have to be known before this command can be carried out: those that a schedule
    /// names.
    pub(in crate::engine) fn zones_of_schedule(&self, command: &Command) -> Vec<String> {
        let schedule = match command {
            Command::CheckDocument { document } | Command::SaveChain { document, .. } => {
                self.language.outline(document).ok().and_then(|outline| outline.schedule)
            }
            Command::ArmSchedule { chain, .. } => {
                let latest = self.latest(chain).ok();
                latest.and_then(|(_, definition)| definition.outline.schedule.clone())
            }
            _ => None,
        };
        let trigger = schedule.and_then(|schedule| json::parse(&schedule).ok());
        trigger.map_or_else(Vec::new, |trigger| self.missing_zones(Trigger::zones_named(&trigger)))
    }

    /// A chain's schedule as a job.
    pub(in crate::engine) fn read_schedule(
        &self,
        now: Now,
        chain: &ChainId,
        outline: &Outline,
    ) -> Result<Option<ParsedJob>, Vec<Problem>> {
        let Some((trigger, job)) = outline.schedule.as_ref().zip(job_of(chain)) else {
            return Ok(None);
        };
        let [job_text, chain, name] = [job.as_str(), chain.as_str(), &outline.name];
        let [job_text, chain, name] =
            [job_text, chain, name].map(|text| Text::of(&text.to_owned()));
        let document = [
            "{\"id\":",
            &job_text,
            ",\"name\":",
            &name,
            ",\"run\":{\"chain\":",
            &chain,
            "},\"trigger\":",
            trigger,
            "}",
        ];
        let read = JobDocument::parse(&document.concat());
        let parsed = read.and_then(|read| read.with_trigger(&self.jobs.zones.setting(now, &job)));
        parsed.map(Some).map_err(|problems| problems.into_iter().map(of_schedule).collect())
    }

    /// What is wrong with the schedule of a document in which nothing else is.
    pub(in crate::engine) fn problems_of_schedule(
        &self,
        now: Now,
        outline: &Outline,
    ) -> Vec<Problem> {
        let chain = outline.id.clone().or_else(|| ChainId::try_from("new").ok());
        let read = chain.map(|chain| self.read_schedule(now, &chain, outline));
        read.and_then(Result::err).unwrap_or_default()
    }

    /// The user's switch.
    pub(in crate::engine) fn arm_schedule(
        &mut self,
        now: Now,
        chain: &ChainId,
        armed: bool,
    ) -> Result<Reply, Refusal> {
        let (_, definition) = self.latest(chain)?;
        let schedule = self.read_schedule(now, chain, &definition.outline);
        let schedule = schedule.map_err(Refusal::Invalid)?;
        let parsed = schedule.ok_or_else(|| Refusal::NoSchedule(chain.clone()))?;
        let job = parsed.document.id.clone();
        match (self.scheduler.contains(&user(&job)), armed) {
            (true, true) => self.unpause_job(now, &job)?,
            (true, false) => self.pause_job(&job)?,
            (false, true) => self.put_job(now, parsed)?,
            (false, false) => {}
        }
        Ok(Reply::Ok)
    }

    /// Makes the job of an armed schedule follow its chain, which was saved. With the same trigger it goes
    /// on as it was.
    pub(in crate::engine) fn follow_schedule(
        &mut self,
        now: Now,
        chain: &ChainId,
        schedule: Option<ParsedJob>,
    ) {
        match schedule {
            Some(parsed) if self.scheduler.contains(&user(&parsed.document.id)) => {
                self.replace_job(now, parsed);
            }
            Some(_) => {}
            None => self.forget_schedule(chain),
        }
    }

    /// A chain, or its schedule, is gone.
    pub(in crate::engine) fn forget_schedule(&mut self, chain: &ChainId) {
        let Some(job) = job_of(chain) else { return };
        if self.jobs.zones.stored.remove(&job).is_some() {
            self.outbox.write(Write::Delete { table: Table::Jobs, key: job.to_string() });
        }
        self.forget_job(&job);
    }

    /// What readers see of a chain.
    pub(in crate::engine) fn chain_view(
        &self,
        id: &ChainId,
        revision: u32,
        definition: &Definition,
    ) -> ChainView {
        let Setting { environment, refused } = self.setting(id);
        let schedule = definition.outline.schedule.as_ref().map(|trigger| {
            let job = job_of(id);
            let known = job.as_ref().and_then(|job| self.scheduler.job(&user(job)));
            // One that waits for a zone's rules is armed too, and can't say when.
            let waits = || job.as_ref().is_some_and(|job| self.jobs.zones.stored.contains(job));
            let (armed, next) = match known {
                Some((known, _)) => (!known.progress.paused, known.due()),
                None => (waits(), None),
            };
            ScheduleView { armed, next, trigger: trigger.clone(), refused }
        });
        views::chain_view(id, revision, definition, environment, schedule)
    }

    /// Tells the chains whose schedules have moved in this wake.
    pub(super) fn tell_schedules(&mut self) {
        for chain in std::mem::take(&mut self.jobs.moved_chains) {
            if let Ok((revision, definition)) = self.latest(&chain)
                && definition.outline.schedule.is_some()
            {
                let view = self.chain_view(&chain, revision, &definition);
                self.outbox.push(Effect::Tell(Event::ChainChanged(view)));
            }
        }
    }
}

impl super::Jobs {
    /// All readers know of their chains.
    pub(in crate::engine) fn forget_moved_chains(&mut self) {
        self.moved_chains.clear();
    }

    /// A job has moved; if it starts a chain, that chain's readers are told.
    pub(super) fn note_chain(&mut self, target: &Target) {
        if let Target::Chain { chain, .. } = target
            && !self.moved_chains.contains(chain)
        {
            self.moved_chains.push(chain.clone());
        }
    }
}

/// The job of a chain's schedule.
fn job_of(chain: &ChainId) -> Option<JobId> {
    let named = JobId::try_from(["schedule:", chain.as_str()].concat());
    named.or_else(|_too_long| JobId::try_from(chain.as_str())).ok()
}

/// A problem of the job, as one of the chain's document.
fn of_schedule(problem: Problem) -> Problem {
    let path = problem.path.strip_prefix("trigger").unwrap_or(&problem.path);
    Problem { path: ["schedule", path].concat(), ..problem }
}
