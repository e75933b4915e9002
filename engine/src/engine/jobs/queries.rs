//! What a page may ask about jobs. Changes nothing.

use std::collections::BinaryHeap;

use super::super::{Engine, OpenLoad, Wanted};
use super::commands::{Obeyed, jobs_of, refuse, unknown};
use super::stored::fires_of;
use super::{Details, user};
use crate::document::tree;
use crate::id::{ClientId, CommandId, JobId};
use crate::jobs::MAX_JOB_BYTES;
use crate::protocol::{
    Existing, FireView, JobFilter, JobState, JobView, JobsReply, Refusal, Reply,
};
use crate::scheduler::{Job, JobKey};
use crate::sorted::SortedMap;
use crate::store::Row;
use crate::time::{Now, Timestamp};
use crate::trigger::{Setting, Trigger};

/// How many fires, or records of fires, are told at once.
const MOST_TOLD: u32 = 10_000;

impl Engine {
    pub(super) fn next_fires(&self, now: Now, job: &JobId, count: u32) -> Obeyed {
        let Some((known, _)) = self.scheduler.job(&user(job)) else { return unknown(job) };
        // A paused job has none, though its trigger would.
        let first = known.due();
        JobsReply::Fires(fires_from(&known.trigger, first, now, count)).into()
    }

    pub(super) fn preview(&mut self, now: Now, text: &str, count: u32) -> Obeyed {
        let document = match tree(text, MAX_JOB_BYTES) {
            Ok(document) => document,
            Err(problems) => return refuse(problems),
        };
        let missing = self.missing_zones(Trigger::zones_named(&document));
        if !missing.is_empty() {
            return Obeyed::Needs(missing);
        }
        let zones = &self.jobs.zones;
        let setting =
            Setting { zones: &zones.known, zone: zones.own_name(), now: now.wall, seed: 0 };
        match Trigger::parse(&document, &setting) {
            Ok(trigger) => {
                let first = trigger.next_after(None, now.wall);
                JobsReply::Fires(fires_from(&trigger, first, now, count)).into()
            }
            Err(problems) => refuse(problems),
        }
    }

    pub(super) fn list_jobs(&self, now: Now, filter: &JobFilter) -> Obeyed {
        let listed = |job: &Job, details: &Details| {
            let tagged = filter.tag.as_ref().is_none_or(|tag| details.tags.contains(tag));
            let state = || state_of(now, job, details);
            tagged && filter.state.is_none_or(|wanted| wanted == state())
        };
        let mut views = Vec::new();
        for (id, job, details) in self.jobs_in_order() {
            if filter.job.as_ref().is_none_or(|wanted| wanted == id) && listed(job, details) {
                views.push(JobView {
                    id: id.clone(),
                    document: details.document.to_string(),
                    state: state_of(now, job, details),
                    next: job.due(),
                    last: job.progress.last,
                    fires: job.progress.fires,
                    skipped: job.progress.skipped,
                    under_way: job.progress.under_way,
                    under_way_since: details.open.first().map(|fire| fire.begun_at),
                    waiting: u32::try_from(job.progress.waiting.len()).unwrap_or(u32::MAX),
                    exhausted: job.is_exhausted(),
                });
            }
        }
        JobsReply::Jobs(views).into()
    }

    /// Users' jobs, in the order of their ids.
    fn jobs_in_order(&self) -> Vec<(&JobId, &Job, &Details)> {
        let mut ids = BinaryHeap::new();
        for (key, ..) in self.scheduler.iter() {
            if let JobKey::User(id) = key {
                ids.push(id);
            }
        }
        let mut jobs = Vec::new();
        for id in ids.into_sorted_vec() {
            if let Some((job, Some(details))) = self.scheduler.job(&user(id)) {
                jobs.push((id, job, details.as_ref()));
            }
        }
        jobs
    }

    // ------------------------------------------------------------------------------------- history

    /// Reads the journal; the command is answered when its rows are there.
    pub(super) fn load_history(
        &mut self,
        command: &CommandId,
        job: Option<&JobId>,
        count: u32,
    ) -> Obeyed {
        let wanted = Wanted::Fires { job: job.cloned(), count };
        let open = OpenLoad::new(command.clone(), String::new(), wanted);
        self.load(open);
        Obeyed::Later
    }

    /// Recent fires, the latest first, from the rows of the journal.
    pub(in crate::engine) fn history(
        &self,
        rows: &[Row],
        job: Option<&JobId>,
        count: u32,
    ) -> Reply {
        let most = count.min(MOST_TOLD) as usize;
        let mut fires: Vec<FireView> = Vec::new();
        let mut met = SortedMap::default();
        for fire in rows.iter().rev().filter_map(fires_of).flat_map(|row| row.into_iter().rev()) {
            if fires.len() == most {
                break;
            }
            // Its end stands later in the journal than its beginning, and so was met before.
            let wanted = job.is_none_or(|job| fire.fire.job == *job);
            if wanted && !met.contains(&fire.fire) {
                met.insert(fire.fire.clone(), ());
                fires.push(fire);
            }
        }
        for fire in &mut fires {
            // It began and never ended, and is not under way: its engine died with it.
            if fire.outcome.is_none() && self.open_fire(&fire.fire).is_none() {
                fire.outcome = Some(crate::protocol::FireOutcome::Abandoned);
            }
        }
        Reply::Jobs(JobsReply::History(fires))
    }

    // ------------------------------------------------------------------------------------ documents

    pub(super) fn export_jobs(&self) -> Obeyed {
        let mut text = String::from("{\"baton_jobs\":1,\"jobs\":[\n");
        for (index, (.., details)) in self.jobs_in_order().into_iter().enumerate() {
            text.push_str(if index == 0 { "" } else { ",\n" });
            text.push_str(&details.document);
        }
        text.push_str("\n]}");
        JobsReply::Text(text).into()
    }

    pub(super) fn import_jobs(
        &mut self,
        now: Now,
        id: &CommandId,
        client: &ClientId,
        text: &str,
        existing: Existing,
    ) -> Obeyed {
        match jobs_of(text) {
            // Their functions are bound by the pages that have them.
            Ok(documents) => {
                let ids: Vec<JobId> = documents.iter().map(|job| job.id.clone()).collect();
                let obeyed = self.add_documents(now, id, client, documents, existing);
                if !matches!(obeyed, Obeyed::Needs(_)) {
                    self.unbind(client, &ids);
                }
                obeyed
            }
            Err(problems) => Obeyed::Answer(Err(Refusal::Invalid(problems))),
        }
    }
}

fn fires_from(trigger: &Trigger, first: Option<Timestamp>, now: Now, count: u32) -> Vec<Timestamp> {
    let following = |at: &Timestamp| trigger.next_after(Some(*at), now.wall);
    std::iter::successors(first, following).take(count.min(MOST_TOLD) as usize).collect()
}

fn state_of(now: Now, job: &Job, details: &Details) -> JobState {
    let due = job.progress.next.is_some_and(|next| next <= now.wall);
    if job.progress.paused {
        JobState::Paused
    } else if !details.open.is_empty() {
        JobState::Running
    } else if job.is_finished() {
        JobState::Finished
    } else if details.unbound || due && !details.is_ready() {
        JobState::Unbound
    } else {
        JobState::Waiting
    }
}
