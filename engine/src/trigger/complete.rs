//! What a trigger's document leaves to the moment it is read, written into it: the zone, and where
//! intervals begin. A stored phase is never guessed again.

use std::rc::Rc;

use crate::json::{Map, Value};

use super::Setting;
use super::date::civil_text;
use super::document::{MOST_LEVELS, Reader, Type};
use crate::civil::{Civil, MS_PER_DAY};
use crate::document::Place;
use crate::zone::Zone;

/// The document with what it leaves open.
pub(super) fn complete(document: &Value, setting: &Setting) -> Value {
    let outer = setting.zones.find(setting.zone);
    let mut document = document.clone();
    within(&mut document, outer.as_ref(), setting, MOST_LEVELS);
    if let Some(map) = document.as_object_mut()
        && is_open(map, "timezone")
    {
        map.insert("timezone".into(), setting.zone.into());
    }
    document
}

/// The names of zones in it, each once.
pub(super) fn zones_named(document: &Value) -> Vec<String> {
    let mut names = Vec::new();
    gather_zones(document, MOST_LEVELS, &mut names);
    names
}

fn gather_zones(document: &Value, levels: u32, names: &mut Vec<String>) {
    if levels == 0 {
        return;
    }
    if let Some(name) = document.get("timezone").and_then(Value::as_str)
        && !names.iter().any(|known| known == name)
    {
        names.push(name.to_owned());
    }
    let members = document.get("triggers").and_then(Value::as_array);
    for member in members.into_iter().flatten().chain(document.get("trigger")) {
        gather_zones(member, levels - 1, names);
    }
}

fn within(document: &mut Value, outer: Option<&Rc<Zone>>, setting: &Setting, levels: u32) {
    if levels == 0 {
        return;
    }
    let zone = own_zone(document, setting).or(outer.cloned());
    if let Some(start) = zone.as_ref().and_then(|zone| start(document, zone, setting))
        && let Some(map) = document.as_object_mut()
    {
        map.insert("start_date".into(), start.into());
    }
    let Some(map) = document.as_object_mut() else { return };
    if let Some(inner) = map.get_mut("trigger") {
        within(inner, zone.as_ref(), setting, levels - 1);
    }
    let members = map.get_mut("triggers").and_then(Value::as_array_mut);
    for member in members.into_iter().flatten() {
        within(member, zone.as_ref(), setting, levels - 1);
    }
}

fn own_zone(document: &Value, setting: &Setting) -> Option<Rc<Zone>> {
    document.get("timezone").and_then(Value::as_str).and_then(|name| setting.zones.find(name))
}

/// The start that a document leaves open.
fn start(document: &Value, zone: &Rc<Zone>, setting: &Setting) -> Option<String> {
    if !is_open(document.as_object()?, "start_date") {
        return None;
    }
    let mut reader = Reader::new(setting);
    let (object, of_type) = reader.object(&Place::root(document))?;
    let end = reader.date(&object, "end_date");
    let end = reader.bounds(&object, of_type, zone, None, end).end;
    match of_type {
        Type::Interval => {
            let every_ms = reader.every_ms(&object)?;
            reader.first_of_interval(every_ms, end).map(|first| first.to_string())
        }
        Type::Calendar => {
            let first = reader.first_of_calendar(zone, end)?;
            Some(civil_text(Civil(first * MS_PER_DAY)))
        }
        Type::Date | Type::Cron | Type::Crontab | Type::And | Type::Or | Type::Except => None,
    }
}

/// Whether a key is not there, or null.
fn is_open(map: &Map, key: &str) -> bool {
    map.get(key).is_none_or(Value::is_null)
}
