//! Walks a body by a query. Every value that is visited or compared is a step, and the steps of one
//! query are limited: a hostile path on a hostile body must not hold up the worker.

use std::borrow::Cow;

use crate::json::Value;

use super::ast::{Operand, Query, Reach, Segment, Selector, Start, Test};
use super::compare::holds;
use super::node::Key;
use super::{MAX_STEPS, Node, TooManyNodes};
use crate::verify::value::weight;

/// One query under way.
pub(super) struct Walk<'a> {
    root: &'a Value,
    steps_left: u64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(root: &'a Value, steps_left: u64) -> Self {
        Self { root, steps_left }
    }

    pub(super) fn steps_left(&self) -> u64 {
        self.steps_left
    }

    /// What `query` selects; `current` is what `@` means.
    pub(super) fn query(
        &mut self,
        query: &Query,
        current: &'a Value,
    ) -> Result<Vec<Node<'a>>, TooManyNodes> {
        self.charge(1)?;
        let start = match query.start {
            Start::Root => self.root,
            Start::Current => current,
        };
        let mut nodes = vec![Node::root(start)];
        for segment in &query.segments {
            nodes = self.segment(segment, nodes)?;
        }
        Ok(nodes)
    }

    fn segment(
        &mut self,
        segment: &Segment,
        nodes: Vec<Node<'a>>,
    ) -> Result<Vec<Node<'a>>, TooManyNodes> {
        let nodes = match segment.reach {
            Reach::Children => nodes,
            Reach::Descendants => self.with_descendants(nodes)?,
        };
        let mut out = Vec::new();
        for node in &nodes {
            for selector in &segment.selectors {
                self.selector(selector, node, &mut out)?;
            }
        }
        Ok(out)
    }

    /// Each node, followed by all below it: parents before children, in the document's order.
    fn with_descendants(&mut self, nodes: Vec<Node<'a>>) -> Result<Vec<Node<'a>>, TooManyNodes> {
        let mut out = Vec::new();
        let mut ahead = nodes;
        ahead.reverse();
        while let Some(node) = ahead.pop() {
            let end = ahead.len();
            self.children(&node, &mut ahead)?;
            ahead[end..].reverse();
            out.push(node);
        }
        Ok(out)
    }

    fn selector(
        &mut self,
        selector: &Selector,
        node: &Node<'a>,
        out: &mut Vec<Node<'a>>,
    ) -> Result<(), TooManyNodes> {
        match selector {
            Selector::Name(name) => {
                self.charge(1 + weight(name))?;
                let member = node.value.as_object().and_then(|map| map.get_key_value(name));
                out.extend(member.map(|(name, value)| node.child(Key::Name(name), value)));
                Ok(())
            }
            Selector::Wildcard => self.children(node, out),
            Selector::Index(index) => {
                self.charge(1)?;
                let items = items(node);
                out.extend(place(*index, items).and_then(|at| nth(node, items, at)));
                Ok(())
            }
            Selector::Slice { start, end, step } => {
                let items = items(node);
                let places = sliced(items.len(), *start, *end, *step);
                self.charge(1 + places.len() as u64)?;
                out.extend(places.into_iter().filter_map(|at| nth(node, items, at)));
                Ok(())
            }
            Selector::Filter(test) => {
                let mut children = Vec::new();
                self.children(node, &mut children)?;
                for child in children {
                    if self.passes(test, child.value)? {
                        out.push(child);
                    }
                }
                Ok(())
            }
        }
    }

    fn children(&mut self, node: &Node<'a>, out: &mut Vec<Node<'a>>) -> Result<(), TooManyNodes> {
        match node.value {
            Value::Array(list) => {
                self.charge(1 + list.len() as u64)?;
                let indexed = list.iter().enumerate();
                out.extend(indexed.map(|(at, item)| node.child(Key::Index(at), item)));
            }
            Value::Object(map) => {
                self.charge(1 + map.len() as u64)?;
                out.extend(map.iter().map(|(name, value)| node.child(Key::Name(name), value)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                self.charge(1)?;
            }
        }
        Ok(())
    }

    fn passes(&mut self, test: &Test, current: &'a Value) -> Result<bool, TooManyNodes> {
        Ok(match test {
            Test::Any(tests) => {
                for test in tests {
                    if self.passes(test, current)? {
                        return Ok(true);
                    }
                }
                false
            }
            Test::All(tests) => {
                for test in tests {
                    if !self.passes(test, current)? {
                        return Ok(false);
                    }
                }
                true
            }
            Test::Not(test) => !self.passes(test, current)?,
            Test::Exists(query) => !self.query(query, current)?.is_empty(),
            Test::Compare(left, operator, right) => {
                let (left, right) = (self.operand(left, current)?, self.operand(right, current)?);
                let held =
                    holds(left.as_deref(), *operator, right.as_deref(), &mut self.steps_left);
                held.ok_or(TooManyNodes { limit: MAX_STEPS })?
            }
        })
    }

    /// The value of one side of a comparison; none for Nothing.
    fn operand<'v>(
        &mut self,
        operand: &'v Operand,
        current: &'a Value,
    ) -> Result<Option<Cow<'v, Value>>, TooManyNodes>
    where
        'a: 'v,
    {
        Ok(match operand {
            Operand::Literal(value) => Some(Cow::Borrowed(value)),
            Operand::Query(query) | Operand::Value(query) => {
                match self.query(query, current)?.as_slice() {
                    [one] => Some(Cow::Borrowed(one.value)),
                    _ => None,
                }
            }
            Operand::Count(query) => {
                let count = self.query(query, current)?.len();
                Some(Cow::Owned(Value::from(count)))
            }
            Operand::Length(of) => {
                let length = self.operand(of, current)?.map(|value| self.length(&value));
                length.transpose()?.flatten().map(|length| Cow::Owned(Value::from(length)))
            }
        })
    }

    /// `length()`: how many characters, elements or members; nothing for what has none.
    fn length(&mut self, value: &Value) -> Result<Option<usize>, TooManyNodes> {
        Ok(match value {
            Value::String(text) => {
                self.charge(weight(text))?;
                Some(text.chars().count())
            }
            Value::Array(list) => Some(list.len()),
            Value::Object(map) => Some(map.len()),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        })
    }

    fn charge(&mut self, steps: u64) -> Result<(), TooManyNodes> {
        let left = self.steps_left.checked_sub(steps);
        self.steps_left = left.ok_or(TooManyNodes { limit: MAX_STEPS })?;
        Ok(())
    }
}

fn items<'a>(node: &Node<'a>) -> &'a [Value] {
    node.value.as_array().map_or(&[], Vec::as_slice)
}

fn nth<'a>(node: &Node<'a>, items: &'a [Value], at: usize) -> Option<Node<'a>> {
    items.get(at).map(|item| node.child(Key::Index(at), item))
}

/// Where an index is; a negative one counts from the end.
fn place(index: i64, items: &[Value]) -> Option<usize> {
    let from_end = if index < 0 { i64::try_from(items.len()).ok()? } else { 0 };
    usize::try_from(index + from_end).ok()
}

/// The indexes of a slice of an array of `length`, in its order (RFC 9535, 2.3.4.2.2).
fn sliced(length: usize, start: Option<i64>, end: Option<i64>, step: i64) -> Vec<usize> {
    let Ok(length) = i64::try_from(length) else {
        return Vec::new();
    };
    // What is written may be negative, and then counts from the end; a bound left out doesn't.
    let normal = |index: i64| if index < 0 { index + length } else { index };
    let mut places = Vec::new();
    if step > 0 {
        let end = end.map_or(length, normal).clamp(0, length);
        let mut at = start.map_or(0, normal).clamp(0, length);
        while at < end {
            places.extend(usize::try_from(at));
            at += step;
        }
    } else if step < 0 {
        let end = end.map_or(-1, normal).clamp(-1, length - 1);
        let mut at = start.map_or(length - 1, normal).clamp(-1, length - 1);
        while at > end {
            places.extend(usize::try_from(at));
            at += step;
        }
    }
    places
}
