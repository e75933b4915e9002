//! Secrets: asked for before a run starts, sent only where they may go, and in nothing that is kept or told.

use baton_engine::id::ChainId;
use baton_engine::locale::Locale;
use baton_engine::protocol::{
    Answer, Body, Command, FromWorker, HttpResponse, Refusal, Reply, RunPhase, StagePhase,
};
use baton_engine::secrets::{SecretText, SecretView, SecretWant};
use baton_engine::store::Table;
use baton_engine::verify::Diagnosis;
use serde_json::{Value, json};

use crate::sim::{Fate, Sim, ok, run_id, secs, status};

/// What needs care in every form: blanks, quotes, slashes, signs of base64 and of percent-encoding.
const VALUE: &str = "s3cr+t/\"%v l=é";

fn document(stages: Value) -> Value {
    json!({
        "baton": 1, "name": "t", "variables": {"base": "https://api.example"},
        "environments": {"dev": {"host": "http://dev.example"}, "prod": {"host": "https://prod.example"}},
        "poll": {"interval": "10s", "timeout": "60s"}, "stages": stages
    })
}

fn with_key(name: &str, url: &str) -> Value {
    json!({"name": name, "request": {"url": url, "headers": {"x-api-key": "{{secret.key}}"}}})
}

fn sim(stages: Value, network: impl FnMut(&str) -> Answer + 'static) -> Sim {
    let mut network = network;
    let mut sim = Sim::new(move |call, _| Fate::Now(network(&call.request.url)));
    sim.log = Some(String::new());
    sim.save("chain", &document(stages).to_string());
    sim
}

fn start(sim: &mut Sim, environment: Option<&str>) -> Result<Reply, Refusal> {
    let runs = sim.snapshot().runs.len();
    sim.command(Command::StartRun {
        run: run_id(if runs == 0 { "run" } else { "again" }),
        chain: chain_id(),
        environment: environment.map(str::to_owned),
    })
}

fn chain_id() -> ChainId {
    ChainId::try_from("chain").unwrap()
}

fn set(sim: &mut Sim, name: &str, value: Option<&str>, origins: &[&str]) -> Result<Reply, Refusal> {
    sim.command(Command::SetSecret {
        environment: "dev".into(),
        name: name.into(),
        value: value.map(|value| SecretText(value.into())),
        origins: origins.iter().map(|&origin| origin.to_owned()).collect(),
    })
}

fn remove(sim: &mut Sim, name: &str) {
    let command = Command::RemoveSecret { environment: "dev".into(), name: name.into() };
    assert_eq!(sim.command(command), Ok(Reply::Ok));
}

/// What a start lacks, and the sentences about it.
fn lacking(refused: Result<Reply, Refusal>) -> (Vec<SecretWant>, [String; 2]) {
    let Err(refusal) = refused else { panic!("it was started") };
    let sentences = [Locale::En, Locale::Zh].map(|locale| refusal.sentence(locale));
    let Refusal::Secrets { wants, .. } = refusal else { panic!("{refusal:?}") };
    (wants.read().unwrap(), sentences)
}

/// Nothing that was written, told or shown has the value, in any form.
fn check_hidden(sim: &mut Sim, value: &str) {
    let mut all = sim.log.clone().unwrap();
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Secrets) {
        sim.store.rows(table).for_each(|(key, row)| all.extend([key, row]));
    }
    for number in 1..=3 {
        if let Ok(evidence) = sim.evidence(0, number) {
            all.extend([format!("{evidence:?}")]);
        }
    }
    all += &FromWorker::Event(sim.events.last().unwrap().clone()).to_json();
    for form in forms(value) {
        assert!(!all.contains(&form), "{form} is in {}", around(&all, &form));
    }
    assert!(!format!("{:?}", sim.engine).contains(value), "nor in the engine's own Debug");
}

fn around(all: &str, form: &str) -> String {
    let at = all.find(form).unwrap_or_default();
    all.chars().skip(all[..at].chars().count().saturating_sub(80)).take(200).collect()
}

/// What tells of a value, in whichever form systems write it.
fn forms(value: &str) -> Vec<String> {
    let mut forms = plain_forms(value);
    // The first characters may be shared with what stands before it, the last with what follows.
    forms.extend(["", "u", "u:"].map(|before| {
        let whole = base64([before, value].concat().as_bytes());
        let whole = whole.trim_end_matches('=');
        whole[(before.len() * 8).div_ceil(6)..whole.len() - 1].to_owned()
    }));
    forms
}

fn plain_forms(value: &str) -> Vec<String> {
    let encoded = |plain: &str| -> String {
        let byte = |byte: u8| match byte {
            byte if byte.is_ascii_alphanumeric() || plain.as_bytes().contains(&byte) => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        };
        value.bytes().map(byte).collect()
    };
    let within = |text: &str| json!(text).to_string().trim_matches('"').to_owned();
    let once = within(value);
    vec![
        value.to_owned(),
        encoded("-._~"),
        encoded("-._~/+=\""),
        encoded("-._~").to_lowercase(),
        encoded("-._~").replace("%20", "+"),
        within(&once),
        once,
    ]
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            out.push(char::from(LETTERS[(bits >> (18 - 6 * place) & 63) as usize]));
        }
        out.extend(std::iter::repeat_n('=', 3 - chunk.len()));
    }
    out
}

#[test]
fn a_start_that_lacks_a_secret_is_refused_and_says_what_to_do() {
    let mut sim =
        sim(json!([with_key("a", "{{host}}/a"), with_key("b", "{{base}}/b")]), |_| ok("{}"));
    let (wants, sentences) = lacking(start(&mut sim, None));
    let want = |origin: &str| SecretWant {
        name: "key".into(),
        is_set: false,
        origin: Some(origin.to_owned()),
    };
    assert_eq!(wants, [want("http://dev.example"), want("https://api.example")]);
    let lines = sentences.each_ref().map(|sentence| sentence.lines().next().unwrap());
    assert_eq!(
        lines,
        [
            "the secret \"key\" for http://dev.example has no value in the environment \"dev\"; enter it",
            "发往 http://dev.example 的机密“key”在环境“dev”中没有值；请输入"
        ]
    );
    assert!(sim.snapshot().runs.is_empty() && sim.requests.is_empty());
}

#[test]
fn a_secret_goes_only_where_it_may() {
    let mut sim =
        sim(json!([with_key("a", "{{host}}/a"), with_key("b", "{{base}}/b")]), |_| ok("{}"));
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    let (wants, sentences) = lacking(start(&mut sim, None));
    let origin = Some("https://api.example".to_owned());
    assert_eq!(wants, [SecretWant { name: "key".into(), is_set: true, origin }]);
    assert_eq!(
        sentences,
        [
            "the secret \"key\" may not go to https://api.example in the environment \"dev\"; allow that, or change the address",
            "机密“key”在环境“dev”中不得发往 https://api.example；请允许，或更改地址"
        ]
    );
    assert!(sim.snapshot().runs.is_empty() && sim.requests.is_empty());

    set(&mut sim, "key", None, &["http://dev.example", "https://api.example"]).unwrap();
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));
    assert_eq!(sim.run().phase, RunPhase::Passed);
    let sent: Vec<&str> =
        sim.requests.iter().map(|(_, call)| &*call.request.headers[0].1).collect();
    assert_eq!(sent, [VALUE, VALUE]);
    check_hidden(&mut sim, VALUE);
}

#[test]
fn an_address_that_browsers_may_read_otherwise_gets_none() {
    for url in
        ["https://api.example@evil.example/", "https://evil.example\\@api.example/", "/relative"]
    {
        let mut sim = sim(json!([with_key("a", url)]), |_| ok("{}"));
        set(&mut sim, "key", Some(VALUE), &["https://api.example", "https://evil.example"])
            .unwrap();
        let (wants, [english, _]) = lacking(start(&mut sim, None));
        assert!(!wants[0].may_be_granted(), "{url}");
        assert!(
            english.starts_with("the secret \"key\" stays here, as browsers may read"),
            "{english}"
        );
        assert!(sim.requests.is_empty());
    }
}

#[test]
fn a_secret_may_stand_in_every_part_of_a_request_that_is_not_shown() {
    let requests = json!([
        {"url": "{{host}}/", "query": {"token": "{{secret.key}}"}},
        {"url": "{{host}}/", "headers": {"authorization": "Token {{secret.key}}"}},
        {"url": "{{host}}/", "auth": {"bearer": "{{secret.key}}"}},
        {"url": "{{host}}/", "auth": {"basic": {"user": "user", "password": "{{secret.key}}"}}},
        {"url": "{{host}}/", "auth": {"key": {"in": "query", "name": "k", "value": "{{secret.key}}"}}},
        {"url": "{{host}}/", "method": "POST", "json": {"deep": [{"key": "a {{secret.key}}"}]}},
        {"url": "{{host}}/", "method": "POST", "form": {"key": "{{secret.key}}"}},
        {"url": "{{host}}/", "method": "POST", "text": "key={{secret.key}}"}
    ]);
    for request in requests.as_array().unwrap() {
        let mut sim = sim(json!([{"name": "a", "request": request}]), |_| ok("{}"));
        set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
        assert_eq!(start(&mut sim, None), Ok(Reply::Ok), "{request}");
        sim.advance(secs(5));
        let sent = format!("{:?}", sim.requests[0].1.request);
        let sent =
            forms(VALUE).iter().any(|form| sent.contains(&format!("{form:?}")[1..form.len()]));
        assert!(sent, "it was sent: {request}");
        let shown = format!("{:?}", sim.evidence(0, 1).unwrap().request);
        assert!(shown.contains("{{secret.key}}"), "{shown}");
        check_hidden(&mut sim, VALUE);
    }
}

#[test]
fn what_a_server_echoes_is_hidden_before_it_is_kept() {
    let echo = |_: &str| {
        let mut all = plain_forms(VALUE).join(" ");
        for before in ["", "u", "u:"] {
            all.extend([" ", &base64([before, VALUE].concat().as_bytes())]);
        }
        let html = VALUE.replace('"', "&quot;").replace('+', "&#43;");
        let basic = base64(format!("user:{VALUE}!").as_bytes());
        Answer::Response(HttpResponse {
            status: 200,
            headers: vec![("x-echo".into(), all.clone())],
            body: Body::Text(
                json!({
                    "token": VALUE, "long": format!("{}{VALUE}", "x".repeat(110)), "all": all, "html": html,
                    "basic": basic, "n": 1
                })
                .to_string(),
            ),
            redirected_to: Some(format!("http://dev.example/login?token={}", plain_forms(VALUE)[1])),
            hidden: None,
        })
    };
    let mut stage = with_key("a", "{{host}}/a");
    stage["captures"] = json!({"token": {"jsonpath": "$.token"}});
    stage["record"] = json!({"fields": {"token": {"jsonpath": "$.token"}}});
    stage["checks"] = json!([
        {"source": {"jsonpath": "$.all"}, "op": "exists"},
        {"source": {"jsonpath": "$.long"}, "op": "exists"},
        {"source": {"header": "x-echo"}, "op": "exists"},
        {"source": {"jsonpath": "$.html"}, "op": "exists"},
        {"source": {"jsonpath": "$.basic"}, "op": "exists"}
    ]);
    let mut last = json!({"name": "b", "request": {"url": "{{host}}/b"}});
    last["checks"] = json!([
        {"source": {"jsonpath": "$.token"}, "op": "same_as", "value": "a.token"},
        {"source": {"jsonpath": "$.token"}, "op": "equals", "value": "{{token}}"},
        {"source": "body", "op": "contains", "value": "nothing of that kind"}
    ]);
    let mut document = document(json!([stage, last]));
    document["fields"] = json!([{"name": "token"}]);
    let mut sim = sim(json!([with_key("a", "{{host}}")]), echo);
    sim.save("chain", &document.to_string());
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));

    let first = sim.stage(0);
    assert_eq!(first.phase, StagePhase::Passed);
    assert_eq!(first.captures, [("token".to_owned(), "\"{{secret.key}}\"".to_owned())]);
    let attempts = sim.attempts();
    let redirected = attempts[0].redirected_to.as_deref();
    assert_eq!(redirected, Some("http://dev.example/login?token={{secret.key}}"));
    let second = sim.stage(1);
    assert_eq!(second.phase, StagePhase::Failed);
    let failed: Vec<String> = readings(&sim.attempts()[1]);
    assert_eq!(failed, ["pass", "pass", "fail"], "what is hidden is compared as it is");
    let evidence = format!("{:?}", sim.evidence(1, 1).unwrap());
    assert!(evidence.contains("{{secret.key}}"));
    assert_eq!(sim.command(matrix()).map(|_| ()), Ok(()));
    check_hidden(&mut sim, VALUE);
}

fn matrix() -> Command {
    Command::Matrix { run: run_id("run"), reference: None }
}

fn readings(attempt: &baton_engine::protocol::AttemptView) -> Vec<String> {
    let word = |reading: &baton_engine::protocol::ReadingView| format!("{:?}", reading.verdict);
    attempt.readings.read().unwrap().iter().map(word).map(|word| word.to_lowercase()).collect()
}

#[test]
fn what_a_browser_says_of_a_failed_request_is_hidden_too() {
    let mut sim = sim(json!([with_key("a", "{{host}}/a")]), |_| {
        let message = format!("Failed to parse the header {VALUE}");
        Answer::NoResponse(Diagnosis::BadAddress { message })
    });
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));
    let reason = sim.stage(0).reason.unwrap().sentence(Locale::En);
    assert_eq!(reason, "the address can't be called: Failed to parse the header {{secret.key}}");
    check_hidden(&mut sim, VALUE);
}

#[test]
fn a_capture_that_was_hidden_is_never_sent_as_the_secret() {
    let mut second = json!({"name": "b", "request": {"url": "https://evil.example/{{token}}"}});
    second["request"]["headers"] = json!({"x": "{{token}}"});
    let mut first = with_key("a", "{{host}}/a");
    first["captures"] = json!({"token": {"jsonpath": "$.token"}});
    let mut sim = sim(json!([first, second]), |_| ok(&json!({"token": VALUE}).to_string()));
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));
    let sent = format!("{:?}", sim.requests[1].1.request);
    assert!(
        sent.contains("{{secret.key}}") && forms(VALUE).iter().all(|form| !sent.contains(form))
    );
}

#[test]
fn a_host_that_is_captured_is_looked_at_before_each_request() {
    let mut first = json!({"name": "a", "request": {"url": "{{host}}/a"}});
    first["captures"] = json!({"next": {"jsonpath": "$.next"}});
    let stages = json!([first, with_key("b", "{{next}}/b")]);
    let mut sim = sim(stages, |_| ok(r#"{"next": "https://evil.example"}"#));
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));
    assert_eq!((sim.run().phase, sim.requests.len()), (RunPhase::Blocked, 1));
    assert_eq!(
        sim.stage(1).reason.unwrap().sentence(Locale::En),
        "the secret \"key\" may not go to https://evil.example; allow that, or change the address"
    );
    set(&mut sim, "key", None, &["https://evil.example"]).unwrap();
    assert_eq!(sim.command(Command::ResumeRun { run: run_id("run") }), Ok(Reply::Ok));
    sim.advance(secs(15));
    assert_eq!(sim.run().phase, RunPhase::Passed);
}

#[test]
fn a_secret_that_is_removed_blocks_its_run_until_it_is_entered_again() {
    let mut stage = with_key("a", "{{host}}/a");
    stage["checks"] = json!([{"source": {"jsonpath": "$.ok"}, "op": "equals", "value": true}]);
    let mut asked = 0;
    let mut sim = sim(json!([stage]), move |_| {
        asked += 1;
        ok(&json!({"echo": "first value", "ok": (asked > 1).then_some(true)}).to_string())
    });
    set(&mut sim, "key", Some("first value"), &["http://dev.example"]).unwrap();
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));
    remove(&mut sim, "key");
    sim.advance(secs(10));
    assert_eq!((sim.run().phase, sim.requests.len()), (RunPhase::Blocked, 1));
    assert_eq!(
        sim.stage(0).reason.unwrap().sentence(Locale::En),
        "the secret \"key\" for http://dev.example has no value; enter it"
    );
    set(&mut sim, "key", Some("second value"), &["http://dev.example"]).unwrap();
    sim.command(Command::ResumeRun { run: run_id("run") }).unwrap();
    sim.advance(secs(15));
    assert_eq!(sim.run().phase, RunPhase::Passed);
    assert_eq!(sim.requests[1].1.request.headers[0].1, "second value");
    // The system still answers with the one that it knew.
    check_hidden(&mut sim, "first value");
    check_hidden(&mut sim, "second value");
}

#[test]
fn a_request_that_is_sent_once_waits_for_its_secret() {
    let mut first = json!({"name": "a", "request": {"url": "{{host}}/a"}});
    first["captures"] = json!({"next": {"jsonpath": "$.next"}});
    let mut second = with_key("b", "{{next}}/b");
    second["once"] = json!(true);
    let mut sim = sim(json!([first, second]), |_| ok(r#"{"next": "https://api.example"}"#));
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    start(&mut sim, None).unwrap();
    sim.advance(secs(5));
    assert_eq!(sim.run().phase, RunPhase::Blocked);
    set(&mut sim, "key", None, &["https://api.example"]).unwrap();
    sim.command(Command::ResumeRun { run: run_id("run") }).unwrap();
    sim.advance(secs(15));
    assert_eq!((sim.run().phase, sim.times("/b").len()), (RunPhase::Passed, 1));
    check_hidden(&mut sim, VALUE);
}

#[test]
fn secrets_belong_to_an_environment_and_outlive_the_engine() {
    let mut sim = sim(json!([with_key("a", "{{host}}/a")]), |_| ok("{}"));
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    let (wants, _) = lacking(start(&mut sim, Some("prod")));
    assert!(!wants[0].is_set);
    sim.crash();
    let view = SecretView {
        environment: "dev".into(),
        name: "key".into(),
        origins: vec!["http://dev.example".into()],
    };
    assert_eq!(sim.snapshot().secrets, [view]);
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));
    assert_eq!(sim.requests[0].1.request.headers[0].1, VALUE);
    remove(&mut sim, "key");
    assert_eq!(sim.snapshot().secrets, []);
    assert_eq!(sim.store.rows(Table::Secrets).count(), 0);
    sim.crash();
    assert!(!lacking(start(&mut sim, None)).0[0].is_set);
}

#[test]
fn what_could_not_be_told_from_other_text_is_no_secret() {
    let mut sim = sim(json!([with_key("a", "{{host}}/a")]), |_| ok("{}"));
    for value in ["", "123", "two\nlines", &"x".repeat(4097)] {
        assert_eq!(set(&mut sim, "key", Some(value), &[]), Err(Refusal::NoSecret), "{value}");
    }
    for name in ["", "a.b", "a/b", &"x".repeat(65)] {
        assert_eq!(set(&mut sim, name, Some(VALUE), &[]), Err(Refusal::NoSecret), "{name}");
    }
    assert_eq!(set(&mut sim, "key", None, &[]), Err(Refusal::NoSecret), "there is none to keep");
    assert_eq!(
        Refusal::NoSecret.sentence(Locale::En),
        "a secret has 4 to 4096 characters on one line; a shorter one could not be told from other text"
    );
    assert_eq!(sim.snapshot().secrets, []);
}

#[test]
fn a_demo_gets_the_mark_and_needs_no_secret() {
    let mut sim = sim(json!([with_key("a", "demo:///a")]), |_| ok("{}"));
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));
    assert_eq!(sim.requests[0].1.request.headers[0].1, "{{secret.key}}");
}

#[test]
fn the_environment_that_is_chosen_is_kept_and_is_the_one_of_every_start() {
    let choose = |sim: &mut Sim, environment: &str| {
        let environment = environment.to_owned();
        sim.command(Command::ChooseEnvironment { chain: chain_id(), environment })
    };
    let mut sim = sim(json!([{"name": "a", "request": {"url": "{{host}}/a"}}]), |_| ok("{}"));
    let chosen = |sim: &mut Sim| sim.snapshot().chains[0].environment.clone();
    assert_eq!(chosen(&mut sim).as_deref(), Some("dev"), "the first");
    assert_eq!(choose(&mut sim, "test"), Err(Refusal::UnknownEnvironment("test".into())));
    assert_eq!(choose(&mut sim, "prod"), Ok(Reply::Ok));
    sim.crash();
    assert_eq!(chosen(&mut sim).as_deref(), Some("prod"));
    assert_eq!(start(&mut sim, None), Ok(Reply::Ok));
    sim.advance(secs(5));
    assert_eq!(sim.requests[0].1.request.url, "https://prod.example/a");
    assert_eq!(sim.run().environment.as_deref(), Some("prod"));
    // A document without it has lost the choice.
    let mut other = document(json!([{"name": "a", "request": {"url": "{{base}}/a"}}]));
    other["environments"] = json!({"dev": {"host": "http://dev.example"}});
    sim.save("chain", &other.to_string());
    assert_eq!(chosen(&mut sim).as_deref(), Some("dev"));
}

#[test]
fn a_scheduled_start_without_its_secret_is_refused_and_says_so() {
    let mut document = document(json!([with_key("a", "{{host}}/a")]));
    document["schedule"] = json!({"type": "interval", "seconds": 100});
    let mut sim = sim(json!([with_key("a", "{{host}}/a")]), |_| ok("{}"));
    sim.save("chain", &document.to_string());
    sim.command(Command::ArmSchedule { chain: chain_id(), armed: true }).unwrap();
    sim.advance(secs(150));
    let refused = |sim: &mut Sim| {
        let schedule = sim.snapshot().chains[0].schedule.clone().unwrap();
        schedule.refused.map(|refused| refused.read().unwrap().sentence(Locale::En))
    };
    let want = "the secret \"key\" for http://dev.example has no value in the environment \"dev\"; enter it";
    assert_eq!(refused(&mut sim).as_deref(), Some(want));
    assert!(sim.snapshot().runs.is_empty());
    sim.crash();
    assert_eq!(refused(&mut sim).as_deref(), Some(want), "whoever comes later sees it too");
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    sim.advance(secs(100));
    assert_eq!((refused(&mut sim), sim.snapshot().runs.len()), (None, 1));
    check_hidden(&mut sim, VALUE);
}

#[test]
fn a_retry_asks_for_secrets_too() {
    let mut sim = sim(json!([with_key("a", "{{host}}/a")]), |_| status(400, "{}"));
    set(&mut sim, "key", Some(VALUE), &["http://dev.example"]).unwrap();
    start(&mut sim, None).unwrap();
    sim.advance(secs(5));
    assert_eq!(sim.run().phase, RunPhase::Failed);
    remove(&mut sim, "key");
    let retry = Command::RetryRun { run: run_id("retry"), from: run_id("run"), stage: 0 };
    assert_eq!(lacking(sim.command(retry)).0[0].name, "key");
}
