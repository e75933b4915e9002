//! The sheet: a plain textarea with line numbers beside it. The browser keeps the text, the caret
//! and the undo history; this only reads what is typed.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::el::{El, div, el};
use crate::text::Key;
use crate::ui::Ui;

use super::problems::Check;

/// The textarea. A handle: clones are the same.
#[derive(Clone)]
pub(super) struct Textarea(El);

impl Textarea {
    /// One with a text in it, which calls `typed` with each change.
    pub(super) fn new(ui: Ui, text: &str, typed: impl Fn(String) + 'static) -> Self {
        let area = el("textarea")
            .attr("data-action", "document")
            .attr("wrap", "off")
            .attr("spellcheck", "false")
            .attr("autocomplete", "off")
            .attr("autocapitalize", "off")
            .live_value("aria-label", ui.words(Key::ChainDocument))
            .live_attr("readonly", move || (!ui.may_change()).then(String::new));
        let this = Self(area.clone());
        this.put(text);
        let _ = area.on("input", move |event| {
            let area = event.target().and_then(|target| target.dyn_into().ok());
            if let Some(area) = area {
                let area: web_sys::HtmlTextAreaElement = area;
                typed(area.value());
            }
        });
        this
    }

    fn node(&self) -> &web_sys::HtmlTextAreaElement {
        self.0.node().unchecked_ref()
    }

    /// Puts a text in place of the one there.
    pub(super) fn put(&self, text: &str) {
        self.node().set_value(text);
    }

    /// Where the caret stands, in UTF-16 units.
    pub(super) fn caret(&self) -> u32 {
        self.node().selection_start().ok().flatten().unwrap_or(0)
    }

    /// Puts a text in place of the selection, as typing would.
    pub(super) fn type_in(&self, text: &str) {
        let area = self.node();
        let end = area.selection_end().ok().flatten().unwrap_or(0);
        self.replace(self.caret(), end, text);
    }

    /// Puts a text in place of a part of the one there, from and up to UTF-16 units, as typing would: the
    /// browser's undo takes it back.
    pub(super) fn replace(&self, start: u32, end: u32, text: &str) {
        let area = self.node();
        // Only an input without text can't take the focus or a selection.
        let _ = area.focus();
        let _ = area.set_selection_range(start, end);
        let document = area.owner_document();
        let document = document.as_ref().map(JsCast::unchecked_ref::<web_sys::HtmlDocument>);
        let typed = document.map(|document| {
            document.exec_command_with_show_ui_and_value("insertText", false, text)
        });
        if !matches!(typed, Some(Ok(true))) {
            // Without that command, the text is there all the same, and undo is not.
            let _ = area.set_range_text_with_start_and_end(text, start, end);
            let _ = web_sys::Event::new("input").map(|event| area.dispatch_event(&event));
        }
    }

    /// Calls `take` with each text that is pasted; one that it takes is not pasted.
    pub(super) fn on_paste(&self, take: impl Fn(String) -> bool + 'static) {
        let _ = self.0.clone().on("paste", move |event| {
            let event: &web_sys::ClipboardEvent = event.unchecked_ref();
            let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
            if text.is_some_and(&take) {
                event.prevent_default();
            }
        });
    }

    /// Selects a line, from 1, and brings it into view.
    pub(super) fn go_to(&self, line: usize) {
        let area = self.node();
        let value = area.value();
        let lines: Vec<&str> = value.split('\n').collect();
        let index = line.clamp(1, lines.len()) - 1;
        // The DOM counts in UTF-16 units.
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        let start = lines[..index].iter().map(|line| units(line) + 1).sum::<u32>();
        let end = start + units(lines[index]);
        // Only an input without text can't take the focus or a selection.
        let _ = area.focus();
        let _ = area.set_selection_range(start, end);
        let height = area.scroll_height() / i32::try_from(lines.len()).unwrap_or(i32::MAX).max(1);
        let above = i32::try_from(index.saturating_sub(4)).unwrap_or(0);
        area.set_scroll_top(height * above);
    }
}

/// The sheet around a textarea, its lines numbered, those with problems marked.
pub(super) fn sheet(area: &Textarea, text: ArcRwSignal<String>, check: ArcRwSignal<Check>) -> El {
    let numbers = move || {
        let (lines, wrong) = (text.get().matches('\n').count() + 1, check.get().lines());
        // The key of the place: drawn anew only when a number changes.
        let wrong: Vec<String> = wrong.iter().map(usize::to_string).collect();
        format!("{lines} {}", wrong.join(" "))
    };
    let gutter = div("gutter").attr("aria-hidden", "true").switch(numbers, |key| {
        let mut numbers = key.split(' ').filter_map(|number| number.parse::<usize>().ok());
        let lines = numbers.next().unwrap_or(1);
        let wrong: Vec<usize> = numbers.collect();
        Some(numbered(lines, &wrong))
    });
    let (scrolled, following) = (area.clone(), gutter.node().clone());
    let area = area.0.clone().on("scroll", move |_| {
        following.set_scroll_top(scrolled.node().scroll_top());
    });
    div("sheet").child(gutter).child(area)
}

fn numbered(lines: usize, wrong: &[usize]) -> El {
    let (mut column, mut plain) = (div(""), String::new());
    for line in 1..=lines {
        if wrong.contains(&line) {
            column = column.text(&plain).child(el("mark").text(&line.to_string())).text("\n");
            plain.clear();
        } else {
            plain.push_str(&line.to_string());
            plain.push('\n');
        }
    }
    column.text(&plain)
}
