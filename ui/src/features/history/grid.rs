//! A chain's latest runs stage by stage: a column a run, the newest on the right, a row a stage. How a stage stands is
//! a shape and a colour, how long a run took is the height of its head. Each leads to its run, and to the stage.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use baton_engine::history::lasted;
use baton_engine::id::{ChainId, RunId};
use baton_engine::protocol::{RunPhase, RunView, StageView};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Log;
use super::filter::latest_of;
use crate::components::is_plain;
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::route::Route;
use crate::state::RunCell;
use crate::status::{Status, stage_status};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

/// So many runs are shown at first, and so many more on demand.
const AT_FIRST: usize = 30;
/// How high a bar may be.
const HIGH: u128 = 44;
/// A bar that would be over so many times as high as the middle one is cut.
const MOST: u32 = 3;

/// The grid of a chain.
struct Parts {
    ui: Ui,
    chain: ChainId,
    /// How many runs are shown.
    limit: ArcRwSignal<usize>,
    /// The longest time that a bar has, by which all are drawn.
    full: ArcRwSignal<Duration>,
}

type Grid = Rc<Parts>;

impl Parts {
    /// The runs that are shown, the earliest first. Followed.
    fn shown(&self) -> Vec<Arc<RunCell>> {
        let mut runs = latest_of(self.ui, &self.chain);
        runs.truncate(self.limit.get());
        runs.reverse();
        runs
    }

    /// The rows: the stages of the latest run, then those that only earlier runs have. Followed.
    fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for cell in self.shown().iter().rev() {
            for stage in &cell.view.get_untracked().stages {
                let row = Row::of(stage);
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
        rows
    }
}

/// A row: a stage by its name, or its final check.
#[derive(Clone, PartialEq, Eq)]
struct Row {
    name: String,
    again: bool,
}

impl Row {
    fn of(stage: &StageView) -> Self {
        Self { name: stage.name.clone(), again: stage.again.is_some() }
    }

    fn words(&self, ui: Ui) -> String {
        if self.again {
            sentences::act_on(&self.name, &ui.t(Key::VerifiedAgain), ui.locale())
        } else {
            self.name.clone()
        }
    }
}

/// The grid of a chain's latest runs.
pub(super) fn grid(log: &Log, chain: &ChainId) -> El {
    let ui = log.ui;
    let grid = Rc::new(Parts {
        ui,
        chain: chain.clone(),
        limit: ArcRwSignal::new(AT_FIRST),
        full: ArcRwSignal::new(Duration::ZERO),
    });
    let scaled = grid.clone();
    react(move || {
        ui.core().state.standings.track();
        let full = full(&scaled.shown(), ui);
        if scaled.full.get_untracked() != full {
            scaled.full.set(full);
        }
    });
    let (keyed, drawn, hid, pressed) = (grid.clone(), grid.clone(), grid.clone(), grid.clone());
    let key = move || {
        let rows = keyed.rows();
        rows.iter().map(|row| format!("{}\n{}", row.name, row.again)).collect::<Vec<_>>().join("\n")
    };
    let earlier = el("button")
        .attr("type", "button")
        .class("button quiet small")
        .attr("data-action", "earlier-runs")
        .live_text(ui.words(Key::EarlierRuns))
        .shown_if(move || latest_of(ui, &hid.chain).len() > hid.limit.get())
        .on("click", move |_| pressed.limit.update(|limit| *limit += AT_FIRST));
    let title = div("panel-head")
        .child(el("h3").live_text(ui.words(Key::RunsByStage)))
        .child(span("spring"))
        .child(earlier);
    el("section")
        .class("grid-panel")
        .attr("data-grid", "")
        .live_value("aria-label", ui.words(Key::RunsByStage))
        .child(title)
        .switch(key, move |_| Some(body(&drawn)))
}

/// How long the longest bar is: the longest run, but no more than three times as long as the middle one.
fn full(runs: &[Arc<RunCell>], ui: Ui) -> Duration {
    let now = ui.core().state.now.get_untracked();
    let mut times: Vec<Duration> =
        runs.iter().map(|cell| lasted(&cell.view.get_untracked(), now)).collect();
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    let longest = times.last().copied().unwrap_or_default();
    longest.min(middle.saturating_mul(MOST)).max(Duration::from_secs(1))
}

fn body(grid: &Grid) -> El {
    let ui = grid.ui;
    let rows = Rc::new(untrack(|| grid.rows()));
    let [scaled, keyed, made] = std::array::from_fn(|_| grid.clone());
    let names = rows.iter().map(|row| {
        let [said, titled] = std::array::from_fn(|_| row.clone());
        div("grid-name")
            .live_value("title", move || titled.words(ui))
            .child(span("").live_text(move || said.words(ui)))
    });
    let scale = span("grid-scale").live_text(move || when::growing(scaled.full.get()));
    let names = div("grid-names")
        // Each cell says its stage to ears.
        .attr("aria-hidden", "true")
        .child(div("grid-top").child(scale))
        .children(names.collect::<Vec<_>>());
    let keys = move || keyed.shown().iter().map(|cell| cell.id.to_string()).collect();
    let of_rows = rows.clone();
    let list = el("ol").class("grid-runs").attr("role", "list").each(keys, move |id| {
        // A key comes from the list, so its run is there.
        let cell = ui.core().state.run(id);
        cell.map_or_else(|| el("li"), |cell| column(&made, &of_rows, &cell))
    });
    let list = list
        .live_value("aria-label", ui.words(Key::RunsByStageHint))
        .on("keydown", |event| walk(&event))
        .on("click", move |event| follow(ui, &event));
    one_stop(list.node(), grid);
    // It begins at its end, where the newest run is.
    div("past-grid").child(names).child(div("grid-scroll").child(list))
}

/// A run: its head, and a cell a stage.
fn column(grid: &Grid, rows: &[Row], cell: &Arc<RunCell>) -> El {
    let ui = grid.ui;
    let view = cell.view.get_untracked();
    let place = |row: &Row| view.stages.iter().position(|stage| Row::of(stage) == *row);
    let places: Vec<Option<usize>> = rows.iter().map(place).collect();
    let head = link(ui, "grid-head", &cell.id, None, 0);
    let bar = span("grid-bar");
    let run_mark = span("drawn");
    let head = head
        .child(bar.clone())
        .child(run_mark.clone())
        .child(span("grid-number").attr("aria-hidden", "true").text(&cell.number.to_string()));
    let cells: Vec<El> = places
        .iter()
        .enumerate()
        .map(|(row, place)| match place {
            Some(stage) => link(ui, "grid-cell", &cell.id, Some(*stage), row + 1),
            None => div("grid-cell none"),
        })
        .collect();
    let (drawn, parts, of) = (head.clone(), cells.clone(), (grid.clone(), cell.clone()));
    let known: RefCell<Vec<Option<Status>>> = RefCell::new(vec![None; rows.len() + 1]);
    react(move || {
        let (grid, cell) = &of;
        let (run, locale) = (cell.view.get(), ui.locale());
        let status = Status::from(run.phase);
        let of_run = sentences::run_number(cell.number, locale);
        let words = format!("{of_run}: {}", told(ui, status, Some(took(ui, &run))));
        let _ = drawn
            .clone()
            .attr("data-status", status.slug())
            .attr("aria-label", &words)
            .attr("title", &format!("{words}\n{}", when::date_and_clock(run.started_at, locale)));
        let _ =
            bar.clone().svg("pillar", 14, 44, &figure(took(ui, &run), grid.full.get(), run.phase));
        draw(&run_mark, &mut known.borrow_mut()[0], status);
        for (row, (place, part)) in places.iter().zip(&parts).enumerate() {
            let Some(stage) = place.and_then(|place| run.stages.get(place)) else { continue };
            let status = stage_status(stage.phase, run.phase);
            let took = stage.begun_at.zip(stage.ended_at).map(|(from, to)| to.since(from));
            let words = format!("{}, {of_run}: {}", stage.name, told(ui, status, took));
            let _ = part
                .clone()
                .attr("data-status", status.slug())
                .attr("aria-label", &words)
                .attr("title", &words);
            draw(part, &mut known.borrow_mut()[row + 1], status);
        }
    });
    el("li").class("grid-run").attr("data-grid-run", cell.id.as_str()).child(head).children(cells)
}

/// Draws a mark, unless it is there.
fn draw(place: &El, known: &mut Option<Status>, status: Status) {
    if known.replace(status) != Some(status) {
        let _ = place.clone().svg("mark", 16, 16, status.shape());
    }
}

fn told(ui: Ui, status: Status, took: Option<Duration>) -> String {
    let word = ui.t(status.word());
    match took {
        Some(took) => format!("{word}, {}", when::span(took)),
        None => word,
    }
}

fn took(ui: Ui, run: &RunView) -> Duration {
    lasted(run, ui.core().state.now.get_untracked())
}

/// A bar as high as a run was long: cut at its top if it was longer than the scale, hollow while it goes on.
fn figure(took: Duration, full: Duration, phase: RunPhase) -> String {
    let share = took.as_millis().saturating_mul(HIGH) / full.as_millis().max(1);
    let high = share.clamp(2, HIGH);
    let top = HIGH - high;
    let mut figure = String::new();
    let class = if phase.ended() { "done" } else { "live" };
    // Writing into a text cannot fail.
    let _ = write!(figure, r#"<path class="{class}" d="M2 {top}v{high}h10v-{high}z"/>"#);
    if took > full {
        figure.push_str(r#"<path class="cut" d="M0 10l14 -4"/>"#);
    }
    figure
}

/// A way to a run, or to a stage of it.
fn link(ui: Ui, class: &str, run: &RunId, stage: Option<usize>, row: usize) -> El {
    let route = match stage {
        Some(stage) => Route::Stage(run.clone(), stage),
        None => Route::Run(run.clone()),
    };
    let way = if ui.owns_page() {
        el("a").attr("href", &route.hash())
    } else {
        el("button").attr("type", "button")
    };
    way.class(class)
        .attr("data-row", &row.to_string())
        .attr("data-way", &route.hash())
        .attr("tabindex", "-1")
}

fn closest(event: &web_sys::Event, selector: &str) -> Option<web_sys::Element> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest(selector).ok()?
}

/// Goes where a cell leads.
fn follow(ui: Ui, event: &web_sys::Event) {
    let way = closest(event, "[data-way]").and_then(|cell| cell.get_attribute("data-way"));
    if let Some(way) = way.filter(|_| is_plain(event)) {
        event.prevent_default();
        ui.go(Route::parse(&way));
    }
}

/// One cell of the list is a stop of the Tab key; the arrows go on from there. That one is the newest run's head as
/// long as no other has been gone to.
fn one_stop(list: &web_sys::Element, grid: &Grid) {
    let (list, grid) = (list.clone(), grid.clone());
    react(move || {
        let _ = (grid.shown(), grid.rows());
        let list = list.clone();
        // The columns are there by then.
        request_animation_frame(move || {
            if let Ok(None) = list.query_selector("[tabindex='0']") {
                let last = list.query_selector(".grid-run:last-child [data-row]").ok().flatten();
                set_stop(last.as_ref(), "0");
            }
        });
    });
}

fn set_stop(cell: Option<&web_sys::Element>, stop: &str) {
    if let Some(cell) = cell {
        // The name is valid.
        let _ = cell.set_attribute("tabindex", stop);
    }
}

/// Goes from cell to cell by the arrow keys, Home and End.
fn walk(event: &web_sys::Event) {
    let Some(here) = closest(event, "[data-row]") else { return };
    let Some(column) = here.closest("li").ok().flatten() else { return };
    let row: i32 = here.get_attribute("data-row").and_then(|row| row.parse().ok()).unwrap_or(0);
    let list = column.parent_element();
    let key = dom::field(event, "key").as_string().unwrap_or_default();
    let (goal, rows) = match key.as_str() {
        "ArrowLeft" => (column.previous_element_sibling(), vec![row, 0]),
        "ArrowRight" => (column.next_element_sibling(), vec![row, 0]),
        "Home" => (list.and_then(|list| list.first_element_child()), vec![row, 0]),
        "End" => (list.and_then(|list| list.last_element_child()), vec![row, 0]),
        "ArrowUp" => (Some(column), (0..row).rev().collect()),
        "ArrowDown" => (Some(column), (row + 1..row + 30).collect()),
        _ => return,
    };
    event.prevent_default();
    let find =
        |row: &i32| goal.as_ref()?.query_selector(&format!("[data-row='{row}']")).ok().flatten();
    let Some(there) = rows.iter().find_map(find) else { return };
    set_stop(Some(&here), "-1");
    set_stop(Some(&there), "0");
    if let Ok(there) = there.dyn_into::<web_sys::HtmlElement>() {
        // Only an element that can't take it fails.
        let _ = there.focus();
    }
}
