//! A value that is followed as a whole. Its readers learn that it has changed, by one type of signal whatever
//! it is: a signal of each type would be code for each.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use leptos::prelude::*;

/// A value. A handle: clones are the same.
pub(super) struct Held<T> {
    value: Rc<RefCell<T>>,
    changes: ArcRwSignal<u32>,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), changes: self.changes.clone() }
    }
}

impl<T> Held<T> {
    pub(super) fn new(value: T) -> Self {
        Self { value: Rc::new(RefCell::new(value)), changes: ArcRwSignal::new(0) }
    }

    /// The value. Followed.
    pub(super) fn read(&self) -> Ref<'_, T> {
        self.changes.track();
        self.value.borrow()
    }

    /// The value, not followed.
    pub(super) fn peek(&self) -> Ref<'_, T> {
        self.value.borrow()
    }

    /// Puts another value in its place.
    pub(super) fn put(&self, value: T) {
        self.value.replace(value);
        self.changes.update(|changes| *changes = changes.wrapping_add(1));
    }
}
