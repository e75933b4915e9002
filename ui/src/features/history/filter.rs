//! What runs are filtered by: their chain, how they stand, when they were started, and words.

use std::rc::Rc;
use std::sync::Arc;

use baton_engine::history::Standing;
use baton_engine::id::ChainId;
use baton_engine::time::Timestamp;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Log, known};
use crate::components::{Icon, icon, select};
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::route::Route;
use crate::text::Key;
use crate::ui::Ui;
use crate::when;

/// The days between which runs were started, as their fields have them: `2026-11-23`, or nothing.
#[derive(Default)]
pub(super) struct Dates {
    from: String,
    until: String,
}

/// The choice of a chain, which is the address'.
pub(super) fn chain_choice(log: &Log) -> El {
    let ui = log.ui;
    let choice = select(ui, "choose-chain", Key::Chain, move |id| {
        ui.settle(Route::History(ChainId::try_from(id).ok()));
    });
    let field = choice.node().clone();
    let options = choice
        .child(el("option").attr("value", "").live_text(ui.words(Key::AllChains)))
        .each(move || chains(ui), move |id| el("option").attr("value", id).text(&name_of(ui, id)));
    let shown = log.clone();
    react(move || {
        known(ui);
        let id = shown.chain().map(|id| id.to_string()).unwrap_or_default();
        if let Some(field) = field.dyn_ref::<web_sys::HtmlSelectElement>() {
            field.set_value(&id);
        }
    });
    div("history-of").child(options.shown_if(move || !ui.is_single()))
}

/// The chains that have runs, by name; also those that are gone.
fn chains(ui: Ui) -> Vec<String> {
    let mut chains: Vec<(String, ChainId)> = Vec::new();
    for cell in known(ui) {
        if !chains.iter().any(|(_, id)| *id == cell.chain) {
            chains.push((name_of(ui, cell.chain.as_str()), cell.chain.clone()));
        }
    }
    chains.sort();
    chains.into_iter().map(|(_, id)| id.to_string()).collect()
}

/// A chain's name now; of one that is gone, at its latest run.
fn name_of(ui: Ui, id: &str) -> String {
    let core = ui.core();
    if let Some(chain) = core.state.chain(id) {
        return chain.view.get().name.clone();
    }
    let runs = core.state.runs.get();
    let latest = runs.iter().find(|cell| cell.chain.as_str() == id);
    latest.map(|cell| cell.view.get_untracked().name.clone()).unwrap_or_default()
}

/// The filters beside each other.
pub(super) fn filters(log: &Log) -> El {
    div("filters history-filters").child(standings(log)).child(days(log)).child(words(log))
}

/// How a standing is called.
pub(super) fn standing_key(standing: Standing) -> Key {
    match standing {
        Standing::Live => Key::Live,
        Standing::Passed => Key::Passed,
        Standing::Failed => Key::Failed,
        Standing::TimedOut => Key::TimedOut,
        Standing::Cancelled => Key::Cancelled,
    }
}

fn standings(log: &Log) -> El {
    let ui = log.ui;
    let choice = |name: &str, wanted: Option<Standing>, key: Key| {
        let [read, write, counted, kept] = std::array::from_fn(|_| log.clone());
        let is_chosen = move || read.query().standing == wanted;
        let chosen = Rc::new(is_chosen);
        let pressed = chosen.clone();
        let count = move || {
            counted.with(|found, _| match wanted {
                Some(standing) => found.counts[standing as usize],
                None => found.all(),
            })
        };
        let count: Rc<dyn Fn() -> usize> = Rc::new(count);
        let number = count.clone();
        el("button")
            .attr("type", "button")
            .attr("data-action", name)
            .live_value("aria-pressed", move || pressed().to_string())
            .live_text(ui.words(key))
            .text(" ")
            .child(span("number").live_text(move || number().to_string()))
            .on("click", move |_| write.change(|query| query.standing = wanted))
            // What there is none of is not offered, unless it is what one looks at.
            .shown_if(move || {
                kept.moved.track();
                wanted.is_none() || count() > 0 || chosen()
            })
    };
    let buttons = Standing::ALL.map(|standing| {
        let name = match standing {
            Standing::Live => "only-live",
            Standing::Passed => "only-passed",
            Standing::Failed => "only-failed",
            Standing::TimedOut => "only-timed-out",
            Standing::Cancelled => "only-cancelled",
        };
        choice(name, Some(standing), standing_key(standing))
    });
    div("segments")
        .attr("role", "group")
        .live_value("aria-label", ui.words(Key::HowItEnded))
        .child(choice("only-all", None, Key::All))
        .children(buttons)
}

/// The first and the last day, of the reader's own calendar.
fn days(log: &Log) -> El {
    let ui = log.ui;
    let field =
        |action: &str, key: Key, write: fn(&mut Dates, String), read: fn(&Dates) -> &str| {
            let (written, emptied) = (log.clone(), log.clone());
            let input = el("input").attr("type", "date").attr("data-action", action).on(
                "input",
                move |event| {
                    write(&mut written.dates.borrow_mut(), dom::value_of(&event));
                    let (from, until) = {
                        let dates = written.dates.borrow();
                        (midnight(&dates.from, 0), midnight(&dates.until, 1))
                    };
                    written.change(|query| (query.from, query.before) = (from, until));
                },
            );
            follow(&input, &emptied, move |log| read(&log.dates.borrow()).to_owned());
            el("label").class("day").child(span("").live_text(ui.words(key))).child(input)
        };
    div("days")
        .child(field("from", Key::From, |dates, day| dates.from = day, |dates| &dates.from))
        .child(field("until", Key::Until, |dates, day| dates.until = day, |dates| &dates.until))
}

/// When a day begins here, or so many days later; nothing when it is none.
fn midnight(day: &str, later: i32) -> Option<Timestamp> {
    let mut parts = day.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    when::local_midnight(year, month, day + later)
}

fn words(log: &Log) -> El {
    let (ui, written, emptied) = (log.ui, log.clone(), log.clone());
    let input = el("input")
        .attr("type", "search")
        .attr("data-action", "search-runs")
        .attr("autocomplete", "off")
        .live_value("aria-label", ui.words(Key::SearchRuns))
        .live_value("placeholder", ui.words(Key::SearchRuns))
        .live_value("title", ui.words(Key::SearchRunsHint))
        .on("input", move |event| {
            written.words.replace(dom::value_of(&event));
            written.move_on();
        });
    follow(&input, &emptied, |log| log.words.borrow().clone());
    el("label").class("filter").child(icon(Icon::Search)).child(input)
}

/// Keeps a field as what it was filtered by is kept, which the button beside an empty list takes back.
fn follow(input: &El, log: &Log, read: impl Fn(&Log) -> String + 'static) {
    let (field, log) = (input.node().clone(), log.clone());
    react(move || {
        log.moved.track();
        let now = read(&log);
        if let Some(field) = field.dyn_ref::<web_sys::HtmlInputElement>()
            && now.is_empty()
            && !field.value().is_empty()
        {
            field.set_value("");
        }
    });
}

/// Takes every filter back but the chain.
pub(super) fn clear(log: &Log) {
    log.dates.replace(Dates::default());
    log.words.replace(String::new());
    log.change(|query| {
        let sort = (query.sort, query.turned);
        *query = baton_engine::history::Query::default();
        (query.sort, query.turned) = sort;
    });
}

/// The chain's runs with the highest numbers, the latest first. Followed.
pub(super) fn latest_of(ui: Ui, chain: &ChainId) -> Vec<Arc<crate::state::RunCell>> {
    let runs = ui.core().state.runs.get();
    let mut of_chain: Vec<_> = runs.iter().filter(|cell| cell.chain == *chain).cloned().collect();
    of_chain.sort_by_key(|cell| std::cmp::Reverse(cell.number));
    of_chain
}
