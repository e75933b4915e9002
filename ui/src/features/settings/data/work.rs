//! Work on what is stored, which takes many commands: one at a time, with a line on how far it is, and what came of it.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::protocol::{Command, Refusal, Reply};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::el::{El, div, el};
use crate::ui::Ui;

/// The work at hand. A handle: clones are the same.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) ui: Ui,
    /// What is said of it, a line each; the first is its heading.
    said: ArcRwSignal<Vec<String>>,
    /// Whether erasing is asked about.
    pub(super) erasing: ArcRwSignal<bool>,
    busy: ArcRwSignal<bool>,
}

impl Work {
    pub(super) fn new(ui: Ui) -> Self {
        Self {
            ui,
            said: ArcRwSignal::default(),
            erasing: ArcRwSignal::new(false),
            busy: ArcRwSignal::new(false),
        }
    }

    /// Asks whether to erase, unless something else is under way.
    pub(super) fn ask_to_erase(&self) {
        if !self.busy.get_untracked() {
            self.erasing.set(true);
        }
    }

    /// Does it, unless something else is under way.
    pub(super) fn begin(&self, doing: impl Future<Output = ()> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let busy = self.busy.clone();
        wasm_bindgen_futures::spawn_local(async move {
            doing.await;
            busy.set(false);
        });
    }

    /// Says how far it is, or what came of it.
    pub(super) fn say(&self, lines: Vec<String>) {
        self.said.set(lines);
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
        let (said, busy) = (self.said.clone(), self.busy.clone());
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
