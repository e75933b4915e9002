//! Randomness of simulations, from seeds that are printed when one fails.

/// Source: Sebastiano Vigna, `SplitMix64`.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

/// Simulates each of so many seeds, or the one that `BATON_SEED` names.
pub(crate) fn each_seed(seeds: u64, simulate: fn(u64)) {
    let seeds = match std::env::var("BATON_SEED") {
        Ok(seed) => {
            let seed: u64 = seed.parse().expect("BATON_SEED is a number");
            seed..seed + 1
        }
        Err(_) => 0..seeds,
    };
    for seed in seeds {
        let outcome = std::panic::catch_unwind(|| simulate(seed));
        assert!(outcome.is_ok(), "seed {seed}: run it alone with BATON_SEED={seed}");
    }
}
