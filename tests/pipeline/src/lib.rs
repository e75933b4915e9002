//! An asynchronous tracking pipeline to verify against.
//!
//! One event goes in, by Snowplow's tracker protocol or as plain JSON, and appears after each system's own delay in
//! five systems: Snowplow Micro (collector), Prometheus (stream), Elasticsearch (cleaned), ClickHouse (warehouse) and
//! Datasette (report). Faults make it get lost, come late or twice, or change on its way, and make a system answer badly.
//!
//! * [`Pipeline`] is the whole of it: a pure state machine. `Pipeline::handle(&request, now)` is its one function.
//! * [`demo`] answers `demo:` URLs from it, without any network.
//! * [`server`] (feature `server`) puts it on a socket; the binary `pipeline` does that from the command line.
//!
//! # An event
//!
//! ```json
//! {"event_id": "4f1c", "event": "purchase", "amount": 19.90, "currency": "EUR", "user_id": "u-7",
//!  "occurred_at": "2026-11-23T12:00:00Z",
//!  "faults": {"warehouse": ["rounded"], "report": [{"fault": "late", "by_ms": 5000}]},
//!  "delays": {"collector": "250ms", "report": 2000}}
//! ```
//!
//! `faults` and `delays` apply to this event alone: no control request is needed, which is how a demo chooses them.
//! An event's answer faults (`server_error`, `hang`, `login_page`, `no_cors`) spoil the requests that name its id.
//!
//! # Faults
//!
//! A fault is its name, or an object with bounds: `{"fault": "server_error", "times": 2, "rate": 0.5, "for_ms": 20000}`.
//! `times`: only the first n events (or answers), not in an event's own faults; `rate`: the seed and the event's id
//! decide; `for_ms`: only that long, after the arrival for the faults that change data.
//!
//! | fault | what happens |
//! | --- | --- |
//! | `lost` | the event never shows |
//! | `late` | it comes `by_ms` (60 s) later |
//! | `duplicate` | it shows twice |
//! | `rounded` | its amount is a whole number |
//! | `shifted_zone` | its instant is 8 hours later |
//! | `changed_case` | its id is in upper case, its name begins with a capital |
//! | `server_error` | 503 |
//! | `hang` | no answer |
//! | `login_page` | 200 with an HTML page |
//! | `no_cors` | the answer without CORS headers |
//!
//! The systems are `collector`, `stream`, `cleaned`, `warehouse`, `report`, and `intake` for the last four faults:
//! there `server_error` and `login_page` leave the event out, `hang` takes it in and does not say so.

mod amount;
mod control;
mod cors;
pub mod demo;
mod event;
mod fault;
mod http;
mod intake;
pub mod limits;
mod log;
mod options;
mod pipeline;
mod ring;
mod route;
mod seed;
#[cfg(feature = "server")]
pub mod server;
mod system;
mod systems;
mod time;

pub use fault::{
    AnswerFault, DataFault, Fault, FaultKind, Rate, SpecError, apply_delay_flag, apply_fault_flag,
};
pub use http::{Answer, Body, DemoUrlError, Method, Request, Response};
pub use options::{ClockMode, Control, Delays, Options};
pub use pipeline::Pipeline;
pub use seed::Seed;
pub use system::{PerSystem, System};
pub use time::{Timestamp, parse_duration};
