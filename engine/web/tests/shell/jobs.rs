//! Jobs in a real worker: their messages, their time zones, and the pages that carry them out.

use baton_engine::id::{ClientId, CommandId, JobId, RunId};
use baton_engine::protocol::{
    AddedJob, Blocking, Cause, ClockDecision, Command, Event, Existing, FireEnds, FireId, FireList,
    FireOutcome, FireView, FromWorker, JobEvent, JobFilter, JobState, JobView, JobsCommand,
    JobsReply, MissedWhy, Order, Pace, RemoveMode, Reply, Role, Start, Storage, ToWorker, VERSION,
};
use baton_engine::time::Timestamp;
use baton_engine_web::worker::Worker;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, test_start, written};

pub(crate) fn client() -> ClientId {
    ClientId::try_from("page-1").unwrap()
}

fn job() -> JobId {
    JobId::try_from("refresh").unwrap()
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

fn fire() -> FireId {
    FireId { job: job(), generation: 1, scheduled_at: at(-5), number: 7, cause: Cause::Backfill }
}

/// One of each, for the test of all messages.
pub(crate) fn commands() -> Vec<JobsCommand> {
    let document = || "{\"id\": \"refresh\"}".to_owned();
    let filter = JobFilter { job: None, tag: Some("x".into()), state: Some(JobState::Unbound) };
    vec![
        JobsCommand::Resume { jobs: vec![job()], executing: vec![fire()] },
        JobsCommand::Add { documents: vec![document()], existing: Existing::Keep },
        JobsCommand::Modify { job: job(), changes: document() },
        JobsCommand::Pause { job: job() },
        JobsCommand::Unpause { job: job() },
        JobsCommand::Remove { job: job(), mode: RemoveMode::Wait },
        JobsCommand::RemoveAll,
        JobsCommand::PauseAll,
        JobsCommand::UnpauseAll,
        JobsCommand::RunNow { job: job() },
        JobsCommand::Backfill { job: job(), from: at(1), until: at(2) },
        JobsCommand::NextFires { job: job(), count: 3 },
        JobsCommand::Preview { trigger: document(), count: 3 },
        JobsCommand::List { filter },
        JobsCommand::List { filter: JobFilter::default() },
        JobsCommand::History { job: None, count: 1 },
        JobsCommand::Bind { jobs: vec![job()] },
        JobsCommand::Unbind { jobs: Vec::new() },
        JobsCommand::Ended {
            ends: vec![FireEnds { fires: FireList::of(fire()), error: Some("m".into()) }],
        },
        JobsCommand::Shutdown { wait: true, timeout_ms: 30_000 },
        JobsCommand::Export,
        JobsCommand::Import { document: document(), existing: Existing::Refuse },
    ]
}

pub(crate) fn replies() -> Vec<JobsReply> {
    let view = JobView {
        id: job(),
        document: "{}".into(),
        state: JobState::Finished,
        next: None,
        last: Some(at(1)),
        fires: 2,
        skipped: 1,
        under_way: 1,
        under_way_since: Some(at(3)),
        waiting: 4,
        exhausted: true,
    };
    let run = RunId::try_from("r").ok();
    let outcome = Some(FireOutcome::Failed { message: "m".into() });
    let record = FireView { fire: fire(), begun_at: at(1), run, ended_at: Some(at(2)), outcome };
    vec![
        JobsReply::Added(vec![AddedJob { id: job(), next: Some(at(5)) }]),
        JobsReply::Jobs(vec![view]),
        JobsReply::Fires(vec![at(1), at(2)]),
        JobsReply::History(vec![record]),
        JobsReply::Text("t".into()),
    ]
}

pub(crate) fn events() -> Vec<JobEvent> {
    let outcome = |outcome| JobEvent::Ended { fires: FireList::of(fire()), outcome };
    let change = |decision| JobEvent::ClockChange { job: job(), at: at(9), decision };
    let missed = |why| JobEvent::Missed { job: job(), first: at(1), count: 10_000, why };
    let blocked_by = Some(Blocking { fire: fire(), begun_at: at(3) });
    vec![
        JobEvent::Added { job: job(), next: Some(at(1)) },
        JobEvent::Modified { job: job(), next: None },
        JobEvent::Paused { job: job() },
        JobEvent::Unpaused { job: job(), next: Some(at(2)) },
        JobEvent::Removed { job: job() },
        JobEvent::AllRemoved,
        JobEvent::AllPaused,
        JobEvent::AllUnpaused,
        JobEvent::Submitted { fires: FireList::of(fire()), client: Some(client()), timeout_ms: 1 },
        JobEvent::Submitted { fires: FireList::of(fire()), client: None, timeout_ms: 1 },
        outcome(FireOutcome::Executed),
        outcome(FireOutcome::TimedOut),
        outcome(FireOutcome::Aborted),
        outcome(FireOutcome::Abandoned),
        missed(MissedWhy::BeyondGrace),
        missed(MissedWhy::TooMany),
        JobEvent::Coalesced { job: job(), into: at(1), count: 2 },
        JobEvent::Skipped { job: job(), scheduled_at: at(1), in_a_row: 2, blocked_by },
        JobEvent::Waiting { job: job(), scheduled_at: at(1) },
        JobEvent::Unbound { job: job(), scheduled_at: at(1) },
        change(ClockDecision::GapMoved),
        change(ClockDecision::GapSkipped),
        change(ClockDecision::FoldFirst),
        change(ClockDecision::FoldLast),
        change(ClockDecision::FoldBoth),
        JobEvent::Finished { jobs: vec![job(), job()] },
        JobEvent::Shutdown { client: client() },
    ]
}

fn start(name: &str, storage: Storage) -> Start {
    Start { client: Some(client()), ..test_start(name, storage) }
}

fn send(worker: &Worker, id: &str, command: JobsCommand) {
    let id = CommandId::try_from(id).unwrap();
    let command = Command::Jobs { client: client(), command };
    worker.receive(&written(&ToWorker::Command(Order { version: VERSION, id, command })));
}

fn add(trigger: &str) -> JobsCommand {
    let document = format!("{{\"id\": \"refresh\", \"trigger\": {trigger}}}");
    JobsCommand::Add { documents: vec![document], existing: Existing::Replace }
}

/// The answer of a command, once it comes.
async fn answer(page: &Page, id: &str) -> JobsReply {
    loop {
        match event(page).await {
            Event::Done { id: of, reply: Reply::Jobs(reply) } if of.as_str() == id => return reply,
            Event::Refused { id: of, refusal } if of.as_str() == id => panic!("{refusal:?}"),
            _ => {}
        }
    }
}

async fn event(page: &Page) -> Event {
    loop {
        if let FromWorker::Event(envelope) = page.next().await {
            return envelope.event;
        }
    }
}

/// The next fire that is handed over, once it comes.
async fn next_fire(page: &Page) -> (FireId, Option<ClientId>) {
    loop {
        let Event::Jobs(events) = event(page).await else { continue };
        for event in events {
            if let JobEvent::Submitted { fires, client, .. } = event {
                return (fires.iter().next().unwrap(), client);
            }
        }
    }
}

/// Waits until its worker leads: while nobody does, a command goes nowhere.
async fn leads(page: &Page) {
    while page.next().await != FromWorker::Role(Role::Leader) {}
}

fn advance(worker: &Worker, ms: u64) {
    worker.receive(&written(&ToWorker::Advance { ms, pace: Pace::Awake }));
}

#[wasm_bindgen_test]
async fn a_job_is_handed_to_the_page_that_added_it() {
    let page = Page::new();
    let worker = page.start(start("jobs-alone", Storage::Memory));
    send(&worker, "c1", add(r#"{"type": "interval", "seconds": 58}"#));
    let JobsReply::Added(added) = answer(&page, "c1").await else { panic!("it is added") };
    assert_eq!(added, [AddedJob { id: job(), next: Some(at(59_000)) }]);
    advance(&worker, 58_000);
    let (fire, to) = next_fire(&page).await;
    assert_eq!((fire.scheduled_at, to), (at(59_000), Some(client())));
}

#[wasm_bindgen_test]
async fn a_command_that_names_a_zone_is_answered_by_the_browser_s_rules() {
    let page = Page::new();
    let worker = page.start(start("jobs-zone", Storage::Memory));
    let trigger = r#"{"type": "cron", "hour": 9, "timezone": "Asia/Kathmandu"}"#;
    send(&worker, "c1", add(trigger));
    let JobsReply::Added(added) = answer(&page, "c1").await else { panic!("it is added") };
    // Nepal was five and a half hours ahead in 1970.
    assert_eq!(added[0].next, Some(at(12_600_000)));
    let id = CommandId::try_from("c2").unwrap();
    send(&worker, "c2", add(r#"{"type": "cron", "hour": 9, "timezone": "Europe/Londinium"}"#));
    loop {
        if let Event::Refused { id: of, refusal } = event(&page).await
            && of == id
        {
            assert!(format!("{refusal:?}").contains("Europe/Londinium"));
            break;
        }
    }
}

#[wasm_bindgen_test]
async fn a_job_is_found_again_in_the_database() {
    let page = Page::new();
    let worker = page.start(start("jobs-kept", Storage::IndexedDb));
    leads(&page).await;
    let trigger = r#"{"type": "cron", "hour": 9, "timezone": "Asia/Kathmandu"}"#;
    send(&worker, "c1", add(trigger));
    answer(&page, "c1").await;
    drop(worker);

    let page = Page::new();
    let worker = page.start(start("jobs-kept", Storage::IndexedDb));
    let list = JobsCommand::List { filter: JobFilter::default() };
    leads(&page).await;
    send(&worker, "c2", list);
    let JobsReply::Jobs(jobs) = answer(&page, "c2").await else { panic!("a list") };
    assert_eq!((jobs[0].id.clone(), jobs[0].next), (job(), Some(at(12_600_000))));
}
