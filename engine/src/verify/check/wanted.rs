//! What a check expects, with its templates filled in, its filters applied and its tolerance added.

use super::filter::{Acts, Filter, InZone, Trouble, convert, number_of};
use super::{Check, Halt, Rule};
use crate::chain::{Scope, Setting};
use crate::json::{self, Value};
use crate::time::{parse_duration, whole_ms};
use crate::verify::decimal::Decimal;
use crate::verify::op::Op;
use crate::verify::pattern::Pattern;
use crate::verify::reason::Reason;
use crate::verify::schema::Schema;
use crate::verify::tolerance::Tolerance;
use crate::verify::value::{shorten, shown};
use crate::verify::work::Work;

/// What is expected.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) what: What,
    /// Of `one_of`: those mean that it is still under way.
    pub(crate) progress: Vec<Value>,
    /// For people, as JSON text.
    pub(crate) shown: Option<String>,
}

#[derive(Debug)]
pub(crate) enum What {
    Present,
    Absent,
    /// One of these values, or, of `not_equals`, none of them.
    Same(Vec<Value>),
    /// Within one of these, or, of `not_equals`, in none of them.
    Within(Vec<Range>),
    /// A part of a text, or an element of a list.
    Part(Value),
    Pattern(Pattern),
    Schema(Box<Schema>),
    /// Nothing can hold, for this reason.
    Nothing(Reason),
}

/// The numbers between two ends; without an end there is no limit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Range {
    pub(crate) low: Option<End>,
    pub(crate) high: Option<End>,
}

#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) at: Decimal,
    pub(crate) included: bool,
}

impl Range {
    pub(crate) fn holds(&self, number: &Decimal) -> bool {
        !self.is_above(number) && !self.is_below(number)
    }

    /// Whether the number is too great.
    pub(crate) fn is_above(&self, number: &Decimal) -> bool {
        self.high.as_ref().is_some_and(|end| *number > end.at || *number == end.at && !end.included)
    }

    /// Whether the number is too small.
    pub(crate) fn is_below(&self, number: &Decimal) -> bool {
        self.low.as_ref().is_some_and(|end| *number < end.at || *number == end.at && !end.included)
    }

    /// Whether only one number is in it.
    pub(crate) fn is_point(&self) -> bool {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => low.at == high.at,
            (Some(_) | None, _) => false,
        }
    }

    pub(crate) fn point(at: Decimal) -> Self {
        let end = |at| Some(End { at, included: true });
        Self { low: end(at.clone()), high: end(at) }
    }

    fn of(op: Op, numbers: &[Decimal], tolerance: Option<&Tolerance>) -> Option<Self> {
        let (first, last) = (numbers.first()?, numbers.last()?);
        let slack = |number: &Decimal| tolerance.map(|tolerance| tolerance.of(number));
        let low = slack(first).map_or_else(|| first.clone(), |slack| first.minus(&slack));
        let high = slack(last).map_or_else(|| last.clone(), |slack| last.plus(&slack));
        let end = |at, included| Some(End { at, included });
        Some(match op {
            Op::AtLeast => Self { low: end(low, true), high: None },
            Op::GreaterThan | Op::NewerThan => Self { low: end(low, false), high: None },
            Op::AtMost => Self { low: None, high: end(high, true) },
            Op::LessThan | Op::OlderThan => Self { low: None, high: end(high, false) },
            _ends_included => Self { low: end(low, true), high: end(high, true) },
        })
    }
}

impl Check {
    /// Fills in what is expected.
    pub(super) fn wanted(
        &self,
        scope: &dyn Scope,
        zone: InZone,
        work: &mut Work,
    ) -> Result<Wanted, Halt> {
        let plain = |what| Wanted { what, progress: Vec::new(), shown: None };
        Ok(match &self.rule {
            Rule::Exists => plain(What::Present),
            Rule::Absent => plain(What::Absent),
            Rule::Compare { op, value, progress } => {
                let value = value.fill(scope)?;
                let mut wanted = self.compared(*op, &value, scope, zone, work)?;
                for value in progress
                    .as_ref()
                    .map(|progress| progress.fill(scope))
                    .transpose()?
                    .map(list)
                    .into_iter()
                    .flatten()
                {
                    wanted.progress.extend(self.converted(&value, zone, work)?.ok());
                }
                wanted
            }
            Rule::Matches { pattern, known } => {
                let text = pattern.fill(scope, Setting::Pattern)?;
                let what = match known.clone().map_or_else(|| Pattern::parse(&text), Ok) {
                    Ok(pattern) => What::Pattern(pattern),
                    Err(message) => {
                        What::Nothing(Reason::BadPattern { what: shorten(&text), message })
                    }
                };
                Wanted { shown: Some(shorten(&json::quoted(&text))), ..plain(what) }
            }
            Rule::Schema(schema) => {
                let schema = schema.fill(scope)?;
                let what = match Schema::parse(&schema) {
                    Ok(schema) => What::Schema(Box::new(schema)),
                    Err(wrong) => {
                        let (what, message) = (wrong.path, wrong.message.en);
                        What::Nothing(Reason::BadPattern { what, message })
                    }
                };
                Wanted { shown: Some(shown(&schema)), ..plain(what) }
            }
            Rule::SameAs { stage, field } => {
                let values = scope.recorded(stage, field);
                if values.is_empty() {
                    let (stage, field) = (stage.clone(), field.clone());
                    return Ok(plain(What::Nothing(Reason::NotRecorded { stage, field })));
                }
                let one = if values.len() == 1 { values.into_iter().next() } else { None };
                let value = one.unwrap_or_else(|| Value::Array(scope.recorded(stage, field)));
                self.compared(Op::SameAs, &value, scope, zone, work)?
            }
        })
    }

    fn compared(
        &self,
        op: Op,
        value: &Value,
        scope: &dyn Scope,
        zone: InZone,
        work: &mut Work,
    ) -> Result<Wanted, Halt> {
        let several = matches!(op, Op::OneOf | Op::SameAs | Op::Between);
        let values = if several { list(value.clone()) } else { vec![value.clone()] };
        let mut converted = Vec::new();
        let mut trouble = None;
        for value in &values {
            match self.expected(op, value, scope, zone, work)? {
                Ok(value) => converted.push(value),
                Err(found) => trouble = Some(Self::target_trouble(value, &found)),
            }
        }
        let shown = Some(if op == Op::Between { in_words(&values) } else { shown(value) });
        let what = match trouble {
            // Of several, one that can't be converted is one that nothing is like.
            Some(reason) if converted.is_empty() || op == Op::Between => What::Nothing(reason),
            Some(_) | None => self.what(op, converted),
        };
        Ok(Wanted { what, progress: Vec::new(), shown })
    }

    fn what(&self, op: Op, values: Vec<Value>) -> What {
        let ranged = op.orders() || self.tolerance.is_some();
        if matches!(op, Op::Contains | Op::NotContains | Op::StartsWith | Op::EndsWith) {
            return values.into_iter().next().map_or(What::Present, What::Part);
        }
        if !ranged {
            return What::Same(values);
        }
        let mut numbers = Vec::new();
        for value in values {
            let number = if self.is_amount() || op.is_of_time() {
                number_of(&value)
            } else {
                value.is_number().then(|| number_of(&value)).flatten()
            };
            match number {
                Some(number) => numbers.push(number),
                None => return What::Nothing(Reason::NoNumber { want: shown(&value), op }),
            }
        }
        let tolerance = self.tolerance.as_ref();
        let ranges: Option<Vec<Range>> = match op {
            Op::Between if numbers.len() != 2 => {
                return What::Nothing(Reason::NoNumber { want: numbers.len().to_string(), op });
            }
            Op::Between => Range::of(op, &numbers, tolerance).map(|range| vec![range]),
            _ => numbers
                .iter()
                .map(|number| Range::of(op, std::slice::from_ref(number), tolerance))
                .collect(),
        };
        What::Within(ranges.unwrap_or_default())
    }

    /// One expected value after the filters. A span is so long before now.
    fn expected(
        &self,
        op: Op,
        value: &Value,
        scope: &dyn Scope,
        zone: InZone,
        work: &mut Work,
    ) -> Result<Result<Value, Trouble>, Halt> {
        if op.is_of_time()
            && let Some(span) = value.as_str().and_then(parse_duration)
        {
            let at = scope.now().as_ms().saturating_sub(whole_ms(span));
            return Ok(Ok(Value::from(at)));
        }
        self.converted(value, zone, work)
    }

    pub(super) fn converted(
        &self,
        value: &Value,
        zone: InZone,
        work: &mut Work,
    ) -> Result<Result<Value, Trouble>, Halt> {
        let mut value = value.clone();
        for filter in converting(&self.filters) {
            match convert(filter, zone, &value, work)? {
                Ok(converted) => value = converted,
                Err(trouble) => return Ok(Err(trouble)),
            }
        }
        Ok(Ok(value))
    }

    fn target_trouble(value: &Value, trouble: &Trouble) -> Reason {
        match trouble {
            Trouble::NotA(filter) => Reason::TargetNotConvertible {
                want: shown(value),
                filter: filter.word().to_owned(),
            },
            Trouble::NoZone | Trouble::UnknownZone(_) => trouble.reason("value", value),
        }
    }
}

/// The converting ones among filters, which what is expected goes through. Those before a filter that
/// makes something of another kind, such as a count of texts, are about the reading alone.
pub(crate) fn converting(filters: &[Filter]) -> impl Iterator<Item = Filter> {
    let other_kind =
        |filter: &Filter| matches!(filter, Filter::Count | Filter::Length | Filter::Keys);
    let from = filters.iter().rposition(other_kind).map_or(0, |at| at + 1);
    let rest = filters.get(from..).unwrap_or_default();
    rest.iter().copied().filter(|filter| filter.acts() == Acts::Converts)
}

pub(crate) fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        one => vec![one],
    }
}

/// `5 to 7`
fn in_words(ends: &[Value]) -> String {
    ends.iter().map(shown).collect::<Vec<_>>().join(" to ")
}
