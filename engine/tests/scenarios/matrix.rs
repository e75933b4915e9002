//! The matrix of the shipped chains, run against the pipeline's own machine with each of its faults.

use baton_engine::locale::Locale;
use baton_engine::matrix::MatrixView;
use baton_engine::protocol::{Command, Refusal, Reply};
use serde_json::json;

use crate::samples::{OVER_HTTP, demo, run, with_faults};
use crate::sim::{Sim, run_id, secs};

fn view(sim: &mut Sim, reference: Option<&str>) -> MatrixView {
    let command = Command::Matrix { run: run_id("run"), reference: reference.map(str::to_owned) };
    match sim.command(command) {
        Ok(Reply::Matrix(view)) => view.read().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// A field's marks, system by system.
fn marks(view: &MatrixView) -> Vec<String> {
    let marks = |field: &Vec<baton_engine::matrix::MatrixCell>| {
        field.iter().map(|cell| cell.state.mark()).collect()
    };
    view.records[0].fields.iter().map(marks).collect()
}

fn blame(view: &MatrixView) -> String {
    view.blame.as_ref().map(|blame| blame.sentence(Locale::En)).unwrap_or_default()
}

/// Systems: app, collector, stream, cleaned, warehouse, report.
const GOOD: [&str; 5] = ["✓✓✓✓✓✓", "✓✓✓✓✓✓", "✓✓✓≈✓≈", "✓✓✓✓✓✓", "✓≈≈≈≈–"];
const SYSTEMS: [(&str, &str); 5] = [
    ("collector", "Snowplow Micro"),
    ("stream", "Prometheus"),
    ("cleaned", "Elasticsearch"),
    ("warehouse", "ClickHouse"),
    ("report", "Datasette"),
];

fn faulty(system: &str, fault: &str) -> MatrixView {
    let mut sim = run(&with_faults(OVER_HTTP, json!({system: [fault]})));
    // A request that hangs is given up before the next.
    sim.advance(secs(500));
    view(&mut sim, None)
}

#[test]
fn five_shapes_of_one_event_are_alike_after_normalising() {
    let mut sim = run(OVER_HTTP);
    let view = view(&mut sim, None);
    assert_eq!((marks(&view), view.matched), (GOOD.map(str::to_owned).to_vec(), 1));
    assert_eq!(view.summary(Locale::En), "matched 1, differ 0, missing 0");
    let cell = |field: usize, column: usize| {
        let cell = &view.records[0].fields[field][column];
        (cell.raw.clone().unwrap(), cell.normalised.clone().unwrap())
    };
    let pair = |raw: &str, normalised: &str| (raw.to_owned(), normalised.to_owned());
    assert_eq!(cell(2, 0), pair("\"19.90\"", "19.9"));
    assert_eq!(cell(2, 3), pair("19.90", "19.9"));
    assert_eq!(cell(4, 4), pair("\"2026-11-23 12:00:00\"", "\"2026-11-23T12:00:00Z\""));
    let latencies: Vec<_> = view.columns.iter().map(|column| column.latency_ms).collect();
    assert!(latencies.is_sorted() && latencies[0] == Some(0), "{latencies:?}");
}

#[test]
fn every_fault_of_a_system_has_its_matrix_and_its_blame() {
    let check = |system: &str, fault: &str, fields: [&str; 5], count: &str, words: &str| {
        let view = faulty(system, fault);
        assert_eq!(marks(&view), fields, "{system} {fault}");
        assert_eq!(blame(&view), words, "{system} {fault}");
        let at = SYSTEMS.iter().position(|(name, _)| *name == system).unwrap() + 1;
        assert_eq!(
            view.columns[at].count_words(view.expected, Locale::En),
            count,
            "{system} {fault}"
        );
    };
    let until = |at: usize, mark: &str| {
        GOOD.map(|good| {
            let (before, last) = (good.chars().take(at), good.chars().last());
            let rest = "·".repeat(5 - at);
            let mut all: String = before.chain(mark.chars()).chain(rest.chars()).collect();
            if last == Some('–') {
                all.pop();
                all.push('–');
            }
            all
        })
    };
    let lost = until(3, "∅");
    let lost: [&str; 5] = std::array::from_fn(|at| lost[at].as_str());
    check(
        "cleaned",
        "lost",
        lost,
        "0 of 1",
        "the record is first missing in Elasticsearch; app has it",
    );
    check("cleaned", "late", GOOD, "1 of 1", "");
    check(
        "cleaned",
        "duplicate",
        ["✓✓✓✓··", "✓✓✓✓··", "✓✓✓≈··", "✓✓✓✓··", "✓≈≈≈·–"],
        "1 key in 2 rows: 1 duplicate",
        "Elasticsearch first has 1 key in 2 rows: 1 duplicate",
    );
    check(
        "cleaned",
        "rounded",
        ["✓✓✓✓··", "✓✓✓✓··", "✓✓✓✗··", "✓✓✓✓··", "✓≈≈≈·–"],
        "1 of 1",
        "amount first differs in Elasticsearch: 20, where Prometheus has \"19.90\"",
    );
    check(
        "cleaned",
        "shifted_zone",
        [GOOD[0], GOOD[1], GOOD[2], GOOD[3], "✓≈≈✗≈–"],
        "1 of 1",
        "occurred_at first differs in Elasticsearch: \"2026-11-23T20:00:00.000Z\", where Prometheus has \"2026-11-23T12:00:00.000Z\"",
    );
    check(
        "warehouse",
        "changed_case",
        ["✓✓✓✓≈✓", "✓✓✓✓✗✓", GOOD[2], GOOD[3], GOOD[4]],
        "1 of 1",
        "event first differs in ClickHouse: \"Purchase\", where Elasticsearch has \"purchase\"",
    );
    // What could not be read may be there.
    let unread = until(3, "·");
    let unread: [&str; 5] = std::array::from_fn(|at| unread[at].as_str());
    for fault in ["server_error", "hang", "login_page"] {
        check("cleaned", fault, unread, "0 of 1", "");
    }
    check("cleaned", "no_cors", GOOD, "1 of 1", "");
}

#[test]
fn each_system_is_blamed_for_its_own_faults_and_those_before_it_stay_as_they_were() {
    for (at, (system, title)) in SYSTEMS.iter().enumerate() {
        for fault in ["lost", "duplicate", "rounded", "shifted_zone", "changed_case", "login_page"]
        {
            let view = faulty(system, fault);
            let before = |marks: &str| marks.chars().take(at + 1).collect::<String>();
            let earlier: Vec<String> = marks(&view).iter().map(|marks| before(marks)).collect();
            assert_eq!(earlier, GOOD.map(before), "{system} {fault}");
            // The stream counts a series, and the report has no instant: they show neither.
            let hidden = matches!(
                (*system, fault),
                (_, "login_page") | ("stream", "duplicate") | ("report", "shifted_zone")
            );
            assert_eq!(blame(&view).contains(title), !hidden, "{system} {fault}: {}", blame(&view));
        }
    }
}

#[test]
fn the_matrix_fills_in_while_the_run_goes_on() {
    let mut sim = Sim::started(OVER_HTTP, demo());
    let mut seen = Vec::new();
    for _ in 0..40 {
        sim.advance(secs(1));
        let amount = marks(&view(&mut sim, None))[2].clone();
        if seen.last() != Some(&amount) {
            seen.push(amount);
        }
    }
    let all = ["✓…····", "✓✓…···", "✓✓✓…··", "✓✓✓≈…·", "✓✓✓≈✓…", "✓✓✓≈✓≈"];
    let known = |marks: &String| all.contains(&marks.as_str());
    assert!(seen.len() > 3 && seen.iter().all(known), "{seen:?}");
    assert_eq!(seen.last().map(String::as_str), Some(all[5]));
}

#[test]
fn another_stage_may_be_chosen_as_the_reference() {
    let mut sim = run(&with_faults(OVER_HTTP, json!({"report": ["rounded"]})));
    let view = view(&mut sim, Some("Report"));
    assert_eq!(marks(&view)[2], "✗✗✗✗✗✓");
    assert_eq!(blame(&view), "amount first differs in app: \"19.90\", where Datasette has 20");
}

#[test]
fn a_matrix_outlives_a_crash_and_is_refused_for_a_run_that_is_none() {
    let mut sim = run(OVER_HTTP);
    let before = view(&mut sim, None);
    sim.crash();
    assert_eq!(view(&mut sim, None), before);
    let unknown = Command::Matrix { run: run_id("nobody"), reference: None };
    assert_eq!(sim.command(unknown), Err(Refusal::UnknownRun(run_id("nobody"))));
}
