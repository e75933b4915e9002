//! All runs that were found, a row each. So many at first, the others on demand: thousands stay quick.

use std::rc::Rc;
use std::sync::Arc;

use baton_engine::history::Sort;
use baton_engine::protocol::{RunPhase, RunView};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Log;
use super::filter::clear;
use crate::components::{Button, Icon, Nav, NavKind, icon, status};
use crate::dom;
use crate::el::{El, div, el, span};
use crate::features::steer::{current, progress, statuses};
use crate::route::Route;
use crate::state::RunCell;
use crate::status::Status;
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

/// So many rows are shown at first.
pub(super) const AT_FIRST: usize = 50;
/// So many more on demand.
const MORE: usize = 200;

/// The table, with how many runs there are and what may be done with two of them above it.
pub(super) fn table(log: &Log) -> El {
    let ui = log.ui;
    let [keyed, made, emptied, cleared, hidden, hid, pressed] =
        std::array::from_fn(|_| log.clone());
    let keys = move || {
        keyed.moved.track();
        let most = keyed.limit.get();
        keyed.with(|found, runs| {
            let shown = found.places.iter().take(most);
            shown.filter_map(|place| Some(runs.get(*place)?.id.to_string())).collect()
        })
    };
    let rows = el("tbody").attr("role", "rowgroup").each(keys, move |id| {
        // A key comes from the list, so its run is there.
        let cell = made.ui.core().state.run(id);
        cell.map_or_else(|| el("tr"), |cell| row(&made, &cell))
    });
    let left = |log: &Log| {
        log.moved.track();
        log.with(|found, _| found.places.len()).saturating_sub(log.limit.get())
    };
    let more = el("button")
        .attr("type", "button")
        .class("button quiet small")
        .attr("data-action", "more-runs")
        .live_text(move || sentences::more_runs(left(&hidden), ui.locale()))
        .shown_if(move || left(&hid) > 0)
        .on("click", move |_| {
            pressed.limit.set(pressed.limit.get() + MORE);
            pressed.moved.update(|count| *count += 1);
        });
    let is_empty = move || {
        let empty = emptied.with(|found, _| found.places.is_empty());
        if empty { "none".to_owned() } else { String::new() }
    };
    div("past-runs")
        .child(head(log))
        .child(
            el("table")
                .class("runs")
                .attr("role", "table")
                .live_value("aria-label", ui.words(Key::AllRuns))
                .child(columns(log))
                .child(rows),
        )
        .switch(is_empty, move |empty| (!empty.is_empty()).then(|| no_match(ui, &cleared)))
        .child(more)
}

fn no_match(ui: Ui, log: &Log) -> El {
    let log = log.clone();
    let take_back = Button::new("clear-filter", Icon::Cross, Key::ClearFilter)
        .on_press(ui, move || clear(&log));
    div("blank")
        .attr("data-blank", "filter")
        .child(el("p").live_text(ui.words(Key::NoRunMatches)))
        .child(take_back)
}

/// How many there are, and the way to compare two of them.
fn head(log: &Log) -> El {
    let ui = log.ui;
    let [counted, told, offered, pressed] = std::array::from_fn(|_| log.clone());
    let count = move || {
        let shown = counted.with(|found, _| found.places.len());
        sentences::runs(shown, ui.locale())
    };
    let hint = move || match &told.chosen()[..] {
        [one, other] if one.chain != other.chain => ui.t(Key::ChooseOneChain),
        [one, other] => {
            let (first, second) = (one.number.min(other.number), one.number.max(other.number));
            sentences::two_runs(first, second, ui.locale())
        }
        [one] => sentences::one_more(one.number, ui.locale()),
        _ => ui.t(Key::ChooseTwo),
    };
    let compare = Button::new("compare", Icon::Compare, Key::Compare).on_press(ui, move || {
        if let Some(route) = untrack(|| pair(&pressed)) {
            ui.go(route);
        }
    });
    let compare = compare.live_attr("disabled", move || pair(&offered).is_none().then(String::new));
    div("past-runs-head")
        .child(el("h3").live_text(count))
        .child(span("spring"))
        .child(span("faint").attr("data-hint", "compare").attr("role", "status").live_text(hint))
        .child(compare)
}

/// The comparison of the chosen runs, the earlier one first, if they are two of one chain.
fn pair(log: &Log) -> Option<Route> {
    let chosen = log.chosen();
    let [one, other] = &chosen[..] else { return None };
    let (first, second) = if one.number < other.number { (one, other) } else { (other, one) };
    (one.chain == other.chain).then(|| Route::Compare(first.id.clone(), second.id.clone()))
}

/// The heads of the columns; pressing one sorts by it, pressing it again turns the order round.
fn columns(log: &Log) -> El {
    let ui = log.ui;
    let plain = |key: Key| th(&ui, key, None);
    let sorted = |key: Key, sort: Sort, action: &str| {
        let [told, pressed, drawn] = std::array::from_fn(|_| log.clone());
        let direction = move |log: &Log| {
            let query = log.query();
            // Names go up by themselves; times and durations go down.
            let up = query.turned != matches!(sort, Sort::Chain | Sort::Standing);
            (query.sort == sort).then_some(if up { "ascending" } else { "descending" })
        };
        let button = el("button")
            .attr("type", "button")
            .class("sort")
            .attr("data-action", action)
            .live_text(ui.words(key))
            .child(
                span("sort-mark")
                    .live_value("data-sort", move || direction(&drawn).unwrap_or("none").to_owned())
                    .child(icon(Icon::Chevron)),
            )
            .on("click", move |_| {
                pressed.change(|query| {
                    query.turned = query.sort == sort && !query.turned;
                    query.sort = sort;
                });
            });
        th(&ui, key, Some(button))
            .live_attr("aria-sort", move || direction(&told).map(str::to_owned))
    };
    let choose = el("th")
        .attr("scope", "col")
        .attr("role", "columnheader")
        .child(span("ears").live_text(ui.words(Key::Compare)));
    let row = el("tr")
        .attr("role", "row")
        .child(choose)
        .child(sorted(Key::HowItEnded, Sort::Standing, "sort-standing"))
        .child(sorted(Key::RunNamed, Sort::Chain, "sort-chain"))
        .child(sorted(Key::Started, Sort::Started, "sort-started"))
        .child(sorted(Key::Took, Sort::Took, "sort-took"))
        .child(plain(Key::Stages))
        .child(plain(Key::Reason));
    el("thead").attr("role", "rowgroup").child(row)
}

fn th(ui: &Ui, key: Key, button: Option<El>) -> El {
    let head = el("th").attr("scope", "col").attr("role", "columnheader");
    match button {
        Some(button) => head.child(button),
        None => head.live_text(ui.words(key)),
    }
}

fn row(log: &Log, cell: &Arc<RunCell>) -> El {
    let ui = log.ui;
    let [stood, toned, took, drawn, told, named, titled] =
        std::array::from_fn(|_| cell.view.clone());
    let (route, number, started) = (Route::Run(cell.id.clone()), cell.number, cell.started_at);
    let words = move || format!("{} #{number}", named.get().name);
    let open =
        Nav { action: "open-run", kind: NavKind::Text, icon: None, words: Some(Rc::new(words)) };
    let goal = route.clone();
    let td = |class: &str| el("td").class(class).attr("role", "cell");
    let environment = titled.get_untracked().environment.clone();
    let name = td("run-name")
        .child(open.to(ui, move || route.clone()))
        .maybe(environment.map(|name| span("chip").text(&name)));
    let reason = td("run-why").attr("data-label", "why").redraw(move || why(ui, &told.get()));
    el("tr")
        .attr("role", "row")
        .attr("data-run-row", cell.id.as_str())
        .live_value("data-status", move || Status::from(toned.get().phase).slug().to_owned())
        .child(td("run-choose").child(choice(log, cell)))
        .child(td("run-status").child(status(ui, move || Status::from(stood.get().phase))))
        .child(name)
        .child(td("run-started").live_text(move || when::date_and_clock(started, ui.locale())))
        .child(td("run-took").live_text(move || lasting(ui, &took.get())))
        .child(td("run-stages").child(progress(ui, move || statuses(&drawn.get()))))
        .child(reason)
        .on("click", move |event| {
            if !dom::ends_selection(&event) && !on_control(&event) {
                ui.go(goal.clone());
            }
        })
}

/// Whether a click was meant for something in the row.
fn on_control(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.closest("a, button, label, input"), Ok(Some(_))))
}

/// The box that takes a run for comparison.
fn choice(log: &Log, cell: &Arc<RunCell>) -> El {
    let (ui, id) = (log.ui, cell.id.clone());
    let (changed, shown) = (log.clone(), log.clone());
    let (number, name, wanted) = (cell.number, cell.view.clone(), cell.id.clone());
    let words = move || {
        let of = format!("{} #{number}", name.get().name);
        sentences::act_on(&ui.t(Key::Compare), &of, ui.locale())
    };
    let input = el("input")
        .attr("type", "checkbox")
        .attr("data-action", "choose-run")
        .live_value("aria-label", words)
        .on("change", move |event| {
            let target = event.target().and_then(|target| target.dyn_into().ok());
            if let Some(target) = target {
                let target: web_sys::HtmlInputElement = target;
                changed.choose(&id, target.checked());
            }
        });
    let field = input.node().clone();
    crate::el::react(move || {
        shown.picked.track();
        if let Some(field) = field.dyn_ref::<web_sys::HtmlInputElement>() {
            field.set_checked(shown.chosen.borrow().contains(&wanted));
        }
    });
    el("label").class("choose").child(input)
}

/// How long it took, or has taken so far. The clock is followed only while it goes on.
fn lasting(ui: Ui, run: &RunView) -> String {
    match (run.ended_at, run.phase) {
        (Some(end), _) => when::span(end.since(run.started_at)),
        (None, RunPhase::Paused | RunPhase::Blocked) => String::new(),
        (None, _) => when::growing(ui.now().since(run.started_at)),
    }
}

/// The stage that it is at or that ended it, and why.
fn why(ui: Ui, run: &RunView) -> Option<El> {
    let (_, stage) = current(run).filter(|_| run.phase != RunPhase::Passed)?;
    let reason = stage.reason.as_ref().map(|reason| reason.sentence(ui.locale()));
    let words = span("").child(el("strong").text(&stage.name));
    Some(match reason {
        Some(reason) => words.text(" ").child(span("").text(&reason)),
        None => words,
    })
}

/// The way to a chain's history.
pub(super) fn back_to_history(ui: Ui, chain: &baton_engine::id::ChainId) -> El {
    let route = Route::History(Some(chain.clone()));
    let nav = Nav {
        action: "back",
        kind: NavKind::Text,
        icon: Some(Icon::Back),
        words: Some(ui.boxed(Key::History)),
    };
    el("p").class("back").child(nav.to(ui, move || route.clone()))
}
