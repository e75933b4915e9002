//! A body in the document: a scroller with as many rows as are in view, its keys, and what is marked in it.
//!
//! It is one stop of the Tab key. Within, arrows move as in any tree, and the row they are at is the
//! `aria-activedescendant`: rows come and go with scrolling, and could not keep a focus of their own.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::kind::TextKind;
use super::layout::{Folds, Row, lines_of, rows_of};
use super::path::Step;
use super::row::{Drawn, draw_row};
use super::tree::{NodeId, Tree};
use crate::components::copy_button;
use crate::dom::{self, Resized};
use crate::el::{El, div, el, keep, react, span};
use crate::status::Status;
use crate::text::Key;
use crate::ui::Ui;
use crate::when;

/// The height of a row, in pixels; the style has the same.
const ROW: usize = 24;
/// So many rows are drawn beyond those in view.
const SPARE: usize = 12;
/// As many rows as are in view, before that is known.
const IN_VIEW: usize = 20;
/// The width, in columns, before that is known.
const COLUMNS: usize = 72;
/// The letters that are measured to know how wide one is.
const PROBE: &str = "0000000000";

/// What a value is marked as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarkedAs {
    /// Judged so.
    Of(Status),
    /// Looked for, and found.
    Found,
}

/// A value that is marked, by the steps to it.
pub type Mark = (Vec<Step>, MarkedAs);

/// Takes the value that was picked, and the element that shows it.
pub type Pick = Rc<dyn Fn(NodeId, web_sys::HtmlElement)>;

/// A body that is shown. A handle: clones are the same.
#[derive(Clone)]
pub struct BodyView(Rc<Body>);

pub(super) struct Body {
    ui: Ui,
    text: String,
    pub(super) tree: Option<Tree>,
    kind: TextKind,
    /// What its rows' ids begin with.
    name: String,
    pub(super) pick: Option<Pick>,
    pub(super) scroller: El,
    sheet: El,
    probe: El,
    pub(super) state: RefCell<State>,
    /// A value that is to be brought into view as soon as sizes are known.
    awaited: Cell<Option<NodeId>>,
}

pub(super) struct State {
    pub(super) folds: Folds,
    columns: usize,
    pub(super) rows: Vec<Row>,
    pub(super) active: Option<NodeId>,
    pub(super) marks: Vec<(NodeId, MarkedAs)>,
    drawn: Range<usize>,
}

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

impl BodyView {
    /// A body with this text. With `pick`, values can be picked.
    pub fn new(ui: Ui, text: String, pick: Option<Pick>) -> Self {
        let tree = Tree::read(&text);
        let folds = tree.as_ref().map_or_else(Folds::none, Folds::at_first);
        let number = COUNT.with(|count| {
            count.set(count.get() + 1);
            count.get()
        });
        let sheet = div("leaves").attr("role", "none");
        let probe = span("probe").attr("aria-hidden", "true").text(PROBE);
        let state = State {
            folds,
            columns: COLUMNS,
            rows: Vec::new(),
            active: None,
            marks: Vec::new(),
            drawn: 0..0,
        };
        let this = Self(Rc::new(Body {
            ui,
            kind: TextKind::of(&text, tree.as_ref()),
            name: format!("body-{number}"),
            pick,
            scroller: div("tree")
                .attr("tabindex", "0")
                .live_value("aria-label", ui.words(Key::Body)),
            sheet,
            probe,
            state: RefCell::new(state),
            awaited: Cell::new(None),
            text,
            tree,
        }));
        this.0.lay_out();
        this.listen();
        this
    }

    /// The body, with what can be done to it.
    pub fn element(&self) -> El {
        let (ui, body) = (self.0.ui, self.0.clone());
        let size = when::size(body.text.len());
        let word = span("faint").live_text(move || format!("{} · {size}", ui.t(body.kind.word())));
        let [copied, kind] = std::array::from_fn(|_| self.0.clone());
        let folds = self.0.has_folds().then(|| {
            let fold = |action: &'static str, key: Key, folded: bool| {
                let body = self.0.clone();
                el("button")
                    .attr("type", "button")
                    .class("button quiet small")
                    .attr("data-action", action)
                    .live_text(ui.words(key))
                    .on("click", move |_| body.fold_all(folded))
            };
            let unfold = fold("unfold-all", Key::UnfoldAll, false);
            span("folds").child(fold("fold-all", Key::FoldAll, true)).child(unfold)
        });
        let bar =
            div("body-bar")
                .child(word)
                .maybe(folds)
                .child(copy_button(ui, Key::Copy, move || copied.text.clone()));
        div("body").attr("data-body", kind.kind.slug()).child(bar).child(self.0.scroller.clone())
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Its values, if it is JSON.
    pub fn tree(&self) -> Option<&Tree> {
        self.0.tree.as_ref()
    }

    /// Marks values in place of those that were marked, unfolds what is around them, and brings the first one into view,
    /// within the body. Of several for one value the first counts.
    pub fn mark(&self, marks: &[Mark]) {
        let body = &self.0;
        let found = body.tree.iter().flat_map(|tree| {
            let find = |(steps, status): &Mark| Some((tree.find(&body.text, steps)?, *status));
            marks.iter().filter_map(find)
        });
        let mut found: Vec<(NodeId, MarkedAs)> = found.collect();
        let first = found.first().map(|(id, _)| *id);
        found.sort_by_key(|(id, _)| *id);
        found.dedup_by_key(|(id, _)| *id);
        let mut state = body.state.borrow_mut();
        for (id, _) in &found {
            body.tree.iter().for_each(|tree| state.folds.reveal(tree, *id));
        }
        state.marks = found;
        drop(state);
        match first {
            Some(first) => body.reveal(first),
            None => body.draw(),
        }
    }

    /// Gives the body the focus.
    pub fn focus(&self) {
        let scroller: &web_sys::HtmlElement = self.0.scroller.node().unchecked_ref();
        // Only an element that can't take it fails.
        let _ = scroller.focus();
    }

    /// Unfolds what is around a value, brings it into view and goes there. Says whether it is there.
    pub fn go_to(&self, steps: &[Step]) -> bool {
        let body = &self.0;
        let found = body.tree.as_ref().and_then(|tree| tree.find(&body.text, steps));
        if let Some(id) = found {
            body.state.borrow_mut().active = Some(id);
            body.reveal(id);
            dom::show_nearest(body.scroller.node());
            self.focus();
        }
        found.is_some()
    }

    fn listen(&self) {
        let body = &self.0;
        let scroller = body.scroller.clone().child(body.sheet.clone()).child(body.probe.clone());
        let scroller = match &body.tree {
            Some(_) => scroller.attr("role", "tree"),
            None => scroller.attr("role", "group"),
        };
        let [scrolled, pressed, keyed, focused, drawn, sized] =
            std::array::from_fn(|_| self.0.clone());
        let _ = scroller
            .on("scroll", move |_| scrolled.draw_if_moved())
            .on("click", move |event| pressed.press(&event))
            .on("focus", move |_| focused.enter())
            .on("keydown", move |event| keyed.key(event.unchecked_ref()));
        react(move || {
            drawn.ui.locale();
            drawn.draw();
        });
        keep(Resized::watch(body.scroller.node(), Box::new(move || sized.measure())));
    }
}

impl Body {
    fn has_folds(&self) -> bool {
        let inner = |tree: &Tree| (1..tree.len()).any(|id| tree.children(id) > 0);
        self.tree.as_ref().is_some_and(inner)
    }

    fn lay_out(&self) {
        let mut state = self.state.borrow_mut();
        state.rows = match &self.tree {
            Some(tree) => rows_of(tree, &self.text, &state.folds, state.columns),
            None => lines_of(&self.text, state.columns),
        };
        let height = state.rows.len() * ROW;
        drop(state);
        dom::set_style(self.sheet.node(), "height", &format!("{height}px"));
    }

    pub(super) fn lay_out_and_draw(&self) {
        self.lay_out();
        self.draw();
    }

    /// Takes the width as it is now, and brings into view what waits for that.
    fn measure(&self) {
        let (letters, room) = (dom::width(self.probe.node()), dom::width(self.sheet.node()));
        if letters <= 0.0 || room <= 0.0 {
            return;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a screen has thousands of columns at most"
        )]
        let columns = (room / letters * 10.0) as usize;
        let changed = std::mem::replace(&mut self.state.borrow_mut().columns, columns) != columns;
        if changed {
            self.lay_out();
        }
        if let Some(id) = self.awaited.take() {
            self.scroll_to(id);
        }
        self.draw();
    }

    /// The rows that are to be drawn.
    fn wanted(&self, rows: usize) -> Range<usize> {
        let scroller = self.scroller.node();
        let whole = |px: i32| usize::try_from(px).unwrap_or(0);
        // By steps, so that not each pixel of scrolling draws anew.
        let first = whole(scroller.scroll_top()) / ROW / SPARE * SPARE;
        let seen = match whole(scroller.client_height()) {
            0 => IN_VIEW,
            height => height / ROW + 1,
        };
        first.saturating_sub(SPARE).min(rows)..(first + seen + 2 * SPARE).min(rows)
    }

    pub(super) fn draw_if_moved(&self) {
        let state = self.state.borrow();
        let moved = self.wanted(state.rows.len()) != state.drawn;
        drop(state);
        if moved {
            self.draw();
        }
    }

    /// Draws the rows that are in view. What it reads is not followed.
    pub(super) fn draw(&self) {
        untrack(|| self.draw_rows());
    }

    fn draw_rows(&self) {
        let mut state = self.state.borrow_mut();
        let wanted = self.wanted(state.rows.len());
        state.drawn = wanted.clone();
        let state = &*state;
        dom::set_style(self.sheet.node(), "padding-top", &format!("{}px", wanted.start * ROW));
        self.sheet.node().set_text_content(None);
        for at in wanted {
            let Some(row) = state.rows.get(at) else { break };
            let mark = state.marks.binary_search_by_key(&row.node(), |(id, _)| *id);
            let drawn = Drawn {
                ui: self.ui,
                text: &self.text,
                columns: state.columns,
                mark: mark.ok().map(|at| state.marks[at].1),
                is_last: state.rows.get(at + 1).is_none_or(|next| !row.goes_on_in(next)),
                picks: self.pick.is_some(),
            };
            let shown = draw_row(&drawn, self.tree.as_ref(), *row)
                .attr("id", &self.id_of(at))
                .attr("data-row", &at.to_string());
            // A fresh row can be put anywhere.
            let _ = self.sheet.node().append_child(shown.node());
        }
        self.show_active(state);
    }

    fn id_of(&self, row: usize) -> String {
        format!("{}-{row}", self.name)
    }

    /// Says which of the rows is at hand. Draws none anew: one that is being pressed has to stay.
    pub(super) fn show_active(&self, state: &State) {
        let scroller = self.scroller.node();
        if let Ok(Some(before)) = scroller.query_selector("[data-active]") {
            let _ = before.remove_attribute("data-active");
        }
        let is_it = |row: &Row| row.is_item() && state.active == Some(row.node());
        let drawn = state.rows.get(state.drawn.clone()).unwrap_or_default();
        let active = drawn.iter().position(is_it).map(|at| state.drawn.start + at);
        let _ = match active {
            Some(at) => scroller.set_attribute("aria-activedescendant", &self.id_of(at)),
            None => scroller.remove_attribute("aria-activedescendant"),
        };
        let row = active.map(|at| scroller.query_selector(&format!("[data-row='{at}']")));
        if let Some(Ok(Some(row))) = row {
            // Only a name that is none is refused.
            let _ = row.set_attribute("data-active", "");
        }
    }

    pub(super) fn fold_all(&self, folded: bool) {
        if let Some(tree) = &self.tree {
            self.state.borrow_mut().folds.set_all(tree, folded);
            self.lay_out_and_draw();
        }
    }

    pub(super) fn fold(&self, id: NodeId, folded: bool) {
        self.state.borrow_mut().folds.set(id, folded);
        self.lay_out_and_draw();
    }

    fn reveal(&self, id: NodeId) {
        if let Some(tree) = &self.tree {
            self.state.borrow_mut().folds.reveal(tree, id);
        }
        self.lay_out();
        if self.scroller.node().client_height() > 0 {
            self.scroll_to(id);
        } else {
            self.awaited.set(Some(id));
        }
        self.draw();
    }

    /// Brings a value into view, if it is not.
    pub(super) fn scroll_to(&self, id: NodeId) {
        let state = self.state.borrow();
        let Some(at) = state.rows.iter().position(|row| row.is_item() && row.node() == id) else {
            return;
        };
        drop(state);
        let scroller = self.scroller.node();
        let px = |rows: usize| i32::try_from(rows * ROW).unwrap_or(i32::MAX);
        let (top, height) = (scroller.scroll_top(), scroller.client_height());
        if px(at) < top {
            scroller.set_scroll_top(px(at.saturating_sub(2)));
        } else if px(at + 1) > top + height {
            scroller.set_scroll_top(px(at + 3) - height);
        }
    }
}
