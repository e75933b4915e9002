//! A job: a trigger, its policies, and how far it has come. Carries nothing out.

use std::collections::VecDeque;
use std::time::Duration;

use super::misfire::Coalesce;
use crate::id::{JobId, RunId};
use crate::protocol::Cause;
use crate::time::Timestamp;
use crate::trigger::Trigger;

/// A job's name: one that a user added, or one of the two that a stage of a run has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum JobKey {
    /// A user's.
    User(JobId),
    /// Polls a stage of a run.
    Poll {
        /// Which run.
        run: RunId,
        /// Which of its stages, from 0.
        stage: usize,
    },
    /// Sees to it that a stage's last attempt begins when its time is over.
    Deadline {
        /// Which run.
        run: RunId,
        /// Which of its stages, from 0.
        stage: usize,
    },
}

/// What becomes of a fire that comes while the job's last one is still under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Overlap {
    /// It is skipped: of a poll, the next tick is as good.
    #[default]
    Skip,
    /// One waits, and runs when the last one has ended.
    BufferOne,
    /// So many may be under way at once.
    Allow(u32),
}

/// How a job's fires are treated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Policy {
    /// How late a fire may be admitted; without it, however late.
    pub misfire_grace: Option<Duration>,
    /// What becomes of several that are due at once.
    pub coalesce: Coalesce,
    /// What becomes of one that comes while another is under way.
    pub overlap: Overlap,
    /// After how many fires the job is finished.
    pub max_fires: Option<u64>,
    /// After how long a fire is ended by force; without it, the default of what it carries out.
    pub fire_timeout: Option<Duration>,
    /// Of one instant, the greater comes first.
    pub priority: i32,
}

/// A trigger, its policies, and how far it has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    /// When it fires.
    pub trigger: Trigger,
    /// How its fires are treated.
    pub policy: Policy,
    /// How far it has come.
    pub progress: Progress,
}

/// How far a job has come: what is stored with it, and found again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Its next fire; none when it never fires again.
    pub next: Option<Timestamp>,
    /// The instant of its last fire, whatever became of it.
    pub last: Option<Timestamp>,
    /// From when on it fires: when it was added, resumed or given its trigger.
    pub since: Timestamp,
    /// Whether it stands still. Its phase is kept, and what passes meanwhile is skipped.
    pub paused: bool,
    /// How many fires were carried out.
    pub fires: u64,
    /// How many were skipped in a row, as another was under way.
    pub skipped: u32,
    /// How many are under way.
    pub under_way: u32,
    /// Fires that are admitted and wait for one under way to end.
    pub waiting: VecDeque<(Timestamp, Cause)>,
}

impl Job {
    /// A job that fires by `trigger` from `now` on.
    pub fn new(trigger: Trigger, policy: Policy, now: Timestamp) -> Self {
        let next = trigger.next_after(None, now);
        Self { trigger, policy, progress: Progress { next, since: now, ..Progress::default() } }
    }

    /// A job that has fired for the last time at `previous`, if ever: what was due since is due still.
    pub fn since(trigger: Trigger, previous: Option<Timestamp>) -> Self {
        let previous = previous.unwrap_or(Timestamp::MIN);
        let next = trigger.next_after(Some(previous), previous);
        let progress = Progress { next, ..Progress::default() };
        Self { trigger, policy: Policy::default(), progress }
    }

    /// When it is due; none while it is paused or finished.
    pub fn due(&self) -> Option<Timestamp> {
        self.progress.next.filter(|_| !self.progress.paused)
    }

    /// Whether it never fires again.
    pub fn is_finished(&self) -> bool {
        self.progress.next.is_none() && self.progress.waiting.is_empty()
    }

    /// Stands still. A fire under way goes on.
    pub fn pause(&mut self) {
        self.progress.paused = true;
        self.progress.waiting.retain(|(_, cause)| *cause != Cause::Schedule);
    }

    /// Goes on, in phase: what passed meanwhile is skipped.
    pub fn resume(&mut self, now: Timestamp) {
        if std::mem::take(&mut self.progress.paused) {
            self.start_from(now);
        }
    }

    /// Takes another trigger; its first fire is at or after `now`.
    pub fn reschedule(&mut self, trigger: Trigger, now: Timestamp) {
        self.trigger = trigger;
        self.start_from(now);
    }

    /// Finds the next fire anew, as the rules of a time zone may have changed while nobody looked.
    pub fn recompute(&mut self) {
        if !self.trigger.is_elapsed() && self.progress.next.is_some() {
            let since = Timestamp::from_ms(self.progress.since.as_ms() - 1);
            let previous = self.progress.last.map_or(since, |last| last.max(since));
            self.progress.next = self.trigger.next_after(Some(previous), previous);
        }
    }

    fn start_from(&mut self, now: Timestamp) {
        self.progress.since = now;
        self.progress.next = if self.is_exhausted() { None } else { self.next_from(now) };
    }

    /// Whether it has fired as often as it may.
    pub fn is_exhausted(&self) -> bool {
        self.policy.max_fires.is_some_and(|most| self.progress.fires >= most)
    }

    /// The wall clock was set back by `span`: what counts from an anchor moves with it, what names a
    /// time on the wall never fires again at or before its last fire.
    pub fn set_back(&mut self, span: Duration) {
        let trigger = self.trigger.set_back(span);
        let progress = &mut self.progress;
        if trigger.is_elapsed() {
            progress.next = progress.next.map(|next| next.minus(span));
            progress.last = progress.last.map(|last| last.minus(span));
            progress.since = progress.since.minus(span);
            for (waiting, _) in &mut progress.waiting {
                *waiting = waiting.minus(span);
            }
        } else if let (Some(next), Some(last)) = (progress.next, progress.last) {
            // Members that count from an anchor have moved; the next is not before it was, unless
            // it may be.
            progress.next = trigger.next_after(Some(last), next);
        }
        self.trigger = trigger;
    }

    fn next_from(&self, now: Timestamp) -> Option<Timestamp> {
        let next = self.trigger.next_from(now)?;
        match self.progress.last {
            Some(last) if next <= last => self.trigger.next_after(Some(last), now),
            Some(_) | None => Some(next),
        }
    }
}
