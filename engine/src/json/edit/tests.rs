use proptest::prelude::*;

use super::*;
use crate::json::layout::laid_out;
use crate::json::{Map, text};

const CHAIN: &str = r#"{
  "baton": 1,
  "x-team":   "qa",
  "stages": [
    { "name": "Send",  "amount": 19.90 },
    {
      "name": "Table",
      "checks": [],
      "request": {"url": "https://h.test"}
    }
  ]
}
"#;

fn path(steps: &[&str]) -> Path {
    steps.iter().fold(Path::root(), |path, step| match step.parse() {
        Ok(at) => path.item(at),
        Err(_) => path.key(step),
    })
}

/// What an edit of the chain makes of the line in which it begins, up to where it ends.
fn edited(edit: impl FnOnce(&Document) -> Option<Edit>) -> String {
    let edit = edit(&Document::read(CHAIN).unwrap()).unwrap();
    let start = CHAIN[..edit.range.start].rfind('\n').map_or(0, |end| end + 1);
    let tail = &CHAIN[edit.range.end..];
    let tail = &tail[..tail.find('\n').unwrap_or(tail.len())];
    let now = edit.apply(CHAIN);
    assert!(parse(&now).is_ok(), "{now}");
    assert!(now.ends_with(tail) || now.contains(tail));
    let end = edit.range.start + edit.text.len() + tail.len();
    now[start..end].to_owned()
}

#[test]
fn what_is_new_stands_as_what_is_around_it() {
    let set = |at: &[&str], json: &str, order: &[&str]| edited(|it| it.set(&path(at), json, order));
    assert_eq!(
        set(&["stages", "0", "amount"], "20.00", &[]),
        r#"    { "name": "Send",  "amount": 20.00 },"#
    );
    assert_eq!(
        set(&["stages", "0", "poll", "interval"], "\"5s\"", &[]),
        r#"    { "name": "Send",  "amount": 19.90, "poll": { "interval": "5s" } },"#
    );
    assert_eq!(
        set(&["stages", "1", "system"], "\"sql\"", &["name", "system", "checks"]),
        "      \"system\": \"sql\",\n      \"checks\": [],"
    );
    assert_eq!(
        set(&["stages", "1", "poll"], "{\n  \"a\": 1\n}", &[]),
        "      \"request\": {\"url\": \"https://h.test\"},\n      \"poll\": {\n        \"a\": 1\n      }"
    );
    assert_eq!(
        set(&["stages", "1", "checks", "0"], "{ \"op\": \"exists\" }", &[]),
        "      \"checks\": [\n        { \"op\": \"exists\" }\n      ],"
    );
    assert_eq!(
        set(&["stages", "1", "request", "json"], "{\n  \"a\": [\n    1\n  ]\n}", &[]),
        r#"      "request": {"url": "https://h.test", "json": { "a": [1] }}"#
    );
    assert_eq!(
        edited(|it| it.insert(&path(&["stages"]), 1, "{\n  \"name\": \"Mid\"\n}")),
        "    {\n      \"name\": \"Mid\"\n    },\n    {"
    );
}

#[test]
fn what_goes_takes_its_comma_along() {
    assert_eq!(edited(|it| it.remove(&path(&["x-team"]))), "  \"stages\": [");
    assert_eq!(
        edited(|it| it.remove(&path(&["stages", "0", "amount"]))),
        "    { \"name\": \"Send\" },"
    );
    assert_eq!(
        edited(|it| it.remove(&path(&["stages", "1", "request", "url"]))),
        "      \"request\": {}"
    );
    assert_eq!(
        edited(|it| it.rename(&path(&["x-team"]), "x-\"group\"")),
        "  \"x-\\\"group\\\"\":   \"qa\","
    );
}

#[test]
fn what_cannot_be_is_refused() {
    let document = Document::read(CHAIN).unwrap();
    assert_eq!(document.set(&path(&["baton", "a"]), "1", &[]), None);
    assert_eq!(document.set(&path(&["stages", "3"]), "1", &[]), None);
    assert_eq!(document.set(&path(&["stages", "name"]), "1", &[]), None);
    assert_eq!(document.insert(&path(&["stages"]), 3, "1"), None);
    assert_eq!(document.insert(&path(&["nothing"]), 0, "1"), None);
    assert_eq!(document.remove(&path(&["nothing"])), None);
    assert_eq!(document.remove(&Path::root()), None);
    assert_eq!(document.rename(&path(&["baton"]), "stages"), None);
    assert_eq!(document.shift(&path(&["stages"]), 0, 2), None);
}

#[test]
fn places_are_named_as_problems_name_them() {
    let document = Document::read(CHAIN).unwrap();
    let at = CHAIN.find("https").unwrap();
    assert_eq!(document.path_at(at).to_string(), "stages[1].request.url");
    assert_eq!(document.path_at(at - 6), path(&["stages", "1", "request", "url"]));
    assert_eq!(document.path_at(0), Path::root());
    let written = document.written(&path(&["stages", "1"])).unwrap();
    assert!(written.starts_with("{\n  \"name\": \"Table\",\n") && written.ends_with("\n}"));
}

/// A tree of what documents have, its keys all different.
fn tree() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just("19.90"), Just("0"), Just("9007199254740993"), Just("1E+2")];
    let leaf = prop_oneof![
        number.prop_map(|number| parse(number).unwrap()),
        "[a-c{}\\[\\],:\"\\\\\n é😀]{0,6}".prop_map(Value::from),
        Just(Value::Null),
        Just(Value::Bool(true)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec(("[a-d.\" ]{1,3}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A text of a tree, laid out in one of several ways.
fn written() -> impl Strategy<Value = String> {
    (tree(), 0_usize..5, any::<bool>()).prop_map(|(tree, levels, spaced)| {
        let lines = if levels == 4 { text(&tree) } else { laid_out(&tree, "", levels) };
        if spaced { format!("\n {lines}\t\n") } else { lines }
    })
}

/// Every path of a tree.
fn paths(value: &Value, here: &Path, all: &mut Vec<Path>) {
    all.push(here.clone());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| paths(item, &here.item(at), all));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| paths(value, &here.key(key), all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A path of the document, and another in the same holder, if it has one.
fn pick(document: &Document, by: prop::sample::Index) -> Path {
    let mut all = Vec::new();
    paths(document.tree(), &Path::root(), &mut all);
    by.get(&all).clone()
}

/// The tree with a change made at a path.
fn changed(value: &Value, steps: &[Step], change: &dyn Fn(&Value) -> Value) -> Value {
    let Some((first, rest)) = steps.split_first() else { return change(value) };
    match (value, first) {
        (Value::Array(items), Step::Item(at)) => {
            let mut items = items.clone();
            items[*at] = changed(&items[*at], rest, change);
            Value::Array(items)
        }
        (Value::Object(map), Step::Key(key)) => {
            let mut map = map.clone();
            let inner = changed(map.get(key).unwrap(), rest, change);
            map.insert(key.clone(), inner);
            Value::Object(map)
        }
        _ => value.clone(),
    }
}

/// Reads what an edit makes; holds it to what it says of itself.
fn made(document: &Document, edit: &Edit) -> Value {
    let now = edit.apply(document.text());
    assert_eq!(now[..edit.range.start], document.text()[..edit.range.start]);
    assert!(now.ends_with(&document.text()[edit.range.end..]));
    assert_eq!(edit.inverse(document.text()).apply(&now), document.text());
    let between = Edit::between(document.text(), &now);
    assert_eq!(between.apply(document.text()), now);
    assert!(between.range.len() <= edit.range.len());
    parse(&now).unwrap_or_else(|syntax| panic!("{syntax}: {now}"))
}

/// The same in the order of keys too, which trees don't compare.
fn same(seen: &Value, want: &Value) {
    assert_eq!(text(seen), text(want));
}

proptest! {
    #[test]
    fn what_is_set_is_there_and_nothing_else_changed(
        (written, new, by) in (written(), tree(), any::<prop::sample::Index>())
    ) {
        let document = Document::read(&written).unwrap();
        let path = pick(&document, by);
        let edit = document.set(&path, &laid_out(&new, "", 2), &[]).unwrap();
        same(&made(&document, &edit), &changed(document.tree(), path.steps(), &|_| new.clone()));
        let place = document.place(&path).unwrap();
        same(&parse(&written[place]).unwrap(), document.value(&path).unwrap());
        same(&parse(&document.written(&path).unwrap()).unwrap(), document.value(&path).unwrap());
    }

    #[test]
    fn what_is_new_is_there_and_nothing_else_changed(
        (written, new, by, at) in
            (written(), tree(), any::<prop::sample::Index>(), any::<prop::sample::Index>())
    ) {
        let document = Document::read(&written).unwrap();
        let path = pick(&document, by);
        let json = laid_out(&new, "", 2);
        match document.value(&path).unwrap() {
            Value::Array(list) => {
                let at = at.index(list.len() + 1);
                let edit = document.insert(&path, at, &json).unwrap();
                let want = changed(document.tree(), path.steps(), &|value| {
                    let mut list = value.as_array().unwrap().clone();
                    list.insert(at, new.clone());
                    Value::Array(list)
                });
                same(&made(&document, &edit), &want);
            }
            Value::Object(_) => {
                let deep = path.key("new").key("deep").item(0);
                let edit = document.set(&deep, &json, &[]).unwrap();
                let want = changed(document.tree(), path.steps(), &|value| {
                    let mut map = value.as_object().unwrap().clone();
                    let inner = [("deep".to_owned(), Value::Array(vec![new.clone()]))];
                    map.insert("new".into(), Value::Object(inner.into_iter().collect::<Map>()));
                    Value::Object(map)
                });
                same(&made(&document, &edit), &want);
            }
            _ => assert_eq!(document.set(&path.key("new"), &json, &[]), None),
        }
    }

    #[test]
    fn what_is_removed_or_renamed_is_and_nothing_else_changed(
        (written, by) in (written(), any::<prop::sample::Index>())
    ) {
        let document = Document::read(&written).unwrap();
        let path = pick(&document, by);
        let Some((holder, step)) = path.split() else { return Ok(()) };
        let removed = made(&document, &document.remove(&path).unwrap());
        let want = changed(document.tree(), holder.steps(), &|value| match (value, step) {
            (Value::Array(list), Step::Item(at)) => {
                let mut list = list.clone();
                list.remove(*at);
                Value::Array(list)
            }
            (Value::Object(map), Step::Key(key)) => {
                let mut map = map.clone();
                map.remove(key);
                Value::Object(map)
            }
            _ => value.clone(),
        });
        same(&removed, &want);
        if let Step::Key(key) = step {
            let renamed = made(&document, &document.rename(&path, "na\"me").unwrap());
            let want = changed(document.tree(), holder.steps(), &|value| {
                let members = value.as_object().unwrap().iter().map(|(other, value)| {
                    let other = if other == key { "na\"me" } else { other };
                    (other.to_owned(), value.clone())
                });
                Value::Object(members.collect())
            });
            same(&renamed, &want);
        }
    }

    #[test]
    fn moved_and_moved_back_is_the_same(
        (written, by, ends) in
            (written(), any::<prop::sample::Index>(), any::<[prop::sample::Index; 2]>())
    ) {
        let document = Document::read(&written).unwrap();
        let path = pick(&document, by);
        let length = match document.value(&path).unwrap() {
            Value::Array(list) => list.len(),
            Value::Object(map) => map.len(),
            _ => 0,
        };
        if length == 0 { return Ok(()) }
        let [from, to] = ends.map(|end| end.index(length));
        let edit = document.shift(&path, from, to).unwrap();
        let moved = Document::read(&edit.apply(&written)).unwrap();
        if let Value::Array(list) = document.value(&path).unwrap() {
            let mut list = list.clone();
            let item = list.remove(from);
            list.insert(to, item);
            same(moved.value(&path).unwrap(), &Value::Array(list));
        }
        let back = moved.shift(&path, to, from).unwrap();
        prop_assert_eq!(back.apply(moved.text()), written);
    }

    #[test]
    fn a_place_is_found_by_its_path_and_its_path_by_the_place(
        (written, by) in (written(), any::<prop::sample::Index>())
    ) {
        let document = Document::read(&written).unwrap();
        let path = pick(&document, by);
        let place = document.place(&path).unwrap();
        prop_assert_eq!(document.path_at(place.start), path);
    }
}
