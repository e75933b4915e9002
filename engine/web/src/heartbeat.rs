//! Tells a leader that lives from one that is frozen: a browser that freezes a page keeps its locks,
//! and nobody else would ever lead. Holds no lock.
//!
//! Silence is counted in ticks of the follower's own: a computer that slept has had none.

use std::cell::Cell;

use gloo_timers::callback::Interval;
use wasm_bindgen::JsValue;

/// How often a leader says that it lives, in milliseconds.
const TICK_MS: u32 = 2000;

/// After how many silent ticks a leader is taken for frozen: longer than any work keeps one busy.
pub const MOST_SILENT_TICKS: u32 = 6;

/// What a leader says at each tick.
const BEAT: &str = "{\"beat\":true}";

/// The ticks of one worker, and for how many of them it has heard nothing. Dropping it ends them.
pub(crate) struct Heartbeat {
    silent: Cell<u32>,
    _ticks: Interval,
}

impl Heartbeat {
    /// Ticks from now on.
    pub(crate) fn start(tick: impl Fn() + 'static) -> Self {
        Self { silent: Cell::new(0), _ticks: Interval::new(TICK_MS, tick) }
    }

    /// A leader was heard.
    pub(crate) fn heard(&self) {
        self.silent.set(0);
    }

    /// Counts a tick, and answers whether the leader is to be robbed. Then it starts anew.
    pub(crate) fn is_frozen(&self) -> bool {
        let silent = self.silent.get() + 1;
        let frozen = silent > MOST_SILENT_TICKS;
        self.silent.set(if frozen { 0 } else { silent });
        frozen
    }
}

/// What a leader posts at each tick.
pub(crate) fn beat() -> JsValue {
    JsValue::from_str(BEAT)
}

/// Whether a message is a leader's tick. Looked at where it is: an event may be long.
pub(crate) fn is_beat(message: &JsValue) -> bool {
    *message == beat()
}
