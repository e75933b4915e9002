//! The attempts of a stage, the latest first. Ten thousand of them are a table of the right height in which only the
//! rows are made that can be seen, or nearly.
//!
//! Rows come in chunks, counted from the oldest, so that a new attempt leaves all chunks but one as they are. A chunk
//! out of sight is an empty element as high as its rows were, or would be.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use baton_engine::protocol::{AttemptPhase, AttemptView};
use baton_engine::verify::Verdict;
use leptos::prelude::*;

use crate::dom::{self, Seen};
use crate::el::{El, div, el, keep, react};
use crate::state::AttemptCell;
use crate::text::{Key, sentences};

use super::attempt::{RowOf, attempt};
use super::gantt::of_stage;
use super::stage::Subject;

/// So many rows are made, or let go, at once.
const CHUNK: usize = 10;
/// The height of most rows, in pixels; how high a chunk really is, is known once it was seen.
const ROW: i32 = 32;
/// Rows this far from what is seen are made, so that scrolling finds them there.
const MARGIN: &str = "600px 0px";
/// A longer table scrolls in a frame of its own.
const LONG: usize = 60;
/// From so many attempts on one may choose among them.
const CHOICE: usize = 12;

/// A chunk's place, counted from the oldest, on its element.
const PLACE: &str = "data-chunk";

/// Which attempts are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Filter {
    All,
    /// Those that saw something else than the one before.
    Changes,
    Failed,
}

const FILTERS: [(Filter, &str, Key); 3] = [
    (Filter::All, "list-all", Key::All),
    (Filter::Changes, "list-changes", Key::OnlyChanges),
    (Filter::Failed, "list-failed", Key::OnlyFailed),
];

/// An attempt that is listed, and for how many after it that saw the same it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Item {
    number: u32,
    same: u32,
}

struct Chunk {
    element: web_sys::Element,
    /// Whether it can be seen, or nearly.
    near: ArcRwSignal<bool>,
    height: Rc<Cell<Option<i32>>>,
}

#[derive(Clone)]
struct Log(Rc<Parts>);

impl Deref for Log {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

struct Parts {
    subject: Subject,
    filter: Cell<Filter>,
    filtered: ArcRwSignal<u32>,
    /// The oldest first.
    items: RefCell<Rc<Vec<Item>>>,
    /// Counts what was listed.
    listed: ArcRwSignal<u32>,
    /// The attempt that decided the stage's bad end; 0 for none. One for all rows, which would else each follow the run.
    decider: ArcRwSignal<u32>,
    /// By their places.
    chunks: RefCell<Vec<Option<Chunk>>>,
    seen: RefCell<Option<Seen>>,
}

/// Has a chunk followed until it is let go.
struct Watched {
    log: Weak<Parts>,
    at: usize,
}

impl Drop for Watched {
    fn drop(&mut self) {
        let Some(log) = self.log.upgrade() else { return };
        let gone = log.chunks.borrow_mut().get_mut(self.at).and_then(Option::take);
        if let (Some(chunk), Some(seen)) = (gone, &*log.seen.borrow()) {
            seen.unwatch(&chunk.element);
        }
    }
}

/// The attempts of a stage.
pub(super) fn log(subject: &Subject) -> El {
    let log = Log(Rc::new(Parts {
        subject: subject.clone(),
        filter: Cell::new(Filter::All),
        filtered: ArcRwSignal::new(0),
        items: RefCell::default(),
        listed: ArcRwSignal::new(0),
        decider: ArcRwSignal::new(0),
        chunks: RefCell::default(),
        seen: RefCell::default(),
    }));
    let ui = subject.ui;
    let [listing, deciding, long, reached, played, named, empty] =
        std::array::from_fn(|_| log.clone());
    react(move || listing.list());
    react(move || deciding.decide());
    let frame = div("log")
        .live_attr("data-long", move || (long.items().len() > LONG).then(String::new))
        // What may scroll has to be reachable by keys.
        .live_attr("tabindex", move || (reached.items().len() > LONG).then(|| "0".to_owned()));
    let frame = frame
        .live_attr("role", move || (played.items().len() > LONG).then(|| "group".to_owned()))
        .live_attr("aria-label", move || (named.items().len() > LONG).then(|| named.title()));
    log.watch(frame.node());
    let none =
        el("p").class("faint log-none").live_text(ui.words(Key::NoneOfThem)).shown_if(move || {
            let loaded = empty.subject.attempts().is_some_and(|all| !all.is_empty());
            loaded && empty.items().is_empty()
        });
    div("").child(filters(&log)).child(frame.child(table(&log))).child(none)
}

impl Log {
    /// Follows the attempts and the filter.
    fn list(&self) {
        self.filtered.track();
        let all = self.subject.attempts().unwrap_or_default();
        let sought =
            self.subject.linked.sought().filter(|(stage, _)| *stage as usize == self.subject.index);
        let mut now = chosen(&all, self.filter.get());
        if sought.is_some_and(|(_, number)| {
            now.binary_search_by_key(&number, |item| item.number).is_err()
        }) {
            self.filter.set(Filter::All);
            now = chosen(&all, Filter::All);
        }
        if **self.items.borrow() != now {
            self.items.replace(Rc::new(now));
            self.listed.update(|count| *count += 1);
        }
    }

    /// Follows the run and its attempts.
    fn decide(&self) {
        let latest = self.subject.attempts().and_then(|all| Some(all.last()?.number));
        let latest = latest.filter(|_| self.subject.ended_badly()).unwrap_or_default();
        if self.decider.get_untracked() != latest {
            self.decider.set(latest);
        }
    }

    /// Whose attempts they are.
    fn title(&self) -> String {
        let ui = self.subject.ui;
        sentences::act_on(&ui.t(Key::Attempts), &self.subject.name(), ui.locale())
    }

    fn items(&self) -> Rc<Vec<Item>> {
        self.listed.track();
        self.items.borrow().clone()
    }

    fn place(&self, number: u32) -> Option<usize> {
        self.items().binary_search_by_key(&number, |item| item.number).ok()
    }

    /// How many rows a chunk has.
    fn rows(&self, at: usize) -> usize {
        self.items().len().saturating_sub(at * CHUNK).min(CHUNK)
    }

    /// Whether an attempt is in a chunk that has to be there.
    fn seeks(&self, at: usize) -> bool {
        let sought =
            self.subject.linked.sought().filter(|(stage, _)| *stage as usize == self.subject.index);
        sought.and_then(|(_, number)| self.place(number)).is_some_and(|place| place / CHUNK == at)
    }

    /// Has a chunk follow what is seen, until its owner goes.
    fn follow(&self, at: usize, chunk: Chunk) {
        if let Some(seen) = &*self.seen.borrow() {
            seen.watch(&chunk.element);
        }
        let mut chunks = self.chunks.borrow_mut();
        if chunks.len() <= at {
            chunks.resize_with(at + 1, || None);
        }
        chunks[at] = Some(chunk);
        keep(Watched { log: Rc::downgrade(&self.0), at });
    }

    /// Has chunks follow what is seen of the frame.
    fn watch(&self, frame: &web_sys::Element) {
        let log: Weak<Parts> = Rc::downgrade(&self.0);
        let moved = move |element: web_sys::Element, near: bool| {
            let Some(log) = log.upgrade() else { return };
            let chunks = log.chunks.borrow();
            let at = element.get_attribute(PLACE).and_then(|at| at.parse::<usize>().ok());
            let chunk = at.and_then(|at| chunks.get(at)?.as_ref());
            // One that was let go may still be told of.
            let Some(chunk) = chunk.filter(|chunk| chunk.element == element) else { return };
            // What has the focus stays.
            if !near && dom::focused_in(&element).is_some() {
                return;
            }
            if !near && chunk.near.get_untracked() {
                chunk.height.set(Some(element.client_height()));
            }
            let near_signal = chunk.near.clone();
            drop(chunks);
            if near_signal.get_untracked() != near {
                near_signal.set(near);
            }
        };
        self.seen.replace(Seen::within(frame, MARGIN, Box::new(moved)));
    }
}

/// The attempts that a filter lets through, the oldest first.
fn chosen(all: &[Arc<AttemptCell>], filter: Filter) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(all.len());
    let mut before: Option<Arc<AttemptView>> = None;
    for cell in all {
        let number = cell.number;
        if filter == Filter::All {
            items.push(Item { number, same: 0 });
            continue;
        }
        let view = settled(cell);
        let wanted = match filter {
            Filter::All => true,
            Filter::Failed => {
                matches!(view.phase, AttemptPhase::Judged(Verdict::Fail) | AttemptPhase::Lost)
            }
            Filter::Changes => before.as_ref().is_none_or(|before| differs(before, &view)),
        };
        match items.last_mut() {
            _ if wanted => items.push(Item { number, same: 0 }),
            Some(last) if filter == Filter::Changes => last.same += 1,
            Some(_) | None => {}
        }
        before = Some(view);
    }
    items
}

/// What an attempt came to; followed only until it has.
fn settled(cell: &AttemptCell) -> Arc<AttemptView> {
    let calls = cell.view.with_untracked(|view| view.phase == AttemptPhase::Calling);
    if calls { cell.view.get() } else { cell.view.get_untracked() }
}

fn differs(before: &AttemptView, view: &AttemptView) -> bool {
    before.phase != view.phase || before.reason != view.reason || before.status != view.status
}

fn filters(log: &Log) -> El {
    let (ui, wanted) = (log.subject.ui, log.clone());
    let button = |(filter, action, words): (Filter, &'static str, Key)| {
        let (shown, pressed) = (log.clone(), log.clone());
        el("button")
            .attr("type", "button")
            .attr("data-action", action)
            .live_value("aria-pressed", move || {
                shown.filtered.track();
                shown.listed.track();
                (shown.filter.get() == filter).to_string()
            })
            .live_text(ui.words(words))
            .on("click", move |_| {
                pressed.subject.linked.seek_none();
                pressed.filter.set(filter);
                pressed.filtered.update(|count| *count += 1);
            })
    };
    div("segments log-filters")
        .attr("role", "group")
        .live_value("aria-label", ui.words(Key::Attempts))
        .children(FILTERS.map(button))
        .shown_if(move || wanted.subject.attempts().is_some_and(|all| all.len() >= CHOICE))
}

fn table(log: &Log) -> El {
    let ui = log.subject.ui;
    let [named, counted, keyed, made] = std::array::from_fn(|_| log.clone());
    let columns = [
        Key::Number,
        Key::Time,
        Key::Delay,
        Key::Latency,
        Key::HttpStatus,
        Key::Verdict,
        Key::Reason,
    ];
    let heads = columns.map(|key| {
        el("th").attr("scope", "col").attr("role", "columnheader").live_text(ui.words(key))
    });
    let head = el("tr").attr("role", "row").attr("aria-rowindex", "1").children(heads);
    // The latest chunk comes first.
    let keys =
        move || (0..keyed.items().len().div_ceil(CHUNK)).rev().map(|at| at.to_string()).collect();
    el("table")
        .class("attempts")
        .attr("role", "table")
        .live_value("aria-label", move || named.title())
        .live_value("aria-rowcount", move || (counted.items().len() + 1).to_string())
        .child(el("thead").attr("role", "rowgroup").child(head))
        .each(keys, move |key| key.parse().map_or_else(|_| div(""), |at| chunk(&made, at)))
}

fn chunk(log: &Log, at: usize) -> El {
    let latest = untrack(|| log.items().len().div_ceil(CHUNK)) <= at + 4;
    let near = ArcRwSignal::new(latest);
    let height = Rc::new(Cell::new(None));
    let element = div("chunk").attr("role", "presentation").attr(PLACE, &at.to_string());
    let node = element.node().clone();
    log.follow(at, Chunk { element: node.clone(), near: near.clone(), height: height.clone() });
    let (wanting, sized, made) = (log.clone(), log.clone(), log.clone());
    let wanted = move || near.get() || wanting.seeks(at);
    let open = wanted.clone();
    react(move || {
        let rows = i32::try_from(sized.rows(at)).unwrap_or_default();
        dom::set_height(&node, (!open()).then(|| height.get().unwrap_or(rows * ROW)));
    });
    element.switch(
        move || if wanted() { "rows".to_owned() } else { String::new() },
        move |key| (!key.is_empty()).then(|| rows(&made, at)),
    )
}

fn rows(log: &Log, at: usize) -> El {
    let (keyed, made) = (log.clone(), log.clone());
    let keys = move || {
        let items = keyed.items();
        let mine = items.iter().skip(at * CHUNK).take(CHUNK);
        mine.rev().map(|item| item.number.to_string()).collect()
    };
    div("chunk-rows").attr("role", "presentation").each(keys, move |key| {
        let find = |number: u32| {
            let all = made.subject.attempts().unwrap_or_default();
            let place = all.binary_search_by_key(&number, |cell| cell.number).ok()?;
            Some(row(&made, &all[place]))
        };
        // A key comes from the list, so its attempt is there.
        key.parse().ok().and_then(find).unwrap_or_else(|| el("tbody"))
    })
}

fn row(log: &Log, cell: &Arc<AttemptCell>) -> El {
    let number = cell.number;
    let (placed, counted, decider) = (log.clone(), log.clone(), log.decider.clone());
    let of = RowOf {
        decides: Box::new(move || decider.get() == number),
        // Under the row of heads.
        index: Box::new(move || {
            placed.items().len() + 1 - placed.place(number).unwrap_or_default()
        }),
        same: Box::new(move || {
            let place = counted.place(number);
            place.map_or(0, |place| counted.items()[place].same)
        }),
    };
    attempt(&log.subject, cell, of)
}

impl Subject {
    /// Its attempts, in order; None while they are on their way. Followed.
    pub(super) fn attempts(&self) -> Option<Vec<Arc<AttemptCell>>> {
        let list = self.cell.attempts.get()?;
        Some(of_stage(&list, self.index).to_vec())
    }
}
