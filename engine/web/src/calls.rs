//! The requests under way. Sends each by its transport, and gives it up when it is told to.
//!
//! Where to start: [`Calls::begin`].

use std::cell::RefCell;
use std::rc::Rc;

use baton_engine::id::CallId;
use baton_engine::protocol::{Answer, Call, Input, Transport};
use baton_engine::verify::Diagnosis;
use wasm_bindgen_futures::spawn_local;

use crate::browser::words;
use crate::clock::Clock;
use crate::demo::{DemoOutcome, DemoPipeline};
use crate::fetch::{AbortOnDrop, Network};

/// The requests under way. Dropping it gives all of them up.
#[derive(Debug)]
pub struct Calls {
    network: Rc<Network>,
    demo: Rc<DemoPipeline>,
    clock: Rc<Clock>,
    /// Few at any time: a list is smaller than a map, in memory and in code.
    open: Rc<RefCell<Vec<Open>>>,
}

#[derive(Debug)]
struct Open {
    call: CallId,
    _held: Held,
}

#[derive(Debug)]
enum Held {
    /// On the network; gives it up when it is dropped.
    Sent(#[expect(dead_code, reason = "held for its drop")] AbortOnDrop),
    /// With the demo, which can't be interrupted: an answer to nobody is dropped.
    Demo,
}

impl Calls {
    /// No requests; new ones go by `network` or `demo`.
    pub fn new(demo: DemoPipeline, clock: Rc<Clock>) -> Self {
        Self { network: Rc::default(), demo: Rc::new(demo), clock, open: Rc::default() }
    }

    /// Sends a request; `answered` gets its answer, unless it is given up before.
    pub fn begin(&self, call: Call, answered: impl FnOnce(Input) + 'static) {
        match call.transport {
            Transport::Direct => self.send(call, answered),
            Transport::Demo => self.ask_demo(call, answered),
        }
    }

    /// Gives a request up. One that was answered meanwhile is not known any more, which is fine.
    pub fn abort(&self, call: CallId) {
        drop(taken(&self.open, call));
    }

    /// Whether no request is under way.
    pub fn is_empty(&self) -> bool {
        self.open.borrow().is_empty()
    }

    fn send(&self, call: Call, answered: impl FnOnce(Input) + 'static) {
        let abort = match AbortOnDrop::new() {
            Ok(abort) => abort,
            Err(thrown) => {
                let diagnosis = Diagnosis::BadAddress { message: words(&thrown) };
                let answer = Answer::NoResponse(diagnosis);
                return answered(Input::Answered { call: call.call, answer, keep: None });
            }
        };
        let signal = abort.signal();
        self.hold(call.call, Held::Sent(abort));
        let network = Rc::clone(&self.network);
        self.spawn(call, answered, async move |call| {
            Some((network.exchange(call, &signal).await, None))
        });
    }

    fn ask_demo(&self, call: Call, answered: impl FnOnce(Input) + 'static) {
        self.hold(call.call, Held::Demo);
        let demo = Rc::clone(&self.demo);
        let now = self.clock.now().wall;
        self.spawn(call, answered, async move |call| match demo.exchange(call, now).await {
            DemoOutcome::Answered(answer, keep) => Some((answer, keep)),
            DemoOutcome::Hangs => None,
        });
    }

    fn hold(&self, call: CallId, held: Held) {
        self.open.borrow_mut().push(Open { call, _held: held });
    }

    /// Works on a call that is open already. Without an outcome it stays open until it is given up.
    fn spawn(
        &self,
        call: Call,
        answered: impl FnOnce(Input) + 'static,
        work: impl AsyncFnOnce(&Call) -> Option<(Answer, Option<String>)> + 'static,
    ) {
        let open = Rc::downgrade(&self.open);
        spawn_local(async move {
            let Some((answer, keep)) = work(&call).await else { return };
            let Some(open) = open.upgrade() else { return };
            if taken(&open, call.call).is_some() {
                answered(Input::Answered { call: call.call, answer, keep });
            }
        });
    }
}

/// Takes a call out, if it is under way; without a borrow, so that dropping it may do anything.
fn taken(open: &RefCell<Vec<Open>>, call: CallId) -> Option<Open> {
    let mut open = open.borrow_mut();
    let place = open.iter().position(|one| one.call == call)?;
    Some(open.swap_remove(place))
}
