//! A body's text: JSON laid out, its deciding values marked, a big one cut until all is wanted.

use leptos::prelude::*;

use crate::components::copy_button;
use crate::el::{El, div, el, span};
use crate::json::{self, Line};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

/// So much of a body is shown at first, in bytes.
const AT_FIRST: usize = 64 * 1024;

/// A body, as it came; the values at the normalized paths `marks` are marked.
pub(super) fn body_text(ui: Ui, text: String, marks: Vec<String>) -> El {
    let (size, copied) = (text.len(), text.clone());
    let all = ArcRwSignal::new(size <= AT_FIRST);
    let (shown, asked, pressed) = (all.clone(), all.clone(), all);
    let content = move || {
        let part = if shown.get() { &text } else { &text[..text.floor_char_boundary(AT_FIRST)] };
        let box_of = el("pre")
            .attr("tabindex", "0")
            .attr("role", "group")
            .live_value("aria-label", ui.words(Key::Body));
        Some(match json::indent(part, &marks) {
            Some(lines) => laid_out(box_of, &lines),
            None => box_of.text(part),
        })
    };
    let more = el("p")
        .class("more")
        .child(span("faint").live_text(move || {
            sentences::shown_of(&when::size(AT_FIRST), &when::size(size), ui.locale())
        }))
        .child(
            el("button")
                .attr("type", "button")
                .class("button quiet small")
                .attr("data-action", "show-all")
                .live_text(ui.words(Key::ShowAll))
                .on("click", move |_| pressed.set(true)),
        )
        .shown_if(move || !asked.get());
    div("body")
        .redraw(content)
        .child(copy_button(ui, Key::Copy, move || copied.clone()))
        .child(more)
}

/// Runs of unmarked lines are one text each, so that a long body is few nodes.
fn laid_out(pre: El, lines: &[Line]) -> El {
    lines.chunk_by(|before, after| before.marked == after.marked).fold(pre, |pre, group| {
        let texts: Vec<&str> = group.iter().map(|line| line.text.as_str()).collect();
        // A marked group is a block, which breaks the line by itself.
        if group[0].marked {
            pre.child(el("mark").text(&texts.join("\n")))
        } else {
            pre.text(&(texts.join("\n") + "\n"))
        }
    })
}
