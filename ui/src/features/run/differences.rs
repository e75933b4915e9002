//! What two bodies differ in, drawn. A chunk of its own, since few attempts are compared.

use std::rc::Rc;

use crate::body::diff::{Change, Difference, MOST, differences as by_value};
use crate::body::lines::{Line, folded, line_differences};
use crate::body::path::{self, Step};
use crate::body::tree::Tree;
use crate::el::{El, div, el, span};
use crate::text::{Key, sentences};
use crate::ui::Ui;

use super::evidence::Sight;

/// So many differences are shown.
const SHOWN: usize = 200;
/// So much of a value is shown, in letters.
const LONGEST: usize = 160;

/// Two responses.
#[derive(Clone)]
pub(crate) struct Bodies {
    /// The earlier one.
    pub(super) old: Rc<str>,
    /// The later one.
    pub(super) new: Rc<str>,
    /// Where the later one is shown.
    pub(super) sight: Rc<Sight>,
}

/// What two responses differ in: by values when both are JSON, else by lines.
pub(crate) fn differences(ui: Ui, Bodies { old, new, sight }: &Bodies) -> El {
    let trees = Tree::read(old).zip(Tree::read(new));
    let found = trees.and_then(|(before, after)| by_value((&before, old), (&after, new)));
    match found {
        Some(found) => values(ui, &found, sight),
        None => lines(ui, &folded(&line_differences(old, new))),
    }
}

fn values(ui: Ui, found: &[Difference], sight: &Rc<Sight>) -> El {
    let count = found.len().min(SHOWN);
    let is_all = found.len() <= SHOWN && found.len() < MOST;
    let words = sentences::differences(count, is_all, ui.locale());
    let rows = found.iter().take(SHOWN).map(|difference| row(ui, difference, sight));
    let list = (count > 0).then(|| {
        el("ul")
            .attr("role", "list")
            .attr("tabindex", "0")
            .attr("aria-label", &sentences::differences(count, is_all, ui.locale()))
            .children(rows)
    });
    div("").child(el("p").attr("data-differences", &count.to_string()).text(&words)).maybe(list)
}

fn row(ui: Ui, Difference { path: steps, change }: &Difference, sight: &Rc<Sight>) -> El {
    let old = |text: &str| el("del").child(el("code").text(&shortened(text)));
    let new = |text: &str| el("ins").child(el("code").text(&shortened(text)));
    let (kind, parts) = match change {
        Change::Added(text) => (Kind::Added, vec![new(text)]),
        Change::Removed(text) => (Kind::Removed, vec![old(text)]),
        Change::Changed(before, after) => {
            (Kind::Changed, vec![old(before), span("faint").text("→"), new(after)])
        }
    };
    let place = path::short(steps);
    let place = match change {
        Change::Removed(_) => el("code").class("diff-path").text(&place),
        Change::Added(_) | Change::Changed(..) => way_to(ui, steps, &place, sight),
    };
    signed(ui, el("li"), kind).child(place).child(span("diff-values").children(parts))
}

/// A path that leads to its value in the response.
fn way_to(ui: Ui, steps: &[Step], place: &str, sight: &Rc<Sight>) -> El {
    let (steps, sight) = (steps.to_vec(), sight.clone());
    el("button")
        .attr("type", "button")
        .class("to-value diff-path")
        .attr("title", &ui.t(Key::ShowInResponse))
        .child(el("code").text(place))
        .on("click", move |_| sight.go_to(&steps))
}

fn lines(ui: Ui, lines: &[Line]) -> El {
    let rows = lines.iter().take(SHOWN).map(|line| match line {
        Line::Same(text) => el("li").child(el("code").text(&shortened(text))),
        Line::Removed(text) => signed(ui, el("li"), Kind::Removed)
            .child(el("del").child(el("code").text(&shortened(text)))),
        Line::Added(text) => signed(ui, el("li"), Kind::Added)
            .child(el("ins").child(el("code").text(&shortened(text)))),
        Line::Folded(count) => {
            el("li").class("faint").text(&sentences::same_lines(*count, ui.locale()))
        }
    });
    let differing = |line: &&Line| matches!(line, Line::Removed(_) | Line::Added(_));
    let count = lines.iter().filter(differing).count();
    let words = sentences::differences(count, lines.len() <= SHOWN, ui.locale());
    let list = el("ul")
        .attr("role", "list")
        .attr("tabindex", "0")
        .attr("aria-label", &words)
        .children(rows);
    div("").child(el("p").attr("data-differences", &count.to_string()).text(&words)).child(list)
}

#[derive(Clone, Copy)]
enum Kind {
    Added,
    Removed,
    Changed,
}

/// A row with its sign, which ears hear as a word.
fn signed(ui: Ui, row: El, kind: Kind) -> El {
    let (slug, sign, word) = match kind {
        Kind::Added => ("added", "+", Key::DiffAdded),
        Kind::Removed => ("removed", "−", Key::DiffRemoved),
        Kind::Changed => ("changed", "~", Key::DiffChanged),
    };
    let sign = span("diff-sign").attr("aria-hidden", "true").text(sign);
    row.attr("data-diff", slug).child(sign).child(span("ears").text(&ui.t(word)))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
