//! Searches in sets of instants. Knows no trigger, only how to ask one for its next instant.

use crate::time::Timestamp;

/// How many steps one search may take before its answer is that there is no fire. Two daily rules that are
/// compared day by day take three a day, for the 47,000 days from 1970 to 2100.
const MOST_STEPS: u32 = 150_000;

/// The steps that a search may still take.
pub(super) struct Steps(u32);

impl Steps {
    pub(super) fn new() -> Self {
        Self(MOST_STEPS)
    }

    /// Takes one; none when they are used up.
    pub(super) fn take(&mut self) -> Option<()> {
        self.0 = self.0.checked_sub(1)?;
        Some(())
    }
}

/// The instant a millisecond later.
pub(super) fn just_after(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.as_ms() + 1)
}

/// The instant a millisecond earlier.
pub(super) fn just_before(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.as_ms() - 1)
}

/// The latest instant from `from` to `until`, both included, of a set that answers its first instant
/// between two: steps back ever farther until there is one, then halves.
pub(super) fn latest(
    from: Timestamp,
    until: Timestamp,
    next: &mut dyn FnMut(Timestamp, Timestamp) -> Option<Timestamp>,
) -> Option<Timestamp> {
    let (first, mut free) = (from.as_ms(), until.as_ms().checked_add(1)?);
    let mut width = 1000;
    let mut known = loop {
        if free <= first {
            return None;
        }
        let start = first.max(free - width);
        match next(Timestamp::from_ms(start), Timestamp::from_ms(free - 1)) {
            Some(found) => break found.as_ms(),
            None => free = start,
        }
        width *= 8;
    };
    // One is known; from `free` on there is none.
    while known + 1 < free {
        let middle = known + 1 + (free - known - 1) / 2;
        match next(Timestamp::from_ms(middle), Timestamp::from_ms(free - 1)) {
            Some(found) => known = found.as_ms(),
            None => free = middle,
        }
    }
    Some(Timestamp::from_ms(known))
}
