//! Reads Postman collections, version 2: folders, variables, inherited authentication. Scripts are not
//! carried out, and said.
//!
//! Source: the collection format's schema, v2.1.0; v2.0 writes `auth` as objects, which are read too.

mod request;

use baton_engine::json::{self, Value};

use crate::import::{Import, MAX_STAGES};
use crate::said::{Refusal, Refused, Said};
use crate::text::reference;

/// The longest text that is read.
pub(crate) const MAX_BYTES: usize = 20_000_000;

/// So many variables are looked at.
const MAX_VARIABLES: usize = 500;

/// # Errors
/// When it is no collection.
pub(crate) fn import(text: &str, chosen: Option<&[usize]>) -> Result<Import, Refused> {
    if text.len() > MAX_BYTES {
        return Err(Refusal::TooLarge { bytes: text.len(), limit: MAX_BYTES }.at(""));
    }
    let tree = json::parse(text)
        .map_err(|syntax| Refusal::NotJson { message: syntax.to_string() }.at(""))?;
    let tree = tree.get("collection").unwrap_or(&tree);
    if tree.get("info").is_none() || tree.get("item").and_then(Value::as_array).is_none() {
        return Err(Refusal::NotPostman.at(""));
    }
    let mut import = Import::default();
    take_variables(tree, &mut import);
    let mut walk = Walk { import, chosen, seen: 0, left: 0 };
    walk.scripts(tree, "");
    walk.items(tree, "", "", tree.get("auth"));
    let Walk { mut import, seen, left, .. } = walk;
    if left > 0 {
        import.notes.say(Said::TooManyRequests { seen, limit: MAX_STAGES }, "");
    }
    Ok(import)
}

fn take_variables(tree: &Value, import: &mut Import) {
    for variable in items(tree.get("variable")).iter().take(MAX_VARIABLES) {
        let name = variable.get("key").or_else(|| variable.get("id")).and_then(Value::as_str);
        let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
            continue;
        };
        if is_disabled(variable) {
            continue;
        }
        if variable.get("type").and_then(Value::as_str) == Some("secret") {
            import.vault.hide_variable(name);
        }
        let value = variable.get("value").map(scalar).unwrap_or_default();
        import.variables.retain(|(known, _)| known != name);
        import.variables.push((name.to_owned(), with_references(&value)));
    }
}

/// On the way through folders.
struct Walk<'a> {
    import: Import,
    chosen: Option<&'a [usize]>,
    /// How many requests there were.
    seen: usize,
    /// How many found no room.
    left: usize,
}

impl Walk<'_> {
    /// The tree is no deeper than JSON may be, so this ends.
    fn items(&mut self, folder: &Value, names: &str, place: &str, auth: Option<&Value>) {
        for (index, item) in items(folder.get("item")).iter().enumerate() {
            let place = if place.is_empty() {
                format!("item[{index}]")
            } else {
                format!("{place}.item[{index}]")
            };
            let name = item.get("name").and_then(Value::as_str).unwrap_or_default().trim();
            let names = match (names.is_empty(), name.is_empty()) {
                (true, _) => name.to_owned(),
                (false, true) => names.to_owned(),
                (false, false) => format!("{names} / {name}"),
            };
            let own = item.get("auth").filter(|auth| !auth.is_null());
            if item.get("item").is_some() {
                self.scripts(item, &place);
                self.items(item, &names, &place, own.or(auth));
            } else if let Some(request) = item.get("request") {
                self.request(item, request, names, &place, own.or(auth));
            }
        }
    }

    fn request(
        &mut self,
        item: &Value,
        request: &Value,
        name: String,
        place: &str,
        auth: Option<&Value>,
    ) {
        let index = self.seen;
        self.seen += 1;
        if self.chosen.is_some_and(|chosen| !chosen.contains(&index)) {
            return;
        }
        if self.import.len() == MAX_STAGES {
            self.left += 1;
            return;
        }
        self.scripts(item, place);
        let own = request.get("auth").filter(|auth| !auth.is_null());
        let draft = request::draft(request, name, place, own.or(auth), &mut self.import);
        if let Err(why) = draft.and_then(|draft| self.import.add(draft)) {
            self.import.skip(&why, place);
        }
    }

    fn scripts(&mut self, of: &Value, place: &str) {
        for event in items(of.get("event")) {
            let lines = event.get("script").and_then(|script| script.get("exec"));
            let has_code = match lines {
                Some(Value::Array(lines)) => {
                    lines.iter().any(|line| !scalar(line).trim().is_empty())
                }
                Some(Value::String(text)) => !text.trim().is_empty(),
                _ => false,
            };
            if has_code && !is_disabled(event) {
                let event =
                    event.get("listen").and_then(Value::as_str).unwrap_or("test").to_owned();
                self.import.notes.say(Said::ScriptIgnored { event }, place);
            }
        }
    }
}

pub(crate) fn items(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

pub(crate) fn is_disabled(item: &Value) -> bool {
    item.get("disabled").and_then(Value::as_bool) == Some(true)
        || item.get("enabled").and_then(Value::as_bool) == Some(false)
}

/// A value as the text that Postman would put in.
pub(crate) fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => json::text(value),
    }
}

/// A text in which Postman's `{{name}}` are names. What is none stays text.
pub(crate) fn with_references(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(end) = rest.find("}}") {
        let (before, after) = rest.split_at(end);
        let after = after.get(2..).unwrap_or_default();
        match before.rsplit_once("{{") {
            Some((literal, name)) if is_name(name) => {
                out.push_str(literal);
                out.push_str(&reference(&builtin(name.trim())));
                rest = after;
            }
            // One brace further: the pair that closes a name may be the second and third of three.
            Some(_) | None => {
                let step = end + 1;
                out.push_str(rest.get(..step).unwrap_or_default());
                rest = rest.get(step..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_name(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty() && name.len() <= 200 && !name.contains(['{', '}', '\n', '"'])
}

/// Postman's dynamic variables that have a counterpart.
fn builtin(name: &str) -> String {
    match name {
        "$guid" | "$randomUUID" => crate::variables::UUID.to_owned(),
        "$isoTimestamp" => "$now".to_owned(),
        _ => name.to_owned(),
    }
}
