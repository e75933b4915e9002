//! Amounts of time as numbers of at most three decimals, read from their text: no rounding anywhere.

use crate::json::Value;

use crate::document::{Place, ProblemKind, Problems};

/// How large an amount may be: far beyond what any search covers, and small enough for weeks of it, in
/// milliseconds, to be summed.
const MOST: i64 = 1_000_000_000;

/// A number that is not negative, in thousandths.
pub(super) fn thousandths(place: &Place, problems: &mut Problems) -> Option<i64> {
    let Value::Number(number) = place.value else {
        place.wrong(problems, "a number");
        return None;
    };
    let kind = match number.thousandths() {
        Some(thousandths) if thousandths <= MOST * 1000 => return Some(thousandths),
        None => ProblemKind::Said {
            en: format!("{number} has more than three decimals; an instant is a whole millisecond"),
            zh: format!("{number} 超过三位小数；时刻以整毫秒计"),
        },
        Some(_) => ProblemKind::OutOfRange {
            got: number.to_string(),
            least: "0".into(),
            most: MOST.to_string(),
        },
    };
    problems.push(place, kind);
    None
}
