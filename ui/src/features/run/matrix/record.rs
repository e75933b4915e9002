//! A record of a matrix: its fields in every system, each value as it is when its cell is opened.

use baton_engine::matrix::{CellState, MatrixView};
use leptos::prelude::*;

use crate::components::{Button, Icon, Kind, icon};
use crate::el::{El, div, el, span};
use crate::status::Status;
use crate::text::Key;
use crate::ui::Ui;

use super::Sheet;

fn tone(state: CellState) -> Status {
    match state {
        CellState::Match | CellState::Normalised | CellState::Within => Status::Passed,
        CellState::Differs | CellState::Missing | CellState::Null => Status::Failed,
        CellState::Pending => Status::Waiting,
        CellState::NotReached | CellState::NotCarried => Status::NotStarted,
    }
}

/// A value, and what it comes to: a sign, a word, a colour.
pub(super) fn value(ui: Ui, state: CellState, text: Option<&str>) -> El {
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
pub(super) fn record(sheet: &Sheet, key: &str, width: usize) -> El {
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
            let shown = !several || asked.is_unfolded(&is_open);
            if shown { "open".to_owned() } else { String::new() }
        };
        let shown = wanted.clone();
        body.switch(wanted, move |open| {
            (!open.is_empty()).then(|| field_row(&made, &of, field, width))
        })
        .switch(
            move || {
                let open = opened.opened().filter(|_| !shown().is_empty());
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
        .live_value("aria-expanded", move || expanded.0.is_unfolded(&expanded.1).to_string())
        .child(icon(Icon::Chevron))
        .child(span("").text(key))
        .on("click", move |_| {
            let (sheet, key) = &pressed;
            let mut open = sheet.unfolded.borrow_mut();
            match open.iter().position(|other| other == key) {
                Some(at) => drop(open.remove(at)),
                None => open.push(key.clone()),
            }
            drop(open);
            sheet.moved.update(|count| *count += 1);
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
        .child(
            el("th").attr("scope", "row").child(span("").text(name.as_deref().unwrap_or_default())),
        )
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
            (expanded.opened().as_ref() == Some(&this)).to_string()
        })
        .redraw(move || {
            let cell = drawn.cell(&of.0, of.1, of.2)?;
            let text = drawn.with(|view| Some(view.fields.get(of.1)?.shown(cell.raw.as_deref()?)));
            Some(value(ui, cell.state, text.as_deref()))
        })
        .on("click", move |_| {
            let open = pressed.open.take();
            pressed.open.replace((open.as_ref() != Some(&own)).then(|| own.clone()));
            pressed.moved.update(|count| *count += 1);
        });
    let at = sheet.clone();
    el("td").child(sheet.linked.pointing(button, move || at.attempt_of(column)))
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
                .maybe(rule.map(|rule| el("p").attr("data-rule", "").text(&rule)))
                .maybe(evidence(&drawn, column)),
        )
    });
    el("tr").attr("data-cell-detail", "").child(cell)
}

/// The way to the attempt behind a column's cells.
fn evidence(sheet: &Sheet, column: usize) -> Option<El> {
    let (at, linked) = (untrack(|| sheet.attempt_of(column))?, sheet.linked.clone());
    let button = Button::new("show-evidence", Icon::Search, Key::ShowEvidence).kind(Kind::Quiet);
    Some(button.on_press(sheet.ui, move || linked.open(at)))
}
