//! What a trigger says in words, and when it fires next: in its own zone, and in the reader's.

use baton_engine::protocol::{AskNext, Module, NextFires};
use baton_engine::time::Timestamp;
use baton_engine::trigger::Shape;
use leptos::prelude::*;

use super::Builder;
use super::fields::{field_of, has_field};
use super::zones;
use crate::el::{El, div, el, span};
use crate::text::Key;
use crate::when;

/// So many fires are told.
const COUNT: u32 = 5;

/// Asks what the trigger says as it is now. Followed: it is asked anew when that changes.
pub(super) fn ask(builder: &Builder) {
    let (ui, trigger) = (builder.ui, (builder.subject.now)());
    let locale = ui.locale();
    let number = {
        let mut asked = builder.asked.borrow_mut();
        *asked += 1;
        *asked
    };
    let tell = {
        let builder = builder.clone();
        move |answer: Option<NextFires>| {
            // A later one may be on its way.
            if *builder.asked.borrow() == number {
                builder.answer.replace(answer);
                builder.told.update(|count| *count += 1);
            }
        }
    };
    if trigger.trim().is_empty() {
        return tell(None);
    }
    let now = ui.core().state.now.get_untracked();
    let question = AskNext { trigger, locale, now, count: COUNT };
    let said = move |said: Result<String, String>| {
        tell(said.ok().and_then(|said| NextFires::from_json(&said)));
    };
    ui.core().link.ask(Module::Words, question.to_json(), Box::new(said));
}

/// What it said.
pub(super) fn told(builder: &Builder) -> El {
    let told = builder.clone();
    div("trigger-told").redraw(move || {
        told.told.track();
        match told.answer.borrow().as_ref()? {
            NextFires::Fires { words, fires, zone } => Some(fires_of(&told, words, fires, zone)),
            NextFires::Wrong(problems) => {
                let shape = told.shape().unwrap_or(Shape::Combined);
                let others = problems.iter().filter(|one| !has_field(shape, field_of(&one.path)));
                let said = others.map(|one| one.advice(told.ui.locale())).collect::<Vec<_>>();
                let line = el("p").class("wrong").attr("data-wrong", "").text(&said.join(" "));
                (!said.is_empty()).then_some(line)
            }
        }
    })
}

fn fires_of(builder: &Builder, words: &str, fires: &[Timestamp], zone: &str) -> El {
    let (ui, locale) = (builder.ui, builder.ui.locale());
    let own = zones::own();
    let elsewhere = zone != own;
    let rows = fires.iter().map(|fire| {
        let there = span("").text(&when::in_zone(*fire, locale, zone));
        let here = || span("faint").attr("data-here", "").text(&when::in_zone(*fire, locale, &own));
        el("li").attr("data-fire", &fire.to_string()).child(there).maybe(elsewhere.then(here))
    });
    let heads = elsewhere.then(|| {
        el("p")
            .class("fires-head faint")
            .child(span("").text(zone))
            .child(span("").text(&format!("{} ({own})", ui.t(Key::LocalTime))))
    });
    let list = el("ol").class("fires").attr("role", "list").children(rows);
    let none = fires.is_empty().then(|| el("p").class("faint").text(&ui.t(Key::NeverFires)));
    div("")
        .child(el("p").class("trigger-words").attr("data-words", "").text(words))
        .child(el("h4").text(&ui.t(Key::NextFires)))
        .maybe(heads)
        .child(list)
        .maybe(none)
}
