//! A run's fields in every system: where a value first changed, and each value as it is when its cell is
//! opened. It fills in while the run goes on, and cells keep their place and the focus.

mod record;
mod table;

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use baton_engine::matrix::{MatrixCell, MatrixRecord, MatrixView};
use baton_engine::protocol::{Command, Reply, RunView, Told};
use leptos::prelude::*;

use crate::components::{copy_button, mark, select};
use crate::el::{El, div, el, react, span};
use crate::state::RunCell;
use crate::status::Status;
use crate::text::{Key, sentences};
use crate::ui::Ui;

use super::linked::{Linked, Place};
use table::table;

/// So many records are shown at first; the others on demand.
const AT_FIRST: usize = 20;

/// Whether the engine is asked.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Idle,
    Asked,
    /// Something has changed since it was asked.
    Again,
    /// The chain names no fields, and never will in this run.
    Never,
}

/// The matrix, for the many closures that draw it: one reference each.
#[derive(Clone)]
struct Sheet(Rc<Parts>);

impl Deref for Sheet {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

struct Parts {
    ui: Ui,
    run: Arc<RunCell>,
    linked: Linked,
    shown: RefCell<Option<Rc<MatrixView>>>,
    /// Counts what was shown. Values beside a counter: each type of signal is code of its own.
    told: ArcRwSignal<u32>,
    /// What the engine said last.
    last: RefCell<Option<Told<MatrixView>>>,
    asking: Cell<Asking>,
    /// The stage whose values are taken as the right ones; none for what the fields say.
    reference: RefCell<Option<String>>,
    /// The cell that is open: record, field and column.
    open: RefCell<Option<(String, usize, usize)>>,
    /// The records that are unfolded.
    unfolded: RefCell<Vec<String>>,
    limit: Cell<usize>,
    /// Counts what the reader did.
    moved: ArcRwSignal<u32>,
}

impl Sheet {
    fn ask(&self) {
        match self.asking.get() {
            Asking::Never => return,
            Asking::Asked | Asking::Again => return self.asking.set(Asking::Again),
            Asking::Idle => self.asking.set(Asking::Asked),
        }
        let reference = self.reference.borrow().clone();
        let command = Command::Matrix { run: self.run.id.clone(), reference };
        let sheet = self.clone();
        self.ui.core().link.send(command, move |answer| {
            let again = sheet.asking.replace(Asking::Idle) == Asking::Again;
            if let Ok(Reply::Matrix(told)) = answer {
                sheet.take(told);
            }
            if again {
                sheet.ask();
            }
        });
    }

    fn take(&self, told: Told<MatrixView>) {
        if self.last.borrow().as_ref() == Some(&told) {
            return;
        }
        let Ok(view) = told.read() else { return };
        self.last.replace(Some(told));
        if view.fields.is_empty() || view.columns.is_empty() {
            self.asking.set(Asking::Never);
        } else {
            self.shown.replace(Some(Rc::new(view)));
            self.told.update(|count| *count += 1);
        }
    }

    fn with<T: Default>(&self, read: impl FnOnce(&MatrixView) -> T) -> T {
        self.told.track();
        let view = self.shown.borrow().clone();
        view.map(|view| read(&view)).unwrap_or_default()
    }

    fn record<T: Default>(&self, key: &str, read: impl FnOnce(&MatrixRecord) -> T) -> T {
        let find = |view: &MatrixView| {
            let found = view.records.iter().find(|record| record.key == key);
            found.map(read).unwrap_or_default()
        };
        self.with(find)
    }

    fn most(&self) -> usize {
        self.moved.track();
        self.limit.get()
    }

    fn is_unfolded(&self, key: &str) -> bool {
        self.moved.track();
        self.unfolded.borrow().iter().any(|open| open == key)
    }

    fn opened(&self) -> Option<(String, usize, usize)> {
        self.moved.track();
        self.open.borrow().clone()
    }

    /// The attempt behind a column's cells: the latest of its stage. Followed.
    fn attempt_of(&self, column: usize) -> Option<Place> {
        let stage = self.with(|view| view.columns.get(column).map(|column| column.stage))?;
        let attempts = self.run.view.get().stages.get(stage as usize)?.attempts;
        (attempts > 0).then_some((stage, attempts))
    }

    fn cell(&self, key: &str, field: usize, column: usize) -> Option<MatrixCell> {
        self.record(key, |record| record.fields.get(field)?.get(column).cloned())
    }
}

/// A run's matrix; nothing when its chain names no fields.
pub(super) fn matrix(ui: Ui, cell: &Arc<RunCell>, linked: &Linked) -> El {
    let sheet = Sheet(Rc::new(Parts {
        ui,
        run: cell.clone(),
        linked: linked.clone(),
        shown: RefCell::default(),
        told: ArcRwSignal::new(0),
        last: RefCell::default(),
        asking: Cell::new(Asking::Idle),
        reference: RefCell::default(),
        open: RefCell::default(),
        unfolded: RefCell::default(),
        limit: Cell::new(AT_FIRST),
        moved: ArcRwSignal::new(0),
    }));
    let (asked, view, keyed) = (sheet.clone(), cell.view.clone(), sheet.clone());
    react(move || {
        view.track();
        asked.ask();
    });
    let phase = cell.view.clone();
    // The fields and systems of a run never change.
    div("").switch(
        move || keyed.with(|_| "there".to_owned()),
        move |there| (!there.is_empty()).then(|| section(&sheet, &phase)),
    )
}

type Run = ArcRwSignal<Arc<RunView>>;

fn section(sheet: &Sheet, run: &Run) -> El {
    let ui = sheet.ui;
    let [markdown, csv, summed] = std::array::from_fn(|_| sheet.clone());
    let text = move |sheet: &Sheet, csv: bool| {
        let view = sheet.shown.borrow().clone();
        let locale = untrack(|| ui.locale());
        view.map_or_else(
            String::new,
            |view| if csv { view.csv(locale) } else { view.markdown(locale) },
        )
    };
    let summary = move || {
        summed.with(|view| if view.several() { view.summary(ui.locale()) } else { String::new() })
    };
    let head = div("matrix-head")
        .child(el("h3").live_text(ui.words(Key::Matrix)))
        .child(span("faint").attr("data-summary", "").live_text(summary))
        .child(span("spring"))
        .child(reference(sheet))
        .child(copy_button(ui, Key::CopyMarkdown, move || text(&markdown, false)))
        .child(copy_button(ui, Key::CopyCsv, move || text(&csv, true)));
    el("section")
        .class("matrix")
        .attr("data-matrix", "")
        .live_value("aria-label", ui.words(Key::Matrix))
        .child(head)
        .child(verdict(sheet))
        .child(
            div("matrix-scroll")
                .attr("tabindex", "0")
                .attr("role", "region")
                .live_value("aria-label", ui.words(Key::Matrix))
                .child(table(sheet, run)),
        )
        .child(more(sheet))
}

/// Where it first went wrong, or that nothing did.
fn verdict(sheet: &Sheet) -> El {
    let (ui, told) = (sheet.ui, sheet.clone());
    div("").redraw(move || {
        let (status, words) = told.with(|view| match &view.blame {
            Some(blame) => Some((Status::Failed, blame.sentence(ui.locale()))),
            None if view.matched == view.seen => Some((Status::Passed, ui.t(Key::AllAlike))),
            None => Some((Status::Waiting, ui.t(Key::AlikeSoFar))),
        })?;
        let line = el("p").class("blame").attr("data-blame", status.slug());
        Some(
            line.attr("data-status", status.slug())
                .child(mark(move || status))
                .child(span("").text(&words)),
        )
    })
}

fn reference(sheet: &Sheet) -> El {
    let (ui, chosen) = (sheet.ui, sheet.clone());
    let names: Vec<String> = untrack(|| {
        sheet.with(|view| view.columns.iter().map(|column| column.name.clone()).collect())
    });
    let first = el("option").attr("value", "").live_text(ui.words(Key::FirstReference));
    let options = names.iter().map(|name| el("option").attr("value", name).text(name));
    let options = std::iter::once(first).chain(options).collect::<Vec<_>>();
    select(ui, "reference", Key::Reference, move |name| {
        chosen.reference.replace(Some(name.to_owned()).filter(|name| !name.is_empty()));
        chosen.ask();
    })
    .children(options)
}

/// The records that are not shown.
fn more(sheet: &Sheet) -> El {
    let (ui, pressed) = (sheet.ui, sheet.clone());
    let [counted, wanted, capped] = std::array::from_fn(|_| sheet.clone());
    let hidden = |sheet: &Sheet| sheet.with(|view| view.records.len()).saturating_sub(sheet.most());
    let button = el("button")
        .attr("type", "button")
        .class("button quiet small")
        .attr("data-action", "more-records")
        .live_text(move || sentences::more_records(hidden(&counted), ui.locale()))
        .shown_if(move || hidden(&wanted) > 0)
        .on("click", move |_| {
            pressed.limit.set(pressed.limit.get() + 10 * AT_FIRST);
            pressed.moved.update(|count| *count += 1);
        });
    let left_out = move || {
        let (seen, shown) = capped.with(|view| (view.seen as usize, view.records.len()));
        let words = sentences::shown_of(&shown.to_string(), &seen.to_string(), ui.locale());
        if shown < seen { words } else { String::new() }
    };
    div("").child(button).child(el("p").class("faint").live_text(left_out))
}
