//! What is wrong with the document: each problem with its place, its mend, and the way to its line.

use std::rc::Rc;

use baton_engine::chain::{Problem, ProblemKind};
use leptos::prelude::*;

use crate::components::{Icon, icon};
use crate::el::{El, div, el, span};
use crate::json;
use crate::text::{Key, sentences};
use crate::ui::Ui;

use super::Tab;

/// More than this many at once are not read.
const MOST: usize = 50;

/// What the engine found in the document.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Check {
    /// It has not said yet.
    Checking,
    /// What it found.
    Done(Findings),
}

/// Findings, each with its line where that is known.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// None when the document can be saved.
    problems: Vec<(Problem, Option<usize>)>,
    /// What may be meant, but is worth a second look.
    warnings: Vec<(Problem, Option<usize>)>,
}

impl Check {
    /// What was found in a document, with the lines in it.
    pub(super) fn of(document: &str, problems: Vec<Problem>, warnings: Vec<Problem>) -> Self {
        let (problems, warnings) = (with_lines(document, problems), with_lines(document, warnings));
        Self::Done(Findings { problems, warnings })
    }

    /// The problems at the places that are `wanted`.
    pub(super) fn found(&self, wanted: impl Fn(&str) -> bool) -> Vec<Problem> {
        let Self::Done(Findings { problems, .. }) = self else { return Vec::new() };
        let problems = problems.iter().map(|(problem, _)| problem);
        problems.filter(|problem| wanted(&place_of(problem))).cloned().collect()
    }

    /// The lines that have problems.
    pub(super) fn lines(&self) -> Vec<usize> {
        match self {
            Self::Checking => Vec::new(),
            Self::Done(Findings { problems, .. }) => {
                problems.iter().filter_map(|(_, line)| *line).collect()
            }
        }
    }
}

/// The place of a problem; of a key that is missing, where it would be.
fn place_of(problem: &Problem) -> String {
    match problem.kind.read() {
        Ok(ProblemKind::MissingKey { key }) if problem.path.is_empty() => key,
        Ok(ProblemKind::MissingKey { key }) => format!("{}.{key}", problem.path),
        _ => problem.path.clone(),
    }
}

fn with_lines(document: &str, problems: Vec<Problem>) -> Vec<(Problem, Option<usize>)> {
    let places: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    let lines = json::lines_of(document, &places);
    let with_lines = problems.into_iter().zip(lines).map(|(problem, line)| {
        let line = match problem.kind.read() {
            Ok(ProblemKind::Syntax { line, .. }) => usize::try_from(line).ok(),
            _ => line,
        };
        (problem, line)
    });
    with_lines.collect()
}

/// The way to a problem: its place, and its line if that is known.
pub(super) type GoTo = Rc<dyn Fn(&str, usize)>;

/// The document's problems, or that it has none; `go_to` goes to one, in the view that is open.
pub(super) fn problems(
    ui: Ui,
    check: ArcRwSignal<Check>,
    tab: ArcRwSignal<Tab>,
    go_to: GoTo,
) -> El {
    let go_to = Ways { tab, go_to };
    div("problems").attr("role", "status").redraw(move || {
        Some(match check.get() {
            Check::Checking => {
                let words = el("p").class("faint").attr("data-check-state", "checking");
                words.live_text(ui.words(Key::Checking))
            }
            Check::Done(Findings { problems, warnings }) if problems.is_empty() => {
                let valid = el("p")
                    .class("valid")
                    .attr("data-check-state", "valid")
                    .child(icon(Icon::Check))
                    .child(span("").live_text(ui.words(Key::Valid)));
                let warned = !warnings.is_empty();
                let warnings = warned.then(|| warned_of(ui, warnings, &go_to));
                div("").child(valid).maybe(warnings)
            }
            Check::Done(Findings { problems, .. }) => listed(ui, problems, &go_to),
        })
    })
}

/// How one gets to a problem.
#[derive(Clone)]
struct Ways {
    tab: ArcRwSignal<Tab>,
    go_to: GoTo,
}

fn listed(ui: Ui, problems: Vec<(Problem, Option<usize>)>, go_to: &Ways) -> El {
    let count = problems.len();
    let title = el("h3")
        .attr("data-check-state", "problems")
        .child(icon(Icon::Alert))
        .child(span("").live_text(move || sentences::problems(count, ui.locale())));
    div("").child(title).child(list(ui, problems, "data-problem", go_to))
}

fn warned_of(ui: Ui, warnings: Vec<(Problem, Option<usize>)>, go_to: &Ways) -> El {
    let title = el("h3")
        .class("warned")
        .child(icon(Icon::Alert))
        .child(span("").live_text(ui.words(Key::Warnings)));
    div("").child(title).child(list(ui, warnings, "data-warning", go_to))
}

/// One item for each, with the way to its line.
fn list(ui: Ui, found: Vec<(Problem, Option<usize>)>, mark: &'static str, go_to: &Ways) -> El {
    let items = found.into_iter().take(MOST).map(|(problem, line)| {
        let link = line.map(|line| {
            let (tab, go_to, place) = (go_to.tab.clone(), go_to.go_to.clone(), place_of(&problem));
            el("button")
                .attr("type", "button")
                .class("link")
                .attr("data-action", "go-to")
                .live_text(move || match tab.get() {
                    Tab::Form => ui.t(Key::GoToField),
                    Tab::Json => sentences::line(line, ui.locale()),
                })
                .on("click", move |_| go_to(&place, line))
        });
        let sentence = span("").live_text(move || problem.sentence(ui.locale()));
        el("li").attr(mark, "").maybe(link).child(sentence)
    });
    el("ol").children(items)
}
