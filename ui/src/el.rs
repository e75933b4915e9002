//! Elements of one type, drawn once and kept up to date by Leptos' effects.
//!
//! The `view!` macro makes a type for every element, and code for every type: the same three screens
//! were 286 kB of it, compressed, where the whole product may have 180. Here a closure is boxed, every
//! effect is of one type, and what did not change is not written. Whatever is made under an owner
//! (effects, listeners, children) goes with it.
//!
//! Text reaches the document as text nodes and attributes only; [`El::svg`] takes our own drawings.

use std::rc::Rc;

use leptos::prelude::{Owner, RenderEffect, StoredValue, untrack};

use crate::dom::{self, Listener};
use crate::state::places;

/// Words that follow the reader's language and the state.
pub type Words = Rc<dyn Fn() -> String>;

/// An element. A handle: clones are the same element.
#[derive(Clone)]
pub struct El(web_sys::Element);

/// An element with a tag.
///
/// # Panics
/// Without a document, or with a tag that is not a name: neither comes from outside.
pub fn el(tag: &str) -> El {
    #[expect(clippy::expect_used, reason = "a page has a document, and our tags are valid names")]
    let element = document().create_element(tag).expect("a valid tag");
    El(element)
}

/// An element with a tag and a class.
pub fn div(class: &str) -> El {
    el("div").class(class)
}

/// A span with a class.
pub fn span(class: &str) -> El {
    el("span").class(class)
}

fn document() -> web_sys::Document {
    #[expect(clippy::expect_used, reason = "the screens are only ever mounted in a page")]
    web_sys::window().and_then(|window| window.document()).expect("a document")
}

/// Runs now, and again whenever a signal that was read changes, as long as the current owner lives.
pub fn react(run: impl FnMut() + 'static) {
    react_boxed(Box::new(run));
}

fn react_boxed(mut run: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_: Option<()>| run());
    keep(effect);
}

/// Keeps a value until the current owner goes; it is dropped then, and so cancelled.
pub fn keep<T: 'static>(value: T) {
    let boxed: Box<dyn std::any::Any> = Box::new(value);
    StoredValue::new_local(boxed);
}

impl El {
    /// The element itself.
    pub fn node(&self) -> &web_sys::Element {
        &self.0
    }

    /// Sets an attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        write_attr(&self.0, name, Some(value));
        self
    }

    /// Sets the class.
    #[must_use]
    pub fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    /// Keeps an attribute up to date; None takes it off.
    #[must_use]
    pub fn live_attr(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        live_attr(self.0.clone(), name, Box::new(value));
        self
    }

    /// Keeps an attribute up to date.
    #[must_use]
    pub fn live_value(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        self.live_attr(name, move || Some(value()))
    }

    /// Keeps the element hidden as long as it is not wanted.
    #[must_use]
    pub fn shown_if(self, wanted: impl Fn() -> bool + 'static) -> Self {
        self.live_attr("hidden", move || (!wanted()).then(String::new))
    }

    /// Shows the element, or hides it.
    pub fn show(&self, shown: bool) {
        write_attr(&self.0, "hidden", (!shown).then_some(""));
    }

    /// Appends a text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        append(&self.0, &document().create_text_node(text));
        self
    }

    /// Appends a text that is kept up to date.
    #[must_use]
    pub fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        live_text(&self.0, Box::new(text));
        self
    }

    /// Draws one of our own figures inside: SVG in a box of the given width and height.
    #[must_use]
    pub fn svg(self, class: &str, width: usize, height: usize, figure: &str) -> Self {
        let drawing = format!(
            r#"<svg class="{class}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">{figure}</svg>"#
        );
        self.0.set_inner_html(&drawing);
        self
    }

    /// Appends a child.
    #[must_use]
    pub fn child(self, child: El) -> Self {
        append(&self.0, &child.0);
        self
    }

    /// Appends a child, if there is one.
    #[must_use]
    pub fn maybe(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Appends children.
    #[must_use]
    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, El::child)
    }

    /// Calls back with each event of this name.
    #[must_use]
    pub fn on(self, event: &'static str, back: impl Fn(web_sys::Event) + 'static) -> Self {
        keep(Listener::on(self.0.clone().into(), event, Box::new(back)));
        self
    }

    /// A place whose content follows a key: made anew when the key changes, left alone while it does
    /// not. What the making reads is not followed.
    #[must_use]
    pub fn switch(
        self,
        key: impl Fn() -> String + 'static,
        make: impl Fn(&str) -> Option<El> + 'static,
    ) -> Self {
        switch(&self.0, Box::new(key), Box::new(make));
        self
    }

    /// A place whose content is made anew whenever anything it read changes. For small parts.
    #[must_use]
    pub fn redraw(self, make: impl Fn() -> Option<El> + 'static) -> Self {
        redraw(&self.0, Box::new(make));
        self
    }

    /// Children that follow a list of keys: each is made once, and moved, not made again, when the
    /// order changes, so that it keeps the focus. They come last in their parent.
    #[must_use]
    pub fn each(
        self,
        keys: impl Fn() -> Vec<String> + 'static,
        make: impl Fn(&str) -> El + 'static,
    ) -> Self {
        each(self.0.clone(), Box::new(keys), Box::new(make));
        self
    }
}

fn append(parent: &web_sys::Node, child: &web_sys::Node) {
    // A fresh element takes any child; only a document or a cycle would refuse.
    let _ = parent.append_child(child);
}

fn write_attr(element: &web_sys::Element, name: &str, value: Option<&str>) {
    // Our names are valid, which is the only way for either to fail.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

fn live_attr(
    element: web_sys::Element,
    name: &'static str,
    value: Box<dyn Fn() -> Option<String>>,
) {
    let mut before: Option<Option<String>> = None;
    react_boxed(Box::new(move || {
        let now = value();
        if before.as_ref() != Some(&now) {
            write_attr(&element, name, now.as_deref());
            before = Some(now);
        }
    }));
}

fn live_text(parent: &web_sys::Element, text: Box<dyn Fn() -> String>) {
    let node = document().create_text_node("");
    append(parent, &node);
    let mut before = String::new();
    react_boxed(Box::new(move || {
        let now = text();
        if now != before {
            node.set_data(&now);
            before = now;
        }
    }));
}

/// A place in an element, held by a comment, with the child that is there now.
struct Place {
    anchor: web_sys::Comment,
    scope: Owner,
    shown: Option<(Owner, Option<El>)>,
}

impl Place {
    fn new(parent: &web_sys::Element) -> Self {
        let anchor = document().create_comment("");
        append(parent, &anchor);
        Self { anchor, scope: Owner::current().unwrap_or_default(), shown: None }
    }

    fn clear(&mut self) {
        if let Some((owner, child)) = self.shown.take() {
            if let Some(child) = child {
                child.0.remove();
            }
            owner.cleanup();
        }
    }

    fn put(&mut self, owner: Owner, child: Option<El>) {
        if let (Some(child), Some(parent)) = (&child, self.anchor.parent_node()) {
            // The anchor is a child of its own parent.
            let _ = parent.insert_before(&child.0, Some(&self.anchor));
        }
        self.shown = Some((owner, child));
    }
}

type Make = Box<dyn Fn(&str) -> Option<El>>;

fn switch(parent: &web_sys::Element, key: Box<dyn Fn() -> String>, make: Make) {
    let mut place = Place::new(parent);
    let mut before: Option<String> = None;
    react_boxed(Box::new(move || {
        let now = key();
        if before.as_ref() == Some(&now) {
            return;
        }
        place.clear();
        let owner = place.scope.child();
        let child = owner.with(|| untrack(|| make(&now)));
        place.put(owner, child);
        before = Some(now);
    }));
}

fn redraw(parent: &web_sys::Element, make: Box<dyn Fn() -> Option<El>>) {
    let mut place = Place::new(parent);
    react_boxed(Box::new(move || {
        place.clear();
        let owner = place.scope.child();
        let child = owner.with(&make);
        place.put(owner, child);
    }));
}

fn each(
    parent: web_sys::Element,
    keys: Box<dyn Fn() -> Vec<String>>,
    make: Box<dyn Fn(&str) -> El>,
) {
    let anchor = document().create_comment("");
    append(&parent, &anchor);
    let scope = Owner::current().unwrap_or_default();
    let mut shown: Vec<(String, Owner, El)> = Vec::new();
    react_boxed(Box::new(move || {
        let keys = keys();
        if shown.iter().map(|(key, ..)| key).eq(&keys) {
            return;
        }
        let before = std::mem::take(&mut shown);
        let known = places(before.iter().map(|(key, ..)| key.as_str()));
        let wanted = places(keys.iter().map(String::as_str));
        for (_, owner, child) in before.iter().filter(|(key, ..)| !wanted.contains_key(&**key)) {
            child.0.remove();
            owner.cleanup();
        }
        for key in &keys {
            let kept = known.get(key.as_str()).map(|place| before[*place].clone());
            shown.push(kept.unwrap_or_else(|| {
                let owner = scope.child();
                let child = owner.with(|| untrack(|| make(key)));
                (key.clone(), owner, child)
            }));
        }
        arrange(&parent, &anchor, &shown);
    }));
}

/// Puts the children in order with few moves, and gives back the focus that a move took.
fn arrange(parent: &web_sys::Element, anchor: &web_sys::Comment, children: &[(String, Owner, El)]) {
    let focused = dom::focused_in(parent);
    let mut next = anchor.next_element_sibling();
    for (_, _, child) in children {
        if next.as_ref() == Some(&child.0) {
            next = child.0.next_element_sibling();
            continue;
        }
        // The one that stands here went down the list: moving it alone leaves the others in place.
        let after = next.as_ref().and_then(web_sys::Element::next_element_sibling);
        if after.as_ref() == Some(&child.0)
            && let Some(stale) = next.take()
        {
            append(parent, &stale);
            next = child.0.next_element_sibling();
            continue;
        }
        let _ = parent.insert_before(&child.0, next.as_deref());
    }
    if let Some(focused) = focused {
        // Does nothing when it still has it.
        let _ = focused.focus();
    }
}
