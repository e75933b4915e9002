//! Every message crosses the border as one JSON text and comes back the same.

use baton_engine::chain::Problem;
use baton_engine::id::{ChainId, CommandId, JobId, RunId};
use baton_engine::protocol::{
    Answer, AttemptPhase, AttemptView, Body, ChainView, Clock, Command, Envelope, Event, Evidence,
    Fatal, FromWorker, Health, HoldView, HttpRequest, HttpResponse, Order, Pace, ReadingView,
    Refusal, Reply, Role, RunPhase, RunView, ScheduleView, Snapshot, StagePhase, StageView, Start,
    Storage, StoreTrouble, ToWorker, Transport,
};
use baton_engine::secrets::{SecretText, SecretView, SecretWant};
use baton_engine::time::Timestamp;
use baton_engine::verify::{Diagnosis, Reason, Verdict};
use baton_engine_web::port::{decode, encode};
use js_sys::JSON;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::jobs;
use crate::page::written;

/// The largest whole number that JavaScript holds exactly.
const LARGEST: u64 = (1 << 53) - 1;

fn chain() -> ChainId {
    ChainId::try_from("购买").unwrap()
}

fn run() -> RunId {
    RunId::try_from("run-1").unwrap()
}

fn command() -> CommandId {
    CommandId::try_from("c:1").unwrap()
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

fn set_secret(value: Option<SecretText>) -> Command {
    let origins = vec!["https://a".into()];
    Command::SetSecret { environment: "dev".into(), name: "key".into(), value, origins }
}

fn commands() -> Vec<Command> {
    vec![
        Command::Subscribe,
        Command::CheckDocument { document: "{\"amount\": 19.90}".into() },
        Command::SaveChain { chain: chain(), document: "{}".into(), base: Some(3) },
        Command::SaveChain { chain: chain(), document: "{}".into(), base: None },
        Command::RemoveChain { chain: chain() },
        Command::ReadChain { chain: chain() },
        Command::StartRun { run: run(), chain: chain(), environment: Some("local".into()) },
        Command::StartRun { run: run(), chain: chain(), environment: None },
        Command::RetryRun { run: run(), from: run(), stage: 2 },
        Command::ChooseEnvironment { chain: chain(), environment: "dev".into() },
        set_secret(Some(SecretText("a \"value\"".into()))),
        set_secret(None),
        Command::RemoveSecret { environment: "dev".into(), name: "key".into() },
        Command::ArmSchedule { chain: chain(), armed: true },
        Command::PauseRun { run: run() },
        Command::ResumeRun { run: run() },
        Command::CancelRun { run: run() },
        Command::PollNow { run: run() },
        Command::RemoveRun { run: run() },
        Command::KeepIn { storage: Storage::Memory },
        Command::ReadRun { run: run() },
        Command::ListAttempts { run: run() },
        Command::ReadEvidence { run: run(), stage: 0, attempt: 1 },
        Command::Matrix { run: run(), reference: Some("Send".into()) },
        Command::Matrix { run: run(), reference: None },
    ]
}

#[wasm_bindgen_test]
fn what_a_page_sends_is_understood() {
    let start = |storage, clock| {
        ToWorker::Start(Start {
            name: "n".into(),
            storage,
            clock,
            samples: vec!["{}".into()],
            client: None,
        })
    };
    let mut messages = vec![
        start(Storage::IndexedDb, Clock::Real),
        start(Storage::Memory, Clock::Test { start_ms: -9_007_199_254_740_991 }),
        ToWorker::Advance { ms: LARGEST, pace: Pace::ThroughCalls },
    ];
    let order =
        |command_| ToWorker::Command(Order { version: 1, id: command(), command: command_ });
    messages.extend(commands().into_iter().map(order));
    let of_jobs = |command| order(Command::Jobs { client: jobs::client(), command });
    messages.extend(jobs::commands().into_iter().map(of_jobs));
    for message in messages {
        assert_eq!(decode(&written(&message)), Ok(message.clone()));
        // As a page writes it by itself: its order, its spaces, its nulls.
        let by_hand = JSON::stringify(&plain(&written(&message))).unwrap();
        assert_eq!(decode(&by_hand), Ok(message));
    }
}

/// The tree that a page without Rust makes of a message.
fn plain(message: &JsValue) -> JsValue {
    JSON::parse(&message.as_string().unwrap()).unwrap()
}

#[wasm_bindgen_test]
fn what_no_page_should_send_is_refused_with_a_reason() {
    let check =
        |json: &str, want: &str| assert_eq!(decode(&json.into()).unwrap_err(), want, "{json}");
    let tags = "start, command, proxy_token, advance";
    check("null", &format!("nothing where one of {tags} is wanted"));
    check("1", &format!("a number where one of {tags} is wanted"));
    check("[]", &format!("a list where one of {tags} is wanted"));
    check("{}", &format!("an object where one of {tags} is wanted"));
    check("{\"start\": {}, \"command\": {}}", &format!("an object where one of {tags} is wanted"));
    check("\"subscribe\"", &format!("`subscribe` is none of {tags}"));
    check("{\"unknown\": 1}", &format!("`unknown` is none of {tags}"));
    check("\"start\"", "start: nothing where an object is wanted");
    check("{\"start\": {\"name\": 1}}", "start: name: a number where a text is wanted");
    check("{\"advance\": {\"ms\": -1}}", "advance: ms: a number where a whole number is wanted");
    check("{\"advance\": {\"ms\": 0.5}}", "advance: ms: a number where a whole number is wanted");
    check(
        "{\"advance\": {\"ms\": 5}}",
        "advance: pace: nothing where one of awake, through_calls, asleep is wanted",
    );
    check(
        "{\"command\": {\"version\": 1, \"id\": \"a/b\", \"command\": \"subscribe\"}}",
        "command: id: an id has the character '/'; use letters, digits or any of . _ : -",
    );
    check(
        "{\"command\": {\"version\": 4294967296}}",
        "command: version: a number where a smaller number is wanted",
    );
    for no_json in ["", "{", "{\"start\": }", "subscribe"] {
        assert!(decode(&no_json.into()).unwrap_err().contains("line 1"), "{no_json}");
    }
    for no_text in
        [JsValue::UNDEFINED, js_sys::Function::new_no_args("").into(), plain(&"{}".into())]
    {
        assert_eq!(decode(&no_text).unwrap_err(), "a message is a JSON text");
    }
}

fn reading() -> ReadingView {
    ReadingView {
        place: "checks[0]".into(),
        rule: "$.rows[*] count equals".into(),
        expected: Some("1".into()),
        selected: vec!["19.90".into()],
        locations: vec!["$['rows'][0]".into()],
        verdict: Verdict::Pending,
        reason: Reason::CountBelow { what: "$.rows[*]".into(), seen: 0, want: LARGEST },
    }
}

fn attempt() -> AttemptView {
    AttemptView {
        run: run(),
        stage: 0,
        number: 1,
        phase: AttemptPhase::Judged(Verdict::Fail),
        scheduled_at: at(1_795_435_204_200),
        begun_at: at(-1),
        ended_at: None,
        latency_ms: Some(12),
        transport: Transport::Direct,
        method: "GET".into(),
        url: "http://127.0.0.1/".into(),
        status: Some(404),
        redirected_to: None,
        reason: Some(
            Reason::DeadlinePassed {
                timeout_ms: 900_000,
                last: Some(Box::new(Reason::MayHaveBeenSent)),
                since: None,
            }
            .into(),
        ),
        readings: vec![reading()].into(),
    }
}

fn stage() -> StageView {
    StageView {
        name: "Send".into(),
        system: None,
        phase: StagePhase::Holding,
        once: true,
        attempts: 2,
        begun_at: Some(at(0)),
        ended_at: None,
        due: Some(at(1)),
        deadline: None,
        interval_ms: LARGEST,
        timeout_ms: 1,
        reason: Some(
            Reason::Network {
                diagnosis: Diagnosis::OwnPolicy { target: "http://localhost".into() },
            }
            .into(),
        ),
        late: false,
        flapping: true,
        unconfirmed: false,
        hold: Some(HoldView::Polls { seen: 1, need: 2 }),
        captures: vec![("ts".into(), "\"x\"".into())],
        group: Some("tables".into()),
        again: Some(2),
        seeded_from: Some(run()),
    }
}

fn run_view() -> RunView {
    RunView {
        id: run(),
        chain: chain(),
        name: "Purchase".into(),
        revision: 1,
        number: 1,
        environment: None,
        retry_of: Some(run()),
        phase: RunPhase::TimedOut,
        started_at: at(5),
        ended_at: Some(at(6)),
        frozen_since: None,
        variables: vec![("amount".into(), "\"19.90\"".into())],
        stages: vec![stage()],
    }
}

fn chain_view() -> ChainView {
    ChainView {
        id: chain(),
        name: "n".into(),
        description: String::new(),
        revision: 1,
        stages: vec!["Send".into()],
        environments: vec!["dev".into()],
        environment: Some("dev".into()),
        secrets: vec!["key".into()],
        schedule: Some(ScheduleView {
            armed: true,
            next: Some(at(9)),
            trigger: "{}".into(),
            refused: Some(lacking().into()),
        }),
    }
}

fn lacking() -> Refusal {
    let want = SecretWant { name: "key".into(), is_set: false, origin: Some("https://a".into()) };
    Refusal::Secrets { environment: "dev".into(), wants: vec![want].into() }
}

fn secrets() -> Vec<SecretView> {
    let origins = vec!["https://a".into()];
    vec![SecretView { environment: "dev".into(), name: "key".into(), origins }]
}

fn health() -> Health {
    let store = Some(StoreTrouble { message: "full".into(), failures: 1, retry_at: at(7) });
    Health { store, in_memory: true, quarantined: 0, clock_generation: 1, standby: false }
}

fn evidence(answer: Option<Answer>) -> Reply {
    let headers = vec![("x-a".to_owned(), "1".to_owned())];
    let request = HttpRequest { method: "POST".into(), headers, ..HttpRequest::default() };
    Reply::Evidence(Evidence { request, answer, cut: true }.into())
}

fn replies() -> Vec<Reply> {
    let response = HttpResponse {
        status: 200,
        headers: Vec::new(),
        body: Body::TooLarge,
        redirected_to: Some("http://127.0.0.1/b".into()),
        hidden: None,
    };
    let problems: Vec<Problem> = Vec::new();
    vec![
        Reply::Ok,
        Reply::Checked { problems, warnings: Vec::new() },
        Reply::Saved { revision: 2 },
        Reply::Document { document: "{}".into(), revision: 2 },
        Reply::Run(run_view()),
        Reply::Attempts(vec![attempt()]),
        evidence(None),
        evidence(Some(Answer::Timeout)),
        evidence(Some(Answer::NoResponse(Diagnosis::NoAnswer))),
        evidence(Some(Answer::Response(response.clone()))),
        evidence(Some(Answer::Response(HttpResponse {
            body: Body::Text("{}".into()),
            ..response
        }))),
    ]
}

fn refusals() -> Vec<Refusal> {
    vec![
        Refusal::Version { engine: 2 },
        Refusal::UnknownChain(chain()),
        Refusal::UnknownRun(run()),
        Refusal::UnknownJob(JobId::try_from("j").unwrap()),
        Refusal::JobExists(JobId::try_from("j").unwrap()),
        Refusal::UnknownEnvironment("x".into()),
        lacking(),
        Refusal::NoSecret,
        Refusal::Ended(run()),
        Refusal::NotEnded(run()),
        Refusal::NotRunning(run()),
        Refusal::NotFrozen(run()),
        Refusal::SentOnce(run()),
        Refusal::StagesChanged { revision: 3 },
        Refusal::NotPassed { stage: "a".into() },
        Refusal::NoSchedule(chain()),
        Refusal::NoEvidence,
        Refusal::Invalid(Vec::new()),
        Refusal::Conflict { revision: 3 },
        Refusal::TooMany { what: "chains".into(), limit: 5 },
        Refusal::Language { message: "m".into() },
        Refusal::Store { message: "m".into() },
    ]
}

fn events() -> Vec<Event> {
    let (chains, runs) = (vec![chain_view()], vec![run_view()]);
    let snapshot = Snapshot { chains, runs, secrets: secrets(), health: health() };
    let mut events = vec![
        Event::Snapshot(snapshot),
        Event::ChainChanged(chain_view()),
        Event::ChainRemoved(chain()),
        Event::RunChanged(run_view()),
        Event::RunRemoved(run()),
        Event::AttemptChanged(attempt()),
        Event::Secrets(secrets()),
        Event::Health(health()),
    ];
    events.push(Event::Jobs(jobs::events()));
    let of_jobs = |reply| Event::Done { id: command(), reply: Reply::Jobs(reply) };
    events.extend(jobs::replies().into_iter().map(of_jobs));
    events.extend(replies().into_iter().map(|reply| Event::Done { id: command(), reply }));
    events.extend(refusals().into_iter().map(|refusal| Event::Refused { id: command(), refusal }));
    events
}

fn envelope(seq: u64, event: Event) -> FromWorker {
    FromWorker::Event(Envelope { version: 1, epoch: 7, seq, at: at(1_795_435_204_200), event })
}

#[wasm_bindgen_test]
fn what_a_worker_says_is_plain_and_comes_back_the_same() {
    let message = || "m".to_owned();
    let mut messages = vec![
        FromWorker::Role(Role::Leader),
        FromWorker::Role(Role::Follower),
        FromWorker::Advanced { now_ms: -5 },
        FromWorker::Fatal(Fatal::NewerDatabase),
        FromWorker::Fatal(Fatal::Database { message: message() }),
        FromWorker::Fatal(Fatal::NoLocks),
        FromWorker::Fatal(Fatal::BadMessage { message: message() }),
        FromWorker::Fatal(Fatal::Crashed { message: message() }),
    ];
    messages.extend(events().into_iter().map(|event| envelope(LARGEST, event)));
    for message in messages {
        let text = encode(&message).as_string().unwrap();
        assert_eq!(FromWorker::from_json(&text), Ok(message.clone()));
        // What a page without Rust reads, and would write again, is the same to the letter.
        let again = JSON::stringify(&plain(&text.as_str().into())).unwrap();
        assert_eq!(String::from(again), text);
    }
}

#[wasm_bindgen_test]
fn the_script_s_own_message_is_the_protocol_s() {
    let crashed = FromWorker::Fatal(Fatal::Crashed { message: "m".into() });
    assert_eq!(
        encode(&crashed),
        r#"{"fatal":{"crashed":{"message":"m"}}}"#,
        "as worker.js writes it"
    );
}

#[wasm_bindgen_test]
fn a_number_beyond_javascript_s_stays_at_the_limit() {
    let health = || Event::Health(Health::default());
    assert_eq!(encode(&envelope(u64::MAX, health())), encode(&envelope(LARGEST, health())));
    let at_the_end = format!("{{\"advanced\":{{\"now_ms\":-{LARGEST}}}}}");
    assert_eq!(encode(&FromWorker::Advanced { now_ms: i64::MIN }), *at_the_end);
}
