//! Sums, differences and products of decimals: exact, digit by digit, as on paper. What comes out may have
//! more digits than [`Decimal::of_text`] takes.

use std::cmp::Ordering;

use super::Decimal;

impl Decimal {
    /// The sum.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let places = self.places.max(other.places);
        let (a, b) = (self.shifted(places), other.shifted(places));
        let (negative, digits) = match (self.negative == other.negative, order(&a, &b)) {
            (true, _) => (self.negative, add(&a, &b)),
            (false, Ordering::Less) => (other.negative, subtract(&b, &a)),
            (false, Ordering::Equal | Ordering::Greater) => (self.negative, subtract(&a, &b)),
        };
        Self::of_digits(negative, &digits, places)
    }

    /// The difference.
    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    /// The product.
    pub(crate) fn times(&self, other: &Self) -> Self {
        let (a, b) = (self.shifted(self.places), other.shifted(other.places));
        let negative = self.negative != other.negative;
        Self::of_digits(negative, &multiply(&a, &b), self.places + other.places)
    }

    /// A hundredth of it.
    pub(crate) fn hundredth(&self) -> Self {
        Self { places: self.places + 2, ..self.clone() }
    }

    /// Without its sign.
    pub(crate) fn magnitude_of(&self) -> Self {
        Self { negative: false, ..self.clone() }
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether it has no fraction but zeros.
    pub(crate) fn is_whole(&self) -> bool {
        let fraction = self.digits.len().saturating_sub(self.places);
        self.digits.bytes().skip(fraction).all(|digit| digit == b'0')
    }

    /// Without zeros at the end of its fraction.
    pub(crate) fn shortest(&self) -> Self {
        let mut short = self.clone();
        while short.places > 0 && (short.digits.is_empty() || short.digits.ends_with('0')) {
            short.digits.pop();
            short.places -= 1;
        }
        short
    }

    fn negated(&self) -> Self {
        Self { negative: !self.negative && !self.digits.is_empty(), ..self.clone() }
    }

    /// Its digits as numbers, the least first, as a whole number of units of so many places.
    fn shifted(&self, places: usize) -> Vec<u8> {
        let zeros = std::iter::repeat_n(0, places.saturating_sub(self.places));
        zeros.chain(self.digits.bytes().rev().map(|digit| digit - b'0')).collect()
    }

    /// From digits as numbers, the least first.
    fn of_digits(negative: bool, digits: &[u8], places: usize) -> Self {
        let digits = digits.iter().rev().skip_while(|digit| **digit == 0);
        let digits: String = digits.map(|digit| char::from(b'0' + digit)).collect();
        Self { negative: negative && !digits.is_empty(), digits, places }
    }
}

fn digit(digits: &[u8], at: usize) -> u8 {
    digits.get(at).copied().unwrap_or(0)
}

fn order(a: &[u8], b: &[u8]) -> Ordering {
    let longest = a.len().max(b.len());
    (0..longest)
        .rev()
        .map(|at| digit(a, at).cmp(&digit(b, at)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn add(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    (0..=a.len().max(b.len()))
        .map(|at| {
            let sum = digit(a, at) + digit(b, at) + carry;
            carry = sum / 10;
            sum % 10
        })
        .collect()
}

/// What is taken away is not greater.
fn subtract(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrowed = 0;
    (0..a.len().max(b.len()))
        .map(|at| {
            let taken = digit(b, at) + borrowed;
            borrowed = u8::from(digit(a, at) < taken);
            digit(a, at) + 10 * borrowed - taken
        })
        .collect()
}

fn multiply(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = vec![0_u8; a.len() + b.len()];
    for (at, x) in a.iter().enumerate() {
        let mut carry = 0;
        for step in 0..=b.len() {
            let Some(place) = out.get_mut(at + step) else { break };
            let sum = *place + x * digit(b, step) + carry;
            *place = sum % 10;
            carry = sum / 10;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal as Library;

    use super::*;

    /// Small enough that no result is rounded by the library.
    const SMALL: &str = "-?[0-9]{1,8}(\\.[0-9]{1,5})?";

    fn own(text: &str) -> Decimal {
        Decimal::of_text(text).unwrap()
    }

    fn library(text: &str) -> Library {
        Library::from_str_exact(text).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn arithmetic_is_as_the_library_does_it(a in SMALL, b in SMALL) {
            let same = |own: Decimal, theirs: Library| {
                prop_assert_eq!(library(&own.to_string()), theirs, "{} {}", a, b);
                prop_assert_eq!(own.shortest(), own);
                Ok(())
            };
            same(own(&a).plus(&own(&b)), library(&a) + library(&b))?;
            same(own(&a).minus(&own(&b)), library(&a) - library(&b))?;
            same(own(&a).times(&own(&b)), library(&a) * library(&b))?;
            same(own(&a).hundredth(), library(&a) / Library::from(100))?;
            prop_assert_eq!(own(&a).is_whole(), library(&a).is_integer());
        }
    }

    #[test]
    fn sums_beyond_what_is_read_stay_exact_and_compare() {
        let most = own("79228162514264337593543950335");
        let sum = most.plus(&most);
        assert_eq!(sum.to_string(), "158456325028528675187087900670");
        assert!(sum > most && sum.minus(&most) == most);
        assert_eq!(sum.minus(&sum).to_string(), "0");
        assert_eq!(own("0.00").shortest().to_string(), "0");
        assert_eq!(own("10.500").shortest().to_string(), "10.5");
    }
}
