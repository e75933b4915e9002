//! Decimal numbers, kept as their digits: exact, whatever is done with them. Our own, as what a library
//! brings along is many times as large.

mod arithmetic;

use std::cmp::Ordering;
use std::fmt;

use crate::json::Number;

/// The most digits of a fraction, and the greatest exponent.
const MOST_PLACES: usize = 28;
/// The greatest number without regard to its point: what 96 bits hold.
const GREATEST: &str = "79228162514264337593543950335";

/// A decimal number.
#[derive(Clone, Debug)]
pub(crate) struct Decimal {
    /// Never of zero.
    negative: bool,
    /// From the first that is not 0; none for zero.
    digits: String,
    /// How many places there are after the point.
    places: usize,
}

impl Decimal {
    /// The decimal that a number's text means, when it has at most 28 digits.
    pub(crate) fn of(number: &Number) -> Option<Self> {
        Self::of_text(number.as_str())
    }

    /// The decimal that a text means: digits, with sign, fraction and exponent as JSON writes them. A
    /// number of more digits than [`GREATEST`] has is refused, not rounded.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let (written, exponent) = match text.split_once(['e', 'E']) {
            Some((written, exponent)) => (written, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = written.strip_prefix(['-', '+']).unwrap_or(written);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let shift = usize::try_from(exponent.unsigned_abs()).ok()?;
        let all = [whole, fraction].concat();
        let too_long = fraction.len() > MOST_PLACES || shift > MOST_PLACES;
        if too_long || all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut digits = all.trim_start_matches('0').to_owned();
        let mut places = fraction.len();
        if exponent < 0 {
            places += shift;
        } else {
            let more = shift.saturating_sub(places);
            places = places.saturating_sub(shift);
            if !digits.is_empty() {
                digits.push_str(&"0".repeat(more));
            }
        }
        let fits = digits.len() < GREATEST.len()
            || digits.len() == GREATEST.len() && digits.as_str() <= GREATEST;
        let negative = written.starts_with('-') && !digits.is_empty();
        (fits && places <= MOST_PLACES).then_some(Self { negative, digits, places })
    }

    /// The greatest whole number that is not above it; none when it doesn't fit.
    pub(crate) fn floor(&self) -> Option<i64> {
        let whole = self.digits.len().saturating_sub(self.places);
        let (whole, fraction) = self.digits.split_at_checked(whole)?;
        let number: i64 = ["0", whole].concat().parse().ok()?;
        let rest = fraction.bytes().any(|digit| digit != b'0');
        if self.negative { (-number).checked_sub(i64::from(rest)) } else { Some(number) }
    }

    /// Where the first digit stands, and the digits up to the last that is not 0: without regard to the
    /// sign, numbers are in the order of these.
    fn magnitude(&self) -> (Option<isize>, &str) {
        // Neither comes near the limit: digits are read from a text, and places are a hundred at most.
        let first = self.digits.len().cast_signed() - self.places.cast_signed();
        ((!self.digits.is_empty()).then_some(first), self.digits.trim_end_matches('0'))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitudes = self.magnitude().cmp(&other.magnitude());
        match (self.negative, other.negative) {
            (false, false) => magnitudes,
            (true, true) => magnitudes.reverse(),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// 9.00 is 9.
impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

/// With the places that it was written with.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = (self.places + 1).saturating_sub(self.digits.len());
        let mut digits = "0".repeat(missing);
        digits.push_str(&self.digits);
        if self.places > 0 {
            digits.insert(digits.len() - self.places, '.');
        }
        f.write_str(if self.negative { "-" } else { "" })?;
        f.write_str(&digits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_become_decimals_only_when_they_are_numbers() {
        for good in ["9.00", "-1", "1e3", "+2"] {
            assert!(Decimal::of_text(good).is_some(), "{good}");
        }
        for bad in ["", "9,00", "1_000", "NaN", "inf", "0x1", " 1", "--1", "."] {
            assert!(Decimal::of_text(bad).is_none(), "{bad}");
        }
    }

    /// As the library reads texts, save that it is ours which says what a number is.
    fn by_library(text: &str) -> Option<rust_decimal::Decimal> {
        use rust_decimal::Decimal;
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
        if text.is_empty() || !text.chars().all(digits) {
            return None;
        }
        match text.split_once(['e', 'E']) {
            None => Decimal::from_str_exact(text).ok(),
            Some((mantissa, _)) => {
                Decimal::from_str_exact(mantissa).ok()?;
                Decimal::from_scientific(text).ok()
            }
        }
    }

    /// A number's text, or nearly.
    const NEARLY: &str =
        "[-+]?[0-9]{0,3}0{0,15}[0-9]{0,15}(\\.?0{0,15}[0-9]{0,15})(\\.|[eE][-+]?[0-9]{0,2})?";
    /// Numbers of which some are the same.
    const SHORT: &str = "-?[0-2]{1,2}(\\.[0-1]{1,2})?(e-?[0-2])?";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn texts_become_the_decimals_that_the_library_reads(text in NEARLY) {
            let (own, theirs) = (Decimal::of_text(&text), by_library(&text));
            let shown = |text: String| text.trim_start_matches('-').to_owned();
            prop_assert_eq!(
                own.map(|own| shown(own.to_string())),
                theirs.map(|theirs| shown(theirs.to_string())),
                "{}", text
            );
        }

        #[test]
        fn they_compare_as_the_library_compares_them(
            (a, b) in prop_oneof![(SHORT, SHORT), (NEARLY, NEARLY)]
        ) {
            let own = Decimal::of_text(&a).zip(Decimal::of_text(&b)).map(|(a, b)| a.cmp(&b));
            let theirs = by_library(&a).zip(by_library(&b)).map(|(a, b)| a.cmp(&b));
            prop_assert_eq!(own, theirs, "{} {}", a, b);
        }
    }
}
