//! One check: what it reads, and how the reading is judged. Pure; the attempt as a whole is judged in
//! [`super::evaluate`].
//!
//! [`source`] takes a value out of an answer, [`reading`] applies the filters, [`wanted`] says what is
//! expected, and [`rule`] compares; [`amount`] does for counts and sums, which can still grow.

mod amount;
pub(crate) mod filter;
mod reading;
mod rule;
mod source;
#[cfg(test)]
mod tests;
pub(crate) mod wanted;

pub(crate) use self::filter::Filter;
use self::filter::InZone;
use self::reading::Seen;
use self::source::Found;
pub(crate) use self::source::{Answered, Source};
use self::wanted::{Wanted, What};
use super::jsonpath::{Node, Path, TooManyNodes};
use super::op::Op;
use super::pattern::Pattern;
use super::reason::{Judged, Reason, Verdict};
use super::tolerance::Tolerance;
use super::value::shown;
use super::work::Work;
use crate::chain::{Scope, Template, Unresolved, ValueTemplate};

/// How many selected values a reading shows, and how many duplicates it names.
const MAX_SHOWN: usize = 20;

/// One rule about an answer.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// Where it stands in its stage: `checks[0]`.
    pub(crate) place: String,
    /// Its name, of the author's choice.
    pub(crate) id: Option<String>,
    pub(crate) source: Source,
    pub(crate) filters: Vec<Filter>,
    pub(crate) rule: Rule,
    pub(crate) mode: Match,
    pub(crate) otherwise: Otherwise,
    /// How many wrong readings in a row make it wrong.
    pub(crate) confirm: u32,
    pub(crate) tolerance: Option<Tolerance>,
    /// The zone of times that name none.
    pub(crate) zone: Option<String>,
    /// Whether one poll may prove that nothing is there: its stage holds, or it is no check but a stop.
    pub(crate) may_be_none: bool,
}

/// What has to hold.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    Exists,
    Absent,
    /// `progress`: of `one_of`, what means that it is still under way.
    Compare {
        op: Op,
        value: ValueTemplate,
        progress: Option<ValueTemplate>,
    },
    /// `known`: the pattern, when no template is in it.
    Matches {
        pattern: Template,
        known: Option<Pattern>,
    },
    Schema(ValueTemplate),
    /// As in the record of an earlier stage.
    SameAs {
        stage: String,
        field: String,
    },
}

/// What has to hold of several selected values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Match {
    Every,
    Any,
    One,
}

/// What a value that is there and doesn't hold comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Otherwise {
    Fail,
    Wait,
}

/// What a check saw, and how it was judged.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) judged: Judged,
    pub(crate) expected: Option<String>,
    pub(crate) selected: Vec<String>,
    pub(crate) locations: Vec<String>,
}

/// Why a check can't be judged to its end.
#[derive(Debug)]
pub(crate) enum Halt {
    Unresolved(Unresolved),
    TooMuch(TooManyNodes),
}

impl From<Unresolved> for Halt {
    fn from(unresolved: Unresolved) -> Self {
        Self::Unresolved(unresolved)
    }
}

impl From<TooManyNodes> for Halt {
    fn from(too_many: TooManyNodes) -> Self {
        Self::TooMuch(too_many)
    }
}

impl Check {
    /// Whether it compares with what an earlier stage has of a field.
    pub(crate) fn compares(&self) -> bool {
        matches!(self.rule, Rule::SameAs { .. })
    }

    /// The rule in short, as it stands in the document.
    pub(crate) fn rule_in_short(&self) -> String {
        let mut words = vec![self.source.word()];
        words.extend(self.filters.iter().map(|filter| filter.word().to_owned()));
        words.push(self.op().word().to_owned());
        if let Rule::SameAs { stage, field } = &self.rule {
            words.push(format!("{stage}.{field}"));
        }
        let rule = words.join(" ");
        self.id.as_ref().map_or_else(|| rule.clone(), |id| format!("{id}: {rule}"))
    }

    pub(crate) fn op(&self) -> Op {
        match &self.rule {
            Rule::Exists => Op::Exists,
            Rule::Absent => Op::Absent,
            Rule::Compare { op, .. } => *op,
            Rule::Matches { .. } => Op::Matches,
            Rule::Schema(_) => Op::Schema,
            Rule::SameAs { .. } => Op::SameAs,
        }
    }

    /// Whether it counts or sums up: such a check is monotone, as more can still come.
    pub(crate) fn is_amount(&self) -> bool {
        is_amount(&self.filters)
    }

    /// Judges an answer.
    ///
    /// # Errors
    /// The first name without a value.
    pub(crate) fn judge(
        &self,
        answer: &Answered,
        scope: &dyn Scope,
        work: &mut Work,
    ) -> Result<Outcome, Unresolved> {
        let what = self.source.what(scope)?;
        match self.judge_source(&what, answer, scope, work) {
            Ok(outcome) => Ok(outcome),
            Err(Halt::Unresolved(unresolved)) => Err(unresolved),
            Err(Halt::TooMuch(TooManyNodes { limit })) => {
                Ok(Outcome::bare(Judged::fail(Reason::TooManyNodes { what, limit })))
            }
        }
    }

    fn judge_source(
        &self,
        what: &str,
        answer: &Answered,
        scope: &dyn Scope,
        work: &mut Work,
    ) -> Result<Outcome, Halt> {
        let missing = Reason::Missing { what: what.to_owned() };
        match self.source.find(what, answer, scope, work)? {
            Found::Nodes(nodes) => {
                let mut outcome = self.judge_nodes(what, nodes, &missing, scope, work)?;
                // A sum is no more certain than its members, also when it is above its target.
                let is_above = matches!(outcome.judged.reason, Reason::SumAbove { .. });
                if outcome.judged.verdict != Verdict::Fail || is_above {
                    self.find_lacking(what, answer, &mut outcome, work)?;
                }
                Ok(outcome)
            }
            Found::Value(value) => {
                let nodes = vec![Node::root(&value)];
                let outcome = self.judge_nodes(what, nodes, &missing, scope, work)?;
                // It has no place within a body.
                let locations = outcome.locations.iter().map(|_| String::new()).collect();
                Ok(Outcome { locations, ..outcome })
            }
            Found::Missing(missing) => self.judge_nodes(what, Vec::new(), &missing, scope, work),
            Found::Unreadable(judged) => Ok(Outcome::bare(judged)),
        }
    }

    /// A sum of which a member is still missing is pending.
    fn find_lacking(
        &self,
        what: &str,
        answer: &Answered,
        outcome: &mut Outcome,
        work: &mut Work,
    ) -> Result<(), Halt> {
        if !self.filters.contains(&Filter::Sum) {
            return Ok(());
        }
        if let (Ok(path), Ok(body)) = (Path::parse(what), answer.json)
            && let Some((at, of)) = path.lacking(body, work)?
        {
            let what = what.to_owned();
            outcome.judged = Judged::pending(if of > 1 {
                Reason::MissingIn { what, nth: at as u64 + 1, of: of as u64 }
            } else {
                Reason::Missing { what }
            });
        }
        Ok(())
    }

    fn judge_nodes(
        &self,
        what: &str,
        nodes: Vec<Node>,
        missing: &Reason,
        scope: &dyn Scope,
        work: &mut Work,
    ) -> Result<Outcome, Halt> {
        let zone = self.zone.as_deref().map(|name| (name, scope.zone(name)));
        let zone = match &zone {
            None => InZone::Unsaid,
            Some((_, Some(zone))) => InZone::Known(zone),
            Some((name, None)) => InZone::Unknown(name),
        };
        let wanted = self.wanted(scope, zone, work)?;
        let reading = reading::read(&self.filters, nodes, zone, work)?;
        let judging = rule::Judging { check: self, what, wanted: &wanted, missing };
        let judged = match &reading.seen {
            Seen::Each(items) => judging.each(items, &reading.nodes, work)?,
            Seen::Whole(whole) => judging.whole(whole, &reading.nodes, work)?,
        };
        let nodes = reading.nodes.iter().take(MAX_SHOWN);
        Ok(Outcome {
            judged,
            expected: wanted.shown,
            selected: nodes.clone().map(|node| shown(node.value)).collect(),
            locations: nodes.map(Node::location).collect(),
        })
    }

    pub(super) fn otherwise(&self, reason: Reason) -> Judged {
        match self.otherwise {
            Otherwise::Fail => Judged::fail(reason),
            Otherwise::Wait => Judged::pending(reason),
        }
    }
}

impl Outcome {
    pub(crate) fn bare(judged: Judged) -> Self {
        Self { judged, expected: None, selected: Vec::new(), locations: Vec::new() }
    }
}

/// Whether the last aggregating filter counts or sums up.
pub(crate) fn is_amount(filters: &[Filter]) -> bool {
    let last = filters.iter().rev().find(|filter| filter.acts() == filter::Acts::Aggregates);
    matches!(last, Some(Filter::Count | Filter::Sum))
}
