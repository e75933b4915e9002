//! How often the engine polls: attempts that were begun, counted over the latest seconds of the one clock.

use baton_engine::time::Timestamp;

/// Over so many seconds.
const SPAN: usize = 10;

/// The polls of the latest seconds.
#[derive(Default, Debug)]
pub(super) struct Polls {
    /// How many were begun in each second, this one first.
    seconds: [u32; SPAN],
    /// The second that is counted first.
    now: i64,
}

impl Polls {
    /// Counts one that was begun at an instant.
    pub(super) fn count(&mut self, at: Timestamp) {
        self.go_on(at);
        // One that was begun before is told late; it counts where it is heard.
        self.seconds[0] += 1;
    }

    /// How many there were in ten seconds, which is a tenth of them a second.
    pub(super) fn in_tenths(&mut self, now: Timestamp) -> u32 {
        self.go_on(now);
        self.seconds.iter().sum()
    }

    fn go_on(&mut self, now: Timestamp) {
        let now = now.as_ms().div_euclid(1000);
        let passed = usize::try_from(now.saturating_sub(self.now)).unwrap_or(0);
        if passed > 0 {
            self.seconds.rotate_right(passed.min(SPAN) % SPAN);
            self.seconds[..passed.min(SPAN)].fill(0);
            self.now = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn polls_are_counted_over_ten_seconds() {
        let at = Timestamp::from_ms;
        let mut polls = Polls::default();
        polls.count(at(1_000_000));
        polls.count(at(1_000_999));
        polls.count(at(1_004_000));
        assert_eq!(polls.in_tenths(at(1_004_500)), 3);
        assert_eq!(polls.in_tenths(at(1_009_999)), 3);
        assert_eq!(polls.in_tenths(at(1_010_000)), 1);
        // A clock that was set back counts on where it was.
        polls.count(at(1_000_000));
        assert_eq!(polls.in_tenths(at(1_010_000)), 2);
        assert_eq!(polls.in_tenths(at(1_020_000)), 0);
    }
}
