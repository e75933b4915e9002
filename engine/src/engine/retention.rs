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
        keeping.checked = Some(now.wall);
        let (gone, freed) = self.not_needed(now.wall);
        let more = gone.len() == MOST_A_WAKE;
        // When fewer went than may, there is no more to free.
        self.keeping.free = if more { self.keeping.free.saturating_sub(freed) } else { 0 };
        for (run, goes) in gone {
            match goes {
                // It has ended, so nothing speaks against it.
                Goes::Whole => drop(self.remove_run(&run)),
                Goes::Evidence => self.drop_evidence(&run),
            }
        }
        self.keeping.due = more;
    }

    /// What goes in a wake, and how much evidence that is. Of evidence the latest stays.
    fn not_needed(&self, now: Timestamp) -> (Vec<(RunId, Goes)>, u64) {
        let Keeping { policy: Retention { runs, days, megabytes }, free, .. } = self.keeping;
        let oldest = days.map(|days| now.minus(DAY.saturating_mul(days)));
        let total = self.evidence();
        let limit = megabytes.map_or(total, |limit| u64::from(limit) * MEGABYTE);
        let limit = limit.min(total.saturating_sub(free));
        let mut seen: SortedMap<ChainId, u32> = SortedMap::default();
        let (mut gone, mut kept, mut freed) = (Vec::new(), 0, 0);
        for run in self.latest_first().into_iter().filter_map(|id| self.runs.get(id)) {
            let later = seen.get(&run.chain).copied().unwrap_or(0);
            seen.insert(run.chain.clone(), later + 1);
            let goes = match (run.state.ended_at(), run.evidence) {
                (Some(_), _) if runs.is_some_and(|stay| later >= stay) => Goes::Whole,
                (Some(at), Some(size)) => {
                    kept += size;
                    if kept <= limit && oldest.is_none_or(|oldest| at >= oldest) {
                        continue;
                    }
                    Goes::Evidence
                }
                (None, size) => {
                    kept += size.unwrap_or(0);
                    continue;
                }
                (Some(_), None) => continue,
            };
            if gone.len() < MOST_A_WAKE {
                freed += run.evidence.unwrap_or(0);
                gone.push((run.id.clone(), goes));
            }
        }
        (gone, freed)
    }

    fn drop_evidence(&mut self, id: &RunId) {
        let Some(run) = self.runs.get_mut(id) else { return };
        run.evidence = None;
        let prefix = run_prefix(id);
        self.outbox.write(Write::DeletePrefix { table: Table::Evidence, prefix });
        self.changed.push(id.clone());
    }
}

/// What of a run goes.
#[derive(Clone, Copy)]
enum Goes {
    Evidence,
    Whole,
}
