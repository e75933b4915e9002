//! Where things stand in JSON text, and values laid out as people write them. The text was parsed before, so
//! only what is valid comes here; what is not is answered with something, never with a panic.

use std::ops::Range;

use super::Value;

/// A line is no longer, unless a text in it is.
const WIDTH: usize = 96;

/// A member of an object: where its key and its value stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its key, quotes and all.
    pub key: Range<usize>,
    /// Its value.
    pub value: Range<usize>,
}

/// The members of the object that begins here.
pub fn members(text: &str, at: usize) -> Vec<Member> {
    let values = parts(text, at);
    values
        .chunks_exact(2)
        .map(|two| Member { key: two[0].clone(), value: two[1].clone() })
        .collect()
}

/// The elements of the list that begins here.
pub fn items(text: &str, at: usize) -> Vec<Range<usize>> {
    parts(text, at)
}

/// Everything between commas and colons at the first level of what begins here.
fn parts(text: &str, at: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut parts: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut at, mut begun) = (0_u32, at, None);
    while let Some(&byte) = bytes.get(at) {
        let from = at;
        match byte {
            b'"' => at = after_text(bytes, at),
            _ => at += 1,
        }
        let ends = match byte {
            b'{' | b'[' => {
                depth += 1;
                // The first opens what is looked into.
                if depth == 1 {
                    continue;
                }
                false
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                depth == 0
            }
            b',' | b':' => depth == 1,
            _ => false,
        };
        if ends {
            parts.extend(begun.take());
        } else if !byte.is_ascii_whitespace() {
            let start = begun.map_or(from, |range: Range<usize>| range.start);
            begun = Some(start..at);
        }
        if depth == 0 {
            break;
        }
    }
    parts
}

fn after_text(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The blanks at the start of the line in which this stands.
pub fn start_of_line(text: &str, at: usize) -> String {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    line.chars().take_while(|c| *c == ' ' || *c == '\t').collect()
}

/// A value over several lines, those after the first with this indent; what lies deeper than `levels` is on one
/// line, if it fits.
pub fn laid_out(value: &Value, indent: &str, levels: usize) -> String {
    let line = on_a_line(value);
    let fits = line.len() + indent.len() <= WIDTH && !line.contains('\n');
    let inner = format!("{indent}  ");
    let deeper = |value: &Value| laid_out(value, &inner, levels.saturating_sub(1));
    let (open, close, parts): (_, _, Vec<String>) = match value {
        Value::Array(items) if !items.is_empty() => ('[', ']', items.iter().map(deeper).collect()),
        Value::Object(members) if !members.is_empty() => {
            let member = |(key, value): &(String, Value)| {
                format!("{}: {}", super::text(&key.as_str().into()), deeper(value))
            };
            ('{', '}', members.iter().map(member).collect())
        }
        _ => return line,
    };
    if levels == 0 && fits {
        return line;
    }
    format!("{open}\n{inner}{}\n{indent}{close}", parts.join(&format!(",\n{inner}")))
}

/// A value on one line.
pub fn on_a_line(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(on_a_line).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) if !members.is_empty() => {
            let member = |(key, value): &(String, Value)| {
                format!("{}: {}", super::text(&key.as_str().into()), on_a_line(value))
            };
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        _ => super::text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_are_found_where_they_stand() {
        let text = r#" {"a": [1, {"b": "],}"}, "x\"y"], "c": {}, "d" : 7 }"#;
        let found = members(text, text.find('{').unwrap());
        let shown: Vec<_> =
            found.iter().map(|one| (&text[one.key.clone()], &text[one.value.clone()])).collect();
        assert_eq!(
            shown,
            [(r#""a""#, r#"[1, {"b": "],}"}, "x\"y"]"#), (r#""c""#, "{}"), (r#""d""#, "7"),]
        );
        let list = items(text, found[0].value.start);
        let shown: Vec<_> = list.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(shown, ["1", r#"{"b": "],}"}"#, r#""x\"y""#]);
        assert_eq!(items("[]", 0), []);
        assert_eq!(members("{ }", 0), []);
    }

    #[test]
    fn what_is_deep_stands_on_one_line_where_it_fits() {
        let value =
            crate::json::parse(r#"{"name":"S","request":{"query":{"a":1,"b":[1,2]},"e":{}}}"#);
        let want = "{\n  \"name\": \"S\",\n  \"request\": {\n    \"query\": { \"a\": 1, \"b\": [1, 2] },\n    \"e\": {}\n  }\n}";
        assert_eq!(laid_out(&value.unwrap(), "", 2), want);
    }
}
