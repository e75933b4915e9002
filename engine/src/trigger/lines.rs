//! A trigger without any scheduler: one line of JSON asks for its fires, one line answers.

use std::rc::Rc;

use super::date::Written;
use super::document::unknown_zone;
use super::{Setting, Trigger};
use crate::document::{Object, Place, Problem, Problems, tree};
use crate::json::{self, Value};
use crate::time::Timestamp;
use crate::zone::{Change, Zone, Zones};

/// How many fires one line may ask for.
const MOST_FIRES: u32 = 10_000;

/// The longest line that is read, in bytes.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// Answers `{"trigger":{...},"timezone":"Europe/London","start_after":"2026-03-28T00:00:00Z","count":12}`
/// with `{"fires":["2026-03-28T01:00:00Z",...],"finished":false}`, or with `{"error":"..."}`.
///
/// The first fire is the first one at or after `start_after`; each is fed back as the previous one.
/// `finished` says that there were fewer than asked for. Without `timezone` the zone is UTC, without `count`
/// it is one fire. `zones` finds a zone by its name.
///
/// ```
/// let line = r#"{"trigger":{"type":"interval","seconds":58},"start_after":"2026-11-24T00:00:00Z","count":2}"#;
/// let answer = baton_engine::trigger::fires_line(line, &|_| None);
/// assert_eq!(answer, r#"{"fires":["2026-11-24T00:00:58Z","2026-11-24T00:01:56Z"],"finished":false}"#);
/// ```
pub fn fires_line(line: &str, zones: &dyn Fn(&str) -> Option<Zone>) -> String {
    let answer = match answer(line, zones) {
        Ok((fires, finished)) => {
            let fires = fires.iter().map(|fire| Value::from(fire.to_string())).collect();
            vec![("fires", Value::Array(fires)), ("finished", Value::Bool(finished))]
        }
        Err(problems) => {
            let sentences: Vec<String> = problems.iter().map(Problem::to_string).collect();
            vec![("error", Value::from(sentences.join("; ")))]
        }
    };
    let members = answer.into_iter().map(|(key, value)| (key.to_owned(), value));
    json::text(&Value::Object(members.collect()))
}

fn answer(
    line: &str,
    find: &dyn Fn(&str) -> Option<Zone>,
) -> Result<(Vec<Timestamp>, bool), Vec<Problem>> {
    let document = tree(line, MAX_LINE_BYTES)?;
    let mut problems = Problems::default();
    let asked = Asked::read(&document, find, &mut problems);
    let Some(asked) = asked.filter(|_| problems.is_empty()) else {
        return Err(problems.into_vec());
    };
    let (zone, now) = (asked.zone.name(), asked.now);
    let setting = Setting { zones: &asked.zones, zone, now, seed: 0 };
    let trigger = Trigger::parse(asked.trigger, &setting).map_err(within_trigger)?;
    Ok(fires(&trigger, asked.now, asked.count))
}

/// What a line asks.
struct Asked<'a> {
    trigger: &'a Value,
    zones: Zones,
    zone: Rc<Zone>,
    now: Timestamp,
    count: u32,
}

impl<'a> Asked<'a> {
    fn read(
        document: &'a Value,
        find: &dyn Fn(&str) -> Option<Zone>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let known = ["trigger", "timezone", "start_after", "count"];
        let object = Place::root(document).object(problems, &known, &[])?;
        let trigger = object.need(problems, "trigger").map(|place| place.value);
        let zone = scheduler_zone(&object, find, problems);
        let now = object.need(problems, "start_after");
        let now = now.and_then(|place| Written::read(&place, problems));
        let count = match object.find("count") {
            Some(place) => place.whole(problems, 0, MOST_FIRES),
            None => Some(1),
        };
        let (trigger, zone) = (trigger?, zone?);
        let mut zones = Zones::default();
        for name in Trigger::zones_named(trigger) {
            if let Some(zone) = find(&name).and_then(|zone| under(&zone, &name)) {
                zones.insert(zone);
            }
        }
        zones.insert(Rc::clone(&zone));
        Some(Self { trigger, zones, now: now?.instant(&zone), zone, count: count? })
    }
}

/// The zone at `timezone`.
fn scheduler_zone(
    object: &Object,
    find: &dyn Fn(&str) -> Option<Zone>,
    problems: &mut Problems,
) -> Option<Rc<Zone>> {
    let Some(place) = object.find("timezone") else { return Some(Rc::new(Zone::utc())) };
    let name = place.name(problems)?;
    let found = if name == Zone::UTC { Some(Zone::utc()) } else { find(name) };
    let zone = found.and_then(|zone| under(&zone, name));
    if zone.is_none() {
        problems.push(&place, unknown_zone(name));
    }
    zone
}

/// A zone under the name that it was asked by, which may be written in other letters.
fn under(zone: &Zone, name: &str) -> Option<Rc<Zone>> {
    let changes: Vec<Change> = zone.changes().collect();
    Zone::new(name, zone.first_offset_seconds(), &changes).ok().map(Rc::new)
}

fn within_trigger(problems: Vec<Problem>) -> Vec<Problem> {
    let within = |problem: Problem| {
        let dot = if problem.path.is_empty() { "" } else { "." };
        Problem { path: format!("trigger{dot}{}", problem.path), ..problem }
    };
    problems.into_iter().map(within).collect()
}

fn fires(trigger: &Trigger, now: Timestamp, count: u32) -> (Vec<Timestamp>, bool) {
    let (mut previous, mut now) = (None, now);
    let mut fires = Vec::new();
    for _ in 0..count {
        let Some(fire) = trigger.next_after(previous, now) else { return (fires, true) };
        fires.push(fire);
        (previous, now) = (Some(fire), fire);
    }
    (fires, false)
}
