//! A chain's schedule on the board: when it starts next, and the switch that arms it.

use std::rc::Rc;
use std::sync::Arc;

use baton_engine::protocol::{Command, Module, ScheduleView, ask_words, read_words};
use leptos::prelude::*;

use crate::components::{Button, Face, Icon, Kind, Look};
use crate::el::{El, div, el, span};
use crate::state::ChainCell;
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

/// The line of a chain that has a schedule.
pub(super) fn schedule(ui: Ui, cell: &Arc<ChainCell>) -> El {
    let (keyed, drawn) = (cell.clone(), cell.clone());
    let key = move || if now(&keyed).is_some() { "has".to_owned() } else { String::new() };
    div("row-when").switch(key, move |key| (!key.is_empty()).then(|| line(ui, &drawn)))
}

fn now(cell: &ChainCell) -> Option<ScheduleView> {
    cell.view.get().schedule.clone()
}

fn line(ui: Ui, cell: &Arc<ChainCell>) -> El {
    let [told, titled, marked, refused] = std::array::from_fn(|_| cell.clone());
    let words = move || {
        let Some(schedule) = now(&told) else { return String::new() };
        match (schedule.armed, schedule.next) {
            (true, Some(next)) => {
                let locale = ui.locale();
                sentences::next_start(&when::date_and_clock(next, locale), locale)
            }
            (true, None) => ui.t(Key::ScheduleOver),
            (false, _) => ui.t(Key::ScheduleOff),
        }
    };
    let trigger = move || now(&titled).map(|schedule| schedule.trigger).unwrap_or_default();
    let trouble = move || {
        let refused = now(&refused).and_then(|schedule| schedule.refused)?.read().ok()?;
        let words = ui.t(Key::StartRefused);
        Some(format!("{words} {}", refused.sentence(ui.locale())))
    };
    let asked = trigger.clone();
    let armed = move || now(&marked).is_some_and(|schedule| schedule.armed).to_string();
    span("line")
        .live_value("data-armed", armed)
        .live_value("title", trigger)
        .child(span("").attr("data-schedule", "").live_text(words))
        .switch(
            move || ask_words(&asked(), ui.locale()),
            move |question| Some(in_words(ui, question)),
        )
        .child(switch(ui, cell).shown_if(move || ui.may_change()))
        .child(
            el("p")
                .class("trouble")
                .attr("data-refused", "")
                .live_text(move || trouble().unwrap_or_default()),
        )
}

/// What a trigger says, as soon as the worker has said it: `weekdays at 09:00, Asia/Shanghai`.
fn in_words(ui: Ui, question: &str) -> El {
    let words = span("").attr("data-rule", "");
    let told = words.clone();
    let said = move |said: Result<String, String>| {
        let found = said.ok().and_then(|said| read_words(&said));
        let _ = told.text(&found.unwrap_or_default());
    };
    ui.core().link.ask(Module::Words, question.to_owned(), Box::new(said));
    words
}

fn switch(ui: Ui, cell: &Arc<ChainCell>) -> El {
    let [looked, named, pressed] = std::array::from_fn(|_| cell.clone());
    let is_armed = |cell: &ChainCell| now(cell).is_some_and(|schedule| schedule.armed);
    let look = move || {
        if is_armed(&looked) {
            Look { action: "disarm", icon: Icon::Pause, label: Key::DisarmSchedule }
        } else {
            Look { action: "arm", icon: Icon::Play, label: Key::ArmSchedule }
        }
    };
    let name = Rc::new(move || named.view.get().name.clone());
    let button =
        Button { look: Rc::new(look), of: Some(name), kind: Kind::Quiet, face: Face::Full };
    let button = button.on_press(ui, move || {
        let armed = !untrack(|| is_armed(&pressed));
        ui.order(Command::ArmSchedule { chain: pressed.id.clone(), armed });
    });
    button.class("button quiet small")
}
