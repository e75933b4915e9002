//! What is written for a shell is read there, and here, as the same request.

use std::process::Command;

use baton_engine::json::{self, Value};
use proptest::prelude::*;

use crate::ask::{ask, curl, object, stages};

/// Texts with everything that a shell might read otherwise.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "'", "\"", "\\", "\n", "\r\n", "\t", "!", "%", "^", "&", "$HOME", "$(x)", "`", "{{", "}}",
        "{", "购买", "😀", " ", "#", "%41", "+", "=", "@", "~", "*", "\\\n", "a", "B7", "\u{1}",
        "\u{a0}",
    ]);
    prop::collection::vec(special, 0..8).prop_map(|parts| parts.concat())
}

fn escaped(text: &str) -> Value {
    text.replace("{{", "{{{{").into()
}

fn pairs(values: Vec<(String, String)>) -> Value {
    Value::Object(values.into_iter().map(|(name, value)| (name, escaped(&value))).collect())
}

fn names(value: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::btree_map("f[a-z]{0,5}", value, 1..4)
        .prop_map(|map| map.into_iter().collect())
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        "-?[1-9][0-9]{0,20}\\.[0-9]{1,3}".prop_map(|text| json::parse(&text).expect("a number")),
        text().prop_map(|text| escaped(&text)),
    ];
    let inner = leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec(("f.{0,4}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::vec(inner, 0..4).prop_map(Value::Array)
}

/// A request's body, and the method that it may go with.
fn body() -> impl Strategy<Value = (&'static str, Option<(&'static str, Value)>)> {
    let method = || prop::sample::select(vec!["POST", "PUT", "PATCH", "DELETE"]);
    // A text that is JSON would be read as it.
    let plain = text().prop_map(|text| format!("t{text}"));
    prop_oneof![
        prop::sample::select(vec!["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
            .prop_map(|method| (method, None)),
        (method(), tree()).prop_map(|(method, tree)| (method, Some(("json", tree)))),
        (method(), names(text())).prop_map(|(method, form)| (method, Some(("form", pairs(form))))),
        (method(), plain).prop_map(|(method, text)| (method, Some(("text", escaped(&text))))),
    ]
}

fn request() -> impl Strategy<Value = Value> {
    // A header's value has no blanks at its ends and no ends of lines.
    let value = "|[!-z|~]([ -z|~]{0,10}[!-z|~])?";
    let headers = prop::collection::btree_map("X-[A-Z][a-z]{0,5}", value, 0..3);
    let path = text().prop_map(|text| crate_encoded(&text));
    (body(), path, prop::option::of(names(text())), headers).prop_map(
        |((method, body), path, query, headers)| {
            let mut request = vec![
                ("method".to_owned(), method.into()),
                ("url".to_owned(), format!("https://h.test/{path}").into()),
            ];
            if let Some(query) = query {
                request.push(("query".into(), pairs(query)));
            }
            if !headers.is_empty() {
                request.push(("headers".into(), pairs(headers.into_iter().collect())));
            }
            if let Some((kind, body)) = body {
                request.push((kind.to_owned(), body));
            }
            Value::Object(request.into_iter().collect())
        },
    )
}

/// A path as a URL has it.
fn crate_encoded(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn written(request: &Value) -> String {
    let stage = object([("name", "s".into()), ("request", request.clone())]);
    let answer = ask("export_curl", object([("stage", stage)]));
    let text =
        answer.get("text").and_then(Value::as_str).unwrap_or_else(|| panic!("{request}: {answer}"));
    text.to_owned()
}

/// The words of a command line as bash itself has them.
fn words_by_bash(line: &str) -> Vec<String> {
    let script = format!("show() {{ printf '%s\\0' \"$@\"; }}\nshow {line}\n");
    let output = Command::new("bash")
        .args(["--norc", "-c", &script])
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("bash");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut words: Vec<String> = text.split('\0').map(str::to_owned).collect();
    words.pop();
    words
}

/// The words of a command line as they are read here: bodies of commands that have nothing else.
fn words_here(words: &[String]) -> Vec<String> {
    let read = |word: &String| {
        let answer =
            curl(&format!("curl -H 'content-type: text/csv' http://h.test/ --data-raw t{word}"));
        let request = stages(&answer)[0].get("request").expect("a request");
        let text = request.get("text").and_then(Value::as_str).expect("a text");
        text.strip_prefix('t').expect("its mark").replace("{{{{", "{{")
    };
    words.iter().map(read).collect()
}

/// A word in every kind of quotes.
fn quoted_word() -> impl Strategy<Value = String> {
    let single = "'[ -&(-~é购]{0,6}'";
    let double = prop::collection::vec(
        "[ a-z'!#%^&*{}<>|;é]|\\\\\"|\\\\\\\\|\\\\\\$|\\\\`|\\\\\n|\\\\a",
        0..6,
    )
    .prop_map(|parts| format!("\"{}\"", parts.concat()));
    let ansi = prop::collection::vec(
        "[ -&(-\\[\\]-~é]|\\\\[abeEfnrtv\\\\'\"?]|\\\\x(7[0-9a-e]|2[0-9])|\\\\1[0-7][0-7]|\\\\u00[4-7][0-9a-e]|\\\\u8d2d|\\\\U0001f600|\\\\cA|\\\\z",
        0..6,
    )
    .prop_map(|parts| format!("$'{}'", parts.concat()));
    let bare = "[a-zA-Z0-9@%+=:,./_^-]|\\\\[ '\"$&;|<>()`!#*?\\\\]|\\\\\n";
    let part =
        prop_oneof![single.prop_map(String::from), double, ansi, bare.prop_map(String::from)];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_request_that_is_written_is_read_again(request in request()) {
        let line = written(&request);
        let answer = curl(&line);
        prop_assert_eq!(stages(&answer)[0].get("request"), Some(&request), "{}", line);
    }
}

proptest! {
    // Each starts a bash.
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn bash_reads_what_is_written_for_it(requests in prop::collection::vec(request(), 4)) {
        for request in requests {
            let line = written(&request);
            let words = words_by_bash(&line);
            prop_assert_eq!(words.first().map(String::as_str), Some("curl"));
            // Nothing that the shell changed: in single quotes again, the words make the same request.
            let quoted: Vec<String> = words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
            let again = curl(&format!("curl {}", quoted[1..].join(" ")));
            prop_assert_eq!(stages(&again)[0].get("request"), Some(&request), "{}", line);
            if let Some(Value::String(text)) = request.get("text") {
                let at = words.iter().position(|word| word == "--data-raw").expect("a body");
                prop_assert_eq!(&words[at + 1], &text.replace("{{{{", "{{"));
            }
        }
    }

    #[test]
    fn words_are_read_as_bash_reads_them(words in prop::collection::vec(quoted_word(), 20)) {
        let line: Vec<String> = words.iter().map(|word| format!("t{word}")).collect();
        let by_bash: Vec<String> = words_by_bash(&line.join(" "))
            .iter()
            .map(|word| word.strip_prefix('t').expect("its mark").to_owned())
            .collect();
        prop_assert_eq!(words_here(&words), by_bash);
    }
}

#[test]
fn a_command_line_is_one_that_can_be_pasted() {
    let request = json::parse(
        r#"{"method":"POST","url":"https://h.test/it's","query":{"q":"a b"},"headers":{"X-Empty":"","X-A":"b"},"json":{"a":"it's {{{{x}}"}}"#,
    )
    .expect("JSON");
    assert_eq!(
        written(&request),
        "curl 'https://h.test/it'\\''s?q=a%20b' \\\n  -H 'X-Empty;' \\\n  -H 'X-A: b' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{\"a\":\"it'\\''s {{x}}\"}'"
    );
}
