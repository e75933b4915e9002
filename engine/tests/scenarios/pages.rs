//! The pages that carry jobs out, in a simulation: what they were given, and when they report.
//!
//! At every fire that is handed over it checks what nothing may break: the store knows of it, and its
//! scheduled instant was never handed over before, by whatever engine.

use std::collections::BTreeSet;
use std::time::Duration;

use baton_engine::id::{ClientId, CommandId, JobId};
use baton_engine::protocol::{
    Cause, Command, Event, Existing, FireEnds, FireId, FireList, FireOutcome, FireView, Health,
    Input, JobEvent, JobFilter, JobView, JobsCommand, JobsReply, Refusal, Reply,
};
use baton_engine::store::{Batch, MemoryStore, Row, Table, Write};
use baton_engine::time::Timestamp;
use serde_json::Value;

use crate::sim::Sim;

/// What a page does with a fire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// It is done at once.
    Now,
    /// It takes a while.
    Takes(Duration),
    /// It throws at once.
    Throws(&'static str),
    /// It never ends by itself.
    Hangs,
}

/// A fire that was handed to a page.
#[derive(Clone, Debug)]
pub(crate) struct Handed {
    pub(crate) at: Timestamp,
    pub(crate) fire: FireId,
    pub(crate) client: ClientId,
}

pub(crate) struct Pages {
    pub(crate) work: Box<dyn FnMut(&FireId) -> Work>,
    pub(crate) handed: Vec<Handed>,
    pub(crate) zones: Vec<String>,
    /// Whether the shell takes its time to answer for a zone.
    pub(crate) zones_come_late: bool,
    pub(crate) watched: Vec<ClientId>,
    once: BTreeSet<(JobId, u32, Timestamp)>,
    at_work: Vec<(Option<Timestamp>, ClientId, FireId, Option<String>)>,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            work: Box::new(|_| Work::Now),
            handed: Vec::new(),
            zones: Vec::new(),
            zones_come_late: false,
            watched: Vec::new(),
            once: BTreeSet::new(),
            at_work: Vec::new(),
        }
    }
}

/// The page of an epoch's own worker.
pub(crate) fn own_page(epoch: u64) -> ClientId {
    page(&format!("page-{epoch}"))
}

pub(crate) fn page(name: &str) -> ClientId {
    ClientId::try_from(name).unwrap()
}

pub(crate) fn job(name: &str) -> JobId {
    JobId::try_from(name).unwrap()
}

impl Pages {
    pub(crate) fn hear(&mut self, now: Timestamp, events: &[JobEvent], store: &MemoryStore) {
        for event in events {
            match event {
                JobEvent::Submitted { fires, client, .. } => {
                    for fire in fires.iter() {
                        self.take(now, &fire, client.as_ref(), store);
                    }
                }
                // Whatever ended it, its page is not at it any more.
                JobEvent::Ended { fires, .. } => {
                    let ended: Vec<FireId> = fires.iter().collect();
                    self.at_work.retain(|(_, _, fire, _)| !ended.contains(fire));
                }
                _ => {}
            }
        }
    }

    fn take(
        &mut self,
        at: Timestamp,
        fire: &FireId,
        client: Option<&ClientId>,
        store: &MemoryStore,
    ) {
        // The latest rows first: it is mostly there.
        let known = store.rows(Table::Fires).rev().any(|(_, row)| is_recorded(row, fire));
        assert!(known, "a fire was handed over before it was recorded: {fire:?}");
        if fire.cause == Cause::Schedule {
            let key = (fire.job.clone(), fire.generation, fire.scheduled_at);
            assert!(self.once.insert(key), "a scheduled instant fires once: {fire:?}");
        }
        let Some(client) = client.cloned() else { return };
        self.handed.push(Handed { at, fire: fire.clone(), client: client.clone() });
        let (until, error) = match (self.work)(fire) {
            Work::Now => (Some(at), None),
            Work::Takes(span) => (Some(at.plus(span)), None),
            Work::Throws(message) => (Some(at), Some(message.to_owned())),
            Work::Hangs => (None, None),
        };
        self.at_work.push((until, client, fire.clone(), error));
    }

    pub(crate) fn next_end(&self) -> Option<Timestamp> {
        self.at_work.iter().filter_map(|(until, ..)| *until).min()
    }

    pub(crate) fn own_page_dies(&mut self, epoch: u64) {
        let own = own_page(epoch);
        self.at_work.retain(|(_, client, ..)| *client != own);
    }

    /// The fires that a page is at.
    pub(crate) fn executing(&self, client: &ClientId) -> Vec<FireId> {
        let of = self.at_work.iter().filter(|(_, at, ..)| at == client);
        of.map(|(_, _, fire, _)| fire.clone()).collect()
    }

    fn ends(&mut self, now: Timestamp) -> Vec<(ClientId, FireEnds)> {
        let (ended, open): (Vec<_>, Vec<_>) = std::mem::take(&mut self.at_work)
            .into_iter()
            .partition(|(until, ..)| until.is_some_and(|until| until <= now));
        self.at_work = open;
        let end =
            |(_, client, fire, error)| (client, FireEnds { fires: FireList::of(fire), error });
        ended.into_iter().map(end).collect()
    }
}

impl Sim {
    /// Sends a command of this worker's own page.
    pub(crate) fn ask(&mut self, command: JobsCommand) -> Result<JobsReply, Refusal> {
        let client = own_page(self.epoch);
        self.ask_as(client, command)
    }

    /// Sends a command of any page.
    pub(crate) fn ask_as(
        &mut self,
        client: ClientId,
        command: JobsCommand,
    ) -> Result<JobsReply, Refusal> {
        match self.command(Command::Jobs { client, command })? {
            Reply::Jobs(reply) => Ok(reply),
            Reply::Ok => Ok(JobsReply::Text(String::new())),
            other => panic!("{other:?}"),
        }
    }

    /// Adds a job `name` that fires by `trigger`, with these members besides.
    pub(crate) fn add(&mut self, name: &str, members: serde_json::Value) {
        let mut document = serde_json::json!({"id": name});
        document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let documents = vec![document.to_string()];
        let command = JobsCommand::Add { documents, existing: Existing::default() };
        if let Err(refusal) = self.ask(command) {
            panic!("{refusal:?}");
        }
    }

    /// Sends a command and doesn't expect its answer yet.
    pub(crate) fn send_only(&mut self, client: ClientId, command: JobsCommand) -> CommandId {
        let id = self.fresh_id();
        self.send(id.clone(), Command::Jobs { client, command });
        id
    }

    /// How a command was answered, if it was.
    pub(crate) fn answer_of(&self, id: &CommandId) -> Option<Result<Reply, Refusal>> {
        self.events.iter().find_map(|envelope| match &envelope.event {
            Event::Done { id: of, reply } if of == id => Some(Ok(reply.clone())),
            Event::Refused { id: of, refusal } if of == id => Some(Err(refusal.clone())),
            _ => None,
        })
    }

    pub(crate) fn page_gone(&mut self, client: &ClientId) {
        self.engine.handle(self.now, Input::PageGone(client.clone()));
        self.drain();
    }

    /// The engine's health, as it was told last.
    pub(crate) fn health(&self) -> Health {
        let told = self.events.iter().rev().find_map(|envelope| match &envelope.event {
            Event::Health(health) => Some(health.clone()),
            Event::Snapshot(snapshot) => Some(snapshot.health.clone()),
            _ => None,
        });
        told.expect("an engine begins with a snapshot")
    }

    /// The shell answers for the zones that it was asked for.
    pub(crate) fn zones_come(&mut self) {
        self.pages.zones_come_late = false;
        for name in self.pages.zones.clone() {
            let zone = baton_engine::zone::bundled::zone(&name);
            self.engine.handle(self.now, Input::Zone { name, zone });
        }
        self.drain();
    }

    /// Writes another value over a row, as a fault would.
    pub(crate) fn spoil(&mut self, table: Table, key: &str, value: &str) {
        let row = Row { table, key: key.to_owned(), value: value.to_owned() };
        self.store.commit(Batch { strict: vec![Write::Put(row)], relaxed: Vec::new() });
    }

    /// Pages report what they have done.
    pub(crate) fn report_fires(&mut self) {
        for (client, end) in self.pages.ends(self.now.wall) {
            // Its answer comes when the store has it, which may be later.
            self.send_only(client, JobsCommand::Ended { ends: vec![end] });
        }
    }

    /// All that happened to jobs, in order.
    pub(crate) fn job_events(&self) -> Vec<JobEvent> {
        let events = self.events.iter().filter_map(|envelope| match &envelope.event {
            Event::Jobs(events) => Some(events.clone()),
            _ => None,
        });
        events.flatten().collect()
    }

    /// The instants of a job that were handed over, in seconds after the start.
    pub(crate) fn fired(&self, name: &str) -> Vec<i64> {
        let handed = self.pages.handed.iter().filter(|handed| handed.fire.job == job(name));
        let seconds = |at: Timestamp| (at.as_ms() - crate::sim::START.as_ms()).div_euclid(1000);
        handed.map(|handed| seconds(handed.fire.scheduled_at)).collect()
    }

    /// How a job's fires ended, in order.
    pub(crate) fn outcomes(&self, name: &str) -> Vec<FireOutcome> {
        let ended = self.job_events().into_iter().flat_map(|event| match event {
            JobEvent::Ended { fires, outcome } => {
                let own = fires.iter().filter(|fire| fire.job == job(name)).count();
                vec![outcome; own]
            }
            _ => Vec::new(),
        });
        ended.collect()
    }

    pub(crate) fn job(&mut self, name: &str) -> Option<JobView> {
        let filter = JobFilter::default();
        let list = JobsCommand::List { filter };
        match self.ask(list) {
            Ok(JobsReply::Jobs(jobs)) => jobs.into_iter().find(|view| view.id == job(name)),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn history(&mut self, name: Option<&str>) -> Vec<FireView> {
        match self.ask(JobsCommand::History { job: name.map(job), count: 1000 }) {
            Ok(JobsReply::History(fires)) => fires,
            other => panic!("{other:?}"),
        }
    }
}

/// Whether a row of the journal tells of a fire, under way or ended: its columns are runs of values and
/// counts.
fn is_recorded(row: &str, fire: &FireId) -> bool {
    let row = &serde_json::from_str::<Value>(row).unwrap()["record"];
    let is_it = |job: &str, number: i64, scheduled: i64| {
        let known = (job, number.cast_unsigned(), scheduled);
        known == (fire.job.as_str(), fire.number, fire.scheduled_at.as_ms())
    };
    let (jobs, under_way) = (&row["moved"]["jobs"], column(&row["moved"]["progress"]["under_way"]));
    let open = |name: &str| column(&row["moved"]["open"][name]);
    let jobs = jobs.as_array().unwrap().iter().zip(under_way);
    let owners = jobs.flat_map(|(job, open)| (0..open).map(move |_| job.as_str().unwrap()));
    let mut begun = owners.zip(open("number").zip(open("scheduled_at")));
    let mut ended = row["ended"].as_array().unwrap().iter().map(|ended| &ended["fire"]);
    begun.any(|(job, (number, scheduled))| is_it(job, number, scheduled))
        || ended.any(|fire| {
            let number = |name: &str| fire[name].as_i64().unwrap();
            is_it(fire["job"].as_str().unwrap(), number("number"), number("scheduled_at"))
        })
}

fn column(runs: &Value) -> impl Iterator<Item = i64> {
    let number = |value: &Value| value.as_i64().unwrap();
    let pairs = runs.as_array().unwrap().chunks(2);
    pairs.flat_map(move |pair| (0..number(&pair[1])).map(move |_| number(&pair[0])))
}
