//! Any text is answered: with an import that the engine reads, or with a refusal. Nothing panics.

use baton_engine::json::{self, Value};
use proptest::prelude::*;

use crate::ask::{accept, ask, curl, object, refusal};

fn check(answer: &Value) {
    if answer.get("stages").is_some() {
        accept(answer);
    } else {
        refusal(answer);
    }
}

fn cmd(text: &str) -> Value {
    ask("curl", object([("text", text.into()), ("shell", "cmd".into())]))
}

/// The names that a reader looks for.
const KEYS: &str = "info item request url raw query variable key value auth type bearer basic apikey \
    body mode urlencoded graphql header event log entries response method headers name \
    postData text mimeType params content status stage json checks source op jsonpath \
    filter captures poll interval timeout disabled host path form in user password \
    credentials stop record hold script exec";

/// Any small tree that has the names which a reader looks for.
fn tree() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(KEYS.split_whitespace().collect::<Vec<_>>());
    let word = prop::sample::select(vec![
        "",
        "bearer",
        "basic",
        "apikey",
        "raw",
        "urlencoded",
        "graphql",
        "formdata",
        "http://h.test/{{a}}?b={{c}}",
        "{{{{",
        "{{{a}}}",
        "POST",
        "GET",
        "status",
        "equals",
        "one_of",
        "between",
        "matches",
        "count",
        "$.a",
        "$..a[*]",
        ":id",
        "http://",
        "58s",
        "999999999999999999d",
        "0s",
        "https://u:p@h.test:1/:id#f",
        "\u{fdd0}",
        "\u{0}",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (0_i64..600).prop_map(Value::from),
        word.prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|members| {
                Value::Object(
                    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                )
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_command_line_is_answered(text in "curl [-a-zA-Z0-9'\"\\\\$^%{}@=:/?&#;|<> \n\r\t!`()\u{80}-\u{ff}\u{fdd0}]{0,60}") {
        check(&curl(&text));
        check(&cmd(&text));
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        check(&curl(&text));
        check(&cmd(&format!("curl {text}")));
        check(&curl(&format!("curl http://h.test/{text}")));
        for tag in ["har_list", "har", "postman", "export_curl", "export_hurl"] {
            refusal(&ask(tag, object([("text", text.clone().into())])));
        }
        refusal(&json::parse(&baton_imports::answer(&text)).expect("JSON"));
    }

    #[test]
    fn any_options_are_answered(words in prop::collection::vec("-{0,2}[a-zA-Z#0-9:]{0,3}|--(data|json|get|url|next|user|header|form|max-time)|'[^']{0,8}'|http://h\\.test/[a-z{}%]{0,4}", 0..12)) {
        check(&curl(&format!("curl {}", words.join(" "))));
    }

    #[test]
    fn any_tree_is_answered(tree in tree()) {
        let text = json::text(&tree);
        let list = json::parse("[0,1]").expect("JSON");
        check(&ask("postman", object([("text", text.clone().into())])));
        check(&ask("har", object([("text", text.into()), ("entries", list), ("samples", Value::Bool(true))])));
    }

    /// A recording and a collection of the right outline, with anything inside.
    #[test]
    fn any_content_of_the_right_outline_is_answered(tree in tree(), request in tree(), more in tree()) {
        let entry = object([("request", request.clone()), ("response", more.clone()), ("time", 1_i64.into())]);
        let log = object([("log", object([("entries", Value::Array(vec![entry, tree.clone()]))]))]);
        let entries = json::parse("[0,1]").expect("JSON");
        check(&ask("har", object([("text", json::text(&log).into()), ("entries", entries), ("samples", Value::Bool(true))])));
        let url = object([("raw", "{{a}}/:id?x=1".into()), ("query", more.clone()), ("variable", tree.clone())]);
        let item = |request: Value| object([("name", "r".into()), ("request", request), ("event", more.clone())]);
        let items = vec![item(request), item(object([("url", url), ("body", more.clone()), ("auth", tree.clone())])), tree.clone()];
        let collection = object([("info", tree.clone()), ("item", Value::Array(items)), ("variable", more.clone()), ("auth", tree)]);
        check(&ask("postman", object([("text", json::text(&collection).into())])));
    }

    #[test]
    fn any_stage_is_written_or_refused(stage in tree(), request in tree(), checks in tree()) {
        let made = object([("name", "s".into()), ("request", request), ("checks", checks.clone()), ("captures", checks)]);
        for stage in [stage, made] {
            for tag in ["export_curl", "export_hurl"] {
                let answer = ask(tag, object([("stage", stage.clone())]));
                if answer.get("text").is_none() {
                    refusal(&answer);
                }
            }
        }
    }
}

#[test]
fn too_much_is_refused() {
    for (tag, bytes) in [("curl", (2 << 20) + 1), ("har_list", 20_000_001)] {
        let long = "x".repeat(bytes);
        assert_eq!(refusal(&ask(tag, object([("text", long.into())]))), "too_large", "{tag}");
    }
    let urls = "http://h.test/ ".repeat(51);
    assert_eq!(refusal(&curl(&format!("curl {urls}"))), "too_many");
    let entries = format!(r#"{{"log":{{"entries":[{}0]}}}}"#, "0,".repeat(20_000));
    assert_eq!(refusal(&ask("har_list", object([("text", entries.into())]))), "too_many");
    let deep = format!("{}{}", "{\"item\":[".repeat(200), "]}".repeat(200));
    assert_eq!(refusal(&ask("postman", object([("text", deep.into())]))), "not_json");
}

#[test]
fn what_has_no_room_in_a_document_is_refused_or_stays_a_text() {
    assert_eq!(
        refusal(&curl(&format!("curl http://h.test/ -d {}", "x".repeat(1_000_000)))),
        "too_large"
    );
    let headers = " -H 'a: b'".repeat(201);
    assert_eq!(refusal(&curl(&format!("curl http://h.test/{headers}"))), "too_many");
    let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
    let answer = curl(&format!("curl --json '{deep}' http://h.test/"));
    accept(&answer);
    assert!(json::text(&answer).contains("\"text\":"), "{answer}");
    let variables: Vec<String> =
        (0..450).map(|index| format!(r#"{{"key":"v{index}","value":"1"}}"#)).collect();
    let collection = format!(
        r#"{{"info":{{}},"item":[{{"name":"r","request":"http://h.test/{{{{v449}}}}"}}],"variable":[{}]}}"#,
        variables.join(",")
    );
    let answer = ask("postman", object([("text", collection.into())]));
    accept(&answer);
    assert_eq!(answer.get("variables").map(json::text).as_deref(), Some(r#"{"v449":"1"}"#));
}
