//! How long what is kept stays. Evidence goes first, that of the runs which began first; runs with their verdicts go
//! only where a user has said how many are enough. Never more than a few in a wake.

use super::Engine;
use super::records::{put, run_prefix};
use crate::id::{ChainId, RunId};
use crate::protocol::{Reply, Retention};
use crate::sorted::SortedMap;
use crate::store::{RETENTION_KEY, Table, Write};
use crate::time::{Now, Timestamp};

/// So many runs lose their evidence, or are removed, in a wake.
const MOST_A_WAKE: usize = 20;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const MEGABYTE: u64 = 1_000_000;

/// What stays, and what there is to do about it.
#[derive(Debug)]
pub(super) struct Keeping {
    pub(super) policy: Retention,
    /// So much evidence has to go, whatever the policy says: there is no space for it.
    free: u64,
    /// Whether there may be something to do: an engine begins, a run has ended, or somebody asks.
    pub(super) due: bool,
}

impl Default for Keeping {
    fn default() -> Self {
        // What the last engine left undone is done by the next.
        Self { policy: Retention::default(), free: 0, due: true }
    }
}

impl Engine {
    /// Takes a policy, and frees space; answers with what holds then.
    pub(super) fn retain(&mut self, policy: Option<Retention>, free: Option<u64>) -> Reply {
        if let Some(policy) = policy.filter(|policy| *policy != self.keeping.policy) {
            self.outbox.write(put(Table::Meta, RETENTION_KEY.into(), &policy));
            self.keeping.policy = policy;
        }
        // A repeated wish is no second one.
        self.keeping.free = self.keeping.free.max(free.unwrap_or(0));
        self.keeping.due = true;
        Reply::Retained { policy: self.keeping.policy, evidence: self.evidence() }
    }

    /// How much evidence there is, in bytes.
    fn evidence(&self) -> u64 {
        self.runs.values().filter_map(|run| run.evidence).sum()
    }

    /// Lets go of what need not stay, a wake's worth of it: one batch, after all others.
    pub(super) fn prune(&mut self, now: Now) {
        if !self.keeping.due || !self.outbox.is_idle() {
            return;
        }
        let gone = self.not_needed(now.wall);
        self.keeping.due = gone.len() == MOST_A_WAKE;
        if !self.keeping.due {
            // There is no more to free.
            self.keeping.free = 0;
        }
        for (run, whole) in gone {
            self.keeping.free = self.keeping.free.saturating_sub(self.drop_evidence(&run));
            if whole {
                // It has ended, so nothing speaks against it.
                let _ = self.remove_run(&run);
            }
        }
    }

    /// What goes in a wake, and whether the run goes with its evidence. Of evidence the latest stays.
    fn not_needed(&self, now: Timestamp) -> Vec<(RunId, bool)> {
        let Keeping { policy: Retention { runs, days, megabytes }, free, .. } = self.keeping;
        let oldest = days.map(|days| now.as_ms() - i64::from(days) * DAY_MS);
        let total = self.evidence();
        let limit = megabytes.map_or(total, |limit| u64::from(limit) * MEGABYTE);
        let limit = limit.min(total.saturating_sub(free));
        let mut seen: SortedMap<ChainId, u32> = SortedMap::default();
        let (mut gone, mut kept) = (Vec::new(), 0);
        // Whose evidence a later run shows as its own.
        let mut rested_on = Vec::new();
        for run in self.latest_first().into_iter().filter_map(|id| self.runs.get(id)) {
            let later = seen.get(&run.chain).copied().unwrap_or(0);
            seen.insert(run.chain.clone(), later + 1);
            let ended = run.state.ended_at();
            let may_go = ended.is_some() && !rested_on.contains(&run.id);
            let whole = may_go && runs.is_some_and(|stay| later >= stay);
            if !whole {
                rested_on.extend(run.rests_on());
            }
            // What goes with its run leaves its space to others.
            kept += run.evidence.filter(|_| !whole).unwrap_or(0);
            let fades =
                run.evidence.is_some() && (kept > limit || ended.map(Timestamp::as_ms) < oldest);
            if (whole || fades && may_go) && gone.len() < MOST_A_WAKE {
                gone.push((run.id.clone(), whole));
            }
        }
        gone
    }

    /// Lets go of a run's evidence; says how much that was.
    fn drop_evidence(&mut self, id: &RunId) -> u64 {
        let prefix = run_prefix(id);
        self.outbox.write(Write::DeletePrefix { table: Table::Evidence, prefix });
        self.changed.push(id.clone());
        self.runs.get_mut(id).and_then(|run| run.evidence.take()).unwrap_or(0)
    }
}
