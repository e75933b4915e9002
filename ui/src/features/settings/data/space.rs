//! How much is stored, and whether the browser may let go of it by itself.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use baton_engine::protocol::Storage;

use crate::components::{Button, Icon};
use crate::dom;
use crate::el::{El, div, span};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

use super::Policy;

const GIGABYTE: u64 = 1 << 30;

/// What the browser says of its storage.
#[derive(Clone, Copy, PartialEq, Default)]
struct Space {
    used: Option<f64>,
    quota: Option<f64>,
    persisted: Option<bool>,
}

/// The row.
pub(super) fn space(ui: Ui, policy: ArcRwSignal<Option<Policy>>) -> El {
    let space = ArcRwSignal::new(Space::default());
    look(space.clone());
    let (read, kept, asked, offered) = (space.clone(), space.clone(), space.clone(), space);
    let keep = Button::new("persist", Icon::Check, Key::Persist).on_press(ui, move || {
        let space = asked.clone();
        wasm_bindgen_futures::spawn_local(async move {
            ask("persist").await;
            look(space);
        });
    });
    let in_memory = ui.core().link.storage() == Storage::Memory;
    let keep = keep.shown_if(move || !in_memory && offered.get().persisted == Some(false));
    let counted = move || {
        let state = &ui.core().state;
        let runs = state.runs.get();
        let attempts = runs.iter().flat_map(|run| {
            let view = run.view.get_untracked();
            let own = view.stages.iter().filter(|stage| stage.seeded_from.is_none());
            own.map(|stage| u64::from(stage.attempts)).collect::<Vec<_>>()
        });
        let evidence = policy.get().map(|policy| size(policy.evidence));
        let chains = state.chains.get().len();
        sentences::counted((chains, runs.len(), attempts.sum()), evidence.as_deref(), ui.locale())
    };
    let used = move || {
        let Space { used, quota, .. } = read.get();
        let in_words = |bytes: f64| whole(bytes).map(size);
        match (used.and_then(in_words), quota.and_then(in_words)) {
            (Some(used), Some(quota)) if !in_memory => {
                sentences::space_used(&used, &quota, ui.locale())
            }
            _ => String::new(),
        }
    };
    let persisted = move || match kept.get().persisted {
        Some(true) if !in_memory => ui.t(Key::Persisted),
        Some(false) if !in_memory => ui.t(Key::NotPersisted),
        Some(_) | None => String::new(),
    };
    let words = div("setting-words")
        .attr("data-space", "")
        .child(span("setting-title").live_text(ui.words(Key::Space)))
        .child(span("faint").live_text(counted))
        .child(span("faint").live_text(used))
        .child(span("faint").live_text(persisted));
    div("setting").child(words).child(keep)
}

fn size(bytes: u64) -> String {
    match usize::try_from(bytes) {
        Ok(small) if bytes < GIGABYTE => when::size(small),
        _ => format!("{}.{} GB", bytes / GIGABYTE, bytes % GIGABYTE * 10 / GIGABYTE),
    }
}

/// Bytes as a whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is none below 0")]
pub(super) fn whole(bytes: f64) -> Option<u64> {
    (bytes.is_finite() && bytes >= 0.0).then_some(bytes as u64)
}

/// Asks the browser, and writes what it says.
fn look(space: ArcRwSignal<Space>) {
    wasm_bindgen_futures::spawn_local(async move {
        let estimate = ask("estimate").await;
        let number = |name| estimate.as_ref().and_then(|found| dom::field(found, name).as_f64());
        let (used, quota) = (number("usage"), number("quota"));
        let persisted = ask("persisted").await.and_then(|persisted| persisted.as_bool());
        space.set(Space { used, quota, persisted });
    });
}

/// Calls a function of the browser's storage; none outside of secure contexts, where it has none.
async fn ask(what: &str) -> Option<JsValue> {
    let storage = dom::field(&web_sys::window()?.navigator(), "storage");
    let function: js_sys::Function = dom::field(&storage, what).dyn_into().ok()?;
    let promise: js_sys::Promise = function.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}
