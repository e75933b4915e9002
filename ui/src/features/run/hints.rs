//! What a newcomer sees in the first run: three hints below the sample's run once it has ended, until they are
//! dismissed.

use std::sync::Arc;

use leptos::prelude::*;

use crate::choices::HINTS;
use crate::components::{Button, Face, Icon, Kind, Nav, NavKind};
use crate::dom;
use crate::el::{El, div, el};
use crate::route::Route;
use crate::state::RunCell;
use crate::text::Key;
use crate::ui::Ui;

/// The hints, if this is the sample's run and they are still wanted.
pub(super) fn hints(ui: Ui, cell: &Arc<RunCell>) -> Option<El> {
    let core = ui.core();
    let of_sample =
        core.sample.as_ref().is_some_and(|name| *name == cell.view.get_untracked().name);
    if !of_sample || dom::stored(HINTS).is_some() {
        return None;
    }
    let dismissed = ArcRwSignal::new(false);
    let (view, seen, chain) = (cell.view.clone(), dismissed.clone(), cell.chain.clone());
    let shown = move || view.get().phase.ended() && !dismissed.get();
    let dismiss = Button::new("dismiss-hints", Icon::Cross, Key::Dismiss)
        .kind(Kind::Quiet)
        .face(Face::IconOnly)
        .on_press(ui, move || {
            seen.set(true);
            if ui.owns_page() {
                dom::store(HINTS, "1");
            }
        });
    let copy = Nav {
        action: "copy-sample",
        kind: NavKind::Button,
        icon: Some(Icon::Copy),
        words: Some(ui.boxed(Key::CopyChain)),
    };
    let copy = copy.to(ui, move || Route::Copy(chain.clone())).shown_if(move || ui.may_change());
    let hint = |name: &str, key: Key| {
        el("li").attr("data-hint", name).child(el("p").live_text(ui.words(key)))
    };
    let list = el("ol")
        .attr("role", "list")
        .child(hint("polls", Key::HintPolls))
        .child(hint("matrix", Key::HintMatrix))
        .child(hint("copy", Key::HintCopy).child(copy));
    Some(
        el("section")
            .class("hints")
            .attr("data-hints", "")
            .live_value("aria-label", ui.words(Key::HintsTitle))
            .child(div("bar").child(el("h3").live_text(ui.words(Key::HintsTitle))).child(dismiss))
            .child(list)
            .shown_if(shown),
    )
}
