//! The frame around the screens: heading, choices, notices, the engine's health, live regions.

use std::cell::Cell;

use baton_engine::locale::Locale;
use baton_engine::protocol::{Fatal, Role, RunPhase, Storage};
use leptos::prelude::*;

use crate::announce::Ears;
use crate::choices::Theme;
use crate::components::{Answer, Ask, Button, Face, Icon, Kind, Nav, NavKind, icon, select};
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::features::board::board;
use crate::features::editor::Task;
use crate::features::fatal::{fatal_notice, fatal_screen};
use crate::features::history::Subject as Past;
use crate::features::keys::keys_dialog;
use crate::features::run::Subject;
use crate::features::secrets::secrets_dialog;
use crate::features::troubles::{WORTH_SAYING, troubles};
use crate::later::{editor, history, run_screen, settings};
use crate::notices::standing;
use crate::route::Route;
use crate::state::Connection;
use crate::status::Status;
use crate::text::{Key, sentences, text};
use crate::ui::Ui;
use crate::when::{self, Zone};

/// What finds a screen's heading.
const SCREEN_TITLE: &str = "[data-screen-title]";
/// Says at the root that the reader has moved, and that no heading has taken the focus since.
const MOVED: &str = "data-moved";

/// A screen's heading, which takes the focus when the reader comes to the screen: at once, or when what the screen
/// waits for is there.
pub fn screen_title() -> El {
    let title = el("h2").attr("tabindex", "-1").attr("data-screen-title", "");
    let node = title.node().clone();
    // It has its place by then.
    request_animation_frame(move || {
        if let Ok(Some(root)) = node.closest(".baton") {
            focus_heading(&root);
        }
    });
    title
}

/// Has the heading that comes next within the screen of `place` take the focus.
pub fn expect_heading(place: &web_sys::Element) {
    if let Ok(Some(root)) = place.closest(".baton") {
        // A name that is one can be set.
        let _ = root.set_attribute(MOVED, "");
    }
}

/// Gives the focus to the heading of the screen at hand, if it is due to it.
fn focus_heading(root: &web_sys::Element) {
    // Who has gone on by hand meanwhile is left where they are.
    let is_free = dom::focused_in(root).is_none_or(|at| at.has_attribute("data-screen-title"));
    // The screen behind a dialog can't take it.
    let dialog = root.query_selector("dialog[open]").ok().flatten();
    let place = dialog.as_ref().unwrap_or(root);
    if root.has_attribute(MOVED) && is_free && dom::focus_in(place, SCREEN_TITLE) {
        let _ = root.remove_attribute(MOVED);
    }
}

/// All there is.
pub fn app(ui: Ui, ears: &Ears) -> El {
    let page = ui.owns_page();
    let (polite, assertive) = (ears.polite.clone(), ears.assertive.clone());
    let root = div("baton")
        .live_value("lang", move || ui.locale().tag().to_owned())
        .live_value("data-theme", move || ui.core().choices.get().theme.word().to_owned())
        .attr("data-mode", if page { "page" } else { "embedded" });
    let root = if page {
        title_the_page(ui);
        react(move || dom::set_icon(standing(ui).icon()));
        root
    } else {
        root.attr("role", "region").live_value("aria-label", ui.words(Key::Brand))
    };
    follow_moves(ui, &root);
    let frame = div("frame")
        .child(landmark(page, "banner", top(ui)))
        .redraw(move || notice(ui))
        .redraw(move || standstill(ui))
        .child(troubles(ui))
        .child(landmark(page, "main", screen(ui)))
        .child(landmark(page, "contentinfo", health(ui)));
    root.child(frame)
        .child(
            div("ears")
                .attr("role", "status")
                .attr("data-ears", "polite")
                .live_text(move || polite.get()),
        )
        .child(
            div("ears")
                .attr("role", "alert")
                .attr("data-ears", "assertive")
                .live_text(move || assertive.get()),
        )
        .child(leave_dialog(ui))
        .child(secrets_dialog(ui))
        .child(keys_dialog(ui))
}

/// A landmark, in a page of our own; in another's page the landmarks are its own.
fn landmark(page: bool, role: &str, part: El) -> El {
    if page { part.attr("role", role) } else { part }
}

/// After each of the reader's own moves the heading of the new screen takes the focus.
fn follow_moves(ui: Ui, root: &El) {
    let root = root.node().clone();
    let seen = Cell::new(0);
    react(move || {
        let moves = ui.core().moves.get();
        if seen.replace(moves) != moves {
            expect_heading(&root);
            let root = root.clone();
            // The screen is drawn by then.
            request_animation_frame(move || focus_heading(&root));
        }
    });
}

fn title_the_page(ui: Ui) {
    react(move || {
        let (state, locale) = (ui.core().state.clone(), ui.locale());
        let chain = |id: &str| state.chain(id).map(|cell| cell.view.get().name.clone());
        let route = ui.core().place.get().route;
        // A run says itself how it stands.
        let standing = match route {
            Route::Run(_) => String::new(),
            _ => standing(ui).words(locale),
        };
        let name = match route {
            Route::Board => None,
            Route::Settings => Some(ui.t(Key::Settings)),
            Route::Chain(id) => chain(id.as_str()),
            Route::Run(id) | Route::Stage(id, _) => state.run(id.as_str()).map(|cell| {
                let view = cell.view.get();
                let word = text(Status::from(view.phase).word(), locale);
                let sign = title_sign(view.phase);
                format!("{sign} {word} · {} #{}", view.name, view.number)
            }),
            Route::New | Route::Import => Some(ui.t(Key::NewChain)),
            Route::History(_) | Route::Compare(..) => Some(ui.t(Key::History)),
            Route::Edit(id) | Route::Copy(id) => {
                chain(id.as_str()).map(|name| sentences::act_on(&ui.t(Key::Edit), &name, locale))
            }
        };
        let parts = [standing, name.unwrap_or_default(), ui.t(Key::Brand)];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        dom::set_title(&parts.join(" · "));
    });
}

/// A run's standing in a character.
fn title_sign(phase: RunPhase) -> char {
    match phase {
        RunPhase::Running => '◔',
        RunPhase::Paused => '‖',
        RunPhase::Blocked => '△',
        RunPhase::Passed => '✔',
        RunPhase::Failed | RunPhase::TimedOut => '✖',
        RunPhase::Cancelled => '⊘',
    }
}

fn top(ui: Ui) -> El {
    let home = Nav { action: "home", kind: NavKind::Text, icon: None, words: None }
        .to(ui, || Route::Board)
        .child(span("brand-mark").child(icon(Icon::Baton)))
        .child(span("").live_text(ui.words(Key::Brand)));
    let ways = div("ways")
        .child(way(ui, "to-chains", Key::Chains, || Route::Board))
        .child(way(ui, "to-history", Key::History, || Route::History(None)))
        .shown_if(move || !ui.is_single());
    let readonly =
        move || (!ui.may_change()).then(|| span("chip").live_text(ui.words(Key::ReadOnly)));
    let to_settings = Nav {
        action: "settings",
        kind: NavKind::Square,
        icon: Some(Icon::Gear),
        words: Some(ui.boxed(Key::Settings)),
    };
    let theme = move || offered(!ui.core().choices.get().fixed.theme);
    let locale = move || offered(!ui.core().choices.get().fixed.locale);
    div("top")
        .child(el(if ui.owns_page() { "h1" } else { "div" }).class("brand").child(home))
        .child(landmark(ui.owns_page(), "navigation", ways))
        .child(span("spring"))
        .child(
            div("choices")
                .redraw(readonly)
                .switch(theme, move |key| (!key.is_empty()).then(|| theme_choice(ui)))
                .switch(locale, move |key| (!key.is_empty()).then(|| locale_choice(ui)))
                .child(to_settings.to(ui, || Route::Settings)),
        )
}

/// A way to one of the main screens, which says whether it is the one that is shown.
fn way(ui: Ui, action: &'static str, words: Key, to: fn() -> Route) -> El {
    let nav = Nav { action, kind: NavKind::Text, icon: None, words: Some(ui.boxed(words)) };
    nav.to(ui, to).live_attr("aria-current", move || {
        let here = ui.core().place.get().route;
        let is_past = matches!(here, Route::History(_) | Route::Compare(..));
        let of_way = if to() == Route::Board { here == Route::Board } else { is_past };
        of_way.then(|| "page".to_owned())
    })
}

/// A key for what is there or not.
fn offered(offer: bool) -> String {
    if offer { "offered".to_owned() } else { String::new() }
}

fn theme_choice(ui: Ui) -> El {
    let option = move |theme: Theme| {
        let selected = move || (ui.core().choices.get().theme == theme).then(String::new);
        el("option")
            .attr("value", theme.word())
            .live_attr("selected", selected)
            .live_text(ui.words(theme_words(theme)))
    };
    select(ui, "theme", Key::Theme, move |word| {
        let theme = Theme::parse(word).unwrap_or_default();
        ui.choose(|choices| choices.theme = theme);
    })
    .children(Theme::ALL.map(option))
}

/// What a theme is called.
pub(crate) fn theme_words(theme: Theme) -> Key {
    match theme {
        Theme::Auto => Key::ThemeAuto,
        Theme::Light => Key::ThemeLight,
        Theme::Dark => Key::ThemeDark,
        Theme::Contrast => Key::ThemeContrast,
    }
}

fn locale_choice(ui: Ui) -> El {
    // Each language by its own name, so that it is found by who needs it.
    let option = move |locale: Locale, name: &str| {
        let selected = move || (ui.locale() == locale).then(String::new);
        el("option")
            .attr("value", locale.tag())
            .attr("lang", locale.tag())
            .live_attr("selected", selected)
            .text(name)
    };
    select(ui, "locale", Key::Language, move |tag| {
        let locale = Locale::from_tag(tag);
        ui.choose(|choices| choices.choose_locale(Some(locale)));
    })
    .child(option(Locale::En, "English"))
    .child(option(Locale::Zh, "简体中文"))
}

/// What the engine last refused, until it is dismissed.
fn notice(ui: Ui) -> Option<El> {
    let refusal = ui.core().notice.get()?;
    let dismiss = Button::new("dismiss", Icon::Cross, Key::Dismiss)
        .kind(Kind::Quiet)
        .face(Face::IconOnly)
        .on_press(ui, move || ui.core().notice.set(None));
    let words = el("p")
        .child(el("strong").live_text(ui.words(Key::SentRefused)))
        .text(" ")
        .live_text(move || refusal.sentence(ui.locale()));
    let bar = div("notice").attr("role", "alert").attr("data-notice", "refused");
    Some(bar.child(icon(Icon::Alert)).child(words).child(dismiss))
}

/// That the engine is gone or coming, above an editor that stays for its unsaved text.
fn standstill(ui: Ui) -> Option<El> {
    if !ui.core().dirty.get() {
        return None;
    }
    match ui.core().state.connection.get() {
        Connection::Live => None,
        Connection::Fatal(fatal) => Some(fatal_notice(ui, &fatal)),
        Connection::Starting => {
            let words = el("p").live_text(ui.words(Key::Starting));
            Some(div("notice calm").attr("role", "status").child(words))
        }
    }
}

/// What is shown in the screen's place.
enum Shown {
    Screen(Route),
    Starting,
    Fatal(Fatal),
}

/// What is to be shown. Followed.
fn shown(ui: Ui) -> Shown {
    let core = ui.core();
    let screen = Shown::Screen(core.place.get().shown);
    match core.state.connection.get() {
        // What is typed outlives the engine.
        _ if core.dirty.get() => screen,
        Connection::Fatal(fatal) => Shown::Fatal(fatal),
        Connection::Live if core.ready.get() => screen,
        Connection::Starting | Connection::Live => Shown::Starting,
    }
}

fn screen(ui: Ui) -> El {
    // A key for each screen: what stays the same is not drawn again.
    let key = move || match shown(ui) {
        Shown::Screen(route) => route.hash(),
        Shown::Starting => "starting".to_owned(),
        Shown::Fatal(_) => "fatal".to_owned(),
    };
    div("screen").switch(key, move |_| {
        Some(match shown(ui) {
            Shown::Screen(Route::Board) => board(ui),
            Shown::Screen(Route::Chain(chain)) => run_screen(ui, Subject::Latest(chain)),
            Shown::Screen(Route::Run(run)) => run_screen(ui, Subject::Run(run)),
            Shown::Screen(Route::Stage(run, stage)) => run_screen(ui, Subject::Stage(run, stage)),
            Shown::Screen(Route::History(_)) => history(ui, Past::Runs),
            Shown::Screen(Route::Compare(one, other)) => history(ui, Past::Pair(one, other)),
            Shown::Screen(Route::Settings) => settings(ui),
            Shown::Screen(Route::New) => editor(ui, Task::New),
            Shown::Screen(Route::Import) => editor(ui, Task::Import),
            Shown::Screen(Route::Edit(chain)) => editor(ui, Task::Edit(chain)),
            Shown::Screen(Route::Copy(chain)) => editor(ui, Task::Copy(chain)),
            Shown::Starting => starting(ui),
            Shown::Fatal(fatal) => fatal_screen(ui, &fatal),
        })
    })
}

/// What is shown until the engine's first word: the board's outline.
fn starting(ui: Ui) -> El {
    div("starting")
        .attr("data-state", "starting")
        .child(el("p").attr("role", "status").live_text(ui.words(Key::Starting)))
        // It may be why nothing comes.
        .redraw(move || Some(el("p").attr("role", "alert").text(&store_trouble(ui)?)))
        .children((0..3).map(|_| div("bone")))
}

/// How the engine is, in a line.
fn health(ui: Ui) -> El {
    let line = move |name: &str, which: Icon, key: Key| {
        el("p")
            .attr("data-health", name)
            .child(icon(which))
            .child(span("").live_text(ui.words(key)))
    };
    let is_live = move || ui.core().state.connection.get() == Connection::Live;
    let works = move || {
        let polls = move || sentences::polls(ui.core().state.polls(), ui.locale());
        is_live().then(|| {
            line("worker", Icon::Poll, Key::WorkerOk)
                .child(span("").attr("data-polls", "").text("· ").live_text(polls))
        })
    };
    let role = move || {
        Some(match ui.core().state.role.get()? {
            Role::Leader => line("leader", Icon::Check, Key::Leads),
            Role::Follower => line("follower", Icon::Tabs, Key::Follows),
        })
    };
    let storage = move || {
        // A restart may have changed it.
        ui.core().state.connection.track();
        let new_in_memory = ui.core().state.health.get().in_memory;
        Some(match (ui.core().link.storage(), new_in_memory) {
            (Storage::Memory, _) => line("memory", Icon::Chip, Key::InMemory),
            (Storage::IndexedDb, true) => line("new-in-memory", Icon::Chip, Key::NewInMemory),
            (Storage::IndexedDb, false) => line("database", Icon::Chip, Key::InDatabase),
        })
    };
    let trouble = move |name: &str, sentence: String| {
        let line = el("p").class("trouble").attr("data-health", name);
        line.child(icon(Icon::Alert)).child(span("").text(&sentence))
    };
    // What lasts is said above the screens.
    let store = move || {
        let failures = ui.core().state.health.get().store.map_or(0, |store| store.failures);
        (failures < WORTH_SAYING)
            .then(|| store_trouble(ui))
            .flatten()
            .map(|said| trouble("store", said))
    };
    let aside = move || {
        let count = ui.core().state.health.get().quarantined;
        (count > 0).then(|| trouble("quarantined", sentences::quarantined(count, ui.locale())))
    };
    div("health")
        .live_value("aria-label", ui.words(Key::EngineHealth))
        .redraw(works)
        .redraw(role)
        .redraw(storage)
        .redraw(store)
        .redraw(aside)
        .child(
            el("p")
                .attr("data-health", "times")
                .child(icon(Icon::Clock))
                .child(span("").live_text(move || times(ui))),
        )
}

/// In which time instants are told.
fn times(ui: Ui) -> String {
    match when::zone() {
        Zone::Local => sentences::local_times(&when::offset(), ui.locale()),
        Zone::Utc => ui.t(Key::TimesAreUtc),
    }
}

/// The store's trouble in a sentence, if it has any. Followed.
fn store_trouble(ui: Ui) -> Option<String> {
    let store = ui.core().state.health.get().store?;
    Some(sentences::store_trouble(&store.message, store.failures, ui.locale()))
}

/// Asks before an editor with unsaved changes is left.
fn leave_dialog(ui: Ui) -> El {
    let ask = Ask {
        title: Key::LeaveTitle,
        hint: Key::LeaveHint,
        no: Key::KeepEditing,
        yes: Key::Discard,
        of: None,
    };
    let asked = move || ui.core().place.get().leaving.is_some();
    ask.dialog(ui, asked, move |answer| {
        let leaving = ui.core().place.get_untracked().leaving;
        match (answer, leaving) {
            (Answer::Yes, Some(route)) => ui.leave(route),
            (Answer::No, Some(_)) => ui.stay(),
            (_, None) => {}
        }
    })
}
