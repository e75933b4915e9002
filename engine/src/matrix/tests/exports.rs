//! Markdown and CSV, and what must not be taken for either's own signs.

use super::told;
use crate::locale::Locale;

#[test]
fn one_record_is_a_table_of_fields_by_systems() {
    let told = told(&[r#"{"name":"amount","kind":"decimal"}"#, "event"])
        .system("A", r#"[{"amount":"19.90","event":"buy"}]"#)
        .system("B", r#"[{"amount":19.9,"event":"Buy"}]"#);
    assert_eq!(
        told.view().markdown(Locale::En),
        "event first differs in B system: \"Buy\", where A system has \"buy\"\n\n\
         | field | A system | B system |\n| --- | --- | --- |\n\
         | amount | \"19.90\" ✓ | 19.9 ≈ |\n| event | buy ✓ | Buy ✗ |\n"
    );
    assert_eq!(
        told.view().csv(Locale::En),
        "key,field,kind,stage,system,state,value,normalised,rule\r\n\
         ,amount,decimal,A,A system,match,\"\"\"19.90\"\"\",19.9,the others are compared with it\r\n\
         ,amount,decimal,B,B system,normalised,19.9,19.9,the same as decimals\r\n\
         ,event,text,A,A system,match,buy,buy,the others are compared with it\r\n\
         ,event,text,B,B system,differs,Buy,Buy,\"expected \"\"buy\"\"\"\r\n"
    );
}

#[test]
fn several_records_have_their_key_in_each_line() {
    let told = told(&["id"]).key(r#"{"key":"id"}"#).system("A", r#"[{"id":1},{"id":2}]"#);
    let told = told.system("B", r#"[{"id":1}]"#);
    assert_eq!(
        told.view().markdown(Locale::Zh),
        "记录 2 最早在 B system 缺失；A system 有\n\n一致 1，不同 0，缺失 B system 1\n\n\
         | 记录 | 字段 | A system | B system |\n| --- | --- | --- | --- |\n\
         | 2 | id | 2 ✓ | 缺失 ∅ |\n| 1 | id | 1 ✓ | 1 ✓ |\n"
    );
}

#[test]
fn markdown_signs_in_values_mean_nothing() {
    let body = r#"[{"f":"a|b\n*c* _d_ `e` <f> [g](h) \\ &amp; # !"}]"#;
    let markdown = told(&["f"]).system("A", body).view().markdown(Locale::En);
    let line = markdown.lines().nth(2).unwrap();
    assert_eq!(line, r"| f | a\|b \*c\* \_d\_ \`e\` \<f\> \[g\](h) \\ \&amp; \# \! ✓ |");
}

#[test]
fn csv_quotes_and_lets_no_formula_through() {
    let check = |value: &str, want: &str| {
        let body = format!(r#"[{{"f":{value}}}]"#);
        let csv = told(&["f"]).system("A", &body).view().csv(Locale::En);
        let (_, line) = csv.split_once("\r\n").unwrap();
        let want =
            format!(",f,text,A,A system,match,{want},{want},the others are compared with it\r\n");
        assert_eq!(line, want, "{value}");
    };
    check(r#""a,b""#, r#""a,b""#);
    check(r#""a \"b\"""#, r#""a ""b""""#);
    check(r#""two\nlines""#, "\"two\nlines\"");
    check(r#"" blank""#, r#"" blank""#);
    check(r#""=HYPERLINK(\"http://h\")""#, r#""'=HYPERLINK(""http://h"")""#);
    check(r#""+cmd""#, "'+cmd");
    check(r#""-cmd""#, "'-cmd");
    check(r#""@SUM(A1)""#, "'@SUM(A1)");
    check(r#""\t=1""#, "\"'\t=1\"");
    check(r#""＝1+1""#, "'＝1+1");
    check(r#""-5.5""#, "-5.5");
    check("-5.5", "-5.5");
}
