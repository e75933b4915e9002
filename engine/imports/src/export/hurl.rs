//! Writes stages as a Hurl file: requests, retries from the poll policy, captures, and checks as asserts.
//! What Hurl has no equal of is a comment, and said.
//!
//! Source: hurl.dev, "Grammar", "Request", "Asserting Response". The long names of sections are written,
//! since every version knows them.

use std::fmt::Write as _;

use baton_engine::json::{self, Value};

use super::Made;
use super::check::{self, Asserts};
use super::request::{Sent, milliseconds, of_stage, template};
use crate::answer::member;
use crate::draft::{Auth, Body, KeyIn};
use crate::import::MAX_STAGES;
use crate::said::{Notes, Refusal, Said};
use crate::secret::name_of;
use crate::text::{Piece, map_pieces, pieces};

const DEFAULT_INTERVAL_MS: u64 = 58_000;
const DEFAULT_TIMEOUT_MS: u64 = 900_000;
const DEFAULT_ATTEMPT_MS: u64 = 10_000;

/// # Errors
/// When there is no stage in it.
pub(crate) fn hurl(asked: &Value) -> Result<Made, Refusal> {
    let one = asked.get("stage").map(std::slice::from_ref);
    let stages = one.or_else(|| asked.get("stages").and_then(Value::as_array).map(Vec::as_slice));
    let stages = stages
        .ok_or_else(|| Refusal::Question { message: "expected \"stages\" or \"stage\"".into() })?;
    if stages.len() > MAX_STAGES {
        return Err(Refusal::TooMany { what: "stages".into(), limit: MAX_STAGES });
    }
    let mut file = File {
        text: String::new(),
        notes: Notes::default(),
        names: Vec::new(),
        captured: Vec::new(),
    };
    for (index, stage) in stages.iter().enumerate() {
        file.stage(stage, asked, &format!("stages[{index}]"))?;
    }
    let names: Vec<String> =
        file.names.iter().filter(|name| !file.captured.contains(name)).cloned().collect();
    if !names.is_empty() {
        file.notes.say(Said::HurlVariables { names }, "");
    }
    Ok(Made { text: file.text, notes: file.notes })
}

/// A file that is being written.
pub(crate) struct File {
    text: String,
    pub(crate) notes: Notes,
    /// The variables that it uses.
    names: Vec<String>,
    /// Those that it sets itself.
    captured: Vec<String>,
}

impl File {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A comment is one line, whatever stands in it.
    pub(crate) fn comment(&mut self, text: &str) {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.line(&format!("# {text}"));
    }

    fn stage(&mut self, stage: &Value, asked: &Value, place: &str) -> Result<(), Refusal> {
        let sent = of_stage(stage)?;
        if !self.text.is_empty() {
            self.line("");
        }
        if let Some(name) = stage.get("name").and_then(Value::as_str) {
            self.comment(name);
        }
        if sent.with_cookies {
            self.notes.say(Said::OwnCookies, place);
        }
        self.request(&sent);
        self.options(stage, asked, &sent, place);
        self.sections(&sent);
        self.body(&sent, member(asked, "variables"));
        self.line("");
        self.response(stage, place)
    }

    fn request(&mut self, sent: &Sent) {
        let url = sent.parts.url.split('#').next().unwrap_or_default();
        // In a URL nothing is escaped but by percent.
        let url = self.written(url, &|literal| crate::text::url_safe(literal).replace('#', "%23"));
        self.line(&format!("{} {url}", sent.parts.method));
        for (name, value) in sent.headers() {
            // A form's section brings its type along.
            if matches!(sent.parts.body, Body::Form(_)) && name == "Content-Type" {
                continue;
            }
            self.pair(&name, &value);
        }
    }

    fn pair(&mut self, name: &str, value: &str) {
        let name = escaped_key(name);
        let value = self.written(value, &escaped_value);
        self.line(&format!("{name}: {value}"));
    }

    fn options(&mut self, stage: &Value, asked: &Value, sent: &Sent, place: &str) {
        let own = stage.get("poll");
        let of =
            |key: &str| own.and_then(|poll| poll.get(key)).or_else(|| asked.get("poll")?.get(key));
        let ms = |key: &str, default: u64| of(key).and_then(milliseconds).unwrap_or(default);
        let interval = ms("interval", DEFAULT_INTERVAL_MS).max(1);
        let once = stage.get("once").and_then(Value::as_bool) == Some(true);
        let retries = ms("timeout", DEFAULT_TIMEOUT_MS).div_ceil(interval);
        let attempts = of("max_attempts").and_then(Value::as_u64);
        let retries = attempts.map_or(retries, |attempts| retries.min(attempts.saturating_sub(1)));
        self.line("[Options]");
        if !once && retries > 0 {
            self.line(&format!("retry: {retries}"));
            self.line(&format!("retry-interval: {}", span(interval)));
        }
        let delay = ms("initial_delay", 0);
        if delay > 0 {
            self.line(&format!("delay: {}", span(delay)));
        }
        let attempt = sent
            .parts
            .attempt_timeout_ms
            .unwrap_or_else(|| ms("attempt_timeout", DEFAULT_ATTEMPT_MS));
        self.line(&format!("max-time: {}", span(attempt)));
        self.line("location: true");
        for key in ["hold", "backoff"] {
            if let Some(value) = of(key) {
                self.comment(&format!("{key}: {}", json::text(value)));
                self.notes.say(Said::PolicyAsComment { key: key.to_owned() }, place);
            }
        }
    }

    fn sections(&mut self, sent: &Sent) {
        let mut query = sent.parts.query.clone();
        if let Some(Auth::Key { within: KeyIn::Query, name, value }) = &sent.parts.auth {
            query.push((name.clone(), value.clone()));
        }
        if !query.is_empty() {
            self.line("[QueryStringParams]");
            for (name, value) in &query {
                self.pair(name, value);
            }
        }
        if let Some(Auth::Basic { user, password }) = &sent.parts.auth {
            self.line("[BasicAuth]");
            let user = self.written(user, &escaped_key);
            let password = self.written(password, &escaped_value);
            self.line(&format!("{user}: {password}"));
        }
        if let Body::Form(pairs) = &sent.parts.body {
            self.line("[FormParams]");
            for (name, value) in pairs {
                self.pair(name, value);
            }
        }
    }

    fn body(&mut self, sent: &Sent, variables: Option<&json::Map>) {
        match &sent.parts.body {
            Body::None | Body::Form(_) => {}
            Body::Text(text) => {
                let text = self.written(text, &escaped_line);
                self.line(&format!("`{text}`"));
            }
            Body::Json(value) => {
                let text = self.json(value, variables);
                // `[1]` would be read as a section's name.
                let text =
                    text.strip_prefix('[').map_or_else(|| text.clone(), |rest| format!("[ {rest}"));
                self.line(&text);
            }
        }
    }

    fn json(&mut self, value: &Value, variables: Option<&json::Map>) -> String {
        match value {
            Value::String(text) => {
                let own = match pieces(text).as_slice() {
                    [Piece::Name(name)] => variables.and_then(|variables| variables.get(name)),
                    _ => None,
                };
                let written = self.written(text, &escaped_json);
                // A whole name takes the variable's own type.
                let is_text = own.is_none_or(Value::is_string);
                if is_text { format!("\"{written}\"") } else { written }
            }
            Value::Array(items) => {
                let items: Vec<String> =
                    items.iter().map(|item| self.json(item, variables)).collect();
                format!("[{}]", items.join(","))
            }
            Value::Object(map) => {
                let members: Vec<String> = map
                    .iter()
                    .map(|(key, value)| {
                        format!("\"{}\":{}", escaped_json(key), self.json(value, variables))
                    })
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => json::text(value),
        }
    }

    fn response(&mut self, stage: &Value, place: &str) -> Result<(), Refusal> {
        let mut asserts = Asserts::default();
        for (key, list) in [("stop", stage.get("stop")), ("checks", stage.get("checks"))] {
            for (index, item) in list.and_then(Value::as_array).into_iter().flatten().enumerate() {
                let made = if key == "stop" { None } else { check::lines(item, self)? };
                if let Some(made) = made {
                    asserts.add(made);
                } else {
                    asserts.comment(&format!("{key}: {}", json::text(item)));
                    let check = format!("{key}[{index}]");
                    self.notes.say(
                        Said::CheckAsComment { check: check.clone() },
                        &format!("{place}.{check}"),
                    );
                }
            }
        }
        match &asserts.status {
            Some(status) => self.line(&format!("HTTP {status}")),
            None => self.line("HTTP *"),
        }
        self.captures(stage)?;
        self.line("[Asserts]");
        if asserts.status.is_none() && !asserts.about_status {
            // What a stage takes for an answer when no check says another.
            for line in ["status >= 200", "status < 300", "status != 202", "status != 204"] {
                self.line(line);
            }
        }
        for comment in &asserts.comments {
            self.comment(comment);
        }
        for line in &asserts.lines {
            self.line(line);
        }
        if let Some(record) = stage.get("record") {
            self.comment(&format!("record: {}", json::text(record)));
            self.notes.say(Said::PolicyAsComment { key: "record".into() }, place);
        }
        Ok(())
    }

    fn captures(&mut self, stage: &Value) -> Result<(), Refusal> {
        let Some(captures) = member(stage, "captures").filter(|captures| !captures.is_empty())
        else {
            return Ok(());
        };
        self.line("[Captures]");
        for (name, source) in captures {
            let Some(query) = check::query(source, self)? else {
                self.comment(&format!("{name}: {}", json::text(source)));
                continue;
            };
            let name = variable(name);
            self.line(&format!("{name}: {query}"));
            self.captured.push(name);
        }
        Ok(())
    }

    /// A text, its literals escaped, its names as Hurl calls them.
    pub(crate) fn written(&mut self, text: &str, escape: &dyn Fn(&str) -> String) -> String {
        map_pieces(text, &mut |literal| escape(literal), &mut |name| {
            let called = match name {
                "$now" => return "{{newDate}}".into(),
                "$uuid" => return "{{newUuid}}".into(),
                _ => variable(name),
            };
            let out = format!("{{{{{called}}}}}");
            if !self.names.contains(&called) {
                self.names.push(called);
            }
            out
        })
    }

    /// A document's text in quotes.
    pub(crate) fn quoted(&mut self, text: &str) -> Result<String, Refusal> {
        let text = template(text)?;
        Ok(format!("\"{}\"", self.written(&text, &escaped_quoted)))
    }
}

/// A name that Hurl takes: it begins with a letter and has no point.
fn variable(name: &str) -> String {
    let name = name_of(name).replace('$', "_");
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("v_{name}")
    }
}

fn span(ms: u64) -> String {
    if ms.is_multiple_of(1000) { format!("{}s", ms / 1000) } else { format!("{ms}ms") }
}

/// Escapes by number: every kind of Hurl's texts knows `\u{…}`.
fn by_number(text: &str, escaped: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if escaped(character) || character.is_control() || "\\{}".contains(character) {
            let _never_fails = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

fn escaped_key(text: &str) -> String {
    by_number(text, |character| !(character.is_alphanumeric() || "_-.[]@$".contains(character)))
}

/// Blanks at the ends would be trimmed.
fn escaped_value(text: &str) -> String {
    let middle = text.trim_matches(' ');
    let start = text.len() - text.trim_start_matches(' ').len();
    let end = if middle.is_empty() { 0 } else { text.len() - text.trim_end_matches(' ').len() };
    let blanks = |count: usize| "\\u{20}".repeat(count);
    format!("{}{}{}", blanks(start), by_number(middle, |character| character == '#'), blanks(end))
}

fn escaped_line(text: &str) -> String {
    by_number(text, |character| "`#".contains(character))
}

fn escaped_quoted(text: &str) -> String {
    by_number(text, |character| character == '"')
}

/// JSON's own escapes; braces by number, so that none is taken for a template.
fn escaped_json(text: &str) -> String {
    let quoted = json::text(&Value::from(text));
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    inner.replace("{{", "\\u007b\\u007b").replace('\u{7f}', "\\u007f")
}
