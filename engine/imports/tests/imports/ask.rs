//! Questions, and what the engine itself says about an answer.

use std::fs;
use std::path::PathBuf;

use baton_engine::chain::Chain;
use baton_engine::json::{self, Value};
use baton_imports::answer;

/// An object of these members.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Asks one question of the module.
pub(crate) fn ask(tag: &str, members: Value) -> Value {
    json::parse(&answer(&json::text(&object([(tag, members)])))).expect("an answer in JSON")
}

pub(crate) fn curl(text: &str) -> Value {
    ask("curl", object([("text", text.into())]))
}

pub(crate) fn stages(answer: &Value) -> &[Value] {
    answer.get("stages").and_then(Value::as_array).unwrap_or_else(|| panic!("no stages: {answer}"))
}

/// The code of the refusal.
pub(crate) fn refusal(answer: &Value) -> &str {
    let code = answer.get("error").and_then(|error| error.get("code")).and_then(Value::as_str);
    code.unwrap_or_else(|| panic!("not refused: {answer}"))
}

pub(crate) fn codes(answer: &Value) -> Vec<&str> {
    let notes = answer.get("notes").and_then(Value::as_array).expect("notes");
    notes.iter().filter_map(|note| note.get("code").and_then(Value::as_str)).collect()
}

/// Holds an import's answer to what the engine reads. What this engine knows by name but does not yet carry
/// out (`auth`, secrets) is taken out for a second reading: everything else must stand.
pub(crate) fn accept(answer: &Value) {
    if stages(answer).is_empty() {
        return;
    }
    let document = document(answer);
    if Chain::parse(&document).is_ok() {
        return;
    }
    let secrets = answer.get("secrets").and_then(Value::as_array).expect("secrets");
    let mut answer = answer.clone();
    let names: Vec<(String, Value)> = secrets
        .iter()
        .filter_map(Value::as_str)
        .map(|name| (format!("secret-{name}"), Value::from("x")))
        .collect();
    let members = answer.as_object_mut().expect("an object");
    let variables = members.get("variables").and_then(Value::as_object).expect("variables").clone();
    members.insert("variables".into(), Value::Object(names.into_iter().chain(variables).collect()));
    for stage in members.get_mut("stages").and_then(Value::as_array_mut).expect("stages") {
        let request = stage.as_object_mut().and_then(|stage| stage.get_mut("request"));
        request.and_then(Value::as_object_mut).expect("a request").remove("auth");
    }
    let without = self::document(&answer).replace("{{secret.", "{{secret-");
    if let Err(problems) = Chain::parse(&without) {
        panic!("{problems:?}\n{without}");
    }
}

fn document(answer: &Value) -> String {
    let of = |key: &str| answer.get(key).cloned().unwrap_or_default();
    let chain = object([
        ("baton", Value::from(1_i64)),
        ("name", "Imported".into()),
        ("variables", of("variables")),
        ("stages", of("stages")),
    ]);
    json::text(&chain)
}

/// Every fixture: its name and its text.
pub(crate) fn fixtures() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(folder())
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension != "md"))
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path))
        .filter(|(name, _)| !name.ends_with(".expected.json"))
        .map(|(name, path)| (name, fs::read_to_string(path).expect("text")))
        .collect();
    found.sort();
    assert!(found.len() >= 12, "{found:?}");
    found
}

pub(crate) fn expected(name: &str) -> Value {
    let path = folder().join(format!("{name}.expected.json"));
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    json::parse(&text).expect("JSON")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/imports")
}

/// The questions that a fixture is for: each with the name of what is expected.
pub(crate) fn questions(name: &str, text: &str) -> Vec<(String, Value)> {
    let asked = |tag: &str, more: Vec<(&str, Value)>| {
        let members = std::iter::once(("text", Value::from(text))).chain(more);
        let members = members.map(|(key, value)| (key.to_owned(), value)).collect();
        ask(tag, Value::Object(members))
    };
    let kind = name.rsplit('.').next();
    if kind == Some("har") {
        let list = asked("har_list", Vec::new());
        let count = list.get("entries").and_then(Value::as_array).map_or(0, Vec::len);
        let all = Value::Array((0..count).map(Value::from).collect());
        let import = asked("har", vec![("entries", all), ("samples", Value::Bool(true))]);
        return vec![(format!("{name}.list"), list), (name.to_owned(), import)];
    }
    let tag = if kind == Some("curl") { "curl" } else { "postman" };
    vec![(name.to_owned(), asked(tag, Vec::new()))]
}
