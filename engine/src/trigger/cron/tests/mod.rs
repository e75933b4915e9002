//! What cron rules mean, by tables, by properties, and against another implementation.

mod civil;
mod clocks;
mod fields;
mod naive;
#[cfg(feature = "bundled-tz")]
mod peer;
mod random;
mod words;

use crate::json::{Value, json};

use super::{Changes, Cron};
use crate::civil::{Civil, Date};
use crate::document::{Place, Problem, Problems};
use crate::time::Timestamp;
use crate::zone::{Change, Zone};

/// A rule from the fields of an object, or what is wrong with them.
fn fields(value: &Value) -> Result<Cron, Vec<Problem>> {
    let mut problems = Problems::default();
    let object = Place::root(value).object(&mut problems, &Cron::FIELDS, &[]).unwrap();
    let cron = Cron::from_fields(&object, &mut problems);
    finish(cron, problems)
}

/// A rule from a crontab string.
fn crontab(text: &str) -> Result<Cron, Vec<Problem>> {
    read_crontab(text, false)
}

fn read_crontab(text: &str, vixie: bool) -> Result<Cron, Vec<Problem>> {
    let mut problems = Problems::default();
    let cron = Cron::from_crontab(&Place::root(&json!(text)), vixie, &mut problems);
    finish(cron, problems)
}

/// There is a rule or a problem, never both and never neither.
fn finish(cron: Option<Cron>, problems: Problems) -> Result<Cron, Vec<Problem>> {
    match (cron, problems.into_vec()) {
        (Some(cron), problems) if problems.is_empty() => Ok(cron),
        (None, problems) if !problems.is_empty() => Err(problems),
        (cron, problems) => panic!("{cron:?} and {problems:?}"),
    }
}

/// A time on the wall: `2026-03-29 02:30:00`, the time or its seconds perhaps missing.
fn wall(text: &str) -> Civil {
    let number = |from: usize, len| text.get(from..from + len).map_or(0, |n| n.parse().unwrap());
    let (month, day) = (u8::try_from(number(5, 2)).unwrap(), u8::try_from(number(8, 2)).unwrap());
    let date = Date::new(i32::try_from(number(0, 4)).unwrap(), month, day).unwrap();
    let seconds: i64 = number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2);
    Civil(date.midnight().0 + seconds * 1000)
}

/// The same as an instant in UTC.
fn utc(text: &str) -> Timestamp {
    Timestamp::from_ms(wall(text).0)
}

fn show(civil: Civil) -> String {
    Timestamp::from_ms(civil.0).to_string().replace('T', " ").replace('Z', "")
}

/// The first fires after an instant, on the wall in UTC.
fn fires(cron: &Cron, zone: &Zone, after: Timestamp, changes: Changes) -> Vec<String> {
    let fires = std::iter::successors(Some(after), |&at| cron.next_after(zone, at, changes));
    fires.skip(1).take(4).map(|at| show(Civil(at.as_ms()))).collect()
}

/// A zone from texts: its first offset and its changes, in seconds.
fn zone(first: i32, changes: &[(&str, i32)]) -> Zone {
    let change = |&(at, offset_seconds)| Change { at: utc(at), offset_seconds };
    Zone::new("Test/Zone", first, &changes.iter().map(change).collect::<Vec<_>>()).unwrap()
}
