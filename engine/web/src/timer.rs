//! One timer, for the engine's one deadline. Reads no clock: whoever wakes reads it again.

use std::cell::RefCell;
use std::time::Duration;

use baton_engine::time::Timestamp;
use gloo_timers::callback::Timeout;

/// The longest wait. A sleep or a set clock is found at its end, and `setTimeout` wraps far above it.
pub const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The shortest wait. Browsers wake up to 2.4 ms early: the rest is waited for, not spun through.
pub const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// How long to wait at `now` for a deadline at `until`, as milliseconds.
pub fn wait_ms(now: Timestamp, until: Timestamp) -> u32 {
    let wait = until.since(now).clamp(SHORTEST_WAIT, LONGEST_WAIT);
    u32::try_from(wait.as_millis()).unwrap_or(u32::MAX)
}

/// The one timer. Dropping it cancels it.
#[derive(Debug, Default)]
pub struct Timer {
    armed: RefCell<Option<Timeout>>,
}

impl Timer {
    /// Wakes after `wait_ms`, instead of when it was armed for before.
    pub fn arm(&self, wait_ms: u32, wake: impl FnOnce() + 'static) {
        self.armed.replace(Some(Timeout::new(wait_ms, wake)));
    }

    /// Doesn't wake any more.
    pub fn disarm(&self) {
        self.armed.take();
    }
}
