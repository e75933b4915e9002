use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;

use super::*;
use crate::id::{JobId, RunId};
use crate::trigger::Interval;

type Jobs = Scheduler<()>;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

fn key(name: &str) -> JobKey {
    JobKey::User(JobId::try_from(name).unwrap())
}

fn every(ms: u64, anchor: i64, policy: Policy) -> Job {
    let interval = Interval::new(at(anchor), Duration::from_millis(ms)).unwrap();
    Job::new(Trigger::Interval(interval), policy, at(0))
}

/// One job `j` that fires every second from 0 on.
fn each_second(policy: Policy) -> Jobs {
    let mut jobs = Jobs::default();
    jobs.add(key("j"), every(1000, 0, policy), ());
    jobs
}

fn overlap(overlap: Overlap) -> Policy {
    Policy { overlap, ..Policy::default() }
}

fn turns(jobs: &mut Jobs, now: i64) -> Vec<Turn> {
    std::iter::from_fn(|| jobs.take_due(at(now))).collect()
}

/// What ran, as name and instant.
fn ran(jobs: &mut Jobs, now: i64) -> Vec<(String, i64)> {
    let named = |key: &JobKey| match key {
        JobKey::User(id) => id.to_string(),
        JobKey::Poll { run, .. } | JobKey::Deadline { run, .. } => run.to_string(),
    };
    let turns = turns(jobs, now);
    turns.iter().filter_map(|turn| Some((named(&turn.key), turn.run?.as_ms()))).collect()
}

/// Ends a fire of `j`, and answers the instant of the one that waited for it.
fn end(jobs: &mut Jobs) -> Option<Timestamp> {
    jobs.ended(&key("j"));
    jobs.admitted(&key("j")).map(|(at, _)| at)
}

fn fired(jobs: &mut Jobs, now: i64) -> Vec<i64> {
    ran(jobs, now).into_iter().map(|(_, at)| at).collect()
}

#[test]
fn jobs_fire_in_the_order_they_are_due() {
    let mut jobs = Jobs::default();
    jobs.add(key("a"), every(1000, 500, Policy::default()), ());
    jobs.add(key("b"), every(1000, 200, Policy::default()), ());
    jobs.add(key("c"), Job::new(Trigger::Date(at(300)), Policy::default(), at(0)), ());
    assert_eq!(jobs.next_due(), Some(at(200)));
    let expected = [("b", 200), ("c", 300), ("a", 500)].map(|(name, at)| (name.to_owned(), at));
    assert_eq!(ran(&mut jobs, 600), expected);
    assert_eq!(jobs.next_of(&key("c")), None, "a date fires once");
    assert_eq!(jobs.next_due(), Some(at(1200)));
}

#[test]
fn of_one_instant_the_greater_priority_comes_first_then_the_earlier_added() {
    let mut jobs = Jobs::default();
    for (name, priority) in [("a", 0), ("b", 5), ("c", 5), ("d", -1)] {
        jobs.add(key(name), every(1000, 0, Policy { priority, ..Policy::default() }), ());
    }
    let names: Vec<String> = ran(&mut jobs, 0).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["b", "c", "a", "d"]);
}

#[test]
fn missed_fires_are_merged_into_the_latest() {
    let mut jobs = each_second(Policy::default());
    let turn = jobs.take_due(at(5500)).unwrap();
    assert_eq!((turn.run, turn.merged, turn.next), (Some(at(5000)), 5, Some(at(6000))));
    assert_eq!(jobs.take_due(at(5500)), None);
}

#[test]
fn a_fire_during_the_last_one_is_skipped_counted_and_keeps_the_phase() {
    let mut jobs = each_second(overlap(Overlap::Skip));
    assert_eq!(fired(&mut jobs, 0), [0]);
    for n in 1..=3 {
        let turn = jobs.take_due(at(i64::from(n) * 1000)).unwrap();
        assert_eq!(turn.held, Some((at(i64::from(n) * 1000), Held::Skipped(n))));
    }
    assert_eq!(end(&mut jobs), None);
    assert_eq!(fired(&mut jobs, 4000), [4000]);
    assert_eq!(jobs.job(&key("j")).unwrap().0.progress.skipped, 0);
}

#[test]
fn one_fire_waits_for_the_end_of_the_last() {
    let mut jobs = each_second(overlap(Overlap::BufferOne));
    assert_eq!(fired(&mut jobs, 0), [0]);
    assert_eq!(jobs.take_due(at(1000)).unwrap().held, Some((at(1000), Held::Waits)));
    assert_eq!(jobs.take_due(at(2000)).unwrap().held, Some((at(2000), Held::Skipped(1))));
    assert_eq!(end(&mut jobs), Some(at(1000)));
    assert_eq!(end(&mut jobs), None);
    assert_eq!(fired(&mut jobs, 3000), [3000]);
}

#[test]
fn so_many_fires_may_be_under_way_at_once() {
    let mut jobs = each_second(overlap(Overlap::Allow(2)));
    assert_eq!(fired(&mut jobs, 0), [0]);
    assert_eq!(fired(&mut jobs, 1000), [1000]);
    assert_eq!(jobs.take_due(at(2000)).unwrap().held, Some((at(2000), Held::Skipped(1))));
    assert_eq!(end(&mut jobs), None);
    assert_eq!(fired(&mut jobs, 3000), [3000]);
}

#[test]
fn fires_that_are_not_merged_run_one_after_another() {
    let mut jobs = each_second(Policy { coalesce: Coalesce::All, ..Policy::default() });
    assert_eq!(jobs.take_due(at(2500)).unwrap().run, Some(at(0)));
    assert_eq!(end(&mut jobs), Some(at(1000)));
    assert_eq!(end(&mut jobs), Some(at(2000)));
    assert_eq!(end(&mut jobs), None);
}

#[test]
fn a_job_is_finished_after_its_last_fire() {
    let policy = Policy { max_fires: Some(2), coalesce: Coalesce::All, ..overlap(Overlap::Skip) };
    let mut jobs = each_second(policy);
    assert_eq!(jobs.take_due(at(5000)).unwrap().run, Some(at(0)));
    assert_eq!(end(&mut jobs), Some(at(1000)));
    assert_eq!(end(&mut jobs), None, "two is the most");
    assert_eq!(jobs.next_due(), None);
    assert!(jobs.job(&key("j")).unwrap().0.is_finished());
}

#[test]
fn a_paused_job_keeps_its_phase_and_skips_what_passes() {
    let mut jobs = each_second(Policy::default());
    jobs.change(&key("j"), Job::pause);
    assert_eq!((jobs.next_due(), fired(&mut jobs, 9999)), (None, vec![]));
    jobs.change(&key("j"), |job| job.resume(at(2500)));
    assert_eq!(jobs.next_due(), Some(at(3000)));
}

#[test]
fn while_standing_by_only_runs_are_polled_and_what_was_due_is_missed_by_policy() {
    let mut jobs = each_second(Policy::default());
    let poll = JobKey::Poll { run: RunId::try_from("r").unwrap(), stage: 0 };
    jobs.add(poll, every(1000, 0, Policy::default()), ());
    jobs.stand_by(true);
    assert_eq!(ran(&mut jobs, 2000), [("r".to_owned(), 2000)]);
    jobs.stand_by(false);
    let turn = jobs.take_due(at(2500)).unwrap();
    assert_eq!((turn.key, turn.run, turn.merged), (key("j"), Some(at(2000)), 2));
}

#[test]
fn another_trigger_counts_from_now_and_never_fires_at_or_before_the_last() {
    let mut jobs = each_second(Policy::default());
    assert_eq!(fired(&mut jobs, 3000), [3000]);
    let other = Trigger::Interval(Interval::new(at(0), Duration::from_millis(1500)).unwrap());
    jobs.change(&key("j"), |job| job.reschedule(other, at(2900)));
    assert_eq!(jobs.next_due(), Some(at(4500)), "3000 has fired already");
}

#[test]
fn a_fire_that_is_asked_for_waits_rather_than_being_skipped() {
    let mut jobs = each_second(Policy::default());
    assert!(jobs.ask(&key("j"), at(10), Cause::Asked));
    assert_eq!(jobs.admitted(&key("j")), Some((at(10), Cause::Asked)));
    assert!(jobs.ask(&key("j"), at(20), Cause::Asked));
    assert_eq!(jobs.admitted(&key("j")), None);
    assert_eq!(end(&mut jobs), Some(at(20)));
    assert!(!jobs.ask(&key("nobody"), at(20), Cause::Asked));
    assert_eq!(jobs.next_due(), Some(at(0)), "the schedule stays as it is");
}

#[test]
fn a_job_that_nobody_can_carry_out_is_put_aside_with_all_it_is_due_for() {
    let mut jobs = each_second(Policy::default());
    let turn = jobs.take_ready(at(500), |()| false).unwrap();
    assert_eq!((turn.run, turn.held), (None, Some((at(0), Held::Aside))));
    assert_eq!((jobs.next_due(), fired(&mut jobs, 2500)), (None, vec![]));
    jobs.bring_back(&key("j"));
    let turn = jobs.take_due(at(2500)).unwrap();
    assert_eq!((turn.run, turn.merged), (Some(at(2000)), 2));
}

#[test]
fn a_removed_job_never_fires_and_its_end_is_ignored() {
    let mut jobs = each_second(Policy::default());
    assert!(jobs.remove(&key("j")).is_some());
    assert_eq!(end(&mut jobs), None);
    assert_eq!((fired(&mut jobs, 9999), jobs.next_due(), jobs.len()), (vec![], None, 0));
}

#[test]
fn a_clock_set_back_moves_what_counts_from_an_anchor() {
    let mut jobs = Jobs::default();
    jobs.add(key("interval"), every(1000, 10_000, Policy::default()), ());
    jobs.add(key("date"), Job::new(Trigger::Date(at(12_000)), Policy::default(), at(0)), ());
    let deadline = JobKey::Deadline { run: RunId::try_from("r").unwrap(), stage: 0 };
    jobs.add(deadline, Job::new(Trigger::Date(at(13_000)), Policy::default(), at(0)), ());
    jobs.set_back(Duration::from_secs(4));
    let next = |name: &str| jobs.next_of(&key(name)).unwrap().as_ms();
    assert_eq!((next("interval"), next("date")), (6000, 12_000), "a date names a time on the wall");
    assert_eq!(ran(&mut jobs, 9000).last().unwrap(), &("r".to_owned(), 9000));
}

#[derive(Clone, Debug)]
enum Step {
    Add(u8, u64, i64, i32),
    Remove(u8),
    Pause(u8),
    Resume(u8),
    End(u8),
    Advance(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let id = 0_u8..6;
    prop_oneof![
        (id.clone(), 1_u64..50, 0_i64..100, -2..3).prop_map(|(a, b, c, d)| Step::Add(a, b, c, d)),
        id.clone().prop_map(Step::Remove),
        id.clone().prop_map(Step::Pause),
        id.clone().prop_map(Step::Resume),
        id.prop_map(Step::End),
        (0_i64..60).prop_map(Step::Advance),
    ]
}

/// The same rules told plainly: a list that is searched whole at each step.
#[derive(Default)]
struct Model {
    jobs: BTreeMap<u8, (i64, i32, u32, Job)>,
    added: u32,
}

impl Model {
    fn due(&mut self, now: i64) -> Option<(u8, Option<i64>)> {
        let ready = |job: &Job| job.due().filter(|due| *due <= at(now));
        let (_, _, _, id) = self
            .jobs
            .iter()
            .filter_map(|(id, (_, priority, serial, job))| {
                Some((ready(job)?, Reverse(*priority), *serial, *id))
            })
            .min()?;
        let (anchor, _, _, job) = self.jobs.get_mut(&id)?;
        let Trigger::Interval(interval) = &job.trigger else { return None };
        let latest = interval.latest_until(at(now)).unwrap().max(at(*anchor));
        job.progress.next = interval.next_after(Some(at(now))).into();
        job.progress.last = Some(latest);
        let free = job.progress.under_way == 0;
        job.progress.under_way = 1;
        Some((id, free.then_some(latest.as_ms())))
    }
}

proptest! {
    #[test]
    fn it_does_what_a_list_that_is_searched_would_do(steps in proptest::collection::vec(step(), 0..120)) {
        let mut jobs = Jobs::default();
        let mut model = Model::default();
        let mut now = 0;
        let name = |id: u8| key(&format!("job-{id}"));
        for step in steps {
            match step {
                Step::Add(id, ms, anchor, priority) => {
                    let job = every(ms, now + anchor, Policy { priority, ..Policy::default() });
                    jobs.add(name(id), job.clone(), ());
                    model.added += 1;
                    let serial = model.jobs.get(&id).map_or(model.added, |(_, _, serial, _)| *serial);
                    model.jobs.insert(id, (now + anchor, priority, serial, job));
                }
                Step::Remove(id) => {
                    prop_assert_eq!(jobs.remove(&name(id)).is_some(), model.jobs.remove(&id).is_some());
                }
                Step::Pause(id) => {
                    jobs.change(&name(id), Job::pause);
                    if let Some((.., job)) = model.jobs.get_mut(&id) { job.pause(); }
                }
                Step::Resume(id) => {
                    jobs.change(&name(id), |job| job.resume(at(now)));
                    if let Some((.., job)) = model.jobs.get_mut(&id) { job.resume(at(now)); }
                }
                Step::End(id) => {
                    jobs.ended(&name(id));
                    if let Some((.., job)) = model.jobs.get_mut(&id) { job.progress.under_way = 0; }
                }
                Step::Advance(ms) => now += ms,
            }
            let mut expected = VecDeque::new();
            while let Some(fire) = model.due(now) { expected.push_back(fire); }
            for turn in turns(&mut jobs, now) {
                let (id, run) = expected.pop_front().unwrap();
                prop_assert_eq!((turn.key, turn.run), (name(id), run.map(at)));
            }
            prop_assert!(expected.is_empty());
            prop_assert_eq!(jobs.len(), model.jobs.len());
        }
    }
}
