//! The Web Lock that makes one worker of a namespace its leader. Knows nothing of engines.
//!
//! Where to start: [`Lock::request`]. web-sys keeps Web Locks behind a compiler flag that whoever
//! depends on us would have to repeat, hence the declarations here.

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, WorkerNavigator};

use crate::browser::{scope, spawn};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = WorkerNavigator)]
    type LockingNavigator;
    /// Undefined outside of a secure context.
    #[wasm_bindgen(method, getter)]
    fn locks(this: &LockingNavigator) -> Option<LockManager>;

    type LockManager;
    #[wasm_bindgen(method)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &LockOptions,
        granted: &Function,
    ) -> Promise;

    type LockOptions;
    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &LockOptions, signal: &AbortSignal);
    #[wasm_bindgen(method, setter)]
    fn set_steal(this: &LockOptions, steal: bool);
}

/// Web Locks are missing: the page is not in a secure context.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoLocks;

/// How a lock is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// After all who asked before.
    InTurn,
    /// Now, whoever holds it.
    Robbing,
}

/// What happens to a lock that was requested.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LockEvent {
    /// It is held now.
    Granted,
    /// It is not held any more, or never will be: it was stolen, or the browser refused it.
    Lost,
}

/// A lock that is waited for or held. Dropping it takes the request back, or releases the lock.
pub struct Lock {
    request: AbortController,
    release: Option<Function>,
    _granted: Closure<dyn Fn() -> Promise>,
    /// Upgraded by the task that watches for the loss: gone with the lock, and nothing is told then.
    _tell: Rc<dyn Fn(LockEvent)>,
}

impl Lock {
    /// Asks for the lock `name`, and tells what becomes of it.
    ///
    /// # Errors
    ///
    /// [`NoLocks`] outside of a secure context.
    pub fn request(
        name: &str,
        ask: Ask,
        tell: impl Fn(LockEvent) + 'static,
    ) -> Result<Self, NoLocks> {
        let locks =
            scope().navigator().unchecked_into::<LockingNavigator>().locks().ok_or(NoLocks)?;
        let request = AbortController::new().map_err(|_| NoLocks)?;
        let options = js_sys::Object::new().unchecked_into::<LockOptions>();
        match ask {
            Ask::InTurn => options.set_signal(&request.signal()),
            // It is granted at once, so that there is nothing to take back; both together are refused.
            Ask::Robbing => options.set_steal(true),
        }

        // The browser holds the lock for as long as this promise is open.
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let tell: Rc<dyn Fn(LockEvent)> = Rc::new(tell);
        let told = Rc::downgrade(&tell);
        let granted = Closure::new(move || {
            if let Some(tell) = told.upgrade() {
                tell(LockEvent::Granted);
            }
            held.clone()
        });
        let ended = locks.request(name, &options, granted.as_ref().unchecked_ref());
        watch(ended, &tell);
        Ok(Self { request, release, _granted: granted, _tell: tell })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.request.abort();
        if let Some(release) = &self.release {
            // A promise's own resolve function doesn't throw.
            let _undefined = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Tells of the loss when the request ends while its [`Lock`] is still there.
fn watch(ended: Promise, tell: &Rc<dyn Fn(LockEvent)>) {
    let told = Rc::downgrade(tell);
    spawn(Box::pin(async move {
        let _how = JsFuture::from(ended).await;
        if let Some(tell) = told.upgrade() {
            tell(LockEvent::Lost);
        }
    }));
}
