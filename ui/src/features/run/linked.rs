//! What the reader points at and has open in a run: one attempt is the same one in the Gantt, in the log and in the
//! matrix.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::dom;
use crate::el::El;
use crate::features::steer::current;
use crate::state::RunCell;
use crate::ui::Step;

/// An attempt's stage, from 0, and its number, from 1.
pub(super) type Place = (u32, u32);

/// So many frames an attempt is waited for that is to be shown: its row, or all attempts, may be on their way.
const PATIENCE: u32 = 120;

/// One reference for the many closures that read it.
#[derive(Clone)]
pub(super) struct Linked(Rc<Parts>);

impl Deref for Linked {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Values beside counters: each type of signal is code of its own.
pub(super) struct Parts {
    run: Arc<RunCell>,
    pointed: Cell<Option<Place>>,
    pointings: ArcRwSignal<u32>,
    /// What the reader unfolded or folded, stages under the number 0; all else is as its screen has it.
    chosen: RefCell<Vec<(Place, bool)>>,
    /// The attempt that was opened from elsewhere: its row is there, whatever is scrolled where.
    sought: Cell<Option<Place>>,
    /// The attempt that was opened last, from wherever.
    opened: Cell<Option<Place>>,
    moves: ArcRwSignal<u32>,
    /// The run's screen, once it is drawn.
    screen: RefCell<Option<web_sys::Element>>,
}

impl Linked {
    pub(super) fn new(run: &Arc<RunCell>) -> Self {
        Self(Rc::new(Parts {
            run: run.clone(),
            pointed: Cell::default(),
            pointings: ArcRwSignal::new(0),
            chosen: RefCell::default(),
            sought: Cell::default(),
            opened: Cell::default(),
            moves: ArcRwSignal::new(0),
            screen: RefCell::default(),
        }))
    }

    /// Looks for attempts to show within `screen`.
    pub(super) fn within(&self, screen: &El) {
        self.screen.replace(Some(screen.node().clone()));
    }

    /// The reader points at an attempt, or at none any more.
    pub(super) fn point(&self, at: Option<Place>) {
        if self.pointed.replace(at) != at {
            self.pointings.update(|count| *count += 1);
        }
    }

    /// What is pointed at. Followed.
    pub(super) fn pointed(&self) -> Option<Place> {
        self.pointings.track();
        self.pointed.get()
    }

    /// The attempt that was opened from elsewhere last. Followed.
    pub(super) fn sought(&self) -> Option<Place> {
        self.moves.track();
        self.sought.get()
    }

    /// No attempt that was opened from elsewhere has to be there any longer.
    pub(super) fn seek_none(&self) {
        self.sought.set(None);
    }

    /// Whether the reader unfolded or folded it. Followed.
    pub(super) fn chosen(&self, at: Place) -> Option<bool> {
        self.moves.track();
        let chosen = self.chosen.borrow();
        chosen.iter().find(|(place, _)| *place == at).map(|(_, open)| *open)
    }

    /// The reader unfolds or folds it.
    pub(super) fn choose(&self, at: Place, open: bool) {
        self.set(at, open);
        // Stages are under 0.
        if open && at.1 > 0 {
            self.opened.set(Some(at));
        }
        self.moves.update(|count| *count += 1);
    }

    fn set(&self, at: Place, open: bool) {
        let mut chosen = self.chosen.borrow_mut();
        chosen.retain(|(place, _)| *place != at);
        chosen.push((at, open));
    }

    /// Marks it as pointed at wherever else it is, by mouse and by focus.
    pub(super) fn pointing(&self, el: El, at: impl Fn() -> Option<Place> + 'static) -> El {
        let at = Rc::new(at);
        let (marked, marked_at) = (self.clone(), at.clone());
        let el = el.live_attr("data-pointed", move || {
            let here = marked_at();
            (here.is_some() && marked.pointed() == here).then(String::new)
        });
        let point = |event, el: El, at: Option<Rc<dyn Fn() -> Option<Place>>>| {
            let linked = self.clone();
            el.on(event, move |_| linked.point(at.as_ref().and_then(|at| untrack(|| at()))))
        };
        let el = point("mouseenter", el, Some(at.clone()));
        let el = point("focusin", el, Some(at));
        let el = point("mouseleave", el, None);
        point("focusout", el, None)
    }

    /// Unfolds a stage, and brings it into view.
    pub(super) fn show_stage(&self, stage: u32) {
        self.choose((stage, 0), true);
        self.bring(format!("[data-stage=\"{stage}\"]"), "[data-action=\"fold\"]", 0);
    }

    /// Opens an attempt, brings it into view, and gives its row the focus.
    pub(super) fn open(&self, (stage, number): Place) {
        self.set((stage, 0), true);
        self.sought.set(Some((stage, number)));
        self.choose((stage, number), true);
        let row = format!("[data-stage=\"{stage}\"] [data-attempt=\"{number}\"]");
        self.bring(row, "[data-action=\"open-attempt\"]", 0);
    }

    /// What is drawn comes with a later frame.
    fn bring(&self, row: String, button: &'static str, frames: u32) {
        let linked = self.clone();
        request_animation_frame(move || {
            let screen = linked.screen.borrow().clone();
            let Some(screen) = screen.filter(|screen| screen.is_connected()) else { return };
            match screen.query_selector(&row) {
                Ok(Some(row)) if frames > 0 => {
                    row.scroll_into_view_with_bool(true);
                    let _ = dom::focus_in(&row, button);
                }
                _ if frames < PATIENCE => linked.bring(row, button, frames + 1),
                _ => {}
            }
        });
    }

    /// Opens the attempt before or after the one that was opened last, and folds that; the first to be opened is the
    /// latest of the stage that the baton is at.
    pub(super) fn step(&self, step: Step) {
        let all = self.run.attempts.get_untracked().unwrap_or_default();
        let places: Vec<Place> = all.iter().map(|cell| (cell.stage, cell.number)).collect();
        let at = self.opened.get().and_then(|opened| places.binary_search(&opened).ok());
        let next = match (at, step) {
            (Some(at), Step::Earlier) => at.checked_sub(1),
            (Some(at), Step::Later) => Some(at + 1),
            (None, _) => {
                let stage = current(&self.run.view.get_untracked()).map_or(0, |(stage, _)| stage);
                places.partition_point(|place| place.0 as usize <= stage).checked_sub(1)
            }
        };
        let Some(next) = next.and_then(|next| places.get(next)) else { return };
        if let Some(at) = at {
            self.set(places[at], false);
        }
        self.open(*next);
    }
}

/// Where in an element a mouse event happened, from its left edge.
pub(super) fn offset(event: &web_sys::Event) -> f64 {
    event.dyn_ref::<web_sys::MouseEvent>().map_or(0.0, |event| f64::from(event.offset_x()))
}
