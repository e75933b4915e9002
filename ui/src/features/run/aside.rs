//! Beside a run: the other runs of its chain, and named values.

use baton_engine::id::{ChainId, RunId};
use leptos::prelude::*;

use crate::components::{Icon, Nav, NavKind, mark};
use crate::el::{El, div, el, span};
use crate::json;
use crate::route::Route;
use crate::state::RunCell;
use crate::status::Status;
use crate::text::Key;
use crate::ui::Ui;
use crate::when;

/// More than this many runs are a history, which is another screen.
const MOST_RUNS: usize = 30;

/// The runs of a chain, the latest first, to switch between.
pub(super) fn other_runs(ui: Ui, run: &RunId, chain: &ChainId) -> El {
    let chain_of_way = chain.clone();
    let (here, chain) = (run.clone(), chain.clone());
    let keys = move || {
        let runs = ui.core().state.runs.get();
        let of_chain = runs.iter().filter(|cell| cell.chain == chain);
        of_chain.take(MOST_RUNS).map(|cell| cell.id.to_string()).collect()
    };
    let list = el("ul").class("run-list").attr("role", "list").each(keys, move |id| {
        // A key comes from the list, so its run is there.
        let cell = ui.core().state.run(id);
        cell.map_or_else(|| el("li"), |cell| other_run(ui, &cell, cell.id == here))
    });
    let route = Route::History(Some(chain_of_way));
    let all = Nav {
        action: "chain-history",
        kind: NavKind::Text,
        icon: Some(Icon::History),
        words: Some(ui.boxed(Key::History)),
    };
    let head = div("panel-head")
        .child(el("h3").live_text(ui.words(Key::Runs)))
        .child(span("spring"))
        .child(all.to(ui, move || route.clone()));
    el("section").class("panel").child(head).child(list)
}

fn other_run(ui: Ui, cell: &RunCell, here: bool) -> El {
    let [marked, worded] = std::array::from_fn(|_| cell.view.clone());
    let (route, number, started) = (Route::Run(cell.id.clone()), cell.number, cell.started_at);
    let link = Nav { action: "switch-run", kind: NavKind::Text, icon: None, words: None }
        .to(ui, move || route.clone())
        .child(mark(move || Status::from(marked.get().phase)))
        .child(span("").text(&format!("#{number}")))
        .child(span("").live_text(move || ui.t(Status::from(worded.get().phase).word())))
        .child(span("faint").live_text(move || when::date_and_clock(started, ui.locale())));
    let item = el("li").attr("data-other-run", cell.id.as_str()).child(link);
    if here { item.attr("aria-current", "true") } else { item }
}

/// Named values, as they are: JSON texts, texts among them without their quotes.
pub(super) fn values(
    ui: Ui,
    title: Key,
    values: impl Fn() -> Vec<(String, String)> + 'static,
) -> El {
    div("").redraw(move || listed(ui, title, &values()))
}

/// The same once; none when there are none. Follows the language.
pub(crate) fn listed(ui: Ui, title: Key, values: &[(String, String)]) -> Option<El> {
    let list = values.iter().map(|(name, value)| {
        div("").child(el("dt").text(name)).child(el("dd").text(&json::unquoted(value)))
    });
    (!values.is_empty()).then(|| {
        let list = el("dl").class("values").children(list);
        let title = el("h3").live_text(ui.words(title));
        el("section").class("panel").attr("data-values", "").child(title).child(list)
    })
}
