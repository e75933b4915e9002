//! The tables: one a group on the terminal, and one for all as Markdown. Peers are shown with their ratio to our own
//! engine, compiled as it is served, on the same host; of peers outside any page that is Node.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::figures::{Figure, Figures};
use super::line::Host;
use super::rows::{Group, Places, Row};

/// Our own subjects: each one's name, where it runs, and its column.
const OURS: [(&str, Host, &str); 7] = [
    ("screens", Host::Chromium, "Baton"),
    ("baton", Host::Native, "Baton, native"),
    ("baton", Host::Node, "wasm, Node"),
    ("baton-fast", Host::Node, "wasm -O3, Node"),
    ("baton", Host::Chromium, "wasm, Chromium"),
    ("scheduler-memory", Host::Chromium, "page to worker and back"),
    ("scheduler-indexeddb", Host::Chromium, "the same, IndexedDB"),
];

/// Where a row is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Of peers, wherever they run that is no page.
    Outside,
    Page,
}

impl Place {
    fn has(self, host: Host) -> bool {
        (self == Self::Page) == (host == Host::Chromium)
    }

    /// Where a row's peers are.
    pub(super) fn of(row: Row) -> &'static [Self] {
        match row.places {
            Places::Outside => &[Self::Outside],
            Places::Both => &[Self::Outside, Self::Page],
            Places::Page => &[Self::Page],
        }
    }
}

/// A row's title, where it is measured in more than one place.
pub(super) fn title(row: Row, place: Place) -> String {
    match (row.places, place) {
        (Places::Outside | Places::Page, _) => row.title.to_owned(),
        (Places::Both, Place::Outside) => format!("{}, in Node", row.title),
        (Places::Both, Place::Page) => format!("{}, in Chromium", row.title),
    }
}

/// Our figure that the peers' are divided by.
pub(super) fn ours(figures: &Figures, row: &str, place: Place) -> Option<Figure> {
    match place {
        Place::Outside => figures.figure("baton", Host::Node, row),
        Place::Page => figures
            .figure("scheduler-memory", Host::Chromium, row)
            .or_else(|| figures.figure("baton", Host::Chromium, row))
            .or_else(|| figures.figure("screens", Host::Chromium, row)),
    }
}

/// The peers of a row, each with its figure.
pub(super) fn peers<'figures>(
    figures: &'figures Figures,
    row: &str,
    place: Place,
) -> Vec<(&'figures str, Figure)> {
    let all = figures.subjects(row).into_iter();
    all.filter(|(subject, host)| !is_ours(subject) && place.has(*host))
        .filter_map(|(subject, host)| Some((subject, figures.figure(subject, host, row)?)))
        .collect()
}

fn is_ours(subject: &str) -> bool {
    OURS.iter().any(|(ours, ..)| *ours == subject)
}

/// A group's table for the terminal, its notes below.
pub(super) fn plain(group: Group, figures: &Figures) -> String {
    let grid = grid(&[group], figures);
    let columns = grid.first().map_or(0, Vec::len);
    let width = |column: usize| grid.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &grid {
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Writing into a text cannot fail.
            let _ = match index {
                0 => write!(text, "{cell:<width$}"),
                _ => write!(text, "  {cell:>width$}"),
            };
        }
        text.push('\n');
    }
    for note in notes(&[group], figures) {
        let _ = writeln!(text, "  {note}");
    }
    text
}

/// All groups as Markdown, what is of the engine in one table and what is of the page in another, with what a reader
/// has to know to judge them.
pub(super) fn markdown(groups: &[Group], figures: &Figures, rounds: u32) -> String {
    let (page, engine): (Vec<Group>, Vec<Group>) =
        groups.iter().partition(|group| **group == Group::Page);
    let tables: Vec<String> = [engine, page]
        .iter()
        .filter(|groups| !groups.is_empty())
        .map(|groups| grid_as_markdown(&grid(groups, figures)))
        .collect();
    let mut text = tables.join("\n");
    let _ = writeln!(
        text,
        "\nMedians of {rounds} rounds on {}; × is how many times as much as our wasm takes on the same host. {}",
        figures.hosts(),
        notes(groups, figures).join(" ")
    );
    for (subject, why) in figures.missing() {
        let _ = writeln!(text, "Not measured here: {subject}, as {why}.");
    }
    text
}

fn grid_as_markdown(grid: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (index, row) in grid.iter().enumerate() {
        // Writing into a text cannot fail, here and above.
        let _ = writeln!(text, "| {} |", row.join(" | "));
        if index == 0 {
            let _ = writeln!(text, "| --- |{}", " ---: |".repeat(row.len() - 1));
        }
    }
    text
}

/// Header and rows; of our own columns and of peers, those that have a figure.
fn grid(groups: &[Group], figures: &Figures) -> Vec<Vec<String>> {
    let rows: Vec<Row> = groups.iter().flat_map(|group| group.rows()).copied().collect();
    let measured: Vec<(&str, Host)> =
        rows.iter().flat_map(|row| figures.subjects(row.name)).collect();
    let ours: Vec<_> =
        OURS.into_iter().filter(|(name, host, _)| measured.contains(&(*name, *host))).collect();
    let mut peers: Vec<&str> = Vec::new();
    for (subject, _) in &measured {
        if !is_ours(subject) && !peers.contains(subject) {
            peers.push(subject);
        }
    }
    let titles = ours.iter().map(|(.., title)| *title).chain(peers.iter().copied());
    let header = std::iter::once(String::new()).chain(titles.map(str::to_owned)).collect();
    let mut grid: Vec<Vec<String>> = vec![header];
    for row in rows {
        for &place in Place::of(row) {
            grid.push(cells(row, place, figures, &ours, &peers));
        }
    }
    grid
}

fn cells(
    row: Row,
    place: Place,
    figures: &Figures,
    columns: &[(&str, Host, &str)],
    peers: &[&str],
) -> Vec<String> {
    let base = ours(figures, row.name, place).map(|figure| figure.value);
    let mut cells = vec![title(row, place)];
    for (subject, host, _) in columns {
        let figure = figures.figure(subject, *host, row.name);
        let shown = figure.filter(|_| row.places == Places::Outside || place.has(*host));
        cells.push(shown.map_or(String::new(), |figure| value(&figure)));
    }
    let found = self::peers(figures, row.name, place);
    for peer in peers {
        let figure = found.iter().find(|(subject, _)| subject == peer).map(|(_, figure)| figure);
        cells.push(figure.map_or(String::new(), |figure| match base {
            Some(base) => format!("{} ×{}", value(figure), number(figure.value / base)),
            None => value(figure),
        }));
    }
    cells
}

/// What subjects said about their rows: of each subject, what holds for several rows without naming them.
fn notes(groups: &[Group], figures: &Figures) -> Vec<String> {
    let mut said: BTreeMap<&str, Vec<(&str, Vec<&str>)>> = BTreeMap::new();
    let mut kept = Vec::new();
    for row in groups.iter().flat_map(|group| group.rows()) {
        for (subject, host) in figures.subjects(row.name) {
            let note = figures.figure(subject, host, row.name).and_then(|figure| figure.note);
            kept.extend(note.map(|note| (subject, row.title, note)));
        }
    }
    for (subject, title, note) in &kept {
        let of_it = said.entry(subject).or_default();
        for part in note.split("; ") {
            match of_it.iter_mut().find(|(known, _)| *known == part) {
                Some((_, titles)) if titles.contains(title) => {}
                Some((_, titles)) => titles.push(title),
                None => of_it.push((part, vec![title])),
            }
        }
    }
    let told = said.into_iter().map(|(subject, parts)| format!("{subject}: {}.", joined(&parts)));
    told.collect()
}

fn joined(parts: &[(&str, Vec<&str>)]) -> String {
    let told = parts.iter().map(|(part, titles)| match titles.as_slice() {
        [title] => format!("{title}: {part}"),
        _ => (*part).to_owned(),
    });
    told.collect::<Vec<_>>().join("; ")
}

/// `87.1 µs`: of times, the unit in which the number is short.
pub(super) fn value(figure: &Figure) -> String {
    let scales: &[(&str, f64)] = match figure.unit.as_str() {
        "ns" => &[("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)],
        "us" => &[("µs", 1.0), ("ms", 1e3), ("s", 1e6)],
        "ms" => &[("ms", 1.0), ("s", 1e3)],
        "B" => &[("B", 1.0), ("kB", 1e3), ("MB", 1e6)],
        _ => return format!("{} {}", number(figure.value), figure.unit),
    };
    let fits = scales.iter().rev().find(|(_, scale)| figure.value.abs() >= *scale);
    let (unit, scale) = fits.or(scales.first()).copied().unwrap_or(("", 1.0));
    format!("{} {unit}", number(figure.value / scale))
}

/// Three figures: 0.47, 12.3, 771, 12,345.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        size if size < 9.995 => format!("{value:.2}"),
        size if size < 99.95 => format!("{value:.1}"),
        _ => grouped(&format!("{value:.0}")),
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::figures::tests::figures;

    #[test]
    fn numbers_have_three_figures() {
        for (value, expected) in [
            (0.471, "0.47"),
            (9.994, "9.99"),
            (9.996, "10.0"),
            (12.34, "12.3"),
            (99.96, "100"),
            (1234.5, "1,234"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn times_are_in_the_unit_that_keeps_them_short() {
        for (unit, given, expected) in [
            ("ns", 113.2, "113 ns"),
            ("ns", 87_130.6, "87.1 µs"),
            ("us", 0.68, "0.68 µs"),
            ("us", 1_220.0, "1.22 ms"),
            ("ms", 11_019.0, "11.0 s"),
            ("B", 83_410.0, "83.4 kB"),
        ] {
            let figure = Figure { value: given, unit: unit.to_owned(), note: None };
            assert_eq!(value(&figure), expected);
        }
    }

    #[test]
    fn peers_stand_with_their_ratio_to_our_wasm() {
        let figures = figures(&[
            ("baton", "native", "next_dense_utc", 50.0, "7"),
            ("baton", "node 20", "next_dense_utc", 100.0, "7"),
            ("baton", "chromium 1", "next_dense_utc", 110.0, "7"),
            ("croner 11", "node 20", "next_dense_utc", 75_000.0, "7"),
        ]);
        let markdown = markdown(&[Group::Next], &figures, 1);
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(lines[0], "|  | Baton, native | wasm, Node | wasm, Chromium | croner 11 |");
        assert_eq!(lines[1], "| --- | ---: | ---: | ---: | ---: |");
        let row =
            "| next fire, `*/15 9-17 * * 1-5`, UTC | 50.0 ns | 100 ns | 110 ns | 75.0 µs ×750 |";
        assert_eq!(lines[2], row);
        assert!(plain(Group::Next, &figures).contains("75.0 µs ×750"));
    }

    #[test]
    fn in_a_page_peers_stand_beside_the_page() {
        let figures = figures(&[
            ("baton", "node 20", "burst_p99", 10.0, "7"),
            ("setTimeout", "node 20", "burst_p99", 20.0, "7"),
            ("baton", "chromium 1", "burst_p99", 30.0, "7"),
            ("setTimeout", "chromium 1", "burst_p99", 90.0, "7"),
        ]);
        let grid = grid(&[Group::Burst], &figures);
        assert_eq!(grid[3][1..], ["10.0 ns", "", "20.0 ns ×2.00"]);
        assert_eq!(grid[4][1..], ["", "30.0 ns", "90.0 ns ×3.00"]);
    }
}
