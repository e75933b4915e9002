//! Commit, then act, then tell: holds back whatever rests on a write until the store has it.
//!
//! Writes gather until the next commit, of which at most one is under way. An effect that is pushed
//! while there are writes waits for the commit that takes them, so effects leave in the order they came.
//! A failed commit is retried unchanged; what waits for it goes on waiting.

use std::collections::VecDeque;
use std::time::Duration;

use crate::id::CommitId;
use crate::protocol::{Event, Storage, StoreTrouble};
use crate::store::{Batch, Write};
use crate::time::Timestamp;

const FIRST_RETRY: Duration = Duration::from_millis(500);
const LONGEST_RETRY: Duration = Duration::from_mins(1);

/// What leaves the engine once its commit is in the store.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Effect {
    /// The request of this call.
    Call(crate::id::CallId),
    /// The end of one.
    Abort(crate::id::CallId),
    /// A read of rows.
    Load(crate::id::LoadId),
    /// A question for a time zone's rules.
    NeedZone(String),
    /// A page to be watched.
    Watch(crate::id::ClientId),
    /// Where what is new is to be kept.
    KeepIn(Storage),
    /// An event for every reader.
    Tell(Event),
}

/// A commit that the store has not answered.
#[derive(Clone, Debug)]
struct InFlight {
    id: CommitId,
    batch: Batch,
    state: Sent,
    failures: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sent {
    No,
    Yes,
    RetryAt(Timestamp),
}

/// Writes and effects on their way out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    writes: Batch,
    in_flight: Option<InFlight>,
    committed: CommitId,
    waiting: VecDeque<(CommitId, Effect)>,
    fresh: Vec<Effect>,
    /// What rests on no write, such as the store's own trouble.
    at_once: VecDeque<Effect>,
}

impl Outbox {
    pub(crate) fn write(&mut self, write: Write) {
        self.writes.strict.push(write);
    }

    /// A write that may be lost in a power cut.
    pub(crate) fn write_relaxed(&mut self, write: Write) {
        self.writes.relaxed.push(write);
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.fresh.push(effect);
    }

    /// An effect that waits for no commit.
    pub(crate) fn push_at_once(&mut self, effect: Effect) {
        self.at_once.push_back(effect);
    }

    /// The batch that is to be written now, if any.
    pub(crate) fn take_commit(&mut self, now: Timestamp) -> Option<(CommitId, Batch)> {
        self.seal();
        if self.in_flight.is_none() && !self.writes.is_empty() {
            let batch = std::mem::take(&mut self.writes);
            let id = self.committed.next();
            self.in_flight = Some(InFlight { id, batch, state: Sent::No, failures: 0 });
        }
        let flight = self.in_flight.as_mut()?;
        let ready = match flight.state {
            Sent::No => true,
            Sent::Yes => false,
            Sent::RetryAt(at) => at <= now,
        };
        if !ready {
            return None;
        }
        flight.state = Sent::Yes;
        Some((flight.id, flight.batch.clone()))
    }

    /// The next thing that may leave.
    pub(crate) fn take_effect(&mut self) -> Option<Effect> {
        if let Some(effect) = self.at_once.pop_front() {
            return Some(effect);
        }
        self.seal();
        let (needs, _) = self.waiting.front()?;
        if *needs > self.committed {
            return None;
        }
        self.waiting.pop_front().map(|(_, effect)| effect)
    }

    /// Whether there is nothing to write, and nothing being written.
    pub(crate) fn is_idle(&self) -> bool {
        self.in_flight.is_none() && self.writes.is_empty()
    }

    /// Whether a commit is under way, so that what is written now waits for it.
    pub(crate) fn is_committing(&self) -> bool {
        self.in_flight.is_some()
    }

    /// When a failed commit is tried again.
    pub(crate) fn retry_at(&self) -> Option<Timestamp> {
        match self.in_flight.as_ref()?.state {
            Sent::RetryAt(at) => Some(at),
            Sent::No | Sent::Yes => None,
        }
    }

    /// The store has a batch. Answers whether it had failed before. Another id is ignored.
    pub(crate) fn committed(&mut self, id: CommitId) -> bool {
        let Some(flight) = self.in_flight.take_if(|flight| flight.id == id) else {
            return false;
        };
        self.committed = id;
        flight.failures > 0
    }

    /// The store refused a batch: it is tried again after a while, unchanged.
    pub(crate) fn failed(
        &mut self,
        id: CommitId,
        message: String,
        now: Timestamp,
    ) -> Option<StoreTrouble> {
        let flight = self.in_flight.as_mut().filter(|flight| flight.id == id)?;
        let wait = FIRST_RETRY.saturating_mul(1 << flight.failures.min(16)).min(LONGEST_RETRY);
        flight.failures += 1;
        let retry_at = now.plus(wait);
        flight.state = Sent::RetryAt(retry_at);
        Some(StoreTrouble { message, failures: flight.failures, retry_at })
    }

    /// Tries a failed commit again without waiting any longer.
    pub(crate) fn retry_now(&mut self, now: Timestamp) {
        if let Some(InFlight { state: Sent::RetryAt(at), .. }) = &mut self.in_flight {
            *at = now;
        }
    }

    /// Moves a retry earlier: what a clock that was set back asks for.
    pub(crate) fn shift_earlier(&mut self, span: Duration) {
        if let Some(InFlight { state: Sent::RetryAt(at), .. }) = &mut self.in_flight {
            *at = at.minus(span);
        }
    }

    /// Decides what the effects of this wake wait for.
    fn seal(&mut self) {
        let under_way = self.in_flight.as_ref().map(|flight| flight.id);
        let needs = match (self.writes.is_empty(), under_way) {
            (true, None) => self.committed,
            (true, Some(id)) => id,
            (false, None) => self.committed.next(),
            (false, Some(id)) => id.next(),
        };
        // Never before an effect that came earlier.
        let needs = self.waiting.back().map_or(needs, |(last, _)| needs.max(*last));
        self.waiting.extend(self.fresh.drain(..).map(|effect| (needs, effect)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::CallId;
    use crate::store::{Row, Table};

    fn write(key: &str) -> Write {
        Write::Put(Row { table: Table::Runs, key: key.into(), value: "{}".into() })
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn call(n: u64) -> Effect {
        Effect::Call(CallId(n))
    }

    #[test]
    fn nothing_leaves_before_its_commit() {
        let mut outbox = Outbox::default();
        outbox.push(call(1));
        outbox.write(write("a"));
        assert_eq!(outbox.take_effect(), None);
        let (id, batch) = outbox.take_commit(at(0)).unwrap();
        assert_eq!(batch.strict.len(), 1);
        assert_eq!(outbox.take_effect(), None);
        assert!(!outbox.committed(id));
        assert_eq!(outbox.take_effect(), Some(call(1)));
        assert_eq!(outbox.take_effect(), None);
    }

    #[test]
    fn one_commit_at_a_time_and_effects_in_order() {
        let mut outbox = Outbox::default();
        outbox.write(write("a"));
        outbox.push(call(1));
        let (first, _) = outbox.take_commit(at(0)).unwrap();
        outbox.write(write("b"));
        outbox.push(call(2));
        assert_eq!(outbox.take_commit(at(0)), None, "one is under way");
        outbox.committed(first);
        assert_eq!(outbox.take_effect(), Some(call(1)));
        assert_eq!(outbox.take_effect(), None, "the second waits for its own commit");
        let (second, _) = outbox.take_commit(at(0)).unwrap();
        outbox.committed(second);
        assert_eq!(outbox.take_effect(), Some(call(2)));
    }

    #[test]
    fn what_rests_on_a_commit_under_way_waits_for_it() {
        let mut outbox = Outbox::default();
        outbox.write(write("a"));
        let (id, _) = outbox.take_commit(at(0)).unwrap();
        outbox.push(call(1));
        assert_eq!(outbox.take_effect(), None);
        outbox.committed(id);
        assert_eq!(outbox.take_effect(), Some(call(1)));
    }

    #[test]
    fn a_failed_commit_is_retried_unchanged_with_capped_back_off() {
        let mut outbox = Outbox::default();
        outbox.write(write("a"));
        let (id, batch) = outbox.take_commit(at(0)).unwrap();
        outbox.write(write("b"));
        let mut now = at(0);
        let mut waits = Vec::new();
        for _ in 0..10 {
            let trouble = outbox.failed(id, "full".into(), now).unwrap();
            assert_eq!(outbox.take_commit(now), None);
            waits.push(trouble.retry_at.since(now).as_millis());
            now = trouble.retry_at;
            assert_eq!(outbox.retry_at(), Some(now));
            assert_eq!(outbox.take_commit(now), Some((id, batch.clone())));
        }
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
        assert!(outbox.committed(id), "it had failed before");
    }

    #[test]
    fn answers_to_another_commit_are_ignored() {
        let mut outbox = Outbox::default();
        outbox.write(write("a"));
        outbox.push(call(1));
        let (id, _) = outbox.take_commit(at(0)).unwrap();
        assert!(!outbox.committed(id.next()));
        assert_eq!(outbox.failed(id.next(), String::new(), at(0)), None);
        assert_eq!(outbox.take_effect(), None);
    }
}
