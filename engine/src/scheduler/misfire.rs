//! Decides what becomes of the fires that are due: which run, which are merged, which were missed.
//! One pure function, before any fire is handed over; how long a hand-over takes never counts as late.
//!
//! First those beyond their grace are dropped, then the rest is merged: so a merged fire exists if any
//! of them is in grace. The price does not depend on how many there are, save for counting those of
//! rules that are no plain intervals, which ends at [`MOST_COUNTED`].

use std::time::Duration;

use crate::time::Timestamp;
use crate::trigger::Trigger;

/// Fires that were missed or merged are counted up to here; more are "at least" as many.
pub const MOST_COUNTED: u64 = 10_000;

/// How many fires of one wake are carried out one by one when they are not merged. Of more, the
/// earlier ones are missed.
pub const MOST_UNMERGED: u64 = 1000;

/// What becomes of fires that were due while nobody could carry them out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Coalesce {
    /// One runs, as the earliest of them.
    Earliest,
    /// One runs, as the latest of them.
    #[default]
    Latest,
    /// Each runs, one after another.
    All,
}

/// What is to be done about a job whose fire is due.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decision {
    /// The fires that are carried out, in their order; mostly one.
    pub run: Run,
    /// How many others were merged into the one that runs.
    pub merged: u64,
    /// Those that were missed.
    pub missed: Option<Missed>,
    /// The first fire after now.
    pub next: Option<Timestamp>,
}

/// Fires to be carried out: none, one, or one and others after it. One needs no allocation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Run {
    /// The first.
    pub first: Option<Timestamp>,
    /// Those that follow, one by one.
    pub others: Vec<Timestamp>,
}

/// Fires that nobody carries out any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Missed {
    /// The first of them.
    pub first: Timestamp,
    /// How many; at least so many when it is [`MOST_COUNTED`].
    pub count: u64,
    /// Why.
    pub why: Why,
}

/// Why a fire is missed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It is later than its grace allows.
    BeyondGrace,
    /// More than [`MOST_UNMERGED`] fires would have been carried out one by one.
    TooMany,
}

/// What becomes of the fires from `next` to `now`, where `next` is not after `now`.
pub fn decide(
    trigger: &Trigger,
    next: Timestamp,
    now: Timestamp,
    grace: Option<Duration>,
    coalesce: Coalesce,
) -> Decision {
    // The usual case: one fire is due.
    let second = trigger.next_after(Some(next), now);
    if second.is_none_or(|second| second > now) {
        return single(next, now, grace, second);
    }
    let following = trigger.next_after(Some(now), now);
    let in_grace = grace.map_or(next, |grace| now.minus(grace).max(next));
    let missed = beyond_grace(trigger, next, in_grace);
    let Some(latest) = trigger.latest(in_grace, now) else {
        return Decision { missed, next: following, ..Decision::default() };
    };
    let earliest = trigger.next_from(in_grace).unwrap_or(latest);
    let due = trigger.count(earliest, latest, MOST_COUNTED);
    let one = |first| Run { first: Some(first), others: Vec::new() };
    let (run, merged, missed) = match coalesce {
        Coalesce::Latest => (one(latest), due.saturating_sub(1), missed),
        Coalesce::Earliest => (one(earliest), due.saturating_sub(1), missed),
        Coalesce::All => {
            let (run, too_many) = each(trigger, earliest, latest);
            (run, 0, join(missed, too_many))
        }
    };
    Decision { run, merged, missed, next: following }
}

fn single(
    due: Timestamp,
    now: Timestamp,
    grace: Option<Duration>,
    next: Option<Timestamp>,
) -> Decision {
    if grace.is_some_and(|grace| now.since(due) > grace) {
        let missed = Missed { first: due, count: 1, why: Why::BeyondGrace };
        return Decision { missed: Some(missed), next, ..Decision::default() };
    }
    Decision { run: Run { first: Some(due), others: Vec::new() }, next, ..Decision::default() }
}

fn beyond_grace(trigger: &Trigger, next: Timestamp, in_grace: Timestamp) -> Option<Missed> {
    let until = Timestamp::from_ms(in_grace.as_ms() - 1);
    let count = trigger.count(next, until, MOST_COUNTED);
    (next < in_grace && count > 0).then_some(Missed { first: next, count, why: Why::BeyondGrace })
}

/// Each fire from `earliest` to `latest`; of too many, the later ones.
fn each(trigger: &Trigger, earliest: Timestamp, latest: Timestamp) -> (Run, Option<Missed>) {
    let mut fires = std::collections::VecDeque::new();
    let mut dropped = 0;
    let mut at = Some(earliest);
    while let Some(fire) = at.filter(|fire| *fire <= latest) {
        fires.push_back(fire);
        if fires.len() as u64 > MOST_UNMERGED {
            fires.pop_front();
            dropped += 1;
        }
        if dropped == MOST_COUNTED {
            return (latest_of(trigger, fire, latest), too_many(earliest, dropped));
        }
        at = trigger.next_after(Some(fire), fire);
    }
    let first = fires.pop_front();
    (Run { first, others: fires.into() }, too_many(earliest, dropped))
}

/// When there are more fires than are even counted: the last one alone.
fn latest_of(trigger: &Trigger, from: Timestamp, latest: Timestamp) -> Run {
    Run { first: trigger.latest(from, latest), others: Vec::new() }
}

fn too_many(first: Timestamp, count: u64) -> Option<Missed> {
    (count > 0).then_some(Missed { first, count, why: Why::TooMany })
}

fn join(missed: Option<Missed>, more: Option<Missed>) -> Option<Missed> {
    match (missed, more) {
        (Some(missed), Some(more)) => {
            Some(Missed { count: (missed.count + more.count).min(MOST_COUNTED), ..missed })
        }
        (missed, more) => missed.or(more),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::trigger::Interval;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn every_second() -> Trigger {
        Trigger::Interval(Interval::new(at(0), SECOND).unwrap())
    }

    fn fires(decision: &Decision) -> Vec<i64> {
        let run = &decision.run;
        run.first.iter().chain(&run.others).map(|at| at.as_ms()).collect()
    }

    #[test]
    fn missed_fires_coalesce_to_the_latest_the_earliest_or_none() {
        let check = |coalesce, run: &[i64], merged| {
            let decision = decide(&every_second(), at(1000), at(4500), None, coalesce);
            assert_eq!((fires(&decision).as_slice(), decision.merged), (run, merged));
            assert_eq!((decision.next, decision.missed), (Some(at(5000)), None));
        };
        check(Coalesce::Latest, &[4000], 3);
        check(Coalesce::Earliest, &[1000], 3);
        check(Coalesce::All, &[1000, 2000, 3000, 4000], 0);
    }

    #[test]
    fn what_is_beyond_its_grace_is_dropped_before_the_rest_is_merged() {
        let check = |coalesce, run: &[i64], merged| {
            let grace = Some(Duration::from_millis(2600));
            let decision = decide(&every_second(), at(1000), at(4500), grace, coalesce);
            assert_eq!((fires(&decision).as_slice(), decision.merged), (run, merged));
            let missed = Missed { first: at(1000), count: 1, why: Why::BeyondGrace };
            assert_eq!((decision.next, decision.missed), (Some(at(5000)), Some(missed)));
        };
        check(Coalesce::Latest, &[4000], 2);
        check(Coalesce::Earliest, &[2000], 2);
        check(Coalesce::All, &[2000, 3000, 4000], 0);
    }

    #[test]
    fn a_fire_that_is_exactly_as_late_as_its_grace_runs() {
        let late = |ms| decide(&every_second(), at(0), at(ms), Some(SECOND / 2), Coalesce::Latest);
        assert_eq!(fires(&late(500)), [0]);
        assert_eq!(fires(&late(501)), [0; 0]);
        assert_eq!(late(501).missed.unwrap().count, 1);
    }

    #[test]
    fn a_month_of_sleep_is_decided_at_once_and_counted() {
        let every = Trigger::Interval(Interval::new(at(0), 58 * SECOND).unwrap());
        let month = 30 * 86_400_000;
        let decision = decide(&every, at(58_000), at(month), None, Coalesce::Latest);
        assert_eq!(fires(&decision), [month / 58_000 * 58_000]);
        assert_eq!(decision.merged, MOST_COUNTED - 1, "at least so many");
    }

    #[test]
    fn of_too_many_fires_the_later_run_one_by_one_and_the_earlier_are_missed() {
        let now = at(2_000_000);
        let decision = decide(&every_second(), at(1000), now, None, Coalesce::All);
        assert_eq!(fires(&decision).len(), 1000);
        assert_eq!(fires(&decision)[0], 1_001_000);
        let missed = Missed { first: at(1000), count: 1000, why: Why::TooMany };
        assert_eq!(decision.missed, Some(missed));
    }

    #[test]
    fn a_date_that_has_passed_runs_once_if_it_is_in_grace() {
        let date = Trigger::Date(at(1000));
        let decision = decide(&date, at(1000), at(9000), None, Coalesce::Latest);
        assert_eq!((fires(&decision), decision.next), (vec![1000], None));
        let decision = decide(&date, at(1000), at(9000), Some(SECOND), Coalesce::Latest);
        assert_eq!((fires(&decision), decision.next), (vec![], None));
        assert_eq!(decision.missed.unwrap().first, at(1000));
    }

    proptest! {
        /// Every due fire is run, merged or missed: none is lost, and none is both.
        #[test]
        fn every_fire_is_accounted_for(
            every in 1_u64..5000, k in 0_i64..50, late in 0_i64..60_000,
            grace in proptest::option::of(0_u64..70_000), policy in 0_usize..3,
        ) {
            let coalesce = [Coalesce::Earliest, Coalesce::Latest, Coalesce::All][policy];
            let trigger = Trigger::Interval(Interval::new(at(7), Duration::from_millis(every)).unwrap());
            let next = at(7 + k * i64::try_from(every).unwrap());
            let now = next.plus(Duration::from_millis(u64::try_from(late).unwrap()));
            let grace = grace.map(Duration::from_millis);
            let decision = decide(&trigger, next, now, grace, coalesce);
            let due = trigger.count(next, now, u64::MAX);
            let run = fires(&decision);
            let missed = decision.missed.map_or(0, |missed| missed.count);
            if due < MOST_COUNTED {
                prop_assert_eq!(run.len() as u64 + decision.merged + missed, due);
            }
            prop_assert!(decision.next.unwrap() > now);
            prop_assert_eq!(decision.next, trigger.next_after(Some(now), now));
            prop_assert!(run.is_sorted());
            for fire in run {
                prop_assert!(next <= at(fire) && at(fire) <= now);
                prop_assert!(grace.is_none_or(|grace| now.since(at(fire)) <= grace));
                prop_assert_eq!(trigger.next_from(at(fire)), Some(at(fire)));
            }
        }
    }
}
