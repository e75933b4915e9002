//! Randomness that is a function: the same seed and the same parts always give the same roll.

/// The one source of everything that looks random: jitter, and whether a fault with a rate hits an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seed(u64);

impl Seed {
    /// A seed from a number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// A seed from any text: a whole number is that number, anything else is hashed.
    pub fn from_text(text: &str) -> Self {
        Self(text.trim().parse().unwrap_or_else(|_| hash(0, text)))
    }

    /// The seed's number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// A number below `bound` (0 when `bound` is 0) which depends on the seed and the parts only.
    pub(crate) fn roll(self, parts: &[&str], bound: u64) -> u64 {
        let mixed = parts.iter().fold(mix(self.0), |state, part| mix(hash(state, part)));
        mixed.checked_rem(bound).unwrap_or(0)
    }
}

/// FNV-1a, with the length in it, so that `["a", "b"]` and `["ab", ""]` differ.
fn hash(state: u64, text: &str) -> u64 {
    let start = state ^ 0xcbf2_9ce4_8422_2325 ^ text.len() as u64;
    text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of `SplitMix64`.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolls_depend_on_seed_and_parts_only() {
        let seed = Seed::new(7);
        assert_eq!(seed.roll(&["late", "4f1c"], 1000), seed.roll(&["late", "4f1c"], 1000));
        let differing = |other: u64| other != seed.roll(&["late", "4f1c"], u64::MAX);
        assert!(differing(seed.roll(&["late4", "f1c"], u64::MAX)));
        assert!(differing(Seed::new(8).roll(&["late", "4f1c"], u64::MAX)));
        assert_eq!(seed.roll(&[], 0), 0);
    }

    #[test]
    fn rolls_are_spread() {
        let low = (0..1000).filter(|n| Seed::new(1).roll(&[&n.to_string()], 100) < 25).count();
        assert!((200..300).contains(&low), "{low} of 1000 below a quarter");
    }

    #[test]
    fn a_text_that_is_a_number_is_that_number() {
        assert_eq!(Seed::from_text(" 42 "), Seed::new(42));
        assert_eq!(Seed::from_text("tuesday"), Seed::from_text("tuesday"));
        assert_ne!(Seed::from_text("tuesday"), Seed::from_text("wednesday"));
    }
}
