//! The fields of each kind of trigger. What is wrong with a field stands below it.

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::protocol::NextFires;
use baton_engine::trigger::{Shape, TimesError, TriggerDraft};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Builder;
use super::zones;
use crate::dom;
use crate::el::{El, div, el, react, span};
use crate::text::Key;

/// The fields of an interval and of a calendar's steps.
const EVERY: [(&str, Key); 5] = [
    ("weeks", Key::Weeks),
    ("days", Key::Days),
    ("hours", Key::Hours),
    ("minutes", Key::Minutes),
    ("seconds", Key::Seconds),
];
const STEPS: [(&str, Key); 4] =
    [("years", Key::Years), ("months", Key::Months), ("weeks", Key::Weeks), ("days", Key::Days)];
const OF_DAY: [(&str, Key); 3] =
    [("hour", Key::CronHour), ("minute", Key::CronMinute), ("second", Key::CronSecond)];
const CRON: [(&str, Key); 8] = [
    ("year", Key::CronYear),
    ("month", Key::CronMonth),
    ("week", Key::CronWeek),
    ("day", Key::CronDay),
    ("day_of_week", Key::CronWeekday),
    ("hour", Key::CronHour),
    ("minute", Key::CronMinute),
    ("second", Key::CronSecond),
];
const BOUNDS: [(&str, Key); 3] =
    [("start_date", Key::StartDate), ("end_date", Key::EndDate), ("jitter", Key::Jitter)];
const WEEKDAYS: [Key; 7] = [Key::Mon, Key::Tue, Key::Wed, Key::Thu, Key::Fri, Key::Sat, Key::Sun];

/// The fields of a kind.
pub(super) fn fields(builder: &Builder, shape: Shape) -> El {
    let ui = builder.ui;
    let own = match shape {
        Shape::Every => grid(builder, &EVERY, "0"),
        Shape::Times => div("trigger-own").child(times(builder)).child(weekdays(builder)),
        Shape::Cron => div("trigger-own")
            .child(grid(builder, &CRON, ""))
            .child(el("p").class("faint").live_text(ui.words(Key::CronHint))),
        Shape::Crontab => field(builder, "expression", Key::CrontabLine, "*/5 9-17 * * mon-fri"),
        Shape::Calendar => {
            div("trigger-own").child(grid(builder, &STEPS, "0")).child(grid(builder, &OF_DAY, "0"))
        }
        Shape::Date => field(builder, "run_date", Key::RunDate, "2026-11-24T09:00:00"),
        Shape::Combined => {
            return el("p").class("faint").live_text(ui.words(Key::CombinedHint));
        }
    };
    let bounds = el("details");
    let (node, told) = (bounds.node().clone(), builder.clone());
    react(move || {
        told.told.track();
        let Some(NextFires::Wrong(problems)) = &*told.answer.borrow() else { return };
        if problems.iter().any(|one| is_of(&BOUNDS, field_of(&one.path))) {
            // The name is valid.
            let _ = node.set_attribute("open", "");
        }
    });
    let bounds = bounds
        .child(el("summary").live_text(ui.words(Key::Bounds)))
        .child(grid(builder, &BOUNDS, ""));
    div("trigger-fields").child(own).child(zone(builder)).child(bounds)
}

/// Whether the fields of a kind have one for a key, at which then stands what is wrong with it.
pub(super) fn has_field(shape: Shape, key: &str) -> bool {
    let own = match shape {
        Shape::Every => is_of(&EVERY, key),
        // The times of a day are both.
        Shape::Times => matches!(key, "times" | "hour" | "minute"),
        Shape::Cron => is_of(&CRON, key),
        Shape::Crontab => key == "expression",
        Shape::Calendar => is_of(&STEPS, key) || is_of(&OF_DAY, key),
        Shape::Date => key == "run_date",
        Shape::Combined => return false,
    };
    own || key == "timezone" || is_of(&BOUNDS, key)
}

fn is_of(fields: &[(&str, Key)], key: &str) -> bool {
    fields.iter().any(|(name, _)| *name == key)
}

fn grid(builder: &Builder, fields: &[(&'static str, Key)], empty: &'static str) -> El {
    div("grid").children(fields.iter().map(|(key, label)| field(builder, key, *label, empty)))
}

/// A field of one key. `empty` is what holds when it is left empty.
fn field(builder: &Builder, key: &'static str, label: Key, empty: &'static str) -> El {
    let (read, written) = (builder.clone(), builder.clone());
    let input = input(
        key,
        move || read.draft().map(|draft| draft.value(key)).unwrap_or_default(),
        move |value| {
            written.change(|draft| draft.set(key, value));
            Ok(())
        },
    );
    labelled(builder, key, label, input.attr("placeholder", empty), None)
}

/// A control with its name above it and what is wrong below.
fn labelled(
    builder: &Builder,
    key: &'static str,
    label: Key,
    input: El,
    own: Option<ArcRwSignal<Option<TimesError>>>,
) -> El {
    let ui = builder.ui;
    let wrong = wrong(builder.clone(), key, own);
    let [invalid, described] = std::array::from_fn(|_| wrong.clone());
    let id = format!("trigger-wrong-{key}");
    let name = id.clone();
    let input = input
        .live_attr("aria-invalid", move || (!invalid().is_empty()).then(|| "true".to_owned()))
        .live_attr("aria-describedby", move || (!described().is_empty()).then(|| name.clone()));
    div("field")
        .child(el("label").child(span("label").live_text(ui.words(label))).child(input))
        .child(
            el("p")
                .class("wrong")
                .attr("id", &id)
                .attr("data-wrong", key)
                .live_text(move || wrong()),
        )
}

/// What is wrong at a key. Followed.
fn wrong(
    builder: Builder,
    key: &'static str,
    own: Option<ArcRwSignal<Option<TimesError>>>,
) -> Rc<dyn Fn() -> String> {
    Rc::new(move || {
        let ui = builder.ui;
        match own.as_ref().and_then(Get::get) {
            Some(TimesError::NoTime) => return ui.t(Key::NoTime),
            Some(TimesError::SeveralMinutes) => return ui.t(Key::SeveralMinutes),
            None => {}
        }
        builder.told.track();
        let answer = builder.answer.borrow();
        let Some(NextFires::Wrong(problems)) = answer.as_ref() else { return String::new() };
        let is_here = |path: &str| match field_of(path) {
            // The times of a day stand at both.
            "hour" | "minute" if key == "times" => true,
            field => field == key,
        };
        let here = problems.iter().filter(|problem| is_here(&problem.path));
        here.map(|problem| problem.advice(ui.locale())).collect::<Vec<_>>().join(" ")
    })
}

/// The key of the trigger's own that a problem's place begins with: `expression` of `expression.minute`.
pub(super) fn field_of(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// A line that is kept as what it shows, without touching what is being typed.
fn input(
    name: &str,
    read: impl Fn() -> String + 'static,
    write: impl Fn(&str) -> Result<(), TimesError> + 'static,
) -> El {
    let read = Rc::new(read);
    let input = el("input")
        .attr("type", "text")
        .class("input")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("data-field", name);
    let node = input.node().clone();
    let known: Rc<RefCell<Option<String>>> = Rc::default();
    let (shown, seen) = (read.clone(), known.clone());
    react(move || {
        let now = shown();
        if seen.borrow().as_ref() != Some(&now) {
            if let Some(field) = node.dyn_ref::<web_sys::HtmlInputElement>() {
                field.set_value(&now);
            }
            seen.replace(Some(now));
        }
    });
    input.on("input", move |event| {
        // What comes of it is known before it is told, so that it does not replace what is typed.
        let before = known.replace(None);
        let typed = dom::value_of(&event);
        known.replace(Some(typed.trim().to_owned()));
        let done = write(&typed);
        let now = untrack(|| read());
        known.replace(if done.is_ok() { Some(now) } else { before });
    })
}

/// The times of the day.
fn times(builder: &Builder) -> El {
    let trouble = ArcRwSignal::new(None);
    let (read, written, told) = (builder.clone(), builder.clone(), trouble.clone());
    let text = |draft: TriggerDraft| draft.times().map(|times| times.join(", "));
    let input = input(
        "times",
        move || read.draft().and_then(text).unwrap_or_default(),
        move |value| {
            let mut done = Ok(());
            written.change(|draft| done = draft.set_times(value));
            told.set(done.err());
            done
        },
    );
    labelled(
        builder,
        "times",
        Key::AtTimes,
        input.attr("placeholder", "09:00, 13:00"),
        Some(trouble),
    )
}

/// The weekdays, a box each.
fn weekdays(builder: &Builder) -> El {
    let ui = builder.ui;
    let day = |(at, key): (usize, Key)| {
        let (shown, changed) = (builder.clone(), builder.clone());
        let chosen = |builder: &Builder| {
            builder.draft().and_then(|draft| draft.weekdays()).unwrap_or([true; 7])
        };
        let input = el("input").attr("type", "checkbox").attr("data-weekday", &at.to_string()).on(
            "change",
            move |event| {
                let mut days = untrack(|| chosen(&changed));
                let target = event.target().and_then(|target| target.dyn_into().ok());
                if let Some(target) = target {
                    let target: web_sys::HtmlInputElement = target;
                    days[at] = target.checked();
                    changed.change(|draft| draft.set_weekdays(days));
                }
            },
        );
        let node = input.node().clone();
        react(move || {
            if let Some(field) = node.dyn_ref::<web_sys::HtmlInputElement>() {
                field.set_checked(chosen(&shown)[at]);
            }
        });
        el("label").class("weekday").child(input).child(span("").live_text(ui.words(key)))
    };
    el("fieldset")
        .class("weekdays")
        .child(el("legend").class("label").live_text(ui.words(Key::OnWeekdays)))
        .children(WEEKDAYS.into_iter().enumerate().map(day))
}

/// The time zone, with all that the browser knows to choose from.
fn zone(builder: &Builder) -> El {
    let options = zones::all().into_iter().map(|name| el("option").attr("value", &name));
    let list = el("datalist").attr("id", "trigger-zones").children(options);
    let own = zones::own();
    let zone = field(builder, "timezone", Key::TimeZone, "");
    if let Ok(Some(input)) = zone.node().query_selector("input") {
        // Both names are valid.
        let _ = input.set_attribute("list", "trigger-zones");
        let _ = input.set_attribute("placeholder", &own);
    }
    zone.child(list)
}
