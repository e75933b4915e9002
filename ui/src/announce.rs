//! Tells what happened outside the screens: to ears through two live regions, to the embedding page
//! through events. Attempts and countdowns are never live.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use baton_engine::locale::Locale;
use baton_engine::protocol::{AttemptView, RunPhase, RunView, StagePhase};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::clock::Timeout;
use crate::dom;
use crate::state::Happening;
use crate::status::Status;
use crate::text::{sentences, text};

/// At most one polite announcement in this time; what comes in between is said together.
const QUIET: Duration = Duration::from_secs(2);
/// More than this at once is not listened to.
const MOST_AT_ONCE: usize = 4;

/// The two live regions' texts. A handle: clones are the same.
#[derive(Clone, Default)]
pub struct Ears {
    /// Said when there is time.
    pub polite: ArcRwSignal<String>,
    /// Said at once.
    pub assertive: ArcRwSignal<String>,
}

/// Tells happenings to ears and to a page.
pub struct Announcer {
    host: web_sys::HtmlElement,
    ears: Ears,
    waiting: RefCell<Vec<String>>,
    timer: RefCell<Option<Timeout>>,
}

impl Announcer {
    /// One that speaks through `ears`, and dispatches its events at `host`.
    pub fn new(host: web_sys::HtmlElement, ears: Ears) -> Rc<Self> {
        Rc::new(Self { host, ears, waiting: RefCell::default(), timer: RefCell::default() })
    }

    /// Tells what happened.
    pub fn tell(self: &Rc<Self>, happenings: &[Happening], locale: Locale) {
        for happening in happenings {
            tell_page(&self.host, happening, locale);
            self.say(happening, locale);
        }
    }

    fn say(self: &Rc<Self>, happening: &Happening, locale: Locale) {
        match happening {
            Happening::StageChanged { run, stage, .. } => {
                let line = run.stages.get(*stage).and_then(|stage| match stage.phase {
                    StagePhase::Passed => Some(sentences::stage_passed(
                        &run.name,
                        &stage.name,
                        stage.attempts,
                        locale,
                    )),
                    StagePhase::Holding => {
                        let word = text(Status::Holding.word(), locale);
                        Some(sentences::stage_is(&run.name, &stage.name, word, locale))
                    }
                    // A bad end is said as a whole; what comes and goes with each poll is not said.
                    StagePhase::NotStarted
                    | StagePhase::Waiting
                    | StagePhase::Calling
                    | StagePhase::Failed
                    | StagePhase::TimedOut
                    | StagePhase::Cancelled => None,
                });
                self.waiting.borrow_mut().extend(line);
                self.speak();
            }
            Happening::RunEnded(run) => {
                if matches!(run.phase, RunPhase::Failed | RunPhase::TimedOut) {
                    self.ears.assertive.set(bad_end(run, locale));
                }
            }
            Happening::RunStarted(_) | Happening::AttemptEnded(_) => {}
        }
    }

    /// Says what waits, unless something was just said.
    fn speak(self: &Rc<Self>) {
        if self.timer.borrow().is_some() {
            return;
        }
        let lines = std::mem::take(&mut *self.waiting.borrow_mut());
        if lines.is_empty() {
            return;
        }
        let first = lines.len().saturating_sub(MOST_AT_ONCE);
        self.ears.polite.set(lines[first..].join(". "));
        let this: Weak<Self> = Rc::downgrade(self);
        let timer = Timeout::after(QUIET, move || {
            if let Some(this) = this.upgrade() {
                *this.timer.borrow_mut() = None;
                this.speak();
            }
        });
        *self.timer.borrow_mut() = Some(timer);
    }
}

/// How a run came to nothing good: word, stage, reason.
pub(crate) fn bad_end(run: &RunView, locale: Locale) -> String {
    let word = text(Status::from(run.phase).word(), locale);
    let bad = |phase| matches!(phase, StagePhase::Failed | StagePhase::TimedOut);
    let Some(stage) = run.stages.iter().find(|stage| bad(stage.phase)) else {
        return sentences::stage_is(&run.name, "", word, locale);
    };
    let why = stage.reason.as_ref().map(|reason| reason.sentence(locale)).unwrap_or_default();
    sentences::run_ended(&run.name, word, &stage.name, &why, locale)
}

fn tell_page(host: &web_sys::HtmlElement, happening: &Happening, locale: Locale) {
    match happening {
        Happening::RunStarted(run) => {
            dom::dispatch(host, "baton-run-start", &run_detail(run, locale));
        }
        Happening::RunEnded(run) => dom::dispatch(host, "baton-run-end", &run_detail(run, locale)),
        Happening::AttemptEnded(attempt) => {
            dom::dispatch(host, "baton-attempt", &attempt_detail(attempt, locale));
        }
        Happening::StageChanged { run, stage, from } => {
            let Some(view) = run.stages.get(*stage) else { return };
            let detail = dom::object(&[
                ("run", run.id.as_str().into()),
                ("chain", run.chain.as_str().into()),
                ("stage", index(*stage)),
                ("name", view.name.as_str().into()),
                ("from", Status::from(*from).slug().into()),
                ("to", Status::from(view.phase).slug().into()),
            ]);
            dom::dispatch(host, "baton-stage-change", &detail);
        }
    }
}

fn run_detail(run: &RunView, locale: Locale) -> JsValue {
    let stages = run.stages.iter().map(|stage| {
        let reason = stage.reason.as_ref().map(|reason| reason.sentence(locale));
        dom::object(&[
            ("name", stage.name.as_str().into()),
            ("phase", Status::from(stage.phase).slug().into()),
            ("attempts", stage.attempts.into()),
            ("reason", reason.into()),
        ])
    });
    dom::object(&[
        ("run", run.id.as_str().into()),
        ("chain", run.chain.as_str().into()),
        ("name", run.name.as_str().into()),
        ("number", run.number.into()),
        ("phase", Status::from(run.phase).slug().into()),
        ("stages", stages.collect::<js_sys::Array>().into()),
    ])
}

fn attempt_detail(attempt: &AttemptView, locale: Locale) -> JsValue {
    let reason = attempt.reason.as_ref().map(|reason| reason.sentence(locale));
    dom::object(&[
        ("run", attempt.run.as_str().into()),
        ("stage", attempt.stage.into()),
        ("number", attempt.number.into()),
        ("verdict", Status::from(attempt.phase).slug().into()),
        ("status", attempt.status.into()),
        ("reason", reason.into()),
    ])
}

fn index(stage: usize) -> JsValue {
    u32::try_from(stage).unwrap_or(u32::MAX).into()
}
