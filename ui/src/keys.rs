//! Shortcuts: which there are, when a key is one, and what it does. A key presses what can be pressed on the screen, so
//! that it does no more than a button does, and nothing where there is none.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::dom::Listener;
use crate::el::{El, keep};
use crate::route::Route;
use crate::ui::{Step, Ui};

/// How long the first of two keys is remembered.
const PATIENCE_MS: f64 = 1500.0;

/// A shortcut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shortcut {
    /// Shows them all.
    Help,
    /// Goes to the board.
    Board,
    /// Goes to the history of runs.
    History,
    /// Goes to the settings.
    Settings,
    /// Goes back.
    Back,
    /// Goes to the field that filters.
    Filter,
    /// A new chain.
    New,
    /// The next of a list.
    Next,
    /// The one before.
    Previous,
    /// Opens the one that has the focus; the browser itself does it.
    Open,
    /// Edits the chain.
    Edit,
    /// Runs the chain.
    Run,
    /// Pauses the run, or resumes it.
    Pause,
    /// Polls now.
    PollNow,
    /// Opens the attempt before the one that is open.
    AttemptBefore,
    /// Opens the attempt after it.
    AttemptAfter,
    /// Goes to the matrix.
    Matrix,
    /// Saves what is edited.
    Save,
}

impl Shortcut {
    /// Every one.
    pub const ALL: [Self; 18] = [
        Self::Help,
        Self::Board,
        Self::History,
        Self::Settings,
        Self::Back,
        Self::Filter,
        Self::New,
        Self::Next,
        Self::Previous,
        Self::Open,
        Self::Edit,
        Self::Run,
        Self::Pause,
        Self::PollNow,
        Self::AttemptBefore,
        Self::AttemptAfter,
        Self::Matrix,
        Self::Save,
    ];

    /// Its keys: two of one character are pressed one after the other, `Control` is held.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Help => &["?"],
            Self::Board => &["g", "b"],
            Self::History => &["g", "h"],
            Self::Settings => &["g", "s"],
            Self::Back => &["Escape"],
            Self::Filter => &["/"],
            Self::New => &["n"],
            Self::Next => &["j"],
            Self::Previous => &["k"],
            Self::Open => &["Enter"],
            Self::Edit => &["e"],
            Self::Run => &["r"],
            Self::Pause => &["p"],
            Self::PollNow => &["."],
            Self::AttemptBefore => &["["],
            Self::AttemptAfter => &["]"],
            Self::Matrix => &["m"],
            Self::Save => &["Control", "s"],
        }
    }

    /// Whether it is one character, which the reader may not want to mean anything (WCAG 2.1.4).
    fn is_single(self) -> bool {
        self != Self::Save
    }

    /// Carries it out; says whether there was anything to do.
    fn act(self, at: &Place) -> bool {
        let ui = at.ui;
        match self {
            Self::Help => ui.core().keys_shown.set(true),
            Self::Board if !ui.is_single() => ui.go(Route::Board),
            Self::History => return at.press("[data-action=to-history]"),
            Self::Settings => ui.go(Route::Settings),
            Self::Back => return at.press("[data-action=back]"),
            Self::Filter => return at.focus("[data-action=filter]"),
            Self::New => return at.press("[data-action=new]"),
            Self::Next => return at.step(ITEMS, 1).is_some(),
            Self::Previous => return at.step(ITEMS, -1).is_some(),
            Self::Edit => return at.press_here("[data-action=edit]"),
            Self::Run => return at.press_here("[data-action=start]"),
            Self::Pause => return at.press_here("[data-action=pause],[data-action=resume]"),
            Self::PollNow => return at.press_here("[data-action=poll]"),
            Self::AttemptBefore => return ui.step_attempt(Step::Earlier),
            Self::AttemptAfter => return ui.step_attempt(Step::Later),
            Self::Matrix => return at.focus("[data-matrix] button, [data-matrix] select"),
            Self::Save => return at.press("[data-action=save]"),
            Self::Board | Self::Open => return false,
        }
        true
    }
}

/// What `j` and `k` step through: the chains of the board, the stages of a run, whatever else calls itself an item.
const ITEMS: &str = "[data-action=open],[data-action=fold],[data-item]";

/// Heeds keys as long as the current owner lives: in a page of our own wherever they are pressed, else only inside `root`.
pub fn listen(ui: Ui, root: El) {
    let root = root.attr("data-heeds-keys", "").node().clone();
    let window = web_sys::window().filter(|_| ui.owns_page());
    let target = window.map_or_else(|| root.clone().unchecked_into(), JsCast::unchecked_into);
    let before = Cell::new(None);
    let heed = move |event: web_sys::Event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>()
            && let Some(from) = place_of(event, &root)
            && let Some(shortcut) = shortcut_of(event, &before)
            && (ui.core().choices.get_untracked().single_keys || !shortcut.is_single())
            && untrack(|| shortcut.act(&Place { ui, root: root.clone(), from }))
        {
            event.prevent_default();
        }
    };
    keep(Listener::on(target, "keydown", Box::new(heed)));
}

/// The element that has the focus, if its keys are for shortcuts at all.
fn place_of(event: &KeyboardEvent, root: &Element) -> Option<Element> {
    if event.default_prevented() || event.is_composing() || event.alt_key() {
        return None;
    }
    // Outside of a shadow root an event's target is its host; the way that it came says more.
    let from: Element = event.composed_path().get(0).dyn_into().ok()?;
    // A button or a box is no field, and Ctrl+S writes nothing.
    let fields =
        "input:not([type=checkbox],[type=radio],[type=button]),textarea,select,[contenteditable]";
    let types = !event.ctrl_key() && !event.meta_key() && from.matches(fields).unwrap_or(false);
    let is_ours = root.contains(Some(&from)) || matches!(&*from.tag_name(), "BODY" | "HTML");
    // A selector that a browser does not know matches nothing.
    let is_open = |selector| matches!(root.query_selector(selector), Ok(Some(_)));
    let asks = is_open("dialog[open]") || is_open(":popover-open");
    (is_ours && !types && !asks).then_some(from)
}

/// Which shortcut a key completes; the first key of two is remembered in `before`.
fn shortcut_of(
    event: &KeyboardEvent,
    before: &Cell<Option<(&'static str, f64)>>,
) -> Option<Shortcut> {
    let key = event.key();
    let now = event.time_stamp();
    let control = event.ctrl_key() || event.meta_key();
    let first = match before.take() {
        _ if control => Some("Control"),
        Some((first, at)) if now - at < PATIENCE_MS => Some(first),
        Some(_) | None => None,
    };
    let found = Shortcut::ALL.into_iter().find(|shortcut| match (first, shortcut.keys()) {
        (None, [only]) => *only == key,
        (Some(first), [held, last]) => *held == first && *last == key,
        _ => false,
    });
    let begins = |keys: &'static [&'static str]| {
        keys.first().filter(|first| keys.len() > 1 && **first == key)
    };
    if found.is_none()
        && !control
        && let Some(first) = Shortcut::ALL.into_iter().find_map(|shortcut| begins(shortcut.keys()))
    {
        before.set(Some((*first, now)));
    }
    // A key that is held repeats only what is a step.
    let steps = || matches!(found, Some(Shortcut::Next | Shortcut::Previous));
    found.filter(|_| !event.repeat() || steps())
}

/// Where a key is pressed.
struct Place {
    ui: Ui,
    root: Element,
    from: Element,
}

impl Place {
    /// What is about one thing: a row of a list, else a screen that is no list.
    fn subject(&self) -> Option<Element> {
        let row = self.from.closest("[data-chain]").ok().flatten();
        row.or_else(|| {
            self.root.query_selector("[data-screen=run],[data-screen=editor]").ok().flatten()
        })
    }

    /// Presses the first that can be pressed.
    fn press(&self, selector: &str) -> bool {
        press_in(&self.root, selector)
    }

    /// Presses the first that can be pressed of what the key is about.
    fn press_here(&self, selector: &str) -> bool {
        self.subject().is_some_and(|subject| press_in(&subject, selector))
    }

    /// Gives the focus to the first.
    fn focus(&self, selector: &str) -> bool {
        let found = pressable(&self.root, selector).into_iter().next();
        found.is_some_and(|found| found.focus().is_ok())
    }

    /// Gives the focus to the next of these, or to the one before; the ends are ends.
    fn step(&self, selector: &str, by: isize) -> Option<HtmlElement> {
        let items = pressable(&self.root, selector);
        let holds = |item: &HtmlElement| {
            let row = item.closest("li,tr").ok().flatten();
            **item == self.from || row.is_some_and(|row| row.contains(Some(&self.from)))
        };
        // The innermost: a stage holds its attempts.
        let here = items.iter().rposition(holds);
        let next = match here {
            Some(here) => here.checked_add_signed(by)?,
            None => 0,
        };
        let next = items.get(next)?;
        next.focus().ok()?;
        Some(next.clone())
    }
}

/// What can be seen and pressed in an element, in the order of the document.
fn pressable(within: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = within.query_selector_all(selector) else { return Vec::new() };
    let elements =
        (0..list.length()).filter_map(|at| list.item(at)?.dyn_into::<HtmlElement>().ok());
    elements
        .filter(|element| element.offset_width() > 0 && !element.has_attribute("disabled"))
        .collect()
}

fn press_in(within: &Element, selector: &str) -> bool {
    let found = pressable(within, selector).into_iter().next();
    if let Some(found) = &found {
        found.click();
    }
    found.is_some()
}
