//! The settings: the reader's choices, and what is stored. Every change acts at once.

mod data;
mod notifications;

use baton_engine::locale::Locale;
use leptos::prelude::*;

use crate::app::{screen_title, theme_words};
use crate::choices::Theme;
use crate::components::{Button, Icon, Nav, NavKind, segments};
use crate::el::{El, div, el, span};
use crate::route::Route;
use crate::text::Key;
use crate::ui::Ui;
use crate::when::{self, Zone};

use data::data;
use notifications::notifications;

/// The settings.
pub fn settings(ui: Ui) -> El {
    let back = Nav {
        action: "back",
        kind: NavKind::Text,
        icon: Some(Icon::Back),
        words: Some(ui.boxed(Key::Chains)),
    };
    let this_visit =
        (!ui.owns_page()).then(|| el("p").class("faint").live_text(ui.words(Key::ThisVisitOnly)));
    el("article")
        .class("settings")
        .attr("data-screen", "settings")
        .child(el("p").class("back").child(back.to(ui, || Route::Board)))
        .child(screen_title().live_text(ui.words(Key::Settings)))
        .maybe(this_visit)
        .child(display(ui))
        .child(keyboard(ui))
        .maybe(notifications(ui))
        .maybe(data(ui))
}

/// A section with a heading.
fn section(ui: Ui, name: &str, title: Key, rows: impl IntoIterator<Item = El>) -> El {
    el("section")
        .attr("data-settings", name)
        .child(el("h3").live_text(ui.words(title)))
        .child(div("setting-rows").children(rows))
}

/// A row: what is set, what that means, and the control.
fn row(ui: Ui, title: Key, hint: Option<Key>, control: El) -> El {
    let words = div("setting-words")
        .child(span("setting-title").live_text(ui.words(title)))
        .maybe(hint.map(|hint| span("faint").live_text(ui.words(hint))));
    div("setting").child(words).child(control)
}

/// A row with a box to tick; its words are the label.
fn tick_row(
    ui: Ui,
    action: &'static str,
    (title, hint): (Key, Option<Key>),
    now: impl Fn() -> bool + 'static,
    set: impl Fn(bool) + 'static,
) -> El {
    let tick = el("input")
        .attr("type", "checkbox")
        .attr("role", "switch")
        .attr("data-action", action)
        .class("switch");
    let input = tick.node().clone();
    // Ticked by the reader, the attribute counts no more.
    crate::el::react(move || {
        let ticked = now();
        // An element takes any property.
        let _ = js_sys::Reflect::set(&input, &"checked".into(), &ticked.into());
    });
    let tick = tick.on("change", move |event| {
        let target = event.target().map(wasm_bindgen::JsValue::from).unwrap_or_default();
        set(crate::dom::field(&target, "checked").is_truthy());
    });
    let words = span("setting-words")
        .child(span("setting-title").live_text(ui.words(title)))
        .maybe(hint.map(|hint| span("faint").live_text(ui.words(hint))));
    el("label").class("setting").child(words).child(tick)
}

fn display(ui: Ui) -> El {
    let fixed = ui.core().choices.get_untracked().fixed;
    let set_by_page = || span("faint").live_text(ui.words(Key::FixedByPage));
    let language = if fixed.locale { set_by_page() } else { languages(ui) };
    let theme = if fixed.theme { set_by_page() } else { themes(ui) };
    let zone = segments(
        ui,
        Key::Times,
        &[("times-local", Key::TimesLocal), ("times-utc", Key::TimesUtc)],
        move || match when::zone() {
            Zone::Local => "times-local",
            Zone::Utc => "times-utc",
        },
        move |word| {
            let zone = if word == "times-utc" { Zone::Utc } else { Zone::Local };
            // Another board of the page may have chosen another since.
            when::follow(zone);
            ui.choose(|choices| choices.zone = zone);
        },
    );
    let rows = [
        row(ui, Key::Language, None, language),
        row(ui, Key::Theme, None, theme),
        row(ui, Key::Times, Some(Key::TimesHint), zone),
    ];
    section(ui, "display", Key::Display, rows)
}

fn languages(ui: Ui) -> El {
    segments(
        ui,
        Key::Language,
        &[
            ("locale-auto", Key::LanguageAuto),
            ("locale-zh", Key::LanguageZh),
            ("locale-en", Key::LanguageEn),
        ],
        move || {
            let choices = ui.core().choices.get();
            match (choices.locale_is_auto, choices.locale) {
                (true, _) => "locale-auto",
                (false, Locale::Zh) => "locale-zh",
                (false, Locale::En) => "locale-en",
            }
        },
        move |word| {
            let locale = match word {
                "locale-zh" => Some(Locale::Zh),
                "locale-en" => Some(Locale::En),
                _ => None,
            };
            ui.choose(|choices| choices.choose_locale(locale));
        },
    )
}

fn themes(ui: Ui) -> El {
    let options = Theme::ALL.map(|theme| (theme.word(), theme_words(theme)));
    segments(
        ui,
        Key::Theme,
        &options,
        move || ui.core().choices.get().theme.word(),
        move |word| {
            let theme = Theme::parse(word).unwrap_or_default();
            ui.choose(|choices| choices.theme = theme);
        },
    )
}

fn keyboard(ui: Ui) -> El {
    let show = Button::new("show-keys", Icon::Keyboard, Key::ShowKeys);
    let show = show.on_press(ui, move || ui.core().keys_shown.set(true));
    let rows = [
        tick_row(
            ui,
            "single-keys",
            (Key::SingleKeys, Some(Key::SingleKeysHint)),
            move || ui.core().choices.get().single_keys,
            move |set| ui.choose(|choices| choices.single_keys = set),
        ),
        row(ui, Key::Keys, None, show),
    ];
    section(ui, "keyboard", Key::Keyboard, rows)
}
