//! Reads one stage of a chain document: its request, checks, captures and poll policy.

use crate::json::Value;

use super::auth::{Auth, parse_auth};
use super::check_document::{CheckIn, parse_checks};
use super::document::{Capture, Request, RequestBody, Stage};
use super::field_document::{Earlier, check_carried, parse_field_names, parse_record};
use super::header::header_problem;
use super::keys;
use super::names::{Names, Secrets, check_name};
use super::outline::{OnInterrupt, Poll};
use super::poll_document::{PollOf, parse_poll};
use super::template::{Template, ValueTemplate, parted};
use crate::document::{Object, Place, ProblemKind, Problems};
use crate::protocol::Transport;
use crate::secrets::PREFIX;
use crate::verify::check::Check;
use crate::verify::jsonpath::Path;
use crate::verify::record::RecordRule;

pub(crate) fn parse_stage(
    place: &Place,
    chain_poll: &Poll,
    known: &[String],
    earlier: Earlier,
    problems: &mut Problems,
) -> Option<Stage> {
    let object = place.object(problems, &keys::STAGE, &[])?;
    let mut names = Names::of_stage(known);
    let name = object.need(problems, "name").and_then(|place| place.name(problems));
    let system = object.find("system").and_then(|place| place.name(problems));
    let transport = parse_transport(&object, problems);
    let once = parse_once(&object, problems);
    let request = object
        .need(problems, "request")
        .and_then(|place| parse_request(&place, &mut names, problems));
    // What is sent once has no use for the chain's backoff.
    let is_once = object.find("once").is_some_and(|place| place.value.as_bool() == Some(true));
    let backoff = chain_poll.backoff.filter(|_| !is_once);
    let chain_poll = Poll { backoff, ..chain_poll.clone() };
    let poll = object.find("poll").map_or_else(
        || Some(chain_poll.clone()),
        |place| parse_poll(&place, &chain_poll, PollOf::Stage, problems),
    )?;
    let judging = parse_judging(&object, &poll, &mut names, (earlier, Strict::Yes), problems);
    let Judging { stop, checks, captures, record, transformed, not_carried } = judging?;
    let stage = Stage {
        name: name?.to_owned(),
        system: system.map(str::to_owned),
        transport: transport?,
        once: match once? {
            Sending::Polled => None,
            Sending::Once(on_interrupt) => Some(on_interrupt),
        },
        group: None,
        request: request?,
        stop,
        checks,
        captures,
        record,
        transformed,
        not_carried,
        poll,
    };
    check_once(&stage, place, problems);
    check_sending(&stage, place, problems);
    Some(stage)
}

/// How a stage's answers are judged.
pub(crate) struct Judging {
    pub(crate) stop: Vec<Check>,
    pub(crate) checks: Vec<Check>,
    pub(crate) captures: Vec<Capture>,
    pub(crate) record: Option<RecordRule>,
    transformed: Vec<String>,
    not_carried: Vec<String>,
}

/// Whether fields have to be those of the chain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strict {
    Yes,
    No,
}

pub(crate) fn parse_judging(
    object: &Object,
    poll: &Poll,
    names: &mut Names,
    (earlier, strict): (Earlier, Strict),
    problems: &mut Problems,
) -> Option<Judging> {
    let stop = parse_checks(object, "stop", CheckIn::Stop, names, earlier, problems);
    let kind = if poll.hold.is_some() { CheckIn::Holding } else { CheckIn::Polled };
    let checks = parse_checks(object, "checks", kind, names, earlier, problems);
    let captures = parse_captures(object, names, problems);
    let fields = (strict == Strict::Yes).then_some(earlier.fields);
    let record = parse_record(object, fields, names, problems);
    let transformed = parse_field_names(object, "transformed", fields, problems);
    let not_carried = parse_field_names(object, "not_carried", fields, problems);
    let not_carried = not_carried?;
    check_carried(record.as_ref(), &not_carried, &object.place, problems);
    Some(Judging {
        stop: stop?,
        checks: checks?,
        captures: captures?,
        record,
        transformed: transformed?,
        not_carried,
    })
}

fn parse_transport(object: &Object, problems: &mut Problems) -> Option<Transport> {
    let words = [Transport::Direct, Transport::Proxy];
    match object.find("transport") {
        Some(place) => place.word(problems, &keys::TRANSPORTS, &words),
        None => Some(Transport::Direct),
    }
}

/// What its transport or polling does to a request.
fn check_sending(stage: &Stage, place: &Place, problems: &mut Problems) {
    let Stage { request, transport, once, .. } = stage;
    if *transport == Transport::Proxy && request.with_credentials {
        let kind = ProblemKind::NotTogether {
            key: "\"credentials\": \"include\"".into(),
            with: "\"transport\": \"proxy\", which passes no cookies on".into(),
        };
        problems.push(&place.part("request.credentials"), kind);
    }
    if once.is_none() && !matches!(request.method, "GET" | "HEAD") {
        let kind = ProblemKind::Repeats { method: request.method.into() };
        problems.warn(&place.part("request.method"), kind);
    }
}

/// How often the request may leave.
enum Sending {
    Polled,
    Once(OnInterrupt),
}

fn parse_once(object: &Object, problems: &mut Problems) -> Option<Sending> {
    let once = match object.find("once") {
        Some(place) => place.boolean(problems)?,
        None => false,
    };
    let meanings = [OnInterrupt::Stop, OnInterrupt::Continue, OnInterrupt::Resend];
    match object.find("on_interrupt") {
        Some(place) if once => {
            place.word(problems, &keys::ON_INTERRUPT, &meanings).map(Sending::Once)
        }
        Some(place) => {
            let kind =
                ProblemKind::Needs { key: "on_interrupt".into(), needs: "\"once\": true".into() };
            problems.push(&place, kind);
            None
        }
        None if once => Some(Sending::Once(OnInterrupt::Stop)),
        None => Some(Sending::Polled),
    }
}

/// What makes no sense for a request that leaves at most once.
fn check_once(stage: &Stage, place: &Place, problems: &mut Problems) {
    let Some(on_interrupt) = stage.once else {
        return;
    };
    let mut refuse = |part: &str, key: &str| {
        let kind = ProblemKind::NotTogether { key: key.into(), with: "\"once\": true".into() };
        problems.push(&place.part(part), kind);
    };
    if stage.poll.hold.is_some() {
        refuse("poll.hold", "hold");
    }
    if stage.poll.backoff.is_some() {
        refuse("poll.backoff", "backoff");
    }
    if let Some(check) = stage.checks.iter().find(|check| check.confirm > 1) {
        refuse(&format!("{}.confirm", check.place), "confirm");
    }
    if on_interrupt == OnInterrupt::Continue && !stage.captures.is_empty() {
        let kind = ProblemKind::NotTogether {
            key: "\"on_interrupt\": \"continue\"".into(),
            with: "captures, which nothing would set".into(),
        };
        problems.push(&place.part("on_interrupt"), kind);
    }
}

fn parse_request(place: &Place, names: &mut Names, problems: &mut Problems) -> Option<Request> {
    let object = place.object(problems, &keys::REQUEST, &[])?;
    let method = match object.find("method") {
        Some(place) => place.word(problems, &keys::METHODS, &keys::METHODS),
        None => Some("GET"),
    };
    let url = object.need(problems, "url").and_then(|place| {
        place.name(problems)?;
        names.template(&place, problems)
    });
    // What is written into them below leaves with the request alone.
    let names = &mut Names { secrets: Secrets::Allowed, ..*names };
    let query =
        object.find("query").map_or(Some(Vec::new()), |place| pairs(&place, names, problems));
    let headers =
        object.find("headers").map_or(Some(Vec::new()), |place| headers(&place, names, problems));
    let credentials = object
        .find("credentials")
        .map_or(Some(false), |place| place.word(problems, &keys::CREDENTIALS, &[false, true]));
    let body = parse_body(&object, names, problems);
    let auth = match object.find("auth") {
        Some(place) => parse_auth(&place, names, problems).map(Some),
        None => Some(None),
    };
    let request = Request {
        method: method?,
        url: url?,
        query: query?,
        headers: headers?,
        body: body?,
        auth: auth?,
        with_credentials: credentials?,
    };
    check_body(&request, &object, problems);
    check_auth(&request, &object, problems);
    Some(request)
}

/// `auth` and a header of the same name would say two things.
fn check_auth(request: &Request, object: &Object, problems: &mut Problems) {
    let Some(header) = request.auth.as_ref().and_then(Auth::header) else {
        return;
    };
    if request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header)) {
        object.refuse(problems, "auth", &format!("the header \"{header}\""));
    }
}

fn check_body(request: &Request, object: &Object, problems: &mut Problems) {
    let has_body = !matches!(request.body, RequestBody::None);
    if has_body && matches!(request.method, "GET" | "HEAD") {
        for key in ["json", "form", "text"] {
            object.refuse(problems, key, &format!("the method {}", request.method));
        }
    }
}

fn parse_body(object: &Object, names: &mut Names, problems: &mut Problems) -> Option<RequestBody> {
    let (json, form, text) = (object.find("json"), object.find("form"), object.find("text"));
    match (json, form, text) {
        (None, None, None) => Some(RequestBody::None),
        (Some(place), None, None) => names.value(&place, problems).map(RequestBody::Json),
        (None, Some(place), None) => pairs(&place, names, problems).map(RequestBody::Form),
        (None, None, Some(place)) => names.template(&place, problems).map(RequestBody::Text),
        (Some(_), _, _) | (None, Some(_), Some(_)) => {
            let kind = ProblemKind::NotTogether {
                key: "json, form, text".into(),
                with: "each other: a request has one body".into(),
            };
            problems.push(&object.place, kind);
            None
        }
    }
}

/// Names with scalar values: a query, or a form.
fn pairs(
    place: &Place,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<Vec<(String, ValueTemplate)>> {
    let mut pairs = Vec::new();
    for (name, place) in place.entries(problems)? {
        if matches!(place.value, Value::Array(_) | Value::Object(_) | Value::Null) {
            let want = "a text, a number, true or false".to_owned();
            let kind = ProblemKind::WrongType { want, got: "a list, an object or null".into() };
            problems.push(&place, kind);
            continue;
        }
        if let Some(value) = names.value(&place, problems) {
            pairs.push((name.to_owned(), value));
        }
    }
    Some(pairs)
}

fn headers(
    place: &Place,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<Vec<(String, Template)>> {
    let mut headers = Vec::new();
    for (name, place) in place.entries(problems)? {
        if let Some(kind) = header_problem(name) {
            problems.push(&place, kind);
            continue;
        }
        if let Some(template) = names.template(&place, problems) {
            headers.push((name.to_owned(), template));
        }
    }
    Some(headers)
}

fn parse_captures(
    object: &Object,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<Vec<Capture>> {
    let Some(place) = object.find("captures") else {
        return Some(Vec::new());
    };
    let entries = place.entries(problems)?;
    if entries.len() > keys::MAX_CAPTURES {
        let (seen, limit) = (entries.len() as u64, keys::MAX_CAPTURES as u64);
        problems.push(&place, ProblemKind::TooMany { seen, limit });
        return None;
    }
    let mut captures = Vec::new();
    for (name, place) in entries {
        if name.starts_with(PREFIX) {
            check_name(name, &place, problems);
        }
        let source = place.object(problems, &keys::CAPTURE, &["header", "regex", "variable"])?;
        let Some(place) = source.need(problems, "jsonpath") else {
            continue;
        };
        if let Some((path, _)) = parse_path(&place, names, problems) {
            captures.push(Capture { name: name.to_owned(), path });
        }
    }
    Some(captures)
}

/// A JSONPath with templates in it; it is tried with stand-ins for their values.
pub(crate) fn parse_path(
    place: &Place,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<(Template, String)> {
    let template = names.template(place, problems)?;
    let text = place.text(problems)?;
    if let Err(message) = try_path(text) {
        problems.push(place, ProblemKind::Path { message });
        return None;
    }
    Some((template, text.to_owned()))
}

fn try_path(text: &str) -> Result<(), String> {
    // A name stands within quotes, or where a number does.
    Path::parse(&with_stand_ins(text, "x"))
        .or_else(|error| Path::parse(&with_stand_ins(text, "0")).map_err(|_| error))
        .map(|_| ())
}

/// A text with something in place of its templates.
pub(crate) fn with_stand_ins(text: &str, stand_in: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = parted(rest, "{{") {
        out.push_str(before);
        if let Some(beyond) = after.strip_prefix("{{") {
            out.push_str("{{");
            rest = beyond;
            continue;
        }
        out.push_str(stand_in);
        rest = parted(after, "}}").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}
