//! A lock goes from one holder to the next.

use std::rc::Rc;

use baton_engine_web::lock::{Ask, Lock, LockEvent};
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Inbox;

fn request(name: &str) -> (Lock, Rc<Inbox<LockEvent>>) {
    let events = Inbox::new();
    let inbox = Rc::clone(&events);
    (Lock::request(name, Ask::InTurn, move |event| inbox.push(event)).unwrap(), events)
}

/// Whether the lock is free, as the browser says.
async fn is_free(name: &str) -> bool {
    let script =
        format!("navigator.locks.request('{name}', {{ifAvailable: true}}, lock => lock !== null)");
    let promise: Promise = js_sys::eval(&script).unwrap().into();
    JsFuture::from(promise).await.unwrap().as_bool().unwrap()
}

#[wasm_bindgen_test]
async fn a_dropped_lock_goes_to_the_next() {
    let (first, told_first) = request("handover");
    assert_eq!(told_first.next().await, LockEvent::Granted);
    let (second, told_second) = request("handover");
    assert!(!is_free("handover").await);
    assert!(told_second.is_empty());
    drop(first);
    assert_eq!(told_second.next().await, LockEvent::Granted);
    drop(second);
    assert!(told_first.is_empty());
}

#[wasm_bindgen_test]
async fn a_request_that_is_dropped_is_taken_back() {
    let (held, told) = request("taken-back");
    assert_eq!(told.next().await, LockEvent::Granted);
    let (waiting, told_waiting) = request("taken-back");
    drop(waiting);
    drop(held);
    let (next, told_next) = request("taken-back");
    assert_eq!(told_next.next().await, LockEvent::Granted);
    assert!(told_waiting.is_empty());
    drop(next);
    let (last, told_last) = request("taken-back");
    assert_eq!(told_last.next().await, LockEvent::Granted);
    drop(last);
}

#[wasm_bindgen_test]
async fn a_stolen_lock_is_told() {
    let (_robbed, told) = request("stolen");
    assert_eq!(told.next().await, LockEvent::Granted);
    let steal = js_sys::eval("navigator.locks.request('stolen', {steal: true}, () => {})").unwrap();
    JsFuture::from(Promise::from(steal)).await.unwrap();
    assert_eq!(told.next().await, LockEvent::Lost);
}
