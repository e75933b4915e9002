//! The channel between the tabs of one namespace. Carries messages as they are, and leads nothing.
//!
//! The leader's worker posts every event; a follower's hands them to its page, and posts its page's
//! commands, which the leader takes as its own. A channel never hears itself.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// The channel of a namespace. Dropping it leaves.
#[derive(Debug)]
pub(crate) struct Tabs {
    channel: BroadcastChannel,
    _heard: Closure<dyn Fn(MessageEvent)>,
}

impl Tabs {
    /// Joins the channel `name`; `heard` gets what other tabs post.
    pub(crate) fn join(name: &str, heard: impl Fn(JsValue) + 'static) -> Result<Self, JsValue> {
        let channel = BroadcastChannel::new(name)?;
        let heard = Closure::new(move |message: MessageEvent| heard(message.data()));
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Ok(Self { channel, _heard: heard })
    }

    /// Posts a message to every other tab.
    pub(crate) fn post(&self, message: &JsValue) {
        // A text can be cloned: it throws only when the channel was left.
        let _undefined = self.channel.post_message(message);
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
