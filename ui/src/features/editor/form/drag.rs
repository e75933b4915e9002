//! Dragging in the list of stages: to another place, into a group, out of one.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::json::edit::Path;
use leptos::prelude::untrack;
use wasm_bindgen::JsCast;

use super::steps::{all, holder};
use super::{Chosen, Form, is_group};
use crate::components::{Icon, icon};
use crate::dom;
use crate::el::{El, span};

/// A stage that is being dragged, and the list and the place there where it would go.
struct Held {
    path: Path,
    to: Option<(Path, usize)>,
}

/// Dragging in the list.
pub(super) struct Drag {
    form: Form,
    list: El,
    held: RefCell<Option<Held>>,
}

impl Drag {
    pub(super) fn new(form: &Form, list: &El) -> Rc<Self> {
        Rc::new(Self { form: form.clone(), list: list.clone(), held: RefCell::new(None) })
    }

    /// What a stage is taken by.
    pub(super) fn grip(self: &Rc<Self>, path: &Path) -> El {
        let [taken, moved, dropped, lost] = std::array::from_fn(|_| self.clone());
        let path = path.clone();
        span("grip")
            .attr("data-grip", "")
            .attr("aria-hidden", "true")
            .child(icon(Icon::Grip))
            .on("pointerdown", move |event| taken.take(&event, &path))
            .on("pointermove", move |event| moved.over(&event))
            .on("pointerup", move |_| dropped.let_go())
            .on("pointercancel", move |_| {
                lost.held.replace(None);
                lost.mark(None);
            })
    }

    fn take(&self, event: &web_sys::Event, path: &Path) {
        let form = &self.form;
        let locked = !form.draft.paper.is_readable() || !untrack(|| form.ui.may_change());
        if locked || !form.is_finished() {
            return;
        }
        // No text is selected meanwhile.
        event.prevent_default();
        let pointer = dom::field(event, "pointerId").as_f64();
        if let (Some(grip), Some(pointer)) = (grip_of(event), pointer) {
            #[expect(clippy::cast_possible_truncation, reason = "a pointer's id is a whole number")]
            // A pointer that is gone is not captured, and dragging ends.
            let _ = grip.set_pointer_capture(pointer as i32);
        }
        self.held.replace(Some(Held { path: path.clone(), to: None }));
        form.choose(Chosen::Step(path.clone()));
    }

    fn over(&self, event: &web_sys::Event) {
        let Some(event) = event.dyn_ref::<web_sys::MouseEvent>() else { return };
        let mut held = self.held.borrow_mut();
        let Some(held) = held.as_mut() else { return };
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let items = self.places_for(&held.path);
        let above = items.iter().rfind(|(_, item)| middle(item) < y);
        let next = above.map_or(items.first(), |(path, _)| {
            items.iter().skip_while(|(other, _)| other != path).nth(1)
        });
        let to = match above {
            Some((path, item)) => self.after(&held.path, (path, item), next, x),
            None => Some((Path::root().key("stages"), 0, "before")),
        };
        let Some((list, at, side)) = to else { return };
        let stays = holder(&held.path)
            .is_some_and(|(own, from)| own == list && (at == from || at == from + 1));
        let marked = above.or(items.first()).filter(|_| !stays);
        self.mark(marked.map(|(_, item)| (item, side)));
        held.to = (!stays).then_some((list, at));
    }

    /// Where what is dropped below an item goes: behind it; into the group that it begins; out of the one that it ends,
    /// when the pointer is further out.
    fn after(
        &self,
        held: &Path,
        (path, item): (&Path, &web_sys::Element),
        next: Option<&(Path, web_sys::Element)>,
        x: f64,
    ) -> Option<(Path, usize, &'static str)> {
        let document = self.form.draft.paper.peek();
        if is_group(&document, path) && !is_group(&document, held) {
            return Some((path.key("group").key("stages"), 0, "into"));
        }
        let (list, at) = holder(path)?;
        let ends = next.is_none_or(|(next, _)| !next.to_string().starts_with(&list.to_string()));
        let outer = list.split().and_then(|(group, _)| holder(&group.split()?.0));
        match outer {
            Some((outer, group)) if ends && x < item.get_bounding_client_rect().left() => {
                Some((outer, group + 1, "out"))
            }
            Some(_) | None => Some((list, at + 1, "after")),
        }
    }

    fn let_go(&self) {
        self.mark(None);
        if let Some(Held { path, to: Some((list, at)) }) = self.held.take() {
            self.form.carry(&path, &list, at);
        }
    }

    /// The items beside which a stage can go, in their order: not itself, and for a group, no stage of a group.
    fn places_for(&self, held: &Path) -> Vec<(Path, web_sys::Element)> {
        let document = self.form.draft.paper.peek();
        let only_outer = is_group(&document, held);
        let items = dom::all_in(self.list.node(), "li").into_iter();
        let places = all(&document).into_iter().zip(items);
        let fits = |path: &Path| path != held && !(only_outer && path.steps().len() > 2);
        places.filter(|(path, _)| fits(path)).collect()
    }

    fn mark(&self, mark: Option<(&web_sys::Element, &str)>) {
        for item in dom::all_in(self.list.node(), "[data-drop]") {
            // It is there.
            let _ = item.remove_attribute("data-drop");
        }
        if let Some((item, side)) = mark {
            let _ = item.set_attribute("data-drop", side);
        }
    }
}

fn grip_of(event: &web_sys::Event) -> Option<web_sys::Element> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-grip]").ok()?
}

fn middle(item: &web_sys::Element) -> f64 {
    let place = item.get_bounding_client_rect();
    place.top() + place.height() / 2.0
}
