//! Reasons in English.

use crate::time::Timestamp;
use crate::verify::op::Op;

use super::{NotJson, Reason, words};
use crate::locale::Locale;

impl Reason {
    #[expect(clippy::too_many_lines, reason = "one arm a code")]
    pub(super) fn english(&self) -> String {
        match self {
            Self::Network { diagnosis } => diagnosis.sentence(Locale::En),
            Self::AttemptTimeout { after_ms } => format!("no answer within {}", words(*after_ms)),
            Self::StatusNotYet { status } => format!("answered {status}: not there yet"),
            Self::StatusWrong { status } => {
                format!("answered {status}: the request is wrong, not the data")
            }
            Self::BodyTooLarge { limit_bytes } => {
                format!("the body is larger than {limit_bytes} bytes; narrow the query")
            }
            Self::NotJson { kind } => format!("not JSON: {}", english_kind(*kind)),
            Self::NotJsonAgain { kind: NotJson::Html, in_a_row } => {
                format!("answers HTML, {in_a_row} times in a row: a login page?")
            }
            Self::NotJsonAgain { kind, in_a_row } => {
                format!("not JSON, {in_a_row} times in a row: {}", english_kind(*kind))
            }
            Self::NeedsAccess { status } => {
                format!("answered {status} after it had let us in: renew the token, then resume")
            }
            Self::AllPass { checks: 0 } => "answered".into(),
            Self::AllPass { checks: 1 } => "its check holds".into(),
            Self::AllPass { checks } => format!("all {checks} checks hold"),
            Self::Holds { what, got } => format!("{what} is {got}"),
            Self::Missing { what } => format!("{what} is not there yet"),
            Self::Null { what } => format!("{what} is still null"),
            Self::Differs { what, got, want } => format!("{what} is {got}, expected {want}"),
            Self::NotConvertible { what, got, filter } => {
                format!("{what} is {got}, {}", english_filter(filter))
            }
            Self::StillInProgress { what, got } => format!("{what} is still {got}"),
            Self::CountBelow { what, seen, want } => format!("{seen} of {want} at {what}"),
            Self::CountReached { what, seen, want } => format!("{seen} of {want} at {what}"),
            Self::CountAbove { what, seen, want, duplicates } => {
                format!("{seen} at {what}, expected {want}{}", english_duplicates(duplicates))
            }
            Self::Matched { what, seen } => format!("{what} matched {seen}, expected exactly one"),
            Self::TooManyNodes { what, limit } => {
                format!("{what} goes through more than {limit} values; narrow the path")
            }
            Self::BadPath { what, message } => {
                format!("{what} is no path once its values are filled in: {message}")
            }
            Self::Unconfirmed { seen, need, wrong } => {
                format!("wrong {seen} of {need} times in a row: {}", wrong.english())
            }
            Self::NoLongerHolds { stage, now } => {
                let now = now.english_gone().unwrap_or_else(|| now.english());
                format!("\"{stage}\" was verified, and is not the same any more: {now}")
            }
            Self::StopHolds { what, got } => format!("stopped: {what} is {got}"),
            Self::EmptyBody => "the body is empty: not there yet".into(),
            Self::HeaderHidden { name } => format!(
                "the header `{name}` is hidden by the browser, whether it is there or not; have the server send `Access-Control-Expose-Headers: {name}`"
            ),
            Self::HeaderWithheld { name } => format!(
                "the header `{name}` is withheld by the proxy; add it to `response_headers` of the upstream in its configuration"
            ),
            Self::NotThere { what } => format!("{what} is not there"),
            Self::NullIn { what, nth, of } => {
                format!("{what} is still null in the {} of {of}", english_ordinal(*nth))
            }
            Self::MissingIn { what, nth, of } => {
                format!("{what} is still missing in the {} of {of}", english_ordinal(*nth))
            }
            Self::Unlike { what, got, op, want } => {
                format!("{what} is {got}, {}", english_unlike(*op, want))
            }
            Self::NotComparable { what, got, op } => {
                format!("{what} is {got}, {}", english_need(*op))
            }
            Self::NoZone { what, got } => format!(
                "{what} is {got}, a time without a zone, which could be any of many instants; give its \"zone\""
            ),
            Self::UnknownZone { what, zone } => {
                format!("{what} is in the zone {zone}, which is not known here; use an IANA name")
            }
            Self::TargetNotConvertible { want, filter } => {
                format!("what is expected is {want}, {}", english_filter(filter))
            }
            Self::NoNumber { want, op } => format!(
                "what is expected is {want}, where `{}` needs numbers; correct its value, or add a filter",
                op.word()
            ),
            Self::SchemaFails { what, at, got, keyword, want } => {
                format!("{what}{at} is {got}, which does not fit the schema: {keyword} {want}")
            }
            Self::BadPattern { what, message } => format!("{what} is no pattern: {message}"),
            Self::NotRecorded { stage, field } => format!(
                "the stage \"{stage}\" has recorded no `{field}` to compare with; check its record"
            ),
            Self::NeedsHold { what } => format!(
                "that none is there at {what} is not proved by one poll; give the stage a \"hold\""
            ),
            Self::CountBeyond { what, seen, most, duplicates } => format!(
                "{seen} at {what}, expected {most} at most{}",
                english_duplicates(duplicates)
            ),
            Self::SumBelow { what, seen, want } => format!("{seen} of {want} in sum at {what}"),
            Self::SumReached { what, seen, want } => format!("{seen} of {want} in sum at {what}"),
            Self::SumAbove { what, seen, want } => {
                format!("{seen} in sum at {what}, expected {want}, and sums only grow")
            }
            Self::ValueTooLong { what, limit_bytes } => {
                format!("{what} is longer than {limit_bytes} bytes, too long to be compared")
            }
            Self::Both { first, second } => {
                format!("{}; {}", first.english(), second.english())
            }
            Self::CaptureMissing { name } => format!("the capture `{name}` is not there yet"),
            Self::CaptureSeveral { name, seen } => {
                format!("the capture `{name}` selects {seen} values, needs exactly one")
            }
            Self::Unresolved { name } => format!("`{{{{{name}}}}}` has no value"),
            Self::DeadlinePassed { timeout_ms, last, since } => {
                let limit = format!("not there within {}", words(*timeout_ms));
                english_last(limit, last.as_deref(), *since)
            }
            Self::AttemptsUsedUp { attempts, last, since } => {
                let limit = format!("not there after {attempts} attempts");
                english_last(limit, last.as_deref(), *since)
            }
            Self::SentNotAccepted { answer } => {
                format!("sent once, not accepted: {}", answer.english())
            }
            Self::MayHaveBeenSent => {
                "interrupted before its answer: it may have been sent, so it is not sent again"
                    .into()
            }
            Self::TakenAsSent => "no answer is known; taken as sent, unconfirmed".into(),
            Self::AttemptLost => "its answer was lost when the page was closed".into(),
        }
    }
}

fn english_kind(kind: NotJson) -> &'static str {
    match kind {
        NotJson::Empty => "the body is empty",
        NotJson::Html => "the body is an HTML page",
        NotJson::Truncated => "the body breaks off",
        NotJson::TooDeep => "the body is nested too deep",
        NotJson::Garbled => "the body is not UTF-8; another charset?",
        NotJson::Text => "the body is some other text",
    }
}

fn english_duplicates(duplicates: &[String]) -> String {
    if duplicates.is_empty() {
        return String::new();
    }
    format!("; duplicates: {}", duplicates.join(", "))
}

fn english_last(limit: String, last: Option<&Reason>, since: Option<Timestamp>) -> String {
    match (last, since) {
        (Some(last), Some(since)) => {
            format!("{limit}: {} (since {})", last.english(), since.whole_second())
        }
        (Some(last), None) => format!("{limit}: {}", last.english()),
        (None, _) => limit,
    }
}

/// Why a value has not become what a filter makes.
fn english_filter(filter: &str) -> String {
    match filter {
        "sum" | "min" | "max" => {
            format!("which is not a number that has a {filter}; put the filter decimal before it")
        }
        "length" => "which has no length: that is of a text, a list or an object".into(),
        "keys" => "which has no keys: those are of an object".into(),
        "trim" | "lower" | "upper" => format!("which is not a text, as {filter} needs"),
        "integer" => "which is not an integer".into(),
        "uuid" => "which is not a UUID".into(),
        other => format!("which is not a {other}"),
    }
}

fn english_unlike(op: Op, want: &str) -> String {
    match op {
        Op::NotEquals => format!("which it must not be: {want}"),
        Op::Contains => format!("which does not contain {want}"),
        Op::NotContains => format!("which contains {want}, and must not"),
        Op::StartsWith => format!("which does not start with {want}"),
        Op::EndsWith => format!("which does not end with {want}"),
        Op::Matches => format!("which does not match {want}"),
        Op::Between => format!("expected {want}"),
        Op::AtLeast => format!("expected at least {want}"),
        Op::AtMost => format!("expected at most {want}"),
        Op::GreaterThan => format!("expected more than {want}"),
        Op::LessThan => format!("expected less than {want}"),
        Op::NewerThan => format!("which is not newer than {want}"),
        Op::OlderThan => format!("which is not older than {want}"),
        Op::Absent => "but must not be there".into(),
        Op::Equals | Op::OneOf | Op::Exists | Op::Schema | Op::SameAs => format!("expected {want}"),
    }
}

/// What an operator can't be asked of.
fn english_need(op: Op) -> String {
    let word = op.word();
    match op {
        Op::Contains | Op::NotContains => format!("where `{word}` needs a text, or a list"),
        Op::StartsWith | Op::EndsWith | Op::Matches => format!("where `{word}` needs a text"),
        Op::Equals
        | Op::NotEquals
        | Op::OneOf
        | Op::Between
        | Op::AtLeast
        | Op::AtMost
        | Op::GreaterThan
        | Op::LessThan
        | Op::Exists
        | Op::Absent
        | Op::NewerThan
        | Op::OlderThan
        | Op::Schema
        | Op::SameAs => {
            format!("which is not a number, as `{word}` needs; add the filter decimal or time")
        }
    }
}

/// `third`, `11th`
fn english_ordinal(n: u64) -> String {
    let words =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
    let word =
        n.checked_sub(1).and_then(|at| usize::try_from(at).ok()).and_then(|at| words.get(at));
    let ending = match (n % 10, n % 100 / 10) {
        (1, tens) if tens != 1 => "st",
        (2, tens) if tens != 1 => "nd",
        (3, tens) if tens != 1 => "rd",
        _ => "th",
    };
    word.map_or_else(|| format!("{n}{ending}"), |&word| word.to_owned())
}

/// What was there before, and is not there now.
impl Reason {
    fn english_gone(&self) -> Option<String> {
        match self {
            Self::StatusNotYet { status } => Some(format!("answered {status}: it is gone")),
            Self::Missing { what } => Some(format!("{what} is gone")),
            Self::Null { what } => Some(format!("{what} is null now")),
            Self::CountBelow { what, seen, want } => {
                Some(format!("only {seen} of {want} are left at {what}"))
            }
            _ => None,
        }
    }
}
