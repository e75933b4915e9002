//! Takes secrets out of what an answer comes to, before anything of it is kept or told; and puts them back
//! into what is compared with it.

use super::language::{Judgement, Shown};
use super::template::parted;
use crate::form::Text;
use crate::json;
use crate::protocol::{Answer, Body, Told};
use crate::secrets::{Redactor, Secret};

/// What an answer comes to, without secrets.
pub(super) fn without_secrets(
    mut judgement: Judgement,
    answer: &Answer,
    redactor: &Redactor,
) -> Judgement {
    let Judgement { reason, readings, captures, records, history, unconfirmed, .. } =
        &mut judgement;
    let reasons = [Some(reason.text_mut()), unconfirmed.as_mut().map(Told::text_mut)];
    let others = [
        Some(readings.text_mut()),
        records.as_mut().map(Told::text_mut),
        history.as_mut().map(Told::text_mut),
    ];
    for text in reasons.into_iter().chain(others).flatten() {
        if let Some(without) = redactor.literals(text) {
            *text = without;
        }
    }
    for (_, text) in captures {
        redactor.hide(text);
    }
    judgement.shown = shown(answer, redactor);
    judgement
}

/// The answer as it is shown; none when there is no secret in it.
fn shown(answer: &Answer, redactor: &Redactor) -> Option<Shown> {
    let (mut without, mut redirected_to) = (answer.clone(), None);
    let mut changed = None;
    if let Answer::Response(response) = &mut without {
        if let Some(url) = &mut response.redirected_to {
            changed = redactor.hide(url);
            redirected_to = Some(url.clone());
        }
        // What is cut off before secrets are taken out may be the half of one.
        if let Body::Text(text) = &mut response.body {
            changed = redactor.hide(text).or(changed);
        }
    }
    let (without, cut) = without.cut();
    let text = Text::of(&without);
    let text = match redactor.literals(&text) {
        Some(text) => text,
        None => changed.map(|()| text)?,
    };
    Some(Shown { answer: Told::written(text), cut, redirected_to })
}

/// JSON text that was kept without secrets, as it was: to be compared, never to be sent. `deep` is how many
/// texts the values stand in.
pub(super) fn restored(text: &str, secrets: &[Secret], deep: usize) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.former) {
        let mut value = secret.value.0.clone();
        for _ in 0..deep {
            let quoted = json::quoted(&value);
            value = quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned();
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
