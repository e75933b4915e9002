//! Stages put into a document's text, as a screen asks for it.

use baton_engine::json::{self, Value};
use baton_engine::protocol::{HttpRequest, ImportEntry, ImportQuestion, ToolAnswer};
use baton_imports::screen;

const DOCUMENT: &str = r#"{
  "baton": 1,
  "name": "Own 购",
  "variables": {
    "host": "https://a.test"
  },
  "stages": [
    { "name": "GET /rows", "request": { "url": "{{host}}/rows" } },
    {
      "name": "Last",
      "request": { "url": "{{host}}/last" }
    }
  ]
}
"#;

fn say(question: &ImportQuestion) -> ToolAnswer {
    ToolAnswer::from_json(&screen(&question.to_json())).expect("an answer")
}

fn insert(document: &str, caret: u32, text: &str) -> ToolAnswer {
    let (document, text) = (document.to_owned(), text.to_owned());
    say(&ImportQuestion::Insert { document, caret, fresh: false, text, entries: None })
}

/// The document after the edit, which leaves all around it as it is.
fn edited(document: &str, answer: &ToolAnswer) -> String {
    let ToolAnswer::Edit { start, end, text, .. } = answer else { panic!("{answer:?}") };
    let units: Vec<u16> = document.encode_utf16().collect();
    let part = |range: &[u16]| String::from_utf16(range).unwrap();
    part(&units[..*start as usize]) + text + &part(&units[*end as usize..])
}

fn names(document: &str) -> Vec<String> {
    let tree = json::parse(document).unwrap_or_else(|error| panic!("{error}: {document}"));
    let stages = tree.get("stages").and_then(Value::as_array).unwrap();
    stages.iter().map(|stage| stage.get("name").unwrap().as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_command_becomes_the_last_stage_and_nothing_else_changes() {
    let answer = insert(DOCUMENT, 0, "curl 'https://b.test/rows?id=7'");
    let want = DOCUMENT.replace(
        "\"{{host}}/last\" }\n    }\n",
        "\"{{host}}/last\" }\n    },\n    {\n      \"name\": \"GET /rows (2)\",\n      \"request\": {\n        \"method\": \"GET\",\n        \"url\": \"https://b.test/rows\",\n        \"query\": { \"id\": \"7\" }\n      }\n    }\n",
    );
    assert_eq!(edited(DOCUMENT, &answer), want);
}

#[test]
fn it_follows_the_stage_that_the_caret_is_in() {
    let caret = DOCUMENT.encode_utf16().count()
        - DOCUMENT[DOCUMENT.find("/rows\"").unwrap()..].encode_utf16().count();
    let answer = insert(DOCUMENT, caret.try_into().unwrap(), "curl https://b.test/next");
    assert_eq!(names(&edited(DOCUMENT, &answer)), ["GET /rows", "GET /next", "Last"]);
}

#[test]
fn a_collection_brings_its_variables_under_names_that_are_free() {
    let collection = r#"{"info": {"name": "C", "schema": "v2.1.0"},
        "variable": [{"key": "host", "value": "https://c.test"}, {"key": "id", "value": "7"}],
        "item": [{"name": "One", "request": {"method": "GET", "url": "{{host}}/one/{{id}}"}}]}"#;
    let answer = insert(DOCUMENT, 0, collection);
    let after = edited(DOCUMENT, &answer);
    let tree = json::parse(&after).unwrap();
    let variable = |name: &str| tree.get("variables").unwrap().get(name).and_then(Value::as_str);
    assert_eq!(variable("host"), Some("https://a.test"));
    assert_eq!(variable("host_2"), Some("https://c.test"));
    assert_eq!(variable("id"), Some("7"));
    assert!(after.contains(r#""url": "{{host_2}}/one/{{id}}""#), "{after}");
    // The same again: nothing new but its name.
    let again = edited(&after, &insert(&after, 0, collection));
    assert_eq!(names(&again), ["GET /rows", "Last", "One", "One (2)"]);
    assert!(!again.contains("host_4"), "{again}");
}

#[test]
fn a_document_without_variables_gets_them_before_its_stages() {
    let document = r#"{"baton": 1, "name": "N", "stages": []}"#;
    let collection = r#"{"info": {}, "variable": [{"key": "id", "value": "7"}],
        "item": [{"name": "One", "request": "https://c.test/{{id}}"}]}"#;
    let after = edited(document, &insert(document, 0, collection));
    assert_eq!(names(&after), ["One"]);
    assert!(after.contains("\"variables\": {\n  \"id\": \"7\"\n},\n\"stages\": ["), "{after}");
}

#[test]
fn a_new_chains_examples_give_way_and_an_empty_text_becomes_a_chain() {
    let text = "curl https://b.test/next".to_owned();
    let answer = say(&ImportQuestion::Insert {
        document: DOCUMENT.into(),
        caret: 0,
        fresh: true,
        text: text.clone(),
        entries: None,
    });
    let after = edited(DOCUMENT, &answer);
    assert_eq!(names(&after), ["GET /next"]);
    assert!(after.contains("\"variables\": {}"), "{after}");
    let whole = edited(" \n", &insert(" \n", 0, &text));
    assert_eq!(names(&whole), ["GET /next"]);
    assert!(baton_engine::chain::Chain::parse(&whole).is_ok(), "{whole}");
}

#[test]
fn a_recording_is_chosen_from_first() {
    let entry = |url: &str, method: &str| {
        format!(
            r#"{{"request": {{"method": "{method}", "url": "{url}", "headers": []}}, "response": {{"status": 200, "content": {{}}}}}}"#
        )
    };
    let recording = format!(
        r#"{{"log": {{"entries": [{}, {}, {}]}}}}"#,
        entry("https://h.test/a?token=s3cr3t", "GET"),
        entry("data:,x", "GET"),
        entry("https://h.test/b", "POST"),
    );
    let ToolAnswer::Choose(entries) = insert(DOCUMENT, 0, &recording) else { panic!() };
    let row =
        |index, label: &str, importable| ImportEntry { index, label: label.into(), importable };
    assert_eq!(
        entries,
        [
            row(0, "GET https://h.test/a?token=*** 200", true),
            row(1, "GET data:,x 200", false),
            row(2, "POST https://h.test/b 200", true),
        ]
    );
    let answer = say(&ImportQuestion::Insert {
        document: DOCUMENT.into(),
        caret: 0,
        fresh: false,
        text: recording,
        entries: Some(vec![0, 2]),
    });
    let after = edited(DOCUMENT, &answer);
    assert_eq!(names(&after), ["GET /rows", "Last", "GET /a", "POST /b"]);
    assert!(!after.contains("s3cr3t") && after.contains("{{secret.token}}"), "{after}");
    let ToolAnswer::Edit { notes, .. } = answer else { panic!() };
    assert!(notes.iter().any(|note| note.en.contains("secrets: token")), "{notes:?}");
    assert!(notes.iter().all(|note| !note.zh.is_ascii()), "{notes:?}");
}

#[test]
fn what_nothing_can_be_put_into_is_said_and_so_is_what_is_no_source() {
    for (document, text, word) in [
        ("{", "curl https://b.test", "nothing can be put into the document"),
        ("{\"baton\": 1}", "curl https://b.test", "no list \"stages\""),
        (DOCUMENT, "wget https://b.test", "there is no curl command"),
        (DOCUMENT, "{\"a\": 1}", "no Postman collection"),
    ] {
        let answer = insert(document, 0, text);
        assert!(
            matches!(&answer, ToolAnswer::Refused(note) if note.en.contains(word)),
            "{answer:?}"
        );
    }
}

#[test]
fn requests_and_chains_are_copied_for_other_tools() {
    let request = HttpRequest {
        method: "POST".into(),
        url: "https://h.test/a".into(),
        headers: vec![("x-a".into(), "1".into())],
        body: Some("it's".into()),
        with_credentials: false,
    };
    let ToolAnswer::Text { text, .. } = say(&ImportQuestion::Curl { request }) else { panic!() };
    assert_eq!(
        text,
        "curl 'https://h.test/a' \\\n  -H 'x-a: 1' \\\n  -H 'Content-Type: text/plain;charset=utf-8' \\\n  --data-raw 'it'\\''s'"
    );
    let grouped = DOCUMENT.replace("\n    {\n      \"name\": \"Last\"", "\n    {\"group\": {\"name\": \"G\", \"stages\": [{\"name\": \"In\", \"request\": {\"url\": \"https://i.test\"}}]}},\n    {\n      \"name\": \"Last\"");
    let hurl = say(&ImportQuestion::Hurl { document: grouped });
    let ToolAnswer::Text { text, .. } = &hurl else { panic!("{hurl:?}") };
    for line in ["GET {{host}}/rows", "GET https://i.test", "GET {{host}}/last"] {
        assert!(text.contains(line), "{line} in {text}");
    }
}
