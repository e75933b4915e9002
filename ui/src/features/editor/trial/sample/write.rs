//! What is picked from an answer, written into the document: by edits that leave all else to the letter.

use baton_engine::chain::keys;
use baton_engine::json::edit::{Document, Path};

use crate::body::path::{self, Step};
use crate::json::quoted;

/// A document with something added to one of its stages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Written {
    /// The whole text.
    pub(super) text: String,
    /// Where the new part stands, as problems name places.
    pub(super) place: String,
}

/// Adds a check to a stage. None when the document can't be read, or has no such stage.
pub(super) fn check(text: &str, stage: &str, check: &str) -> Option<Written> {
    let document = Document::read(text).ok()?;
    let checks = find_stage(&document, stage)?.key("checks");
    let at = document.value(&checks).and_then(|list| list.as_array()).map_or(0, Vec::len);
    write(&document, &checks.item(at), check, &keys::STAGE)
}

/// Adds a capture to a stage, under a name that it makes its own.
pub(super) fn capture(text: &str, stage: &str, name: &str, path: &str) -> Option<Written> {
    let document = Document::read(text).ok()?;
    let captures = find_stage(&document, stage)?.key("captures");
    let place = (1..).map(|nth| captures.key(&numbered(name, nth)));
    let place = place.take(100).find(|place| document.value(place).is_none())?;
    write(&document, &place, &source(path), &keys::STAGE)
}

/// A field of a stage's record.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    /// Its kind, where that is not a text.
    pub(super) kind: Option<&'a str>,
    /// The path to it.
    pub(super) path: &'a str,
    /// The value that was picked, if it was.
    pub(super) steps: Option<&'a [Step]>,
}

/// Adds a field to a stage's record, in place of the one of its name, and to the chain's fields when it is not there.
pub(super) fn field(text: &str, stage: &str, field: &Field) -> Option<Written> {
    let document = Document::read(text).ok()?;
    let record = find_stage(&document, stage)?.key("record");
    let each = document.value(&record.key("each")).and_then(|each| each.as_str());
    let relative = each.zip(field.steps).and_then(|(each, steps)| within(each, steps));
    let place = record.key("fields").key(field.name);
    let path = relative.as_deref().unwrap_or(field.path);
    let written = write(&document, &place, &source(path), &keys::STAGE)?;
    let document = Document::read(&written.text).ok()?;
    let fields = Path::root().key("fields");
    let known = document.value(&fields).and_then(|list| list.as_array());
    let is_it = |known: &baton_engine::json::Value| {
        known.get("name").and_then(|name| name.as_str()) == Some(field.name)
    };
    if known.is_some_and(|known| known.iter().any(is_it)) {
        return Some(written);
    }
    let kind = field.kind.map(|kind| format!(r#", "kind": {}"#, quoted(kind))).unwrap_or_default();
    let new = format!(r#"{{"name": {}{kind}}}"#, quoted(field.name));
    let both = write(&document, &fields.item(known.map_or(0, Vec::len)), &new, &keys::CHAIN)?;
    Some(Written { text: both.text, ..written })
}

fn source(path: &str) -> String {
    format!(r#"{{"jsonpath": {}}}"#, quoted(path))
}

/// Puts a value at a place; a new member before those that follow it in `order`.
fn write(document: &Document, place: &Path, json: &str, order: &[&str]) -> Option<Written> {
    let edit = document.set(place, json, order)?;
    Some(Written { text: edit.apply(document.text()), place: place.to_string() })
}

/// A stage by its name, in a group or by itself.
fn find_stage(document: &Document, name: &str) -> Option<Path> {
    let named = |place: Path| {
        let is_it = document.value(&place.key("name"))?.as_str() == Some(name);
        is_it.then_some(place)
    };
    each(document, &Path::root().key("stages")).into_iter().find_map(|step| {
        let group = each(document, &step.key("group").key("stages"));
        named(step).or_else(|| group.into_iter().find_map(named))
    })
}

fn each(document: &Document, list: &Path) -> Vec<Path> {
    let count = document.value(list).and_then(|list| list.as_array()).map_or(0, Vec::len);
    (0..count).map(|at| list.item(at)).collect()
}

/// A path from the records that `each` selects, `$.rows[*]`, to a value in one of them.
fn within(each: &str, steps: &[Step]) -> Option<String> {
    let list = each.strip_suffix("[*]")?;
    let at = (0..steps.len()).find(|at| path::short(&steps[..*at]) == list)?;
    matches!(steps[at], Step::Index(_)).then(|| path::short(&steps[at + 1..]))
}

fn numbered(name: &str, nth: u32) -> String {
    if nth == 1 { name.to_owned() } else { format!("{name}_{nth}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const DOCUMENT: &str = r#"{
  "baton": 1, "x-team": "qa",
  "stages": [
    {"name": "Send", "poll": {"interval": "2s"}},
    {"group": {"name": "Both", "stages": [{"name": "Table", "checks": [{"op": "exists"}], "record": {"each": "$.rows[*]", "fields": {}}}]}}
  ]
}"#;

    /// Adding leaves what was there.
    fn holds(written: &Written, parts: &[&str]) {
        for part in parts {
            assert!(written.text.contains(part), "{part} in {}", written.text);
        }
        assert!(Document::read(&written.text).is_ok());
        assert!(written.text.contains("\"baton\": 1, \"x-team\": \"qa\","));
    }

    #[test]
    fn a_check_is_added_to_the_stage_of_its_name() {
        let first = check(DOCUMENT, "Send", r#"{"op": "exists"}"#).unwrap();
        assert_eq!(first.place, "stages[0].checks[0]");
        let places = ["\"checks\"", "\"poll\""].map(|key| first.text.find(key).unwrap());
        assert!(places[0] < places[1], "in the order of a stage's keys: {}", first.text);
        let second = check(DOCUMENT, "Table", r#"{"op": "absent"}"#).unwrap();
        assert_eq!(second.place, "stages[1].group.stages[0].checks[1]");
        holds(&second, &[r#"{"op": "exists"}"#, r#"{"op": "absent"}"#]);
        assert_eq!(check(DOCUMENT, "Nobody", "{}"), None);
        assert_eq!(check("{", "Send", "{}"), None);
    }

    #[test]
    fn a_capture_takes_no_name_that_is_taken() {
        let once = capture(DOCUMENT, "Send", "id", "$.id").unwrap();
        let twice = capture(&once.text, "Send", "id", "$.rows[0].id").unwrap();
        holds(
            &twice,
            &[r#""id": {"jsonpath": "$.id"}"#, r#""id_2": {"jsonpath": "$.rows[0].id"}"#],
        );
    }

    #[test]
    fn a_field_is_recorded_and_listed_once() {
        let steps = path::read("$['rows'][0]['amount']").unwrap();
        let amount =
            |path| Field { name: "amount", kind: Some("decimal"), path, steps: Some(&steps) };
        let first = field(DOCUMENT, "Send", &amount("$.rows[0].amount")).unwrap();
        holds(
            &first,
            &[
                r#""amount": {"jsonpath": "$.rows[0].amount"}"#,
                r#"{"name": "amount", "kind": "decimal"}"#,
            ],
        );
        let second = field(&first.text, "Table", &amount("$.rows[*].amount")).unwrap();
        holds(&second, &[r#""amount": {"jsonpath": "$.amount"}"#]);
        assert_eq!(second.text.matches("\"kind\"").count(), 1);
        assert_eq!(second.place, "stages[1].group.stages[0].record.fields.amount");
    }
}
