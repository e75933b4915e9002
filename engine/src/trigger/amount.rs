//! Amounts of time as numbers of at most three decimals, read from their text: no rounding anywhere.

use crate::json::Value;

use crate::document::{Place, ProblemKind, Problems};
use crate::verify::value::decimal_of;

/// How large an amount may be: far beyond what any search covers, and small enough for weeks of it, in
/// milliseconds, to be summed.
const MOST: i64 = 1_000_000_000;

/// A number that is not negative, in thousandths.
pub(super) fn thousandths(place: &Place, problems: &mut Problems) -> Option<i64> {
    let Value::Number(number) = place.value else {
        place.wrong(problems, "a number");
        return None;
    };
    let kind = match decimal_of(number).map(|decimal| exact(decimal.mantissa(), decimal.scale())) {
        Some(Ok(thousandths)) if (0..=i128::from(MOST) * 1000).contains(&thousandths) => {
            return i64::try_from(thousandths).ok();
        }
        Some(Err(TooFine)) => ProblemKind::Said {
            en: format!("{number} has more than three decimals; an instant is a whole millisecond"),
            zh: format!("{number} 超过三位小数；时刻以整毫秒计"),
        },
        Some(Ok(_)) | None => ProblemKind::OutOfRange {
            got: number.to_string(),
            least: "0".into(),
            most: MOST.to_string(),
        },
    };
    problems.push(&place, kind);
    None
}

struct TooFine;

/// A decimal in thousandths.
fn exact(mut mantissa: i128, mut scale: u32) -> Result<i128, TooFine> {
    while scale > 3 {
        if mantissa % 10 != 0 {
            return Err(TooFine);
        }
        mantissa /= 10;
        scale -= 1;
    }
    // A decimal has at most 96 bits.
    Ok(mantissa * 10_i128.pow(3 - scale))
}
