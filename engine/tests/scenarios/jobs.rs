//! Jobs of users: added, carried out by pages or as runs, missed, removed, found again.

use baton_engine::protocol::{
    Cause, Existing, FireEnds, FireList, FireOutcome, JobEvent, JobState, JobsCommand, JobsReply,
    MissedWhy, Refusal, RemoveMode,
};
use baton_engine::store::Table;
use serde_json::json;

use crate::pages::{Work, job, page};
use crate::sim::{Fate, Keeping, START, Sim, chain, ok, secs};

fn sim() -> Sim {
    Sim::new(|_, _| Fate::Never)
}

/// A simulation with a job `j` that fires every 10 s, first after 10 s, with these members besides.
fn every_ten_seconds(members: serde_json::Value) -> Sim {
    let mut sim = sim();
    let mut all = json!({"trigger": {"type": "interval", "seconds": 10}});
    all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    sim.add("j", all);
    sim
}

fn ended(fire: &baton_engine::protocol::FireId) -> JobsCommand {
    let fires = FireList::of(fire.clone());
    JobsCommand::Ended { ends: vec![FireEnds { fires, error: None }] }
}

#[test]
fn a_job_fires_by_its_trigger_on_the_page_that_added_it() {
    let mut sim = every_ten_seconds(json!({}));
    sim.advance(secs(35));
    assert_eq!(sim.fired("j"), [10, 20, 30]);
    assert_eq!(sim.outcomes("j"), vec![FireOutcome::Executed; 3]);
    assert!(sim.pages.handed.iter().all(|handed| handed.client == page("page-1")));
    assert!(sim.pages.handed.iter().all(|handed| handed.at == handed.fire.scheduled_at));
    let view = sim.job("j").unwrap();
    assert_eq!((view.state, view.fires, view.under_way), (JobState::Waiting, 3, 0));
    assert_eq!(view.next, Some(START.plus(secs(40))));
}

#[test]
fn what_it_throws_is_told() {
    let mut sim = every_ten_seconds(json!({}));
    sim.pages.work = Box::new(|_| Work::Throws("no such table"));
    sim.advance(secs(10));
    assert_eq!(sim.outcomes("j"), [FireOutcome::Failed { message: "no such table".into() }]);
    sim.advance(secs(10));
    assert_eq!(sim.fired("j"), [10, 20], "it goes on");
}

#[test]
fn a_fire_that_hangs_is_aborted_when_its_time_is_over_and_its_late_end_is_ignored() {
    let mut sim = every_ten_seconds(json!({"fire_timeout": "25s"}));
    sim.pages.work = Box::new(|_| Work::Hangs);
    sim.advance(secs(34));
    assert_eq!(sim.outcomes("j"), []);
    sim.advance(secs(1));
    assert_eq!(sim.outcomes("j"), [FireOutcome::TimedOut]);
    let late = sim.pages.handed[0].fire.clone();
    sim.ask(ended(&late)).unwrap();
    assert_eq!(sim.outcomes("j").len(), 1);
    let skipped = sim.job_events().into_iter().filter_map(|event| match event {
        JobEvent::Skipped { in_a_row, blocked_by, .. } => {
            Some((in_a_row, blocked_by.unwrap().fire))
        }
        _ => None,
    });
    assert_eq!(skipped.collect::<Vec<_>>(), [(1, late.clone()), (2, late)]);
}

#[test]
fn with_buffer_one_a_fire_waits_for_the_one_under_way() {
    let mut sim = every_ten_seconds(json!({"overlap": "buffer_one"}));
    sim.pages.work = Box::new(|_| Work::Takes(secs(25)));
    sim.advance(secs(60));
    let begun: Vec<u64> =
        sim.pages.handed.iter().map(|handed| handed.at.since(START).as_secs()).collect();
    assert_eq!((begun, sim.fired("j")), (vec![10, 35, 60], vec![10, 20, 40]));
}

#[test]
fn several_may_be_under_way_at_once() {
    let mut sim = every_ten_seconds(json!({"overlap": {"allow_n": 2}}));
    sim.pages.work = Box::new(|_| Work::Takes(secs(25)));
    sim.advance(secs(50));
    assert_eq!(sim.fired("j"), [10, 20, 40, 50]);
}

#[test]
fn after_a_sleep_missed_fires_are_one_poll() {
    let mut sim = every_ten_seconds(json!({}));
    sim.sleep(secs(605));
    assert_eq!(sim.fired("j"), [600]);
    assert!(sim.job_events().contains(&JobEvent::Coalesced {
        job: job("j"),
        into: START.plus(secs(600)),
        count: 59
    }));
}

#[test]
fn what_is_beyond_its_grace_is_missed_and_said() {
    let mut sim = every_ten_seconds(json!({"misfire_grace": "1s"}));
    sim.sleep(secs(605));
    assert_eq!(sim.fired("j"), [0; 0]);
    let (first, count, why) = (START.plus(secs(10)), 60, MissedWhy::BeyondGrace);
    assert!(sim.job_events().contains(&JobEvent::Missed { job: job("j"), first, count, why }));
    sim.advance(secs(5));
    assert_eq!(sim.fired("j"), [610]);
}

#[test]
fn with_coalesce_all_each_missed_fire_runs_one_after_another() {
    let mut sim = every_ten_seconds(json!({"coalesce": "all"}));
    sim.pages.work = Box::new(|_| Work::Takes(secs(1)));
    sim.sleep(secs(35));
    sim.advance(secs(4));
    assert_eq!(sim.fired("j"), [10, 20, 30]);
}

#[test]
fn after_max_fires_it_is_finished() {
    let mut sim = every_ten_seconds(json!({"max_fires": 2}));
    sim.advance(secs(100));
    assert_eq!(sim.fired("j"), [10, 20]);
    assert_eq!(sim.job("j").unwrap().state, JobState::Finished);
    assert!(sim.job_events().contains(&JobEvent::Finished { jobs: vec![job("j")] }));
}

#[test]
fn a_paused_job_keeps_its_phase() {
    let mut sim = every_ten_seconds(json!({}));
    sim.ask(JobsCommand::Pause { job: job("j") }).unwrap();
    sim.advance(secs(33));
    assert_eq!((sim.fired("j"), sim.job("j").unwrap().state), (vec![], JobState::Paused));
    sim.ask(JobsCommand::Unpause { job: job("j") }).unwrap();
    sim.advance(secs(10));
    assert_eq!(sim.fired("j"), [40]);
}

#[test]
fn while_all_are_paused_nothing_fires_and_then_misfire_policy_decides() {
    let mut sim = every_ten_seconds(json!({}));
    sim.ask(JobsCommand::PauseAll).unwrap();
    sim.advance(secs(35));
    assert_eq!(sim.fired("j"), [0; 0]);
    sim.crash();
    sim.ask(JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    sim.advance(secs(10));
    assert_eq!(sim.fired("j"), [0; 0], "the next engine holds them back too");
    assert!(sim.snapshot().health.standby);
    sim.ask(JobsCommand::UnpauseAll).unwrap();
    assert_eq!(sim.fired("j"), [40]);
    assert!(!sim.snapshot().health.standby);
}

#[test]
fn a_job_of_the_same_trigger_goes_on_as_it_was_when_it_is_added_again() {
    let mut sim = every_ten_seconds(json!({"name": "first"}));
    sim.advance(secs(15));
    let again = |sim: &mut Sim, members: serde_json::Value| sim.add("j", members);
    let trigger = json!({"type": "interval", "seconds": 10});
    again(&mut sim, json!({"trigger": trigger, "name": "second"}));
    let view = sim.job("j").unwrap();
    assert_eq!((view.next, view.fires), (Some(START.plus(secs(20))), 1));
    assert!(view.document.contains("second"));
    sim.ask(JobsCommand::Pause { job: job("j") }).unwrap();
    again(&mut sim, json!({"trigger": trigger}));
    assert_eq!(sim.job("j").unwrap().state, JobState::Paused, "a pause is kept");
    again(&mut sim, json!({"trigger": {"type": "interval", "seconds": 7}, "paused": false}));
    let view = sim.job("j").unwrap();
    assert_eq!(
        (view.next, view.fires),
        (Some(START.plus(secs(22))), 0),
        "another one counts from now"
    );
}

#[test]
fn a_job_that_is_there_may_be_kept_or_refused() {
    let mut sim = every_ten_seconds(json!({}));
    let document = json!({"id": "j", "trigger": {"type": "interval", "seconds": 3}}).to_string();
    let add = |existing| JobsCommand::Add { documents: vec![document.clone()], existing };
    assert_eq!(sim.ask(add(Existing::Refuse)), Err(Refusal::JobExists(job("j"))));
    sim.ask(add(Existing::Keep)).unwrap();
    sim.advance(secs(10));
    assert_eq!(sim.fired("j"), [10]);
}

#[test]
fn of_several_jobs_all_are_added_or_none() {
    let mut sim = sim();
    let good = json!({"id": "a", "trigger": {"type": "interval", "seconds": 3}}).to_string();
    let bad =
        json!({"id": "b", "trigger": {"type": "interval", "seconds": 3}, "coalesce": "newest"});
    let documents = vec![good, bad.to_string()];
    let add = JobsCommand::Add { documents, existing: Existing::Replace };
    let Err(Refusal::Invalid(problems)) = sim.ask(add) else { panic!("it is refused") };
    assert_eq!(problems[0].path, "jobs[1].coalesce");
    assert!(sim.job("a").is_none());
}

#[test]
fn members_of_a_job_may_be_changed() {
    let mut sim = every_ten_seconds(json!({"tags": ["x"]}));
    let modify = |changes: serde_json::Value| JobsCommand::Modify {
        job: job("j"),
        changes: changes.to_string(),
    };
    sim.advance(secs(12));
    sim.ask(modify(json!({"name": "new", "tags": null}))).unwrap();
    let view = sim.job("j").unwrap();
    assert_eq!(view.next, Some(START.plus(secs(20))), "its trigger is the same");
    assert!(view.document.contains("new") && !view.document.contains("tags"));
    sim.ask(modify(json!({"trigger": {"type": "interval", "seconds": 5}}))).unwrap();
    assert_eq!(sim.job("j").unwrap().next, Some(START.plus(secs(17))));
    let Err(Refusal::Invalid(problems)) = sim.ask(modify(json!({"id": "k", "overlap": "queue"})))
    else {
        panic!("it is refused")
    };
    assert_eq!(problems[0].path, "id");
    assert_eq!(
        sim.ask(JobsCommand::Modify { job: job("nobody"), changes: "{}".into() }),
        Err(Refusal::UnknownJob(job("nobody")))
    );
}

#[test]
fn a_job_runs_now_besides_its_schedule_and_repeating_the_command_changes_nothing() {
    let mut sim = every_ten_seconds(json!({}));
    sim.advance(secs(3));
    sim.ask(JobsCommand::RunNow { job: job("j") }).unwrap();
    let last = sim.last_command();
    sim.repeat(&last);
    sim.crash();
    sim.page_gone(&page("page-1"));
    sim.ask(JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    sim.repeat(&last);
    assert_eq!(sim.fired("j"), [3]);
    assert_eq!(sim.pages.handed[0].fire.cause, Cause::Asked);
    sim.advance(secs(7));
    assert_eq!(sim.fired("j"), [3, 10]);
}

#[test]
fn a_time_that_has_passed_is_backfilled_one_by_one() {
    let mut sim = every_ten_seconds(json!({"misfire_grace": "1s"}));
    sim.sleep(secs(45));
    let (from, until) = (START.plus(secs(15)), START.plus(secs(40)));
    sim.ask(JobsCommand::Backfill { job: job("j"), from, until }).unwrap();
    sim.advance(secs(1));
    assert_eq!(sim.fired("j"), [20, 30, 40]);
    let late = JobsCommand::Backfill { job: job("j"), from, until: START.plus(secs(99)) };
    assert!(matches!(sim.ask(late), Err(Refusal::Invalid(_))));
}

#[test]
fn a_job_removed_while_a_fire_is_under_way_lets_it_finish_aborts_it_or_waits() {
    let under_way = || {
        let mut sim = every_ten_seconds(json!({}));
        sim.pages.work = Box::new(|_| Work::Takes(secs(5)));
        sim.advance(secs(12));
        sim
    };
    let remove = |mode| JobsCommand::Remove { job: job("j"), mode };

    let mut sim = under_way();
    sim.ask(remove(RemoveMode::LetFinish)).unwrap();
    assert!(sim.job("j").is_none());
    sim.advance(secs(60));
    assert_eq!((sim.outcomes("j"), sim.fired("j")), (vec![FireOutcome::Executed], vec![10]));

    let mut sim = under_way();
    sim.ask(remove(RemoveMode::Abort)).unwrap();
    assert_eq!(sim.outcomes("j"), [FireOutcome::Aborted]);

    let mut sim = under_way();
    let id = sim.send_only(page("page-1"), remove(RemoveMode::Wait));
    assert!(sim.answer_of(&id).is_none());
    sim.advance(secs(10));
    assert!(sim.answer_of(&id).is_some());
    assert!(sim.job("j").is_none());
    assert_eq!((sim.outcomes("j"), sim.fired("j")), (vec![FireOutcome::Executed], vec![10]));
}

#[test]
fn who_waits_for_a_removal_is_answered_when_another_page_removes_the_job_first() {
    let mut sim = every_ten_seconds(json!({}));
    sim.pages.work = Box::new(|_| Work::Hangs);
    sim.advance(secs(12));
    let wait = JobsCommand::Remove { job: job("j"), mode: RemoveMode::Wait };
    let id = sim.send_only(page("page-1"), wait);
    assert!(sim.answer_of(&id).is_none());
    sim.ask_as(page("tab"), JobsCommand::RemoveAll).unwrap();
    assert!(sim.answer_of(&id).is_some());
}

#[test]
fn a_job_may_be_removed_from_within_its_own_fire() {
    let mut sim = every_ten_seconds(json!({}));
    sim.pages.work = Box::new(|_| Work::Hangs);
    sim.advance(secs(10));
    sim.ask(JobsCommand::Remove { job: job("j"), mode: RemoveMode::LetFinish }).unwrap();
    let fire = sim.pages.handed[0].fire.clone();
    sim.ask(ended(&fire)).unwrap();
    assert_eq!(sim.outcomes("j"), [FireOutcome::Executed]);
}

#[test]
fn a_job_that_no_page_has_bound_waits_under_its_misfire_policy() {
    let mut sim = every_ten_seconds(json!({}));
    sim.crash();
    sim.advance(secs(35));
    let unbound = |sim: &Sim| {
        sim.job_events().iter().filter(|event| matches!(event, JobEvent::Unbound { .. })).count()
    };
    assert_eq!((sim.fired("j"), unbound(&sim)), (vec![], 1), "said once");
    assert_eq!(sim.job("j").unwrap().state, JobState::Unbound);
    sim.ask(JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    assert_eq!(sim.fired("j"), [30]);
}

#[test]
fn a_fire_goes_to_the_own_page_first_else_to_a_follower_that_bound_it() {
    let mut sim = every_ten_seconds(json!({}));
    sim.ask_as(page("tab"), JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    sim.advance(secs(10));
    sim.ask(JobsCommand::Unbind { jobs: vec![job("j")] }).unwrap();
    sim.advance(secs(10));
    let clients: Vec<&str> = sim.pages.handed.iter().map(|handed| handed.client.as_str()).collect();
    assert_eq!(clients, ["page-1", "tab"]);
    assert!(sim.pages.watched.contains(&page("tab")));
}

#[test]
fn what_a_page_was_at_when_it_went_is_abandoned() {
    let mut sim = every_ten_seconds(json!({}));
    sim.pages.work = Box::new(|_| Work::Hangs);
    sim.ask_as(page("tab"), JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    sim.ask(JobsCommand::Unbind { jobs: vec![job("j")] }).unwrap();
    sim.advance(secs(10));
    sim.page_gone(&page("tab"));
    assert_eq!(sim.outcomes("j"), [FireOutcome::Abandoned]);
    sim.advance(secs(10));
    assert_eq!(sim.job("j").unwrap().state, JobState::Unbound);
}

#[test]
fn a_crash_loses_no_fire_and_repeats_none() {
    let mut sim = every_ten_seconds(json!({}));
    sim.pages.work = Box::new(|_| Work::Takes(secs(3)));
    sim.advance(secs(21));
    sim.crash();
    // The page of the dead worker was at the fire of 20: nobody knows what became of it.
    sim.page_gone(&page("page-1"));
    assert_eq!(sim.outcomes("j"), [FireOutcome::Executed, FireOutcome::Abandoned]);
    sim.advance(secs(14));
    sim.ask(JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    sim.advance(secs(10));
    assert_eq!(sim.fired("j"), [10, 20, 30, 40]);
    let history = sim.history(Some("j"));
    let ends: Vec<_> = history.iter().map(|fire| fire.outcome.clone()).collect();
    let executed = Some(FireOutcome::Executed);
    assert_eq!(ends, [executed.clone(), executed.clone(), Some(FireOutcome::Abandoned), executed]);
}

#[test]
fn a_page_that_outlives_its_leader_goes_on_and_is_asked_nothing_twice() {
    let mut sim = every_ten_seconds(json!({}));
    sim.pages.work = Box::new(|_| Work::Takes(secs(5)));
    sim.ask_as(page("tab"), JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    sim.ask(JobsCommand::Unbind { jobs: vec![job("j")] }).unwrap();
    sim.advance(secs(11));
    sim.crash();
    let executing = sim.pages.executing(&page("tab"));
    assert_eq!(executing.len(), 1);
    sim.ask_as(page("tab"), JobsCommand::Resume { jobs: vec![job("j")], executing }).unwrap();
    assert!(sim.pages.watched.contains(&page("tab")), "the new engine has it watched");
    sim.advance(secs(10));
    assert_eq!((sim.fired("j"), sim.outcomes("j")), (vec![10, 20], vec![FireOutcome::Executed]));
}

#[test]
fn a_fire_that_was_recorded_and_never_handed_over_is_not_repeated() {
    let mut sim = every_ten_seconds(json!({}));
    sim.keeping = Keeping::CommitsUnsaid;
    sim.advance(secs(10));
    assert_eq!(sim.fired("j"), [0; 0]);
    sim.crash();
    sim.keeping = Keeping::Commits;
    sim.ask(JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    sim.page_gone(&page("page-1"));
    sim.advance(secs(10));
    assert_eq!(sim.fired("j"), [20]);
    assert_eq!(sim.outcomes("j"), [FireOutcome::Abandoned, FireOutcome::Executed]);
}

#[test]
fn while_the_store_fails_nothing_is_handed_over_and_nothing_is_lost() {
    let mut sim = every_ten_seconds(json!({}));
    sim.keeping = Keeping::Fails;
    sim.advance(secs(25));
    assert_eq!(sim.fired("j"), [0; 0]);
    assert!(sim.health().store.is_some());
    sim.keeping = Keeping::Commits;
    sim.advance(secs(60));
    assert_eq!(sim.fired("j")[..1], [10], "the first fire is late, and there");
    assert!(sim.health().store.is_none());
}

#[test]
fn a_row_that_cannot_be_read_is_put_aside_with_its_bytes() {
    let mut sim = every_ten_seconds(json!({}));
    let row = sim.store.load(Table::Jobs, "j").remove(0);
    sim.spoil(Table::Jobs, "j", &row.value.replace("interval", "intervall"));
    sim.crash();
    assert!(sim.job("j").is_none());
    let aside = sim.store.load(Table::Quarantine, "jobs/j");
    assert!(aside[0].value.contains("intervall"));
    assert_eq!(sim.health().quarantined, 1);
}

#[test]
fn a_job_runs_a_chain_and_ends_with_its_run() {
    let mut sim = Sim::new(|call, _| {
        let body =
            if call.request.url.contains("good") { r#"{"ok": true}"# } else { r#"{"ok": 1}"# };
        Fate::Now(ok(body))
    });
    sim.save("good", &chain(&["good"]));
    sim.save("bad", &chain(&["bad"]));
    for name in ["good", "bad", "none"] {
        sim.add(
            name,
            json!({"trigger": {"type": "interval", "seconds": 10}, "run": {"chain": name}}),
        );
    }
    sim.advance(secs(10));
    assert_eq!(sim.outcomes("good"), [FireOutcome::Executed]);
    assert_eq!(sim.outcomes("bad"), [FireOutcome::Failed { message: "the run failed".into() }]);
    let message = r#"{"unknown_chain":"none"}"#.into();
    assert_eq!(sim.outcomes("none"), [FireOutcome::Failed { message }]);
    let run = sim.history(Some("good"))[0].run.clone().unwrap();
    assert!(sim.snapshot().runs.iter().any(|view| view.id == run));
}

#[test]
fn a_chain_that_takes_longer_than_its_job_allows_is_cancelled() {
    let mut sim = sim();
    sim.save("slow", &chain(&["slow"]));
    sim.add("j", json!({"trigger": {"type": "interval", "seconds": 10}, "run": {"chain": "slow"}, "fire_timeout": "5s"}));
    sim.advance(secs(15));
    assert_eq!(sim.outcomes("j"), [FireOutcome::TimedOut]);
    assert_eq!(sim.snapshot().runs[0].phase, baton_engine::protocol::RunPhase::Cancelled);
}

#[test]
fn a_run_of_a_job_is_found_again_after_a_crash_and_still_ends_its_fire() {
    let mut sim = Sim::new(|_, at| {
        if at < START.plus(secs(30)) {
            Fate::Now(ok(r#"{"ok": null}"#))
        } else {
            Fate::Now(ok(r#"{"ok": true}"#))
        }
    });
    sim.save("c", &chain(&["a"]));
    sim.add("j", json!({"trigger": {"type": "interval", "seconds": 10}, "max_fires": 1, "run": {"chain": "c"}}));
    sim.advance(secs(15));
    sim.crash();
    sim.advance(secs(30));
    assert_eq!(sim.outcomes("j"), [FireOutcome::Executed]);
    assert_eq!(sim.snapshot().runs.len(), 1);
}

#[test]
fn a_page_that_stops_is_answered_when_its_fires_have_ended_or_are_aborted() {
    let stopping = |wait, timeout: u64| {
        let mut sim = every_ten_seconds(json!({}));
        sim.pages.work = Box::new(|_| Work::Takes(secs(8)));
        sim.advance(secs(12));
        let command = JobsCommand::Shutdown { wait, timeout_ms: timeout * 1000 };
        let id = sim.send_only(page("page-1"), command);
        (sim, id)
    };
    let (mut sim, id) = stopping(true, 60);
    sim.advance(secs(5));
    assert!(sim.answer_of(&id).is_none());
    sim.advance(secs(1));
    assert!(sim.answer_of(&id).is_some());
    assert_eq!(sim.outcomes("j"), [FireOutcome::Executed]);
    sim.advance(secs(60));
    assert_eq!(sim.fired("j"), [10], "it is given no more");

    let (mut sim, id) = stopping(true, 2);
    sim.advance(secs(2));
    assert_eq!(sim.outcomes("j"), [FireOutcome::Aborted]);
    assert!(sim.answer_of(&id).is_some());

    let (sim, id) = stopping(false, 60);
    assert_eq!(sim.outcomes("j"), [FireOutcome::Aborted]);
    assert!(sim.answer_of(&id).is_some());
}

#[test]
fn a_clock_set_back_shifts_intervals_and_raises_the_generation() {
    let mut sim = every_ten_seconds(json!({}));
    sim.advance(secs(20));
    sim.set_back(secs(3600));
    sim.advance(secs(10));
    assert_eq!(sim.fired("j"), [10, 20, 30 - 3600]);
    assert_eq!(sim.pages.handed[2].fire.generation, 1);
    sim.crash();
    sim.ask(JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    sim.advance(secs(10));
    assert_eq!(sim.fired("j").last(), Some(&(40 - 3600)), "the shift is kept");
}

#[test]
fn a_zone_is_asked_for_once_and_commands_keep_their_order_meanwhile() {
    let mut sim = sim();
    sim.pages.zones_come_late = true;
    let cron =
        json!({"id": "j", "trigger": {"type": "cron", "hour": 9, "timezone": "Asia/Shanghai"}});
    let documents = vec![cron.to_string()];
    let add = JobsCommand::Add { documents, existing: Existing::Replace };
    let added = sim.send_only(page("page-1"), add);
    let removed = sim.send_only(
        page("page-1"),
        JobsCommand::Remove { job: job("j"), mode: RemoveMode::LetFinish },
    );
    assert!(sim.answer_of(&added).is_none() && sim.answer_of(&removed).is_none());
    assert_eq!(sim.pages.zones, ["Asia/Shanghai"]);
    sim.zones_come();
    assert!(sim.answer_of(&added).unwrap().is_ok() && sim.answer_of(&removed).unwrap().is_ok());
    assert!(sim.job("j").is_none(), "it was removed after it was added");
    sim.add("k", json!({"trigger": cron["trigger"]}));
    sim.crash();
    assert_eq!(sim.job("k").unwrap().next, Some(START.plus(secs(13 * 3600))));
    assert_eq!(sim.pages.zones, ["Asia/Shanghai"], "it is kept in the store");
}

#[test]
fn the_fires_of_a_trigger_are_previewed_and_what_is_wrong_with_it_is_said() {
    let mut sim = sim();
    let trigger = r#"{"type": "cron", "minute": "*/20", "timezone": "Asia/Kathmandu"}"#;
    let preview = |trigger: &str| JobsCommand::Preview { trigger: trigger.into(), count: 2 };
    let Ok(JobsReply::Fires(fires)) = sim.ask(preview(trigger)) else { panic!("fires") };
    assert_eq!(fires, [START.plus(secs(15 * 60)), START.plus(secs(35 * 60))]);
    let Err(Refusal::Invalid(problems)) = sim.ask(preview(r#"{"type": "cron", "minute": 60}"#))
    else {
        panic!("it is refused")
    };
    assert_eq!(problems[0].path, "minute");
}

#[test]
fn all_jobs_are_exported_and_imported_as_one_document() {
    let mut sim = every_ten_seconds(json!({"tags": ["x"]}));
    sim.add("k", json!({"trigger": {"type": "interval", "seconds": 7}}));
    let Ok(JobsReply::Text(document)) = sim.ask(JobsCommand::Export) else { panic!("a document") };
    let mut other = Sim::new(|_, _| Fate::Never);
    let import = JobsCommand::Import { document: document.clone(), existing: Existing::Refuse };
    other.ask(import).unwrap();
    assert_eq!(other.ask(JobsCommand::Export), Ok(JobsReply::Text(document)));
    other.ask(JobsCommand::Bind { jobs: vec![job("j")] }).unwrap();
    other.advance(secs(10));
    assert_eq!(other.fired("j"), [10], "phase and zone are in the document");
    let broken = JobsCommand::Import {
        document: r#"{"baton_jobs": 1, "jobs": [{}]}"#.into(),
        existing: Existing::Keep,
    };
    let Err(Refusal::Invalid(problems)) = other.ask(broken) else { panic!("it is refused") };
    assert_eq!(problems[0].path, "jobs[0]");
}

#[test]
fn a_thousand_wakes_later_the_journal_is_short_and_every_job_is_known() {
    let mut sim = every_ten_seconds(json!({}));
    sim.add("rare", json!({"trigger": {"type": "interval", "seconds": 15_000}, "max_fires": 1}));
    sim.advance(secs(40_000));
    let rows = sim.store.load(Table::Fires, "").len();
    assert!(rows <= 1000, "{rows} rows");
    let before = (sim.job("j").unwrap(), sim.job("rare").unwrap());
    sim.crash();
    let after = (sim.job("j").unwrap(), sim.job("rare").unwrap());
    assert_eq!((&after.0.next, after.0.fires), (&before.0.next, before.0.fires));
    assert_eq!(after.1, before.1);
}

#[test]
fn many_jobs_due_at_one_instant_are_one_row_and_one_message() {
    let mut sim = sim();
    let document = |n: u32| {
        json!({"id": format!("j{n}"), "trigger": {"type": "interval", "seconds": 10}}).to_string()
    };
    let documents = (0..500).map(document).collect();
    sim.ask(JobsCommand::Add { documents, existing: Existing::Replace }).unwrap();
    let before = sim.store.load(Table::Fires, "").len();
    let events = sim.events.len();
    sim.pages.work = Box::new(|_| Work::Hangs);
    sim.advance(secs(10));
    assert_eq!(sim.pages.handed.len(), 500);
    assert_eq!(sim.store.load(Table::Fires, "").len(), before + 1);
    assert_eq!(sim.events.len(), events + 1);
}
