//! Rules of reading Postman collections, one a test.

use baton_engine::json;

use crate::ask::{accept, ask, codes, object, refusal, stages};

fn postman(items: &str, more: &str) -> baton_engine::json::Value {
    let text = format!(r#"{{"info":{{"name":"c"}},"item":{items}{more}}}"#);
    let answer = ask("postman", object([("text", text.into())]));
    accept(&answer);
    answer
}

#[test]
fn variables_stand_in_an_order_in_which_each_uses_those_above() {
    let answer = postman(
        r#"[{"name":"r","request":"{{a}}/x"}]"#,
        r#","variable":[{"key":"a","value":"{{b}}/1"},{"key":"b","value":"{{c}}"},{"key":"c","value":"http://h.test"}]"#,
    );
    let variables = answer.get("variables").unwrap();
    assert_eq!(json::text(variables), r#"{"c":"http://h.test","b":"{{c}}","a":"{{b}}/1"}"#);
}

#[test]
fn variables_in_a_circle_are_text_and_said() {
    let answer = postman(
        r#"[{"name":"r","request":"http://h.test/{{a}}"}]"#,
        r#","variable":[{"key":"a","value":"{{b}}"},{"key":"b","value":"{{a}}"}]"#,
    );
    assert!(codes(&answer).contains(&"variable_cycle"), "{answer}");
}

#[test]
fn a_variable_with_a_secret_in_it_is_one() {
    let answer = postman(
        r#"[{"name":"r","request":{"url":"http://h.test/","header":[{"key":"X-Note","value":"{{note}}"}]}}]"#,
        r#","variable":[{"key":"note","value":"Bearer {{token}}"},{"key":"token","value":"abc"}]"#,
    );
    let text = json::text(&answer);
    assert!(text.contains(r#""X-Note":"{{secret.note}}""#) && !text.contains("abc"), "{text}");
}

#[test]
fn authentication_is_inherited_until_it_is_said_that_there_is_none() {
    let answer = postman(
        r#"[{"name":"f","item":[{"name":"a","request":"http://h.test/a"},{"name":"b","request":{"auth":{"type":"noauth"},"url":"http://h.test/b"}}]}]"#,
        r#","auth":{"type":"basic","basic":{"username":"me","password":"pw"}}"#,
    );
    let has_auth =
        |index: usize| stages(&answer)[index].get("request").unwrap().get("auth").is_some();
    assert!(has_auth(0) && !has_auth(1), "{answer}");
}

#[test]
fn chosen_requests_only() {
    let text = r#"{"info":{},"item":[{"name":"a","request":"http://h.test/a"},{"name":"b","request":"http://h.test/b"}]}"#;
    let chosen = json::parse("[1]").unwrap();
    let answer = ask("postman", object([("text", text.into()), ("entries", chosen)]));
    assert_eq!(stages(&answer)[0].get("name").and_then(json::Value::as_str), Some("b"));
    assert_eq!(stages(&answer).len(), 1);
}

#[test]
fn more_requests_than_a_chain_has_stages_are_said() {
    let items: Vec<String> = (0..60)
        .map(|index| format!(r#"{{"name":"r","request":"http://h.test/{index}"}}"#))
        .collect();
    let answer = postman(&format!("[{}]", items.join(",")), "");
    assert_eq!(stages(&answer).len(), 50);
    assert!(codes(&answer).contains(&"too_many_requests"));
}

#[test]
fn a_brace_before_a_template_is_a_variable() {
    let answer = postman(
        r#"[{"name":"r","request":{"method":"POST","url":"http://h.test/","body":{"mode":"raw","raw":"x {{{a}}} y"}}}]"#,
        r#","variable":[{"key":"a","value":"1"}]"#,
    );
    let text = json::text(&answer);
    assert!(
        text.contains(r#""text":"x {{open_brace}}{{a}}} y""#)
            && text.contains(r#""open_brace":"{""#),
        "{text}"
    );
}

#[test]
fn other_texts_are_refused() {
    for (text, code) in
        [("{", "not_json"), ("{}", "not_postman"), (r#"{"info":{},"requests":[]}"#, "not_postman")]
    {
        assert_eq!(refusal(&ask("postman", object([("text", text.into())]))), code, "{text}");
    }
    assert_eq!(refusal(&ask("har_list", object([("text", "{}".into())]))), "not_har");
}
