//! `backoff`: how polls become rarer, read from a poll policy.

use super::keys::{BACKOFF, GROWTHS};
use super::outline::{Backoff, Growth, LONGEST_PAUSE, Poll};
use super::poll_document::MS;
use crate::document::{Object, Place, ProblemKind, Problems};
use crate::json::{self, Value};
use crate::time::in_words;

/// The most that the time between polls may grow by in one step.
const MOST: i64 = 100;

/// Reads `backoff` into a policy whose interval is known. As a whole: its own keys are not merged.
pub(super) fn parse_backoff(object: &Object, poll: &mut Poll, problems: &mut Problems) {
    if let Some(place) = object.find("backoff") {
        poll.backoff = backoff(&place, problems);
    }
    let max = poll.backoff.and_then(|backoff| backoff.max);
    if let Some(max) = max.filter(|max| *max < poll.interval) {
        // It may be the chain's, and the interval the stage's own.
        let at = object.find("backoff").or_else(|| object.find("interval"));
        let words = in_words;
        let kind = ProblemKind::OutOfRange {
            got: words(max),
            least: words(poll.interval),
            most: words(LONGEST_PAUSE),
        };
        problems.push(&at.unwrap_or(object.place).part("max"), kind);
    }
}

fn backoff(place: &Place, problems: &mut Problems) -> Option<Backoff> {
    let object = place.object(problems, &BACKOFF, &[])?;
    let kinds = [Growth::Linear, Growth::Exponential];
    let kind = object.need(problems, "kind")?.word(problems, &GROWTHS, &kinds)?;
    let factor = match (object.find("factor"), kind) {
        (Some(place), _) => thousandths(&place, problems)?,
        (None, Growth::Linear) => 1000,
        (None, Growth::Exponential) => 2000,
    };
    let max = object.find("max").map(|place| place.duration(problems, 100 * MS, LONGEST_PAUSE));
    Some(Backoff { kind, factor, max: max.flatten() })
}

/// A factor of at least 1, in thousandths.
fn thousandths(place: &Place, problems: &mut Problems) -> Option<u32> {
    let Value::Number(number) = place.value else {
        place.wrong(problems, "a number");
        return None;
    };
    let Some(read) = number.thousandths().filter(|read| (1000..=MOST * 1000).contains(read)) else {
        let (got, most) = (json::text(place.value), MOST.to_string());
        problems.push(place, ProblemKind::OutOfRange { got, least: "1".into(), most });
        return None;
    };
    u32::try_from(read).ok()
}
