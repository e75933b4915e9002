//! One value beside the one that it is to be.

use std::time::Duration;

use super::index::is_whole;
use super::view::{CellState, Rule};
use crate::json;
use crate::time::in_words;
use crate::verify::decimal::Decimal;
use crate::verify::record::{Field, Kind};
use crate::verify::time::Told;
use crate::verify::tolerance::Tolerance;
use crate::verify::value::identity;
use crate::verify::{Reason, Recorded};

/// The longest value whose members are put in order, in bytes: as long as one that is kept.
const MOST_BYTES: usize = 8192;

/// What a value comes to. Both are there.
///
/// | both raw texts | both in one form | state |
/// | --- | --- | --- |
/// | the same | | match |
/// | | the same | match after normalising |
/// | | near enough | within tolerance |
/// | | else | differs |
/// | one can't be read before a zone's rules are known | | pending |
pub(super) fn compare(field: &Field, want: &Recorded, got: &Recorded) -> (CellState, Option<Rule>) {
    if let (false, Some(why)) = (is_whole(got), &got.trouble) {
        return (CellState::Differs, Some(Rule::Unread { why: why.clone() }));
    }
    if want.raw == got.raw {
        return (CellState::Match, None);
    }
    for why in [&got.trouble, &want.trouble].into_iter().flatten() {
        if matches!(why, Reason::UnknownZone { .. }) {
            return (CellState::Pending, Some(Rule::Unread { why: why.clone() }));
        }
    }
    if let Some(why) = &got.trouble {
        return (CellState::Differs, Some(Rule::Unread { why: why.clone() }));
    }
    let wanted = want.raw.clone().unwrap_or_default();
    let (Some(a), Some(b)) = (&want.normalised, &got.normalised) else {
        return (CellState::Differs, Some(Rule::Unlike { want: wanted }));
    };
    if a == b || field.kind == Kind::Json && same_json(a, b) {
        return (CellState::Normalised, Some(Rule::SameKind { kind: field.kind }));
    }
    let Some((by, most, near)) = field.tolerance.as_ref().and_then(|most| apart(most, a, b)) else {
        return (CellState::Differs, Some(Rule::Unlike { want: wanted }));
    };
    if near {
        (CellState::Within, Some(Rule::Within { by, most }))
    } else {
        (CellState::Differs, Some(Rule::Beyond { want: wanted, by, most }))
    }
}

fn same_json(a: &str, b: &str) -> bool {
    let one = |text: &str| identity(&json::parse(text).ok()?, MOST_BYTES);
    one(a).is_some_and(|a| one(b).is_some_and(|b| a == b))
}

/// How far two values are apart, how far they may be, and whether that is near enough.
fn apart(tolerance: &Tolerance, want: &str, got: &str) -> Option<(String, String, bool)> {
    let (want, got) = (number_of(want)?, number_of(got)?);
    let (by, most) = (want.minus(&got).magnitude_of(), tolerance.of(&want));
    let near = by <= most;
    let words = |amount: &Decimal| match tolerance {
        Tolerance::Span(_) => amount
            .floor()
            .and_then(|ms| u64::try_from(ms).ok())
            .map_or_else(|| amount.to_string(), |ms| in_words(Duration::from_millis(ms))),
        Tolerance::Abs(_) | Tolerance::Percent(_) => amount.shortest().to_string(),
    };
    Some((words(&by), words(&most), near))
}

/// A number, or an instant in milliseconds.
fn number_of(text: &str) -> Option<Decimal> {
    if let Some(number) = Decimal::of_text(text) {
        return Some(number);
    }
    let told = Told::read(&json::parse(text).ok()?)?;
    Decimal::of_text(&told.instant(None)?.as_ms().to_string())
}
