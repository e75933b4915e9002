//! What a screen asks: a text goes into a document, as an edit of it; a request or a chain becomes a text.
//! Which of the three kinds a text is, is found out here.

use baton_engine::json::{self, Map, Value};
use baton_engine::protocol::{HttpRequest, ImportEntry, ImportQuestion, Note, ToolAnswer};

use crate::export::{self, Made};
use crate::import::Samples;
use crate::insert::{Edit, Target};
use crate::said::{Refusal, Refused};
use crate::text::{clean, object};
use crate::{curl, har, postman};

/// Answers a screen's question.
pub(crate) fn answer(question: ImportQuestion) -> ToolAnswer {
    let answer = match question {
        ImportQuestion::Insert { document, caret, fresh, text, entries } => {
            let target = Target { document: &document, caret, fresh };
            insert(&target, &clean(&text), entries)
        }
        ImportQuestion::Curl { request } => curl_of(&request),
        ImportQuestion::Hurl { document } => hurl_of(&document),
    };
    answer.unwrap_or_else(|Refused { why, place }| ToolAnswer::Refused(note(&why.json(&place))))
}

fn insert(target: &Target, text: &str, entries: Option<Vec<u32>>) -> Result<ToolAnswer, Refused> {
    // An early word about the document: a recording is long to read.
    target.check()?;
    let import = if text.trim_start().starts_with('{') {
        let is_recording =
            json::parse(text).is_ok_and(|tree| tree.get("log").is_some_and(Value::is_object));
        match (is_recording, entries) {
            (true, None) => return har::list(text).map(|list| choose(&list)),
            (true, Some(entries)) => {
                let entries: Vec<usize> = entries.into_iter().map(|at| at as usize).collect();
                har::import(text, &entries, Samples::Without)?
            }
            (false, _) => postman::import(text, None)?,
        }
    } else {
        curl::import(text, None)?
    };
    let mut import = import.finish();
    let notes = notes(import.get("notes"));
    let Edit { start, end, text } = target.with(&mut import)?;
    Ok(ToolAnswer::Edit { start, end, text, notes })
}

fn choose(list: &Value) -> ToolAnswer {
    let rows = list.get("entries").and_then(Value::as_array);
    let entry = |row: &Value| {
        let text = |key: &str| match row.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        ImportEntry {
            index: row.get("index").and_then(Value::as_u64).unwrap_or(0).try_into().unwrap_or(0),
            label: format!("{} {} {}", text("method"), text("url"), text("status")),
            importable: row.get("importable").and_then(Value::as_bool) == Some(true),
        }
    };
    ToolAnswer::Choose(rows.into_iter().flatten().map(entry).collect())
}

fn curl_of(request: &HttpRequest) -> Result<ToolAnswer, Refused> {
    let filled = json::parse(&request.to_json()).unwrap_or_default();
    made(export::curl(&object([("filled", filled)])))
}

fn hurl_of(document: &str) -> Result<ToolAnswer, Refused> {
    let tree = read(document)?;
    let mut asked = Map::default();
    asked.insert("stages".into(), Value::Array(stages_of(&tree).cloned().collect()));
    for key in ["poll", "variables"] {
        if let Some(value) = tree.get(key) {
            asked.insert(key.into(), value.clone());
        }
    }
    made(export::hurl(&Value::Object(asked)))
}

/// A document's stages in their order, those of groups among them.
pub(crate) fn stages_of(document: &Value) -> impl Iterator<Item = &Value> {
    let steps = document.get("stages").and_then(Value::as_array).into_iter().flatten();
    steps.flat_map(|step| {
        let members = step.get("group").and_then(|group| group.get("stages"));
        members.and_then(Value::as_array).map_or(std::slice::from_ref(step), Vec::as_slice)
    })
}

/// A document as a tree.
pub(crate) fn read(document: &str) -> Result<Value, Refused> {
    json::parse(document).map_err(|syntax| Refusal::Document { message: syntax.to_string() }.at(""))
}

fn made(made: Result<Made, Refusal>) -> Result<ToolAnswer, Refused> {
    let Made { text, notes: said } = made.map_err(|why| why.at(""))?;
    Ok(ToolAnswer::Text { text, notes: notes(Some(&said.json())) })
}

fn notes(list: Option<&Value>) -> Vec<Note> {
    list.and_then(Value::as_array).into_iter().flatten().map(note).collect()
}

fn note(said: &Value) -> Note {
    let text = |key: &str| said.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Note { place: text("place"), en: text("en"), zh: text("zh") }
}
