//! Decides which jobs are due, and which of their fires are carried out. Never carries one out, and
//! never reads a clock.
//!
//! One heap for all jobs, and so one timer: [`Scheduler::next_due`] is the only instant that its owner
//! has to wake for. [`misfire::decide`] says what becomes of several fires at once, [`Overlap`] of one
//! that comes while another is under way.
//!
//! ```
//! use std::time::Duration;
//! use baton_engine::id::JobId;
//! use baton_engine::scheduler::{Job, JobKey, Policy, Scheduler};
//! use baton_engine::time::Timestamp;
//! use baton_engine::trigger::{Interval, Trigger};
//!
//! let now = Timestamp::from_ms(0);
//! let every = Interval::new(Timestamp::from_ms(58_000), Duration::from_secs(58))?;
//! let job = Job::new(Trigger::Interval(every), Policy::default(), now);
//! let mut scheduler = Scheduler::<()>::default();
//! scheduler.add(JobKey::User(JobId::try_from("refresh")?), job, ());
//!
//! let wake = scheduler.next_due().unwrap();
//! let turn = scheduler.take_due(wake).unwrap();
//! assert_eq!(turn.run, Some(wake));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod heap;
mod job;
pub mod misfire;

use std::time::Duration;

pub use job::{Job, JobKey, Overlap, Policy, Progress};
pub use misfire::{Coalesce, Missed, Why};

use self::heap::{Heap, Rank};
use crate::index::{Index, hash};
use crate::protocol::Cause;
use crate::time::Timestamp;
use crate::trigger::Trigger;

/// How many fires of one job may wait for one under way to end.
pub const MOST_WAITING: usize = 1000;

/// What one job's due fires come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turn {
    /// Which job.
    pub key: JobKey,
    /// Where it stands.
    pub place: Place,
    /// The fire that is carried out now. The job is under way until [`Scheduler::ended`].
    pub run: Option<Timestamp>,
    /// The fire that was due, if it is not carried out now, and why.
    pub held: Option<(Timestamp, Held)>,
    /// How many other fires were merged into the one that was due.
    pub merged: u64,
    /// Those that were missed.
    pub missed: Option<Missed>,
    /// The next fire.
    pub next: Option<Timestamp>,
}

/// Where a job stands, for as long as it is there: found without a search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(u32);

/// Why a fire that is due is not carried out now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held {
    /// Another is under way: so many have been skipped in a row.
    Skipped(u32),
    /// Another is under way, and this one waits for its end.
    Waits,
    /// Nobody can carry it out: its job was put aside.
    Aside,
}

/// All jobs, and what their owner keeps with each.
#[derive(Clone, Debug)]
pub struct Scheduler<D = ()> {
    /// Boxed: a list that grows by moving them would hold twice the memory.
    slots: Vec<Option<Box<Slot<D>>>>,
    free: Vec<u32>,
    index: Index,
    heap: Heap,
    last_serial: u32,
    standby: bool,
}

#[derive(Clone, Debug)]
struct Slot<D> {
    key: JobKey,
    serial: u32,
    /// It was due, and nobody could carry it out.
    aside: bool,
    job: Job,
    data: D,
}

impl<D> Default for Scheduler<D> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            index: Index::default(),
            heap: Heap::default(),
            last_serial: 0,
            standby: false,
        }
    }
}

impl<D> Scheduler<D> {
    /// Adds a job, in place of one of the same name, which is answered.
    pub fn add(&mut self, key: JobKey, job: Job, data: D) -> Option<(Job, D)> {
        if let Some(slot) = self.find(&key) {
            let held = self.slots.get_mut(slot as usize)?.as_mut()?;
            let old = std::mem::replace(&mut held.job, job);
            let old = (old, std::mem::replace(&mut held.data, data));
            self.enqueue(slot);
            return Some(old);
        }
        self.last_serial = self.last_serial.wrapping_add(1);
        let slot = self.put(Slot { serial: self.last_serial, aside: false, key, job, data });
        self.enqueue(slot);
        None
    }

    /// Removes a job; a fire under way goes on, and its end is ignored.
    pub fn remove(&mut self, key: &JobKey) -> Option<(Job, D)> {
        let slot = self.find(key)?;
        self.heap.remove(slot);
        self.settle();
        let slots = &self.slots;
        self.index.remove(hash(key), slot, |slot| hash_of(slots, slot));
        let held = self.slots.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        Some((held.job, held.data))
    }

    /// How many jobs there are.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is such a job.
    pub fn contains(&self, key: &JobKey) -> bool {
        self.find(key).is_some()
    }

    /// A job, and what is kept with it.
    pub fn job(&self, key: &JobKey) -> Option<(&Job, &D)> {
        let held = self.slot(self.find(key)?)?;
        Some((&held.job, &held.data))
    }

    /// What is kept with a job.
    pub fn data_mut(&mut self, key: &JobKey) -> Option<&mut D> {
        let slot = self.find(key)?;
        Some(&mut self.slots.get_mut(slot as usize)?.as_mut()?.data)
    }

    /// Where a job stands.
    pub fn place(&self, key: &JobKey) -> Option<Place> {
        self.find(key).map(Place)
    }

    /// The job that stands there: another than before, when that was removed meanwhile.
    pub fn at(&self, place: Place) -> Option<(&JobKey, &Job, &D)> {
        let held = self.slot(place.0)?;
        Some((&held.key, &held.job, &held.data))
    }

    /// The same, where what is kept with it may be changed.
    pub fn at_mut(&mut self, place: Place) -> Option<(&JobKey, &Job, &mut D)> {
        let held = self.slots.get_mut(place.0 as usize)?.as_mut()?;
        Some((&held.key, &held.job, &mut held.data))
    }

    /// Changes a job, whose place among the others follows.
    pub fn change<T>(&mut self, key: &JobKey, change: impl FnOnce(&mut Job) -> T) -> Option<T> {
        let slot = self.find(key)?;
        let answer = change(&mut self.slots.get_mut(slot as usize)?.as_mut()?.job);
        self.enqueue(slot);
        Some(answer)
    }

    /// All jobs, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (&JobKey, &Job, &D)> {
        self.slots.iter().flatten().map(|slot| (&slot.key, &slot.job, &slot.data))
    }

    /// When a job fires next.
    pub fn next_of(&self, key: &JobKey) -> Option<Timestamp> {
        self.job(key).and_then(|(job, _)| job.due())
    }

    /// When any job fires next.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.heap.first().map(|(rank, _)| rank.due)
    }

    /// Holds all jobs of users back, or lets them go on; what was due meanwhile is missed by their
    /// policies. Polls go on: a run has a pause of its own.
    pub fn stand_by(&mut self, standby: bool) {
        if self.standby != standby {
            self.standby = standby;
            self.enqueue_all();
        }
    }

    /// Whether the jobs of users are held back.
    pub fn is_standing_by(&self) -> bool {
        self.standby
    }

    /// Takes the earliest job that is due, and moves it on to its next fire.
    pub fn take_due(&mut self, now: Timestamp) -> Option<Turn> {
        self.take_ready(now, |_| true)
    }

    /// The same, where somebody may be missing who carries it out: the job is put aside then with all
    /// that it is due for, until [`Scheduler::bring_back`].
    pub fn take_ready(&mut self, now: Timestamp, ready: impl Fn(&D) -> bool) -> Option<Turn> {
        let (rank, slot) = self.heap.first()?;
        if rank.due > now {
            return None;
        }
        let held = self.slots.get_mut(slot as usize)?.as_mut()?;
        let turn = if ready(&held.data) {
            take(Place(slot), held, now)
        } else {
            held.aside = true;
            put_aside(Place(slot), held, rank.due)
        };
        self.enqueue(slot);
        Some(turn)
    }

    /// Brings a job back that was put aside: what it was due for is decided by its policies.
    pub fn bring_back(&mut self, key: &JobKey) {
        let Some(slot) = self.find(key) else { return };
        if let Some(held) = self.slots.get_mut(slot as usize).and_then(Option::as_mut) {
            held.aside = false;
        }
        self.enqueue(slot);
    }

    /// Says that one of a job's fires has ended. The one that waited for it is [`Scheduler::admitted`].
    pub fn ended(&mut self, key: &JobKey) {
        self.change(key, |job| {
            job.progress.under_way = job.progress.under_way.saturating_sub(1);
        });
    }

    /// The fire that has waited longest, if it may be carried out now.
    pub fn admitted(&mut self, key: &JobKey) -> Option<(Timestamp, Cause)> {
        self.change(key, admit_waiting)?
    }

    /// Asks for a fire of this instant besides the schedule: it waits until [`Scheduler::admitted`].
    /// Answers whether there is such a job, with room for it.
    pub fn ask(&mut self, key: &JobKey, scheduled: Timestamp, cause: Cause) -> bool {
        let asked = self.change(key, |job| {
            let waiting = &mut job.progress.waiting;
            let room = waiting.len() < MOST_WAITING;
            if room {
                waiting.push_back((scheduled, cause));
            }
            room
        });
        asked.unwrap_or(false)
    }

    /// Marks a job as under way, for a fire that was restored.
    pub fn begun(&mut self, key: &JobKey) {
        self.change(key, |job| job.progress.under_way = 1);
    }

    /// Marks a job as not under way, whatever it was.
    pub fn finished(&mut self, key: &JobKey) {
        self.change(key, |job| job.progress.under_way = 0);
    }

    /// The wall clock was set back by `span`; jobs of runs move with it, whatever they are.
    pub fn set_back(&mut self, span: Duration) {
        for held in self.slots.iter_mut().flatten() {
            match (&held.key, &mut held.job.trigger) {
                (JobKey::Poll { .. } | JobKey::Deadline { .. }, Trigger::Date(at)) => {
                    *at = at.minus(span);
                    let next = held.job.progress.next;
                    held.job.progress.next = next.map(|next| next.minus(span));
                }
                (JobKey::User(_) | JobKey::Poll { .. } | JobKey::Deadline { .. }, _) => {
                    held.job.set_back(span);
                }
            }
        }
        self.enqueue_all();
    }

    // ------------------------------------------------------------------------------------- places

    fn slot(&self, slot: u32) -> Option<&Slot<D>> {
        self.slots.get(slot as usize)?.as_deref()
    }

    fn find(&self, key: &JobKey) -> Option<u32> {
        let is_it = |slot| self.slot(slot).is_some_and(|held| held.key == *key);
        self.index.find(hash(key), is_it)
    }

    fn put(&mut self, held: Slot<D>) -> u32 {
        let hash = hash(&held.key);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        self.slots[slot as usize] = Some(Box::new(held));
        let slots = &self.slots;
        self.index.insert(hash, slot, |slot| hash_of(slots, slot));
        slot
    }

    /// Puts a job where it belongs in the heap. One that stands still stays where it was until it would
    /// come first: most go on before that, and taking one out costs as much as putting it in.
    fn enqueue(&mut self, slot: u32) {
        let was_first = self.heap.first().is_some_and(|(_, first)| first == slot);
        if let Some(rank) = self.rank(slot) {
            self.heap.set(slot, rank);
        }
        if was_first {
            self.settle();
        }
    }

    /// Takes out of the heap what came first and stands still.
    fn settle(&mut self) {
        while let Some((_, first)) = self.heap.first()
            && self.rank(first).is_none()
        {
            self.heap.remove(first);
        }
    }

    /// Where a job belongs in the heap; nowhere while it stands still.
    fn rank(&self, slot: u32) -> Option<Rank> {
        let held = self.slot(slot)?;
        let stands = held.aside || self.standby && matches!(held.key, JobKey::User(_));
        let due = held.job.due().filter(|_| !stands)?;
        Some(Rank::new(due, held.job.policy.priority, held.serial))
    }

    fn enqueue_all(&mut self) {
        for slot in 0..self.slots.len() {
            self.enqueue(u32::try_from(slot).unwrap_or(u32::MAX));
        }
    }
}

fn hash_of<D>(slots: &[Option<Box<Slot<D>>>], slot: u32) -> u32 {
    slots.get(slot as usize).and_then(Option::as_ref).map_or(0, |held| hash(&held.key))
}

fn put_aside<D>(place: Place, held: &Slot<D>, due: Timestamp) -> Turn {
    Turn {
        key: held.key.clone(),
        place,
        run: None,
        held: Some((due, Held::Aside)),
        merged: 0,
        missed: None,
        next: held.job.progress.next,
    }
}

/// What a job that is due comes to.
fn take<D>(place: Place, held: &mut Slot<D>, now: Timestamp) -> Turn {
    let job = &mut held.job;
    let due = job.progress.next.unwrap_or(now);
    let policy = job.policy;
    let decision = misfire::decide(&job.trigger, due, now, policy.misfire_grace, policy.coalesce);
    job.progress.next = decision.next;
    job.progress.last = decision.run.others.last().copied().or(decision.run.first).or(Some(due));
    let first = decision.run.first;
    let not_now = first.and_then(|first| admit(job, first, &decision.run.others));
    Turn {
        key: held.key.clone(),
        place,
        run: first.filter(|_| not_now.is_none()),
        held: first.zip(not_now),
        merged: decision.merged,
        missed: decision.missed,
        next: job.progress.next,
    }
}

/// Admits a fire by the job's overlap policy, and those that come with it to wait for its end.
/// Answers why it is not carried out now, if it is not.
fn admit(job: &mut Job, fire: Timestamp, others: &[Timestamp]) -> Option<Held> {
    let progress = &mut job.progress;
    let room = room(job.policy.overlap);
    let held = if progress.under_way < room && progress.waiting.is_empty() {
        carry_out(job);
        None
    } else if job.policy.overlap == Overlap::BufferOne && progress.waiting.is_empty() {
        progress.waiting.push_back((fire, Cause::Schedule));
        Some(Held::Waits)
    } else {
        progress.skipped = progress.skipped.saturating_add(1);
        return Some(Held::Skipped(progress.skipped));
    };
    let space = MOST_WAITING.saturating_sub(job.progress.waiting.len());
    let space = if job.is_exhausted() { 0 } else { space };
    let others = others.iter().map(|at| (*at, Cause::Schedule));
    job.progress.waiting.extend(others.take(space));
    held
}

/// How many fires may be under way at once.
fn room(overlap: Overlap) -> u32 {
    match overlap {
        Overlap::Skip | Overlap::BufferOne => 1,
        Overlap::Allow(most) => most,
    }
}

fn admit_waiting(job: &mut Job) -> Option<(Timestamp, Cause)> {
    if job.progress.under_way >= room(job.policy.overlap) {
        return None;
    }
    let fire = job.progress.waiting.pop_front()?;
    carry_out(job);
    Some(fire)
}

fn carry_out(job: &mut Job) {
    job.progress.under_way += 1;
    job.progress.fires += 1;
    job.progress.skipped = 0;
    if job.is_exhausted() {
        job.progress.next = None;
        // What a user asks for is carried out all the same.
        job.progress.waiting.retain(|(_, cause)| *cause != Cause::Schedule);
    }
}

#[cfg(test)]
mod tests;
