//! Regular expressions of checks, in time that is linear in the text: there is no backtracking, and
//! neither look-around nor back-references are taken.

use regex_lite::{Regex, RegexBuilder};

use super::jsonpath::TooManyNodes;
use super::work::Work;

/// The longest pattern, in bytes, before and after its templates are filled in.
const MAX_PATTERN_BYTES: usize = 2000;
/// The largest compiled pattern, in bytes: a counted repetition is as large as what it stands for.
const MAX_COMPILED_BYTES: usize = 64 * 1024;
/// How deep groups may be nested: the compiler calls itself for each.
const MAX_NESTING: u32 = 50;
/// A state of a compiled pattern, in bytes, about.
const STATE_BYTES: usize = 48;
/// At so many bytes of text a state is tried in a step.
const BYTES_A_STEP: u64 = 16;

/// A pattern that can be searched for.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    regex: Regex,
    /// How many states it has, at most.
    states: u64,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_PATTERN_BYTES {
            return Err(format!("{} bytes long; at most {MAX_PATTERN_BYTES}", text.len()));
        }
        // How large it becomes is not told, so that it is found by trying.
        let mut limit = 1024;
        loop {
            let built = RegexBuilder::new(text).size_limit(limit).nest_limit(MAX_NESTING).build();
            match built {
                Ok(regex) => {
                    let states = (limit / STATE_BYTES) as u64;
                    return Ok(Self { regex, states });
                }
                Err(_) if limit < MAX_COMPILED_BYTES => limit *= 2,
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// Whether it has a group to take.
    pub(crate) fn has_group(&self) -> bool {
        self.regex.captures_len() > 1
    }

    /// Whether it is found anywhere in the text.
    pub(crate) fn is_in(&self, text: &str, work: &mut Work) -> Result<bool, TooManyNodes> {
        self.charge(text, work)?;
        Ok(self.regex.is_match(text))
    }

    /// What the first group of the first place holds.
    pub(crate) fn first_group<'t>(
        &self,
        text: &'t str,
        work: &mut Work,
    ) -> Result<Option<&'t str>, TooManyNodes> {
        self.charge(text, work)?;
        let found = self.regex.captures(text);
        Ok(found.and_then(|found| found.get(1)).map(|group| group.as_str()))
    }

    fn charge(&self, text: &str, work: &mut Work) -> Result<(), TooManyNodes> {
        work.charge(1 + (text.len() as u64 / BYTES_A_STEP + 1) * self.states)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_found_anywhere_and_its_first_group_is_taken() {
        let pattern = Pattern::parse(r"order=([a-z0-9-]+)(;|$)").unwrap();
        assert!(pattern.has_group());
        let group = |text| pattern.first_group(text, &mut Work::default()).unwrap();
        assert_eq!(group("x; order=a-7; order=b"), Some("a-7"));
        assert_eq!(group("order="), None);
        assert!(pattern.is_in("order=1", &mut Work::default()).unwrap());
    }

    #[test]
    fn what_is_no_pattern_or_is_too_large_is_refused() {
        for bad in ["(", "a{2,1}", "[z-a]", r"(?=a)", r"(a)\1", "a{1000}{1000}", "(a{200}){200}"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
        assert!(Pattern::parse(&"(".repeat(200)).is_err());
        assert!(Pattern::parse(&format!("{}{}", "(".repeat(200), ")".repeat(200))).is_err());
        assert!(Pattern::parse(&"a".repeat(2001)).unwrap_err().contains("at most 2000"));
    }

    #[test]
    fn a_small_pattern_is_searched_for_in_a_large_body_and_a_large_one_is_not() {
        let body = "a".repeat(1_000_000);
        let small = Pattern::parse("(a+)+b").unwrap();
        assert_eq!(small.is_in(&body, &mut Work::default()), Ok(false));
        let large = Pattern::parse("(a?){100}(a?){100}b").unwrap();
        assert!(large.is_in(&body, &mut Work::default()).is_err());
    }
}
