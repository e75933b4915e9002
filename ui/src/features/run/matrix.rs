//! A run's fields in every system: where a value first changed, and each value as it is when its cell is
//! opened. It fills in while the run goes on, and cells keep their place and the focus.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use baton_engine::id::RunId;
use baton_engine::matrix::{CellState, MatrixCell, MatrixColumn, MatrixRecord, MatrixView};
use baton_engine::protocol::{Command, Reply, RunPhase};
use leptos::prelude::*;

use crate::components::{Icon, copy_button, icon, mark, select};
use crate::el::{El, div, el, react, span};
use crate::state::RunCell;
use crate::status::{Status, stage_status};
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

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

/// The matrix, for the closures that draw it.
#[derive(Clone)]
struct Sheet {
    ui: Ui,
    run: RunId,
    shown: ArcRwSignal<Option<Arc<MatrixView>>>,
    /// The stage whose values are taken as the right ones; empty for what the fields say.
    reference: ArcRwSignal<String>,
    /// The cell that is open: record, field and column.
    open: ArcRwSignal<Option<(String, usize, usize)>>,
    /// The records that are unfolded.
    unfolded: ArcRwSignal<Vec<String>>,
    limit: ArcRwSignal<usize>,
    asking: Rc<Cell<Asking>>,
}

impl Sheet {
    fn ask(&self) {
        match self.asking.get() {
            Asking::Never => return,
            Asking::Asked | Asking::Again => return self.asking.set(Asking::Again),
            Asking::Idle => self.asking.set(Asking::Asked),
        }
        let reference = Some(self.reference.get_untracked()).filter(|name| !name.is_empty());
        let command = Command::Matrix { run: self.run.clone(), reference };
        let sheet = self.clone();
        self.ui.core().link.send(command, move |answer| {
            let again = sheet.asking.replace(Asking::Idle) == Asking::Again;
            if let Ok(Reply::Matrix(written)) = answer
                && let Ok(view) = MatrixView::read(&written)
            {
                sheet.take(view);
            }
            if again {
                sheet.ask();
            }
        });
    }

    fn take(&self, view: MatrixView) {
        if view.fields.is_empty() || view.columns.is_empty() {
            self.asking.set(Asking::Never);
        } else if self.shown.get_untracked().as_deref() != Some(&view) {
            self.shown.set(Some(Arc::new(view)));
        }
    }

    fn with<T: Default>(&self, read: impl FnOnce(&MatrixView) -> T) -> T {
        self.shown.get().map(|view| read(&view)).unwrap_or_default()
    }

    fn record<T: Default>(&self, key: &str, read: impl FnOnce(&MatrixRecord) -> T) -> T {
        let find = |view: &MatrixView| {
            let found = view.records.iter().find(|record| record.key == key);
            found.map(read).unwrap_or_default()
        };
        self.with(find)
    }

    fn cell(&self, key: &str, field: usize, column: usize) -> Option<MatrixCell> {
        self.record(key, |record| record.fields.get(field)?.get(column).cloned())
    }
}

/// A run's matrix; nothing when its chain names no fields.
pub(super) fn matrix(ui: Ui, cell: &Arc<RunCell>) -> El {
    let sheet = Sheet {
        ui,
        run: cell.id.clone(),
        shown: ArcRwSignal::new(None),
        reference: ArcRwSignal::new(String::new()),
        open: ArcRwSignal::new(None),
        unfolded: ArcRwSignal::new(Vec::new()),
        limit: ArcRwSignal::new(AT_FIRST),
        asking: Rc::new(Cell::new(Asking::Idle)),
    };
    let (asked, view, keyed) = (sheet.clone(), cell.view.clone(), sheet.shown.clone());
    react(move || {
        view.track();
        asked.reference.track();
        asked.ask();
    });
    let phase = cell.view.clone();
    // The fields and systems of a run never change.
    div("").switch(
        move || keyed.get().map(|_| "there".to_owned()).unwrap_or_default(),
        move |there| (!there.is_empty()).then(|| section(&sheet, &phase)),
    )
}

type Run = ArcRwSignal<Arc<baton_engine::protocol::RunView>>;

fn section(sheet: &Sheet, run: &Run) -> El {
    let ui = sheet.ui;
    let [markdown, csv, summed] = std::array::from_fn(|_| sheet.clone());
    let text = move |sheet: &Sheet, csv: bool| {
        let view = sheet.shown.get_untracked();
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
    let (ui, chosen) = (sheet.ui, sheet.reference.clone());
    let names: Vec<String> = untrack(|| {
        sheet.with(|view| view.columns.iter().map(|column| column.name.clone()).collect())
    });
    let first = el("option").attr("value", "").live_text(ui.words(Key::FirstReference));
    let options = names.iter().map(|name| el("option").attr("value", name).text(name));
    let options = std::iter::once(first).chain(options).collect::<Vec<_>>();
    select(ui, "reference", Key::Reference, move |name| chosen.set(name.to_owned()))
        .children(options)
}

fn table(sheet: &Sheet, run: &Run) -> El {
    let ui = sheet.ui;
    let view = untrack(|| sheet.shown.get());
    let columns = view.map(|view| view.columns.clone()).unwrap_or_default();
    let heads = columns.iter().enumerate().map(|(at, column)| head(sheet, run, at, column));
    let corner = el("th").attr("scope", "col").live_text(ui.words(Key::Field));
    let counted = row(ui.words(Key::Records)).attr("data-row", "count");
    let counts = (0..columns.len()).map(|at| count(sheet, at));
    let late = sheet.clone();
    let latency = row(ui.words(Key::SinceSent)).attr("data-row", "latency").children(
        (0..columns.len()).map(|at| {
            let late = late.clone();
            el("td").class("faint").live_text(move || {
                let ms = late.with(|view| view.columns.get(at)?.latency_ms);
                ms.map(|ms| format!("+{}", when::span(Duration::from_millis(ms))))
                    .unwrap_or_default()
            })
        }),
    );
    let (keyed, made, width) = (sheet.clone(), sheet.clone(), columns.len());
    let keys = move || {
        let most = keyed.limit.get();
        keyed.with(|view| view.records.iter().take(most).map(|record| record.key.clone()).collect())
    };
    el("table")
        .child(el("thead").child(el("tr").child(corner).children(heads)))
        .child(el("tbody").child(counted.children(counts)).child(latency))
        .each(keys, move |key| record(&made, key, width))
}

fn row(name: impl Fn() -> String + 'static) -> El {
    el("tr").child(el("th").attr("scope", "row").live_text(name))
}

/// A system: its name, its stage's, and how that stands.
fn head(sheet: &Sheet, run: &Run, at: usize, column: &MatrixColumn) -> El {
    let (live, run) = (sheet.clone(), run.clone());
    let status = move || {
        let phase = live.with(|view| view.columns.get(at).map(|column| column.phase));
        let run: RunPhase = run.get().phase;
        phase.map_or(Status::NotStarted, |phase| stage_status(phase, run))
    };
    let (ui, word) = (sheet.ui, status.clone());
    let stage = (column.title() != column.name).then(|| span("faint").text(&column.name));
    let title = div("matrix-title").child(mark(status)).child(span("").text(column.title()));
    let spoken = span("ears").live_text(move || ui.t(word().word()));
    el("th").attr("scope", "col").child(title.child(spoken)).maybe(stage)
}

/// How many records a system has.
fn count(sheet: &Sheet, at: usize) -> El {
    let (ui, told) = (sheet.ui, sheet.clone());
    el("td").redraw(move || {
        let (state, words, trouble) = told.with(|view| {
            let column = view.columns.get(at)?;
            let trouble = column.trouble.as_ref().map(|why| why.sentence(ui.locale()));
            Some((column.count, column.count_words(view.expected, ui.locale()), trouble))
        })?;
        let trouble = trouble.map(|why| span("faint").text(&why));
        Some(value(ui, state, Some(&words)).maybe(trouble))
    })
}

fn tone(state: CellState) -> Status {
    match state {
        CellState::Match | CellState::Normalised | CellState::Within => Status::Passed,
        CellState::Differs | CellState::Missing | CellState::Null => Status::Failed,
        CellState::Pending => Status::Waiting,
        CellState::NotReached | CellState::NotCarried => Status::NotStarted,
    }
}

/// A value, and what it comes to: a sign, a word, a colour.
fn value(ui: Ui, state: CellState, text: Option<&str>) -> El {
    let text = text.filter(|text| !text.is_empty());
    span("matrix-value")
        .attr("data-state", state.slug())
        .attr("data-status", tone(state).slug())
        .maybe(text.map(|text| span("matrix-text").text(text)))
        .child(
            span("word")
                .child(span("").attr("aria-hidden", "true").text(state.mark()))
                .text(" ")
                .child(span("").text(state.word(ui.locale()))),
        )
}

/// A record: its fields; under its own row when there are several.
fn record(sheet: &Sheet, key: &str, width: usize) -> El {
    let fields = untrack(|| sheet.with(|view| view.fields.len()));
    let body = el("tbody").attr("data-record", key).switch(
        {
            let sheet = sheet.clone();
            move || if sheet.with(MatrixView::several) { "several".into() } else { String::new() }
        },
        {
            let (sheet, key) = (sheet.clone(), key.to_owned());
            move |several| (!several.is_empty()).then(|| record_row(&sheet, &key, width))
        },
    );
    (0..fields).fold(body, |body, field| {
        let (asked, made, opened) = (sheet.clone(), sheet.clone(), sheet.clone());
        let [is_open, of, at] = std::array::from_fn(|_| key.to_owned());
        let detailed = sheet.clone();
        let wanted = move || {
            let several = asked.with(MatrixView::several);
            let shown = !several || asked.unfolded.get().contains(&is_open);
            if shown { "open".to_owned() } else { String::new() }
        };
        let shown = wanted.clone();
        body.switch(wanted, move |open| {
            (!open.is_empty()).then(|| field_row(&made, &of, field, width))
        })
        .switch(
            move || {
                let open = opened.open.get().filter(|_| !shown().is_empty());
                let here = open.filter(|(record, of, _)| *record == at && *of == field);
                here.map(|(record, _, column)| format!("{column} {record}")).unwrap_or_default()
            },
            move |open| {
                let (column, record) = open.split_once(' ')?;
                Some(detail(&detailed, record, field, column.parse().ok()?, width))
            },
        )
    })
}

/// A record among several: its key, and the worst that each system has of it.
fn record_row(sheet: &Sheet, key: &str, width: usize) -> El {
    let ui = sheet.ui;
    let [expanded, pressed] = std::array::from_fn(|_| (sheet.clone(), key.to_owned()));
    let fold = el("button")
        .attr("type", "button")
        .class("fold")
        .attr("data-action", "open-record")
        .live_value("aria-expanded", move || {
            expanded.0.unfolded.get().contains(&expanded.1).to_string()
        })
        .child(icon(Icon::Chevron))
        .child(span("").text(key))
        .on("click", move |_| {
            let (sheet, key) = &pressed;
            sheet.unfolded.update(|open| match open.iter().position(|other| other == key) {
                Some(at) => drop(open.remove(at)),
                None => open.push(key.clone()),
            });
        });
    let cells = (0..width).map(|column| {
        let (sheet, key) = (sheet.clone(), key.to_owned());
        el("td").redraw(move || {
            let (state, rows) = sheet.record(&key, |record| {
                let states =
                    record.fields.iter().filter_map(|cells| Some(cells.get(column)?.state));
                Some((states.max()?, record.rows.get(column).copied().unwrap_or_default()))
            })?;
            let times = (rows > 1).then(|| format!("×{rows}"));
            let state = if rows > 1 { CellState::Differs } else { state };
            Some(value(ui, state, times.as_deref()))
        })
    });
    el("tr").class("matrix-record").child(el("th").attr("scope", "row").child(fold)).children(cells)
}

fn field_row(sheet: &Sheet, key: &str, field: usize, width: usize) -> El {
    let name =
        untrack(|| sheet.with(|view| view.fields.get(field).map(|field| field.name.clone())));
    let cells = (0..width).map(|column| cell(sheet, key, field, column));
    el("tr")
        .attr("data-field", name.as_deref().unwrap_or_default())
        .child(el("th").attr("scope", "row").text(name.as_deref().unwrap_or_default()))
        .children(cells)
}

fn cell(sheet: &Sheet, key: &str, field: usize, column: usize) -> El {
    let ui = sheet.ui;
    let [drawn, expanded, pressed] = std::array::from_fn(|_| sheet.clone());
    let place = (key.to_owned(), field, column);
    let (of, this, own) = (place.clone(), place.clone(), place);
    let button = el("button")
        .attr("type", "button")
        .class("matrix-cell")
        .attr("data-action", "open-cell")
        .live_value("aria-expanded", move || {
            (expanded.open.get().as_ref() == Some(&this)).to_string()
        })
        .redraw(move || {
            let cell = drawn.cell(&of.0, of.1, of.2)?;
            let text = drawn.with(|view| Some(view.fields.get(of.1)?.shown(cell.raw.as_deref()?)));
            Some(value(ui, cell.state, text.as_deref()))
        })
        .on("click", move |_| {
            let open = untrack(|| pressed.open.get());
            pressed.open.set((open.as_ref() != Some(&own)).then(|| own.clone()));
        });
    el("td").child(button)
}

/// A cell's value as it is and in one form, and the rule.
fn detail(sheet: &Sheet, key: &str, field: usize, column: usize, width: usize) -> El {
    let (ui, drawn, key) = (sheet.ui, sheet.clone(), key.to_owned());
    let cell = el("td").attr("colspan", &(width + 1).to_string()).redraw(move || {
        let cell = drawn.cell(&key, field, column)?;
        let title =
            drawn.with(|view| view.columns.get(column).map(|column| column.title().to_owned()));
        let pair = |name: Key, text: &str| {
            div("").child(el("dt").text(&ui.t(name))).child(el("dd").text(text))
        };
        let nothing = ui.t(Key::Nothing);
        let rule = cell.rule.as_ref().map(|rule| rule.sentence(ui.locale()));
        Some(
            div("matrix-detail")
                .child(span("faint").text(&title.unwrap_or_default()))
                .child(
                    el("dl")
                        .class("values")
                        .child(pair(Key::Raw, cell.raw.as_deref().unwrap_or(&nothing)))
                        .child(pair(
                            Key::NormalForm,
                            cell.normalised.as_deref().unwrap_or(&nothing),
                        )),
                )
                .maybe(rule.map(|rule| el("p").attr("data-rule", "").text(&rule))),
        )
    });
    el("tr").attr("data-cell-detail", "").child(cell)
}

/// The records that are not shown.
fn more(sheet: &Sheet) -> El {
    let (ui, pressed) = (sheet.ui, sheet.clone());
    let [counted, wanted, capped] = std::array::from_fn(|_| sheet.clone());
    let hidden =
        |sheet: &Sheet| sheet.with(|view| view.records.len()).saturating_sub(sheet.limit.get());
    let button = el("button")
        .attr("type", "button")
        .class("button quiet small")
        .attr("data-action", "more-records")
        .live_text(move || sentences::more_records(hidden(&counted), ui.locale()))
        .shown_if(move || hidden(&wanted) > 0)
        .on("click", move |_| pressed.limit.update(|limit| *limit += 10 * AT_FIRST));
    let left_out = move || {
        let (seen, shown) = capped.with(|view| (view.seen as usize, view.records.len()));
        let words = sentences::shown_of(&shown.to_string(), &seen.to_string(), ui.locale());
        if shown < seen { words } else { String::new() }
    };
    div("").child(button).child(el("p").class("faint").live_text(left_out))
}
