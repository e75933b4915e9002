//! How long what is kept stays. Evidence goes first, that of the runs which began first; runs with their verdicts go
//! only where a user has said how many are enough. Never more than a few in a wake.

use std::time::Duration;

use super::Engine;
use super::records::{put, run_prefix};
use crate::id::{ChainId, RunId};
use crate::protocol::{Reply, Retention};
use crate::sorted::SortedMap;
use crate::store::{RETENTION_KEY, Table, Write};
use crate::time::{Now, Timestamp};

/// So many runs lose their evidence, or are removed, in a wake.
const MOST_A_WAKE: usize = 20;
const DAY: Duration = Duration::from_hours(24);
/// How often it is looked whether evidence has become too old.
const AGE_CHECK: Duration = Duration::from_hours(1);
const MEGABYTE: u64 = 1_000_000;

/// What stays, and what there is to do about it.
#[derive(Debug)]
pub(super) struct Keeping {
    pub(super) policy: Retention,
    /// So much evidence has to go, whatever the policy says: there is no space for it.
    free: u64,
    /// Whether there may be something to do.
    pub(super) due: bool,
    checked: Option<Timestamp>,
}

impl Default for Keeping {
    fn default() -> Self {
        // What the last engine left undone is done by the next.
        Self { policy: Retention::default(), free: 0, due: true, checked: None }
    }
}

impl Engine {
    /// Takes a policy, and frees space; answers with what holds then.
    pub(super) fn retain(&mut self, policy: Option<Retention>, free: Option<u64>) -> Reply {
        if let Some(policy) = policy.filter(|policy| *policy != self.keeping.policy) {
            self.outbox.write(put(Table::Meta, RETENTION_KEY.into(), &policy));
            self.keeping.policy = policy;
            self.keeping.due = true;
        }
        if let Some(free) = free {
            // A repeated wish is no second one.
            self.keeping.free = self.keeping.free.max(free);
            self.keeping.due = true;
        }
        Reply::Retained { policy: self.keeping.policy, evidence: self.evidence() }
    }

    /// How much evidence there is, in characters.
    fn evidence(&self) -> u64 {
        self.runs.values().filter_map(|run| run.evidence).sum()
    }

    /// Lets go of what need not stay, a wake's worth of it.
    pub(super) fn prune(&mut self, now: Now) {
        let keeping = &mut self.keeping;
        let aged = keeping.policy.days.is_some()
            && keeping.checked.is_none_or(|checked| now.wall.since(checked) >= AGE_CHECK);
        // What is let go in a wake is one batch, after all others.
        if !(keeping.due || aged) || !self.outbox.is_idle() {
            return;
        }
        keeping.due = false;
        keeping.checked = Some(now.wall);
        let mut left = MOST_A_WAKE;
        for run in self.without_need_of_evidence(now.wall, left) {
            self.drop_evidence(&run);
            left -= 1;
        }
        for run in self.too_many(left) {
            // It has ended, so nothing speaks against it.
            let _ = self.remove_run(&run);
            left = left.saturating_sub(1);
        }
        self.keeping.due = left == 0;
    }

    /// Runs whose evidence is too old or too much, those that began first before all others.
    fn without_need_of_evidence(&mut self, now: Timestamp, most: usize) -> Vec<RunId> {
        let Retention { days, megabytes, .. } = self.keeping.policy;
        let oldest = days.map(|days| now.minus(DAY.saturating_mul(days)));
        let limit = megabytes.map_or(u64::MAX, |limit| u64::from(limit) * MEGABYTE);
        let excess = self.evidence().saturating_sub(limit);
        let mut gone = Vec::new();
        let mut freed = 0;
        for id in self.latest_first().into_iter().rev() {
            let Some(run) = self.runs.get(id) else { continue };
            let (Some(at), Some(size)) = (run.state.ended_at(), run.evidence) else { continue };
            let too_old = oldest.is_some_and(|oldest| at < oldest);
            if gone.len() < most && (too_old || freed < excess.max(self.keeping.free)) {
                freed += size;
                gone.push(id.clone());
            }
        }
        // When fewer went than may, there is no more to free.
        let left = if gone.len() < most { 0 } else { self.keeping.free.saturating_sub(freed) };
        self.keeping.free = left;
        gone
    }

    fn drop_evidence(&mut self, id: &RunId) {
        let Some(run) = self.runs.get_mut(id) else { return };
        run.evidence = None;
        let prefix = run_prefix(id);
        self.outbox.write(Write::DeletePrefix { table: Table::Evidence, prefix });
        self.changed.push(id.clone());
    }

    /// Ended runs beyond those that stay of their chain.
    fn too_many(&self, most: usize) -> Vec<RunId> {
        let Some(stay) = self.keeping.policy.runs else { return Vec::new() };
        let mut seen: SortedMap<ChainId, u32> = SortedMap::default();
        let mut gone = Vec::new();
        for id in self.latest_first() {
            let Some(run) = self.runs.get(id) else { continue };
            let before = seen.get(&run.chain).copied().unwrap_or(0);
            seen.insert(run.chain.clone(), before + 1);
            if before >= stay && run.state.ended_at().is_some() && gone.len() < most {
                gone.push(id.clone());
            }
        }
        gone
    }
}
