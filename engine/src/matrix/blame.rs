//! Who is to blame: the first system, in the order of the stages, where something went wrong.

use super::table::{Judged, Table};
use super::view::{Blame, CellState};
use crate::verify::value::shorten;

/// What went wrong somewhere. The least of several is to blame: the earliest system, there what matters
/// most, and of that the first record and field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Suspect {
    column: usize,
    what: What,
    record: usize,
    field: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Changed,
    /// Not there, though this earlier column has it; none when no column does.
    Lost(Option<usize>),
    /// There, though this earlier column lacks it.
    Added(usize),
    Repeated,
}

impl Suspect {
    /// The worst of a record.
    pub(super) fn of(table: &Table, record: usize, judged: &[Vec<Judged>]) -> Option<Self> {
        let at = |column, what, field| Self { column, what, record, field };
        let cells = judged.iter().enumerate().flat_map(|(field, cells)| {
            let first = cells.iter().position(Judged::is_there);
            cells.iter().enumerate().filter_map(move |(column, cell)| match (cell.state, first) {
                (CellState::Differs, _) => Some(at(column, What::Changed, field)),
                (CellState::Null | CellState::Missing, Some(first)) if first > column => {
                    Some(at(first, What::Added(column), field))
                }
                (CellState::Null | CellState::Missing, first) => {
                    Some(at(column, What::Lost(first), field))
                }
                _ => None,
            })
        });
        let repeated = (0..table.columns.len())
            .find(|column| table.index.rows(*column, record).len() > 1)
            .map(|column| at(column, What::Repeated, 0));
        cells.chain(repeated).min()
    }
}

/// What is said of it.
pub(super) fn accuse(table: &Table, suspect: Suspect) -> Option<Blame> {
    let Suspect { column, what, record, field } = suspect;
    let title = |column: usize| {
        let column = table.columns.get(column)?;
        Some(column.system.unwrap_or(column.name).to_owned())
    };
    let key = (table.index.keys.len() > 1).then(|| table.key_words(record));
    let name = table.fields.get(field)?.name.clone();
    let whole = |column: usize| table.index.rows(column, record).is_empty();
    let system = title(column)?;
    Some(match what {
        What::Changed => {
            let judged = table.judge(record);
            let cells = judged.get(field)?;
            let cell = cells.get(column)?;
            let right = |other: &usize| {
                cells.get(*other).is_some_and(|other| {
                    other.with == cell.with && other.is_there() && other.state < CellState::Differs
                })
            };
            // The one before it, so that one sees between which two it happened.
            let before = (0..column).rev().find(right).or(cell.with)?;
            if before == column {
                let (keys, duplicates) = table.index.counts(column);
                return Some(Blame::Repeated { system, keys, duplicates });
            }
            let raw = |column: usize| {
                let raw = cells.get(column)?.value?.raw.as_deref();
                Some(shorten(raw.unwrap_or_default()))
            };
            let (got, want) = (raw(column)?, raw(before)?);
            Blame::Changed { field: name, key, system, got, before: title(before)?, want }
        }
        What::Lost(other) => {
            let field = (!whole(column)).then_some(name);
            Blame::Lost { field, key, system, before: other.and_then(title) }
        }
        What::Added(other) => {
            let field = (!whole(other)).then_some(name);
            Blame::Added { field, key, system, before: title(other)? }
        }
        What::Repeated => {
            let (keys, duplicates) = table.index.counts(column);
            Blame::Repeated { system, keys, duplicates }
        }
    })
}
