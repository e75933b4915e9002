//! Moves fires later by chance: 0 to n, the same for the same seed and fire, so that the moved fires are
//! a set of instants as well. Never up to the next fire, and never past the end.

use std::time::Duration;

use crate::random::Random;
use crate::time::{Timestamp, whole_ms};

/// How far fires are moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Jitter {
    pub(super) most: Duration,
    pub(super) seed: u64,
}

impl Jitter {
    /// Where a fire is moved to, given the next one and the end.
    pub(super) fn moved(
        self,
        base: Timestamp,
        next: Option<Timestamp>,
        end: Timestamp,
    ) -> Timestamp {
        let room = |limit: i64| limit.saturating_sub(base.as_ms());
        let until_next = next.map_or(i64::MAX, |next| room(next.as_ms() - 1));
        let most = whole_ms(self.most).min(until_next).min(room(end.as_ms()));
        match u64::try_from(most) {
            Ok(most) if most > 0 => {
                base.plus(Duration::from_millis(self.chance(base) % (most + 1)))
            }
            Ok(_) | Err(_) => base,
        }
    }

    fn chance(self, base: Timestamp) -> u64 {
        let of_base = Random::new(base.as_ms().cast_unsigned()).next();
        Random::new(self.seed ^ of_base).next()
    }
}
