//! How far a value may be from the expected one and still be right. Its ends are included.

use std::time::Duration;

use super::decimal::Decimal;
use crate::time::whole_ms;

/// A tolerance.
#[derive(Clone, Debug)]
pub(crate) enum Tolerance {
    /// So much, in the number's own unit.
    Abs(Decimal),
    /// So many hundredths of the expected value.
    Percent(Decimal),
    /// So long, of instants.
    Span(Duration),
}

impl Tolerance {
    /// How far it reaches from an expected number; of instants, which are in milliseconds.
    pub(crate) fn of(&self, expected: &Decimal) -> Decimal {
        match self {
            Self::Abs(most) => most.clone(),
            Self::Percent(share) => expected.magnitude_of().times(share).hundredth(),
            Self::Span(span) => Decimal::of_text(&whole_ms(*span).to_string())
                .unwrap_or_else(|| expected.minus(expected)),
        }
    }
}
