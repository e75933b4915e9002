//! Counts and sums are monotone: below its target one can still rise, above it it can't fall, as
//! duplicates only get worse.
//!
//! | op | pending | pass | fail |
//! | --- | --- | --- | --- |
//! | equals, between, `same_as` | below | within | above |
//! | `at_least`, `greater_than` | not reached | reached | never |
//! | `at_most`, `less_than` | never | within | above |
//! | `one_of` | below the largest | member | above the largest |

use super::rule::Judging;
use super::wanted::{Range, What};
use super::{MAX_SHOWN, Op};
use crate::verify::decimal::Decimal;
use crate::verify::jsonpath::Node;
use crate::verify::reason::{Judged, Reason, Verdict};
use crate::verify::value::{duplicates, shown};

/// Where an amount lies.
struct Found {
    verdict: Verdict,
    /// The target that matters: the one that is reached, still to be reached, or exceeded.
    target: Decimal,
    /// Whether the target itself is meant, not what lies on one side of it.
    exact: bool,
    /// Whether the target is one of the numbers that are meant.
    included: bool,
}

impl Judging<'_> {
    pub(super) fn count(&self, seen: u64, nodes: &[Node]) -> Judged {
        let what = self.what();
        let Some(amount) = Decimal::of_text(&seen.to_string()) else {
            return Judged::pending(self.missing.clone());
        };
        let ranges = match self.ranges() {
            Ok(ranges) => ranges,
            Err(reason) => return Judged::fail(reason),
        };
        if self.proves_absence(&ranges) {
            return Judged::fail(Reason::NeedsHold { what });
        }
        let found = find(&amount, &ranges);
        // Whole numbers only: more than 3 is at least 4.
        let whole = found.target.floor().and_then(|whole| u64::try_from(whole).ok()).unwrap_or(0);
        match found.verdict {
            Verdict::Pass => Judged::pass(Reason::CountReached { what, seen, want: whole }),
            Verdict::Pending => {
                let next = u64::from(!found.included || !found.target.is_whole());
                Judged::pending(Reason::CountBelow { what, seen, want: whole + next })
            }
            Verdict::Fail => {
                let duplicates = duplicates(nodes.iter().map(|node| node.value), MAX_SHOWN);
                let previous = u64::from(!found.included && found.target.is_whole());
                let most = whole.saturating_sub(previous);
                Judged::fail(if found.exact {
                    Reason::CountAbove { what, seen, want: most, duplicates }
                } else {
                    Reason::CountBeyond { what, seen, most, duplicates }
                })
            }
        }
    }

    pub(super) fn sum(&self, sum: &Decimal) -> Judged {
        let ranges = match self.ranges() {
            Ok(ranges) => ranges,
            Err(reason) => return Judged::fail(reason),
        };
        let found = find(sum, &ranges);
        let (what, seen) = (self.what(), sum.to_string());
        let want = found.target.to_string();
        match found.verdict {
            Verdict::Pass => Judged::pass(Reason::SumReached { what, seen, want }),
            Verdict::Pending => Judged::pending(Reason::SumBelow { what, seen, want }),
            Verdict::Fail => Judged::fail(Reason::SumAbove { what, seen, want }),
        }
    }

    fn ranges(&self) -> Result<Vec<Range>, Reason> {
        match &self.wanted.what {
            What::Within(ranges) => Ok(ranges.clone()),
            What::Same(values) => values
                .iter()
                .map(|value| {
                    let number = super::filter::number_of(value);
                    let (want, op) = (shown(value), self.check.op());
                    number.map(Range::point).ok_or(Reason::NoNumber { want, op })
                })
                .collect(),
            What::Nothing(reason) => Err(reason.clone()),
            // The parser lets no other operator stand with an amount.
            What::Present | What::Absent | What::Part(_) | What::Pattern(_) | What::Schema(_) => {
                Err(Reason::NoNumber { want: String::new(), op: self.check.op() })
            }
        }
    }

    /// Whether none at all would pass, which one poll never proves.
    fn proves_absence(&self, ranges: &[Range]) -> bool {
        let none = Decimal::of_text("0");
        let none_holds = |none: Decimal| ranges.iter().any(|range| range.holds(&none));
        let grows = matches!(self.check.op(), Op::AtLeast | Op::GreaterThan);
        !self.check.may_be_none && !grows && none.is_some_and(none_holds)
    }
}

fn find(amount: &Decimal, ranges: &[Range]) -> Found {
    let of = |verdict, range: &Range, high: bool| {
        let end = if high {
            range.high.as_ref().or(range.low.as_ref())
        } else {
            range.low.as_ref().or(range.high.as_ref())
        };
        let target = end.map_or_else(|| amount.clone(), |end| end.at.clone());
        let included = end.is_none_or(|end| end.included);
        Found { verdict, target, exact: range.is_point(), included }
    };
    if let Some(range) = ranges.iter().find(|range| range.holds(amount)) {
        return of(Verdict::Pass, range, false);
    }
    // A member that is above them all has passed even the largest.
    let largest = ranges.iter().reduce(|a, b| {
        let at =
            |range: &Range| range.low.as_ref().or(range.high.as_ref()).map(|end| end.at.clone());
        if at(b) > at(a) { b } else { a }
    });
    match largest {
        Some(largest) if largest.is_above(amount) => of(Verdict::Fail, largest, true),
        Some(largest) => of(Verdict::Pending, largest, false),
        None => {
            Found { verdict: Verdict::Pending, target: amount.clone(), exact: true, included: true }
        }
    }
}
