//! The language as plain calls: for native engines, and within the module that browsers load.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::carried;
use super::document::{Chain, Stage};
use super::fields::matrix_of;
use super::hidden;
use super::language::{
    Arrival, BODY_LIMIT, Fate, Filled, Judgement, Language, NotFilled, NotRead, Silence, StageNow,
    StageOf, Start,
};
use super::outline::Outline;
use super::request::fill_variables;
use super::run::RunScope;
use super::scope::{Bindings, Scope, Unresolved};
use crate::document::Problem;
use crate::json::{self, Value};
use crate::matrix::{Known, MatrixView};
use crate::protocol::{Answer, Told, Unreadable};
use crate::random::Random;
use crate::secrets::{Redactor, Secret};
use crate::time::{Timestamp, exact_ms};
use crate::verify::evaluate::{Rules, evaluate};
use crate::verify::{Evaluation, History};
use crate::zone::{Zone, Zones};

/// How many documents are kept as they were read.
const MAX_KEPT: usize = 64;
/// How long their texts may be together, in bytes.
const MAX_KEPT_BYTES: usize = 4 << 20;

/// The language. It keeps the documents that it was asked about last, so that each is read once.
#[derive(Debug)]
pub struct Linked {
    /// The latest last.
    kept: RefCell<VecDeque<Kept>>,
    rules_of_zone: fn(&str) -> Option<Zone>,
    zones: RefCell<Zones>,
}

/// Zones from a database that is compiled in, if one is; else UTC alone.
impl Default for Linked {
    fn default() -> Self {
        #[cfg(feature = "bundled-tz")]
        let rules_of_zone = crate::zone::bundled::zone;
        #[cfg(not(feature = "bundled-tz"))]
        let rules_of_zone = |_: &str| None;
        Self::with_zones(rules_of_zone)
    }
}

#[derive(Clone, Debug)]
struct Kept {
    document: Rc<str>,
    chain: Rc<Chain>,
}

impl Language for Linked {
    fn outline(&self, document: &str) -> Result<Outline, NotRead> {
        self.chain(document).map(|chain| chain.outline()).map_err(NotRead::Invalid)
    }

    fn variables(
        &self,
        document: &str,
        environment: Option<&str>,
        start: Start,
    ) -> Result<Vec<(String, String)>, NotFilled> {
        let chain = self.chain(document).map_err(|_| not_read())?;
        let entries = match environment {
            None => &[][..],
            Some(name) => match chain.environments.iter().find(|known| known.name == name) {
                Some(environment) => &environment.entries,
                None => return Err(NotFilled::Unresolved(name.to_owned())),
            },
        };
        let mut random = Random::new(start.seed);
        let mut scope = |mut values: Vec<(String, Value)>| {
            values.push(("$uuid".into(), random.uuid().into()));
            let records = Vec::new();
            let scope: Box<dyn Scope> = Box::new(Bindings { values, records, now: start.now });
            scope
        };
        let filled = fill_variables(&chain.variables, entries, &mut scope).map_err(unresolved)?;
        Ok(as_texts(&filled))
    }

    fn request(&self, of: StageOf, scope: &RunScope) -> Result<Filled, NotFilled> {
        let chain = self.chain(of.document).map_err(|_| not_read())?;
        let stage = chain.stages.get(of.stage).ok_or_else(not_read)?;
        let values = values_of(scope, &[]).map_err(NotFilled::Silent)?;
        carried::fill(&stage.request, &values, &scope.secrets)
    }

    fn judge(
        &self,
        of: StageOf,
        scope: &RunScope,
        history: Option<&Told<History>>,
        (answer, arrival): (&Answer, Arrival),
    ) -> Result<Judgement, Silence> {
        let chain = self.chain(of.document).map_err(|_| no_such_stage())?;
        let stage = chain.stages.get(of.stage).ok_or_else(no_such_stage)?;
        let history = history.map(|told| restored(told, &scope.secrets).read()).transpose();
        let history = history.map_err(|why| garbled(&why))?;
        let within = InZones { scope: values_of(scope, &scope.secrets)?, language: self };
        let rules = rules_of(&chain, stage, arrival);
        let evaluation = evaluate(rules, answer, &history.unwrap_or_default(), &within);
        let judgement = told(&evaluation, fate_of(answer));
        if scope.secrets.is_empty() {
            return Ok(judgement);
        }
        Ok(hidden::without_secrets(judgement, answer, &Redactor::new(&scope.secrets)))
    }

    fn matrix(
        &self,
        document: &str,
        stages: Vec<StageNow>,
        reference: Option<&str>,
    ) -> Result<Told<MatrixView>, Silence> {
        let chain = self.chain(document).map_err(|_| no_such_stage())?;
        let mut known = Vec::new();
        for stage in &stages {
            known.push(Known::of(stage).map_err(|why| garbled(&why))?);
        }
        Ok(Told::of(&matrix_of(&chain, &known, reference)))
    }
}

/// What a run has told of its values, with these secrets put back into them. One that is no JSON is what is
/// left of a number with a secret in it.
fn values_of(scope: &RunScope, secrets: &[Secret]) -> Result<Bindings, Silence> {
    let value = |(name, text): &(String, String)| {
        let text = hidden::restored(text, secrets, 1);
        (name.clone(), json::parse(&text).unwrap_or(Value::String(text)))
    };
    let mut records = Vec::new();
    for earlier in &scope.records {
        let read = restored(&earlier.records, secrets).read().map_err(|why| garbled(&why))?;
        records.push((earlier.stage.clone(), read));
    }
    Ok(Bindings { values: scope.values.iter().map(value).collect(), records, now: scope.now })
}

/// Readings and records hold JSON texts.
fn restored<T>(told: &Told<T>, secrets: &[Secret]) -> Told<T> {
    Told::written(hidden::restored(told.text(), secrets, 2))
}

fn as_texts(values: &[(String, Value)]) -> Vec<(String, String)> {
    values.iter().map(|(name, value)| (name.clone(), json::text(value))).collect()
}

/// What the engine is told of an evaluation.
fn told(evaluation: &Evaluation, fate: Fate) -> Judgement {
    let Evaluation { judged, readings, captures, records, history, needs_access, unconfirmed } =
        evaluation;
    Judgement {
        differs: judged.is_another_than_before(),
        verdict: judged.verdict,
        reason: Told::of(&judged.reason),
        readings: Told::of(readings),
        captures: as_texts(captures),
        records: Some(Told::of(records)),
        history: Some(Told::of(history)),
        fate,
        needs_access: *needs_access,
        unconfirmed: unconfirmed.as_ref().map(Told::of),
        shown: None,
    }
}

fn fate_of(answer: &Answer) -> Fate {
    match answer {
        Answer::Response(_) => Fate::Known,
        Answer::Timeout => Fate::Unknown,
        Answer::NoResponse(diagnosis) if diagnosis.needs_access() => Fate::HeldBack,
        Answer::NoResponse(diagnosis) if diagnosis.may_pass_by_itself() => Fate::Unknown,
        // A request that the browser itself refused has never left.
        Answer::NoResponse(_) => Fate::Known,
    }
}

/// A run's values, with the rules of time zones.
struct InZones<'a> {
    scope: Bindings,
    language: &'a Linked,
}

impl Scope for InZones<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.scope.value(name)
    }

    fn now(&self) -> Timestamp {
        self.scope.now()
    }

    fn recorded(&self, stage: &str, field: &str) -> Vec<Value> {
        self.scope.recorded(stage, field)
    }

    fn zone(&self, name: &str) -> Option<Rc<Zone>> {
        self.language.zone(name)
    }
}

impl Linked {
    /// The language, where time zones have these rules.
    pub fn with_zones(rules_of_zone: fn(&str) -> Option<Zone>) -> Self {
        Self { kept: RefCell::default(), rules_of_zone, zones: RefCell::default() }
    }

    fn zone(&self, name: &str) -> Option<Rc<Zone>> {
        let known = self.zones.borrow().find(name);
        known.or_else(|| {
            let zone = Rc::new((self.rules_of_zone)(name)?);
            self.zones.borrow_mut().insert(Rc::clone(&zone));
            Some(zone)
        })
    }

    fn chain(&self, document: &str) -> Result<Rc<Chain>, Vec<Problem>> {
        let mut kept = self.kept.borrow_mut();
        let place = kept.iter().rposition(|kept| *kept.document == *document);
        if let Some(found) = place.and_then(|place| kept.remove(place)) {
            kept.push_back(found.clone());
            return Ok(found.chain);
        }
        // One that has problems is not kept: an editor asks about each only once.
        let chain = Rc::new(Chain::parse(document)?);
        kept.push_back(Kept { document: document.into(), chain: Rc::clone(&chain) });
        while kept.len() > MAX_KEPT || kept.len() > 1 && bytes(&kept) > MAX_KEPT_BYTES {
            kept.pop_front();
        }
        Ok(chain)
    }
}

fn bytes(kept: &VecDeque<Kept>) -> usize {
    kept.iter().map(|kept| kept.document.len()).sum()
}

fn rules_of<'a>(chain: &'a Chain, stage: &'a Stage, arrival: Arrival) -> Rules<'a> {
    Rules {
        stop: &stage.stop,
        checks: &stage.checks,
        captures: &stage.captures,
        fields: &chain.fields,
        record: stage.record.as_ref(),
        latency_ms: arrival.latency_ms,
        attempt_timeout_ms: exact_ms(stage.poll.attempt_timeout),
        body_limit: BODY_LIMIT,
    }
}

fn unresolved(Unresolved(name): Unresolved) -> NotFilled {
    NotFilled::Unresolved(name)
}

fn not_read() -> NotFilled {
    NotFilled::Silent(no_such_stage())
}

/// What the engine carried is not what it was told.
fn garbled(why: &Unreadable) -> Silence {
    Silence(why.to_string())
}

/// Only a caller's mistake comes here, as every document is read before it is saved.
fn no_such_stage() -> Silence {
    Silence("the chain has no such stage".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(name: &str, filling: usize) -> String {
        let filling = "x".repeat(filling);
        let stage = r#"{"name": "s", "request": {"url": "http://h/{{id}}"}}"#;
        format!(
            r#"{{"baton": 1, "name": "{name}", "description": "{filling}", "variables": {{"id": "{{{{$uuid}}}}"}}, "stages": [{stage}]}}"#
        )
    }

    fn kept(language: &Linked) -> Vec<String> {
        language.kept.borrow().iter().map(|kept| kept.chain.name().to_owned()).collect()
    }

    #[test]
    fn the_latest_documents_are_kept_as_they_were_read() {
        let language = Linked::default();
        for name in ["a", "b", "a"] {
            assert_eq!(language.outline(&document(name, 0)).unwrap().name, name);
        }
        assert_eq!(kept(&language), ["b", "a"]);
        assert!(language.outline("{").is_err());
        assert_eq!(kept(&language), ["b", "a"], "what is no document drives none out");
    }

    #[test]
    fn what_is_kept_is_bounded_in_number_and_in_bytes() {
        let language = Linked::default();
        for number in 0..=MAX_KEPT {
            language.outline(&document(&number.to_string(), 0)).unwrap();
        }
        assert_eq!((kept(&language).len(), kept(&language)[0].as_str()), (MAX_KEPT, "1"));
        for name in ["big 1", "big 2", "big 3", "big 4", "big 5"] {
            language.outline(&document(name, MAX_KEPT_BYTES / 5)).unwrap();
        }
        assert_eq!(kept(&language), ["big 2", "big 3", "big 4", "big 5"]);
    }

    #[test]
    fn the_same_seed_gives_the_same_values() {
        let language = Linked::default();
        let values = |seed| {
            let start = Start { seed, now: Timestamp::from_ms(0) };
            language.variables(&document("a", 0), None, start).unwrap()
        };
        assert_eq!(values(1), values(1));
        assert_ne!(values(1), values(2));
    }

    #[test]
    fn what_is_not_in_the_document_is_answered_by_silence() {
        let (language, document) = (Linked::default(), document("a", 0));
        let scope = RunScope {
            values: Vec::new(),
            records: Vec::new(),
            secrets: Vec::new(),
            now: Timestamp::from_ms(0),
        };
        let of = |document, stage| StageOf { document, stage };
        for of in [of(document.as_str(), 1), of("{", 0)] {
            let request = language.request(of, &scope);
            assert!(matches!(request, Err(NotFilled::Silent(_))), "{request:?}");
            let arrival = Arrival { latency_ms: None };
            let judged = language.judge(of, &scope, None, (&Answer::Timeout, arrival));
            assert!(judged.is_err(), "{judged:?}");
        }
        let start = Start { seed: 1, now: Timestamp::from_ms(0) };
        let values = language.variables(&document, Some("nowhere"), start);
        assert_eq!(values, Err(NotFilled::Unresolved("nowhere".into())));
    }
}
