//! A status as shape, word and colour, and small chips.

use std::rc::Rc;

use crate::el::{El, span};
use crate::status::Status;
use crate::text::Key;
use crate::ui::Ui;

/// A status' shape. It says nothing to ears: its word is near.
pub fn mark(status: impl Fn() -> Status + 'static) -> El {
    marked(Rc::new(status))
}

fn marked(status: Rc<dyn Fn() -> Status>) -> El {
    let tone = status.clone();
    span("drawn").live_value("data-status", move || tone().slug().to_owned()).switch(
        move || status().slug().to_owned(),
        |slug| Status::parse(slug).map(|status| span("drawn").svg("mark", 16, 16, status.shape())),
    )
}

/// A status' shape and word.
pub fn status(ui: Ui, status: impl Fn() -> Status + 'static) -> El {
    let shape: Rc<dyn Fn() -> Status> = Rc::new(status);
    let (tone, word) = (shape.clone(), shape.clone());
    span("status")
        .live_value("data-status", move || tone().slug().to_owned())
        .child(marked(shape))
        .child(span("").live_text(move || ui.t(word().word())))
}

/// A small word beside a name.
pub fn chip(ui: Ui, name: &str, word: Key, hint: Key) -> El {
    span("chip")
        .attr("data-chip", name)
        .live_value("title", ui.words(hint))
        .live_text(ui.words(word))
}
