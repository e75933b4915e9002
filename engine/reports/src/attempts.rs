//! Attempts as CSV: a line each, in the order of stage and number. For spreadsheets: what would be run as a
//! formula is made a text, as [`csv::line`] says.

use baton_engine::csv;
use baton_engine::locale::Locale;
use baton_engine::protocol::{AttemptView, Recording, RunView, Transport};
use baton_engine::verify::Verdict;

use crate::document::status;

const HEADS: [&str; 18] = [
    "chain",
    "run",
    "stage",
    "system",
    "attempt",
    "status",
    "scheduled_at",
    "begun_at",
    "ended_at",
    "late_ms",
    "latency_ms",
    "transport",
    "method",
    "url",
    "http_status",
    "redirected_to",
    "reason",
    "checks_not_passed",
];

pub(crate) fn csv(recording: &Recording, locale: Locale) -> String {
    let lines = recording.attempts.iter().map(|attempt| line(&recording.run, attempt, locale));
    std::iter::once(csv::line(&HEADS)).chain(lines).collect()
}

fn line(run: &RunView, attempt: &AttemptView, locale: Locale) -> String {
    let stage = run.stages.get(attempt.stage as usize);
    let late = attempt.begun_at.since(attempt.scheduled_at).as_millis();
    let readings = attempt.readings.read().unwrap_or_default();
    let wrong = readings.iter().filter(|reading| reading.verdict != Verdict::Pass);
    let wrong: Vec<&str> = wrong.map(|reading| reading.place.as_str()).collect();
    let transport = match attempt.transport {
        Transport::Direct => "direct",
        Transport::Proxy => "proxy",
        Transport::Demo => "demo",
    };
    csv::line(&[
        run.name.clone(),
        run.number.to_string(),
        stage.map(|stage| stage.name.clone()).unwrap_or_default(),
        stage.and_then(|stage| stage.system.clone()).unwrap_or_default(),
        attempt.number.to_string(),
        status(attempt.phase).to_owned(),
        attempt.scheduled_at.to_string(),
        attempt.begun_at.to_string(),
        attempt.ended_at.map(|at| at.to_string()).unwrap_or_default(),
        late.to_string(),
        attempt.latency_ms.map(|ms| ms.to_string()).unwrap_or_default(),
        transport.to_owned(),
        attempt.method.clone(),
        attempt.url.clone(),
        attempt.status.map(|status| status.to_string()).unwrap_or_default(),
        attempt.redirected_to.clone().unwrap_or_default(),
        attempt.reason.as_ref().map(|reason| reason.sentence(locale)).unwrap_or_default(),
        wrong.join(" "),
    ])
}
