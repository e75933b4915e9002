//! The tables of RFC 9535: a query, and the nodes that it selects.

use crate::json::Value;

use super::{json, locations, path, select};
use crate::verify::work::Work;

/// A member of an object, as JSON.
fn member(body: &str, key: &str) -> String {
    json(body).get(key).unwrap().to_string()
}

/// The values that a query selects, as JSON, one after another.
#[track_caller]
fn check(body: &str, cases: &[(&str, &str)]) {
    let body = json(body);
    for (query, want) in cases {
        let found = select(query, &body).into_iter().map(|node| node.value.clone()).collect();
        assert_eq!(Value::Array(found), json(want), "{query}");
    }
}

#[track_caller]
fn check_places(body: &str, cases: &[(&str, &[&str])]) {
    let body = json(body);
    for (query, want) in cases {
        assert_eq!(&locations(query, &body), want, "{query}");
    }
}

const STORE: &str = r#"{"store": {
    "book": [
        {"category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95},
        {"category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99},
        {"category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99},
        {"category": "fiction", "author": "J. R. R. Tolkien", "title": "The Lord of the Rings", "isbn": "0-395-19395-8", "price": 22.99}],
    "bicycle": {"color": "red", "price": 399}}}"#;

#[test]
fn the_bookstore() {
    let authors = r#"["Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien"]"#;
    check(
        STORE,
        &[
            ("$.store.book[*].author", authors),
            ("$..author", authors),
            ("$.store..price", "[8.95, 12.99, 8.99, 22.99, 399]"),
            ("$..book[2].author", r#"["Herman Melville"]"#),
            ("$..book[2].publisher", "[]"),
            ("$..book[-1].title", r#"["The Lord of the Rings"]"#),
            ("$..book[0,1].title", r#"["Sayings of the Century", "Sword of Honour"]"#),
            ("$..book[:2].title", r#"["Sayings of the Century", "Sword of Honour"]"#),
            ("$..book[?@.isbn].title", r#"["Moby Dick", "The Lord of the Rings"]"#),
            ("$..book[?@.price<10].title", r#"["Sayings of the Century", "Moby Dick"]"#),
            ("$.store.book[?@.price < 10].title", r#"["Sayings of the Century", "Moby Dick"]"#),
        ],
    );
    let store = json(STORE);
    assert_eq!(select("$..*", &store).len(), 27);
    assert_eq!(locations("$.store.*", &store), ["$['store']['book']", "$['store']['bicycle']"]);
}

#[test]
fn root_and_names() {
    check(r#"{"k": "v"}"#, &[("$", r#"[{"k": "v"}]"#)]);
    let body = r#"{"o": {"j j": {"k.k": 3}}, "'": {"@": 2}}"#;
    check_places(
        body,
        &[
            ("$.o['j j']", &["$['o']['j j']"]),
            ("$.o['j j']['k.k']", &["$['o']['j j']['k.k']"]),
            (r#"$.o["j j"]["k.k"]"#, &["$['o']['j j']['k.k']"]),
            (r#"$["'"]["@"]"#, &[r"$['\'']['@']"]),
        ],
    );
}

#[test]
fn wildcards() {
    let body = r#"{"o": {"j": 1, "k": 2}, "a": [5, 3]}"#;
    check(
        body,
        &[
            ("$[*]", r#"[{"j": 1, "k": 2}, [5, 3]]"#),
            ("$.o[*]", "[1, 2]"),
            ("$.o[*, *]", "[1, 2, 1, 2]"),
            ("$.a[*]", "[5, 3]"),
        ],
    );
}

#[test]
fn indexes_and_slices() {
    check(r#"["a", "b"]"#, &[("$[1]", r#"["b"]"#), ("$[-2]", r#"["a"]"#), ("$[-3]", "[]")]);
    check(
        r#"["a", "b", "c", "d", "e", "f", "g"]"#,
        &[
            ("$[1:3]", r#"["b", "c"]"#),
            ("$[5:]", r#"["f", "g"]"#),
            ("$[1:5:2]", r#"["b", "d"]"#),
            ("$[5:1:-2]", r#"["f", "d"]"#),
            ("$[::-1]", r#"["g", "f", "e", "d", "c", "b", "a"]"#),
            ("$[-2:]", r#"["f", "g"]"#),
            ("$[:-5]", r#"["a", "b"]"#),
            ("$[-100:2]", r#"["a", "b"]"#),
            ("$[100::-3]", r#"["g", "d", "a"]"#),
            ("$[::0]", "[]"),
            ("$[::9007199254740991]", r#"["a"]"#),
            ("$[ 1 : 5 : 2 ]", r#"["b", "d"]"#),
        ],
    );
    check(r#"{"0": 1}"#, &[("$[0]", "[]"), ("$[0:1]", "[]"), ("$['0']", "[1]")]);
}

/// Table 11, with the document of 2.3.5.3.
#[test]
fn comparisons() {
    let body = json(r#"{"obj": {"x": "y"}, "arr": [2, 3]}"#);
    let cases = [
        ("$.absent1 == $.absent2", true),
        ("$.absent1 <= $.absent2", true),
        ("$.absent == 'g'", false),
        ("$.absent1 != $.absent2", false),
        ("$.absent != 'g'", true),
        ("1 <= 2", true),
        ("1 > 2", false),
        ("13 == '13'", false),
        ("'a' <= 'b'", true),
        ("'a' > 'b'", false),
        ("$.obj == $.arr", false),
        ("$.obj != $.arr", true),
        ("$.obj == $.obj", true),
        ("$.obj != $.obj", false),
        ("$.arr == $.arr", true),
        ("$.arr != $.arr", false),
        ("$.obj == 17", false),
        ("$.obj != 17", true),
        ("$.obj <= $.arr", false),
        ("$.obj < $.arr", false),
        ("$.obj <= $.obj", true),
        ("$.arr <= $.arr", true),
        ("1 <= $.arr", false),
        ("1 >= $.arr", false),
        ("1 > $.arr", false),
        ("1 < $.arr", false),
        ("true <= true", true),
        ("true > true", false),
    ];
    for (test, want) in cases {
        let selected = select(&format!("$[?{test}]"), &body).len();
        assert_eq!(selected, if want { 2 } else { 0 }, "{test}");
    }
}

/// Table 12, without `match()` and `search()`.
#[test]
fn filters() {
    let body = r#"{"a": [3, 5, 1, 2, 4, 6, {"b": "j"}, {"b": "k"}, {"b": {}}, {"b": "kilo"}],
        "o": {"p": 1, "q": 2, "r": 3, "s": 5, "t": {"u": 6}}, "e": "f"}"#;
    let all_b = r#"[{"b": "j"}, {"b": "k"}, {"b": {}}, {"b": "kilo"}]"#;
    check(
        body,
        &[
            ("$.a[?@.b == 'kilo']", r#"[{"b": "kilo"}]"#),
            ("$.a[?(@.b == 'kilo')]", r#"[{"b": "kilo"}]"#),
            ("$.a[?@>3.5]", "[5, 4, 6]"),
            ("$.a[?@.b]", all_b),
            ("$[?@.*]", &format!("[{}, {}]", member(body, "a"), member(body, "o"))),
            ("$[?@[?@.b]]", &format!("[{}]", member(body, "a"))),
            ("$.o[?@<3, ?@<3]", "[1, 2, 1, 2]"),
            (r#"$.a[?@<2 || @.b == "k"]"#, r#"[1, {"b": "k"}]"#),
            ("$.o[?@>1 && @<4]", "[2, 3]"),
            ("$.o[?@.u || @.x]", r#"[{"u": 6}]"#),
            ("$.a[?@.b == $.x]", "[3, 5, 1, 2, 4, 6]"),
            ("$.a[?@ == @]", &member(body, "a")),
            ("$.a[?!@.b && @ >= 5]", "[5, 6]"),
            ("$.a[?!(@.b || @ < 5)]", "[5, 6]"),
            ("$.a[?@ == 1 || @ == 2 && @ == 3]", "[1]"),
        ],
    );
}

#[test]
fn functions() {
    let body =
        r#"[{"a": "a𝄞b", "b": [1, 2]}, {"a": {"x": 1}, "b": []}, {"a": 7}, {"c": {"d": "red"}}]"#;
    check_places(
        body,
        &[
            ("$[?length(@.a) == 3]", &["$[0]"]),
            ("$[?length(@.a) < 2]", &["$[1]"]),
            ("$[?length(@.a) == $.nothing]", &["$[2]", "$[3]"]),
            ("$[?length(@.b) == 0]", &["$[1]"]),
            ("$[?length('ab') == 2].c", &["$[3]['c']"]),
            ("$[?count(@.*) == 1]", &["$[2]", "$[3]"]),
            ("$[?count(@.b[*]) >= 2]", &["$[0]"]),
            ("$[?value(@..d) == 'red']", &["$[3]"]),
            ("$[?value(@.b[*]) == $.nothing].a", &["$[0]['a']", "$[1]['a']", "$[2]['a']"]),
            ("$[?length(value(@.*)) == 1]", &["$[3]"]),
        ],
    );
}

#[test]
fn segments() {
    check(
        r#"["a", "b", "c", "d", "e", "f", "g"]"#,
        &[
            ("$[0, 3]", r#"["a", "d"]"#),
            ("$[0:2, 5]", r#"["a", "b", "f"]"#),
            ("$[0, 0]", r#"["a", "a"]"#),
        ],
    );
    let body = r#"{"o": {"j": 1, "k": 2}, "a": [5, 3, [{"j": 4}, {"k": 6}]]}"#;
    check_places(
        body,
        &[
            ("$..j", &["$['o']['j']", "$['a'][2][0]['j']"]),
            ("$..[0]", &["$['a'][0]", "$['a'][2][0]"]),
            ("$..o", &["$['o']"]),
            ("$.o..[*, *]", &["$['o']['j']", "$['o']['k']", "$['o']['j']", "$['o']['k']"]),
            ("$.a..[0, 1]", &["$['a'][0]", "$['a'][1]", "$['a'][2][0]", "$['a'][2][1]"]),
        ],
    );
    assert_eq!(select("$..*", &json(body)).len(), 11);
}

/// 2.6: null is a value, and not Nothing.
#[test]
fn null_is_there() {
    let body = r#"{"a": null, "b": [null], "c": [{}], "null": 1}"#;
    check(
        body,
        &[
            ("$.a", "[null]"),
            ("$.a[0]", "[]"),
            ("$.a.d", "[]"),
            ("$.b[0]", "[null]"),
            ("$.b[*]", "[null]"),
            ("$.b[?@]", "[null]"),
            ("$.b[?@==null]", "[null]"),
            ("$.c[?@.d==null]", "[]"),
            ("$.null", "[1]"),
        ],
    );
}

/// 2.7: the fewest escapes, by their short forms where there are any.
#[test]
fn names_in_locations_are_escaped() {
    let check = |name: &str, want: &str| {
        let body = Value::Object([(name.to_owned(), Value::Null)].into_iter().collect());
        let location = locations("$.*", &body);
        assert_eq!(location, [want]);
        assert_eq!(
            path(&location[0]).select(&body, &mut Work::default()).unwrap().len(),
            1,
            "it is a path itself"
        );
    };
    check("a", "$['a']");
    check("'", r"$['\'']");
    check("\"", "$['\"']");
    check("\\", r"$['\\']");
    check("\u{8}\u{c}\n\r\t", r"$['\b\f\n\r\t']");
    check("\u{b}\u{1f}\0", r"$['\u000b\u001f\u0000']");
    check("购\u{7f}", "$['购\u{7f}']");
}

#[test]
fn numbers_are_compared_as_decimals_from_their_text() {
    let body = json(r#"[9007199254740993, 19.90, 100, -0, 0.10000000000000001, {"n": [1.0]}]"#);
    let check = |test: &str, want: &[&str]| {
        assert_eq!(locations(&format!("$[?{test}]"), &body), want, "{test}");
    };
    check("@ == 9007199254740993", &["$[0]"]);
    check("@ == 9007199254740992", &[]);
    check("@ > 9007199254740992", &["$[0]"]);
    check("@ >= 9007199254740994", &[]);
    check("@ == 19.9", &["$[1]"]);
    check("@ == 1e2", &["$[2]"]);
    check("@ == 1.00E+2", &["$[2]"]);
    check("@ == 0", &["$[3]"]);
    check("@ == 0.1", &[]);
    check("@ > 0.1 && @ < 0.2", &["$[4]"]);
    check("@.n == $[5].n", &["$[5]"]);
    check("@.n[0] == 1", &["$[5]"]);
    let long = json("[123456789012345678901234567890123]");
    assert_eq!(select("$[?@ == 123456789012345678901234567890123]", &long).len(), 1);
    assert_eq!(select("$[?@ == 123456789012345678901234567890124]", &long).len(), 0);
}
