//! The browser's clock and timers: the only file that reads the one and sets the other.
//!
//! Dropping a timer cancels it.

use std::time::Duration;

use baton_engine::time::Timestamp;
use leptos::leptos_dom::helpers::{
    IntervalHandle, TimeoutHandle, set_interval_with_handle, set_timeout_with_handle,
};

/// What the wall clock says.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds of any real clock fit")]
pub fn now() -> Timestamp {
    Timestamp::from_ms(js_sys::Date::now() as i64)
}

/// Calls back once, unless it is dropped before.
pub struct Timeout(Option<TimeoutHandle>);

impl Timeout {
    /// Calls `back` after `delay`.
    pub fn after(delay: Duration, back: impl FnOnce() + 'static) -> Self {
        Self(set_timeout_with_handle(back, delay).ok())
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        if let Some(handle) = self.0 {
            handle.clear();
        }
    }
}

/// Calls back again and again until it is dropped.
pub struct Interval(Option<IntervalHandle>);

impl Interval {
    /// Calls `back` every `period`.
    pub fn every(period: Duration, back: impl Fn() + 'static) -> Self {
        Self(set_interval_with_handle(back, period).ok())
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        if let Some(handle) = self.0 {
            handle.clear();
        }
    }
}
