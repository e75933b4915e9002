//! Buttons. Each carries its action's name in `data-action`.

use std::rc::Rc;

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::clock::Timeout;
use crate::dom;
use crate::el::{El, Words, el, span};
use crate::text::{Key, sentences};
use crate::ui::Ui;

/// How much a button weighs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// What one comes for; at most one a place.
    Primary,
    /// With a border.
    #[default]
    Plain,
    /// Without one.
    Quiet,
    /// Takes something away.
    Danger,
}

/// What is seen of a button. Ears hear its words in any case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Face {
    /// Icon and words.
    #[default]
    Full,
    /// The icon; the words as a tooltip.
    IconOnly,
}

/// What a button does, as it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Its name for `data-action`.
    pub action: &'static str,
    /// Its icon.
    pub icon: Icon,
    /// Its words.
    pub label: Key,
}

/// A field for a file, as a button: the browser's own speaks the browser's language.
pub fn file_button(ui: Ui, input: El) -> El {
    el("label")
        .class("button file")
        .child(icon(Icon::Upload))
        .child(span("").live_text(ui.words(Key::ChooseFile)))
        .child(input)
}

/// A button.
pub struct Button {
    /// What it does, as it is shown; may change while it keeps the focus.
    pub look: Rc<dyn Fn() -> Look>,
    /// What it acts on, said to ears besides its words.
    pub of: Option<Words>,
    /// How much it weighs.
    pub kind: Kind,
    /// What is seen of it.
    pub face: Face,
}

impl Button {
    /// A plain button that always does the same.
    pub fn new(action: &'static str, icon: Icon, label: Key) -> Self {
        Self {
            look: Rc::new(move || Look { action, icon, label }),
            of: None,
            kind: Kind::Plain,
            face: Face::Full,
        }
    }

    /// Another weight.
    #[must_use]
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// Another face.
    #[must_use]
    pub fn face(self, face: Face) -> Self {
        Self { face, ..self }
    }

    /// Says to ears what it acts on.
    #[must_use]
    pub fn of(self, of: Words) -> Self {
        Self { of: Some(of), ..self }
    }

    /// The element, which calls `press` when it is pressed.
    pub fn on_press(self, ui: Ui, press: impl Fn() + 'static) -> El {
        self.element(ui, Box::new(press))
    }

    fn element(self, ui: Ui, press: Box<dyn Fn()>) -> El {
        let Self { look, of, kind, face } = self;
        let class = match kind {
            Kind::Primary => "button primary",
            Kind::Plain => "button",
            Kind::Quiet => "button quiet",
            Kind::Danger => "button danger",
        };
        let (action, drawn, name, words) = (look.clone(), look.clone(), look.clone(), look);
        let button = el("button")
            .attr("type", "button")
            .live_value("data-action", move || action().action.to_owned())
            .live_attr("aria-label", move || {
                let word = ui.t(name().label);
                match &of {
                    Some(of) => Some(sentences::act_on(&word, &of(), ui.locale())),
                    None => (face == Face::IconOnly).then_some(word),
                }
            })
            .redraw(move || Some(icon(drawn().icon)))
            .on("click", move |_| press());
        match face {
            Face::Full => {
                button.class(class).child(span("").live_text(move || ui.t(words().label)))
            }
            Face::IconOnly => button
                .class(&format!("{class} square"))
                .live_value("title", move || ui.t(words().label)),
        }
    }
}

/// What a copy button last did.
#[derive(Clone, Copy, PartialEq)]
enum Said {
    Nothing,
    Copied,
    Failed,
    /// There was no text to copy.
    NotMade,
}

/// Takes a text that is to be copied, or nothing when there is none.
pub type Copied = Box<dyn FnOnce(Option<String>)>;

/// A button that copies a text, and says for a moment whether it did.
pub fn copy_button(ui: Ui, label: Key, what: impl Fn() -> String + 'static) -> El {
    copy_later(ui, label, move |copied| copied(Some(what())))
}

/// The same for a text that has to be made first.
pub fn copy_later(ui: Ui, label: Key, make: impl Fn(Copied) + 'static) -> El {
    copy_boxed(ui, label, Box::new(make))
}

fn copy_boxed(ui: Ui, label: Key, make: Box<dyn Fn(Copied)>) -> El {
    let said = ArcRwSignal::new(Said::Nothing);
    let shown = said.clone();
    let look = move || match shown.get() {
        Said::Nothing => Look { action: "copy", icon: Icon::Copy, label },
        Said::Copied => Look { action: "copy", icon: Icon::Check, label: Key::Copied },
        Said::Failed => Look { action: "copy", icon: Icon::Alert, label: Key::CopyFailed },
        Said::NotMade => Look { action: "copy", icon: Icon::Alert, label: Key::CopyNotMade },
    };
    let quiet_again: Rc<std::cell::RefCell<Option<Timeout>>> = Rc::default();
    let button = Button { look: Rc::new(look), of: None, kind: Kind::Quiet, face: Face::Full };
    let button = button.on_press(ui, move || {
        let (said, quiet_again) = (said.clone(), quiet_again.clone());
        make(Box::new(move |text| {
            wasm_bindgen_futures::spawn_local(async move {
                let copied = match text {
                    Some(text) => Some(dom::copy(text).await),
                    None => None,
                };
                said.set(match copied {
                    Some(true) => Said::Copied,
                    Some(false) => Said::Failed,
                    None => Said::NotMade,
                });
                let back = std::time::Duration::from_millis(1600);
                let timeout = Timeout::after(back, move || said.set(Said::Nothing));
                *quiet_again.borrow_mut() = Some(timeout);
            });
        }));
    });
    button.class("button quiet small")
}
