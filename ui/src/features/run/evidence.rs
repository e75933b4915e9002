//! What was sent and what came back, read from the engine when an attempt is opened.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use baton_engine::protocol::{
    Answer, AttemptView, Body, Command, Evidence, Hidden, ImportQuestion, Module, ReadingView,
    Refusal, Reply, ToolAnswer, Transport,
};
use baton_engine::verify::Reason;
use leptos::prelude::*;

use crate::body::path::{self, Step};
use crate::body::{BodyView, Mark, MarkedAs, Pick};
use crate::components::{Copied, Said, copy_button, copy_later, said};
use crate::el::{El, div, el, span};
use crate::status::Status;
use crate::text::Key;
use crate::ui::Ui;

/// How far the reading has come.
#[derive(Clone)]
enum Reading {
    Asked,
    Here(Arc<Evidence>),
    Refused(Refusal),
}

/// The response's body as the checks saw it: what they selected is marked in it, and they lead to it.
#[derive(Default)]
pub(crate) struct Sight {
    marks: Vec<Mark>,
    pick: Option<Pick>,
    /// What stands between its headers and its body.
    above: RefCell<Option<El>>,
    /// The body, once it is shown.
    body: RefCell<Option<BodyView>>,
}

impl Sight {
    /// What readings saw, the worst first, which is what is looked for.
    pub(crate) fn of(readings: &[ReadingView]) -> Self {
        let mut readings: Vec<&ReadingView> = readings.iter().collect();
        readings.sort_by_key(|reading| std::cmp::Reverse(reading.verdict));
        let marks = readings.into_iter().flat_map(|reading| {
            let steps = reading.locations.iter().filter_map(|place| path::read(place));
            steps.map(|steps| (steps, MarkedAs::Of(Status::from(reading.verdict))))
        });
        Self { marks: marks.collect(), ..Self::default() }
    }

    /// The same, and values can be picked, by a tool that stands above the body.
    pub(crate) fn with_pick(self, pick: Pick, above: El) -> Self {
        Self { pick: Some(pick), above: RefCell::new(Some(above)), ..self }
    }

    /// What readings saw.
    pub(crate) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The body, once it is shown.
    pub(crate) fn body(&self) -> Option<BodyView> {
        self.body.borrow().clone()
    }

    /// Has a tool stand above the body, when that is shown.
    pub(super) fn put_above(&self, tool: El) {
        self.above.replace(Some(tool));
    }

    /// Goes to a value.
    pub(super) fn go_to(&self, steps: &[Step]) {
        if let Some(body) = self.body() {
            body.go_to(steps);
        }
    }

    fn show(&self, ui: Ui, text: String) -> El {
        let body = BodyView::new(ui, text, self.pick.clone());
        body.mark(&self.marks);
        let element = body.element();
        self.body.replace(Some(body));
        div("sample").maybe(self.above.take()).child(element)
    }
}

/// An attempt's request and response, this one as the checks saw it.
pub(super) fn papers(ui: Ui, attempt: &AttemptView, sight: Rc<Sight>) -> El {
    // Counted, since the answer may come when the view is gone.
    let reading = ArcRwSignal::new(Reading::Asked);
    let answered = reading.clone();
    let command = Command::ReadEvidence {
        run: attempt.run.clone(),
        stage: attempt.stage,
        attempt: attempt.number,
    };
    ui.core().link.send(command, move |answer| match answer {
        Ok(Reply::Evidence(told)) => answered.set(match told.read() {
            Ok(evidence) => Reading::Here(Arc::new(evidence)),
            Err(_) => Reading::Refused(Refusal::NoEvidence),
        }),
        Ok(_) => {}
        Err(refusal) => answered.set(Reading::Refused(refusal)),
    });
    let transport = attempt.transport;
    div("").redraw(move || {
        Some(match reading.get() {
            Reading::Asked => faint(ui, Key::Loading),
            Reading::Refused(refusal) => {
                el("p").class("faint").text(&refusal.sentence(ui.locale()))
            }
            Reading::Here(evidence) => both(ui, &evidence, transport, &sight),
        })
    })
}

fn faint(ui: Ui, key: Key) -> El {
    el("p").class("faint").live_text(ui.words(key))
}

/// A request and what came back, this as the checks saw it.
pub(super) fn both(ui: Ui, evidence: &Evidence, transport: Transport, sight: &Sight) -> El {
    let request = &evidence.request;
    let sent = match transport {
        Transport::Direct => Key::DirectTransport,
        Transport::Proxy => Key::ProxyTransport,
        Transport::Demo => Key::DemoTransport,
    };
    let (address, sent_as) = (request.url.clone(), request.clone());
    let curl = move |copied: Copied| {
        copy_export(ui, &ImportQuestion::Curl { request: sent_as.clone() }, copied);
    };
    let body = match &request.body {
        Some(body) => BodyView::new(ui, body.clone(), None).element(),
        None => faint(ui, Key::NoBody),
    };
    let left = el("section")
        .class("paper")
        .attr("data-paper", "request")
        .child(
            heading(ui, Key::Request)
                .child(span("tag").text(&request.method))
                .child(span("faint").live_text(ui.words(sent))),
        )
        .child(
            el("p")
                .class("paper-url")
                .child(el("code").text(&request.url))
                .child(copy_button(ui, Key::Copy, move || address.clone()))
                .child(copy_later(ui, Key::CopyCurl, curl)),
        )
        .maybe((!request.headers.is_empty()).then(|| headers(ui, &request.headers)))
        .child(body);
    let right = el("section").class("paper").attr("data-paper", "response");
    let right = response(ui, right, evidence, sight);
    div("papers").attr("data-evidence", "").child(left).child(right)
}

/// Copies what the module of exports makes.
pub(crate) fn copy_export(ui: Ui, question: &ImportQuestion, copied: Copied) {
    let answered = Box::new(move |said: Result<String, String>| {
        copied(match said.ok().and_then(|said| ToolAnswer::from_json(&said)) {
            Some(ToolAnswer::Text { text, .. }) => Some(text),
            _ => None,
        });
    });
    ui.core().link.ask(Module::Imports, question.to_json(), answered);
}

fn heading(ui: Ui, key: Key) -> El {
    el("h4").child(span("").live_text(ui.words(key)))
}

fn response(ui: Ui, paper: El, evidence: &Evidence, sight: &Sight) -> El {
    let without = |paper: El, why: Key| {
        paper.child(heading(ui, Key::Response).child(span("tag").live_text(ui.words(why))))
    };
    let response = match &evidence.answer {
        None => return without(paper, Key::NoAnswerYet),
        Some(Answer::Timeout) => return without(paper, Key::AnswerTimeout),
        Some(Answer::NoResponse(diagnosis)) => {
            let reason = Reason::Network { diagnosis: diagnosis.clone() };
            let why = said(el("p"), move || Said::diagnosis(reason.sentence(ui.locale())));
            return without(paper, Key::NoResponse).child(why);
        }
        Some(Answer::Response(response)) => response,
    };
    let body = match &response.body {
        Body::Text(text) if text.is_empty() => faint(ui, Key::NoBody),
        Body::Text(text) => sight.show(ui, text.clone()),
        Body::TooLarge => faint(ui, Key::BodyTooLarge),
    };
    let headers = match response.headers.as_slice() {
        [] => faint(ui, Key::NoHeaders),
        list => headers(ui, list),
    };
    let status = span("tag").attr("data-http-status", "").text(&response.status.to_string());
    let redirected = response.redirected_to.as_ref().map(|to| {
        el("p")
            .class("paper-url")
            .child(span("faint").live_text(ui.words(Key::RedirectedTo)))
            .text(" ")
            .child(el("code").text(to))
    });
    paper
        .child(heading(ui, Key::Response).child(status))
        .maybe(redirected)
        .child(headers)
        .maybe(response.hidden.as_ref().map(|hidden| hidden_headers(ui, hidden)))
        .child(body)
        .maybe(evidence.cut.then(|| faint(ui, Key::BodyCut).attr("data-cut", "")))
}

/// What may be there besides, and is not shown.
fn hidden_headers(ui: Ui, hidden: &Hidden) -> El {
    let note = el("p").class("faint").attr("data-hidden-headers", "");
    match hidden {
        Hidden::Unexposed => note.live_text(ui.words(Key::HiddenHeaders)),
        Hidden::Withheld(names) => note
            .child(span("").live_text(ui.words(Key::WithheldHeaders)))
            .text(" ")
            .child(el("code").text(&names.join(", "))),
    }
}

fn headers(ui: Ui, headers: &[(String, String)]) -> El {
    let list = headers
        .iter()
        .map(|(name, value)| div("").child(el("dt").text(name)).child(el("dd").text(value)));
    // What may scroll has to be reachable by keys.
    div("headers")
        .attr("tabindex", "0")
        .attr("role", "group")
        .live_value("aria-label", ui.words(Key::Headers))
        .child(el("dl").children(list))
}
