//! The drawing of a row, as SVG: what is over, and what goes on with the clock.

use std::fmt::{Display, Formatter, Result, Write};

use super::bars::{Asleep, Bar, Kind};
use super::scale::{Scale, Tick};

/// A row's height; what is drawn stands on its middle.
pub(super) const HEIGHT: usize = 28;
const MIDDLE: f64 = 14.0;
/// A span narrower than this has no room for its count.
const ROOM_FOR_COUNT: f64 = 44.0;
/// So much room there is beyond the line's end.
const BEYOND: f64 = 34.0;

/// Tenths of a pixel, written as a number with one digit. What writes any float would be half of this chunk.
struct Px(f64);

impl Display for Px {
    fn fmt(&self, to: &mut Formatter<'_>) -> Result {
        #[expect(clippy::cast_possible_truncation, reason = "a screen is not so wide")]
        let tenths = (self.0 * 10.0).round() as i32;
        let sign = if tenths < 0 { "-" } else { "" };
        write!(to, "{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
    }
}

/// What goes on in a row.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Live {
    /// The request that is under way, up to now.
    pub(super) calling: Option<Bar>,
    /// From the last answer, or the last bar's end, to the next poll, and in how long that is.
    pub(super) wait: Option<(f64, f64, String)>,
    /// Since when it is paused or blocked, until now, and the word for it.
    pub(super) frozen: Option<(f64, f64, String)>,
    pub(super) deadline: Option<f64>,
    /// The present.
    pub(super) now: Option<f64>,
    /// The bar that is pointed at.
    pub(super) pointed: Option<Bar>,
}

/// Lines at the labels, through all rows.
pub(super) fn grid(ticks: &[Tick]) -> String {
    let mut out = String::new();
    for Tick { x, .. } in ticks {
        // Writing into a text cannot fail, here and below.
        let _ = write!(out, r#"<path class="tick" d="M{} 0V{HEIGHT}"/>"#, Px(*x));
    }
    out
}

/// The labels of the line; those that would be cut off are left out.
pub(super) fn axis(scale: &Scale, ticks: &[Tick], label: impl Fn(&Tick) -> String) -> String {
    let mut out = String::new();
    for tick in ticks {
        let x = tick.x;
        let _ = write!(out, r#"<path class="tick" d="M{} 4V20"/>"#, Px(x));
        let words = label(tick);
        if x + room_for(&words) <= scale.width() + BEYOND {
            let _ = write!(out, r#"<text x="{}" y="14">{words}</text>"#, Px(x + 4.0));
        }
    }
    out
}

/// What is over: the way from the first poll to the last or to now, times without polls, and the bars.
pub(super) fn past(way: Option<(f64, f64)>, asleep: &[(Asleep, String)], bars: &[Bar]) -> String {
    let mut out = String::new();
    if let Some((from, to)) = way {
        let _ = write!(out, r#"<path class="way" d="M{} 14H{}"/>"#, Px(from), Px(to));
    }
    for (band, words) in asleep {
        hatched(&mut out, "asleep", band.from, band.to, words);
    }
    for bar in bars {
        shape(&mut out, bar, "bar");
        if bar.count() > 1 && bar.end - bar.x >= ROOM_FOR_COUNT {
            let x = f64::midpoint(bar.x, bar.end);
            let _ =
                write!(out, r#"<text class="words" x="{}" y="18">×{}</text>"#, Px(x), bar.count());
        }
    }
    out
}

/// What goes on.
pub(super) fn live(live: &Live) -> String {
    let mut out = String::new();
    if let Some((from, to, word)) = &live.frozen {
        hatched(&mut out, "frozen", *from, *to, word);
    }
    if let Some(x) = live.deadline {
        let _ = write!(out, r#"<path class="deadline" d="M{} 1V27"/>"#, Px(x));
    }
    if let Some(x) = live.now {
        let _ = write!(out, r#"<path class="now" d="M{} 0V{HEIGHT}"/>"#, Px(x));
    }
    if let Some((from, to, left)) = &live.wait {
        let _ = write!(
            out,
            r#"<path class="wait" d="M{} 14H{}"/><path class="due" d="M{} 9.5l5 4.5-5 4.5"/>"#,
            Px(*from),
            Px(*to),
            Px(to - 5.0)
        );
        let _ = write!(out, r#"<text x="{}" y="18">{left}</text>"#, Px(to + 5.0));
    }
    if let Some(bar) = &live.calling {
        shape(&mut out, bar, "bar");
    }
    if let Some(Bar { x, end, .. }) = live.pointed {
        let (x, width) = (x - 2.5, end - x + 5.0);
        let _ = write!(
            out,
            r#"<rect class="pointed" x="{}" y="1.5" width="{}" height="25" rx="3"/>"#,
            Px(x),
            Px(width)
        );
    }
    out
}

/// A bar's shape tells its kind without its colour: filled or hollow, high or low, whole or dashed, with a cross.
fn shape(out: &mut String, bar: &Bar, class: &str) {
    let (rise, stroke) = match bar.kind {
        Kind::Failed | Kind::Passed | Kind::Late => (8.0, 0.0),
        Kind::NotYet | Kind::Calling | Kind::Aborted | Kind::Lost => (5.5, 1.5),
    };
    let (x, y) = (bar.x + stroke / 2.0, MIDDLE - rise + stroke / 2.0);
    let (width, height) = (bar.end - bar.x - stroke, rise * 2.0 - stroke);
    let (kind, shown) = (bar.kind.slug(), bar.shown);
    let _ = write!(
        out,
        r#"<rect class="{class}" data-kind="{kind}" data-bar="{shown}" x="{}" y="{}" width="{}" height="{}" rx="1.5"/>"#,
        Px(x),
        Px(y),
        Px(width),
        Px(height)
    );
    let middle = f64::midpoint(bar.x, bar.end);
    let _ = match bar.kind {
        Kind::Failed => write!(
            out,
            r#"<path class="cross" data-kind="{kind}" d="M{} 1l5 5m0-5l-5 5"/>"#,
            Px(middle - 2.5)
        ),
        Kind::Late => write!(
            out,
            r#"<path class="over" data-kind="{kind}" d="M{} 0l3.5 3.5-3.5 3.5-3.5-3.5z"/>"#,
            Px(middle)
        ),
        Kind::Calling | Kind::NotYet | Kind::Aborted | Kind::Passed | Kind::Lost => Ok(()),
    };
}

/// Stripes, whose pattern is drawn once, beside the axis; with words where there is room for them.
fn hatched(out: &mut String, class: &str, from: f64, to: f64, words: &str) {
    let width = (to - from).max(0.0);
    let _ = write!(
        out,
        r#"<rect class="{class}" x="{}" y="5" width="{}" height="18" rx="2"/>"#,
        Px(from),
        Px(width)
    );
    if width >= room_for(words) {
        let x = f64::midpoint(from, to);
        let _ = write!(out, r#"<text class="words" x="{}" y="18">{words}</text>"#, Px(x));
    }
}

/// How wide a text is at most, with a little around it.
fn room_for(text: &str) -> f64 {
    let wide = |letter: char| if letter.is_ascii() { 7.0 } else { 12.0 };
    text.chars().map(wide).sum::<f64>() + 8.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn pixels_have_one_digit() {
        for (px, text) in
            [(0.0, "0.0"), (-0.04, "0.0"), (-2.5, "-2.5"), (811.96, "812.0"), (3.16, "3.2")]
        {
            assert_eq!(Px(px).to_string(), text);
        }
    }

    #[test]
    fn what_is_too_narrow_has_no_words() {
        let bar = |end| Bar { x: 0.0, end, kind: Kind::NotYet, first: 1, last: 184, shown: 184 };
        assert!(past(None, &[], &[bar(400.0)]).contains(">×184<"));
        assert!(!past(None, &[], &[bar(20.0)]).contains("×184"));
    }
}
