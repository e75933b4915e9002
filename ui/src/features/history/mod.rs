//! History: the runs of all chains in a table that is filtered and sorted, and of one chain stage by stage. Two of
//! them are compared. What is computed of them is the engine's `history`, pure functions over the runs at hand.

mod arrivals;
mod compare;
mod filter;
mod grid;
mod table;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use baton_engine::history::{Found, Query, find, searched};
use baton_engine::id::{ChainId, RunId};
use baton_engine::locale::Locale;
use baton_engine::protocol::RunView;
use leptos::prelude::*;

use crate::app::screen_title;
use crate::components::{Icon, Nav, NavKind, icon};
use crate::el::{El, div, el, react};
use crate::route::Route;
use crate::state::RunCell;
use crate::text::Key;
use crate::ui::Ui;

use arrivals::arrivals;
use compare::comparison;
use filter::{Dates, filters};
use grid::grid;
use table::table;

/// What the screen is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// The runs; which chain's, the address says.
    Runs,
    /// Two runs beside each other.
    Pair(RunId, RunId),
}

/// History, or a comparison.
pub fn history(ui: Ui, subject: Subject) -> El {
    match subject {
        Subject::Runs => runs(ui),
        Subject::Pair(one, other) => comparison(ui, &one, &other),
    }
}

/// What the reader looks at, for the many closures that draw it: one reference each.
#[derive(Clone)]
struct Log(Rc<Parts>);

impl Deref for Log {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

struct Parts {
    ui: Ui,
    /// What is looked for; its chain is the address'.
    query: RefCell<Query>,
    dates: RefCell<Dates>,
    words: RefCell<String>,
    /// How many rows are shown.
    limit: Cell<usize>,
    /// Counts what the reader did. Values beside a counter: each type of signal is code of its own.
    moved: ArcRwSignal<u32>,
    /// What was found, and the runs that it is about.
    found: RefCell<(Found, Vec<Arc<RunCell>>)>,
    /// Counts what was found.
    told: ArcRwSignal<u32>,
    /// What ended runs are searched by, and in which language.
    texts: RefCell<(Locale, BTreeMap<RunId, String>)>,
    /// The runs to be compared: at most two.
    chosen: RefCell<Vec<RunId>>,
    /// Counts choices.
    picked: ArcRwSignal<u32>,
}

impl Log {
    fn new(ui: Ui) -> Self {
        Self(Rc::new(Parts {
            ui,
            query: RefCell::default(),
            dates: RefCell::default(),
            words: RefCell::default(),
            limit: Cell::new(table::AT_FIRST),
            moved: ArcRwSignal::new(0),
            found: RefCell::default(),
            told: ArcRwSignal::new(0),
            texts: RefCell::new((Locale::En, BTreeMap::new())),
            chosen: RefCell::default(),
            picked: ArcRwSignal::new(0),
        }))
    }

    /// The chain whose runs are shown; none for all. Followed.
    fn chain(&self) -> Option<ChainId> {
        let core = self.ui.core();
        let asked = match core.place.get().route {
            Route::History(chain) => chain,
            _ => None,
        };
        core.only.clone().or(asked)
    }

    fn change(&self, change: impl FnOnce(&mut Query)) {
        change(&mut self.query.borrow_mut());
        self.move_on();
    }

    /// Tells that the reader looks for something else: from its beginning.
    fn move_on(&self) {
        self.limit.set(table::AT_FIRST);
        self.moved.update(|count| *count += 1);
    }

    /// What is looked for. Followed.
    fn query(&self) -> Query {
        self.moved.track();
        Query { chain: self.chain(), ..self.query.borrow().clone() }
    }

    /// Reads from what was found. Followed.
    fn with<T>(&self, read: impl FnOnce(&Found, &[Arc<RunCell>]) -> T) -> T {
        self.told.track();
        let found = self.found.borrow();
        read(&found.0, &found.1)
    }

    /// Looks anew. Follows what changes it: the runs that there are, and how they stand.
    fn look(&self) {
        let (core, locale) = (self.ui.core(), self.ui.locale());
        core.state.standings.track();
        let cells = core.state.runs.get();
        let query = self.query();
        let views: Vec<Arc<RunView>> = cells.iter().map(|cell| cell.view.get_untracked()).collect();
        let words = self.words.borrow().trim().to_ascii_lowercase();
        let mut says = |run: &RunView| words.is_empty() || self.says(run, &words, locale);
        let found = find(&views, &query, core.state.now.get_untracked(), &mut says);
        self.found.replace((found, cells.to_vec()));
        self.told.update(|count| *count += 1);
    }

    /// Whether a run has all of these words.
    fn says(&self, run: &RunView, words: &str, locale: Locale) -> bool {
        let has = |text: &str| words.split_whitespace().all(|word| text.contains(word));
        if !run.phase.ended() {
            return has(&searched(run, locale));
        }
        let mut texts = self.texts.borrow_mut();
        if texts.0 != locale {
            *texts = (locale, BTreeMap::new());
        }
        has(texts.1.entry(run.id.clone()).or_insert_with(|| searched(run, locale)))
    }

    /// Takes a run for comparison, or lets it go; with a third, the first that was taken goes.
    fn choose(&self, run: &RunId, wanted: bool) {
        let mut chosen = self.chosen.borrow_mut();
        chosen.retain(|known| known != run);
        if wanted {
            if chosen.len() == 2 {
                chosen.remove(0);
            }
            chosen.push(run.clone());
        }
        drop(chosen);
        self.picked.update(|count| *count += 1);
    }

    /// The runs that are chosen, as long as they are there. Followed.
    fn chosen(&self) -> Vec<Arc<RunCell>> {
        self.picked.track();
        let state = self.ui.core().state.clone();
        self.chosen.borrow().iter().filter_map(|id| state.run(id.as_str())).collect()
    }
}

/// The runs that this element shows at all, the latest first. Followed.
fn known(ui: Ui) -> Vec<Arc<RunCell>> {
    let core = ui.core();
    let runs = core.state.runs.get();
    let of_element = |cell: &&Arc<RunCell>| core.only.as_ref().is_none_or(|id| *id == cell.chain);
    runs.iter().filter(of_element).cloned().collect()
}

fn runs(ui: Ui) -> El {
    let log = Log::new(ui);
    let looked = log.clone();
    react(move || looked.look());
    let [keyed, drawn] = std::array::from_fn(|_| log.clone());
    let is_empty = move || if known(ui).is_empty() { "none".to_owned() } else { String::new() };
    // What is learned and drawn of one chain is drawn anew for another.
    let chain = move || keyed.chain().map(|id| id.to_string()).unwrap_or_default();
    let of_chain = move |id: &str| {
        let chain = ChainId::try_from(id).ok()?;
        let parts = div("chain-past").child(grid(&drawn, &chain)).child(arrivals(ui, &chain));
        Some(parts)
    };
    el("section")
        .class("history")
        .attr("data-screen", "history")
        .child(
            div("bar")
                .child(screen_title().live_text(ui.words(Key::History)))
                .child(filter::chain_choice(&log).shown_if(move || !known(ui).is_empty())),
        )
        .switch(is_empty, move |empty| {
            if !empty.is_empty() {
                return Some(no_runs(ui));
            }
            let (chain, of_chain) = (chain.clone(), of_chain.clone());
            let body =
                div("history-body").switch(chain, of_chain).child(filters(&log)).child(table(&log));
            Some(body)
        })
}

/// No run at all: what this will show, and the way to the first.
fn no_runs(ui: Ui) -> El {
    let way = Nav {
        action: "to-chains",
        kind: NavKind::Button,
        icon: Some(Icon::Play),
        words: Some(ui.boxed(Key::RunAChain)),
    };
    let way = way.to(ui, move || match ui.core().only.clone() {
        Some(chain) => Route::Chain(chain),
        None => Route::Board,
    });
    div("blank")
        .attr("data-blank", "runs")
        .child(icon(Icon::Baton))
        .child(el("h3").live_text(ui.words(Key::NoRuns)))
        .child(el("p").live_text(ui.words(Key::NoRunsYetHint)))
        .child(div("acts").child(way.class("button primary")))
}
