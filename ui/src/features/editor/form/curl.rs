//! A curl command in a stage's address: it becomes the stage's request. What is made of it is the imports' module's, as
//! for a command that is pasted into the text; here it goes into the stage that is there.

use std::ops::Range;

use baton_engine::chain::keys;
use baton_engine::json::Value;
use baton_engine::json::edit::{Document, Edit, Path};
use baton_engine::protocol::ImportQuestion;
use leptos::prelude::request_animation_frame;
use wasm_bindgen::JsCast;

use super::Form;
use super::spot::{Spot, after};
use crate::dom;
use crate::el::El;
use crate::features::editor::history::By;
use crate::features::editor::import::{self, Imported};

/// A stage's address that takes a command, pasted or typed and left.
pub(super) fn takes_commands(form: &Form, stage: &Path, url: &Spot, control: El) -> El {
    let [pasted, left] = std::array::from_fn(|_| (form.clone(), stage.clone()));
    let url = url.clone();
    let control = control.on("paste", move |event| {
        let paste: &web_sys::ClipboardEvent = event.unchecked_ref();
        let text = paste.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
        let Some(text) = text.filter(|text| import::is_command(text)) else { return };
        event.prevent_default();
        let (form, stage) = &pasted;
        let (draft, url, command) = (form.draft.clone(), url.clone(), text.clone());
        let typed = with_pasted(&event, &text);
        take(form, stage, (command, &event), move || url.write(&draft, &typed, &By::Step));
    });
    control.on("change", move |event| {
        let (text, (form, stage)) = (dom::value_of(&event), &left);
        if import::is_command(&text) {
            take(form, stage, (text, &event), || {});
        }
    })
}

/// What a field's text is once a text is pasted into it, in one line.
fn with_pasted(event: &web_sys::Event, text: &str) -> String {
    let field: Option<web_sys::HtmlInputElement> =
        event.target().and_then(|target| target.dyn_into().ok());
    let Some(field) = field else { return text.to_owned() };
    let units: Vec<u16> = field.value().encode_utf16().collect();
    let place = |place: Option<u32>| place.map_or(units.len(), |at| units.len().min(at as usize));
    let start = place(field.selection_start().ok().flatten());
    let end = place(field.selection_end().ok().flatten());
    let part = String::from_utf16_lossy;
    let line = text.replace(['\r', '\n'], " ");
    format!("{}{line}{}", part(&units[..start]), part(&units[end.max(start)..]))
}

/// Has a command become the stage's request. One that can't be read is left to `leave`, and why is said. What comes of it
/// is dropped once the document is another: the stage may have moved by then, and another have taken its place.
fn take(
    form: &Form,
    stage: &Path,
    (text, event): (String, &web_sys::Event),
    leave: impl FnOnce() + 'static,
) {
    let field = event.target().and_then(|target| target.dyn_into().ok());
    let (this, stage) = (form.clone(), stage.clone());
    let asked = form.draft.paper.peek().text().to_owned();
    let document = alone(&form.draft.paper.peek());
    let before = document.clone();
    let done = move |imported| match imported {
        _ if this.draft.paper.peek().text() != asked => {}
        Imported::Edit(part, text) => {
            let made = Document::read(&spliced(&before, &part, &text));
            this.draft.edit(&By::Step, |document| taken(document, &stage, &made.ok()?));
        }
        Imported::Choose(_) | Imported::Nothing => leave(),
    };
    let done = move |imported| {
        done(imported);
        show_notes(field);
    };
    let question = ImportQuestion::Insert { document, caret: 0, fresh: false, text, entries: None };
    import::ask(&form.draft, &question, Box::new(done));
}

/// Brings what is to be known about the import into view: it stands above the form.
fn show_notes(field: Option<web_sys::Element>) {
    // It is drawn by then.
    request_animation_frame(move || {
        let editor = field.and_then(|field| field.closest(".editor").ok()?);
        let notes = editor.and_then(|editor| editor.query_selector(".import-notes > *").ok()?);
        if let Some(notes) = notes {
            dom::show_nearest(&notes);
        }
    });
}

/// A document with the variables of this one, and no stages: the command's is the only one then.
fn alone(document: &Document) -> String {
    let variables = document.written(&Path::root().key("variables"));
    let variables = variables.map(|json| format!("\"variables\": {json}, ")).unwrap_or_default();
    format!("{{{variables}\"stages\": []}}")
}

fn spliced(text: &str, part: &Range<u32>, new: &str) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let piece = |part: Option<&[u16]>| String::from_utf16_lossy(part.unwrap_or_default());
    let (before, after) = (units.get(..part.start as usize), units.get(part.end as usize..));
    format!("{}{new}{}", piece(before), piece(after))
}

/// A document whose stage asks what the stage of `made` asks, with the variables that it needs. What no command says of a
/// stage stays.
fn taken(document: &Document, stage: &Path, made: &Document) -> Option<Edit> {
    let variables = Path::root().key("variables");
    let new = Path::root().key("stages").item(0);
    let mut now = document.clone();
    let mut put = |path: &Path, json: &str, order: &[&str]| {
        now = after(&now, now.set(path, json, order))?;
        Some(())
    };
    for key in keys_at(made, &variables) {
        let path = variables.key(&key);
        if document.value(&path).is_none() {
            put(&path, &made.written(&path)?, &keys::CHAIN)?;
        }
    }
    let request = request(document, &stage.key("request"), made, &new.key("request"))?;
    put(&stage.key("request"), request.text(), &keys::STAGE)?;
    if let Some(once) = made.written(&new.key("once")) {
        put(&stage.key("once"), &once, &keys::STAGE)?;
    }
    for key in keys_at(made, &new.key("poll")) {
        let json = made.written(&new.key("poll").key(&key))?;
        put(&stage.key("poll").key(&key), &json, &keys::STAGE)?;
    }
    Some(Edit::between(document.text(), now.text()))
}

/// The request that was made, with what the one there has and no command says.
fn request(document: &Document, there: &Path, made: &Document, new: &Path) -> Option<Document> {
    let mut request = Document::read(&made.written(new)?).ok()?;
    for key in keys_at(document, there) {
        if key == "credentials" || !keys::REQUEST.contains(&key.as_str()) {
            let json = document.written(&there.key(&key))?;
            request = after(&request, request.set(&Path::root().key(&key), &json, &keys::REQUEST))?;
        }
    }
    Some(request)
}

/// The keys of an object, if there is one.
fn keys_at(document: &Document, path: &Path) -> Vec<String> {
    let members = document.value(path).and_then(Value::as_object);
    members.into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_stage_asks_what_the_command_asks_and_keeps_what_no_command_says() {
        let text = r#"{
  "stages": [
    { "name": "S", "request": { "url": "https://a.test", "text": "x", "x-note": 1.50, "credentials": "include" },
      "poll": { "interval": "2s" }, "checks": [] }
  ]
}"#;
        let made = r#"{"variables": {"brace": "{"}, "stages": [
  {
    "name": "POST /b",
    "once": true,
    "request": {
      "method": "POST",
      "url": "https://b.test"
    },
    "poll": { "attempt_timeout": "3s" }
  }
]}"#;
        let document = Document::read(text).unwrap();
        let stage = Path::root().key("stages").item(0);
        let edit = taken(&document, &stage, &Document::read(made).unwrap()).unwrap();
        let now = Document::read(&edit.apply(text)).unwrap();
        let json = |path: &Path| now.written(path).unwrap();
        assert_eq!(
            json(&stage.key("request")),
            "{\n  \"method\": \"POST\",\n  \"url\": \"https://b.test\",\n  \"x-note\": 1.50,\n  \"credentials\": \"include\"\n}"
        );
        assert_eq!(json(&stage.key("name")), "\"S\"");
        assert_eq!(json(&stage.key("once")), "true");
        assert_eq!(json(&stage.key("poll")), r#"{ "interval": "2s", "attempt_timeout": "3s" }"#);
        assert_eq!(json(&Path::root().key("variables").key("brace")), "\"{\"");
    }

    #[test]
    fn a_command_is_asked_about_beside_the_variables_that_are_there() {
        let document = Document::read(r#"{"variables": {"a": 1.0}, "stages": [1]}"#).unwrap();
        assert_eq!(alone(&document), r#"{"variables": {"a": 1.0}, "stages": []}"#);
        assert_eq!(alone(&Document::read("{}").unwrap()), r#"{"stages": []}"#);
        assert_eq!(spliced("购[]", &(2..2), "x"), "购[x]");
    }
}
