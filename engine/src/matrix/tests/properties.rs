//! What holds of every matrix.

use proptest::prelude::*;

use super::{CellState, Told, told};
use crate::matrix::MatrixView;

/// A row: its key and a value, each of a few, so that they meet often. None is null, or not there.
type Row = (u8, Option<u8>);

fn body(rows: &[Row]) -> String {
    let row = |(id, value): &Row| match value {
        Some(0) => format!(r#"{{"id":{id}}}"#),
        Some(value) => format!(r#"{{"id":{id},"v":{value}}}"#),
        None => format!(r#"{{"id":{id},"v":null}}"#),
    };
    format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(","))
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..4u8, prop::option::of(0..4u8)), 0..6)
}

fn run(systems: &[Vec<Row>]) -> Told {
    let chain = told(&["id", r#"{"name":"v","kind":"integer","tolerance":{"abs":1}}"#]);
    let chain = chain.key(r#"{"key":"id"}"#);
    let name = |at: usize| format!("S{at}");
    systems.iter().enumerate().fold(chain, |told, (at, rows)| told.system(&name(at), &body(rows)))
}

/// A view whose records stand in the order of their keys.
fn sorted(mut view: MatrixView) -> MatrixView {
    view.records.sort_by(|a, b| a.key.cmp(&b.key));
    view
}

proptest! {
    // Each reads several documents and answers.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_rows_changes_nothing_but_the_order(
        (before, after) in prop::collection::vec(
            rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())), 1..4,
        ).prop_map(|pairs| pairs.into_iter().unzip::<_, _, Vec<_>, Vec<_>>())
    ) {
        let [before, after] = [before, after].map(|systems| sorted(run(&systems).view()));
        let blamed = |view: &MatrixView| view.blame.is_some();
        prop_assert_eq!(blamed(&before), blamed(&after));
        let without = |view: MatrixView| MatrixView { blame: None, ..view };
        prop_assert_eq!(without(before), without(after));
    }

    #[test]
    fn identical_records_all_match(ids in prop::collection::btree_set(0..9u8, 1..5), systems in 1..5usize) {
        let rows: Vec<Row> = ids.iter().map(|id| (*id, Some(id % 3 + 1))).collect();
        let view = run(&vec![rows; systems]).view();
        let cells = view.records.iter().flat_map(|record| record.fields.iter().flatten());
        prop_assert!(cells.clone().all(|cell| cell.state == CellState::Match));
        prop_assert_eq!((view.matched as usize, view.blame), (ids.len(), None));
    }

    #[test]
    fn a_later_system_never_changes_earlier_cells(
        systems in prop::collection::vec(rows(), 1..4), later in rows()
    ) {
        let before = run(&systems).view();
        let mut more = systems.clone();
        more.push(later);
        let after = run(&more).view();
        for record in &before.records {
            // Until there is a record anywhere, the one that is shown is what is awaited.
            let Some(same) = after.records.iter().find(|other| other.key == record.key) else {
                prop_assert_eq!(record.rows.iter().sum::<u32>(), 0);
                continue;
            };
            for (field, other) in record.fields.iter().zip(&same.fields) {
                // What no system had before, the later one may have.
                let had = field.iter().any(|cell| cell.raw.as_deref().is_some_and(|raw| raw != "null"));
                if had {
                    prop_assert_eq!(&field[..], &other[..systems.len()]);
                }
            }
        }
        let earlier = |view: &MatrixView| {
            let columns = view.columns.iter().take(systems.len());
            columns.map(|column| (column.keys, column.duplicates)).collect::<Vec<_>>()
        };
        prop_assert_eq!(earlier(&before), earlier(&after));
    }

    #[test]
    fn what_is_counted_is_all_there_is(systems in prop::collection::vec(rows(), 1..4)) {
        let view = run(&systems).view();
        prop_assert_eq!(view.matched + view.differing + view.lacking, view.seen);
        prop_assert_eq!(view.records.len(), view.seen as usize);
        prop_assert_eq!(view.blame.is_some(), view.matched < view.seen);
    }
}
