//! Reads the browser's clocks; the only file that does. Arms no timer.
//!
//! Where to start: [`Clock::now`]. A [`TestClock`] stands still until a page moves it, so that an
//! hour of polling takes milliseconds.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::Duration;

use baton_engine::protocol::{self, Pace};
use baton_engine::time::{Now, Timestamp};
use wasm_bindgen::prelude::wasm_bindgen;

/// How many journeys of a test clock may wait for their turn.
pub const MAX_JOURNEYS: usize = 1000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// The clock that drives the engine.
#[derive(Debug)]
pub enum Clock {
    /// The browser's.
    Real,
    /// One that a page moves.
    Test(TestClock),
}

impl Clock {
    /// The clock that a page asked for.
    pub fn new(wanted: protocol::Clock) -> Self {
        match wanted {
            protocol::Clock::Real => Self::Real,
            protocol::Clock::Test { start_ms } => Self::Test(TestClock::new(start_ms)),
        }
    }

    /// What both clocks say.
    pub fn now(&self) -> Now {
        match self {
            Self::Real => Now {
                wall: Timestamp::from_ms(floored(js_sys::Date::now())),
                monotonic: Duration::from_micros(
                    u64::try_from(floored(performance_now() * 1000.0)).unwrap_or(0),
                ),
            },
            Self::Test(clock) => clock.reading(),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, and clocks are far from the end"
)]
fn floored(reading: f64) -> i64 {
    reading.floor() as i64
}

/// How far a test clock is to be moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Journey {
    /// How far.
    pub span: Duration,
    /// How time passes meanwhile.
    pub pace: Pace,
}

/// What has not been answered yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnderWay {
    /// Whether the store works on something, or commands wait to be taken.
    pub store: bool,
    /// Whether a request has no answer.
    pub calls: bool,
}

/// What a test clock did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Nothing: it has nowhere to go, or something under way has to come first.
    Stands,
    /// It moved to the next deadline, or to its target: poll again.
    Moved,
    /// It reached its target, and everything due by then is done.
    Arrived(Timestamp),
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct TestClock {
    start: Timestamp,
    now: Cell<Timestamp>,
    /// The target of the first journey, once it has begun.
    target: Cell<Option<Timestamp>>,
    journeys: RefCell<VecDeque<Journey>>,
}

impl TestClock {
    /// A clock that stands at `start_ms`.
    pub fn new(start_ms: i64) -> Self {
        let start = Timestamp::from_ms(start_ms);
        Self { start, now: Cell::new(start), target: Cell::default(), journeys: RefCell::default() }
    }

    /// Sets out on a journey after those that were asked for before.
    ///
    /// # Errors
    ///
    /// When [`MAX_JOURNEYS`] wait already.
    pub fn set_out(&self, journey: Journey) -> Result<(), &'static str> {
        let mut journeys = self.journeys.borrow_mut();
        if journeys.len() >= MAX_JOURNEYS {
            return Err("too many advances wait for their turn");
        }
        journeys.push_back(journey);
        Ok(())
    }

    /// Moves on as far as it may before the engine is polled again, which sleeps until `until`.
    pub fn step(&self, until: Option<Timestamp>, under_way: UnderWay) -> Step {
        let Some(journey) = self.journeys.borrow().front().copied() else { return Step::Stands };
        if under_way.store || (under_way.calls && journey.pace == Pace::Awake) {
            return Step::Stands;
        }
        let now = self.now.get();
        let target = self.target.get().unwrap_or_else(|| now.plus(journey.span));
        if now >= target {
            self.journeys.borrow_mut().pop_front();
            self.target.set(None);
            return Step::Arrived(now);
        }
        self.target.set(Some(target));
        // At least 1 ms: an engine that sleeps until a time gone by must not hold the clock.
        let soonest = now.plus(Duration::from_millis(1));
        let stop = match journey.pace {
            Pace::Awake | Pace::ThroughCalls => until.unwrap_or(target),
            Pace::Asleep => target,
        };
        self.now.set(stop.clamp(soonest, target));
        Step::Moved
    }

    fn reading(&self) -> Now {
        let wall = self.now.get();
        Now { wall, monotonic: wall.since(self.start) }
    }
}
