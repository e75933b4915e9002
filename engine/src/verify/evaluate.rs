//! Judges an attempt: the answer against all of a stage's checks. Pure; what earlier attempts said
//! comes as [`History`].
//!
//! Order: `stop` checks, then the status, then the body. While a status decides, the body is not read.

use crate::json::Value;

use super::check::{Check, Outcome, Source};
use super::diagnosis::Diagnosis;
use super::jsonpath::{MAX_NODES, Path, TooManyNodes, count_nodes};
use super::reason::{Judged, NotJson, Reason, Verdict};
use crate::chain::{Capture, Scope, Setting, Unresolved};
use crate::json::{self, Syntax};
use crate::protocol::{Answer, Body, HttpResponse, ReadingView};

/// So many bodies in a row that are not JSON are no longer taken for "not yet".
const NOT_JSON_LIMIT: u32 = 3;

/// What a stage's answers are judged by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) stop: &'a [Check],
    pub(crate) checks: &'a [Check],
    pub(crate) captures: &'a [Capture],
    pub(crate) attempt_timeout_ms: u64,
    pub(crate) body_limit: u64,
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
    after: History,
    readings: Vec<ReadingView>,
    captures: Vec<(String, Value)>,
    needs_access: bool,
    unconfirmed: Option<Reason>,
}

impl<'a> Attempt<'a> {
    fn new(rules: Rules<'a>, before: &'a History, scope: &'a dyn Scope) -> Self {
        Self {
            rules,
            before,
            scope,
            after: History { let_in: before.let_in, ..History::default() },
            readings: Vec::new(),
            captures: Vec::new(),
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
        let body = Parsed::of(&response.body);
        if let Some(stopped) = self.judge_stops(response, &body)? {
            return Ok(stopped);
        }
        if let Some(decided) = self.judge_status(response.status)? {
            return Ok(decided);
        }
        self.judge_body(&body)
    }

    /// A `stop` check that holds ends the run; with a body that can't be read it doesn't hold.
    fn judge_stops(
        &mut self,
        response: &HttpResponse,
        body: &Parsed,
    ) -> Result<Option<Judged>, Unresolved> {
        for check in self.rules.stop {
            let outcome = match (&check.source, body) {
                (Source::Status, _) => check.judge_status(response.status, self.scope)?,
                (Source::JsonPath(template, _), Parsed::Json(value)) => {
                    check.judge_body(template, value, self.scope)?
                }
                (
                    Source::JsonPath(..),
                    Parsed::NotJson(_) | Parsed::TooManyNodes | Parsed::TooLarge,
                ) => continue,
            };
            let holds = outcome.judged.verdict == Verdict::Pass;
            let got = outcome.selected.first().cloned().unwrap_or_default();
            if holds {
                let what = check.rule_in_short();
                let stopped = Judged::fail(Reason::StopHolds { what, got });
                self.read(check, Outcome { judged: stopped.clone(), ..outcome });
                return Ok(Some(stopped));
            }
        }
        Ok(None)
    }

    /// Checks on the status replace the defaults for the statuses they take.
    fn judge_status(&mut self, status: u16) -> Result<Option<Judged>, Unresolved> {
        let rules = self.rules;
        let mut own =
            rules.checks.iter().filter(|check| matches!(check.source, Source::Status)).peekable();
        if own.peek().is_none() {
            return Ok(self.default_of(status));
        }
        for check in own {
            let mut outcome = check.judge_status(status, self.scope)?;
            // Neither right nor under way: the default speaks before the check's `else`.
            let under_way = matches!(outcome.judged.reason, Reason::StillInProgress { .. });
            if outcome.judged.verdict != Verdict::Pass
                && !under_way
                && let Some(default) = self.default_of(status)
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

    fn judge_body(&mut self, body: &Parsed) -> Result<Judged, Unresolved> {
        let rules = self.rules;
        let of_body = |check: &&Check| matches!(check.source, Source::JsonPath(..));
        if !rules.checks.iter().any(|check| of_body(&check)) && rules.captures.is_empty() {
            return Ok(self.all_pass());
        }
        let value = match body {
            Parsed::Json(value) => value,
            Parsed::NotJson(kind) => return Ok(self.judge_not_json(*kind)),
            Parsed::TooManyNodes => {
                let reason = Reason::TooManyNodes { what: "$".into(), limit: MAX_NODES };
                return Ok(Judged::fail(reason));
            }
            Parsed::TooLarge => {
                return Ok(Judged::fail(Reason::BodyTooLarge { limit_bytes: rules.body_limit }));
            }
        };
        let mut worst: Option<Judged> = None;
        for check in rules.checks {
            let Source::JsonPath(template, _) = &check.source else {
                continue;
            };
            let mut outcome = check.judge_body(template, value, self.scope)?;
            let judged = self.confirm(check, &mut outcome);
            self.read(check, outcome);
            if worst.as_ref().is_none_or(|worst| judged.verdict > worst.verdict) {
                worst = Some(judged);
            }
        }
        match worst {
            Some(judged) if judged.verdict != Verdict::Pass => Ok(judged),
            Some(_) | None => self.capture(value),
        }
    }

    fn judge_not_json(&mut self, kind: NotJson) -> Judged {
        let in_a_row = self.before.not_json_in_a_row + 1;
        self.after.not_json_in_a_row = in_a_row;
        if in_a_row >= NOT_JSON_LIMIT {
            Judged::fail(Reason::NotJsonAgain { kind, in_a_row })
        } else {
            Judged::pending(Reason::NotJson { kind })
        }
    }

    /// A wrong reading is pending until it was the same so often in a row.
    fn confirm(&mut self, check: &Check, outcome: &mut Outcome) -> Judged {
        if outcome.judged.verdict != Verdict::Fail || check.confirm <= 1 {
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

    fn capture(&mut self, body: &Value) -> Result<Judged, Unresolved> {
        for capture in self.rules.captures {
            let name = capture.name.clone();
            let text = capture.path.fill(self.scope, Setting::PathLiteral)?;
            let path = match Path::parse(&text) {
                Ok(path) => path,
                Err(message) => {
                    return Ok(Judged::fail(Reason::BadPath { what: text, message }));
                }
            };
            let nodes = match path.select(body) {
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

/// No response can be read: polling may mend it, or never can.
fn judge_silence(diagnosis: &Diagnosis) -> Judged {
    let reason = Reason::Network { diagnosis: diagnosis.clone() };
    if diagnosis.may_pass_by_itself() { Judged::pending(reason) } else { Judged::fail(reason) }
}

/// A body, read once.
enum Parsed {
    Json(Value),
    NotJson(NotJson),
    TooManyNodes,
    TooLarge,
}

impl Parsed {
    fn of(body: &Body) -> Self {
        let text = match body {
            Body::Text(text) => text,
            Body::TooLarge => return Self::TooLarge,
        };
        match json::parse(text) {
            Ok(value) if count_nodes(&value) > MAX_NODES => Self::TooManyNodes,
            Ok(value) => Self::Json(value),
            Err(syntax) => Self::NotJson(kind_of(text, syntax)),
        }
    }
}

fn kind_of(text: &str, syntax: Syntax) -> NotJson {
    let start = text.trim_start();
    if start.is_empty() {
        NotJson::Empty
    } else if start.starts_with('<') {
        NotJson::Html
    } else if syntax.breaks_off {
        NotJson::Truncated
    } else {
        NotJson::Text
    }
}
