//! What else can be done with a document under edit: a stage tried, something imported, the chain copied for
//! another tool. Each has a panel that is drawn when it is opened.

use std::cell::Cell;

use baton_engine::protocol::ImportQuestion;
use leptos::prelude::*;

use crate::components::{Button, Icon, copy_later};
use crate::el::{El, div};
use crate::features::run::evidence::copy_export;
use crate::text::Key;
use crate::ui::Ui;

use super::draft::Draft;
use super::import;
use super::problems::GoTo;
use super::trial;

/// The panel of trials, by its name.
const TRIAL: &str = "trial";
/// The panel of imports, by its name.
const IMPORT: &str = "import";

/// The tools of a document under edit, and the panel of the one at hand; that of imports, if that is what one came for.
pub(super) fn tools(draft: &Draft, go_to: &GoTo, imports: bool) -> El {
    let ui = draft.ui;
    let picked = ui.core().picked.take();
    let first = match &picked {
        Some(_) => TRIAL,
        None if imports => IMPORT,
        None => "",
    };
    let open = ArcRwSignal::new(first.to_owned());
    follow_pastes(draft);
    let [exported, drawn] = std::array::from_fn(|_| draft.clone());
    let hurl = copy_later(ui, Key::CopyHurl, move |copied| {
        let document = exported.text.get_untracked();
        copy_export(ui, &ImportQuestion::Hurl { document }, copied);
    });
    let bar = div("tools")
        .child(toggle(ui, &open, TRIAL, ("test-stage", Icon::Play, Key::TestStage)))
        .child(
            toggle(ui, &open, IMPORT, ("import", Icon::Plus, Key::Import))
                .shown_if(move || ui.may_change()),
        )
        .child(hurl);
    let (picked, go_to) = (Cell::new(picked), go_to.clone());
    div("").child(bar).child(import::told(draft)).switch(
        move || open.get(),
        move |panel| match panel {
            TRIAL => Some(trial::panel(&drawn, picked.take(), &go_to)),
            IMPORT => Some(import::panel(&drawn)),
            _ => None,
        },
    )
}

/// A button that opens a panel, and closes it.
fn toggle(
    ui: Ui,
    open: &ArcRwSignal<String>,
    panel: &'static str,
    (action, icon, label): (&'static str, Icon, Key),
) -> El {
    let [shown, pressed] = std::array::from_fn(|_| open.clone());
    Button::new(action, icon, label)
        .on_press(ui, move || {
            let is_open = pressed.get_untracked() == panel;
            pressed.set(if is_open { "" } else { panel }.to_owned());
        })
        .live_value("aria-expanded", move || (shown.get() == panel).to_string())
}

/// A curl command that is pasted into the document becomes a stage of it. One that can't be read is pasted as
/// it is.
fn follow_pastes(draft: &Draft) {
    let this = draft.clone();
    draft.area.on_paste(move |text| {
        let taken = import::is_command(&text) && untrack(|| this.ui.may_change());
        if taken {
            let (draft, pasted) = (this.clone(), text.clone());
            let done = move |done: Result<(), _>| {
                if done.is_err() {
                    draft.splice(draft.area.selection(), &pasted);
                }
            };
            import::insert(&this, (text, None), Box::new(done));
        }
        taken
    });
}
