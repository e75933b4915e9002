//! The language by texts, as it crosses from the engine's module to its own: what is asked, what is said.
//!
//! A question is one JSON text. The document that it is about and the body of an answer are texts beside
//! it, so that neither is written out within another one.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use super::language::{
    Arrival, Fate, Filled, Judgement, Language, NotFilled, NotRead, Seen, Shown, Silence, StageNow,
    StageOf, Start,
};
use super::outline::Outline;
use super::run::{RunScope, StageRecords};
use crate::document::Problem;
use crate::form::{Text, decode, object, variants};
use crate::matrix::MatrixView;
use crate::protocol::{Answer, Body, HttpRequest, HttpResponse, Told};
use crate::secrets::SecretWant;
use crate::verify::History;

/// What is asked about a document.
#[derive(PartialEq, Debug)]
enum Question {
    /// What it is.
    Chain,
    /// The values of a run that starts.
    Variables { environment: Option<String>, start: Start },
    /// A stage's request.
    Request { stage: u32, scope: RunScope },
    /// What an answer comes to. Its body is a text of its own.
    Judge {
        stage: u32,
        scope: RunScope,
        history: Option<Told<History>>,
        answer: Answer,
        arrival: Arrival,
    },
    /// A run's fields, system by system.
    Matrix { stages: Vec<StageNow>, reference: Option<String> },
}

/// What is said.
#[derive(PartialEq, Debug)]
enum Said {
    Chain(Outline),
    Problems(Vec<Problem>),
    Values(Vec<(String, String)>),
    Request(Filled),
    KeptBack(Vec<SecretWant>),
    Unresolved(String),
    Judged(Judgement),
    Matrix(Told<MatrixView>),
    /// Nothing, for this reason.
    Nothing(String),
}

variants!(Question:
    "chain" Chain,
    "variables" Variables { environment, start },
    "request" Request { stage, scope },
    "judge" Judge { stage, scope, history, answer, arrival },
    "matrix" Matrix { stages, reference },
);
object!(Start: seed, now);
object!(RunScope: values, records, secrets, now);
object!(Filled: request, shown);
object!(Seen: request, url);
object!(StageRecords: stage, records);
object!(Arrival: latency_ms);
variants!(Said:
    "chain" Chain(outline),
    "problems" Problems(problems),
    "values" Values(values),
    "request" Request(filled),
    "kept_back" KeptBack(why),
    "unresolved" Unresolved(name),
    "judged" Judged(judgement),
    "matrix" Matrix(view),
    "nothing" Nothing(why),
);
object!(Judgement:
    verdict, reason, readings, captures, records, history, fate, needs_access, differs, unconfirmed,
    shown,
);
object!(Shown: answer, cut, redirected_to);
variants!(Fate: "known" Known, "unknown" Unknown, "held_back" HeldBack);
object!(StageNow: phase, passed_at, records, reason);

/// Answers a question about a document. `body` is what an answer that is to be judged brought along.
pub fn answer(language: &dyn Language, question: &str, document: &str, body: String) -> String {
    let said = match decode(question) {
        Ok(question) => said(language, question, document, body),
        Err(why) => Said::Nothing(why.to_string()),
    };
    Text::of(&said)
}

/// The request that was said: `{"request":{"request":{…}}}`.
pub fn request_said(text: &str) -> Option<HttpRequest> {
    match decode(text) {
        Ok(Said::Request(filled)) => Some(filled.request),
        _ => None,
    }
}

fn said(language: &dyn Language, question: Question, document: &str, body: String) -> Said {
    let of = |stage: u32| StageOf { document, stage: usize::try_from(stage).unwrap_or(usize::MAX) };
    match question {
        Question::Chain => match language.outline(document) {
            Ok(outline) => Said::Chain(outline),
            Err(NotRead::Invalid(problems)) => Said::Problems(problems),
            Err(NotRead::Silent(Silence(why))) => Said::Nothing(why),
        },
        Question::Variables { environment, start } => language
            .variables(document, environment.as_deref(), start)
            .map_or_else(not_filled, Said::Values),
        Question::Request { stage, scope } => {
            language.request(of(stage), &scope).map_or_else(not_filled, Said::Request)
        }
        Question::Judge { stage, scope, history, answer, arrival } => {
            let answer = with_body(answer, body);
            match language.judge(of(stage), &scope, history.as_ref(), (&answer, arrival)) {
                Ok(judgement) => Said::Judged(judgement),
                Err(Silence(why)) => Said::Nothing(why),
            }
        }
        Question::Matrix { stages, reference } => {
            match language.matrix(document, stages, reference.as_deref()) {
                Ok(view) => Said::Matrix(view),
                Err(Silence(why)) => Said::Nothing(why),
            }
        }
    }
}

fn not_filled(why: NotFilled) -> Said {
    match why {
        NotFilled::KeptBack(why) => Said::KeptBack(why),
        NotFilled::Unresolved(name) => Said::Unresolved(name),
        NotFilled::Silent(Silence(why)) => Said::Nothing(why),
    }
}

/// An answer without its body's text, and that text.
fn without_body(answer: &Answer) -> (Answer, &str) {
    match answer {
        Answer::Response(HttpResponse { status, headers, body, redirected_to, hidden }) => {
            let (body, text) = match body {
                Body::Text(text) => (Body::Text(String::new()), text.as_str()),
                Body::TooLarge => (Body::TooLarge, ""),
            };
            let response = HttpResponse {
                status: *status,
                headers: headers.clone(),
                body,
                redirected_to: redirected_to.clone(),
                hidden: hidden.clone(),
            };
            (Answer::Response(response), text)
        }
        Answer::NoResponse(_) | Answer::Timeout => (answer.clone(), ""),
    }
}

fn with_body(mut answer: Answer, body: String) -> Answer {
    if let Answer::Response(HttpResponse { body: Body::Text(text), .. }) = &mut answer {
        *text = body;
    }
    answer
}

/// Carries texts to the language, and back.
pub trait Ask {
    /// What [`answer`] says, wherever it runs.
    ///
    /// # Errors
    /// Why it says nothing.
    fn ask(&self, question: &str, document: &str, body: &str) -> Result<String, Silence>;
}

impl<Way: Ask> Ask for Rc<Way> {
    fn ask(&self, question: &str, document: &str, body: &str) -> Result<String, Silence> {
        Way::ask(self, question, document, body)
    }
}

/// A language that is asked by texts. What it says is of the language that answers, or is a silence.
pub struct ByText {
    way: Box<dyn Ask>,
    silence: RefCell<Option<Silence>>,
}

impl ByText {
    /// The language at the end of this way.
    pub fn new(way: impl Ask + 'static) -> Self {
        Self { way: Box::new(way), silence: RefCell::default() }
    }

    /// The first silence that there was. It says nothing about any document: an engine that was restored
    /// in it is not to be driven.
    pub fn silence(&self) -> Option<Silence> {
        self.silence.borrow().clone()
    }

    fn ask(&self, question: &Question, document: &str, body: &str) -> Result<Said, Silence> {
        let said = self.way.ask(&Text::of(question), document, body);
        let said = said.and_then(|said| decode(&said).map_err(|why| Silence(why.to_string())));
        match said {
            Ok(Said::Nothing(why)) => Err(self.silent(Silence(why))),
            Ok(said) => Ok(said),
            Err(silence) => Err(self.silent(silence)),
        }
    }

    fn silent(&self, silence: Silence) -> Silence {
        self.silence.borrow_mut().get_or_insert(silence).clone()
    }

    /// It answers another question than was asked.
    fn astray(&self) -> Silence {
        self.silent(Silence("the answer is to another question".into()))
    }

    fn fill(&self, question: &Question, document: &str) -> Result<Said, NotFilled> {
        match self.ask(question, document, "") {
            Ok(Said::Unresolved(name)) => Err(NotFilled::Unresolved(name)),
            Ok(Said::KeptBack(why)) => Err(NotFilled::KeptBack(why)),
            Ok(said) => Ok(said),
            Err(silence) => Err(NotFilled::Silent(silence)),
        }
    }
}

impl fmt::Debug for ByText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByText")
    }
}

impl Language for ByText {
    fn outline(&self, document: &str) -> Result<Outline, NotRead> {
        match self.ask(&Question::Chain, document, "") {
            Ok(Said::Chain(outline)) => Ok(outline),
            Ok(Said::Problems(problems)) if !problems.is_empty() => Err(NotRead::Invalid(problems)),
            Ok(_) => Err(NotRead::Silent(self.astray())),
            Err(silence) => Err(NotRead::Silent(silence)),
        }
    }

    fn variables(
        &self,
        document: &str,
        environment: Option<&str>,
        start: Start,
    ) -> Result<Vec<(String, String)>, NotFilled> {
        let environment = environment.map(str::to_owned);
        match self.fill(&Question::Variables { environment, start }, document)? {
            Said::Values(values) => Ok(values),
            _ => Err(NotFilled::Silent(self.astray())),
        }
    }

    fn request(&self, of: StageOf, scope: &RunScope) -> Result<Filled, NotFilled> {
        let question = Question::Request { stage: number(of.stage), scope: scope.clone() };
        match self.fill(&question, of.document)? {
            Said::Request(filled) => Ok(filled),
            _ => Err(NotFilled::Silent(self.astray())),
        }
    }

    fn judge(
        &self,
        of: StageOf,
        scope: &RunScope,
        history: Option<&Told<History>>,
        (answer, arrival): (&Answer, Arrival),
    ) -> Result<Judgement, Silence> {
        let (answer, body) = without_body(answer);
        let (stage, scope, history) = (number(of.stage), scope.clone(), history.cloned());
        let question = Question::Judge { stage, scope, history, answer, arrival };
        match self.ask(&question, of.document, body)? {
            Said::Judged(judgement) => Ok(judgement),
            _ => Err(self.astray()),
        }
    }

    fn matrix(
        &self,
        document: &str,
        stages: Vec<StageNow>,
        reference: Option<&str>,
    ) -> Result<Told<MatrixView>, Silence> {
        let reference = reference.map(str::to_owned);
        match self.ask(&Question::Matrix { stages, reference }, document, "")? {
            Said::Matrix(view) => Ok(view),
            _ => Err(self.astray()),
        }
    }
}

fn number(stage: usize) -> u32 {
    u32::try_from(stage).unwrap_or(u32::MAX)
}
