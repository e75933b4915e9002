//! The requests under way. Sends each by its transport, and gives it up when it is told to.
//!
//! Where to start: [`Calls::begin`].

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::id::CallId;
use baton_engine::protocol::{Answer, Call, Input, Transport};
use baton_engine::time::Timestamp;
use baton_engine::verify::Diagnosis;
use web_sys::AbortSignal;

use crate::browser::{spawn, words};
use crate::clock::Clock;
use crate::demo::{DemoOutcome, DemoPipeline};
use crate::fetch::{AbortOnDrop, Network};
use crate::proxy::Proxy;

/// The requests under way. Dropping it gives all of them up.
#[derive(Debug)]
pub struct Calls {
    network: Rc<Network>,
    demo: Rc<DemoPipeline>,
    proxy: Rc<Proxy>,
    clock: Rc<Clock>,
    /// Few at any time: a list is smaller than a map, in memory and in code.
    open: Rc<RefCell<Vec<Open>>>,
}

#[derive(Debug)]
struct Open {
    call: CallId,
    /// The demo can't be interrupted: its answer to nobody is dropped.
    _abort: AbortOnDrop,
}

/// The way of one request.
enum Way {
    Network { network: Rc<Network>, signal: AbortSignal },
    Proxy { proxy: Rc<Proxy>, signal: AbortSignal },
    Demo { demo: Rc<DemoPipeline>, now: Timestamp },
}

impl Calls {
    /// No requests; new ones go to the network, by `proxy` or to `demo`.
    pub fn new(demo: DemoPipeline, proxy: Rc<Proxy>, clock: Rc<Clock>) -> Self {
        Self { network: Rc::default(), demo: Rc::new(demo), proxy, clock, open: Rc::default() }
    }

    /// Sends a request; `answered` gets its answer, unless it is given up before.
    pub fn begin(&self, call: Call, answered: impl FnOnce(Input) + 'static) {
        let abort = match AbortOnDrop::new() {
            Ok(abort) => abort,
            Err(thrown) => {
                let diagnosis = Diagnosis::BadAddress { message: words(&thrown) };
                let answer = Answer::NoResponse(diagnosis);
                return answered(Input::Answered { call: call.call, answer, keep: None });
            }
        };
        let way = self.way(call.transport, abort.signal());
        self.open.borrow_mut().push(Open { call: call.call, _abort: abort });
        let open = Rc::downgrade(&self.open);
        spawn(Box::pin(async move {
            // Without an outcome it stays open until it is given up.
            let Some((answer, keep)) = way.exchange(&call).await else { return };
            let taken = open.upgrade().and_then(|open| take(&open, call.call));
            if taken.is_some() {
                answered(Input::Answered { call: call.call, answer, keep });
            }
        }));
    }

    /// Gives a request up. One that was answered meanwhile is not known any more, which is fine.
    pub fn abort(&self, call: CallId) {
        drop(take(&self.open, call));
    }

    /// Whether no request is under way.
    pub fn is_empty(&self) -> bool {
        self.open.borrow().is_empty()
    }

    fn way(&self, transport: Transport, signal: AbortSignal) -> Way {
        match transport {
            Transport::Direct => Way::Network { network: Rc::clone(&self.network), signal },
            Transport::Proxy => Way::Proxy { proxy: Rc::clone(&self.proxy), signal },
            Transport::Demo => {
                Way::Demo { demo: Rc::clone(&self.demo), now: self.clock.now().wall }
            }
        }
    }
}

/// Sends a request that no engine waits for, for a stage that is tried. What comes back means nothing once
/// `signal` has given it up.
pub fn besides(
    proxy: Option<Rc<Proxy>>,
    call: Call,
    signal: AbortSignal,
    answered: impl FnOnce(Answer) + 'static,
) {
    let way = match proxy {
        Some(proxy) => Way::Proxy { proxy, signal },
        None => Way::Network { network: Rc::default(), signal },
    };
    spawn(Box::pin(async move {
        if let Some((answer, _)) = way.exchange(&call).await {
            answered(answer);
        }
    }));
}

impl Way {
    /// What came back, and what is to be kept; nothing when nothing ever will.
    async fn exchange(self, call: &Call) -> Option<(Answer, Option<String>)> {
        match self {
            Self::Network { network, signal } => {
                Some((network.exchange(call, &signal).await, None))
            }
            Self::Proxy { proxy, signal } => Some((proxy.exchange(call, &signal).await, None)),
            Self::Demo { demo, now } => match demo.exchange(call, now).await {
                DemoOutcome::Answered(answer, keep) => Some((answer, keep)),
                DemoOutcome::Hangs => None,
            },
        }
    }
}

/// Takes a call out, if it is under way. The borrow is over before the call is dropped.
fn take(open: &RefCell<Vec<Open>>, call: CallId) -> Option<Open> {
    let mut open = open.borrow_mut();
    let place = open.iter().position(|one| one.call == call)?;
    Some(open.swap_remove(place))
}
