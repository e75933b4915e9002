//! An attempt's response beside the one before it: what is new, gone or another in it.

use std::rc::Rc;

use baton_engine::protocol::{Answer, AttemptView, Body, Command, Evidence, Refusal, Reply};
use leptos::prelude::*;

use crate::body::diff::{Change, Difference, MOST, differences};
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

/// How far the comparison has come.
#[derive(Clone)]
enum Standing {
    Closed,
    Asked,
    Refused(Refusal),
    /// The earlier attempt's body; none when it has none.
    Here(Option<Rc<str>>),
}

/// A button that compares an attempt's response with the one before it, and what that came to.
pub(super) fn compared(ui: Ui, attempt: &AttemptView, sight: &Rc<Sight>) -> El {
    let before = attempt.number.saturating_sub(1);
    let command =
        Command::ReadEvidence { run: attempt.run.clone(), stage: attempt.stage, attempt: before };
    let standing = ArcRwSignal::new(Standing::Closed);
    let [pressed, expanded, answered] = std::array::from_fn(|_| standing.clone());
    let press = move |_| {
        if !matches!(pressed.get_untracked(), Standing::Closed) {
            pressed.set(Standing::Closed);
            return;
        }
        pressed.set(Standing::Asked);
        let answered = answered.clone();
        ui.core().link.send(command.clone(), move |answer| {
            answered.set(match answer {
                Ok(Reply::Evidence(told)) => Standing::Here(told.read().ok().and_then(body_of)),
                Ok(_) => Standing::Here(None),
                Err(refusal) => Standing::Refused(refusal),
            });
        });
    };
    let button = el("button")
        .attr("type", "button")
        .class("button small")
        .attr("data-action", "diff")
        .live_value("aria-expanded", move || {
            (!matches!(expanded.get(), Standing::Closed)).to_string()
        })
        .live_text(move || sentences::diff_with(before, ui.locale()))
        .on("click", press);
    let sight = sight.clone();
    let shown = div("diff").redraw(move || match standing.get() {
        Standing::Closed => None,
        Standing::Asked => Some(el("p").class("faint").text(&ui.t(Key::Loading))),
        Standing::Refused(refusal) => {
            Some(el("p").class("faint").text(&refusal.sentence(ui.locale())))
        }
        Standing::Here(None) => Some(el("p").class("faint").text(&ui.t(Key::DiffNoText))),
        Standing::Here(Some(old)) => {
            let body = sight.body()?;
            Some(told(ui, &old, body.text(), &sight))
        }
    });
    div("compared").child(button).child(shown)
}

fn body_of(evidence: Evidence) -> Option<Rc<str>> {
    match evidence.answer? {
        Answer::Response(response) => match response.body {
            Body::Text(text) => Some(text.into()),
            Body::TooLarge => None,
        },
        Answer::NoResponse(_) | Answer::Timeout => None,
    }
}

/// By values when both are JSON, else by lines.
fn told(ui: Ui, old: &str, new: &str, sight: &Rc<Sight>) -> El {
    let trees = Tree::read(old).zip(Tree::read(new));
    let found = trees.and_then(|(before, after)| differences((&before, old), (&after, new)));
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
