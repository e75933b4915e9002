//! The chains that the page ships, run against the pipeline's own machine: what a first visitor sees.

use baton_engine::chain::Chain;
use baton_engine::locale::Locale;
use baton_engine::protocol::{
    Answer, Body, Call, HttpResponse, Reply, RunPhase, StagePhase, Transport,
};
use baton_engine::time::Timestamp;
use baton_engine::verify::Diagnosis;
use pipeline::demo::Demo;
use serde_json::{Value, json};

use crate::sim::{Fate, Sim, secs};

const SAMPLE: &str = include_str!("../../../www/chains/sample.json");
pub(crate) const OVER_HTTP: &str = include_str!("../../../www/chains/http-pipeline.json");

/// Carries requests to a pipeline, as the worker does for `demo:` addresses.
pub(crate) fn demo() -> impl FnMut(&Call, Timestamp) -> Fate {
    let mut demo = Demo::new(pipeline::Seed::new(7));
    move |call, now| {
        let url = call.request.url.replace("http://127.0.0.1:8788/", "demo:///");
        let request = json!({
            "method": call.request.method, "url": url,
            "headers": call.request.headers, "body": call.request.body
        });
        #[expect(clippy::cast_precision_loss, reason = "instants of this century are exact")]
        let response = demo.handle(&request.to_string(), now.as_ms() as f64);
        let response: Value = serde_json::from_str(&response).unwrap();
        if response["hang"] == json!(true) {
            return Fate::Never;
        }
        Fate::Now(Answer::Response(HttpResponse {
            status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
            headers: Vec::new(),
            body: Body::Text(response["body"].as_str().unwrap_or_default().to_owned()),
            redirected_to: None,
            hidden: None,
        }))
    }
}

/// The sample, with these faults carried by its event.
pub(crate) fn with_faults(document: &str, faults: Value) -> String {
    let mut document: Value = serde_json::from_str(document).unwrap();
    document["stages"][0]["request"]["json"]["faults"] = faults;
    document.to_string()
}

pub(crate) fn run(document: &str) -> Sim {
    let mut sim = Sim::started(document, demo());
    sim.advance(secs(130));
    sim
}

#[test]
fn the_shipped_chains_are_valid() {
    for document in [SAMPLE, OVER_HTTP] {
        let chain = Chain::parse(document);
        assert!(chain.is_ok(), "{:?}", chain.err());
    }
}

#[test]
fn the_sample_passes_in_five_stages_without_any_network() {
    let mut sim = run(SAMPLE);
    let run = sim.run();
    assert_eq!(run.phase, RunPhase::Passed, "{:?}", run.stages);
    assert_eq!(run.stages.len(), 5);
    let took = run.ended_at.unwrap().since(run.started_at);
    assert!((secs(10)..secs(20)).contains(&took), "{took:?}");
    assert!(sim.requests.iter().all(|(_, call)| call.transport == Transport::Demo));
    let sent = sim.requests.iter().filter(|(_, call)| call.request.method == "POST").count();
    assert_eq!(sent, 1);
}

#[test]
fn the_chain_over_http_passes_in_six() {
    let mut sim = run(OVER_HTTP);
    let run = sim.run();
    assert_eq!((run.phase, run.stages.len()), (RunPhase::Passed, 6), "{:?}", run.stages);
    assert!(sim.requests.iter().all(|(_, call)| call.transport == Transport::Direct));
}

#[test]
fn every_fault_is_found_where_it_happens() {
    let check = |system: &str, fault: &str, stage: usize, phase: StagePhase, words: &str| {
        let document = with_faults(SAMPLE, json!({system: [fault]}));
        let mut sim = run(&document);
        let found = sim.stage(stage);
        let sentence = found.reason.clone().map(|reason| reason.sentence(Locale::En));
        let sentence = sentence.unwrap_or_default();
        assert_eq!(found.phase, phase, "{system} {fault}: {sentence}");
        assert!(sentence.contains(words), "{system} {fault}: {sentence}");
    };
    check("cleaned", "rounded", 3, StagePhase::Failed, "_source.amount is 20, expected \"19.90\"");
    check("stream", "rounded", 2, StagePhase::Failed, "metric.amount is");
    check("collector", "duplicate", 1, StagePhase::Failed, "expected 1; duplicates:");
    check("report", "duplicate", 4, StagePhase::Failed, "expected 1; duplicates:");
    check("cleaned", "changed_case", 3, StagePhase::Failed, "_source.event is");
    check("report", "lost", 4, StagePhase::TimedOut, "not there within 2 m");
    check("stream", "server_error", 2, StagePhase::TimedOut, "answered 503");
    check("stream", "hang", 2, StagePhase::TimedOut, "no answer within 5 s");
    check("cleaned", "login_page", 3, StagePhase::Failed, "a login page?");
    check("report", "late", 4, StagePhase::Passed, "");
}

#[test]
fn what_failed_has_its_evidence() {
    let document = with_faults(SAMPLE, json!({"cleaned": ["rounded"]}));
    let mut sim = run(&document);
    let attempt = sim.attempts().into_iter().rfind(|attempt| attempt.stage == 3).unwrap();
    let readings = attempt.readings.read().unwrap();
    let reading = readings.iter().find(|reading| reading.place == "checks[3]").unwrap();
    assert_eq!(reading.selected, ["20"]);
    assert_eq!(reading.expected.as_deref(), Some("\"19.90\""));
    let evidence = sim.evidence(3, attempt.number).unwrap();
    let Some(Answer::Response(response)) = evidence.answer else { panic!("{evidence:?}") };
    let Body::Text(body) = response.body else { panic!("a body was kept") };
    assert!(body.contains("\"amount\":20"), "{body}");
}

#[test]
fn a_refused_connection_waits_and_says_why() {
    let mut sim = Sim::started(OVER_HTTP, |call, _| {
        if call.request.method == "POST" {
            return Fate::Now(crate::sim::status(
                202,
                &call.request.body.clone().unwrap_or_default(),
            ));
        }
        Fate::Now(Answer::NoResponse(Diagnosis::NoAnswer))
    });
    sim.advance(secs(10));
    let stage = sim.stage(1);
    assert_eq!(stage.phase, StagePhase::Waiting);
    let sentence = stage.reason.unwrap().sentence(Locale::Zh);
    assert!(sentence.starts_with("无响应"), "{sentence}");
    let paused =
        sim.command(baton_engine::protocol::Command::PauseRun { run: crate::sim::run_id("run") });
    assert_eq!(paused, Ok(Reply::Ok));
}
