//! What stands in the way of the whole engine, said above the screens while it does: a database that takes
//! no more, what is kept in memory meanwhile, and no network.

use baton_engine::protocol::{Command, Storage};
use leptos::prelude::*;

use crate::components::{Button, Icon, Kind, icon};
use crate::dom::{self, Listener};
use crate::el::{El, div, el, keep};
use crate::text::Key;
use crate::ui::Ui;

/// From so many failures on it is said here: a write that failed once is mostly done half a second later.
pub const WORTH_SAYING: u32 = 2;

/// What is said.
#[derive(Clone, PartialEq, Eq)]
enum Trouble {
    /// The database can't take what is new; its own words.
    NotKept(String),
    /// What is new is kept in memory only.
    InMemory,
    /// There is no network.
    Offline,
}

impl Trouble {
    fn name(&self) -> &'static str {
        match self {
            Self::NotKept(_) => "not-kept",
            Self::InMemory => "in-memory",
            Self::Offline => "offline",
        }
    }
}

/// The notices, as long as there is anything to say.
pub fn troubles(ui: Ui) -> El {
    let offline = offline();
    let store = move || {
        let health = ui.core().state.health.get();
        let failing = health.store.filter(|store| store.failures >= WORTH_SAYING);
        match (failing, health.in_memory) {
            (Some(store), false) => Some(notice(ui, &Trouble::NotKept(store.message))),
            (_, true) => Some(notice(ui, &Trouble::InMemory)),
            (None, false) => None,
        }
    };
    div("troubles")
        .redraw(store)
        .redraw(move || offline.get().then(|| notice(ui, &Trouble::Offline)))
}

fn notice(ui: Ui, trouble: &Trouble) -> El {
    let (class, role, key, words) = match trouble {
        Trouble::NotKept(words) => ("notice", "alert", Key::NotKept, words.as_str()),
        Trouble::InMemory => ("notice calm", "status", Key::KeptInMemory, ""),
        Trouble::Offline => ("notice calm", "status", Key::Offline, ""),
    };
    let sentence = el("p").live_text(ui.words(key));
    let sentence = match words {
        "" => sentence,
        words => sentence.child(el("code").class("words").text(words)),
    };
    let acts = (*trouble != Trouble::Offline).then(|| {
        div("acts")
            .child(keep_in("keep-in-database", Storage::IndexedDb, trouble, ui))
            .maybe(
                (*trouble != Trouble::InMemory)
                    .then(|| keep_in("keep-in-memory", Storage::Memory, trouble, ui)),
            )
            .shown_if(move || ui.may_change())
    });
    div(class)
        .attr("role", role)
        .attr("data-trouble", trouble.name())
        .child(icon(Icon::Alert))
        .child(sentence)
        .maybe(acts)
}

fn keep_in(action: &'static str, storage: Storage, trouble: &Trouble, ui: Ui) -> El {
    let (which, words, kind) = match (storage, trouble) {
        (Storage::Memory, _) => (Icon::Chip, Key::GoOnInMemory, Kind::Primary),
        (Storage::IndexedDb, Trouble::InMemory) => (Icon::Check, Key::KeepNow, Kind::Plain),
        (Storage::IndexedDb, _) => (Icon::Poll, Key::LoadAgain, Kind::Plain),
    };
    let press = move || ui.order(Command::KeepIn { storage });
    Button::new(action, which, words).kind(kind).on_press(ui, press)
}

/// Whether the browser says that there is no network. Followed.
fn offline() -> ArcRwSignal<bool> {
    let offline = ArcRwSignal::new(!dom::online());
    if let Some(window) = web_sys::window() {
        for name in ["online", "offline"] {
            let (offline, window) = (offline.clone(), window.clone());
            let read = move |_| offline.set(!dom::online());
            keep(Listener::on(window.into(), name, Box::new(read)));
        }
    }
    offline
}
