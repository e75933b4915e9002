//! JSONPath (RFC 9535) behind a type of our own, with bounds on hostile ones.

use serde_json::Value;
use serde_json_path::JsonPath;

/// The longest path, in bytes.
const MAX_PATH_BYTES: usize = 2000;
/// How many descendant segments (`..`) a path may have: each multiplies the work by the depth.
const MAX_DESCENDANTS: usize = 2;
/// How deep filters (`[?…]`) may be nested.
const MAX_FILTER_DEPTH: usize = 4;
/// The largest body a path is applied to, in JSON values; and the most it may select.
pub(crate) const MAX_NODES: u64 = 200_000;

/// A path that can be applied.
#[derive(Clone, Debug)]
pub(crate) struct Path(JsonPath);

/// A selected value and its normalized path.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) value: &'a Value,
    pub(crate) location: String,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// A sentence with the place in the path, when it is none or is beyond the bounds.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_PATH_BYTES {
            return Err(format!("{} bytes long; at most {MAX_PATH_BYTES}", text.len()));
        }
        let shape = Shape::of(text);
        if shape.descendants > MAX_DESCENDANTS {
            return Err(format!("{} times `..`; at most {MAX_DESCENDANTS}", shape.descendants));
        }
        if shape.filter_depth > MAX_FILTER_DEPTH {
            return Err(format!(
                "filters nested {} deep; at most {MAX_FILTER_DEPTH}",
                shape.filter_depth
            ));
        }
        JsonPath::parse(text).map(Self).map_err(|error| error.to_string())
    }

    /// The selected values, in the document's order.
    pub(crate) fn select<'a>(&self, body: &'a Value) -> Vec<Node<'a>> {
        self.0
            .query_located(body)
            .into_iter()
            .map(|node| Node { value: node.node(), location: node.location().to_string() })
            .collect()
    }
}

/// How many values a JSON text holds in all.
pub(crate) fn count_nodes(value: &Value) -> u64 {
    match value {
        Value::Array(items) => 1 + items.iter().map(count_nodes).sum::<u64>(),
        Value::Object(map) => 1 + map.values().map(count_nodes).sum::<u64>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

/// What bounds need to know of a path, read without parsing it.
#[derive(Default)]
struct Shape {
    descendants: usize,
    filter_depth: usize,
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let mut brackets: Vec<bool> = Vec::new();
        let mut quote: Option<char> = None;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match quote {
                Some(_) if c == '\\' => {
                    chars.next();
                }
                Some(open) if c == open => quote = None,
                Some(_) => {}
                None => match c {
                    '\'' | '"' => quote = Some(c),
                    '.' if chars.peek() == Some(&'.') => {
                        chars.next();
                        shape.descendants += 1;
                    }
                    '[' => brackets.push(false),
                    '?' => {
                        if let Some(filter) = brackets.last_mut() {
                            *filter = true;
                        }
                        let depth = brackets.iter().filter(|&&filter| filter).count();
                        shape.filter_depth = shape.filter_depth.max(depth);
                    }
                    ']' => {
                        brackets.pop();
                    }
                    _ => {}
                },
            }
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_select_values_and_say_where() {
        let body = json!({"rows": [{"id": 1}, {"id": 2}]});
        let nodes = Path::parse("$.rows[?@.id > 1].id").unwrap().select(&body);
        assert_eq!(nodes.len(), 1);
        assert_eq!(nodes[0].value, &json!(2));
        assert_eq!(nodes[0].location, "$['rows'][1]['id']");
    }

    #[test]
    fn numbers_in_filters_compare_by_value() {
        let body: Value =
            serde_json::from_str(r#"[{"a": 19.90}, {"a": 9007199254740993}]"#).unwrap();
        let count = |path| Path::parse(path).unwrap().select(&body).len();
        assert_eq!(count("$[?@.a == 19.9]"), 1);
        assert_eq!(count("$[?@.a == 9007199254740993]"), 1);
    }

    #[test]
    fn hostile_paths_are_refused() {
        let refused = |path: &str, word: &str| {
            let message = Path::parse(path).unwrap_err();
            assert!(message.contains(word), "{path}: {message}");
        };
        refused("$..a..b..c", "`..`");
        refused("$[?@[?@[?@[?@[?@.a]]]]]", "nested");
        refused(&format!("$.{}", "a".repeat(2001)), "bytes");
        refused("rows[0]", "");
        assert!(Path::parse("$['..']['..']['..']").is_ok(), "dots within quotes are a name");
    }
}
