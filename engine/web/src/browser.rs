//! The worker's global scope, and the few things of it that several files need. Decides nothing.

use std::pin::Pin;

use js_sys::{Error, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::WorkerGlobalScope;

/// The global scope that this module runs in.
pub(crate) fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The browser's own words for what it threw.
pub(crate) fn words(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<Error>() {
        // Not every one has a message.
        Some(error) if error.message().length() == 0 => error.name().into(),
        Some(error) => format!("{}: {}", error.name(), error.message()),
        None => thrown.as_string().unwrap_or_else(|| "unknown error".to_owned()),
    }
}

/// Begins a task. By one function: the library's own would be there once for each.
pub(crate) fn spawn(task: Pin<Box<dyn Future<Output = ()>>>) {
    spawn_local(task);
}

/// Waits until the tasks that the browser has queued by now had their turn.
pub(crate) async fn next_task() {
    let turn = Promise::new(&mut |resolve, _| {
        if scope().set_timeout_with_callback(&resolve).is_err() {
            // Without timers there is no turn to wait for.
            let _ignored = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    let _undefined = JsFuture::from(turn).await;
}

/// A number that differs each time.
pub(crate) fn random_seed() -> u64 {
    let mut bytes = [0; 8];
    let filled =
        scope().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    debug_assert!(filled.is_ok(), "every worker has crypto.getRandomValues");
    u64::from_le_bytes(bytes)
}
