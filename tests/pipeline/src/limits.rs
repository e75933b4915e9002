//! Every bound of the pipeline, in one place. Exceeding one is an error, or drops the oldest and counts it.

use std::time::Duration;

/// The longest path and query that is read; more is answered 414.
pub const MAX_URL_BYTES: usize = 8 * 1024;
/// The longest body that is read; more is answered 413.
pub const MAX_BODY_BYTES: usize = 256 * 1024;
/// Accepted events that are kept; beyond it the oldest is dropped and counted.
pub const MAX_EVENTS: usize = 10_000;
/// What the kept events may weigh together, by the length of what was sent.
pub const MAX_EVENT_BYTES: usize = 32 * 1024 * 1024;
/// Refused events that are kept for `/micro/bad`.
pub const MAX_BAD_EVENTS: usize = 500;
/// How much of a refused payload is kept.
pub const MAX_BAD_PAYLOAD_BYTES: usize = 4 * 1024;
/// Requests that the log keeps.
pub const MAX_LOG_ENTRIES: usize = 2_000;
/// How much of a path, a query or an origin a log entry keeps.
pub const MAX_LOG_TEXT_BYTES: usize = 1024;
/// Events in one tracker payload.
pub const MAX_EVENTS_PER_REQUEST: usize = 500;
/// Length of an event id, an event name, a user id and a currency.
pub const MAX_FIELD_BYTES: usize = 256;
/// Digits of an amount before and after its point. Sums over `MAX_EVENTS` of them stay exact.
pub const MAX_AMOUNT_INTEGER_DIGITS: usize = 14;
/// See [`MAX_AMOUNT_INTEGER_DIGITS`].
pub const MAX_AMOUNT_SCALE: u32 = 9;
/// Rows that a table answers at once.
pub const MAX_ROWS: usize = 1_000;
/// Tokens of a query.
pub const MAX_QUERY_TOKENS: usize = 200;
/// Faults that one system may have.
pub const MAX_FAULTS_PER_SYSTEM: usize = 16;
/// The longest delay, jitter or duration of a fault.
pub const MAX_DELAY: Duration = Duration::from_hours(7 * 24);
/// How far the manual clock may be moved altogether.
pub const MAX_ADVANCE: Duration = Duration::from_hours(10 * 366 * 24);
/// How long a hanging answer is held before the connection is given up.
pub const MAX_HANG: Duration = Duration::from_mins(10);
/// How long open connections may take to end after a shutdown was asked for.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);
