//! What it means that no answer, or no JSON, is there.

use super::diagnosis::Diagnosis;
use super::reason::{Judged, NotJson, Reason};
use crate::json::{self, Syntax};

/// No response can be read: polling may mend it, or never can.
pub(super) fn judge_silence(diagnosis: &Diagnosis) -> Judged {
    let reason = Reason::Network { diagnosis: diagnosis.clone() };
    if diagnosis.may_pass_by_itself() { Judged::pending(reason) } else { Judged::fail(reason) }
}

/// What a body is that is no JSON.
pub(super) fn kind_of(text: &str, syntax: Syntax) -> NotJson {
    let start = text.trim_start();
    if start.is_empty() {
        NotJson::Empty
    } else if start.starts_with('<') {
        NotJson::Html
    } else if syntax.message == json::TOO_DEEP {
        NotJson::TooDeep
    } else if text.contains(char::REPLACEMENT_CHARACTER) {
        NotJson::Garbled
    } else if syntax.breaks_off {
        NotJson::Truncated
    } else {
        NotJson::Text
    }
}
