//! Holds the figures to the budgets, and to the peers. A budget that is exceeded is said and fails nothing: on another
//! machine it is another figure.

use std::fmt::Write;

use super::figures::{Figure, Figures};
use super::line::Host;
use super::rows::{Group, Row};
use super::table::{self, Place};

/// The most that our wasm may take, in the unit of the row, in Node and in Chromium.
const MOST: [(&str, f64); 10] = [
    ("next_dense_utc", 200.0),
    ("next_dense_zone", 200.0),
    ("next_sparse_utc", 1000.0),
    ("next_sparse_zone", 1000.0),
    ("store_add", 2.0),
    ("store_pop", 2.0),
    ("store_reschedule", 2.0),
    ("store_bytes", 400.0),
    ("page_board", 50.0),
    ("page_scroll", 50.0),
];
/// Of 10,000 jobs at one instant with IndexedDB, in milliseconds.
const MOST_WITH_INDEXEDDB: f64 = 300.0;
const BURST: &str = "burst_p99";

/// One line a budget, and the peers that are ahead of us.
pub(super) fn judge(groups: &[Group], figures: &Figures) -> String {
    let mut text = String::from("budgets of our wasm:\n");
    for row in groups.iter().flat_map(|group| group.rows()) {
        for line in of_row(*row, figures) {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "  {line}");
        }
    }
    let ahead: Vec<String> =
        groups.iter().flat_map(|group| group.rows()).flat_map(|row| ahead(*row, figures)).collect();
    match ahead.as_slice() {
        [] => text.push_str("  ok      ahead of every peer on every row\n"),
        some => some.iter().for_each(|line| {
            let _ = writeln!(text, "  BEHIND  {line}");
        }),
    }
    text
}

fn of_row(row: Row, figures: &Figures) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((_, most)) = MOST.iter().find(|(name, _)| *name == row.name) {
        let worst = worst(figures, row.name);
        lines.push(verdict(row.title, worst.as_ref(), *most));
    }
    if row.name == BURST {
        let of_timers = figures.figure("setTimeout", Host::Chromium, BURST);
        let most = of_timers.map_or(f64::NAN, |figure| figure.value);
        let ours = table::ours(figures, BURST, Place::Page);
        lines.push(verdict("10,000 due at once, p99, beside setTimeout", ours.as_ref(), most));
        let stored = figures.figure("scheduler-indexeddb", Host::Chromium, BURST);
        let title = "the same with IndexedDB";
        lines.push(verdict(title, stored.as_ref(), MOST_WITH_INDEXEDDB));
    }
    lines
}

/// The worst of where it runs.
fn worst(figures: &Figures, row: &str) -> Option<Figure> {
    let ours = [("baton", Host::Node), ("baton", Host::Chromium), ("screens", Host::Chromium)];
    ours.into_iter()
        .filter_map(|(subject, host)| figures.figure(subject, host, row))
        .max_by(|one, other| one.value.total_cmp(&other.value))
}

fn verdict(title: &str, figure: Option<&Figure>, most: f64) -> String {
    match figure {
        Some(figure) if !most.is_nan() => {
            let word = if figure.value <= most { "ok" } else { "OVER" };
            let limit = Figure { value: most, ..figure.clone() };
            format!("{word:<7} {title}: {} of {}", table::value(figure), table::value(&limit))
        }
        _ => format!("{:<7} {title}: not measured", "?"),
    }
}

/// The peers that take less than we do.
fn ahead(row: Row, figures: &Figures) -> Vec<String> {
    let mut lines = Vec::new();
    for &place in Place::of(row) {
        let Some(ours) = table::ours(figures, row.name, place) else { continue };
        for (subject, figure) in table::peers(figures, row.name, place) {
            if figure.value < ours.value {
                let title = table::title(row, place);
                let (theirs, ours) = (table::value(&figure), table::value(&ours));
                lines.push(format!("{title}: {subject} takes {theirs}, we take {ours}"));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::figures::tests::figures;

    #[test]
    fn a_budget_holds_for_the_worse_of_both_hosts() {
        let within = figures(&[("baton", "node 20", "next_dense_zone", 150.0, "7")]);
        assert!(
            judge(&[Group::Next], &within)
                .contains("ok      next fire, `*/15 9-17 * * 1-5`, New York: 150 ns of 200 ns")
        );
        let over = figures(&[
            ("baton", "node 20", "next_dense_zone", 150.0, "7"),
            ("baton", "chromium 1", "next_dense_zone", 250.0, "7"),
        ]);
        let text = judge(&[Group::Next], &over);
        assert!(text.contains("OVER") && text.contains("250 ns of 200 ns"), "{text}");
    }

    #[test]
    fn peers_that_are_ahead_are_named() {
        let lines = [
            ("baton", "node 20", "store_add", 1.0, "7"),
            ("setTimeout", "node 20", "store_add", 0.5, "7"),
            ("croner", "node 20", "store_add", 150.0, "7"),
        ];
        let text = judge(&[Group::Store], &figures(&lines));
        assert!(text.contains("BEHIND  add a job to 100,000: setTimeout takes"), "{text}");
        assert!(!text.contains("croner"), "{text}");
        let text = judge(&[Group::Store], &figures(&lines[..1]));
        assert!(text.contains("ahead of every peer"), "{text}");
    }

    #[test]
    fn what_is_not_measured_is_no_pass() {
        let text = judge(&[Group::Burst], &figures(&[]));
        assert!(text.contains("?       the same with IndexedDB: not measured"), "{text}");
    }
}
