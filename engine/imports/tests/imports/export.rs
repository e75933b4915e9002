//! Rules of writing stages for other tools, one a test.

use baton_engine::json::{self, Value};

use crate::ask::{ask, codes, object, refusal};

fn export(tag: &str, members: &str) -> Value {
    ask(tag, json::parse(members).expect("JSON"))
}

fn text(answer: &Value) -> &str {
    answer.get("text").and_then(Value::as_str).unwrap_or_else(|| panic!("{answer}"))
}

#[test]
fn templates_are_filled_in_where_a_value_is_known_and_said_where_not() {
    let answer = export(
        "export_curl",
        r#"{"values":{"base":"http://h.test","id":"a b","n":19.90},"stage":{"request":{"method":"POST","url":"{{base}}/{{id}}",
            "json":{"n":"{{n}}","t":"x{{n}}","who":"{{who}}"},"auth":{"bearer":"{{secret.token}}"}}}}"#,
    );
    assert_eq!(
        text(&answer),
        "curl 'http://h.test/a%20b' \\\n  -H 'Authorization: Bearer {{secret.token}}' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{\"n\":19.90,\"t\":\"x19.90\",\"who\":\"{{who}}\"}'"
    );
    let left =
        answer.get("notes").and_then(Value::as_array).expect("notes")[0].get("args").expect("args");
    assert_eq!(json::text(left), r#"{"names":["secret.token","who"]}"#);
}

#[test]
fn what_evidence_keeps_is_written_as_it_was_sent() {
    let answer = export(
        "export_curl",
        r#"{"filled":{"method":"PUT","url":"http://h.test/{{x}}?a=1","headers":[["content-type","text/csv"],["x-a","b"]],"body":"a,{{b}}","with_credentials":true}}"#,
    );
    assert_eq!(
        text(&answer),
        "curl 'http://h.test/%7B%7Bx%7D%7D?a=1' \\\n  -X PUT \\\n  -H 'content-type: text/csv' \\\n  -H 'x-a: b' \\\n  --data-raw 'a,{{b}}'"
    );
    assert_eq!(codes(&answer), ["own_cookies"]);
}

#[test]
fn authentication_and_time_have_options_of_their_own() {
    let answer = export(
        "export_curl",
        r#"{"stage":{"request":{"url":"http://h.test/","auth":{"basic":{"user":"me","password":"it's"}}},"poll":{"attempt_timeout":"2500ms"}}}"#,
    );
    assert_eq!(
        text(&answer),
        "curl 'http://h.test/' \\\n  -u 'me:it'\\''s' \\\n  --max-time 2.500"
    );
    let answer = export(
        "export_curl",
        r#"{"stage":{"request":{"method":"HEAD","url":"http://h.test/?a=1","auth":{"key":{"in":"query","name":"k","value":"v&"}}}}}"#,
    );
    assert_eq!(text(&answer), "curl 'http://h.test/?a=1&k=v%26' \\\n  --head");
}

#[test]
fn hurl_has_the_request_its_retries_and_its_asserts() {
    let answer = export(
        "export_hurl",
        r#"{"poll":{"interval":"5s","timeout":"2m"},"variables":{"amount":19.90,"id":"{{$uuid}}"},"stages":[
            {"name":"Send","once":true,"request":{"method":"POST","url":"{{base}}/events","headers":{"x-api-key":"{{secret.key}}","x-a":"b#c "},
             "json":{"event_id":"{{id}}","amount":"{{amount}}","literal":"{{{{x}}"}},"checks":[{"source":"status","op":"equals","value":202}],
             "captures":{"ref":{"jsonpath":"$.ref"}}},
            {"name":"Rows\nof it","request":{"url":"{{base}}/rows","query":{"ref":"{{ref}}","q":"a b"}},
             "stop":[{"source":{"jsonpath":"$.error"},"op":"exists"}],
             "checks":[
               {"source":{"jsonpath":"$.rows[*]"},"filter":["count"],"op":"equals","value":1},
               {"source":{"jsonpath":"$.rows[0].amount"},"filter":["decimal"],"op":"equals","value":"{{amount}}"},
               {"source":{"jsonpath":"$.rows[0].state"},"op":"one_of","value":["done","a.b/c"]},
               {"source":{"jsonpath":"$.rows[0].id"},"op":"matches","value":"^[a-z]+/\\d$"},
               {"source":{"jsonpath":"$.rows[0]['a\"b']"},"op":"exists"},
               {"source":{"jsonpath":"$.rows[*].name"},"op":"contains","value":"x"},
               {"source":{"header":"x-total"},"op":"starts_with","value":"1"},
               {"source":"latency","op":"less_than","value":500},
               {"source":{"jsonpath":"$.n"},"op":"between","value":[1,2]},
               {"source":{"jsonpath":"$.ts"},"op":"newer_than","value":"5m"}],
             "poll":{"interval":"58s","timeout":"15m","hold":"60s","initial_delay":"1500ms"}}]}"#,
    );
    let want = r#"# Send
POST {{base}}/events
x-api-key: {{secret_key}}
x-a: b\u{23}c\u{20}
Content-Type: application/json
[Options]
max-time: 10s
location: true
{"event_id":"{{id}}","amount":{{amount}},"literal":"\u007b\u007bx}}"}

HTTP 202
[Captures]
ref: jsonpath "$.ref"
[Asserts]

# Rows of it
GET {{base}}/rows
[Options]
retry: 16
retry-interval: 58s
delay: 1500ms
max-time: 10s
location: true
# hold: "60s"
[QueryStringParams]
ref: {{ref}}
q: a b

HTTP *
[Asserts]
status >= 200
status < 300
status != 202
status != 204
# stop: {"source":{"jsonpath":"$.error"},"op":"exists"}
# checks: {"source":{"jsonpath":"$.rows[*].name"},"op":"contains","value":"x"}
# checks: {"source":{"jsonpath":"$.ts"},"op":"newer_than","value":"5m"}
jsonpath "$.rows[*]" count == 1
jsonpath "$.rows[0].amount" toFloat == {{amount}}
jsonpath "$.rows[0].state" matches /^(?:done|a\.b\/c)$/
jsonpath "$.rows[0].id" matches /^[a-z]+\/\d$/
jsonpath "$.rows[0]['a\u{22}b']" exists
header "x-total" startsWith "1"
duration < 500
jsonpath "$.n" >= 1
jsonpath "$.n" <= 2
"#;
    assert_eq!(text(&answer), want);
    assert_eq!(
        codes(&answer),
        [
            "policy_as_comment",
            "check_as_comment",
            "check_as_comment",
            "check_as_comment",
            "hurl_variables"
        ]
    );
}

#[test]
fn hurl_has_sections_for_forms_and_basic_and_a_line_for_texts() {
    let answer = export(
        "export_hurl",
        r#"{"stage":{"request":{"method":"POST","url":"http://h.test/{{{{a}}","form":{"a b":"c#d"},"auth":{"basic":{"user":"me","password":"p w"}}}}}"#,
    );
    let text_of = text(&answer);
    assert!(text_of.contains("POST http://h.test/%7B%7Ba%7D%7D\n[Options]"), "{text_of}");
    assert!(
        text_of.contains("[BasicAuth]\nme: p w\n[FormParams]\na\\u{20}b: c\\u{23}d\n"),
        "{text_of}"
    );
    let answer = export(
        "export_hurl",
        r#"{"stage":{"request":{"method":"POST","url":"http://h.test/","text":"a`b\n{{{{c}} {{d}}"}}}"#,
    );
    assert!(
        text(&answer).contains("`a\\u{60}b\\u{a}\\u{7b}\\u{7b}c\\u{7d}\\u{7d} {{d}}`\n"),
        "{answer}"
    );
}

#[test]
fn a_text_cannot_break_out_of_its_place() {
    let evil = "x\\nGET http://evil.test/";
    let stage = format!(
        r#"{{"stage":{{"name":"{evil}","request":{{"method":"POST","url":"http://h.test/{evil}","query":{{"q":"{evil}"}},"text":"{evil}"}},
            "checks":[{{"source":{{"jsonpath":"$.a"}},"op":"equals","value":"{evil}"}},{{"source":"status","op":"{evil}"}}]}}}}"#
    );
    let answer = export("export_hurl", &stage);
    assert!(text(&answer).lines().all(|line| !line.starts_with("GET")), "{answer}");
}

#[test]
fn what_is_no_stage_is_refused() {
    for (members, code) in [
        ("{}", "question"),
        (r#"{"stage":{}}"#, "no_stage"),
        (r#"{"stage":{"request":{"url":"{{a"}}}"#, "no_stage"),
        (r#"{"stage":{"request":{"url":"http://h.test/","method":"OPTIONS"}}}"#, "no_stage"),
        (r#"{"stage":{"request":{"url":"http://h.test/","headers":{"a b":"c"}}}}"#, "no_stage"),
    ] {
        assert_eq!(
            refusal(&ask("export_curl", json::parse(members).expect("JSON"))),
            code,
            "{members}"
        );
    }
    assert_eq!(refusal(&ask("export_hurl", object([]))), "question");
}
