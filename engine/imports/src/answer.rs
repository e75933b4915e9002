//! Questions and their answers, as JSON: the module's whole border.

use baton_engine::json::{self, Map, Value};

use crate::curl::{self, Shell};
use crate::export;
use crate::har;
use crate::import::{Import, Samples};
use crate::postman;
use crate::said::{Refusal, Refused};
use crate::text::{clean, object};

/// What is asked around a text takes little; the text itself is bounded by who reads it.
const MAX_QUESTION_BYTES: usize = 3 * har::MAX_BYTES;

pub(crate) fn answer(question: &str) -> String {
    let answer = ask(question)
        .unwrap_or_else(|refused| object([("error", refused.why.json(&refused.place))]));
    json::text(&answer)
}

fn ask(question: &str) -> Result<Value, Refused> {
    let wrong = |message: &str| Refusal::Question { message: message.to_owned() }.at("");
    if question.len() > MAX_QUESTION_BYTES {
        return Err(Refusal::TooLarge { bytes: question.len(), limit: MAX_QUESTION_BYTES }.at(""));
    }
    let tree = json::parse(question).map_err(|syntax| wrong(&syntax.to_string()))?;
    let members = tree.as_object().filter(|members| members.len() == 1);
    let Some((tag, asked)) = members.and_then(|members| members.iter().next()) else {
        return Err(wrong(
            "expected one of curl, har_list, har, postman, export_curl, export_hurl",
        ));
    };
    let text = || {
        asked
            .get("text")
            .and_then(Value::as_str)
            .map(clean)
            .ok_or_else(|| wrong("expected \"text\""))
    };
    match tag.as_str() {
        "curl" => curl::import(&text()?, shell(asked)?).map(finished),
        "har_list" => har::list(&text()?),
        "har" => {
            let with = asked.get("samples").and_then(Value::as_bool) == Some(true);
            let samples = if with { Samples::With } else { Samples::Without };
            let entries = entries(asked)?.ok_or_else(|| wrong("expected \"entries\""))?;
            har::import(&text()?, &entries, samples).map(finished)
        }
        "postman" => postman::import(&text()?, entries(asked)?.as_deref()).map(finished),
        "export_curl" => exported(export::curl(asked)),
        "export_hurl" => exported(export::hurl(asked)),
        _ => Err(wrong("no such question")),
    }
}

fn finished(import: Import) -> Value {
    Value::Object(import.finish())
}

fn exported(made: Result<export::Made, Refusal>) -> Result<Value, Refused> {
    let made = made.map_err(|why| why.at(""))?;
    Ok(object([("text", made.text.into()), ("notes", made.notes.json())]))
}

fn shell(asked: &Value) -> Result<Option<Shell>, Refused> {
    match asked.get("shell").map(Value::as_str) {
        None => Ok(None),
        Some(Some("bash")) => Ok(Some(Shell::Bash)),
        Some(Some("cmd")) => Ok(Some(Shell::Cmd)),
        Some(_) => Err(Refusal::Question { message: "\"shell\" is bash or cmd".into() }.at("")),
    }
}

fn entries(asked: &Value) -> Result<Option<Vec<usize>>, Refused> {
    let Some(value) = asked.get("entries") else {
        return Ok(None);
    };
    let index = |value: &Value| value.as_u64().and_then(|index| usize::try_from(index).ok());
    let list: Option<Vec<usize>> =
        value.as_array().and_then(|items| items.iter().map(index).collect());
    let wrong =
        || Refusal::Question { message: "\"entries\" is a list of whole numbers".into() }.at("");
    list.map(Some).ok_or_else(wrong)
}

/// A member that is an object.
pub(crate) fn member<'a>(of: &'a Value, key: &str) -> Option<&'a Map> {
    of.get(key).and_then(Value::as_object)
}
