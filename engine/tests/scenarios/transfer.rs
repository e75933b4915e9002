//! Runs that are taken along: read as they are stored, and taken over elsewhere as they were.

use baton_engine::id::ChainId;
use baton_engine::protocol::{Command, Refusal, Reply, RunCopy, RunPart, RunPhase, TakenOver};
use baton_engine::store::Table;

use crate::sim::{Fate, Sim, chain, ok, run_id, secs};

const PASS: &str = r#"{"ok": true, "id": 9007199254740993, "amount": 19.90}"#;

/// A run that failed at its second stage, and its retry.
fn origin() -> Sim {
    let mut sim = Sim::started(&chain(&["a", "b"]), |call, now| {
        let late = now.since(crate::sim::START) > secs(5);
        let wrong = call.request.url.contains("//b.") && !late;
        Fate::Now(ok(if wrong { r#"{"ok": false}"# } else { PASS }))
    });
    sim.advance(secs(8));
    sim
}

fn rows(sim: &mut Sim, run: &str, part: RunPart) -> Vec<(String, String)> {
    match sim.command(Command::ReadRows { run: run_id(run), part }) {
        Ok(Reply::Rows(rows)) => rows,
        other => panic!("{other:?}"),
    }
}

/// A run as the commands that take it over, the record last.
type Copies = Vec<RunCopy>;

fn copy(sim: &mut Sim, run: &str) -> Copies {
    let record = rows(sim, run, RunPart::Record);
    let [(chain, document), (_, record)] = record.as_slice() else { panic!("{record:?}") };
    let whole = RunCopy {
        run: run_id(run),
        chain: ChainId::try_from(chain.as_str()).unwrap(),
        document: document.clone(),
        record: record.clone(),
        part: RunPart::Record,
        rows: Vec::new(),
    };
    let part = |part, rows| RunCopy { part, rows, ..whole.clone() };
    vec![
        part(RunPart::Attempts, rows(sim, run, RunPart::Attempts)),
        part(RunPart::Evidence, rows(sim, run, RunPart::Evidence)),
        whole.clone(),
    ]
}

fn elsewhere() -> Sim {
    Sim::new(|_, _| Fate::Never)
}

fn take_part(sim: &mut Sim, copy: &RunCopy) -> Result<TakenOver, Refusal> {
    match sim.command(Command::TakeOver(copy.clone()))? {
        Reply::TakenOver(became) => Ok(became),
        other => panic!("{other:?}"),
    }
}

fn take(sim: &mut Sim, copies: &Copies) -> Result<TakenOver, Refusal> {
    copies.iter().map(|copy| take_part(sim, copy)).last().unwrap()
}

#[test]
fn a_run_arrives_as_it_was() {
    let mut there = origin();
    let copy = copy(&mut there, "run");
    let mut here = elsewhere();
    assert_eq!(take(&mut here, &copy), Ok(TakenOver::New));
    let (was, is) = (there.run(), here.run());
    assert!(was.phase.ended());
    assert_eq!(was, is);
    assert_eq!(there.attempts(), here.attempts());
    let last = was.stages.iter().rposition(|stage| stage.attempts > 0).unwrap();
    for stage in 0..=last {
        let stage = u32::try_from(stage).unwrap();
        assert_eq!(there.evidence(stage, 1).unwrap(), here.evidence(stage, 1).unwrap());
    }
    // It is in the store, and taking it over again changes nothing.
    here.crash();
    assert_eq!(here.run(), was);
    assert_eq!(take(&mut here, &copy), Ok(TakenOver::Same));
    assert_eq!(self::copy(&mut here, "run"), copy);
}

#[test]
fn what_is_here_is_never_written_over() {
    let mut there = origin();
    let theirs = copy(&mut there, "run");
    let mut here = Sim::started(&chain(&["a", "b"]), |_, _| Fate::Now(ok(PASS)));
    here.advance(secs(3));
    let (run, evidence) = (here.run(), here.evidence(0, 1).unwrap());
    assert_eq!(take(&mut here, &theirs), Ok(TakenOver::Different));
    assert_eq!((here.run(), here.evidence(0, 1).unwrap()), (run, evidence));
}

#[test]
fn a_chain_of_the_same_name_keeps_its_document() {
    let mut there = origin();
    let theirs = copy(&mut there, "run");
    let mut here = elsewhere();
    here.save("chain", &chain(&["another"]));
    assert_eq!(take(&mut here, &theirs), Ok(TakenOver::New));
    let run = here.run();
    assert_eq!((run.stages.len(), run.revision), (2, 2), "its own document came along");
    let Ok(Reply::Document { document, revision }) =
        here.command(Command::ReadChain { chain: theirs[0].chain.clone() })
    else {
        panic!("the chain is gone")
    };
    assert_eq!((document, revision), (chain(&["another"]), 1));
    here.crash();
    assert_eq!(here.run(), run);
    assert_eq!(take(&mut here, &theirs), Ok(TakenOver::Same), "by another revision");
}

#[test]
fn a_retry_brings_the_evidence_that_it_rests_on() {
    let mut there = origin();
    let stage = there
        .run()
        .stages
        .iter()
        .position(|s| s.phase != baton_engine::protocol::StagePhase::Passed);
    let retry = Command::RetryRun {
        run: run_id("again"),
        from: run_id("run"),
        stage: u32::try_from(stage.unwrap()).unwrap(),
    };
    there.command(retry).unwrap();
    there.advance(secs(3));
    assert_eq!(there.run_named("again").phase, RunPhase::Passed);
    let (first, again) = (copy(&mut there, "run"), copy(&mut there, "again"));
    let mut here = elsewhere();
    assert_eq!(take(&mut here, &again), Ok(TakenOver::New));
    assert_eq!(here.attempts_of("again"), there.attempts_of("again"));
    let read = |run| Command::ReadEvidence { run: run_id(run), stage: 0, attempt: 1 };
    assert_eq!(here.command(read("again")), there.command(read("again")));
    assert_eq!(take(&mut here, &first), Ok(TakenOver::New));
    assert_eq!(here.attempts(), there.attempts());
}

#[test]
fn batches_are_one_run_once_the_record_has_come() {
    let mut there = origin();
    let whole = copy(&mut there, "run");
    let mut here = elsewhere();
    assert_eq!(take_part(&mut here, &whole[0]), Ok(TakenOver::New));
    assert!(here.snapshot().runs.is_empty(), "it is not whole yet");
    // It breaks off, and is begun again.
    here.crash();
    assert_eq!(take(&mut here, &whole), Ok(TakenOver::New));
    assert_eq!(copy(&mut here, "run"), whole);
}

#[test]
fn what_can_not_be_read_is_refused_by_name_and_not_stored() {
    let mut there = origin();
    let whole = copy(&mut there, "run");
    let [attempts, evidence, record] = whole.as_slice() else { panic!("{whole:?}") };
    let mut here = elsewhere();
    let mut refused = |copy: &RunCopy, change: &dyn Fn(&mut RunCopy), row: &str| {
        let mut copy = copy.clone();
        change(&mut copy);
        let unreadable = Refusal::Unreadable { row: row.to_owned() };
        assert_eq!(take_part(&mut here, &copy), Err(unreadable));
    };
    let key = attempts.rows[0].0.clone();
    refused(record, &|copy| copy.record = "{}".into(), "run");
    refused(record, &|copy| copy.chain = ChainId::try_from("x").unwrap(), "run");
    let later = attempts.rows[0].1.replace("form\":1", "form\":2");
    refused(attempts, &|copy| copy.rows[0].1.clone_from(&later), &key);
    for strange in ["run/000/0000099", "other/000/0000001", "run/x/1", "run/"] {
        refused(attempts, &|copy| copy.rows[0].0 = strange.into(), strange);
    }
    refused(evidence, &|copy| copy.rows[0].1.truncate(40), &key);
    refused(evidence, &|copy| copy.rows[0].0 = "ru/000/0000001".into(), "ru/000/0000001");
    for table in [Table::Runs, Table::Attempts, Table::Evidence, Table::Definitions] {
        assert!(here.store.load(table, "").is_empty(), "{table:?}");
    }
    let bad = RunCopy { document: "{".into(), ..record.clone() };
    assert!(matches!(take_part(&mut here, &bad), Err(Refusal::Invalid(_))));
}

#[test]
fn an_open_run_goes_on_in_one_place_only() {
    let mut there = Sim::started(&chain(&["a"]), |_, _| Fate::Never);
    let open = copy(&mut there, "run");
    let mut here = elsewhere();
    assert_eq!(take(&mut here, &open), Err(Refusal::NotEnded(run_id("run"))));
    assert!(here.snapshot().runs.is_empty());
}

#[test]
fn a_run_that_is_not_there_has_no_rows() {
    let mut here = elsewhere();
    for part in [RunPart::Record, RunPart::Attempts, RunPart::Evidence] {
        let read = Command::ReadRows { run: run_id("none"), part };
        assert_eq!(here.command(read), Err(Refusal::UnknownRun(run_id("none"))));
    }
}

/// A record with another number under a name.
fn with_number(record: &str, name: &str, number: u64) -> String {
    let (before, rest) = record.split_once(&format!("\"{name}\":")).unwrap();
    let after = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    assert_ne!(after, rest, "{name} in {record}");
    format!("{before}\"{name}\":{number}{after}")
}

#[test]
fn numbers_that_a_file_makes_up_do_no_harm() {
    let (mut here, mut there) = (origin(), elsewhere());
    let mut copies = copy(&mut here, "run");
    let evidence_of =
        |sim: &mut Sim| match sim.command(Command::Retain { policy: None, free: None }) {
            Ok(Reply::Retained { evidence, .. }) => evidence,
            other => panic!("{other:?}"),
        };
    for copy in &mut copies {
        let record = with_number(&copy.record, "evidence", (1 << 53) - 1);
        copy.record = with_number(&record, "number", u64::from(u32::MAX));
    }
    assert_eq!(take(&mut there, &copies), Ok(TakenOver::New));
    assert_eq!(evidence_of(&mut there), 1 << 30);
    let (chain, document) = (copies[0].chain.clone(), copies[0].document.clone());
    there.command(Command::SaveChain { chain, document, base: None }).unwrap();
    // A run after the one with the highest number there is.
    let retry = Command::RetryRun { run: run_id("next"), from: run_id("run"), stage: 0 };
    there.command(retry).unwrap();
}
