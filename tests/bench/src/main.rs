//! Measures the rows natively: `baton-bench next|store|few|burst`. Prints a JSON line a row, as `node.mjs` does.
//!
//! `baton-bench zones` prints the tables of the rows' zones for the module, as `zones.rs` writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use baton_bench::subject::{Burst, NextFires, Store};
use baton_bench::workload::{Delays, NextRow, StoreRows, Workload};
use baton_bench::{Failure, zones};
use baton_engine::time::Timestamp;
use baton_engine::zone::{Zone, Zones, bundled};

/// From the scheduling of a burst to its instant.
const LEAD: Duration = Duration::from_millis(500);
/// Of the machines that tell how much memory a program has. Source: proc(5).
const PAGE_BYTES: f64 = 4096.0;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("baton-bench: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<(), Failure> {
    let workload = Workload::read()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["next"] => next_rows(&workload),
        ["store"] => store_rows("store", &workload.store, &workload.delays),
        ["few"] => store_rows("few", &workload.few, &workload.delays),
        ["burst"] => burst_rows(&workload),
        ["zones"] => {
            let names: BTreeSet<&str> =
                workload.next.values().map(|row| row.zone.as_str()).collect();
            for name in names {
                println!("{}", zones::line(&zone(name)?));
            }
            Ok(())
        }
        _ => Err("usage: baton-bench next|store|few|burst|zones".into()),
    }
}

fn zone(name: &str) -> Result<Zone, Failure> {
    bundled::zone(name).ok_or_else(|| format!("there is no zone {name}").into())
}

fn next_rows(workload: &Workload) -> Result<(), Failure> {
    let slice = Duration::from_millis(workload.slice_ms.into());
    for (row, spec) in &workload.next {
        let mut zones = Zones::default();
        zones.insert(Rc::new(zone(&spec.zone)?));
        let fires = NextFires::new(&spec.crontab, &spec.zone, &zones, &workload.instants)?;
        let checksum = fires.pass(0, spec.checked);
        emit(row, "ns", per_fire(&fires, spec, slice), Some(checksum));
    }
    Ok(())
}

/// Nanoseconds a fire, over a slice of time.
fn per_fire(fires: &NextFires, spec: &NextRow, slice: Duration) -> f64 {
    let (mut done, clock) = (0, now());
    while clock.elapsed() < slice {
        std::hint::black_box(fires.pass(done % fires.instants(), spec.chunk));
        done += spec.chunk;
    }
    micros(clock) * 1000.0 / count(done)
}

fn store_rows(group: &str, rows: &StoreRows, delays: &Delays) -> Result<(), Failure> {
    let mut took = BTreeMap::new();
    let mut checksum = None;
    for turn in 0..rows.stores {
        let mut store = Store::new(rows.jobs, delays)?;
        let before = resident();
        timed(&mut took, "add", || store.add());
        if let (0, Some(before), Some(after)) = (turn, before, resident()) {
            emit(&format!("{group}_bytes"), "B", (after - before) / count(rows.jobs), None);
        }
        timed(&mut took, "reschedule", || store.reschedule());
        timed(&mut took, "pop", || checksum = Some(store.pop()));

        let mut store = Store::new(rows.jobs, delays)?;
        store.add();
        timed(&mut took, "pause", || store.pause());
    }
    for (row, micros) in took {
        let checksum = checksum.filter(|_| row == "pop");
        emit(&format!("{group}_{row}"), "us", micros / count(rows.jobs * rows.stores), checksum);
    }
    Ok(())
}

fn timed(took: &mut BTreeMap<&'static str, f64>, row: &'static str, work: impl FnOnce()) {
    let clock = now();
    work();
    *took.entry(row).or_default() += micros(clock);
}

/// One timer; then every job that is due, each with a function of its own.
fn burst_rows(workload: &Workload) -> Result<(), Failure> {
    let jobs = workload.burst_jobs;
    let (due, start) = (now() + LEAD, Timestamp::from_ms(0));
    let mut burst = Burst::new(jobs, start.plus(LEAD))?;
    let runs: Vec<fn(Instant) -> f64> = vec![|due| micros(due) / 1000.0; jobs];
    thread::sleep(due.saturating_duration_since(now()));
    let mut late = Vec::with_capacity(jobs);
    while let Some(index) = burst.take(start.plus(LEAD + due.elapsed())) {
        late.push(runs[index](due));
    }
    late.sort_by(f64::total_cmp);
    let executed = i64::try_from(late.len())?;
    for (row, percent) in [("burst_p50", 50), ("burst_p99", 99)] {
        let rank = (late.len() * percent).div_ceil(100);
        let value = late.get(rank.saturating_sub(1)).ok_or("no job ran")?;
        emit(row, "ms", *value, Some(executed));
    }
    Ok(())
}

/// The bytes that this program has in memory; nothing where the system does not say.
fn resident() -> Option<f64> {
    let pages: u32 =
        fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(f64::from(pages) * PAGE_BYTES)
}

fn emit(row: &str, unit: &str, value: f64, checksum: Option<i64>) {
    let checksum = checksum.map_or(String::new(), |sum| format!(",\"checksum\":\"{sum}\""));
    println!(
        "{{\"subject\":\"baton\",\"on\":\"native\",\"row\":\"{row}\",\"unit\":\"{unit}\",\"value\":{value}{checksum}}}"
    );
}

#[expect(clippy::disallowed_methods, reason = "it is native, and measuring is all it is for")]
fn now() -> Instant {
    Instant::now()
}

fn micros(clock: Instant) -> f64 {
    clock.elapsed().as_secs_f64() * 1e6
}

#[expect(clippy::cast_precision_loss, reason = "as many as there is time for, far below 2^53")]
fn count(number: usize) -> f64 {
    number as f64
}
