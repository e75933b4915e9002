//! The engine's two borders, each one pair of enums. Holds no logic.
//!
//! * [`Command`] down and [`Event`] up, between any user (screens, an embedding page, another tab) and
//!   the engine's worker; [`ToWorker`] and [`FromWorker`] are the messages that carry them.
//! * [`Input`] in and [`Action`] out, between the browser shell and the pure engine.
//!
//! Documents, JSON values and bodies cross as JSON text: a JavaScript number would lose 19.90 and
//! 64-bit ids. The messages themselves are one JSON text each, whose form `forms.rs` has.

mod asks;
mod command;
mod event;
mod fires;
mod forms;
mod jobs;
mod messages;
mod recording;
mod shell;
mod stored;
mod told;
mod views;

pub use crate::form::Unreadable;
pub use asks::{
    Ask, AskNext, ImportEntry, ImportQuestion, Module, NextFires, Note, Outcome, Reached, Said,
    Selection, StageUnderEdit, ToolAnswer, TrialPlan, TrialQuestion, Tried, ask_words, read_words,
};
pub use command::{Command, Order, Refusal, Reply};
pub use event::{Envelope, Event, Health, Snapshot, StoreTrouble};
pub use fires::{Blocking, Cause, FireEnds, FireId, FireList, FireOutcome, FireView};
pub use jobs::{
    AddedJob, ClockDecision, Existing, JobEvent, JobFilter, JobState, JobView, JobsCommand,
    JobsReply, MissedWhy, RemoveMode,
};
pub use messages::{Clock, Fatal, FromWorker, Pace, Role, Start, Storage, ToWorker};
pub use recording::{Paper, Recording};
pub use shell::{
    Action, Answer, Body, Call, Evidence, Hidden, HttpRequest, HttpResponse, Input, Transport,
};
pub use stored::{Retention, RunCopy, RunPart, TakenOver};
pub use told::Told;
pub use views::{
    AttemptPhase, AttemptView, ChainView, HoldView, ReadingView, RunPhase, RunView, ScheduleView,
    StagePhase, StageView,
};

/// The version of the upper border. A client of another version is refused by name.
pub const VERSION: u32 = 1;

/// The greatest whole number that crosses the upper border. JavaScript's numbers hold no greater one
/// exactly, and an event with one could not be told at all.
pub const MAX_NUMBER: u64 = (1 << 53) - 1;

/// A number as it crosses: at the limit it stays there.
pub(crate) fn exact(number: u64) -> u64 {
    number.min(MAX_NUMBER)
}
