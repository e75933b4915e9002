//! The reader's choices: language, colours, times, keys, notifications; how they are kept for the next visit. Only a
//! page of our own keeps them: an embedded board leaves its host's storage alone.

use baton_engine::locale::Locale;
use baton_engine::protocol::TakenOver;

use crate::dom;
use crate::when::Zone;

/// Which colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// As the page around, or the system, has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Black and white, light or dark as the system has it.
    Contrast,
}

impl Theme {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Light, Self::Dark, Self::Contrast];

    /// Reads an attribute's word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }

    /// The word that [`parse`](Self::parse) reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }
}

/// At which ends of runs a notification is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Notices {
    /// At none.
    #[default]
    Never,
    /// At those that came to nothing good.
    Failure,
    /// At all.
    Finish,
}

impl Notices {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Never, Self::Failure, Self::Finish];

    /// The word that [`parse`](Self::parse) reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Failure => "failure",
            Self::Finish => "finish",
        }
    }

    /// Reads what was kept.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notices| notices.word() == word)
    }
}

/// Which of the reader's choices the embedding page has made by an attribute; they are not offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fixed {
    /// The language.
    pub locale: bool,
    /// The colours.
    pub theme: bool,
}

/// The reader's choices.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice by itself")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choices {
    /// The language that is shown.
    pub locale: Locale,
    /// Whether it is the browser's, whichever that is.
    pub locale_is_auto: bool,
    /// The colours.
    pub theme: Theme,
    /// How instants are told.
    pub zone: Zone,
    /// Whether keys without a modifier do anything.
    pub single_keys: bool,
    /// When a notification is shown.
    pub notices: Notices,
    /// Whether one is shown while the page can be seen, too.
    pub notices_always: bool,
    /// Whether it is heard.
    pub sound: bool,
    /// Which of them are not the reader's to make.
    pub fixed: Fixed,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            locale: browser_locale(),
            locale_is_auto: true,
            theme: Theme::Auto,
            zone: Zone::Local,
            single_keys: true,
            notices: Notices::Never,
            notices_always: false,
            sound: false,
            fixed: Fixed::default(),
        }
    }
}

const LOCALE: &str = "baton.locale";
const THEME: &str = "baton.theme";
const TIMES: &str = "baton.times";
const KEYS: &str = "baton.keys";
const NOTICES: &str = "baton.notices";
const ALWAYS: &str = "baton.notices-always";
/// That the hints of a first run were seen.
pub const HINTS: &str = "baton.hints";
const SOUND: &str = "baton.sound";
/// The view of the editor that was chosen last.
pub const EDITOR_VIEW: &str = "baton.editor-view";

/// Every name under which a choice is kept.
const KEPT: [&str; 8] = [LOCALE, THEME, TIMES, KEYS, NOTICES, ALWAYS, SOUND, EDITOR_VIEW];

/// The choices that are kept, to be taken along.
pub fn stored() -> Vec<(&'static str, String)> {
    KEPT.into_iter().filter_map(|key| Some((key, dom::stored(key)?))).collect()
}

/// Keeps a choice that was taken along, where none was made here. None for what is no choice.
pub fn adopt(key: &str, value: &str) -> Option<TakenOver> {
    let key = KEPT.into_iter().find(|known| *known == key)?;
    Some(match dom::stored(key) {
        Some(here) if here == value => TakenOver::Same,
        Some(_) => TakenOver::Different,
        None => {
            dom::keep(key, Some(value));
            TakenOver::New
        }
    })
}

/// Keeps no choice any more, and no trace of earlier visits.
pub fn forget() {
    for key in KEPT.into_iter().chain([HINTS]) {
        dom::keep(key, None);
    }
}

impl Choices {
    /// These, with what was kept in place of what is not fixed. What is not kept, or not understood, is as if nothing
    /// had ever been chosen.
    #[must_use]
    pub fn kept(self) -> Self {
        let Self { fixed, .. } = self;
        let mut kept = Self { fixed, ..Self::default() };
        let is = |key, word: &str| dom::stored(key).is_some_and(|kept| kept == word);
        if fixed.locale {
            (kept.locale, kept.locale_is_auto) = (self.locale, self.locale_is_auto);
        } else if let Some(tag) = dom::stored(LOCALE) {
            kept.choose_locale(Some(Locale::from_tag(&tag)));
        }
        kept.theme = match dom::stored(THEME) {
            _ if fixed.theme => self.theme,
            word => word.and_then(|word| Theme::parse(&word)).unwrap_or_default(),
        };
        kept.zone = if is(TIMES, UTC) { Zone::Utc } else { Zone::Local };
        kept.single_keys = !is(KEYS, OFF);
        let notices = dom::stored(NOTICES).and_then(|word| Notices::parse(&word));
        kept.notices = notices.unwrap_or_default();
        (kept.notices_always, kept.sound) = (is(ALWAYS, ON), is(SOUND, ON));
        kept
    }

    /// Keeps them for the next visit, each only as far as it differs from what there is without a choice.
    pub fn keep(&self) {
        let flag = |key, set, word| dom::keep(key, if set { Some(word) } else { None });
        if !self.fixed.locale {
            flag(LOCALE, !self.locale_is_auto, self.locale.tag());
        }
        if !self.fixed.theme {
            flag(THEME, self.theme != Theme::Auto, self.theme.word());
        }
        flag(TIMES, self.zone == Zone::Utc, UTC);
        flag(KEYS, !self.single_keys, OFF);
        flag(NOTICES, self.notices != Notices::Never, self.notices.word());
        flag(ALWAYS, self.notices_always, ON);
        flag(SOUND, self.sound, ON);
    }

    /// Another language; none is the browser's.
    pub fn choose_locale(&mut self, locale: Option<Locale>) {
        self.locale_is_auto = locale.is_none();
        self.locale = locale.unwrap_or_else(browser_locale);
    }
}

const UTC: &str = "utc";
const ON: &str = "on";
const OFF: &str = "off";

fn browser_locale() -> Locale {
    let tag = web_sys::window().and_then(|window| window.navigator().language());
    Locale::from_tag(&tag.unwrap_or_default())
}
