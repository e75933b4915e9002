//! Builds a trigger: its kind and fields, its time zone, what it says in words and when it fires next. Works on the
//! trigger's JSON text, of which it changes what it shows and nothing else.
//!
//! Where to start: [`trigger`], which is all that a form needs.

mod fields;
mod told;
mod zones;

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use baton_engine::protocol::NextFires;
use baton_engine::trigger::{Shape, TriggerDraft};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::select;
use crate::el::{El, div, el, react, span};
use crate::text::Key;
use crate::ui::Ui;

use fields::fields;
use told::{ask, told};

/// What is built.
#[derive(Clone)]
pub struct Subject {
    /// The trigger's JSON text as it is now; empty when there is none. Followed.
    pub now: Rc<dyn Fn() -> String>,
    /// Takes another text in its place; an empty one for none.
    pub write: Rc<dyn Fn(&str)>,
}

/// A trigger under edit, for the closures that draw it: one reference each.
#[derive(Clone)]
struct Builder(Rc<Parts>);

impl Deref for Builder {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

struct Parts {
    ui: Ui,
    subject: Subject,
    /// The kind that the reader chose, where fewer words could say the same.
    chosen: ArcRwSignal<Option<Shape>>,
    /// What the words module said last.
    answer: RefCell<Option<NextFires>>,
    /// Counts what it was asked. Values beside a counter: each type of signal is code of its own.
    asked: RefCell<u32>,
    /// Counts its answers.
    told: ArcRwSignal<u32>,
}

impl Parts {
    /// The trigger as it is. Followed.
    fn draft(&self) -> Option<TriggerDraft> {
        TriggerDraft::read(&(self.subject.now)())
    }

    /// The kind whose fields are shown; none while there is no trigger. Followed.
    fn shape(&self) -> Option<Shape> {
        let shape = self.draft()?.shape();
        let chosen = self.chosen.get();
        Some(chosen.filter(|chosen| chosen.word() == shape.word()).unwrap_or(shape))
    }

    fn change(&self, change: impl FnOnce(&mut TriggerDraft)) {
        if let Some(mut draft) = untrack(|| self.draft()) {
            change(&mut draft);
            (self.subject.write)(&draft.text());
        }
    }

    /// Makes it one of another kind; none takes it away.
    fn turn(&self, shape: Option<Shape>) {
        self.chosen.set(shape);
        match (shape, untrack(|| self.draft())) {
            (None, _) => (self.subject.write)(""),
            (Some(shape), Some(_)) => self.change(|draft| draft.turn(shape)),
            (Some(shape), None) => (self.subject.write)(&TriggerDraft::new(shape).text()),
        }
    }
}

/// How a kind is called, and its word for `value`.
fn named(shape: Shape) -> (&'static str, Key) {
    match shape {
        Shape::Every => ("every", Key::TriggerEvery),
        Shape::Times => ("times", Key::TriggerTimes),
        Shape::Cron => ("cron", Key::TriggerCron),
        Shape::Crontab => ("crontab", Key::TriggerCrontab),
        Shape::Calendar => ("calendar", Key::TriggerCalendar),
        Shape::Date => ("date", Key::TriggerDate),
        Shape::Combined => ("combined", Key::TriggerCombined),
    }
}

/// A trigger under edit.
pub fn trigger(ui: Ui, subject: Subject) -> El {
    let builder = Builder(Rc::new(Parts {
        ui,
        subject,
        chosen: ArcRwSignal::new(None),
        answer: RefCell::default(),
        asked: RefCell::default(),
        told: ArcRwSignal::new(0),
    }));
    let [asking, keyed, drawn] = std::array::from_fn(|_| builder.clone());
    react(move || ask(&asking));
    let key = move || keyed.shape().map_or("", |shape| named(shape).0).to_owned();
    div("trigger")
        .attr("data-trigger", "")
        .child(kinds(&builder))
        .switch(key, move |name| {
            let of_name = |shape: &Shape| named(*shape).0 == name;
            let shape = Shape::FORMS.into_iter().find(of_name);
            (!name.is_empty()).then(|| fields(&drawn, shape.unwrap_or(Shape::Combined)))
        })
        .child(told(&builder))
}

/// The choice of the kind.
fn kinds(builder: &Builder) -> El {
    let ui = builder.ui;
    let (chosen, shown, combined) = (builder.clone(), builder.clone(), builder.clone());
    let choice = select(ui, "trigger-kind", Key::TriggerKind, move |word| {
        chosen.turn(Shape::FORMS.into_iter().find(|shape| named(*shape).0 == word));
    });
    let option =
        move |word: &str, key: Key| el("option").attr("value", word).live_text(ui.words(key));
    let forms = Shape::FORMS.map(|shape| {
        let (word, key) = named(shape);
        option(word, key)
    });
    let choice = choice
        .child(option("", Key::TriggerNone))
        .children(forms)
        // What a form can't show can be kept, and not be chosen.
        .redraw(move || {
            let (word, key) = named(Shape::Combined);
            (combined.shape() == Some(Shape::Combined)).then(|| option(word, key))
        });
    let node = choice.node().clone();
    react(move || {
        let word = shown.shape().map_or("", |shape| named(shape).0);
        if let Some(select) = node.dyn_ref::<web_sys::HtmlSelectElement>() {
            select.set_value(word);
        }
    });
    let words = span("label").live_text(ui.words(Key::TriggerKind));
    div("field").child(el("label").child(words).child(choice))
}
