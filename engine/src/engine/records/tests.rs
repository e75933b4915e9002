//! Every record reads back as it was written, and a broken one is none, whatever broke it.

use std::fmt::Debug;
use std::rc::Rc;

use crate::json::{Value, json};
use proptest::prelude::*;

use super::{ChainRecord, RunRecord, put, read};
use crate::chain::run::{Definition, Run, RunState};
use crate::chain::stage::{Calling, Holding, StageRun, StageState};
use crate::chain::{Language, Linked};
use crate::form::{Decode, Encode, Text, decode};
use crate::id::{CallId, ChainId, RunId};
use crate::locale::Locale;
use crate::protocol::{
    Answer, AttemptPhase, AttemptView, Body, Evidence, Hidden, HttpRequest, HttpResponse,
    MAX_NUMBER, ReadingView, Refusal, Told, Transport,
};
use crate::secrets::SecretWant;
use crate::store::{Row, Table, Write};
use crate::time::Timestamp;
use crate::verify::{
    Diagnosis, History, NotJson, Op, Permission, Reason, Record, Recorded, Records, Verdict,
    WrongReadings,
};

/// One value of each variant. The match is exhaustive: a new variant doesn't compile without its sample.
macro_rules! one_of_each {
    ($type:ident: $($variant:ident $args:tt),+ $(,)?) => {{
        let _complete = |one: &$type| match one { $($type::$variant { .. } => ()),+ };
        vec![$($type::$variant $args),+]
    }};
}

const AT: Timestamp = Timestamp::from_ms(1_795_435_204_200);

fn diagnoses(text: &str) -> Vec<Diagnosis> {
    let text = || text.to_owned();
    let wanted = || Permission {
        origin: text(),
        target: text(),
        method: text(),
        headers: vec![text()],
        credentials: true,
    };
    one_of_each![Diagnosis:
        Offline {},
        MixedContent {},
        OwnPolicy { target: text() },
        ForbiddenHeader { name: text() },
        BadAddress { message: text() },
        NotAllowed(wanted()),
        NoAnswer {},
        Unread(wanted()),
        Secret(SecretWant { name: text(), is_set: true, origin: Some(text()) }),
        Proxy { code: text(), about: vec![text()] },
    ]
}

fn kinds() -> Vec<NotJson> {
    one_of_each![NotJson: Empty {}, Html {}, Truncated {}, TooDeep {}, Garbled {}, Text {}]
}

fn all(text: &str, n: u64) -> Vec<Reason> {
    let (what, got, name) = (|| text.to_owned(), || text.to_owned(), || text.to_owned());
    let want = || text.to_owned();
    let status = u16::try_from(n % 600).unwrap();
    let few = u32::try_from(n % (1 << 32)).unwrap();
    let inner = || Box::new(Reason::Missing { what: what() });
    let mut all = one_of_each![Reason:
        Network { diagnosis: Diagnosis::Offline },
        AttemptTimeout { after_ms: n },
        StatusNotYet { status },
        StatusWrong { status },
        BodyTooLarge { limit_bytes: n },
        NotJson { kind: NotJson::Html },
        NotJsonAgain { kind: NotJson::Empty, in_a_row: few },
        NeedsAccess { status },
        AllPass { checks: few },
        Holds { what: what(), got: got() },
        Missing { what: what() },
        Null { what: what() },
        Differs { what: what(), got: got(), want: want() },
        NotConvertible { what: what(), got: got(), filter: name() },
        StillInProgress { what: what(), got: got() },
        CountBelow { what: what(), seen: 2, want: n },
        CountReached { what: what(), seen: n, want: n },
        CountAbove { what: what(), seen: n, want: 3, duplicates: vec![name(), got()] },
        Matched { what: what(), seen: n },
        TooManyNodes { what: what(), limit: n },
        BadPath { what: what(), message: got() },
        EmptyBody {},
        HeaderHidden { name: name() },
        HeaderWithheld { name: name() },
        NotThere { what: what() },
        NullIn { what: what(), nth: 3, of: n },
        MissingIn { what: what(), nth: 21, of: n },
        Unlike { what: what(), got: got(), op: Op::Contains, want: want() },
        NotComparable { what: what(), got: got(), op: Op::Between },
        NoZone { what: what(), got: got() },
        UnknownZone { what: what(), zone: name() },
        TargetNotConvertible { want: want(), filter: name() },
        NoNumber { want: want(), op: Op::AtLeast },
        SchemaFails { what: what(), at: what(), got: got(), keyword: name(), want: want() },
        BadPattern { what: what(), message: got() },
        NotRecorded { stage: name(), field: name() },
        NeedsHold { what: what() },
        CountBeyond { what: what(), seen: n, most: 3, duplicates: vec![name()] },
        SumBelow { what: what(), seen: got(), want: want() },
        SumReached { what: what(), seen: got(), want: want() },
        SumAbove { what: what(), seen: got(), want: want() },
        ValueTooLong { what: what(), limit_bytes: n },
        Both { first: inner(), second: inner() },
        Unconfirmed { seen: 1, need: few, wrong: inner() },
        StopHolds { what: what(), got: got() },
        CaptureMissing { name: name() },
        CaptureSeveral { name: name(), seen: n },
        Unresolved { name: name() },
        DeadlinePassed { timeout_ms: n, last: Some(inner()), since: Some(AT) },
        AttemptsUsedUp { attempts: few, last: None, since: None },
        SentNotAccepted { answer: inner() },
        NoLongerHolds { stage: name(), now: inner() },
        MayHaveBeenSent {},
        TakenAsSent {},
        AttemptLost {},
    ];
    all.extend(diagnoses(text).into_iter().map(|diagnosis| Reason::Network { diagnosis }));
    all.extend(kinds().into_iter().map(|kind| Reason::NotJson { kind }));
    for op in operators() {
        all.push(Reason::Unlike { what: what(), got: got(), op, want: want() });
        all.push(Reason::NotComparable { what: what(), got: got(), op });
    }
    all
}

fn operators() -> Vec<Op> {
    one_of_each![Op:
        Equals {}, NotEquals {}, OneOf {}, Contains {}, NotContains {}, StartsWith {}, EndsWith {},
        Matches {}, Between {}, AtLeast {}, AtMost {}, GreaterThan {}, LessThan {}, Exists {},
        Absent {}, NewerThan {}, OlderThan {}, Schema {}, SameAs {},
    ]
}

fn records() -> Records {
    let recorded = |raw: Option<&str>, trouble: Option<Reason>| Recorded {
        field: "amount".into(),
        raw: raw.map(str::to_owned),
        normalised: raw.map(str::to_owned),
        trouble,
    };
    let long = Reason::ValueTooLong { what: "$.a".into(), limit_bytes: 4096 };
    let fields = vec![recorded(Some("19.90"), None), recorded(None, Some(long))];
    Records { rows: vec![Record { fields }, Record::default()], seen: 3, trouble: None }
}

fn attempts() -> Vec<AttemptView> {
    let verdicts = one_of_each![Verdict: Pass {}, Pending {}, Fail {}];
    let verdict = Verdict::Pass;
    let phases = one_of_each![AttemptPhase: Calling {}, Judged(verdict), Lost {}, Aborted {}];
    let transports = one_of_each![Transport: Direct {}, Proxy {}, Demo {}];
    let reading = |verdict| ReadingView {
        place: "checks[0]".into(),
        rule: "$.rows[*].amount decimal equals".into(),
        expected: Some("19.90".into()),
        selected: vec!["19.9".into()],
        locations: vec!["$['rows'][0]['amount']".into()],
        verdict,
        reason: Reason::Null { what: "$".into() },
    };
    let mut full = AttemptView {
        run: RunId::try_from("run-购买").unwrap(),
        stage: 3,
        number: 12,
        phase: AttemptPhase::Calling,
        scheduled_at: AT,
        begun_at: Timestamp::MAX,
        ended_at: Some(Timestamp::MIN),
        latency_ms: Some(MAX_NUMBER),
        transport: Transport::Direct,
        method: "GET".into(),
        url: "https://a.example/?q=\"\\".into(),
        status: Some(u16::MAX),
        redirected_to: Some("https://b.example/".into()),
        reason: Some(Reason::AttemptLost.into()),
        readings: verdicts.iter().copied().map(reading).collect::<Vec<_>>().into(),
    };
    let mut attempts = vec![full.clone()];
    attempts.extend(phases.into_iter().map(|phase| AttemptView { phase, ..full.clone() }));
    attempts.extend(transports.into_iter().map(|transport| AttemptView {
        transport,
        ended_at: None,
        latency_ms: None,
        status: None,
        reason: None,
        readings: Told::default(),
        ..full.clone()
    }));
    let mut readings = full.readings.read().unwrap();
    readings[0].expected = None;
    full.readings = readings.into();
    attempts.push(full);
    attempts
}

fn evidence() -> Vec<Evidence> {
    let pairs = || vec![("accept".to_owned(), "*/*".to_owned()), (String::new(), String::new())];
    let request = HttpRequest {
        method: "POST".into(),
        url: "http://a.example/".into(),
        headers: pairs(),
        body: Some("{\u{1f}}\u{2028}😀".into()),
        with_credentials: true,
    };
    let bodies = one_of_each![Body: Text("[1]".into()), TooLarge {}];
    let redirects = [None, Some("http://b.example/".to_owned())];
    let responses = bodies.into_iter().zip(redirects).map(|(body, redirected_to)| {
        let hidden = redirected_to.is_some().then_some(Hidden::Unexposed);
        let headers = pairs();
        Answer::Response(HttpResponse { status: 200, headers, body, redirected_to, hidden })
    });
    let mut answers: Vec<Answer> = responses.collect();
    let (response, diagnosis) = (answers[0].clone(), Diagnosis::NoAnswer);
    let Answer::Response(response) = response else { unreachable!() };
    answers.extend(one_of_each![Answer: Response(response), NoResponse(diagnosis), Timeout {}]);
    let mut evidence: Vec<Evidence> = answers
        .into_iter()
        .map(|answer| Evidence { request: request.clone(), answer: Some(answer), cut: true })
        .collect();
    let request = HttpRequest { body: None, ..request };
    evidence.push(Evidence { request, answer: None, cut: false });
    evidence
}

fn history() -> History {
    let selected = vec!["8".into(), "9".into()];
    let wrong = WrongReadings { place: "checks[1]".into(), count: 2, selected };
    History { let_in: true, not_json_in_a_row: 2, wrong: vec![wrong] }
}

fn stages() -> Vec<StageRun> {
    let hold = Holding { since: AT, last_poll: AT, polls: 2 };
    let calling = |hold| {
        let attempt = attempts().remove(0);
        Box::new(Calling { call: CallId(MAX_NUMBER), attempt, hold })
    };
    let mut states = one_of_each![StageState:
        NotStarted {},
        Waiting {},
        Calling(calling(None)),
        Holding(hold),
        Passed(AT),
        Failed(AT),
        TimedOut(AT),
        Cancelled(AT),
    ];
    states.push(StageState::Calling(calling(Some(hold))));
    let full = |state| StageRun {
        state,
        anchor: Some(AT),
        last_scheduled: Some(AT),
        attempts: u32::MAX,
        begun_at: Some(AT),
        last_begun: Some(AT),
        deadline: Some(AT),
        history: Some(history().into()),
        reason: Some(Reason::TakenAsSent.into()),
        pending_since: Some(AT),
        late: true,
        flapping: true,
        unconfirmed: true,
        captures: vec![("id".into(), "9007199254740993".into())],
        records: Some(records().into()),
        seeded_from: Some(RunId::try_from("earlier").unwrap()),
    };
    states.into_iter().map(full).chain([StageRun::default()]).collect()
}

fn definition(stages: usize) -> Rc<Definition> {
    let stage =
        |n| serde_json::json!({"name": format!("s{n}"), "request": {"url": "http://a.example/"}});
    let stages: Vec<_> = (0..stages).map(stage).collect();
    let document = serde_json::json!({"baton": 1, "name": "c", "stages": stages}).to_string();
    let outline = Linked::default().outline(&document).unwrap();
    Rc::new(Definition { document, outline })
}

fn runs() -> Vec<Run> {
    let states = one_of_each![RunState:
        Running {}, Paused(AT), Blocked(AT), Passed(AT), Failed(AT), TimedOut(AT), Cancelled(AT),
    ];
    let run = |state| {
        let stages = stages();
        Run {
            id: RunId::try_from("run").unwrap(),
            chain: ChainId::try_from("chain").unwrap(),
            revision: 3,
            number: 1,
            environment: (state == RunState::Running).then(|| "staging".to_owned()),
            started_at: AT,
            retry_of: (state != RunState::Running).then(|| RunId::try_from("earlier").unwrap()),
            state,
            variables: vec![("amount".into(), "[19.90,null]".into())],
            evidence: (state != RunState::Running).then_some(MAX_NUMBER),
            definition: definition(stages.len()),
            stages,
        }
    };
    states.into_iter().map(run).collect()
}

fn row(record: &dyn Encode) -> Row {
    match put(Table::Runs, "key".into(), record) {
        Write::Put(row) => row,
        Write::Delete { .. } | Write::DeletePrefix { .. } => unreachable!("a record is put"),
    }
}

fn check_round_trip<T: Encode + Decode + PartialEq + Debug>(record: &T) {
    let row = row(record);
    assert_eq!(read::<T>(&row).as_ref(), Some(record), "{}", row.value);
}

#[test]
fn every_record_reads_back_as_it_was_written() {
    check_round_trip(&ChainRecord {
        revision: u32::MAX,
        environment: Some("prod".into()),
        refused: Some(Refusal::NoSecret.into()),
    });
    check_round_trip(&"{\"a\": \"购\\n\"}".to_owned());
    all("$.rows", MAX_NUMBER).iter().for_each(check_round_trip);
    attempts().iter().for_each(check_round_trip);
    evidence().iter().for_each(check_round_trip);
    stages().iter().for_each(check_round_trip);
    check_round_trip(&history());
    check_round_trip(&records());
    for attempt in attempts() {
        check_round_trip(&attempt.readings.read().unwrap());
    }
}

#[test]
fn a_run_reads_back_beside_its_definition() {
    for run in runs() {
        let record: RunRecord = read(&row(&run)).unwrap();
        assert_eq!(record.definition(), (run.chain.clone(), run.revision));
        let back = record.into_run(run.id.clone(), Rc::clone(&run.definition)).unwrap();
        assert_eq!(format!("{back:?}"), format!("{run:?}"));
        let record: RunRecord = read(&row(&run)).unwrap();
        assert!(record.into_run(run.id, definition(1)).is_none(), "another number of stages");
    }
}

#[test]
fn the_stored_form_is_this() {
    let check = |record: &dyn Encode, want: &str| {
        assert_eq!(row(record).value, format!(r#"{{"form":1,"record":{want}}}"#));
    };
    check(&ChainRecord { revision: 2, environment: None, refused: None }, r#"{"revision":2}"#);
    check(&"{}".to_owned(), r#""{}""#);
    check(
        &Reason::CountBelow { what: "$[*]".into(), seen: 2, want: 3 },
        r#"{"count_below":{"what":"$[*]","seen":2,"want":3}}"#,
    );
    check(
        &Reason::AttemptsUsedUp { attempts: 1, last: None, since: Some(Timestamp::from_ms(-5)) },
        r#"{"attempts_used_up":{"attempts":1,"since":-5}}"#,
    );
    let marks = r#""late":false,"flapping":false,"unconfirmed":false,"captures":[]"#;
    check(&StageRun::default(), &format!(r#"{{"state":"not_started","attempts":0,{marks}}}"#));
    let history = Some(History::default().into());
    let (records, reason) = (Some(Records::default().into()), Some(Reason::EmptyBody.into()));
    let told =
        r#""history":{"let_in":false,"not_json_in_a_row":0,"wrong":[]},"reason":"empty_body""#;
    check(
        &StageRun { history, reason, records, ..StageRun::default() },
        &format!(
            r#"{{"state":"not_started","attempts":0,{told},{marks},"records":{{"rows":[],"seen":0}}}}"#
        ),
    );
    check(&RunState::Paused(Timestamp::from_ms(7)), r#"{"paused":7}"#);
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    for reason in all("x", 7) {
        let (english, chinese) = (reason.sentence(Locale::En), reason.sentence(Locale::Zh));
        assert!(english.is_ascii() && english.len() > 5, "{reason:?}: {english}");
        assert!(!chinese.is_ascii(), "{reason:?}: {chinese}");
        assert!(!english.ends_with('.') && !chinese.ends_with('。'), "{english} {chinese}");
    }
}

#[test]
fn tags_are_the_variants_names() {
    for reason in all("x", 1) {
        let tag = match tree(&reason) {
            Value::String(tag) => tag,
            Value::Object(map) => map.iter().next().unwrap().0.clone(),
            other => unreachable!("{other} has no tag"),
        };
        let variant = format!("{reason:?}").to_lowercase();
        assert_eq!(Some(tag.replace('_', "").as_str()), variant.split([' ', '{']).next());
    }
}

/// A record's form as a tree.
fn tree(record: &dyn Encode) -> Value {
    crate::json::parse(&Text::of(record)).unwrap()
}

/// A record's form as a tree to be changed anywhere.
fn any_tree(record: &dyn Encode) -> serde_json::Value {
    serde_json::from_str(&Text::of(record)).unwrap()
}

/// A record as stored, and whether a row reads as one of its type.
type Stored = (serde_json::Value, fn(&Row) -> bool);

/// A record of each kind.
fn stored() -> Vec<Stored> {
    fn of<T: Encode + Decode>(records: &[T]) -> Vec<Stored> {
        let reads: fn(&Row) -> bool = |row| read::<T>(row).is_some();
        records.iter().map(|record| (any_tree(record), reads)).collect()
    }
    let mut stored = of(&all("购", 7));
    stored.extend(of(&[ChainRecord {
        revision: 1,
        environment: Some("prod".into()),
        refused: None,
    }]));
    stored.extend(of(&attempts()));
    stored.extend(of(&evidence()));
    stored.extend(of(&stages()));
    stored.extend(of(&[history()]));
    stored.extend(of(&[records()]));
    stored.extend(attempts().iter().flat_map(|attempt| of(&[attempt.readings.read().unwrap()])));
    let mut run = runs().remove(0);
    run.stages.truncate(1);
    stored.push((any_tree(&run), |row| read::<RunRecord>(row).is_some()));
    stored
}

/// Where the values of a tree stand, as JSON pointers.
fn pointers(value: &serde_json::Value, here: &str, list: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            map.iter().for_each(|(key, value)| pointers(value, &format!("{here}/{key}"), list));
        }
        serde_json::Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(at, value)| pointers(value, &format!("{here}/{at}"), list));
        }
        _ => {}
    }
    list.push(here.to_owned());
}

/// What may stand in a value's place; of an object also itself without one of its keys.
fn replacements(value: &serde_json::Value) -> Vec<serde_json::Value> {
    let strange = r#"[null, false, "", "x", [], [[]], {}, {"code": "x"}, {"lost": 1}, -1, 0.5, 1e400, 65536,
        4294967296, 9007199254740992, 9223372036854775807, 18446744073709551615, 1e-400]"#;
    let serde_json::Value::Array(mut replacements) = serde_json::from_str(strange).unwrap() else {
        unreachable!("it is a list")
    };
    if let serde_json::Value::Object(map) = value {
        replacements.extend(map.keys().map(|key| {
            let mut rest = map.clone();
            rest.remove(key);
            serde_json::Value::Object(rest)
        }));
    }
    replacements
}

#[test]
fn a_record_with_anything_changed_reads_or_does_not_but_never_panics() {
    let (mut read, mut refused) = (0, 0);
    for (whole, reads) in stored() {
        let mut places = Vec::new();
        pointers(&whole, "", &mut places);
        for place in places {
            for replacement in replacements(whole.pointer(&place).unwrap()) {
                let mut changed = whole.clone();
                *changed.pointer_mut(&place).unwrap() = replacement;
                *(if reads(&row(&Tree(changed))) { &mut read } else { &mut refused }) += 1;
            }
        }
    }
    assert!(read > 0 && refused > read, "{read} read, {refused} refused");
}

#[test]
fn a_record_that_breaks_off_anywhere_is_none() {
    for (whole, reads) in stored() {
        let whole = row(&Tree(whole));
        assert!(reads(&whole));
        for end in 0..whole.value.len() {
            let value = String::from_utf8_lossy(&whole.value.as_bytes()[..end]).into_owned();
            assert!(!reads(&Row { value, ..whole.clone() }), "{end} of {}", whole.value);
        }
    }
}

#[test]
fn what_is_left_out_is_none_and_what_is_unknown_is_passed_over() {
    let full = attempts().remove(0);
    let mut stored = tree(&full);
    let map = stored.as_object_mut().unwrap();
    map.insert("of_a_later_build".into(), json!([1]));
    map.remove("status");
    let without_status = AttemptView { status: None, ..full };
    assert_eq!(decode::<AttemptView>(&stored.to_string()), Ok(without_status.clone()));
    stored.as_object_mut().unwrap().insert("status".into(), Value::Null);
    assert_eq!(decode::<AttemptView>(&stored.to_string()), Ok(without_status));
    for needed in ["run", "phase", "begun_at", "readings"] {
        let mut without = stored.clone();
        without.as_object_mut().unwrap().remove(needed);
        let error = decode::<AttemptView>(&without.to_string()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{needed}: nothing where ")), "{error}");
    }
}

#[test]
fn numbers_beyond_what_readers_can_be_told_are_clamped() {
    let read_number = |text| decode::<u64>(text).ok();
    assert_eq!(read_number("9007199254740993"), Some(MAX_NUMBER));
    assert_eq!(read_number("18446744073709551615"), Some(MAX_NUMBER));
    assert_eq!(read_number("18446744073709551616"), None);
    let read_instant = |text| decode::<Timestamp>(text).ok();
    assert_eq!(read_instant("9007199254740993"), Some(Timestamp::MAX));
    assert_eq!(read_instant("-9223372036854775808"), Some(Timestamp::MIN));
    assert_eq!(read_instant("9223372036854775808"), None);
    assert_eq!(read_instant("1e3"), None);
}

/// A tree that is stored as it is.
struct Tree(serde_json::Value);

impl Encode for Tree {
    fn encode(&self, to: &mut Text) {
        to.word(&self.0.to_string());
    }
}

proptest! {
    #[test]
    fn any_text_and_number_comes_back(text in any::<String>(), number in 0..=MAX_NUMBER, ms in any::<i64>()) {
        for reason in all(&text, number) {
            check_round_trip(&reason);
        }
        check_round_trip(&text);
        check_round_trip(&Timestamp::from_ms(ms));
    }

    #[test]
    fn any_text_may_stand_where_a_record_was(text in any::<String>()) {
        for text in [text.clone(), format!("{{\"form\":1,\"record\":{text}}}")] {
            let row = Row { table: Table::Runs, key: "key".into(), value: text };
            let _ = (read::<RunRecord>(&row).is_some(), read::<Evidence>(&row).is_some());
        }
    }
}
