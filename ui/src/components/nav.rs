//! Ways from screen to screen: links where the address is ours, buttons in someone else's page.

use std::rc::Rc;

use wasm_bindgen::JsCast;

use super::icon::{Icon, icon};
use crate::el::{El, Words, el, span};
use crate::route::Route;
use crate::ui::Ui;

/// What a way looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NavKind {
    /// Words in a line.
    Text,
    /// A button.
    Button,
    /// A square button with only an icon.
    Square,
}

/// A way to a screen.
pub struct Nav {
    /// Its name for `data-action`.
    pub action: &'static str,
    /// What it looks like.
    pub kind: NavKind,
    /// Its icon.
    pub icon: Option<Icon>,
    /// Its words; for ears and as a tooltip when it is square.
    pub words: Option<Words>,
}

impl Nav {
    /// The element that leads to the route, which may change.
    pub fn to(self, ui: Ui, route: impl Fn() -> Route + 'static) -> El {
        self.element(ui, Rc::new(route))
    }

    fn element(self, ui: Ui, route: Rc<dyn Fn() -> Route>) -> El {
        let Self { action, kind, icon: drawn, words } = self;
        let class = match kind {
            NavKind::Text => "link",
            NavKind::Button => "button",
            NavKind::Square => "button quiet square",
        };
        let goal = route.clone();
        let way = if ui.owns_page() {
            el("a").live_value("href", move || goal().hash())
        } else {
            el("button").attr("type", "button")
        };
        let way = way.class(class).attr("data-action", action).on("click", move |event| {
            if is_plain(&event) {
                // The guard of the editor asks before the address changes.
                event.prevent_default();
                ui.go(leptos::prelude::untrack(|| route()));
            }
        });
        let way = way.maybe(drawn.map(icon));
        match (kind, words) {
            (NavKind::Square, Some(words)) => {
                let title = words.clone();
                way.live_value("aria-label", move || words()).live_value("title", move || title())
            }
            (NavKind::Text | NavKind::Button, Some(words)) => {
                way.child(span("").live_text(move || words()))
            }
            (_, None) => way,
        }
    }
}

/// Whether the browser is not asked for another tab or window.
pub fn is_plain(event: &web_sys::Event) -> bool {
    event.dyn_ref::<web_sys::MouseEvent>().is_none_or(|event| {
        event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key())
    })
}
