//! What no answer may do to the worker, and laws that hold of every reading.

use proptest::prelude::*;

use crate::json::{self, Value};
use crate::time::Timestamp;
use crate::verify::dry_run;
use crate::zone::bundled;

/// The verdict and the reason of these checks, about this body.
fn judged(checks: &str, body: &str) -> (String, String) {
    let line = format!(
        r#"{{"stage":{{"checks":{checks},"poll":{{"hold":2}}}},"response":{{"body":{}}}}}"#,
        json::quoted(body)
    );
    let answer = json::parse(&dry_run(&line, Timestamp::from_ms(0), &bundled::zone)).unwrap();
    let text = |key: &str| answer.get(key).and_then(Value::as_str).map(str::to_owned);
    let reason = text("reason").or_else(|| text("error"));
    (text("verdict").unwrap_or_else(|| "error".into()), reason.unwrap())
}

fn verdict(checks: &str, body: &str) -> String {
    judged(checks, body).0
}

fn count(op: &str, target: &str) -> String {
    format!(
        r#"[{{"source":{{"jsonpath":"$[*]"}},"filter":["count"],"op":"{op}","value":{target}}}]"#
    )
}

mod limits {
    use super::*;

    /// So many checks that each goes through the whole body.
    fn many(check: &str) -> String {
        format!("[{}]", vec![check; 100].join(","))
    }

    #[test]
    fn the_checks_of_one_attempt_have_so_many_steps_together() {
        let body = format!("[{}1]", "1,".repeat(150_000));
        let check = r#"{"source":{"jsonpath":"$[*]"},"filter":["integer","distinct"],"op":"equals","value":1}"#;
        assert_eq!(verdict(&format!("[{check}]"), &body), "pass");
        let (verdict, reason) = judged(&many(check), &body);
        assert_eq!(verdict, "fail");
        assert!(reason.contains("more than 20000000 values; narrow the path"), "{reason}");
    }

    #[test]
    fn nested_lists_under_every_descendant_do_not_multiply() {
        let body = format!("{}\"{}\"{}", "[".repeat(120), "x".repeat(2_000_000), "]".repeat(120));
        for filter in ["lower", "distinct", "trim"] {
            let check = format!(
                r#"{{"source":{{"jsonpath":"$..*"}},"filter":["{filter}"],"op":"exists"}}"#
            );
            let (_, reason) = judged(&many(&check), &body);
            assert!(reason.len() < 2000, "{filter}: {}", reason.len());
        }
        let checks =
            r#"[{"source":{"jsonpath":"$..*"},"filter":["count"],"op":"equals","value":1}]"#;
        let (verdict, reason) = judged(checks, &body);
        assert_eq!(verdict, "fail");
        assert!(reason.len() < 2000, "what is shown is cut");
    }

    #[test]
    fn a_hostile_pattern_on_a_large_body_is_refused_not_waited_for() {
        let body = "a".repeat(4_000_000);
        let check = r#"[{"source":"body","op":"matches","value":"(a?){100}(a?){100}b"}]"#;
        let (verdict, reason) = judged(check, &body);
        assert_eq!(verdict, "fail");
        assert!(reason.contains("narrow"), "{reason}");
        let (verdict, reason) =
            judged(r#"[{"source":"body","op":"matches","value":"a{1000}{1000}"}]"#, "a");
        assert_eq!(verdict, "error");
        assert!(reason.contains("not a pattern that is taken here"), "{reason}");
    }

    #[test]
    fn a_pattern_that_a_value_makes_too_long_says_so() {
        let line = format!(
            r#"{{"stage":{{"checks":[{{"source":"body","op":"matches","value":"^{{{{v}}}}$"}}]}},"response":{{"body":"x"}},"variables":{{"v":"{}"}}}}"#,
            "x".repeat(3000)
        );
        let answer = dry_run(&line, Timestamp::from_ms(0), &|_| None);
        assert!(answer.contains("is no pattern: 3002 bytes long; at most 2000"), "{answer}");
    }

    #[test]
    fn too_many_values_and_too_large_bodies_have_a_clear_reason() {
        let exists = r#"[{"source":{"jsonpath":"$.a"},"op":"exists"}]"#;
        let (verdict, reason) = judged(exists, &format!("[{}1]", "1,".repeat(200_001)));
        assert_eq!((verdict.as_str(), reason.contains("200000 values")), ("fail", true));
        let (verdict, reason) = judged(exists, &"x".repeat(5_000_001));
        assert_eq!((verdict.as_str(), reason.contains("5000000 bytes")), ("fail", true));
        let text = r#"[{"source":"body","op":"contains","value":"y"}]"#;
        assert!(judged(text, &"x".repeat(5_000_001)).1.contains("5000000 bytes"));
        assert_eq!(verdict_of_status(&"x".repeat(5_000_001)), "pass", "nobody reads the body");
    }

    fn verdict_of_status(body: &str) -> String {
        verdict(r#"[{"source":"status","op":"equals","value":200}]"#, body)
    }

    #[test]
    fn a_schema_on_a_large_body_is_bounded_too() {
        let body = format!("[{}1]", "1,".repeat(199_000));
        let check =
            r#"{"source":{"jsonpath":"$"},"op":"schema","value":{"items":{"enum":[2,3,4,5,1]}}}"#;
        assert_eq!(verdict(&format!("[{check}]"), &body), "pass");
        assert!(judged(&many(check), &body).1.contains("narrow the path"));
    }
}

mod laws {
    use super::*;

    /// The place of a verdict among them: the worst is the greatest.
    fn rank(verdict: &str) -> usize {
        ["pass", "pending", "fail"].iter().position(|known| *known == verdict).unwrap()
    }

    fn list(numbers: &[u8]) -> String {
        let numbers: Vec<String> = numbers.iter().map(u8::to_string).collect();
        format!("[{}]", numbers.join(","))
    }

    fn amount_op() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["equals", "at_least", "greater_than", "at_most", "less_than"])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn one_more_record_never_turns_pass_into_pending_nor_fail_into_anything(
            op in amount_op(), target in 0_usize..6, n in 0_usize..9
        ) {
            let checks = count(op, &target.to_string());
            let of = |n: usize| verdict(&checks, &list(&vec![1; n]));
            let (before, after) = (of(n), of(n + 1));
            prop_assert!(before != "pass" || after != "pending", "{} {} {}", op, target, n);
            prop_assert!(before != "fail" || after == "fail", "{} {} {}", op, target, n);
        }

        #[test]
        fn the_same_holds_of_sums_of_what_is_not_negative(
            op in amount_op(), target in 0_u8..20, numbers in prop::collection::vec(0_u8..6, 1..6), more in 0_u8..6
        ) {
            let checks = count(op, &target.to_string()).replace("count", "sum");
            let before = verdict(&checks, &list(&numbers));
            let after = verdict(&checks, &list(&[numbers, vec![more]].concat()));
            prop_assert!(before != "pass" || after != "pending", "{}", op);
            prop_assert!(before != "fail" || after == "fail", "{}", op);
        }

        #[test]
        fn the_worst_of_several_checks_wins(bodies in prop::collection::vec(0_u8..4, 1..6)) {
            // 0 is not there, 1 is right, 2 is wrong, 3 is null.
            let checks: Vec<String> = (0..bodies.len())
                .map(|n| format!(r#"{{"source":{{"jsonpath":"$.v{n}"}},"op":"equals","value":1}}"#))
                .collect();
            let members: Vec<String> = bodies.iter().enumerate().filter(|(_, value)| **value > 0)
                .map(|(n, value)| {
                    let text = if *value == 3 { "null".to_owned() } else { value.to_string() };
                    format!("\"v{n}\":{text}")
                })
                .collect();
            let body = format!("{{{}}}", members.join(","));
            let each = checks.iter().map(|check| verdict(&format!("[{check}]"), &body));
            let worst = each.max_by_key(|verdict| rank(verdict)).unwrap();
            prop_assert_eq!(verdict(&format!("[{}]", checks.join(",")), &body), worst);
        }

        #[test]
        fn every_is_the_worst_and_any_the_best_of_the_nodes(numbers in prop::collection::vec(0_u8..3, 1..6)) {
            let of = |mode: &str, body: &str| verdict(
                &format!(r#"[{{"source":{{"jsonpath":"$[*]"}},"op":"one_of","value":[0],"while":[1],"match":"{mode}"}}]"#), body);
            let each: Vec<usize> =
                numbers.iter().map(|number| rank(&of("every", &list(&[*number])))).collect();
            prop_assert_eq!(rank(&of("every", &list(&numbers))), *each.iter().max().unwrap());
            prop_assert_eq!(rank(&of("any", &list(&numbers))), *each.iter().min().unwrap());
        }

        #[test]
        fn numbers_are_ordered_as_the_library_orders_them(a in "-?[0-9]{1,9}(\\.[0-9]{1,6})?", b in "-?[0-9]{1,9}(\\.[0-9]{1,6})?") {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            let number = |text: &str| json::parse(text).is_ok();
            prop_assume!(number(a) && number(b));
            let exact = |text: &str| rust_decimal::Decimal::from_str_exact(text).unwrap();
            let of = |op: &str| verdict(
                &format!(r#"[{{"source":{{"jsonpath":"$"}},"op":"{op}","value":{b}}}]"#), a) == "pass";
            prop_assert_eq!(of("at_least"), exact(a) >= exact(b));
            prop_assert_eq!(of("greater_than"), exact(a) > exact(b));
            prop_assert_eq!(of("at_most"), exact(a) <= exact(b));
            prop_assert_eq!(of("less_than"), exact(a) < exact(b));
            prop_assert_eq!(of("equals"), exact(a) == exact(b));
            prop_assert_eq!(of("not_equals"), exact(a) != exact(b));
        }

        #[test]
        fn a_tolerance_reaches_as_far_as_the_library_says(a in 0_i64..4000, b in 1_i64..4000, percent in 0_i64..500) {
            let checks = format!(
                r#"[{{"source":{{"jsonpath":"$"}},"op":"equals","value":{b},"tolerance":{{"percent":"{}.{}"}}}}]"#,
                percent / 10, percent % 10
            );
            let within = (a - b).abs() * 1000 <= b * percent;
            prop_assert_eq!(verdict(&checks, &a.to_string()) == "pass", within);
        }

        #[test]
        fn no_check_and_no_body_can_panic(
            filter in prop::sample::select(super::super::Filter::WORDS.to_vec()),
            op in prop::sample::select(crate::verify::Op::WORDS.to_vec()),
            value in "(\\[[0-9],[0-9]\\]|[0-9]{1,2}|\"[a-z(\\[]{0,3}\"|\\{\\}|\\{\"type\":\"number\"\\})",
            body in "(\\[(\"[a-z0-9.]{0,4}\",|[0-9.]{1,3},|null,|\\{\"a\":1\\},){0,4}1\\]|.{0,20})"
        ) {
            let value = if matches!(op, "exists" | "absent") { String::new() } else { format!(",\"value\":{value}") };
            let checks = format!(
                r#"[{{"source":{{"jsonpath":"$[*]"}},"filter":["{filter}"],"op":"{op}"{value}}}]"#
            );
            let (_, reason) = judged(&checks, &body);
            prop_assert!(!reason.is_empty());
        }

        #[test]
        fn no_line_can_panic_a_dry_run(line in "[\\[\\]{}\",:a-z0-9 ]{0,80}") {
            prop_assert!(!dry_run(&line, Timestamp::from_ms(0), &|_| None).is_empty());
        }
    }
}
