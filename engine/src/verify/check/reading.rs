//! From the nodes that a source selects to what is judged: filters act left to right.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::filter::{Acts, Filter, InZone, Trouble, convert};
use crate::json::{self, Value};
use crate::verify::decimal::Decimal;
use crate::verify::jsonpath::{Node, TooManyNodes};
use crate::verify::value::identity;
use crate::verify::work::Work;

/// The longest value that can be told apart from others by `distinct`, in bytes.
const MAX_DISTINCT_BYTES: usize = 100_000;

/// What was read, after the filters.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    /// What the selecting filters have left, as it was read.
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) seen: Seen<'a>,
}

/// What is judged.
#[derive(Debug)]
pub(crate) enum Seen<'a> {
    /// Each node by itself, converted.
    Each(Vec<Item<'a>>),
    /// One value for all nodes.
    Whole(Whole),
}

/// A node's value after the converting filters.
pub(crate) type Item<'a> = Result<Cow<'a, Value>, Trouble>;

/// What an aggregating filter makes of all nodes.
#[derive(Debug)]
pub(crate) enum Whole {
    Value(Value),
    /// How many nodes there are.
    Count(u64),
    /// A sum of nothing that is negative: it can only grow.
    GrowingSum(Decimal),
    /// There is no node.
    Missing,
    /// This one of the nodes is null.
    Null(usize),
    /// There are several, and it is about one.
    Several,
    /// It can't be made of this one of the nodes.
    Not(usize, Trouble),
}

/// Applies the filters.
///
/// # Errors
/// When that takes too many steps.
pub(crate) fn read<'a>(
    filters: &[Filter],
    nodes: Vec<Node<'a>>,
    zone: InZone,
    work: &mut Work,
) -> Result<Reading<'a>, TooManyNodes> {
    work.charge(8 * nodes.len() as u64)?;
    let items = nodes.iter().map(|node| Ok(Cow::Borrowed(node.value))).collect();
    let mut reading = Reading { nodes, seen: Seen::Each(items) };
    for &filter in filters {
        reading.seen = match reading.seen {
            Seen::Each(items) => match filter.acts() {
                Acts::Converts => Seen::Each(convert_each(filter, zone, items, work)?),
                Acts::Selects => select(filter, &mut reading.nodes, items, work)?,
                Acts::Aggregates => Seen::Whole(aggregate(filter, &items)),
            },
            Seen::Whole(whole) => Seen::Whole(again(filter, zone, whole, work)?),
        };
    }
    Ok(reading)
}

fn convert_each<'a>(
    filter: Filter,
    zone: InZone,
    items: Vec<Item<'a>>,
    work: &mut Work,
) -> Result<Vec<Item<'a>>, TooManyNodes> {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        out.push(match item {
            Ok(value) => convert(filter, zone, &value, work)?.map(Cow::Owned),
            Err(trouble) => Err(trouble),
        });
    }
    Ok(out)
}

fn select<'a>(
    filter: Filter,
    nodes: &mut Vec<Node<'a>>,
    mut items: Vec<Item<'a>>,
    work: &mut Work,
) -> Result<Seen<'a>, TooManyNodes> {
    match filter {
        Filter::First => {
            nodes.truncate(1);
            items.truncate(1);
        }
        Filter::Last => {
            *nodes = nodes.pop().into_iter().collect();
            items = items.pop().into_iter().collect();
        }
        _distinct => {
            let kept = distinct(&items, work)?;
            let mut at = 0;
            nodes.retain(|_| {
                at += 1;
                kept.get(at - 1).copied().unwrap_or(true)
            });
            at = 0;
            items.retain(|_| {
                at += 1;
                kept.get(at - 1).copied().unwrap_or(true)
            });
        }
    }
    Ok(Seen::Each(items))
}

/// Of the same values the first is kept. What can't be converted is like nothing else.
fn distinct(items: &[Item], work: &mut Work) -> Result<Vec<bool>, TooManyNodes> {
    let mut kept = vec![true; items.len()];
    let mut known = std::collections::BTreeSet::new();
    for (item, kept) in items.iter().zip(&mut kept) {
        let identity = match item {
            Ok(value) => identity(value, MAX_DISTINCT_BYTES),
            Err(_) => None,
        };
        if let Some(identity) = identity {
            work.charge(8 + identity.len() as u64 / 8)?;
            *kept = known.insert(identity);
        } else if item.is_ok() {
            work.charge(MAX_DISTINCT_BYTES as u64 / 8)?;
        }
    }
    Ok(kept)
}

fn aggregate(filter: Filter, items: &[Item]) -> Whole {
    if filter == Filter::Count {
        return Whole::Count(items.len() as u64);
    }
    let of_one = matches!(filter, Filter::Length | Filter::Keys);
    let values = match all_there(items) {
        Ok(values) if of_one && values.len() > 1 => return Whole::Several,
        Ok(values) => values,
        Err(not) => return not,
    };
    let not = |at| Whole::Not(at, Trouble::NotA(filter));
    if of_one {
        let made = values.first().and_then(|value| of_value(filter, value));
        return made.map_or(not(0), Whole::Value);
    }
    let mut numbers = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        match value {
            Value::Number(number) => match Decimal::of(number) {
                Some(number) => numbers.push(number),
                None => return not(at),
            },
            _ => return not(at),
        }
    }
    of_numbers(filter, numbers)
}

/// The values, when there is one and none is null.
fn all_there<'i>(items: &'i [Item]) -> Result<Vec<&'i Value>, Whole> {
    if items.is_empty() {
        return Err(Whole::Missing);
    }
    // Wrong beats not-yet.
    if let Some((at, trouble)) =
        items.iter().enumerate().find_map(|(at, item)| Some((at, item.as_ref().err()?)))
    {
        return Err(Whole::Not(at, trouble.clone()));
    }
    let values: Vec<&Value> = items.iter().filter_map(|item| item.as_deref().ok()).collect();
    match values.iter().position(|value| value.is_null()) {
        Some(at) => Err(Whole::Null(at)),
        None => Ok(values),
    }
}

fn of_numbers(filter: Filter, numbers: Vec<Decimal>) -> Whole {
    if filter == Filter::Sum {
        let grows = !numbers.iter().any(Decimal::is_negative);
        let sum = numbers.into_iter().reduce(|a, b| a.plus(&b));
        return match sum {
            Some(sum) if grows => Whole::GrowingSum(sum),
            Some(sum) => whole_number(&sum),
            None => Whole::Missing,
        };
    }
    let keep = if filter == Filter::Min { Ordering::Less } else { Ordering::Greater };
    let best = numbers.into_iter().reduce(|a, b| if b.cmp(&a) == keep { b } else { a });
    best.map_or(Whole::Missing, |best| whole_number(&best))
}

fn whole_number(number: &Decimal) -> Whole {
    json::number(&number.to_string()).map_or(Whole::Missing, Whole::Value)
}

fn of_value(filter: Filter, value: &Value) -> Option<Value> {
    match (filter, value) {
        (Filter::Length, Value::String(text)) => Some(Value::from(text.chars().count())),
        (Filter::Length, Value::Array(items)) => Some(Value::from(items.len())),
        (Filter::Length, Value::Object(map)) => Some(Value::from(map.len())),
        (Filter::Keys, Value::Object(map)) => {
            Some(Value::Array(map.iter().map(|(key, _)| Value::from(key.as_str())).collect()))
        }
        _ => None,
    }
}

/// A filter after an aggregating one. The parser lets only those through that have a meaning.
fn again(
    filter: Filter,
    zone: InZone,
    whole: Whole,
    work: &mut Work,
) -> Result<Whole, TooManyNodes> {
    Ok(match (filter, whole) {
        (Filter::Count | Filter::Length, Whole::Value(Value::Array(keys))) => {
            if filter == Filter::Count {
                Whole::Count(keys.len() as u64)
            } else {
                Whole::Value(Value::from(keys.len()))
            }
        }
        (filter, Whole::Value(value)) if filter.acts() == Acts::Converts => {
            match convert(filter, zone, &value, work)? {
                Ok(value) => Whole::Value(value),
                Err(trouble) => Whole::Not(0, trouble),
            }
        }
        (_, whole) => whole,
    })
}
