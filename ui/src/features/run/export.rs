//! Taking a run along, as files. They are made by the page around the screens, on first use; nothing is made
//! here, and without such a page nothing is offered.

use baton_engine::id::RunId;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::components::{Button, Icon, Kind, icon, menu, menu_items};
use crate::dom;
use crate::el::{El, el, span};
use crate::text::Key;
use crate::ui::Ui;

/// What a run is taken along as: the action of its button, which ends in the format's name, and its words.
const FORMATS: [(&str, Key); 5] = [
    ("export-junit", Key::ExportJunit),
    ("export-json", Key::ExportJson),
    ("export-csv", Key::ExportAttempts),
    ("export-matrix", Key::ExportMatrix),
    ("export-html", Key::ExportReplay),
];

/// How far the making of a file has come.
#[derive(Clone)]
enum Making {
    Nothing,
    Asked,
    Failed(String),
}

/// What unfolds to the files that a run can be taken along as.
pub(super) fn export(ui: Ui, run: &RunId) -> Option<El> {
    let make = ui.core().save_report.clone()?;
    let making = ArcRwSignal::new(Making::Nothing);
    let said = making.clone();
    let buttons = FORMATS.map(|(action, words)| {
        let (make, run, making) = (make.clone(), run.clone(), making.clone());
        Button::new(action, Icon::Download, words).kind(Kind::Quiet).on_press(ui, move || {
            let format = action.trim_start_matches("export-");
            ask(ui, &make, format, &run, making.clone());
        })
    });
    let panel = menu_items()
        .child(el("p").class("faint").live_text(ui.words(Key::ExportHint)))
        .children(buttons)
        .child(el("p").attr("role", "status").live_text(move || match said.get() {
            Making::Nothing => String::new(),
            Making::Asked => ui.t(Key::Loading),
            Making::Failed(words) => words,
        }));
    let summary = el("summary")
        .class("button quiet small")
        .attr("data-action", "export")
        .child(icon(Icon::Download))
        .child(span("").live_text(ui.words(Key::Export)));
    Some(menu(summary, panel))
}

fn ask(ui: Ui, make: &js_sys::Function, format: &str, run: &RunId, making: ArcRwSignal<Making>) {
    let locale = untrack(|| ui.locale()).tag();
    let made = make.call3(&JsValue::NULL, &format.into(), &run.as_str().into(), &locale.into());
    making.set(Making::Asked);
    spawn_local(async move {
        let made = match made {
            Ok(promise) => JsFuture::from(js_sys::Promise::resolve(&promise)).await,
            Err(error) => Err(error),
        };
        making.set(match made {
            Ok(_) => Making::Nothing,
            Err(error) => Making::Failed(dom::words(&error)),
        });
    });
}
