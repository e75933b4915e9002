//! An event as it was sent, and as each system shows it. Where to start: [`Event::row`].

use std::time::Duration;

use serde_json::{Map, Value};

use crate::amount::Amount;
use crate::fault::{DataFault, Fault, ZONE_SHIFT};
use crate::system::{PerSystem, System};
use crate::time::Timestamp;

/// What the intake read.
#[derive(Debug, Clone)]
pub(crate) struct SentEvent {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) amount: Option<Amount>,
    pub(crate) currency: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) payload: Payload,
    /// Faults that the event itself asks for.
    pub(crate) faults: PerSystem<Vec<Fault>>,
    /// Delays that the event itself asks for.
    pub(crate) delays: PerSystem<Option<Duration>>,
}

/// What only the collector shows: the event in the tracker's own terms.
#[derive(Debug, Clone)]
pub(crate) struct Payload {
    pub(crate) kind: EventKind,
    pub(crate) schema: String,
    /// The self-describing data of an unstruct event; the event's own flat fields for the other kinds.
    pub(crate) data: Map<String, Value>,
    /// Self-describing contexts.
    pub(crate) contexts: Vec<Value>,
    /// The parameters as they came.
    pub(crate) parameters: Map<String, Value>,
    pub(crate) api: Api,
    pub(crate) content_type: Option<String>,
}

/// Which door it came in by, as Snowplow names doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Api {
    pub(crate) vendor: &'static str,
    pub(crate) version: &'static str,
}

/// The event types of the tracker protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventKind {
    Unstruct,
    Struct,
    PageView,
    PagePing,
    Transaction,
    TransactionItem,
}

impl EventKind {
    /// The `eventType` that Micro shows.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unstruct => "unstruct",
            Self::Struct => "struct",
            Self::PageView => "page_view",
            Self::PagePing => "page_ping",
            Self::Transaction => "transaction",
            Self::TransactionItem => "transaction_item",
        }
    }

    /// Where the amount stands in the collector's event.
    pub(crate) const fn amount_key(self) -> &'static str {
        match self {
            Self::Unstruct | Self::PageView | Self::PagePing => "amount",
            Self::Struct => "se_value",
            Self::Transaction => "tr_total",
            Self::TransactionItem => "ti_price",
        }
    }
}

/// An accepted event, with all that will become of it.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) sequence: u64,
    pub(crate) accepted_at: Timestamp,
    pub(crate) sent: SentEvent,
    pub(crate) passages: PerSystem<Passage>,
}

/// What one system makes of an event: settled when it is accepted, so that reading changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Passage {
    pub(crate) arrives_at: Timestamp,
    pub(crate) changes: Vec<Change>,
}

/// One data fault at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) fault: DataFault,
    /// From then on the system shows what was sent.
    pub(crate) until: Option<Timestamp>,
}

/// An event as one system shows it.
#[derive(Debug, Clone)]
pub(crate) struct Row<'e> {
    pub(crate) event: &'e Event,
    pub(crate) event_id: String,
    pub(crate) name: String,
    pub(crate) amount: Option<Amount>,
    pub(crate) occurred_at: Timestamp,
    pub(crate) zone: Zone,
    /// 2 when the system keeps the event twice.
    pub(crate) copies: usize,
}

/// Whether the instant is still the sender's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    AsSent,
    Shifted,
}

impl Event {
    /// What the system shows of this event now; `None` while it is not there.
    pub(crate) fn row(&self, system: System, now: Timestamp) -> Option<Row<'_>> {
        let passage = &self.passages[system];
        if now < passage.arrives_at {
            return None;
        }
        let mut row = Row {
            event: self,
            event_id: self.sent.id.clone(),
            name: self.sent.name.clone(),
            amount: self.sent.amount.clone(),
            occurred_at: self.sent.occurred_at.unwrap_or(self.accepted_at),
            zone: Zone::AsSent,
            copies: 1,
        };
        for change in
            passage.changes.iter().filter(|change| change.until.is_none_or(|until| now < until))
        {
            match change.fault {
                DataFault::Lost => return None,
                // Settled at acceptance: `arrives_at` has it.
                DataFault::Late { .. } => {}
                DataFault::Duplicate => row.copies = 2,
                DataFault::Rounded => row.amount = row.amount.as_ref().map(Amount::rounded),
                DataFault::ShiftedZone => {
                    row.occurred_at = row.occurred_at.after(ZONE_SHIFT);
                    row.zone = Zone::Shifted;
                }
                DataFault::ChangedCase => {
                    row.event_id = row.event_id.to_ascii_uppercase();
                    row.name = capitalised(&row.name);
                }
            }
        }
        Some(row)
    }
}

impl Row<'_> {
    /// Whether a request for this id means this row: by the id it shows, or by the one that was sent, since a
    /// system which compares ids as UUIDs finds either.
    pub(crate) fn is_called(&self, event_id: &str) -> bool {
        self.event_id == event_id || self.event.sent.id == event_id
    }

    pub(crate) fn currency(&self) -> Option<&str> {
        self.event.sent.currency.as_deref()
    }

    pub(crate) fn user_id(&self) -> Option<&str> {
        self.event.sent.user_id.as_deref()
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
