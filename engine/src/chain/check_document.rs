//! Reads the checks of a stage, and refuses those that would say something untrue.

use crate::json::Value;

use super::document::Names;
use super::stage_document::parse_path;
use super::template::{ValueTemplate, parted};
use crate::document::{Object, Place, ProblemKind, Problems};
use crate::json;
use crate::verify::check::{Check, Filter, Match, Otherwise, Rule, Source, value_as_count};

const MAX_CHECKS: usize = 100;
const MAX_FILTERS: usize = 10;

/// Keys, sources, filters and operators of the format that this version does not carry out.
const LATER_SOURCES: [&str; 3] = ["header", "regex", "variable"];
const LATER_FILTERS: [&str; 9] =
    ["integer", "time", "uuid", "distinct", "sum", "min", "max", "length", "keys"];
const LATER_OPS: [&str; 15] = [
    "not_equals",
    "contains",
    "not_contains",
    "starts_with",
    "ends_with",
    "matches",
    "between",
    "at_least",
    "at_most",
    "greater_than",
    "less_than",
    "absent",
    "newer_than",
    "older_than",
    "schema",
];

/// Where checks stand, which decides what they may say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckIn {
    Stop,
    Polled,
    Holding,
}

/// The operators of this version.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Op {
    Exists,
    Equals,
    OneOf,
}

const OPS: [&str; 3] = ["equals", "exists", "one_of"];

pub(crate) fn parse_checks(
    stage: &Object,
    key: &str,
    within: CheckIn,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<Vec<Check>> {
    let Some(place) = stage.find(key) else {
        return Some(Vec::new());
    };
    let items = place.items(problems, MAX_CHECKS)?;
    let mut checks = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = format!("{key}[{index}]");
        checks.extend(parse_check(item, place, within, names, problems));
    }
    Some(checks)
}

fn parse_check(
    item: &Place,
    place: String,
    within: CheckIn,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<Check> {
    let keys = ["id", "source", "filter", "op", "value", "while", "match", "else", "confirm"];
    let object = item.object(problems, &keys, &["tolerance"])?;
    if within == CheckIn::Stop {
        for key in ["else", "while", "confirm"] {
            object.refuse(problems, key, "a stop check");
        }
    }
    let source =
        object.need(problems, "source").and_then(|place| parse_source(&place, names, problems));
    let filters =
        object.find("filter").map_or(Some(Vec::new()), |place| parse_filters(&place, problems));
    let op = object.need(problems, "op").and_then(|place| parse_op(&place, problems));
    let mode = parse_match(&object, problems);
    let otherwise = parse_else(&object, problems);
    let confirm = object.find("confirm").map_or(Some(1), |place| place.whole(problems, 1, 1000));
    let filters = filters?;
    let rule = parse_rule(&object, op?, &filters, within, names, problems);
    Some(Check {
        place,
        source: source?,
        filters,
        rule: rule?,
        mode: mode?,
        otherwise: otherwise?,
        confirm: confirm?,
    })
}

fn parse_source(place: &Place, names: &mut Names, problems: &mut Problems) -> Option<Source> {
    match place.value {
        Value::String(word) if word == "status" => Some(Source::Status),
        Value::String(word) if word == "latency" || word == "body" => {
            problems.push(place, ProblemKind::NotCarriedOut { key: word.clone() });
            None
        }
        Value::String(word) => {
            place.unknown_word(problems, word, &["status"]);
            None
        }
        Value::Object(_) => {
            let object = place.object(problems, &["jsonpath"], &LATER_SOURCES)?;
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

fn parse_filters(place: &Place, problems: &mut Problems) -> Option<Vec<Filter>> {
    let mut filters = Vec::new();
    let items = place.items(problems, MAX_FILTERS)?;
    let last = items.len().saturating_sub(1);
    for (index, item) in items.iter().enumerate() {
        if let Some(later) = item.value.as_str().filter(|word| LATER_FILTERS.contains(word)) {
            problems.push(item, ProblemKind::NotCarriedOut { key: later.to_owned() });
            return None;
        }
        let filter = item.word(problems, &Filter::WORDS, &Filter::ALL)?;
        if filter == Filter::Count && index != last {
            let kind =
                ProblemKind::NotTogether { key: "count".into(), with: "filters after it".into() };
            problems.push(item, kind);
            return None;
        }
        filters.push(filter);
    }
    Some(filters)
}

fn parse_op(place: &Place, problems: &mut Problems) -> Option<Op> {
    if let Some(later) =
        place.value.as_str().filter(|word| LATER_OPS.contains(word) || *word == "same_as")
    {
        problems.push(place, ProblemKind::NotCarriedOut { key: later.to_owned() });
        return None;
    }
    place.word(problems, &OPS, &[Op::Equals, Op::Exists, Op::OneOf])
}

fn parse_match(object: &Object, problems: &mut Problems) -> Option<Match> {
    let (words, meanings) = (["every", "any", "one"], [Match::Every, Match::Any, Match::One]);
    object.find("match").map_or(Some(Match::Every), |place| place.word(problems, &words, &meanings))
}

fn parse_else(object: &Object, problems: &mut Problems) -> Option<Otherwise> {
    let (words, meanings) = (["fail", "wait"], [Otherwise::Fail, Otherwise::Wait]);
    object
        .find("else")
        .map_or(Some(Otherwise::Fail), |place| place.word(problems, &words, &meanings))
}

fn parse_rule(
    object: &Object,
    op: Op,
    filters: &[Filter],
    within: CheckIn,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<Rule> {
    if op != Op::OneOf {
        object.refuse(problems, "while", "any operator but one_of");
    }
    let counts = filters.contains(&Filter::Count);
    if counts {
        for key in ["else", "match", "while"] {
            object.refuse(
                problems,
                key,
                "a count, which is pending below its target and fails above it",
            );
        }
    }
    match op {
        Op::Exists => {
            object.refuse(problems, "value", "exists");
            if counts {
                let kind =
                    ProblemKind::NotTogether { key: "exists".into(), with: "a count".into() };
                problems.push(&object.place, kind);
            }
            Some(Rule::Exists)
        }
        Op::Equals => {
            let place = object.need(problems, "value")?;
            check_target(&place, counts, within, problems);
            names.value(&place, problems).map(Rule::Equals)
        }
        Op::OneOf => parse_one_of(object, counts, within, names, problems),
    }
}

fn parse_one_of(
    object: &Object,
    counts: bool,
    within: CheckIn,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<Rule> {
    let place = object.need(problems, "value")?;
    let items = place.items(problems, MAX_CHECKS)?;
    if items.is_empty() {
        problems.push(&place, ProblemKind::Empty);
        return None;
    }
    for item in &items {
        check_target(item, counts, within, problems);
    }
    let values = names.value(&place, problems)?;
    let progress = match object.find("while") {
        Some(place) => {
            place.items(problems, MAX_CHECKS)?;
            names.value(&place, problems)?
        }
        None => empty_list(problems)?,
    };
    Some(Rule::OneOf { values, progress })
}

fn empty_list(problems: &mut Problems) -> Option<ValueTemplate> {
    let nothing = Value::Array(Vec::new());
    Names { known: &[], uuid: super::document::Uuid::Refused }
        .value(&Place::root(&nothing), problems)
}

/// A count's target is a whole number. None at all is never proved by one poll.
fn check_target(place: &Place, counts: bool, within: CheckIn, problems: &mut Problems) {
    let is_template = place.value.as_str().is_some_and(|text| parted(text, "{{").is_some());
    if place.value.is_null() {
        let kind = ProblemKind::WrongType {
            want: "a value; null means that it is not there".into(),
            got: "null".into(),
        };
        problems.push(place, kind);
    }
    if !counts || is_template {
        return;
    }
    match value_as_count(place.value) {
        Some(0) if within == CheckIn::Polled => {
            let kind = ProblemKind::Needs {
                key: "count equals 0".into(),
                needs:
                    "a \"hold\" in the stage's poll, as one poll never proves that nothing comes"
                        .into(),
            };
            problems.push(place, kind);
        }
        Some(_) => {}
        None => {
            problems.push(place, ProblemKind::NotANumber { got: json::text(place.value) });
        }
    }
}
