//! The one place that reads a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::options::ClockMode;
use crate::time::Timestamp;

/// Where the manual clock begins: 2026-11-23T12:00:00Z.
pub const MANUAL_EPOCH: Timestamp = Timestamp::from_ms(1_795_435_200_000);

/// The instant that a request is handled at.
pub(super) fn now(mode: ClockMode) -> Timestamp {
    match mode {
        ClockMode::Manual => MANUAL_EPOCH,
        ClockMode::Real => {
            #[expect(
                clippy::disallowed_methods,
                reason = "this file is where the server reads the clock"
            )]
            let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Timestamp::from_ms(0).after(since_1970)
        }
    }
}
