//! What all rounds said, and its medians.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::line::{Host, Line, Measured, Said};
use crate::failure::Failure;

/// Everything that was measured, and what went wrong.
#[derive(Debug, Default)]
pub(super) struct Figures {
    lines: Vec<(String, Host, Measured)>,
    /// The hosts with their versions, and subjects that are not measured here with the reason.
    hosts: Vec<(Host, String)>,
    missing: BTreeMap<String, String>,
    broken: Vec<String>,
}

/// A subject's figure in a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) value: f64,
    pub(super) unit: String,
    pub(super) note: Option<String>,
}

impl Figures {
    pub(super) fn add(&mut self, line: Line) {
        match line.said {
            Said::Missing(why) => {
                self.missing.insert(line.subject, why);
            }
            Said::Measured(measured) => {
                if self.hosts.iter().all(|(host, _)| *host != line.host) {
                    self.hosts.push((line.host, line.on));
                }
                self.lines.push((line.subject, line.host, measured));
            }
        }
    }

    /// Notes that a subject is not measured here.
    pub(super) fn is_missing(&mut self, subject: &str, why: &str) {
        self.missing.insert(subject.to_owned(), why.to_owned());
    }

    /// Notes that a subject failed.
    pub(super) fn broke(&mut self, failure: &Failure) {
        self.broken.push(failure.to_string());
    }

    /// The median of all rounds.
    pub(super) fn figure(&self, subject: &str, host: Host, row: &str) -> Option<Figure> {
        let of_it: Vec<&Measured> = self
            .of_row(row)
            .filter(|(name, on, _)| *name == subject && *on == host)
            .map(|(_, _, measured)| measured)
            .collect();
        let first = of_it.first()?;
        let value = median(of_it.iter().map(|measured| measured.value).collect())?;
        Some(Figure { value, unit: first.unit.clone(), note: first.note.clone() })
    }

    /// The subjects of a row, each with where it ran, in the order in which they ran first.
    pub(super) fn subjects(&self, row: &str) -> Vec<(&str, Host)> {
        let mut found = Vec::new();
        for (subject, host, _) in self.of_row(row) {
            if !found.contains(&(subject.as_str(), *host)) {
                found.push((subject.as_str(), *host));
            }
        }
        found
    }

    /// The hosts with their versions.
    pub(super) fn hosts(&self) -> String {
        let named: Vec<&str> = self
            .hosts
            .iter()
            .filter(|(host, _)| *host != Host::Native)
            .map(|(_, on)| on.as_str())
            .collect();
        named.join(", ")
    }

    pub(super) fn missing(&self) -> &BTreeMap<String, String> {
        &self.missing
    }

    /// Whether every subject ran, and computed what the others did.
    pub(super) fn all_well(&self) -> bool {
        self.broken.is_empty() && self.disagreements().is_empty()
    }

    /// What people have to know beside the tables.
    pub(super) fn remarks(&self) -> String {
        let mut text = String::new();
        for (subject, why) in &self.missing {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "not measured here: {subject}: {why}");
        }
        for line in self.disagreements().iter().chain(&self.broken) {
            let _ = writeln!(text, "FAILED: {line}");
        }
        text
    }

    /// The rows on which subjects computed different things: who computed what.
    fn disagreements(&self) -> Vec<String> {
        let mut rows: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        for (subject, _, measured) in &self.lines {
            if let Some(checksum) = &measured.checksum {
                let camps = rows.entry(&measured.row).or_default();
                let camp = camps.entry(checksum).or_default();
                if !camp.contains(&subject.as_str()) {
                    camp.push(subject);
                }
            }
        }
        let split = rows.into_iter().filter(|(_, camps)| camps.len() > 1);
        split.map(|(row, camps)| format!("{row}: checksums disagree: {}", told(&camps))).collect()
    }

    fn of_row(&self, row: &str) -> impl Iterator<Item = &(String, Host, Measured)> {
        self.lines.iter().filter(move |(_, _, measured)| measured.row == row)
    }
}

fn told(camps: &BTreeMap<&str, Vec<&str>>) -> String {
    let camps = camps.iter().map(|(sum, camp)| format!("{sum} by {}", camp.join(", ")));
    camps.collect::<Vec<_>>().join("; ")
}

/// The middle one; of an even number, the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Figures as subjects would print them.
    pub(in crate::bench) fn figures(lines: &[(&str, &str, &str, f64, &str)]) -> Figures {
        let mut figures = Figures::default();
        for (subject, on, row, value, checksum) in lines {
            let text = format!(
                r#"{{"subject":"{subject}","on":"{on}","row":"{row}","unit":"ns","value":{value},"checksum":"{checksum}"}}"#
            );
            figures.add(Line::read(&text).unwrap());
        }
        figures
    }

    #[test]
    fn the_median_is_the_middle() {
        for (values, expected) in [
            (vec![], None),
            (vec![3.0], Some(3.0)),
            (vec![9.0, 1.0, 2.0], Some(2.0)),
            (vec![4.0, 1.0, 2.0, 100.0], Some(3.0)),
        ] {
            assert_eq!(median(values.clone()), expected, "{values:?}");
        }
    }

    #[test]
    fn a_figure_is_the_median_of_its_own_rounds() {
        let figures = figures(&[
            ("baton", "node 20", "r", 5.0, "1"),
            ("baton", "native", "r", 1.0, "1"),
            ("baton", "node 20", "r", 7.0, "1"),
            ("baton", "node 20", "other", 99.0, "1"),
            ("baton", "node 20", "r", 600.0, "1"),
        ]);
        assert_eq!(figures.figure("baton", Host::Node, "r").unwrap().value.to_string(), "7");
        assert_eq!(figures.figure("baton", Host::Python, "r"), None);
        assert_eq!(figures.subjects("r"), [("baton", Host::Node), ("baton", Host::Native)]);
        assert!(figures.all_well());
    }

    #[test]
    fn who_computes_something_else_is_found() {
        let figures = figures(&[
            ("baton", "node 20", "r", 5.0, "12"),
            ("croner", "node 20", "r", 5.0, "13"),
            ("baton", "native", "r", 5.0, "12"),
        ]);
        assert!(!figures.all_well());
        let remarks = figures.remarks();
        assert_eq!(remarks, "FAILED: r: checksums disagree: 12 by baton; 13 by croner\n");
    }
}
