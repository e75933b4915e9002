//! A choice among few that are all seen.

use std::rc::Rc;

use crate::el::{El, div, el};
use crate::text::Key;
use crate::ui::Ui;

/// A choice: the name of each for `data-action`, and its words.
pub fn segments(
    ui: Ui,
    label: Key,
    options: &[(&'static str, Key)],
    now: impl Fn() -> &'static str + 'static,
    choose: impl Fn(&'static str) + 'static,
) -> El {
    segments_boxed(ui, label, options, Rc::new(now), Rc::new(choose))
}

fn segments_boxed(
    ui: Ui,
    label: Key,
    options: &[(&'static str, Key)],
    now: Rc<dyn Fn() -> &'static str>,
    choose: Rc<dyn Fn(&'static str)>,
) -> El {
    let option = |(name, words): &(&'static str, Key)| {
        let (name, now, choose) = (*name, now.clone(), choose.clone());
        el("button")
            .attr("type", "button")
            .attr("data-action", name)
            .live_value("aria-pressed", move || (now() == name).to_string())
            .live_text(ui.words(*words))
            .on("click", move |_| choose(name))
    };
    div("segments")
        .attr("role", "group")
        .live_value("aria-label", ui.words(label))
        .children(options.iter().map(option))
}
