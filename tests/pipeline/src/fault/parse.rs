//! How faults and delays are written: in JSON documents, and in flags.
//!
//! A fault is its name, or an object: `{"fault": "late", "by_ms": 5000, "rate": 0.5, "times": 2, "for_ms": 60000}`.
//! In a flag the same is `late:by_ms=5000:rate=0.5`. Durations are a whole number of milliseconds, or a text such as `2s`.

use std::time::Duration;

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::{DataFault, Fault, FaultKind, Rate};
use crate::limits::{MAX_DELAY, MAX_FAULTS_PER_SYSTEM};
use crate::options::Delays;
use crate::system::{PerSystem, System};
use crate::time::parse_duration;

/// Where a document of faults or delays is wrong, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpecError {
    #[error("{place} must be {want}")]
    Shape { place: String, want: &'static str },
    #[error("{place}: there is no system `{name}`; use {}", names(System::ALL.map(System::name)))]
    UnknownSystem { place: String, name: String },
    #[error("{place}: there is no fault `{name}`; use {}", names(FaultKind::ALL.map(FaultKind::name)))]
    UnknownFault { place: String, name: String },
    #[error(
        "{place}: there is no key `{key}`; use fault, times, rate, for_ms, and by_ms with late"
    )]
    UnknownKey { place: String, key: String },
    #[error(
        "{place}: `{fault}` changes kept data, and the intake keeps none; use server_error, hang, login_page, no_cors"
    )]
    NotAtIntake { place: String, fault: &'static str },
    #[error(
        "{place}: `times` counts over many requests, which one event does not see; use for_ms or rate"
    )]
    TimesInEvent { place: String },
    #[error("{place}: `{key}` does not go with `{fault}`; remove it")]
    NotWithFault { place: String, key: &'static str, fault: &'static str },
    #[error("{place} must be milliseconds or a text such as \"2s\" (ms, s, m, h, d), at most {} days", MAX_DELAY.as_secs() / 86_400)]
    Duration { place: String },
    #[error("{place}: the intake answers at once and has no delay; remove it")]
    IntakeDelay { place: String },
    #[error("{place} has over {MAX_FAULTS_PER_SYSTEM} faults; remove some")]
    TooMany { place: String },
    #[error("`{flag}` must read system={want}, as in {example}")]
    Flag { flag: String, want: &'static str, example: &'static str },
}

fn names<const N: usize>(names: [&str; N]) -> String {
    names.join(", ")
}

/// Who carries a fault: what counts over many requests is no use to a single event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Standing,
    Event,
}

/// Reads `{"warehouse": ["rounded"], ...}`: the systems it names with their faults.
///
/// # Errors
///
/// Names the place, and what to write instead.
pub(crate) fn faults_of(
    document: &Value,
    root: &str,
    origin: Origin,
) -> Result<Vec<(System, Vec<Fault>)>, SpecError> {
    let entries = object(document, root, "an object from systems to lists of faults")?;
    entries.iter().map(|(name, list)| system_faults(name, list, root, origin)).collect()
}

/// The faults that an event carries, for each system.
pub(crate) fn event_faults(
    document: &Value,
    root: &str,
) -> Result<PerSystem<Vec<Fault>>, SpecError> {
    let mut all = PerSystem::<Vec<Fault>>::default();
    for (system, faults) in faults_of(document, root, Origin::Event)? {
        all[system] = faults;
    }
    Ok(all)
}

/// Reads `{"collector": "1s", "report": 12000}`: the systems it names with their delays.
pub(crate) fn delays_of(
    document: &Value,
    root: &str,
) -> Result<Vec<(System, Duration)>, SpecError> {
    let entries = object(document, root, "an object from systems to delays")?;
    entries
        .iter()
        .map(|(name, delay)| {
            let place = format!("{root}.{name}");
            let system = system(name, root)?;
            if system == System::Intake {
                return Err(SpecError::IntakeDelay { place });
            }
            Ok((system, duration(delay, place)?))
        })
        .collect()
}

/// Adds what a `--fault` flag says: `warehouse=rounded,report=late:by_ms=5000`.
///
/// # Errors
///
/// Names the part that cannot be read, and what to write instead.
pub fn apply_fault_flag(faults: &mut PerSystem<Vec<Fault>>, flag: &str) -> Result<(), SpecError> {
    for part in flag.split(',') {
        let (name, text) =
            flag_pair(part, "fault", "--fault warehouse=rounded,report=late:by_ms=5000")?;
        let spec = Value::Array(vec![flag_fault(text)]);
        let (system, parsed) = system_faults(name, &spec, "--fault", Origin::Standing)?;
        faults[system].extend(parsed);
    }
    Ok(())
}

/// Sets what a `--delay` flag says: `collector=1s,report=250ms`.
///
/// # Errors
///
/// Names the part that cannot be read, and what to write instead.
pub fn apply_delay_flag(delays: &mut Delays, flag: &str) -> Result<(), SpecError> {
    for part in flag.split(',') {
        let (name, text) = flag_pair(part, "duration", "--delay collector=1s,report=250ms")?;
        for (system, delay) in delays_of(&json!({ name: text }), "--delay")? {
            delays.by_system[system] = delay;
        }
    }
    Ok(())
}

/// The document that [`faults_of`] would read back.
pub(crate) fn faults_json(faults: &[&Fault]) -> Value {
    faults.iter().map(|fault| fault_json(fault)).collect()
}

fn fault_json(fault: &Fault) -> Value {
    let mut spec = Map::new();
    spec.insert("fault".to_owned(), json!(fault.kind.name()));
    if let FaultKind::Data(DataFault::Late { by }) = fault.kind {
        spec.insert("by_ms".to_owned(), json!(millis(by)));
    }
    if let Some(times) = fault.times {
        spec.insert("times".to_owned(), json!(times));
    }
    if fault.rate != Rate::ALWAYS {
        let rate = fault.rate.to_text();
        spec.insert("rate".to_owned(), rate.parse().map_or(Value::Null, Value::Number));
    }
    if let Some(lasts) = fault.lasts {
        spec.insert("for_ms".to_owned(), json!(millis(lasts)));
    }
    Value::Object(spec)
}

/// Whole milliseconds, as JSON has them.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn system_faults(
    name: &str,
    list: &Value,
    root: &str,
    origin: Origin,
) -> Result<(System, Vec<Fault>), SpecError> {
    let system = system(name, root)?;
    let place = format!("{root}.{name}");
    let Value::Array(specs) = list else {
        return Err(SpecError::Shape { place, want: "a list of faults, as in [\"rounded\"]" });
    };
    if specs.len() > MAX_FAULTS_PER_SYSTEM {
        return Err(SpecError::TooMany { place });
    }
    let faults = specs
        .iter()
        .enumerate()
        .map(|(index, spec)| {
            let place = format!("{place}[{index}]");
            let fault = fault(spec, &place, origin)?;
            match (system, fault.kind) {
                (System::Intake, FaultKind::Data(_)) => {
                    Err(SpecError::NotAtIntake { place, fault: fault.kind.name() })
                }
                _ => Ok(fault),
            }
        })
        .collect::<Result<_, _>>()?;
    Ok((system, faults))
}

fn fault(spec: &Value, place: &str, origin: Origin) -> Result<Fault, SpecError> {
    if let Value::String(name) = spec {
        return Ok(Fault::new(kind(name, place)?));
    }
    let entries = object(spec, place, "the name of a fault, or an object with `fault`")?;
    let Some(Value::String(name)) = entries.get("fault") else {
        return Err(SpecError::Shape {
            place: format!("{place}.fault"),
            want: "the name of a fault",
        });
    };
    let mut fault = Fault::new(kind(name, place)?);
    for (key, value) in entries {
        set_bound(&mut fault, key, value, place, origin)?;
    }
    Ok(fault)
}

fn set_bound(
    fault: &mut Fault,
    key: &str,
    value: &Value,
    place: &str,
    origin: Origin,
) -> Result<(), SpecError> {
    let at = || format!("{place}.{key}");
    match (key, &mut fault.kind) {
        ("fault", _) => {}
        ("times", _) if origin == Origin::Event => {
            return Err(SpecError::TimesInEvent { place: at() });
        }
        ("times", _) => {
            let times = value.as_u64().and_then(|times| u32::try_from(times).ok());
            fault.times = Some(
                times.ok_or_else(|| SpecError::Shape { place: at(), want: "a whole number" })?,
            );
        }
        ("rate", _) => {
            let rate = value.as_number().and_then(|rate| Rate::from_text(&rate.to_string()));
            fault.rate =
                rate.ok_or_else(|| SpecError::Shape { place: at(), want: "a number from 0 to 1" })?;
        }
        ("by_ms", FaultKind::Data(DataFault::Late { by })) => *by = duration(value, at())?,
        ("by_ms", kind) => {
            return Err(SpecError::NotWithFault {
                place: place.to_owned(),
                key: "by_ms",
                fault: kind.name(),
            });
        }
        ("for_ms", kind @ FaultKind::Data(DataFault::Late { .. })) => {
            return Err(SpecError::NotWithFault {
                place: place.to_owned(),
                key: "for_ms",
                fault: kind.name(),
            });
        }
        ("for_ms", FaultKind::Data(_) | FaultKind::Answer(_)) => {
            fault.lasts = Some(duration(value, at())?);
        }
        (_, _) => {
            return Err(SpecError::UnknownKey { place: place.to_owned(), key: key.to_owned() });
        }
    }
    Ok(())
}

fn kind(name: &str, place: &str) -> Result<FaultKind, SpecError> {
    FaultKind::ALL
        .into_iter()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| SpecError::UnknownFault { place: place.to_owned(), name: name.to_owned() })
}

fn system(name: &str, root: &str) -> Result<System, SpecError> {
    System::from_name(name)
        .ok_or_else(|| SpecError::UnknownSystem { place: root.to_owned(), name: name.to_owned() })
}

/// Reads milliseconds, or a text such as `2s`.
pub(crate) fn duration(value: &Value, place: String) -> Result<Duration, SpecError> {
    let duration = match value {
        Value::String(text) => parse_duration(text),
        Value::Number(number) => number.as_u64().map(Duration::from_millis),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    duration.filter(|duration| *duration <= MAX_DELAY).ok_or(SpecError::Duration { place })
}

fn object<'a>(
    value: &'a Value,
    place: &str,
    want: &'static str,
) -> Result<&'a Map<String, Value>, SpecError> {
    value.as_object().ok_or_else(|| SpecError::Shape { place: place.to_owned(), want })
}

fn flag_pair<'a>(
    part: &'a str,
    want: &'static str,
    example: &'static str,
) -> Result<(&'a str, &'a str), SpecError> {
    part.split_once('=').ok_or_else(|| SpecError::Flag { flag: part.to_owned(), want, example })
}

/// `late:by_ms=5000` as the object that a document would hold.
fn flag_fault(text: &str) -> Value {
    let (name, bounds) = text.split_once(':').unwrap_or((text, ""));
    let mut spec = Map::from_iter([("fault".to_owned(), json!(name))]);
    for bound in bounds.split(':').filter(|bound| !bound.is_empty()) {
        let (key, value) = bound.split_once('=').unwrap_or((bound, ""));
        let value = value.parse().map_or_else(|_| json!(value), Value::Number);
        spec.insert(key.to_owned(), value);
    }
    Value::Object(spec)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(document: &str, origin: Origin) -> Result<Vec<(System, Vec<Fault>)>, String> {
        faults_of(&serde_json::from_str(document).unwrap(), "faults", origin)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn faults_are_names_or_objects() {
        let rounded = Fault::new(FaultKind::Data(DataFault::Rounded));
        let late = Fault {
            rate: Rate::from_text("0.5").unwrap(),
            times: Some(2),
            ..Fault::new(FaultKind::Data(DataFault::Late { by: Duration::from_secs(5) }))
        };
        assert_eq!(
            parsed(
                r#"{"warehouse":["rounded",{"fault":"late","by_ms":5000,"rate":0.50,"times":2}]}"#,
                Origin::Standing
            ),
            Ok(vec![(System::Warehouse, vec![rounded, late])])
        );
        assert_eq!(parsed(r#"{"report":[]}"#, Origin::Event), Ok(vec![(System::Report, vec![])]));
    }

    #[test]
    fn errors_name_the_place_and_the_mend() {
        let check = |document: &str, want: &str| {
            let error = parsed(document, Origin::Event).unwrap_err();
            assert!(error.contains(want), "{document}: {error}");
        };
        check("[]", "faults must be an object");
        check(r#"{"warehose":[]}"#, "no system `warehose`; use intake, collector");
        check(r#"{"warehouse":"rounded"}"#, "faults.warehouse must be a list");
        check(
            r#"{"warehouse":["lost","round"]}"#,
            "faults.warehouse[1]: there is no fault `round`; use lost, late",
        );
        check(r#"{"warehouse":[{"rate":1}]}"#, "faults.warehouse[0].fault must be the name");
        check(r#"{"warehouse":[{"fault":"lost","rat":1}]}"#, "no key `rat`");
        check(
            r#"{"warehouse":[{"fault":"lost","rate":1.5}]}"#,
            "faults.warehouse[0].rate must be a number from 0 to 1",
        );
        check(r#"{"warehouse":[{"fault":"lost","rate":-0.5}]}"#, "a number from 0 to 1");
        check(r#"{"warehouse":[{"fault":"lost","by_ms":1}]}"#, "`by_ms` does not go with `lost`");
        check(r#"{"warehouse":[{"fault":"late","for_ms":1}]}"#, "`for_ms` does not go with `late`");
        check(r#"{"warehouse":[{"fault":"late","by_ms":-1}]}"#, "must be milliseconds");
        check(r#"{"warehouse":[{"fault":"late","by_ms":"9d"}]}"#, "at most 7 days");
        check(r#"{"warehouse":[{"fault":"hang","times":1}]}"#, "`times` counts over many requests");
        check(r#"{"intake":["rounded"]}"#, "the intake keeps none");
        let many = format!(r#"{{"report":[{}]}}"#, ["\"lost\""; 17].join(","));
        check(&many, "over 16 faults");
    }

    #[test]
    fn delays_are_milliseconds_or_texts() {
        let check = |document: Value, want: Result<Vec<(System, u64)>, &str>| match (
            delays_of(&document, "delays"),
            want,
        ) {
            (Ok(got), Ok(want)) => {
                let got: Vec<_> =
                    got.into_iter().map(|(system, delay)| (system, millis(delay))).collect();
                assert_eq!(got, want);
            }
            (Err(error), Err(want)) => assert!(error.to_string().contains(want), "{error}"),
            (got, want) => panic!("{document}: {got:?}, wanted {want:?}"),
        };
        check(
            json!({"collector": 0, "report": "2m"}),
            Ok(vec![(System::Collector, 0), (System::Report, 120_000)]),
        );
        check(json!({"intake": 1}), Err("delays.intake: the intake answers at once"));
        check(json!({"report": true}), Err("delays.report must be milliseconds"));
        check(json!(3), Err("delays must be an object"));
    }

    #[test]
    fn flags_say_the_same() {
        let mut faults = PerSystem::default();
        apply_fault_flag(
            &mut faults,
            "warehouse=rounded,report=late:by_ms=5s:rate=0.25,warehouse=hang:times=1",
        )
        .unwrap();
        let written = faults_json(&faults[System::Warehouse].iter().collect::<Vec<_>>());
        assert_eq!(written, json!([{"fault": "rounded"}, {"fault": "hang", "times": 1}]));
        let written = faults_json(&faults[System::Report].iter().collect::<Vec<_>>());
        assert_eq!(written.to_string(), r#"[{"fault":"late","by_ms":5000,"rate":0.25}]"#);
        assert!(
            apply_fault_flag(&mut faults, "rounded")
                .unwrap_err()
                .to_string()
                .contains("system=fault")
        );
        assert!(
            apply_fault_flag(&mut faults, "report=late:soon")
                .unwrap_err()
                .to_string()
                .contains("no key `soon`")
        );

        let mut delays = Delays::default();
        apply_delay_flag(&mut delays, "collector=250ms,report=1m").unwrap();
        assert_eq!(delays.by_system[System::Collector], Duration::from_millis(250));
        assert_eq!(delays.by_system[System::Report], Duration::from_mins(1));
        assert!(apply_delay_flag(&mut delays, "collector=soon").is_err());
    }
}
