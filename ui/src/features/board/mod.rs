//! The board: all chains, each with its latest run. Live ones first, then trouble, then the rest.

mod recent;
mod row;
mod schedule;

use std::rc::Rc;
use std::sync::Arc;

use baton_engine::locale::Locale;
use baton_engine::protocol::RunPhase;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::screen_title;
use crate::components::{Button, Icon, Kind, Nav, NavKind, icon, menu, menu_items};
use crate::el::{El, div, el, span};
use crate::route::Route;
use crate::state::ChainCell;
use crate::text::Key;
use crate::ui::Ui;

use row::row;

/// Which chains are shown, in the board's order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Group {
    Live,
    Trouble,
    Rest,
}

/// More rows are drawn only as they are scrolled to, in columns that do not depend on what is in them.
const LONG: usize = 60;
/// Up to this many chains need no filter.
const FEW: usize = 2;

/// What the reader looks for. A handle: clones are the same.
#[derive(Clone, Default)]
struct Wanted {
    words: ArcRwSignal<String>,
    group: ArcRwSignal<Option<Group>>,
}

/// All chains.
pub fn board(ui: Ui) -> El {
    let wanted = Wanted::default();
    let (filtered, listed, emptied) = (wanted.clone(), wanted.clone(), wanted);
    let many = move || (chains(ui).len() > FEW).to_string();
    let may_add =
        move || (ui.may_change() && !ui.is_single() && !chains(ui).is_empty()).to_string();
    let bar = div("bar")
        .child(screen_title().live_text(ui.words(Key::Chains)))
        .switch(many, move |many| (many == "true").then(|| filter(ui, &filtered)))
        .child(span("spring"))
        .switch(may_add, move |may| (may == "true").then(|| new_chain(ui, "button")));
    let keys = move || {
        let shown = shown(ui, &listed);
        shown.iter().map(|cell| cell.id.to_string()).collect::<Vec<_>>()
    };
    let rows = el("ul").class("rows").attr("role", "list");
    let rows = rows.live_attr("data-long", move || (chains(ui).len() > LONG).then(String::new));
    let rows = rows.each(keys, move |id| {
        // A key comes from the list, so its chain is there.
        ui.core().state.chain(id).map_or_else(|| el("li"), |cell| row(ui, &cell))
    });
    let state = {
        let emptied = emptied.clone();
        move || match (chains(ui).is_empty(), shown(ui, &emptied).is_empty()) {
            (true, _) => "none".to_owned(),
            (false, true) => "no match".to_owned(),
            (false, false) => String::new(),
        }
    };
    el("section")
        .class("board")
        .attr("data-screen", "board")
        .child(bar)
        .redraw(move || first_run(ui))
        .child(rows)
        .switch(state, move |state| match state {
            "none" => Some(no_chains(ui)),
            "no match" => Some(no_match(ui, emptied.clone())),
            _ => None,
        })
}

/// The way to a new chain, and beside it what else one can begin with.
fn new_chain(ui: Ui, class: &str) -> El {
    let way = |action, icon, words| Nav {
        action,
        kind: NavKind::Button,
        icon: Some(icon),
        words: Some(ui.boxed(words)),
    };
    let quiet = "button quiet";
    let copied = move || Some(Route::Copy(sample(ui)?.id.clone()));
    let items = menu_items()
        .child(way("new-blank", Icon::Plus, Key::BlankChain).to(ui, || Route::New).class(quiet))
        .child(
            way("new-import", Icon::Upload, Key::ImportChain).to(ui, || Route::Import).class(quiet),
        )
        .child(
            way("new-copy", Icon::Copy, Key::CopySample)
                .to(ui, move || copied().unwrap_or_default())
                .class(quiet)
                .shown_if(move || sample(ui).is_some()),
        );
    let more = el("summary")
        .class("button square")
        .attr("data-action", "new-ways")
        .live_value("aria-label", ui.words(Key::OtherWays))
        .live_value("title", ui.words(Key::OtherWays))
        .child(icon(Icon::Chevron));
    let new = way("new", Icon::Plus, Key::NewChain).to(ui, || Route::New).class(class);
    div("split").child(new).child(menu(more, items))
}

/// The chain that a newcomer is invited to run, if it is there.
fn sample(ui: Ui) -> Option<Arc<ChainCell>> {
    let core = ui.core();
    let name = core.sample.as_ref()?;
    let chains = core.state.chains.get();
    chains.iter().find(|cell| cell.view.get().name == *name).cloned()
}

/// The chains that this element shows at all.
fn chains(ui: Ui) -> Vec<Arc<ChainCell>> {
    let core = ui.core();
    let chains = core.state.chains.get();
    chains
        .iter()
        .filter(|cell| core.only.as_ref().is_none_or(|id| *id == cell.id))
        .cloned()
        .collect()
}

/// The group of a chain. Not followed: see [`follow_groups`].
fn group(cell: &ChainCell) -> Group {
    match untrack(|| cell.latest()).map(|run| run.view.get_untracked().phase) {
        Some(RunPhase::Running | RunPhase::Paused) => Group::Live,
        Some(RunPhase::Blocked | RunPhase::Failed | RunPhase::TimedOut) => Group::Trouble,
        Some(RunPhase::Passed | RunPhase::Cancelled) | None => Group::Rest,
    }
}

/// Follows what orders depend on, not each change of each run: once for all chains, however many there are.
fn follow_groups(ui: Ui) {
    ui.core().state.standings.track();
}

fn count(ui: Ui, wanted: Group) -> usize {
    follow_groups(ui);
    chains(ui).iter().filter(|cell| group(cell) == wanted).count()
}

/// The chains that the reader wants, in order: the groups one after the other, each by name.
fn shown(ui: Ui, wanted: &Wanted) -> Vec<Arc<ChainCell>> {
    let words = wanted.words.get().trim().to_ascii_lowercase();
    // A group that became empty is not worth looking at.
    let only = wanted.group.get().filter(|group| count(ui, *group) > 0);
    let named = |cell: &ChainCell| {
        words.is_empty() || cell.view.get().name.to_ascii_lowercase().contains(&words)
    };
    follow_groups(ui);
    let fits = |cell: Arc<ChainCell>| named(&cell).then(|| (group(&cell), cell));
    let fitting: Vec<(Group, Arc<ChainCell>)> = chains(ui).into_iter().filter_map(fits).collect();
    // They come by name, and stay so in each group.
    let of = |wanted: Group| fitting.iter().filter(move |(group, _)| *group == wanted);
    [Group::Live, Group::Trouble, Group::Rest]
        .into_iter()
        .filter(|group| only.is_none_or(|only| only == *group))
        .flat_map(of)
        .map(|(_, cell)| cell.clone())
        .collect()
}

/// The filter by words, and the choice of a group.
fn filter(ui: Ui, wanted: &Wanted) -> El {
    let (read, write) = (wanted.words.clone(), wanted.words.clone());
    let input = el("input")
        .attr("type", "search")
        .attr("data-action", "filter")
        .attr("autocomplete", "off")
        .live_value("aria-label", ui.words(Key::FilterChains))
        .live_value("placeholder", ui.words(Key::FilterChains))
        .on("input", move |event| {
            let input = event.target().and_then(|target| target.dyn_into().ok());
            if let Some(input) = input {
                let input: web_sys::HtmlInputElement = input;
                write.set(input.value());
            }
        });
    let field = input.node().clone();
    crate::el::react(move || {
        // Emptied by the button beside an empty list.
        if read.get().is_empty()
            && let Some(field) = field.dyn_ref::<web_sys::HtmlInputElement>()
        {
            field.set_value("");
        }
    });
    let group = Rc::new(wanted.group.clone());
    let choice = move |name: &str, which: Option<Group>, key: Key| {
        let (now, set) = (group.clone(), group.clone());
        let button = el("button")
            .attr("type", "button")
            .attr("data-action", name)
            .live_value("aria-pressed", move || {
                let now = now.get().filter(|group| count(ui, *group) > 0);
                (now == which).to_string()
            })
            .live_text(ui.words(key))
            .on("click", move |_| set.set(which));
        match which {
            None => button,
            Some(which) => button
                .text(" ")
                .child(span("number").live_text(move || count(ui, which).to_string()))
                .shown_if(move || count(ui, which) > 0),
        }
    };
    let groups = div("segments")
        .attr("role", "group")
        .live_value("aria-label", ui.words(Key::FilterChains))
        .child(choice("show-all", None, Key::All))
        .child(choice("show-live", Some(Group::Live), Key::Live))
        .child(choice("show-trouble", Some(Group::Trouble), Key::Trouble))
        .shown_if(move || count(ui, Group::Live) + count(ui, Group::Trouble) > 0);
    div("filters")
        .child(el("label").class("filter").child(icon(Icon::Search)).child(input))
        .child(groups)
}

/// The sample chain that comes with the page.
const SHIPPED: &str = "sample";

/// The invitation to run the sample chain, as long as nothing was ever run.
fn first_run(ui: Ui) -> Option<El> {
    if !ui.core().state.runs.get().is_empty() || !ui.may_change() {
        return None;
    }
    let cell = sample(ui)?;
    let (id, description) = (cell.id.clone(), cell.view.get().description.clone());
    // The chain says in its own words what it will show. Those of the one that is shipped are English.
    let shipped = id.as_str() == SHIPPED;
    let run = Button::new("run-sample", Icon::Play, Key::RunSample)
        .kind(Kind::Primary)
        .on_press(ui, move || ui.start_and_show(&id));
    let hint = el("p").live_text(move || match ui.locale() {
        Locale::Zh if shipped => ui.t(Key::FirstHint),
        _ if description.is_empty() => ui.t(Key::FirstHint),
        _ => description.clone(),
    });
    let words = div("").child(el("h3").live_text(ui.words(Key::FirstTitle))).child(hint);
    Some(el("section").class("welcome").attr("data-welcome", "").child(words).child(run))
}

/// No chains at all: what a chain is, and the way to the first.
fn no_chains(ui: Ui) -> El {
    let first = new_chain(ui, "button primary");
    div("blank")
        .attr("data-blank", "chains")
        .child(icon(Icon::Baton))
        .child(el("h3").live_text(ui.words(Key::NoChains)))
        .child(el("p").live_text(ui.words(Key::NoChainsHint)))
        .child(div("acts").child(first).shown_if(move || ui.may_change()))
}

fn no_match(ui: Ui, wanted: Wanted) -> El {
    let clear =
        Button::new("clear-filter", Icon::Cross, Key::ClearFilter).on_press(ui, move || {
            wanted.words.set(String::new());
            wanted.group.set(None);
        });
    div("blank")
        .attr("data-blank", "filter")
        .child(el("p").live_text(ui.words(Key::NoMatch)))
        .child(clear)
}
