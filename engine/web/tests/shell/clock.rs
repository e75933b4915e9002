//! The timer's clamp, and a test clock on its way.

use std::time::Duration;

use baton_engine::protocol::{self, Pace};
use baton_engine::time::{Now, Timestamp};
use baton_engine_web::clock::{Clock, Journey, MAX_JOURNEYS, Step, TestClock, UnderWay};
use baton_engine_web::timer::wait_ms;
use wasm_bindgen_test::wasm_bindgen_test;

const IDLE: UnderWay = UnderWay { store: false, calls: false };

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

fn journey(ms: u64) -> Journey {
    Journey { span: Duration::from_millis(ms), pace: Pace::Awake }
}

#[wasm_bindgen_test]
fn waits_are_clamped() {
    let check = |until, wait| assert_eq!(wait_ms(at(1_000), at(until)), wait, "until {until}");
    check(1_250, 250);
    check(1_000, 1);
    check(0, 1);
    check(61_000, 60_000);
    check(61_001, 60_000);
    check(1_000 + (1 << 31), 60_000);
    check(i64::MAX, 60_000);
}

#[wasm_bindgen_test]
fn the_real_clock_goes_by_both_clocks_of_the_browser() {
    let clock = Clock::new(protocol::Clock::Real);
    let (first, second) = (clock.now(), clock.now());
    assert!(first.wall > at(1_700_000_000_000));
    assert!(second.monotonic >= first.monotonic);
}

#[wasm_bindgen_test]
fn a_test_clock_stands_until_it_is_moved() {
    let clock = Clock::new(protocol::Clock::Test { start_ms: 5 });
    assert_eq!(clock.now(), Now { wall: at(5), monotonic: Duration::ZERO });
    assert_eq!(TestClock::new(5).step(Some(at(9)), IDLE), Step::Stands);
}

#[wasm_bindgen_test]
fn a_test_clock_stops_at_each_deadline_and_at_its_target() {
    let clock = TestClock::new(0);
    clock.set_out(journey(100)).unwrap();
    assert_eq!(clock.step(Some(at(40)), IDLE), Step::Moved);
    assert_eq!(clock.step(Some(at(100)), IDLE), Step::Moved);
    assert_eq!(clock.step(Some(at(500)), IDLE), Step::Arrived(at(100)));
    assert_eq!(clock.step(Some(at(500)), IDLE), Step::Stands);
}

#[wasm_bindgen_test]
fn a_test_clock_waits_for_the_store_and_for_calls() {
    let clock = TestClock::new(0);
    clock.set_out(Journey { span: Duration::from_millis(10), pace: Pace::ThroughCalls }).unwrap();
    clock.set_out(journey(10)).unwrap();
    assert_eq!(clock.step(None, UnderWay { store: true, calls: false }), Step::Stands);
    let calls = UnderWay { store: false, calls: true };
    assert_eq!(clock.step(None, calls), Step::Moved);
    assert_eq!(clock.step(None, calls), Step::Arrived(at(10)));
    assert_eq!(clock.step(None, calls), Step::Stands);
    assert_eq!(clock.step(None, IDLE), Step::Moved);
    assert_eq!(clock.step(None, IDLE), Step::Arrived(at(20)));
}

#[wasm_bindgen_test]
fn a_deadline_gone_by_does_not_hold_a_test_clock() {
    let clock = TestClock::new(100);
    clock.set_out(journey(2)).unwrap();
    assert_eq!(clock.step(Some(at(7)), IDLE), Step::Moved);
    assert_eq!(clock.step(Some(at(7)), IDLE), Step::Moved);
    assert_eq!(clock.step(Some(at(7)), IDLE), Step::Arrived(at(102)));
}

#[wasm_bindgen_test]
fn journeys_are_limited() {
    let clock = TestClock::new(0);
    for _ in 0..MAX_JOURNEYS {
        clock.set_out(journey(1)).unwrap();
    }
    clock.set_out(journey(1)).unwrap_err();
}

#[wasm_bindgen_test]
fn a_sleep_passes_by_whatever_was_due() {
    let clock = TestClock::new(0);
    clock.set_out(Journey { span: Duration::from_millis(100), pace: Pace::Asleep }).unwrap();
    assert_eq!(clock.step(Some(Timestamp::from_ms(10)), IDLE), Step::Moved);
    // What was due at 10 is done now, and so the engine sleeps until later.
    let until = Some(Timestamp::from_ms(200));
    assert_eq!(clock.step(until, IDLE), Step::Arrived(Timestamp::from_ms(100)));
}
