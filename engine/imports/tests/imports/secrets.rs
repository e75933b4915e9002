//! No value of a secret is in what an import makes, wherever it stood.

use baton_engine::json;
use proptest::prelude::*;

use crate::ask::{accept, ask, curl, object};

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJmYWtlIn0.c2lnbmF0dXJl";

/// Places for a secret in a command line.
fn places(secret: &str) -> Vec<String> {
    vec![
        format!("curl http://h.test/ -H 'Authorization: Bearer {secret}'"),
        format!("curl http://h.test/ -H 'authorization: Token {secret}'"),
        format!("curl http://h.test/ -H 'X-Api-Key: {secret}'"),
        format!("curl http://h.test/ -H 'Private-Token: {secret}'"),
        format!("curl http://h.test/ -H 'Cookie: sid={secret}'"),
        format!("curl http://h.test/ -b 'sid={secret}'"),
        format!("curl http://h.test/ -u 'me:{secret}'"),
        format!("curl http://h.test/ -u '{secret}:'"),
        format!("curl http://h.test/ --oauth2-bearer '{secret}'"),
        format!("curl 'http://me:{secret}@h.test/'"),
        format!("curl 'http://h.test/?access_token={secret}'"),
        format!("curl 'http://h.test/?a=1&a=2&key={secret}'"),
        format!("curl 'http://h.test/?a=b+c&X-Amz-Signature={secret}'"),
        format!("curl http://h.test/ -d 'password={secret}&a=1'"),
        format!("curl http://h.test/ --json '{{\"deep\":[{{\"client_secret\":\"{secret}\"}}]}}'"),
        format!("curl http://h.test/ -d 'password={secret}&a=1&a=2'"),
        format!("curl http://h.test/ --json '{{\"a\":1,\"a\":2,\"password\":\"{secret}\"}}'"),
        format!("curl http://h.test/{secret}/x -H 'X-Api-Key: {secret}' -d 'note={secret}'"),
        format!(
            "curl http://h.test/ -H 'X-Api-Key: {secret}' -H 'Content-Type: text/csv' -d 'a,{secret},b'"
        ),
        format!("TOKEN={secret} curl http://h.test/ --proxy http://me:{secret}@p.test"),
    ]
}

proptest! {
    #[test]
    fn a_secret_of_any_value_is_left_out(secret in "q[A-Za-z0-9]{9,30}") {
        for command in places(&secret) {
            let answer = curl(&command);
            prop_assert!(!json::text(&answer).contains(&secret), "{command}: {answer}");
            accept(&answer);
        }
    }
}

#[test]
fn a_token_is_known_by_its_shape_wherever_it_stands() {
    for command in [
        format!("curl 'http://h.test/{JWT}/rows'"),
        format!("curl 'http://h.test/?x={JWT}'"),
        format!("curl http://h.test/ -H 'X-Note: see {JWT}.'"),
        format!("curl http://h.test/ -H 'content-type: text/csv' -d 'a,{JWT},b'"),
        format!("curl http://h.test/ --json '[\"{JWT}\"]'"),
    ] {
        let answer = curl(&command);
        let text = json::text(&answer);
        assert!(
            !text.contains("c2lnbmF0dXJl") && text.contains("{{secret.token}}"),
            "{command}: {text}"
        );
        accept(&answer);
    }
}

#[test]
fn tracked_data_is_no_secret() {
    let answer = curl(
        "curl 'http://h.test/?session_id=s-1&client_id=c-1&page_token=p-1' --json '{\"user_id\":\"u-7\"}'",
    );
    assert_eq!(answer.get("secrets").map(json::text).as_deref(), Some("[]"), "{answer}");
}

#[test]
fn one_value_is_one_secret_and_two_are_two() {
    let answer = curl(
        "curl http://h.test/a -H 'X-Api-Key: first-key' --next http://h.test/b -H 'X-Api-Key: second-key' --next http://h.test/c -H 'X-Api-Key: first-key'",
    );
    assert_eq!(
        answer.get("secrets").map(json::text).as_deref(),
        Some(r#"["api_key","api_key_2"]"#)
    );
}

#[test]
fn a_list_of_entries_shows_no_secret() {
    let har = format!(
        r#"{{"log":{{"entries":[{{"request":{{"method":"GET","url":"http://me:pass-word@h.test/{JWT}?api_key=abc-secret&x=1"}}}}]}}}}"#
    );
    let answer = json::text(&ask("har_list", object([("text", har.into())])));
    assert!(answer.contains(r#""url":"http://***@h.test/***?api_key=***&x=1""#), "{answer}");
}

#[test]
fn a_variable_that_is_a_secret_and_a_value_of_the_same_name_are_two() {
    let collection = r#"{"info":{},"variable":[{"key":"token","value":"of-the-variable"}],"item":[
        {"name":"a","request":{"auth":{"type":"bearer","bearer":[{"key":"token","value":"of-the-request"}]},"url":"http://h.test/a"}},
        {"name":"b","request":{"auth":{"type":"bearer","bearer":[{"key":"token","value":"{{token}}"}]},"url":"http://h.test/of-the-variable"}},
        {"name":"c","request":{"url":"http://h.test/c","header":[{"key":"X-A","value":"{{vault:my-key}}"}]}}]}"#;
    let answer = ask("postman", object([("text", collection.into())]));
    accept(&answer);
    let text = json::text(&answer);
    assert!(text.contains(r#""auth":{"bearer":"{{secret.token_2}}"}"#), "{text}");
    assert!(
        text.contains(
            r#""url":"http://h.test/{{secret.token}}","auth":{"bearer":"{{secret.token}}"}"#
        ),
        "{text}"
    );
    assert!(text.contains(r#""X-A":"{{secret.my-key}}""#) && !text.contains("of-the-"), "{text}");
}

#[test]
fn more_secrets_than_anyone_enters_are_one() {
    let fields: Vec<String> =
        (0..300).map(|index| format!(r#"{{"token":"value-number-{index}"}}"#)).collect();
    let answer = curl(&format!("curl --json '[{}]' http://h.test/", fields.join(",")));
    accept(&answer);
    assert!(!json::text(&answer).contains("value-number-"));
}
