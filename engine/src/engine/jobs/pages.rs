//! Who carries out what. A page says which jobs it has functions for; a fire goes to the page of this
//! engine's own worker first, else to the one that said so first.
//!
//! A page that is gone is found by the shell, which watches those that the engine names. What it was
//! carrying out is abandoned: what became of it is not known.

use super::super::Engine;
use super::{Stopping, user};
use crate::id::{ClientId, CommandId, JobId};
use crate::outbox::Effect;
use crate::protocol::{FireEnds, FireId, FireOutcome, JobEvent, Reply};
use crate::time::{Now, Timestamp};

impl Engine {
    /// A page carries out these jobs from now on. Those that don't exist are passed over: they were
    /// removed by another page.
    pub(super) fn bind(&mut self, now: Now, client: &ClientId, jobs: &[JobId]) {
        for job in jobs {
            let Some(Some(details)) = self.scheduler.data_mut(&user(job)) else { continue };
            if !details.bound.contains(client) {
                details.bound.push(client.clone());
            }
            if std::mem::take(&mut details.unbound) {
                self.scheduler.bring_back(&user(job));
            }
            self.begin_waiting(now, job);
        }
        self.watch(client);
    }

    pub(super) fn unbind(&mut self, client: &ClientId, jobs: &[JobId]) {
        for job in jobs {
            if let Some(Some(details)) = self.scheduler.data_mut(&user(job)) {
                details.bound.retain(|bound| bound != client);
            }
        }
    }

    /// A page takes up its work with this engine: what it is not at any more is abandoned.
    pub(super) fn page_resumes(
        &mut self,
        now: Now,
        client: &ClientId,
        jobs: &[JobId],
        executing: &[FireId],
    ) {
        let lost: Vec<FireId> =
            self.fires_at(client).into_iter().filter(|fire| !executing.contains(fire)).collect();
        for fire in lost {
            self.end_fire(now, &fire, FireOutcome::Abandoned);
        }
        self.bind(now, client, jobs);
    }

    /// A page is gone.
    pub(in crate::engine) fn page_gone(&mut self, now: Now, client: &ClientId) {
        let jobs = self.user_jobs();
        self.unbind(client, &jobs);
        for fire in self.fires_at(client) {
            self.end_fire(now, &fire, FireOutcome::Abandoned);
        }
    }

    pub(super) fn fires_ended(&mut self, now: Now, ends: &[FireEnds]) {
        for FireEnds { fires, error } in ends {
            let outcome = match error {
                None => FireOutcome::Executed,
                Some(message) => FireOutcome::Failed { message: message.clone() },
            };
            for fire in fires.iter() {
                self.end_fire(now, &fire, outcome.clone());
            }
        }
    }

    /// A page stops: it is given no more fires.
    pub(super) fn page_stops(
        &mut self,
        now: Now,
        client: &ClientId,
        command: CommandId,
        until: Timestamp,
    ) {
        let jobs = self.user_jobs();
        self.unbind(client, &jobs);
        self.jobs.stopping.push(Stopping { client: client.clone(), command, until });
        self.stop_waiting_for_pages(now);
        self.answer_stopped();
    }

    /// Aborts what pages that stop are still at, when they are not waited for any more.
    pub(super) fn stop_waiting_for_pages(&mut self, now: Now) {
        let over = |stopping: &&Stopping| stopping.until <= now.wall;
        let clients: Vec<ClientId> = self
            .jobs
            .stopping
            .iter()
            .filter(over)
            .map(|stopping| stopping.client.clone())
            .collect();
        for client in clients {
            for fire in self.fires_at(&client) {
                self.end_fire(now, &fire, FireOutcome::Aborted);
            }
        }
    }

    /// Answers the pages that stop, as soon as they are at nothing any more.
    pub(super) fn answer_stopped(&mut self) {
        let mut place = 0;
        while let Some(stopping) = self.jobs.stopping.get(place) {
            if self.fires_at(&stopping.client).is_empty() {
                let Stopping { client, command, .. } = self.jobs.stopping.remove(place);
                self.jobs.tell(JobEvent::Shutdown { client });
                self.answer(command, Ok(Reply::Ok));
            } else {
                place += 1;
            }
        }
    }

    /// The fires that a page is at.
    fn fires_at(&self, client: &ClientId) -> Vec<FireId> {
        let kept = self.scheduler.iter().filter_map(|(_, _, details)| details.as_ref());
        let open = kept.flat_map(|details| &details.open).chain(&self.jobs.leaving);
        open.filter(|fire| fire.is_at(client)).map(|fire| fire.id.clone()).collect()
    }

    pub(super) fn watch(&mut self, client: &ClientId) {
        self.outbox.push(Effect::Watch(client.clone()));
    }
}
