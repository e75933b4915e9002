//! The sheet: a plain textarea with line numbers beside it. The browser keeps the text and the caret; what was done
//! is the paper's, since the form changes the same document.

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

    /// Puts a text in place of the one there, if it is another; the caret stays where it is.
    pub(super) fn put(&self, text: &str) {
        let area = self.node();
        if area.value() != text {
            let caret = self.caret();
            area.set_value(text);
            self.point(caret);
        }
    }

    /// Where the caret stands, in UTF-16 units.
    pub(super) fn caret(&self) -> u32 {
        self.node().selection_start().ok().flatten().unwrap_or(0)
    }

    /// The selection, from and up to UTF-16 units.
    pub(super) fn selection(&self) -> std::ops::Range<u32> {
        let start = self.caret();
        start..self.node().selection_end().ok().flatten().unwrap_or(start)
    }

    /// Has the caret stand after so many UTF-16 units.
    pub(super) fn point(&self, units: u32) {
        // Only an input without text can't take a selection.
        let _ = self.node().set_selection_range(units, units);
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

    /// Selects a line, from 1, brings it into view and gives it the focus.
    pub(super) fn go_to(&self, line: usize) {
        let area = self.node();
        // Only an input without text can't take the focus or a selection, here and below.
        let _ = area.focus();
        self.show_line(line);
    }

    /// Brings the line of the caret into view and selects it, without taking the focus.
    pub(super) fn show_caret(&self) {
        let before: String = self.node().value();
        let units: Vec<u16> = before.encode_utf16().take(self.caret() as usize).collect();
        self.show_line(units.iter().filter(|unit| **unit == u16::from(b'\n')).count() + 1);
    }

    /// Selects a line, from 1, and brings it into view, without taking the focus.
    fn show_line(&self, line: usize) {
        let area = self.node();
        let value = area.value();
        let lines: Vec<&str> = value.split('\n').collect();
        let index = line.clamp(1, lines.len()) - 1;
        // The DOM counts in UTF-16 units.
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        let start = lines[..index].iter().map(|line| units(line) + 1).sum::<u32>();
        let end = start + units(lines[index]);
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
