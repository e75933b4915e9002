//! Judges an attempt: the answer against all of a stage's checks. Pure; what earlier attempts said
//! comes as [`History`].
//!
//! Order: `stop` checks, then the status, then all others in the document's order. While a status
//! decides, the others are not read. The worst verdict wins; of several pending checks the two most
//! telling ones are told.

use super::body::{judge_silence, kind_of};
use super::check::{Answered, Check, Outcome, Source};
use super::jsonpath::{MAX_NODES, Path, TooManyNodes, count_nodes};
use super::reason::{Judged, NotJson, Reason, Verdict};
use super::record::{Field, RecordRule, Records, record};
use super::telling::joined;
use super::work::Work;
use crate::chain::{Capture, Scope, Setting, Unresolved};
use crate::json::{self, Value};
use crate::protocol::{Answer, Body, ReadingView};

/// So many bodies in a row that are not JSON are no longer taken for "not yet".
const NOT_JSON_LIMIT: u32 = 3;

/// What a stage's answers are judged by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) stop: &'a [Check],
    pub(crate) checks: &'a [Check],
    pub(crate) captures: &'a [Capture],
    /// The chain's fields, and where the stage's answer has them.
    pub(crate) fields: &'a [Field],
    pub(crate) record: Option<&'a RecordRule>,
    pub(crate) attempt_timeout_ms: u64,
    pub(crate) body_limit: u64,
    /// From request to answer.
    pub(crate) latency_ms: Option<u64>,
}

/// What earlier attempts of the stage have said, as far as it matters to the next.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct History {
    /// Whether any was answered 2xx: a 401 after that asks for a new token.
    pub let_in: bool,
    /// How many bodies in a row were not JSON.
    pub not_json_in_a_row: u32,
    /// Wrong readings in a row, one for each check that waits for a confirmation.
    pub wrong: Vec<WrongReadings>,
}

/// Wrong readings in a row with the same selected values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrongReadings {
    /// The check's place in its stage.
    pub place: String,
    /// How many.
    pub count: u32,
    /// What they selected.
    pub selected: Vec<String>,
}

/// An attempt, judged.
#[derive(Clone, PartialEq, Debug)]
pub struct Evaluation {
    pub(crate) judged: Judged,
    pub(crate) readings: Vec<ReadingView>,
    /// Set by a passing attempt only.
    pub(crate) captures: Vec<(String, Value)>,
    /// What the answer has of the chain's fields, whatever the verdict.
    pub(crate) records: Records,
    pub(crate) history: History,
    /// It is answered 401 or 403 after it had been let in.
    pub(crate) needs_access: bool,
    /// A wrong reading waits for its confirmation, and is the worst there is.
    pub(crate) unconfirmed: Option<Reason>,
}

/// Judges `answer`.
pub(crate) fn evaluate(
    rules: Rules,
    answer: &Answer,
    history: &History,
    scope: &dyn Scope,
) -> Evaluation {
    let mut attempt = Attempt::new(rules, history, scope);
    let judged = match attempt.judge(answer) {
        Ok(judged) => judged,
        Err(Unresolved(name)) => Judged::fail(Reason::Unresolved { name }),
    };
    attempt.finish(judged)
}

/// One evaluation under way.
struct Attempt<'a> {
    rules: Rules<'a>,
    before: &'a History,
    scope: &'a dyn Scope,
    work: Work,
    after: History,
    readings: Vec<ReadingView>,
    captures: Vec<(String, Value)>,
    records: Records,
    needs_access: bool,
    unconfirmed: Option<Reason>,
}

impl<'a> Attempt<'a> {
    fn new(rules: Rules<'a>, before: &'a History, scope: &'a dyn Scope) -> Self {
        Self {
            rules,
            before,
            scope,
            work: Work::default(),
            after: History { let_in: before.let_in, ..History::default() },
            readings: Vec::new(),
            captures: Vec::new(),
            records: Records::default(),
            needs_access: false,
            unconfirmed: None,
        }
    }

    fn finish(mut self, judged: Judged) -> Evaluation {
        if judged.verdict != Verdict::Pass {
            self.captures.clear();
        }
        let unconfirmed = self.unconfirmed.filter(|_| judged.verdict == Verdict::Pending);
        Evaluation {
            judged,
            readings: self.readings,
            captures: self.captures,
            records: self.records,
            history: self.after,
            needs_access: self.needs_access,
            unconfirmed,
        }
    }

    fn judge(&mut self, answer: &Answer) -> Result<Judged, Unresolved> {
        let response = match answer {
            Answer::Response(response) => response,
            Answer::NoResponse(diagnosis) => {
                self.needs_access = diagnosis.needs_access();
                return Ok(judge_silence(diagnosis));
            }
            Answer::Timeout => {
                let after_ms = self.rules.attempt_timeout_ms;
                return Ok(Judged::pending(Reason::AttemptTimeout { after_ms }));
            }
        };
        self.after.let_in |= (200..300).contains(&response.status);
        let text = match &response.body {
            Body::Text(text) => Ok(text.as_str()),
            Body::TooLarge => {
                let limit_bytes = self.rules.body_limit;
                Err(Judged::fail(Reason::BodyTooLarge { limit_bytes }))
            }
        };
        let json = match &text {
            Ok(text) if self.reads_json() => self.parse(text),
            // Nobody asks.
            Ok(_) => Err(Box::new(Judged::pending(Reason::NotJson { kind: NotJson::Text }))),
            Err(why) => Err(Box::new(why.clone())),
        };
        let answered = Answered {
            latency_ms: self.rules.latency_ms,
            response,
            text: text.as_ref().copied(),
            json: json.as_ref().map_err(AsRef::as_ref),
        };
        if let Some(stopped) = self.judge_stops(&answered)? {
            return Ok(stopped);
        }
        if let Some(rule) = self.rules.record {
            let body = json.as_ref().ok();
            self.records = record(rule, self.rules.fields, body, self.scope, &mut self.work)?;
        }
        if let Some(decided) = self.judge_status(&answered)? {
            return Ok(decided);
        }
        self.judge_rest(&answered)
    }

    fn reads_json(&self) -> bool {
        let checks = self.rules.stop.iter().chain(self.rules.checks);
        self.needs_json()
            || self.rules.record.is_some()
            || checks.into_iter().any(|check| check.source.reads_json())
    }

    /// Whether a body that is no JSON keeps the stage from passing.
    fn needs_json(&self) -> bool {
        let checks = self.rules.checks;
        checks.iter().any(|check| check.source.reads_json()) || !self.rules.captures.is_empty()
    }

    /// A body as JSON, or what it means that it is none.
    fn parse(&self, text: &str) -> Result<Value, Box<Judged>> {
        let syntax = match json::parse(text) {
            Ok(value) if count_nodes(&value) > MAX_NODES => {
                let reason = Reason::TooManyNodes { what: "$".into(), limit: MAX_NODES };
                return Err(Box::new(Judged::fail(reason)));
            }
            Ok(value) => return Ok(value),
            Err(syntax) => syntax,
        };
        let kind = kind_of(text, syntax);
        let in_a_row = self.before.not_json_in_a_row.saturating_add(1);
        Err(Box::new(if in_a_row >= NOT_JSON_LIMIT {
            Judged::fail(Reason::NotJsonAgain { kind, in_a_row })
        } else {
            Judged::pending(Reason::NotJson { kind })
        }))
    }

    /// A `stop` check that holds ends the run; of what can't be read it doesn't hold.
    fn judge_stops(&mut self, answered: &Answered) -> Result<Option<Judged>, Unresolved> {
        for check in self.rules.stop {
            let outcome = check.judge(answered, self.scope, &mut self.work)?;
            let got = outcome.selected.first().cloned().unwrap_or_default();
            if outcome.judged.verdict == Verdict::Pass {
                let what = check.rule_in_short();
                let stopped = Judged::fail(Reason::StopHolds { what, got });
                self.read(check, Outcome { judged: stopped.clone(), ..outcome });
                return Ok(Some(stopped));
            }
        }
        Ok(None)
    }

    /// Checks on the status replace the defaults for the statuses they take.
    fn judge_status(&mut self, answered: &Answered) -> Result<Option<Judged>, Unresolved> {
        let rules = self.rules;
        let mut own =
            rules.checks.iter().filter(|check| matches!(check.source, Source::Status)).peekable();
        if own.peek().is_none() {
            return Ok(self.default_of(answered.response.status));
        }
        for check in own {
            let mut outcome = check.judge(answered, self.scope, &mut self.work)?;
            // Neither right nor under way: the default speaks before the check's `else`.
            let under_way = matches!(outcome.judged.reason, Reason::StillInProgress { .. });
            if outcome.judged.verdict != Verdict::Pass
                && !under_way
                && let Some(default) = self.default_of(answered.response.status)
            {
                outcome.judged = default;
            }
            let judged = self.confirm(check, &mut outcome);
            self.read(check, outcome);
            if judged.verdict != Verdict::Pass {
                return Ok(Some(judged));
            }
        }
        Ok(None)
    }

    /// What a status means when no check speaks of it; none where the other checks decide.
    fn default_of(&mut self, status: u16) -> Option<Judged> {
        match status {
            202 | 204 | 404 | 408 | 425 | 429 | 500..=599 => {
                Some(Judged::pending(Reason::StatusNotYet { status }))
            }
            401 | 403 if self.before.let_in => {
                self.needs_access = true;
                Some(Judged::pending(Reason::NeedsAccess { status }))
            }
            300..=499 => Some(Judged::fail(Reason::StatusWrong { status })),
            _ => None,
        }
    }

    /// All checks but those on the status, then the captures.
    fn judge_rest(&mut self, answered: &Answered) -> Result<Judged, Unresolved> {
        if self.needs_json()
            && let Err(Judged {
                reason: Reason::NotJson { .. } | Reason::NotJsonAgain { .. }, ..
            }) = answered.json
        {
            self.after.not_json_in_a_row = self.before.not_json_in_a_row.saturating_add(1);
        }
        let mut pending = Vec::new();
        let mut failed = None;
        let rules = self.rules;
        for check in rules.checks.iter().filter(|check| !matches!(check.source, Source::Status)) {
            let mut outcome = check.judge(answered, self.scope, &mut self.work)?;
            let judged = self.confirm(check, &mut outcome);
            self.read(check, outcome);
            match judged.verdict {
                Verdict::Pass => {}
                Verdict::Pending => pending.push(judged.reason),
                Verdict::Fail => {
                    failed.get_or_insert(judged);
                }
            }
        }
        match failed.or_else(|| joined(&pending)) {
            Some(judged) => Ok(judged),
            None => self.capture(answered.json),
        }
    }

    /// A wrong reading is pending until it was the same so often in a row. Where nothing was read at all,
    /// there is nothing to confirm.
    fn confirm(&mut self, check: &Check, outcome: &mut Outcome) -> Judged {
        let wrong = outcome.judged.verdict == Verdict::Fail && !outcome.selected.is_empty();
        if !wrong || check.confirm <= 1 {
            return outcome.judged.clone();
        }
        let earlier = self.before.wrong.iter().find(|wrong| wrong.place == check.place);
        let seen = match earlier {
            Some(wrong) if wrong.selected == outcome.selected => wrong.count + 1,
            Some(_) | None => 1,
        };
        let (place, selected) = (check.place.clone(), outcome.selected.clone());
        self.after.wrong.push(WrongReadings { place, count: seen, selected });
        if seen < check.confirm {
            let wrong = outcome.judged.reason.clone();
            self.unconfirmed.get_or_insert_with(|| wrong.clone());
            let reason = Reason::Unconfirmed { seen, need: check.confirm, wrong: Box::new(wrong) };
            outcome.judged = Judged::pending(reason);
        }
        outcome.judged.clone()
    }

    fn capture(&mut self, body: Result<&Value, &Judged>) -> Result<Judged, Unresolved> {
        if self.rules.captures.is_empty() {
            return Ok(self.all_pass());
        }
        let body = match body {
            Ok(body) => body,
            Err(why) => return Ok(why.clone()),
        };
        for capture in self.rules.captures {
            let name = capture.name.clone();
            let text = capture.path.fill(self.scope, Setting::PathLiteral)?;
            let path = match Path::parse(&text) {
                Ok(path) => path,
                Err(message) => {
                    return Ok(Judged::fail(Reason::BadPath { what: text, message }));
                }
            };
            let nodes = match path.select(body, &mut self.work) {
                Ok(nodes) => nodes,
                Err(TooManyNodes { limit }) => {
                    return Ok(Judged::fail(Reason::TooManyNodes { what: text, limit }));
                }
            };
            match nodes.as_slice() {
                [one] if !one.value.is_null() => self.captures.push((name, one.value.clone())),
                [] | [_] => return Ok(Judged::pending(Reason::CaptureMissing { name })),
                several => {
                    let seen = several.len() as u64;
                    return Ok(Judged::fail(Reason::CaptureSeveral { name, seen }));
                }
            }
        }
        Ok(self.all_pass())
    }

    fn all_pass(&self) -> Judged {
        let checks = u32::try_from(self.rules.checks.len()).unwrap_or(u32::MAX);
        Judged::pass(Reason::AllPass { checks })
    }

    fn read(&mut self, check: &Check, outcome: Outcome) {
        self.readings.push(ReadingView {
            place: check.place.clone(),
            rule: check.rule_in_short(),
            expected: outcome.expected,
            selected: outcome.selected,
            locations: outcome.locations,
            verdict: outcome.judged.verdict,
            reason: outcome.judged.reason,
        });
    }
}
