//! A page that is gone is found by its lock.

use std::rc::Rc;

use baton_engine::id::ClientId;
use baton_engine_web::presence::{Presence, hold};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Inbox, turn};

fn page(name: &str) -> ClientId {
    ClientId::try_from(name).unwrap()
}

fn watch(presence: &Presence, name: &str) -> Rc<Inbox<ClientId>> {
    let gone = Inbox::new();
    let inbox = Rc::clone(&gone);
    presence.watch(page(name), move |page| inbox.push(page));
    gone
}

#[wasm_bindgen_test]
async fn a_page_is_gone_when_it_lets_its_lock_go_and_may_be_watched_again() {
    let held = hold("gone", &page("a")).unwrap();
    let presence = Presence::among("gone".into(), Some(page("own")));
    let gone = watch(&presence, "a");
    let twice = watch(&presence, "a");
    turn().await;
    assert!(gone.is_empty());
    drop(held);
    assert_eq!(gone.next().await, page("a"));
    turn().await;
    assert!(twice.is_empty(), "watched once");
    assert_eq!(watch(&presence, "a").next().await, page("a"), "it is still gone");
}

#[wasm_bindgen_test]
async fn a_worker_does_not_watch_its_own_page_nor_any_when_it_is_alone() {
    let own = Presence::among("own".into(), Some(page("own")));
    let alone = Presence::alone();
    let told = [watch(&own, "own"), watch(&alone, "other")];
    turn().await;
    turn().await;
    assert!(told.iter().all(|told| told.is_empty()));
}
