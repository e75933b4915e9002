//! Reads what is compared across systems: the chain's `fields` and `subject`, each stage's `record`.

use super::keys;
use super::names::{Names, check_name};
use super::stage_document::parse_path;
use crate::document::{Object, Place, ProblemKind, Problems, nearest};
use crate::json::{self, Value};
use crate::time::parse_duration;
use crate::verify::alike::{Alike, Ignore};
use crate::verify::decimal::Decimal;
use crate::verify::record::{Field, FieldSource, Kind, RecordRule};
use crate::verify::tolerance::Tolerance;

/// The largest count that may be expected.
const MAX_EXPECTED: u32 = 1_000_000;

/// The record under test.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The fields that tell one record from another.
    pub key: Vec<String>,
    /// How many records there are to be in each system.
    pub expected_count: Option<u32>,
}

/// What earlier stages have recorded, for `same_as`; and the chain's fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Earlier<'a> {
    pub(crate) fields: &'a [Field],
    /// A stage's name and the fields of its record.
    pub(crate) recorded: &'a [(String, Vec<String>)],
}

pub(crate) fn parse_fields(root: &Object, problems: &mut Problems) -> Option<Vec<Field>> {
    let Some(place) = root.find("fields") else { return Some(Vec::new()) };
    let mut fields: Vec<Field> = Vec::new();
    for item in place.items(problems, keys::MAX_FIELDS)? {
        let Some(field) = parse_field(&item, problems) else { continue };
        if fields.iter().any(|other| other.name == field.name) {
            problems.push(&item, ProblemKind::Duplicate { name: field.name.clone() });
        }
        fields.push(field);
    }
    Some(fields)
}

fn parse_field(place: &Place, problems: &mut Problems) -> Option<Field> {
    let object = place.object(problems, &keys::FIELD, &[])?;
    let name = object.need(problems, "name").and_then(|place| {
        let name = place.name(problems)?;
        check_name(name, &place, problems);
        Some(name.to_owned())
    });
    let kind = match object.find("kind") {
        Some(place) => place.word(problems, &Kind::WORDS, &Kind::ALL)?,
        None => Kind::Text,
    };
    let alike = parse_alike(&object, kind, problems).unwrap_or_default();
    let zone = parse_zone(&object, kind == Kind::Time, "\"kind\": \"time\"", problems);
    let unit = match kind {
        Kind::Time => Some(Unit::Time),
        Kind::Integer | Kind::Decimal => Some(Unit::Number),
        Kind::Text | Kind::Boolean | Kind::Uuid | Kind::Json => {
            object.refuse(problems, "tolerance", "a kind other than integer, decimal and time");
            None
        }
    };
    let tolerance = unit.and_then(|unit| parse_tolerance(&object, unit, problems));
    let reference = object.find("reference").and_then(|place| place.name(problems));
    let reference = reference.map(str::to_owned);
    Some(Field { name: name?, kind, alike, zone, tolerance, reference })
}

/// Which texts are one: `"ignore": ["case", "space"]`, `"aliases": {"Purchase": "purchase"}`.
fn parse_alike(object: &Object, kind: Kind, problems: &mut Problems) -> Option<Alike> {
    if kind != Kind::Text {
        object.refuse(problems, "ignore", "a kind other than text");
        object.refuse(problems, "aliases", "a kind other than text");
        return None;
    }
    let mut ignore = Vec::new();
    if let Some(place) = object.find("ignore") {
        for item in place.items(problems, Ignore::ALL.len())? {
            ignore.extend(item.word(problems, &Ignore::WORDS, &Ignore::ALL));
        }
    }
    let mut aliases = Vec::new();
    if let Some(place) = object.find("aliases") {
        let entries = place.entries(problems)?;
        if entries.len() > keys::MAX_ALIASES {
            let (seen, limit) = (entries.len() as u64, keys::MAX_ALIASES as u64);
            problems.push(&place, ProblemKind::TooMany { seen, limit });
            return None;
        }
        for (said, place) in entries {
            aliases.extend(place.text(problems).map(|meant| (said, meant)));
        }
    }
    Some(Alike::new(ignore, &aliases))
}

/// A zone's name: what it means is known only where the zones' tables are.
pub(crate) fn parse_zone(
    object: &Object,
    is_time: bool,
    needs: &str,
    problems: &mut Problems,
) -> Option<String> {
    let place = object.find("zone")?;
    if !is_time {
        let kind = ProblemKind::Needs { key: "zone".into(), needs: needs.into() };
        problems.push(&place, kind);
    }
    place.name(problems).map(str::to_owned)
}

/// What a tolerance is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unit {
    Number,
    Time,
}

pub(crate) fn parse_tolerance(
    object: &Object,
    unit: Unit,
    problems: &mut Problems,
) -> Option<Tolerance> {
    let place = object.find("tolerance")?;
    let object = place.object(problems, &keys::TOLERANCE, &[])?;
    match (object.find("abs"), object.find("percent"), unit) {
        (Some(place), None, Unit::Time) => {
            let span = place.value.as_str().and_then(parse_duration);
            if span.is_none() {
                problems.push(&place, ProblemKind::Duration { got: json::text(place.value) });
            }
            span.map(Tolerance::Span)
        }
        (None, Some(place), Unit::Time) => {
            let kind = ProblemKind::NotTogether {
                key: "percent".into(),
                with: "times; write {\"abs\": \"1s\"}".into(),
            };
            problems.push(&place, kind);
            None
        }
        (Some(place), None, Unit::Number) => amount(&place, problems).map(Tolerance::Abs),
        (None, Some(place), Unit::Number) => amount(&place, problems).map(Tolerance::Percent),
        (Some(_), Some(_), _) => {
            let kind = ProblemKind::NotTogether { key: "abs".into(), with: "\"percent\"".into() };
            problems.push(&place, kind);
            None
        }
        (None, None, _) => {
            problems.push(&place, ProblemKind::MissingKey { key: "abs".into() });
            None
        }
    }
}

/// A number from 0 on, also as a text.
fn amount(place: &Place, problems: &mut Problems) -> Option<Decimal> {
    let found = match place.value {
        Value::Number(number) => Decimal::of(number),
        Value::String(text) => Decimal::of_text(text),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let found = found.filter(|number| !number.is_negative());
    if found.is_none() {
        problems.push(place, ProblemKind::NotANumber { got: json::text(place.value) });
    }
    found
}

pub(crate) fn parse_subject(
    root: &Object,
    fields: &[Field],
    problems: &mut Problems,
) -> Option<Subject> {
    let place = root.find("subject")?;
    let object = place.object(problems, &keys::SUBJECT, &[])?;
    let place = object.need(problems, "key")?;
    let places = if place.value.is_string() {
        vec![place]
    } else {
        place.items(problems, keys::MAX_FIELDS)?
    };
    if places.is_empty() {
        problems.push(&place, ProblemKind::Empty);
    }
    let names = places.iter().filter_map(|place| known_field(place, fields, problems));
    let key = names.collect();
    let expected_count =
        object.find("expected_count").and_then(|place| place.whole(problems, 1, MAX_EXPECTED));
    Some(Subject { key, expected_count })
}

fn known_field(place: &Place, fields: &[Field], problems: &mut Problems) -> Option<String> {
    let name = place.name(problems)?;
    if fields.iter().any(|field| field.name == name) {
        return Some(name.to_owned());
    }
    unknown_field(name, place, fields, problems);
    None
}

fn unknown_field(name: &str, place: &Place, fields: &[Field], problems: &mut Problems) {
    let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let quoted = json::quoted(name);
    let (en, zh) = match nearest(name, &known) {
        Some(meant) => (format!("did you mean \"{meant}\"?"), format!("是否想写 \"{meant}\"？")),
        None => ("add it to the chain's fields".into(), "请将其加入链的 fields".into()),
    };
    let kind = ProblemKind::Said {
        en: format!("there is no field {quoted}; {en}"),
        zh: format!("没有字段 {quoted}；{zh}"),
    };
    problems.push(place, kind);
}

pub(crate) fn parse_record(
    stage: &Object,
    fields: Option<&[Field]>,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<RecordRule> {
    let place = stage.find("record")?;
    let object = place.object(problems, &keys::RECORD, &[])?;
    let each = match object.find("each") {
        Some(place) => Some(parse_path(&place, names, problems)?.0),
        None => None,
    };
    let place = object.need(problems, "fields")?;
    let mut sources = Vec::new();
    for (name, place) in place.entries(problems)? {
        if let Some(fields) = fields.filter(|fields| !fields.iter().any(|field| field.name == name))
        {
            unknown_field(name, &place, fields, problems);
        }
        if let Some(source) = parse_field_source(&place, names, problems) {
            sources.push((name.to_owned(), source));
        }
    }
    Some(RecordRule { each, fields: sources })
}

fn parse_field_source(
    place: &Place,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<FieldSource> {
    let object = place.object(problems, &keys::FIELD_SOURCE, &[])?;
    if let Some(place) = object.find("variable") {
        object.refuse(problems, "jsonpath", "\"variable\"");
        return names.variable(&place, problems).map(FieldSource::Variable);
    }
    let place = object.need(problems, "jsonpath")?;
    Some(FieldSource::Path(parse_path(&place, names, problems)?.0))
}

/// The fields that a stage's system changes, or leaves out.
pub(crate) fn parse_field_names(
    stage: &Object,
    key: &str,
    fields: Option<&[Field]>,
    problems: &mut Problems,
) -> Option<Vec<String>> {
    let Some(place) = stage.find(key) else { return Some(Vec::new()) };
    let mut names = Vec::new();
    for item in place.items(problems, keys::MAX_FIELDS)? {
        match fields {
            Some(fields) => names.extend(known_field(&item, fields, problems)),
            None => names.extend(item.name(problems).map(str::to_owned)),
        }
    }
    Some(names)
}

/// A field that a system leaves out is not in its record.
pub(crate) fn check_carried(
    record: Option<&RecordRule>,
    not_carried: &[String],
    place: &Place,
    problems: &mut Problems,
) {
    let recorded = record.into_iter().flat_map(|record| &record.fields);
    for (name, _) in recorded.filter(|(name, _)| not_carried.contains(name)) {
        let kind = ProblemKind::NotTogether {
            key: name.clone(),
            with: "the same name in \"not_carried\"".into(),
        };
        problems.push(&place.part(&format!("record.fields.{name}")), kind);
    }
}
