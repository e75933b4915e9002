//! What changes of the clocks did to a trigger: which times they left out or repeated, and what became of
//! them. For people to see; fires don't depend on it.

use super::cron::{Cron, Fold, Gap};
use super::date::Moment;
use super::rule::{Kind, Rule};
use super::search::just_before;
use super::{LAST, Trigger};
use crate::civil::Civil;
use crate::sorted::insert_sorted;
use crate::time::Timestamp;

/// A change of the clocks that a trigger had to do with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Decision {
    /// When the clocks were changed.
    pub at: Timestamp,
    /// What became of the times that were left out or repeated.
    pub kind: DecisionKind,
}

/// What became of times that a change left out or repeated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DecisionKind {
    /// They were left out, and it fires at the first instant after them.
    GapMoved,
    /// They were left out, and it doesn't fire.
    GapSkipped,
    /// They came twice, and it fires the first time.
    FoldFirst,
    /// They came twice, and it fires the last time.
    FoldLast,
    /// They came twice, and it fires both times.
    FoldBoth,
}

/// A change of the clocks, and the times on the wall that it left out or repeated.
struct Shift {
    at: Timestamp,
    by_ms: i64,
    from: Civil,
    until: Civil,
}

pub(super) fn decisions(trigger: &Trigger, after: Timestamp, until: Timestamp) -> Vec<Decision> {
    let mut found = Vec::new();
    gather(trigger, after, until, &mut found);
    found
}

fn gather(trigger: &Trigger, after: Timestamp, until: Timestamp, found: &mut Vec<Decision>) {
    let Trigger::Rule(rule) = trigger else { return };
    let until = until.min(rule.bounds.end.unwrap_or(LAST));
    // A change at the very start counts.
    let after = rule.bounds.start.map_or(after, |start| after.max(just_before(start)));
    match &rule.kind {
        Kind::Date(_) | Kind::Cron(_) | Kind::Calendar(_) => rule.own(after, until, found),
        Kind::And(and) => all(&and.members, after, until, found),
        Kind::Or(members) => all(members, after, until, found),
        Kind::Except(except) => gather(&except.inner, after, until, found),
        Kind::Interval(_) => {}
    }
}

fn all(members: &[Trigger], after: Timestamp, until: Timestamp, found: &mut Vec<Decision>) {
    for member in members {
        gather(member, after, until, found);
    }
}

impl Rule {
    fn own(&self, after: Timestamp, until: Timestamp, found: &mut Vec<Decision>) {
        let mut after = after;
        while let Some(change) = self.zone.change_after(after).filter(|change| change.at <= until) {
            after = change.at;
            let shift = self.shift(change.at);
            if self.names_a_time_within(&shift) {
                let decision = Decision { at: shift.at, kind: self.decided(&shift) };
                insert_sorted(found, decision);
            }
        }
    }

    fn shift(&self, at: Timestamp) -> Shift {
        let (before, _) = self.zone.span(just_before(at));
        let (after, _) = self.zone.span(at);
        let (low, high) = (before.min(after), before.max(after));
        let on_the_wall = |offset| Civil(at.as_ms() + offset);
        Shift { at, by_ms: after - before, from: on_the_wall(low), until: on_the_wall(high) }
    }

    fn names_a_time_within(&self, shift: &Shift) -> bool {
        match &self.kind {
            Kind::Cron(cron) => {
                cron.next_civil(shift.from).is_some_and(|civil| civil < shift.until)
            }
            Kind::Calendar(calendar) => calendar.has_within(shift.from, shift.until),
            Kind::Date(Moment::Wall(civil)) => (shift.from..shift.until).contains(civil),
            Kind::Date(Moment::At(_))
            | Kind::Interval(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Except(_) => false,
        }
    }

    fn decided(&self, shift: &Shift) -> DecisionKind {
        let fixed = self.cron().is_none_or(|cron| cron.is_fixed(shift.by_ms));
        if shift.by_ms > 0 {
            return match (self.changes.gap, fixed) {
                (Some(Gap::Next), _) | (None, true) => DecisionKind::GapMoved,
                (Some(Gap::Skip), _) | (None, false) => DecisionKind::GapSkipped,
            };
        }
        match (self.changes.fold, fixed) {
            (Some(Fold::First), _) | (None, true) => DecisionKind::FoldFirst,
            (Some(Fold::Last), _) => DecisionKind::FoldLast,
            (Some(Fold::Both), _) | (None, false) => DecisionKind::FoldBoth,
        }
    }

    fn cron(&self) -> Option<&Cron> {
        match &self.kind {
            Kind::Cron(cron) => Some(cron),
            Kind::Date(_)
            | Kind::Interval(_)
            | Kind::Calendar(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Except(_) => None,
        }
    }
}
