//! Takes secrets out of what an answer comes to, before anything of it is kept or told; and puts them back
//! into what is compared with it.

use super::language::{Judgement, Shown};
use super::template::parted;
use crate::form::{Text, decode};
use crate::json;
use crate::protocol::{Answer, Told};
use crate::secrets::{Redactor, Secret};

/// What an answer comes to, without secrets.
pub(super) fn without_secrets(
    mut judgement: Judgement,
    answer: &Answer,
    redactor: &Redactor,
) -> Judgement {
    let Judgement { reason, readings, captures, records, history, unconfirmed, .. } =
        &mut judgement;
    redactor.hide_in_literals(reason.text_mut());
    redactor.hide_in_literals(readings.text_mut());
    if let Some(records) = records {
        redactor.hide_in_literals(records.text_mut());
    }
    if let Some(history) = history {
        redactor.hide_in_literals(history.text_mut());
    }
    if let Some(reason) = unconfirmed {
        redactor.hide_in_literals(reason.text_mut());
    }
    for (_, text) in captures {
        if let Some(without) = redactor.text(text) {
            *text = without;
        }
    }
    judgement.shown = shown(answer, redactor);
    judgement
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
    Some(Shown { answer: Told::of(&without), cut, redirected_to })
}

/// JSON text that was kept without secrets, as it was: to be compared, never to be sent. `deep` is how many
/// texts the values stand in.
pub(super) fn restored(text: &str, secrets: &[Secret], deep: usize) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.former) {
        let mut value = secret.value.0.clone();
        for _ in 0..deep {
            let quoted = json::quoted(&value);
            quoted.get(1..quoted.len() - 1).unwrap_or_default().clone_into(&mut value);
        }
        let (mark, mut out) = (secret.mark(), String::new());
        let mut rest = text.as_str();
        while let Some((before, after)) = parted(rest, &mark) {
            out.extend([before, &value]);
            rest = after;
        }
        out.push_str(rest);
        text = out;
    }
    text
}
