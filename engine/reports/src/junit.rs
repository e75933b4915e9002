//! A run as a JUnit test suite, each stage a test case, for the tools that gather test results.
//!
//! | stage | test case |
//! | --- | --- |
//! | passed | bare |
//! | failed | `<failure type="failed">`: the reason, and what each check saw |
//! | `timed_out` | `<failure type="timed_out">`, alike |
//! | not started, cancelled, or still open | `<skipped>` with why |
//!
//! Attempts, and marks such as late, stand in `<system-out>`. Source of the form: the schema `junit-10.xsd` of
//! Jenkins' xUnit plugin, which Maven's Surefire and others keep to.

use std::time::Duration;

use baton_engine::history::took;
use baton_engine::locale::Locale;
use baton_engine::protocol::{
    AttemptPhase, AttemptView, ReadingView, Recording, RunView, StagePhase, StageView,
};

use crate::document::status;
use crate::words;
use crate::xml::Xml;

/// More attempts of a stage than this are a log, which the JSON report has.
const MOST_ATTEMPTS: usize = 100;

/// How a stage counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    /// With its type.
    Failed(&'static str),
    Skipped(&'static str),
}

fn outcome(stage: &StageView) -> Outcome {
    match stage.phase {
        StagePhase::Passed => Outcome::Passed,
        StagePhase::Failed => Outcome::Failed("failed"),
        StagePhase::TimedOut => Outcome::Failed("timed_out"),
        StagePhase::NotStarted => Outcome::Skipped("not_started"),
        StagePhase::Cancelled => Outcome::Skipped("cancelled"),
        StagePhase::Waiting | StagePhase::Calling | StagePhase::Holding => Outcome::Skipped("open"),
    }
}

pub(crate) fn junit(recording: &Recording, locale: Locale) -> String {
    let run = &recording.run;
    let count = |wanted: fn(Outcome) -> bool| {
        run.stages.iter().filter(|stage| wanted(outcome(stage))).count().to_string()
    };
    let tests = run.stages.len().to_string();
    let failures = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    let time = seconds(length(run));
    let name = format!("{} #{}", run.name, run.number);
    let started = run.started_at.to_string();
    let whole = [
        ("name", run.name.as_str()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", "0"),
        ("time", &time),
    ];
    let suite = [
        ("name", name.as_str()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", "0"),
        ("skipped", &skipped),
        ("time", &time),
        ("timestamp", &started),
    ];
    let mut xml = Xml::document();
    xml.element("testsuites", &whole, |xml| {
        xml.line();
        xml.element("testsuite", &suite, |xml| {
            xml.line();
            properties(xml, recording, locale);
            for at in 0..run.stages.len() {
                case(xml, recording, at, locale);
            }
        });
    });
    xml.finish()
}

/// How long the run has taken; for one that goes on, up to what is known to have ended.
fn length(run: &RunView) -> Duration {
    let ends = run.stages.iter().filter_map(|stage| stage.ended_at);
    let end = run.ended_at.or_else(|| ends.max());
    end.map(|end| end.since(run.started_at)).unwrap_or_default()
}

/// Seconds to the millisecond.
fn seconds(span: Duration) -> String {
    format!("{}.{:03}", span.as_secs(), span.subsec_millis())
}

fn properties(xml: &mut Xml, recording: &Recording, locale: Locale) {
    let run = &recording.run;
    xml.element("properties", &[], |xml| {
        xml.line();
        let mut say = |name: &str, value: &str| {
            xml.empty("property", &[("name", name), ("value", value)]);
        };
        say("run", run.id.as_str());
        say("chain", run.chain.as_str());
        say("revision", &run.revision.to_string());
        if let Some(environment) = &run.environment {
            say("environment", environment);
        }
        if let Some(earlier) = &run.retry_of {
            say("retry_of", earlier.as_str());
        }
        for stage in &run.stages {
            if let Some(system) = &stage.system {
                say(&["system.", &stage.name].concat(), system);
            }
        }
        if let Some(matrix) = recording.matrix.as_ref().filter(|matrix| !matrix.fields.is_empty()) {
            let blame = matrix.blame.as_ref().map(|blame| blame.sentence(locale));
            say("matrix", &blame.unwrap_or_else(|| matrix.summary(locale)));
        }
    });
}

fn case(xml: &mut Xml, recording: &Recording, at: usize, locale: Locale) {
    let run = &recording.run;
    let Some(stage) = run.stages.get(at) else { return };
    let time = seconds(took(stage).unwrap_or_default());
    let attributes = [("name", stage.name.as_str()), ("classname", &run.name), ("time", &time)];
    let out = log(recording, at, stage, locale);
    xml.element("testcase", &attributes, |xml| {
        xml.line();
        match outcome(stage) {
            Outcome::Passed => {}
            Outcome::Failed(kind) => {
                let reason = stage.reason.as_ref().map(|reason| reason.sentence(locale));
                let message = reason.unwrap_or_else(|| stage.phase.word(locale).to_owned());
                let last = recording.of_stage(at).next_back();
                xml.element("failure", &[("type", kind), ("message", &message)], |xml| {
                    xml.text(&[message.clone(), readings(last, locale)].concat());
                });
            }
            Outcome::Skipped(kind) => {
                let bad = |stage: &&StageView| matches!(outcome(stage), Outcome::Failed(_));
                let ended_by = run.stages.iter().find(bad);
                let message = words::no_result(stage, ended_by, locale);
                xml.empty("skipped", &[("type", kind), ("message", &message)]);
            }
        }
        if !out.is_empty() {
            xml.element("system-out", &[], |xml| xml.text(&out));
        }
    });
}

/// What each check of an attempt saw, a line each, after a line's end.
fn readings(attempt: Option<&AttemptView>, locale: Locale) -> String {
    let all = attempt.and_then(|attempt| attempt.readings.read().ok()).unwrap_or_default();
    all.iter().map(|reading| ["\n", &one_reading(reading, locale)].concat()).collect()
}

fn one_reading(reading: &ReadingView, locale: Locale) -> String {
    let verdict = status(AttemptPhase::Judged(reading.verdict));
    let found = reading.selected.join(", ");
    let found = if found.is_empty() { words::nothing(locale) } else { found };
    let values = words::expected_found(reading.expected.as_deref(), &found, locale);
    let reason = reading.reason.sentence(locale);
    format!("{verdict} {}: {}: {reason} ({values})", reading.place, reading.rule)
}

/// Marks of a stage and its attempts, a line each.
fn log(recording: &Recording, at: usize, stage: &StageView, locale: Locale) -> String {
    let mut lines = words::marks(stage, locale);
    let attempts = recording.of_stage(at).count();
    let hidden = attempts.saturating_sub(MOST_ATTEMPTS);
    if hidden > 0 {
        lines.push(words::left_out(hidden, locale));
    }
    lines.extend(recording.of_stage(at).skip(hidden).map(|one| one_attempt(one, locale)));
    lines.join("\n")
}

fn one_attempt(attempt: &AttemptView, locale: Locale) -> String {
    let AttemptView { number, begun_at, method, url, .. } = attempt;
    let mut line = format!("#{number} {begun_at} {method} {url}: ");
    let answered = attempt.status.map(|status| status.to_string());
    let latency = attempt.latency_ms.map(|ms| format!("{ms} ms"));
    for part in answered.iter().chain(&latency) {
        line.extend([part, ", "]);
    }
    line.push_str(status(attempt.phase));
    if let Some(reason) = &attempt.reason {
        line.extend([": ", &reason.sentence(locale)]);
    }
    line
}
