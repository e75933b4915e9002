//! Reads the checks of a stage, and refuses those that would say something untrue. [`rule`] has the
//! operators and what they take.

mod rule;

use crate::json::Value;

use self::rule::parse_rule;
use super::field_document::{Earlier, Unit, parse_tolerance, parse_zone};
use super::keys;
use super::names::Names;
use super::stage_document::parse_path;
use crate::document::{Object, Place, ProblemKind, Problems};
use crate::json;
use crate::verify::Op;
use crate::verify::check::filter::Acts;
use crate::verify::check::{Check, Filter, Match, Otherwise, Source, is_amount};
use crate::verify::tolerance::Tolerance;

/// Where checks stand, which decides what they may say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckIn {
    Stop,
    Polled,
    Holding,
}

pub(crate) fn parse_checks(
    stage: &Object,
    key: &str,
    within: CheckIn,
    names: &mut Names,
    earlier: Earlier,
    problems: &mut Problems,
) -> Option<Vec<Check>> {
    let Some(place) = stage.find(key) else {
        return Some(Vec::new());
    };
    let items = place.items(problems, keys::MAX_CHECKS)?;
    let mut checks: Vec<Check> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = format!("{key}[{index}]");
        let Some(check) = parse_check(item, place, within, names, earlier, problems) else {
            continue;
        };
        if let Some(id) = &check.id
            && checks.iter().any(|other| other.id.as_ref() == Some(id))
        {
            problems.push(&item.part("id"), ProblemKind::Duplicate { name: id.clone() });
        }
        checks.push(check);
    }
    Some(checks)
}

fn parse_check(
    item: &Place,
    place: String,
    within: CheckIn,
    names: &mut Names,
    earlier: Earlier,
    problems: &mut Problems,
) -> Option<Check> {
    let object = item.object(problems, &keys::CHECK, &[])?;
    if within == CheckIn::Stop {
        for key in ["else", "while", "confirm"] {
            object.refuse(problems, key, "a stop check");
        }
    }
    let id = object.find("id").and_then(|place| place.name(problems)).map(str::to_owned);
    let source =
        object.need(problems, "source").and_then(|place| parse_source(&place, names, problems));
    let filters =
        object.find("filter").map_or(Some(Vec::new()), |place| parse_filters(&place, problems));
    let op =
        object.need(problems, "op").and_then(|place| place.word(problems, &Op::WORDS, &Op::ALL));
    let mode = parse_match(&object, problems);
    let otherwise = parse_else(&object, problems);
    let confirm = object.find("confirm").map_or(Some(1), |place| place.whole(problems, 1, 1000));
    let (op, filters) = (op?, filters?);
    let mut found = Found { op, filters, zone: None, tolerance: None };
    refuse_what_has_no_meaning(&object, &found, within, problems);
    let rule = parse_rule(&object, &mut found, within, names, earlier, problems);
    Some(Check {
        place,
        id,
        source: source?,
        rule: rule?,
        mode: mode?,
        otherwise: otherwise?,
        confirm: confirm?,
        filters: found.filters,
        tolerance: found.tolerance,
        zone: found.zone,
        may_be_none: within != CheckIn::Polled,
    })
}

/// What is known of a check by now.
struct Found {
    op: Op,
    filters: Vec<Filter>,
    zone: Option<String>,
    tolerance: Option<Tolerance>,
}

impl Found {
    /// Whether it is about instants.
    fn is_of_time(&self) -> bool {
        self.op.is_of_time() || self.filters.contains(&Filter::Time)
    }

    /// Reads the zone and the tolerance, once it is known whether it is about instants.
    fn read_unit(&mut self, object: &Object, problems: &mut Problems) {
        let is_time = self.is_of_time();
        let zone = parse_zone(object, is_time, "the filter \"time\"", problems);
        self.zone = zone.or(self.zone.take());
        if self.op.takes_tolerance() {
            let unit = if is_time { Unit::Time } else { Unit::Number };
            self.tolerance = parse_tolerance(object, unit, problems).or(self.tolerance.take());
        } else {
            object.refuse(problems, "tolerance", &format!("the operator {}", self.op.word()));
        }
    }
}

fn refuse_what_has_no_meaning(
    object: &Object,
    found: &Found,
    within: CheckIn,
    problems: &mut Problems,
) {
    let op = found.op;
    if op != Op::OneOf {
        object.refuse(problems, "while", "any operator but one_of");
    }
    if matches!(op, Op::Exists | Op::Absent) {
        object.refuse(problems, "value", op.word());
    }
    let aggregates = found.filters.iter().any(|filter| filter.acts() == Acts::Aggregates);
    if op == Op::Absent {
        object.refuse(problems, "match", "absent, which is about all of them");
        if aggregates {
            let with = "an aggregating filter, which reads what is there".into();
            problems.push(&object.place, ProblemKind::NotTogether { key: "absent".into(), with });
        }
    }
    if is_amount(&found.filters) {
        for key in ["else", "match", "while"] {
            object.refuse(
                problems,
                key,
                "a count or a sum, which is pending below its target and fails above it",
            );
        }
        if !op.judges_amounts() {
            let with = "a count or a sum".into();
            let key = op.word().to_owned();
            problems.push(&object.place, ProblemKind::NotTogether { key, with });
        }
    } else if aggregates {
        object.refuse(problems, "match", "a filter that makes one value of all");
    }
    if op == Op::Absent && within == CheckIn::Stop {
        let with = "a stop check: what is not there yet would end every run".into();
        let kind = ProblemKind::NotTogether { key: "absent".into(), with };
        problems.push(&object.place.part("op"), kind);
    }
    if matches!(op, Op::Absent | Op::NotContains) && within == CheckIn::Polled {
        problems.push(&object.place.part("op"), needs_hold(op.word()));
    }
}

/// "Not there" is never proved by one poll.
fn needs_hold(key: &str) -> ProblemKind {
    ProblemKind::Needs {
        key: key.into(),
        needs: "a \"hold\" in the stage's poll, as one poll never proves that nothing comes".into(),
    }
}

fn parse_source(place: &Place, names: &mut Names, problems: &mut Problems) -> Option<Source> {
    match place.value {
        Value::String(word) => {
            let meanings = [Plain::Status, Plain::Latency, Plain::Body];
            Some(
                match place
                    .word(problems, &keys::SOURCES, &meanings)
                    .filter(|_| !word.is_empty())?
                {
                    Plain::Status => Source::Status,
                    Plain::Latency => Source::Latency,
                    Plain::Body => Source::Body,
                },
            )
        }
        Value::Object(_) => {
            let object = place.object(problems, &keys::SOURCE, &[])?;
            if keys::SOURCE.iter().filter(|key| object.find(key).is_some()).count() > 1 {
                let kind = ProblemKind::NotTogether {
                    key: keys::SOURCE.join(", "),
                    with: "each other: a check has one source".into(),
                };
                problems.push(place, kind);
            }
            if let Some(place) = object.find("header") {
                return parse_header(&place, problems);
            }
            if let Some(place) = object.find("regex") {
                return parse_regex(&place, names, problems);
            }
            if let Some(place) = object.find("variable") {
                return names.variable(&place, problems).map(Source::Variable);
            }
            let place = object.need(problems, "jsonpath")?;
            parse_path(&place, names, problems)
                .map(|(template, text)| Source::JsonPath(template, text))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            let want = "\"status\" or {\"jsonpath\": \"$...\"}".to_owned();
            let kind = ProblemKind::WrongType { want, got: json::text(place.value) };
            problems.push(place, kind);
            None
        }
    }
}

#[derive(Clone, Copy)]
enum Plain {
    Status,
    Latency,
    Body,
}

fn parse_header(place: &Place, problems: &mut Problems) -> Option<Source> {
    let name = place.name(problems)?;
    if let Some(kind) = super::header::header_problem(name) {
        problems.push(place, kind);
        return None;
    }
    Some(Source::Header(name.to_ascii_lowercase()))
}

fn parse_regex(place: &Place, names: &mut Names, problems: &mut Problems) -> Option<Source> {
    let (pattern, known, tried) = rule::parse_pattern(place, names, problems)?;
    if !tried.has_group() {
        let kind = ProblemKind::Said {
            en: "the pattern has no group to take; put parentheses around what is to be read"
                .into(),
            zh: "正则没有可取的分组；请用括号括住要读取的部分".into(),
        };
        problems.push(place, kind);
        return None;
    }
    let text = place.text(problems)?.to_owned();
    Some(Source::Regex { pattern, text, known })
}

/// Whether filters stand in an order that has a meaning.
fn parse_filters(place: &Place, problems: &mut Problems) -> Option<Vec<Filter>> {
    let mut filters: Vec<Filter> = Vec::new();
    for item in place.items(problems, keys::MAX_FILTERS)? {
        let filter = item.word(problems, &Filter::WORDS, &Filter::ALL)?;
        let before = filters.iter().rev().find(|filter| filter.acts() == Acts::Aggregates);
        let fits = match (before, filter.acts()) {
            (None, _) => true,
            // How many keys there are.
            (Some(Filter::Keys), _) if matches!(filter, Filter::Count | Filter::Length) => true,
            (Some(Filter::Count), _) => false,
            (Some(_), Acts::Converts) => true,
            (Some(_), Acts::Selects | Acts::Aggregates) => false,
        };
        if let (Some(before), false) = (before, fits) {
            let kind = ProblemKind::NotTogether {
                key: before.word().into(),
                with: format!("\"{}\" after it", filter.word()),
            };
            problems.push(&item, kind);
            return None;
        }
        filters.push(filter);
    }
    Some(filters)
}

fn parse_match(object: &Object, problems: &mut Problems) -> Option<Match> {
    let meanings = [Match::Every, Match::Any, Match::One];
    let word = |place: Place| place.word(problems, &keys::MATCHES, &meanings);
    object.find("match").map_or(Some(Match::Every), word)
}

fn parse_else(object: &Object, problems: &mut Problems) -> Option<Otherwise> {
    let meanings = [Otherwise::Fail, Otherwise::Wait];
    let word = |place: Place| place.word(problems, &keys::ELSES, &meanings);
    object.find("else").map_or(Some(Otherwise::Fail), word)
}
