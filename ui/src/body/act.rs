//! What is done to a body: its rows are pressed, and gone through by keys.

use wasm_bindgen::JsCast;

use super::layout::{Part, Row};
use super::tree::{NodeId, Tree};
use super::view::Body;
use crate::dom;

impl Body {
    pub(super) fn press(&self, event: &web_sys::Event) {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(target) = target.filter(|_| !dom::ends_selection(event)) else { return };
        let on = |selector: &str| target.closest(selector).ok().flatten();
        let row = on("[data-row]").and_then(|row| {
            let at: usize = row.get_attribute("data-row")?.parse().ok()?;
            self.state.borrow().rows.get(at).copied()
        });
        let (Some(row), Some(tree)) = (row, &self.tree) else { return };
        let id = row.node();
        self.state.borrow_mut().active = Some(id);
        let has_children = tree.children(id) > 0 && row.is_item();
        if on("[data-more]").is_some() {
            self.state.borrow_mut().folds.show_whole(id);
            self.lay_out_and_draw();
        } else if has_children && (self.pick.is_none() || on(".twist").is_some()) {
            self.fold(id, row.part == Part::Open);
        } else {
            self.show_active(&self.state.borrow());
            self.pick(id);
        }
    }

    /// Has the value taken that is at hand.
    fn pick(&self, id: NodeId) {
        let Some(pick) = self.pick.as_ref().filter(|_| self.tree.as_ref().is_some_and(is_one))
        else {
            return;
        };
        if let Ok(Some(row)) = self.scroller.node().query_selector("[data-active]") {
            pick(id, row.unchecked_into());
        }
    }

    pub(super) fn enter(&self) {
        let mut state = self.state.borrow_mut();
        if state.active.is_none() && self.tree.is_some() {
            state.active = Some(state.marks.first().map_or(0, |(id, _)| *id));
            self.show_active(&state);
        }
    }

    pub(super) fn key(&self, event: &web_sys::KeyboardEvent) {
        let Some(tree) = &self.tree else { return };
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let id = self.state.borrow().active.unwrap_or(0);
        let is_open = self.is_open(id);
        match event.key().as_str() {
            "ArrowDown" => self.step(1),
            "ArrowUp" => self.step(-1),
            "PageDown" => self.step(15),
            "PageUp" => self.step(-15),
            "Home" => self.step(isize::MIN / 2),
            "End" => self.step(isize::MAX / 2),
            "ArrowRight" if is_open => self.step(1),
            "ArrowRight" if tree.children(id) > 0 => self.fold(id, false),
            "ArrowRight" => self.show_whole(id),
            "ArrowLeft" if is_open && tree.children(id) > 0 => self.fold(id, true),
            "ArrowLeft" => {
                if let Some(parent) = tree.parent(id) {
                    self.activate(parent);
                }
            }
            "Enter" | " " if self.pick.is_some() => self.pick(id),
            "Enter" | " " if tree.children(id) > 0 => self.fold(id, is_open),
            "Enter" | " " => self.show_whole(id),
            _ => return,
        }
        event.prevent_default();
        // What the page does by itself with these keys is not meant here.
        event.stop_propagation();
    }

    fn is_open(&self, id: NodeId) -> bool {
        let is_it = |row: &&Row| row.is_item() && row.node() == id;
        let state = self.state.borrow();
        state.rows.iter().find(is_it).is_some_and(|row| row.part == Part::Open)
    }

    fn show_whole(&self, id: NodeId) {
        self.state.borrow_mut().folds.show_whole(id);
        self.lay_out_and_draw();
    }

    /// Goes so many values on among those that are shown.
    fn step(&self, by: isize) {
        let state = self.state.borrow();
        let items: Vec<NodeId> =
            state.rows.iter().filter(|row| row.is_item()).map(Row::node).collect();
        let active = state.active.unwrap_or(0);
        drop(state);
        // One within what has been folded meanwhile stands where that does.
        let at = items.partition_point(|id| *id <= active).saturating_sub(1);
        let last = items.len().saturating_sub(1);
        if let Some(id) = items.get(at.saturating_add_signed(by).min(last)) {
            self.activate(*id);
        }
    }

    fn activate(&self, id: NodeId) {
        self.state.borrow_mut().active = Some(id);
        self.scroll_to(id);
        self.draw_if_moved();
        self.show_active(&self.state.borrow());
    }
}

/// A path is about one document.
fn is_one(tree: &Tree) -> bool {
    tree.roots() == 1
}
