//! A trigger of any kind, with what every trigger may carry: its zone, bounds, jitter, and what becomes of
//! times that a change of the clocks leaves out or repeats.

use std::rc::Rc;
use std::time::Duration;

use super::calendar::Calendar;
use super::combine::{And, first_of_any};
use super::cron::{Changes, Cron};
use super::date::Moment;
use super::except::Except;
use super::jitter::Jitter;
use super::search::{self, Steps, just_after, just_before};
use super::{Interval, LAST, Trigger};
use crate::civil::MS_PER_DAY;
use crate::time::Timestamp;
use crate::zone::Zone;

/// A rule that is more than a plain instant or interval.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    pub(super) kind: Kind,
    pub(super) zone: Rc<Zone>,
    pub(super) bounds: Bounds,
    pub(super) jitter: Option<Jitter>,
    pub(super) changes: Changes,
}

/// What a rule is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Date(Moment),
    Interval(Interval),
    Cron(Cron),
    Calendar(Calendar),
    And(And),
    Or(Vec<Trigger>),
    Except(Except),
}

/// The first and the last instant at which a rule may fire, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Bounds {
    /// Of an interval it is the anchor instead.
    pub(super) start: Option<Timestamp>,
    pub(super) end: Option<Timestamp>,
}

impl Bounds {
    fn first(self) -> Timestamp {
        self.start.unwrap_or(Timestamp::MIN)
    }

    fn last(self) -> Timestamp {
        self.end.map_or(LAST, |end| end.min(LAST))
    }
}

impl Rule {
    /// The first fire from `from` to `until`, both included.
    pub(super) fn next_in(
        &self,
        from: Timestamp,
        until: Timestamp,
        steps: &mut Steps,
    ) -> Option<Timestamp> {
        match self.jitter {
            None => self.base_in(from, until, steps),
            Some(jitter) => self.moved_in(jitter, from, until, steps),
        }
    }

    /// The latest fire from `from` to `until`, both included.
    pub(super) fn latest_in(
        &self,
        from: Timestamp,
        until: Timestamp,
        steps: &mut Steps,
    ) -> Option<Timestamp> {
        match self.jitter {
            None => self.latest_base(from, until, steps),
            Some(jitter) => self.latest_moved(jitter, from, until, steps),
        }
    }

    /// How many fires there are from `from` to `until`, both included, up to `most`.
    pub(super) fn count(&self, from: Timestamp, until: Timestamp, most: u64) -> u64 {
        let Some(jitter) = self.jitter else { return self.count_base(from, until, most) };
        let count = self.count_base(from, until, most.saturating_add(1));
        if count > most || from > until {
            return count.min(most);
        }
        // Jitter moves at most the last one out, and the last one before in.
        let (steps, window) = (&mut Steps::new(), from..=until);
        let last = self.latest_base(from, until, steps);
        let out = last.is_some_and(|base| self.moved(jitter, base, steps) > until);
        let before = self.latest_base(from.minus(jitter.most), just_before(from), steps);
        let into = before.is_some_and(|base| window.contains(&self.moved(jitter, base, steps)));
        (count + u64::from(into) - u64::from(out)).min(most)
    }

    /// The same rule with the anchors of its intervals earlier.
    pub(super) fn set_back(&self, span: Duration) -> Self {
        let earlier = |member: &Trigger| member.set_back(span);
        let kind = match &self.kind {
            Kind::Interval(interval) => Kind::Interval(interval.earlier(span)),
            Kind::And(and) => Kind::And(And::new(and.members.iter().map(earlier).collect())),
            Kind::Or(members) => Kind::Or(members.iter().map(earlier).collect()),
            Kind::Except(except) => {
                let (inner, when) = (except.inner.set_back(span), except.when.clone());
                Kind::Except(Except { inner, when })
            }
            wall @ (Kind::Date(_) | Kind::Cron(_) | Kind::Calendar(_)) => wall.clone(),
        };
        Self { kind, ..self.clone() }
    }

    /// The first fire without jitter. Every one costs a step, at any depth, so that no document can make a
    /// search long.
    fn base_in(&self, from: Timestamp, until: Timestamp, steps: &mut Steps) -> Option<Timestamp> {
        steps.take()?;
        let (from, until) = (from.max(self.bounds.first()), until.min(self.bounds.last()));
        if from > until {
            return None;
        }
        let found = match &self.kind {
            Kind::Date(moment) => moment.next(&self.zone, self.changes, from),
            Kind::Interval(interval) => interval.next_from(from),
            Kind::Cron(cron) => cron.next_after(&self.zone, just_before(from), self.changes),
            Kind::Calendar(calendar) => calendar.next(&self.zone, self.changes, from),
            Kind::And(and) => and.next(from, until, steps),
            Kind::Or(members) => first_of_any(members, from, until, steps),
            Kind::Except(except) => except.next(&self.zone, from, until, steps),
        };
        found.filter(|at| *at <= until)
    }

    fn latest_base(
        &self,
        from: Timestamp,
        until: Timestamp,
        steps: &mut Steps,
    ) -> Option<Timestamp> {
        let (from, until) = (from.max(self.bounds.first()), until.min(self.bounds.last()));
        match &self.kind {
            Kind::Interval(interval) => interval.latest_until(until).filter(|at| *at >= from),
            Kind::Or(members) => {
                members.iter().filter_map(|member| member.latest_in(from, until, steps)).max()
            }
            Kind::Date(_) | Kind::Cron(_) | Kind::Calendar(_) | Kind::And(_) | Kind::Except(_) => {
                search::latest(from, until, &mut |from, until| self.base_in(from, until, steps))
            }
        }
    }

    fn count_base(&self, from: Timestamp, until: Timestamp, most: u64) -> u64 {
        if let Kind::Interval(interval) = &self.kind {
            return interval.count(from, until.min(self.bounds.last())).min(most);
        }
        let (mut from, mut count) = (from, 0);
        while count < most
            && let Some(at) = self.base_in(from, until, &mut Steps::new())
        {
            count += 1;
            from = just_after(at);
        }
        count
    }

    /// The first fire that is moved. As none reaches the next one, at most one that was due before `from`
    /// can have been moved to it or after it: the last.
    fn moved_in(
        &self,
        jitter: Jitter,
        from: Timestamp,
        until: Timestamp,
        steps: &mut Steps,
    ) -> Option<Timestamp> {
        let last = self.latest_base(from.minus(jitter.most), just_before(from), steps);
        let moved = last.map(|base| self.moved(jitter, base, steps)).filter(|at| *at >= from);
        let found = match moved {
            Some(at) => at,
            None => self.moved(jitter, self.base_in(from, until, steps)?, steps),
        };
        Some(found).filter(|at| *at <= until)
    }

    /// The latest fire that is moved: of the last one that is due until then, else of the one before.
    fn latest_moved(
        &self,
        jitter: Jitter,
        from: Timestamp,
        until: Timestamp,
        steps: &mut Steps,
    ) -> Option<Timestamp> {
        let first = from.minus(jitter.most);
        let last = self.latest_base(first, until, steps)?;
        let mut moved = self.moved(jitter, last, steps);
        if moved > until {
            let before = self.latest_base(first, just_before(last), steps)?;
            moved = self.moved(jitter, before, steps);
        }
        Some(moved).filter(|at| *at >= from)
    }

    fn moved(&self, jitter: Jitter, base: Timestamp, steps: &mut Steps) -> Timestamp {
        let next = self.base_in(just_after(base), base.plus(jitter.most), steps);
        jitter.moved(base, next, self.bounds.last())
    }

    /// Whether it is a date trigger, whose instant counts even when it is past.
    pub(super) fn is_date(&self) -> bool {
        matches!(self.kind, Kind::Date(_))
    }

    /// Whether an answer can take a search through the fires of others.
    pub(super) fn searches(&self) -> bool {
        match &self.kind {
            Kind::And(_) | Kind::Except(_) => true,
            Kind::Or(members) => members.iter().any(Trigger::searches),
            Kind::Date(_) | Kind::Interval(_) | Kind::Cron(_) | Kind::Calendar(_) => false,
        }
    }

    /// Equal steps that all its fires lie on.
    pub(super) fn grid(&self) -> Option<Interval> {
        if self.jitter.is_some() {
            return None;
        }
        match &self.kind {
            Kind::Interval(interval) => Some(*interval),
            Kind::Cron(cron) => Some(wall_grid(&self.zone, fires_at_second_zero(cron))),
            Kind::Calendar(calendar) => Some(wall_grid(&self.zone, calendar.of_day % 60_000 == 0)),
            Kind::Except(except) => except.inner.grid(),
            Kind::And(and) => and.interval(),
            Kind::Date(_) | Kind::Or(_) => None,
        }
    }
}

/// Whether it is known to fire at second 0 only: a crontab string always does, and fields below the least
/// one that is given are at their least.
fn fires_at_second_zero(cron: &Cron) -> bool {
    let fields = cron.fields();
    match fields.iter().find(|(name, _)| *name == "second") {
        Some((_, text)) => text == "0",
        None => cron.expression().is_some() || !fields.is_empty(),
    }
}

/// Times on the wall are whole seconds, or whole minutes where the zone's offsets and changes are.
fn wall_grid(zone: &Zone, at_zero: bool) -> Interval {
    let whole = |change: crate::zone::Change| {
        change.offset_seconds % 60 == 0 && change.at.as_ms() % 60_000 == 0
    };
    let minutes = at_zero && zone.first_offset_seconds() % 60 == 0 && zone.changes().all(whole);
    let anchor = Timestamp::from_ms(-2 * MS_PER_DAY);
    Interval::of_ms(anchor, if minutes { 60_000 } else { 1000 })
}
