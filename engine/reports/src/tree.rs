//! Trees of JSON, made by hand.

use baton_engine::json::Value;
use baton_engine::locale::Locale;
use baton_engine::protocol::Told;
use baton_engine::time::Timestamp;
use baton_engine::verify::Reason;

/// An object of these members; those that are null are left out.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let there = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(there.map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A list.
pub(crate) fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::Array(items.collect())
}

/// A number: no count or time in milliseconds is near the end of what fits.
pub(crate) fn number(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

/// An instant in RFC 3339, UTC.
pub(crate) fn instant(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| at.to_string().into())
}

/// A text, if there is one.
pub(crate) fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

/// A member as it stands in a tree; null when it isn't there.
pub(crate) fn member(of: Option<&Value>, key: &str) -> Value {
    of.and_then(|of| of.get(key)).cloned().unwrap_or_default()
}

/// One of several things, as messages have it: its tag, and what comes with it.
pub(crate) fn tagged(value: &Value) -> (Value, Value) {
    match value.as_object().and_then(|members| members.iter().next()) {
        Some((tag, content)) => (tag.as_str().into(), content.clone()),
        None => (value.clone(), Value::Null),
    }
}

/// A reason, if there is one.
pub(crate) fn reason(reason: Option<&Told<Reason>>, tree: &Value) -> Value {
    reason.map_or(Value::Null, |reason| why(|locale| reason.sentence(locale), tree))
}

/// A reason: its code and arguments as the tree has them, and its sentence in both languages.
pub(crate) fn why(sentence: impl Fn(Locale) -> String, tree: &Value) -> Value {
    let (code, args) = tagged(tree);
    object([
        ("code", code),
        ("args", args),
        ("en", sentence(Locale::En).into()),
        ("zh", sentence(Locale::Zh).into()),
    ])
}
