//! Measures the engine beside its peers, sizes, and how long building takes.
//!
//! Every subject is a program that prints JSON lines ([`line`]); [`subjects`] makes and runs them, several rounds over,
//! [`figures`] takes the medians, and [`table`], [`budgets`] and [`readme`] show them. Speed never fails a run: what
//! does is a subject that breaks, or one that computes something else than the others.

mod budgets;
mod builds;
mod figures;
mod line;
mod readme;
mod rows;
mod subjects;
mod table;

use crate::failure::Failure;
use crate::project::{self, Project};
use figures::Figures;
use rows::Group;
use subjects::Bench;

pub(crate) use subjects::PACKAGE;

const STEP: &str = "writing the figures";
/// An odd number, so that the median was measured.
pub(crate) const ROUNDS: u32 = 5;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    Sizes,
    Rows(Group),
}

impl Suite {
    pub(crate) const ALL: [Self; 6] = [
        Self::Sizes,
        Self::Rows(Group::Next),
        Self::Rows(Group::Store),
        Self::Rows(Group::Few),
        Self::Rows(Group::Burst),
        Self::Rows(Group::Page),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sizes => "sizes",
            Self::Rows(group) => group.name(),
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Sizes => "what a browser loads, and how long building it takes",
            Self::Rows(group) => group.about(),
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name)
    }
}

/// What `bench` was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) suites: Vec<Suite>,
    pub(crate) rounds: u32,
    pub(crate) readme: Readme,
}

/// What becomes of the README's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readme {
    Kept,
    Rewritten,
}

impl Order {
    /// Whether all rows are measured that the README shows.
    pub(crate) fn has_all_rows(&self) -> bool {
        Group::ALL.into_iter().all(|group| self.suites.contains(&Suite::Rows(group)))
    }

    fn groups(&self) -> Vec<Group> {
        let asked = |group: &Group| self.suites.contains(&Suite::Rows(*group));
        Group::ALL.into_iter().filter(asked).collect()
    }
}

/// The answer is whether every subject ran and computed what the others did.
///
/// # Errors
/// When a build fails, or something that all subjects need cannot be set up.
pub(crate) fn run(project: &Project, order: &Order) -> Result<bool, Failure> {
    if order.suites.contains(&Suite::Sizes) {
        builds::measure(project)?;
    }
    let groups = order.groups();
    if groups.is_empty() {
        return Ok(true);
    }
    let bench = Bench::prepare(project)?;
    let mut figures = Figures::default();
    for group in &groups {
        for round in 1..=order.rounds {
            println!("\n{}, round {round} of {}", group.name(), order.rounds);
            bench.measure(*group, &mut figures);
        }
    }
    report(project, order, &groups, &figures)
}

fn report(
    project: &Project,
    order: &Order,
    groups: &[Group],
    figures: &Figures,
) -> Result<bool, Failure> {
    for group in groups {
        println!("\n{}", table::plain(*group, figures));
    }
    print!("{}{}", budgets::judge(groups, figures), figures.remarks());
    let markdown = table::markdown(groups, figures, order.rounds);
    let place = project.scratch().join("bench.md");
    project::write(STEP, &place, markdown.as_bytes())?;
    println!("\nthe same as a Markdown table: {}", project.shown(&place));
    match order.readme {
        Readme::Kept => {}
        Readme::Rewritten => readme::rewrite(project, &markdown)?,
    }
    Ok(figures.all_well())
}
