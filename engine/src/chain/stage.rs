//! One stage of a run, as a state machine. Pure: it is told what happened and when, and changes only
//! itself; who polls, writes and sends is not its business.
//!
//! | state | event | next state |
//! | --- | --- | --- |
//! | `NotStarted` | `Begin` | `Waiting` |
//! | `Waiting`, `Holding` | `Due` | `Calling` |
//! | `Calling` | `Answered`: pass | `Passed`, or `Holding` until it has lasted |
//! | `Calling` | `Answered`: pending, with time left | `Waiting` |
//! | `Calling` | `Answered`: pending, last attempt | `TimedOut`, or `Failed` when a wrong reading was unconfirmed |
//! | `Calling` | `Answered`: fail | `Failed` |
//! | `Calling` | `Answered`: once, answer unknown | as `on_interrupt` says |
//! | `Calling` | `Answered`: verified again, not as before | `Failed` |
//! | `Calling` | `Lost` | `Waiting`; once: as `on_interrupt` says |
//! | any open state | `Cancel` | `Cancelled` |
//!
//! Every other pair is a late or early event and is ignored by name in [`StageRun::on`].

use std::time::Duration;

use super::language::{Fate, Judgement};
use super::outline::{Hold, OnInterrupt, StageOutline};
use super::own_reason::OwnReason;
use crate::id::{CallId, RunId};
use crate::protocol::{AttemptView, StagePhase, Told};
use crate::time::{Timestamp, exact_ms};
use crate::trigger::{Interval, Trigger};
use crate::verify::{History, Reason, Records, Verdict};

/// Two polls of a hold further apart than this many intervals prove nothing about the time between.
const HOLD_GAP_INTERVALS: u32 = 3;

/// A stage of a run: its state, and what has to be known of it for the next step.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct StageRun {
    pub(crate) state: StageState,
    /// The phase of its polls: when the first one was due. Where polls become rarer, when the next is.
    pub(crate) anchor: Option<Timestamp>,
    /// The latest instant of that phase which was carried out, skipped or passed over.
    pub(crate) last_scheduled: Option<Timestamp>,
    /// How many attempts were begun.
    pub(crate) attempts: u32,
    pub(crate) begun_at: Option<Timestamp>,
    /// When the latest attempt with a known fate was begun.
    pub(crate) last_begun: Option<Timestamp>,
    pub(crate) deadline: Option<Timestamp>,
    /// What its attempts have said so far; none before the first.
    pub(crate) history: Option<Told<History>>,
    /// Why the last attempt, or the stage as a whole, is as it is.
    pub(crate) reason: Option<Told<Reason>>,
    /// Since when every attempt was pending for that very reason.
    pub(crate) pending_since: Option<Timestamp>,
    pub(crate) late: bool,
    pub(crate) flapping: bool,
    pub(crate) unconfirmed: bool,
    /// Values taken from the passing answer, as JSON texts.
    pub(crate) captures: Vec<(String, String)>,
    /// What the latest answer has of the chain's fields.
    pub(crate) records: Option<Told<Records>>,
    /// The earlier run in which it was verified, when this one took it over.
    pub(crate) seeded_from: Option<RunId>,
}

/// Where a stage is.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) enum StageState {
    #[default]
    NotStarted,
    Waiting,
    Calling(Box<Calling>),
    Holding(Holding),
    Passed(Timestamp),
    Failed(Timestamp),
    TimedOut(Timestamp),
    Cancelled(Timestamp),
}

/// A request under way.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Calling {
    pub(crate) call: CallId,
    pub(crate) attempt: AttemptView,
    /// A hold that this attempt may prolong.
    pub(crate) hold: Option<Holding>,
}

/// Passing, and it has to last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Holding {
    pub(crate) since: Timestamp,
    pub(crate) last_poll: Timestamp,
    pub(crate) polls: u32,
}

/// What happens to a stage.
#[derive(Debug)]
pub(crate) enum StageEvent {
    /// All earlier stages have passed.
    Begin,
    /// A poll is claimed: it will be sent once the claim is committed.
    Due { call: CallId, attempt: Box<AttemptView> },
    /// Its answer is there, and judged.
    Answered(Box<Judgement>),
    /// Its answer will never be known.
    Lost,
    /// A user ends the run.
    Cancel,
}

impl StageRun {
    /// The one transition function; the table stands above.
    pub(crate) fn on(&mut self, rules: &StageOutline, now: Timestamp, event: StageEvent) {
        use StageEvent::{Answered, Begin, Cancel, Due, Lost};
        use StageState::{
            Calling as Call, Cancelled, Failed, Holding as Hold, NotStarted, Passed, TimedOut,
            Waiting,
        };
        let state = std::mem::take(&mut self.state);
        self.state = match (state, event) {
            (NotStarted, Begin) => {
                self.anchor = Some(now.plus(rules.poll.initial_delay));
                Waiting
            }
            (Waiting, Due { call, attempt }) => self.claim(rules, now, call, *attempt, None),
            (Hold(hold), Due { call, attempt }) => self.claim(rules, now, call, *attempt, Some(hold)),
            (Call(calling), Answered(judgement)) => {
                let next = self.answered(rules, now, &calling, *judgement);
                self.put_off(rules, now, next)
            }
            (Call(calling), Lost) => {
                let next = self.lost(rules, now, &calling);
                self.put_off(rules, calling.attempt.begun_at, next)
            }
            (NotStarted | Waiting | Call(_) | Hold(_), Cancel) => Cancelled(now),
            // A second beginning, and polls and answers of a stage that is elsewhere by now.
            (state @ NotStarted, Due { .. } | Answered(_) | Lost)
            | (state @ (Waiting | Hold(_)), Begin | Answered(_) | Lost)
            | (state @ Call(_), Begin | Due { .. })
            // An end is an end.
            | (
                state @ (Passed(_) | Failed(_) | TimedOut(_) | Cancelled(_)),
                Begin | Due { .. } | Answered(_) | Lost | Cancel,
            ) => state,
        };
    }

    fn claim(
        &mut self,
        rules: &StageOutline,
        now: Timestamp,
        call: CallId,
        attempt: AttemptView,
        hold: Option<Holding>,
    ) -> StageState {
        self.attempts = attempt.number;
        self.last_scheduled = self.last_scheduled.max(Some(attempt.scheduled_at));
        self.begun_at.get_or_insert(now);
        self.last_begun = Some(now);
        // The claim is what is committed, so its instant is the deadline's beginning.
        self.deadline.get_or_insert(now.plus(rules.poll.timeout));
        StageState::Calling(Box::new(Calling { call, attempt, hold }))
    }

    fn answered(
        &mut self,
        rules: &StageOutline,
        now: Timestamp,
        calling: &Calling,
        judgement: Judgement,
    ) -> StageState {
        let Judgement { verdict, reason, captures, fate, needs_access, differs, .. } = judgement;
        self.history = judgement.history;
        self.records = judgement.records;
        if fate == Fate::HeldBack {
            // Nothing was sent, so that even what is sent once waits until it may be.
            self.note_pending(now, reason);
            return StageState::Waiting;
        }
        if let Some(on_interrupt) = rules.once {
            return match (fate, on_interrupt) {
                (Fate::Unknown, OnInterrupt::Resend) => {
                    self.note_pending(now, reason);
                    self.go_on(rules, now, calling, None)
                }
                (Fate::Unknown, OnInterrupt::Stop | OnInterrupt::Continue) => {
                    self.interrupted(now, on_interrupt)
                }
                (Fate::Known | Fate::HeldBack, _) => {
                    self.answered_once(now, verdict, reason, captures)
                }
            };
        }
        if rules.again.is_some() && !needs_access && differs {
            let stage = rules.name.clone();
            let reason = OwnReason::NoLongerHolds { stage, now: reason };
            return self.end(StageState::Failed(now), reason);
        }
        match verdict {
            Verdict::Pass => self.passing(rules, now, calling, reason, captures),
            Verdict::Fail => self.end(StageState::Failed(now), reason),
            Verdict::Pending => {
                self.flapping |= calling.hold.is_some();
                self.note_pending(now, reason);
                if needs_access {
                    return StageState::Waiting;
                }
                self.go_on(rules, now, calling, judgement.unconfirmed)
            }
        }
    }

    /// An answer that doesn't pass ends a request that is sent once.
    fn answered_once(
        &mut self,
        now: Timestamp,
        verdict: Verdict,
        reason: Told<Reason>,
        captures: Vec<(String, String)>,
    ) -> StageState {
        match verdict {
            Verdict::Pass => self.pass(now, reason, captures),
            Verdict::Pending | Verdict::Fail => {
                self.end(StageState::Failed(now), OwnReason::SentNotAccepted { answer: reason })
            }
        }
    }

    /// After an answer that is not there yet: until the last one.
    fn go_on(
        &mut self,
        rules: &StageOutline,
        now: Timestamp,
        calling: &Calling,
        unconfirmed: Option<Told<Reason>>,
    ) -> StageState {
        if self.was_last(rules, calling) {
            self.give_up(rules, now, unconfirmed)
        } else {
            StageState::Waiting
        }
    }

    fn interrupted(&mut self, now: Timestamp, on_interrupt: OnInterrupt) -> StageState {
        match on_interrupt {
            OnInterrupt::Stop => self.end(StageState::Failed(now), OwnReason::MayHaveBeenSent),
            OnInterrupt::Continue => {
                self.unconfirmed = true;
                self.end(StageState::Passed(now), OwnReason::TakenAsSent)
            }
            OnInterrupt::Resend => {
                self.note_pending(now, OwnReason::AttemptLost.into());
                StageState::Waiting
            }
        }
    }

    fn passing(
        &mut self,
        rules: &StageOutline,
        now: Timestamp,
        calling: &Calling,
        reason: Told<Reason>,
        captures: Vec<(String, String)>,
    ) -> StageState {
        let Some(need) = rules.poll.hold else {
            return self.pass_in_time(rules, now, calling, reason, captures);
        };
        let hold = prolonged(calling.hold, now, rules.poll.interval, need);
        let lasted = match need {
            Hold::Lasting(span) => now.since(hold.since) >= span,
            Hold::Polls(polls) => hold.polls >= polls,
        };
        if lasted {
            return self.pass_in_time(rules, now, calling, reason, captures);
        }
        self.reason = Some(reason);
        self.pending_since = None;
        StageState::Holding(hold)
    }

    fn pass_in_time(
        &mut self,
        rules: &StageOutline,
        now: Timestamp,
        calling: &Calling,
        reason: Told<Reason>,
        captures: Vec<(String, String)>,
    ) -> StageState {
        let slow = match (rules.poll.late_after, self.begun_at) {
            (Some(span), Some(begun)) => now.since(begun) > span,
            (Some(_) | None, _) => false,
        };
        self.late = slow || self.begun_after_deadline(calling);
        self.pass(now, reason, captures)
    }

    fn pass(
        &mut self,
        now: Timestamp,
        reason: Told<Reason>,
        captures: Vec<(String, String)>,
    ) -> StageState {
        self.captures = captures;
        self.end(StageState::Passed(now), reason)
    }

    fn lost(&mut self, rules: &StageOutline, now: Timestamp, calling: &Calling) -> StageState {
        if let Some(on_interrupt) = rules.once {
            return self.interrupted(now, on_interrupt);
        }
        // Counted for neither confirm nor hold: a hold goes on where it was. If it was the last attempt,
        // another one is.
        self.last_begun = None;
        // What it waits for, and since when, is as it was before that attempt.
        self.reason.get_or_insert_with(|| OwnReason::AttemptLost.into());
        match calling.hold {
            Some(hold) => StageState::Holding(hold),
            None => StageState::Waiting,
        }
    }

    /// Where polls become rarer, the next one is put off. What passes, and has to last, is looked at as
    /// often as ever.
    fn put_off(&mut self, rules: &StageOutline, from: Timestamp, next: StageState) -> StageState {
        if let Some(pause) = rules.poll.rarer(self.attempts) {
            let holding = matches!(next, StageState::Holding(_));
            self.anchor = Some(from.plus(if holding { rules.poll.interval } else { pause }));
        }
        next
    }

    fn end(&mut self, state: StageState, reason: impl Into<Told<Reason>>) -> StageState {
        self.reason = Some(reason.into());
        self.pending_since = None;
        state
    }

    fn note_pending(&mut self, now: Timestamp, reason: Told<Reason>) {
        if self.pending_since.is_none() || self.reason.as_ref() != Some(&reason) {
            self.pending_since = Some(now);
        }
        self.reason = Some(reason);
    }

    fn give_up(
        &mut self,
        rules: &StageOutline,
        now: Timestamp,
        unconfirmed: Option<Told<Reason>>,
    ) -> StageState {
        if let Some(wrong) = unconfirmed {
            return self.end(StageState::Failed(now), wrong);
        }
        let (last, since) = (self.reason.take(), self.pending_since);
        let in_time = self.deadline.is_some_and(|deadline| now < deadline);
        let reason = if in_time {
            OwnReason::AttemptsUsedUp { attempts: self.attempts, last, since }
        } else {
            let timeout_ms = exact_ms(rules.poll.timeout);
            OwnReason::DeadlinePassed { timeout_ms, last, since }
        };
        self.end(StageState::TimedOut(now), reason)
    }

    /// One attempt always begins at or after the deadline, and it is the last.
    fn was_last(&self, rules: &StageOutline, calling: &Calling) -> bool {
        let used_up = rules.poll.max_attempts.is_some_and(|most| self.attempts >= most);
        used_up || self.begun_after_deadline(calling)
    }

    fn begun_after_deadline(&self, calling: &Calling) -> bool {
        self.deadline.is_some_and(|deadline| calling.attempt.begun_at >= deadline)
    }

    /// Whether its time is over without an attempt that was begun after it.
    pub(crate) fn last_attempt_is_open(&self) -> Option<Timestamp> {
        let deadline = self.deadline?;
        self.last_begun.is_none_or(|begun| begun < deadline).then_some(deadline)
    }

    /// The trigger that polls it.
    pub(crate) fn trigger(&self, rules: &StageOutline) -> Option<Trigger> {
        let anchor = self.anchor?;
        match rules.poll.backoff {
            Some(_) => Some(Trigger::Date(anchor)),
            None => Interval::new(anchor, rules.poll.interval).ok().map(Trigger::Interval),
        }
    }

    /// The phase instants up to `now` are passed over, as after a pause.
    pub(crate) fn pass_over(&mut self, rules: &StageOutline, now: Timestamp) {
        if let Some(Trigger::Interval(interval)) = self.trigger(rules) {
            self.last_scheduled = self.last_scheduled.max(interval.latest_until(now));
        }
    }

    /// Moves every open instant: later by a thaw, which is time that did not count.
    pub(crate) fn thaw(&mut self, frozen: Duration) {
        self.deadline = self.deadline.map(|deadline| deadline.plus(frozen));
        if let StageState::Holding(hold) = &mut self.state {
            // The time in between was not watched, so it does not count as lasting either.
            hold.since = hold.since.plus(frozen);
        }
    }

    /// Moves every open instant earlier: what a clock that was set back asks for.
    pub(crate) fn shift_earlier(&mut self, span: Duration) {
        let earlier = |at: &mut Option<Timestamp>| *at = at.map(|at| at.minus(span));
        earlier(&mut self.anchor);
        earlier(&mut self.last_scheduled);
        earlier(&mut self.begun_at);
        earlier(&mut self.last_begun);
        earlier(&mut self.deadline);
        earlier(&mut self.pending_since);
        let shift = |hold: &mut Holding| {
            hold.since = hold.since.minus(span);
            hold.last_poll = hold.last_poll.minus(span);
        };
        match &mut self.state {
            StageState::Holding(hold) => shift(hold),
            StageState::Calling(calling) => {
                calling.attempt.begun_at = calling.attempt.begun_at.minus(span);
                calling.attempt.scheduled_at = calling.attempt.scheduled_at.minus(span);
                calling.hold.iter_mut().for_each(shift);
            }
            StageState::NotStarted
            | StageState::Waiting
            | StageState::Passed(_)
            | StageState::Failed(_)
            | StageState::TimedOut(_)
            | StageState::Cancelled(_) => {}
        }
    }
}

impl StageState {
    pub(crate) fn phase(&self) -> StagePhase {
        match self {
            Self::NotStarted => StagePhase::NotStarted,
            Self::Waiting => StagePhase::Waiting,
            Self::Calling(_) => StagePhase::Calling,
            Self::Holding(_) => StagePhase::Holding,
            Self::Passed(_) => StagePhase::Passed,
            Self::Failed(_) => StagePhase::Failed,
            Self::TimedOut(_) => StagePhase::TimedOut,
            Self::Cancelled(_) => StagePhase::Cancelled,
        }
    }

    pub(crate) fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Passed(at) | Self::Failed(at) | Self::TimedOut(at) | Self::Cancelled(at) => {
                Some(*at)
            }
            Self::NotStarted | Self::Waiting | Self::Calling(_) | Self::Holding(_) => None,
        }
    }

    /// Whether it has begun and not ended.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self, Self::NotStarted) && self.ended_at().is_none()
    }

    /// The hold under way, between polls or during one.
    pub(crate) fn hold(&self) -> Option<Holding> {
        match self {
            Self::Holding(hold) => Some(*hold),
            Self::Calling(calling) => calling.hold,
            Self::NotStarted
            | Self::Waiting
            | Self::Passed(_)
            | Self::Failed(_)
            | Self::TimedOut(_)
            | Self::Cancelled(_) => None,
        }
    }
}

/// A hold with one more passing poll. A hold by duration starts anew when the gap was too long.
fn prolonged(hold: Option<Holding>, now: Timestamp, interval: Duration, need: Hold) -> Holding {
    let fresh = Holding { since: now, last_poll: now, polls: 1 };
    let Some(hold) = hold else { return fresh };
    let gap = now.since(hold.last_poll) > interval * HOLD_GAP_INTERVALS;
    match need {
        Hold::Lasting(_) if gap => fresh,
        Hold::Lasting(_) | Hold::Polls(_) => {
            Holding { since: hold.since, last_poll: now, polls: hold.polls + 1 }
        }
    }
}
