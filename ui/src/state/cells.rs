//! The cells that the state is made of: shared references to a view each, under a signal of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use baton_engine::id::{ChainId, RunId};
use baton_engine::protocol::{AttemptView, ChainView, RunView};
use baton_engine::time::Timestamp;
use leptos::prelude::*;

/// So many runs of a chain are followed on the board.
pub(super) const RECENT: usize = 30;

/// A chain and its latest runs.
pub struct ChainCell {
    /// Its id.
    pub id: ChainId,
    /// What the engine says of it.
    pub view: ArcRwSignal<Arc<ChainView>>,
    /// The runs with the highest numbers, the latest first: at most thirty.
    pub recent: ArcRwSignal<Arc<Vec<Arc<RunCell>>>>,
}

impl ChainCell {
    /// The run with the highest number. Followed.
    pub fn latest(&self) -> Option<Arc<RunCell>> {
        self.recent.get().first().cloned()
    }
}

/// A run and its attempts.
pub struct RunCell {
    /// Its id.
    pub id: RunId,
    /// Its chain.
    pub chain: ChainId,
    /// Its number in the chain.
    pub number: u32,
    /// When it was started.
    pub started_at: Timestamp,
    /// What the engine says of it.
    pub view: ArcRwSignal<Arc<RunView>>,
    /// Its attempts, in the order of stage and number; None until some have come.
    pub attempts: ArcRwSignal<Option<Arc<Vec<Arc<AttemptCell>>>>>,
    /// Whether someone asked for its attempts; atomic, since signals share cells.
    pub(super) asked: AtomicBool,
}

/// An attempt.
pub struct AttemptCell {
    /// Its stage, from 0.
    pub stage: u32,
    /// Its number, from 1.
    pub number: u32,
    /// What the engine says of it.
    pub view: ArcRwSignal<Arc<AttemptView>>,
}

/// Where each key stands. One type of map for all lists, for the sake of size.
pub fn places<'a>(keys: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut places = BTreeMap::new();
    for (place, key) in keys.enumerate() {
        places.insert(key, place);
    }
    places
}

/// A new cell for a chain; its latest run is settled by the state.
pub(super) fn chain_cell(view: ChainView) -> Arc<ChainCell> {
    Arc::new(ChainCell {
        id: view.id.clone(),
        view: ArcRwSignal::new(Arc::new(view)),
        recent: ArcRwSignal::default(),
    })
}

/// A new cell for a run.
pub(super) fn run_cell(view: Arc<RunView>) -> Arc<RunCell> {
    Arc::new(RunCell {
        id: view.id.clone(),
        chain: view.chain.clone(),
        number: view.number,
        started_at: view.started_at,
        view: ArcRwSignal::new(view),
        attempts: ArcRwSignal::new(None),
        asked: AtomicBool::new(false),
    })
}

/// A new cell for an attempt.
pub(super) fn attempt_cell(view: Arc<AttemptView>) -> Arc<AttemptCell> {
    let (stage, number) = (view.stage, view.number);
    Arc::new(AttemptCell { stage, number, view: ArcRwSignal::new(view) })
}

/// Where an attempt stands in a list of its run, or where it belongs.
pub(super) fn attempt_place(list: &[Arc<AttemptCell>], view: &AttemptView) -> Result<usize, usize> {
    list.binary_search_by_key(&(view.stage, view.number), |cell| (cell.stage, cell.number))
}
