//! What can be made of a value in an answer: paths that lead to it, and checks that hold for it.

use crate::body::path::{self, Step};
use crate::body::tree::{NodeId, Shape, Tree};
use crate::json::{quoted, unquoted};

/// A longer value is not written into a document, in bytes.
const LONGEST: usize = 200;

/// So many values of an item are looked at for one that is known.
const MOST_LOOKED_AT: usize = 200;

/// A value of an answer that was picked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Picked {
    /// The paths that lead to it, as the document has them, the one to be taken first.
    pub(super) paths: Vec<String>,
    /// What it is called.
    pub(super) name: String,
    /// Its text, if it is short enough to be written down.
    pub(super) value: Option<String>,
    /// What it is.
    pub(super) shape: Shape,
    /// The steps to it.
    pub(super) steps: Option<Vec<Step>>,
}

/// What is known of a value, with the values that templates may name, as JSON texts.
pub(super) fn picked(tree: &Tree, text: &str, id: NodeId, values: &[(String, String)]) -> Picked {
    let steps = tree.path(text, id);
    let value = &text[tree.range(id)];
    let shape = tree.shape(id);
    let is_short = value.len() <= LONGEST && matches!(shape, Shape::Text | Shape::Plain);
    Picked {
        paths: paths(tree, text, &steps, values),
        name: name_of(&steps),
        value: is_short.then(|| value.to_owned()),
        shape,
        steps: Some(steps),
    }
}

/// The path to this very value; the one that finds it by a member whose value is known, which outlives another order;
/// and the one to all that stand where it does.
fn paths(tree: &Tree, text: &str, steps: &[Step], values: &[(String, String)]) -> Vec<String> {
    let exact = literal(&path::short(steps));
    let mut paths = Vec::new();
    paths.extend(by_member(tree, text, steps, values));
    paths.push(exact);
    if steps.iter().any(|step| matches!(step, Step::Index(_))) {
        let mut every = String::from("$");
        for step in steps {
            match step {
                Step::Index(_) => every.push_str("[*]"),
                Step::Key(_) => path::push(&mut every, step),
            }
        }
        paths.push(literal(&every));
    }
    paths
}

/// `$.rows[?@.id == {{event_id}}].amount`: the innermost array's item by a value in it.
fn by_member(
    tree: &Tree,
    text: &str,
    steps: &[Step],
    values: &[(String, String)],
) -> Option<String> {
    let at = steps.iter().rposition(|step| matches!(step, Step::Index(_)))?;
    let item = tree.find(text, &steps[..=at])?;
    let (before, after) = (&steps[..at], &steps[at + 1..]);
    let inner = (item + 1..tree.next(item)).take(MOST_LOOKED_AT);
    let (way, shape, name) = inner.into_iter().find_map(|id| {
        let name = same_as(&text[tree.range(id)], values)?;
        let way = tree.path(text, id).split_off(at + 1);
        // What is picked would be found by itself, and a list's place says nothing for ever.
        let is_fit = way != after && !way.iter().any(|step| matches!(step, Step::Index(_)));
        is_fit.then(|| (way, tree.shape(id), name))
    })?;
    let written = |steps: &[Step]| {
        let mut out = String::new();
        for step in steps {
            path::push(&mut out, step);
        }
        literal(&out)
    };
    let quote = if shape == Shape::Text { "'" } else { "" };
    let filter = format!("[?@{} == {quote}{{{{{name}}}}}{quote}]", written(&way));
    Some(literal(&path::short(before)) + &filter + &written(after))
}

/// The name of a value that says the same. What says little, as `1` does, is no one's own.
pub(super) fn same_as<'v>(value: &str, values: &'v [(String, String)]) -> Option<&'v str> {
    let text = unquoted(value);
    let is_telling = text.len() > 2 && !matches!(text.as_str(), "true" | "false" | "null");
    let is_scalar = !value.starts_with(['{', '[']);
    let found = values.iter().find(|(_, known)| is_telling && is_scalar && unquoted(known) == text);
    found.map(|(name, _)| name.as_str())
}

/// A text in which nothing is a template.
fn literal(text: &str) -> String {
    text.replace("{{", "{{{{")
}

/// What a value is called: by the nearest key, in letters that a name may have.
fn name_of(steps: &[Step]) -> String {
    let key = steps.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    named(key.unwrap_or_default())
}

/// The same of a path that was typed: by its last name.
pub(super) fn name_in(path: &str) -> String {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let last = path.split(|c| !is_letter(c)).rfind(|part| part.starts_with(char::is_alphabetic));
    named(last.unwrap_or_default())
}

fn named(key: &str) -> String {
    let letters = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    let name: String = letters.collect();
    let name = name.trim_matches('_');
    if name.is_empty() { "value".into() } else { name.into() }
}

/// What a check wants of the values at a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// This value, as JSON text.
    Value(String),
    /// What the document calls so. Some filters make the answer's value of its kind.
    Named(String, Shape),
    /// That there is one.
    Exists,
    /// So many of them.
    Count(usize),
}

impl Wanted {
    /// As a check of the document.
    pub(super) fn check(&self, path: &str) -> String {
        let source = format!(r#""source": {{"jsonpath": {}}}"#, quoted(path));
        match self {
            Self::Value(value) => {
                format!(r#"{{{source}, "op": "equals", "value": {}}}"#, literal(value))
            }
            Self::Named(name, shape) => {
                let filter = match shape {
                    Shape::Plain => r#", "filter": ["decimal"]"#,
                    Shape::Text | Shape::Object | Shape::Array => "",
                };
                format!(r#"{{{source}{filter}, "op": "equals", "value": "{{{{{name}}}}}"}}"#)
            }
            Self::Exists => format!(r#"{{{source}, "op": "exists"}}"#),
            Self::Count(count) => {
                format!(r#"{{{source}, "filter": ["count"], "op": "equals", "value": {count}}}"#)
            }
        }
    }
}

/// The checks that hold for a value now, of which a path selects so many, the likeliest first.
pub(super) fn wanted(picked: &Picked, matches: usize, values: &[(String, String)]) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    if let Some(value) = picked.value.as_ref().filter(|value| *value != "null") {
        let is_number = value.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if let Some(name) =
            same_as(value, values).filter(|_| picked.shape == Shape::Text || is_number)
        {
            wanted.push(Wanted::Named(name.to_owned(), picked.shape));
        }
        wanted.push(Wanted::Value(value.clone()));
    }
    wanted.push(Wanted::Exists);
    if matches > 0 {
        wanted.push(Wanted::Count(matches));
    }
    wanted
}

/// The kind of a field that has such a value; none for a text.
pub(super) fn kind_of(value: Option<&str>) -> Option<&'static str> {
    let value = value?;
    let digits =
        |text: &str| text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit());
    match value {
        "true" | "false" => Some("boolean"),
        "null" => None,
        number if digits(number) => Some("integer"),
        number if !number.starts_with('"') => Some("decimal"),
        text => {
            let text = unquoted(text);
            let shape: String =
                text.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
            let is_uuid = shape == "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
            let is_time = shape.starts_with("xxxx-xx-xxTxx:xx:xx") && digits(&text[..4]);
            match (is_uuid, is_time) {
                (true, _) => Some("uuid"),
                (_, true) => Some("time"),
                (false, false) => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const NESTED: &str = r#"{"hits":[{"_source":{"amount":1,"event_id":"e-91"}}]}"#;
    const BODY: &str =
        r#"{"rows":[{"id":"e-91","amount":19.90,"n":1},{"id":"e-92","tags":["a"]}],"a{{b":true}"#;

    fn values() -> Vec<(String, String)> {
        [("event_id", "\"e-91\""), ("amount", "\"19.90\""), ("one", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }

    fn at(place: &str) -> Picked {
        let tree = Tree::read(BODY).unwrap();
        let id = tree.find(BODY, &path::read(place).unwrap()).unwrap();
        picked(&tree, BODY, id, &values())
    }

    #[test]
    fn a_value_is_found_by_what_is_known_of_its_neighbour() {
        assert_eq!(
            at("$['rows'][0]['amount']").paths,
            ["$.rows[?@.id == '{{event_id}}'].amount", "$.rows[0].amount", "$.rows[*].amount"]
        );
        assert_eq!(at("$['rows'][0]").paths[0], "$.rows[?@.id == '{{event_id}}']");
        // By another member, and as a number.
        assert_eq!(at("$['rows'][0]['id']").paths[0], "$.rows[?@.amount == {{amount}}].id");
        assert_eq!(at("$['rows'][1]['id']").paths, ["$.rows[1].id", "$.rows[*].id"]);
        assert_eq!(at("$['rows'][1]['tags'][0]").paths, ["$.rows[1].tags[0]", "$.rows[*].tags[*]"]);
        assert_eq!(at("$['a{{b']").paths, ["$['a{{{{b']"]);
    }

    #[test]
    fn what_is_known_may_stand_deeper() {
        let tree = Tree::read(NESTED).unwrap();
        let amount = picked(&tree, NESTED, 4, &values());
        assert_eq!(amount.paths[0], "$.hits[?@._source.event_id == '{{event_id}}']._source.amount");
    }

    #[test]
    fn a_value_is_called_by_its_key() {
        assert_eq!(at("$['rows'][1]['tags'][0]").name, "tags");
        assert_eq!(at("$['a{{b']").name, "a__b");
        assert_eq!(at("$").name, "value");
        assert_eq!(name_in("$.rows[?@.id == {{x}}].amount"), "amount");
        assert_eq!(name_in("$[0]"), "value");
    }

    #[test]
    fn checks_hold_for_what_they_were_made_of() {
        let amount = at("$['rows'][0]['amount']");
        let checks: Vec<String> =
            wanted(&amount, 1, &values()).iter().map(|wanted| wanted.check("$.a")).collect();
        assert_eq!(
            checks,
            [
                r#"{"source": {"jsonpath": "$.a"}, "filter": ["decimal"], "op": "equals", "value": "{{amount}}"}"#,
                r#"{"source": {"jsonpath": "$.a"}, "op": "equals", "value": 19.90}"#,
                r#"{"source": {"jsonpath": "$.a"}, "op": "exists"}"#,
                r#"{"source": {"jsonpath": "$.a"}, "filter": ["count"], "op": "equals", "value": 1}"#,
            ]
        );
        let whole = wanted(&at("$['rows']"), 0, &values());
        assert_eq!(whole, [Wanted::Exists]);
    }

    #[test]
    fn a_field_has_the_kind_of_its_value() {
        for (value, kind) in [
            ("19.90", Some("decimal")),
            ("-7", Some("integer")),
            ("false", Some("boolean")),
            ("\"e-91\"", None),
            ("\"3f0d6c9a-9c1b-4a53-9d0e-0a8f0e4d2c11\"", Some("uuid")),
            ("\"2026-11-23T12:00:51Z\"", Some("time")),
        ] {
            assert_eq!(kind_of(Some(value)), kind, "{value}");
        }
    }
}
