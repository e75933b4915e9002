//! Documents: what is refused, where, and with which mend.

use baton_engine::chain::{Chain, MAX_DOCUMENT_BYTES};
use baton_engine::locale::Locale;
use serde_json::{Value, json};

fn problems(document: &str) -> Vec<String> {
    match Chain::parse(document) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// A valid document, changed at one place.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut document = json!({
        "baton": 1, "name": "n",
        "variables": {"id": "{{$uuid}}", "base": "http://h"},
        "stages": [
            {"name": "a", "request": {"url": "{{base}}/a"}, "captures": {"key": {"jsonpath": "$.key"}},
             "checks": [{"source": {"jsonpath": "$.a"}, "op": "equals", "value": "{{id}}"}]},
            {"name": "b", "request": {"url": "{{base}}/{{key}}"}}
        ]
    });
    change(&mut document);
    problems(&document.to_string())
}

#[test]
fn a_valid_document_has_no_problems() {
    assert_eq!(changed(|_| ()), [""; 0]);
}

#[test]
fn every_problem_names_its_place_and_its_mend() {
    let check = |change: fn(&mut Value), want: &str| {
        let found = changed(change);
        assert_eq!(found, [want], "{want}");
    };
    check(
        |d| d["baton"] = json!(2),
        "baton: version 2 is not known here; write \"baton\": 1, or open it in a newer Baton",
    );
    check(|d| d["name"] = json!(" "), "name: is empty; give it a value");
    check(|d| d["stges"] = json!([]), "unknown key \"stges\"; did you mean \"stages\"?");
    check(|d| d["zzz"] = json!(1), "unknown key \"zzz\"; remove it, or begin its name with \"x-\"");
    check(|d| d["stages"] = json!([]), "stages: is empty; give it a value");
    check(
        |d| d["stages"][0]["checks"][0]["op"] = json!("equal"),
        "stages[0].checks[0].op: unknown word \"equal\"; did you mean \"equals\"?",
    );
    check(
        |d| d["stages"][0]["checks"][0]["op"] = json!("resembles"),
        "stages[0].checks[0].op: unknown word \"resembles\"; use one of equals, not_equals, one_of, contains, \
         not_contains, starts_with, ends_with, matches, between, at_least, at_most, greater_than, less_than, \
         exists, absent, newer_than, older_than, schema, same_as",
    );
    check(|d| d["stages"][1]["name"] = json!("a"), "stages[1]: \"a\" is there twice; rename one");
    check(
        |d| d["stages"][1]["request"]["url"] = json!("{{bse}}"),
        "stages[1].request.url: `{{bse}}` is not known here; did you mean `base`?",
    );
    check(
        |d| d["stages"][0]["request"]["url"] = json!("{{key}}"),
        "stages[0].request.url: `{{key}}` is not known here; add it to the variables, or capture it in an earlier stage",
    );
    check(
        |d| d["stages"][1]["request"]["url"] = json!("{{key"),
        "stages[1].request.url: not a template: `{{key` is never closed; add `}}`",
    );
    check(
        |d| d["stages"][1]["request"]["url"] = json!("{{$uuid}}"),
        "stages[1].request.url: \"{{$uuid}}\" can't stand together with anything but variables, where it is one for the whole run; remove one",
    );
    check(
        |d| d["stages"][1]["request"]["method"] = json!("GTE"),
        "stages[1].request.method: unknown word \"GTE\"; use one of GET, HEAD, POST, PUT, PATCH, DELETE",
    );
    check(
        |d| d["stages"][1]["request"]["json"] = json!({}),
        "stages[1].request.json: \"json\" can't stand together with the method GET; remove one",
    );
    check(
        |d| d["stages"][1]["request"]["headers"] = json!({"a b": "c"}),
        "stages[1].request.headers.a b: not a template: \"a b\" is no header name; use letters, digits and `-`",
    );
    check(
        |d| d["poll"] = json!({"interval": "1.5s"}),
        "poll.interval: \"1.5s\" is not a duration; write a whole number and ms, s, m, h or d, such as \"58s\"",
    );
    check(
        |d| d["poll"] = json!({"interval": "10ms"}),
        "poll.interval: 10 ms is out of range; use 100 ms to 7 d",
    );
    check(
        |d| d["poll"] = json!({"hold": "60s"}),
        "poll: unknown key \"hold\"; remove it, or begin its name with \"x-\"",
    );
    check(
        |d| d["stages"][0]["checks"][0]["confirm"] = json!(0),
        "stages[0].checks[0].confirm: 0 is out of range; use 1 to 1000",
    );
    check(
        |d| d["stages"][0]["checks"][0]["while"] = json!([1]),
        "stages[0].checks[0].while: \"while\" can't stand together with any operator but one_of; remove one",
    );
    check(
        |d| d["stages"][1]["on_interrupt"] = json!("stop"),
        "stages[1].on_interrupt: \"on_interrupt\" needs \"once\": true; add it",
    );
    check(
        |d| d["stages"][0]["captures"]["id"] = json!({"jsonpath": "$.id"}),
        "stages[0].captures.id: \"id\" is there twice; rename one",
    );
    check(
        |d| d["stages"][0]["checks"][0]["value"] = Value::Null,
        "stages[0].checks[0].value: expected a value; null means that it is not there, found null",
    );
    check(|d| d["stages"] = json!({"a": 1}), "stages: expected a list, found an object");
    check(
        |d| {
            d.as_object_mut().unwrap().remove("name");
        },
        "the key \"name\" is missing; add it",
    );
    check(
        |d| d["id"] = json!("a/b"),
        "id: an id has the character '/'; use letters, digits or any of . _ : -",
    );
}

#[test]
fn a_path_that_is_none_is_refused() {
    let found = changed(|d| d["stages"][0]["checks"][0]["source"]["jsonpath"] = json!("$.a["));
    assert!(
        found[0].starts_with("stages[0].checks[0].source.jsonpath: not a JSONPath"),
        "{found:?}"
    );
    let found =
        changed(|d| d["stages"][0]["checks"][0]["source"]["jsonpath"] = json!("$..a..b..c"));
    assert!(found[0].contains("3 times `..`"), "{found:?}");
    let with_names = changed(|d| {
        d["stages"][1]["checks"] = json!([
            {"source": {"jsonpath": "$[{{key}}].a"}, "op": "exists"},
            {"source": {"jsonpath": "$[?@.a=='{{key}}']"}, "op": "exists"}
        ]);
    });
    assert_eq!(with_names, [""; 0]);
}

#[test]
fn a_secret_stands_only_where_nobody_sees_it() {
    let allowed = |key: &str, value: Value| {
        changed(|d| {
            d["stages"][0]["request"]["method"] = json!("POST");
            d["stages"][0]["request"][key] = value;
        })
    };
    assert_eq!(allowed("headers", json!({"x-api-key": "{{secret.key}}"})), [""; 0]);
    assert_eq!(allowed("query", json!({"token": "{{secret.key}}"})), [""; 0]);
    assert_eq!(allowed("json", json!({"a": ["{{secret.key}}"]})), [""; 0]);
    assert_eq!(allowed("form", json!({"a": "{{secret.key}}"})), [""; 0]);
    assert_eq!(allowed("text", json!("{{secret.key}}")), [""; 0]);
    assert_eq!(allowed("auth", json!({"bearer": "{{secret.key}}"})), [""; 0]);

    let check = |change: fn(&mut Value), place: &str| {
        let want = format!(
            "{place}: `{{{{secret.key}}}}` would be seen here; a secret stands in a request's headers, query, body or auth only"
        );
        assert_eq!(changed(change), [want]);
    };
    check(
        |d| d["stages"][0]["request"]["url"] = json!("http://h/{{secret.key}}"),
        "stages[0].request.url",
    );
    check(
        |d| d["stages"][0]["request"]["url"] = json!("http://{{secret.key}}"),
        "stages[0].request.url",
    );
    check(|d| d["variables"]["copy"] = json!("{{secret.key}}"), "variables.copy");
    check(
        |d| d["stages"][0]["checks"][0]["value"] = json!("{{secret.key}}"),
        "stages[0].checks[0].value",
    );
    check(
        |d| d["stages"][0]["captures"]["key"]["jsonpath"] = json!("$['{{secret.key}}']"),
        "stages[0].captures.key.jsonpath",
    );
    check(
        |d| d["stages"][0]["checks"][0]["source"] = json!({"variable": "secret.key"}),
        "stages[0].checks[0].source.variable",
    );
    let named = changed(|d| d["stages"][0]["captures"]["secret.key"] = json!({"jsonpath": "$.a"}));
    assert!(named[0].contains("\"secret.key\" is no name"), "{named:?}");
    let dotted = allowed("headers", json!({"x": "{{secret.a.b}}"}));
    assert!(dotted[0].contains("names no secret"), "{dotted:?}");
}

#[test]
fn an_editor_may_be_told_of_the_schema() {
    assert_eq!(
        changed(|d| d["$schema"] = json!("https://baton.example/chain.schema.json")),
        [""; 0]
    );
    assert_eq!(changed(|d| d["$schema"] = json!(1)), ["$schema: expected a text, found a number"]);
}

#[test]
fn keys_that_begin_with_x_are_left_alone() {
    assert_eq!(changed(|d| d["x-team"] = json!({"anything": [1]})), [""; 0]);
    assert_eq!(changed(|d| d["stages"][0]["checks"][0]["x-note"] = json!("why")), [""; 0]);
}

#[test]
fn a_count_of_none_needs_a_hold() {
    let none =
        json!([{"source": {"jsonpath": "$[*]"}, "filter": ["count"], "op": "equals", "value": 0}]);
    let found = changed(|d| d["stages"][0]["checks"] = none.clone());
    assert!(found[0].contains("needs a \"hold\""), "{found:?}");
    let held = changed(|d| {
        d["stages"][0]["checks"] = none.clone();
        d["stages"][0]["poll"] = json!({"hold": "60s"});
    });
    assert_eq!(held, [""; 0]);
}

#[test]
fn a_request_that_is_sent_once_can_neither_hold_nor_confirm_nor_back_off() {
    let found = changed(|d| {
        d["stages"][0]["once"] = json!(true);
        d["stages"][0]["on_interrupt"] = json!("continue");
        d["stages"][0]["poll"] = json!({"hold": 3, "backoff": {"kind": "linear"}});
        d["stages"][0]["checks"][0]["confirm"] = json!(2);
    });
    let places: Vec<&str> = found.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "stages[0].poll.hold",
            "stages[0].poll.backoff",
            "stages[0].checks[0].confirm",
            "stages[0].on_interrupt"
        ]
    );
    let inherited = changed(|d| {
        d["poll"] = json!({"backoff": {"kind": "linear"}});
        d["stages"][0]["once"] = json!(true);
    });
    assert_eq!(inherited, [""; 0], "the chain's backoff is for stages that are polled");
}

#[test]
fn an_auth_is_one_and_says_no_header_twice() {
    let auth = |auth: Value| changed(|d| d["stages"][1]["request"]["auth"] = auth);
    assert_eq!(auth(json!({"bearer": "{{key}}"})), [""; 0]);
    assert_eq!(auth(json!({"basic": {"user": "u", "password": "{{key}}"}})), [""; 0]);
    let key = |within: &str, name: &str| json!({"key": {"in": within, "name": name, "value": "v"}});
    assert_eq!(auth(key("header", "x-key")), [""; 0]);
    assert_eq!(auth(key("query", "api key")), [""; 0]);
    for (wrong, want) in [
        (json!("none"), "stages[1].request.auth: expected an object, found a text"),
        (
            json!({}),
            "stages[1].request.auth: \"auth\" needs one of \"bearer\", \"basic\", \"key\"; add it",
        ),
        (
            json!({"basic": {"user": "u"}}),
            "stages[1].request.auth.basic: the key \"password\" is missing; add it",
        ),
        (
            json!({"bearer": "{{keyy}}"}),
            "stages[1].request.auth.bearer: `{{keyy}}` is not known here; did you mean `key`?",
        ),
        (
            key("cookie", "k"),
            "stages[1].request.auth.key.in: unknown word \"cookie\"; use one of header, query",
        ),
    ] {
        assert_eq!(auth(wrong), [want]);
    }
    assert_eq!(auth(key("header", "a b")).len(), 1);
    let twice = changed(|d| {
        d["stages"][1]["request"]["headers"] = json!({"Authorization": "x"});
        d["stages"][1]["request"]["auth"] = json!({"bearer": "y"});
    });
    assert_eq!(twice.len(), 1, "{twice:?}");
    assert!(twice[0].contains("the header \"authorization\""), "{twice:?}");
}

#[test]
fn a_transport_is_direct_or_by_proxy_which_passes_no_cookies_on() {
    assert_eq!(changed(|d| d["stages"][0]["transport"] = json!("proxy")), [""; 0]);
    assert_eq!(changed(|d| d["stages"][0]["transport"] = json!("direct")), [""; 0]);
    let problems = changed(|d| {
        d["stages"][0]["transport"] = json!("proxy");
        d["stages"][0]["request"]["credentials"] = json!("include");
    });
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("stages[0].request.credentials: "), "{problems:?}");
}

#[test]
fn an_environments_name_must_be_in_every_environment_or_a_variable() {
    let with = |staging: Value, variables: Value| {
        changed(|d| {
            d["variables"] = variables;
            d["environments"] =
                json!({"local": {"base": "http://l", "id": "1"}, "staging": staging});
        })
    };
    assert_eq!(with(json!({"base": "http://s", "id": "2"}), json!({})), [""; 0]);
    assert_eq!(with(json!({"base": "http://s"}), json!({"id": "3"})), [""; 0]);
    let found = with(json!({"base": "http://s"}), json!({}));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`{{id}}` is not known here"), "{found:?}");
}

#[test]
fn all_problems_are_listed_at_once() {
    let found = changed(|d| {
        d["name"] = json!(1);
        d["stages"][0]["request"]["url"] = json!("");
        d["stages"][1]["request"] = json!(null);
    });
    let places: Vec<&str> = found.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["name", "stages[0].request.url", "stages[1].request"]);
}

#[test]
fn text_that_is_not_json_names_its_line() {
    let found = problems("{\n  \"baton\": 1,\n  \"name\" \"x\"\n}");
    assert_eq!(found, ["line 3, column 10: not JSON: expected `:`"]);
    assert!(problems(&"[".repeat(10_000))[0].contains("not JSON"));
    let large = format!("{{\"baton\": 1, \"x-a\": \"{}\"}}", "a".repeat(MAX_DOCUMENT_BYTES));
    assert!(problems(&large)[0].contains("bytes are too many"));
}

#[test]
fn problems_are_said_in_chinese_too() {
    let problems = Chain::parse(r#"{"baton": 1, "name": "", "stages": [{"nam": 1}]}"#).unwrap_err();
    for problem in problems {
        assert!(!problem.sentence(Locale::Zh).is_ascii(), "{problem}");
    }
}

/// A check of stage `b`, and what is said about it.
fn checked(check: Value) -> Vec<String> {
    changed(|d| {
        d["fields"] = json!([
            {"name": "key", "kind": "uuid"},
            {"name": "amount", "kind": "decimal", "tolerance": {"percent": 1}},
            {"name": "at", "kind": "time", "zone": "Asia/Shanghai", "tolerance": {"abs": "1s"}}
        ]);
        d["stages"][0]["record"] =
            json!({"fields": {"amount": {"jsonpath": "$.amount"}, "key": {"variable": "id"}}});
        d["stages"][1]["checks"] = json!([check]);
    })
}

#[test]
fn checks_that_could_never_be_right_are_refused() {
    let check = |check: Value, want: &str| {
        let found = checked(check.clone());
        assert!(found.len() == 1 && found[0].contains(want), "{check}: {found:?}");
    };
    let with = |filter: Value, op: &str, value: Value| json!({"source": "body", "filter": filter, "op": op, "value": value});
    check(
        with(json!([]), "between", json!([2, 1])),
        "stages[1].checks[0].value: the first end is above",
    );
    check(with(json!([]), "between", json!([2])), "a list of two");
    check(with(json!([]), "at_least", json!("5")), "\"5\" is not a number that can be compared");
    check(with(json!([]), "one_of", json!([])), "is empty");
    check(with(json!([]), "starts_with", json!(5)), "expected a text");
    check(with(json!(["decimal"]), "equals", json!("x")), "does not go through the filter");
    check(with(json!([]), "newer_than", json!("soon")), "does not go through the filter \"time\"");
    check(with(json!([]), "newer_than", json!("2026-11-24 02:00:00")), "a time without a zone");
    check(with(json!([]), "matches", json!("[")), "not a pattern that is taken here");
    check(with(json!(["count"]), "equals", json!(1.5)), "1.5 is not a number");
    check(with(json!(["count", "sum"]), "equals", json!(1)), "\"count\" can't stand together");
    check(with(json!(["sum", "first"]), "equals", json!(1)), "\"sum\" can't stand together");
    check(json!({"source": "body", "op": "exists", "value": 1}), "\"value\" can't stand together");
    check(json!({"source": "body", "op": "exists", "zone": "UTC"}), "\"zone\" needs the filter");
    check(json!({"source": "size", "op": "exists"}), "use one of status, latency, body");
    check(json!({"source": {"header": "a b"}, "op": "exists"}), "is no header name");
    check(
        json!({"source": {"header": "a", "jsonpath": "$"}, "op": "exists"}),
        "a check has one source",
    );
    check(
        json!({"source": "body", "op": "equals", "value": 1, "tolerance": {"abs": -1}}),
        "-1 is not a number",
    );
    check(
        json!({"source": "body", "op": "equals", "value": 1, "tolerance": {}}),
        "the key \"abs\" is missing",
    );
}

#[test]
fn same_as_names_a_field_that_an_earlier_stage_has_recorded() {
    let same_as = |value: &str| {
        checked(json!({"source": {"jsonpath": "$.a"}, "op": "same_as", "value": value}))
    };
    assert_eq!(same_as("a.amount"), [""; 0]);
    assert_eq!(
        same_as("a.amout"),
        [
            "stages[1].checks[0].value: no earlier stage has recorded \"a.amout\"; did you mean \"a.amount\"?"
        ]
    );
    for strange in ["b.amount", "a.at", "amount", "a."] {
        assert!(same_as(strange)[0].contains("no earlier stage has recorded"), "{strange}");
    }
}

#[test]
fn only_texts_have_aliases_and_something_to_ignore() {
    let found = |field: Value| changed(|d| d["fields"] = json!([field]));
    let good =
        json!({"name": "a", "aliases": {"Purchase": "purchase"}, "ignore": ["case", "space"]});
    assert_eq!(found(good), [""; 0]);
    let check = |field: Value, want: &str| {
        let found = found(field.clone());
        assert!(found.len() == 1 && found[0].starts_with(want), "{field}: {found:?}");
    };
    check(
        json!({"name": "a", "kind": "uuid", "ignore": ["case"]}),
        "fields[0].ignore: \"ignore\" can't stand together with a kind other than text",
    );
    check(
        json!({"name": "a", "kind": "json", "aliases": {}}),
        "fields[0].aliases: \"aliases\" can't stand together with a kind other than text",
    );
    check(json!({"name": "a", "ignore": ["cases"]}), "fields[0].ignore[0]: unknown word \"cases\"");
    check(json!({"name": "a", "aliases": {"b": 1}}), "fields[0].aliases.b: ");
    let many: serde_json::Map<_, _> = (0..101).map(|n| (n.to_string(), json!("a"))).collect();
    check(json!({"name": "a", "aliases": many}), "fields[0].aliases: ");
}

#[test]
fn fields_and_records_name_each_other() {
    let found = changed(|d| {
        d["fields"] = json!([{"name": "amount", "kind": "decimal", "reference": "c"}]);
        d["subject"] = json!({"key": ["event_id"], "expected_count": 0});
        d["stages"][0]["record"] = json!({"each": "$[", "fields": {}});
        d["stages"][1]["record"] =
            json!({"fields": {"amout": {"jsonpath": "$.a"}, "amount": {"jsonpath": "$.b"}}});
        d["stages"][1]["not_carried"] = json!(["amount"]);
        d["stages"][1]["transformed"] = json!(["none"]);
    });
    let want = [
        "subject.key[0]: there is no field \"event_id\"; add it to the chain's fields",
        "subject.expected_count: 0 is out of range; use 1 to 1000000",
        "stages[0].record.each: not a JSONPath",
        "stages[1].record.fields.amout: there is no field \"amout\"; did you mean \"amount\"?",
        "stages[1].transformed[0]: there is no field \"none\"",
        "stages[1].record.fields.amount: \"amount\" can't stand together with the same name in \"not_carried\"",
        "fields: unknown word \"c\"; use one of a, b",
    ];
    assert_eq!(found.len(), want.len(), "{found:#?}");
    for (found, want) in found.iter().zip(want) {
        assert!(found.starts_with(want), "{found} is not {want}");
    }
    let found = changed(|d| {
        d["fields"] = json!([
            {"name": "a", "kind": "uuid", "tolerance": {"abs": 1}}, {"name": "a", "zone": "UTC"}, {"name": "b", "kind": "date"}
        ]);
    });
    let parts = [
        "\"tolerance\" can't stand",
        "\"zone\" needs \"kind\": \"time\"",
        "\"a\" is there twice",
        "unknown word \"date\"",
    ];
    assert_eq!(found.len(), parts.len(), "{found:#?}");
    for (found, part) in found.iter().zip(parts) {
        assert!(found.contains(part), "{found} has no {part}");
    }
}

#[test]
fn a_chain_tells_the_zones_that_it_needs() {
    let document = json!({
        "baton": 1, "name": "n",
        "subject": {"key": "at"},
        "fields": [{"name": "at", "kind": "time", "zone": "Asia/Shanghai"}],
        "stages": [{"name": "a", "request": {"url": "http://h"}, "checks": [
            {"source": {"jsonpath": "$.a"}, "op": "newer_than", "value": "5m", "zone": "Europe/London"},
            {"source": {"jsonpath": "$.a"}, "op": "newer_than", "value": "2026-01-01 00:00", "zone": "Asia/Shanghai"}
        ]}]
    });
    let chain = Chain::parse(&document.to_string()).unwrap();
    assert_eq!(chain.zones_named(), ["Europe/London", "Asia/Shanghai"]);
    assert_eq!(chain.subject().unwrap().key, ["at"]);
}
