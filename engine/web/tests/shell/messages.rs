//! Every message crosses the border as a plain object and comes back the same.

use baton_engine::chain::Problem;
use baton_engine::id::{ChainId, CommandId, RunId};
use baton_engine::protocol::{
    Answer, AttemptPhase, AttemptView, Body, ChainView, Clock, Command, Envelope, Event, Evidence,
    Fatal, FromWorker, Health, HoldView, HttpRequest, HttpResponse, Order, ReadingView, Refusal,
    Reply, Role, RunPhase, RunView, Snapshot, StagePhase, StageView, Start, Storage, StoreTrouble,
    ToWorker, Transport,
};
use baton_engine::time::Timestamp;
use baton_engine::verify::{Diagnosis, Reason, Verdict};
use baton_engine_web::port::{decode, encode};
use js_sys::JSON;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

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
        Command::PauseRun { run: run() },
        Command::ResumeRun { run: run() },
        Command::CancelRun { run: run() },
        Command::PollNow { run: run() },
        Command::RemoveRun { run: run() },
        Command::ListAttempts { run: run() },
        Command::ReadEvidence { run: run(), stage: 0, attempt: 1 },
    ]
}

#[wasm_bindgen_test]
fn what_a_page_sends_is_understood() {
    let start = |storage, clock| {
        ToWorker::Start(Start { name: "n".into(), storage, clock, samples: vec!["{}".into()] })
    };
    let mut messages = vec![
        start(Storage::IndexedDb, Clock::Real),
        start(Storage::Memory, Clock::Test { start_ms: -9_007_199_254_740_991 }),
        ToWorker::Advance { ms: LARGEST, through_calls: true },
    ];
    let order =
        |command_| ToWorker::Command(Order { version: 1, id: command(), command: command_ });
    messages.extend(commands().into_iter().map(order));
    for message in messages {
        let plain =
            JSON::parse(&String::from(JSON::stringify(&written(&message)).unwrap())).unwrap();
        assert_eq!(decode(plain), Ok(message));
    }
}

#[wasm_bindgen_test]
fn what_no_page_should_send_is_refused_with_a_reason() {
    let check =
        |json: &str| assert!(!decode(JSON::parse(json).unwrap()).unwrap_err().is_empty(), "{json}");
    for json in [
        "null",
        "1",
        "\"subscribe\"",
        "[]",
        "{}",
        "{\"unknown\": 1}",
        "{\"start\": {}, \"command\": {}}",
        "{\"start\": {\"name\": 1}}",
        "{\"advance\": {\"ms\": -1, \"through_calls\": false}}",
        "{\"advance\": {\"ms\": 0.5, \"through_calls\": false}}",
        "{\"command\": {\"version\": 1, \"id\": \"a/b\", \"command\": \"subscribe\"}}",
    ] {
        check(json);
    }
    decode(JsValue::UNDEFINED).unwrap_err();
    decode(js_sys::Function::new_no_args("").into()).unwrap_err();
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
        reason: Some(Reason::DeadlinePassed {
            timeout_ms: 900_000,
            last: Some(Box::new(Reason::MayHaveBeenSent)),
            since: None,
        }),
        readings: vec![reading()],
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
        reason: Some(Reason::Network {
            diagnosis: Diagnosis::NotAllowed { origin: "http://localhost".into() },
        }),
        late: false,
        flapping: true,
        unconfirmed: false,
        hold: Some(HoldView::Polls { seen: 1, need: 2 }),
        captures: vec![("ts".into(), "\"x\"".into())],
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
        environments: Vec::new(),
    }
}

fn health() -> Health {
    let store = Some(StoreTrouble { message: "full".into(), failures: 1, retry_at: at(7) });
    Health { store, quarantined: 0, clock_generation: 1 }
}

fn evidence(answer: Option<Answer>) -> Reply {
    let headers = vec![("x-a".to_owned(), "1".to_owned())];
    let request = HttpRequest { method: "POST".into(), headers, ..HttpRequest::default() };
    Reply::Evidence(Box::new(Evidence { request, answer, cut: true }))
}

fn replies() -> Vec<Reply> {
    let response = HttpResponse {
        status: 200,
        headers: Vec::new(),
        body: Body::TooLarge,
        redirected_to: Some("http://127.0.0.1/b".into()),
    };
    let problems: Vec<Problem> = Vec::new();
    vec![
        Reply::Ok,
        Reply::Checked { problems },
        Reply::Saved { revision: 2 },
        Reply::Document { document: "{}".into(), revision: 2 },
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
        Refusal::UnknownEnvironment("x".into()),
        Refusal::Ended(run()),
        Refusal::NotEnded(run()),
        Refusal::NotRunning(run()),
        Refusal::NotFrozen(run()),
        Refusal::SentOnce(run()),
        Refusal::NoEvidence,
        Refusal::Invalid(Vec::new()),
        Refusal::Conflict { revision: 3 },
        Refusal::TooMany { what: "chains".into(), limit: 5 },
        Refusal::Store { message: "m".into() },
    ]
}

fn events() -> Vec<Event> {
    let snapshot =
        Snapshot { chains: vec![chain_view()], runs: vec![run_view()], health: health() };
    let mut events = vec![
        Event::Snapshot(snapshot),
        Event::ChainChanged(chain_view()),
        Event::ChainRemoved(chain()),
        Event::RunChanged(run_view()),
        Event::RunRemoved(run()),
        Event::AttemptChanged(attempt()),
        Event::Health(health()),
    ];
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
        let encoded = encode(&message).unwrap();
        // JSON has no maps, no big integers and no undefined: what survives it is plain.
        let plain = JSON::parse(&String::from(JSON::stringify(&encoded).unwrap())).unwrap();
        assert_eq!(serde_wasm_bindgen::from_value::<FromWorker>(plain).unwrap(), message);
        assert_eq!(serde_wasm_bindgen::from_value::<FromWorker>(encoded).unwrap(), message);
    }
}

#[wasm_bindgen_test]
fn the_script_s_own_message_is_the_protocol_s() {
    let crashed = FromWorker::Fatal(Fatal::Crashed { message: "m".into() });
    let json = String::from(JSON::stringify(&encode(&crashed).unwrap()).unwrap());
    assert_eq!(json, r#"{"fatal":{"crashed":{"message":"m"}}}"#, "as worker.js writes it");
}

#[wasm_bindgen_test]
fn a_number_beyond_javascript_s_is_an_error() {
    encode(&envelope(LARGEST + 1, Event::Health(Health::default()))).unwrap_err();
    encode(&FromWorker::Advanced { now_ms: i64::MAX }).unwrap_err();
}
