//! The attempts of a stage as bars: never more of them than pixels can show.

use std::time::Duration;

use baton_engine::protocol::AttemptPhase;
use baton_engine::time::Timestamp;
use baton_engine::verify::Verdict;

use super::scale::Scale;

/// A bar is so wide at least, so that its shape can be told.
pub(super) const LEAST: f64 = 5.0;
/// Between two bars.
const GAP: f64 = 1.0;
/// So far from a bar one still points at it.
const REACH: f64 = 12.0;
/// From so many attempts on, sequences of the same are one span.
const MANY: usize = 200;
/// So many are a sequence.
const SEQUENCE: usize = 16;
/// The latest ones stay single.
const LATEST: usize = 16;
/// Up to this an attempt was as punctual as a busy machine can be.
const PUNCTUAL: Duration = Duration::from_secs(1);
/// A gap narrower than this would not be seen.
const LEAST_BAND: f64 = 3.0;

/// What an attempt came to. Where several share a place, the greatest shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Calling,
    NotYet,
    Aborted,
    Passed,
    Late,
    Lost,
    Failed,
}

impl Kind {
    /// Of an attempt; `late` when it was what its stage passed late by.
    pub(super) fn of(phase: AttemptPhase, late: bool) -> Self {
        match phase {
            AttemptPhase::Calling => Self::Calling,
            AttemptPhase::Judged(Verdict::Pending) => Self::NotYet,
            AttemptPhase::Judged(Verdict::Pass) if late => Self::Late,
            AttemptPhase::Judged(Verdict::Pass) => Self::Passed,
            AttemptPhase::Judged(Verdict::Fail) => Self::Failed,
            AttemptPhase::Lost => Self::Lost,
            AttemptPhase::Aborted => Self::Aborted,
        }
    }

    /// Its name in the attribute `data-kind`, which gives it its colour.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Calling => "calling",
            Self::NotYet => "not_yet",
            Self::Aborted => "aborted",
            Self::Passed => "passed",
            Self::Late => "late",
            Self::Lost => "lost",
            Self::Failed => "failed",
        }
    }
}

/// An attempt, as far as it is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Mark {
    pub(super) number: u32,
    pub(super) kind: Kind,
    pub(super) scheduled: Timestamp,
    pub(super) begun: Timestamp,
    pub(super) ended: Timestamp,
}

/// A bar: one attempt, or several that share its place.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) end: f64,
    pub(super) kind: Kind,
    pub(super) first: u32,
    pub(super) last: u32,
    /// The one that it opens: the latest of its kind.
    pub(super) shown: u32,
}

impl Bar {
    fn of(mark: &Mark, scale: &Scale) -> Self {
        let x = scale.x(mark.begun).min(scale.width() - LEAST).max(0.0);
        let end = scale.x(mark.ended).max(x + LEAST);
        let Mark { number, kind, .. } = *mark;
        Self { x, end, kind, first: number, last: number, shown: number }
    }

    /// How many attempts it stands for.
    pub(super) fn count(&self) -> u32 {
        self.last - self.first + 1
    }

    /// Whether an attempt is in it.
    pub(super) fn holds(&self, number: u32) -> bool {
        (self.first..=self.last).contains(&number)
    }

    fn take(&mut self, other: &Self) {
        if other.kind >= self.kind {
            (self.kind, self.shown) = (other.kind, other.shown);
        }
        self.last = other.last;
        self.end = self.end.max(other.end);
    }
}

/// The bars of a stage's attempts, which are in order.
pub(super) fn bars(marks: &[Mark], scale: &Scale) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for bar in spans(marks, scale) {
        match bars.last_mut() {
            // By where they begin: a row of bars that touch would else become one.
            Some(before) if bar.x < before.x + LEAST + GAP => before.take(&bar),
            Some(before) => {
                before.end = before.end.min(bar.x - GAP);
                bars.push(bar);
            }
            None => bars.push(bar),
        }
    }
    bars
}

/// A bar an attempt; of many, one a sequence of the same, up to the latest ones.
fn spans(marks: &[Mark], scale: &Scale) -> Vec<Bar> {
    let early = if marks.len() < MANY { 0 } else { marks.len() - LATEST };
    let (early, latest) = marks.split_at(early);
    let mut spans = Vec::new();
    for same in early.chunk_by(|one, other| one.kind == other.kind) {
        let all = same.iter().map(|mark| Bar::of(mark, scale));
        if same.len() < SEQUENCE {
            spans.extend(all);
        } else {
            spans.extend(all.reduce(|mut span, bar| {
                span.take(&bar);
                span
            }));
        }
    }
    spans.extend(latest.iter().map(|mark| Bar::of(mark, scale)));
    spans
}

/// The latest attempts side by side, as many as fit, all of one width: where there is no room for time.
pub(super) fn beats(marks: &[Mark], width: f64) -> Vec<Bar> {
    const BEAT: f64 = 9.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some dozens")]
    let most = (width / BEAT).max(1.0) as usize;
    let latest = &marks[marks.len().saturating_sub(most)..];
    let mut x = -BEAT;
    let beat = |mark: &Mark| {
        x += BEAT;
        let Mark { number, kind, .. } = *mark;
        Bar { x, end: x + BEAT - 2.0, kind, first: number, last: number, shown: number }
    };
    latest.iter().map(beat).collect()
}

/// The bar that a place points at.
pub(super) fn nearest(bars: &[Bar], x: f64) -> Option<&Bar> {
    let away = |bar: &Bar| (bar.x - x).max(x - bar.end).max(0.0);
    let near = bars.iter().min_by(|one, other| away(one).total_cmp(&away(other)));
    near.filter(|bar| away(bar) <= REACH)
}

/// A time in which polls were due and none was made: the machine slept, or the page was closed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Asleep {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) lasted: Duration,
    pub(super) missed: u64,
}

/// The times in which polls were missed, as the attempts after them tell: each began late, and longer than an interval
/// after it should have. `frozen` is how long the stage was paused in all, and explains as much.
pub(super) fn asleep(
    marks: &[Mark],
    interval: Duration,
    frozen: Duration,
    scale: &Scale,
) -> Vec<Asleep> {
    let interval = interval.max(Duration::from_millis(1));
    let mut bands: Vec<Asleep> = Vec::new();
    for [before, mark] in marks.array_windows() {
        // What was missed is merged into the latest poll of the pace: that one's own delay tells little.
        let due = before.scheduled.plus(interval).max(before.ended);
        let lasted = mark.begun.since(due);
        let (from, to) = (scale.x(due), scale.x(mark.begun));
        let late = mark.begun.since(mark.scheduled) > PUNCTUAL;
        let paused = !frozen.is_zero() && lasted <= frozen + interval;
        if late && !paused && lasted > interval && to - from >= LEAST_BAND {
            let missed = lasted.as_millis() / interval.as_millis();
            let missed = u64::try_from(missed).unwrap_or(u64::MAX);
            bands.push(Asleep { from, to, lasted, missed });
        }
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(1_795_435_200_000 + ms)
    }

    fn mark(number: u32, kind: Kind, begun: i64, took: i64) -> Mark {
        let [scheduled, begun, ended] = [begun, begun, begun + took].map(at);
        Mark { number, kind, scheduled, begun, ended }
    }

    /// Attempts at an even pace, all not yet but the last.
    fn series(count: u32, every: i64, took: i64) -> Vec<Mark> {
        let kind = |number| if number == count { Kind::Passed } else { Kind::NotYet };
        (1..=count)
            .map(|number| mark(number, kind(number), i64::from(number - 1) * every, took))
            .collect()
    }

    /// What holds of all bars, whatever they are of.
    fn check(marks: &[Mark], scale: &Scale) -> Vec<Bar> {
        let bars = bars(marks, scale);
        for pair in bars.windows(2) {
            assert!(pair[0].end + GAP <= pair[1].x + 1e-6, "{pair:?}");
            assert_eq!(pair[0].last + 1, pair[1].first, "each attempt is in one bar");
        }
        for bar in &bars {
            assert!(bar.x >= 0.0 && bar.end <= scale.width().max(LEAST) + 1e-6, "{bar:?}");
            assert!(bar.end - bar.x >= LEAST - 1e-6, "{bar:?}");
            assert!(bar.holds(bar.shown));
            let worst =
                marks.iter().filter(|mark| bar.holds(mark.number)).map(|mark| mark.kind).max();
            assert_eq!(Some(bar.kind), worst);
        }
        assert_eq!(bars.first().map(|bar| bar.first), marks.first().map(|mark| mark.number));
        assert_eq!(bars.last().map(|bar| bar.last), marks.last().map(|mark| mark.number));
        #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
        let drawn = bars.len() as f64;
        assert!(drawn <= scale.width() / (LEAST + GAP) + 1.0, "{drawn} bars");
        bars
    }

    #[test]
    fn bars_never_overlap_nor_outgrow_the_pixels() {
        for count in [1, 2, 7, 30, 199, 200, 1000, 10_000] {
            for (every, took) in [(1, 0), (20, 19), (1000, 84), (58_000, 300), (60_000, 60_000)] {
                let marks = series(count, every, took);
                for width in [40.0, 310.0, 812.0] {
                    let end = at(i64::from(count) * every);
                    check(&marks, &Scale::new(at(0), end, width));
                    check(&marks, &Scale::new(at(0), end.plus(Duration::from_hours(1)), width));
                }
            }
        }
        assert!(bars(&[], &Scale::new(at(0), at(1), 100.0)).is_empty());
    }

    #[test]
    fn what_went_wrong_shows_among_what_shares_its_place() {
        let mut marks = series(50, 10, 5);
        marks[20].kind = Kind::Failed;
        let bars = check(&marks, &Scale::new(at(0), at(3_600_000), 600.0));
        assert_eq!(bars.len(), 1);
        assert_eq!((bars[0].kind, bars[0].shown, bars[0].count()), (Kind::Failed, 21, 50));
    }

    #[test]
    fn many_alike_are_one_span_and_the_latest_stay() {
        let scale = Scale::new(at(0), at(200 * 1000), 4000.0);
        let bars = check(&series(200, 1000, 84), &scale);
        assert_eq!(bars[0].count(), 184);
        assert_eq!(bars.len(), 17);
        let few = check(&series(199, 1000, 84), &scale);
        assert!(few.iter().all(|bar| bar.count() == 1));
        // One that differs parts them.
        let mut marks = series(300, 1000, 84);
        marks[100].kind = Kind::Lost;
        let counts: Vec<u32> = check(&marks, &scale).iter().take(3).map(Bar::count).collect();
        assert_eq!(counts, [100, 1, 183]);
    }

    #[test]
    fn beats_are_the_latest_that_fit() {
        let beats = beats(&series(100, 1000, 10), 90.0);
        assert_eq!(
            beats.iter().map(|beat| beat.first).collect::<Vec<_>>(),
            (91..=100).collect::<Vec<_>>()
        );
        assert!(beats.last().is_some_and(|beat| beat.end <= 90.0));
    }

    #[test]
    fn one_points_at_the_nearest_bar_if_it_is_near() {
        let bars = check(&series(5, 1000, 10), &Scale::new(at(0), at(5000), 500.0));
        assert_eq!(nearest(&bars, 104.0).map(|bar| bar.shown), Some(2));
        assert_eq!(nearest(&bars, 195.0).map(|bar| bar.shown), Some(3));
        assert_eq!(nearest(&bars, 150.0), None);
    }

    /// Three attempts every 30 s, and one that began 240 s after it should have, with this delay.
    fn slept(delay: i64) -> Vec<Mark> {
        let mut marks = series(3, 30_000, 100);
        let begun = 90_000 + 240_000;
        marks.push(mark(4, Kind::Passed, begun, 100));
        marks[3].scheduled = at(begun - delay);
        marks
    }

    #[test]
    fn an_attempt_long_after_the_one_before_tells_of_a_sleep() {
        let scale = Scale::new(at(0), at(600_000), 600.0);
        let (every, never) = (Duration::from_secs(30), Duration::ZERO);
        let bands = asleep(&slept(12_000), every, never, &scale);
        let [band] = bands.as_slice() else { panic!("{bands:?}") };
        assert_eq!((band.from, band.to, band.missed), (90.0, 330.0, 8));
        assert_eq!(band.lasted, Duration::from_mins(4));
        assert!(asleep(&series(9, 30_000, 100), every, never, &scale).is_empty());
    }

    #[test]
    fn a_pause_or_a_slower_pace_is_no_sleep() {
        let scale = Scale::new(at(0), at(600_000), 600.0);
        let every = Duration::from_secs(30);
        let paused = Duration::from_secs(240);
        assert!(asleep(&slept(12_000), every, paused, &scale).is_empty());
        assert!(asleep(&slept(0), every, Duration::ZERO, &scale).is_empty(), "as with backoff");
        assert_eq!(asleep(&slept(12_000), every, Duration::from_secs(60), &scale).len(), 1);
    }
}
