//! A choice among few.

use wasm_bindgen::JsCast;

use crate::el::{El, el};
use crate::text::Key;
use crate::ui::Ui;

/// A choice, whose options are its children; `choose` is called with the value of the one that is chosen.
pub fn select(ui: Ui, action: &str, label: Key, choose: impl Fn(&str) + 'static) -> El {
    select_boxed(ui, action, label, Box::new(choose))
}

fn select_boxed(ui: Ui, action: &str, label: Key, choose: Box<dyn Fn(&str)>) -> El {
    el("select")
        .class("select")
        .attr("data-action", action)
        .live_value("aria-label", ui.words(label))
        .live_value("title", ui.words(label))
        .on("change", move |event| {
            let select = event.target().and_then(|target| target.dyn_into().ok());
            if let Some(select) = select {
                let select: web_sys::HtmlSelectElement = select;
                choose(&select.value());
            }
        })
}
