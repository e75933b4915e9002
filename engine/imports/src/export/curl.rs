//! Writes a request as a curl command for bash and every other POSIX shell.

use baton_engine::json::Value;

use super::Made;
use super::request::{Sent, of_filled, of_stage};
use crate::answer::member;
use crate::draft::Auth;
use crate::import::names_in;
use crate::said::{Notes, Refusal, Said};
use crate::text::map_pieces;

/// # Errors
/// When it is no stage.
pub(crate) fn curl(asked: &Value) -> Result<Made, Refusal> {
    let mut sent = match (asked.get("stage"), asked.get("filled")) {
        (Some(stage), None) => of_stage(stage)?,
        (None, Some(request)) => of_filled(request)?,
        _ => return Err(Refusal::Question { message: "expected \"stage\" or \"filled\"".into() }),
    };
    if let Some(values) = member(asked, "values") {
        sent.fill(values);
    }
    let mut notes = Notes::default();
    let lines = lines(&sent);
    let mut names: Vec<String> = Vec::new();
    for name in lines.iter().flat_map(|line| names_in(line)) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    if !names.is_empty() {
        notes.say(Said::TemplatesLeft { names }, "");
    }
    if sent.with_cookies {
        notes.say(Said::OwnCookies, "");
    }
    let text = lines.join(" \\\n  ");
    if text.contains('\0') {
        notes.say(Said::NulLeftOut, "");
    }
    let text = map_pieces(&text.replace('\0', ""), &mut str::to_owned, &mut |name| {
        format!("{{{{{name}}}}}")
    });
    Ok(Made { text, notes })
}

/// The words of the command, a line each option.
fn lines(sent: &Sent) -> Vec<String> {
    let url = sent.url();
    let mut lines = vec![format!("curl {}", quoted(&url))];
    let body = sent.body();
    if url.contains(['[', ']', '{', '}']) {
        lines.push("--globoff".into());
    }
    match (sent.parts.method, &body) {
        ("GET", None) | ("POST", Some(_)) => {}
        ("HEAD", None) => lines.push("--head".into()),
        (method, _) => lines.push(format!("-X {method}")),
    }
    for (name, value) in sent.headers() {
        let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        lines.push(format!("-H {}", quoted(&header)));
    }
    if let Some(Auth::Basic { user, password }) = &sent.parts.auth {
        // A user with a colon would end early: the header says it all.
        match Sent::basic_header(user, password).filter(|_| user.contains(':')) {
            Some(header) => {
                lines.push(format!("-H {}", quoted(&format!("Authorization: {header}"))));
            }
            None => lines.push(format!("-u {}", quoted(&format!("{user}:{password}")))),
        }
    }
    if let Some(body) = body {
        lines.push(format!("--data-raw {}", quoted(&body)));
    }
    if let Some(ms) = sent.parts.attempt_timeout_ms {
        let part =
            if ms.is_multiple_of(1000) { String::new() } else { format!(".{:03}", ms % 1000) };
        lines.push(format!("--max-time {}{part}", ms / 1000));
    }
    lines
}

/// A word in single quotes, in which a POSIX shell changes nothing.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
