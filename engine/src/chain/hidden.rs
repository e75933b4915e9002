//! Takes secrets out of what an answer comes to, before anything of it is kept or told; and puts them back
//! into what is compared with it.

use super::language::{Judgement, Shown};
use super::scope::Values;
use super::template::parted;
use crate::form::{Text, decode};
use crate::json::{self, Value};
use crate::protocol::Answer;
use crate::secrets::{Redactor, Secret};
use crate::verify::History;

/// What an answer comes to, without secrets.
pub(super) fn without_secrets(
    judgement: Judgement,
    answer: &Answer,
    redactor: &Redactor,
) -> Judgement {
    if redactor.is_empty() {
        return judgement;
    }
    let hide = |text: &str| redactor.literals(text);
    let capture = |(name, text): (String, String)| match redactor.text(&text) {
        // A number that was taken out leaves a text.
        Some(without) if json::parse(&without).is_err() => (name, json::quoted(&without)),
        Some(without) => (name, without),
        None => (name, text),
    };
    Judgement {
        reason: judgement.reason.changed(&hide),
        readings: judgement.readings.changed(&hide),
        captures: judgement.captures.into_iter().map(capture).collect(),
        records: judgement.records.map(|records| records.changed(&hide)),
        history: judgement.history.map(|history| history.changed(&hide)),
        unconfirmed: judgement.unconfirmed.map(|reason| reason.changed(&hide)),
        shown: shown(answer, redactor),
        ..judgement
    }
}

/// The answer as it is shown; none when there is no secret in it.
fn shown(answer: &Answer, redactor: &Redactor) -> Option<Shown> {
    // What is cut off before secrets are taken out may be the half of one.
    let text = redactor.literals(&Text::of(answer))?;
    let (without, cut) = decode::<Answer>(&text).ok()?.cut();
    let redirected_to = match &without {
        Answer::Response(response) => response.redirected_to.clone(),
        Answer::NoResponse(_) | Answer::Timeout => None,
    };
    Some(Shown { answer: without.into(), cut, redirected_to })
}

/// A value that was kept without secrets, as it was: to be compared, never to be sent.
pub(super) fn restored(value: &Value, secrets: &[Secret]) -> Value {
    match value {
        Value::String(text) => Value::String(put_back(text, secrets, str::to_owned)),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| restored(item, secrets)).collect())
        }
        Value::Object(map) => {
            let members = map.iter();
            Value::Object(members.map(|(key, of)| (key.clone(), restored(of, secrets))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// The same of a run's values.
pub(super) fn restored_values(mut scope: Values, secrets: &[Secret]) -> Values {
    for (_, value) in &mut scope.values {
        *value = restored(value, secrets);
    }
    scope
}

/// The same of the readings that wait for a confirmation, which are JSON texts.
pub(super) fn restored_history(mut history: History, secrets: &[Secret]) -> History {
    for selected in history.wrong.iter_mut().flat_map(|wrong| &mut wrong.selected) {
        *selected = put_back(selected, secrets, within_quotes);
    }
    history
}

/// A text as JSON has it, without the quotes around it.
fn within_quotes(text: &str) -> String {
    let quoted = json::quoted(text);
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

fn put_back(text: &str, secrets: &[Secret], written: fn(&str) -> String) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.former) {
        let (mark, mut out) = (secret.mark(), String::new());
        let mut rest = text.as_str();
        while let Some((before, after)) = parted(rest, &mark) {
            out.push_str(before);
            out.push_str(&written(&secret.value.0));
            rest = after;
        }
        out.push_str(rest);
        text = out;
    }
    text
}
