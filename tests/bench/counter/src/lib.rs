//! A button that counts how often it was pressed, with the library of our screens. What a page of ours takes beyond
//! this is our own.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Shows the counter.
#[wasm_bindgen(start)]
pub fn start() {
    mount_to_body(|| {
        let count = RwSignal::new(0);
        view! { <button on:click=move |_| count.update(|count| *count += 1)>{count}</button> }
    });
}
