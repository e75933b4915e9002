//! The dry run: a stage of the document is sent once, or judges an answer that was pasted or kept. Nothing of
//! it is a run; the trial's module has what a stage is filled in with, and what an answer comes to.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use baton_engine::id::RunId;
use baton_engine::protocol::{
    AttemptPhase, AttemptView, Module, Sentence, StageUnderEdit, TrialAnswer, TrialPlan,
    TrialQuestion, Tried,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::{Answer, Ask, Button, Icon, Kind, copy_later, icon, select, status};
use crate::el::{El, div, el, span};
use crate::features::run::aside::values;
use crate::features::run::attempt::judged;
use crate::json;
use crate::state::{AttemptCell, RunCell};
use crate::status::Status;
use crate::text::{Key, sentences};
use crate::ui::Ui;

use super::draft::Draft;
use super::held::Held;

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
    Told(TrialAnswer),
}

/// A trial that is set up. A handle: clones are the same.
#[derive(Clone)]
struct Bench {
    ui: Ui,
    draft: Draft,
    plan: Held<Option<TrialPlan>>,
    stage: ArcRwSignal<String>,
    source: Held<Source>,
    /// Which of the environments; none takes the first.
    environment: Rc<RefCell<Option<String>>>,
    /// Which of a run's attempts; none takes the latest.
    attempt: Rc<Cell<Option<u32>>>,
    said: Held<Said>,
    values: El,
    pasted: El,
}

/// Where a stage is tried; with the kept attempt that was picked, if one was.
pub(super) fn panel(draft: &Draft, picked: Option<Picked>) -> El {
    let ui = draft.ui;
    let source = picked.as_ref().map_or(Source::Send, |(run, ..)| Source::Kept(run.clone()));
    let bench = Bench {
        ui,
        draft: draft.clone(),
        plan: Held::new(None),
        stage: ArcRwSignal::new(String::new()),
        source: Held::new(source),
        environment: Rc::default(),
        attempt: Rc::new(Cell::new(picked.as_ref().map(|(.., number)| *number))),
        said: Held::new(Said::Nothing),
        values: area(ui, "values", Key::TrialValues, "6"),
        pasted: area(ui, "pasted", Key::PasteAnswer, "6"),
    };
    bench.make_plan(picked);
    let [staged, set, sources, kept, sent, pasted, told] = std::array::from_fn(|_| bench.clone());
    div("tool-panel")
        .attr("data-panel", "trial")
        .child(
            div("bench")
                .redraw(move || staged.stages())
                .redraw(move || set.environments())
                .child(div("").redraw(move || Some(sources.sources())))
                .redraw(move || kept.attempts()),
        )
        .child(bench.values.clone().shown_if(move || !sent.is_kept()))
        .child(bench.pasted.clone().shown_if(move || *pasted.source.read() == Source::Pasted))
        .child(bench.acts())
        .child(bench.confirm())
        .child(div("said").redraw(move || told.told()))
}

fn area(ui: Ui, action: &str, label: Key, rows: &str) -> El {
    el("textarea")
        .class("area")
        .attr("data-action", action)
        .attr("spellcheck", "false")
        .attr("rows", rows)
        .live_value("aria-label", ui.words(label))
        .live_value("placeholder", ui.words(label))
}

fn typed(area: &El) -> String {
    area.node().unchecked_ref::<web_sys::HtmlTextAreaElement>().value()
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
    fn ask(&self, question: &TrialQuestion, then: impl FnOnce(Self, TrialAnswer) + 'static) {
        let this = self.clone();
        let said = move |said: Result<String, String>| {
            let answer = said.and_then(|text| TrialAnswer::from_json(&text).ok_or(text));
            let refused = |why: String| TrialAnswer::Refused(Sentence { en: why.clone(), zh: why });
            then(this, answer.unwrap_or_else(refused));
        };
        self.ui.core().link.ask(Module::Trial, question.to_json(), Box::new(said));
    }

    /// Reads the document's stages, and fills values in afresh.
    fn make_plan(&self, picked: Option<Picked>) {
        let document = self.draft.text.get_untracked();
        let environment = self.environment.borrow().clone();
        let question = TrialQuestion::Plan { document: document.clone(), environment };
        self.ask(&question, move |this, answer| match answer {
            TrialAnswer::Plan(plan) => {
                this.values
                    .node()
                    .unchecked_ref::<web_sys::HtmlTextAreaElement>()
                    .set_value(&plan.values);
                if !plan.stages.contains(&this.stage.get_untracked()) {
                    this.stage.set(this.first(&document, &plan, picked.as_ref()));
                }
                this.plan.put(Some(plan));
                this.said.put(Said::Nothing);
            }
            other => this.take(other),
        });
    }

    /// The stage of the picked attempt, else the one that the caret is in.
    fn first(&self, document: &str, plan: &TrialPlan, picked: Option<&Picked>) -> String {
        let of_picked = picked.and_then(|(run, stage, _)| {
            let run = self.ui.core().state.run(run.as_str())?.view.get_untracked();
            let name = &run.stages.get(usize::try_from(*stage).ok()?)?.name;
            plan.stages.contains(name).then(|| name.clone())
        });
        of_picked.unwrap_or_else(|| {
            let places: Vec<&str> = plan.places.iter().map(String::as_str).collect();
            let caret = self.draft.area.caret_line();
            let lines = json::lines_of(document, &places);
            let at = lines.iter().rposition(|line| line.is_some_and(|line| line <= caret));
            plan.stages.get(at.unwrap_or(0)).cloned().unwrap_or_default()
        })
    }

    fn of(&self) -> StageUnderEdit {
        StageUnderEdit {
            document: self.draft.text.get_untracked(),
            stage: self.stage.get_untracked(),
            values: typed(&self.values),
            locale: untrack(|| self.ui.locale()),
        }
    }

    fn question(&self, confirmed: bool) -> Option<TrialQuestion> {
        let of = self.of();
        let run = match &*self.source.peek() {
            Source::Send => return Some(TrialQuestion::Send { of, confirmed }),
            Source::Pasted => {
                return Some(TrialQuestion::Judge { of, pasted: typed(&self.pasted) });
            }
            Source::Kept(run) => run.clone(),
        };
        let cell = self.ui.core().state.run(run.as_str())?;
        let kept = untrack(|| self.kept(&cell));
        let is_chosen = |kept: &&Arc<AttemptCell>| Some(kept.number) == self.attempt.get();
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

    fn go(&self, confirmed: bool) {
        if let Some(question) = self.question(confirmed) {
            self.said.put(Said::Asked);
            self.ask(&question, |this, answer| this.take(answer));
        }
    }

    fn take(&self, answer: TrialAnswer) {
        self.said.put(Said::Told(answer));
    }

    /// Whether an attempt of a run is judged. Followed.
    fn is_kept(&self) -> bool {
        matches!(*self.source.read(), Source::Kept(_))
    }

    // ------------------------------------------------------------------------------------- the set-up

    fn stages(&self) -> Option<El> {
        let (plan, chosen, set) =
            (self.plan.read(), self.stage.get_untracked(), self.stage.clone());
        let names = &plan.as_ref()?.stages;
        let choice = select(self.ui, "stage", Key::Stage, move |name| set.set(name.to_owned()));
        let options = names.iter().map(|name| option(name, name, *name == chosen));
        Some(named(self.ui, Key::Stage, choice.children(options)))
    }

    fn environments(&self) -> Option<El> {
        let (plan, this) = (self.plan.read(), self.clone());
        let names = &plan.as_ref()?.environments;
        // What is chosen stays so, as the list does not change by it.
        let chosen = self.environment.borrow().clone();
        (names.len() > 1).then(|| {
            let choose = move |name: &str| {
                this.environment.replace(Some(name.to_owned()));
                this.make_plan(None);
            };
            let choice = select(self.ui, "environment", Key::Environment, choose);
            let options =
                names.iter().map(|name| option(name, name, chosen.as_ref() == Some(name)));
            named(self.ui, Key::Environment, choice.children(options))
        })
    }

    fn sources(&self) -> El {
        let (ui, set) = (self.ui, self.source.clone());
        let chosen = self.source.peek();
        let choose = move |value: &str| {
            set.put(match (value, RunId::try_from(value.to_owned())) {
                (SEND, _) => Source::Send,
                (PASTED, _) | (_, Err(_)) => Source::Pasted,
                (_, Ok(run)) => Source::Kept(run),
            });
        };
        let runs = ui.core().state.runs.get_untracked();
        let runs = runs.iter().filter(|run| run.chain == self.draft.chain).take(MOST_RUNS);
        let kept = runs.map(|run| {
            let number = sentences::run_number(run.number, ui.locale());
            let words = sentences::act_on(&ui.t(Key::Evidence), &number, ui.locale());
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

    fn attempts(&self) -> Option<El> {
        let ui = self.ui;
        let cell = match &*self.source.read() {
            Source::Kept(run) => ui.core().state.run(run.as_str())?,
            Source::Send | Source::Pasted => return None,
        };
        if cell.attempts.get_untracked().is_none() {
            ui.core().link.list_attempts(&cell.id);
        }
        let (chosen, set) = (self.attempt.get(), self.attempt.clone());
        let options = self.kept(&cell).into_iter().map(|kept| {
            let number = kept.number.to_string();
            let word = ui.t(Status::from(kept.view.get_untracked().phase).word());
            let words = sentences::act_on(&number, &word, ui.locale());
            option(&number, &words, chosen == Some(kept.number))
        });
        let choose = move |number: &str| set.set(number.parse().ok());
        let choice = select(ui, "attempt", Key::Attempt, choose).children(options);
        Some(named(ui, Key::Attempt, choice))
    }

    fn acts(&self) -> El {
        let ui = self.ui;
        let [tried, ready, fresh, copied, shown, offered] = std::array::from_fn(|_| self.clone());
        let copy = copy_later(ui, Key::CopyCurl, move |then| {
            let question = TrialQuestion::Curl { of: copied.of() };
            copied.ask(&question, move |this, answer| match answer {
                TrialAnswer::Text(text) => then(Some(text)),
                other => {
                    this.take(other);
                    then(None);
                }
            });
        });
        div("acts")
            .child(
                Button::new("try", Icon::Play, Key::TryIt)
                    .kind(Kind::Primary)
                    .on_press(ui, move || tried.go(false))
                    // Without a plan there is no stage to be tried.
                    .live_attr("disabled", move || ready.plan.read().is_none().then(String::new)),
            )
            .child(
                Button::new("fresh-values", Icon::Poll, Key::FreshValues)
                    .on_press(ui, move || fresh.make_plan(None))
                    .shown_if(move || !shown.is_kept()),
            )
            .child(copy.shown_if(move || !offered.is_kept()))
    }

    /// A request that may change something is sent only when that is meant.
    fn confirm(&self) -> El {
        let [named, asked, this] = std::array::from_fn(|_| self.clone());
        let ask = Ask {
            title: Key::ConfirmSend,
            hint: Key::ConfirmSendHint,
            no: Key::DontSend,
            yes: Key::SendNow,
            of: Some(Rc::new(move || named.to_confirm().unwrap_or_default())),
        };
        ask.dialog(
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
            Said::Told(TrialAnswer::Confirm { method, url }) => Some(format!("{method} {url}")),
            Said::Told(_) | Said::Nothing | Said::Asked => None,
        }
    }

    // ------------------------------------------------------------------------------------ what was said

    fn told(&self) -> Option<El> {
        let ui = self.ui;
        match &*self.said.read() {
            Said::Nothing => None,
            Said::Asked => Some(el("p").class("faint").live_text(ui.words(Key::Loading))),
            Said::Told(TrialAnswer::Tried(tried)) => Some(outcome(ui, tried)),
            Said::Told(TrialAnswer::Refused(why)) => {
                let words = el("p").text(why.in_locale(ui.locale()));
                let notice = div("notice").attr("role", "alert").attr("data-said", "refused");
                Some(notice.child(icon(Icon::Alert)).child(words))
            }
            Said::Told(
                TrialAnswer::Plan(_) | TrialAnswer::Confirm { .. } | TrialAnswer::Text(_),
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

/// The verdict, beside the one that was polled; readings and evidence; what was captured and recorded.
fn outcome(ui: Ui, tried: &Tried) -> El {
    let (captures, record) = (tried.captures.clone(), tried.record.clone());
    let before = tried.before.as_deref();
    let title = if before.is_some() { Key::WithTheseChecks } else { Key::Verdict };
    let now = Status::from(tried.attempt.phase);
    div("outcome")
        .attr("data-said", now.slug())
        .child(
            div("verdicts")
                .attr("role", "status")
                .maybe(before.map(|before| verdict(ui, Key::WhenPolled, before)))
                .child(verdict(ui, title, &tried.attempt)),
        )
        .child(judged(ui, &tried.attempt, &tried.evidence))
        .child(values(ui, Key::Captures, move || captures.clone()))
        .child(values(ui, Key::Records, move || record.clone()))
}

fn verdict(ui: Ui, title: Key, attempt: &AttemptView) -> El {
    let shown = Status::from(attempt.phase);
    let why = attempt.reason.as_ref().map(|reason| reason.sentence(ui.locale()));
    div("verdict")
        .attr("data-status", shown.slug())
        .child(span("faint").live_text(ui.words(title)))
        .child(status(ui, move || shown))
        .child(span("").attr("data-reason", "").text(&why.unwrap_or_default()))
}
