//! Filters: what is done with what was read, left to right. Converting ones act on every scalar, of the
//! reading and of what is expected; selecting and aggregating ones on the reading only, in
//! [`super::reading`].

use crate::json::{self, Value};
use crate::verify::case::{lower, upper};
use crate::verify::decimal::Decimal;
use crate::verify::jsonpath::TooManyNodes;
use crate::verify::reason::Reason;
use crate::verify::time::Told;
use crate::verify::value::shown;
use crate::verify::work::Work;
use crate::zone::Zone;

/// So many bytes of text are converted in a step.
const BYTES_A_STEP: u64 = 8;

/// What is done with what was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Filter {
    Trim,
    Lower,
    Upper,
    Integer,
    Decimal,
    Time,
    Uuid,
    First,
    Last,
    Distinct,
    Count,
    Sum,
    Min,
    Max,
    Length,
    Keys,
}

/// What a filter does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Acts {
    /// On each scalar.
    Converts,
    /// It leaves some of the nodes.
    Selects,
    /// It makes one value of all nodes.
    Aggregates,
}

impl Filter {
    pub(crate) const ALL: [Self; 16] = [
        Self::Trim,
        Self::Lower,
        Self::Upper,
        Self::Integer,
        Self::Decimal,
        Self::Time,
        Self::Uuid,
        Self::First,
        Self::Last,
        Self::Distinct,
        Self::Count,
        Self::Sum,
        Self::Min,
        Self::Max,
        Self::Length,
        Self::Keys,
    ];
    pub(crate) const WORDS: [&'static str; 16] = [
        "trim", "lower", "upper", "integer", "decimal", "time", "uuid", "first", "last",
        "distinct", "count", "sum", "min", "max", "length", "keys",
    ];

    pub(crate) fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .position(|filter| *filter == self)
            .and_then(|at| Self::WORDS.get(at))
            .unwrap_or(&"")
    }

    pub(crate) fn acts(self) -> Acts {
        match self {
            Self::Trim
            | Self::Lower
            | Self::Upper
            | Self::Integer
            | Self::Decimal
            | Self::Time
            | Self::Uuid => Acts::Converts,
            Self::First | Self::Last | Self::Distinct => Acts::Selects,
            Self::Count | Self::Sum | Self::Min | Self::Max | Self::Length | Self::Keys => {
                Acts::Aggregates
            }
        }
    }
}

/// In which zone a time is that names none.
#[derive(Clone, Copy, Debug)]
pub(crate) enum InZone<'a> {
    /// In none.
    Unsaid,
    Known(&'a Zone),
    /// In this one, whose rules are not known.
    Unknown(&'a str),
}

/// Why a value can't be converted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    NotA(Filter),
    NoZone,
    UnknownZone(String),
}

impl Trouble {
    /// What it means for the value that was read, or for the one that is expected.
    pub(crate) fn reason(&self, what: &str, got: &Value) -> Reason {
        let (what, got) = (what.to_owned(), shown(got));
        match self {
            Self::NotA(filter) => {
                Reason::NotConvertible { what, got, filter: filter.word().to_owned() }
            }
            Self::NoZone => Reason::NoZone { what, got },
            Self::UnknownZone(zone) => Reason::UnknownZone { what, zone: zone.clone() },
        }
    }
}

/// Every scalar of a value after one converting filter; null stays. None in the first place when that
/// takes too many steps.
pub(crate) fn convert(
    filter: Filter,
    zone: InZone,
    value: &Value,
    work: &mut Work,
) -> Result<Result<Value, Trouble>, TooManyNodes> {
    work.charge(1)?;
    Ok(match value {
        Value::Array(items) => {
            let mut out = Vec::new();
            for item in items {
                match convert(filter, zone, item, work)? {
                    Ok(item) => out.push(item),
                    Err(trouble) => return Ok(Err(trouble)),
                }
            }
            Ok(Value::Array(out))
        }
        Value::Object(map) => {
            let mut out = json::Map::default();
            for (key, member) in map {
                match convert(filter, zone, member, work)? {
                    Ok(member) => out.insert(key.clone(), member),
                    Err(trouble) => return Ok(Err(trouble)),
                }
            }
            Ok(Value::Object(out))
        }
        Value::Null => Ok(Value::Null),
        Value::String(text) => {
            work.charge(4 + text.len() as u64 / BYTES_A_STEP)?;
            scalar(filter, zone, value)
        }
        Value::Bool(_) | Value::Number(_) => {
            work.charge(4)?;
            scalar(filter, zone, value)
        }
    })
}

fn scalar(filter: Filter, zone: InZone, value: &Value) -> Result<Value, Trouble> {
    let text = value.as_str();
    let converted = match filter {
        Filter::Trim => text.map(|text| Value::from(text.trim())),
        Filter::Lower => text.map(|text| Value::from(lower(text))),
        Filter::Upper => text.map(|text| Value::from(upper(text))),
        Filter::Integer => number_of(value)
            .filter(Decimal::is_whole)
            .and_then(|number| json::number(&number.shortest().to_string())),
        Filter::Decimal => number_of(value).and_then(|number| json::number(&number.to_string())),
        Filter::Time => return time(zone, value),
        Filter::Uuid => text.and_then(uuid).map(Value::from),
        Filter::First
        | Filter::Last
        | Filter::Distinct
        | Filter::Count
        | Filter::Sum
        | Filter::Min
        | Filter::Max
        | Filter::Length
        | Filter::Keys => Some(value.clone()),
    };
    converted.ok_or(Trouble::NotA(filter))
}

/// A number, or a text that is one.
pub(crate) fn number_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Decimal::of(number),
        Value::String(text) => Decimal::of_text(text.trim()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Milliseconds since the Unix epoch.
fn time(zone: InZone, value: &Value) -> Result<Value, Trouble> {
    let told = Told::read(value).ok_or(Trouble::NotA(Filter::Time))?;
    let known = match zone {
        InZone::Known(zone) => Some(zone),
        InZone::Unsaid | InZone::Unknown(_) => None,
    };
    match (told.instant(known), zone) {
        (Some(at), _) => Ok(Value::from(at.as_ms())),
        (None, InZone::Unknown(name)) => Err(Trouble::UnknownZone(name.to_owned())),
        (None, InZone::Unsaid | InZone::Known(_)) => Err(Trouble::NoZone),
    }
}

/// A UUID in lower case and with its four hyphens, from one in any case, with or without them, in braces
/// or as a URN (RFC 9562, 4).
fn uuid(text: &str) -> Option<String> {
    let text = lower(text.trim());
    let text = text.strip_prefix("urn:uuid:").unwrap_or(&text);
    let text = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let hyphens = |text: &str| {
        text.bytes().enumerate().filter(|(_, b)| *b == b'-').map(|(at, _)| at).eq([8, 13, 18, 23])
    };
    let well_parted = text.len() == 32 || text.len() == 36 && hyphens(text);
    if digits.len() != 32 || !well_parted || !digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(filter: Filter, text: &str) -> Result<String, Trouble> {
        let value = crate::json::parse(text).unwrap();
        let done = convert(filter, InZone::Unsaid, &value, &mut Work::default()).unwrap();
        done.map(|value| value.to_string())
    }

    #[test]
    fn converting_filters_make_one_form_of_many() {
        let check = |filter, text, want: &str| {
            assert_eq!(converted(filter, text).as_deref(), Ok(want), "{text}");
        };
        check(Filter::Trim, r#"" a b ""#, r#""a b""#);
        check(Filter::Lower, r#""ÄB""#, r#""äb""#);
        check(Filter::Upper, r#""äb""#, r#""ÄB""#);
        check(Filter::Integer, "42.0", "42");
        check(Filter::Integer, r#"" 9007199254740993 ""#, "9007199254740993");
        check(Filter::Integer, "1e3", "1000");
        check(Filter::Integer, "-0", "0");
        check(Filter::Decimal, r#""19.90""#, "19.90");
        check(Filter::Time, r#""1970-01-01T00:00:01Z""#, "1000");
        let plain = r#""4f1c0b0e-1111-4222-8333-944455556666""#;
        check(Filter::Uuid, r#""4F1C0B0E-1111-4222-8333-944455556666""#, plain);
        check(Filter::Uuid, r#""4f1c0b0e111142228333944455556666""#, plain);
        check(Filter::Uuid, r#"" {4f1c0b0e-1111-4222-8333-944455556666} ""#, plain);
        check(Filter::Uuid, r#""urn:uuid:4f1c0b0e-1111-4222-8333-944455556666""#, plain);
    }

    #[test]
    fn they_act_on_every_scalar_and_leave_null() {
        assert_eq!(
            converted(Filter::Lower, r#"["A",{"B":["C",null]}]"#).unwrap(),
            r#"["a",{"B":["c",null]}]"#
        );
        assert_eq!(converted(Filter::Lower, r#"["A",1]"#), Err(Trouble::NotA(Filter::Lower)));
    }

    #[test]
    fn what_cannot_be_converted_says_why() {
        let check = |filter, text| {
            assert_eq!(converted(filter, text), Err(Trouble::NotA(filter)), "{text}");
        };
        check(Filter::Trim, "1");
        check(Filter::Integer, "1.5");
        check(Filter::Integer, "true");
        check(Filter::Decimal, r#""9,00""#);
        check(Filter::Time, r#""soon""#);
        check(Filter::Uuid, r#""4f1c""#);
        check(Filter::Uuid, r#""4f1c0b0e-11114222-8333-9444-55556666aaaa""#);
        check(Filter::Uuid, r#""購4f1c0b0e111142228333944455556""#);
        assert_eq!(converted(Filter::Time, r#""2026-11-23 14:00:00""#), Err(Trouble::NoZone));
    }
}
