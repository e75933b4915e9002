//! Work on what is stored, which takes many commands: one at a time, with a line on how far it is, and what came of it.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::protocol::{Command, Refusal, Reply};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::el::{El, div, el};
use crate::text::Key;
use crate::ui::{Tending, Ui};

/// The work at hand. A handle: clones are the same.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) ui: Ui,
    tending: Tending,
    /// Whether erasing is asked about.
    pub(super) erasing: ArcRwSignal<bool>,
}

impl Work {
    /// What is under way, if it is so since the screen was last shown.
    pub(super) fn new(ui: Ui) -> Self {
        let tending = ui.core().tending.clone();
        if !tending.busy.get_untracked() {
            tending.said.set(Vec::new());
        }
        Self { ui, tending, erasing: ArcRwSignal::new(false) }
    }

    /// Whether something is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.tending.busy.get_untracked()
    }

    /// Whether something is under way. Followed.
    pub(super) fn under_way(&self) -> bool {
        self.tending.busy.get()
    }

    /// How far it is. Followed.
    pub(super) fn heading(&self) -> String {
        self.tending.said.get().into_iter().next().unwrap_or_default()
    }

    /// Something to press that does nothing while something is under way: it says so, and keeps the focus.
    pub(super) fn held_back(&self, pressed: El) -> El {
        let (ui, busy, why) = (self.ui, self.tending.busy.clone(), self.tending.busy.clone());
        pressed
            .live_attr("aria-disabled", move || busy.get().then(|| true.to_string()))
            .live_attr("title", move || why.get().then(|| ui.t(Key::UnderWay)))
    }

    /// Asks whether to erase, unless something else is under way.
    pub(super) fn ask_to_erase(&self) {
        if !self.is_busy() {
            self.erasing.set(true);
        }
    }

    /// Does it, unless something else is under way.
    pub(super) fn begin(&self, doing: impl Future<Output = ()> + 'static) {
        if self.is_busy() {
            return;
        }
        let busy = self.tending.busy.clone();
        busy.set(true);
        wasm_bindgen_futures::spawn_local(async move {
            doing.await;
            busy.set(false);
        });
    }

    /// Says how far it is, or what came of it.
    pub(super) fn say(&self, lines: Vec<String>) {
        self.tending.said.set(lines);
    }

    /// Sends a command and waits for its answer.
    pub(super) async fn order(&self, command: Command) -> Result<Reply, Refusal> {
        let answered: Rc<RefCell<Option<Result<Reply, Refusal>>>> = Rc::default();
        let (slot, link) = (answered.clone(), self.ui.core().link.clone());
        let mut command = Some(command);
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            let (slot, Some(command)) = (slot.clone(), command.take()) else { return };
            link.send(command, move |answer| {
                slot.replace(Some(answer));
                // A promise's own function can't fail.
                let _ = resolve.call0(&JsValue::NULL);
            });
        });
        // It is never rejected.
        let _ = JsFuture::from(promise).await;
        let missing = || Refusal::Store { message: "there is no answer".to_owned() };
        answered.take().unwrap_or_else(|| Err(missing()))
    }

    /// Where it is said.
    pub(super) fn report(&self) -> El {
        let Tending { said, busy } = self.tending.clone();
        el("div")
            .attr("role", "status")
            .attr("data-work", "")
            .live_value("aria-busy", move || busy.get().to_string())
            .redraw(move || {
                let lines = said.get();
                let (first, rest) = lines.split_first()?;
                let rest = (!rest.is_empty())
                    .then(|| el("ul").children(rest.iter().map(|line| el("li").text(line))));
                Some(div("work").child(el("p").text(first)).maybe(rest))
            })
    }
}
