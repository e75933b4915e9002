//! Reads an operator's value. What could never hold, or would be proved by one poll though it can't be, is
//! refused here, as far as no template hides it.

use super::{CheckIn, Found, needs_hold};

use crate::chain::field_document::Earlier;
use crate::chain::names::Names;
use crate::chain::stage_document::with_stand_ins;
use crate::chain::template::{Template, ValueTemplate, parted};
use crate::document::{Object, Place, ProblemKind, Problems, nearest};
use crate::json::{self, Value};
use crate::time::parse_duration;
use crate::verify::Op;
use crate::verify::check::filter::{Acts, InZone, Trouble, convert, number_of};
use crate::verify::check::wanted::converting;
use crate::verify::check::{Filter, Rule, is_amount};
use crate::verify::decimal::Decimal;
use crate::verify::pattern::Pattern;
use crate::verify::schema::Schema;
use crate::verify::work::Work;

const MAX_VALUES: usize = 100;

pub(super) fn parse_rule(
    object: &Object,
    found: &mut Found,
    within: CheckIn,
    names: &mut Names,
    earlier: Earlier,
    problems: &mut Problems,
) -> Option<Rule> {
    let op = found.op;
    let rule = match op {
        Op::Exists => Some(Rule::Exists),
        Op::Absent => Some(Rule::Absent),
        Op::Matches => {
            let place = object.need(problems, "value")?;
            let (pattern, known, _) = parse_pattern(&place, names, problems)?;
            Some(Rule::Matches { pattern, known })
        }
        Op::Schema => parse_schema(object, names, problems),
        Op::SameAs => parse_same_as(object, found, earlier, problems),
        Op::Equals
        | Op::NotEquals
        | Op::OneOf
        | Op::Contains
        | Op::NotContains
        | Op::StartsWith
        | Op::EndsWith
        | Op::Between
        | Op::AtLeast
        | Op::AtMost
        | Op::GreaterThan
        | Op::LessThan
        | Op::NewerThan
        | Op::OlderThan => {
            rule_of_time(found);
            let place = object.need(problems, "value");
            found.read_unit(object, problems);
            let place = place?;
            check_values(&place, found, problems);
            check_absence(&place, found, within, problems);
            let progress = match object.find("while") {
                Some(place) => Some(parse_progress(&place, found, names, problems)?),
                None => None,
            };
            return names.value(&place, problems).map(|value| Rule::Compare {
                op,
                value,
                progress,
            });
        }
    };
    found.read_unit(object, problems);
    rule
}

/// Operators about instants need the filter that makes them.
fn rule_of_time(found: &mut Found) {
    if found.op.is_of_time() && !found.filters.contains(&Filter::Time) {
        insert_converting(found, Filter::Time);
    }
}

/// Before the filter that makes one value of all.
fn insert_converting(found: &mut Found, filter: Filter) {
    let aggregates = |filter: &Filter| filter.acts() == Acts::Aggregates;
    let at = found.filters.iter().position(aggregates).unwrap_or(found.filters.len());
    found.filters.insert(at, filter);
}

/// A pattern with templates in it, and what it is with stand-ins for their values.
pub(super) fn parse_pattern(
    place: &Place,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<(Template, Option<Pattern>, Pattern)> {
    let template = names.template(place, problems)?;
    let text = template.plain().map(str::to_owned);
    let tried = text
        .clone()
        .unwrap_or_else(|| with_stand_ins(place.value.as_str().unwrap_or_default(), "x"));
    match Pattern::parse(&tried) {
        Ok(pattern) => Some((template, text.map(|_| pattern.clone()), pattern)),
        Err(message) => {
            let kind = ProblemKind::Said {
                en: format!("not a pattern that is taken here: {message}"),
                zh: format!("不是此处可用的正则：{message}"),
            };
            problems.push(place, kind);
            None
        }
    }
}

fn parse_schema(object: &Object, names: &mut Names, problems: &mut Problems) -> Option<Rule> {
    let place = object.need(problems, "value")?;
    if let Err(wrong) = Schema::parse(&stand_ins(place.value)) {
        let kind = ProblemKind::Said { en: wrong.message.en, zh: wrong.message.zh };
        problems.push(&place.part(&wrong.path), kind);
        return None;
    }
    names.value(&place, problems).map(Rule::Schema)
}

fn stand_ins(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(with_stand_ins(text, "x")),
        Value::Array(items) => Value::Array(items.iter().map(stand_ins).collect()),
        Value::Object(map) => Value::Object(
            map.iter().map(|(key, member)| (key.clone(), stand_ins(member))).collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// `"Stage name.field"`: by the field's kind and tolerance, unless the check has its own.
fn parse_same_as(
    object: &Object,
    found: &mut Found,
    earlier: Earlier,
    problems: &mut Problems,
) -> Option<Rule> {
    let place = object.need(problems, "value")?;
    let text = place.name(problems)?;
    let Some((stage, field)) = text.rsplit_once('.') else {
        problems.push(&place, unknown_record(text, earlier));
        return None;
    };
    let recorded = earlier.recorded.iter().find(|(name, _)| name == stage);
    if !recorded.is_some_and(|(_, fields)| fields.iter().any(|known| known == field)) {
        problems.push(&place, unknown_record(text, earlier));
        return None;
    }
    if let Some(known) = earlier.fields.iter().find(|known| known.name == field) {
        if converting(&found.filters).next().is_none()
            && let Some(filter) = known.kind.filter()
        {
            insert_converting(found, filter);
        }
        if found.is_of_time() {
            found.zone.clone_from(&known.zone);
        }
        if found.is_of_time() == (known.kind.filter() == Some(Filter::Time)) {
            found.tolerance.clone_from(&known.tolerance);
        }
    }
    Some(Rule::SameAs { stage: stage.to_owned(), field: field.to_owned() })
}

fn unknown_record(text: &str, earlier: Earlier) -> ProblemKind {
    let known = earlier
        .recorded
        .iter()
        .flat_map(|(stage, fields)| fields.iter().map(move |field| format!("{stage}.{field}")));
    let known: Vec<String> = known.collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let quoted = json::quoted(text);
    let (en, zh) = match nearest(text, &known) {
        Some(meant) => (format!("did you mean \"{meant}\"?"), format!("是否想写 \"{meant}\"？")),
        None if known.is_empty() => (
            "give an earlier stage a \"record\" with the field".into(),
            "请为更早的阶段设置含该字段的 \"record\"".into(),
        ),
        None => {
            let known = known.join(", ");
            (format!("use one of {known}"), format!("可用：{known}"))
        }
    };
    ProblemKind::Said {
        en: format!("no earlier stage has recorded {quoted}; {en}"),
        zh: format!("更早的阶段没有记录 {quoted}；{zh}"),
    }
}

fn parse_progress(
    place: &Place,
    found: &Found,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<ValueTemplate> {
    if !is_whole_template(place.value) {
        for item in place.items(problems, MAX_VALUES)? {
            check_value(&item, found, problems);
        }
    }
    names.value(place, problems)
}

/// Refuses values that the operator can't take, or that no reading could ever be.
fn check_values(place: &Place, found: &Found, problems: &mut Problems) {
    if is_whole_template(place.value) {
        return;
    }
    match found.op {
        Op::OneOf | Op::Between => {
            let Some(items) = place.items(problems, MAX_VALUES) else { return };
            if items.is_empty() {
                problems.push(place, ProblemKind::Empty);
            }
            if found.op == Op::Between && items.len() != 2 {
                let want = "a list of two, the least and the greatest".to_owned();
                let got = json::text(place.value);
                problems.push(place, ProblemKind::WrongType { want, got });
            }
            for item in &items {
                check_value(item, found, problems);
            }
            check_order(place, found, problems);
        }
        Op::StartsWith | Op::EndsWith => {
            place.text(problems);
        }
        _ => check_value(place, found, problems),
    }
}

fn check_value(place: &Place, found: &Found, problems: &mut Problems) {
    if place.value.is_null() {
        let kind = ProblemKind::WrongType {
            want: "a value; null means that it is not there".into(),
            got: "null".into(),
        };
        problems.push(place, kind);
        return;
    }
    if has_template(place.value) {
        return;
    }
    let is_span = place.value.as_str().and_then(parse_duration).is_some();
    if found.op.is_of_time() && is_span {
        return;
    }
    let value = match converted(place.value, found) {
        Ok(value) => value,
        Err(kind) => {
            problems.push(place, kind);
            return;
        }
    };
    if found.filters.contains(&Filter::Count) {
        let whole = number_of(&value).filter(|number| number.is_whole() && !number.is_negative());
        if whole.is_none() {
            problems.push(place, ProblemKind::NotANumber { got: json::text(place.value) });
        }
        return;
    }
    let needs_number = found.op.orders() || found.tolerance.is_some() || is_amount(&found.filters);
    let number = if is_amount(&found.filters) { number_of(&value) } else { strict_number(&value) };
    if needs_number && number.is_none() {
        problems.push(place, no_number(place.value));
    }
}

fn strict_number(value: &Value) -> Option<Decimal> {
    value.is_number().then(|| number_of(value)).flatten()
}

fn no_number(value: &Value) -> ProblemKind {
    let got = json::text(value);
    ProblemKind::Said {
        en: format!(
            "{got} is not a number that can be compared; write one, or add the filter \"decimal\" or \"time\""
        ),
        zh: format!("{got} 不是可比较的数；请写数，或添加过滤器 \"decimal\" 或 \"time\""),
    }
}

/// The least stands first.
fn check_order(place: &Place, found: &Found, problems: &mut Problems) {
    if found.op != Op::Between {
        return;
    }
    let ends = place.value.as_array().map(Vec::as_slice).unwrap_or_default();
    let ends: Vec<Decimal> = ends
        .iter()
        .filter(|end| !has_template(end))
        .filter_map(|end| number_of(&converted(end, found).ok()?))
        .collect();
    if let [low, high] = ends.as_slice()
        && low > high
    {
        let kind = ProblemKind::Said {
            en: "the first end is above the second, so that nothing is between; swap them".into(),
            zh: "下限大于上限，没有值能在其间；请交换".into(),
        };
        problems.push(place, kind);
    }
}

/// A value after the check's converting filters.
fn converted(value: &Value, found: &Found) -> Result<Value, ProblemKind> {
    let zone = found.zone.as_deref().map_or(InZone::Unsaid, InZone::Unknown);
    let mut value = value.clone();
    for filter in converting(&found.filters) {
        match convert(filter, zone, &value, &mut Work::default()) {
            Ok(Ok(converted)) => value = converted,
            // What its zone means is known when it is run.
            Ok(Err(Trouble::UnknownZone(_))) => return Ok(Value::from(0_i64)),
            Ok(Err(Trouble::NoZone)) => {
                let got = json::text(&value);
                return Err(ProblemKind::Said {
                    en: format!(
                        "{got} is a time without a zone; add one, or give the check its \"zone\""
                    ),
                    zh: format!("{got} 是没有时区的时间；请写上时区，或为检查设置 \"zone\""),
                });
            }
            Ok(Err(Trouble::NotA(filter))) => {
                let (got, word) = (json::text(&value), filter.word());
                return Err(ProblemKind::Said {
                    en: format!(
                        "{got} does not go through the filter \"{word}\", so that nothing could ever be like it"
                    ),
                    zh: format!("{got} 不能通过过滤器 \"{word}\"，因此不会有值与之相同"),
                });
            }
            Err(too_many) => {
                let (seen, limit) = (too_many.limit, too_many.limit);
                return Err(ProblemKind::TooMany { seen, limit });
            }
        }
    }
    Ok(value)
}

/// That there is none, or no more than some, is never proved by one poll.
fn check_absence(place: &Place, found: &Found, within: CheckIn, problems: &mut Problems) {
    if within != CheckIn::Polled || !is_amount(&found.filters) {
        return;
    }
    if matches!(found.op, Op::AtMost | Op::LessThan) {
        let word = if found.filters.contains(&Filter::Count) { "count" } else { "sum" };
        problems.push(place, needs_hold(&format!("{word} {}", found.op.word())));
        return;
    }
    if !found.filters.contains(&Filter::Count) || matches!(found.op, Op::AtLeast | Op::GreaterThan)
    {
        return;
    }
    let items = match place.value {
        Value::Array(items) if found.op == Op::Between => items.get(..1).unwrap_or_default(),
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let slack = |number: &Decimal| match &found.tolerance {
        Some(tolerance) => number.minus(&tolerance.of(number)),
        None => number.clone(),
    };
    let zero = Decimal::of_text("0");
    let none = items.iter().filter_map(number_of).any(|number| Some(slack(&number)) <= zero);
    if none {
        let tells = if found.op == Op::Equals { "equals 0" } else { "that may be 0" };
        problems.push(place, needs_hold(&format!("count {tells}")));
    }
}

fn is_whole_template(value: &Value) -> bool {
    let whole = value.as_str().map(str::trim).and_then(|text| text.strip_prefix("{{"));
    whole.and_then(|text| text.strip_suffix("}}")).is_some_and(|name| !name.contains(['{', '}']))
}

fn has_template(value: &Value) -> bool {
    match value {
        Value::String(text) => parted(text, "{{").is_some(),
        Value::Array(items) => items.iter().any(has_template),
        Value::Object(map) => map.iter().any(|(_, member)| has_template(member)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
