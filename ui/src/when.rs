//! Times for people: instants by the browser's `Intl`, in the time that the reader has chosen; spans by small functions.

use std::cell::RefCell;
use std::time::Duration;

use baton_engine::locale::Locale;
use baton_engine::time::{Timestamp, in_words};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    type Format;

    #[wasm_bindgen(constructor, js_namespace = Intl, js_class = DateTimeFormat)]
    fn new(locale: &str, options: &JsValue) -> Format;

    #[wasm_bindgen(method)]
    fn format(this: &Format, ms: f64) -> String;
}

/// Which parts of an instant are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Clock,
    Full,
}

/// In which time instants are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Zone {
    /// The browser's own.
    #[default]
    Local,
    /// The same for all readers; said beside each instant.
    Utc,
}

thread_local! {
    /// Making one costs about a hundred times as much as using it.
    static FORMATS: RefCell<Vec<(Kind, Format)>> = const { RefCell::new(Vec::new()) };
    /// One for all boards of a page, since they have one reader.
    static ZONE: ArcRwSignal<Zone> = ArcRwSignal::new(Zone::Local);
}

/// What makes one format differ from another.
type Kind = (Locale, Shown, Zone);

/// Tells instants in another time from now on, wherever one is shown.
pub fn follow(zone: Zone) {
    ZONE.with(|now| {
        if now.get_untracked() != zone {
            now.set(zone);
        }
    });
}

/// In which time instants are told now. Followed.
pub fn zone() -> Zone {
    ZONE.with(|zone| zone.try_get().unwrap_or_default())
}

/// `14:03:09`, or `14:03:09Z`. The zone is followed.
pub fn clock(at: Timestamp, locale: Locale) -> String {
    formatted(at, locale, Shown::Clock)
}

/// `23 Nov, 14:03:09`, or `23 Nov, 14:03:09 UTC`. The zone is followed.
pub fn date_and_clock(at: Timestamp, locale: Locale) -> String {
    formatted(at, locale, Shown::Full)
}

/// How far local time is ahead of UTC now: `+08:00`.
#[expect(clippy::cast_possible_truncation, reason = "less than a day, in minutes")]
pub fn offset() -> String {
    let behind = js_sys::Date::new_0().get_timezone_offset() as i32;
    let sign = if behind > 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", behind.abs() / 60, behind.abs() % 60)
}

/// `Tue, 24 Nov, 09:00:00`, in a zone that the browser knows.
#[expect(clippy::cast_precision_loss, reason = "an instant of any real clock is far below 2^53 ms")]
pub fn in_zone(at: Timestamp, locale: Locale, zone: &str) -> String {
    let options = options_of(Shown::Full, Some(zone));
    // Setting a plain object's own property can't fail.
    let _ = js_sys::Reflect::set(&options, &"weekday".into(), &"short".into());
    Format::new(tag_of(locale), &options).format(at.as_ms() as f64)
}

/// When a day begins here; a day after its month's last is of the next.
#[expect(
    clippy::cast_possible_truncation,
    reason = "an instant of a calendar is far below 2^53 ms"
)]
pub fn local_midnight(year: i32, month: i32, day: i32) -> Option<Timestamp> {
    let year = u32::try_from(year).ok()?;
    let ms = js_sys::Date::new_with_year_month_day(year, month - 1, day).get_time();
    ms.is_finite().then(|| Timestamp::from_ms(ms as i64))
}

#[expect(clippy::cast_precision_loss, reason = "an instant of any real clock is far below 2^53 ms")]
fn formatted(at: Timestamp, locale: Locale, shown: Shown) -> String {
    let zone = zone();
    let kind = (locale, shown, zone);
    let mut text = FORMATS.with_borrow_mut(|formats| {
        let known = formats.iter().position(|(of, _)| *of == kind);
        let index = known.unwrap_or_else(|| {
            formats.push((kind, format_of(kind)));
            formats.len() - 1
        });
        formats[index].1.format(at.as_ms() as f64)
    });
    text.push_str(match (zone, shown) {
        (Zone::Local, _) => "",
        (Zone::Utc, Shown::Clock) => "Z",
        (Zone::Utc, Shown::Full) => " UTC",
    });
    text
}

fn format_of((locale, shown, zone): Kind) -> Format {
    Format::new(tag_of(locale), &options_of(shown, (zone == Zone::Utc).then_some("UTC")))
}

/// Day before month, as everyone but one country reads it.
fn tag_of(locale: Locale) -> &'static str {
    if locale == Locale::En { "en-GB" } else { locale.tag() }
}

/// In a zone, or in the reader's own.
fn options_of(shown: Shown, zone: Option<&str>) -> js_sys::Object {
    let options = js_sys::Object::new();
    let set = |key: &str, value: &str| {
        // Setting a plain object's own property can't fail.
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    };
    if let Some(zone) = zone {
        set("timeZone", zone);
    }
    if shown == Shown::Full {
        set("day", "numeric");
        set("month", "short");
    }
    set("hour", "2-digit");
    set("minute", "2-digit");
    set("second", "2-digit");
    set("hourCycle", "h23");
    options
}

/// A countdown: `0:04`, `12:30`, `1:02:00`. Rounded up, so that it reaches zero when it is time.
pub fn countdown(left: Duration) -> String {
    let seconds = left.as_millis().div_ceil(1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A span in words with a narrow unit: `84 ms`, `12.3 s`, `4 m 10 s`.
pub fn span(span: Duration) -> String {
    let (seconds, tenths) = (span.as_secs(), span.subsec_millis() / 100);
    if (1..60).contains(&seconds) && tenths > 0 {
        return format!("{seconds}.{tenths} s");
    }
    in_words(span)
}

/// A span that grows while one looks: whole seconds only.
pub fn growing(span: Duration) -> String {
    in_words(Duration::from_secs(span.as_secs().max(1)))
}

/// A size: `812 B`, `64 kB`, `1.2 MB`.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} kB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn countdowns_round_up() {
        let check = |ms, text: &str| assert_eq!(countdown(Duration::from_millis(ms)), text);
        check(0, "0:00");
        check(1, "0:01");
        check(3999, "0:04");
        check(750_000, "12:30");
        check(3_720_000, "1:02:00");
    }

    #[test]
    fn spans_have_one_decimal_under_a_minute() {
        let check = |ms, text: &str| assert_eq!(span(Duration::from_millis(ms)), text);
        check(84, "84 ms");
        check(12_345, "12.3 s");
        check(12_000, "12 s");
        check(12_040, "12 s");
        check(250_000, "4 m 10 s");
    }

    #[test]
    fn instants_in_utc_say_so() {
        let at = Timestamp::from_ms(1_795_435_204_200);
        follow(Zone::Utc);
        assert_eq!(clock(at, Locale::En), "12:00:04Z");
        assert_eq!(date_and_clock(at, Locale::En), "23 Nov, 12:00:04 UTC");
        assert!(date_and_clock(at, Locale::Zh).ends_with("12:00:04 UTC"));
        follow(Zone::Local);
        assert!(!clock(at, Locale::En).ends_with('Z'));
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(812), "812 B");
        assert_eq!(size(65_536), "64 kB");
        assert_eq!(size(1_258_292), "1.2 MB");
    }
}
