//! The screens of Baton. They read signals and write commands; they decide nothing.
//!
//! Where to start: [`mount`] is what the element's class in `www/` calls; [`state::State::apply`] is
//! the only writer of what is shown; [`link::Link`] talks to the worker; [`el`] makes elements; each
//! folder of [`features`] is a screen.
#![expect(clippy::needless_pass_by_value, reason = "what is drawn takes what it needs along")]

pub mod announce;
pub mod app;
pub mod body;
pub mod boot;
pub mod choices;
pub mod clock;
pub mod components;
pub mod dom;
pub mod el;
pub mod features;
pub mod handle;
pub mod json;
pub mod keys;
pub mod later;
pub mod link;
pub mod notices;
pub mod options;
pub mod route;
pub mod state;
pub mod status;
pub mod text;
pub mod ui;
pub mod when;

pub use boot::{Mounted, boot};
pub use handle::{Handle, mount};

#[cfg(target_family = "wasm")]
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

/// A third of the standard one's code, in what every page loads.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

// The tests beside the code run where the screens do.
#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
