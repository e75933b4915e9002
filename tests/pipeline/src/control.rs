//! The paths under `/_control/`, by which a test sees and steers the pipeline.
//!
//! * `GET state`: what is set and how much is kept. `GET log`: every request but these.
//! * `POST faults` `{"warehouse": ["rounded"]}`: replaces the faults of each system that is named, `[]` clears them;
//!   the others stay. They hit what is accepted and asked from then on. How a fault is written: see `fault::parse`.
//! * `POST delays` `{"report": "2s", "jitter": 250}`: for the events that are accepted from then on.
//! * `POST clock` `{"advance_ms": 1000}`: only with the manual clock, otherwise 409.
//! * `POST reset`: no events, no log, the delays and faults of the start. The clock stays: time never goes back.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::fault::{Origin, StandingFaults, delays_of, duration, faults_json, faults_of, millis};
use crate::http::{Answer, Method, Request};
use crate::limits::MAX_ADVANCE;
use crate::options::ClockMode;
use crate::pipeline::Pipeline;
use crate::time::Timestamp;

/// What can be asked of the control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ControlRoute {
    State,
    Log,
    Faults,
    Delays,
    Clock,
    Reset,
}

impl ControlRoute {
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "state" => Some(Self::State),
            "log" => Some(Self::Log),
            "faults" => Some(Self::Faults),
            "delays" => Some(Self::Delays),
            "clock" => Some(Self::Clock),
            "reset" => Some(Self::Reset),
            _ => None,
        }
    }

    pub(crate) const fn methods(self) -> &'static [Method] {
        match self {
            Self::State | Self::Log => &[Method::Get, Method::Head],
            Self::Faults | Self::Delays | Self::Clock | Self::Reset => &[Method::Post],
        }
    }
}

/// Carries out a control request; `now` is the pipeline's own.
pub(crate) fn handle(
    pipeline: &mut Pipeline,
    route: ControlRoute,
    request: &Request,
    now: Timestamp,
) -> Answer {
    let done = match route {
        ControlRoute::State => return Answer::json(200, &state(pipeline, now)),
        ControlRoute::Log => return Answer::json(200, &pipeline.log.to_json()),
        ControlRoute::Faults => {
            document(request).and_then(|document| set_faults(pipeline, &document, now))
        }
        ControlRoute::Delays => {
            document(request).and_then(|document| set_delays(pipeline, document))
        }
        ControlRoute::Clock => return advance(pipeline, request, now),
        ControlRoute::Reset => {
            pipeline.reset();
            Ok(())
        }
    };
    match done {
        Ok(()) => Answer::json(200, &state(pipeline, now)),
        Err(error) => refusal(400, &error),
    }
}

/// An answer that says what is wrong.
pub(crate) fn refusal(status: u16, error: &str) -> Answer {
    Answer::json(status, &json!({"error": error}))
}

fn state(pipeline: &Pipeline, now: Timestamp) -> Value {
    let delays: Map<String, Value> = pipeline
        .delays
        .by_system
        .iter()
        .map(|(system, delay)| (system.name().to_owned(), json!(millis(*delay))))
        .filter(|(name, _)| name != "intake")
        .collect();
    let faults: Map<String, Value> = pipeline
        .faults
        .iter()
        .map(|(system, standing)| {
            (system.name().to_owned(), faults_json(&standing.faults().collect::<Vec<_>>()))
        })
        .collect();
    let store = &pipeline.store;
    json!({
        "seed": pipeline.options.seed.number().to_string(),
        "clock": pipeline.options.clock.name(),
        "now": now.to_rfc3339(),
        "now_ms": now.as_ms(),
        "delays_ms": delays,
        "jitter_ms": millis(pipeline.delays.jitter),
        "faults": faults,
        "events": {"kept": store.events.len(), "dropped": store.events.dropped()},
        "bad": {"kept": store.bad.len(), "dropped": store.bad.dropped()},
        "log": {"kept": pipeline.log.len(), "dropped": pipeline.log.dropped()},
    })
}

fn set_faults(pipeline: &mut Pipeline, document: &Value, now: Timestamp) -> Result<(), String> {
    // All of it is read before any of it is set.
    for (system, faults) in
        faults_of(document, "faults", Origin::Standing).map_err(|error| error.to_string())?
    {
        pipeline.faults[system] = StandingFaults::new(faults, Some(now));
    }
    Ok(())
}

fn set_delays(pipeline: &mut Pipeline, mut document: Value) -> Result<(), String> {
    let jitter = document.as_object_mut().and_then(|entries| entries.remove("jitter"));
    let jitter = jitter
        .map(|jitter| duration(&jitter, "delays.jitter".to_owned()))
        .transpose()
        .map_err(|error| error.to_string())?;
    let delays = delays_of(&document, "delays").map_err(|error| error.to_string())?;
    for (system, delay) in delays {
        pipeline.delays.by_system[system] = delay;
    }
    if let Some(jitter) = jitter {
        pipeline.delays.jitter = jitter;
    }
    Ok(())
}

fn advance(pipeline: &mut Pipeline, request: &Request, now: Timestamp) -> Answer {
    match pipeline.options.clock {
        ClockMode::Manual => {}
        ClockMode::Real => {
            return refusal(
                409,
                "the clock is the real one; start the pipeline with --clock manual to move it",
            );
        }
    }
    let advance = document(request).ok().and_then(|document| document.get("advance_ms")?.as_u64());
    let moved = advance.and_then(|ms| pipeline.advanced.checked_add(Duration::from_millis(ms)));
    match (advance, moved.filter(|moved| *moved <= MAX_ADVANCE)) {
        (Some(ms), Some(moved)) => {
            pipeline.advanced = moved;
            Answer::json(200, &state(pipeline, now.after(Duration::from_millis(ms))))
        }
        (Some(_), None) => {
            refusal(400, "advance_ms moves the clock by more than ten years; use less")
        }
        (None, _) => {
            refusal(400, "the body must be {\"advance_ms\": n} with a whole number of milliseconds")
        }
    }
}

fn document(request: &Request) -> Result<Value, String> {
    match request.json() {
        None => Err("the body is empty: send a JSON object".to_owned()),
        Some(Err(error)) => Err(format!("the body is not JSON: {error}")),
        Some(Ok(document)) => Ok(document),
    }
}
