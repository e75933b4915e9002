//! Variables of an import: which are secrets, what they are called, and in what order they stand.

use baton_engine::json::{self, Map, Value};

use crate::draft::Parts;
use crate::import::{Import, each_text, free, names_in};
use crate::said::{Notes, Said};
use crate::secret::{Vault, has_secret_shape, is_secret_name, name_of};
use crate::text::{TYPED, has_reference, map_pieces, reference, render};

/// The built-in that only variables may use.
pub(crate) const UUID: &str = "$uuid";

/// A chain has at most so many; beyond them only those that are used are kept.
const MAX_VARIABLES: usize = 200;

/// What names are called in the document.
pub(crate) struct Names {
    /// The name in the document by the name outside.
    called: Map,
    pub(crate) variables: Map,
}

impl Names {
    pub(crate) fn final_name(&self, name: &str) -> String {
        final_name(&self.called, name)
    }
}

fn final_name(called: &Map, name: &str) -> String {
    called.get(name).and_then(Value::as_str).unwrap_or(name).to_owned()
}

/// Finds the names that are secrets, before any secret gets a name of its own.
pub(crate) fn find_secrets(variables: &[(String, String)], parts: &mut [Parts], vault: &mut Vault) {
    let mut names = Map::default();
    note_all(variables, parts, &mut names);
    for (name, _) in &names {
        if is_secret_variable(name) {
            vault.hide_variable(name);
        }
    }
}

/// Postman's vault is one of secrets.
fn is_secret_variable(name: &str) -> bool {
    name.starts_with("vault:") || is_secret_name(name)
}

/// Every name that there is, once, in order.
fn note_all(variables: &[(String, String)], parts: &mut [Parts], names: &mut Map) {
    for (name, value) in variables {
        names.insert(name.clone(), Value::Null);
        note(value, names);
    }
    for parts in parts {
        each_text(parts, &mut |text| note(text, names));
    }
}

fn note(text: &str, names: &mut Map) {
    for name in names_in(text) {
        names.insert(name.to_owned(), Value::Null);
    }
}

/// Takes variables that are secrets out; their values are hidden wherever else they stand. A variable with
/// a secret in it is one itself.
pub(crate) fn hide(variables: &mut [(String, String)], vault: &mut Vault) {
    for (name, value) in &mut *variables {
        if vault.is_hidden(name) || has_secret_shape(value) {
            vault.hide_variable(name);
            vault.learn(value, &called_in_vault(name));
        } else {
            *value = vault.hide_shapes(value);
        }
    }
    loop {
        let hidden: Vec<String> = variables
            .iter()
            .filter(|(name, value)| !vault.is_hidden(name) && has_secret(value, vault))
            .map(|(name, _)| name.clone())
            .collect();
        if hidden.is_empty() {
            break;
        }
        for name in &hidden {
            vault.hide_variable(name);
        }
    }
}

fn has_secret(value: &str, vault: &Vault) -> bool {
    let value = vault.hide_values(value);
    let mut names = names_in(&value);
    names.any(|name| name.starts_with("secret.") || vault.is_hidden(name))
}

/// Decides what every name is called, and makes the document's variables.
pub(crate) fn settle(import: &mut Import, parts: &mut [Parts]) -> Names {
    if import.variables.len() > MAX_VARIABLES {
        let mut used = Map::default();
        note_all(&[], parts, &mut used);
        for (_, value) in &import.variables {
            note(value, &mut used);
        }
        import.variables.retain(|(name, _)| used.get(name).is_some());
    }
    let mut used = Map::default();
    note_all(&import.variables, parts, &mut used);
    let (mut called, mut taken) = (Map::default(), Map::default());
    for (name, _) in used {
        let to = call(&name, &taken, import);
        taken.insert(to.clone(), Value::Null);
        called.insert(name, to.into());
    }
    let variables = values(import, &called);
    Names { called, variables }
}

fn call(name: &str, taken: &Map, import: &mut Import) -> String {
    let is_taken = |wanted: &str| taken.get(wanted).is_some();
    match name {
        "$now" => return name.to_owned(),
        UUID => {
            import.notes.say(Said::UuidShared, "");
            return free("uuid", &is_taken);
        }
        _ if name.starts_with("secret.") => return name.to_owned(),
        _ if import.vault.is_hidden(name) => return format!("secret.{}", called_in_vault(name)),
        _ => {}
    }
    if name.starts_with('$') {
        import.notes.say(Said::DynamicVariable { name: name.to_owned() }, "");
    }
    let to = free(name.trim_start_matches('$'), &is_taken);
    if to != name && !name.starts_with('$') {
        import.notes.say(Said::VariableRenamed { from: name.to_owned(), to: to.clone() }, "");
    }
    to
}

fn called_in_vault(name: &str) -> String {
    name_of(name.strip_prefix("vault:").unwrap_or(name))
}

/// The variables in an order in which each uses only those above it.
fn values(import: &mut Import, called: &Map) -> Map {
    let mut values = Map::default();
    let mut waiting: Vec<(String, String)> = Vec::new();
    let mut without = Vec::new();
    let own: Map = import
        .variables
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    for (name, to) in called {
        let to = to.as_str().unwrap_or_default();
        if to.starts_with("secret.") || to.starts_with('$') {
            continue;
        }
        match own.get(name).and_then(Value::as_str) {
            _ if name == UUID => values.insert(to.to_owned(), "{{$uuid}}".into()),
            Some(value) => waiting.push((to.to_owned(), value.to_owned())),
            None => {
                without.push(to.to_owned());
                values.insert(to.to_owned(), "".into());
            }
        }
    }
    if !without.is_empty() {
        import.notes.say(Said::VariablesWithoutValue { names: without }, "");
    }
    for (_, value) in &mut waiting {
        *value =
            map_pieces(value, &mut str::to_owned, &mut |name| reference(&final_name(called, name)));
    }
    place(waiting, &mut values, &mut import.notes);
    values
}

fn place(mut waiting: Vec<(String, String)>, values: &mut Map, notes: &mut Notes) {
    loop {
        let before = waiting.len();
        waiting.retain(|(name, value)| {
            let known = |used: &str| {
                used.starts_with("secret.") || used.starts_with('$') || values.get(used).is_some()
            };
            if !names_in(value).all(known) {
                return true;
            }
            values.insert(name.clone(), typed(value));
            false
        });
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    if !waiting.is_empty() {
        let names = waiting.iter().map(|(name, _)| name.clone()).collect();
        notes.say(Said::VariableCycle { names }, "");
    }
    for (name, value) in waiting {
        let text = map_pieces(&value, &mut str::to_owned, &mut |name| format!("{{{{{name}}}}}"));
        values.insert(name, render(&text).into());
    }
}

/// A text as a variable's value. A mark of [`typed_mark`] asks for its own JSON type.
fn typed(value: &str) -> Value {
    match value.strip_prefix(TYPED) {
        Some(text) if !has_reference(text) => {
            json::parse(text).unwrap_or_else(|_| render(text).into())
        }
        Some(text) => render(text).into(),
        None => render(value).into(),
    }
}

/// A variable's text that is to be taken as JSON.
pub(crate) fn typed_mark(text: &str) -> String {
    format!("{TYPED}{text}")
}
