//! The comparisons of filters (RFC 9535, 2.3.5.2.2). Numbers are compared as decimals from their text.

use std::cmp::Ordering;

use crate::json::Value;

use super::ast::Operator;
use crate::verify::value::{order, same_within, weight};

/// Whether `left operator right`; none of either side is Nothing, which is the same as Nothing only.
/// None when `steps` are used up.
pub(super) fn holds(
    left: Option<&Value>,
    operator: Operator,
    right: Option<&Value>,
    steps: &mut u64,
) -> Option<bool> {
    let same = |steps: &mut u64| match (left, right) {
        (Some(left), Some(right)) => same_within(left, right, steps),
        (None, None) => Some(true),
        (Some(_), None) | (None, Some(_)) => Some(false),
    };
    *steps = steps.checked_sub(1)?;
    Some(match operator {
        Operator::Equal => same(steps)?,
        Operator::NotEqual => !same(steps)?,
        Operator::Less => less(left, right, steps)?,
        Operator::Greater => less(right, left, steps)?,
        Operator::LessOrEqual => less(left, right, steps)? || same(steps)?,
        Operator::GreaterOrEqual => less(right, left, steps)? || same(steps)?,
    })
}

/// Only numbers and texts are ordered; everything else is less than nothing.
fn less(left: Option<&Value>, right: Option<&Value>, steps: &mut u64) -> Option<bool> {
    let ordering = match (left, right) {
        (Some(Value::Number(left)), Some(Value::Number(right))) => {
            *steps = steps.checked_sub(weight(left.as_str()) + weight(right.as_str()))?;
            order(left, right)
        }
        (Some(Value::String(left)), Some(Value::String(right))) => {
            *steps = steps.checked_sub(weight(left).min(weight(right)))?;
            Some(left.cmp(right))
        }
        _ => None,
    };
    Some(ordering == Some(Ordering::Less))
}
