//! Which path leads where.

use crate::control::ControlRoute;
use crate::http::Method;
use crate::intake::Door;
use crate::systems::{Desk, Endpoint};

/// Every route, as an answer to an unknown path lists them.
pub(crate) const ROUTES: [&str; 18] = [
    "POST /events",
    "GET /i",
    "POST /com.snowplowanalytics.snowplow/tp2",
    "GET /micro/all",
    "GET|POST /micro/good",
    "GET|POST /micro/bad",
    "GET|POST /micro/reset",
    "GET|POST /api/v1/query?query=tracking_events_total{event_id=\"ID\"}",
    "GET|POST /{index}/_search?q=event_id:ID and /{index}/_count",
    "GET|POST /clickhouse?query=SELECT * FROM events WHERE event_id = 'ID' FORMAT JSON",
    "GET /report/events.json?event_id=ID",
    "GET /report/daily.json?day=YYYY-MM-DD",
    "GET /_control/state",
    "GET /_control/log",
    "POST /_control/faults",
    "POST /_control/delays",
    "POST /_control/clock",
    "POST /_control/reset",
];

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Index,
    Intake(Door),
    Desk(Desk),
    MicroReset,
    Control(ControlRoute),
}

impl Route {
    pub(crate) fn of(path: &str) -> Option<Self> {
        let route = match path {
            "/" => Self::Index,
            "/events" => Self::Intake(Door::Plain),
            "/i" => Self::Intake(Door::Pixel),
            "/com.snowplowanalytics.snowplow/tp2" => Self::Intake(Door::Payload),
            "/micro/all" => Self::Desk(Desk::MicroAll),
            "/micro/good" => Self::Desk(Desk::MicroGood),
            "/micro/bad" => Self::Desk(Desk::MicroBad),
            "/micro/reset" => Self::MicroReset,
            "/api/v1/query" => Self::Desk(Desk::Stream),
            "/clickhouse" | "/clickhouse/" => Self::Desk(Desk::Warehouse),
            "/report/events.json" => Self::Desk(Desk::ReportEvents),
            "/report/daily.json" => Self::Desk(Desk::ReportDaily),
            _ => return Self::of_parts(path),
        };
        Some(route)
    }

    fn of_parts(path: &str) -> Option<Self> {
        match path.strip_prefix('/')?.split_once('/')? {
            ("_control", name) => ControlRoute::of(name).map(Self::Control),
            (index, "_search") if !index.is_empty() => {
                Some(Self::Desk(Desk::Cleaned(index.to_owned(), Endpoint::Search)))
            }
            (index, "_count") if !index.is_empty() => {
                Some(Self::Desk(Desk::Cleaned(index.to_owned(), Endpoint::Count)))
            }
            _ => None,
        }
    }

    /// The methods that the route answers, OPTIONS aside.
    pub(crate) const fn methods(&self) -> &'static [Method] {
        const READ: &[Method] = &[Method::Get, Method::Head];
        const ASK: &[Method] = &[Method::Get, Method::Head, Method::Post];
        match self {
            Self::Index | Self::Desk(Desk::MicroAll | Desk::ReportEvents | Desk::ReportDaily) => {
                READ
            }
            Self::Desk(
                Desk::MicroGood
                | Desk::MicroBad
                | Desk::Stream
                | Desk::Cleaned(..)
                | Desk::Warehouse,
            ) => ASK,
            Self::Intake(Door::Plain | Door::Payload) => &[Method::Post],
            Self::Intake(Door::Pixel) => &[Method::Get],
            Self::MicroReset => &[Method::Get, Method::Post],
            Self::Control(control) => control.methods(),
        }
    }
}
