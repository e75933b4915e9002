//! A reason as it is read: what a diagnosis has in backticks, to be put into some other system, is code.

use baton_engine::protocol::Told;
use baton_engine::verify::Reason;

use crate::el::{El, el, react, span};

/// A reason's sentence, and how it is drawn.
#[derive(Default)]
pub struct Said {
    text: String,
    coded: bool,
}

impl Said {
    /// The sentence that was made of a reason.
    pub fn of(reason: &Told<Reason>, text: String) -> Self {
        // Of the others some quote values, whose backticks are their own.
        let coded = text.contains('`') && matches!(reason.read(), Ok(Reason::Network { .. }));
        Self { text, coded }
    }

    /// A diagnosis.
    pub fn diagnosis(text: String) -> Self {
        Self { text, coded: true }
    }
}

/// Keeps a reason up to date in a place that holds nothing else. Its text has the backticks still, unseen.
pub fn said(place: El, said: impl Fn() -> Said + 'static) -> El {
    let node = place.node().clone();
    let mut before = String::new();
    react(move || {
        let Said { text, coded } = said();
        if text == before {
            return;
        }
        node.set_text_content((!coded).then_some(&text));
        if coded {
            for (at, piece) in text.split('`').enumerate() {
                if at > 0 {
                    append(&node, &span("tick").text("`"));
                }
                append(&node, &el(if at % 2 == 1 { "code" } else { "span" }).text(piece));
            }
        }
        before = text;
    });
    place
}

fn append(node: &web_sys::Element, child: &El) {
    // A fresh element takes any child.
    let _ = node.append_child(child.node());
}
