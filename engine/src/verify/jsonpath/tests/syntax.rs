//! What is a path and what is none.

use super::{Path, json, locations};

#[test]
fn what_is_a_path() {
    for good in [
        "$",
        "$.a",
        "$ .a",
        "$\n.a",
        "$.a\t['b']",
        "$.*",
        "$[*]",
        "$..a",
        "$..*",
        "$..[*]",
        "$..['a',1]",
        "$ ..a",
        "$['a']",
        "$[\"a\"]",
        "$[ 'a' , 'b' ]",
        "$['']",
        "$.☺",
        "$._a1",
        "$['☺']",
        "$[0]",
        "$[-1]",
        "$[9007199254740991]",
        "$[-9007199254740991]",
        "$[:]",
        "$[::]",
        "$[1:2:3]",
        "$[ : : -1 ]",
        "$[1:2,3]",
        "$[?@]",
        "$[? @.a ]",
        "$[?$.a]",
        "$[?@.a==1]",
        "$[?@.a == 'x' ]",
        "$[?1==@.a]",
        "$[?(@.a)]",
        "$[?!@.a]",
        "$[?! @.a]",
        "$[?!(@.a)]",
        "$[?((@.a))]",
        "$[?(@.a || @.b) && !(@.c)]",
        "$[?@['a']==1]",
        "$[?@[0]==1]",
        "$[?@.a==true||@.b==false||@.c==null]",
        "$[?@==-0]",
        "$[?@==-1.5e-3]",
        "$[?@==1E+2]",
        "$[?@.a,?@.b]",
        "$[?length(@.a)==1]",
        "$[?length( @.a ) == 1]",
        "$[?count(@..a)>1]",
        "$[?value(@..a)==1]",
        "$[?@[?@.a]]",
        "$[?length(value(@..a))>1]",
        "$[?length('x')==1]",
        "$[?@ .a]",
        "$[?@.a== @.b]",
        "$[?@=='']",
        r"$['\\\/\b\f\n\r\t\'']",
        r#"$["\"'"]"#,
        r#"$['"\'']"#,
        r"$['\u263A\u263a']",
        r"$['\uD834\uDD1E']",
        "$['\u{7f}']",
    ] {
        assert_eq!(Path::parse(good).map(|_| ()), Ok(()), "{good}");
    }
}

#[test]
fn what_is_no_path_is_refused_with_its_place_and_mend() {
    let refused = |path: &str, message: &str| {
        let found = Path::parse(path).map(|_| ()).unwrap_err();
        assert!(found.starts_with("character "), "{path}: {found}");
        assert!(found.contains(message), "{path}: {found}");
    };
    for start in ["", " $", "a", "rows[0]", ".a", "@", "@.a", "$$"] {
        refused(start, "character");
    }
    refused("rows[0]", "character 1: a path begins with `$`");
    refused("$.a ", "character 4: expected `.name`");
    refused("$.购 x", "character 4: ");
    refused("$a", "character 2: ");
    for name in
        ["$.", "$. a", "$.1", "$.-a", "$..", "$.. a", "$...a", "$.'a'", "$..1", "$.a-b.", "$.a."]
    {
        refused(name, "expected");
    }
    refused("$.a-b", "character 4: expected `.name`");
    refused("$.1a", "write other names as ['…']");
    for bracket in [
        "$[",
        "$[]",
        "$['a'",
        "$['a',]",
        "$[,'a']",
        "$['a' 'b']",
        "$[a]",
        "$[ ]",
        "$.[0]",
        "$[$.a]",
        "$[@.a]",
    ] {
        refused(bracket, "expected");
    }
    for index in ["$[-]", "$[1.0]", "$[1e2]", "$[+1]", "$[1:2:3:4]", "$[1 2]", "$[- 1]"] {
        refused(index, "expected");
    }
    refused("$[01]", "character 3: a number has no leading zero");
    refused("$[1:-01]", "character 6: a number has no leading zero");
    refused("$[-0]", "`-0` is no index");
    refused("$[::-0]", "`-0` is no index");
    refused("$[9007199254740992]", "at most 9007199254740991");
    refused("$[-99999999999999999999999]", "at most 9007199254740991");
}

#[test]
fn texts_that_are_none_are_refused() {
    let refused = |path: &str, message: &str| {
        let found = Path::parse(path).map(|_| ()).unwrap_err();
        assert!(found.contains(message), "{path}: {found}");
    };
    refused("$['a", "character 3: the quotes are never closed");
    refused("$['a\"]", "never closed");
    refused("$['\n']", "character 4: a control character");
    for escape in [
        r"\a",
        r"\x41",
        r#"\""#,
        r"\u",
        r"\u12",
        r"\u{1}",
        r"\uD834",
        r"\uDD1E",
        r"\uD834\u0041",
        r"\uD834x",
        r"\U0041",
        r"\u+123",
        r"\0",
    ] {
        refused(&format!("$['{escape}']"), "character 4: no such escape");
    }
    refused(r#"$["\'"]"#, "no such escape");
}

#[test]
fn filters_that_are_none_are_refused() {
    let refused = |test: &str, message: &str| {
        let path = format!("$[?{test}]");
        let found = Path::parse(&path).map(|_| ()).unwrap_err();
        assert!(found.contains(message), "{path}: {found}");
    };
    for test in [
        "",
        "()",
        "@.a &&",
        "&& @.a",
        "@.a & @.b",
        "@.a | @.b",
        "@.a @.b",
        "(@.a",
        "@.a)",
        "!",
        "!!@.a",
        "!1",
        "not @.a",
    ] {
        refused(test, "expected");
    }
    for test in ["@.a = 1", "@.a =~ 'x'"] {
        refused(test, "character 8: `=` is no operator; use `==`");
    }
    for test in [
        "@.a ==",
        "@.a == ",
        "== 1",
        "@.a === 1",
        "@.a <> 1",
        "@.a == (1)",
        "@.a == 1 == 1",
        "(@.a) == 1",
        "!@.a == 1",
        "@ == a",
        "@.a == True",
        "@ == [1]",
        "@ == {}",
    ] {
        refused(test, "expected");
    }
    for test in
        ["1", "'a'", "true", "null", "length(@.a)", "count(@.a)", "value(@.a)", "(1)", "@.a && 1"]
    {
        refused(test, "a value is no test; compare it with another");
    }
    for test in [
        "@.* == 1",
        "@..a == 1",
        "@[0,1] == 1",
        "@[0:1] == 1",
        "@[?@.a] == 1",
        "length(@.*) == 1",
        "$.* == 1",
    ] {
        refused(test, "may select several values");
    }
    refused("1 == @.*", "character 9: it may select several values");
    for number in ["01", "1.", ".1", "1e", "-", "+1", "1.e2", "--1", "0x1", "-01"] {
        refused(&format!("@ == {number}"), "");
    }
    refused("length() == 1", "expected");
    refused("length(@.a, @.b) == 1", "expected `)`");
    refused("length (@.a) == 1", "expected");
    refused("count(1) == 1", "expected a path");
    refused("value('a') == 1", "expected a path");
    refused("!length(@.a)", "expected");
    refused(
        "first(@.a) == 1",
        "character 4: no such function; there are length(), count() and value()",
    );
    refused("match(@.a, 'x')", "character 4: match() is not taken here; use the op `matches`");
    refused("@.b && search(@.a, 'x')", "search() is not taken here; use the op `matches`");
}

#[test]
fn escapes_are_read() {
    let body = json(r#"{"/\\\b\f\n\r\t'\"": 1, "☺": 2, "𝄞": 3, "\u0000": 4}"#);
    let check = |path: &str, place: usize| {
        assert_eq!(locations(path, &body), [locations("$.*", &body)[place].clone()], "{path}");
    };
    check(r#"$['\/\\\b\f\n\r\t\'"']"#, 0);
    check(r#"$["\/\\\b\f\n\r\t'\""]"#, 0);
    check(r"$['\u002f\u005C\u0008\u000c\u000A\u000D\u0009\u0027\u0022']", 0);
    check(r"$['\u263a']", 1);
    check("$.☺", 1);
    check(r"$['\uD834\uDD1E']", 2);
    check(r"$['\ud834\udd1e']", 2);
    check(r"$['\u0000']", 3);
}
