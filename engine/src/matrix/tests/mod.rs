//! What the matrix comes to, told as small chains whose systems answer lists of records.

mod cells;
mod exports;
mod properties;
mod records;

use super::{CellState, MatrixView};
use crate::chain::{Arrival, Language, Linked, RunScope, StageNow, StageOf};
use crate::protocol::{Answer, Body, HttpResponse, StagePhase};
use crate::time::Timestamp;

/// A run whose systems answer lists of objects, each field under its own name.
#[derive(Clone)]
struct Told {
    key: Option<&'static str>,
    fields: Vec<String>,
    systems: Vec<System>,
    reference: Option<&'static str>,
}

#[derive(Clone)]
struct System {
    name: String,
    phase: StagePhase,
    body: String,
    /// More members of its stage, each with a comma before it.
    more: &'static str,
    without: Vec<&'static str>,
}

/// A run with one record and these fields; each is a name, or all of its JSON.
fn told(fields: &[&str]) -> Told {
    Told {
        key: None,
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        systems: Vec::new(),
        reference: None,
    }
}

impl Told {
    fn key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    fn reference(self, stage: &'static str) -> Self {
        Self { reference: Some(stage), ..self }
    }

    /// A system that has passed, and what it answered.
    fn system(self, name: &str, body: &str) -> Self {
        self.system_in(name, StagePhase::Passed, body)
    }

    fn system_in(mut self, name: &str, phase: StagePhase, body: &str) -> Self {
        let (name, body) = (name.to_owned(), body.to_owned());
        self.systems.push(System { name, phase, body, more: "", without: Vec::new() });
        self
    }

    /// The system that was named last says more of itself, and has not all fields.
    fn saying(mut self, more: &'static str, without: &[&'static str]) -> Self {
        let last = self.systems.last_mut().unwrap();
        (last.more, last.without) = (more, without.to_vec());
        self
    }

    fn names(&self) -> Vec<String> {
        let name = |field: &String| match crate::json::parse(field) {
            Ok(tree) => tree.get("name").unwrap().as_str().unwrap().to_owned(),
            Err(_) => field.clone(),
        };
        self.fields.iter().map(name).collect()
    }

    fn document(&self) -> String {
        let fields = self.fields.iter().map(|field| {
            if field.starts_with('{') { field.clone() } else { format!(r#"{{"name": "{field}"}}"#) }
        });
        let stages = self.systems.iter().map(|system| {
            let mapped =
                self.names().into_iter().filter(|name| !system.without.contains(&name.as_str()));
            let mapped = mapped.map(|name| format!(r#""{name}": {{"jsonpath": "$.{name}"}}"#));
            format!(
                r#"{{"name": "{}", "system": "{} system", "request": {{"url": "http://h"}}{},
                    "record": {{"each": "$[*]", "fields": {{{}}}}}}}"#,
                system.name,
                system.name,
                system.more,
                mapped.collect::<Vec<_>>().join(", ")
            )
        });
        format!(
            r#"{{"baton": 1, "name": "n", {} "fields": [{}], "stages": [{}]}}"#,
            self.key.map(|key| format!(r#""subject": {key},"#)).unwrap_or_default(),
            fields.collect::<Vec<_>>().join(", "),
            stages.collect::<Vec<_>>().join(", ")
        )
    }

    fn view(&self) -> MatrixView {
        let (language, document) = (Linked::default(), self.document());
        language.outline(&document).unwrap_or_else(|problems| panic!("{problems:?}: {document}"));
        let now = Timestamp::from_ms(0);
        let stages = self.systems.iter().enumerate().map(|(stage, system)| {
            let answer = Answer::Response(HttpResponse {
                status: 200,
                headers: Vec::new(),
                body: Body::Text(system.body.clone()),
                redirected_to: None,
                hidden: None,
            });
            let (values, records, secrets) = Default::default();
            let scope = RunScope { values, records, secrets, now };
            let arrival = Arrival { latency_ms: Some(1) };
            let of = StageOf { document: &document, stage };
            let judged = language.judge(of, &scope, None, (&answer, arrival)).unwrap();
            let passed = system.phase == StagePhase::Passed;
            let after = i64::try_from(stage).unwrap() * 1500;
            StageNow {
                phase: system.phase,
                passed_at: passed.then(|| Timestamp::from_ms(after)),
                records: judged.records,
                reason: Some(judged.reason),
            }
        });
        let stages = stages.collect();
        language.matrix(&document, stages, self.reference).unwrap().read().unwrap()
    }

    /// The states of a field in the only record, or the first.
    fn states(&self, field: &str) -> Vec<CellState> {
        let at = self.names().iter().position(|name| name == field).unwrap();
        self.view().records[0].fields[at].iter().map(|cell| cell.state).collect()
    }
}
