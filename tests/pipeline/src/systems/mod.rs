//! The five systems: how each is asked, and how each answers. They read rows; they know no clock and no faults.

mod cleaned;
mod collector;
mod report;
mod sql;
mod stream;
mod warehouse;

pub(crate) use cleaned::Endpoint;

use crate::event::Row;
use crate::http::{Answer, Request};
use crate::intake::BadEvent;
use crate::system::System;
use crate::time::Timestamp;

/// Where a system is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Desk {
    MicroAll,
    MicroGood,
    MicroBad,
    Stream,
    Cleaned(String, Endpoint),
    Warehouse,
    ReportEvents,
    ReportDaily,
}

impl Desk {
    pub(crate) const fn system(&self) -> System {
        match self {
            Self::MicroAll | Self::MicroGood | Self::MicroBad => System::Collector,
            Self::Stream => System::Stream,
            Self::Cleaned(..) => System::Cleaned,
            Self::Warehouse => System::Warehouse,
            Self::ReportEvents | Self::ReportDaily => System::Report,
        }
    }

    /// Reads what is asked, or says in the system's own way why it cannot be.
    pub(crate) fn read(&self, request: &Request) -> Result<Question, Answer> {
        match self {
            Self::MicroAll => Ok(Question::MicroAll),
            Self::MicroGood => collector::GoodFilter::read(request).map(Question::MicroGood),
            Self::MicroBad => collector::BadFilter::read(request).map(Question::MicroBad),
            Self::Stream => stream::Selector::read(request).map(Question::Stream),
            Self::Cleaned(index, endpoint) => {
                cleaned::Search::read(request, index, *endpoint).map(Question::Cleaned)
            }
            Self::Warehouse => warehouse::read(request).map(Question::Warehouse),
            Self::ReportEvents => Ok(Question::ReportEvents(request.param("event_id"))),
            Self::ReportDaily => report::daily_filter(request).map(Question::ReportDaily),
        }
    }
}

/// What a system is asked.
#[derive(Debug)]
pub(crate) enum Question {
    MicroAll,
    MicroGood(collector::GoodFilter),
    MicroBad(collector::BadFilter),
    Stream(stream::Selector),
    Cleaned(cleaned::Search),
    Warehouse(sql::Select),
    ReportEvents(Option<String>),
    ReportDaily(Option<String>),
}

/// What a system has to answer from.
pub(crate) struct Kept<'a> {
    /// Oldest first; only those the question names, when it names an id.
    pub(crate) rows: Vec<Row<'a>>,
    /// Newest first.
    pub(crate) bad: Vec<&'a (Timestamp, BadEvent)>,
    pub(crate) now: Timestamp,
}

impl Question {
    /// The id that the question names, if it names one.
    pub(crate) fn event_id(&self) -> Option<&str> {
        match self {
            Self::MicroAll | Self::MicroBad(_) | Self::ReportDaily(_) => None,
            Self::MicroGood(filter) => filter.event_id(),
            Self::Stream(selector) => selector.event_id(),
            Self::Cleaned(search) => search.event_id(),
            Self::Warehouse(select) => select.event_id(),
            Self::ReportEvents(event_id) => event_id.as_deref(),
        }
    }

    /// The system's answer.
    pub(crate) fn answer(&self, kept: &Kept<'_>) -> Answer {
        match self {
            Self::MicroAll => collector::all(&kept.rows, kept.bad.len()),
            Self::MicroGood(filter) => filter.answer(&kept.rows),
            Self::MicroBad(filter) => filter.answer(&kept.bad),
            Self::Stream(selector) => selector.answer(&kept.rows, kept.now),
            Self::Cleaned(search) => search.answer(&kept.rows),
            Self::Warehouse(select) => warehouse::answer(select, &kept.rows),
            Self::ReportEvents(_) => report::events(&kept.rows),
            Self::ReportDaily(day) => report::daily(day.as_deref(), &kept.rows),
        }
    }
}

/// The rows, each as often as the system keeps it.
fn copies<'r, 'e>(rows: &'r [Row<'e>]) -> impl DoubleEndedIterator<Item = &'r Row<'e>> {
    rows.iter().flat_map(|row| std::iter::repeat_n(row, row.copies))
}

/// One event in every shape, for the systems' own tests.
#[cfg(test)]
mod fixture {
    use super::*;
    use crate::http::Method;
    use crate::{Options, Pipeline, Response};

    pub(super) const NOON: Timestamp = Timestamp::from_ms(1_795_435_200_000);

    /// Sends these documents at noon, and asks a quarter of an hour later.
    pub(super) fn ask(sent: &[&str], request: &Request) -> Answer {
        let mut pipeline = Pipeline::new(Options::default());
        for document in sent {
            let send = Request::new(Method::Post, "/events").with_body(*document);
            assert!(
                matches!(pipeline.handle(&send, NOON), Response::Answer(answer) if answer.status == 202)
            );
        }
        match pipeline.handle(request, Timestamp::from_ms(NOON.as_ms() + 900_000)) {
            Response::Answer(answer) => answer,
            Response::Hang => panic!("{request:?} hangs"),
        }
    }

    pub(super) fn get(sent: &[&str], target: &str) -> Answer {
        ask(sent, &Request::new(Method::Get, target))
    }

    pub(super) const PURCHASE: &str = r#"{"event_id":"4f1c","event":"purchase","amount":19.90,"currency":"EUR","user_id":"u-7","occurred_at":"2026-11-23T12:00:00Z"}"#;
    pub(super) const REFUND: &str = r#"{"event_id":"9a0b","event":"refund","amount":"-5.5","currency":"EUR","occurred_at":"2026-11-22T23:59:59Z"}"#;
}
