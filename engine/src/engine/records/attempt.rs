//! Stored attempts: what was polled, and how each check was judged; without bodies.

use serde_json::Value;

use super::fields::{Decode, Encode, Reader, Writer, word};
use crate::protocol::{AttemptPhase, AttemptView, ReadingView, Transport};
use crate::verify::Verdict;

impl Encode for AttemptView {
    fn to_value(&self) -> Value {
        let Self {
            run,
            stage,
            number,
            phase,
            scheduled_at,
            begun_at,
            ended_at,
            latency_ms,
            transport,
            method,
            url,
            status,
            reason,
            readings,
        } = self;
        let mut to = Writer::default();
        to.field("run", run).field("stage", stage).field("number", number).field("phase", phase);
        to.field("scheduled_at", scheduled_at).field("begun_at", begun_at);
        to.optional("ended_at", ended_at.as_ref()).optional("latency_ms", latency_ms.as_ref());
        to.field("transport", transport).field("method", method).field("url", url);
        to.optional("status", status.as_ref()).optional("reason", reason.as_ref());
        to.field("readings", readings);
        to.done()
    }
}

impl Decode for AttemptView {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            run: from.field("run")?,
            stage: from.field("stage")?,
            number: from.field("number")?,
            phase: from.field("phase")?,
            scheduled_at: from.field("scheduled_at")?,
            begun_at: from.field("begun_at")?,
            ended_at: from.optional("ended_at")?,
            latency_ms: from.optional("latency_ms")?,
            transport: from.field("transport")?,
            method: from.field("method")?,
            url: from.field("url")?,
            status: from.optional("status")?,
            reason: from.optional("reason")?,
            readings: from.field("readings")?,
        })
    }
}

impl Encode for AttemptPhase {
    fn to_value(&self) -> Value {
        let mut to = Writer::default();
        match self {
            Self::Calling => to.code("calling"),
            Self::Judged(verdict) => to.code("judged").field("verdict", verdict),
            Self::Lost => to.code("lost"),
            Self::Aborted => to.code("aborted"),
        };
        to.done()
    }
}

impl Decode for AttemptPhase {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(match from.code()? {
            "calling" => Self::Calling,
            "judged" => Self::Judged(from.field("verdict")?),
            "lost" => Self::Lost,
            "aborted" => Self::Aborted,
            _ => return None,
        })
    }
}

impl Encode for ReadingView {
    fn to_value(&self) -> Value {
        let Self { place, rule, expected, selected, locations, verdict, reason } = self;
        let mut to = Writer::default();
        to.field("place", place).field("rule", rule).optional("expected", expected.as_ref());
        to.field("selected", selected).field("locations", locations);
        to.field("verdict", verdict).field("reason", reason);
        to.done()
    }
}

impl Decode for ReadingView {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            place: from.field("place")?,
            rule: from.field("rule")?,
            expected: from.optional("expected")?,
            selected: from.field("selected")?,
            locations: from.field("locations")?,
            verdict: from.field("verdict")?,
            reason: from.field("reason")?,
        })
    }
}

impl Encode for Verdict {
    fn to_value(&self) -> Value {
        word(match self {
            Self::Pass => "pass",
            Self::Pending => "pending",
            Self::Fail => "fail",
        })
    }
}

impl Decode for Verdict {
    fn from_value(value: &Value) -> Option<Self> {
        Some(match value.as_str()? {
            "pass" => Self::Pass,
            "pending" => Self::Pending,
            "fail" => Self::Fail,
            _ => return None,
        })
    }
}

impl Encode for Transport {
    fn to_value(&self) -> Value {
        word(match self {
            Self::Direct => "direct",
            Self::Demo => "demo",
        })
    }
}

impl Decode for Transport {
    fn from_value(value: &Value) -> Option<Self> {
        Some(match value.as_str()? {
            "direct" => Self::Direct,
            "demo" => Self::Demo,
            _ => return None,
        })
    }
}
