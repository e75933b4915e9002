//! Takes secrets out of what an answer comes to, before anything of it is kept or told.

use super::language::Shown;
use crate::form::{Decode, Encode, Text, decode};
use crate::json::{self, Value};
use crate::protocol::Answer;
use crate::secrets::{Redactor, Secret};
use crate::verify::Evaluation;

/// The answer as it is shown; none when there is no secret in it.
pub(super) fn shown(answer: &Answer, redactor: &Redactor) -> Option<Shown> {
    let redirected_to = match answer {
        Answer::Response(response) => response.redirected_to.as_ref(),
        Answer::NoResponse(_) | Answer::Timeout => None,
    };
    let redirected_to = redirected_to.map(|url| redactor.text(url).unwrap_or_else(|| url.clone()));
    let without = hide(answer, redactor)?;
    let (answer, cut) = without.cut();
    Some(Shown { answer: answer.into(), cut, redirected_to })
}

/// What an answer comes to, without secrets.
pub(super) fn without_secrets(
    mut evaluation: Evaluation,
    answer: &Answer,
    redactor: &Redactor,
) -> Evaluation {
    if redactor.is_empty() {
        return evaluation;
    }
    evaluation.shown = shown(answer, redactor);
    for (_, value) in &mut evaluation.captures {
        let text = json::text(value);
        if let Some(without) = redactor.text(&text) {
            *value = json::parse(&without).unwrap_or_else(|_| Value::from(without));
        }
    }
    hide(&evaluation, redactor).unwrap_or(evaluation)
}

/// A value that was kept without secrets, as it was: to be compared, never to be sent.
pub(super) fn restored(value: &Value, secrets: &[Secret]) -> Value {
    match value {
        Value::String(text) => {
            let known = secrets.iter().filter(|secret| !secret.former);
            let restore =
                |text: String, secret: &Secret| text.replace(&secret.mark(), &secret.value.0);
            Value::String(known.fold(text.clone(), restore))
        }
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

fn hide<T: Encode + Decode>(value: &T, redactor: &Redactor) -> Option<T> {
    let text = redactor.literals(&Text::of(value))?;
    decode(&json::parse(&text).ok()?).ok()
}
