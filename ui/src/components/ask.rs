//! A question that has to be answered first: a modal `<dialog>`, which holds the focus and returns it.

use std::rc::Rc;

use wasm_bindgen::JsCast;

use super::button::{Button, Kind};
use super::icon::Icon;
use crate::el::{El, Words, div, el, react};
use crate::text::Key;
use crate::ui::Ui;

/// A question before something is lost, or done that may be meant.
pub struct Ask {
    /// The question.
    pub title: Key,
    /// What the answer means.
    pub hint: Key,
    /// The words of "no".
    pub no: Key,
    /// The words of "yes".
    pub yes: Key,
    /// What is asked about, by name.
    pub of: Option<Words>,
}

impl Ask {
    /// The dialog, asked as long as `asked` holds. `answer` is called with true for "yes" and false
    /// for every other way out, and has to end the asking.
    pub fn dialog(
        self,
        ui: Ui,
        asked: impl Fn() -> bool + 'static,
        answer: impl Fn(Answer) + 'static,
    ) -> El {
        let yes = Button::new("yes", Icon::Trash, self.yes).kind(Kind::Danger);
        self.boxed(ui, yes, Box::new(asked), Rc::new(answer))
    }

    /// The same before something is done that may be meant, and takes nothing away.
    pub fn dialog_to_go_on(
        self,
        ui: Ui,
        asked: impl Fn() -> bool + 'static,
        answer: impl Fn(Answer) + 'static,
    ) -> El {
        let yes = Button::new("yes", Icon::Play, self.yes).kind(Kind::Primary);
        self.boxed(ui, yes, Box::new(asked), Rc::new(answer))
    }

    fn boxed(
        self,
        ui: Ui,
        yes_button: Button,
        asked: Box<dyn Fn() -> bool>,
        answer: Rc<dyn Fn(Answer)>,
    ) -> El {
        let (no, yes, closed) = (answer.clone(), answer.clone(), answer);
        let dialog = el("dialog")
            .class("dialog")
            .live_value("aria-label", ui.words(self.title))
            .child(el("h2").live_text(ui.words(self.title)))
            .maybe(self.of.map(|of| el("p").class("dialog-of").live_text(move || of())))
            .child(el("p").live_text(ui.words(self.hint)))
            .child(
                div("acts")
                    .child(
                        Button::new("no", Icon::Back, self.no).on_press(ui, move || no(Answer::No)),
                    )
                    .child(yes_button.on_press(ui, move || yes(Answer::Yes))),
            )
            // Escape closes it without a button.
            .on("close", move |_| closed(Answer::No));
        modal(&dialog, asked);
        dialog
    }
}

/// Shows a `<dialog>` before all else as long as `asked` holds.
pub fn modal(dialog: &El, asked: impl Fn() -> bool + 'static) {
    let node = dialog.node().clone();
    react(move || {
        let Some(node) = node.dyn_ref::<web_sys::HtmlDialogElement>() else { return };
        match (asked(), node.open()) {
            // It is in the document by then, and not open: its only ways to fail.
            (true, false) => drop(node.show_modal()),
            (false, true) => node.close(),
            (true, true) | (false, false) => {}
        }
    });
}

/// An answer to a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Do it.
    Yes,
    /// Leave it.
    No,
}
