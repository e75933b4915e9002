//! The dry run: a stage of the document is sent once, or judges an answer that was pasted or kept. Nothing of
//! it is a run; the trial's module has what a stage is filled in with, and what an answer comes to.

mod outcome;
mod sample;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use baton_engine::id::RunId;
use baton_engine::protocol::{
    AttemptPhase, Module, StageUnderEdit, ToolAnswer, TrialPlan, TrialQuestion,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::{Answer, Ask, Button, Icon, Kind, copy_later, icon, select};
use crate::el::{El, div, el, react, span};
use crate::json;
use crate::state::{AttemptCell, RunCell};
use crate::status::Status;
use crate::text::{Key, sentences};
use crate::ui::Ui;

use super::draft::Draft;
use super::held::Held;
use super::import::heard;
use super::problems::GoTo;
use outcome::outcome;
use sample::sample;

/// An attempt: its run, its stage, from 0, and its number.
pub(super) type Picked = (RunId, u32, u32);

/// More runs than these are not offered.
const MOST_RUNS: usize = 20;
/// What no run is called, as an id begins with a letter or a digit.
const SEND: &str = "-send";
/// The same.
const PASTED: &str = "-pasted";

/// Where an answer comes from.
#[derive(PartialEq, Eq)]
enum Source {
    Send,
    Pasted,
    Kept(RunId),
}

/// What was said last.
enum Said {
    Nothing,
    Asked,
    Told(ToolAnswer),
}

/// A trial that is set up.
struct Bench {
    ui: Ui,
    draft: Draft,
    go_to: GoTo,
    plan: Held<Option<TrialPlan>>,
    stage: ArcRwSignal<String>,
    source: Held<Source>,
    /// Which of the environments; none takes the first.
    environment: RefCell<Option<String>>,
    /// The number of one of a run's attempts; one that is not there takes the latest.
    attempt: RefCell<String>,
    said: Held<Said>,
    /// The path that was typed last into a sample.
    path: Rc<RefCell<String>>,
    values: El,
    pasted: El,
    /// These two with their names.
    fields: [El; 2],
}

/// What becomes of an answer.
type Then = Box<dyn FnOnce(&Bench, ToolAnswer)>;

/// Where a stage is tried; with the kept attempt that was picked, if one was.
pub(super) fn panel(draft: &Draft, picked: Option<Picked>, go_to: &GoTo) -> El {
    let ui = draft.ui;
    // A stage that the document does not have any more gives way to one that it has.
    let stage = picked.as_ref().and_then(|(run, stage, _)| {
        let run = ui.core().state.run(run.as_str())?.view.get_untracked();
        Some(run.stages.get(usize::try_from(*stage).ok()?)?.name.clone())
    });
    let attempt = picked.as_ref().map(|(.., number)| number.to_string());
    let (values, pasted) = (area("values", "6"), area("pasted", "6"));
    let fields =
        [named(ui, Key::TrialValues, values.clone()), named(ui, Key::PasteAnswer, pasted.clone())];
    let bench = Rc::new(Bench {
        ui,
        draft: draft.clone(),
        go_to: go_to.clone(),
        plan: Held::new(None),
        stage: ArcRwSignal::new(stage.unwrap_or_default()),
        source: Held::new(picked.map_or(Source::Send, |(run, ..)| Source::Kept(run))),
        environment: RefCell::default(),
        attempt: RefCell::new(attempt.unwrap_or_default()),
        said: Held::new(Said::Nothing),
        path: Rc::default(),
        values,
        pasted,
        fields,
    });
    bench.make_plan();
    let [planned, sources, kept, told] = std::array::from_fn(|_| bench.clone());
    div("tool-panel")
        .attr("data-panel", "trial")
        .child(
            div("bench")
                .redraw(move || planned.planned())
                .child(div("").redraw(move || Some(sources.sources())))
                .redraw(move || kept.attempts()),
        )
        .children(bench.fields.clone())
        .child(bench.acts())
        .child(bench.confirm())
        .child(div("said").redraw(move || told.told()))
}

fn area(action: &str, rows: &str) -> El {
    el("textarea")
        .class("area")
        .attr("data-action", action)
        .attr("spellcheck", "false")
        .attr("rows", rows)
}

fn area_of(area: &El) -> &web_sys::HtmlTextAreaElement {
    area.node().unchecked_ref()
}

/// A choice with its name before it.
fn named(ui: Ui, name: Key, choice: El) -> El {
    el("label").child(span("faint").live_text(ui.words(name))).child(choice)
}

fn option(value: &str, words: &str, chosen: bool) -> El {
    let option = el("option").attr("value", value).text(words);
    if chosen { option.attr("selected", "") } else { option }
}

impl Bench {
    fn ask(self: &Rc<Self>, question: &TrialQuestion, then: Then) {
        let this = self.clone();
        let said = move |said: Result<String, String>| then(&this, heard(said));
        self.ui.core().link.ask(Module::Trial, question.to_json(), Box::new(said));
    }

    /// Reads the document's stages, and fills values in afresh.
    fn make_plan(self: &Rc<Self>) {
        let question = TrialQuestion::Plan {
            document: self.draft.text.get_untracked(),
            environment: self.environment.borrow().clone(),
            caret: self.draft.area.caret(),
        };
        self.ask(&question, Box::new(Self::take));
    }

    fn of(&self) -> StageUnderEdit {
        StageUnderEdit {
            document: self.draft.text.get_untracked(),
            stage: self.stage.get_untracked(),
            values: area_of(&self.values).value(),
            locale: untrack(|| self.ui.locale()),
        }
    }

    fn question(&self, confirmed: bool) -> Option<TrialQuestion> {
        let of = self.of();
        let run = match &*self.source.peek() {
            Source::Send => return Some(TrialQuestion::Send { of, confirmed }),
            Source::Pasted => {
                return Some(TrialQuestion::Judge { of, pasted: area_of(&self.pasted).value() });
            }
            Source::Kept(run) => run.clone(),
        };
        let cell = self.ui.core().state.run(run.as_str())?;
        let kept = self.kept(&cell);
        let chosen = self.attempt.borrow();
        let is_chosen = |kept: &&Arc<AttemptCell>| kept.number.to_string() == *chosen;
        let attempt = kept.iter().find(is_chosen).or(kept.first())?;
        let view = cell.view.get_untracked();
        let captures = view.stages.iter().flat_map(|stage| &stage.captures);
        let values = object(view.variables.iter().chain(captures));
        Some(TrialQuestion::Replay {
            of: StageUnderEdit { values, ..of },
            run,
            stages: view.stages.iter().map(|stage| stage.name.clone()).collect(),
            stage: attempt.stage,
            attempt: attempt.number,
        })
    }

    /// The stage as it is tried, and with which values: those of a run, where its evidence is.
    fn asked_of(&self) -> StageUnderEdit {
        match self.question(false) {
            Some(
                TrialQuestion::Send { of, .. }
                | TrialQuestion::Judge { of, .. }
                | TrialQuestion::Replay { of, .. }
                | TrialQuestion::Curl { of },
            ) => of,
            Some(TrialQuestion::Plan { .. } | TrialQuestion::Select { .. }) | None => self.of(),
        }
    }

    fn go(self: &Rc<Self>, confirmed: bool) {
        if let Some(question) = untrack(|| self.question(confirmed)) {
            self.said.put(Said::Asked);
            self.ask(&question, Box::new(Self::take));
        }
    }

    fn take(&self, answer: ToolAnswer) {
        if let ToolAnswer::Plan(plan) = answer {
            area_of(&self.values).set_value(&plan.values);
            if !plan.stages.contains(&self.stage.get_untracked()) {
                let at = usize::try_from(plan.at).unwrap_or(0);
                self.stage.set(plan.stages.get(at).cloned().unwrap_or_default());
            }
            self.plan.put(Some(plan));
            self.said.put(Said::Nothing);
        } else {
            self.said.put(Said::Told(answer));
        }
    }

    // ------------------------------------------------------------------------------------- the set-up

    /// The choices that a plan gives: a stage, and an environment where there are several.
    fn planned(self: &Rc<Self>) -> Option<El> {
        let (ui, plan, chosen) = (self.ui, self.plan.read(), self.stage.get_untracked());
        let TrialPlan { stages, environments, .. } = plan.as_ref()?;
        let this = self.clone();
        let choice = select(ui, "stage", Key::Stage, move |name| this.stage.set(name.to_owned()));
        let options = stages.iter().map(|name| option(name, name, *name == chosen));
        let stage = named(ui, Key::Stage, choice.children(options));
        let (this, chosen) = (self.clone(), self.environment.borrow());
        let environment = (environments.len() > 1).then(|| {
            let choice = select(ui, "environment", Key::Environment, move |name| {
                this.environment.replace(Some(name.to_owned()));
                this.make_plan();
            });
            let options =
                environments.iter().map(|name| option(name, name, chosen.as_ref() == Some(name)));
            named(ui, Key::Environment, choice.children(options))
        });
        Some(span("bench").child(stage).maybe(environment))
    }

    fn sources(self: &Rc<Self>) -> El {
        let (ui, this) = (self.ui, self.clone());
        let chosen = self.source.peek();
        let choose = move |value: &str| {
            this.source.put(match (value, RunId::try_from(value.to_owned())) {
                (SEND, _) => Source::Send,
                (PASTED, _) | (_, Err(_)) => Source::Pasted,
                (_, Ok(run)) => Source::Kept(run),
            });
        };
        let runs = ui.core().state.runs.get_untracked();
        let runs = runs.iter().filter(|run| run.chain == self.draft.chain).take(MOST_RUNS);
        let kept = runs.map(|run| {
            let words = sentences::kept_by(run.number, ui.locale());
            let is_chosen = matches!(&*chosen, Source::Kept(id) if *id == run.id);
            option(run.id.as_str(), &words, is_chosen)
        });
        let choice = select(ui, "source", Key::AnswerFrom, choose)
            .child(option(SEND, &ui.t(Key::SendOnce), *chosen == Source::Send))
            .child(option(PASTED, &ui.t(Key::Pasted), *chosen == Source::Pasted))
            .children(kept);
        named(ui, Key::AnswerFrom, choice)
    }

    /// The attempts of the run's stage of this name that were judged, the latest first. Followed.
    fn kept(&self, cell: &RunCell) -> Vec<Arc<AttemptCell>> {
        let name = self.stage.get();
        let at = cell.view.get().stages.iter().position(|stage| stage.name == name);
        let attempts = cell.attempts.get().unwrap_or_default();
        let is_judged =
            |kept: &AttemptCell| matches!(kept.view.get_untracked().phase, AttemptPhase::Judged(_));
        let mine = attempts
            .iter()
            .rev()
            .filter(|kept| usize::try_from(kept.stage).ok() == at && is_judged(kept));
        mine.cloned().collect()
    }

    fn attempts(self: &Rc<Self>) -> Option<El> {
        let ui = self.ui;
        let cell = match &*self.source.read() {
            Source::Kept(run) => ui.core().state.run(run.as_str())?,
            Source::Send | Source::Pasted => return None,
        };
        if cell.attempts.get_untracked().is_none() {
            ui.core().link.list_attempts(&cell.id);
        }
        let (chosen, this) = (self.attempt.borrow(), self.clone());
        let options = self.kept(&cell).into_iter().map(|kept| {
            let number = kept.number.to_string();
            let word = ui.t(Status::from(kept.view.get_untracked().phase).word());
            let words = sentences::act_on(&number, &word, ui.locale());
            option(&number, &words, number == *chosen)
        });
        let choose = move |number: &str| drop(this.attempt.replace(number.to_owned()));
        let choice = select(ui, "attempt", Key::Attempts, choose).children(options);
        Some(named(ui, Key::Attempts, choice))
    }

    fn acts(self: &Rc<Self>) -> El {
        let ui = self.ui;
        let [tried, ready, fresh, copied, shown] = std::array::from_fn(|_| self.clone());
        let copy = copy_later(ui, Key::CopyCurl, move |then| {
            let question = TrialQuestion::Curl { of: copied.of() };
            let said = |this: &Self, answer| match answer {
                ToolAnswer::Text { text, .. } => then(Some(text)),
                other => {
                    this.take(other);
                    then(None);
                }
            };
            copied.ask(&question, Box::new(said));
        });
        let fresh = Button::new("fresh-values", Icon::Poll, Key::FreshValues)
            .on_press(ui, move || fresh.make_plan());
        let of_values = div("acts").child(fresh).child(copy);
        let buttons = of_values.clone();
        react(move || {
            let (source, [values, pasted]) = (shown.source.read(), &shown.fields);
            let is_kept = matches!(*source, Source::Kept(_));
            values.show(!is_kept);
            buttons.show(!is_kept);
            pasted.show(*source == Source::Pasted);
        });
        div("acts")
            .child(
                Button::new("try", Icon::Play, Key::TryIt)
                    .kind(Kind::Primary)
                    .on_press(ui, move || tried.go(false))
                    // Without a plan there is no stage to be tried.
                    .live_attr("disabled", move || ready.plan.read().is_none().then(String::new)),
            )
            .child(of_values)
    }

    /// A request that may change something is sent only when that is meant.
    fn confirm(self: &Rc<Self>) -> El {
        let [named, asked, this] = std::array::from_fn(|_| self.clone());
        let ask = Ask {
            title: Key::ConfirmSend,
            hint: Key::ConfirmSendHint,
            no: Key::DontSend,
            yes: Key::SendNow,
            of: Some(Rc::new(move || named.to_confirm().unwrap_or_default())),
        };
        ask.dialog_to_go_on(
            self.ui,
            move || asked.to_confirm().is_some(),
            move |answer| {
                if untrack(|| this.to_confirm().is_none()) {
                    return;
                }
                this.said.put(Said::Nothing);
                if answer == Answer::Yes {
                    this.go(true);
                }
            },
        )
    }

    /// The request that waits to be confirmed. Followed.
    fn to_confirm(&self) -> Option<String> {
        match &*self.said.read() {
            Said::Told(ToolAnswer::Confirm { method, url }) => Some(format!("{method} {url}")),
            Said::Told(_) | Said::Nothing | Said::Asked => None,
        }
    }

    // ------------------------------------------------------------------------------------ what was said

    fn told(&self) -> Option<El> {
        let ui = self.ui;
        match &*self.said.read() {
            Said::Nothing => None,
            Said::Asked => Some(el("p").class("faint").live_text(ui.words(Key::Loading))),
            Said::Told(ToolAnswer::Tried(tried)) => {
                let StageUnderEdit { stage, values, .. } = untrack(|| self.asked_of());
                let of = (stage, values);
                let sight = sample(&self.draft, self.go_to.clone(), of, &self.path, tried);
                Some(outcome(ui, tried, &sight))
            }
            Said::Told(ToolAnswer::Refused(why)) => {
                let words = el("p").text(why.sentence(ui.locale()));
                let notice = div("notice").attr("role", "alert").attr("data-said", "refused");
                Some(notice.child(icon(Icon::Alert)).child(words))
            }
            Said::Told(
                ToolAnswer::Plan(_)
                | ToolAnswer::Confirm { .. }
                | ToolAnswer::Text { .. }
                | ToolAnswer::Edit { .. }
                | ToolAnswer::Selected(_)
                | ToolAnswer::Choose(_),
            ) => None,
        }
    }
}

/// A JSON object of values, which are JSON texts.
fn object<'a>(values: impl Iterator<Item = &'a (String, String)>) -> String {
    let members: Vec<String> =
        values.map(|(name, value)| format!("{}:{value}", json::quoted(name))).collect();
    format!("{{{}}}", members.join(","))
}
