//! A port to a real Web Worker, which carries messages as JSON texts.

use baton_engine::protocol::{Ask, Fatal, FromWorker, Said, ToWorker};
use wasm_bindgen::prelude::*;

use super::{Heard, Port, Receiver};

/// A worker and its two handlers; dropping it ends the worker.
pub struct WorkerPort {
    worker: web_sys::Worker,
    _on_message: Closure<dyn Fn(web_sys::MessageEvent)>,
    _on_error: Closure<dyn Fn(web_sys::Event)>,
}

impl WorkerPort {
    /// Takes over a worker that was just made.
    pub fn new(worker: web_sys::Worker, receiver: Receiver) -> Self {
        let errors = receiver.clone();
        let on_message =
            Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
                receiver(read(&event.data()));
            });
        let on_error = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            // An ErrorEvent has a message; a script that can't be loaded gives a bare Event.
            let message = js_sys::Reflect::get(&event, &"message".into()).ok();
            let message = message.and_then(|message| message.as_string()).unwrap_or_default();
            errors(Heard::Told(FromWorker::Fatal(Fatal::Crashed { message })));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Self { worker, _on_message: on_message, _on_error: on_error }
    }
}

/// A message of the worker; what is none is said as one.
fn read(message: &JsValue) -> Heard {
    let text = message.as_string().unwrap_or_default();
    if let Some(said) = Said::from_json(&text) {
        return Heard::Said(said);
    }
    Heard::Told(FromWorker::from_json(&text).unwrap_or_else(|error| {
        FromWorker::Fatal(Fatal::BadMessage { message: error.to_string() })
    }))
}

impl Port for WorkerPort {
    fn post(&self, message: &ToWorker) -> Result<(), String> {
        self.post_text(&message.to_json())
    }

    fn ask(&self, question: Ask) -> Result<(), String> {
        self.post_text(&question.to_json())
    }
}

impl WorkerPort {
    fn post_text(&self, text: &str) -> Result<(), String> {
        let text = JsValue::from_str(text);
        self.worker.post_message(&text).map_err(|error| crate::dom::words(&error))
    }
}

impl Drop for WorkerPort {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
