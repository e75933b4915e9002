//! Templates: `{{name}}` in texts. Parsed once; filled in for the place where they stand.
//!
//! A name is a variable, an environment's entry, a capture of an earlier stage, a secret that begins with
//! `secret.`, or a built-in that begins with `$`. `{{{{` is a literal `{{`.

use std::time::Duration;

use crate::json::{Map, Value};

use crate::document::ProblemKind;
use crate::json;
use crate::secrets::{MOST_NAME_CHARACTERS, PREFIX, is_name};
use crate::time::parse_duration;

use super::escape::{encode_into, path_has_begun, put_in_path};
use super::scope::{Scope, Setting, Unresolved};

/// The longest text that a template may fill in to, in bytes.
const MAX_FILLED_BYTES: usize = 1 << 20;

/// A text with names in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Text(String),
    Name(Name),
}

/// What stands between the braces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Name {
    /// A variable, an environment's entry, or a capture.
    Value(String),
    /// A secret, by its name without `secret.`.
    Secret(String),
    /// `$now`, less a span, in a form.
    Now {
        /// How long before now.
        back: Duration,
        /// How it is written.
        form: TimeForm,
    },
    /// `$today`: the date in UTC.
    Today,
    /// `$uuid`: a random UUID; in variables only, so that it is one for the whole run.
    Uuid,
}

/// How an instant is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeForm {
    /// RFC 3339 in UTC.
    Rfc3339,
    /// Whole milliseconds since the Unix epoch, as a number.
    UnixMs,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When braces are not closed, or a name is none.
    pub fn parse(text: &str) -> Result<Self, ProblemKind> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = parted(rest, "{{") {
            plain.push_str(before);
            if let Some(beyond) = after.strip_prefix("{{") {
                plain.push_str("{{");
                rest = beyond;
                continue;
            }
            let Some((name, beyond)) = parted(after, "}}") else {
                return Err(problem(format!("`{{{{{after}` is never closed; add `}}}}`")));
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Name(Name::parse(name.trim())?));
            rest = beyond;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { parts })
    }

    /// The names in it, in order.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name),
            Part::Text(_) => None,
        })
    }

    /// The text, when there is no name in it.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text, with every name filled in.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn fill(&self, scope: &dyn Scope, setting: Setting) -> Result<String, Unresolved> {
        self.fill_until(scope, setting, |_| false)
    }

    /// The beginning of the text, until there is enough of it: what comes after may have no value yet.
    pub(crate) fn fill_until(
        &self,
        scope: &dyn Scope,
        setting: Setting,
        enough: fn(&str) -> bool,
    ) -> Result<String, Unresolved> {
        let mut out = String::new();
        for part in &self.parts {
            if enough(&out) {
                break;
            }
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Name(name) => {
                    let value = name.resolve(scope)?;
                    let text = as_text(&value);
                    match setting {
                        Setting::Plain => out.push_str(&text),
                        Setting::Url if path_has_begun(&out) => encode_into(&mut out, &text),
                        Setting::Url => out.push_str(&text),
                        Setting::PathLiteral => put_in_path(&mut out, &value),
                        Setting::Pattern => out.push_str(&regex_lite::escape(&text)),
                    }
                }
            }
            if out.len() > MAX_FILLED_BYTES {
                return Err(Unresolved("the filled text is longer than 1 MiB".into()));
            }
        }
        Ok(out)
    }

    /// The value: of the variable's own type when the text is one whole name, else a text.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn fill_value(&self, scope: &dyn Scope) -> Result<Value, Unresolved> {
        match self.parts.as_slice() {
            [Part::Name(name)] => name.resolve(scope),
            _ => self.fill(scope, Setting::Plain).map(Value::String),
        }
    }
}

/// A JSON value whose texts are templates.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueTemplate(Value);

impl ValueTemplate {
    /// Reads every text of `value` as a template; `each` sees each one.
    ///
    /// # Errors
    /// The first text that is no template.
    pub fn parse(value: &Value, each: &mut dyn FnMut(&Template)) -> Result<Self, ProblemKind> {
        visit_texts(value, &mut |text| {
            let template = Template::parse(text)?;
            each(&template);
            Ok(())
        })?;
        Ok(Self(value.clone()))
    }

    /// The value, with every name filled in.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn fill(&self, scope: &dyn Scope) -> Result<Value, Unresolved> {
        fill_value(&self.0, scope)
    }

    /// Shows every text of it, as a template, to `each`.
    pub(crate) fn visit(&self, each: &mut dyn FnMut(&Template)) {
        let _each_was_read_before = visit_texts(&self.0, &mut |text| {
            each(&Template::parse(text)?);
            Ok(())
        });
    }
}

fn visit_texts(
    value: &Value,
    visit: &mut dyn FnMut(&str) -> Result<(), ProblemKind>,
) -> Result<(), ProblemKind> {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().try_for_each(|item| visit_texts(item, visit)),
        Value::Object(map) => map.iter().try_for_each(|(_, member)| visit_texts(member, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn fill_value(value: &Value, scope: &dyn Scope) -> Result<Value, Unresolved> {
    Ok(match value {
        Value::String(text) => match Template::parse(text) {
            Ok(template) => template.fill_value(scope)?,
            // `ValueTemplate::parse` has read every text; one that it refused is not here.
            Err(_) => Value::String(text.clone()),
        },
        Value::Array(items) => Value::Array(
            items.iter().map(|item| fill_value(item, scope)).collect::<Result<_, _>>()?,
        ),
        Value::Object(map) => {
            let mut filled = Map::default();
            for (key, member) in map {
                filled.insert(key.clone(), fill_value(member, scope)?);
            }
            Value::Object(filled)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    })
}

impl Name {
    fn parse(text: &str) -> Result<Self, ProblemKind> {
        let Some(built_in) = text.strip_prefix('$') else {
            return Self::parse_value(text);
        };
        match built_in {
            "uuid" => Ok(Self::Uuid),
            "today" => Ok(Self::Today),
            _ => Self::parse_now(text, built_in),
        }
    }

    fn parse_value(text: &str) -> Result<Self, ProblemKind> {
        if let Some(name) = text.strip_prefix(PREFIX) {
            let fits = is_name(name) && name.len() <= MOST_NAME_CHARACTERS;
            let wrong = || {
                problem(format!(
                    "`{{{{{text}}}}}` names no secret; use up to {MOST_NAME_CHARACTERS} letters, digits, `_` and `-`"
                ))
            };
            return if fits { Ok(Self::Secret(name.to_owned())) } else { Err(wrong()) };
        }
        let allowed = |c: char| crate::id::is_letter_or_digit(c) || matches!(c, '_' | '-' | '.');
        if text.is_empty() || !text.chars().all(allowed) {
            return Err(problem(format!(
                "`{{{{{text}}}}}` is no name; use letters, digits, `_`, `-` and `.`"
            )));
        }
        Ok(Self::Value(text.to_owned()))
    }

    fn parse_now(whole: &str, text: &str) -> Result<Self, ProblemKind> {
        let unknown = || {
            problem(format!(
                "`{{{{{whole}}}}}` is no built-in; use $now, $now-5m, $now:unix_ms, $today or $uuid"
            ))
        };
        let rest = text.strip_prefix("now").ok_or_else(unknown)?;
        let (rest, form) = match rest.strip_suffix(":unix_ms") {
            Some(rest) => (rest, TimeForm::UnixMs),
            None => (rest, TimeForm::Rfc3339),
        };
        let back = match rest.strip_prefix('-') {
            Some(span) => parse_duration(span).ok_or_else(unknown)?,
            None if rest.is_empty() => Duration::ZERO,
            None => return Err(unknown()),
        };
        Ok(Self::Now { back, form })
    }

    fn resolve(&self, scope: &dyn Scope) -> Result<Value, Unresolved> {
        match self {
            Self::Value(name) => scope.value(name).cloned().ok_or_else(|| Unresolved(name.clone())),
            Self::Secret(name) => {
                let value = scope.secret(name).map(Value::String);
                value.ok_or_else(|| Unresolved([PREFIX, name].concat()))
            }
            Self::Now { back, form } => {
                let instant = scope.now().minus(*back);
                Ok(match form {
                    TimeForm::Rfc3339 => Value::String(instant.to_string()),
                    TimeForm::UnixMs => Value::from(instant.as_ms()),
                })
            }
            Self::Today => Ok(Value::String(scope.now().utc_date())),
            // The variables fill it in by a scope of their own, which knows it as a value.
            Self::Uuid => scope.value("$uuid").cloned().ok_or_else(|| Unresolved("$uuid".into())),
        }
    }
}

/// A value inside a text: a text as it is, everything else as JSON.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            json::text(value)
        }
    }
}

/// What stands before and after the first `mark`, which is ASCII. `split_once` does the same by a
/// search that is made for long texts, and is twenty times as large.
pub(super) fn parted<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let at = text.as_bytes().windows(mark.len()).position(|window| window == mark.as_bytes())?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

fn problem(message: String) -> ProblemKind {
    ProblemKind::Template { message }
}

#[cfg(test)]
mod tests {
    use crate::json::json;
    use crate::time::Timestamp;

    use super::*;

    struct Fixed;

    impl Scope for Fixed {
        fn value(&self, name: &str) -> Option<&Value> {
            static VALUES: std::sync::OnceLock<Value> = std::sync::OnceLock::new();
            VALUES
                .get_or_init(|| {
                    json!({"id": "a b/c", "n": 3, "base": "http://h:1/x", "quote": "it's \"\\\n", "flag": true,
                        "dots": "a.*"})
                })
                .get(name)
        }

        fn now(&self) -> Timestamp {
            Timestamp::from_ms(1_795_435_204_200)
        }
    }

    fn fill(text: &str, setting: Setting) -> Result<String, Unresolved> {
        Template::parse(text).unwrap().fill(&Fixed, setting)
    }

    #[test]
    fn names_are_filled_in() {
        let check = |text, want: &str| assert_eq!(fill(text, Setting::Plain).unwrap(), want);
        check("{{id}}", "a b/c");
        check("x{{ n }}y{{flag}}", "x3ytrue");
        check("{{{{not}} {{n}}", "{{not}} 3");
        check("{{$now}}", "2026-11-23T12:00:04.200Z");
        check("{{$now-5m}}", "2026-11-23T11:55:04.200Z");
        check("{{$now:unix_ms}}", "1795435204200");
        check("{{$now-1s:unix_ms}}", "1795435203200");
        check("{{$today}}", "2026-11-23");
        assert_eq!(fill("{{nobody}}", Setting::Plain), Err(Unresolved("nobody".into())));
    }

    #[test]
    fn a_whole_name_keeps_its_type() {
        let value = |text| Template::parse(text).unwrap().fill_value(&Fixed).unwrap();
        assert_eq!(value("{{n}}"), json!(3));
        assert_eq!(value("{{n}} "), json!("3 "));
        assert_eq!(value("{{$now:unix_ms}}"), json!(1_795_435_204_200_i64));
    }

    #[test]
    fn values_are_encoded_after_a_urls_path_begins() {
        let check = |text, want: &str| assert_eq!(fill(text, Setting::Url).unwrap(), want);
        check("{{base}}/rows/{{id}}?q={{id}}", "http://h:1/x/rows/a%20b%2Fc?q=a%20b%2Fc");
        check("http://{{n}}.example/{{n}}", "http://3.example/3");
        check("demo:///{{id}}", "demo:///a%20b%2Fc");
    }

    #[test]
    fn values_are_literals_in_a_path() {
        assert_eq!(
            fill("$[?@.a=='{{quote}}']", Setting::PathLiteral).unwrap(),
            r"$[?@.a=='it\u0027s \u0022\\\u000A']"
        );
        assert_eq!(
            fill("$[?@.a=={{quote}}]", Setting::PathLiteral).unwrap(),
            r"$[?@.a=='it\u0027s \u0022\\\u000A']",
            "outside of quotes it gets its own"
        );
        assert_eq!(fill("$[{{n}}]['{{n}}']", Setting::PathLiteral).unwrap(), "$[3]['3']");
        assert_eq!(fill("$.a[{{id}}]", Setting::PathLiteral).unwrap(), "$.a['a b/c']");
    }

    #[test]
    fn values_are_literals_in_a_pattern() {
        assert_eq!(fill("^{{dots}}$", Setting::Pattern).unwrap(), r"^a\.\*$");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for bad in ["{{id", "{{}}", "{{a b}}", "{{$nope}}", "{{$now+5m}}", "{{$now-x}}"] {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
        for bad in ["{{secret.}}", "{{secret.a.b}}", &format!("{{{{secret.{}}}}}", "a".repeat(65))]
        {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
    }
}
