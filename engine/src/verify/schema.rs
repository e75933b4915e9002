//! A small part of JSON Schema (2020-12): `type`, `enum`, `const`, `required`, `properties`,
//! `additionalProperties`, `items`, `minimum`, `maximum`, `pattern`. Other keywords are errors, never
//! ignored. Numbers are compared as decimals from their text.

use std::cmp::Ordering;

use super::jsonpath::TooManyNodes;
use super::pattern::Pattern;
use super::value::{is_among, order, shorten, shown};
use super::work::Work;
use crate::document::nearest;
use crate::json::{self, Number, Value};

const KEYWORDS: [&str; 10] = [
    "type",
    "enum",
    "const",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "minimum",
    "maximum",
    "pattern",
];
const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];

/// A schema that values can be held against.
#[derive(Clone, Debug)]
pub(crate) enum Schema {
    /// `true` or `false`: everything, or nothing.
    All(bool),
    Of(Vec<Keyword>),
}

#[derive(Clone, Debug)]
pub(crate) enum Keyword {
    Type(Vec<String>),
    Enum(Vec<Value>),
    Const(Value),
    Required(Vec<String>),
    /// The properties by name, and what all others have to be.
    Properties(Vec<(String, Schema)>, Option<Schema>),
    Items(Schema),
    Minimum(Number),
    Maximum(Number),
    Pattern(Pattern, String),
}

/// What is wrong with a schema, and where in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct WrongSchema {
    /// `properties.amount.type`; empty for the schema itself.
    pub(crate) path: String,
    pub(crate) message: Said,
}

/// In both languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Said {
    pub(crate) en: String,
    pub(crate) zh: String,
}

/// Where a value does not fit, and the keyword that says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Misfit {
    /// Within the value: `.rows[0].amount`; empty for the value itself.
    pub(crate) at: String,
    pub(crate) got: String,
    pub(crate) keyword: &'static str,
    pub(crate) want: String,
}

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub(crate) fn parse(value: &Value) -> Result<Self, WrongSchema> {
        match value {
            Value::Bool(all) => Ok(Self::All(*all)),
            Value::Object(map) => {
                let strange = map
                    .iter()
                    .find(|(key, _)| !KEYWORDS.contains(&key.as_str()) && !key.starts_with("x-"));
                if let Some((key, _)) = strange {
                    return Err(unknown_keyword(key));
                }
                let mut keywords = Vec::new();
                for (key, value) in map {
                    let keyword =
                        keyword(key, value, map.get("properties"), map.get("additionalProperties"));
                    keywords.extend(keyword.map_err(|wrong| wrong.within(key))?);
                }
                Ok(Self::Of(keywords))
            }
            _ => Err(wrong("an object, true or false", "对象、true 或 false", value)),
        }
    }

    /// Where the value does not fit, if it doesn't.
    ///
    /// # Errors
    /// When that takes too many steps.
    pub(crate) fn judge(
        &self,
        value: &Value,
        work: &mut Work,
    ) -> Result<Option<Misfit>, TooManyNodes> {
        work.charge(1)?;
        match self {
            Self::All(true) => Ok(None),
            Self::All(false) => Ok(Some(misfit(value, "additionalProperties", "nothing".into()))),
            Self::Of(keywords) => {
                for keyword in keywords {
                    if let Some(misfit) = keyword.judge(value, work)? {
                        return Ok(Some(misfit));
                    }
                }
                Ok(None)
            }
        }
    }
}

impl Keyword {
    fn judge(&self, value: &Value, work: &mut Work) -> Result<Option<Misfit>, TooManyNodes> {
        let fits = match self {
            Self::Type(types) => types.iter().any(|name| is_of(value, name)),
            Self::Enum(values) => is_among(value, values, work)?,
            Self::Const(want) => is_among(value, std::slice::from_ref(want), work)?,
            Self::Minimum(least) => is_ordered(value, least, Ordering::Less),
            Self::Maximum(most) => is_ordered(value, most, Ordering::Greater),
            Self::Pattern(pattern, _) => match value.as_str() {
                Some(text) => pattern.is_in(text, work)?,
                None => true,
            },
            Self::Required(names) => {
                let lacks =
                    |map: &json::Map| names.iter().find(|name| map.get(name).is_none()).cloned();
                match value.as_object().and_then(lacks) {
                    Some(name) => return Ok(Some(misfit(value, "required", json::quoted(&name)))),
                    None => true,
                }
            }
            Self::Properties(known, others) => {
                return judge_members(value, known, others.as_ref(), work);
            }
            Self::Items(schema) => return judge_items(value, schema, work),
        };
        Ok((!fits).then(|| {
            let (word, want) = self.said();
            misfit(value, word, want)
        }))
    }

    fn said(&self) -> (&'static str, String) {
        let texts = |texts: &[String]| texts.join(", ");
        match self {
            Self::Type(types) => ("type", texts(types)),
            Self::Enum(values) => ("enum", shown(&Value::Array(values.clone()))),
            Self::Const(value) => ("const", shown(value)),
            Self::Required(names) => ("required", texts(names)),
            Self::Properties(..) => ("properties", String::new()),
            Self::Items(_) => ("items", String::new()),
            Self::Minimum(least) => ("minimum", least.to_string()),
            Self::Maximum(most) => ("maximum", most.to_string()),
            Self::Pattern(_, text) => ("pattern", shorten(text)),
        }
    }
}

fn judge_members(
    value: &Value,
    known: &[(String, Schema)],
    others: Option<&Schema>,
    work: &mut Work,
) -> Result<Option<Misfit>, TooManyNodes> {
    let Some(map) = value.as_object() else { return Ok(None) };
    for (name, member) in map {
        work.charge(1 + known.len() as u64 / 8)?;
        let schema = known.iter().find(|(known, _)| known == name).map(|(_, schema)| schema);
        if let Some(schema) = schema.or(others)
            && let Some(misfit) = schema.judge(member, work)?
        {
            return Ok(Some(misfit.within(&format!(".{}", shorten(name)))));
        }
    }
    Ok(None)
}

fn judge_items(
    value: &Value,
    schema: &Schema,
    work: &mut Work,
) -> Result<Option<Misfit>, TooManyNodes> {
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(misfit) = schema.judge(item, work)? {
            return Ok(Some(misfit.within(&format!("[{at}]"))));
        }
    }
    Ok(None)
}

impl Misfit {
    fn within(mut self, step: &str) -> Self {
        self.at.insert_str(0, step);
        self
    }
}

impl WrongSchema {
    fn within(mut self, key: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{key}{dot}{}", self.path);
        self
    }
}

fn misfit(value: &Value, keyword: &'static str, want: String) -> Misfit {
    Misfit { at: String::new(), got: shown(value), keyword, want }
}

fn keyword(
    key: &str,
    value: &Value,
    properties: Option<&Value>,
    additional: Option<&Value>,
) -> Result<Option<Keyword>, WrongSchema> {
    Ok(Some(match key {
        "type" => Keyword::Type(types(value)?),
        "enum" => Keyword::Enum(list(value)?.clone()),
        "const" => Keyword::Const(value.clone()),
        "required" => Keyword::Required(names(value)?),
        "properties" => Keyword::Properties(
            members(value)?,
            additional
                .map(Schema::parse)
                .transpose()
                .map_err(|wrong| wrong.within("additionalProperties"))?,
        ),
        // Beside `properties` it is read there, as it is about the others.
        "additionalProperties" if properties.is_some() => return Ok(None),
        "additionalProperties" => Keyword::Properties(Vec::new(), Some(Schema::parse(value)?)),
        "items" => Keyword::Items(Schema::parse(value)?),
        "minimum" => Keyword::Minimum(number(value)?),
        "maximum" => Keyword::Maximum(number(value)?),
        "pattern" => pattern(value)?,
        // Those that begin with `x-`.
        _ => return Ok(None),
    }))
}

fn types(value: &Value) -> Result<Vec<String>, WrongSchema> {
    let types = if value.is_string() { vec![text(value)?] } else { names(value)? };
    match types.iter().find(|name| !TYPES.contains(&name.as_str())) {
        None => Ok(types),
        Some(name) => {
            let known = TYPES.join(", ");
            Err(said(
                format!("unknown type {}; use one of {known}", json::quoted(name)),
                format!("未知的类型 {}；可用：{known}", json::quoted(name)),
            ))
        }
    }
}

fn members(value: &Value) -> Result<Vec<(String, Schema)>, WrongSchema> {
    let map = value.as_object().ok_or_else(|| wrong("an object", "对象", value))?;
    map.iter()
        .map(|(name, schema)| {
            let schema = Schema::parse(schema).map_err(|wrong| wrong.within(name))?;
            Ok((name.clone(), schema))
        })
        .collect()
}

fn pattern(value: &Value) -> Result<Keyword, WrongSchema> {
    let text = text(value)?;
    let pattern = Pattern::parse(&text).map_err(|message| {
        said(format!("not a pattern: {message}"), format!("不是可用的正则：{message}"))
    })?;
    Ok(Keyword::Pattern(pattern, text))
}

fn list(value: &Value) -> Result<&Vec<Value>, WrongSchema> {
    value.as_array().ok_or_else(|| wrong("a list", "列表", value))
}

fn names(value: &Value) -> Result<Vec<String>, WrongSchema> {
    list(value)?.iter().map(text).collect()
}

fn text(value: &Value) -> Result<String, WrongSchema> {
    value.as_str().map(str::to_owned).ok_or_else(|| wrong("a text", "文本", value))
}

fn number(value: &Value) -> Result<Number, WrongSchema> {
    match value {
        Value::Number(number) => Ok(number.clone()),
        _ => Err(wrong("a number", "数", value)),
    }
}

fn wrong(en: &str, zh: &str, got: &Value) -> WrongSchema {
    said(format!("expected {en}, found {}", shown(got)), format!("应为{zh}，实为 {}", shown(got)))
}

fn said(en: String, zh: String) -> WrongSchema {
    WrongSchema { path: String::new(), message: Said { en, zh } }
}

fn unknown_keyword(key: &str) -> WrongSchema {
    let (quoted, known) = (json::quoted(key), KEYWORDS.join(", "));
    let (en, zh) = match nearest(key, &KEYWORDS) {
        Some(meant) => (format!("did you mean \"{meant}\"?"), format!("是否想写 \"{meant}\"？")),
        None => (format!("use {known}"), format!("可用：{known}")),
    };
    said(
        format!("the schema keyword {quoted} is not carried out here; {en}"),
        format!("此处不执行 schema 关键字 {quoted}；{zh}"),
    )
}

fn is_of(value: &Value, name: &str) -> bool {
    match (name, value) {
        ("null", Value::Null)
        | ("boolean", Value::Bool(_))
        | ("object", Value::Object(_))
        | ("array", Value::Array(_))
        | ("number", Value::Number(_))
        | ("string", Value::String(_)) => true,
        ("integer", Value::Number(number)) => is_whole(number),
        _ => false,
    }
}

/// Those of more digits than a decimal has are whole when they are written so.
fn is_whole(number: &Number) -> bool {
    match super::decimal::Decimal::of(number) {
        Some(decimal) => decimal.is_whole(),
        None => number.as_str().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'),
    }
}

/// What is no number fits.
fn is_ordered(value: &Value, end: &Number, beyond: Ordering) -> bool {
    match value {
        Value::Number(number) => order(number, end).is_some_and(|order| order != beyond),
        _ => true,
    }
}
