//! Stored reasons: flat, `{"code":"count_below","what":…,"seen":2,"want":3}`. Codes and keys stand for
//! years; a variant that is renamed keeps its code.

use serde_json::Value;

use super::fields::{Decode, Encode, Reader, Writer, word};
use crate::verify::{Diagnosis, NotJson, Reason};

impl Encode for Reason {
    fn to_value(&self) -> Value {
        let mut to = Writer::default();
        match self {
            Self::Network { diagnosis } => to.code("network").field("diagnosis", diagnosis),
            Self::AttemptTimeout { after_ms } => {
                to.code("attempt_timeout").field("after_ms", after_ms)
            }
            Self::StatusNotYet { status } => to.code("status_not_yet").field("status", status),
            Self::StatusWrong { status } => to.code("status_wrong").field("status", status),
            Self::BodyTooLarge { limit_bytes } => {
                to.code("body_too_large").field("limit_bytes", limit_bytes)
            }
            Self::NotJson { kind } => to.code("not_json").field("kind", kind),
            Self::NotJsonAgain { kind, in_a_row } => {
                to.code("not_json_again").field("kind", kind).field("in_a_row", in_a_row)
            }
            Self::NeedsAccess { status } => to.code("needs_access").field("status", status),
            Self::AllPass { checks } => to.code("all_pass").field("checks", checks),
            Self::Holds { what, got } => to.code("holds").field("what", what).field("got", got),
            Self::Missing { what } => to.code("missing").field("what", what),
            Self::Null { what } => to.code("null").field("what", what),
            Self::Differs { what, got, want } => {
                to.code("differs").field("what", what).field("got", got).field("want", want)
            }
            Self::NotConvertible { what, got, filter } => {
                let to = to.code("not_convertible").field("what", what);
                to.field("got", got).field("filter", filter)
            }
            Self::StillInProgress { what, got } => {
                to.code("still_in_progress").field("what", what).field("got", got)
            }
            Self::CountBelow { what, seen, want } => {
                to.code("count_below").field("what", what).field("seen", seen).field("want", want)
            }
            Self::CountReached { what, seen, want } => {
                to.code("count_reached").field("what", what).field("seen", seen).field("want", want)
            }
            Self::CountAbove { what, seen, want, duplicates } => {
                let to = to.code("count_above").field("what", what);
                to.field("seen", seen).field("want", want).field("duplicates", duplicates)
            }
            Self::Matched { what, seen } => {
                to.code("matched").field("what", what).field("seen", seen)
            }
            Self::TooManyNodes { what, limit } => {
                to.code("too_many_nodes").field("what", what).field("limit", limit)
            }
            Self::BadPath { what, message } => {
                to.code("bad_path").field("what", what).field("message", message)
            }
            Self::Unconfirmed { seen, need, wrong } => {
                to.code("unconfirmed").field("seen", seen).field("need", need).field("wrong", wrong)
            }
            Self::StopHolds { what, got } => {
                to.code("stop_holds").field("what", what).field("got", got)
            }
            Self::CaptureMissing { name } => to.code("capture_missing").field("name", name),
            Self::CaptureSeveral { name, seen } => {
                to.code("capture_several").field("name", name).field("seen", seen)
            }
            Self::Unresolved { name } => to.code("unresolved").field("name", name),
            Self::DeadlinePassed { timeout_ms, last, since } => {
                let to = to.code("deadline_passed").field("timeout_ms", timeout_ms);
                to.optional("last", last.as_ref()).optional("since", since.as_ref())
            }
            Self::AttemptsUsedUp { attempts, last, since } => {
                let to = to.code("attempts_used_up").field("attempts", attempts);
                to.optional("last", last.as_ref()).optional("since", since.as_ref())
            }
            Self::SentNotAccepted { answer } => {
                to.code("sent_not_accepted").field("answer", answer)
            }
            Self::MayHaveBeenSent => to.code("may_have_been_sent"),
            Self::TakenAsSent => to.code("taken_as_sent"),
            Self::AttemptLost => to.code("attempt_lost"),
        };
        to.done()
    }
}

impl Decode for Reason {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        let what = || from.field("what");
        let got = || from.field("got");
        let status = || from.field("status");
        let seen = || from.field("seen");
        let want = || from.field("want");
        let kind = || from.field("kind");
        let name = || from.field("name");
        Some(match from.code()? {
            "network" => Self::Network { diagnosis: from.field("diagnosis")? },
            "attempt_timeout" => Self::AttemptTimeout { after_ms: from.field("after_ms")? },
            "status_not_yet" => Self::StatusNotYet { status: status()? },
            "status_wrong" => Self::StatusWrong { status: status()? },
            "body_too_large" => Self::BodyTooLarge { limit_bytes: from.field("limit_bytes")? },
            "not_json" => Self::NotJson { kind: kind()? },
            "not_json_again" => {
                Self::NotJsonAgain { kind: kind()?, in_a_row: from.field("in_a_row")? }
            }
            "needs_access" => Self::NeedsAccess { status: status()? },
            "all_pass" => Self::AllPass { checks: from.field("checks")? },
            "holds" => Self::Holds { what: what()?, got: got()? },
            "missing" => Self::Missing { what: what()? },
            "null" => Self::Null { what: what()? },
            "differs" => Self::Differs { what: what()?, got: got()?, want: from.field("want")? },
            "not_convertible" => {
                Self::NotConvertible { what: what()?, got: got()?, filter: from.field("filter")? }
            }
            "still_in_progress" => Self::StillInProgress { what: what()?, got: got()? },
            "count_below" => Self::CountBelow { what: what()?, seen: seen()?, want: want()? },
            "count_reached" => Self::CountReached { what: what()?, seen: seen()?, want: want()? },
            "count_above" => Self::CountAbove {
                what: what()?,
                seen: seen()?,
                want: want()?,
                duplicates: from.field("duplicates")?,
            },
            "matched" => Self::Matched { what: what()?, seen: seen()? },
            "too_many_nodes" => Self::TooManyNodes { what: what()?, limit: from.field("limit")? },
            "bad_path" => Self::BadPath { what: what()?, message: from.field("message")? },
            "unconfirmed" => Self::Unconfirmed {
                seen: from.field("seen")?,
                need: from.field("need")?,
                wrong: from.field("wrong")?,
            },
            "stop_holds" => Self::StopHolds { what: what()?, got: got()? },
            "capture_missing" => Self::CaptureMissing { name: name()? },
            "capture_several" => Self::CaptureSeveral { name: name()?, seen: seen()? },
            "unresolved" => Self::Unresolved { name: name()? },
            "deadline_passed" => Self::DeadlinePassed {
                timeout_ms: from.field("timeout_ms")?,
                last: from.optional("last")?,
                since: from.optional("since")?,
            },
            "attempts_used_up" => Self::AttemptsUsedUp {
                attempts: from.field("attempts")?,
                last: from.optional("last")?,
                since: from.optional("since")?,
            },
            "sent_not_accepted" => Self::SentNotAccepted { answer: from.field("answer")? },
            "may_have_been_sent" => Self::MayHaveBeenSent,
            "taken_as_sent" => Self::TakenAsSent,
            "attempt_lost" => Self::AttemptLost,
            _ => return None,
        })
    }
}

impl Encode for Diagnosis {
    fn to_value(&self) -> Value {
        let mut to = Writer::default();
        match self {
            Self::Offline => to.code("offline"),
            Self::MixedContent => to.code("mixed_content"),
            Self::OwnPolicy => to.code("own_policy"),
            Self::ForbiddenHeader { name } => to.code("forbidden_header").field("name", name),
            Self::BadAddress { message } => to.code("bad_address").field("message", message),
            Self::NotAllowed { origin } => to.code("not_allowed").field("origin", origin),
            Self::NoAnswer => to.code("no_answer"),
        };
        to.done()
    }
}

impl Decode for Diagnosis {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(match from.code()? {
            "offline" => Self::Offline,
            "mixed_content" => Self::MixedContent,
            "own_policy" => Self::OwnPolicy,
            "forbidden_header" => Self::ForbiddenHeader { name: from.field("name")? },
            "bad_address" => Self::BadAddress { message: from.field("message")? },
            "not_allowed" => Self::NotAllowed { origin: from.field("origin")? },
            "no_answer" => Self::NoAnswer,
            _ => return None,
        })
    }
}

impl Encode for NotJson {
    fn to_value(&self) -> Value {
        word(match self {
            Self::Empty => "empty",
            Self::Html => "html",
            Self::Truncated => "truncated",
            Self::Text => "text",
        })
    }
}

impl Decode for NotJson {
    fn from_value(value: &Value) -> Option<Self> {
        Some(match value.as_str()? {
            "empty" => Self::Empty,
            "html" => Self::Html,
            "truncated" => Self::Truncated,
            "text" => Self::Text,
            _ => return None,
        })
    }
}
