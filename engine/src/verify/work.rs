//! How much work one attempt's checks may be: a hostile path, pattern or body must not hold up the
//! worker. Counts steps, not time, so that an answer is judged alike on every machine.

use super::jsonpath::TooManyNodes;

/// So many steps all checks, captures and record fields of one attempt may take together: a second or
/// two at most. A step is a value that is visited or compared, 64 bytes of text that are read or 8 that
/// are converted, or a state of a pattern tried at 16 characters.
pub(crate) const MAX_STEPS: u64 = 20_000_000;

/// The steps that are left.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    left: u64,
}

impl Default for Work {
    fn default() -> Self {
        Self { left: MAX_STEPS }
    }
}

impl Work {
    /// Takes so many steps.
    ///
    /// # Errors
    /// When they are not left.
    pub(crate) fn charge(&mut self, steps: u64) -> Result<(), TooManyNodes> {
        let left = self.left.checked_sub(steps);
        self.left = left.unwrap_or(0);
        left.map(|_| ()).ok_or(TooManyNodes { limit: MAX_STEPS })
    }

    /// Up to `most` steps, to be given back with [`Work::give_back`] as far as they are not used.
    pub(crate) fn lend(&mut self, most: u64) -> u64 {
        let lent = self.left.min(most);
        self.left -= lent;
        lent
    }

    pub(crate) fn give_back(&mut self, steps: u64) {
        self.left += steps;
    }
}
