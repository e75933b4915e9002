//! What an import gives: stages, variables, the names of secrets, and notes.

use baton_engine::json::{self, Map, Value};

use crate::draft::{Auth, Body, Draft, FORM, KeyIn, Parts};
use crate::said::{Notes, Refusal, Said};
use crate::secret::{Vault, is_secret_in_query, is_secret_name, name_of, secret_name};
use crate::text::{
    BRACE, Piece, map_pieces, object, percent_decoded, pieces, reference, render, texts,
    visit_texts,
};
use crate::variables;

/// A chain has at most so many stages.
pub(crate) const MAX_STAGES: usize = 50;
/// What stands for a secret where no template can.
pub(crate) const MASK: &str = "***";
const LONGEST_NAME: usize = 80;

/// Requests on their way to stages.
#[derive(Default)]
pub(crate) struct Import {
    parts: Vec<Parts>,
    /// Whether recorded answers are given back beside the stages.
    pub(crate) samples: Samples,
    /// Variables and their texts, in order.
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) vault: Vault,
    pub(crate) notes: Notes,
}

/// Whether recorded answers are given back.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Samples {
    #[default]
    Without,
    With,
}

impl Import {
    /// # Errors
    /// When no stage can send it.
    pub(crate) fn add(&mut self, draft: Draft) -> Result<(), Refusal> {
        let parts = draft.into_parts(&mut self.notes)?;
        self.parts.push(parts);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    /// The answer's members. Secrets are out of them: first by name and shape, then by value, since what is
    /// secret in one place may stand in another without saying so.
    pub(crate) fn finish(mut self) -> Map {
        let mut parts = std::mem::take(&mut self.parts);
        variables::find_secrets(&self.variables, &mut parts, &mut self.vault);
        for parts in &mut parts {
            hide(parts, &mut self.vault);
        }
        variables::hide(&mut self.variables, &mut self.vault);
        for parts in &mut parts {
            each_text(parts, &mut |text| *text = self.vault.hide_values(text));
        }
        let names = variables::settle(&mut self, &mut parts);
        let (mut stages, mut secrets, mut samples) = (Vec::new(), Vec::new(), Vec::new());
        for mut parts in parts {
            each_text(&mut parts, &mut |text| {
                *text = map_pieces(text, &mut str::to_owned, &mut |name| {
                    let name = names.final_name(name);
                    note_secret(&name, &mut secrets);
                    reference(&name)
                });
            });
            let name = free_name(&stages, &parts);
            stages.push(stage(&parts, &name, &mut self.notes));
            samples.push(parts.sample.map_or(Value::Null, |sample| masked(sample, &self.vault)));
        }
        let with_samples = self.samples == Samples::With;
        let mut answer = self.answer(Value::Array(stages), names.variables, secrets);
        if with_samples {
            answer.insert("samples".into(), Value::Array(samples));
        }
        answer
    }

    fn answer(mut self, stages: Value, mut variables: Map, secrets: Vec<String>) -> Map {
        let mut all = json::text(&stages);
        all.push_str(&json::text(&Value::Object(variables.clone())));
        if all.contains(&format!("{{{{{BRACE}}}}}")) {
            // First: variables may only use those above them.
            let brace = std::iter::once((BRACE.to_owned(), Value::from("{")));
            variables = brace.chain(variables).collect();
        }
        if !secrets.is_empty() {
            self.notes.say(Said::SecretsMasked { names: secrets.clone() }, "");
        }
        let secrets = secrets.into_iter().map(Value::from).collect();
        let answer = object([
            ("stages", stages),
            ("variables", Value::Object(variables)),
            ("secrets", Value::Array(secrets)),
            ("notes", self.notes.json()),
        ]);
        answer.as_object().cloned().unwrap_or_default()
    }
}

/// A recorded answer without the values of secrets.
fn masked(mut sample: Value, vault: &Vault) -> Value {
    visit_texts(&mut sample, &mut |text| {
        *text = map_pieces(&vault.hide_values(text), &mut str::to_owned, &mut |_| MASK.to_owned());
    });
    sample
}

fn note_secret(name: &str, secrets: &mut Vec<String>) {
    if let Some(name) = name.strip_prefix("secret.")
        && !secrets.iter().any(|known| known == name)
    {
        secrets.push(name.to_owned());
    }
}

/// Does something to each text of a request in which a name may stand.
pub(crate) fn each_text(parts: &mut Parts, visit: &mut dyn FnMut(&mut String)) {
    visit(&mut parts.url);
    visit(&mut parts.name);
    parts.query.iter_mut().chain(&mut parts.headers).for_each(|(_, value)| visit(value));
    match &mut parts.body {
        Body::None => {}
        Body::Text(text) => visit(text),
        Body::Form(pairs) => pairs.iter_mut().for_each(|(_, value)| visit(value)),
        Body::Json(value) => visit_texts(value, visit),
    }
    match &mut parts.auth {
        None => {}
        Some(Auth::Bearer(token)) => visit(token),
        Some(Auth::Basic { user, password }) => {
            visit(user);
            visit(password);
        }
        Some(Auth::Key { value, .. }) => visit(value),
    }
}

/// Hides what is secret by its name or its shape.
fn hide(parts: &mut Parts, vault: &mut Vault) {
    match &mut parts.auth {
        None => {}
        Some(Auth::Bearer(token)) => *token = vault.hide(token, "token"),
        // A key as the user's name, with no password: some services take it so.
        Some(Auth::Basic { user, password }) if password.is_empty() => {
            *user = vault.hide(user, "user");
        }
        Some(Auth::Basic { password, .. }) => *password = vault.hide(password, "password"),
        Some(Auth::Key { name, value, .. }) => *value = vault.hide(value, &secret_name(name)),
    }
    for (name, value) in &mut parts.headers {
        if is_secret_name(name) {
            *value = hide_header(value, &secret_name(name), vault);
        }
    }
    for (name, value) in &mut parts.query {
        if is_secret_in_query(name) {
            *value = vault.hide(value, &secret_name(name));
        }
    }
    hide_in_url(parts, vault);
    let is_form = parts
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with(FORM));
    match &mut parts.body {
        Body::None => {}
        Body::Text(text) if is_form => *text = hide_in_form(text, vault),
        // JSON that a tree would not keep whole: what is secret in it is known by its value then.
        Body::Text(text) => {
            if let Ok(mut tree) = json::parse(text) {
                hide_in_json(&mut tree, vault);
            }
        }
        Body::Form(pairs) => {
            for (name, value) in pairs {
                if is_secret_name(name) {
                    *value = vault.hide(value, &secret_name(name));
                }
            }
        }
        Body::Json(value) => hide_in_json(value, vault),
    }
    each_text(parts, &mut |text| *text = vault.hide_shapes(text));
}

/// `Scheme value` keeps its scheme.
fn hide_header(value: &str, name: &str, vault: &mut Vault) -> String {
    match value.split_once(' ') {
        Some((scheme, rest))
            if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') =>
        {
            format!("{scheme} {}", vault.hide(rest.trim(), name))
        }
        Some(_) | None => vault.hide(value, name),
    }
}

/// Takes secrets out of a query that has to stay in its URL: a stage may have them in `query`.
fn hide_in_url(parts: &mut Parts, vault: &mut Vault) {
    let Some((path, query)) = parts.url.split_once('?') else {
        return;
    };
    let (mut kept, mut moved) = (Vec::new(), Vec::new());
    for part in query.split('&') {
        match part.split_once('=') {
            Some((name, value)) if is_secret_in_query(name) && !value.is_empty() => {
                let value = percent_decoded(value).unwrap_or_else(|| value.to_owned());
                moved.push((name.to_owned(), vault.hide(&value, &secret_name(name))));
            }
            Some(_) | None => kept.push(part),
        }
    }
    let query = kept.join("&");
    parts.url = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    parts.query.extend(moved);
}

/// A form that has to stay a text. The secrets stand in it as they are written: nothing encodes them.
fn hide_in_form(text: &str, vault: &mut Vault) -> String {
    let parts = text.split('&').map(|part| match part.split_once('=') {
        Some((name, value)) if is_secret_name(name) => {
            format!("{name}={}", vault.hide(value, &secret_name(name)))
        }
        Some(_) | None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("&")
}

pub(crate) fn hide_in_json(value: &mut Value, vault: &mut Vault) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| hide_in_json(item, vault)),
        Value::Object(map) => {
            let members = std::mem::take(map).into_iter().map(|(key, mut value)| {
                match &mut value {
                    Value::String(text) if is_secret_name(&key) => {
                        *text = vault.hide(text, &secret_name(&key));
                    }
                    value => hide_in_json(value, vault),
                }
                (key, value)
            });
            *map = members.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn free_name(stages: &[Value], parts: &Parts) -> String {
    let wanted =
        if parts.name.trim().is_empty() { made_name(parts) } else { plain(parts.name.trim()) };
    let wanted: String = wanted.chars().take(LONGEST_NAME).collect();
    let taken = |name: &str| {
        stages.iter().any(|stage| stage.get("name").and_then(Value::as_str) == Some(name))
    };
    let numbered = (2..).map(|number: u32| format!("{wanted} ({number})"));
    std::iter::once(wanted.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// `POST /v2/events`, or the host when there is no path.
fn made_name(parts: &Parts) -> String {
    let url = plain(&parts.url);
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let rest = rest.split('?').next().unwrap_or_default();
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default();
    format!("{} {}", parts.method, if path.len() > 1 { path } else { rest })
}

/// A text without templates, for a name: nothing is filled in there.
fn plain(text: &str) -> String {
    map_pieces(text, &mut str::to_owned, &mut |name| format!("<{name}>"))
}

fn stage(parts: &Parts, name: &str, notes: &mut Notes) -> Value {
    let mut stage = Map::default();
    stage.insert("name".into(), name.into());
    if !matches!(parts.method, "GET" | "HEAD") {
        stage.insert("once".into(), Value::Bool(true));
        notes.say(Said::SentOnce { method: parts.method.into() }, &parts.place);
    }
    stage.insert("request".into(), request(parts));
    match parts.status {
        Some(status @ 200..300) => {
            let check = object([
                ("source", "status".into()),
                ("op", "equals".into()),
                ("value", status.into()),
            ]);
            stage.insert("checks".into(), Value::Array(vec![check]));
        }
        Some(status) => {
            notes.say(Said::StatusNotProposed { status: status.to_string() }, &parts.place);
        }
        None => {}
    }
    if let Some(ms) = parts.attempt_timeout_ms {
        let span =
            if ms.is_multiple_of(1000) { format!("{}s", ms / 1000) } else { format!("{ms}ms") };
        stage.insert("poll".into(), object([("attempt_timeout", span.into())]));
    }
    Value::Object(stage)
}

fn request(parts: &Parts) -> Value {
    let mut request = Map::default();
    let rendered = |pairs: &[(String, String)]| {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| (name.clone(), render(value))).collect();
        texts(&pairs)
    };
    request.insert("method".into(), parts.method.into());
    request.insert("url".into(), render(&parts.url).into());
    if !parts.query.is_empty() {
        request.insert("query".into(), rendered(&parts.query));
    }
    if !parts.headers.is_empty() {
        request.insert("headers".into(), rendered(&parts.headers));
    }
    match &parts.body {
        Body::None => {}
        Body::Text(text) => request.insert("text".into(), render(text).into()),
        Body::Form(pairs) => request.insert("form".into(), rendered(pairs)),
        Body::Json(value) => {
            let mut value = value.clone();
            visit_texts(&mut value, &mut |text| *text = render(text));
            request.insert("json".into(), value);
        }
    }
    if let Some(auth) = &parts.auth {
        request.insert("auth".into(), auth_value(auth));
    }
    Value::Object(request)
}

fn auth_value(auth: &Auth) -> Value {
    match auth {
        Auth::Bearer(token) => object([("bearer", render(token).into())]),
        Auth::Basic { user, password } => {
            let basic =
                object([("user", render(user).into()), ("password", render(password).into())]);
            object([("basic", basic)])
        }
        Auth::Key { within, name, value } => {
            let within = match within {
                KeyIn::Header => "header",
                KeyIn::Query => "query",
            };
            let key = object([
                ("in", within.into()),
                ("name", name.as_str().into()),
                ("value", render(value).into()),
            ]);
            object([("key", key)])
        }
    }
}

/// The names that a text uses.
pub(crate) fn names_in(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Literal(_) => None,
    })
}

/// A name that nothing else has.
pub(crate) fn free(wanted: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let wanted = name_of(wanted);
    let numbered = (2..).map(|number: u32| format!("{wanted}_{number}"));
    std::iter::once(wanted.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(wanted)
}

impl Import {
    /// Says that something was left out, and why.
    pub(crate) fn skip(&mut self, why: &Refusal, place: &str) {
        let said = Said::Skipped { why: Box::new(why.clone()) };
        self.notes.say(said, place);
    }
}
