//! JSONPath (RFC 9535) over a JSON body, with bounds on hostile ones. Knows no checks or verdicts.
//!
//! Our own, as numbers are compared as decimals from their text, in filters too, where the known library
//! goes through floating point. Nor can that one bound its work, and it was an eighth of what a browser
//! loads of the engine.
//!
//! Where to start: [`Path`]. [`parse`] reads a path into the tree of [`ast`], [`select`] walks a body
//! by it, [`compare`] has the comparisons of filters. `match()` and `search()` are not taken.

mod ast;
mod compare;
mod filter;
mod literal;
mod node;
mod parse;
mod select;
#[cfg(test)]
mod tests;

use crate::json::Value;

use self::ast::Query;
pub(crate) use self::node::Node;
use super::work::Work;

/// The longest path, in bytes.
const MAX_PATH_BYTES: usize = 2000;
/// How many descendant segments (`..`) a path may have: each multiplies the work by the depth.
const MAX_DESCENDANTS: usize = 2;
/// How deep filters (`[?…]`) may be nested.
const MAX_FILTER_DEPTH: usize = 4;
/// How deep brackets and parentheses of any kind may be nested: the parser calls itself for each.
const MAX_NESTING: usize = 32;
/// The largest body a path is applied to, in JSON values; and the most it may select.
pub(crate) const MAX_NODES: u64 = 200_000;
/// How many values one query may visit or compare, those of its filters included.
const MAX_STEPS: u64 = 2_000_000;

/// A path that can be applied.
#[derive(Clone, Debug)]
pub(crate) struct Path(Query);

/// A query selects or visits more values than it may.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TooManyNodes {
    /// How many it may.
    pub(crate) limit: u64,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// A sentence with the place in the path, when it is none or is beyond the bounds.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_PATH_BYTES {
            return Err(format!("{} bytes long; at most {MAX_PATH_BYTES}", text.len()));
        }
        parse::Parser::new(text).path().map(Self)
    }

    /// The selected values, in the document's order.
    ///
    /// # Errors
    /// When it selects or visits too many.
    pub(crate) fn select<'a>(
        &self,
        body: &'a Value,
        work: &mut Work,
    ) -> Result<Vec<Node<'a>>, TooManyNodes> {
        let mut walk = select::Walk::new(body, work.lend(MAX_STEPS));
        let nodes = walk.query(&self.0, body);
        work.give_back(walk.steps_left());
        let nodes = nodes?;
        if nodes.len() as u64 > MAX_NODES {
            return Err(TooManyNodes { limit: MAX_NODES });
        }
        Ok(nodes)
    }
}

impl Path {
    /// Which of the objects that its last name is looked for in has no such member: the first one's
    /// place among them, and how many there are.
    ///
    /// # Errors
    /// When it visits too many.
    pub(crate) fn lacking(
        &self,
        body: &Value,
        work: &mut Work,
    ) -> Result<Option<(usize, usize)>, TooManyNodes> {
        let mut before = self.0.clone();
        let last = before.segments.pop().filter(|last| last.reach == ast::Reach::Children);
        let selectors = last.as_ref().map(|last| last.selectors.as_slice());
        let Some([ast::Selector::Name(name)]) = selectors else { return Ok(None) };
        let parents = Self(before).select(body, work)?;
        let lacks = |node: &Node| node.value.as_object().is_some_and(|map| map.get(name).is_none());
        Ok(parents.iter().position(lacks).map(|at| (at, parents.len())))
    }
}

/// How many values a JSON text holds in all.
pub(crate) fn count_nodes(value: &Value) -> u64 {
    match value {
        Value::Array(items) => 1 + items.iter().map(count_nodes).sum::<u64>(),
        Value::Object(map) => 1 + map.iter().map(|(_, value)| count_nodes(value)).sum::<u64>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}
