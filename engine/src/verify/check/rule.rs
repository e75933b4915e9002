//! Judges what the filters have left against what is expected.

use super::filter::Trouble;
use super::reading::{Item, Whole};
use super::{Check, Match, Wanted, What};
use crate::json::Value;
use crate::time::Timestamp;
use crate::verify::decimal::Decimal;
use crate::verify::jsonpath::{Node, TooManyNodes};
use crate::verify::op::Op;
use crate::verify::reason::{Judged, Reason, Verdict};
use crate::verify::value::{is_among, shown};
use crate::verify::work::Work;

/// One reading that is judged.
pub(super) struct Judging<'a> {
    pub(super) check: &'a Check,
    pub(super) what: &'a str,
    pub(super) wanted: &'a Wanted,
    /// Why nothing is there, when nothing is.
    pub(super) missing: &'a Reason,
}

type Step<T> = Result<T, TooManyNodes>;

impl Judging<'_> {
    pub(super) fn what(&self) -> String {
        self.what.to_owned()
    }

    /// Judges each node by itself, and then all of them as `match` says.
    pub(super) fn each(&self, items: &[Item], nodes: &[Node], work: &mut Work) -> Step<Judged> {
        if self.check.mode == Match::One && items.len() > 1 {
            let seen = items.len() as u64;
            return Ok(Judged::fail(Reason::Matched { what: self.what(), seen }));
        }
        let mut all = Vec::with_capacity(items.len());
        for (at, (item, node)) in items.iter().zip(nodes).enumerate() {
            work.charge(8)?;
            all.push(self.item(item, node.value, (at, items.len()), work)?);
        }
        if all.is_empty() && matches!(self.wanted.what, What::Absent) {
            return Ok(Judged::pass(Reason::NotThere { what: self.what() }));
        }
        let judged = match self.check.mode {
            Match::Any => any_of(all),
            Match::Every | Match::One => all.into_iter().reduce(worse),
        };
        Ok(judged.unwrap_or_else(|| Judged::pending(self.missing.clone())))
    }

    /// Judges the one value that an aggregating filter has made.
    pub(super) fn whole(&self, whole: &Whole, nodes: &[Node], work: &mut Work) -> Step<Judged> {
        Ok(match whole {
            Whole::Count(seen) => self.count(*seen, nodes),
            Whole::GrowingSum(sum) => self.sum(sum),
            Whole::Value(value) => {
                let got = self.shown_value(value);
                self.value(&got, value, work)?
            }
            Whole::Missing => Judged::pending(self.missing.clone()),
            Whole::Null(at) => self.null((*at, nodes.len())),
            Whole::Several => {
                let seen = nodes.len() as u64;
                Judged::fail(Reason::Matched { what: self.what(), seen })
            }
            Whole::Not(at, trouble) => {
                let null = Value::Null;
                let got = nodes.get(*at).map_or(&null, |node| node.value);
                self.trouble(trouble, got)
            }
        })
    }

    /// Of a zone whose rules are still to come, nothing can be said yet.
    fn trouble(&self, trouble: &Trouble, got: &Value) -> Judged {
        let reason = trouble.reason(self.what, got);
        match trouble {
            Trouble::UnknownZone(_) => Judged::pending(reason),
            Trouble::NotA(_) | Trouble::NoZone => self.check.otherwise(reason),
        }
    }

    /// Which one of several is null is told, as people count.
    fn null(&self, (at, of): (usize, usize)) -> Judged {
        let what = self.what();
        Judged::pending(if of > 1 {
            Reason::NullIn { what, nth: at as u64 + 1, of: of as u64 }
        } else {
            Reason::Null { what }
        })
    }

    fn item(
        &self,
        item: &Item,
        raw: &Value,
        place: (usize, usize),
        work: &mut Work,
    ) -> Step<Judged> {
        let value = match item {
            Ok(value) => value,
            Err(trouble) => return Ok(self.trouble(trouble, raw)),
        };
        match (&self.wanted.what, value.is_null()) {
            (What::Absent, true) => Ok(Judged::pass(Reason::NotThere { what: self.what() })),
            (_, true) => Ok(self.null(place)),
            (_, false) => self.value(&shown(raw), value, work),
        }
    }

    /// A value that is there.
    fn value(&self, got: &str, value: &Value, work: &mut Work) -> Step<Judged> {
        let (what, got) = (self.what(), got.to_owned());
        let held = match &self.wanted.what {
            What::Present => Ok(true),
            What::Absent => Ok(false),
            What::Same(values) => Ok(self.not_if(is_among(value, values, work)?)),
            What::Within(ranges) => match number(value) {
                Some(number) => Ok(self.not_if(ranges.iter().any(|range| range.holds(&number)))),
                None => Err(Reason::NotComparable {
                    what: what.clone(),
                    got: got.clone(),
                    op: self.check.op(),
                }),
            },
            What::Part(part) => {
                let op = self.check.op();
                let held = part_of(op, value, part, work)?;
                held.ok_or(Reason::NotComparable { what: what.clone(), got: got.clone(), op })
            }
            What::Pattern(pattern) => match value {
                Value::String(text) => Ok(pattern.is_in(text, work)?),
                _ => Err(Reason::NotComparable {
                    what: what.clone(),
                    got: got.clone(),
                    op: Op::Matches,
                }),
            },
            What::Schema(schema) => match schema.judge(value, work)? {
                None => Ok(true),
                Some(wrong) => Err(Reason::SchemaFails {
                    what: what.clone(),
                    at: wrong.at,
                    got: wrong.got,
                    keyword: wrong.keyword.to_owned(),
                    want: wrong.want,
                }),
            },
            What::Nothing(reason @ Reason::UnknownZone { .. }) => {
                return Ok(Judged::pending(reason.clone()));
            }
            What::Nothing(reason) => Err(reason.clone()),
        };
        match held {
            Ok(true) => Ok(Judged::pass(Reason::Holds { what, got })),
            Ok(false) if is_among(value, &self.wanted.progress, work)? => {
                Ok(Judged::pending(Reason::StillInProgress { what, got }))
            }
            Ok(false) => Ok(self.check.otherwise(self.differs(what, got))),
            Err(reason) => Ok(self.check.otherwise(reason)),
        }
    }

    fn not_if(&self, is: bool) -> bool {
        is != (self.check.op() == Op::NotEquals)
    }

    fn differs(&self, what: String, got: String) -> Reason {
        let want = self.wanted.shown.clone().unwrap_or_default();
        match self.check.op() {
            Op::Equals | Op::OneOf | Op::SameAs => Reason::Differs { what, got, want },
            op @ (Op::NotEquals
            | Op::Contains
            | Op::NotContains
            | Op::StartsWith
            | Op::EndsWith
            | Op::Matches
            | Op::Between
            | Op::AtLeast
            | Op::AtMost
            | Op::GreaterThan
            | Op::LessThan
            | Op::Exists
            | Op::Absent
            | Op::NewerThan
            | Op::OlderThan
            | Op::Schema) => Reason::Unlike { what, got, op, want },
        }
    }

    /// A value that was made of others, for people: an instant is a date again.
    fn shown_value(&self, value: &Value) -> String {
        let is_time = self.check.filters.contains(&super::Filter::Time)
            && !self.check.filters.contains(&super::Filter::Length);
        match value.as_i64().filter(|_| is_time) {
            Some(ms) => shown(&Value::from(Timestamp::from_ms(ms).to_string())),
            None => shown(value),
        }
    }
}

/// Of instants it is in milliseconds. A text is no number until a filter makes it one.
fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Decimal::of(number),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// Whether a text or a list has this part; none when the types don't fit.
fn part_of(op: Op, value: &Value, part: &Value, work: &mut Work) -> Step<Option<bool>> {
    Ok(match (op, value, part) {
        (Op::Contains, Value::String(text), Value::String(part)) => Some(text.contains(part)),
        (Op::NotContains, Value::String(text), Value::String(part)) => Some(!text.contains(part)),
        (Op::StartsWith, Value::String(text), Value::String(part)) => Some(text.starts_with(part)),
        (Op::EndsWith, Value::String(text), Value::String(part)) => Some(text.ends_with(part)),
        (Op::Contains | Op::NotContains, Value::Array(items), part) => {
            let mut found = false;
            for item in items {
                found = found || is_among(item, std::slice::from_ref(part), work)?;
            }
            Some(found == (op == Op::Contains))
        }
        _ => None,
    })
}

/// The worse of two, the first of equals.
fn worse(a: Judged, b: Judged) -> Judged {
    if b.verdict > a.verdict { b } else { a }
}

/// One that passes is enough, else pending if one is missing, else what a difference comes to.
fn any_of(all: Vec<Judged>) -> Option<Judged> {
    let is_null =
        |judged: &&Judged| matches!(judged.reason, Reason::Null { .. } | Reason::NullIn { .. });
    let passing = all.iter().find(|judged| judged.verdict == Verdict::Pass);
    if let Some(found) = passing.or_else(|| all.iter().find(is_null)) {
        return Some(found.clone());
    }
    all.into_iter().reduce(|a, b| if b.verdict < a.verdict { b } else { a })
}
