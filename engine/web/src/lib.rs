//! The browser shell of the engine, inside a dedicated worker: timers, requests, IndexedDB, locks,
//! tabs. Decides nothing about chains or runs.
//!
//! `www/worker.js` loads this module, makes one [`EngineWorker`] and hands it every message.
//!
//! Where to start: [`worker::Worker`] is the worker's life among its tabs; [`pump::Pump`] is the one
//! loop that drives the engine, and has the one match over what it asks for. The modules are public
//! for the tests in `tests/`; the interface for JavaScript is this file.

mod browser;
pub mod calls;
pub mod clock;
pub mod demo;
pub mod diagnosis;
pub mod fetch;
pub mod heartbeat;
pub mod idb;
pub mod language;
pub mod lock;
pub mod port;
pub mod presence;
pub mod proxy;
pub mod pump;
pub mod store;
mod tabs;
pub mod timer;
pub mod worker;

use std::rc::Rc;

use baton_engine::chain::request_said;
use baton_engine::protocol::{Call, Transport};
use js_sys::{Function, Promise};
#[cfg(target_family = "wasm")]
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    /// What the worker's script does for us.
    #[derive(Clone, Debug)]
    pub type Host;
    /// Posts a message to the page.
    #[wasm_bindgen(method)]
    fn post(this: &Host, message: &JsValue);
    /// Tells the page that this module panicked, and ends the worker.
    #[wasm_bindgen(method)]
    fn crash(this: &Host, message: &str);
    /// Loads the demo pipeline with a seed; a promise of a [`demo::Demo`].
    #[wasm_bindgen(method)]
    fn demo(this: &Host, seed: &str) -> Promise;
    /// Loads the language of chains; a promise of a [`language::Verify`].
    #[wasm_bindgen(method, catch)]
    fn language(this: &Host) -> Result<Promise, JsValue>;
}

/// Small, for a module that every page waits for.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

thread_local! {
    /// Who is told of a panic: its hook can own nothing of JavaScript's.
    static WITNESS: std::cell::OnceCell<Host> = const { std::cell::OnceCell::new() };
}

/// The engine's worker, for JavaScript.
#[wasm_bindgen]
pub struct EngineWorker(Rc<worker::Worker>);

#[wasm_bindgen]
impl EngineWorker {
    /// A worker that waits for its first message.
    #[wasm_bindgen(constructor)]
    pub fn new(host: Host) -> Self {
        watch_for_panics(&host);
        Self(worker::Worker::new(host))
    }

    /// Takes a message of the page.
    pub fn receive(&self, message: &JsValue) {
        self.0.receive(message);
    }

    /// Sends a request besides the engine's, for a stage that is tried: `request` is what the language said, and
    /// what became of it is called back as JSON text. False when nothing can be sent.
    pub fn exchange(
        &self,
        by_proxy: bool,
        request: &str,
        signal: AbortSignal,
        answered: Function,
    ) -> bool {
        let Some(request) = request_said(request) else { return false };
        let (transport, proxy) = if by_proxy {
            (Transport::Proxy, Some(self.0.proxy()))
        } else {
            (Transport::Direct, None)
        };
        calls::besides(proxy, Call::besides(transport, request), signal, move |answer| {
            // The script's own function resolves a promise, which can't fail.
            let _resolved = answered.call1(&JsValue::NULL, &answer.to_json().into());
        });
        true
    }
}

fn watch_for_panics(host: &Host) {
    WITNESS.with(|witness| {
        // Only the first worker of a module is told: there is one.
        let _taken = witness.set(host.clone());
    });
    std::panic::set_hook(Box::new(|panic| {
        WITNESS.with(|witness| {
            if let Some(host) = witness.get() {
                host.crash(&panic.to_string());
            }
        });
    }));
}
