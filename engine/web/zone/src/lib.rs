//! Time zones from the browser's own rules, which `Intl` tells one offset at a time. Keeps no table:
//! whoever stores one asks [`still_true`] before using it again.
//!
//! Where to start: [`table`]. A browser doesn't tell which release of the time zone database it has,
//! and its user agent says little of it: a system may update the rules under the same browser. So there
//! is no version to compare; the offsets themselves are, zone by zone, in a tenth of the time that
//! a new table takes.

use std::time::Duration;

use baton_engine::time::Timestamp;
use baton_engine::zone::{Change, Zone, ZoneError};
use js_sys::Object;
use thiserror::Error;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Seconds between two looks for a change. From 1970 on, any two changes of a zone are 6 days and 23
/// hours apart or more: Recife's in October 2000 are the closest, and Gaza's around some Ramadans.
const STRIDE: u32 = 5 * 86_400;

/// The first and the last second of a table.
const FIRST: u32 = 0;
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "seconds outgrow 32 bits in 2106"
)]
const LAST: u32 = (Zone::UNTIL.as_ms() / 1000) as u32 - 1;

/// How long before and after now a table is searched for changes that it lacks.
const BEFORE: Duration = Duration::from_hours(24 * 366);
const AFTER: Duration = Duration::from_hours(24 * 366 * 5);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    type Formatter;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "DateTimeFormat")]
    fn new(locale: &str, options: &Options) -> Result<Formatter, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &Formatter, at_ms: f64) -> String;
    #[wasm_bindgen(method, js_name = resolvedOptions)]
    fn resolved(this: &Formatter) -> Options;

    type Options;
    /// Undefined where the browser could not tell the system's zone.
    #[wasm_bindgen(method, getter, js_name = timeZone)]
    fn time_zone(this: &Options) -> Option<String>;
    #[wasm_bindgen(method, setter, js_name = timeZone)]
    fn set_time_zone(this: &Options, name: &str);
    #[wasm_bindgen(method, setter, js_name = timeZoneName)]
    fn set_time_zone_name(this: &Options, form: &str);
    #[wasm_bindgen(method, setter)]
    fn set_second(this: &Options, form: &str);
}

/// Why there is no table of a zone.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ZoneTrouble {
    /// The browser knows no zone of this name.
    #[error(
        "this browser knows no time zone \"{0}\"; use an IANA name such as \"America/New_York\""
    )]
    Unknown(String),
    /// The browser writes offsets as none that we know does.
    #[error("this browser tells no offset of the time zone \"{zone}\", but \"{text}\"")]
    Unreadable {
        /// The zone.
        zone: String,
        /// What stood where an offset should.
        text: String,
    },
    /// The offsets make no table.
    #[error(transparent)]
    Table(#[from] ZoneError),
}

/// The table of a zone, from 1970 to 2100.
///
/// It keeps the name as it is asked for, whatever case it is in and even if the browser calls the zone
/// otherwise by now (`Asia/Calcutta`): the document that names it has to find it again.
///
/// # Errors
///
/// [`ZoneTrouble::Unknown`] when the browser knows no such zone.
pub fn table(name: &str) -> Result<Zone, ZoneTrouble> {
    let offsets = Offsets::of(name)?;
    let first = offsets.at(FIRST)?;
    let (mut changes, mut from, mut before) = (Vec::new(), FIRST, first);
    while from < LAST {
        let to = from.saturating_add(STRIDE).min(LAST);
        let after = offsets.at(to)?;
        offsets.find_changes((from, before), (to, after), &mut changes)?;
        (from, before) = (to, after);
    }
    Ok(Zone::new(name, first, &changes)?)
}

/// The name of the browser's own zone; UTC where the browser has none that it knows the rules of.
pub fn local() -> String {
    let known =
        Formatter::new("en-US", &offset_options()).ok().and_then(|own| own.resolved().time_zone());
    known.filter(|name| Offsets::of(name).is_ok()).unwrap_or_else(|| Zone::UTC.to_owned())
}

/// Whether a table is what [`table`] would make of the browser's rules today.
///
/// It finds, to the second, every change that was moved or dropped, whenever it is. A change that was
/// added where the table has none it finds from a year before `now` to five years after it: later ones
/// are found once they are that near, and what is further back concerns no schedule.
pub fn still_true(zone: &Zone, now: Timestamp) -> bool {
    let Ok(offsets) = Offsets::of(zone.name()) else { return false };
    let holds = |at: u32| {
        let expected = zone.offset_seconds(Timestamp::from_ms(i64::from(at) * 1000));
        offsets.at(at) == Ok(expected)
    };
    let around_changes = zone.changes().flat_map(|change| {
        let at = second(change.at);
        [at.saturating_sub(1), at]
    });
    around_changes.chain(strides_around(now)).all(holds)
}

/// The instants near `now` at which [`table`] looks for changes.
fn strides_around(now: Timestamp) -> impl Iterator<Item = u32> {
    let (from, to) = (second(now.minus(BEFORE)) / STRIDE, second(now.plus(AFTER)) / STRIDE);
    (from..=to).map(|stride| (stride * STRIDE).min(LAST))
}

/// The second that an instant lies in, or the nearest that tables cover.
fn second(at: Timestamp) -> u32 {
    let second = at.as_ms().div_euclid(1000).clamp(i64::from(FIRST), i64::from(LAST));
    u32::try_from(second).unwrap_or(FIRST)
}

/// What a browser says of one zone.
struct Offsets<'a> {
    name: &'a str,
    formatter: Formatter,
}

impl<'a> Offsets<'a> {
    fn of(name: &'a str) -> Result<Self, ZoneTrouble> {
        let options = offset_options();
        options.set_time_zone(name);
        let formatter = Formatter::new("en-US", &options)
            .map_err(|_range_error| ZoneTrouble::Unknown(name.to_owned()))?;
        Ok(Self { name, formatter })
    }

    /// The offset at a second, in seconds east of UTC.
    fn at(&self, second: u32) -> Result<i32, ZoneTrouble> {
        let text = self.formatter.format(f64::from(second) * 1000.0);
        offset_seconds(&text)
            .ok_or_else(|| ZoneTrouble::Unreadable { zone: self.name.to_owned(), text })
    }

    /// Adds the changes between two seconds with their offsets, by halves.
    fn find_changes(
        &self,
        from: (u32, i32),
        to: (u32, i32),
        changes: &mut Vec<Change>,
    ) -> Result<(), ZoneTrouble> {
        if from.1 == to.1 {
            return Ok(());
        }
        if to.0 - from.0 <= 1 {
            let at = Timestamp::from_ms(i64::from(to.0) * 1000);
            changes.push(Change { at, offset_seconds: to.1 });
            return Ok(());
        }
        let middle = from.0.midpoint(to.0);
        let middle = (middle, self.at(middle)?);
        self.find_changes(from, middle, changes)?;
        self.find_changes(middle, to, changes)
    }
}

/// Options for the quickest text that tells an offset: `0 GMT-05:00`, of which the first is a second.
fn offset_options() -> Options {
    let options = Object::new().unchecked_into::<Options>();
    options.set_time_zone_name("longOffset");
    // Without any part of a time a whole date is written, which takes twice as long.
    options.set_second("numeric");
    options
}

/// Reads `GMT+05:30`, `GMT-00:44:30`, `GMT`. Source: CLDR's localized GMT format, long form.
pub fn offset_seconds(text: &str) -> Option<i32> {
    let (_, offset) = text.rsplit_once('G')?;
    let offset = offset.strip_prefix("MT")?;
    if offset.is_empty() {
        return Some(0);
    }
    let (sign, digits) = match offset.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, offset.strip_prefix(['-', '\u{2212}'])?),
    };
    let mut parts = digits.split(':').map(str::parse::<u8>);
    let mut seconds = 0;
    for unit in [3600, 60, 1] {
        match parts.next() {
            Some(part) => seconds += i32::from(part.ok()?) * unit,
            None => break,
        }
    }
    if parts.next().is_some() { None } else { Some(sign * seconds) }
}
