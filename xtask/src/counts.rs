//! Reads how many tests passed and failed from what test programs print.

use std::fmt;
use std::ops::AddAssign;

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Counts {
    pub(crate) const ONE_PASSED: Self = Self { passed: 1, failed: 0 };
    pub(crate) const ONE_FAILED: Self = Self { passed: 0, failed: 1 };

    /// Sums the lines of `cargo test` and of wasm-bindgen's runner:
    /// `test result: ok. 12 passed; 0 failed; 1 ignored; ...`.
    pub(crate) fn of_cargo(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            let Some((_, result)) = line.split_once("test result: ") else {
                continue;
            };
            sum += Self { passed: before(result, " passed"), failed: before(result, " failed") };
        }
        sum
    }

    /// Reads the summary of `node --test`, of the spec reporter (`ℹ pass 4`) and of TAP (`# pass 4`).
    pub(crate) fn of_node(output: &str) -> Self {
        let value = |key: &str| {
            let found = output.lines().rev().find_map(|line| {
                let line = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
                line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse::<u32>().ok()
            });
            found.unwrap_or(0)
        };
        Self { passed: value("pass"), failed: value("fail") + value("cancelled") }
    }

    /// The counts of a suite that ended so: it fails if its program did, and if it ran no test.
    pub(crate) fn judged(self, success: bool) -> Self {
        if self.failed == 0 && (!success || self.passed == 0) {
            return Self { failed: 1, ..self };
        }
        self
    }

    pub(crate) fn all_passed(self) -> bool {
        self.failed == 0 && self.passed > 0
    }
}

/// The number before `word`.
fn before(text: &str, word: &str) -> u32 {
    let number = text.split_once(word).map_or("", |(head, _)| head);
    number.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u32, failed: u32) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn cargo_results_are_summed_over_all_programs() {
        let output = "running 2 tests\ntest a ... ok\ntest b ... ok\n\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\ntest result: FAILED. 10 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(Counts::of_cargo(output), counts(12, 3));
    }

    #[test]
    fn the_runner_of_wasm_bindgen_speaks_likewise() {
        let output = "Running headless tests in Chrome on `http://127.0.0.1:41211/`\nrunning 3 tests\n\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.02s\n";
        assert_eq!(Counts::of_cargo(output), counts(3, 0));
    }

    #[test]
    fn output_without_a_result_counts_nothing() {
        assert_eq!(Counts::of_cargo("error: could not compile `x`\n"), counts(0, 0));
        assert_eq!(Counts::of_node("no tests here"), counts(0, 0));
    }

    #[test]
    fn both_reporters_of_node_are_read() {
        let spec = "✔ works (1.2ms)\nℹ tests 6\nℹ suites 0\nℹ pass 4\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\nℹ todo 0\nℹ duration_ms 53\n";
        assert_eq!(Counts::of_node(spec), counts(4, 2));
        let tap = "TAP version 13\n# Subtest: pass 99\nok 1 - works\n1..1\n# tests 1\n# suites 0\n# pass 1\n# fail 0\n# cancelled 0\n";
        assert_eq!(Counts::of_node(tap), counts(1, 0));
    }

    #[test]
    fn a_suite_that_ran_nothing_or_broke_has_failed() {
        assert_eq!(counts(0, 0).judged(true), counts(0, 1));
        assert_eq!(counts(0, 0).judged(false), counts(0, 1));
        assert_eq!(counts(5, 0).judged(false), counts(5, 1));
        assert_eq!(counts(5, 2).judged(false), counts(5, 2));
        assert_eq!(counts(5, 0).judged(true), counts(5, 0));
    }

    #[test]
    fn the_last_line_is_what_tools_look_for() {
        let mut sum = counts(41, 0);
        sum += counts(1, 2);
        assert_eq!(sum.to_string(), "42 passed, 2 failed");
        assert!(!sum.all_passed());
    }
}
