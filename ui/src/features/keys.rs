//! The dialog that shows all keys, drawn from their table.

use leptos::prelude::*;

use crate::app::screen_title;
use crate::components::{Button, Icon, modal};
use crate::el::{El, div, el, span};
use crate::keys::Shortcut;
use crate::later::keys_sheet as keys_sheet_later;
use crate::text::Key;
use crate::ui::Ui;

/// The dialog.
pub fn keys_dialog(ui: Ui) -> El {
    let shown = ui.core().keys_shown.clone();
    let (open, drawn, closed) = (shown.clone(), shown.clone(), shown);
    let dialog = el("dialog")
        .class("dialog keys")
        .attr("data-dialog", "keys")
        .live_value("aria-label", ui.words(Key::Keys))
        .switch(
            move || if drawn.get() { "shown".to_owned() } else { String::new() },
            move |key| (!key.is_empty()).then(|| keys_sheet_later(ui)),
        )
        .on("close", move |_| closed.set(false));
    modal(&dialog, move || open.get());
    dialog
}

/// What belongs together in the dialog.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Go,
    Lists,
    Run,
    Editor,
}

impl Group {
    fn words(self) -> Key {
        match self {
            Self::Go => Key::KeyGroupGo,
            Self::Lists => Key::KeyGroupLists,
            Self::Run => Key::KeyGroupRun,
            Self::Editor => Key::KeyGroupEditor,
        }
    }
}

/// What a shortcut is called, and where it stands.
fn told(shortcut: Shortcut) -> (Group, Key) {
    match shortcut {
        Shortcut::Help => (Group::Go, Key::KeyHelp),
        Shortcut::Board => (Group::Go, Key::KeyBoard),
        Shortcut::History => (Group::Go, Key::KeyHistory),
        Shortcut::Settings => (Group::Go, Key::KeySettings),
        Shortcut::Back => (Group::Go, Key::KeyBack),
        Shortcut::Filter => (Group::Lists, Key::KeyFilter),
        Shortcut::New => (Group::Lists, Key::NewChain),
        Shortcut::Next => (Group::Lists, Key::KeyNext),
        Shortcut::Previous => (Group::Lists, Key::KeyPrevious),
        Shortcut::Open => (Group::Lists, Key::KeyOpen),
        Shortcut::Edit => (Group::Run, Key::EditChain),
        Shortcut::Run => (Group::Run, Key::KeyRun),
        Shortcut::Pause => (Group::Run, Key::KeyPause),
        Shortcut::PollNow => (Group::Run, Key::PollNow),
        Shortcut::AttemptBefore => (Group::Run, Key::KeyEarlier),
        Shortcut::AttemptAfter => (Group::Run, Key::KeyLater),
        Shortcut::Matrix => (Group::Run, Key::KeyMatrix),
        Shortcut::Save => (Group::Editor, Key::Save),
    }
}

/// What the dialog holds.
pub fn keys_sheet(ui: Ui) -> El {
    let groups = [Group::Go, Group::Lists, Group::Run, Group::Editor];
    let off = move || !ui.core().choices.get().single_keys;
    let close = Button::new("close-keys", Icon::Cross, Key::Close);
    let close = close.on_press(ui, move || ui.core().keys_shown.set(false));
    div("")
        .child(screen_title().live_text(ui.words(Key::Keys)))
        .child(el("p").live_text(move || ui.t(if off() { Key::KeysOff } else { Key::KeysHint })))
        .child(div("key-groups").children(groups.map(|group| of_group(ui, group))))
        .child(div("acts").child(close))
}

fn of_group(ui: Ui, group: Group) -> El {
    let shortcuts = Shortcut::ALL.into_iter().filter(|shortcut| told(*shortcut).0 == group);
    let line = |shortcut: Shortcut| {
        div("key-line")
            .attr("data-keys", &shortcut.keys().join(" "))
            .child(el("dt").live_text(ui.words(told(shortcut).1)))
            .child(keys(ui, shortcut))
    };
    el("section")
        .child(el("h3").live_text(ui.words(group.words())))
        .child(el("dl").children(shortcuts.map(line)))
}

/// Its keys as they are printed on a keyboard.
fn keys(ui: Ui, shortcut: Shortcut) -> El {
    let key = |name: &&str| {
        let face = match *name {
            "Escape" => "Esc",
            "Control" => "Ctrl",
            "Enter" => "↵ Enter",
            other => other,
        };
        el("kbd").text(face)
    };
    match shortcut.keys() {
        [first @ "Control", last] => {
            el("dd").child(key(first)).child(span("faint").text("+")).child(key(last))
        }
        [first, last] => {
            let then = span("faint").live_text(ui.words(Key::KeyThen));
            el("dd").child(key(first)).child(then).child(key(last))
        }
        others => el("dd").children(others.iter().map(key)),
    }
}
