//! Variables of an import: which are secrets, what they are called, and in what order they stand.

use baton_engine::json::{self, Map, Value};

use crate::draft::Parts;
use crate::import::{Import, each_text, free, names_in};
use crate::said::{Notes, Said};
use crate::secret::{Vault, has_secret_shape, is_secret_name};
use crate::text::{TYPED, has_reference, map_pieces, reference, render};

/// The built-in that only variables may use.
pub(crate) const UUID: &str = "$uuid";

/// What names are called in the document.
pub(crate) struct Names {
    called: Vec<(String, String)>,
    pub(crate) variables: Map,
}

impl Names {
    pub(crate) fn final_name(&self, name: &str) -> String {
        let found = self.called.iter().find(|(from, _)| from == name);
        found.map_or_else(|| name.to_owned(), |(_, to)| to.clone())
    }
}

/// Takes variables that are secrets out; their values are hidden wherever else they stand. A variable with
/// a secret in it is one itself.
pub(crate) fn hide(variables: &mut [(String, String)], vault: &mut Vault) {
    for (name, value) in &mut *variables {
        if is_secret_name(name) || vault.is_hidden(name) || has_secret_shape(value) {
            vault.hide_variable(name);
            vault.learn(value, &crate::secret::name_of(name));
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
    names.any(|name| name.starts_with("secret.") || vault.is_hidden(name) || is_secret_name(name))
}

/// Decides what every name is called, and makes the document's variables.
pub(crate) fn settle(import: &mut Import, parts: &mut [Parts]) -> Names {
    let mut used: Vec<String> = import.variables.iter().map(|(name, _)| name.clone()).collect();
    let note = |text: &str, used: &mut Vec<String>| {
        for name in names_in(text) {
            if !used.iter().any(|known| known == name) {
                used.push(name.to_owned());
            }
        }
    };
    for (_, value) in &import.variables {
        note(value, &mut used);
    }
    for parts in parts.iter_mut() {
        each_text(parts, &mut |text| note(text, &mut used));
    }
    let mut called: Vec<(String, String)> = Vec::new();
    for name in used {
        let to = call(&name, &called, import);
        called.push((name, to));
    }
    let variables = values(import, &called);
    Names { called, variables }
}

fn call(name: &str, called: &[(String, String)], import: &mut Import) -> String {
    let taken = |wanted: &str| called.iter().any(|(_, to)| to == wanted);
    match name {
        "$now" => return name.to_owned(),
        UUID => {
            import.notes.say(Said::UuidShared, "");
            return free("uuid", &taken);
        }
        _ if name.starts_with("secret.") => return name.to_owned(),
        _ => {}
    }
    if import.vault.is_hidden(name) || is_secret_name(name) {
        return format!("secret.{}", crate::secret::name_of(name));
    }
    if name.starts_with('$') {
        import.notes.say(Said::DynamicVariable { name: name.to_owned() }, "");
    }
    let to = free(name.trim_start_matches('$'), &taken);
    if to != name && !name.starts_with('$') {
        import.notes.say(Said::VariableRenamed { from: name.to_owned(), to: to.clone() }, "");
    }
    to
}

/// The variables in an order in which each uses only those above it.
fn values(import: &mut Import, called: &[(String, String)]) -> Map {
    let mut values = Map::default();
    let mut waiting: Vec<(String, String)> = Vec::new();
    let mut without = Vec::new();
    for (name, to) in called {
        if to.starts_with("secret.") || to.starts_with('$') {
            continue;
        }
        let own = import.variables.iter().rev().find(|(known, _)| known == name);
        match own {
            _ if name == UUID => values.insert(to.clone(), "{{$uuid}}".into()),
            Some((_, value)) => waiting.push((to.clone(), value.clone())),
            None => {
                without.push(to.clone());
                values.insert(to.clone(), "".into());
            }
        }
    }
    if !without.is_empty() {
        import.notes.say(Said::VariablesWithoutValue { names: without }, "");
    }
    let to = |name: &str| {
        called
            .iter()
            .find(|(from, _)| from == name)
            .map_or_else(|| name.to_owned(), |(_, to)| to.clone())
    };
    for (_, value) in &mut waiting {
        *value = map_pieces(value, &mut str::to_owned, &mut |name| reference(&to(name)));
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
