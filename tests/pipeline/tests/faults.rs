//! Each fault, set by control and carried by an event.

mod common;

use common::{ASK_EACH, Lab, PURCHASE};
use pipeline::{Method, Options, Request, Response};

/// The purchase with these faults of its own.
fn carrying(faults: &str) -> String {
    PURCHASE.replace("\"event_id\"", &format!("\"faults\":{faults},\"event_id\""))
}

/// What each system answers a minute on, with a fault set by control or carried by the event: the same.
fn answers(fault: &str) -> Vec<(&'static str, String)> {
    let by_system = |fault: &str| {
        let entries: Vec<String> =
            ASK_EACH.iter().map(|(system, _)| format!("\"{system}\":[{fault}]")).collect();
        format!("{{{}}}", entries.join(","))
    };
    let mut steered = Lab::new(Options::default());
    steered.faults(&by_system(fault));
    steered.send(PURCHASE);
    let mut own = Lab::new(Options::default());
    own.send(&carrying(&by_system(fault)));
    let mut answers = Vec::new();
    for (system, target) in ASK_EACH {
        (steered.ms, own.ms) = (59_000, 59_000);
        let (steered, own) = (steered.get(target), own.get(target));
        let own_text = own.text().replace(&by_system(fault), "{}");
        // The collector shows the parameters as they came, and so the event's own faults.
        let own_text = own_text.replace("\"faults\":{},", "");
        assert_eq!(steered.text(), own_text, "{system}");
        answers.push((system, own_text));
    }
    answers
}

fn check(fault: &str, want: [&str; 5]) {
    for ((system, answer), want) in answers(fault).into_iter().zip(want) {
        assert!(answer.contains(want), "{fault} at {system}: {answer}\nhas no {want}");
    }
}

#[test]
fn lost_events_never_show_and_late_ones_not_yet() {
    for fault in ["\"lost\"", "\"late\""] {
        check(fault, ["[]", r#""result":[]"#, r#""value":0"#, r#""rows":0"#, r#""rows":[]"#]);
    }
}

#[test]
fn late_events_come_in_the_end() {
    let mut lab = Lab::new(Options::default());
    lab.send(&carrying(r#"{"report":["late"],"collector":[{"fault":"late","by_ms":5000}]}"#));
    let good = |lab: &mut Lab, ms| {
        lab.ms = ms;
        lab.json("/micro/all")["good"].as_u64().unwrap()
    };
    assert_eq!((good(&mut lab, 5999), good(&mut lab, 6000)), (0, 1));
    let rows = |lab: &mut Lab, ms| {
        lab.ms = ms;
        lab.json("/report/events.json")["rows"].as_array().unwrap().len()
    };
    assert_eq!((rows(&mut lab, 71_999), rows(&mut lab, 72_000)), (0, 1));
}

#[test]
fn duplicates_show_twice() {
    check(
        "\"duplicate\"",
        [
            r#"}},"incomplete":false},{"rawEvent""#,
            r#","2"]"#,
            r#""_id":"1-2""#,
            r#""rows":2"#,
            r#"},{"event_id":"4f1c""#,
        ],
    );
}

#[test]
fn amounts_are_rounded_in_the_type_they_have() {
    check(
        "\"rounded\"",
        [
            r#""event":"purchase","amount":20,"currency""#,
            r#""amount":"20""#,
            r#""amount":20,"#,
            r#""amount":"20""#,
            r#""amount":20,"#,
        ],
    );
}

#[test]
fn instants_are_shifted() {
    check(
        "\"shifted_zone\"",
        [
            r#""derived_tstamp":"2026-11-23T20:00:00.000Z""#,
            r#""occurred_at":"2026-11-23T20:00:00.000Z""#,
            r#""occurred_at":"2026-11-23T20:00:00.000Z""#,
            r#""ts":"2026-11-23 20:00:00""#,
            r#""day":"2026-11-23""#,
        ],
    );
    let mut lab = Lab::new(Options::default());
    lab.faults(r#"{"report":["shifted_zone"]}"#);
    lab.send(&PURCHASE.replace("12:00:00", "16:00:00"));
    lab.ms = 60_000;
    assert!(lab.get("/report/events.json").text().contains(r#""day":"2026-11-24""#));
}

#[test]
fn case_is_changed_and_the_id_still_found() {
    check(
        "\"changed_case\"",
        [
            r#""event_id":"4F1C","event_name":"Purchase""#,
            r#""event_id":"4F1C","event":"Purchase""#,
            r#""event_id":"4F1C","event":"Purchase""#,
            r#""event_id":"4F1C","event":"Purchase""#,
            r#""event_id":"4F1C","event":"Purchase""#,
        ],
    );
}

#[test]
fn faults_add_up() {
    let mut lab = Lab::new(Options::default());
    lab.faults(r#"{"warehouse":["rounded","duplicate"]}"#);
    lab.send(&carrying(r#"{"warehouse":["changed_case"]}"#));
    lab.ms = 60_000;
    let answer = lab.json("/clickhouse?query=SELECT+*+FROM+e+FORMAT+JSON");
    assert_eq!((&answer["rows"], &answer["data"][1]["event_id"]), (&2.into(), &"4F1C".into()));
    assert_eq!(answer["data"][0]["amount"], "20");
}

#[test]
fn a_data_fault_for_a_while_heals() {
    let mut lab = Lab::new(Options::default());
    lab.send(&carrying(r#"{"warehouse":[{"fault":"rounded","for_ms":1000}]}"#));
    let amount = |lab: &mut Lab, ms| {
        lab.ms = ms;
        lab.json("/clickhouse?query=SELECT+*+FROM+e+FORMAT+JSON")["data"][0]["amount"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(amount(&mut lab, 8999), None);
    assert_eq!(amount(&mut lab, 9000).as_deref(), Some("20"));
    assert_eq!(amount(&mut lab, 10_000).as_deref(), Some("19.90"));
}

#[test]
fn a_data_fault_may_hit_the_first_events_only() {
    let mut lab = Lab::new(Options::default());
    lab.faults(r#"{"report":[{"fault":"lost","times":2}]}"#);
    for id in ["a", "b", "c"] {
        lab.send(&format!(r#"{{"event_id":"{id}"}}"#));
    }
    lab.ms = 60_000;
    let rows = lab.json("/report/events.json");
    assert_eq!(rows["rows"].as_array().unwrap().len(), 1);
    assert_eq!(rows["rows"][0]["event_id"], "c");
}

#[test]
fn a_rate_is_decided_by_the_seed_and_the_id() {
    let survivors = |seed: u64| {
        let mut lab = Lab::new(Options { seed: pipeline::Seed::new(seed), ..Options::default() });
        lab.faults(r#"{"report":[{"fault":"lost","rate":0.5}]}"#);
        for id in 0..200 {
            lab.send(&format!(r#"{{"event_id":"{id}"}}"#));
        }
        lab.ms = 60_000;
        lab.get("/report/events.json").text().into_owned()
    };
    let count = survivors(1).matches("event_id").count();
    assert!((70..130).contains(&count), "{count} of 200");
    assert_eq!(survivors(1), survivors(1));
    assert_ne!(survivors(1), survivors(2));
}

#[test]
fn server_errors_and_login_pages_for_the_first_answers() {
    for (system, target) in ASK_EACH {
        let mut lab = Lab::new(Options::default());
        lab.faults(&format!(
            r#"{{"{system}":[{{"fault":"server_error","times":2}},{{"fault":"login_page","times":1}}]}}"#
        ));
        let seen: Vec<(u16, bool)> = (0..4)
            .map(|_| {
                let answer = lab.get(target);
                (answer.status, answer.text().contains("<html"))
            })
            .collect();
        assert_eq!(seen, [(503, false), (503, false), (200, true), (200, false)], "{system}");
    }
}

#[test]
fn a_hang_never_answers() {
    for (system, target) in ASK_EACH {
        let mut lab = Lab::new(Options::default());
        lab.faults(&format!(r#"{{"{system}":[{{"fault":"hang","times":1}}]}}"#));
        assert_eq!(lab.handle(&Request::new(Method::Get, target)), Response::Hang, "{system}");
        assert_eq!(lab.get(target).status, 200, "{system}");
    }
}

#[test]
fn answer_faults_end() {
    let mut lab = Lab::new(Options::default());
    lab.ms = 5000;
    lab.faults(r#"{"report":[{"fault":"server_error","for_ms":1000}]}"#);
    for (ms, status) in [(5000, 503), (5999, 503), (6000, 200)] {
        lab.ms = ms;
        assert_eq!(lab.get("/report/events.json").status, status, "{ms}");
    }
}

#[test]
fn an_events_own_answer_faults_spoil_what_names_it() {
    for (system, target) in ASK_EACH {
        let mut lab = Lab::new(Options::default());
        lab.send(&carrying(&format!(
            r#"{{"{system}":[{{"fault":"server_error","for_ms":20000}}]}}"#
        )));
        assert_eq!(lab.get(target).status, 503, "{system}: already before the event is there");
        assert_eq!(lab.get(&target.replace("4f1c", "other")).status, 200, "{system}");
        lab.ms = 20_000;
        assert_eq!(lab.get(target).status, 200, "{system}");
    }
}

#[test]
fn without_cors_headers_neither_answer_nor_preflight_can_be_read() {
    for (system, target) in ASK_EACH {
        let mut lab = Lab::new(Options::default());
        let preflight =
            Request::new(Method::Options, target).with_header("origin", "http://page.example");
        let allowed = |lab: &mut Lab, request: &Request| {
            lab.answer(request).header("access-control-allow-origin").is_some()
        };
        assert!(
            allowed(&mut lab, &preflight) && allowed(&mut lab, &Request::new(Method::Get, target)),
            "{system}"
        );
        lab.faults(&format!(r#"{{"{system}":["no_cors"]}}"#));
        assert!(!allowed(&mut lab, &preflight), "{system}");
        assert!(!allowed(&mut lab, &Request::new(Method::Get, target)), "{system}");
        assert_eq!(lab.get(target).status, 200, "{system}");
    }
}

#[test]
fn a_preflight_uses_up_no_server_error() {
    let mut lab = Lab::new(Options::default());
    lab.faults(r#"{"report":[{"fault":"server_error","times":1}]}"#);
    assert_eq!(lab.answer(&Request::new(Method::Options, "/report/events.json")).status, 204);
    assert_eq!(lab.get("/report/events.json").status, 503);
}

#[test]
fn the_intake_refuses_or_keeps_silent() {
    let good = |lab: &mut Lab| {
        lab.ms = 60_000;
        lab.json("/micro/all")["good"].as_u64()
    };
    let check = |fault: &str, status: Option<u16>, want: u64| {
        let mut lab = Lab::new(Options::default());
        lab.faults(&format!(r#"{{"intake":["{fault}"]}}"#));
        let request = Request::new(Method::Post, "/events").with_body(PURCHASE);
        let seen = match lab.handle(&request) {
            Response::Answer(answer) => Some(answer.status),
            Response::Hang => None,
        };
        assert_eq!((seen, good(&mut lab)), (status, Some(want)), "{fault}");
    };
    check("server_error", Some(503), 0);
    check("login_page", Some(200), 0);
    check("hang", None, 1);
    check("no_cors", Some(202), 1);

    let mut lab = Lab::new(Options::default());
    let request =
        Request::new(Method::Post, "/events").with_body(carrying(r#"{"intake":["hang"]}"#));
    assert_eq!(lab.handle(&request), Response::Hang);
    assert_eq!(good(&mut lab), Some(1));
}
