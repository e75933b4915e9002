//! Finds that a page is gone: each holds a lock of its own for as long as it lives, and whoever wants
//! to know waits for it. Knows no job.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use baton_engine::id::ClientId;

use crate::browser::spawn;
use crate::lock::{Ask, Lock, LockEvent, NoLocks};

/// Holds a page's own lock, until it is dropped.
///
/// # Errors
///
/// [`NoLocks`] outside of a secure context.
pub fn hold(namespace: &str, page: &ClientId) -> Result<Lock, NoLocks> {
    Lock::request(&lock_name(namespace, page), Ask::InTurn, |_granted_or_lost| {})
}

/// Which pages are watched, and how.
#[derive(Clone)]
pub struct Presence(Option<Rc<Watch>>);

struct Watch {
    namespace: String,
    /// It goes with this worker, so there is nothing to be found.
    own: Option<ClientId>,
    watched: RefCell<Vec<(ClientId, Lock)>>,
}

impl Presence {
    /// Of a worker that shares nothing with other tabs.
    pub fn alone() -> Self {
        Self(None)
    }

    /// Of a worker among others.
    pub fn among(namespace: String, own: Option<ClientId>) -> Self {
        Self(Some(Rc::new(Watch { namespace, own, watched: RefCell::default() })))
    }

    /// Says once when this page is gone. Watching it twice is watching it once.
    pub fn watch(&self, page: ClientId, gone: impl Fn(ClientId) + 'static) {
        let Some(watch) = &self.0 else { return };
        let known = watch.watched.borrow().iter().any(|(known, _)| *known == page);
        if known || watch.own.as_ref() == Some(&page) {
            return;
        }
        let (me, of) = (Rc::downgrade(watch), page.clone());
        let requested =
            Lock::request(&lock_name(&watch.namespace, &page), Ask::InTurn, move |event| {
                if event == LockEvent::Granted {
                    release(&me, &of);
                    gone(of.clone());
                }
            });
        // Without locks nobody leads among tabs, so there is nobody to ask.
        if let Ok(lock) = requested {
            watch.watched.borrow_mut().push((page, lock));
        }
    }
}

/// Lets a page's lock go again. It must not be dropped from within its own grant.
fn release(watch: &Weak<Watch>, page: &ClientId) {
    let (watch, page) = (watch.clone(), page.clone());
    spawn(Box::pin(async move {
        if let Some(watch) = watch.upgrade() {
            let mut watched = watch.watched.borrow_mut();
            if let Some(place) = watched.iter().position(|(known, _)| *known == page) {
                let gone = watched.swap_remove(place);
                drop(watched);
                drop(gone);
            }
        }
    }));
}

fn lock_name(namespace: &str, page: &ClientId) -> String {
    [namespace, "-page-", page.as_str()].concat()
}
