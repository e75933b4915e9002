//! What unfolds below a button, and folds again when it is left.

use wasm_bindgen::JsCast;

use crate::dom;
use crate::el::{El, div, el};

/// A menu: a button, and what it unfolds to. Escape folds it too, as does leaving it.
pub fn menu(summary: El, items: El) -> El {
    let node = summary.node().clone();
    let menu = el("details").class("menu").child(summary).child(items);
    let menu_node = menu.node().clone();
    let close = move || {
        // An attribute that is not there is as good as removed.
        let _ = menu_node.remove_attribute("open");
    };
    let (left, menu_left) = (close.clone(), menu.node().clone());
    menu.on("focusout", move |event| {
        let next = dom::field(&event, "relatedTarget").dyn_into::<web_sys::Node>().ok();
        if !menu_left.contains(next.as_ref()) {
            left();
        }
    })
    .on("keydown", move |event| {
        let is_open = node.parent_element().is_some_and(|menu| menu.has_attribute("open"));
        if is_open && dom::field(&event, "key") == "Escape" {
            // It would lead back.
            event.stop_propagation();
            close();
            if let Some(summary) = node.dyn_ref::<web_sys::HtmlElement>() {
                // It takes the focus.
                let _ = summary.focus();
            }
        }
    })
}

/// The items of a menu.
pub fn menu_items() -> El {
    // It keeps the focus when what is between its items is pressed.
    div("menu-items").attr("tabindex", "-1")
}
