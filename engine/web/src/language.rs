//! The language of chains, which is a wasm module of its own. Knows nothing of it: the module is loaded
//! when the first chain has to be read, and asked by texts.
//!
//! Where to start: [`ChainLanguage::load`].

use std::cell::RefCell;

use baton_engine::chain::{Ask, Silence};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::Host;
use crate::browser::words;

#[wasm_bindgen]
extern "C" {
    /// The module, as `baton_verify.js` exports it.
    #[derive(Clone, Debug)]
    pub type Verify;
    #[wasm_bindgen(method, catch)]
    fn answer(
        this: &Verify,
        question: &str,
        document: &str,
        body: &str,
    ) -> Result<JsValue, JsValue>;
}

/// The language of one worker's chains.
#[derive(Debug)]
pub struct ChainLanguage {
    host: Host,
    state: RefCell<State>,
}

#[derive(Clone, Debug)]
enum State {
    /// It was not loaded, or can't be asked any more: why.
    Away(String),
    There(Verify),
}

impl ChainLanguage {
    /// A language that is not loaded yet.
    pub fn new(host: Host) -> Self {
        Self {
            host,
            state: RefCell::new(State::Away(
                "the module that reads chains is not loaded yet".into(),
            )),
        }
    }

    /// Whether it can be asked.
    pub fn is_there(&self) -> bool {
        matches!(*self.state.borrow(), State::There(_))
    }

    /// Loads it, unless it is there. Each time anew when it could not be loaded.
    pub async fn load(&self) {
        if self.is_there() {
            return;
        }
        let loaded = match self.host.language() {
            Ok(loading) => JsFuture::from(loading).await,
            Err(thrown) => Err(thrown),
        };
        let state = match loaded {
            Ok(module) => State::There(module.unchecked_into()),
            Err(thrown) => {
                let why = words(&thrown);
                State::Away(["the module that reads chains could not be loaded: ", &why].concat())
            }
        };
        self.state.replace(state);
    }

    /// What it said as it ended: a trap, which leaves nothing to be trusted.
    fn trapped(&self, thrown: &JsValue) -> Silence {
        let why = ["the module that reads chains: ", &words(thrown)].concat();
        self.state.replace(State::Away(why.clone()));
        self.host.crash(&why);
        Silence(why)
    }
}

impl Ask for ChainLanguage {
    fn ask(&self, question: &str, document: &str, body: &str) -> Result<String, Silence> {
        let state = self.state.borrow().clone();
        let module = match state {
            State::There(module) => module,
            State::Away(why) => return Err(Silence(why)),
        };
        let said = module.answer(question, document, body);
        let said = said.map_err(|thrown| self.trapped(&thrown))?;
        said.as_string()
            .ok_or_else(|| Silence("the module that reads chains answered no text".into()))
    }
}
