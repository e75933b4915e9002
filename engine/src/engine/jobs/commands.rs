//! What a page may ask of the scheduler. Each command is carried out or refused, and repeating one
//! changes nothing.

use super::super::Engine;
use super::stored::details_of;
use super::user;
use crate::document::{Place, Problem, ProblemKind, Problems, tree};
use crate::id::{ClientId, CommandId, JobId};
use crate::jobs::{JobDocument, ParsedJob, canonical};
use crate::json;
use crate::protocol::{
    AddedJob, Cause, Command, Existing, FireId, FireOutcome, JobEvent, JobsCommand, JobsReply,
    Order, Refusal, RemoveMode, Reply,
};
use crate::scheduler::{Job, MOST_WAITING};
use crate::store::{Row, STANDBY_KEY, Table, Write};
use crate::time::{Now, Timestamp};

/// How many jobs there may be.
const MAX_JOBS: usize = 200_000;
/// The largest document of jobs that is read, in bytes.
const MAX_EXPORT_BYTES: usize = 64 * 1024 * 1024;

/// What a command has come to.
pub(super) enum Obeyed {
    /// It is answered now.
    Answer(Result<Reply, Refusal>),
    /// It is answered by what follows.
    Later,
    /// It waits for the rules of these zones.
    Needs(Vec<String>),
}

impl From<Reply> for Obeyed {
    fn from(reply: Reply) -> Self {
        Self::Answer(Ok(reply))
    }
}

impl From<JobsReply> for Obeyed {
    fn from(reply: JobsReply) -> Self {
        Self::Answer(Ok(Reply::Jobs(reply)))
    }
}

impl From<Result<(), Refusal>> for Obeyed {
    fn from(answer: Result<(), Refusal>) -> Self {
        Self::Answer(answer.map(|()| Reply::Ok))
    }
}

impl Engine {
    /// Carries out a command about jobs, and answers it, now or later.
    pub(in crate::engine) fn obey_jobs(&mut self, now: Now, order: Order) {
        let Order { version, id, command } = order;
        let Command::Jobs { client, command } = command else { return };
        if self.is_held(&client) {
            let command = Command::Jobs { client, command };
            return self.hold_for_zones(Order { version, id, command }, Vec::new());
        }
        match self.job_command(now, &id, &client, &command) {
            Obeyed::Answer(answer) => self.answer(id, answer),
            Obeyed::Later => {}
            Obeyed::Needs(zones) => {
                let command = Command::Jobs { client, command };
                self.hold_for_zones(Order { version, id, command }, zones);
            }
        }
    }

    fn job_command(
        &mut self,
        now: Now,
        id: &CommandId,
        client: &ClientId,
        command: &JobsCommand,
    ) -> Obeyed {
        match command {
            JobsCommand::Resume { jobs, executing } => {
                self.page_resumes(now, client, jobs, executing);
                Reply::Ok.into()
            }
            JobsCommand::Add { documents, existing } => {
                self.add_jobs(now, id, client, documents, *existing)
            }
            JobsCommand::Modify { job, changes } => self.modify_job(now, job, changes),
            JobsCommand::Pause { job } => self.pause_job(job).into(),
            JobsCommand::Unpause { job } => self.unpause_job(now, job).into(),
            JobsCommand::Remove { job, mode } => self.remove_job(now, id, job, *mode),
            JobsCommand::RemoveAll => {
                self.remove_all_jobs();
                Reply::Ok.into()
            }
            JobsCommand::PauseAll => {
                self.stand_by(true);
                Reply::Ok.into()
            }
            JobsCommand::UnpauseAll => {
                self.stand_by(false);
                Reply::Ok.into()
            }
            JobsCommand::RunNow { job } => self.run_now(now, id, job).into(),
            JobsCommand::Backfill { job, from, until } => {
                self.backfill(now, id, job, *from, *until).into()
            }
            JobsCommand::NextFires { job, count } => self.next_fires(now, job, *count),
            JobsCommand::Preview { trigger, count } => self.preview(now, trigger, *count),
            JobsCommand::List { filter } => self.list_jobs(now, filter),
            JobsCommand::History { job, count } => self.load_history(id, job.as_ref(), *count),
            JobsCommand::Bind { jobs } => {
                self.bind(now, client, jobs);
                Reply::Ok.into()
            }
            JobsCommand::Unbind { jobs } => {
                self.unbind(client, jobs);
                Reply::Ok.into()
            }
            JobsCommand::Ended { ends } => {
                self.fires_ended(now, ends);
                Reply::Ok.into()
            }
            JobsCommand::Shutdown { wait, timeout_ms } => {
                let timeout = std::time::Duration::from_millis(if *wait { *timeout_ms } else { 0 });
                self.page_stops(now, client, id.clone(), now.wall.plus(timeout));
                Obeyed::Later
            }
            JobsCommand::Export => self.export_jobs(),
            JobsCommand::Import { document, existing } => {
                self.import_jobs(now, id, client, document, *existing)
            }
        }
    }

    // ------------------------------------------------------------------------------ add and change

    fn add_jobs(
        &mut self,
        now: Now,
        id: &CommandId,
        client: &ClientId,
        texts: &[String],
        existing: Existing,
    ) -> Obeyed {
        let mut documents = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            match JobDocument::parse(text) {
                Ok(document) => documents.push(document),
                Err(problems) => return refuse(at_item(problems, index, texts.len())),
            }
        }
        self.add_documents(now, id, client, documents, existing)
    }

    /// Adds jobs, all or none.
    pub(super) fn add_documents(
        &mut self,
        now: Now,
        id: &CommandId,
        client: &ClientId,
        documents: Vec<JobDocument>,
        existing: Existing,
    ) -> Obeyed {
        // It was carried out before: what it added is there, and stays as it is.
        let existing = if self.was_obeyed(id) { Existing::Keep } else { existing };
        let named = documents.iter().flat_map(JobDocument::zones).collect();
        let missing = self.missing_zones(named);
        if !missing.is_empty() {
            return Obeyed::Needs(missing);
        }
        match self.parsed(now, documents, existing) {
            Ok(jobs) => {
                self.obeyed(id);
                let added = jobs.into_iter().map(|job| self.add_job(now, client, job, existing));
                JobsReply::Added(added.collect()).into()
            }
            Err(refusal) => Obeyed::Answer(Err(refusal)),
        }
    }

    fn parsed(
        &self,
        now: Now,
        documents: Vec<JobDocument>,
        existing: Existing,
    ) -> Result<Vec<ParsedJob>, Refusal> {
        let count = documents.len();
        if self.scheduler.len() + count > MAX_JOBS {
            return Err(super::super::commands::too_many("jobs", MAX_JOBS));
        }
        let parse = |(index, document): (usize, JobDocument)| {
            if existing == Existing::Refuse && self.scheduler.contains(&user(&document.id)) {
                return Err(Refusal::JobExists(document.id));
            }
            let id = document.id.clone();
            let parsed = document.with_trigger(&self.jobs.zones.setting(now, &id));
            parsed.map_err(|problems| Refusal::Invalid(at_item(problems, index, count)))
        };
        documents.into_iter().enumerate().map(parse).collect()
    }

    fn add_job(
        &mut self,
        now: Now,
        client: &ClientId,
        parsed: ParsedJob,
        existing: Existing,
    ) -> AddedJob {
        let id = parsed.document.id.clone();
        let there = self.scheduler.contains(&user(&id));
        match (there, existing) {
            (true, Existing::Keep) => {}
            (true, Existing::Replace | Existing::Refuse) => self.replace_job(now, parsed),
            (false, _) => self.insert_job(now, parsed),
        }
        self.jobs.journal.row(&id);
        self.bind(now, client, std::slice::from_ref(&id));
        AddedJob { next: self.scheduler.next_of(&user(&id)), id }
    }

    fn insert_job(&mut self, now: Now, parsed: ParsedJob) {
        let ParsedJob { document, trigger, complete } = parsed;
        let key = user(&document.id);
        let mut job = Job::new(trigger, document.policy, now.wall);
        job.progress.paused = document.paused.unwrap_or(false);
        let given = canonical(&document.trigger);
        let details = details_of(&document, complete, given);
        self.scheduler.add(key.clone(), job, Some(Box::new(details)));
        let next = self.scheduler.next_of(&key);
        self.jobs.tell(JobEvent::Added { job: document.id.clone(), next });
        self.tell_if_finished(&document.id);
    }

    /// Adds a job that no page has to carry out.
    pub(super) fn put_job(&mut self, now: Now, parsed: ParsedJob) -> Result<(), Refusal> {
        if self.scheduler.len() >= MAX_JOBS {
            return Err(super::super::commands::too_many("jobs", MAX_JOBS));
        }
        self.jobs.journal.row(&parsed.document.id);
        self.insert_job(now, parsed);
        Ok(())
    }

    /// Puts a job in another's place. With the same trigger it goes on as it was.
    pub(super) fn replace_job(&mut self, now: Now, parsed: ParsedJob) {
        let ParsedJob { document, trigger, complete } = parsed;
        let (id, key) = (document.id.clone(), user(&document.id));
        let given = canonical(&document.trigger);
        let Some(Some(old)) = self.scheduler.data_mut(&key) else { return };
        let same = *old.given == *given;
        // Its zone and phase were written in when it was added first.
        let complete = if same { keep_trigger(&old.document, &complete) } else { complete };
        let mut details = details_of(&document, complete, given);
        std::mem::swap(&mut details.bound, &mut old.bound);
        std::mem::swap(&mut details.open, &mut old.open);
        details.unbound = old.unbound;
        details.removed_by = old.removed_by.take();
        if same {
            details.shift = old.shift;
        }
        **old = details;
        self.scheduler.change(&key, |job| {
            job.policy = document.policy;
            if !same {
                job.progress.fires = 0;
                job.reschedule(trigger, now.wall);
            }
            match document.paused {
                Some(true) => job.pause(),
                Some(false) => job.resume(now.wall),
                None => {}
            }
        });
        self.scheduler.bring_back(&key);
        self.modified(&id);
    }

    fn modified(&mut self, job: &JobId) {
        self.jobs.journal.row(job);
        let next = self.scheduler.next_of(&user(job));
        self.jobs.tell(JobEvent::Modified { job: job.clone(), next });
    }

    fn modify_job(&mut self, now: Now, job: &JobId, changes: &str) -> Obeyed {
        let Some(details) = self.details(job) else { return unknown(job) };
        let changed = JobDocument::parse(&details.document).and_then(|old| {
            let new = old.changed(changes)?;
            let same = old.trigger == new.trigger;
            Ok((new, same))
        });
        let (document, same) = match changed {
            Ok(changed) => changed,
            Err(problems) => return refuse(problems),
        };
        let missing = self.missing_zones(document.zones());
        if !missing.is_empty() {
            return Obeyed::Needs(missing);
        }
        let given = details.given.clone();
        match document.with_trigger(&self.jobs.zones.setting(now, job)) {
            Ok(mut parsed) => {
                if same {
                    // The trigger stays as it was given, whatever was written into it since.
                    parsed.document.trigger = json::parse(&given).unwrap_or_default();
                }
                self.replace_job(now, parsed);
                Reply::Ok.into()
            }
            Err(problems) => refuse(problems),
        }
    }

    pub(super) fn pause_job(&mut self, job: &JobId) -> Result<(), Refusal> {
        let key = user(job);
        let (known, _) = self.scheduler.job(&key).ok_or_else(|| unknown_job(job))?;
        if !known.progress.paused {
            self.scheduler.change(&key, Job::pause);
            self.jobs.journal.row(job);
            self.jobs.tell(JobEvent::Paused { job: job.clone() });
        }
        Ok(())
    }

    pub(super) fn unpause_job(&mut self, now: Now, job: &JobId) -> Result<(), Refusal> {
        let key = user(job);
        let (known, _) = self.scheduler.job(&key).ok_or_else(|| unknown_job(job))?;
        if known.progress.paused {
            self.scheduler.change(&key, |job| job.resume(now.wall));
            self.scheduler.bring_back(&key);
            self.jobs.journal.row(job);
            let next = self.scheduler.next_of(&key);
            self.jobs.tell(JobEvent::Unpaused { job: job.clone(), next });
            self.tell_if_finished(job);
        }
        Ok(())
    }

    /// Holds all jobs back, or lets them go on. Kept in the store: the next engine does the same.
    fn stand_by(&mut self, standby: bool) {
        if self.scheduler.is_standing_by() != standby {
            self.scheduler.stand_by(standby);
            self.health.standby = standby;
            let (table, key) = (Table::Meta, STANDBY_KEY.to_owned());
            self.outbox.write(if standby {
                Write::Put(Row { table, key, value: "true".to_owned() })
            } else {
                Write::Delete { table, key }
            });
            self.jobs.tell(if standby { JobEvent::AllPaused } else { JobEvent::AllUnpaused });
        }
    }

    // ------------------------------------------------------------------------------------- remove

    fn remove_job(&mut self, now: Now, id: &CommandId, job: &JobId, mode: RemoveMode) -> Obeyed {
        let Some(details) = self.details(job) else { return Reply::Ok.into() };
        let open: Vec<FireId> = details.open.iter().map(|fire| fire.id.clone()).collect();
        match mode {
            RemoveMode::Wait if !open.is_empty() => {
                self.scheduler.change(&user(job), Job::pause);
                if let Some(Some(details)) = self.scheduler.data_mut(&user(job)) {
                    details.removed_by = Some(id.clone());
                }
                return Obeyed::Later;
            }
            RemoveMode::Abort => {
                self.scheduler.change(&user(job), |job| job.progress.waiting.clear());
                for fire in open {
                    self.end_fire(now, &fire, FireOutcome::Aborted);
                }
            }
            RemoveMode::Wait | RemoveMode::LetFinish => {}
        }
        self.forget_job(job);
        Reply::Ok.into()
    }

    /// Removes a job whose removal has waited for its fires.
    pub(super) fn remove_if_done(&mut self, job: &JobId) {
        let done =
            |details: &super::Details| details.removed_by.is_some() && details.open.is_empty();
        if self.details(job).is_some_and(done) {
            self.forget_job(job);
        }
    }

    /// Removes a job, and answers whoever has waited for that.
    pub(super) fn forget_job(&mut self, job: &JobId) {
        if let Some((_, Some(details))) = self.scheduler.remove(&user(job)) {
            self.jobs.note_chain(&details.target);
            self.jobs.leaving.extend(details.open);
            self.outbox.write(Write::Delete { table: Table::Jobs, key: job.to_string() });
            self.jobs.tell(JobEvent::Removed { job: job.clone() });
            if let Some(command) = details.removed_by {
                self.answer(command, Ok(Reply::Ok));
            }
        }
    }

    fn remove_all_jobs(&mut self) {
        for job in self.user_jobs() {
            self.forget_job(&job);
        }
        self.jobs.tell(JobEvent::AllRemoved);
    }

    // ----------------------------------------------------------------------------- run and backfill

    fn run_now(&mut self, now: Now, id: &CommandId, job: &JobId) -> Result<(), Refusal> {
        self.scheduler.job(&user(job)).ok_or_else(|| unknown_job(job))?;
        if !self.was_obeyed(id) {
            self.ask(now, job, now.wall, Cause::Asked)?;
            self.obeyed(id);
        }
        Ok(())
    }

    fn backfill(
        &mut self,
        now: Now,
        id: &CommandId,
        job: &JobId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(), Refusal> {
        let (known, _) = self.scheduler.job(&user(job)).ok_or_else(|| unknown_job(job))?;
        if until > now.wall || from > until {
            return Err(said(
                "until",
                "a backfill is over a time that has passed; let it end at or after its start, and not after now",
                "回填针对已过去的时间；结束不能早于开始，也不能晚于现在",
            ));
        }
        let room = MOST_WAITING - known.progress.waiting.len().min(MOST_WAITING);
        let most = room as u64 + 1;
        if known.trigger.count(from, until, most) == most {
            return Err(super::super::commands::too_many("fires to backfill", MOST_WAITING));
        }
        let mut fires = Vec::new();
        let mut at = known.trigger.next_from(from);
        while let Some(fire) = at.filter(|fire| *fire <= until) {
            fires.push(fire);
            at = known.trigger.next_after(Some(fire), fire);
        }
        if !self.was_obeyed(id) {
            for fire in fires {
                self.ask(now, job, fire, Cause::Backfill)?;
            }
            self.obeyed(id);
        }
        Ok(())
    }

    fn ask(&mut self, now: Now, job: &JobId, at: Timestamp, cause: Cause) -> Result<(), Refusal> {
        if !self.scheduler.ask(&user(job), at, cause) {
            return Err(super::super::commands::too_many("waiting fires", MOST_WAITING));
        }
        self.jobs.journal.moved(job);
        self.begin_waiting(now, job);
        Ok(())
    }

    // ------------------------------------------------------------------------------------- helpers

    fn was_obeyed(&self, id: &CommandId) -> bool {
        self.jobs.obeyed.contains(id)
    }

    /// Notes that a command was carried out, now and in the store.
    fn obeyed(&mut self, id: &CommandId) {
        if !self.was_obeyed(id) {
            self.jobs.journal.obeyed(id.clone());
            self.remember_command(id.clone());
        }
    }

    pub(super) fn details(&self, job: &JobId) -> Option<&super::Details> {
        self.scheduler.job(&user(job)).and_then(|(_, details)| details.as_deref())
    }
}

/// The new document with the old one's trigger.
fn keep_trigger(old: &str, new: &str) -> String {
    let read = |text| json::parse(text).unwrap_or_default();
    let (old, mut new) = (read(old), read(new));
    if let (Some(members), Some(trigger)) = (new.as_object_mut(), old.get("trigger")) {
        members.insert("trigger".to_owned(), trigger.clone());
    }
    json::text(&new)
}

/// Problems of one of several documents.
fn at_item(problems: Vec<Problem>, index: usize, count: usize) -> Vec<Problem> {
    if count == 1 {
        return problems;
    }
    let within = |problem: Problem| {
        let path = match problem.path.as_str() {
            "" => format!("jobs[{index}]"),
            path => format!("jobs[{index}].{path}"),
        };
        Problem { path, ..problem }
    };
    problems.into_iter().map(within).collect()
}

pub(super) fn refuse(problems: Vec<Problem>) -> Obeyed {
    Obeyed::Answer(Err(Refusal::Invalid(problems)))
}

pub(super) fn unknown(job: &JobId) -> Obeyed {
    Obeyed::Answer(Err(unknown_job(job)))
}

pub(super) fn unknown_job(job: &JobId) -> Refusal {
    Refusal::UnknownJob(job.clone())
}

fn said(path: &str, en: &str, zh: &str) -> Refusal {
    let kind = ProblemKind::Said { en: en.to_owned(), zh: zh.to_owned() };
    Refusal::Invalid(vec![Problem::new(path.to_owned(), kind)])
}

/// The jobs of an exported document.
pub(super) fn jobs_of(text: &str) -> Result<Vec<JobDocument>, Vec<Problem>> {
    let value = tree(text, MAX_EXPORT_BYTES)?;
    let mut problems = Problems::default();
    let items = Place::root(&value).object(&mut problems, &["baton_jobs", "jobs"], &[]).and_then(
        |object| {
            object.need(&mut problems, "baton_jobs")?.whole(&mut problems, 1, 1)?;
            object.need(&mut problems, "jobs")?.items(&mut problems, MAX_JOBS)
        },
    );
    let Some(items) = items.filter(|_| problems.is_empty()) else {
        return Err(problems.into_vec());
    };
    let count = items.len();
    let read = |(index, item): (usize, &Place)| {
        JobDocument::read(item.value).map_err(|problems| at_item(problems, index, count.max(2)))
    };
    items.iter().enumerate().map(read).collect()
}
