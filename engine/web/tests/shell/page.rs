//! Stands in for a page: records what a worker posts, and waits for the next of it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use baton_engine::chain::{Linked, answer};
use baton_engine::protocol::{Clock, FromWorker, Start, Storage, ToWorker};
use baton_engine_web::Host;
use baton_engine_web::worker::Worker;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A queue that can be waited for.
pub(crate) struct Inbox<T> {
    items: RefCell<VecDeque<T>>,
    waiting: RefCell<Option<Function>>,
}

impl<T> Inbox<T> {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new(Self { items: RefCell::default(), waiting: RefCell::default() })
    }

    pub(crate) fn push(&self, item: T) {
        self.items.borrow_mut().push_back(item);
        if let Some(resolve) = self.waiting.take() {
            resolve.call0(&JsValue::UNDEFINED).unwrap();
        }
    }

    pub(crate) async fn next(&self) -> T {
        loop {
            let item = self.items.borrow_mut().pop_front();
            if let Some(item) = item {
                return item;
            }
            let more = Promise::new(&mut |resolve, _| {
                self.waiting.replace(Some(resolve));
            });
            JsFuture::from(more).await.unwrap();
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.borrow().is_empty()
    }
}

pub(crate) struct Page {
    pub(crate) host: Host,
    pub(crate) received: Rc<Inbox<FromWorker>>,
    _post: Closure<dyn Fn(JsValue)>,
    _answer: Option<Closure<Answer>>,
}

/// What the module of chains exports.
type Answer = dyn Fn(String, String, String) -> String;

impl Page {
    pub(crate) fn new() -> Self {
        let received = Inbox::new();
        let inbox = Rc::clone(&received);
        let post = Closure::new(move |message: JsValue| {
            let text = message.as_string().unwrap();
            inbox.push(FromWorker::from_json(&text).unwrap());
        });
        let host = Object::new();
        Reflect::set(&host, &"post".into(), post.as_ref()).unwrap();
        Self { host: host.unchecked_into(), received, _post: post, _answer: None }
    }

    /// Gives the page a function, written in JavaScript.
    pub(crate) fn with(self, name: &str, function: &str) -> Self {
        let function = js_sys::eval(&format!("({function})")).unwrap();
        Reflect::set(&self.host, &name.into(), &function).unwrap();
        self
    }

    /// Gives the page the language of chains, by what `make`, in JavaScript, makes of its function.
    pub(crate) fn with_language(self, make: &str) -> Self {
        let linked = Linked::default();
        let answer = Closure::<Answer>::new(move |question: String, document: String, body| {
            answer(&linked, &question, &document, body)
        });
        let make: Function = js_sys::eval(&format!("({make})")).unwrap().unchecked_into();
        let language = make.call1(&JsValue::UNDEFINED, answer.as_ref()).unwrap();
        Reflect::set(&self.host, &"language".into(), &language).unwrap();
        Self { _answer: Some(answer), ..self }
    }

    pub(crate) fn start(&self, start: Start) -> Rc<Worker> {
        let worker = Worker::new(self.host.clone());
        worker.receive(&written(&ToWorker::Start(start)));
        worker
    }

    pub(crate) async fn next(&self) -> FromWorker {
        self.received.next().await
    }
}

/// A message as a page would write it.
pub(crate) fn written(message: &ToWorker) -> JsValue {
    JsValue::from_str(&message.to_json())
}

pub(crate) fn test_start(name: &str, storage: Storage) -> Start {
    Start {
        name: name.into(),
        storage,
        clock: Clock::Test { start_ms: 1_000 },
        samples: Vec::new(),
        client: None,
    }
}

/// Lets all tasks run that wait for their turn now, without any time passing.
pub(crate) async fn turn() {
    let set_timeout: Function = js_sys::eval("setTimeout").unwrap().unchecked_into();
    let done = Promise::new(&mut |resolve, _| {
        set_timeout.call1(&JsValue::UNDEFINED, &resolve).unwrap();
    });
    JsFuture::from(done).await.unwrap();
}
