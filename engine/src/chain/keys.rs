//! The keys and words of chain documents, and how much there may be of each: the reader refuses all
//! others by them, and the JSON Schema is made of them (`engine/examples/chain_schema`).

use crate::verify::alike::Ignore;
use crate::verify::check::Filter;
use crate::verify::{Kind, Op};

/// A document.
pub const CHAIN: [&str; 13] = [
    "$schema",
    "baton",
    "id",
    "name",
    "description",
    "variables",
    "environments",
    "schedule",
    "verify_again",
    "poll",
    "subject",
    "fields",
    "stages",
];
/// What stands in a stage's place.
pub const STEP: [&str; 1] = ["group"];
/// A group of stages.
pub const GROUP: [&str; 2] = ["name", "stages"];
/// A stage.
pub const STAGE: [&str; 13] = [
    "name",
    "system",
    "transport",
    "once",
    "on_interrupt",
    "request",
    "stop",
    "checks",
    "captures",
    "record",
    "transformed",
    "not_carried",
    "poll",
];
/// A request.
pub const REQUEST: [&str; 9] =
    ["method", "url", "query", "headers", "json", "form", "text", "auth", "credentials"];
/// Who asks.
pub const AUTH: [&str; 3] = ["bearer", "basic", "key"];
/// A user and a password.
pub const BASIC: [&str; 2] = ["user", "password"];
/// A key in a header or in the query.
pub const KEY: [&str; 3] = ["in", "name", "value"];
/// How a stage is polled.
pub const POLL: [&str; 8] = [
    "hold",
    "interval",
    "timeout",
    "attempt_timeout",
    "initial_delay",
    "max_attempts",
    "late_after",
    "backoff",
];
/// How polls become rarer.
pub const BACKOFF: [&str; 3] = ["kind", "factor", "max"];
/// A check.
pub const CHECK: [&str; 11] = [
    "id",
    "source",
    "filter",
    "op",
    "value",
    "while",
    "match",
    "else",
    "confirm",
    "tolerance",
    "zone",
];
/// What a check reads, unless it is one of [`SOURCES`].
pub const SOURCE: [&str; 4] = ["header", "jsonpath", "regex", "variable"];
/// What a capture takes.
pub const CAPTURE: [&str; 1] = ["jsonpath"];
/// A field that is compared across systems.
pub const FIELD: [&str; 7] =
    ["name", "kind", "aliases", "ignore", "zone", "tolerance", "reference"];
/// How far a value may be off.
pub const TOLERANCE: [&str; 2] = ["abs", "percent"];
/// The record under test.
pub const SUBJECT: [&str; 2] = ["key", "expected_count"];
/// Where a stage's answer has the fields.
pub const RECORD: [&str; 2] = ["each", "fields"];
/// Where a record has a field.
pub const FIELD_SOURCE: [&str; 2] = ["jsonpath", "variable"];

/// How a request may be sent.
pub const TRANSPORTS: [&str; 2] = ["direct", "proxy"];
/// What becomes of a request that is sent once when its answer is never known.
pub const ON_INTERRUPT: [&str; 3] = ["stop", "continue", "resend"];
/// The methods of requests.
pub const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/// Whether the browser's credentials are sent.
pub const CREDENTIALS: [&str; 2] = ["omit", "include"];
/// Where a key stands.
pub const KEY_PLACES: [&str; 2] = ["header", "query"];
/// How the time between polls grows.
pub const GROWTHS: [&str; 2] = ["linear", "exponential"];
/// What a check reads by a word alone.
pub const SOURCES: [&str; 3] = ["status", "latency", "body"];
/// How many nodes have to pass.
pub const MATCHES: [&str; 3] = ["every", "any", "one"];
/// What a value means that is there and differs.
pub const ELSES: [&str; 2] = ["fail", "wait"];

/// What holds of polling where a document says nothing.
pub const POLL_DEFAULTS: [(&str, &str); 3] =
    [("interval", "58s"), ("timeout", "15m"), ("attempt_timeout", "10s")];

/// How many variables there may be.
pub const MAX_VARIABLES: usize = 200;
/// How many stages there may be, those of groups among them.
pub const MAX_STAGES: usize = 50;
/// How many checks a list may have.
pub const MAX_CHECKS: usize = 100;
/// How many filters a check may have.
pub const MAX_FILTERS: usize = 10;
/// How many captures a stage may have.
pub const MAX_CAPTURES: usize = 50;
/// How many fields there may be.
pub const MAX_FIELDS: usize = 100;
/// How many aliases a field may have.
pub const MAX_ALIASES: usize = 100;

/// The words of operators.
pub const OPS: [&str; 19] = Op::WORDS;
/// The words of filters.
pub const FILTERS: [&str; 16] = Filter::WORDS;
/// The words of fields' kinds.
pub const KINDS: [&str; 7] = Kind::WORDS;
/// What may be ignored when texts are compared.
pub const IGNORES: [&str; 2] = Ignore::WORDS;
