//! The state machine: what is kept, and what is answered. Where to start: [`Pipeline::handle`].
//!
//! No clock, no I/O, no randomness but the seed. An event's whole fate is settled when it is accepted (see
//! [`Passage`]), so that reading changes nothing but the log, and the count of what bounded faults have used up.

use std::time::Duration;

use serde_json::json;

use crate::control;
use crate::cors::{self, Cors};
use crate::event::{Change, Event, Passage, SentEvent};
use crate::fault::{
    Asked, DataFault, Disruption, Fault, FaultKind, Instead, Phase, StandingFaults,
    event_disruption,
};
use crate::http::{Answer, Body, Method, Request, Response};
use crate::intake::{self, BadEvent, Door};
use crate::limits::{MAX_BAD_EVENTS, MAX_BODY_BYTES, MAX_EVENT_BYTES, MAX_EVENTS, MAX_URL_BYTES};
use crate::log::{Log, Noted};
use crate::options::{Control, Delays, Options};
use crate::ring::Ring;
use crate::route::{ROUTES, Route};
use crate::system::{PerSystem, System};
use crate::systems::{Desk, Kept};
use crate::time::Timestamp;

/// What an event weighs beside its own text.
const EVENT_OVERHEAD_BYTES: usize = 512;

const LOGIN_PAGE: &str = "<!doctype html>\n<html lang=\"en\"><title>Sign in</title>\n<h1>Sign in</h1>\n\
<form method=\"post\"><label>Password <input type=\"password\" name=\"password\"></label><button>Sign in</button></form>\n\
</html>\n";

/// An asynchronous tracking pipeline: one door, five systems, and all that can go wrong between them.
///
/// ```
/// use pipeline::{Method, Options, Pipeline, Request, Response, Timestamp};
///
/// let mut pipeline = Pipeline::new(Options::default());
/// let noon = Timestamp::parse_rfc3339("2026-11-23T12:00:00Z").unwrap();
/// let send = Request::new(Method::Post, "/events").with_body(r#"{"event_id": "4f1c", "amount": 19.90}"#);
/// pipeline.handle(&send, noon);
///
/// let ask = Request::new(Method::Get, "/report/events.json?event_id=4f1c");
/// let later = Timestamp::from_ms(noon.as_ms() + 12_000);
/// let Response::Answer(answer) = pipeline.handle(&ask, later) else { unreachable!() };
/// assert!(answer.text().contains("19.90"));
/// ```
#[derive(Debug, Clone)]
pub struct Pipeline {
    pub(crate) options: Options,
    pub(crate) delays: Delays,
    pub(crate) faults: PerSystem<StandingFaults>,
    pub(crate) store: Store,
    pub(crate) log: Log,
    /// How far the manual clock was moved.
    pub(crate) advanced: Duration,
    intakes: u64,
}

/// What came in.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) events: Ring<Event>,
    pub(crate) bad: Ring<(Timestamp, BadEvent)>,
    last_sequence: u64,
    /// The collector shows only what came after this.
    micro_reset_at: u64,
}

/// A request, answered, and what else is known of it.
struct Handled {
    response: Response,
    cors: Cors,
    system: Option<System>,
    event_id: Option<String>,
}

impl Handled {
    fn plain(answer: Answer) -> Self {
        Self { response: Response::Answer(answer), cors: Cors::Open, system: None, event_id: None }
    }
}

impl Pipeline {
    /// A pipeline that has seen nothing.
    pub fn new(options: Options) -> Self {
        Self {
            delays: options.delays.clone(),
            faults: standing(&options),
            store: Store {
                events: Ring::new(MAX_EVENTS, MAX_EVENT_BYTES),
                bad: Ring::new(MAX_BAD_EVENTS, usize::MAX),
                last_sequence: 0,
                micro_reset_at: 0,
            },
            log: Log::new(),
            advanced: Duration::ZERO,
            intakes: 0,
            options,
        }
    }

    /// How many events, good or bad, have come in since the start; a reset does not take it back.
    pub fn intakes(&self) -> u64 {
        self.intakes
    }

    /// Answers one request. With the manual clock, `now` is the instant at which that clock began.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Response {
        let now = now.after(self.advanced);
        let route = Route::of(&request.path);
        let logged =
            !matches!(route, Some(Route::Control(_))) && self.options.control == Control::Open;
        let handled = self.dispatch(route, request, now);
        if logged {
            let status = match &handled.response {
                Response::Answer(answer) => Some(answer.status),
                Response::Hang => None,
            };
            let event_id = handled.event_id.as_deref();
            self.log.note(request, &Noted { at: now, system: handled.system, event_id, status });
        }
        match handled.response {
            Response::Hang => Response::Hang,
            Response::Answer(answer) => {
                let mut answer = cors::allow(handled.cors, request, answer);
                if request.method == Method::Head {
                    answer.body.clear();
                }
                Response::Answer(answer)
            }
        }
    }

    fn dispatch(&mut self, route: Option<Route>, request: &Request, now: Timestamp) -> Handled {
        if let Some(answer) = beyond_limits(request) {
            return Handled::plain(answer);
        }
        let Some(route) = route else {
            let error = "there is no such path; see routes";
            return Handled::plain(Answer::json(404, &json!({"error": error, "routes": ROUTES})));
        };
        if request.method == Method::Options {
            return self.preflight(&route, request, now);
        }
        if !route.methods().contains(&request.method) {
            let allowed =
                route.methods().iter().map(|method| method.name()).collect::<Vec<_>>().join(", ");
            let error = format!("{} is not for this path; use {allowed}", request.method.name());
            return Handled::plain(control::refusal(405, &error).with_header("allow", allowed));
        }
        match route {
            Route::Index => {
                Handled::plain(Answer::json(200, &json!({"service": "pipeline", "routes": ROUTES})))
            }
            Route::Intake(door) => self.receive(door, request, now),
            Route::Desk(desk) => self.answer(&desk, request, now),
            Route::MicroReset | Route::Control(_) if self.options.control == Control::Closed => {
                let error =
                    "a demo has no control: give the event its own `faults` and `delays` instead";
                Handled::plain(control::refusal(403, error))
            }
            Route::MicroReset => self.reset_micro(),
            Route::Control(route) => Handled::plain(control::handle(self, route, request, now)),
        }
    }

    fn preflight(&mut self, route: &Route, request: &Request, now: Timestamp) -> Handled {
        let (system, event_id) = match route {
            Route::Index | Route::Control(_) => (None, None),
            Route::Intake(_) => (Some(System::Intake), None),
            Route::MicroReset => (Some(System::Collector), None),
            Route::Desk(desk) => {
                let question = desk.read(request).ok();
                (
                    Some(desk.system()),
                    question.and_then(|question| question.event_id().map(str::to_owned)),
                )
            }
        };
        let disruption = system.map_or_else(Disruption::default, |system| {
            self.disruption(system, event_id.as_deref(), Phase::Preflight, now)
        });
        let cors = match (disruption.hides_cors, route) {
            (true, _) => Cors::Hidden,
            (false, Route::Intake(Door::Pixel | Door::Payload)) => Cors::Credentialed,
            (false, _) => Cors::Open,
        };
        Handled { response: Response::Answer(cors::preflight(cors)), cors, system, event_id }
    }

    fn receive(&mut self, door: Door, request: &Request, now: Timestamp) -> Handled {
        let received = intake::receive(door, request);
        let event_id = received.good.first().map(|event| event.id.clone());
        let asked = asked(&self.options, System::Intake, event_id.as_deref(), Phase::Request);
        let own = received
            .good
            .iter()
            .map(|event| event_disruption(&event.faults[System::Intake], now, &asked, now));
        let own = own.fold(Disruption::default(), Disruption::and);
        let disruption = self.faults[System::Intake].disrupt(&asked, now).and(own);
        match disruption.instead {
            // Nobody took it in.
            Some(Instead::ServerError | Instead::LoginPage) => {}
            // Taken in, and the sender never learns of it.
            Some(Instead::Hang) | None => {
                for sent in received.good {
                    self.accept(sent, now);
                }
                for bad in received.bad {
                    self.intakes += 1;
                    self.store.bad.push(0, (now, bad));
                }
            }
        }
        let cors = match (disruption.hides_cors, door) {
            (true, _) => Cors::Hidden,
            (false, Door::Plain) => Cors::Open,
            (false, Door::Pixel | Door::Payload) => Cors::Credentialed,
        };
        let response = disrupted(disruption, || received.answer);
        Handled { response, cors, system: Some(System::Intake), event_id }
    }

    fn accept(&mut self, sent: SentEvent, now: Timestamp) {
        self.intakes += 1;
        self.store.last_sequence += 1;
        let passages = PerSystem::from_fn(|system| self.passage(system, &sent, now));
        let text = serde_json::Value::Object(sent.payload.parameters.clone()).to_string();
        let event = Event { sequence: self.store.last_sequence, accepted_at: now, sent, passages };
        self.store.events.push(text.len() + EVENT_OVERHEAD_BYTES, event);
    }

    /// Settles when the event arrives at the system, and what the system makes of it.
    fn passage(&mut self, system: System, sent: &SentEvent, now: Timestamp) -> Passage {
        let seed = self.options.seed;
        let mut hits = self.faults[system].strike(seed, system, &sent.id);
        hits.extend(sent.faults[system].iter().filter_map(|fault| match fault.kind {
            FaultKind::Data(kind) if fault.hits(seed, system, &sent.id) => {
                Some((kind, fault.clone()))
            }
            FaultKind::Data(_) | FaultKind::Answer(_) => None,
        }));
        let delay = sent.delays[system].unwrap_or(self.delays.by_system[system]);
        let jitter_ms = u64::try_from(self.delays.jitter.as_millis()).unwrap_or(u64::MAX);
        let jitter = seed.roll(&["jitter", system.name(), &sent.id], jitter_ms.saturating_add(1));
        let on_time = now.after(delay).after(Duration::from_millis(jitter));
        let arrives_at = hits.iter().fold(on_time, |at, (kind, _)| match kind {
            DataFault::Late { by } => at.after(*by),
            DataFault::Lost
            | DataFault::Duplicate
            | DataFault::Rounded
            | DataFault::ShiftedZone
            | DataFault::ChangedCase => at,
        });
        let change = |(fault, Fault { lasts, .. }): (DataFault, Fault)| Change {
            fault,
            until: lasts.map(|lasts| arrives_at.after(lasts)),
        };
        Passage { arrives_at, changes: hits.into_iter().map(change).collect() }
    }

    fn answer(&mut self, desk: &Desk, request: &Request, now: Timestamp) -> Handled {
        let system = desk.system();
        let question = desk.read(request);
        let event_id =
            question.as_ref().ok().and_then(|question| question.event_id().map(str::to_owned));
        let disruption = self.disruption(system, event_id.as_deref(), Phase::Request, now);
        let response = disrupted(disruption, || match question {
            Ok(question) => question.answer(&self.store.kept(system, event_id.as_deref(), now)),
            Err(answer) => answer,
        });
        let cors = if disruption.hides_cors { Cors::Hidden } else { Cors::Open };
        Handled { response, cors, system: Some(system), event_id }
    }

    /// What the system's own faults, and those of the event that is named, do to this request.
    fn disruption(
        &mut self,
        system: System,
        event_id: Option<&str>,
        phase: Phase,
        now: Timestamp,
    ) -> Disruption {
        let asked = asked(&self.options, system, event_id, phase);
        let standing = self.faults[system].disrupt(&asked, now);
        let named =
            self.store.events.iter().filter(|event| Some(event.sent.id.as_str()) == event_id);
        named
            .map(|event| {
                event_disruption(&event.sent.faults[system], event.accepted_at, &asked, now)
            })
            .fold(standing, Disruption::and)
    }

    fn reset_micro(&mut self) -> Handled {
        self.store.bad.clear();
        self.store.micro_reset_at = self.store.last_sequence;
        let answer = Answer::json(200, &json!({"total": 0, "good": 0, "bad": 0}));
        Handled { system: Some(System::Collector), ..Handled::plain(answer) }
    }

    /// Forgets all but the options and the clock.
    pub(crate) fn reset(&mut self) {
        let fresh = Self::new(self.options.clone());
        *self = Self { advanced: self.advanced, intakes: self.intakes, ..fresh };
    }
}

impl Store {
    fn kept(&self, system: System, event_id: Option<&str>, now: Timestamp) -> Kept<'_> {
        let after = if system == System::Collector { self.micro_reset_at } else { 0 };
        let rows = self
            .events
            .iter()
            .filter(|event| event.sequence > after)
            // A first sieve, before a row is made; `is_called` decides.
            .filter(|event| event_id.is_none_or(|id| event.sent.id.eq_ignore_ascii_case(id)))
            .filter_map(|event| event.row(system, now))
            .filter(|row| event_id.is_none_or(|id| row.is_called(id)))
            .collect();
        Kept { rows, bad: self.bad.iter().rev().collect(), now }
    }
}

fn standing(options: &Options) -> PerSystem<StandingFaults> {
    PerSystem::from_fn(|system| StandingFaults::new(options.faults[system].clone(), None))
}

fn asked<'a>(
    options: &Options,
    system: System,
    event_id: Option<&'a str>,
    phase: Phase,
) -> Asked<'a> {
    Asked { seed: options.seed, system, event_id, phase }
}

fn disrupted(disruption: Disruption, answer: impl FnOnce() -> Answer) -> Response {
    match disruption.instead {
        None => Response::Answer(answer()),
        Some(Instead::Hang) => Response::Hang,
        Some(Instead::ServerError) => {
            Response::Answer(Answer::json(503, &json!({"error": "service unavailable"})))
        }
        Some(Instead::LoginPage) => {
            Response::Answer(Answer::new(200, "text/html; charset=utf-8", LOGIN_PAGE))
        }
    }
}

fn beyond_limits(request: &Request) -> Option<Answer> {
    if request.path.len() + request.query.len() > MAX_URL_BYTES {
        let error = format!("the URL is over {MAX_URL_BYTES} bytes; send the query in a body");
        return Some(control::refusal(414, &error));
    }
    let fits = match &request.body {
        Body::Whole(bytes) => bytes.len() <= MAX_BODY_BYTES,
        Body::TooLarge => false,
    };
    (!fits).then(|| {
        control::refusal(
            413,
            &format!("the body is over {MAX_BODY_BYTES} bytes; send less at once"),
        )
    })
}
