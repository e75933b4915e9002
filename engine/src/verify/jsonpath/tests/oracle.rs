//! Random paths on random bodies: the same nodes and places, in order, as the known library selects;
//! and the same texts are paths. Numbers are small and whole, where floating point is right.

use crate::json::Value;
use proptest::collection::vec;
use proptest::prelude::{
    BoxedStrategy, Just, ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest,
};
use proptest::sample::select;
use serde_json_path::JsonPath;

use super::Path;
use crate::verify::work::Work;

fn body() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-1..4_i64).prop_map(Value::from),
        select(vec!["", "x", "y", "xy"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let members = vec((select(vec!["a", "b", "c"]), inner.clone()), 0..4);
        prop_oneof![
            vec(inner, 0..4).prop_map(Value::Array),
            members.prop_map(|all| {
                let members = all.into_iter().map(|(name, value)| (name.to_owned(), value));
                Value::Object(members.collect())
            }),
        ]
    })
}

fn of(texts: &[&'static str]) -> impl Strategy<Value = String> + Clone + use<> {
    select(texts.to_vec()).prop_map(str::to_owned)
}

fn plain_selector() -> impl Strategy<Value = String> {
    let bound = || prop_oneof![Just(String::new()), (-4..5_i64).prop_map(|n| n.to_string())];
    prop_oneof![
        of(&["'a'", "\"b\"", "'c'", "*", r"'\u0061'"]),
        (-3..4_i64).prop_map(|n| n.to_string()),
        (bound(), bound(), bound()).prop_map(|(a, b, c)| format!("{a}:{b} :{c}")),
    ]
}

fn bracket(selector: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (of(&["", "", "", ".."]), vec(selector, 1..3), of(&[",", " , "]))
        .prop_map(|(dots, selectors, comma)| format!("{dots}[{}]", selectors.join(&comma)))
}

fn segments(selector: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        4 => of(&[".a", ".b", ".c", ".*", "[*]", " .a"]),
        1 => of(&["..a", "..*"]),
        3 => bracket(selector),
    ];
    vec(segment, 0..4).prop_map(|all| all.concat())
}

fn literal() -> impl Strategy<Value = String> {
    of(&["1", "0", "-1", "2", "'x'", "\"y\"", "''", "true", "false", "null"])
}

/// One side of a comparison. No negative index: the library knows none here.
fn comparable() -> BoxedStrategy<String> {
    let step = of(&[".a", ".b", "['c']", "[0]", "[1]"]);
    let singular =
        (of(&["@", "@", "$"]), vec(step, 0..3)).prop_map(|(start, steps)| start + &steps.concat());
    let query = || segments(plain_selector());
    prop_oneof![
        4 => singular.clone(),
        4 => literal(),
        1 => singular.prop_map(|of| format!("length({of})")),
        1 => query().prop_map(|of| format!("count(@{of})")),
        1 => query().prop_map(|of| format!("value( @{of} )")),
    ]
    .boxed()
}

fn test(selector: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let comparison = prop_oneof![
        (comparable(), of(&["==", " == ", "!=", "<"]), comparable()),
        // The library is wrong here where neither side has an order, so one side has.
        (comparable(), of(&["<=", " > ", " >= "]), of(&["1", "-1", "'x'"]).boxed()),
    ];
    let comparison = comparison.prop_map(|(a, operator, b)| a + &operator + &b);
    let existence = (of(&["@", "!@", "$", "! @"]), segments(selector)).prop_map(|(a, b)| a + &b);
    prop_oneof![2 => comparison, 1 => existence].prop_recursive(3, 8, 2, |inner| {
        let joint = of(&[" && ", "||", "&&", " || "]);
        prop_oneof![
            (inner.clone(), joint, inner.clone()).prop_map(|(a, joint, b)| a + &joint + &b),
            (of(&["(", "!(", "! ( "]), inner).prop_map(|(open, test)| format!("{open}{test})")),
        ]
    })
}

fn selector() -> impl Strategy<Value = String> {
    let inner = prop_oneof![
        3 => plain_selector(),
        1 => test(plain_selector()).prop_map(|test| format!("?{test}")),
    ];
    prop_oneof![
        1 => plain_selector(),
        2 => test(inner).prop_map(|test| format!("?{test}")),
    ]
}

fn path() -> impl Strategy<Value = String> {
    let path = segments(selector()).prop_map(|segments| format!("${segments}"));
    path.prop_filter("more `..` than we take", |path| path.matches("..").count() <= 2)
}

/// The library takes no blank before `..`, which RFC 9535 does.
fn is_known_to_differ(path: &str) -> bool {
    path.contains(" ..") || path.len() > 1500
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_same_nodes_are_selected(path in path(), body in body()) {
        let oracle = JsonPath::parse(&path).unwrap();
        let their_body: serde_json::Value = serde_json::from_str(&body.to_string()).unwrap();
        let want: Vec<(String, Value)> = oracle
            .query_located(&their_body)
            .into_iter()
            .map(|node| (node.location().to_string(), node.node().clone().into()))
            .collect();
        let own = Path::parse(&path).unwrap();
        let nodes = own.select(&body, &mut Work::default()).unwrap();
        let got: Vec<_> = nodes.iter().map(|node| (node.location(), node.value.clone())).collect();
        prop_assert_eq!(got, want, "{}", path);
    }

    #[test]
    fn the_same_texts_are_paths(
        path in path(),
        edits in vec((any::<proptest::sample::Index>(), any::<bool>(), select("$@.[]()'\"\\?*,:!=<>&|- 019aeu购".chars().collect::<Vec<_>>())), 0..3),
    ) {
        let mut text: Vec<char> = path.chars().collect();
        for (at, replace, c) in edits {
            let at = at.index(text.len() + 1);
            if replace && at < text.len() {
                text.remove(at);
            } else {
                text.insert(at, c);
            }
        }
        let text: String = text.into_iter().collect();
        let own = Path::parse(&text);
        let over_bounds = own.as_ref().is_err_and(|message| message.contains("times `..`"));
        if !over_bounds && !is_known_to_differ(&text) {
            prop_assert_eq!(own.is_ok(), JsonPath::parse(&text).is_ok(), "{} {:?}", text, own);
        }
    }
}
