//! Which secrets a request carries, and where to: asked before a run starts, and again at each request.

use std::rc::Rc;

use super::auth::Auth;
use super::document::{Chain, Request, RequestBody};
use super::escape::path_has_begun;
use super::language::{Filled, NotFilled, Seen};
use super::request::fill_request;
use super::scope::{Scope, Setting, Unresolved};
use super::template::{Name, Template};
use crate::form::Text;
use crate::json::Value;
use crate::protocol::Told;
use crate::secrets::{Redactor, Secret, SecretWant, mark, of_name, origin_of};
use crate::time::Timestamp;
use crate::zone::Zone;

/// A stage's request, which carries a secret only where it may go, and how it is shown.
///
/// # Errors
/// The secrets that are kept back; else the first name without a value.
pub(super) fn fill(
    request: &Request,
    scope: &dyn Scope,
    secrets: &[Secret],
) -> Result<Filled, NotFilled> {
    let unresolved = |Unresolved(name): Unresolved| NotFilled::Unresolved(name);
    let destination = destination(request, scope);
    let stays = matches!(destination, Ok(Destination::Worker));
    let origin = match &destination {
        Ok(Destination::Origin(origin)) => Some(origin.as_str()),
        // Nothing is allowed to go there.
        Ok(Destination::Unclear) => Some(""),
        // What decides it is still to be captured.
        Ok(Destination::Worker) | Err(_) => None,
    };
    let names = names_of(request).into_iter().filter(|_| !stays);
    let wants: Vec<SecretWant> = names.filter_map(|name| lacking(name, origin, secrets)).collect();
    if !wants.is_empty() {
        return Err(NotFilled::KeptBack(wants));
    }
    let carrying = Carrying { scope, secrets, stays };
    let request = fill_request(request, &carrying).map_err(unresolved)?;
    if secrets.is_empty() {
        return Ok(Filled { request, shown: None });
    }
    let redactor = Redactor::new(secrets);
    let shown = redactor.literals(&Text::of(&request)).map(|text| Seen {
        url: redactor.text(&request.url).unwrap_or_else(|| request.url.clone()),
        request: Told::written(text),
    });
    Ok(Filled { request, shown })
}

/// What is lacking for a secret to go there, if anything is.
fn lacking(name: String, origin: Option<&str>, secrets: &[Secret]) -> Option<SecretWant> {
    let known = of_name(secrets, &name);
    let may = |known: &Secret| origin.is_none_or(|to| known.origins.iter().any(|of| of == to));
    let want = SecretWant { name, is_set: known.is_some(), origin: origin.map(str::to_owned) };
    (!known.is_some_and(may)).then_some(want)
}

/// Where a request goes.
enum Destination {
    /// It never leaves the worker.
    Worker,
    Origin(String),
    /// Its address may be read in several ways.
    Unclear,
}

/// # Errors
/// When that rests on what has no value yet.
fn destination(request: &Request, scope: &dyn Scope) -> Result<Destination, Unresolved> {
    let url = request.url.fill_until(scope, Setting::Url, path_has_begun)?;
    if url.starts_with("demo:") {
        return Ok(Destination::Worker);
    }
    Ok(origin_of(&url).map_or(Destination::Unclear, Destination::Origin))
}

/// The names of the secrets that a chain's requests carry, each once.
pub(super) fn names_in(chain: &Chain) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in chain.stages.iter().flat_map(|stage| names_of(&stage.request)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The names of the secrets that a request carries, each once.
fn names_of(request: &Request) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut each = |template: &Template| {
        for name in template.names() {
            if let Name::Secret(name) = name
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        }
    };
    request.headers.iter().for_each(|(_, value)| each(value));
    request.query.iter().for_each(|(_, value)| value.visit(&mut each));
    match &request.body {
        RequestBody::None => {}
        RequestBody::Json(value) => value.visit(&mut each),
        RequestBody::Form(pairs) => pairs.iter().for_each(|(_, value)| value.visit(&mut each)),
        RequestBody::Text(text) => each(text),
    }
    match &request.auth {
        None => {}
        Some(Auth::Bearer(value) | Auth::Header(_, value)) => each(value),
        Some(Auth::Basic { user, password }) => [user, password].into_iter().for_each(each),
        Some(Auth::Query(_, value)) => value.visit(&mut each),
    }
    names
}

/// A run's values with its secrets, for what leaves; or with their marks, for what stays.
struct Carrying<'a> {
    scope: &'a dyn Scope,
    secrets: &'a [Secret],
    stays: bool,
}

impl Scope for Carrying<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.scope.value(name)
    }

    fn secret(&self, name: &str) -> Option<String> {
        if self.stays {
            return Some(mark(name));
        }
        of_name(self.secrets, name).map(|secret| secret.value.0.clone())
    }

    fn now(&self) -> Timestamp {
        self.scope.now()
    }

    fn recorded(&self, stage: &str, field: &str) -> Vec<Value> {
        self.scope.recorded(stage, field)
    }

    fn zone(&self, name: &str) -> Option<Rc<Zone>> {
        self.scope.zone(name)
    }
}
