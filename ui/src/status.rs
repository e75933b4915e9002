//! What the screens make of phases: each a shape, a word and a colour.
//!
//! "Not yet" is hollow amber and never red. Red is for what has finally failed.

use std::fmt::Write;

use baton_engine::protocol::{AttemptPhase, RunPhase, StagePhase};
use baton_engine::verify::Verdict;

use crate::text::Key;

/// A status as it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// A run whose stages advance.
    Running,
    /// Nothing has happened yet.
    NotStarted,
    /// Polled, and not there yet.
    Waiting,
    /// A request is under way.
    Calling,
    /// Passing, and has to last.
    Holding,
    /// Verified.
    Passed,
    /// Wrong.
    Failed,
    /// Not there in time.
    TimedOut,
    /// Ended by a user.
    Cancelled,
    /// Paused by a user.
    Paused,
    /// Needs a person.
    Blocked,
    /// Its answer will never be known.
    Lost,
    /// Given up before its answer.
    Aborted,
}

impl Status {
    /// Every status.
    const ALL: [Self; 13] = [
        Self::Running,
        Self::NotStarted,
        Self::Waiting,
        Self::Calling,
        Self::Holding,
        Self::Passed,
        Self::Failed,
        Self::TimedOut,
        Self::Cancelled,
        Self::Paused,
        Self::Blocked,
        Self::Lost,
        Self::Aborted,
    ];

    /// Its word.
    pub fn word(self) -> Key {
        match self {
            Self::Running => Key::Running,
            Self::NotStarted => Key::NotStarted,
            Self::Waiting => Key::Waiting,
            Self::Calling => Key::Calling,
            Self::Holding => Key::Holding,
            Self::Passed => Key::Passed,
            Self::Failed => Key::Failed,
            Self::TimedOut => Key::TimedOut,
            Self::Cancelled => Key::Cancelled,
            Self::Paused => Key::Paused,
            Self::Blocked => Key::Blocked,
            Self::Lost => Key::Lost,
            Self::Aborted => Key::Aborted,
        }
    }

    /// Its name in the attribute `data-status`, which gives it its colour.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::NotStarted => "not_started",
            Self::Waiting => "waiting",
            Self::Calling => "calling",
            Self::Holding => "holding",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
            Self::Paused => "paused",
            Self::Blocked => "blocked",
            Self::Lost => "lost",
            Self::Aborted => "aborted",
        }
    }

    /// The status of a slug.
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.slug() == slug)
    }

    /// Its shape, SVG in a square of 16. `.i` is cut out of what is filled.
    pub fn shape(self) -> &'static str {
        match self {
            Self::NotStarted => r#"<circle cx="8" cy="8" r="5.25" stroke-dasharray="2.1 2.02"/>"#,
            Self::Running | Self::Waiting => {
                r#"<circle cx="8" cy="8" r="6.25"/><path class="f" d="M8 4.2a3.8 3.8 0 0 1 3.8 3.8H8z"/>"#
            }
            Self::Calling => {
                r#"<circle cx="8" cy="8" r="6.25"/><circle class="f pulse" cx="8" cy="8" r="2.4"/>"#
            }
            Self::Holding => {
                r#"<circle cx="8" cy="8" r="6.25"/><path class="f" d="M8 4.2a3.8 3.8 0 1 1-3.8 3.8H8z"/>"#
            }
            Self::Passed => {
                r#"<circle class="f" cx="8" cy="8" r="7"/><path class="i" d="M4.9 8.3l2.2 2.2 4.1-4.6"/>"#
            }
            Self::Failed => {
                r#"<rect class="f" x="1.5" y="1.5" width="13" height="13" rx="3"/><path class="i" d="M5.3 5.3l5.4 5.4m0-5.4l-5.4 5.4"/>"#
            }
            Self::TimedOut => {
                r#"<path class="f" d="M8 .6 15.4 8 8 15.4.6 8z" stroke-linejoin="round"/><path class="i" d="M8 4.6V8l2.3 1.5"/>"#
            }
            Self::Cancelled | Self::Aborted => {
                r#"<circle cx="8" cy="8" r="6.25"/><path d="M4.4 11.6l7.2-7.2"/>"#
            }
            Self::Paused => {
                r#"<circle cx="8" cy="8" r="6.25"/><path d="M6.3 5.6v4.8M9.7 5.6v4.8"/>"#
            }
            Self::Blocked => {
                r#"<path d="M8 1.6 15 14H1z" stroke-linejoin="round"/><path d="M8 6.2v3.6M8 11.6v.4"/>"#
            }
            Self::Lost => {
                r#"<circle cx="8" cy="8" r="6.25"/><path d="M6.2 6.3a1.9 1.9 0 1 1 2.7 1.8c-.6.3-.9.6-.9 1.2M8 11.2v.3"/>"#
            }
        }
    }
}

impl From<RunPhase> for Status {
    fn from(phase: RunPhase) -> Self {
        match phase {
            RunPhase::Running => Self::Running,
            RunPhase::Paused => Self::Paused,
            RunPhase::Blocked => Self::Blocked,
            RunPhase::Passed => Self::Passed,
            RunPhase::Failed => Self::Failed,
            RunPhase::TimedOut => Self::TimedOut,
            RunPhase::Cancelled => Self::Cancelled,
        }
    }
}

impl From<StagePhase> for Status {
    fn from(phase: StagePhase) -> Self {
        match phase {
            StagePhase::NotStarted => Self::NotStarted,
            StagePhase::Waiting => Self::Waiting,
            StagePhase::Calling => Self::Calling,
            StagePhase::Holding => Self::Holding,
            StagePhase::Passed => Self::Passed,
            StagePhase::Failed => Self::Failed,
            StagePhase::TimedOut => Self::TimedOut,
            StagePhase::Cancelled => Self::Cancelled,
        }
    }
}

impl From<Verdict> for Status {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Passed,
            Verdict::Pending => Self::Waiting,
            Verdict::Fail => Self::Failed,
        }
    }
}

impl From<AttemptPhase> for Status {
    fn from(phase: AttemptPhase) -> Self {
        match phase {
            AttemptPhase::Calling => Self::Calling,
            AttemptPhase::Judged(verdict) => verdict.into(),
            AttemptPhase::Lost => Self::Lost,
            AttemptPhase::Aborted => Self::Aborted,
        }
    }
}

/// A stage's status in a run that may be paused or blocked just there.
pub fn stage_status(stage: StagePhase, run: RunPhase) -> Status {
    match (stage, run) {
        (StagePhase::Waiting | StagePhase::Holding, RunPhase::Paused) => Status::Paused,
        (StagePhase::Waiting | StagePhase::Holding, RunPhase::Blocked) => Status::Blocked,
        (stage, _) => stage.into(),
    }
}

/// The way of the baton, SVG: a mark a stage, joined by what lies between. Returns it with its width.
pub fn track(stages: &[Status]) -> (String, usize) {
    const HEIGHT: usize = 16;
    let step = if stages.len() > 12 { 18 } else { 26 };
    let mut out = String::new();
    for (index, status) in stages.iter().enumerate() {
        let x = index * step;
        if index > 0 {
            // Handed over: a solid line. Not yet: a dotted one.
            let class = if stages[index - 1] == Status::Passed { "way done" } else { "way" };
            // Writing to a String can't fail, here and below.
            let (from, to) = (x + HEIGHT - step + 1, x - 1);
            let _ = write!(out, r#"<path class="{class}" d="M{from} 8H{to}"/>"#);
        }
        let (slug, shape) = (status.slug(), status.shape());
        let _ = write!(
            out,
            r#"<g class="mark" data-status="{slug}" transform="translate({x})">{shape}</g>"#
        );
    }
    (out, stages.len().saturating_sub(1) * step + HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn slugs_and_words_tell_statuses_apart() {
        for (index, one) in Status::ALL.iter().enumerate() {
            for other in &Status::ALL[index + 1..] {
                assert_ne!(one.slug(), other.slug());
                assert_ne!(one.word(), other.word());
            }
        }
    }

    #[test]
    fn the_track_is_as_wide_as_its_stages() {
        assert_eq!(track(&[]).1, 16);
        let (svg, width) = track(&[Status::Passed, Status::Waiting, Status::NotStarted]);
        assert_eq!(width, 68);
        assert_eq!(svg.matches("way done").count(), 1);
        assert_eq!(svg.matches("<g ").count(), 3);
    }
}
