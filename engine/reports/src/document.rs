//! The run as one JSON object, for programs.
//!
//! ```json
//! {"baton_report": 1,
//!  "chain": {"id", "name", "revision"},
//!  "run": {"id", "number", "status", "environment", "retry_of", "started_at", "ended_at", "took_ms",
//!          "variables": [{"name", "value"}]},
//!  "stages": [{"name", "system", "group", "status", "begun_at", "ended_at", "took_ms", "interval_ms",
//!              "timeout_ms", "once", "late", "flapping", "unconfirmed", "verifies_again", "seeded_from", "reason",
//!              "captures": [{"name", "value"}],
//!              "attempts": [{"number", "status", "scheduled_at", "begun_at", "ended_at", "latency_ms", "transport",
//!                            "method", "url", "http_status", "redirected_to", "reason",
//!                            "readings": [{"place", "rule", "expected", "selected", "locations", "verdict", "reason"}],
//!                            "evidence": {"request", "answer", "cut"}}]}],
//!  "matrix": {"said": {"en", "zh"}, "key", "columns", "fields", "records", …}}
//! ```
//!
//! What is not there is left out. Values (`value`, `expected`, `selected`, `raw`, `normalised`) are JSON texts
//! within a text, so that 19.90 and 64-bit ids stay as they were: `"\"19.90\""` was a text, `"19.90"` a number.
//! Instants are RFC 3339 in UTC. A `reason` is `{"code", "args", "en", "zh"}`. `evidence` and `matrix` are as the
//! engine keeps them. A member that is added later does not raise the version; one that changes does.

use baton_engine::history::took;
use baton_engine::id::RunId;
use baton_engine::json::{self, Value};
use baton_engine::locale::Locale;
use baton_engine::matrix::MatrixView;
use baton_engine::protocol::{AttemptPhase, AttemptView, ReadingView, Recording, StageView};
use baton_engine::verify::Verdict;

use crate::tree::{instant, list, member, number, object, reason, text, why};

/// The version of the object.
const VERSION: u64 = 1;

/// The report; `tree` is what the recording was read from.
pub(crate) fn document(recording: &Recording, tree: &Value) -> String {
    let run = &recording.run;
    let run_tree = tree.get("run");
    let length = run.ended_at.map(|end| end.since(run.started_at));
    let report = object([
        ("baton_report", number(VERSION)),
        (
            "chain",
            object([
                ("id", run.chain.as_str().into()),
                ("name", run.name.as_str().into()),
                ("revision", number(run.revision.into())),
            ]),
        ),
        (
            "run",
            object([
                ("id", run.id.as_str().into()),
                ("number", number(run.number.into())),
                ("status", member(run_tree, "phase")),
                ("environment", text(run.environment.as_deref())),
                ("retry_of", text(run.retry_of.as_ref().map(RunId::as_str))),
                ("started_at", instant(Some(run.started_at))),
                ("ended_at", instant(run.ended_at)),
                ("took_ms", millis(length)),
                ("variables", named(&run.variables)),
            ]),
        ),
        (
            "stages",
            list(run.stages.iter().enumerate().map(|(at, stage)| {
                let of = item(member(run_tree, "stages"), at);
                one_stage(stage, &of, attempts(recording, tree, at))
            })),
        ),
        ("matrix", matrix(recording.matrix.as_ref(), tree.get("matrix"))),
    ]);
    json::text(&report) + "\n"
}

fn millis(span: Option<std::time::Duration>) -> Value {
    span.map_or(Value::Null, |span| number(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)))
}

fn item(list: Value, at: usize) -> Value {
    match list {
        Value::Array(items) => items.into_iter().nth(at).unwrap_or_default(),
        _ => Value::Null,
    }
}

fn named(values: &[(String, String)]) -> Value {
    list(values.iter().map(|(name, value)| {
        object([("name", name.as_str().into()), ("value", value.as_str().into())])
    }))
}

/// A mark that is said only when it is there.
fn mark(there: bool) -> Value {
    if there { Value::Bool(true) } else { Value::Null }
}

fn one_stage(stage: &StageView, tree: &Value, attempts: Value) -> Value {
    object([
        ("name", stage.name.as_str().into()),
        ("system", text(stage.system.as_deref())),
        ("group", text(stage.group.as_deref())),
        ("status", member(Some(tree), "phase")),
        ("begun_at", instant(stage.begun_at)),
        ("ended_at", instant(stage.ended_at)),
        ("took_ms", millis(took(stage))),
        ("interval_ms", number(stage.interval_ms)),
        ("timeout_ms", number(stage.timeout_ms)),
        ("once", mark(stage.once)),
        ("late", mark(stage.late)),
        ("flapping", mark(stage.flapping)),
        ("unconfirmed", mark(stage.unconfirmed)),
        ("verifies_again", mark(stage.again.is_some())),
        ("seeded_from", text(stage.seeded_from.as_ref().map(RunId::as_str))),
        ("reason", reason(stage.reason.as_ref(), &member(Some(tree), "reason"))),
        ("captures", named(&stage.captures)),
        ("attempts", attempts),
    ])
}

fn attempts(recording: &Recording, tree: &Value, stage: usize) -> Value {
    let trees = tree.get("attempts").and_then(Value::as_array);
    let papers = tree.get("evidence").and_then(Value::as_array);
    let of_stage = recording.attempts.iter().zip(trees.into_iter().flatten());
    let of_stage = of_stage.filter(|(attempt, _)| attempt.stage as usize == stage);
    list(of_stage.map(|(attempt, tree)| {
        let kept = recording.evidence.iter().zip(papers.into_iter().flatten());
        let paper = kept
            .into_iter()
            .find(|(paper, _)| paper.stage == attempt.stage && paper.attempt == attempt.number);
        one_attempt(attempt, tree, member(paper.map(|(_, tree)| tree), "evidence"))
    }))
}

/// What an attempt came to, in a word for programs.
pub(crate) fn status(phase: AttemptPhase) -> &'static str {
    match phase {
        AttemptPhase::Calling => "calling",
        AttemptPhase::Judged(verdict) => verdict_word(verdict),
        AttemptPhase::Lost => "lost",
        AttemptPhase::Aborted => "aborted",
    }
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Pending => "pending",
        Verdict::Fail => "fail",
    }
}

fn one_attempt(attempt: &AttemptView, tree: &Value, evidence: Value) -> Value {
    let trees = member(Some(tree), "readings");
    let readings = attempt.readings.read().unwrap_or_default();
    object([
        ("number", number(attempt.number.into())),
        ("status", status(attempt.phase).into()),
        ("scheduled_at", instant(Some(attempt.scheduled_at))),
        ("begun_at", instant(Some(attempt.begun_at))),
        ("ended_at", instant(attempt.ended_at)),
        ("latency_ms", attempt.latency_ms.map_or(Value::Null, number)),
        ("transport", member(Some(tree), "transport")),
        ("method", attempt.method.as_str().into()),
        ("url", attempt.url.as_str().into()),
        ("http_status", attempt.status.map_or(Value::Null, Value::from)),
        ("redirected_to", text(attempt.redirected_to.as_deref())),
        ("reason", reason(attempt.reason.as_ref(), &member(Some(tree), "reason"))),
        (
            "readings",
            list(readings.iter().zip(trees.as_array().into_iter().flatten()).map(reading)),
        ),
        ("evidence", evidence),
    ])
}

fn reading((reading, tree): (&ReadingView, &Value)) -> Value {
    object([
        ("place", reading.place.as_str().into()),
        ("rule", reading.rule.as_str().into()),
        ("expected", text(reading.expected.as_deref())),
        ("selected", list(reading.selected.iter().map(|value| value.as_str().into()))),
        ("locations", list(reading.locations.iter().map(|path| path.as_str().into()))),
        ("verdict", verdict_word(reading.verdict).into()),
        ("reason", why(|locale| reading.reason.sentence(locale), &member(Some(tree), "reason"))),
    ])
}

/// The matrix as the engine wrote it, with what is to be said of all of it.
fn matrix(view: Option<&MatrixView>, tree: Option<&Value>) -> Value {
    let (Some(view), Some(Value::Object(members))) = (view, tree) else { return Value::Null };
    let said = |locale: Locale| {
        let blame = view.blame.as_ref().map(|blame| blame.sentence(locale));
        blame.unwrap_or_else(|| view.summary(locale)).into()
    };
    let said = object([("en", said(Locale::En)), ("zh", said(Locale::Zh))]);
    let more = members.iter().map(|(key, value)| (key.clone(), value.clone()));
    Value::Object(std::iter::once(("said".to_owned(), said)).chain(more).collect())
}
