//! What went wrong, told so that it can be put right by hand.

use std::fmt;

/// One failed step: which, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    step: String,
    why: String,
    mends: Vec<String>,
}

impl Failure {
    pub(crate) fn new(step: impl Into<String>, why: impl fmt::Display) -> Self {
        Self { step: step.into(), why: why.to_string(), mends: Vec::new() }
    }

    /// Adds a line to "what to do": a sentence or the exact command.
    pub(crate) fn mend(mut self, line: impl Into<String>) -> Self {
        self.mends.push(line.into());
        self
    }

    /// Adds what was tried and did not work either.
    pub(crate) fn and(mut self, other: &Failure) -> Self {
        self.why = format!("{}\n{}: {}", self.why, other.step, other.why);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed", self.step)?;
        for line in self.why.lines() {
            write!(f, "\n  {line}")?;
        }
        if !self.mends.is_empty() {
            write!(f, "\nWhat to do:")?;
        }
        for line in &self.mends {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_step_reason_and_mend() {
        let failure = Failure::new("adding the wasm32 target", "no route to host")
            .mend("rustup target add wasm32-unknown-unknown");
        assert_eq!(
            failure.to_string(),
            "adding the wasm32 target failed\n  no route to host\nWhat to do:\n  rustup target add wasm32-unknown-unknown"
        );
    }

    #[test]
    fn what_was_tried_before_is_kept() {
        let failure =
            Failure::new("second way", "no source").and(&Failure::new("first way", "offline"));
        assert_eq!(failure.to_string(), "second way failed\n  no source\n  first way: offline");
    }
}
