//! What is stored: how much it is, how long it stays, and the ways to take it along, bring it back and erase it.

mod erase;
mod export;
mod file;
mod import;
mod space;
mod work;

use baton_engine::protocol::{Command, Reply, Retention};
use leptos::prelude::*;

use crate::components::{Button, Icon, select};
use crate::el::{El, div, el, react};
use crate::text::Key;
use crate::ui::Ui;

use super::{row, section};
use work::Work;

/// The section; none for those who may not change anything, or see one chain only.
pub(super) fn data(ui: Ui) -> Option<El> {
    if untrack(|| !ui.may_change()) || ui.is_single() {
        return None;
    }
    let work = Work::new(ui);
    let policy = ArcRwSignal::new(None::<Policy>);
    let (busy, asked) = (ui.core().tending.busy.clone(), policy.clone());
    react(move || {
        // Erasing changes what holds.
        busy.track();
        untrack(|| ask(ui, None, asked.clone()));
    });
    let [exported, imported, erased] = std::array::from_fn(|_| work.clone());
    let export = Button::new("export-all", Icon::Download, Key::ExportAll)
        .on_press(ui, move || export::start(&exported));
    let export = work.held_back(export);
    let erase = Button::new("erase", Icon::Trash, Key::Erase)
        .kind(crate::components::Kind::Danger)
        .on_press(ui, move || erased.ask_to_erase());
    let erase = work.held_back(erase);
    let rows = [
        space::space(ui, policy.clone()),
        retention(ui, Key::KeepRuns, RUNS, &policy),
        retention(ui, Key::KeepDays, DAYS, &policy),
        retention(ui, Key::KeepMegabytes, MEGABYTES, &policy),
        row(ui, Key::ExportAll, Some(Key::ExportAllHint), export),
        row(ui, Key::ImportFile, Some(Key::ImportFileHint), import::chooser(&imported)),
        row(ui, Key::Erase, Some(Key::EraseHint), erase),
        work.report(),
    ];
    Some(section(ui, "data", Key::Data, rows).child(div("").child(erase::dialog(&work))))
}

/// What holds, as the engine last said.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Policy {
    retention: Retention,
    /// How much evidence there is, in characters.
    evidence: u64,
}

/// Asks what holds, after setting it if need be.
fn ask(ui: Ui, set: Option<Retention>, policy: ArcRwSignal<Option<Policy>>) {
    ui.order_then(Command::Retain { policy: set, free: None }, move |reply| {
        if let Reply::Retained { policy: retention, evidence } = reply {
            policy.set(Some(Policy { retention, evidence }));
        }
    });
}

/// One of the numbers of a policy.
struct Limit {
    name: &'static str,
    /// What there is without one.
    none: Key,
    offered: &'static [u32],
    of: fn(&mut Retention) -> &mut Option<u32>,
}

const RUNS: Limit = Limit {
    name: "keep-runs",
    none: Key::KeepAll,
    offered: &[10, 30, 100, 1000],
    of: |policy| &mut policy.runs,
};
const DAYS: Limit = Limit {
    name: "keep-days",
    none: Key::KeepForever,
    offered: &[1, 7, 30, 90],
    of: |policy| &mut policy.days,
};
const MEGABYTES: Limit = Limit {
    name: "keep-megabytes",
    none: Key::KeepForever,
    offered: &[10, 50, 200, 1000],
    of: |policy| &mut policy.megabytes,
};

fn retention(
    ui: Ui,
    title: Key,
    Limit { name, none, offered, of }: Limit,
    policy: &ArcRwSignal<Option<Policy>>,
) -> El {
    let now = {
        let policy = policy.clone();
        move || policy.get().and_then(|mut policy| *of(&mut policy.retention))
    };
    let option = |number: Option<u32>| {
        let now = now.clone();
        let value = number.map_or_else(String::new, |number| number.to_string());
        let option = el("option")
            .attr("value", &value)
            .live_attr("selected", move || (now() == number).then(String::new));
        match number {
            None => option.live_text(ui.words(none)),
            Some(_) => option.text(&value),
        }
    };
    // One that was set elsewhere is offered, too.
    let known = now.clone();
    let other = move || known().filter(|number| !offered.contains(number));
    let drawn = now.clone();
    let asked = policy.clone();
    let choice = select(ui, name, title, move |value| {
        let mut retention =
            asked.get_untracked().map(|policy| policy.retention).unwrap_or_default();
        *of(&mut retention) = value.parse().ok();
        ask(ui, Some(retention), asked.clone());
    })
    .class("select framed")
    .child(option(None))
    .children(offered.iter().map(|number| option(Some(*number))))
    .redraw(move || {
        let number = other()?.to_string();
        let chosen = drawn.clone();
        Some(
            el("option")
                .attr("value", &number)
                .text(&number)
                .live_attr("selected", move || chosen().map(|_| String::new())),
        )
    });
    row(ui, title, None, choice)
}
