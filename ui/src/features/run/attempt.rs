//! An attempt: a row of the table, and under it, when opened, what each check saw and the evidence.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use baton_engine::protocol::{AttemptPhase, AttemptView, Evidence, ReadingView, Told};
use leptos::prelude::*;

use crate::body::path;
use crate::components::{Icon, Said, icon, said, status};
use crate::dom;
use crate::el::{El, div, el, span};
use crate::state::AttemptCell;
use crate::status::Status;
use crate::text::{Key, sentences};
use crate::ui::Ui;
use crate::when;

use super::compare::compared;
use super::evidence::{Sight, both, papers};
use super::stage::Subject;
use crate::components::Button;
use crate::route::Route;

/// Under this an attempt was on time: timers are not better.
const ON_TIME: Duration = Duration::from_millis(100);

/// What a row is in its table.
pub(super) struct RowOf {
    /// Whether it decided its stage's bad end, and so opens by itself: its evidence is why one looks. Followed.
    pub(super) decides: Box<dyn Fn() -> bool>,
    /// Which row it is, with the heads as the first. Followed.
    pub(super) index: Box<dyn Fn() -> usize>,
    /// How many attempts after it saw the same, and are not listed. Followed.
    pub(super) same: Box<dyn Fn() -> u32>,
}

/// An attempt of a stage.
pub(super) fn attempt(subject: &Subject, cell: &Arc<AttemptCell>, of: RowOf) -> El {
    let (ui, linked) = (subject.ui, subject.linked.clone());
    let stage = untrack(|| subject.view());
    let stage_begun = stage.as_ref().and_then(|stage| stage.begun_at);
    let name = stage.map(|stage| stage.name).unwrap_or_default();
    let view = cell.view.clone();
    let [toned, late, latency, answered, judged, reasoned, drawn] =
        std::array::from_fn(|_| view.clone());
    let (number, begun) = (cell.number, view.get_untracked().begun_at);
    let place = (cell.stage, number);
    let (index, same, decides, choosing) = (of.index, of.same, Rc::new(of.decides), linked.clone());
    let is_open = move || linked.chosen(place).unwrap_or_else(|| decides());
    let [expanded, pressed, opened] = std::array::from_fn(|_| is_open.clone());
    let detail = format!("attempt-{}-{number}", cell.stage);
    let fold = el("button")
        .attr("type", "button")
        .class("fold")
        .attr("data-action", "open-attempt")
        .attr("aria-controls", &detail)
        .live_value("aria-expanded", move || expanded().to_string())
        .live_value("aria-label", move || sentences::attempt_of(number, &name, ui.locale()))
        .child(icon(Icon::Chevron))
        .child(span("").text(&number.to_string()));
    let latency = move || {
        let ms = latency.get().latency_ms;
        ms.map(|ms| when::span(Duration::from_millis(ms))).unwrap_or_default()
    };
    let redirected = answered.clone();
    let answered =
        move || answered.get().status.map(|status| status.to_string()).unwrap_or_default();
    // A browser shows where redirects led, and none of them by itself.
    let redirected = span("faint").redraw(move || {
        let to = redirected.get().redirected_to.clone()?;
        Some(
            span("redirected")
                .attr("data-redirected", &to)
                .attr("title", &to)
                .live_text(ui.words(Key::Redirected)),
        )
    });
    let reason = move || {
        let (attempt, locale) = (reasoned.get(), ui.locale());
        let spent = stage_begun.zip(attempt.ended_at).map(|(begun, ended)| ended.since(begun));
        let said = attempt.reason.as_ref().map(|reason| match spent {
            Some(spent) => Said::of(reason, reason.sentence_after(locale, spent)),
            None => Said::of(reason, reason.sentence(locale)),
        });
        said.unwrap_or_default()
    };
    let same = move || match same() {
        0 => String::new(),
        count => sentences::same_after(count, ui.locale()),
    };
    let row = el("tr")
        .attr("role", "row")
        .class("attempt-row")
        .live_value("aria-rowindex", move || index().to_string())
        .child(cell_of("attempt-number").child(fold))
        .child(cell_of("attempt-time").live_text(move || when::clock(begun, ui.locale())))
        .child(cell_of("attempt-delay").live_text(move || delay(ui, &late.get())))
        .child(cell_of("attempt-latency").live_text(latency))
        .child(cell_of("attempt-status").child(span("").live_text(answered)).child(redirected))
        .child(
            cell_of("attempt-verdict").child(status(ui, move || Status::from(judged.get().phase))),
        )
        .child(
            cell_of("attempt-reason")
                .attr("data-reason", "")
                .child(said(span(""), reason))
                .child(span("same").live_text(same)),
        )
        // The whole row serves the mouse; the button in it serves keys and ears.
        .on("click", move |event| {
            if !dom::ends_selection(&event) {
                choosing.choose(place, !untrack(&pressed));
            }
        });
    let under = el("tr")
        .attr("role", "row")
        .class("attempt-detail")
        .attr("id", &detail)
        .shown_if(is_open)
        .child(el("td").attr("role", "cell").attr("colspan", "7").switch(
            move || opened().to_string(),
            move |open| (open == "true").then(|| detail_of(ui, &drawn)),
        ));
    let body = el("tbody")
        .class("attempt")
        .attr("role", "rowgroup")
        .attr("data-attempt", &number.to_string())
        .live_value("data-status", move || Status::from(toned.get().phase).slug().to_owned())
        .child(row)
        .child(under);
    subject.linked.pointing(body, move || Some(place))
}

fn cell_of(class: &str) -> El {
    el("td").attr("role", "cell").class(class)
}

fn delay(ui: Ui, attempt: &AttemptView) -> String {
    let late = attempt.begun_at.since(attempt.scheduled_at);
    if late < ON_TIME { ui.t(Key::OnTime) } else { when::span(late) }
}

/// What each check saw, then what was sent and what came back. Drawn anew when the answer comes.
fn detail_of(ui: Ui, view: &ArcRwSignal<Arc<AttemptView>>) -> El {
    let (keyed, made) = (view.clone(), view.clone());
    let phase = move || Status::from(keyed.get().phase).slug().to_owned();
    div("").switch(phase, move |_| {
        let attempt = made.get_untracked();
        let answered = attempt.phase != AttemptPhase::Calling;
        let readings = attempt.readings.read().unwrap_or_default();
        let sight = Rc::new(Sight::of(&readings));
        if attempt.number > 1 {
            sight.put_above(compared(ui, &attempt, &sight));
        }
        let papers = papers(ui, &attempt, sight.clone());
        let checks = move || (!readings.is_empty()).then(|| checks(ui, &readings, &sight));
        Some(
            div("detail")
                .redraw(checks)
                .maybe(answered.then(|| try_evidence(ui, &attempt)).flatten())
                .child(papers)
                .attr("data-answered", &answered.to_string()),
        )
    })
}

/// What each check saw of an answer that is here already, and what was sent and came back. Follows the
/// language.
pub(crate) fn judged(
    ui: Ui,
    attempt: &AttemptView,
    evidence: &Told<Evidence>,
    sight: &Rc<Sight>,
) -> El {
    let readings = attempt.readings.read().unwrap_or_default();
    let papers = evidence.read().ok();
    div("detail")
        .maybe((!readings.is_empty()).then(|| checks(ui, &readings, sight)))
        .maybe(papers.map(|evidence| both(ui, &evidence, attempt.transport, sight)))
}

/// The way to the editor, where the chain's checks as they are now judge this evidence.
fn try_evidence(ui: Ui, attempt: &AttemptView) -> Option<El> {
    let core = ui.core();
    let chain = core.state.run(attempt.run.as_str())?.chain.clone();
    core.state.chain(chain.as_str())?;
    let picked = (attempt.run.clone(), attempt.stage, attempt.number);
    let button = Button::new("try-evidence", Icon::Pencil, Key::TryEvidence);
    let button = button.on_press(ui, move || {
        *ui.core().picked.borrow_mut() = Some(picked.clone());
        ui.go(Route::Edit(chain.clone()));
    });
    Some(button.class("button quiet small").shown_if(move || ui.may_change()))
}

fn checks(ui: Ui, readings: &[ReadingView], sight: &Rc<Sight>) -> El {
    let columns = [Key::Verdict, Key::Rule, Key::Expected, Key::Selected, Key::Reason];
    let heads = columns
        .map(|key| el("th").attr("scope", "col").attr("role", "columnheader").text(&ui.t(key)));
    let rows = readings.iter().map(|reading| check(ui, reading, sight));
    el("table")
        .class("checks")
        .attr("role", "table")
        .attr("aria-label", &ui.t(Key::Checks))
        .child(
            el("thead")
                .attr("role", "rowgroup")
                .child(el("tr").attr("role", "row").children(heads)),
        )
        .child(el("tbody").attr("role", "rowgroup").children(rows))
}

fn check(ui: Ui, reading: &ReadingView, sight: &Rc<Sight>) -> El {
    let shown = Status::from(reading.verdict);
    let code = |json: &String| el("code").text(json);
    let nothing = reading.selected.is_empty().then(|| span("faint").text(&ui.t(Key::Nothing)));
    el("tr")
        .attr("role", "row")
        .attr("data-check", &reading.place)
        .attr("data-status", shown.slug())
        .child(cell_of("check-verdict").child(status(ui, move || shown)))
        .child(
            el("th")
                .attr("role", "rowheader")
                .attr("scope", "row")
                .child(el("code").text(&reading.rule))
                .child(span("faint place").text(&reading.place)),
        )
        .child(
            cell_of("expected")
                .attr("data-label", &ui.t(Key::Expected))
                .maybe(reading.expected.as_ref().map(code)),
        )
        .child(
            cell_of("selected")
                .attr("data-label", &ui.t(Key::Selected))
                .children(found(ui, reading, sight))
                .maybe(nothing),
        )
        .child(
            cell_of("check-why")
                .attr("data-reason", "")
                .text(&reading.reason.sentence(ui.locale())),
        )
}

/// What was selected, each with the way to where it stands.
fn found(ui: Ui, reading: &ReadingView, sight: &Rc<Sight>) -> Vec<El> {
    let places = reading.locations.iter().map(|place| path::read(place));
    let places = places.chain(std::iter::repeat(None));
    let each = reading.selected.iter().zip(places).map(|(value, steps)| {
        let code = el("code").text(value);
        let Some(steps) = steps else { return code };
        let (sight, place) = (sight.clone(), path::short(&steps));
        el("button")
            .attr("type", "button")
            .class("to-value")
            .attr("data-action", "show-value")
            .attr("title", &sentences::act_on(&ui.t(Key::ShowInResponse), &place, ui.locale()))
            .child(code)
            .on("click", move |_| sight.go_to(&steps))
    });
    each.collect()
}
