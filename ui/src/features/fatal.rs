//! What is shown when the worker can't go on: why, and the ways on.

use baton_engine::protocol::{Fatal, Storage};

use crate::components::{Button, Icon, Kind, icon};
use crate::el::{El, div, el};
use crate::text::Key;
use crate::ui::Ui;

/// The fatality's name in the protocol, and the browser's or the engine's own words.
pub fn in_words(fatal: &Fatal) -> (&'static str, &str) {
    match fatal {
        Fatal::NewerDatabase => ("newer_database", ""),
        Fatal::Database { message } => ("database", message),
        Fatal::NoLocks => ("no_locks", ""),
        Fatal::BadMessage { message } => ("bad_message", message),
        Fatal::Crashed { message } => ("crashed", message),
    }
}

/// Our own words for it.
pub fn hint(ui: Ui, fatal: &Fatal) -> Key {
    match fatal {
        Fatal::NewerDatabase => Key::FatalNewer,
        Fatal::Database { .. } => Key::FatalDatabase,
        Fatal::NoLocks => Key::FatalNoLocks,
        Fatal::BadMessage { .. } => Key::FatalMessage,
        Fatal::Crashed { .. } if ui.core().link.outlives_workers() => Key::FatalCrashed,
        Fatal::Crashed { .. } => Key::FatalCrashedInMemory,
    }
}

/// Why the worker can't go on, and the ways on, in place of a screen.
pub fn fatal_screen(ui: Ui, fatal: &Fatal) -> El {
    let (name, words) = in_words(fatal);
    el("section")
        .class("blank")
        .attr("role", "alert")
        .attr("data-fatal", name)
        .child(icon(Icon::Alert))
        .child(crate::app::screen_title().live_text(ui.words(Key::FatalTitle)))
        .child(el("p").live_text(ui.words(hint(ui, fatal))))
        .maybe((!words.is_empty()).then(|| el("pre").class("words").text(words)))
        .child(ways_on(ui, fatal))
}

/// The same above a screen that stays, for what is typed in it.
pub fn fatal_notice(ui: Ui, fatal: &Fatal) -> El {
    let (name, words) = in_words(fatal);
    let sentence = el("p")
        .child(el("strong").live_text(ui.words(Key::FatalTitle)))
        .text(" ")
        .live_text(ui.words(hint(ui, fatal)))
        .text(" ")
        .text(words);
    div("notice")
        .attr("role", "alert")
        .attr("data-fatal", name)
        .child(icon(Icon::Alert))
        .child(sentence)
        .child(ways_on(ui, fatal))
}

fn ways_on(ui: Ui, fatal: &Fatal) -> El {
    let in_memory = matches!(fatal, Fatal::Database { .. } | Fatal::NoLocks);
    // Trying again at once can't mend a missing feature or another version.
    let again = !matches!(fatal, Fatal::NewerDatabase | Fatal::NoLocks);
    let restart = move |storage| move || ui.core().link.restart(storage);
    let memory = in_memory.then(|| {
        Button::new("memory", Icon::Chip, Key::GoOnInMemory)
            .kind(Kind::Primary)
            .on_press(ui, restart(Some(Storage::Memory)))
    });
    let again = again.then(|| {
        Button::new("restart", Icon::Poll, Key::Restart)
            .kind(if in_memory { Kind::Plain } else { Kind::Primary })
            .on_press(ui, restart(None))
    });
    div("acts").maybe(memory).maybe(again)
}
