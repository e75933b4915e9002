//! History, told as runs of one stage or two.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::{Change, Query, Sort, Standing, arrivals, compare, expected, find, searched, took};
use crate::id::{ChainId, RunId};
use crate::locale::Locale;
use crate::protocol::{RunPhase, RunView, StagePhase, StageView, Told};
use crate::time::Timestamp;
use crate::verify::Reason;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn run_id(id: &str) -> RunId {
    RunId::try_from(id).unwrap()
}

/// A stage with a limit of 60 s and an interval of 5 s that took so many seconds.
fn stage(name: &str, phase: StagePhase, seconds: u64) -> StageView {
    let begun = Timestamp::from_ms(0);
    StageView {
        name: name.into(),
        system: None,
        phase,
        once: false,
        attempts: 3,
        begun_at: Some(begun),
        ended_at: Some(begun.plus(secs(seconds))),
        due: None,
        deadline: Some(begun.plus(secs(60))),
        interval_ms: 5000,
        timeout_ms: 60_000,
        reason: None,
        late: false,
        flapping: false,
        unconfirmed: false,
        hold: None,
        captures: Vec::new(),
        group: None,
        again: None,
        seeded_from: None,
    }
}

fn run(stages: Vec<StageView>) -> RunView {
    RunView {
        id: run_id("run"),
        chain: ChainId::try_from("chain").unwrap(),
        name: "Chain".into(),
        revision: 1,
        number: 1,
        environment: None,
        retry_of: None,
        phase: RunPhase::Passed,
        started_at: Timestamp::from_ms(0),
        ended_at: None,
        frozen_since: None,
        variables: Vec::new(),
        stages,
    }
}

fn passed(seconds: u64) -> RunView {
    run(vec![stage("Table", StagePhase::Passed, seconds)])
}

fn never() -> RunView {
    run(vec![stage("Table", StagePhase::TimedOut, 60)])
}

fn differs() -> Reason {
    let [what, got, want] = ["$.amount", "20", "19.90"].map(str::to_owned);
    Reason::Differs { what, got, want }
}

#[test]
fn times_are_learned_by_nearest_rank() {
    let runs: Vec<RunView> = (1..=20).map(passed).collect();
    let [table] = &arrivals(&runs, None)[..] else { panic!("one stage") };
    assert_eq!(table.runs(), 20);
    assert_eq!(table.p50(), Some(secs(10)));
    assert_eq!(table.p95(), Some(secs(19)));
    // Twice 19 s is 38 s; a minute is the next that people choose.
    assert_eq!(table.suggested_timeout(), Some(secs(60)));
    assert_eq!(
        table.sentence(Locale::En),
        "half of 20 runs within 10 s, 19 of 20 within 19 s; a time limit of 1 m would do"
    );
    assert_eq!(
        table.sentence(Locale::Zh),
        "20 次运行中半数在 10 s 内，20 次中 19 次在 19 s 内；时限设为 1 m 即可"
    );
    let standing = |time, locale| table.standing(secs(time), locale).unwrap();
    assert_eq!(standing(20, Locale::En), "slower than 19 of 20 runs");
    assert_eq!(standing(20, Locale::Zh), "比 20 次运行中的 19 次慢");
    assert_eq!(standing(1, Locale::En), "slower than 0 of 20 runs");
}

#[test]
fn what_is_usual_is_told_in_few_words() {
    let usual = |runs: &[RunView], locale| arrivals(runs, None)[0].usual(locale);
    let runs: Vec<RunView> = (1..=20).map(passed).collect();
    let told = "usually after 10 s, 19 of 20 within 19 s";
    assert_eq!(usual(&runs, Locale::En).as_deref(), Some(told));
    let told = "通常 10 s 后到达，20 次中 19 次在 19 s 内";
    assert_eq!(usual(&runs, Locale::Zh).as_deref(), Some(told));
    assert_eq!(usual(&runs[..4], Locale::En), None);
    let lost = [passed(9), passed(8), never(), never(), never(), never()];
    assert_eq!(usual(&lost, Locale::En).as_deref(), Some("4 of 6 never in time"));
    let lost = [passed(9), passed(8), passed(7), passed(6), never()];
    assert_eq!(usual(&lost, Locale::En).as_deref(), Some("usually after 8 s"));
}

/// A stage that began after so many seconds, and then took so many.
fn later(name: &str, begun: u64, took: u64) -> StageView {
    let zero = Timestamp::from_ms(0);
    StageView {
        begun_at: Some(zero.plus(secs(begun))),
        ended_at: Some(zero.plus(secs(begun + took))),
        deadline: Some(zero.plus(secs(begun + 60))),
        ..stage(name, StagePhase::Passed, 0)
    }
}

fn of_group(name: &str, begun: u64, took: u64) -> StageView {
    StageView { group: Some("Tables".into()), ..later(name, begun, took) }
}

/// Sent at once, in two tables after 30 s of waiting and 10 s and 25 s, in the report 5 s later.
fn whole() -> Vec<StageView> {
    let again = StageView { again: Some(1), ..later("Left", 60, 1) };
    vec![
        later("Send", 0, 0),
        of_group("Left", 30, 10),
        of_group("Right", 30, 25),
        later("Report", 55, 5),
        again,
    ]
}

fn open(stage: &StageView) -> StageView {
    StageView { phase: StagePhase::Waiting, ended_at: None, ..stage.clone() }
}

fn not_begun(stage: &StageView) -> StageView {
    let phase = StagePhase::NotStarted;
    StageView { phase, begun_at: None, deadline: None, ..open(stage) }
}

fn live(stages: Vec<StageView>) -> RunView {
    RunView { phase: RunPhase::Running, ..run(stages) }
}

#[test]
fn a_run_under_way_is_expected_by_what_its_stages_took() {
    let learned = arrivals(&vec![run(whole()); 5], None);
    let at = |run: &RunView| expected(run, &learned).map(|known| known.at.as_ms() / 1000);
    let mut stages = whole();
    for stage in &mut stages {
        *stage = not_begun(stage);
    }
    let fresh = live(stages.clone());
    assert_eq!(at(&fresh), Some(60));
    assert_eq!(expected(&fresh, &learned).unwrap().usually, secs(60));
    // One table was there sooner than usual; the run still waits for the other.
    stages[0] = later("Send", 0, 2);
    stages[1] = of_group("Left", 32, 1);
    stages[2] = open(&of_group("Right", 32, 0));
    assert_eq!(at(&live(stages.clone())), Some(32 + 25 + 5));
    // A pause of 10 s moved its deadline.
    stages[2].deadline = stages[2].deadline.map(|deadline| deadline.plus(secs(10)));
    assert_eq!(at(&live(stages.clone())), Some(32 + 10 + 25 + 5));
    stages[2] = of_group("Right", 32, 3);
    stages[3].due = Some(Timestamp::from_ms(40_000));
    assert_eq!(at(&live(stages.clone())), Some(45));
}

#[test]
fn what_is_not_known_is_not_expected() {
    let learned = arrivals(&vec![run(whole()); 5], None);
    let fresh = live(whole().iter().map(not_begun).collect());
    assert!(expected(&fresh, &learned).is_some());
    assert_eq!(expected(&fresh, &arrivals(&vec![run(whole()); 4], None)), None);
    assert_eq!(expected(&RunView { phase: RunPhase::Paused, ..fresh.clone() }, &learned), None);
    let retry = RunView { retry_of: Some(run_id("earlier")), ..fresh.clone() };
    assert_eq!(expected(&retry, &learned), None);
    let mut more = fresh;
    more.stages.push(not_begun(&later("New", 0, 0)));
    assert_eq!(expected(&more, &learned), None);
}

/// A run of the chain B or A, started so many seconds after the others, that took so long.
fn kept(number: u32, phase: RunPhase, took: u64) -> Arc<RunView> {
    let started_at = Timestamp::from_ms(i64::from(number) * 1000);
    let name = if number.is_multiple_of(2) { "A" } else { "B" };
    Arc::new(RunView {
        number,
        name: name.into(),
        chain: ChainId::try_from(name).unwrap(),
        phase,
        started_at,
        ended_at: phase.ended().then(|| started_at.plus(secs(took))),
        ..passed(1)
    })
}

#[test]
fn runs_are_found_counted_and_put_in_order() {
    use RunPhase::{Cancelled, Failed, Passed, Paused, TimedOut};
    let runs = [
        kept(6, Paused, 0),
        kept(5, Passed, 9),
        kept(4, Failed, 2),
        kept(3, Passed, 5),
        kept(2, TimedOut, 60),
        kept(1, Cancelled, 1),
    ];
    let now = Timestamp::from_ms(10_000);
    let numbers = |query: &Query| -> Vec<u32> {
        let found = find(&runs, query, now, &mut |_| true);
        found.places.iter().map(|place| runs[*place].number).collect()
    };
    let all = Query::default();
    assert_eq!(numbers(&all), [6, 5, 4, 3, 2, 1]);
    assert_eq!(find(&runs, &all, now, &mut |_| true).counts, [1, 2, 1, 1, 1]);
    let sorted = |sort, turned| numbers(&Query { sort, turned, ..all.clone() });
    assert_eq!(sorted(Sort::Started, true), [1, 2, 3, 4, 5, 6]);
    assert_eq!(sorted(Sort::Chain, false), [6, 4, 2, 5, 3, 1]);
    assert_eq!(sorted(Sort::Standing, false), [6, 5, 3, 4, 2, 1]);
    // What goes on has lasted until now: 4 s.
    assert_eq!(sorted(Sort::Took, false), [2, 5, 3, 6, 4, 1]);
    let passed = Query { standing: Some(Standing::Passed), ..all.clone() };
    assert_eq!(numbers(&passed), [5, 3]);
    let found = find(&runs, &passed, now, &mut |run| run.number < 5);
    assert_eq!((found.places.len(), found.counts, found.all()), (1, [0, 1, 1, 1, 1], 4));
    let chain = Query { chain: ChainId::try_from("B").ok(), ..all.clone() };
    assert_eq!(numbers(&chain), [5, 3, 1]);
    let (from, before) = (Some(Timestamp::from_ms(2000)), Some(Timestamp::from_ms(4000)));
    assert_eq!(numbers(&Query { from, before, ..all }), [3, 2]);
}

#[test]
fn a_run_is_found_by_its_values_and_by_why_it_ended() {
    let mut run = run(vec![
        stage("Send", StagePhase::Passed, 1),
        StageView { reason: Some(differs().into()), ..stage("Table", StagePhase::Failed, 1) },
    ]);
    run.variables = vec![("order".into(), "\"E-91\"".into())];
    run.environment = Some("Staging".into());
    let text = searched(&run, Locale::En);
    for part in ["chain", "#1", "e-91", "staging", "table", "$.amount is 20"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("send"), "what passed is no reason");
}

#[test]
fn too_few_runs_tell_nothing() {
    let runs: Vec<RunView> = (1..=4).map(passed).collect();
    let [table] = &arrivals(&runs, None)[..] else { panic!("one stage") };
    assert_eq!((table.p50(), table.p95(), table.suggested_timeout()), (None, None, None));
    assert_eq!(table.standing(secs(9), Locale::En), None);
    assert_eq!(table.sentence(Locale::En), "4 of 5 runs that it takes to tell how long");
    assert_eq!(table.sentence(Locale::Zh), "至少需要 5 次运行才能估计用时，目前 4 次");
}

/// A run that ended without the data would have been the slowest of all: it can't be left out.
#[test]
fn what_never_came_counts_as_slowest() {
    let mut runs: Vec<RunView> = (1..=8).map(passed).collect();
    runs.extend([never(), never()]);
    let [table] = &arrivals(&runs, None)[..] else { panic!("one stage") };
    assert_eq!((table.p50(), table.p95()), (Some(secs(5)), None));
    assert_eq!(table.suggested_timeout(), None);
    assert_eq!(table.sentence(Locale::En), "half of 10 runs within 5 s, 2 of 10 never in time");
    assert_eq!(table.standing(secs(61), Locale::En).unwrap(), "slower than 8 of 10 runs");
}

#[test]
fn what_says_nothing_of_the_way_is_left_out() {
    let all = |change: fn(&mut RunView)| {
        let mut runs: Vec<RunView> = (1..=6).map(passed).collect();
        runs.iter_mut().skip(1).for_each(change);
        arrivals(&runs, None).first().map_or(0, super::Arrival::runs)
    };
    assert_eq!(all(|_| {}), 6);
    assert_eq!(all(|run| run.retry_of = Some(run_id("earlier"))), 1);
    assert_eq!(all(|run| run.environment = Some("staging".into())), 1);
    assert_eq!(all(|run| run.stages[0].seeded_from = Some(run_id("earlier"))), 1);
    assert_eq!(all(|run| run.stages[0].unconfirmed = true), 1);
    assert_eq!(all(|run| run.stages[0].phase = StagePhase::Cancelled), 1);
    assert_eq!(all(|run| run.stages[0].phase = StagePhase::Failed), 1);
    assert_eq!(all(|run| run.stages[0].phase = StagePhase::Waiting), 1);
    assert_eq!(all(|run| run.stages[0].again = Some(0)), 1);
    // It was never answered: nothing is known of its data.
    assert_eq!(
        all(|run| {
            let last = Some(Box::new(Reason::AttemptTimeout { after_ms: 10 }));
            run.stages[0].phase = StagePhase::TimedOut;
            run.stages[0].reason =
                Some(Reason::DeadlinePassed { timeout_ms: 60_000, last, since: None }.into());
        }),
        1
    );
}

#[test]
fn stages_of_other_revisions_are_known_by_name() {
    let old =
        run(vec![stage("Gone", StagePhase::Passed, 1), stage("Table", StagePhase::Passed, 2)]);
    let new = run(vec![stage("Table", StagePhase::Passed, 3), stage("New", StagePhase::Passed, 4)]);
    let known = arrivals([&new, &old], None);
    let known: Vec<_> = known.iter().map(|one| (one.stage.as_str(), one.runs())).collect();
    assert_eq!(known, [("Table", 2), ("New", 1)]);
}

#[test]
fn a_pause_is_not_counted() {
    let mut paused = stage("Table", StagePhase::Passed, 100);
    paused.deadline = Some(Timestamp::from_ms(60_000).plus(secs(90)));
    assert_eq!(took(&paused), Some(secs(10)));
    paused.deadline = None;
    assert_eq!(took(&paused), Some(secs(100)));
    paused.ended_at = None;
    assert_eq!(took(&paused), None);
}

#[test]
fn a_limit_is_rounded_up_to_what_people_choose() {
    let check = |slowest: u64, want: u64| {
        let runs: Vec<RunView> = (0..5).map(|_| passed(slowest)).collect();
        let limit = arrivals(&runs, None)[0].suggested_timeout();
        assert_eq!(limit, Some(secs(want)), "{slowest}");
    };
    // Two intervals of 5 s more than the slowest.
    check(0, 10);
    check(1, 15);
    check(10, 30);
    check(16, 60);
    check(31, 120);
    check(2000, 7200);
    check(40_000, 86_400);
    check(86_400, 172_800);
}

fn side(phase: StagePhase, seconds: u64, attempts: u32, reason: Option<Reason>) -> RunView {
    let reason = reason.map(Told::from);
    let stage = StageView { attempts, reason, ..stage("Table", phase, seconds) };
    run(vec![stage])
}

#[test]
fn two_runs_are_compared_in_words() {
    use StagePhase::{Cancelled, Failed, Passed, TimedOut};
    let check = |first: &RunView, second: &RunView, change, english: &str, chinese: &str| {
        let [one] = &compare(first, second)[..] else { panic!("one stage") };
        assert_eq!(one.change(), change, "{english}");
        assert_eq!(one.sentence(Locale::En), english);
        assert_eq!(one.sentence(Locale::Zh), chinese);
    };
    let good = side(Passed, 12, 3, Some(Reason::AllPass { checks: 1 }));
    let bad = side(Failed, 40, 5, Some(differs()));
    check(&good, &good, Change::Alike, "passed in both", "两次均已通过");
    check(
        &good,
        &bad,
        Change::Broken,
        "passed, now failed: $.amount is 20, expected 19.90; 28 s slower; 2 attempts more",
        &["先前已通过，现在失败：", &differs().sentence(Locale::Zh), "；慢 28 s；多 2 次尝试"]
            .concat(),
    );
    check(
        &bad,
        &side(Passed, 12, 4, None),
        Change::Mended,
        "failed, now passed; 28 s quicker; 1 attempt fewer",
        "先前失败，现在已通过；快 28 s；少 1 次尝试",
    );
    check(&bad, &bad, Change::Alike, "failed in both", "两次均失败");
    let unreached = run(vec![not_begun(&StageView { attempts: 0, ..good.stages[0].clone() })]);
    check(
        &good,
        &unreached,
        Change::NotReached,
        "passed, now not started",
        "先前已通过，现在未开始",
    );
    let other = Reason::Missing { what: "$.amount".into() };
    check(
        &bad,
        &side(Failed, 40, 5, Some(other.clone())),
        Change::OtherReason,
        "failed in both, for another reason: $.amount is not there yet",
        &["两次均失败，原因不同：", &other.sentence(Locale::Zh)].concat(),
    );
    check(
        &side(TimedOut, 60, 3, None),
        &side(Cancelled, 60, 3, None),
        Change::Otherwise,
        "timed out, now cancelled",
        "先前超时，现在已取消",
    );
}

#[test]
fn stages_that_only_one_run_has_keep_their_place() {
    let named =
        |names: &[&str]| run(names.iter().map(|name| stage(name, StagePhase::Passed, 1)).collect());
    let told = compare(&named(&["A", "X", "B", "Y"]), &named(&["A", "B", "N"]));
    let told: Vec<_> = told.iter().map(|one| (one.stage.as_str(), one.change())).collect();
    assert_eq!(
        told,
        [
            ("A", Change::Alike),
            ("X", Change::Removed),
            ("B", Change::Alike),
            ("Y", Change::Removed),
            ("N", Change::Added)
        ]
    );
    let told = compare(&named(&["X"]), &named(&["N"]));
    assert_eq!(told[0].sentence(Locale::En), "only in the first run, passed");
    assert_eq!(told[1].sentence(Locale::Zh), "仅第二次运行有，已通过");
}

proptest! {
    /// As the definition of the nearest rank has it, over any times and any number that never came.
    #[test]
    fn ranks_hold_for_any_runs(times in prop::collection::vec(0_u64..1000, 0..60), lost in 0_u32..10) {
        let mut runs: Vec<RunView> = times.iter().map(|time| passed(*time)).collect();
        runs.extend((0..lost).map(|_| never()));
        let Some(table) = arrivals(&runs, None).pop() else {
            prop_assert!(runs.is_empty());
            return Ok(());
        };
        prop_assert!(table.times.is_sorted());
        prop_assert_eq!(table.runs() as usize, runs.len());
        for (percent, said) in [(50, table.p50()), (95, table.p95())] {
            let within = |limit: Duration| {
                times.iter().filter(|time| secs(**time) <= limit).count() * 100 >= percent * runs.len()
            };
            match said {
                Some(limit) => {
                    prop_assert!(within(limit));
                    prop_assert!(limit.is_zero() || !within(limit.saturating_sub(secs(1))));
                }
                None => prop_assert!(runs.len() < 5 || !within(secs(1000))),
            }
        }
        if let Some(limit) = table.suggested_timeout() {
            prop_assert!(limit >= table.times[table.times.len() - 1] + secs(10));
        }
    }
}
