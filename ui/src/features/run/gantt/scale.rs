//! Time as a way along a line: instants to pixels, where the line ends, and where its labels stand.

use std::time::Duration;

use baton_engine::time::Timestamp;

/// So far apart labels stand at least; the longest takes a little less.
pub(super) const LABEL: f64 = 72.0;

/// The steps that people count time in, in milliseconds; beyond the last it is doubled.
const STEPS: [u64; 28] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1000,
    2000,
    5000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
];

/// A line that begins with a run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Scale {
    start: Timestamp,
    span: Duration,
    width: f64,
}

/// A label of the line: where it stands, and how long after the start that is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Tick {
    pub(super) x: f64,
    pub(super) after: Duration,
}

impl Scale {
    /// A line from `start` to `end`, so many pixels long.
    pub(super) fn new(start: Timestamp, end: Timestamp, width: f64) -> Self {
        Self { start, span: end.since(start).max(Duration::from_millis(1)), width: width.max(1.0) }
    }

    pub(super) fn width(&self) -> f64 {
        self.width
    }

    /// Where an instant is; those before and after the line are at its ends.
    pub(super) fn x(&self, at: Timestamp) -> f64 {
        let part = at.since(self.start).as_secs_f64() / self.span.as_secs_f64();
        part.min(1.0) * self.width
    }

    /// Whether an instant is on the line.
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        at >= self.start && at.since(self.start) <= self.span
    }

    /// The labels: as many as fit side by side, in steps that people count in.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let least = self.span.as_secs_f64() * 1000.0 * LABEL / self.width;
        let fits = |step: &u64| Duration::from_millis(*step).as_secs_f64() * 1000.0 >= least;
        let mut step = STEPS.into_iter().find(fits).unwrap_or(STEPS[STEPS.len() - 1]);
        while !fits(&step) {
            step *= 2;
        }
        let mut ticks = Vec::new();
        let mut after = Duration::ZERO;
        while after <= self.span {
            let x = after.as_secs_f64() / self.span.as_secs_f64() * self.width;
            ticks.push(Tick { x, after });
            after += Duration::from_millis(step);
        }
        ticks
    }
}

/// The end of a line that grows: a little ahead of what it has to hold, in steps, so that what is drawn on it stays
/// where it is most of the time.
pub(super) fn ahead(start: Timestamp, held: Timestamp) -> Timestamp {
    /// Of a power of ten, in hundredths.
    const LADDER: [u64; 10] = [100, 125, 150, 200, 250, 300, 400, 500, 650, 800];
    let wanted = held.since(start).max(Duration::from_secs(2)).as_secs_f64() * 1030.0;
    let mut power = 10_u64;
    loop {
        let rungs = LADDER.map(|part| Duration::from_millis(power * part));
        if let Some(rung) = rungs.into_iter().find(|rung| rung.as_secs_f64() * 1000.0 >= wanted) {
            return start.plus(rung);
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(1_795_435_200_000 + ms)
    }

    /// Of runs of a millisecond to a year, on lines of a telephone to a wall.
    fn scales() -> impl Iterator<Item = Scale> {
        let spans = [0, 1, 7, 200, 999, 12_345, 90_000, 3_600_000, 259_200_000, 31_536_000_000];
        spans.into_iter().flat_map(|span| {
            [60.0, 200.0, 333.3, 812.0, 4000.0].map(|width| Scale::new(at(0), at(span), width))
        })
    }

    #[test]
    fn later_is_never_further_left_and_all_is_on_the_line() {
        for scale in scales() {
            let steps = (-5..=105)
                .map(|step| at(i64::try_from(scale.span.as_millis()).unwrap() * step / 100));
            let places: Vec<f64> = steps.map(|at| scale.x(at)).collect();
            assert!(places.is_sorted(), "{scale:?}");
            assert!(places.iter().all(|x| (0.0..=scale.width).contains(x)), "{scale:?}");
        }
    }

    #[test]
    fn labels_fit_side_by_side_and_the_start_has_one() {
        for scale in scales() {
            let ticks = scale.ticks();
            assert_eq!(ticks[0].after, Duration::ZERO);
            for pair in ticks.windows(2) {
                assert!(pair[1].x - pair[0].x >= LABEL - 1e-6, "{scale:?}: {pair:?}");
            }
            assert!(ticks.iter().all(|tick| tick.x <= scale.width + 1e-6));
            #[expect(clippy::cast_precision_loss, reason = "a few labels")]
            let most = ticks.len() as f64;
            assert!(most <= scale.width / LABEL + 1.0);
        }
    }

    #[test]
    fn labels_stand_where_people_count() {
        let after = |span, width| {
            let ticks = Scale::new(at(0), at(span), width).ticks();
            ticks.iter().map(|tick| tick.after.as_millis()).collect::<Vec<_>>()
        };
        assert_eq!(after(200, 400.0), [0, 50, 100, 150, 200]);
        assert_eq!(after(90_000, 400.0), [0, 30_000, 60_000, 90_000]);
        assert_eq!(after(259_200_000, 300.0), [0, 86_400_000, 172_800_000, 259_200_000]);
    }

    #[test]
    fn a_growing_line_moves_rarely_and_never_much_too_far() {
        let mut ends: Vec<Timestamp> = Vec::new();
        for second in 0..3600 {
            let now = at(second * 1000);
            let end = ahead(at(0), now);
            assert!(end > now);
            let (line, held) = (end.since(at(0)), now.since(at(0)).max(Duration::from_secs(2)));
            assert!(line.as_secs_f64() <= held.as_secs_f64() * 1.4, "{second}: {line:?}");
            if ends.last() != Some(&end) {
                ends.push(end);
            }
        }
        assert!(ends.is_sorted());
        assert!(ends.len() < 40, "{}", ends.len());
    }
}
