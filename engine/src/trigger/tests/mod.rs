//! Scenarios of triggers: tables for every rule, and properties of all.

mod bounds;
mod calendars;
mod changes;
mod combined;
mod dates;
mod forms;
mod properties;
mod refusals;
mod stored;
mod words;

use std::rc::Rc;

use crate::json::{Value, json};

use super::date::Written;
use super::{Setting, Trigger, fires_line};
use crate::document::{Place, Problem, Problems};
use crate::time::Timestamp;
use crate::zone::{Zone, Zones, bundled};

/// The zones of these tests: changes of an hour and of half an hour, offsets of 45 minutes, none.
const ZONES: [&str; 6] = [
    "Europe/London",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/New_York",
    "Pacific/Apia",
];

fn zones() -> Zones {
    let mut zones = Zones::default();
    for name in ZONES {
        zones.insert(Rc::new(bundled::zone(name).unwrap()));
    }
    zones
}

fn at(text: &str) -> Timestamp {
    let value = json!(text);
    let mut problems = Problems::default();
    let written = Written::read(&Place::root(&value), &mut problems);
    written.unwrap_or_else(|| panic!("{text}: {problems:?}")).instant(&Zone::utc())
}

fn read(document: &Value, zone: &str, now: Timestamp) -> Result<Trigger, Vec<Problem>> {
    let zones = zones();
    Trigger::parse(document, &Setting { zones: &zones, zone, now, seed: 7 })
}

/// A trigger in London's zone, read on 24 November 2026.
fn london(document: &Value) -> Trigger {
    read(document, "Europe/London", at("2026-11-24")).unwrap_or_else(|problems| {
        panic!("{document}: {problems:?}");
    })
}

/// Compares the first fires at or after an instant. `end` as the last one says that there are no more.
fn check(trigger: &Value, zone: &str, start_after: &str, expected: &[&str]) {
    let finished = expected.last() == Some(&"end");
    let expected = &expected[..expected.len() - usize::from(finished)];
    let count = expected.len() + usize::from(finished);
    let line = json!({
        "trigger": trigger, "timezone": zone, "start_after": start_after, "count": count,
    });
    let answer = fires_line(&line.to_string(), &bundled::zone);
    let wanted = json!({"fires": expected, "finished": finished}).to_string();
    assert_eq!(answer, wanted, "{line}");
}

/// Compares all sentences about a trigger.
fn refused(trigger: &Value, expected: &[&str]) {
    let problems = read(trigger, "Europe/London", at("2026-11-24")).expect_err("taken");
    let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(sentences, expected, "{trigger}");
}

/// All fires from one instant to another, by asking for the next one again and again.
fn stepped(trigger: &Trigger, from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let mut fires = Vec::new();
    let mut next = trigger.next_from(from);
    while let Some(at) = next.filter(|at| *at <= until) {
        fires.push(at);
        next = trigger.next_after(Some(at), at);
    }
    fires
}
