//! Stored evidence: an attempt's request, and what came back.

use serde_json::Value;

use super::fields::{Decode, Encode, Reader, Writer};
use crate::protocol::{Answer, Body, Evidence, HttpRequest, HttpResponse};

impl Encode for Evidence {
    fn to_value(&self) -> Value {
        let Self { request, answer, cut } = self;
        let mut to = Writer::default();
        to.field("request", request).optional("answer", answer.as_ref()).field("cut", cut);
        to.done()
    }
}

impl Decode for Evidence {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            request: from.field("request")?,
            answer: from.optional("answer")?,
            cut: from.field("cut")?,
        })
    }
}

impl Encode for HttpRequest {
    fn to_value(&self) -> Value {
        let Self { method, url, headers, body, with_credentials } = self;
        let mut to = Writer::default();
        to.field("method", method).field("url", url).field("headers", headers);
        to.optional("body", body.as_ref()).field("with_credentials", with_credentials);
        to.done()
    }
}

impl Decode for HttpRequest {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            method: from.field("method")?,
            url: from.field("url")?,
            headers: from.field("headers")?,
            body: from.optional("body")?,
            with_credentials: from.field("with_credentials")?,
        })
    }
}

impl Encode for Answer {
    fn to_value(&self) -> Value {
        let mut to = Writer::default();
        match self {
            Self::Response(response) => to.code("response").field("response", response),
            Self::NoResponse(diagnosis) => to.code("no_response").field("diagnosis", diagnosis),
            Self::Timeout => to.code("timeout"),
        };
        to.done()
    }
}

impl Decode for Answer {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(match from.code()? {
            "response" => Self::Response(from.field("response")?),
            "no_response" => Self::NoResponse(from.field("diagnosis")?),
            "timeout" => Self::Timeout,
            _ => return None,
        })
    }
}

impl Encode for HttpResponse {
    fn to_value(&self) -> Value {
        let Self { status, headers, body, redirected_to } = self;
        let mut to = Writer::default();
        to.field("status", status).field("headers", headers).field("body", body);
        to.optional("redirected_to", redirected_to.as_ref());
        to.done()
    }
}

impl Decode for HttpResponse {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(Self {
            status: from.field("status")?,
            headers: from.field("headers")?,
            body: from.field("body")?,
            redirected_to: from.optional("redirected_to")?,
        })
    }
}

impl Encode for Body {
    fn to_value(&self) -> Value {
        let mut to = Writer::default();
        match self {
            Self::Text(text) => to.code("text").field("text", text),
            Self::TooLarge => to.code("too_large"),
        };
        to.done()
    }
}

impl Decode for Body {
    fn from_value(value: &Value) -> Option<Self> {
        let from = Reader::of(value)?;
        Some(match from.code()? {
            "text" => Self::Text(from.field("text")?),
            "too_large" => Self::TooLarge,
            _ => return None,
        })
    }
}
