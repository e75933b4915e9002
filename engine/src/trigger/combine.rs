//! True intersection and union of triggers, each member with its own phase.

use super::search::Steps;
use super::{Interval, Trigger};
use crate::time::Timestamp;

/// The instants that all members share.
///
/// Members that lie on a grid of equal steps are merged into one grid beforehand, exactly: 58 s and 60 s
/// meet every 29 minutes or never, and that is known without a search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct And {
    pub(super) members: Vec<Trigger>,
    grid: Grid,
}

/// What the members' grids have in common.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Grid {
    /// No member lies on one.
    Free,
    Every(Interval),
    /// Nothing: they never meet.
    Never,
}

impl And {
    pub(super) fn new(members: Vec<Trigger>) -> Self {
        let grid = members.iter().filter_map(Trigger::grid).fold(Grid::Free, Grid::meet);
        Self { members, grid }
    }

    /// Whether it is known that they have no instant in common.
    pub(super) fn never_meets(&self) -> bool {
        self.grid == Grid::Never
    }

    /// The grid that all shared instants lie on, if one is known.
    pub(super) fn interval(&self) -> Option<Interval> {
        match self.grid {
            Grid::Every(interval) => Some(interval),
            Grid::Free | Grid::Never => None,
        }
    }

    /// The first shared instant from `from` to `until`: whoever is behind leaps to where the farthest is.
    pub(super) fn next(
        &self,
        from: Timestamp,
        until: Timestamp,
        steps: &mut Steps,
    ) -> Option<Timestamp> {
        let mut at = from;
        loop {
            steps.take()?;
            let mut farthest = self.grid.next(at, until)?;
            for member in self.members.iter().filter(|member| !member.is_plain_interval()) {
                farthest = member.next_in(farthest, until, steps)?;
            }
            // Only the last one is known to fire there; when all agree, none has leapt any more.
            if farthest == at {
                return Some(at);
            }
            at = farthest;
        }
    }
}

impl Grid {
    fn meet(self, other: Interval) -> Self {
        match self {
            Self::Free => Self::Every(other),
            Self::Every(own) => own.meet(&other).map_or(Self::Never, Self::Every),
            Self::Never => Self::Never,
        }
    }

    fn next(self, from: Timestamp, until: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Free => Some(from).filter(|from| *from <= until),
            Self::Every(interval) => interval.next_from(from).filter(|at| *at <= until),
            Self::Never => None,
        }
    }
}

/// The first instant of any member from `from` to `until`. Members that have to search come last, and then
/// no farther than what is known already.
pub(super) fn first_of_any(
    members: &[Trigger],
    from: Timestamp,
    until: Timestamp,
    steps: &mut Steps,
) -> Option<Timestamp> {
    let mut best = None;
    for searches in [false, true] {
        for member in members.iter().filter(|member| member.searches() == searches) {
            let limit = best.unwrap_or(until);
            best = member.next_in(from, limit, steps).or(best);
        }
    }
    best
}
