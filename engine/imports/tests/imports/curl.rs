//! Rules of reading curl commands, one a test.

use baton_engine::json::{self, Value};

use crate::ask::{ask, codes, curl, object, refusal, stages};

/// The first stage's request, as text.
fn request(command: &str) -> String {
    let answer = curl(command);
    json::text(stages(&answer)[0].get("request").expect("a request"))
}

#[test]
fn quotes_are_read_as_bash_reads_them() {
    let want = r#"{"method":"POST","url":"http://h.test/","headers":{"Content-Type":"text/csv"},"text":"a'b\"c\\d"}"#;
    for body in [
        r#"$'a\'b"c\\d'"#,
        r#"'a'\''b"c\d'"#,
        r#""a'b\"c\\d""#,
        r#"a\'b\"c\\d"#,
        r"$'a\x27b\042c\u005cd'",
    ] {
        assert_eq!(
            request(&format!("curl http://h.test/ -H 'Content-Type: text/csv' -d {body}")),
            want,
            "{body}"
        );
    }
}

#[test]
fn half_characters_that_a_browser_wrote_are_put_together() {
    let got =
        request(r"curl http://h.test/ -H 'content-type: text/csv' --data-raw $'\ud83d\ude00'");
    assert!(got.contains("😀"), "{got}");
}

#[test]
fn short_options_are_joined_and_take_what_is_attached() {
    let want = request("curl -s -S -X POST -d a=1 http://h.test/");
    for command in ["curl -sSXPOST -da=1 http://h.test/", "curl -sSX POST -d a=1 -- http://h.test/"]
    {
        assert_eq!(request(command), want);
    }
}

#[test]
fn data_is_joined_with_ampersands_and_goes_to_the_query_with_get() {
    let got = request("curl http://h.test/?z=0 -G -d a=1 --data-urlencode 'b=x y&z'");
    assert_eq!(
        got,
        r#"{"method":"GET","url":"http://h.test/","query":{"z":"0","a":"1","b":"x y&z"}}"#
    );
    let got = request("curl http://h.test/ -d a=1 -d b=2");
    assert_eq!(got, r#"{"method":"POST","url":"http://h.test/","form":{"a":"1","b":"2"}}"#);
}

#[test]
fn a_query_stays_in_the_url_when_a_table_of_names_would_change_it() {
    for url in [
        "http://h.test/?a=1&a=2",
        "http://h.test/?a+b=1",
        "http://h.test/?flag",
        "http://h.test/?x=%ff",
    ] {
        assert_eq!(
            request(&format!("curl '{url}'")),
            format!(r#"{{"method":"GET","url":"{url}"}}"#)
        );
    }
}

#[test]
fn json_with_a_key_twice_stays_a_text() {
    let got = request(r#"curl --json '{"a":1,"a":2}' http://h.test/"#);
    assert!(got.contains(r#""text":"{\"a\":1,\"a\":2}""#), "{got}");
}

#[test]
fn braces_are_escaped_and_are_no_templates() {
    let got = request("curl 'http://h.test/{{x}}' -g -d 'a={{b}}'");
    assert!(
        got.contains(r#""url":"http://h.test/%7B%7Bx%7D%7D""#) && got.contains(r#""a":"{{{{b}}""#),
        "{got}"
    );
}

#[test]
fn head_user_bearer_and_time_are_said_by_the_stage() {
    let answer = curl("curl -I -m 1.5 -u me:pw http://h.test/");
    assert_eq!(
        json::text(&stages(&answer)[0]),
        r#"{"name":"HEAD h.test/","request":{"method":"HEAD","url":"http://h.test/","auth":{"basic":{"user":"me","password":"{{secret.password}}"}}},"poll":{"attempt_timeout":"1500ms"}}"#
    );
    let got = request("curl --oauth2-bearer abc http://h.test/");
    assert!(got.contains(r#""auth":{"bearer":"{{secret.token}}"}"#), "{got}");
}

#[test]
fn next_and_several_urls_are_several_stages() {
    let answer = curl("curl http://h.test/a http://h.test/b --next -d x=1 http://h.test/a");
    let names: Vec<&str> =
        stages(&answer).iter().filter_map(|stage| stage.get("name")?.as_str()).collect();
    assert_eq!(names, ["GET /a", "GET /b", "POST /a"]);
    let answer = curl("curl http://h.test/a http://h.test/a");
    assert_eq!(stages(&answer)[1].get("name").and_then(Value::as_str), Some("GET /a (2)"));
}

#[test]
fn what_a_page_cannot_do_is_refused_by_name() {
    for (command, code) in [
        ("curl http://h.test/ -F a=@b", "form_data"),
        ("curl http://h.test/ -d @body.json", "file"),
        ("curl http://h.test/ --data-urlencode a@b", "file"),
        ("curl http://h.test/ -T file", "file"),
        ("curl http://h.test/ -H @headers", "file"),
        ("curl -X OPTIONS http://h.test/", "method"),
        ("curl ftp://h.test/", "scheme"),
        ("curl --request=POST http://h.test/", "option_with_equals"),
        ("curl --no-such-thing http://h.test/", "unknown_option"),
        ("curl http://h.test/ -X", "value_missing"),
        ("curl \"http://h.test/$(date)\"", "substitution"),
        ("curl 'http://h.test/", "quote_open"),
        ("curl -s", "no_url"),
        ("curl ''", "no_url"),
        ("Invoke-WebRequest -Uri http://h.test/", "no_curl"),
        ("", "no_curl"),
    ] {
        assert_eq!(refusal(&curl(command)), code, "{command}");
    }
}

#[test]
fn what_is_left_out_is_said() {
    for (command, code) in [
        ("curl -k http://h.test/", "option_ignored"),
        ("curl -x http://p.test http://h.test/", "option_ignored"),
        ("curl http://h.test/ | jq .", "command_ignored"),
        ("curl http://h.test/ > out", "redirect_ignored"),
        ("curl h.test", "scheme_guessed"),
        ("curl http://h.test/#part", "fragment_left_out"),
        ("curl -b a=1 http://h.test/", "cookies_left_out"),
        ("curl -b jar.txt http://h.test/", "option_ignored"),
        ("curl -A me -e http://r.test http://h.test/", "headers_left_out"),
        ("curl -X GET -d a=1 http://h.test/", "body_left_out"),
        ("curl --digest -u a:b http://h.test/", "auth_unsupported"),
        ("curl -d '{\"a\":1}' http://h.test/", "json_sent_as_form"),
        ("curl http://h.test/[1-3]", "globbing_ignored"),
        ("curl -H 'X-A: 1' -H 'x-a: 2' http://h.test/", "headers_joined"),
        ("curl -H 'a b: 1' http://h.test/", "header_invalid"),
        ("curl -H 'If-None-Match: x' http://h.test/", "conditional_left_out"),
        ("curl -H content-type: -d a=1 http://h.test/", "content_type_removed"),
        ("curl -d $'\\xff' http://h.test/", "not_utf8"),
        ("curl $BASE/x", "variables_without_value"),
    ] {
        let answer = curl(command);
        assert!(codes(&answer).contains(&code), "{command}: {answer}");
    }
}

#[test]
fn what_a_browser_does_anyway_is_not_worth_a_note() {
    let answer = curl("curl -sSLvf --compressed -o out http://h.test/");
    assert_eq!(codes(&answer), [] as [&str; 0]);
}

#[test]
fn the_shell_can_be_said_where_a_text_is_either() {
    let asked = |shell: &str| {
        ask(
            "curl",
            object([("text", r#"curl "http://h.test/?a=^^""#.into()), ("shell", shell.into())]),
        )
    };
    let url = |answer: &Value| {
        json::text(stages(answer)[0].get("request").unwrap().get("query").unwrap())
    };
    assert_eq!(url(&asked("bash")), r#"{"a":"^^"}"#);
    assert_eq!(url(&asked("cmd")), r#"{"a":"^"}"#);
    assert_eq!(refusal(&asked("fish")), "question");
}

#[test]
fn windows_lines_and_paths_are_read() {
    let got = request(
        "curl ^\"http://h.test/^\" ^\r\n  -H ^\"content-type: text/csv^\" ^\r\n  --data-raw ^\"a^\r\n\r\nb^\"",
    );
    assert_eq!(
        got,
        r#"{"method":"POST","url":"http://h.test/","headers":{"content-type":"text/csv"},"text":"a\nb"}"#
    );
    let got = request("curl.exe -H \"x-path: C:\\temp\" ^\n \"http://h.test/\"");
    assert!(got.contains(r#""x-path":"C:\\temp""#), "{got}");
}

#[test]
fn blanks_after_a_continued_line_come_with_texts_from_pages() {
    let want = request("curl http://h.test/ -H 'X-A: b'");
    for between in [" \\\n", " \\  \n ", " \\\r\n\t"] {
        assert_eq!(
            request(&format!("curl http://h.test/{between}-H 'X-A: b'")),
            want,
            "{between:?}"
        );
    }
}

#[test]
fn an_empty_body_keeps_the_type_that_curl_gives_it() {
    let got = request("curl http://h.test/ -d ''");
    assert_eq!(
        got,
        r#"{"method":"POST","url":"http://h.test/","headers":{"Content-Type":"application/x-www-form-urlencoded"},"text":""}"#
    );
}

#[test]
fn bash_with_empty_or_double_quotes_is_not_taken_for_windows() {
    let got = request(r#"curl "http://h.test/a?x=\$1" -H "content-type: text/csv" -d """#);
    assert!(got.contains(r#""x":"$1""#), "{got}");
}

#[test]
fn a_header_of_authorization_is_stronger_than_the_option() {
    let got = request("curl -u a:b http://h.test/ -H 'Authorization: Bearer t'");
    assert!(
        got.contains(r#""auth":{"bearer":"{{secret.token}}"}"#) && !got.contains("basic"),
        "{got}"
    );
    let got = request("curl -u a:b http://h.test/ -H 'Authorization: Key t'");
    assert!(
        got.contains(r#""Authorization":"Key {{secret.authorization}}""#)
            && !got.contains("auth\""),
        "{got}"
    );
}
