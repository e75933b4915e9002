//! Hostile paths on hostile bodies come to an end.

use crate::json::Value;

use super::super::{MAX_NODES, MAX_STEPS};
use super::{Path, TooManyNodes, json, path};
use crate::verify::work::Work;

#[test]
fn hostile_paths_are_refused() {
    let refused = |path: &str, word: &str| {
        let message = Path::parse(path).unwrap_err();
        assert!(message.contains(word), "{path}: {message}");
    };
    refused("$..a..b..c", "character 8: 3 times `..`; at most 2");
    refused("$..a[?@..b && @..c]", "3 times `..`");
    refused("$[?@[?@[?@[?@[?@.a]]]]]", "filters nested deeper than 4");
    refused(&format!("$.{}", "a".repeat(2001)), "2003 bytes long; at most 2000");
    refused(&format!("$[?{}", "(".repeat(1900)), "nested deeper");
    refused(&format!("$[?{}", "length(".repeat(270)), "nested deeper");
    refused(&format!("$[?{}", "!(".repeat(900)), "nested deeper");
    refused(&format!("${}", "[?@".repeat(600)), "nested deeper");
    assert!(Path::parse("$['..']['..']['..']").is_ok(), "dots within quotes are a name");
    assert!(
        Path::parse("$[?@[?@[?@[?@.a]]]][?@[?@.a]]").is_ok(),
        "one after another is not nested"
    );
    assert!(Path::parse(&format!("${}", ".a".repeat(999))).is_ok());
}

/// An array of as many numbers.
fn wide(count: usize) -> Value {
    Value::Array((0..count).map(Value::from).collect())
}

/// A value so deep in arrays and objects.
fn deep(depth: usize) -> Value {
    (0..depth).fold(Value::from(1_i64), |value, at| match at % 2 {
        0 => Value::Array(vec![value]),
        _ => Value::Object([("a".to_owned(), value)].into_iter().collect()),
    })
}

#[test]
fn a_path_selects_so_much_at_most() {
    let body = wide(150_000);
    assert_eq!(path("$[*]").select(&body, &mut Work::default()).unwrap().len(), 150_000);
    assert_eq!(
        path("$[*,*]").select(&body, &mut Work::default()).unwrap_err(),
        TooManyNodes { limit: MAX_NODES }
    );
    let all = vec!["*"; 900].join(",");
    let selected = path(&format!("$[{all}]")).select(&body, &mut Work::default());
    assert_eq!(selected.unwrap_err(), TooManyNodes { limit: MAX_STEPS });
}

#[test]
fn hostile_bodies_end_within_the_steps() {
    let ends = |path_text: &str, body: &Value| {
        let selected = path(path_text).select(body, &mut Work::default());
        assert_eq!(selected.unwrap_err(), TooManyNodes { limit: MAX_STEPS }, "{path_text}");
    };
    let body = wide(199_000);
    ends("$[?$[?$[?$[?@]]]]", &body);
    ends("$[?@ == 1 || $ == $]", &body);
    ends(&format!("$[?{}]", vec!["1==2"; 300].join("||")), &body);
    ends(&format!("$[?{}]", vec!["!@"; 400].join("||")), &body);
    ends(&format!("$[{}]", vec!["::"; 400].join(",")), &body);
    let long = json(&format!(r"[{:?}, [{}1]]", "x".repeat(1 << 20), "1,".repeat(1 << 17)));
    ends("$[1][?length($[0]) == 1]", &long);
    ends("$[1][?$[0] == $[0] && 1 == 2]", &long);
    let digits = json(&format!("[{}, [{}1]]", "1".repeat(1 << 20), "1,".repeat(1 << 17)));
    ends("$[1][?$[0] < $[0]]", &digits);
}

#[test]
fn deep_bodies_are_walked_without_recursion() {
    let body = deep(100);
    assert_eq!(path("$..*").select(&body, &mut Work::default()).unwrap().len(), 100);
    assert_eq!(path("$..*..*").select(&body, &mut Work::default()).unwrap().len(), 99 * 100 / 2);
    let location = path("$..*").select(&body, &mut Work::default()).unwrap()[99].location();
    assert_eq!(path(&location).select(&body, &mut Work::default()).unwrap().len(), 1);
}
