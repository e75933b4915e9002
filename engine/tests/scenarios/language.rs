//! The seam between the engine and the language of chains: the same by texts as by calls, asked only when
//! it is there, and harmless when it is silent.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use baton_engine::chain::{
    Arrival, Ask, ByText, Filled, Judgement, Language, Linked, NotFilled, NotRead, Outline,
    RunScope, Silence, StageNow, StageOf, Start, answer,
};
use baton_engine::engine::{Engine, Restore};
use baton_engine::id::ChainId;
use baton_engine::matrix::MatrixView;
use baton_engine::protocol::{Answer, Command, Refusal, Reply, RunPhase, StagePhase, Told};
use baton_engine::verify::{History, Reason};

use crate::sim::{Fate, Sim, ok, run_id, secs, status};

/// The language across texts, in place of the border between two modules.
#[derive(Debug, Default)]
struct OverTexts(Linked);

impl Ask for OverTexts {
    fn ask(&self, question: &str, document: &str, body: &str) -> Result<String, Silence> {
        Ok(answer(&self.0, question, document, body.to_owned()))
    }
}

/// Asks by calls and by texts, and holds that both say the same. Not before it is loaded, which is when
/// a shell would have it.
#[derive(Debug)]
pub(crate) struct BothWays {
    linked: Linked,
    texts: ByText,
    loaded: Cell<bool>,
}

impl Default for BothWays {
    fn default() -> Self {
        let texts = ByText::new(OverTexts::default());
        Self { linked: Linked::default(), texts, loaded: Cell::new(false) }
    }
}

impl BothWays {
    pub(crate) fn load(&self) {
        self.loaded.set(true);
    }

    /// As a shell does it, before it hands a command over.
    pub(crate) fn obey(&self, command: &Command) {
        if command.needs_language() {
            self.load();
        }
    }

    fn both<T: PartialEq + std::fmt::Debug>(&self, ask: impl Fn(&dyn Language) -> T) -> T {
        assert!(self.loaded.get(), "asked before anything needed it");
        let said = ask(&self.linked);
        assert_eq!(said, ask(&self.texts), "by calls, and by texts");
        said
    }
}

impl Language for BothWays {
    fn outline(&self, document: &str) -> Result<Outline, NotRead> {
        self.both(|language| language.outline(document))
    }

    fn variables(
        &self,
        document: &str,
        environment: Option<&str>,
        start: Start,
    ) -> Result<Vec<(String, String)>, NotFilled> {
        self.both(|language| language.variables(document, environment, start))
    }

    fn request(&self, of: StageOf, scope: &RunScope) -> Result<Filled, NotFilled> {
        self.both(|language| language.request(of, scope))
    }

    fn judge(
        &self,
        of: StageOf,
        scope: &RunScope,
        history: Option<&Told<History>>,
        answer: (&Answer, Arrival),
    ) -> Result<Judgement, Silence> {
        self.both(|language| language.judge(of, scope, history, answer))
    }

    fn matrix(
        &self,
        document: &str,
        stages: Vec<StageNow>,
        reference: Option<&str>,
    ) -> Result<Told<MatrixView>, Silence> {
        self.both(|language| language.matrix(document, stages.clone(), reference))
    }
}

/// How the questions begin that are not answered, and what is said.
type Instructed = (&'static str, Result<String, Silence>);

/// Says what it was told to say instead, from the question on that begins so.
#[derive(Clone, Debug, Default)]
struct Instead {
    linked: Rc<Linked>,
    instead: Rc<RefCell<Option<Instructed>>>,
}

impl Instead {
    fn of(&self, question: &'static str, said: Result<&str, &str>) {
        let said = said.map(str::to_owned).map_err(|why| Silence(why.to_owned()));
        self.instead.replace(Some((question, said)));
    }
}

impl Ask for Instead {
    fn ask(&self, question: &str, document: &str, body: &str) -> Result<String, Silence> {
        match &*self.instead.borrow() {
            Some((begins, said)) if question.starts_with(begins) => said.clone(),
            _ => Ok(answer(&*self.linked, question, document, body.to_owned())),
        }
    }
}

const DOCUMENT: &str = r#"{
    "baton": 1, "name": "n", "variables": {"id": "{{$uuid}}"}, "poll": {"interval": "10s", "timeout": "60s"},
    "stages": [{"name": "s", "request": {"url": "http://h/{{id}}"},
                "checks": [{"source": {"jsonpath": "$.a"}, "op": "equals", "value": 1}]}]
}"#;

/// Whatever a module that is broken may say.
const BROKEN: [Result<&str, &str>; 6] = [
    Err("RuntimeError: unreachable"),
    Ok(""),
    Ok("no JSON"),
    Ok(r#"{"chain":{}}"#),
    Ok(r#"{"nothing":"it has no such stage"}"#),
    Ok(r#"{"problems":[]}"#),
];

/// A simulation whose language is as it should be until it is told otherwise.
fn instead(network: impl FnMut() -> Fate + 'static) -> (Sim, Instead, Rc<ByText>) {
    let (way, mut network) = (Instead::default(), network);
    let language = Rc::new(ByText::new(way.clone()));
    let mut sim = Sim::new(move |_, _| network());
    let restored: Rc<dyn Language> = Rc::<ByText>::clone(&language);
    let restore = Restore { epoch: 2, seed: 2, language: restored, ..Restore::default() };
    sim.engine = Engine::restore(sim.now, restore);
    sim.drain();
    (sim, way, language)
}

fn chain_id(text: &str) -> ChainId {
    ChainId::try_from(text).unwrap()
}

fn start(sim: &mut Sim) -> Result<Reply, Refusal> {
    let (run, chain) = (run_id("run"), chain_id("chain"));
    sim.command(Command::StartRun { run, chain, environment: None })
}

#[test]
fn a_silent_language_refuses_what_would_have_to_be_read() {
    for said in BROKEN {
        let (mut sim, way, language) = instead(|| Fate::Never);
        sim.save("chain", DOCUMENT);
        assert_eq!(language.silence(), None);
        way.of("\"chain\"", said);
        let check = sim.command(Command::CheckDocument { document: DOCUMENT.into() });
        assert!(matches!(check, Err(Refusal::Language { .. })), "{said:?}: {check:?}");
        let (chain, document) = (chain_id("other"), DOCUMENT.into());
        let save = sim.command(Command::SaveChain { chain, document, base: None });
        assert!(matches!(save, Err(Refusal::Language { .. })), "{said:?}: {save:?}");
        assert_eq!(sim.snapshot().chains.len(), 1, "{said:?}");
        assert!(language.silence().is_some(), "{said:?}");
    }
}

#[test]
fn a_silent_language_starts_no_run() {
    for said in BROKEN {
        let (mut sim, way, _) = instead(|| Fate::Never);
        sim.save("chain", DOCUMENT);
        way.of("{\"variables\"", said);
        let started = start(&mut sim);
        assert!(matches!(started, Err(Refusal::Language { .. })), "{said:?}: {started:?}");
        assert_eq!(sim.snapshot().runs.len(), 0, "{said:?}");
    }
}

#[test]
fn an_answer_that_no_language_judges_is_not_there_yet() {
    for said in BROKEN {
        let (mut sim, way, _) = instead(|| Fate::Now(ok(r#"{"a": 2}"#)));
        sim.save("chain", DOCUMENT);
        way.of("{\"judge\"", said);
        assert_eq!(start(&mut sim), Ok(Reply::Ok));
        sim.advance(secs(15));
        let stage = sim.stage(0);
        assert_eq!((stage.phase, stage.attempts), (StagePhase::Waiting, 2), "{said:?}");
        assert_eq!(stage.reason, Some(Reason::AttemptLost.into()), "{said:?}");
        way.of("nothing", Ok(""));
        sim.advance(secs(10));
        assert_eq!(sim.run().phase, RunPhase::Failed, "{said:?}: judged again, it is wrong");
    }
}

#[test]
fn a_request_that_no_language_fills_in_never_leaves() {
    for said in BROKEN {
        let (mut sim, way, _) = instead(|| Fate::Now(ok(r#"{"a": 1}"#)));
        sim.save("chain", DOCUMENT);
        way.of("{\"request\"", said);
        assert_eq!(start(&mut sim), Ok(Reply::Ok));
        sim.advance(secs(15));
        assert_eq!(sim.requests.len(), 0, "{said:?}");
        assert_eq!(sim.run().phase, RunPhase::Failed, "{said:?}");
    }
}

#[test]
fn a_question_is_a_text_and_what_it_is_about_stands_beside_it() {
    let linked = Linked::default();
    let said = answer(&linked, "\"chain\"", DOCUMENT, String::new());
    assert!(
        said.starts_with(r#"{"chain":{"name":"n","description":"","environments":[],"#),
        "{said}"
    );
    let question = r#"{"variables":{"start":{"seed":1,"now":0}}}"#;
    let said = answer(&linked, question, DOCUMENT, String::new());
    assert!(said.starts_with(r#"{"values":[["id","\""#), "{said}");
    let question = r#"{"request":{"stage":0,"scope":{"values":[["id","7"]],"records":[],"secrets":[],"now":0}}}"#;
    let said = answer(&linked, question, DOCUMENT, String::new());
    assert!(
        said.starts_with(r#"{"request":{"request":{"method":"GET","url":"http://h/7","#),
        "{said}"
    );
    let question = r#"{"judge":{"stage":0,"scope":{"values":[],"records":[],"secrets":[],"now":0},
        "history":{"let_in":false,"not_json_in_a_row":0,"wrong":[]},
        "answer":{"response":{"status":200,"headers":[],"body":{"text":""}}},
        "arrival":{"latency_ms":3}}}"#;
    let said = answer(&linked, question, DOCUMENT, r#"{"a": 1.0}"#.into());
    assert!(said.starts_with(r#"{"judged":{"verdict":"pass","#), "{said}");
}

#[test]
fn what_is_no_question_is_answered_by_nothing() {
    let linked = Linked::default();
    for question in ["", "{", "null", "\"judge\"", "\"nonsense\"", r#"{"request":{"stage":1}}"#] {
        let said = answer(&linked, question, DOCUMENT, String::new());
        assert!(said.starts_with(r#"{"nothing":""#), "{question}: {said}");
    }
    let none_there =
        r#"{"request":{"stage":1,"scope":{"values":[],"records":[],"secrets":[],"now":0}}}"#;
    let said = answer(&linked, none_there, DOCUMENT, String::new());
    assert!(said.starts_with(r#"{"nothing":""#), "{said}");
}

#[test]
fn a_body_of_any_kind_is_judged_across_texts_as_it_is_by_calls() {
    let long = format!("{{\"a\": 1, \"b\": \"{}\"}}", "\\\"购".repeat(200_000));
    for body in
        [long.as_str(), "", "\u{0}\"\\", "<html>", "{\"a\": [", "19.90", "\u{feff}{\"a\": 1}"]
    {
        let body = body.to_owned();
        let mut sim = Sim::started(DOCUMENT, move |_, _| Fate::Now(ok(&body)));
        sim.advance(secs(1));
    }
    let mut sim = Sim::started(DOCUMENT, |_, _| Fate::Now(status(503, "")));
    sim.advance(secs(1));
    assert!(sim.stage(0).reason.is_some());
}
