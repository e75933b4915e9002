//! Makes the matrix. Every value is looked at a fixed number of times, so that a thousand records of fifty
//! fields in fifty systems are done in a moment; as many of them are shown as a page can take.

use super::Known;
use super::blame::{Suspect, accuse};
use super::compare::compare;
use super::index::{Index, is_there, is_whole, seen, small};
use super::view::{
    CellState, MatrixCell, MatrixColumn, MatrixField, MatrixRecord, MatrixView, Rule,
};
use super::words::shown;
use crate::protocol::StagePhase;
use crate::time::Timestamp;
use crate::verify::record::Field;
use crate::verify::{Reason, Recorded};

/// How many cells are shown at most, save that one record always is.
const MAX_CELLS: usize = 20_000;
/// How long their values may be together, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// A stage that has fields.
pub(crate) struct Column<'a> {
    pub(crate) stage: u32,
    pub(crate) name: &'a str,
    pub(crate) system: Option<&'a str>,
    /// The fields of its record, in their order.
    pub(crate) mapped: Vec<&'a str>,
    pub(crate) transformed: &'a [String],
    pub(crate) not_carried: &'a [String],
    pub(crate) now: &'a Known,
}

/// What a run's fields come to. `key` tells one record from another; `reference` is a stage whose values
/// are the right ones, in place of what the fields say; `sent_at` is when the run sent its data.
pub(crate) fn matrix(
    fields: &[Field],
    (key, expected): (&[String], Option<u32>),
    columns: &[Column],
    reference: Option<&str>,
    sent_at: Option<Timestamp>,
) -> MatrixView {
    let index = Index::of(columns, key);
    let table = Table {
        ways: fields.iter().map(|field| Way::of(field, columns, reference)).collect(),
        fields,
        key,
        columns,
        index: &index,
    };
    let mut view = MatrixView {
        key: key.to_vec(),
        columns: Vec::new(),
        fields: table.field_views(reference),
        records: Vec::new(),
        seen: small(index.keys.len()),
        matched: 0,
        differing: 0,
        lacking: 0,
        expected,
        blame: None,
    };
    let ranked = table.rank(&mut view);
    table.count(&mut view, sent_at);
    let (mut cells, mut bytes) = (0, 0);
    for record in ranked.into_iter().flatten() {
        let judged = table.judge(record);
        cells += columns.len() * fields.len();
        bytes += judged.iter().flatten().map(Judged::bytes).sum::<usize>();
        if !view.records.is_empty() && (cells > MAX_CELLS || bytes > MAX_BYTES) {
            break;
        }
        view.records.push(table.record_view(record, judged));
    }
    view
}

/// Where each column has a field, and what it is compared with.
struct Way<'a> {
    carried: Vec<Carried>,
    /// By column: how many systems up to it change the field on purpose.
    part: Vec<usize>,
    transforms: Vec<bool>,
    reference: Option<usize>,
    field: &'a Field,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Carried {
    /// The field's place in a row.
    At(usize),
    Not,
    Unmapped,
}

impl<'a> Way<'a> {
    fn of(field: &'a Field, columns: &[Column], reference: Option<&str>) -> Self {
        let named = |names: &[String]| names.contains(&field.name);
        let transforms: Vec<bool> =
            columns.iter().map(|column| named(column.transformed)).collect();
        let carried = columns.iter().map(|column| {
            match column.mapped.iter().position(|mapped| *mapped == field.name) {
                Some(place) => Carried::At(place),
                None if named(column.not_carried) => Carried::Not,
                None => Carried::Unmapped,
            }
        });
        let mut changes = 0;
        let part = transforms.iter().map(|changed| {
            changes += usize::from(*changed);
            changes
        });
        let stage = reference.or(field.reference.as_deref());
        Self {
            carried: carried.collect(),
            part: part.collect(),
            reference: columns.iter().position(|column| Some(column.name) == stage),
            transforms,
            field,
        }
    }

    /// What a column's value is compared with: the reference, and on the other side of a system that
    /// changes the field on purpose what is first there.
    fn compared_with(&self, column: usize, right: &[Option<&Recorded>]) -> Option<usize> {
        let same_part = |other: &usize| self.part.get(*other) == self.part.get(column);
        let has = |other: &usize| right.get(*other).is_some_and(Option::is_some);
        let named = self.reference.filter(same_part).filter(has);
        named.or_else(|| (0..right.len()).filter(same_part).find(has))
    }
}

/// A cell before it is shown.
pub(super) struct Judged<'a> {
    pub(super) state: CellState,
    pub(super) rule: Option<Rule>,
    pub(super) value: Option<&'a Recorded>,
    /// The column that it is compared with.
    pub(super) with: Option<usize>,
}

impl Judged<'_> {
    fn bytes(&self) -> usize {
        let long = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        self.value.map_or(0, |value| long(&value.raw) + long(&value.normalised))
    }

    /// Whether there is a value.
    pub(super) fn is_there(&self) -> bool {
        self.value.is_some_and(is_there)
    }
}

pub(super) struct Table<'a> {
    ways: Vec<Way<'a>>,
    pub(super) fields: &'a [Field],
    key: &'a [String],
    pub(super) columns: &'a [Column<'a>],
    pub(super) index: &'a Index<'a>,
}

impl<'a> Table<'a> {
    /// Puts the records in order, the worst first, counts them, and finds who is to blame.
    fn rank(&self, view: &mut MatrixView) -> [Vec<usize>; 4] {
        let mut suspect: Option<Suspect> = None;
        let mut ranked: [Vec<usize>; 4] = std::array::from_fn(|_| Vec::new());
        for record in 0..self.index.keys.len() {
            let judged = self.judge(record);
            let state = self.state(record, &judged);
            let [differing, lacking, open, matched] = &mut ranked;
            let rank = match state {
                CellState::Differs => differing,
                CellState::Null | CellState::Missing => lacking,
                CellState::NotReached | CellState::Pending => open,
                CellState::NotCarried
                | CellState::Match
                | CellState::Normalised
                | CellState::Within => matched,
            };
            rank.push(record);
            suspect = [suspect, Suspect::of(self, record, &judged)].into_iter().flatten().min();
        }
        let [differing, lacking, _, matched] =
            ranked.each_ref().map(|records| small(records.len()));
        (view.differing, view.lacking, view.matched) = (differing, lacking, matched);
        view.blame = suspect.and_then(|suspect| accuse(self, suspect));
        ranked
    }

    /// A record that is there more than once in a system is not alike.
    fn state(&self, record: usize, judged: &[Vec<Judged>]) -> CellState {
        let repeated =
            (0..self.columns.len()).any(|column| self.index.rows(column, record).len() > 1);
        let worst = judged.iter().flatten().map(|cell| cell.state).max();
        if repeated { CellState::Differs } else { worst.unwrap_or(CellState::NotCarried) }
    }

    /// A record's key as it is shown; its place when the chain has no subject.
    pub(super) fn key_words(&self, record: usize) -> String {
        let values = self.index.keys.get(record).map_or(&[][..], Vec::as_slice);
        let shown = self.key.iter().zip(values).map(|(name, value)| {
            let field = self.fields.iter().find(|field| field.name == *name);
            field.map_or_else(|| value.clone(), |field| shown(field.kind, value))
        });
        let words: Vec<String> = shown.collect();
        if words.is_empty() { format!("#{}", record + 1) } else { words.join(", ") }
    }

    /// A record's cells, by field and column.
    pub(super) fn judge(&self, record: usize) -> Vec<Vec<Judged<'a>>> {
        self.ways.iter().map(|way| self.judge_field(way, record)).collect()
    }

    fn judge_field(&self, way: &Way, record: usize) -> Vec<Judged<'a>> {
        let right: Vec<Option<&Recorded>> =
            (0..self.columns.len()).map(|column| self.right(way, column, record)).collect();
        // Null is what was sent: then it is right elsewhere.
        let first = way.carried.iter().position(|carried| matches!(carried, Carried::At(_)));
        let null_is_right = right.iter().all(Option::is_none)
            && first.is_some_and(|first| {
                self.values(way, first, record).any(|value| value.raw.as_deref() == Some("null"))
            });
        let cells = (0..self.columns.len()).map(|column| {
            let with = way.compared_with(column, &right);
            let want = with.and_then(|with| Some((with, *right.get(with)?.as_ref()?)));
            self.judge_cell(way, (column, record), want, null_is_right)
        });
        cells.collect()
    }

    /// The value of a column that others may be compared with: the least of several, whatever their order.
    fn right(&self, way: &Way, column: usize, record: usize) -> Option<&'a Recorded> {
        let values = self.values(way, column, record);
        values.filter(|value| is_there(value) && is_whole(value)).min_by_key(|value| &value.raw)
    }

    fn values(
        &self,
        way: &Way,
        column: usize,
        record: usize,
    ) -> impl Iterator<Item = &'a Recorded> {
        let place = match way.carried.get(column) {
            Some(Carried::At(place)) => Some(*place),
            Some(Carried::Not | Carried::Unmapped) | None => None,
        };
        let name = way.field.name.as_str();
        self.index.rows(column, record).iter().filter_map(move |row| {
            let there = row.fields.get(place?).filter(|value| value.field == name);
            there.or_else(|| row.fields.iter().find(|value| value.field == name))
        })
    }

    fn judge_cell(
        &self,
        way: &Way,
        (column, record): (usize, usize),
        want: Option<(usize, &Recorded)>,
        null_is_right: bool,
    ) -> Judged<'a> {
        let blank = |state, rule| Judged { state, rule, value: None, with: None };
        match way.carried.get(column) {
            Some(Carried::Not) | None => return blank(CellState::NotCarried, None),
            Some(Carried::Unmapped) => return blank(CellState::NotCarried, Some(Rule::Unmapped)),
            Some(Carried::At(_)) => {}
        }
        let awaited = self.columns.get(column).map_or(CellState::NotReached, Column::absent);
        let values = self.values(way, column, record).map(|value| {
            let (state, rule) = match want {
                Some((with, want)) if is_there(value) => {
                    let (state, rule) = compare(way.field, want, value);
                    let first = with == column && state == CellState::Match;
                    let changes = way.transforms.get(column) == Some(&true);
                    let own = if changes { Rule::Transformed } else { Rule::Reference };
                    (state, if first { Some(own) } else { rule })
                }
                None if is_there(value) => {
                    // Nothing that it could be compared with: it can't be read, nor can any other.
                    let why = value.trouble.clone();
                    (CellState::Differs, why.map(|why| Rule::Unread { why }))
                }
                Some(_) | None if value.raw.is_none() => (awaited, None),
                Some(_) | None if null_is_right => (CellState::Match, None),
                Some(_) | None if awaited == CellState::Missing => (CellState::Null, None),
                Some(_) | None => (awaited, None),
            };
            let with = want.map(|(with, _)| with);
            Judged { state, rule, value: Some(value), with }
        });
        let key = |judged: &Judged<'a>| (judged.state, judged.value.map(|value| &value.raw));
        let worst = values.max_by_key(key);
        let unread = self.columns.get(column).and_then(Column::unread);
        worst.unwrap_or_else(|| {
            blank(
                awaited,
                unread.map_or(Some(Rule::NoRecord), |why| Some(Rule::Unread { why: why.clone() })),
            )
        })
    }

    fn field_views(&self, reference: Option<&str>) -> Vec<MatrixField> {
        let fields = self.fields.iter().map(|field| MatrixField {
            name: field.name.clone(),
            kind: field.kind,
            reference: reference.or(field.reference.as_deref()).map(str::to_owned),
        });
        fields.collect()
    }

    fn record_view(&self, record: usize, judged: Vec<Vec<Judged>>) -> MatrixRecord {
        let rows = (0..self.columns.len()).map(|column| self.index.rows(column, record).len());
        let state = self.state(record, &judged);
        let cell = |judged: Judged| MatrixCell {
            state: judged.state,
            rule: judged.rule,
            raw: judged.value.and_then(|value| value.raw.clone()),
            normalised: judged.value.and_then(|value| value.normalised.clone()),
        };
        MatrixRecord {
            key: self.key_words(record),
            state,
            rows: rows.map(small).collect(),
            fields: judged.into_iter().map(|row| row.into_iter().map(cell).collect()).collect(),
        }
    }

    /// Counts keys and rows, apart.
    fn count(&self, view: &mut MatrixView, sent_at: Option<Timestamp>) {
        let counts: Vec<(u32, u32)> =
            (0..self.columns.len()).map(|column| self.index.counts(column)).collect();
        let first = counts.iter().map(|(keys, _)| *keys).find(|keys| *keys > 0);
        view.expected = view.expected.or(first);
        for (at, (column, (keys, duplicates))) in self.columns.iter().zip(counts).enumerate() {
            let carries = !column.mapped.is_empty();
            let latency =
                column.now.passed_at.zip(sent_at).map(|(passed, sent)| passed.since(sent));
            view.columns.push(MatrixColumn {
                stage: column.stage,
                name: column.name.to_owned(),
                system: column.system.map(str::to_owned),
                phase: column.now.phase,
                rows: seen(&column.now.records),
                keys,
                duplicates,
                unkeyed: self.index.unkeyed.get(at).copied().unwrap_or_default(),
                missing: if carries { view.seen.saturating_sub(keys) } else { 0 },
                count: column.count(keys, duplicates, view.expected),
                latency_ms: latency.map(crate::time::exact_ms),
                trouble: column.now.records.trouble.clone(),
            });
        }
    }
}

impl Column<'_> {
    /// What it means that something is not there.
    fn absent(&self) -> CellState {
        match self.now.phase {
            StagePhase::NotStarted | StagePhase::Cancelled => CellState::NotReached,
            StagePhase::Waiting | StagePhase::Calling | StagePhase::Holding => CellState::Pending,
            StagePhase::Passed | StagePhase::Failed | StagePhase::TimedOut => match self.unread() {
                Some(_) => CellState::NotReached,
                None => CellState::Missing,
            },
        }
    }

    /// Why nothing is known of it, if nothing is.
    fn unread(&self) -> Option<&Reason> {
        let Known { records, unread, .. } = self.now;
        unread.as_ref().or(records.trouble.as_ref()).filter(|_| records.rows.is_empty())
    }

    fn count(&self, keys: u32, duplicates: u32, expected: Option<u32>) -> CellState {
        if self.mapped.is_empty() {
            return CellState::NotCarried;
        }
        match expected {
            _ if duplicates > 0 => CellState::Differs,
            Some(expected) if keys > expected => CellState::Differs,
            Some(expected) if keys == expected => CellState::Match,
            Some(_) | None => self.absent(),
        }
    }
}
